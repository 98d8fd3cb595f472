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

/// The names of the months in the four languages, with their usual abbreviations.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "jänner", "janv", "janvier", "ene", "enero"],
    &["feb", "february", "februar", "févr", "fév", "février", "febrero"],
    &["mar", "march", "mär", "märz", "mrz", "mars", "marzo"],
    &["apr", "april", "avr", "avril", "abr", "abril"],
    &["may", "mai", "mayo"],
    &["jun", "june", "juni", "juin", "junio"],
    &["jul", "july", "juli", "juil", "juillet", "julio"],
    &["aug", "august", "août", "ago", "agosto"],
    &["sep", "sept", "september", "septembre", "septiembre", "setiembre"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre"],
    &["nov", "november", "novembre", "noviembre"],
    &["dec", "december", "dez", "dezember", "déc", "décembre", "dic", "diciembre"],
];

/// What stands in a date between its parts: `5 de marzo de 1985`.
const LINKS: [&str; 4] = ["de", "del", "of", "the"];

/// What stands behind a day: `1st`, `1er`.
const ORDINALS: [&str; 5] = ["st", "nd", "rd", "th", "er"];

/// Names of the months besides those of the four languages: twelve lists, or none.
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
        let own = (1..).zip(&self.0).find(|(_, names)| names.contains(&word));
        let known = || (1..).zip(MONTHS).find(|(_, names)| names.contains(&word.as_str()));
        own.map(|(number, _)| number).or_else(|| known().map(|(number, _)| number))
    }
}

/// Which years are meant by two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Years {
    /// None: such a text is no date.
    Whole,
    /// Those of [`BIRTHS`].
    OfBirth,
}

/// The hundred years that two digits of a birthday can mean. The last one was
/// over when this was written, so that nobody is born in the future; fixed, as
/// the same file must say the same next year.
const BIRTHS: std::ops::RangeInclusive<u32> = 1926..=2025;

impl Years {
    /// The year that a number stands for.
    fn year(self, (number, digits): Number) -> Option<u32> {
        match (self, digits) {
            (_, 4) => Some(number).filter(|year| *year > 0),
            (Self::OfBirth, 2) => {
                [1900, 2000].map(|century| century + number).into_iter().find(|y| BIRTHS.contains(y))
            }
            _ => None,
        }
    }
}

/// A number of a date, and how many digits it was written with.
type Number = (u32, usize);

/// The date in the protocol's form: `2026-04-12`, `--04-12`, `2026-04` or
/// `2026`. None if the text is no date or one that does not exist.
///
/// The year 1604 stands for an unknown one, as Apple writes it.
pub(crate) fn parse(text: &str, order: DateOrder, years: Years, months: &Months) -> Option<String> {
    let text = text.trim();
    let (text, without_year) = text.strip_prefix("--").map_or((text, false), |rest| (rest, true));
    let (numbers, month) = split(before_time(text), months)?;
    match (month, &numbers[..]) {
        (Some(month), &[a, b]) if a.1 == 4 => full(b.0, month, years.year(a)?),
        (Some(month), &[a, b]) => full(a.0, month, years.year(b)?),
        (Some(month), &[year]) if year.1 == 4 => year_month(year.0, month),
        (Some(month), &[day]) => without(month, day.0),
        (None, &[(number, 4)]) if without_year => without(number / 100, number % 100),
        (None, &[(number, 8)]) => full(number % 100, number / 100 % 100, years.year((number / 10_000, 4))?),
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
            _ if a.1 == 4 => full(c.0, b.0, years.year(a)?),
            DateOrder::DayMonthYear => full(a.0, b.0, years.year(c)?),
            DateOrder::MonthDayYear => full(b.0, a.0, years.year(c)?),
            DateOrder::YearMonthDay => full(c.0, b.0, years.year(a)?),
        },
        _ => None,
    }
}

