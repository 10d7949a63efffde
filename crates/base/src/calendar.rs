//! The working calendar of Viet Nam: which days are worked, and when a time limit ends.

use crate::error::{Result, WhileDoing};
use crate::time::{Date, Instant};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Days off and days worked, from `rules/holidays.toml`.
#[derive(Debug)]
pub struct Calendar {
    years: BTreeMap<i32, Source>,
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

/// On what the days of a year stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The law and the Government's notice.
    pub text: String,
    /// True when the text itself has not been read, only calendars that follow it: an operator is told so.
    pub secondary: bool,
}

/// One year of the rule file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    source: String,
    confidence: Option<String>,
    off: Vec<Date>,
    work: Vec<Date>,
}

/// Morning and afternoon, as (hour, minute) of beginning and end: 8 hours a day.
const SHIFTS: [((i8, i8), (i8, i8)); 2] = [((7, 30), (11, 30)), ((13, 30), (17, 30))];
const DAY_MICROS: i64 = 8 * 3_600_000_000;

#[expect(clippy::expect_used, reason = "the rule file is compiled in and every test run reads it")]
static VIETNAM: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::read(include_str!("../rules/holidays.toml")).expect("rules/holidays.toml"));

impl Calendar {
    /// The calendar of the state: Monday to Friday, less holidays, plus compensated working days.
    pub fn vietnam() -> &'static Calendar {
        &VIETNAM
    }

    /// True when offices work on this date. Years the calendar does not know have weekends only.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.work.contains(&date) || (date.weekday() <= 5 && !self.off.contains(&date))
    }

    /// True during office hours, 07:30–11:30 and 13:30–17:30 of a working day; the end is outside.
    pub fn is_working_time(&self, at: Instant) -> bool {
        self.is_working_day(at.date()) && shifts(at.date()).iter().any(|(from, to)| *from <= at && at < *to)
    }

    /// The first working day after this date.
    pub fn next_working_day(&self, date: Date) -> Date {
        self.add_working_days(date, 1)
    }

    /// The `n`th working day after `from`. The day itself does not count; `n` = 0 gives `from`.
    pub fn add_working_days(&self, from: Date, n: u32) -> Date {
        let mut date = from;
        let mut left = n;
        while left > 0 {
            let next = date.plus_days(1);
            if next == date {
                break; // The end of the calendar.
            }
            date = next;
            left -= u32::from(self.is_working_day(date));
        }
        date
    }

    /// Working days after `a` up to and including `b`; negative when `b` is earlier.
    pub fn working_days_between(&self, a: Date, b: Date) -> i64 {
        if b < a {
            return -self.working_days_between(b, a);
        }
        (1..=a.days_until(b)).map(|step| i64::from(self.is_working_day(a.plus_days(step)))).sum()
    }

    /// The date promised to a citizen: the day of receipt does not count, the limit ends with the
    /// `working_days`th working day after it (Civil Code 2015, articles 147 and 148).
    pub fn due_civil(&self, received: Instant, working_days: u32) -> Date {
        self.add_working_days(received.date(), working_days)
    }

    /// The internal limit of a step: a working day is 8 office hours counted from the minute of receipt.
    /// Time outside office hours does not count; a full last shift ends at its end, not next morning.
    pub fn due_hours(&self, received: Instant, working_days: u32) -> Instant {
        self.worked(received, i64::from(working_days).saturating_mul(DAY_MICROS))
    }

    /// The moment by which so many minutes have been worked since another. Time outside
    /// office hours does not count.
    pub fn due_minutes(&self, since: Instant, working_minutes: u32) -> Instant {
        self.worked(since, i64::from(working_minutes).saturating_mul(60_000_000))
    }

    fn worked(&self, received: Instant, micros: i64) -> Instant {
        let mut left = micros;
        let mut date = received.date();
        if left == 0 {
            return received;
        }
        loop {
            let worked = if self.is_working_day(date) { &shifts(date)[..] } else { &[] };
            for (from, to) in worked {
                let from = received.max(*from);
                let open = to.since(from).max(0);
                if left <= open {
                    return Instant::from_micros(from.micros() + left);
                }
                left -= open;
            }
            let next = date.plus_days(1);
            if next == date {
                return date.at(24, 0); // The end of the calendar.
            }
            date = next;
        }
    }

    /// The day by which a dossier received now must be passed on: the same working day, or the next one
    /// when it came after 15:00 or on a day off (Decree 61/2018/NĐ-CP, article 18, clause 2).
    pub fn due_same_day(&self, received: Instant) -> Date {
        let date = received.date();
        let today = self.is_working_day(date) && received <= date.at(15, 0);
        if today { date } else { self.next_working_day(date) }
    }

    /// True when the holidays of the year are in the calendar.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// On which law and notice the days off of a year stand.
    pub fn source(&self, year: i32) -> Option<&Source> {
        self.years.get(&year)
    }

    fn read(text: &str) -> Result<Calendar> {
        let file: BTreeMap<String, Year> = toml::from_str(text).while_doing("read", "calendar")?;
        let mut calendar = Calendar { years: BTreeMap::new(), off: BTreeSet::new(), work: BTreeSet::new() };
        for (name, year) in file {
            let number = name.parse().while_doing("read year", &name)?;
            let secondary = year.confidence.as_deref() == Some("secondary");
            calendar.years.insert(number, Source { text: year.source, secondary });
            calendar.off.extend(year.off);
            calendar.work.extend(year.work);
        }
        Ok(calendar)
    }
}

/// Beginning and end of the two shifts of a date.
fn shifts(date: Date) -> [(Instant, Instant); 2] {
    SHIFTS.map(|(from, to)| (date.at(from.0, from.1), date.at(to.0, to.1)))
}
