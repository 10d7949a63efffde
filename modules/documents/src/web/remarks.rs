//! The conversation about the work on an incoming document.

use crate::actions::incoming::path;
use crate::actions::remarks as actions;
use crate::model::Incoming;
use crate::rights::{IncomingComment, IncomingRead};
use crate::rules::remarks as rules;
use crate::store::remarks as store;
use crate::web::incoming_show::short_time;
use base::Result;
use base::form::{Field, Form};
use kernel::{Opened, Reader, Reply, Routes, Writer};
use maud::{Markup, html};
use ui::ButtonKind;

/// The route of the conversation.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/documents/incoming/{id}/comment", say).form::<RemarkForm>().page("/documents/incoming/{id}");
}

base::form! {
    /// Something said of a document.
    pub(crate) struct RemarkForm {
        words: String = Field::area("documents.remarks.field.words").hint("documents.remarks.hint.words").required().max(2000),
    }
}

/// What was said, and the field to say more.
pub(crate) fn card(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let said = store::of(cx, document.id)?;
    let may = cx.may_at::<IncomingComment>(document.agency) && rules::say(document).is_ok();
    if said.is_empty() && !may {
        return Ok(html! {});
    }
    // The page holds several forms; only this one has a field of this name.
    let wrong = state.errors.at("words").is_some();
    let form = html! {
        @if wrong { (ui::error_summary(t, &state, RemarkForm::FIELDS)) }
        (ui::field(t, ui::find_field::<RemarkForm>("words"), &state, "", &[]))
        (ui::acts(ui::button(t, ButtonKind::Plain, "documents.remarks.button", ("", ""))))
    };
    let body = html! {
        @for one in &said {
            div {
                p { b { (one.person_name) } " " span.muted { (one.post) " · " (short_time(one.at, cx.now())) } }
                p { @if one.words.is_empty() { span.muted { (t.text("documents.remarks.emptied")) } } @else { (one.words) } }
            }
        }
        @if may { (ui::form(t, &state, &format!("{}/comment", path(document.id)), form)) }
    };
    Ok(ui::card("remarks", t.text("documents.remarks.title"), html! {}, ui::stack(body)))
}

fn say(cx: &mut Writer<'_, IncomingComment>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: RemarkForm = cx.form()?;
    let blind = actions::say(cx, &document, form.words.trim())?;
    let to = path(document.id);
    if blind.is_empty() {
        return cx.done_with("documents.remarks.said", to, &[], document.id);
    }
    cx.done_with("documents.remarks.said_not_to", to, &[("names", blind.join(", "))], document.id)
}
