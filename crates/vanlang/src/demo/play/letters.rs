//! Who writes to whom on a day.

use crate::demo::data::{GOVERNMENT, PROVINCE, PROVINCE_CODE, Picture, Place};
use crate::demo::play::sessions::Session;
use crate::demo::play::{Act, Play, made};
use crate::demo::subjects::{Subject, Words};
use base::calendar::Calendar;
use base::form::Input;
use base::{Instant, Result};
use platform::organisations::Tier;
use std::sync::Arc;

/// Keys of groups of recipients.
type Groups = &'static [&'static str];

/// A letter about to be written.
pub(crate) struct Letter {
    /// Code of the writer.
    pub(crate) from: String,
    pub(crate) subject: Subject,
    /// Codes of single recipients.
    pub(crate) to: Vec<String>,
    /// Keys of groups of recipients.
    pub(crate) groups: Groups,
    /// How recipients are called in the text.
    pub(crate) called: String,
    pub(crate) submit: bool,
}

/// Sessions in which the province writes to everybody.
const TO_ALL: [usize; 3] = [5, 14, 24];

impl Play {
    /// Writes and submits the letters of a session. They leave today, whatever else is left undone.
    pub(crate) async fn write_letters(&mut self, session: &Session) -> Result<()> {
        let mut letters = self.letters_above(session);
        letters.extend(self.letters_of_the_province(session));
        letters.extend(self.letters_below(session));
        letters.extend(self.letters_to_the_commune(session));
        let ids = self.draft(letters, session.at(5)).await?;
        self.sure.extend(ids.into_iter().flatten());
        Ok(())
    }

    /// Drafts letters; answers their ids.
    pub(crate) async fn draft(&mut self, letters: Vec<Letter>, at: Instant) -> Result<Vec<Option<String>>> {
        let mut acts = Vec::with_capacity(letters.len());
        for (minute, letter) in (0..).zip(&letters) {
            acts.extend(self.drafting(letter, at.plus_secs(minute * 7)));
        }
        let replies = self.all(acts).await?;
        Ok(replies.iter().map(|reply| made(reply.as_ref())).collect())
    }

    fn drafting(&mut self, letter: &Letter, at: Instant) -> Option<Act> {
        let day = at.date();
        let about = self.about(&letter.subject, day);
        let pages = self.dice.between(1, 4);
        let choice = self.dice.below(10);
        let place = self.tree.place(&letter.from)?.clone();
        let unit = self.drafting_unit(&place, &letter.subject.field);
        let wants_answer = letter.subject.days > 0 && place.tier <= Tier::Province;
        let annex = self.annex_of(place.tenant?, wants_answer);
        let seat = self.seat(&place)?;
        let person = seat.person_in("officer", &unit).or_else(|| seat.person("officer"))?;
        let words = Words { who: &place.name, to: &letter.called, ..Words::default() };
        let body = self.library.body(&letter.subject, &words, day);
        let mut input = Input::default()
            .with("type_code", &letter.subject.kind)
            .with("subject", about)
            .with("body", body)
            .with("urgency", letter.subject.urgency)
            .with("pages", pages)
            .with("copies", 1)
            .with("to_places", format!("Như trên;\nLưu: VT, {unit}."));
        if letter.subject.days > 0 {
            input.push("due", Calendar::vietnam().add_working_days(day, letter.subject.days).iso());
        }
        let leaders = seat.people("leader");
        // The deputy signs most letters; where there is only one leader that one does.
        let signer = if choice < 6 { leaders.get(1).or(leaders.first()) } else { None };
        if let Some(signer) = signer {
            input.push("signer", signer.to_string());
        }
        if let Some(annex) = annex {
            input.push("files", annex);
        }
        for id in letter.to.iter().filter_map(|code| seat.town.agencies.get(code)) {
            input.push("to", id.to_string());
        }
        for group in letter.groups {
            input.push("groups", *group);
        }
        if letter.submit {
            input.push("act", "submit");
        }
        Some(seat.act(person, at, "/documents/outgoing".to_owned(), input))
    }

    /// The unit that writes on a field.
    fn drafting_unit(&mut self, place: &Place, field: &str) -> String {
        if place.kind == "ministry" {
            let units: Vec<String> = place.units.iter().skip(1).map(|(_, symbol)| symbol.clone()).collect();
            return self.dice.pick(&units).cloned().unwrap_or_default();
        }
        self.tree.unit_for(place, field).to_owned()
    }

    fn letters_above(&mut self, session: &Session) -> Vec<Letter> {
        let library = Arc::clone(&self.library);
        (0..session.pick(2, 4, 7))
            .filter_map(|_| self.turn("central", &library.central))
            .map(|subject| letter(&subject.by, subject, &[PROVINCE_CODE], "UBND tỉnh Phú Thọ"))
            .collect()
    }

    /// The next subject of a side, in turn, so that the same one comes back as late as possible.
    fn turn<'l>(&mut self, side: &'static str, subjects: &'l [Subject]) -> Option<&'l Subject> {
        let turn = self.turns.entry(side).or_default();
        *turn += 1;
        subjects.iter().cycle().nth(*turn % subjects.len().max(1))
    }

