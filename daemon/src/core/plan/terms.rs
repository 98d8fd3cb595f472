//! What a plan was made on, and what of it is continued when that changes.

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;

use super::rules::first_outside;
use crate::core::date::number;
use crate::core::facts::{Comfort, Facts, PersonId, has_happened};
use crate::core::follow_up::Published;
use crate::core::settings::{Budget, Settings, Temperament};

/// How the line with the day begins.
const MADE_ON: &str = "made on ";

/// The terms that a plan is made on, besides what happened with people: the day,
/// the budget, general pauses, and for how long the user leaves whom alone.
///
/// What is published says neither why it is not earlier, nor which pauses
/// there were that are lifted by now. So the terms are stored with it, as the
/// text that they are shown as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The day it is made on.
    today: Date,
    /// Budget and general pauses, in one line.
    general: String,
    /// Who is left alone, from the first of the days to the last.
    alone: Vec<(PersonId, Date, Date)>,
}

impl Terms {
    /// The terms of a plan on these facts and settings, made on the day `today`.
    #[must_use]
    pub fn of(facts: &Facts, settings: &Settings, today: Date) -> Self {
        let mut pauses = Vec::new();
        let mut alone = Vec::new();
        for pause in &facts.pauses {
            match pause.person {
                None => pauses.push((pause.from, pause.until)),
                Some(person) => alone.push((person, pause.from, pause.until)),
            }
        }
        alone.extend(facts.people.iter().filter_map(|person| match person.comfort {
            Comfort::NotNow { until } => Some((person.id, Date::MIN, until.yesterday().ok()?)),
            Comfort::Yes | Comfort::Never => None,
        }));
        pauses.sort_unstable();
        alone.sort_unstable();
        // Holidays are none of them: what one is in the way of moves on, and the rest keeps its day.
        let Budget { per_day, per_week, shared, weekdays, .. } = &settings.budget;
        let budget = format!(
            "Budget {{ per_day: {per_day}, per_week: {per_week}, shared: {shared:?}, weekdays: {weekdays:?} }}"
        );
        let temperament = match settings.profile.temperament {
            Temperament::Any => String::new(),
            other => format!(" {other:?}"),
        };
        let practice = if settings.profile.practice { " Practice" } else { "" };
        Self { today, general: format!("{budget} {pauses:?}{temperament}{practice}"), alone }
    }

    /// What of a plan that was published on the terms `before` is continued.
    ///
    /// On another budget or with other general pauses only what is settled
    /// counts: what a pause put off that is lifted comes back, and a larger
    /// budget is used. Of somebody who was to be left alone on a day to come,
    /// and is not any more, a follow-up on a later day is planned anew. Of a
    /// plan made on a day to come, while the clock was ahead, nothing is left but
    /// what is settled by now.
    #[must_use]
    pub fn continued(&self, before: Option<&str>, mut published: Vec<Published>) -> Vec<Published> {
        let before = before.unwrap_or_default();
        let made_on = before.lines().find_map(|line| line.strip_prefix(MADE_ON)?.parse::<Date>().ok());
        let is_right = made_on.is_none_or(|day| has_happened(day, self.today));
        let mut lines = before.lines();
        let same = lines.next() == Some(&self.general);
        let mut alone: HashMap<PersonId, Vec<(i64, i64)>> = HashMap::new();
        for &(person, from, until) in &self.alone {
            alone.entry(person).or_default().push((number(from), number(until)));
        }
        let mut released: HashMap<PersonId, i64> = HashMap::new();
        for (person, from, until) in lines.filter_map(left_alone) {
            let first = number(from.max(self.today));
            let first = alone.get(&person).map_or(first, |alone| first_outside(alone, first));
            if first <= number(until) {
                released.entry(person).and_modify(|day| *day = first.min(*day)).or_insert(first);
            }
        }
        let put_off =
            |row: &Published| released.get(&row.key.person).is_some_and(|&day| day < number(row.day));
        published.retain(|row| match row.settled {
            Some(day) => has_happened(day, self.today),
            None => same && is_right && !put_off(row),
        });
        published
    }
}

/// Reads a line that says who is left alone; none if it says something else.
fn left_alone(line: &str) -> Option<(PersonId, Date, Date)> {
    let (person, days) = line.split_once(' ')?;
    let (from, until) = days.split_once(' ')?;
    Some((PersonId(person.parse().ok()?), from.parse().ok()?, until.parse().ok()?))
}

impl fmt::Display for Terms {
    /// A line in general, one with the day, and one for each time in which somebody is left alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{MADE_ON}{}", self.general, self.today)?;
        self.alone.iter().try_for_each(|(person, from, until)| write!(f, "\n{person} {from} {until}"))
    }
}
