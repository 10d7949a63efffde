//! What happens to documents that came.

use crate::demo::data::{PROVINCE, PROVINCE_CODE, Picture};
use crate::demo::play::rows::In;
use crate::demo::play::sessions::Session;
use crate::demo::play::{Act, Play, Seat, made};
use crate::demo::subjects::Words;
use base::calendar::Calendar;
use base::form::Input;
use base::{Instant, Result};
use platform::organisations::Tier;

/// At most so many letters are sent back on a day.
const RETURNED: usize = 2;

/// How an officer ends work on a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Note,
    Answer,
    PassOn,
    Later,
}

impl Play {
    /// A letter on paper comes to the province now and then.
    pub(crate) async fn paper(&mut self, session: &Session) -> Result<()> {
        let library = std::sync::Arc::clone(&self.library);
        let Some(paper) = library.paper.iter().cycle().nth(session.nth) else { return Ok(()) };
        let number = self.dice.between(11, 890);
        let at = session.at(118);
        let Some(place) = self.tree.place(PROVINCE_CODE) else { return Ok(()) };
        let Some(seat) = self.seat(place) else { return Ok(()) };
        let Some(clerk) = seat.person("clerk") else { return Ok(()) };
        let input = Input::default()
            .with("from_name", &paper.from)
            .with("symbol", format!("{number}/{}", paper.symbol))
            .with("promulgated", at.date().plus_days(-2).iso())
            .with("type_name", &paper.kind)
            .with("subject", &paper.about)
            .with("urgency", 0)
            .with("pages", 2);
        let act = seat.act(clerk, at, "/documents/incoming".to_owned(), input);
        self.all(vec![act]).await.map(drop)
    }

    /// Clerks register what came, or send it back.
    pub(crate) async fn accept(&mut self, session: &Session) -> Result<()> {
        let (mut acts, mut returned) = (Vec::new(), 0);
        for tenant in Play::tenants() {
            for (nth, row) in (0_i64..).zip(self.incoming(tenant, "arrived").await?) {
                let code = self.code(tenant, row.agency).to_owned();
                // Nobody leaves an urgent letter to the next day.
                let urgent = row.urgency > 0 && !session.last;
                if !self.gets_round_to(session, &code, 55) && !urgent {
                    continue;
                }
                let back = returned < RETURNED && session.near && self.dice.percent(2);
                returned += usize::from(back);
                let reason = self.dice.pick(&self.library.phrases.send_back).cloned().unwrap_or_default();
                let at = session.at(125 + nth % 40);
                let Some(seat) = self.seat_of(tenant, row.agency) else { continue };
                let Some(clerk) = seat.person("clerk") else { continue };
                acts.push(if back {
                    let input = Input::default().with("reason", reason);
                    seat.act(clerk, at, format!("/documents/incoming/{}/return", row.id), input)
                } else {
                    seat.act(clerk, at, format!("/documents/incoming/{}/accept", row.id), Input::default())
                });
            }
        }
        self.all(acts).await?;
        self.server.pump(session.at(170)).await.map(drop)
    }

    /// Leaders say who does what; what is only to be known is filed by the clerk.
    pub(crate) async fn direct(&mut self, session: &Session) -> Result<()> {
        let mut acts = Vec::new();
        for tenant in Play::tenants() {
            for (nth, row) in (0_i64..).zip(self.incoming(tenant, "registered").await?) {
                let code = self.code(tenant, row.agency).to_owned();
                if self.gets_round_to(session, &code, 25) {
                    acts.extend(self.directing(tenant, &row, session.at(190 + nth % 60)));
                }
            }
        }
        self.all(acts).await?;
        self.server.pump(session.at(270)).await.map(drop)
    }

    fn directing(&mut self, tenant: &'static str, row: &In, at: Instant) -> Option<Act> {
        let field = self.field_of(&row.subject);
        let words = self.dice.pick(&self.library.phrases.direct).cloned()?;
        let note = self.dice.pick(&self.library.phrases.note).cloned()?;
        let (filed, helped, days) = (self.dice.percent(75), self.dice.percent(25), self.dice.between(3, 8));
        let chief = self.dice.percent(70);
        let seat = self.seat_of(tenant, row.agency)?;
        let small =
            matches!(seat.place.tier, Tier::District | Tier::Commune) && !self.is_watched(&seat.place.code);
        if small && filed && (row.due.is_none() || seat.place.tier == Tier::Commune) {
            let path = format!("/documents/incoming/{}/note", row.id);
            return Some(seat.act(seat.person("clerk")?, at, path, Input::default().with("note", note)));
        }
        let leaders = seat.people("leader");
        let leader = *leaders.get(usize::from(!chief)).or(leaders.first())?;
        let due = Calendar::vietnam().add_working_days(at.date(), u32::try_from(days).unwrap_or(5));
        let mut input = Input::default()
            .with("lead", self.lead(&seat, &field)?)
            .with("instruction", words)
            .with("due", due.iso());
        if helped && let Some(helper) = helper(&seat, &field, &self.tree) {
            input.push("with", helper);
        }
        Some(seat.act(leader, at, format!("/documents/incoming/{}/direct", row.id), input))
    }

