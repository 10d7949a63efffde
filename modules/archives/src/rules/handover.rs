//! When a dossier is to be handed over, as `rules/handover.toml` has it.

use base::{Date, Result, WhileDoing};
use serde::Deserialize;
use std::sync::LazyLock;

/// The rule file, as the manifest registers it.
pub(crate) const TOML: &str = include_str!("../../rules/handover.toml");

/// The figures in force since a day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figures {
    valid_from: toml::value::Datetime,
    source: String,
    months: i64,
    construction_months: i64,
    least_years: i64,
    keep_back_months: i64,
    notice_days: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    handover: Vec<Figures>,
}

#[expect(clippy::expect_used, reason = "the rule file is compiled in and every test run reads it")]
static FIGURES: LazyLock<Vec<Figures>> = LazyLock::new(|| read(TOML).expect("rules/handover.toml"));

fn read(text: &str) -> Result<Vec<Figures>> {
    let file: File = toml::from_str(text).while_doing("reading", "rules/handover.toml")?;
    Ok(file.handover)
}

/// The figures in force on a day; before the first, those of the first.
#[expect(clippy::expect_used, reason = "the rule file is compiled in and every test run reads it")]
pub(crate) fn on(day: Date) -> &'static Figures {
    let begun = |one: &&Figures| Date::parse(&one.valid_from.to_string()).is_some_and(|from| from <= day);
    FIGURES.iter().rfind(begun).or_else(|| FIGURES.first()).expect("rules/handover.toml has an entry")
}

impl Figures {
    /// True for what is handed over: for ever, or long enough (article 31.3c).
    pub(crate) fn is_handed_over(&self, years: Option<i64>) -> bool {
        years.is_none_or(|years| years >= self.least_years)
    }

    /// Until when a dossier is to be handed over whose work ended on a day (article 30.2).
    pub(crate) fn due(&self, ended_on: Date, construction: bool) -> Date {
        months_after(ended_on, if construction { self.construction_months } else { self.months })
    }

    /// The last day something due on a day may be kept back (article 31.3d).
    pub(crate) fn keep_back_end(&self, due_on: Date) -> Date {
        months_after(due_on, self.keep_back_months)
    }

    /// The articles they were read in.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Days before it is due that notice is given (annex VI, I.5b).
    pub(crate) fn notice_days(&self) -> i64 {
        self.notice_days
    }
}

/// The same day some months on, or the last day of that month.
pub(crate) fn months_after(day: Date, months: i64) -> Date {
    let zero_based = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 + months;
    let year = i32::try_from(zero_based.div_euclid(12)).unwrap_or(9999);
    let month = u8::try_from(zero_based.rem_euclid(12) + 1).unwrap_or(12);
    let found = (1..=day.day()).rev().find_map(|last| Date::new(year, month, last));
    found.unwrap_or(day)
}

/// The last day a dossier is kept: the given years after the day its work ended. The decree does not say from when
/// they count; this is the house's own reading.
pub(crate) fn expires(ended_on: Date, years: Option<i64>) -> Option<Date> {
    years.map(|years| months_after(ended_on, years.saturating_mul(12)))
}

#[cfg(test)]
mod tests {
    use super::{expires, months_after, on};
    use base::Date;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn months_end_where_the_month_ends() {
        for (from, months, to) in [
            ("2017-01-31", 1, "2017-02-28"),
            ("2016-02-29", 12, "2017-02-28"),
            ("2017-11-30", 3, "2018-02-28"),
            ("2017-12-15", 1, "2018-01-15"),
            ("2017-06-01", 24, "2019-06-01"),
        ] {
            assert_eq!(months_after(day(from), months), day(to), "{from} + {months}");
        }
    }

    #[test]
    fn the_decree_gives_a_year_and_three_months_to_constructions() {
        let figures = on(day("2020-03-05"));
        assert_eq!(figures.due(day("2020-06-30"), false), day("2021-06-30"));
        assert_eq!(figures.due(day("2020-06-30"), true), day("2020-09-30"));
        assert_eq!(figures.keep_back_end(day("2021-06-30")), day("2023-06-30"));
        assert_eq!(figures.notice_days(), 30);
        assert!(figures.source().contains("30/2020"));
    }

    #[test]
    fn only_what_is_kept_five_years_or_for_ever_is_handed_over() {
        let figures = on(day("2020-03-05"));
        let told = [None, Some(4), Some(5), Some(70)].map(|years| figures.is_handed_over(years));
        assert_eq!(told, [true, false, true, true]);
    }

    #[test]
    fn what_is_kept_for_ever_never_ends() {
        assert_eq!(expires(day("2017-12-31"), None), None);
        assert_eq!(expires(day("2017-12-31"), Some(5)), Some(day("2022-12-31")));
    }
}
