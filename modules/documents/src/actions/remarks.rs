//! Talking about the work on an incoming document.

use crate::actions::incoming::{KIND, path};
use crate::model::Incoming;
use crate::rights::{IncomingComment, IncomingRead};
use crate::rules::remarks as rules;
use crate::store::incoming::involved;
use crate::store::remarks as store;
use base::{PersonId, Result};
use kernel::{Opened, Permission, Writer};
use platform::notify::{self, Say, note};
use platform::{identity, people};

/// Says something: whoever works on the document, the heads of the units that do and whoever has said something before
/// hear of it, and whoever the words name, if they may see it. Answers the names of those who may not.
pub(crate) fn say(
    cx: &mut Writer<'_, IncomingComment>,
    document: &Opened<Incoming>,
    words: &str,
) -> Result<Vec<String>> {
    rules::say(document)?;
    let before = store::of(cx, document.id)?;
    let helpers = involved(cx, document)?;
    store::say(cx, document, words)?;
    cx.record_noted("documents.remarks.act.said", (KIND, document.id), document.agency, note(&[]));
    let holders: Vec<_> =
        people::of_agency(cx, document.agency)?.into_iter().filter(|one| one.active).collect();
    let grants = identity::grants(cx)?;
    let sees = |role: &str| grants.iter().any(|(of, right)| of == role && right == IncomingRead::ID);
    let values = [("symbol", document.symbol.clone()), ("who", cx.actor().name.clone())];
    let page = path(document.id);
    let (mut told, mut blind): (Vec<PersonId>, Vec<String>) = (Vec::new(), Vec::new());
    for one in rules::named(words, &holders) {
        if !sees(&one.role) {
            blind.push(one.name.clone());
            continue;
        }
        told.push(one.person);
        let say = Say { key: "documents.remarks.notice.named", values: &values, path: &page };
        notify::tell(cx, document.agency, one.person, &say)?;
    }
    let heads = holders.iter().filter(|one| {
        one.role == "head" && helpers.iter().any(|unit| unit.unit.is_some() && unit.unit == one.unit)
    });
    let helpers = helpers.iter().filter_map(|one| one.person);
    let spoken = before.iter().map(|one| one.person);
    let others = document.lead_person.into_iter().chain(helpers).chain(heads.map(|one| one.person));
    for person in others.chain(spoken) {
        let here = holders.iter().any(|one| one.person == person && sees(&one.role));
        if here && !told.contains(&person) {
            told.push(person);
            let say = Say { key: "documents.remarks.notice.said", values: &values, path: &page };
            notify::tell(cx, document.agency, person, &say)?;
        }
    }
    Ok(blind)
}