    /// The unit that knows the field; in a small commune the one official.
    fn lead(&self, seat: &Seat<'_>, field: &str) -> Option<String> {
        if seat.staff.first("head").is_none() {
            return Some(format!("person:{}", seat.person("officer")?));
        }
        let symbol = self.tree.unit_for(seat.place, field).to_owned();
        let unit = seat.town.units.get(&(seat.place.code.clone(), symbol))?;
        Some(format!("unit:{unit}"))
    }

    /// Heads name the person who answers for it.
    pub(crate) async fn assign(&mut self, session: &Session) -> Result<()> {
        let mut acts = Vec::new();
        for tenant in Play::tenants() {
            for (nth, row) in (0_i64..).zip(self.incoming(tenant, "directed").await?) {
                let code = self.code(tenant, row.agency).to_owned();
                if !self.gets_round(session, &code) {
                    continue;
                }
                let second = self.dice.percent(35);
                let Some(seat) = self.seat_of(tenant, row.agency) else { continue };
                acts.extend(assigning(&seat, &row, (second, session.at(280 + nth % 40))));
            }
        }
        self.all(acts).await.map(drop)
    }

    /// Work begins.
    pub(crate) async fn begin(&mut self, session: &Session) -> Result<()> {
        let mut acts = Vec::new();
        for tenant in Play::tenants() {
            for (nth, row) in (0_i64..).zip(self.incoming(tenant, "assigned").await?) {
                let code = self.code(tenant, row.agency).to_owned();
                if !self.gets_round(session, &code) || self.dice.percent(20) {
                    continue;
                }
                let Some(person) = row.lead_person else { continue };
                let Some(seat) = self.seat_of(tenant, row.agency) else { continue };
                let path = format!("/documents/incoming/{}/begin", row.id);
                acts.push(seat.act(person, session.at(330 + nth % 30), path, Input::default()));
            }
        }
        self.all(acts).await?;
        self.server.pump(session.at(370)).await.map(drop)
    }

    /// Work ends with a note, an answer, or is passed on to those below; some of it takes longer.
    pub(crate) async fn close(&mut self, session: &Session) -> Result<()> {
        let (mut notes, mut replies) = (Vec::new(), Vec::new());
        for tenant in Play::tenants() {
            for (nth, row) in (0_i64..).zip(self.incoming(tenant, "in_progress").await?) {
                let at = session.at(380 + nth % 50);
                match self.end(tenant, &row, session) {
                    End::Later => {}
                    End::Note => notes.extend(self.noting(tenant, &row, at)),
                    End::Answer => {
                        self.answering.insert(row.id);
                        replies.extend(self.replying(tenant, &row, ("answer", at)));
                    }
                    End::PassOn => {
                        self.passed_on.insert(row.id);
                        replies.extend(self.replying(tenant, &row, ("forward", at)));
                    }
                }
            }
        }
        self.all(notes).await?;
        self.hand_in_replies(replies, session.at(435)).await
    }

    fn noting(&mut self, tenant: &'static str, row: &In, at: Instant) -> Option<Act> {
        let note = self.dice.pick(&self.library.phrases.note).cloned()?;
        let path = format!("/documents/incoming/{}/note", row.id);
        Some(self.seat_of(tenant, row.agency)?.act(
            row.lead_person?,
            at,
            path,
            Input::default().with("note", note),
        ))
    }

