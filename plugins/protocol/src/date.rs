//! Dates of ISO 8601 and of vCards, as the protocol has them: `1985-04-12`, `--04-12`
//! without a year, `1985-04`, `1985`.

/// Apple writes this year where none is known; it is a leap year.
const NO_YEAR: u16 = 1604;

/// Reads a date in any form of RFC 6350 section 4.3 or ISO 8601 that vCards
/// have, and drops a time that follows it. `omitted` is the year that means none
/// (`X-APPLE-OMIT-YEAR`).
///
/// # Errors
/// Why it is no date of the calendar, to be said after the text.
pub fn read(text: &str, omitted: Option<&str>) -> Result<String, &'static str> {
    const UNREADABLE: &str = "is not a date like 1985-04-12 or --04-12";
    let day = without_time(text.trim());
    let (year, rest) = if let Some(rest) = day.strip_prefix("--") {
        if rest.starts_with('-') {
            return Err("has a day but no month");
        }
        (None, rest)
    } else {
        let year = day.get(..4).and_then(|digits| number(digits, 4)).ok_or(UNREADABLE)?;
        let rest = &day[4..];
        let basic = rest.len() == 4 && !rest.starts_with('-');
        let rest = if rest.is_empty() || basic { rest } else { rest.strip_prefix('-').ok_or(UNREADABLE)? };
        let known = year != 0 && year != NO_YEAR && omitted.and_then(|o| number(o.trim(), 4)) != Some(year);
        if rest.is_empty() {
            let ends_here = day.len() == 4 && known;
            return if ends_here { Ok(format!("{year:04}")) } else { Err(UNREADABLE) };
        }
        (known.then_some(year), rest)
    };
    let (month, day) = match rest.split_once('-') {
        Some((month, day)) => (number(month, 2), Some(day)),
        None if rest.len() == 4 => (rest.get(..2).and_then(|m| number(m, 2)), rest.get(2..)),
        None => (number(rest, 2), None),
    };
    let month = month.ok_or(UNREADABLE)?;
    let Some(day) = day else {
        return match year {
            _ if !(1..=12).contains(&month) => Err("names a month that does not exist"),
            Some(year) => Ok(format!("{year:04}-{month:02}")),
            None => Err("has a month but neither day nor year"),
        };
    };
    let day = number(day, 2).ok_or(UNREADABLE)?;
    if !(1..=days_of(year.unwrap_or(NO_YEAR), month)).contains(&day) {
        return Err("names a day that does not exist");
    }
    Ok(match year {
        Some(year) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("--{month:02}-{day:02}"),
    })
}

/// The names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of the month that is all that a text says (`--04`).
#[must_use]
pub fn month_alone(text: &str) -> Option<&'static str> {
    let day = without_time(text.trim());
    let month = day.strip_prefix("--").or_else(|| day.strip_prefix("1604-"))?;
    let month = number(month.trim_end_matches('-'), 2)?;
    MONTHS.get(usize::from(month).checked_sub(1)?).copied()
}

/// The date before a time of day, if what follows is one.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', 't', ' ']) {
        Some((day, time)) if time.bytes().all(|b| b.is_ascii_digit() || b"+-:.,Zz".contains(&b)) => day,
        _ => text,
    }
}

/// A number of one to `longest` digits, or of exactly four for a year.
fn number(digits: &str, longest: usize) -> Option<u16> {
    let fits = (1..=longest).contains(&digits.len()) && (longest < 4 || digits.len() == longest);
    (fits && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// How many days a month has in the Gregorian calendar; none if there is no such month.
fn days_of(year: u16, month: u16) -> u16 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_exist() {
        for (text, expected) in [
            ("1985-04-12", "1985-04-12"),
            (" 1985-04-12 ", "1985-04-12"),
            ("19850412", "1985-04-12"),
            ("1985-4-2", "1985-04-02"),
            ("--04-12", "--04-12"),
            ("--0412", "--04-12"),
            ("--02-29", "--02-29"),
            ("2000-02-29", "2000-02-29"),
            ("1985-04", "1985-04"),
            ("1985", "1985"),
            ("1985-04-12T00:00:00Z", "1985-04-12"),
            ("19850412T102200-0800", "1985-04-12"),
            ("1985-04-12 00:00:00.000", "1985-04-12"),
            ("--0412T1022", "--04-12"),
            ("1604-03-15", "--03-15"),
            ("16040229", "--02-29"),
            ("0000-03-15", "--03-15"),
        ] {
            assert_eq!(read(text, None).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(read("1900-03-15", Some("1900")).as_deref(), Ok("--03-15"));
        assert_eq!(read("1985-03-15", Some("1604")).as_deref(), Ok("1985-03-15"));
    }

    #[test]
    fn dates_that_are_none() {
        for (text, because) in [
            ("1990-02-31", "names a day that does not exist"),
            ("1900-02-29", "names a day that does not exist"),
            ("--02-30", "names a day that does not exist"),
            ("1985-13-01", "names a day that does not exist"),
            ("0000-00-00", "names a day that does not exist"),
            ("1985-13", "names a month that does not exist"),
            ("1985-00", "names a month that does not exist"),
            ("---12", "has a day but no month"),
            ("--04", "has a month but neither day nor year"),
            ("1604-04", "has a month but neither day nor year"),
            ("1604", "is not a date like"),
            ("", "is not a date like"),
            ("-", "is not a date like"),
            ("1985-", "is not a date like"),
            ("198504", "is not a date like"),
            ("1985/04/12", "is not a date like"),
            ("12.04.1985", "is not a date like"),
            ("04/12/1985", "is not a date like"),
            ("1985-04-12 or so", "is not a date like"),
            ("1985-04-12-01", "is not a date like"),
            ("T102200", "is not a date like"),
            ("circa 1800", "is not a date like"),
            ("１９８５-04-12", "is not a date like"),
            ("+985-04-12", "is not a date like"),
        ] {
            let reason = read(text, None).unwrap_err();
            assert!(reason.starts_with(because), "{text}: {reason}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-0-9T: ]{0,12}|\\PC{0,12}", omitted in proptest::option::of("\\PC{0,5}")) {
            if let Ok(date) = read(&text, omitted.as_deref()) {
                prop_assert_eq!(read(&date, None), Ok(date));
            }
        }
    }
}
