//! What the registers are and what their columns hold (Decree 30/2020, Annex IV, forms I, VI and VIII). The
//! screen, the printed page and both exports are written from the same entries.

use crate::actions::{incoming, outgoing, secret};
use crate::model::secret::Secret;
use crate::model::{IncomingStatus, Outgoing, Source};
use crate::rights::{RegisterRead, RegisterReadSecret};
use crate::store::registers::{self as store, End, InEntry, OutEntry, Stretch};
use crate::store::secret as secrets;
use crate::web::incoming_list::status_text;
use crate::web::secret::level_text;
use base::{Date, Error, Id, Instant, Result, T};
use kernel::{Permission, Raw, Reader};
use platform::organisations::{self, Unit};

/// A register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    Incoming,
    Outgoing,
    Secret,
    FollowUp,
}

/// What a column holds: it decides how the column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Words.
    Words,
    /// A day, which does not break.
    Day,
    /// A whole number.
    Number,
    /// What the entry is: the link to its page.
    Name,
    /// Nothing: people sign here on paper.
    Hand,
}

/// A column: the key of its head and what it holds.
type Column = (&'static str, Holds);

impl Register {
    pub(crate) const ALL: [Register; 4] =
        [Register::Incoming, Register::Outgoing, Register::Secret, Register::FollowUp];

    /// The right one needs to read it.
    pub(crate) const fn right(self) -> &'static str {
        match self {
            Register::Incoming | Register::Outgoing | Register::FollowUp => RegisterRead::ID,
            Register::Secret => RegisterReadSecret::ID,
        }
    }

    /// Its page; the exports end in `.xlsx` and `.csv`.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Register::Incoming => "/documents/registers/incoming",
            Register::Outgoing => "/documents/registers/outgoing",
            Register::Secret => "/documents/registers/secret",
            Register::FollowUp => "/documents/registers/follow-up",
        }
    }

    /// Key of its title.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Register::Incoming => "documents.register.incoming",
            Register::Outgoing => "documents.register.outgoing",
            Register::Secret => "documents.register.secret",
            Register::FollowUp => "documents.register.follow_up",
        }
    }

    /// Key of the line under its title once it has numbers.
    pub(crate) const fn sub(self) -> &'static str {
        match self {
            Register::Secret => "documents.register.sub_secret",
            Register::Incoming | Register::Outgoing | Register::FollowUp => "documents.register.sub",
        }
    }

    /// Its columns, in the order of the form.
    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Register::Incoming => &[
                ("documents.register.column.arrived", Holds::Day),
                ("documents.register.column.arrival_number", Holds::Number),
                ("documents.register.column.author", Holds::Words),
                ("documents.register.column.symbol", Holds::Words),
                ("documents.register.column.promulgated", Holds::Day),
                ("documents.register.column.named", Holds::Name),
                ("documents.register.column.receiver", Holds::Words),
                ("documents.register.column.passed", Holds::Day),
                ("documents.register.column.signed_for", Holds::Hand),
                ("documents.register.column.remark", Holds::Words),
            ],
            Register::Outgoing | Register::Secret => &[
                ("documents.register.column.symbol", Holds::Words),
                ("documents.register.column.promulgated", Holds::Day),
                ("documents.register.column.named", Holds::Name),
                ("documents.register.column.signer", Holds::Words),
                ("documents.register.column.places", Holds::Words),
                ("documents.register.column.kept_by", Holds::Words),
                ("documents.register.column.copies", Holds::Number),
                ("documents.register.column.passed", Holds::Day),
                ("documents.register.column.signed_for", Holds::Hand),
                ("documents.register.column.remark", Holds::Words),
            ],
            Register::FollowUp => &[
                ("documents.register.column.arrival_number", Holds::Number),
                ("documents.register.column.document", Holds::Name),
                ("documents.register.column.receiver", Holds::Words),
                ("documents.register.column.due", Holds::Day),
                ("documents.register.column.progress", Holds::Words),
                ("documents.register.column.answer", Holds::Words),
                ("documents.register.column.remark", Holds::Words),
            ],
        }
    }
}

/// A line of a register: as many cells as it has columns.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) number: i64,
    /// The page of the document.
    pub(crate) href: String,
    pub(crate) cells: Vec<String>,
}

/// A register, open for reading.
pub(crate) struct Ledger<'a, 'd> {
    pub(crate) register: Register,
    cx: &'a Raw<'d>,
    units: Vec<Unit>,
}

