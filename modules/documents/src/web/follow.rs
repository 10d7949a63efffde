//! Following a document and leaving it again.

use crate::actions::{incoming, outgoing};
use crate::model::{Incoming, Outgoing};
use crate::rights::{IncomingRead, OutgoingRead};
use crate::store::follow as store;
use base::{Id, Result};
use kernel::{Raw, Reply, Routes, Writer};
use maud::{Markup, html};
use ui::ButtonKind;

/// The routes of following.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/documents/incoming/{id}/follow", follow_incoming).page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/unfollow", leave_incoming).page("/documents/incoming/{id}");
    r.post("/documents/outgoing/{id}/follow", follow_outgoing).page("/documents/outgoing/{id}");
    r.post("/documents/outgoing/{id}/unfollow", leave_outgoing).page("/documents/outgoing/{id}");
}

/// The button that follows a document, or leaves it. `page` is the document's own.
pub(crate) fn button<N>(cx: &Raw<'_>, (page, subject): (&str, Id<N>)) -> Result<Markup> {
    let (act, key) = if store::follows(cx, subject)? {
        ("unfollow", "documents.follow.button_leave")
    } else {
        ("follow", "documents.follow.button")
    };
    Ok(html! {
        form method="post" action={ (page) "/" (act) } {
            (ui::form_hidden(&cx.form_state()))
            (ui::button(cx.t(), ButtonKind::Quiet, key, ("", "")))
        }
    })
}

/// Why following is not entered in the log.
const OWN: &str = "whom a document interests is that person's own note";

fn follow_incoming(cx: &mut Writer<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    store::follow(cx, (document.id, document.agency))?;
    cx.record_nothing(OWN);
    cx.done_with("documents.follow.followed", incoming::path(document.id), &[], document.id)
}

fn leave_incoming(cx: &mut Writer<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    store::unfollow(cx, document.id)?;
    cx.record_nothing(OWN);
    cx.done_with("documents.follow.left", incoming::path(document.id), &[], document.id)
}

fn follow_outgoing(cx: &mut Writer<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    store::follow(cx, (document.id, document.agency))?;
    cx.record_nothing(OWN);
    cx.done_with("documents.follow.followed", outgoing::path(document.id), &[], document.id)
}

fn leave_outgoing(cx: &mut Writer<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    store::unfollow(cx, document.id)?;
    cx.record_nothing(OWN);
    cx.done_with("documents.follow.left", outgoing::path(document.id), &[], document.id)
}
