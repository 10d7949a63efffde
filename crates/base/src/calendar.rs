//! The working calendar of Viet Nam: which days are worked, and when a time limit ends.

use crate::error::{Error, Result, WhileDoing};
use crate::time::{Date, Instant};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Days off and days worked, from `rules/holidays.toml`.
#[derive(Debug)]
pub struct Calendar {
    hours: BTreeMap<Date, Vec<Shift>>,
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

/// When offices work on a working day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    /// On what it stands.
    source: String,
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    valid_from: Date,
    shifts: Vec<Shift>,
}

/// Beginning and end, each hour and minute.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Shift {
    from: (i8, i8),
    to: (i8, i8),
}

/// The rule file: the hours, and the days of each year.
#[derive(Deserialize)]
struct File {
    office_hours: Vec<Hours>,
    #[serde(flatten)]
    years: BTreeMap<String, Year>,
}

/// A working day of a time limit: office hours are eight.
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

    /// True during office hours of a working day; the end of a shift is outside.
    pub fn is_working_time(&self, at: Instant) -> bool {
        let date = at.date();
        self.is_working_day(date) && self.shifts(date).any(|(from, to)| from <= at && at < to)
    }

    /// Beginning and end of the shifts of a date.
    fn shifts(&self, date: Date) -> impl Iterator<Item = (Instant, Instant)> {
        let hours = self.hours.range(..=date).next_back().map_or(&[][..], |(_, shifts)| shifts);
        hours.iter().map(move |Shift { from, to }| (date.at(from.0, from.1), date.at(to.0, to.1)))
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
            for (from, to) in self.shifts(date).filter(|_| self.is_working_day(date)) {
                let from = received.max(from);
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

    /// True when the holidays of the year are in the calendar.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// On which law and notice the days off of a year stand.
    pub fn source(&self, year: i32) -> Option<&Source> {
        self.years.get(&year)
    }

    fn read(text: &str) -> Result<Calendar> {
        let file: File = toml::from_str(text).while_doing("read", "calendar")?;
        let mut calendar = Calendar {
            hours: BTreeMap::new(),
            years: BTreeMap::new(),
            off: BTreeSet::new(),
            work: BTreeSet::new(),
        };
        for hours in file.office_hours {
            if hours.source.is_empty() {
                return Err(Error::internal("office hours without a source"));
            }
            calendar.hours.insert(hours.valid_from, hours.shifts);
        }
        for (name, year) in file.years {
            let number = name.parse().while_doing("read year", &name)?;
            let secondary = year.confidence.as_deref() == Some("secondary");
            calendar.years.insert(number, Source { text: year.source, secondary });
            calendar.off.extend(year.off);
            calendar.work.extend(year.work);
        }
        Ok(calendar)
    }
}
