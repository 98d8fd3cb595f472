//! How much room a day leaves for outreaches, by what the user's calendars have on it.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// From so many busy minutes on a day has half of its budget.
const HALF: u32 = 4 * 60;
/// From so many on it has none.
const NONE: u32 = 7 * 60;

/// How full a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Less than four busy hours: the day's whole budget.
    Light,
    /// Less than seven: half of it, rounded up.
    Half,
    /// Seven or more: none of it.
    Full,
}

impl Load {
    /// The load of a day with so many busy minutes.
    #[must_use]
    pub fn of(minutes: u32) -> Self {
        match minutes {
            ..HALF => Self::Light,
            HALF..NONE => Self::Half,
            NONE.. => Self::Full,
        }
    }

    /// What is left of a day's budget.
    #[must_use]
    pub fn places(self, per_day: usize) -> usize {
        match self {
            Self::Light => per_day,
            Self::Half => per_day.div_ceil(2),
            Self::Full => 0,
        }
    }
}

/// Busy minutes as they are said: `5 h`, `4 h 30 min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours(pub u32);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.0 / 60, self.0 % 60);
        match (hours, minutes) {
            (hours, 0) => write!(f, "{hours} h"),
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

/// Minutes in a day.
const DAY: u32 = 24 * 60;

/// A part of a day, in minutes from its beginning: from the first, up to the second.
pub type Minutes = (u32, u32);

/// Reads a span of time as the importer of calendars tells it, `FROM/UNTIL`: two
/// moments, two times where the user is, or two days of which the second does
/// not belong to it. Gives it on the clock of `zone`; none if it is no span.
#[must_use]
pub fn span(text: &str, zone: &TimeZone) -> Option<(DateTime, DateTime)> {
    let (from, until) = text.split_once('/')?;
    let moment = |text: &str| -> Option<DateTime> {
        if text.len() == "2026-11-30".len() {
            return text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0));
        }
        match text.parse::<Timestamp>() {
            Ok(moment) => Some(moment.to_zoned(zone.clone()).datetime()),
            Err(_) => text.parse().ok(),
        }
    };
    let (from, until) = (moment(from)?, moment(until)?);
    (from < until).then_some((from, until))
}

/// Adds what a span takes of each of its days that is in `within`.
pub fn add(
    days: &mut BTreeMap<Date, Vec<Minutes>>,
    (from, until): (DateTime, DateTime),
    within: (Date, Date),
) {
    let minute = |at: DateTime| {
        let minutes = i32::from(at.hour()) * 60 + i32::from(at.minute());
        u32::try_from(minutes).unwrap_or(0)
    };
    let mut day = from.date().max(within.0);
    while day <= until.date() && day <= within.1 {
        let begins = if day == from.date() { minute(from) } else { 0 };
        let ends = if day == until.date() { minute(until) } else { DAY };
        if begins < ends {
            days.entry(day).or_default().push((begins, ends));
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
}

/// Parts of a day put together: none overlaps another.
#[must_use]
pub fn joined(mut parts: Vec<Minutes>) -> Vec<Minutes> {
    parts.sort_unstable();
    let mut joined: Vec<Minutes> = Vec::with_capacity(parts.len());
    for (from, until) in parts {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined
}

/// How many minutes parts of a day take together; what overlaps counts once.
#[must_use]
pub fn minutes(parts: Vec<Minutes>) -> u32 {
    joined(parts).into_iter().map(|(from, until)| until.saturating_sub(from)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spans_take_minutes_of_the_users_days() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (text, expected) in [
            ("2026-11-24T09:00:00Z/2026-11-24T10:30:00Z", "24:600-690"),
            ("2026-11-24T22:30:00Z/2026-11-25T00:00:00Z", "24:1410-1440 25:0-60"),
            ("2026-11-24T09:00:00/2026-11-24T10:00:00", "24:540-600"),
            ("2026-11-24/2026-11-26", "24:0-1440 25:0-1440"),
            ("2026-11-20/2026-11-23", "22:0-1440"),
            ("2026-11-24T10:00:00Z/2026-11-24T09:00:00Z", ""),
            ("2026-11-24", ""),
            ("soon/later", ""),
        ] {
            let mut days = BTreeMap::new();
            if let Some(span) = span(text, &berlin) {
                add(&mut days, span, (date(2026, 11, 22), date(2026, 11, 30)));
            }
            let parts = days
                .iter()
                .flat_map(|(day, parts)| parts.iter().map(move |(a, b)| format!("{}:{a}-{b}", day.day())));
            assert_eq!(parts.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
        assert_eq!(minutes(vec![(600, 660), (540, 610), (700, 710)]), 130);
    }

    #[test]
    fn a_busy_day_has_half_of_its_budget_and_a_full_one_none() {
        for (hours, per_day, places) in
            [(0.0, 3, 3), (3.9, 3, 3), (4.0, 3, 2), (6.9, 1, 1), (7.0, 3, 0), (24.0, 9, 0)]
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hours")]
            let minutes = (hours * 60.0) as u32;
            assert_eq!(Load::of(minutes).places(per_day), places, "{hours} hours, {per_day} a day");
        }
        let said = [0, 45, 60, 270].map(|minutes| Hours(minutes).to_string());
        assert_eq!(said, ["0 h", "45 min", "1 h", "4 h 30 min"]);
    }
}