impl<'a, 'd> Ledger<'a, 'd> {
    /// Opens a register under the right that it asks for, and under no other.
    pub(crate) fn open<P: Permission>(cx: &'a Reader<'d, P>, register: Register) -> Result<Ledger<'a, 'd>> {
        if register.right() != P::ID {
            return Err(Error::Forbidden);
        }
        let units = match register {
            Register::Outgoing | Register::Secret => organisations::units(cx, cx.agency()?)?,
            Register::Incoming | Register::FollowUp => Vec::new(),
        };
        Ok(Ledger { register, cx, units })
    }

    /// At most `limit` entries from one end of a stretch, in the order of their numbers.
    pub(crate) fn entries(&self, stretch: &Stretch, end: End, limit: i64) -> Result<Vec<Entry>> {
        let (cx, t, now) = (self.cx, self.cx.t(), self.cx.now());
        Ok(match self.register {
            Register::Incoming => {
                store::incoming(cx, stretch, end, limit)?.into_iter().map(|e| in_entry(t, e)).collect()
            }
            Register::FollowUp => {
                let found = store::incoming(cx, stretch, end, limit)?;
                found.into_iter().map(|e| follow_up_entry(t, now, e)).collect()
            }
            Register::Outgoing => {
                let found = store::outgoing(cx, stretch, end, limit)?;
                found.into_iter().map(|e| out_entry(t, &self.units, e)).collect()
            }
            Register::Secret => {
                let found = secrets::entries(cx, stretch, end, limit)?;
                found.into_iter().map(|e| secret_entry(t, &self.units, e)).collect()
            }
        })
    }

    /// The first year there is a register of.
    pub(crate) fn first_year(&self) -> Result<i64> {
        match self.register {
            Register::Incoming | Register::FollowUp => store::first_incoming_year(self.cx),
            Register::Outgoing => store::first_outgoing_year(self.cx),
            Register::Secret => secrets::first_year(self.cx),
        }
    }
}

fn in_entry(t: T, e: InEntry) -> Entry {
    let mut remarks = vec![urgency(t, e.urgency)];
    if e.source == Source::Paper {
        remarks.push(t.text("documents.register.on_paper").to_owned());
    }
    if e.source == Source::Mail {
        remarks.push(t.text("documents.letter.complete.by_mail").to_owned());
    }
    remarks.push(returned(t, &e));
    let cells = vec![
        e.arrived_at.date().dmy(),
        e.number.to_string(),
        e.from_name,
        e.symbol,
        e.promulgated.dmy(),
        named(&e.type_name, &e.subject),
        e.lead_name,
        day(e.directed_at.or(e.registered_at)),
        String::new(),
        joined(remarks),
    ];
    Entry { number: e.number, href: incoming::path(e.id), cells }
}

fn follow_up_entry(t: T, now: Instant, e: InEntry) -> Entry {
    let mut remarks = vec![urgency(t, e.urgency)];
    if e.handle_due.is_some_and(|due| e.done_at.unwrap_or(now) > due) {
        remarks.push(t.text("documents.register.late").to_owned());
    }
    remarks.push(returned(t, &e));
    let date = e.promulgated.dmy();
    let document = t.fill(
        "documents.register.document",
        &[("type", &e.type_name), ("symbol", &e.symbol), ("date", &date), ("from", &e.from_name)],
    );
    let cells = vec![
        e.number.to_string(),
        document,
        e.lead_name,
        day(e.handle_due),
        status_text(t, e.status),
        e.answer_symbol,
        joined(remarks),
    ];
    Entry { number: e.number, href: incoming::path(e.id), cells }
}

fn out_entry(t: T, units: &[Unit], e: OutEntry) -> Entry {
    let unit = units.iter().find(|unit| Some(unit.id) == e.unit);
    let cells = vec![
        e.symbol,
        e.promulgated.map(Date::dmy).unwrap_or_default(),
        named(&e.type_name, &e.subject),
        e.signer_name,
        places(t, &e.to_places, e.recipients),
        unit.map_or(e.drafter_name, |unit| unit.name.clone()),
        e.copies.to_string(),
        day(e.issued_at),
        String::new(),
        joined(vec![urgency(t, e.urgency), withdrawn(t, e.frozen_at, e.replaced_by)]),
    ];
    Entry { number: e.number, href: outgoing::path(e.id), cells }
}

