//! Why somebody is left alone for a while, and until when.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::cadence::Interval;
use super::date::spoken;
use super::facts::{Pause, PersonId};
use super::word;

/// Why nobody is to be asked to get in touch for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A time off: holidays, an illness.
    Pause,
    /// A follow-up was put off to a later day.
    Snooze,
    /// A follow-up was let go; the next comes an ideal interval later.
    Skip,
}

impl Why {
    /// Every reason, with its name in the database.
    const NAMES: [(Self, &str); 3] = [(Self::Pause, "pause"), (Self::Snooze, "snooze"), (Self::Skip, "skip")];
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Why {
    type Err = UnknownWhy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(UnknownWhy)
    }
}

/// A text that names no reason for leaving somebody alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWhy;

/// Until when somebody may be left alone at most: what is further away is a
/// slip in the year, or meant for good.
const LONGEST: Interval = Interval::months(10 * 12);

/// The last day until which anybody may be left alone, seen from `today`.
#[must_use]
pub fn horizon(today: Date) -> Date {
    LONGEST.after(today)
}

/// The day after the last one of a pause; the last day of all has none.
#[must_use]
pub fn day_after(last: Date) -> Date {
    last.tomorrow().unwrap_or(last)
}

/// A pause in words that stay true: `snoozed, back on 30 November 2026`.
///
/// A pause is told with its days, for it is a time off. All are told with the
/// day of return, and none with `until`, which could be that day or the last.
#[must_use]
pub fn in_words(why: Why, from: Date, until: Date) -> String {
    let word = participle(why);
    let days = match why {
        Why::Pause if from == until => format!(" on {}", spoken(from)),
        Why::Pause => format!(" from {} to {}", spoken(from), spoken(until)),
        Why::Snooze | Why::Skip => String::new(),
    };
    format!("{word}{days}, back on {}", spoken(day_after(until)))
}

/// What somebody is of whom that was decided.
#[must_use]
pub fn participle(why: Why) -> &'static str {
    match why {
        Why::Pause => "paused",
        Why::Snooze => "snoozed",
        Why::Skip => "skipped",
    }
}

/// The first day on or after `day` on which no pause keeps `person` from being
/// planned; none if there is no such day.
#[must_use]
pub fn back_on(pauses: &[Pause], person: PersonId, mut day: Date) -> Option<Date> {
    while let Some(pause) = pauses.iter().find(|pause| pause.covers(person, day)) {
        day = pause.until.tomorrow().ok()?;
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reasons_have_one_name_each() {
        for (why, name) in Why::NAMES {
            assert_eq!(why.to_string(), name);
            assert_eq!(name.parse(), Ok(why));
        }
        assert_eq!("nap".parse::<Why>(), Err(UnknownWhy));
    }

    #[test]
    fn a_pause_is_told_with_the_day_of_return() {
        let (from, until) = (date(2026, 11, 23), date(2026, 11, 29));
        for (why, until, told) in [
            (Why::Pause, until, "paused from 23 November 2026 to 29 November 2026, back on 30 November 2026"),
            (Why::Pause, from, "paused on 23 November 2026, back on 24 November 2026"),
            (Why::Snooze, until, "snoozed, back on 30 November 2026"),
            (Why::Skip, until, "skipped, back on 30 November 2026"),
            (Why::Snooze, Date::MAX, "snoozed, back on 31 December 9999"),
        ] {
            assert_eq!(in_words(why, from, until), told);
        }
    }

    #[test]
    fn somebody_is_back_when_no_pause_is_left() {
        let pause = |person: Option<i64>, from, until| Pause {
            person: person.map(PersonId),
            from,
            until,
            why: Why::Pause,
        };
        let pauses = [
            pause(Some(1), date(2026, 11, 23), date(2026, 11, 29)),
            pause(None, date(2026, 11, 30), date(2026, 12, 6)),
            pause(Some(2), date(2026, 12, 7), date(2026, 12, 31)),
            pause(Some(3), date(2026, 11, 23), Date::MAX),
        ];
        for (person, day, back) in [
            (1, date(2026, 11, 22), Some(date(2026, 11, 22))),
            (1, date(2026, 11, 23), Some(date(2026, 12, 7))),
            (2, date(2026, 11, 23), Some(date(2026, 11, 23))),
            (2, date(2026, 12, 1), Some(date(2027, 1, 1))),
            (3, date(2026, 11, 23), None),
        ] {
            assert_eq!(back_on(&pauses, PersonId(person), day), back, "{person} on {day}");
        }
    }
}
