//! Dates that may lack their year, and how dates are said.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use kith_plugin::date::MONTHS;

/// Labels of days that are there to be celebrated, as address books have them.
const CELEBRATED: [&str; 11] = [
    "anniversary",
    "birthday",
    "geburtstag",
    "hochzeit",
    "hochzeitstag",
    "jahrestag",
    "jubiläum",
    "name day",
    "namenstag",
    "wedding",
    "work anniversary",
];

/// Whether a day of somebody's that comes each year is one to be congratulated on. Of what people call a day
/// themselves nothing else can be known: it may be that of a death.
#[must_use]
pub fn is_celebrated(label: &str) -> bool {
    CELEBRATED.contains(&label.trim().to_lowercase().as_str())
}

/// A day of the year, with or without the year: a birthday.
///
/// Written `1985-04-12`, or `--04-12` when the year is not known (RFC 6350
/// section 4.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Birthday {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Birthday {
    /// The year of birth, if known.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        self.year
    }

    /// The month, from 1, and the day in it.
    #[must_use]
    pub fn month_and_day(self) -> (i8, i8) {
        (self.month, self.day)
    }

    /// The day it is celebrated in `year`: 29 February is 28 February in common
    /// years. None before somebody is born, as a card may say of a birth to come.
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Date> {
        if self.year.is_some_and(|born| year < born) {
            return None;
        }
        Date::new(year, self.month, self.day).or_else(|_| Date::new(year, self.month, self.day - 1)).ok()
    }

    /// The first celebration on or after `date`.
    #[must_use]
    pub fn on_or_after(self, date: Date) -> Option<Date> {
        self.in_year(date.year()).filter(|&d| d >= date).or_else(|| self.in_year(date.year().checked_add(1)?))
    }

    /// How old somebody becomes on their birthday in `year`, if the year of birth is known and past.
    #[must_use]
    pub fn age_in(self, year: i16) -> Option<i16> {
        self.year.map(|born| year - born).filter(|&age| age > 0)
    }

    /// The day of birth, if it is known to come after `today`.
    #[must_use]
    pub fn still_to_come(self, today: Date) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok().filter(|&born| born > today)
    }

    /// Whether two birthdays cannot be the same person's: another day, or two different years.
    #[must_use]
    pub fn contradicts(self, other: Self) -> bool {
        (self.month, self.day) != (other.month, other.day)
            || matches!((self.year, other.year), (Some(a), Some(b)) if a != b)
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

/// A text is not a birthday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotABirthday {
    text: String,
    /// Whether it is written as one.
    well_formed: bool,
}

impl fmt::Display for NotABirthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a birthday", self.text)?;
        if self.well_formed {
            return write!(f, ": there is no such day");
        }
        write!(f, "; write 1985-04-12, or --04-12 if the year is not known")
    }
}

impl std::error::Error for NotABirthday {}

impl FromStr for Birthday {
    type Err = NotABirthday;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NotABirthday { text: text.to_owned(), well_formed: false };
        let (year, rest) = match text.trim().strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (year, rest) = text.trim().split_once('-').ok_or_else(bad)?;
                if year.len() != 4 {
                    return Err(bad());
                }
                (Some(year.parse::<i16>().map_err(|_| bad())?), rest)
            }
        };
        let (month, day) = rest.split_once('-').ok_or_else(bad)?;
        if month.len() != 2 || day.len() != 2 {
            return Err(bad());
        }
        let (month, day) = (month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?);
        // 2000 was a leap year: without a year, 29 February is a birthday.
        Date::new(year.unwrap_or(2000), month, day)
            .map_err(|_| NotABirthday { well_formed: true, ..bad() })?;
        Ok(Self { year, month, day })
    }
}

/// The number of a day, counted from 1 January 1970: for differences between
/// very many dates.
#[must_use]
pub fn number(day: Date) -> i64 {
    day.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24
}

/// A date as it is said in a sentence that stays true: `3 October 2026`.
#[must_use]
pub fn spoken(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|m| MONTHS.get(m)).unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

/// A number of days as one says how long it takes: `20 months`.
#[must_use]
pub fn length(days: u32) -> String {
    let (count, unit) = match days {
        0..=20 => (days, "day"),
        21..=90 => ((days + 3) / 7, "week"),
        91..=1095 => ((days * 10 + 152) / 304, "month"),
        _ => ((days + 182) / 365, "year"),
    };
    if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn birthdays_are_read_and_shown() {
        for good in ["1985-04-12", "--04-12", "--02-29", "2000-02-29"] {
            assert_eq!(good.parse::<Birthday>().unwrap().to_string(), good);
        }
        for bad in
            ["", "1985", "1985-04", "1985-02-29", "--02-30", "12.4.1985", "--4-12", "85-04-12", "1985-04-12T"]
        {
            assert!(bad.parse::<Birthday>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_29th_of_february_is_the_28th_in_common_years() {
        let born: Birthday = "2000-02-29".parse().unwrap();
        assert_eq!(born.in_year(2027), Some(date(2027, 2, 28)));
        assert_eq!(born.in_year(2028), Some(date(2028, 2, 29)));
        assert_eq!(born.on_or_after(date(2027, 3, 1)), Some(date(2028, 2, 29)));
        assert_eq!(born.age_in(2028), Some(28));
        assert_eq!("--02-29".parse::<Birthday>().unwrap().age_in(2028), None);
    }

    #[test]
    fn nobody_is_congratulated_before_they_are_born() {
        let parse = |text: &str| text.parse::<Birthday>().unwrap();
        let today = date(2026, 11, 22);
        for (text, to_come, next) in [
            ("2026-11-22", false, Some(today)),
            ("2026-11-23", true, Some(date(2026, 11, 23))),
            ("2027-03-01", true, Some(date(2027, 3, 1))),
            ("2090-05-03", true, None),
            ("1985-05-03", false, Some(date(2027, 5, 3))),
            ("--11-23", false, Some(date(2026, 11, 23))),
        ] {
            assert_eq!(parse(text).still_to_come(today).is_some(), to_come, "{text}");
            assert_eq!(parse(text).on_or_after(today), next, "{text}");
        }
        assert_eq!(parse("2090-05-03").in_year(2089), None);
        assert_eq!(parse("2090-05-03").in_year(2090), Some(date(2090, 5, 3)));
    }

    #[test]
    fn only_facts_that_cannot_both_be_true_contradict() {
        let parse = |text: &str| text.parse::<Birthday>().unwrap();
        assert!(!parse("1985-04-12").contradicts(parse("--04-12")));
        assert!(parse("1985-04-12").contradicts(parse("1986-04-12")));
        assert!(parse("--04-12").contradicts(parse("--04-13")));
    }

    #[test]
    fn days_are_counted() {
        for (day, count) in [
            (date(1970, 1, 1), 0),
            (date(1969, 12, 31), -1),
            (date(2026, 11, 22), 20_779),
            (Date::MIN, -4_371_587),
            (Date::MAX, 2_932_896),
        ] {
            assert_eq!(number(day), count, "{day}");
        }
    }

    #[test]
    fn spoken_dates_are_absolute() {
        assert_eq!(spoken(date(2026, 10, 3)), "3 October 2026");
    }
}
