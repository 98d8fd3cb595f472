//! Dates as address books write them, to those of the protocol.

use serde::Deserialize;

/// The order in which the numbers of a date are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DateOrder {
    /// `1985-04-12`, `19850412`, `--04-12`, `1985-04`, `1985`.
    YearMonthDay,
    /// `12.4.1985`, `05 Mar 2024`.
    DayMonthYear,
    /// `4/12/1985`, `March 5, 2024`.
    MonthDayYear,
}

/// The names of the months: twelve lists, or none where dates have no words.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<Vec<String>>")]
pub(crate) struct Months(Vec<Vec<String>>);

impl TryFrom<Vec<Vec<String>>> for Months {
    type Error = String;

    fn try_from(names: Vec<Vec<String>>) -> Result<Self, String> {
        if names.len() == 12 {
            let lower = |name: String| name.to_lowercase();
            Ok(Self(names.into_iter().map(|month| month.into_iter().map(lower).collect()).collect()))
        } else {
            Err(format!("`months` must be twelve lists of names, not {}", names.len()))
        }
    }
}

impl Months {
    fn number(&self, word: &str) -> Option<u32> {
        let word = word.to_lowercase();
        (1..).zip(&self.0).find(|(_, names)| names.contains(&word)).map(|(number, _)| number)
    }
}

/// A number of a date, and how many digits it was written with.
type Number = (u32, usize);

/// The date in the protocol's form: `2026-04-12`, `--04-12`, `2026-04` or
/// `2026`. None if the text is no date or one that does not exist.
///
/// The year 1604 stands for an unknown one, as Apple writes it.
pub(crate) fn parse(text: &str, order: DateOrder, months: &Months) -> Option<String> {
    let text = text.trim();
    let (text, without_year) = text.strip_prefix("--").map_or((text, false), |rest| (rest, true));
    let (numbers, month) = split(before_time(text), months)?;
    match (month, &numbers[..]) {
        (Some(month), &[a, b]) if b.1 == 4 => full(a.0, month, b),
        (Some(month), &[a, b]) if a.1 == 4 => full(b.0, month, a),
        (Some(month), &[year]) if year.1 == 4 => year_month(year.0, month),
        (Some(month), &[day]) => without(month, day.0),
        (None, &[(number, 4)]) if without_year => without(number / 100, number % 100),
        (None, &[(number, 8)]) => full(number % 100, number / 100 % 100, (number / 10_000, 4)),
        (None, &[(year, 4)]) => Some(format!("{year:04}")).filter(|_| year > 0),
        (None, &[a, b]) => match order {
            DateOrder::YearMonthDay if without_year => without(a.0, b.0),
            DateOrder::YearMonthDay if a.1 == 4 => year_month(a.0, b.0),
            DateOrder::DayMonthYear | DateOrder::MonthDayYear if b.1 == 4 => year_month(b.0, a.0),
            DateOrder::DayMonthYear => without(b.0, a.0),
            DateOrder::MonthDayYear => without(a.0, b.0),
            DateOrder::YearMonthDay => None,
        },
        (None, &[a, b, c]) => match order {
            _ if a.1 == 4 => full(c.0, b.0, a),
            DateOrder::DayMonthYear => full(a.0, b.0, c),
            DateOrder::MonthDayYear => full(b.0, a.0, c),
            DateOrder::YearMonthDay => None,
        },
        _ => None,
    }
}

/// The text before a time of day, `1985-04-12T00:00:00Z`.
fn before_time(text: &str) -> &str {
    match text.split_once('T') {
        Some((date, _)) if date.ends_with(|c: char| c.is_ascii_digit()) => date,
        _ => text,
    }
}

