//! The decisions of the desk, without a database.

use base::{Date, Instant, PersonId, Refusal, text};
use std::fmt::Write;

/// Where a task stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Late, or urgent.
    Now,
    /// Due before the day ends.
    Today,
    /// Due on a later day.
    Day(Date),
    /// Due on no day.
    Open,
}

/// An urgent or a late task burns; the others stand under the day they are due.
pub(crate) fn section(urgency: i64, due: Option<Instant>, now: Instant) -> Section {
    match due {
        _ if urgency >= 1 => Section::Now,
        None => Section::Open,
        Some(due) if due <= now => Section::Now,
        Some(due) if due.date() == now.date() => Section::Today,
        Some(due) => Section::Day(due.date()),
    }
}

/// An act that takes several tasks of one kind at once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Kind of the tasks.
    pub(crate) kind: &'static str,
    /// Where the chosen ones are posted.
    pub(crate) path: &'static str,
    /// Text key of the button.
    pub(crate) label: &'static str,
    /// Text key of the button for whoever has a digital signature, and gives its PIN along with it.
    pub(crate) signing: Option<&'static str>,
}

/// Accepting twenty letters is three presses, and so is approving ten drafts (the click budgets of the records
/// clerk and of the leader).
const BATCHES: &[Batch] = &[
    Batch {
        kind: "documents.task.register",
        path: "/documents/incoming/accept-many",
        label: "desk.home.accept_all",
        signing: None,
    },
    Batch {
        kind: "documents.task.approve",
        path: "/documents/outgoing/approve-many",
        label: "desk.home.approve_all",
        signing: Some("desk.home.sign_all"),
    },
];

/// The act for many tasks of a kind, if there is one.
pub(crate) fn batch(kind: &str) -> Option<&'static Batch> {
    BATCHES.iter().find(|batch| batch.kind == kind)
}

/// A time somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Absence {
    /// Since.
    pub(crate) from: Instant,
    /// Until.
    pub(crate) until: Instant,
}

/// A stand-in is named again every year, so that a forgotten one does not hold rights for ever.
const LONGEST_DAYS: i64 = 366;

/// Whether `me` may name `to` for an absence beside those that are named already.
pub(crate) fn delegate(
    (me, to): (PersonId, PersonId),
    absence: Absence,
    others: &[Absence],
    now: Instant,
) -> Result<(), Refusal> {
    if me == to {
        return Err(Refusal::new("desk.delegation.refuse.self"));
    }
    if absence.until <= absence.from {
        return Err(Refusal::new("desk.delegation.refuse.order"));
    }
    if absence.until <= now {
        return Err(Refusal::new("desk.delegation.refuse.past"));
    }
    if absence.until > absence.from.plus_days(LONGEST_DAYS) {
        return Err(Refusal::new("desk.delegation.refuse.too_long").with("n", LONGEST_DAYS));
    }
    if let Some(other) = others.iter().find(|other| other.from < absence.until && absence.from < other.until)
    {
        return Err(Refusal::new("desk.delegation.refuse.overlap")
            .with("since", other.from.dmy_hhmm())
            .with("until", other.until.dmy_hhmm())
            .hint("desk.delegation.hint.end_first"));
    }
    Ok(())
}

/// What a search is limited to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// One kind of things; empty for all.
    pub(crate) kind: &'a str,
    /// Not before.
    pub(crate) from: Option<Date>,
    /// Not after.
    pub(crate) to: Option<Date>,
}

impl Wanted<'_> {
    /// True when a thing of a kind and a date is wanted.
    pub(crate) fn takes(&self, kind: &str, dated: Date) -> bool {
        (self.kind.is_empty() || self.kind == kind)
            && self.from.is_none_or(|from| from <= dated)
            && self.to.is_none_or(|to| dated <= to)
    }
}

/// Searches one person may keep in an agency: each costs a look every quarter of an hour.
pub(crate) const KEPT_MOST: usize = 20;

/// Whether a search may be kept beside those that are.
pub(crate) fn keep(words: &str, others: usize) -> Result<(), Refusal> {
    if text::tokens(words).is_empty() {
        return Err(Refusal::new("desk.saved.refuse.no_words"));
    }
    if others >= KEPT_MOST {
        return Err(Refusal::new("desk.saved.refuse.many").with("n", KEPT_MOST).hint("desk.saved.hint.many"));
    }
    Ok(())
}

/// The end of the span of `minutes` a moment lies in, counted from midnight.
pub(crate) fn quarter_end(now: Instant, minutes: i64) -> Instant {
    let midnight = now.date().start();
    let passed = now.since(midnight) / (minutes * 60_000_000);
    midnight.plus_minutes((passed + 1) * minutes)
}

/// The address of a search.
pub(crate) fn search_path(words: &str, wanted: &Wanted<'_>) -> String {
    let mut path = format!("/search?q={}", encoded(words));
    let day = |date: Option<Date>| date.map(Date::iso).unwrap_or_default();
    let (from, to) = (day(wanted.from), day(wanted.to));
    for (name, value) in [("kind", wanted.kind), ("from", &from), ("to", &to)] {
        if !value.is_empty() {
            let _infallible = write!(path, "&{name}={}", encoded(value));
        }
    }
    path
}