    fn letters_of_the_province(&mut self, session: &Session) -> Vec<Letter> {
        let library = Arc::clone(&self.library);
        let two_levels = self.tree.picture == Picture::TwoLevels;
        let below: Groups = if two_levels { &["communes"] } else { &["districts"] };
        let everybody: Groups =
            if two_levels { &["departments", "communes"] } else { &["districts", "communes"] };
        let rounds: &[Groups] = match session.nth {
            nth if TO_ALL.contains(&nth) => &[everybody],
            _ if session.last && two_levels => &[below],
            _ if session.last => &[below, below, &["communes"]],
            // Thirteen districts take more letters than a hundred and fifty communes.
            nth if nth % 4 == 0 || (nth % 2 == 0 && !two_levels) => &[below],
            _ => &[&["departments"]],
        };
        let mut letters = Vec::new();
        for groups in rounds {
            if let Some(subject) = self.turn("province", &library.province) {
                letters.push(Letter {
                    groups,
                    ..letter(PROVINCE_CODE, subject, &[], "các cơ quan, địa phương")
                });
            }
        }
        for nth in 0..session.pick(2, 2, 7) {
            let Some(subject) = self.turn("department", &library.department) else { continue };
            let Some(place) = self.tree.department_for(&subject.field) else { continue };
            let mut one = letter(&place.code, subject, &[PROVINCE_CODE], "UBND tỉnh Phú Thọ");
            if nth == 0 && session.nth.is_multiple_of(3) && subject.kind == "CV" {
                (one.to, one.groups, one.called) = (Vec::new(), below, "UBND các địa phương".to_owned());
            }
            letters.push(one);
        }
        letters
    }

    /// Where there is no district, departments write to the commune of the walk themselves.
    fn letters_to_the_commune(&mut self, session: &Session) -> Vec<Letter> {
        let library = Arc::clone(&self.library);
        let tree = Arc::clone(&self.tree);
        let Some(commune) = self.desks().last().and_then(|desk| tree.place(desk.code)) else {
            return Vec::new();
        };
        if tree.picture == Picture::FourLevels {
            return Vec::new();
        }
        (0..session.pick(0, 3, 8))
            .filter_map(|_| {
                let subject = self.turn("department", &library.department)?;
                let from = tree.department_for(&subject.field)?;
                Some(letter(&from.code, subject, &[&commune.code], &commune.name))
            })
            .collect()
    }

    /// Districts write up and down, communes write up.
    fn letters_below(&mut self, session: &Session) -> Vec<Letter> {
        let tree = Arc::clone(&self.tree);
        let of = |tier: Tier| -> Vec<&Place> {
            tree.agencies.iter().filter(|place| place.tier == tier && place.kind == "committee").collect()
        };
        let mut letters = Vec::new();
        for (nth, place) in of(Tier::District).into_iter().enumerate() {
            letters.extend(self.letters_of_a_district(place, nth, session));
        }
        let communes = of(Tier::Commune);
        for nth in 0..7 {
            let Some(place) = self.dice.pick(&communes).copied() else { continue };
            letters.extend(self.letter_of_a_commune(place, session.nth + nth * 3));
        }
        if session.last {
            let watched = |p: &&Place| p.parent.as_deref().is_some_and(|above| self.is_watched(above));
            for (nth, place) in communes.into_iter().filter(watched).take(10).enumerate() {
                letters.extend(self.letter_of_a_commune(place, nth * 2 + 1));
            }
        }
        letters
    }

    fn letters_of_a_district(&self, place: &Place, nth: usize, session: &Session) -> Vec<Letter> {
        let subjects = &self.library.district;
        let often = match (self.is_watched(&place.code), (session.nth + nth) % 11) {
            (true, _) => session.pick(1, 4, 8),
            (false, 0) => 1,
            (false, _) => 0,
        };
        let down = subjects.iter().filter(|subject| !is_upward(subject)).cycle();
        let mut letters: Vec<Letter> = down
            .skip(session.nth + nth * 2)
            .step_by(2)
            .take(often)
            .map(|subject| Letter {
                groups: &["communes"],
                ..letter(&place.code, subject, &[], "UBND các xã, thị trấn")
            })
            .collect();
        if (session.nth + nth) % 5 == 2 || (session.last && nth.is_multiple_of(2)) {
            let up = subjects.iter().filter(|subject| is_upward(subject)).cycle().nth(session.nth + nth);
            letters.extend(
                up.map(|subject| letter(&place.code, subject, &[PROVINCE_CODE], "UBND tỉnh Phú Thọ")),
            );
        }
        letters
    }

    fn letter_of_a_commune(&self, place: &Place, turn: usize) -> Option<Letter> {
        let subject = self.library.commune.iter().cycle().nth(turn)?;
        let above = self.tree.place(place.parent.as_deref()?)?;
        Some(letter(&place.code, subject, &[&above.code], &above.name))
    }

    /// Both tenants, the upper one first.
    pub(crate) const fn tenants() -> [&'static str; 2] {
        [GOVERNMENT, PROVINCE]
    }
}

/// A letter on a subject.
pub(crate) fn letter(from: &str, subject: &Subject, to: &[&str], called: &str) -> Letter {
    Letter {
        from: from.to_owned(),
        subject: subject.clone(),
        to: to.iter().map(|code| (*code).to_owned()).collect(),
        groups: &[],
        called: called.to_owned(),
        submit: true,
    }
}

fn is_upward(subject: &Subject) -> bool {
    matches!(subject.kind.as_str(), "BC" | "TTr")
}
