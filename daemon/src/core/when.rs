//! Dates as people type them.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::cadence::Interval;
use super::settings::named_weekday;

/// Which way a weekday without more is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// The last one: what happened on `friday`.
    Past,
    /// The next one: what is until `friday`.
    Future,
}

/// A text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADate(String);

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a date; write 2026-11-30, today, yesterday, friday, \"3 days ago\" or \"in 2 weeks\"",
            self.0
        )
    }
}

impl std::error::Error for NotADate {}

/// Reads a date: `2026-11-30`, `today`, `yesterday`, `tomorrow`, `friday`
/// (also `last friday`, `next friday`), `3 days ago`, `in 2 weeks`.
///
/// A weekday that is today's is today, unless `last` or `next` says otherwise.
///
/// # Errors
/// If it is none of these.
pub fn parse(text: &str, today: Date, toward: Toward) -> Result<Date, NotADate> {
    let bad = || NotADate(text.to_owned());
    let words = text.trim().to_lowercase();
    match words.as_str() {
        "today" | "now" => return Ok(today),
        "yesterday" => return today.checked_sub(1.day()).map_err(|_| bad()),
        "tomorrow" => return today.checked_add(1.day()).map_err(|_| bad()),
        _ => {}
    }
    if let Some(rest) = words.strip_prefix("last ") {
        return weekday(rest).and_then(|day| before(today, day)).ok_or_else(bad);
    }
    if let Some(rest) = words.strip_prefix("next ") {
        return weekday(rest).and_then(|day| after(today, day)).ok_or_else(bad);
    }
    if let Some(rest) = words.strip_suffix(" ago") {
        return interval(rest).map(|interval| interval.before(today)).ok_or_else(bad);
    }
    if let Some(rest) = words.strip_prefix("in ") {
        return interval(rest).map(|interval| interval.after(today)).ok_or_else(bad);
    }
    if let Some(day) = weekday(&words) {
        if today.weekday() == day {
            return Ok(today);
        }
        return match toward {
            Toward::Past => before(today, day),
            Toward::Future => after(today, day),
        }
        .ok_or_else(bad);
    }
    // Exactly this form: jiff would also read times and week dates.
    if words.len() == 10 { words.parse().map_err(|_| bad()) } else { Err(bad()) }
}

fn weekday(text: &str) -> Option<Weekday> {
    named_weekday(text)
}

fn before(today: Date, day: Weekday) -> Option<Date> {
    today.nth_weekday(-1, day).ok()
}

fn after(today: Date, day: Weekday) -> Option<Date> {
    today.nth_weekday(1, day).ok()
}

fn interval(text: &str) -> Option<Interval> {
    let text = text.trim();
    let one =
        text.strip_prefix("a ").or_else(|| text.strip_prefix("an ")).or_else(|| text.strip_prefix("one "));
    match one {
        Some(unit) => format!("1 {unit}").parse().ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_people_type_them() {
        // A Sunday.
        let today = date(2026, 11, 22);
        for (text, past, future) in [
            ("2026-11-30", date(2026, 11, 30), date(2026, 11, 30)),
            ("Today", today, today),
            ("yesterday", date(2026, 11, 21), date(2026, 11, 21)),
            ("tomorrow", date(2026, 11, 23), date(2026, 11, 23)),
            ("friday", date(2026, 11, 20), date(2026, 11, 27)),
            ("Fri", date(2026, 11, 20), date(2026, 11, 27)),
            ("sunday", today, today),
            ("last sunday", date(2026, 11, 15), date(2026, 11, 15)),
            ("next sunday", date(2026, 11, 29), date(2026, 11, 29)),
            ("3 days ago", date(2026, 11, 19), date(2026, 11, 19)),
            ("a week ago", date(2026, 11, 15), date(2026, 11, 15)),
            ("1 month ago", date(2026, 10, 22), date(2026, 10, 22)),
            ("in 2 weeks", date(2026, 12, 6), date(2026, 12, 6)),
        ] {
            assert_eq!(parse(text, today, Toward::Past), Ok(past), "{text}");
            assert_eq!(parse(text, today, Toward::Future), Ok(future), "{text}");
        }
        for bad in [
            "",
            "2026-02-30",
            "30.11.2026",
            "someday",
            "ago",
            "3 days",
            "2026-11-30T10:00",
            "in",
            "next year",
            "fr",
        ] {
            assert!(parse(bad, today, Toward::Past).is_err(), "{bad}");
        }
    }
}
