//! Chips and states: a colour always comes with a word and an icon.

use crate::icons::{Icon, icon};
use base::{Date, Instant, T};
use maud::{Markup, PreEscaped, html};

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Done, valid, in time.
    Ok,
    /// Needs attention before long.
    Soon,
    /// Overdue, failed, broken.
    Late,
    /// Under way, for your information.
    Info,
    /// To be done at once (hỏa tốc).
    Urgent,
}

impl Tone {
    /// The ending of the class: `chip--late`, `state--late`, `banner--late`.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Ok => "ok",
            Tone::Soon => "soon",
            Tone::Late | Tone::Urgent => "late",
            Tone::Info => "info",
        }
    }
}

/// A boxed word with an icon.
pub fn chip(tone: Tone, icon_name: &str, text: &str) -> Markup {
    html! { span class=(chip_class(tone)) { (Icon(icon_name)) (text) } }
}

/// A word with an icon, without a box: for the second line of a row.
pub fn state(tone: Tone, icon_name: &str, text: &str) -> Markup {
    html! { span class={ "state state--" (tone.class()) } { (Icon(icon_name)) (text) } }
}

fn chip_class(tone: Tone) -> PreEscaped<&'static str> {
    PreEscaped(match tone {
        Tone::Plain => "chip chip--plain",
        Tone::Ok => "chip chip--ok",
        Tone::Soon => "chip chip--soon",
        Tone::Late => "chip chip--late",
        Tone::Info => "chip chip--info",
        Tone::Urgent => "chip chip--solid",
    })
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// By the end of a day.
    Day(Date),
    /// By a moment.
    Moment(Instant),
}

impl From<Date> for Due {
    fn from(day: Date) -> Due {
        Due::Day(day)
    }
}

impl From<Instant> for Due {
    fn from(moment: Instant) -> Due {
        Due::Moment(moment)
    }
}

impl Due {
    /// The moment after which it is late.
    fn end(self) -> Instant {
        match self {
            Due::Day(day) => day.plus_days(1).start(),
            Due::Moment(moment) => moment,
        }
    }

    fn day(self) -> Date {
        match self {
            Due::Day(day) => day,
            Due::Moment(moment) => moment.date(),
        }
    }

    fn exact(self) -> String {
        match self {
            Due::Day(day) => day.dmy(),
            Due::Moment(moment) => moment.dmy_hhmm(),
        }
    }

    fn machine(self) -> String {
        match self {
            Due::Day(day) => day.iso(),
            Due::Moment(moment) => moment.rfc3339(),
        }
    }
}

/// Late when passed, Soon within three calendar days, else Plain.
pub fn deadline_tone(due: Due, now: Instant) -> Tone {
    match now.date().days_until(due.day()) {
        _ if due.end() <= now => Tone::Late,
        0..=3 => Tone::Soon,
        _ => Tone::Plain,
    }
}

/// How long is left, in words and colour, with the exact time on hover and for screen readers.
/// Days are calendar days; a text about working days is the caller's.
pub fn deadline_chip(t: T, due: Option<Due>, now: Instant) -> Markup {
    let tone = due.map_or(Tone::Plain, |due| deadline_tone(due, now));
    deadline_chip_in(t, due, (now, tone))
}

/// The same in a tone of the caller's: in a list whose headings tell the days, only what burns has a colour.
pub fn deadline_chip_in(t: T, due: Option<Due>, (now, tone): (Instant, Tone)) -> Markup {
    let Some(due) = due else {
        return chip(Tone::Plain, "calendar", t.text("deadline.none"));
    };
    let icon_name = match tone {
        Tone::Late => "alert",
        Tone::Soon => "clock",
        _ => "calendar",
    };
    let exact = t.fill("deadline.exact", &[("due", &due.exact())]);
    html! {
        time class=(chip_class(tone)) datetime=(due.machine()) title=(exact) {
            (Icon(icon_name)) (deadline_words(t, due, now)) span class="hidden" { ", " (exact) }
        }
    }
}

fn deadline_words(t: T, due: Due, now: Instant) -> String {
    // Rounded down, so that half a minute too late is late and half a minute left is not a whole one.
    let minutes = due.end().since(now).div_euclid(60_000_000);
    let days = now.date().days_until(due.day());
    if due.end() <= now {
        return match (days, -minutes) {
            (..0, _) => t.count("deadline.late_days", -days),
            (_, late @ 60..) => t.count("deadline.late_hours", late / 60),
            (_, late) => t.count("deadline.late_minutes", late.max(1)),
        };
    }
    match (due, days) {
        (Due::Day(_), 0) => t.text("deadline.today").to_owned(),
        (Due::Day(_), 1) => t.text("deadline.tomorrow").to_owned(),
        (Due::Moment(_), 0) if minutes >= 60 => t.count("deadline.hours", minutes / 60),
        (Due::Moment(_), 0) => t.count("deadline.minutes", minutes),
        (_, days) => t.count("deadline.days", days),
    }
}

/// The number of files of a thing: a paper clip and a number.
pub fn files_count(t: T, n: i64) -> Markup {
    html! { span { (icon("clip")) " " (n) span class="hidden" { " " (t.count("ui.files_word", n)) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn words(due: Due) -> String {
        deadline_words(testing::t(), due, testing::now())
    }

    #[test]
    fn a_deadline_speaks_of_the_nearest_unit() {
        let now = testing::now();
        let today = now.date();
        assert_eq!(words(Due::Moment(now.plus_minutes(4))), "Còn 4 phút");
        assert_eq!(words(Due::Moment(now.plus_minutes(150))), "Còn 2 giờ");
        assert_eq!(words(Due::Day(today)), "Hết hôm nay");
        assert_eq!(words(Due::Day(today.plus_days(1))), "Đến hết mai");
        assert_eq!(words(Due::Day(today.plus_days(3))), "Còn 3 ngày");
        assert_eq!(words(Due::Day(today.plus_days(-2))), "Quá hạn 2 ngày");
        assert_eq!(words(Due::Moment(now.plus_minutes(-90))), "Quá hạn 1 giờ");
    }

    #[test]
    fn a_day_is_late_only_when_it_is_over() {
        let now = testing::now();
        assert_eq!(deadline_tone(Due::Day(now.date()), now), Tone::Soon);
        assert_eq!(deadline_tone(Due::Day(now.date().plus_days(-1)), now), Tone::Late);
        assert_eq!(deadline_tone(Due::Day(now.date().plus_days(9)), now), Tone::Plain);
    }
}