/// A date that its parts give, which stand in columns of their own. None if
/// they do not give one that exists.
pub(crate) fn of_parts(year: &str, month: &str, day: &str, years: Years, months: &Months) -> Option<String> {
    let number = |text: &str| text.parse::<u32>().ok();
    let whole_year = || years.year((number(year)?, year.len()));
    let month = if month.is_empty() { None } else { Some(number(month).or_else(|| months.number(month))?) };
    let day = if day.is_empty() { None } else { Some(number(day)?) };
    match (month, day) {
        (Some(month), Some(day)) if year.is_empty() => without(month, day),
        (Some(month), Some(day)) => full(day, month, whole_year()?),
        (Some(month), None) => year_month(number(year)?, month),
        (None, None) => {
            number(year).filter(|year| (1..=9999).contains(year)).map(|year| format!("{year:04}"))
        }
        (None, Some(_)) => None,
    }
}

/// The order that a date can only have been written in, and nothing if it
/// could be several or has none. With a year of two digits, `12/04/05` could
/// be any, and `85-04-12` one.
pub(crate) fn order_shown(text: &str) -> Option<DateOrder> {
    let text = before_time(text.trim());
    let (numbers, month) = split(text, &Months::default())?;
    let (first, second) = match (month, &numbers[..]) {
        (None, &[(32..=99, 2), (1..=12, _), (1..=31, _)]) => return Some(DateOrder::YearMonthDay),
        (None, &[first, second, (_, 4) | (32..=99, 2)]) => (first, second),
        (None, &[first, second, (_, 2)]) if text.contains('.') => (first, second),
        (None, &[first, second]) if second.1 < 3 => (first, second),
        _ => return None,
    };
    match (first.0, second.0) {
        _ if first.1 > 2 => None,
        (13..=31, 1..=12) => Some(DateOrder::DayMonthYear),
        (1..=12, 13..=31) => Some(DateOrder::MonthDayYear),
        // Nobody writes the month first and a dot behind it.
        (1..=12, 1..=12) if text.contains('.') => Some(DateOrder::DayMonthYear),
        _ => None,
    }
}

/// Whether a text that stands for a date says that there is none: `0/0/00`.
pub(crate) fn is_none(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric() || c == '0')
}

/// The text before a time of day: `1985-04-12T00:00:00Z`, `4/12/1985 0:00`.
fn before_time(text: &str) -> &str {
    match text.split_once('T') {
        Some((date, _)) if date.ends_with(|c: char| c.is_ascii_digit()) => return date,
        _ => {}
    }
    let time = text.find(':').and_then(|colon| text[..colon].rfind(' '));
    time.map_or(text, |start| &text[..start])
}

/// The numbers of a date, and its month if that is a word.
fn split(text: &str, months: &Months) -> Option<(Vec<Number>, Option<u32>)> {
    let (mut numbers, mut month) = (Vec::with_capacity(3), None);
    for token in text.split([' ', '.', ',', '/', '-', '\u{a0}']).filter(|token| !token.is_empty()) {
        let digits = token.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = token.split_at(digits);
        if digits > 0 && (rest.is_empty() || ORDINALS.contains(&rest)) {
            numbers.push((number.parse().ok()?, digits));
        } else if LINKS.contains(&token) && !numbers.is_empty() {
            // Nothing: the year or month comes yet.
        } else if month.is_none() {
            month = Some(months.number(token)?);
        } else {
            return None;
        }
    }
    Some((numbers, month))
}

