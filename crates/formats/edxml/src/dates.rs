//! Days and instants as packets write them, and the canonical document key built from them.

use jiff::civil::{Date, DateTime, Time};

/// Reads `yyyy/MM/dd`, and what senders write instead: `-` for `/`, `dd/MM/yyyy`, a time behind the day. The flag
/// is true when the text is not in the standard form.
pub(crate) fn read_date(text: &str) -> Option<(Date, bool)> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let date = day_of(day)?;
    Some((date, text != standard_date(date)))
}

/// Reads `yyyy/MM/dd HH:mm:ss` with the same tolerance; a fraction or a zone behind the seconds is dropped and a
/// missing time is midnight.
pub(crate) fn read_datetime(text: &str) -> Option<(DateTime, bool)> {
    let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let date = day_of(day)?;
    let clock = clock.trim().get(..8).unwrap_or(clock.trim());
    let mut parts = clock.split(':').map(|part| part.parse::<i8>().ok());
    let time = match clock {
        "" => Time::midnight(),
        _ => Time::new(parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?, 0).ok()?,
    };
    let at = date.to_datetime(time);
    Some((at, text != standard_datetime(at)))
}

/// `yyyy/MM/dd`.
pub(crate) fn standard_date(date: Date) -> String {
    format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day())
}

/// `yyyy/MM/dd HH:mm:ss`.
pub(crate) fn standard_datetime(at: DateTime) -> String {
    format!("{} {:02}:{:02}:{:02}", standard_date(at.date()), at.hour(), at.minute(), at.second())
}

fn day_of(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// One key for one document: `OrganId,yyyy/MM/dd,number/notation`. A `raw` id already of that form is cleaned of
/// spaces and odd date forms; any other form (empty, UUID, `<organ>-<year>-<code>`) gives way to the header's
/// own fields; where those are incomplete, `raw` is all there is.
pub(crate) fn canonical_id(raw: &str, organ: &str, date: Option<Date>, code: &str) -> String {
    if let [organ, day, code] = raw.splitn(3, ',').map(str::trim).collect::<Vec<_>>().as_slice()
        && !organ.is_empty()
        && !code.is_empty()
        && let Some((date, _)) = read_date(day)
    {
        return format!("{organ},{},{code}", standard_date(date));
    }
    match date {
        Some(date) if !organ.is_empty() && !code.is_empty() => {
            format!("{organ},{},{code}", standard_date(date))
        }
        _ => raw.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn senders_write_the_day_in_many_ways() {
        let day = date(2017, 5, 12);
        for (text, odd) in
            [("2017/05/12", false), ("2017-05-12", true), ("12/05/2017", true), ("2017/5/12 08:30:00", true)]
        {
            assert_eq!(read_date(text), Some((day, odd)), "{text}");
        }
        for text in ["", "12/05/17", "2017/13/01", "2018/02/30", "2017/05", "năm 2017", "////"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_timestamp_may_carry_a_zone_or_lack_a_time() {
        let at = date(2017, 5, 12).at(8, 30, 0, 0);
        assert_eq!(read_datetime("2017/05/12 08:30:00"), Some((at, false)));
        assert_eq!(read_datetime("2017-05-12T08:30:00+07:00"), Some((at, true)));
        assert_eq!(read_datetime("2017/05/12"), Some((date(2017, 5, 12).at(0, 0, 0, 0), true)));
        assert_eq!(read_datetime("2017/05/12 99:00:00"), None);
    }

    #[test]
    fn one_document_has_one_key_whatever_its_id_looks_like() {
        let key = "000.00.00.H44,2017/05/12,1234/UBND-VX";
        let day = Some(date(2017, 5, 12));
        for raw in [
            "",
            "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb",
            "000.00.00.H44-2017-1234/UBND-VX",
            "000.00.00.H44, 2017-05-12 ,1234/UBND-VX",
            key,
        ] {
            assert_eq!(canonical_id(raw, "000.00.00.H44", day, "1234/UBND-VX"), key, "{raw}");
        }
        assert_eq!(canonical_id(" abc ", "000.00.00.H44", None, "1/UBND"), "abc");
    }
}
