//! Following a document: whoever may see it hears when it moves on, and no longer once they may not see it.

use crate::actions::{incoming, outgoing};
use crate::model::{Incoming, Outgoing, OutgoingStatus};
use crate::rights::{IncomingRead, OutgoingRead};
use crate::store::follow as store;
use base::{AgencyId, Error, PersonId, Result, WhileDoing};
use kernel::{Opened, Permission, System, Writer, jobs};
use platform::identity;
use platform::notify::{self, Say};
use serde::{Deserialize, Serialize};

/// The job that tells followers.
pub(crate) const JOB: &str = "documents.moved";

/// A document that has moved on.
#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    kind: String,
    subject: uuid::Uuid,
    agency: AgencyId,
    followers: Vec<PersonId>,
    symbol: String,
    title: String,
    path: String,
    status: String,
}

/// An incoming document has moved to where a status packet of this code says.
pub(crate) fn incoming_moved<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Incoming,
    code: &str,
) -> Result<()> {
    let status = match code {
        "02" => "returned",
        "03" => "registered",
        "04" if document.lead_person.is_some() => "assigned",
        "04" => "directed",
        "05" => "in_progress",
        "06" => "done",
        "15" => "recalled",
        _ => return Ok(()),
    };
    let moved = Moved {
        kind: incoming::KIND.to_owned(),
        subject: document.id.uuid(),
        agency: document.agency,
        followers: Vec::new(),
        symbol: document.symbol.clone(),
        title: document.subject.clone(),
        path: incoming::path(document.id),
        status: cx.text(&format!("documents.incoming.status.{status}")).to_owned(),
    };
    leave(cx, moved)
}

/// An outgoing document has moved on.
pub(crate) fn outgoing_moved<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
    status: OutgoingStatus,
) -> Result<()> {
    let moved = Moved {
        kind: outgoing::KIND.to_owned(),
        subject: document.id.uuid(),
        agency: document.agency,
        followers: Vec::new(),
        symbol: outgoing::name_of(document),
        title: document.subject.clone(),
        path: outgoing::path(document.id),
        status: cx.text(&format!("documents.outgoing.status.{}", status.word())).to_owned(),
    };
    leave(cx, moved)
}

/// Who follows is settled by the act; whether they may still see the document is looked at when they are told, and over
/// all agencies: that is a job's.
fn leave<P: Permission>(cx: &mut Writer<'_, P>, mut moved: Moved) -> Result<()> {
    moved.followers = store::followers(cx, moved.subject)?;
    moved.followers.retain(|person| cx.actor().person != Some(*person));
    if moved.followers.is_empty() {
        return Ok(());
    }
    let payload = serde_json::to_value(&moved).while_doing("writing", "a document that moved on")?;
    let key = cx.new_id::<Moved>().to_string();
    jobs::enqueue(cx, JOB, &key, &payload)
}

/// Tells everybody who followed a document when it moved, still does, and may see it now.
pub(crate) fn on_moved(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let moved: Moved =
        serde_json::from_value(payload.clone()).while_doing("reading", "a document that moved on")?;
    let right = if moved.kind == incoming::KIND { IncomingRead::ID } else { OutgoingRead::ID };
    let values = [
        ("symbol", moved.symbol.clone()),
        ("subject", moved.title.clone()),
        ("status", moved.status.clone()),
    ];
    let say = Say { key: "documents.follow.notice", values: &values, path: &moved.path };
    let still = store::followers(cx, moved.subject)?;
    for person in moved.followers.into_iter().filter(|person| still.contains(person)) {
        let actor = match identity::actor(cx, person) {
            // They hold no post any more.
            Err(Error::Forbidden) => continue,
            found => found?,
        };
        if let Some(home) = actor.agency.filter(|_| actor.reaches(right, moved.agency)) {
            notify::tell(cx, home, person, &say)?;
        }
    }
    cx.record_nothing("that somebody was told is no act; what moved is recorded by the act that moved it");
    Ok(())
}
