//! Days on which nothing is planned, as kith.toml names them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// A holiday of the user's own: `12-25` of every year, or `2026-12-31` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holiday {
    /// On that day of every year; 29 February only in years that have it.
    Yearly {
        /// From 1.
        month: i8,
        /// From 1.
        day: i8,
    },
    /// On that day.
    Once(Date),
}

impl Holiday {
    /// Whether it falls on `day`.
    #[must_use]
    pub fn is_on(self, date: Date) -> bool {
        match self {
            Self::Yearly { month, day } => (date.month(), date.day()) == (month, day),
            Self::Once(day) => day == date,
        }
    }
}

/// A text that names no holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAHoliday(String);

impl fmt::Display for NotAHoliday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a holiday; write \"12-25\" for every year, or a day such as \"2026-12-31\"",
            self.0
        )
    }
}

impl FromStr for Holiday {
    type Err = NotAHoliday;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NotAHoliday(text.to_owned());
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        match text.split_once('-') {
            Some((month, day)) if two_digits(month) && two_digits(day) => {
                let (month, day) = (month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?);
                // 2000 was a leap year.
                Date::new(2000, month, day).map_err(|_| bad())?;
                Ok(Self::Yearly { month, day })
            }
            _ if text.len() == "2026-12-31".len() => text.parse().map(Self::Once).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl<'de> Deserialize<'de> for Holiday {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_holiday_is_a_day_of_every_year_or_one_day() {
        for (text, day, is) in [
            ("12-25", date(2026, 12, 25), true),
            ("12-25", date(2031, 12, 25), true),
            ("12-25", date(2026, 12, 24), false),
            ("2026-12-31", date(2026, 12, 31), true),
            ("2026-12-31", date(2027, 12, 31), false),
            ("02-29", date(2028, 2, 29), true),
            ("02-29", date(2027, 2, 28), false),
        ] {
            assert_eq!(text.parse::<Holiday>().unwrap().is_on(day), is, "{text} {day}");
        }
        for bad in
            ["", "12-32", "02-30", "13-01", "1-1", "25.12.", "Christmas", "2026-02-29", "2026-1-1", "+1-01"]
        {
            assert!(bad.parse::<Holiday>().is_err(), "{bad}");
        }
    }
}
