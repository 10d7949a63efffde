//! What heads of units sign by order in an agency (Decree 30/2020, article 13.4).

use crate::rights::OutgoingApprove;
use crate::rules::types;
use crate::store::authority as store;
use base::Error;
use base::form::Form;
use kernel::{Reader, Reply, Routes, Writer};
use maud::html;
use platform::notify::note;

const PAGE: &str = "/documents/outgoing/by-order";

base::form! {
    /// The types that may be signed by order.
    pub(crate) struct ByOrderForm {
        types: Vec<String> = base::form::Field::many("documents.by_order.types").hint("documents.by_order.hint"),
    }
}

pub(crate) fn routes(r: &mut Routes) {
    r.get(PAGE, show);
    r.post(PAGE, save).form::<ByOrderForm>().page(PAGE);
}

fn show(cx: &Reader<'_, OutgoingApprove>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let kinds = types::on(cx.now().date());
    let options: Vec<ui::Choice<'_>> =
        kinds.iter().map(|kind| ui::Choice::new(&kind.code, &kind.name)).collect();
    let listed = store::by_order(cx, cx.agency()?)?.join(",");
    let fields = html! {
        (ui::error_summary(t, &state, ByOrderForm::FIELDS))
        (ui::field(t, ui::find_field::<ByOrderForm>("types"), &state, &listed, &options))
        (ui::acts(ui::submit(t, "documents.by_order.save", "ctrl+enter")))
    };
    let title = t.text("documents.by_order");
    let trail = [ui::Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" }];
    let body = html! {
        (ui::crumbs(t, &trail, title))
        (ui::head(title, html! { (t.text("documents.by_order.sub")) }, html! {}))
        (ui::card("by-order", t.text("documents.by_order.types"), html! {}, ui::form(t, &state, PAGE, fields)))
    };
    cx.page(title, body.into_string())
}

fn save(cx: &mut Writer<'_, OutgoingApprove>) -> Reply {
    let form: ByOrderForm = cx.form()?;
    let agency = cx.agency()?;
    let kinds = types::on(cx.now().date());
    if form.types.iter().any(|code| kinds.iter().all(|kind| kind.code != *code)) {
        return Err(Error::field("types", "form.choose"));
    }
    store::save_by_order(cx, agency, &form.types)?;
    let remark = [("remark", form.types.join(", "))];
    cx.record_noted("documents.act.by_order", ("agency", agency), agency, note(&remark));
    cx.done_with("documents.by_order.saved", PAGE, &[], agency)
}
