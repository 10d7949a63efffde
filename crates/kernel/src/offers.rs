//! What the modules of a program offer each other: answers to questions, and acts on each other's pages. A module
//! that is not installed offers nothing, and whoever asked goes on without it.

use crate::actor::{Permission, Scope};
use crate::db::Database;
use crate::handle::{Raw, Reader, Writer};
use crate::module::{Module, Topic};
use crate::request::Context;
use base::{AgencyId, Error, Question, Refusal, Result};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

type Answer = Arc<dyn Fn(&dyn Database, &Context, &dyn Any) -> Result<Box<dyn Any>> + Send + Sync>;

/// Who answers a question, and under which right.
#[derive(Clone)]
pub struct Answerer {
    /// Name of the question.
    pub question: &'static str,
    /// The right the asker must hold; the answer reaches as far as it does.
    pub right: &'static str,
    run: Answer,
}

impl Answerer {
    pub(crate) fn new<P: Permission, Q: Question>(
        answer: fn(&Reader<'_, P>, &Q) -> Result<Q::Answer>,
    ) -> Answerer {
        let run: Answer = Arc::new(move |db, cx, question| {
            let question = question.downcast_ref::<Q>().ok_or_else(|| mismatch(Q::NAME))?;
            Ok(Box::new(answer(&Reader::new(db, cx), question)?))
        });
        Answerer { question: Q::NAME, right: P::ID, run }
    }
}

/// An act a module adds to pages of another: a link that names the thing the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Extra {
    /// What the pages show: `incoming`, `outgoing`.
    pub on: &'static str,
    /// Text key of the label.
    pub label: &'static str,
    /// Where it leads; the id of the thing is put after it.
    pub path: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// The right one needs to see it.
    pub right: &'static str,
}

/// What came back for a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<A> {
    /// The answer.
    Answered(A),
    /// No module of this program answers it.
    NotInstalled,
}

impl<A> Asked<A> {
    /// The answer, for an act that cannot do without.
    ///
    /// # Errors
    /// `Refused` when no module answers.
    pub fn or_refuse(self) -> Result<A> {
        match self {
            Asked::Answered(answer) => Ok(answer),
            Asked::NotInstalled => Err(Refusal::new("kernel.not_installed").into()),
        }
    }
}

/// What all modules offer.
#[derive(Default)]
pub struct Offers {
    answers: BTreeMap<&'static str, Answerer>,
    extras: Vec<Extra>,
    topics: Vec<(&'static str, Topic)>,
}

impl Offers {
    /// What these modules offer.
    pub fn of(modules: &[Module]) -> Offers {
        let answers = modules.iter().flat_map(|module| &module.answers);
        Offers {
            answers: answers.map(|answerer| (answerer.question, answerer.clone())).collect(),
            extras: modules.iter().flat_map(|module| module.extras.iter().copied()).collect(),
            topics: modules
                .iter()
                .flat_map(|module| module.help.iter().map(|topic| (module.name, *topic)))
                .collect(),
        }
    }
}

impl Raw<'_> {
    /// The pages of help of all modules, each with the module's name.
    pub fn topics(&self) -> &[(&'static str, Topic)] {
        let (_, cx) = self.parts();
        &cx.offers.topics
    }

    /// The acts other modules add to a page, if the actor may do them in this agency.
    pub fn extras(&self, on: &'static str, agency: AgencyId) -> Vec<Extra> {
        let (_, cx) = self.parts();
        let all = cx.offers.extras.iter().filter(|extra| extra.on == on);
        all.filter(|extra| cx.actor.reaches(extra.right, agency)).copied().collect()
    }
}

impl<P: Permission> Reader<'_, P> {
    /// Asks whichever module answers, under the actor's own right there.
    ///
    /// # Errors
    /// `Forbidden` when the actor lacks that right; what the answering module answers.
    pub fn ask<Q: Question>(&self, question: &Q) -> Result<Asked<Q::Answer>> {
        ask::<P, Q>(self, question)
    }
}

impl<P: Permission> Writer<'_, P> {
    /// Asks whichever module answers, under the actor's own right there, and enters in the audit log that data
    /// was shared, for `agency`.
    ///
    /// # Errors
    /// `Forbidden` when the actor lacks that right; what the answering module answers.
    pub fn ask<Q: Question>(&mut self, question: &Q, agency: AgencyId) -> Result<Asked<Q::Answer>> {
        let answer = ask::<P, Q>(self, question)?;
        if matches!(answer, Asked::Answered(_)) {
            let (kind, id) = question.subject();
            let note = serde_json::json!({ "question": Q::NAME });
            self.record_noted::<()>("kernel.act.shared", (kind, base::Id::of(id)), agency, note);
        }
        Ok(answer)
    }
}

/// The answer sees rows as far as the asker's right in the answering module reaches, and no further than that: not
/// as far as the right they ask from.
fn ask<P: Permission, Q: Question>(raw: &Raw<'_>, question: &Q) -> Result<Asked<Q::Answer>> {
    let (db, cx) = raw.parts();
    let Some(answerer) = cx.offers.answers.get(Q::NAME) else { return Ok(Asked::NotInstalled) };
    // Only a job is the system; a visitor is a person nobody knows.
    let scope = if P::ID == "system" { Some(Scope::Everything) } else { cx.actor.reach(answerer.right) };
    let scope = scope.ok_or(Error::Forbidden)?;
    let mut answer = None;
    db.within(&scope, &mut || {
        answer = Some((answerer.run)(db, cx, question)?);
        Ok(())
    })?;
    let answer = answer.and_then(|answer| answer.downcast::<Q::Answer>().ok());
    answer.map(|answer| Asked::Answered(*answer)).ok_or_else(|| mismatch(Q::NAME))
}

fn mismatch(name: &str) -> Error {
    Error::internal(format!("question {name}: asker and answerer mean different types"))
}
