//! Time of the house: instants to the microsecond, civil dates, and the clock both come from.

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
// Viet Nam keeps UTC+7 all year, without a change since 1975: a constant is exact for every record here
// and needs no time zone database on the server.
const OFFSET: i64 = 7 * HOUR;

/// A moment, in microseconds since 1970-01-01 UTC. Shown and read on the clock of Viet Nam (UTC+7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(i64);

impl Instant {
    /// The moment `micros` microseconds after 1970-01-01 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Instant(micros)
    }

    /// Microseconds since 1970-01-01 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// A moment on the local clock; `None` when the date or the time does not exist.
    pub fn local(year: i32, month: u8, day: u8, hour: i8, minute: i8) -> Option<Instant> {
        let real = (0..24).contains(&hour) && (0..60).contains(&minute);
        Date::new(year, month, day).filter(|_| real).map(|date| date.at(hour, minute))
    }

    /// Reads RFC 3339, or `YYYY-MM-DDTHH:MM[:SS]` as local time (what a browser's date field sends).
    pub fn parse(text: &str) -> Option<Instant> {
        let text = text.trim();
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Instant(stamp.as_microsecond()));
        }
        let (date, time) = text.split_once('T')?;
        let date = Date::parse(date)?;
        let mut parts = time.split(':').map(|part| number(part, 2));
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        let real = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
        real.then(|| date.start().plus_hours(hour).plus_minutes(minute).plus_secs(second))
    }

    /// RFC 3339 with the local offset: `2017-03-14T09:42:00+07:00`; the fraction only when there is one.
    pub fn rfc3339(self) -> String {
        let mut out = String::with_capacity(32);
        self.push_rfc3339(&mut out);
        out
    }

    /// Writes [`Instant::rfc3339`] at the end of a text.
    #[expect(clippy::many_single_char_names, reason = "each is one letter of what is written")]
    pub fn push_rfc3339(self, out: &mut String) {
        let day = self.of_day();
        let [[a, b], [c, d], [e, f], [g, h]] = self.date().digits();
        let [[i, j], [k, l], [m, n]] = [day / HOUR, day % HOUR / MINUTE, day % MINUTE / SECOND].map(digits);
        push(out, &[a, b, c, d, b'-', e, f, b'-', g, h, b'T', i, j, b':', k, l, b':', m, n]);
        let micros = day % SECOND;
        if micros > 0 {
            let [[a, b], [c, d], [e, f]] = [micros / 10_000, micros / 100 % 100, micros % 100].map(digits);
            push(out, &[b'.', a, b, c, d, e, f]);
        }
        out.push_str("+07:00");
    }

    /// The local date.
    pub fn date(self) -> Date {
        EPOCH.plus_days(self.0.saturating_add(OFFSET).div_euclid(DAY))
    }

    /// The local year.
    pub fn year(self) -> i32 {
        self.date().year()
    }

    /// Hour (0–23) and minute (0–59) on the local clock.
    pub fn hour_minute(self) -> (i8, i8) {
        let minutes = self.of_day() / MINUTE;
        let small = |value: i64| i8::try_from(value).unwrap_or(0);
        (small(minutes / 60), small(minutes % 60))
    }

    /// The local time of day: `09:42`.
    pub fn hhmm(self) -> String {
        let (hour, minute) = self.hour_minute();
        let mut out = String::with_capacity(5);
        let [[a, b], [c, d]] = [hour, minute].map(|number| digits(number.into()));
        push(&mut out, &[a, b, b':', c, d]);
        out
    }

    /// Local time and date as Vietnamese pages write them: `09:42, 14/03/2017`.
    pub fn dmy_hhmm(self) -> String {
        self.hhmm() + ", " + &self.date().dmy()
    }

    /// Microseconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment moved by seconds.
    #[must_use]
    pub fn plus_secs(self, secs: i64) -> Self {
        self.plus(secs, SECOND)
    }

    /// This moment moved by minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus(minutes, MINUTE)
    }

    /// This moment moved by hours.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus(hours, HOUR)
    }

    /// This moment moved by days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus(days, DAY)
    }

    fn plus(self, count: i64, unit: i64) -> Self {
        Instant(self.0.saturating_add(count.saturating_mul(unit)))
    }

    /// Microseconds since local midnight.
    fn of_day(self) -> i64 {
        self.0.saturating_add(OFFSET).rem_euclid(DAY)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Instant::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("not a time: {text}")))
    }
}

const EPOCH: Date = Date(civil::Date::constant(1970, 1, 1));
const FIRST: Date = Date(civil::Date::constant(1, 1, 1));
const LAST: Date = Date(civil::Date::constant(9999, 12, 31));

/// A day of the civil calendar, years 1 to 9999. Arithmetic stops at the ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(civil::Date);

