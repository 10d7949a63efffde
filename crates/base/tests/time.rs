//! Dates and times as clerks write them and machines send them.

#![expect(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

use base::time::{Clock, FixedClock, SystemClock};
use base::{Date, Instant};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn a_date_is_read_in_the_three_forms_people_use() {
    let expected = Date::new(2017, 3, 5).unwrap();
    for text in ["2017-03-05", "05/03/2017", "5/3/2017", "2017/03/05", " 2017-03-05 "] {
        assert_eq!(Date::parse(text), Some(expected), "{text}");
    }
    for text in
        ["", "2017-02-30", "31/04/2017", "03/05/17", "5-3-2017", "2017-3-5-1", "+201-03-05", "2017/13/01"]
    {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

#[test]
fn a_date_is_written_as_each_reader_expects() {
    let day = date("2017-03-05");
    assert_eq!(day.iso(), "2017-03-05");
    assert_eq!(day.dmy(), "05/03/2017");
    assert_eq!(day.slash(), "2017/03/05");
    assert_eq!(day.weekday(), 7);
    assert_eq!(day.weekday_key(), "weekday.sun");
    assert_eq!(date("2017-03-06").weekday_key(), "weekday.mon");
    assert_eq!(day.plus_days(-5).iso(), "2017-02-28");
    assert_eq!(date("2016-02-28").days_until(date("2016-03-01")), 2);
}

#[test]
fn a_letter_carries_the_zeros_decree_30_asks_for() {
    assert_eq!(date("2017-03-05").long_vi(), "ngày 05 tháng 3 năm 2017");
    assert_eq!(date("2017-01-15").long_vi(), "ngày 15 tháng 01 năm 2017");
    assert_eq!(date("2017-02-09").long_vi(), "ngày 09 tháng 02 năm 2017");
    assert_eq!(date("2017-10-20").long_vi(), "ngày 20 tháng 10 năm 2017");
}

#[test]
fn the_clock_of_viet_nam_is_seven_hours_ahead() {
    let late = Instant::parse("2017-03-14T18:30:00Z").unwrap();
    assert_eq!(late.date(), date("2017-03-15"));
    assert_eq!(late.hhmm(), "01:30");
    assert_eq!(late.rfc3339(), "2017-03-15T01:30:00+07:00");
    assert_eq!(Instant::parse("2016-12-31T17:00:00Z").unwrap().year(), 2017);
    let morning = Instant::parse("2017-03-14T09:42").unwrap();
    assert_eq!(morning.dmy_hhmm(), "09:42, 14/03/2017");
    assert_eq!(morning.hour_minute(), (9, 42));
    assert_eq!(Some(morning), Instant::local(2017, 3, 14, 9, 42));
    assert_eq!(morning, date("2017-03-14").at(9, 42));
    assert_eq!(Instant::parse("2017-03-14T09:42:05").unwrap().since(morning), 5_000_000);
}

#[test]
fn nonsense_is_no_time() {
    for text in [
        "",
        "2017-03-14",
        "2017-03-14T25:00",
        "2017-03-14T09:60",
        "2017-03-14T09",
        "2017-03-14T9:1:2:3",
        "Tết",
    ] {
        assert_eq!(Instant::parse(text), None, "{text}");
    }
    assert_eq!(Instant::local(2017, 3, 14, 24, 0), None);
    assert_eq!(Instant::local(2017, 2, 29, 9, 0), None);
}

#[test]
fn times_move_by_each_unit() {
    let noon = date("2017-03-14").at(12, 0);
    assert_eq!(noon.plus_days(1).plus_hours(-24), noon);
    assert_eq!(noon.plus_hours(1), noon.plus_minutes(60));
    assert_eq!(noon.plus_minutes(1), noon.plus_secs(60));
    assert_eq!(noon.plus_secs(1), noon.plus_millis(1000));
    assert_eq!(Instant::from_micros(i64::MAX).plus_days(i64::MAX).micros(), i64::MAX);
}

#[test]
fn dates_and_times_travel_as_strings() {
    let at = Instant::from_micros(1_489_459_320_000_001);
    let text = serde_json::to_string(&(at, at.date())).unwrap();
    assert_eq!(text, r#"["2017-03-14T09:42:00.000001+07:00","2017-03-14"]"#);
    assert_eq!(serde_json::from_str::<(Instant, Date)>(&text).unwrap(), (at, at.date()));
    assert!(serde_json::from_str::<Date>("\"hôm nay\"").is_err());
}

#[test]
fn the_test_clock_stands_still_until_it_is_moved() {
    let clock = FixedClock::new(date("2017-03-14").at(8, 0));
    assert_eq!(clock.now(), clock.now());
    clock.advance(60_000_000);
    assert_eq!(clock.now().hhmm(), "08:01");
    clock.set(date("2017-03-15").start());
    assert_eq!(clock.now().dmy_hhmm(), "00:00, 15/03/2017");
    assert!(SystemClock.now().year() > 2016);
}

proptest! {
    #[test]
    fn every_date_survives_being_written_and_read(days in -719_162_i64..2_932_896) {
        let day = Date::new(1970, 1, 1).unwrap().plus_days(days);
        prop_assert_eq!(Date::parse(&day.iso()), Some(day));
        prop_assert_eq!(Date::parse(&day.dmy()), Some(day));
        prop_assert_eq!(Date::parse(&day.slash()), Some(day));
        prop_assert_eq!(day.start().date(), day);
        prop_assert_eq!(Date::new(1970, 1, 1).unwrap().days_until(day), days);
    }

    #[test]
    fn every_moment_survives_being_written_and_read(micros in -60_000_000_000_000_000_i64..250_000_000_000_000_000) {
        let at = Instant::from_micros(micros);
        prop_assert_eq!(Instant::parse(&at.rfc3339()), Some(at));
    }

    #[test]
    fn no_text_breaks_the_readers(text in ".{0,30}") {
        let _ = (Date::parse(&text), Instant::parse(&text));
    }

    #[test]
    fn no_number_breaks_the_clock(micros: i64, days: i64) {
        let at = Instant::from_micros(micros).plus_days(days);
        prop_assert!(!at.rfc3339().is_empty());
        prop_assert!(at.date().plus_days(days) <= Date::new(9999, 12, 31).unwrap());
    }
}

proptest! {
    #[test]
    fn every_day_of_the_calendar_is_found_by_its_number(days in -719_162_i64..=2_932_896) {
        let noon = Instant::from_micros((days * 24 + 5) * 3_600_000_000);
        prop_assert_eq!(noon.date(), date("1970-01-01").plus_days(days));
    }
}

#[test]
fn beyond_the_calendar_is_its_first_or_its_last_day() {
    assert_eq!(Instant::from_micros(i64::MIN).date(), date("0001-01-01"));
    assert_eq!(Instant::from_micros(i64::MAX).date(), date("9999-12-31"));
    assert_eq!(date("9999-12-31").plus_days(1), date("9999-12-31"));
}
