//! Asking colleagues for their opinion: ask, answer, put off, remind, close.

use crate::model::opinions::{Opinion, OpinionAnswer, Poll};
use crate::rights::{OpinionAsk, OpinionGive};
use crate::rules::opinions as rules;
use crate::store::opinions::{self as store, NewPoll};
use crate::store::reminders;
use base::{Error, Id, Instant, PersonId, Result};
use kernel::{Opened, Raw, Writer};
use platform::notify::{self, Say, note};
use platform::people;
use platform::tasks::{self, NewTask, Owner};

/// What a question is called in tasks and the audit log.
pub(crate) const KIND: &str = "poll";
/// The task of whoever is asked.
const TASK: &str = "documents.task.opinion";

/// The task of whoever asked, when the answer of an agency has come.
pub(crate) const TASK_CAME: &str = "documents.task.opinion_came";

/// The page of a question.
pub(crate) fn path(id: Id<Poll>) -> String {
    format!("/documents/opinions/{id}")
}

/// The actor and those they stand in for.
pub(crate) fn selves(cx: &Raw<'_>) -> Vec<PersonId> {
    let actor = cx.actor();
    actor.person.iter().chain(&actor.stands_for).copied().collect()
}

/// Puts a question to people of the agency; each has a task until the deadline.
pub(crate) fn ask(
    cx: &mut Writer<'_, OpinionAsk>,
    new: &NewPoll<'_>,
    asked: &[PersonId],
) -> Result<Opened<Poll>> {
    rules::ahead(new.due, cx.now())?;
    if asked.is_empty() {
        return Err(Error::field("people", "form.required"));
    }
    let holders = people::of_agency(cx, new.agency)?;
    let asked: Vec<_> = holders.into_iter().filter(|one| one.active && asked.contains(&one.person)).collect();
    if asked.is_empty() || asked.len() > rules::MOST {
        return Err(Error::field("people", "form.choose"));
    }
    let (person, name) = (cx.person()?, cx.actor().name.clone());
    let id = store::ask(cx, new, (person, &name))?;
    for (sort, one) in (0..).zip(&asked) {
        store::invite(cx, (new.agency, id, sort), (one.person, &one.name, &one.title))?;
        let task = NewTask {
            kind: TASK,
            subject: (KIND, id.uuid()),
            title: new.question,
            detail: &name,
            path: path(id),
            act_path: None,
            owner: Owner::Person(one.person, one.unit),
            lead: false,
            urgency: 0,
            due: Some(new.due),
        };
        tasks::give(cx, new.agency, &task)?;
    }
    let values = [("n", asked.len().to_string()), ("question", new.question.to_owned())];
    cx.record_noted("documents.opinions.act.asked", (KIND, id), new.agency, note(&values));
    cx.open::<Poll>(id)
}

/// Keeps what the actor says, for themselves or for whom they stand in. Until the question is closed it may be
/// said anew.
pub(crate) fn answer(
    cx: &mut Writer<'_, OpinionGive>,
    poll: &Opened<Poll>,
    (answer, words): (OpinionAnswer, &str),
) -> Result<()> {
    rules::answer(poll, (answer, words))?;
    let selves = selves(cx);
    let asked: Vec<Opinion> =
        store::of(cx, poll)?.into_iter().filter(|one| selves.contains(&one.person)).collect();
    let own = asked.first().ok_or(Error::Forbidden)?;
    let by = if cx.actor().person == Some(own.person) { String::new() } else { cx.actor().name.clone() };
    store::answer(cx, poll, own.person, (answer, words, &by))?;
    tasks::close_of_person(cx, (poll.id, own.person), TASK, "answered")?;
    let values = [("who", cx.actor().name.clone()), ("question", poll.question.clone())];
    let say = Say { key: "documents.opinions.notice.answered", values: &values, path: &path(poll.id) };
    notify::tell(cx, poll.agency, poll.asked_by, &say)?;
    cx.record("documents.opinions.act.answered", (KIND, poll.id), poll.agency);
    Ok(())
}

/// Puts the deadline off, and tells whoever has not answered.
pub(crate) fn extend(cx: &mut Writer<'_, OpinionAsk>, poll: &Opened<Poll>, due: Instant) -> Result<()> {
    rules::extend(poll, &selves(cx), (due, cx.now()))?;
    store::extend(cx, poll, due)?;
    tasks::put_off(cx, poll.id, TASK, due)?;
    let values = [("until", due.dmy_hhmm()), ("question", poll.question.clone())];
    for one in store::of(cx, poll)?.into_iter().filter(|one| one.said().is_none()) {
        let say = Say { key: "documents.opinions.notice.extended", values: &values, path: &path(poll.id) };
        notify::tell(cx, poll.agency, one.person, &say)?;
    }
    cx.record_noted("documents.opinions.act.extended", (KIND, poll.id), poll.agency, note(&values));
    Ok(())
}

/// Reminds everybody who has not answered; answers the numbers of the reminders.
pub(crate) fn remind(cx: &mut Writer<'_, OpinionAsk>, poll: &Opened<Poll>) -> Result<Vec<i64>> {
    rules::remind(poll, &selves(cx), cx.now())?;
    let by = cx.actor().name.clone();
    let mut numbers = Vec::new();
    for one in store::of(cx, poll)?.into_iter().filter(|one| one.said().is_none()) {
        let numbered = reminders::add(cx, (poll.agency, poll.id.uuid()), (one.person, "", &by))?;
        let values = [
            ("who", by.clone()),
            ("nth", numbered.nth.to_string()),
            ("number", numbered.number.to_string()),
            ("question", poll.question.clone()),
        ];
        let say = Say { key: "documents.opinions.notice.reminded", values: &values, path: &path(poll.id) };
        notify::tell(cx, poll.agency, one.person, &say)?;
        numbers.push(numbered.number);
    }
    let values = [("n", numbers.len().to_string())];
    cx.record_noted("documents.opinions.act.reminded", (KIND, poll.id), poll.agency, note(&values));
    Ok(numbers)
}

/// Closes a question with a conclusion; open tasks on it end.
pub(crate) fn close(cx: &mut Writer<'_, OpinionAsk>, poll: &Opened<Poll>, conclusion: &str) -> Result<()> {
    rules::close(poll, &selves(cx))?;
    let by = cx.actor().name.clone();
    store::close(cx, poll, (&by, conclusion))?;
    tasks::close_all(cx, poll.id, "closed")?;
    cx.record("documents.opinions.act.closed", (KIND, poll.id), poll.agency);
    Ok(())
}
