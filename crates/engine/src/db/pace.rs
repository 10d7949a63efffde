//! Where a page is read. A short reading is done where it is asked for: to give it to another thread and take its answer
//! back costs as much as the reading. Which pages are short is seen from their last readings.

use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

/// Nobody else on the thread notices a wait so short …
const SHORT: Duration = Duration::from_millis(1);
/// … and everybody one so long.
const LONG: Duration = Duration::from_millis(10);
/// From so many points on a page counts as quick; more than the most it never has.
const QUICK: i32 = 16;
const MOST: i32 = 32;
/// What a reading that was not short costs: one that was long costs all.
const LOST: i32 = 8;

/// How long the last readings of a page took, as points: one for each that was short.
#[derive(Debug, Default)]
pub(crate) struct Pace(AtomicI32);

impl Pace {
    pub(super) fn is_quick(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= QUICK
    }

    pub(super) fn note(&self, took: Duration) {
        let points = self.0.load(Ordering::Relaxed);
        let now = match took {
            _ if took <= SHORT => (points + 1).min(MOST),
            _ if took <= LONG => (points - LOST).max(0),
            _ => 0,
        };
        // Two that note at once: one of them is lost, which a guess can bear. Mostly there is nothing to note.
        if now != points {
            self.0.store(now, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Pace};

    #[test]
    fn a_page_is_quick_after_some_short_readings_and_until_a_long_one() {
        let (pace, short, long) = (Pace::default(), Duration::from_micros(200), Duration::from_millis(40));
        for _ in 0..15 {
            pace.note(short);
        }
        assert!(!pace.is_quick());
        pace.note(short);
        assert!(pace.is_quick());
        pace.note(long);
        assert!(!pace.is_quick());
    }

    #[test]
    fn a_page_that_is_slow_now_and_then_stays_quick_and_one_that_is_slow_often_does_not() {
        let (pace, short, middle) = (Pace::default(), Duration::from_micros(200), Duration::from_millis(2));
        for n in 0..100 {
            pace.note(if n % 20 == 19 { middle } else { short });
        }
        assert!(pace.is_quick());
        for n in 0..100 {
            pace.note(if n % 4 == 3 { middle } else { short });
        }
        assert!(!pace.is_quick());
    }
}
