//! Intervals in calendar units, and the cadence of a circle or a person.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Span};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A length of time in calendar units: `30 days`, `2 weeks`, `2 months`, `1 year`.
///
/// Months and years are calendar units: 31 January and one month is the last
/// day of February. Written `30d`, `2w`, `2mo`, `1y` for short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    count: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// Days in the mean (Gregorian) unit, times 10,000 to stay in integers.
    fn myriadays(self) -> u64 {
        match self {
            Self::Day => 10_000,
            Self::Week => 70_000,
            Self::Month => 304_369,
            Self::Year => 3_652_425,
        }
    }
}

/// The longest interval, in years: longer than a life's planning, short enough for every date to exist.
const MOST_YEARS: u16 = 100;

impl Interval {
    /// So many days.
    #[must_use]
    pub const fn days(count: u16) -> Self {
        Self { count, unit: Unit::Day }
    }

    /// So many weeks.
    #[must_use]
    pub const fn weeks(count: u16) -> Self {
        Self { count, unit: Unit::Week }
    }

    /// So many calendar months.
    #[must_use]
    pub const fn months(count: u16) -> Self {
        Self { count, unit: Unit::Month }
    }

    /// The date one interval after `date`, the day clamped to the month's end;
    /// the last date there is if that lies beyond it.
    #[must_use]
    pub fn after(self, date: Date) -> Date {
        match self.hours() {
            Some(hours) => date.saturating_add(hours),
            None => date.saturating_add(self.span()),
        }
    }

    /// The date one interval before `date`.
    #[must_use]
    pub fn before(self, date: Date) -> Date {
        match self.hours() {
            Some(hours) => date.saturating_sub(hours),
            None => date.saturating_sub(self.span()),
        }
    }

    /// The interval's mean length in ten-thousandths of a day: for comparing
    /// intervals and for waiting relative to one, where no date is at hand.
    #[must_use]
    pub fn myriadays(self) -> u64 {
        u64::from(self.count) * self.unit.myriadays()
    }

    /// A quarter of the interval's mean length, in whole days.
    #[must_use]
    pub fn quarter_in_days(self) -> u16 {
        u16::try_from(self.myriadays() / 40_000).unwrap_or(u16::MAX)
    }

    /// Twice the interval, in its unit; the longest there is, if that is longer.
    #[must_use]
    pub fn doubled(self) -> Self {
        let twice = Self { count: self.count.saturating_mul(2), ..self };
        twice.min(Self { count: MOST_YEARS, unit: Unit::Year })
    }

    /// The length of so many days or weeks: it is added to a date three times as
    /// fast as a span is, and a plan of 10,000 people does so 100,000 times.
    fn hours(self) -> Option<SignedDuration> {
        let days = match self.unit {
            Unit::Day => i64::from(self.count),
            Unit::Week => i64::from(self.count) * 7,
            Unit::Month | Unit::Year => return None,
        };
        Some(SignedDuration::from_hours(days * 24))
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Day => Span::new().days(count),
            Unit::Week => Span::new().weeks(count),
            Unit::Month => Span::new().months(count),
            Unit::Year => Span::new().years(count),
        }
    }
}

impl PartialOrd for Interval {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Interval {
    /// By mean length, so `4 weeks` is less than `1 month`; equal lengths by unit.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |i: &Self| (i.myriadays(), i.unit as u8);
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        };
        let s = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {unit}{s}", self.count)
    }
}

/// A text is not an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnInterval(String);

impl fmt::Display for NotAnInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an interval; write a number and a unit, such as 30d, 2w, 2mo, 1y or \"2 months\" (at most {MOST_YEARS} years)",
            self.0
        )
    }
}

impl std::error::Error for NotAnInterval {}

impl FromStr for Interval {
    type Err = NotAnInterval;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NotAnInterval(text.to_owned());
        let trimmed = text.trim();
        let split = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let (count, unit) = trimmed.split_at(split);
        let unit = match unit.trim().to_ascii_lowercase().as_str() {
            "d" | "day" | "days" => Unit::Day,
            "w" | "week" | "weeks" => Unit::Week,
            "mo" | "m" | "month" | "months" => Unit::Month,
            "y" | "year" | "years" => Unit::Year,
            _ => return Err(bad()),
        };
        let count = count.parse().ok().filter(|&n| n > 0).ok_or_else(bad)?;
        let interval = Self { count, unit };
        let longest = Self { count: MOST_YEARS, unit: Unit::Year };
        if interval.myriadays() > longest.myriadays() { Err(bad()) } else { Ok(interval) }
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// How often one wants to be in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// When a talk would be nice again.
    pub ideal: Interval,
    /// When it should have happened at the latest; never shorter than `ideal`.
    pub latest: Interval,
}

impl Cadence {
    /// Somebody's own intervals over these, of their circle.
    ///
    /// An ideal interval of their own that is longer than the circle's latest
    /// one stretches it, so that `latest` is never the shorter.
    #[must_use]
    pub fn own(self, ideal: Option<Interval>, latest: Option<Interval>) -> Self {
        let ideal = ideal.unwrap_or_else(|| latest.map_or(self.ideal, |latest| latest.min(self.ideal)));
        Self { ideal, latest: latest.unwrap_or(self.latest).max(ideal) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn intervals_are_read_and_shown() {
        for (text, shown) in [
            ("30d", "30 days"),
            ("1 day", "1 day"),
            ("2w", "2 weeks"),
            ("2 Months", "2 months"),
            ("2mo", "2 months"),
            ("6m", "6 months"),
            (" 1y ", "1 year"),
        ] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(interval.to_string(), shown);
            assert_eq!(shown.parse::<Interval>().unwrap(), interval);
        }
        for bad in ["", "30", "d", "0d", "-2d", "1.5w", "2 fortnights", "99999d", "101y", "65000y"] {
            assert!(bad.parse::<Interval>().is_err(), "{bad}");
        }
    }

    #[test]
    fn intervals_are_doubled_up_to_the_longest() {
        for (text, doubled) in
            [("30d", "60 days"), ("1 month", "2 months"), ("60y", "100 years"), ("36500d", "100 years")]
        {
            assert_eq!(text.parse::<Interval>().unwrap().doubled().to_string(), doubled);
        }
    }

    #[test]
    fn months_end_with_the_month() {
        let january = date(2027, 1, 31);
        assert_eq!(Interval::months(1).after(january), date(2027, 2, 28));
        assert_eq!(Interval::months(2).after(january), date(2027, 3, 31));
        assert_eq!(Interval::months(12).after(date(2028, 2, 29)), date(2029, 2, 28));
        assert_eq!(Interval::days(9).after(Date::MAX), Date::MAX);
    }

    #[test]
    fn intervals_are_ordered_by_length() {
        let mut all: Vec<Interval> =
            ["1y", "4 weeks", "1 month", "28d", "2w"].iter().map(|t| t.parse().unwrap()).collect();
        all.sort();
        let shown: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["2 weeks", "28 days", "4 weeks", "1 month", "1 year"]);
    }
}
