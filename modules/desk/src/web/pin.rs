//! Another PIN for one's own digital signature.

use base::form::{Field, Form, Kind};
use base::{Error, Id, Result, WhileDoing};
use contracts::signing::{Repin, Work};
use kernel::{Raw, Reader, Reply, SignedIn, Writer};
use maud::html;
use platform::outside::Outside;
use platform::signers::{self, Signer};

const PAGE: &str = "/settings/pin";

base::form! {
    /// A new PIN in place of the old one.
    pub(crate) struct PinForm {
        old: Option<String> = Field::new(Kind::Password, "desk.pin.old").required().max(64),
        pin: Option<String> = Field::new(Kind::Password, "desk.pin.new").hint("desk.pin.new_hint").required().max(64),
        repeat: Option<String> = Field::new(Kind::Password, "desk.pin.repeat").required().max(64),
    }
}

/// The key is opened with the old PIN and sealed under the new one between two transactions.
pub(crate) const CHANGE: Outside<SignedIn> =
    Outside { plain: |_| Err(Error::NotFound), begin, prepare: |_, _| Err(Error::NotFound), finish };

/// The signature of whoever asks, where they are.
pub(crate) fn own(cx: &Raw<'_>) -> Result<Option<Signer>> {
    let Some(agency) = cx.actor().agency else { return Ok(None) };
    signers::of_person(cx, agency, cx.person()?)
}

/// The page.
pub(crate) fn show(cx: &Reader<'_, SignedIn>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let title = t.text("desk.pin");
    let form = |signer: &Signer| {
        let fields = html! {
            (ui::error_summary(t, &state, PinForm::FIELDS))
            @for field in PinForm::FIELDS { (ui::field(t, field, &state, "", &[])) }
            (ui::acts(ui::submit(t, "desk.pin.change", "ctrl+enter")))
        };
        html! {
            p.muted { (signer.subject) }
            @if signer.kind == "remote" { p { (t.text("desk.pin.remote")) } } @else { (ui::form(t, &state, PAGE, fields)) }
        }
    };
    let body = html! {
        (ui::crumbs(t, &[ui::Crumb { label: t.text("desk.settings"), href: "/settings" }], title))
        (ui::head(title, html! { (t.text("desk.pin.sub")) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        @match own(cx)? {
            Some(signer) => (ui::card("pin", title, html! {}, form(&signer))),
            None => (ui::empty(t.text("desk.pin.none"), t.text("desk.pin.none_text"), html! {})),
        }
    };
    cx.page(title, body.into_string())
}

fn begin(cx: &Reader<'_, SignedIn>) -> Result<Option<serde_json::Value>> {
    let form: PinForm = cx.form()?;
    let signer = own(cx)?.ok_or(Error::NotFound)?;
    let said = |value: Option<String>| value.unwrap_or_default();
    let (old, new, repeat) = (said(form.old), said(form.pin), said(form.repeat));
    for (name, value) in [("old", &old), ("pin", &new)] {
        if value.is_empty() {
            return Err(Error::field(name, "form.required"));
        }
    }
    if new != repeat {
        return Err(Error::field("repeat", "desk.pin.differs"));
    }
    let work = Work::Repin(Repin { signer: signer.id.uuid(), old, new });
    serde_json::to_value(work).while_doing("writing", "another PIN").map(Some)
}

fn finish(cx: &mut Writer<'_, SignedIn>, signer: uuid::Uuid, made: serde_json::Value) -> Reply {
    let signer = cx.open::<Signer>(Id::of(signer))?;
    if signer.person != cx.actor().person {
        return Err(Error::Forbidden);
    }
    let sealed: String = serde_json::from_value(made).while_doing("reading", "a sealed key")?;
    signers::repinned(cx, &signer, &sealed)?;
    cx.done_with("desk.pin.changed", "/settings", &[], signer.id)
}