fn full(day: u32, month: u32, year: u32) -> Option<String> {
    if year == 1604 {
        return without(month, day);
    }
    let exists = (1..=days_in(month, year)).contains(&day);
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
            ("1er janvier 1985", DayMonthYear, Some("1985-01-01")),
            ("5 de marzo de 1985", DayMonthYear, Some("1985-03-05")),
            ("March 3rd, 1985", DayMonthYear, Some("1985-03-03")),
            ("3rd of March", DayMonthYear, Some("--03-03")),
            ("4/12/1985 12:00:00 AM", MonthDayYear, Some("1985-04-12")),
            ("12.04.1985 0:00", DayMonthYear, Some("1985-04-12")),
            ("12:00", DayMonthYear, None),
            ("de 1985", DayMonthYear, None),
        ] {
            assert_eq!(
                parse(text, order, Years::Whole, &months()).as_deref(),
                expected,
                "{text:?} as {order:?}"
            );
        }
    }

    #[test]
    fn two_digits_are_a_year_of_birth_and_no_other() {
        for (text, order, expected) in [
            ("1.2.85", DayMonthYear, Some("1985-02-01")),
            ("1/2/85", MonthDayYear, Some("1985-01-02")),
            ("85-02-01", YearMonthDay, Some("1985-02-01")),
            ("85-02-01", DayMonthYear, None),
            ("1 Mar 85", DayMonthYear, Some("1985-03-01")),
            ("March 1, 04", DayMonthYear, Some("2004-03-01")),
            ("1.1.00", DayMonthYear, Some("2000-01-01")),
            ("31.12.25", DayMonthYear, Some("2025-12-31")),
            ("1.1.26", DayMonthYear, Some("1926-01-01")),
            ("29.2.00", DayMonthYear, Some("2000-02-29")),
            ("29.2.85", DayMonthYear, None),
            ("1.2.5", DayMonthYear, None),
            ("1.2.985", DayMonthYear, None),
        ] {
            let read = |years| parse(text, order, years, &months());
            assert_eq!(read(Years::OfBirth).as_deref(), expected, "{text:?} as {order:?}");
            assert_eq!(read(Years::Whole), None, "{text:?} as {order:?}");
        }
        let parts = |years| of_parts("85", "4", "12", years, &Months::default());
        assert_eq!((parts(Years::OfBirth).as_deref(), parts(Years::Whole)), (Some("1985-04-12"), None));
    }

    #[test]
    fn months_are_twelve() {
        assert!(Months::try_from(vec![vec!["Jan".to_owned()]]).is_err());
    }

    #[test]
    fn dates_in_columns_of_their_own() {
        for (year, month, day, expected) in [
            ("1985", "4", "12", Some("1985-04-12")),
            ("1985", "04", "", Some("1985-04")),
            ("1985", "", "", Some("1985")),
            ("", "April", "12", Some("--04-12")),
            ("", "2", "30", None),
            ("85", "4", "12", None),
            ("", "", "12", None),
            ("", "4", "", None),
            ("x", "4", "12", None),
        ] {
            let date = of_parts(year, month, day, Years::Whole, &Months::default());
            assert_eq!(date.as_deref(), expected, "{year:?} {month:?} {day:?}");
        }
    }

    #[test]
    fn the_order_is_told_by_values_that_allow_one_only() {
        for (text, expected) in [
            ("13/05/1985", Some(DayMonthYear)),
            ("05/13/1985", Some(MonthDayYear)),
            ("5-13-1985", Some(MonthDayYear)),
            ("05.06.1985", Some(DayMonthYear)),
            ("31.12.", Some(DayMonthYear)),
            ("31/12", Some(DayMonthYear)),
            ("5/31/1985 0:00", Some(MonthDayYear)),
            ("05/06/1985", None),
            ("32/05/1985", None),
            ("13/13/1985", None),
            ("1985-13-05", None),
            ("13 May 1985", None),
            ("13/1985", None),
            ("13/05/85", Some(DayMonthYear)),
            ("5/31/85", Some(MonthDayYear)),
            ("13/05/12", None),
            ("05.06.12", Some(DayMonthYear)),
            ("85-04-12", Some(YearMonthDay)),
            ("85-13-12", None),
            ("19850513", None),
            ("", None),
        ] {
            assert_eq!(order_shown(text), expected, "{text}");
        }
    }
}