    /// The act that begins a reply, and what is then written in it.
    fn replying(&self, tenant: &'static str, row: &In, (word, at): (&str, Instant)) -> Option<(Act, Input)> {
        let seat = self.seat_of(tenant, row.agency)?;
        let from = self.tree.place(&row.from_code)?;
        let (two_levels, passes_on) = (self.tree.picture == Picture::TwoLevels, word == "forward");
        let below = if seat.place.tier == Tier::Province && !two_levels { "districts" } else { "communes" };
        let words = Words {
            who: &seat.place.name,
            to: if passes_on { "các đơn vị" } else { &from.name },
            symbol: &row.symbol,
            date: row.promulgated.dmy(),
            from: &from.name,
            subject: &row.subject,
        };
        let (about, body) = self.library.reply(word, &words, at.date());
        let mut text = Input::default()
            .with("type_code", "CV")
            .with("subject", about)
            .with("body", body)
            .with("urgency", 0)
            .with("pages", 2)
            .with("copies", 1)
            .with("to_places", "Như trên;\nLưu: VT.")
            .with("version", 1);
        if passes_on {
            text.push("groups", below);
            let due = row.due.map(|due| due.plus_days(-1).max(at.date().plus_days(1)));
            text.push("due", due.map(base::Date::iso).unwrap_or_default());
        } else {
            text.push("to", seat.town.agencies.get(&row.from_code)?.to_string());
        }
        let path = format!("/documents/incoming/{}/{word}", row.id);
        Some((seat.act(row.lead_person?, at, path, Input::default()), text))
    }

    /// Begins the replies, then writes and hands in each of them.
    async fn hand_in_replies(&mut self, replies: Vec<(Act, Input)>, at: Instant) -> Result<()> {
        let (begin, texts): (Vec<Act>, Vec<Input>) = replies.into_iter().unzip();
        let who: Vec<(&'static str, _, _)> =
            begin.iter().map(|act| (act.tenant, act.agency, act.person)).collect();
        let begun = self.all(begin).await?;
        let mut acts = Vec::new();
        for ((reply, input), (tenant, agency, person)) in begun.iter().zip(texts).zip(who) {
            let Some(id) = made(reply.as_ref()) else { continue };
            acts.push(Act {
                tenant,
                agency,
                person,
                at,
                path: format!("/documents/outgoing/{id}/submit"),
                input,
            });
        }
        self.all(acts).await.map(drop)
    }

    fn end(&mut self, tenant: &str, row: &In, session: &Session) -> End {
        let (today, of_ten) = (self.dice.percent(if session.last { 25 } else { 55 }), self.dice.below(10));
        let code = self.code(tenant, row.agency).to_owned();
        let Some(place) = self.tree.place(&code) else { return End::Later };
        let letters_above = self.tree.place(&row.from_code).is_some_and(|from| from.tier < place.tier);
        // Some work gets stuck and runs over its time.
        if session.recent && row.urgency == 0 && self.dice.percent(3) {
            self.stuck.insert(row.id);
        }
        let waits = self.stuck.contains(&row.id) || self.answering.contains(&row.id);
        if !today || waits || (session.last && self.is_watched(&code)) {
            return End::Later;
        }
        if tenant != PROVINCE || row.from_code.is_empty() {
            return End::Note;
        }
        let passes_on =
            place.kind == "committee" && place.tier != Tier::Commune && !self.passed_on.contains(&row.id);
        let often = match (letters_above, place.tier) {
            (true, Tier::Commune) => 2,
            (true, _) => 5,
            (false, _) => 1,
        };
        // A province passes a letter on to thirteen districts, a district to twenty communes, a province without
        // districts to a hundred and fifty: the more there are, the less often.
        let onward = match (place.tier, self.tree.picture) {
            (Tier::Province, Picture::FourLevels) => 3,
            _ => 1,
        };
        if of_ten < onward && letters_above && passes_on && session.nth.is_multiple_of(2) {
            return End::PassOn;
        }
        if of_ten < often && row.due.is_some() { End::Answer } else { End::Note }
    }
}

fn helper(seat: &Seat<'_>, field: &str, tree: &crate::demo::data::Tree) -> Option<String> {
    let lead = tree.unit_for(seat.place, field);
    let (_, symbol) = seat.place.units.iter().rev().find(|(_, symbol)| symbol != lead)?;
    let unit = seat.town.units.get(&(seat.place.code.clone(), symbol.clone()))?;
    Some(format!("unit:{unit}"))
}

fn assigning(seat: &Seat<'_>, row: &In, (second, at): (bool, Instant)) -> Option<Act> {
    let unit = row.lead_unit?;
    let symbol = seat.town.units.iter().find(|((code, _), id)| **id == unit && *code == seat.place.code)?;
    let symbol = &symbol.0.1;
    let at_unit = seat.place.units.iter().position(|(_, known)| known == symbol);
    let officers: Vec<_> = seat
        .staff
        .players
        .iter()
        .filter(|player| player.role == "officer" && player.unit == at_unit)
        .filter_map(|player| seat.town.people.get(&player.username))
        .collect();
    let officer = officers.get(usize::from(second)).or(officers.first())?;
    let head = seat.person_in("head", symbol)?;
    let input = Input::default().with("person", officer);
    Some(seat.act(head, at, format!("/documents/incoming/{}/assign", row.id), input))
}