/// A value of a query, as addresses carry it.
fn encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                let _infallible = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A text in pieces, each with whether it is a word that was searched for. Accents count only in a search
/// that was typed with accents.
pub(crate) fn highlight<'a>(shown: &'a str, words: &str) -> Vec<(bool, &'a str)> {
    let exact = text::has_marks(words);
    let form = |token: text::Token| if exact { token.exact } else { token.folded };
    let wanted: Vec<String> = text::tokens(words).into_iter().map(form).collect();
    let hit = |piece: &str| {
        text::tokens(piece)
            .into_iter()
            .map(form)
            .any(|token| wanted.iter().any(|word| token.starts_with(word)))
    };
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    let mut rest = shown;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        pieces.push((is_word && hit(piece), piece));
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    fn now() -> Instant {
        Instant::local(2017, 3, 14, 9, 42).expect("a moment")
    }

    fn person(n: u8) -> PersonId {
        Id::born(0, [n; 10])
    }

    fn days(from: i64, until: i64) -> Absence {
        Absence { from: now().plus_days(from), until: now().plus_days(until) }
    }

    fn refusal(absence: Absence, others: &[Absence]) -> Option<&'static str> {
        delegate((person(1), person(2)), absence, others, now()).err().map(|refusal| refusal.key)
    }

    #[test]
    fn an_urgent_letter_burns_whenever_it_is_due() {
        assert_eq!(section(1, Some(now().plus_days(3)), now()), Section::Now);
        assert_eq!(section(3, None, now()), Section::Now);
    }

    #[test]
    fn a_search_without_words_is_not_kept_and_neither_is_the_twenty_first() {
        let refused = |words, others| keep(words, others).err().map(|refusal| refusal.key);
        assert_eq!(refused("  / ", 0), Some("desk.saved.refuse.no_words"));
        assert_eq!(refused("đê điều", KEPT_MOST - 1), None);
        assert_eq!(refused("đê điều", KEPT_MOST), Some("desk.saved.refuse.many"));
    }

    #[test]
    fn quarters_of_an_hour_end_on_the_clock() {
        let at = |hour, minute| Instant::local(2017, 3, 14, hour, minute).expect("a moment");
        assert_eq!(quarter_end(at(9, 42), 15), at(9, 45));
        assert_eq!(quarter_end(at(9, 45), 15), at(10, 0));
        assert_eq!(quarter_end(at(23, 59), 15), at(0, 0).plus_days(1));
    }

    #[test]
    fn the_address_of_a_search_holds_all_it_is_limited_to() {
        let from = Date::new(2017, 3, 1);
        let wanted = Wanted { kind: "incoming", from, to: None };
        assert_eq!(
            search_path("đê & kè", &wanted),
            "/search?q=%C4%91%C3%AA+%26+k%C3%A8&kind=incoming&from=2017-03-01"
        );
    }

    #[test]
    fn a_late_task_burns_and_todays_waits_until_its_minute() {
        assert_eq!(section(0, Some(now()), now()), Section::Now);
        assert_eq!(section(0, Some(now().plus_minutes(1)), now()), Section::Today);
    }

    #[test]
    fn later_tasks_stand_under_their_day() {
        let friday = now().plus_days(3);
        assert_eq!(section(0, Some(friday), now()), Section::Day(friday.date()));
        assert_eq!(section(0, None, now()), Section::Open);
    }

    #[test]
    fn letters_are_accepted_and_drafts_approved_in_batches() {
        assert!(batch("documents.task.register").is_some());
        assert!(batch("documents.task.approve").is_some());
        assert!(batch("documents.task.direct").is_none());
    }

    #[test]
    fn nobody_stands_in_for_themselves() {
        let mine = delegate((person(1), person(1)), days(0, 3), &[], now());
        assert_eq!(mine.err().map(|refusal| refusal.key), Some("desk.delegation.refuse.self"));
    }

    #[test]
    fn an_absence_has_an_end_after_its_beginning_and_within_a_year() {
        assert_eq!(refusal(days(0, 3), &[]), None);
        assert_eq!(refusal(days(0, 366), &[]), None);
        assert_eq!(refusal(days(3, 3), &[]), Some("desk.delegation.refuse.order"));
        assert_eq!(refusal(days(-3, -1), &[]), Some("desk.delegation.refuse.past"));
        assert_eq!(refusal(days(0, 367), &[]), Some("desk.delegation.refuse.too_long"));
    }

    #[test]
    fn two_absences_may_touch_but_not_overlap() {
        assert_eq!(refusal(days(3, 5), &[days(0, 3)]), None);
        assert_eq!(refusal(days(2, 5), &[days(0, 3)]), Some("desk.delegation.refuse.overlap"));
        assert_eq!(refusal(days(1, 2), &[days(0, 3)]), Some("desk.delegation.refuse.overlap"));
    }

    #[test]
    fn a_search_is_limited_by_kind_and_days() {
        let day = now().date();
        let wanted = Wanted { kind: "incoming", from: Some(day), to: Some(day) };
        assert!(wanted.takes("incoming", day));
        assert!(!wanted.takes("outgoing", day));
        assert!(!wanted.takes("incoming", day.plus_days(-1)));
        assert!(!wanted.takes("incoming", day.plus_days(1)));
        assert!(Wanted::default().takes("outgoing", day));
    }

    #[test]
    fn searched_words_are_marked_with_and_without_accents() {
        let marks = |shown: &'static str, words: &str| -> Vec<&'static str> {
            highlight(shown, words).into_iter().filter(|(hit, _)| *hit).map(|(_, piece)| piece).collect()
        };
        assert_eq!(marks("Ứng phó mưa lớn", "mua lon"), ["mưa", "lớn"]);
        assert_eq!(marks("Ứng phó mưa, mùa lũ", "mưa"), ["mưa"]);
        assert_eq!(marks("742/BTTTT-THH", "742/BT"), ["742", "BTTTT"]);
        assert_eq!(marks("Ứng phó", ""), Vec::<&str>::new());
    }

    #[test]
    fn a_marked_text_is_still_the_whole_text() {
        let shown = "Số 742/BTTTT-THH, ngày 10/3.";
        let pieces: String = highlight(shown, "so 742").into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(pieces, shown);
    }
}
