//! How a draft becomes a document: content, form, approval, number.

use crate::demo::play::rows::Out;
use crate::demo::play::sessions::Session;
use crate::demo::play::{Act, Play};
use base::form::Input;
use base::{Instant, PersonId, Result};

/// The steps: the state a draft waits in, the address of the act, and when in the session it is done.
const STEPS: [(&str, &str, i64); 4] = [
    ("content_review", "approve-content", 25),
    ("format_review", "approve-format", 45),
    ("leader_review", "approve", 65),
    ("to_issue", "issue", 85),
];

impl Play {
    /// Drafts that were returned or begun earlier are handed in again.
    pub(crate) async fn resubmit(&mut self, session: &Session) -> Result<()> {
        let mut acts = Vec::new();
        for tenant in Play::tenants() {
            for row in self.outgoing(tenant, "drafting").await? {
                let code = self.code(tenant, row.agency).to_owned();
                if self.gets_round(session, &code) {
                    acts.extend(self.handing_in(tenant, &row, session.at(2)));
                }
            }
        }
        self.all(acts).await.map(drop)
    }

    /// A draft whose answers were due before it left is given up.
    fn handing_in(&self, tenant: &str, row: &Out, at: Instant) -> Option<Act> {
        let seat = self.seat_of(tenant, row.agency)?;
        let late = row.due.is_some_and(|due| due < at.date());
        let (word, input) = if late {
            ("void", Input::default().with("reason", &self.library.phrases.void))
        } else {
            ("submit", Input::default())
        };
        Some(seat.act(row.drafter, at, format!("/documents/outgoing/{}/{word}", row.id), input))
    }

    /// Everything that waits for somebody moves a step, as far as people get round to it.
    pub(crate) async fn approve_and_issue(&mut self, session: &Session) -> Result<()> {
        for (status, word, minute) in STEPS {
            let mut acts = Vec::new();
            for tenant in Play::tenants() {
                for row in self.outgoing(tenant, status).await? {
                    let code = self.code(tenant, row.agency).to_owned();
                    let sure = self.sure.contains(&row.id.to_string());
                    if sure || self.gets_round(session, &code) {
                        acts.extend(self.step(tenant, &row, (word, session.at(minute)), sure));
                    }
                }
            }
            self.all(acts).await?;
        }
        self.sure.clear();
        Ok(())
    }

    /// One step; now and then a head returns a draft with a remark.
    fn step(
        &mut self,
        tenant: &'static str,
        row: &Out,
        (word, at): (&str, Instant),
        sure: bool,
    ) -> Option<Act> {
        let returns = !sure && word == "approve-content" && self.dice.percent(8);
        let remark = self.dice.pick(&self.library.phrases.revise).cloned().unwrap_or_default();
        let person = self.hand(tenant, row, word)?;
        let seat = self.seat_of(tenant, row.agency)?;
        let (word, input) = if returns {
            ("return-content", Input::default().with("reason", remark))
        } else {
            (word, Input::default())
        };
        Some(seat.act(person, at, format!("/documents/outgoing/{}/{word}", row.id), input))
    }

    /// Who takes a step: the head of the unit, the clerk, the leader the draft names.
    pub(crate) fn hand(&self, tenant: &str, row: &Out, word: &str) -> Option<PersonId> {
        let seat = self.seat_of(tenant, row.agency)?;
        match word {
            "approve-content" => {
                let unit = row.unit?;
                let known = seat
                    .town
                    .units
                    .iter()
                    .find(|((code, _), id)| **id == unit && *code == seat.place.code)?;
                seat.person_in("head", &known.0.1)
            }
            "approve" => row.signer.or_else(|| seat.person("leader")),
            _ => seat.person("clerk"),
        }
    }
}