/// The columns of the outgoing register, for a document whose text is on paper only. A voided number keeps its
/// line, and says why.
fn secret_entry(t: T, units: &[Unit], e: Secret) -> Entry {
    let unit = units.iter().find(|unit| Some(unit.id) == e.unit);
    let mut remarks = vec![level_text(t, e.level).to_owned()];
    if e.voided_at.is_some() {
        remarks.push(t.fill("documents.register.voided", &[("reason", &e.void_reason)]));
    }
    let cells = vec![
        e.symbol,
        e.promulgated.dmy(),
        named(&e.type_name, &e.subject),
        e.signer_name,
        places(t, &e.to_places, 0),
        unit.map_or(e.issued_by, |unit| unit.name.clone()),
        e.copies.to_string(),
        e.issued_at.date().dmy(),
        String::new(),
        joined(remarks),
    ];
    Entry { number: e.number, href: secret::path(e.id), cells }
}

fn day(at: Option<Instant>) -> String {
    at.map(|at| at.date().dmy()).unwrap_or_default()
}

/// Type and trích yếu as one phrase; the type alone where there is no trích yếu.
fn named(type_name: &str, subject: &str) -> String {
    if subject.is_empty() {
        return type_name.to_owned();
    }
    if subject.to_lowercase().starts_with(&type_name.to_lowercase()) {
        return subject.to_owned();
    }
    let mark = if subject.chars().next().is_some_and(char::is_uppercase) { ": " } else { " " };
    format!("{type_name}{mark}{subject}")
}

/// The word of an urgency; nothing for the normal one.
fn urgency(t: T, urgency: i64) -> String {
    match urgency {
        ..=0 => String::new(),
        urgency => t.text(&format!("documents.urgency.{}", urgency.min(4))).to_owned(),
    }
}

fn returned(t: T, e: &InEntry) -> String {
    match e.status {
        IncomingStatus::Returned => t.fill("documents.register.returned", &[("reason", &e.return_reason)]),
        IncomingStatus::Recalled => t.text("documents.register.recalled").to_owned(),
        IncomingStatus::Replaced => t.text("documents.register.replaced").to_owned(),
        _ => String::new(),
    }
}

/// What an issued document is no more: asked back, or replaced.
fn withdrawn(t: T, frozen: Option<Instant>, replaced: Option<Id<Outgoing>>) -> String {
    let key = match (frozen, replaced) {
        (Some(_), _) => "documents.register.frozen",
        (None, Some(_)) => "documents.register.replaced",
        (None, None) => return String::new(),
    };
    t.text(key).to_owned()
}

/// Where an outgoing document went. "Như trên" says no more than the count of recipients does, and the copy
/// that is kept ("Lưu") has its own column.
fn places(t: T, to_places: &str, recipients: i64) -> String {
    let ends = |c: char| c.is_whitespace() || "-;.".contains(c);
    let mut parts = Vec::new();
    if recipients > 0 {
        parts.push(t.count("documents.register.recipients", recipients));
    }
    for line in to_places.lines().map(|line| line.trim_matches(ends)) {
        let folded = base::text::fold(line);
        let repeats = recipients > 0 && folded.starts_with("nhu tren");
        if !repeats && folded.split([' ', ':']).next() != Some("luu") {
            parts.push(line.to_owned());
        }
    }
    joined(parts)
}

fn joined(mut parts: Vec<String>) -> String {
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Register, joined, named};

    #[test]
    fn the_forms_have_ten_ten_ten_and_seven_columns() {
        let columns = Register::ALL.map(|register| register.columns().len());
        assert_eq!(columns, [10, 10, 10, 7]);
    }

    #[test]
    fn type_and_subject_read_as_one_phrase() {
        assert_eq!(named("Công văn", "báo cáo tình hình"), "Công văn báo cáo tình hình");
        assert_eq!(named("Công văn", "Báo cáo tình hình"), "Công văn: Báo cáo tình hình");
        assert_eq!(named("Báo cáo", "Báo cáo tình hình"), "Báo cáo tình hình");
        assert_eq!(named("Báo cáo", ""), "Báo cáo");
    }

    #[test]
    fn remarks_stand_side_by_side() {
        assert_eq!(joined(vec![String::new(), "Khẩn".to_owned(), "Bản giấy".to_owned()]), "Khẩn; Bản giấy");
    }
}
