//! Asking other agencies for their opinion. They are asked by a document that was issued to them, and each answers by
//! one of its own: what counts between agencies is what was signed (Decree 30/2020, article 5), and no packet of the
//! exchange carries an opinion beside it. An answer is known by the document it names, so it counts by itself.

use crate::actions::opinions::{KIND, TASK_CAME, path, selves};
use crate::actions::outgoing::{begin, name_of, path as outgoing_path};
use crate::actions::recipients::Plan;
use crate::actions::reply::blank;
use crate::model::opinions::{OpinionAnswer, Poll};
use crate::model::{Incoming, Outgoing, RecipientStatus};
use crate::rights::{OpinionAsk, OutgoingDraft};
use crate::rules::opinions as rules;
use crate::rules::text::{cut, lower_first};
use crate::store::opinions::{self as polls, NewPoll};
use crate::store::outgoing::Origin;
use crate::store::polled::{self as store, Polled};
use crate::store::recipients;
use base::{Error, Id, Instant, Refusal, Result};
use contracts::Reference;
use kernel::{Opened, Permission, Writer};
use platform::notify::{self, Say, note};
use platform::organisations;
use platform::tasks::{self, NewTask, Owner};

/// Asks everybody an issued document went to.
pub(crate) fn ask(
    cx: &mut Writer<'_, OpinionAsk>,
    document: &Opened<Outgoing>,
    due: Instant,
) -> Result<Opened<Poll>> {
    rules::ahead(due, cx.now())?;
    let went = |status: RecipientStatus| {
        !matches!(status, RecipientStatus::Refused | RecipientStatus::Failed | RecipientStatus::Withdrawn)
    };
    let mut to = recipients::of(cx, document.id)?;
    to.retain(|one| one.replaced_by.is_none() && went(one.status));
    rules::ask_agencies(document, to.len(), store::open_of(cx, document.id)?.is_some())?;
    let subject = format!("{}: {}", document.symbol, document.subject);
    let page = outgoing_path(document.id);
    let new = NewPoll {
        agency: document.agency,
        subject: &subject,
        subject_path: &page,
        question: &document.subject,
        due,
    };
    let (person, name) = (cx.person()?, cx.actor().name.clone());
    let id = polls::ask(cx, &new, (person, &name))?;
    let poll = cx.open::<Poll>(id)?;
    for (sort, one) in (0..).zip(&to) {
        store::invite(cx, &poll, (one, sort))?;
    }
    let values = [("n", to.len().to_string()), ("question", document.subject.clone())];
    cx.record_noted("documents.polled.act.asked", (KIND, id), document.agency, note(&values));
    Ok(poll)
}

/// A document has come that may answer what this agency asked: it is counted, and whoever asked is to read it.
pub(crate) fn came<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    answers: &[Reference],
) -> Result<()> {
    for asked in answers {
        let from = (document.from_code.as_str(), asked.document_id.as_str());
        for (polled, poll) in store::waiting(cx, document.agency, from)? {
            store::came(cx, polled, document)?;
            let poll = cx.open::<Poll>(poll)?;
            read_it(cx, document, &poll)?;
        }
    }
    Ok(())
}

fn read_it<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    poll: &Opened<Poll>,
) -> Result<()> {
    let page = path(poll.id);
    let task = NewTask {
        kind: TASK_CAME,
        subject: (KIND, poll.id.uuid()),
        title: &poll.question,
        detail: &format!("{} · {}", document.symbol, document.from_name),
        path: page.clone(),
        act_path: None,
        owner: Owner::Person(poll.asked_by, None),
        lead: true,
        urgency: 0,
        due: Some(poll.due.max(cx.now().plus_days(1))),
    };
    tasks::give(cx, poll.agency, &task)?;
    let values = [
        ("who", document.from_name.clone()),
        ("symbol", document.symbol.clone()),
        ("question", poll.question.clone()),
    ];
    let say = Say { key: "documents.polled.notice.came", values: &values, path: &page };
    notify::tell(cx, poll.agency, poll.asked_by, &say)?;
    cx.record_noted("documents.polled.act.came", (KIND, poll.id), poll.agency, note(&values));
    Ok(())
}

/// Whoever asked notes what an agency says, as they read it in its answer or were told.
pub(crate) fn set(
    cx: &mut Writer<'_, OpinionAsk>,
    poll: &Opened<Poll>,
    (polled, answer, words): (Id<Polled>, OpinionAnswer, &str),
) -> Result<()> {
    rules::note(poll, &selves(cx), (answer, words))?;
    let all = store::of(cx, poll)?;
    let one = all.iter().find(|one| one.id == polled).ok_or_else(|| Error::field("polled", "form.choose"))?;
    let words = if words.is_empty() { one.words.as_str() } else { words };
    store::set(cx, poll, polled, (answer, words))?;
    let unread =
        |other: &&Polled| other.id != polled && other.incoming.is_some() && other.answered_by.is_empty();
    if all.iter().filter(unread).count() == 0 {
        tasks::close(cx, poll.id, TASK_CAME, "read")?;
    }
    let values = [("who", one.to_name.clone()), ("remark", words.to_owned())];
    cx.record_noted("documents.polled.act.set", (KIND, poll.id), poll.agency, note(&values));
    Ok(())
}

/// Drafts a letter that urges the agencies that have not answered: between agencies one reminds by a document.
pub(crate) fn urge(cx: &mut Writer<'_, OutgoingDraft>, poll: &Opened<Poll>) -> Result<Opened<Outgoing>> {
    rules::urge(poll, &selves(cx))?;
    let silent: Vec<Polled> = store::of(cx, poll)?.into_iter().filter(|one| one.answer.is_empty()).collect();
    let first = silent.first().ok_or_else(|| Refusal::new("documents.polled.refuse.all_answered"))?;
    let asked = cx.open::<Outgoing>(first.outgoing)?;
    let agency = organisations::agency(cx, poll.agency)?;
    let day = asked.promulgated.map(base::Date::long_vi).unwrap_or_default();
    let (symbol, subject, due) = (name_of(&asked), lower_first(&asked.subject), poll.due.dmy_hhmm());
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("type", &asked.type_name),
        ("symbol", &symbol),
        ("date", &day),
        ("subject", &subject),
        ("agency", &agency.name),
        ("due", &due),
    ];
    let mut text = blank(cx);
    text.subject = cut(&cx.t().fill("documents.polled.template.subject", &values), 500);
    text.body = cx.t().fill("documents.polled.template.body", &values);
    text.plan =
        Plan { agencies: silent.iter().map(|one| one.to_agency).collect(), groups: Vec::new() }.text();
    begin(cx, poll.agency, text, Origin::default())
}
