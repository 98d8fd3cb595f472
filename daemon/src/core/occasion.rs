//! Occasions for a hello: New Year, and the user's own.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;

use super::cadence::Interval;
use super::state::State;
use super::word;

/// For how long before it begins an occasion is known to the plan.
const AHEAD: Interval = Interval::days(60);

/// A day that is an occasion for a hello to those one has not talked to for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Its number: `occasion.id` in the database.
    pub id: i64,
    /// What it is called: `New Year`.
    pub name: String,
    /// When it is; of a yearly one the first time.
    pub day: Date,
    /// Whether it comes each year.
    pub yearly: bool,
    /// Over how many days around it the people are spread.
    pub days: u16,
    /// Who is greeted.
    pub people: Greeted,
}

/// Who is greeted on an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Greeted {
    /// The dormant, and those who rest after three tries.
    Dormant,
    /// The cooling as well.
    Cooling,
    /// Those never spoken to.
    New,
    /// Everybody.
    All,
}

impl Greeted {
    /// Every one, with its name in the database and on the command line.
    const NAMES: [(Self, &str); 4] =
        [(Self::Dormant, "dormant"), (Self::Cooling, "cooling"), (Self::New, "new"), (Self::All, "all")];

    /// Whether somebody is who stands so on the day.
    #[must_use]
    pub fn is(self, state: State, rests: bool) -> bool {
        match self {
            Self::Dormant => rests || state == State::Dormant,
            Self::Cooling => rests || matches!(state, State::Cooling | State::Dormant),
            Self::New => state == State::New,
            Self::All => true,
        }
    }
}

impl fmt::Display for Greeted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Greeted {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// A text that does not say who is greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write dormant, cooling, new or all")
    }
}

impl std::error::Error for Unknown {}

impl Occasion {
    /// The same occasion on its day of this time, if its days are not over on `today`: of a
    /// yearly one the next time.
    #[must_use]
    pub fn next(&self, today: Date) -> Option<Self> {
        let years = today.year() - 1..=today.year() + 1;
        let again =
            years.filter_map(|year| in_year(self.day, year)).filter(|day| self.yearly && *day > self.day);
        let days = std::iter::once(self.day).chain(again);
        days.map(|day| Self { day, ..self.clone() }).find(|next| next.last() >= today)
    }

    /// Whether the plan of `today` is to know it.
    #[must_use]
    pub fn is_near(&self, today: Date) -> bool {
        AHEAD.before(self.first()) <= today && today <= self.last()
    }

    /// Whether a day is one of its days.
    #[must_use]
    pub fn is_on(&self, day: Date) -> bool {
        (self.first()..=self.last()).contains(&day)
    }

    /// The first of its days: as many are before it as after it.
    #[must_use]
    pub fn first(&self) -> Date {
        self.day.saturating_sub(Span::new().days(i32::from(self.days) / 2))
    }

    /// The last of its days.
    #[must_use]
    pub fn last(&self) -> Date {
        self.first().saturating_add(Span::new().days(i32::from(self.days) - 1))
    }
}

/// 29 February is 28 February in common years.
fn in_year(day: Date, year: i16) -> Option<Date> {
    Date::new(year, day.month(), day.day()).or_else(|_| Date::new(year, day.month(), day.day() - 1)).ok()
}

/// The next day on or after `today` of an occasion that everybody knows by its name.
#[must_use]
pub fn known(name: &str, today: Date) -> Option<Date> {
    let (month, day) = match name.trim().to_lowercase().as_str() {
        "new year" | "new year's day" => (1, 1),
        "christmas" => (12, 25),
        _ => return None,
    };
    [today.year(), today.year() + 1]
        .into_iter()
        .filter_map(|year| Date::new(year, month, day).ok())
        .find(|day| *day >= today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn new_year() -> Occasion {
        Occasion {
            id: 1,
            name: "New Year".to_owned(),
            day: date(2027, 1, 1),
            yearly: true,
            days: 10,
            people: Greeted::Dormant,
        }
    }

    #[test]
    fn whom_it_is_for_has_one_name() {
        for (greeted, name) in Greeted::NAMES {
            assert_eq!((greeted.to_string().as_str(), name.parse()), (name, Ok(greeted)));
        }
        assert_eq!("them".parse::<Greeted>(), Err(Unknown));
        assert!(Greeted::Dormant.is(State::Warm, true) && !Greeted::Dormant.is(State::Cooling, false));
    }

    #[test]
    fn it_has_days_around_it_and_comes_again() {
        let day = |today| new_year().next(today).map(|next| next.day);
        assert_eq!((new_year().first(), new_year().last()), (date(2026, 12, 27), date(2027, 1, 5)));
        assert_eq!(day(date(2026, 11, 23)), Some(date(2027, 1, 1)));
        assert_eq!(day(date(2027, 1, 5)), Some(date(2027, 1, 1)));
        assert_eq!(day(date(2027, 1, 6)), Some(date(2028, 1, 1)));
        assert_eq!(day(date(2020, 1, 6)), Some(date(2027, 1, 1)), "not before the first time");
        let once = Occasion { yearly: false, ..new_year() };
        assert_eq!(once.next(date(2027, 1, 6)), None);
        assert!(once.is_near(date(2026, 11, 23)) && !once.is_near(date(2026, 10, 23)));
        assert_eq!(known("new year", date(2026, 11, 23)), Some(date(2027, 1, 1)));
        assert_eq!(known("Easter", date(2026, 11, 23)), None);
    }
}
