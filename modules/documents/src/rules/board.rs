//! What the board works out of deadlines, and when a reminder may be sent.

use crate::model::IncomingStatus;
use base::calendar::Calendar;
use base::{Date, Instant, Refusal, Result};

/// Weeks the board looks back.
pub(crate) const WEEKS: i64 = 8;
/// Working days ahead that count as soon.
const SOON_DAYS: u32 = 3;

/// The last day that is soon due.
pub(crate) fn soon(today: Date) -> Date {
    Calendar::vietnam().add_working_days(today, SOON_DAYS)
}

/// Ends of the last eight weeks, Sunday nights, and now; oldest first.
pub(crate) fn week_ends(now: Instant) -> Vec<Instant> {
    let monday = now.date().plus_days(1 - i64::from(now.date().weekday()));
    let mut ends: Vec<Instant> =
        (0..WEEKS - 1).rev().map(|weeks| monday.plus_days(-7 * weeks).start()).collect();
    ends.push(now);
    ends
}

/// How many deadlines were missed and not yet met at a moment.
pub(crate) fn late_at(missed: &[(Instant, Option<Instant>)], at: Instant) -> i64 {
    let late = missed.iter().filter(|(due, done)| *due < at && done.is_none_or(|done| done > at));
    i64::try_from(late.count()).unwrap_or(i64::MAX)
}

/// Days by which something due then is late now; at least one.
pub(crate) fn days_late(due: Date, today: Date) -> i64 {
    due.days_until(today).max(1)
}

/// A reminder is for somebody who answers for work that is late, and for the time people are at work.
pub(crate) fn remind(
    status: IncomingStatus,
    (due, has_person): (Option<Instant>, bool),
    now: Instant,
) -> Result<()> {
    if matches!(status, IncomingStatus::Done | IncomingStatus::Returned) {
        return Err(Refusal::new("documents.incoming.refuse.already_done").into());
    }
    if due.is_none_or(|due| due >= now) {
        return Err(Refusal::new("documents.remind.refuse.not_late").into());
    }
    if !has_person {
        return Err(Refusal::new("documents.remind.refuse.nobody")
            .hint("documents.remind.hint.assign")
            .into());
    }
    if !Calendar::vietnam().is_working_time(now) {
        return Err(Refusal::new("documents.remind.refuse.resting")
            .hint("documents.remind.hint.later")
            .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{late_at, remind, soon, week_ends};
    use crate::model::IncomingStatus as S;
    use base::{Date, Instant};

    fn at(month: u8, day: u8, hour: i8) -> Instant {
        Instant::local(2017, month, day, hour, 0).unwrap()
    }

    #[test]
    fn weeks_end_on_sunday_night_and_the_last_one_now() {
        let now = at(3, 14, 9);
        let ends = week_ends(now);
        assert_eq!((ends.len(), ends.last()), (8, Some(&now)));
        assert_eq!(ends[6].date().dmy(), "13/03/2017");
        assert_eq!(ends[0].date().dmy(), "30/01/2017");
    }

    #[test]
    fn a_deadline_is_late_from_its_moment_until_the_work_is_done() {
        let missed = [(at(3, 1, 17), Some(at(3, 6, 9))), (at(3, 8, 17), None)];
        assert_eq!(
            [at(3, 1, 9), at(3, 2, 9), at(3, 7, 9), at(3, 9, 9)].map(|at| late_at(&missed, at)),
            [0, 1, 0, 1]
        );
    }

    #[test]
    fn soon_counts_working_days() {
        // Friday; the weekend does not count.
        assert_eq!(soon(Date::new(2017, 3, 10).unwrap()), Date::new(2017, 3, 15).unwrap());
    }

    #[test]
    fn nobody_is_reminded_at_night_or_of_what_is_not_late() {
        let due = Some(at(3, 13, 17));
        assert!(remind(S::Assigned, (due, true), at(3, 14, 9)).is_ok());
        assert!(remind(S::Assigned, (due, true), at(3, 14, 22)).is_err());
        assert!(remind(S::Assigned, (due, false), at(3, 14, 9)).is_err());
        assert!(remind(S::Assigned, (Some(at(3, 15, 17)), true), at(3, 14, 9)).is_err());
        assert!(remind(S::Done, (due, true), at(3, 14, 9)).is_err());
    }
}