impl Date {
    /// The date, if it exists.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Date> {
        let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        civil::Date::new(year, month, day).ok().map(Date)
    }

    /// Reads `YYYY-MM-DD`, `YYYY/MM/DD` or `DD/MM/YYYY`; day and month may have one digit.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        let mark = if text.contains('-') { '-' } else { '/' };
        let mut parts = text.split(mark);
        let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
        let (year, day) = match (first.len(), last.len(), mark) {
            (4, 1 | 2, _) => (first, last),
            (1 | 2, 4, '/') => (last, first),
            _ => return None,
        };
        let small = |part| number(part, 2).and_then(|value| u8::try_from(value).ok());
        let year = i32::try_from(number(year, 4)?).ok()?;
        parts.next().is_none().then(|| Date::new(year, small(month)?, small(day)?)).flatten()
    }

    /// `2017-03-05`.
    #[expect(clippy::many_single_char_names, reason = "each is one letter of what is written")]
    pub fn iso(self) -> String {
        let mut out = String::with_capacity(10);
        let [[a, b], [c, d], [e, f], [g, h]] = self.digits();
        push(&mut out, &[a, b, c, d, b'-', e, f, b'-', g, h]);
        out
    }

    /// The digits of century, year, month and day.
    fn digits(self) -> [[u8; 2]; 4] {
        let year = i64::from(self.year());
        [year / 100, year % 100, self.month().into(), self.day().into()].map(digits)
    }

    /// `05/03/2017`.
    pub fn dmy(self) -> String {
        let mut out = String::with_capacity(10);
        self.push_dmy(&mut out);
        out
    }

    /// Writes [`Date::dmy`] at the end of a text.
    #[expect(clippy::many_single_char_names, reason = "each is one letter of what is written")]
    pub fn push_dmy(self, out: &mut String) {
        let [[a, b], [c, d], [e, f], [g, h]] = self.digits();
        push(out, &[g, h, b'/', e, f, b'/', a, b, c, d]);
    }

    /// `2017/03/05`, the form of edXML messages.
    pub fn slash(self) -> String {
        format!("{:04}/{:02}/{:02}", self.year(), self.month(), self.day())
    }

    /// `ngày 05 tháng 3 năm 2017`: days below 10 and months 1 and 2 take a zero
    /// (Decree 30/2020/NĐ-CP, annex I, part I, section II, item 4).
    pub fn long_vi(self) -> String {
        let month = match self.month() {
            month @ (1 | 2) => format!("0{month}"),
            month => month.to_string(),
        };
        format!("ngày {:02} tháng {month} năm {}", self.day(), self.year())
    }

    /// The year.
    pub fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// The day of the week: 1 is Monday, 7 is Sunday.
    pub fn weekday(self) -> u8 {
        self.0.weekday().to_monday_one_offset().unsigned_abs()
    }

    /// The text key of the weekday: `weekday.mon` to `weekday.sun`.
    pub fn weekday_key(self) -> &'static str {
        match self.weekday() {
            1 => "weekday.mon",
            2 => "weekday.tue",
            3 => "weekday.wed",
            4 => "weekday.thu",
            5 => "weekday.fri",
            6 => "weekday.sat",
            _ => "weekday.sun",
        }
    }

    /// The date `days` later (earlier when negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Date {
        // The widest step a span takes without panic; it is longer than the whole calendar.
        let days = days.clamp(-7_304_484, 7_304_484);
        let moved = self.0.saturating_add(jiff::Span::new().days(days));
        Date(moved).clamp(FIRST, LAST)
    }

    /// Days from this date to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Date) -> i64 {
        self.0.duration_until(other.0).as_hours() / 24
    }

    /// Local midnight at the beginning of the day.
    pub fn start(self) -> Instant {
        Instant(EPOCH.days_until(self) * DAY - OFFSET)
    }

    /// A time of this day on the local clock. `at(24, 0)` is the following midnight.
    pub fn at(self, hour: i8, minute: i8) -> Instant {
        self.start().plus_hours(hour.into()).plus_minutes(minute.into())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Date::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("not a date: {text}")))
    }
}

/// The two digits of a number. All come from a calendar: years have four, in two pairs, everything else two.
fn digits(number: i64) -> [u8; 2] {
    let number = u8::try_from(number).unwrap_or(0);
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// Writes digits and marks at once: a list has hundreds of dates, and letter by letter takes three times as long.
fn push(out: &mut String, letters: &[u8]) {
    out.push_str(std::str::from_utf8(letters).unwrap_or_default());
}

/// Digits only, at most `width` of them: signs and spaces do not belong in a date.
fn number(text: &str, width: usize) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= width && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// Where time comes from. The running system owns a [`SystemClock`], a test a [`FixedClock`].
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters the house")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A server whose clock stands before 1970 shows 1970: visible on every page, and harmless.
        let micros = since.map_or(0, |since| since.as_micros());
        Instant(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at `at`.
    pub const fn new(at: Instant) -> FixedClock {
        FixedClock(AtomicI64::new(at.0))
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: Instant) {
        self.0.store(at.0, Ordering::SeqCst);
    }

    /// Moves the clock forward by microseconds.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}
