//! The days on which the play works.

use base::Instant;
use base::calendar::Calendar;

/// How many working days the play goes back.
const BACK: i64 = 84;
/// The last so many of them are all played; of the earlier ones every fourth.
const NEAR: i64 = 8;
const STEP: i64 = 4;
/// Work of the last so many may still be undone.
const RECENT: i64 = 28;
/// The last session ends now, whatever the hour, and began so many minutes ago.
const LAST_MINUTES: i64 = 165;

/// One day of work, or the last hours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    base: Instant,
    /// Which one it is.
    pub(crate) nth: usize,
    /// True for the last weeks: some work of theirs is late by now.
    pub(crate) recent: bool,
    /// True for the last few days: something is left undone.
    pub(crate) near: bool,
    /// True for the last hours.
    pub(crate) last: bool,
}

impl Session {
    /// A moment of the session, in minutes from its beginning at 07:40. The last one is three times as fast.
    pub(crate) fn at(&self, minutes: i64) -> Instant {
        if self.last { self.base.plus_secs(minutes * 20) } else { self.base.plus_minutes(minutes) }
    }

    /// How many on an ordinary day, in the last few days, in the last hours.
    pub(crate) const fn pick(&self, usual: usize, near: usize, last: usize) -> usize {
        match (self.last, self.near) {
            (true, _) => last,
            (false, true) => near,
            (false, false) => usual,
        }
    }
}

/// Every session up to `now`, the earliest first.
pub(crate) fn sessions(now: Instant) -> Vec<Session> {
    let calendar = Calendar::vietnam();
    let last = now.plus_minutes(-LAST_MINUTES);
    let mut all = vec![Session { base: last, nth: 0, recent: true, near: true, last: true }];
    let (mut day, mut back) = (last.date(), 0);
    while back < BACK {
        day = day.plus_days(-1);
        if !calendar.is_working_day(day) {
            continue;
        }
        back += 1;
        if back <= NEAR || back % STEP == 0 {
            let (recent, near) = (back <= RECENT, back <= 3);
            all.push(Session { base: day.at(7, 40), nth: 0, recent, near, last: false });
        }
    }
    all.reverse();
    for (nth, session) in all.iter_mut().enumerate() {
        session.nth = nth;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_follow_one_another_and_end_now() {
        for hour in [0, 3, 9, 13, 23] {
            let now = Instant::local(2026, 11, 25, hour, 20).unwrap();
            let all = sessions(now);
            assert!(all.len() >= 25);
            for pair in all.windows(2) {
                assert!(pair[0].at(470) < pair[1].at(0), "{hour}: {pair:?}");
            }
            assert!(all.last().is_some_and(|last| last.last && last.at(470) < now));
        }
    }
}