/// The numbers of a date, and its month if that is a word.
fn split(text: &str, months: &Months) -> Option<(Vec<Number>, Option<u32>)> {
    let (mut numbers, mut month) = (Vec::with_capacity(3), None);
    for token in text.split([' ', '.', ',', '/', '-', '\u{a0}']).filter(|token| !token.is_empty()) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push((token.parse().ok()?, token.len()));
        } else if month.is_none() {
            month = Some(months.number(token)?);
        } else {
            return None;
        }
    }
    Some((numbers, month))
}

fn full(day: u32, month: u32, (year, digits): Number) -> Option<String> {
    if year == 1604 {
        return without(month, day);
    }
    let exists = digits == 4 && year > 0 && (1..=days_in(month, year)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn without(month: u32, day: u32) -> Option<String> {
    // A leap year, so that 29 February exists.
    (1..=days_in(month, 2000)).contains(&day).then(|| format!("--{month:02}-{day:02}"))
}

fn year_month(year: u32, month: u32) -> Option<String> {
    (year > 0 && (1..=12).contains(&month)).then(|| format!("{year:04}-{month:02}"))
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    use super::*;

    fn months() -> Months {
        let mut names: Vec<Vec<String>> = (1..=12).map(|n| vec![format!("M{n}")]).collect();
        names[2] = vec!["Mar".into(), "March".into(), "März".into(), "Mär".into()];
        Months::try_from(names).unwrap()
    }

    #[test]
    fn dates() {
        for (text, order, expected) in [
            ("1985-04-12", YearMonthDay, Some("1985-04-12")),
            (" 1985-4-2 ", YearMonthDay, Some("1985-04-02")),
            ("19850412", YearMonthDay, Some("1985-04-12")),
            ("1985-04-12T00:00:00Z", YearMonthDay, Some("1985-04-12")),
            (" --04-12", YearMonthDay, Some("--04-12")),
            ("--0412", YearMonthDay, Some("--04-12")),
            ("--02-29", YearMonthDay, Some("--02-29")),
            ("1604-02-29", YearMonthDay, Some("--02-29")),
            ("1985-04", YearMonthDay, Some("1985-04")),
            ("1985", YearMonthDay, Some("1985")),
            ("2000-02-29", YearMonthDay, Some("2000-02-29")),
            ("1900-02-29", YearMonthDay, None),
            ("1985-02-30", YearMonthDay, None),
            ("1985-13-01", YearMonthDay, None),
            ("0000-01-01", YearMonthDay, None),
            ("--13-01", YearMonthDay, None),
            ("04-12", YearMonthDay, None),
            ("85-04-12", YearMonthDay, None),
            ("", YearMonthDay, None),
            ("--", YearMonthDay, None),
            ("soon", YearMonthDay, None),
            ("99999999999", YearMonthDay, None),
            ("1-2-3-4", YearMonthDay, None),
            ("05 Mar 2024", DayMonthYear, Some("2024-03-05")),
            ("05. März 2024", DayMonthYear, Some("2024-03-05")),
            ("5 mär. 2024", DayMonthYear, Some("2024-03-05")),
            ("March 5, 2024", DayMonthYear, Some("2024-03-05")),
            ("Mar 2024", DayMonthYear, Some("2024-03")),
            ("5. März", DayMonthYear, Some("--03-05")),
            ("31 Mar 24", DayMonthYear, None),
            ("05 Foo 2024", DayMonthYear, None),
            ("Mar Mar 2024", DayMonthYear, None),
            ("12.4.1985", DayMonthYear, Some("1985-04-12")),
            ("12.4.", DayMonthYear, Some("--04-12")),
            ("4/12/1985", MonthDayYear, Some("1985-04-12")),
            ("4/12", MonthDayYear, Some("--04-12")),
            ("0/0/00", MonthDayYear, None),
            ("2024-03-05", DayMonthYear, Some("2024-03-05")),
        ] {
            assert_eq!(parse(text, order, &months()).as_deref(), expected, "{text:?} as {order:?}");
        }
    }

    #[test]
    fn months_are_twelve() {
        assert!(Months::try_from(vec![vec!["Jan".to_owned()]]).is_err());
    }
}
