//! Settings and pauses in the form that planning asks them in.

use std::collections::HashMap;

use jiff::civil::{Date, Weekday};

use crate::core::cadence::Cadence;
use crate::core::date::number;
use crate::core::facts::{Facts, Pause, Person, PersonId};
use crate::core::settings::{OTHERS, Settings};

/// What people are told apart by before anything else: the closer circle comes
/// first, newcomers come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// By closeness: 0 is the closest circle.
    Circle(usize),
    /// People never spoken to.
    Newcomer,
}

/// A circle of the settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle<'a> {
    pub(super) name: &'a str,
    pub(super) cadence: Cadence,
}

pub(super) struct Rules<'a> {
    /// Closest first: by ideal, latest, and name.
    pub(super) circles: Vec<Circle<'a>>,
    by_name: HashMap<&'a str, usize>,
    others: usize,
    pub(super) per_day: usize,
    pub(super) per_week: usize,
    /// The share of a week's places for circles left out, in millionths.
    shared: u64,
    weekdays: &'a [Weekday],
    general: Vec<&'a Pause>,
    own: HashMap<PersonId, Vec<(i64, i64)>>,
    /// When they are not even congratulated.
    silent: HashMap<PersonId, Vec<(i64, i64)>>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(facts: &'a Facts, settings: &'a Settings) -> Self {
        let mut circles: Vec<Circle<'a>> = settings
            .circles
            .iter()
            .map(|(name, circle)| Circle { name, cadence: circle.cadence() })
            .collect();
        if !settings.circles.contains_key(OTHERS) {
            circles.push(Circle { name: OTHERS, cadence: settings.cadence(None) });
        }
        circles.sort_by_key(|circle| (circle.cadence.ideal, circle.cadence.latest, circle.name));
        let by_name: HashMap<&str, usize> =
            circles.iter().enumerate().map(|(at, circle)| (circle.name, at)).collect();
        let (general, personal): (Vec<&Pause>, Vec<&Pause>) =
            facts.pauses.iter().partition(|pause| pause.person.is_none());
        let (mut own, mut silent): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (person, pause) in personal.into_iter().filter_map(|pause| Some((pause.person?, pause))) {
            let from = number(pause.from);
            own.entry(person).or_default().push((from, number(pause.until)));
            silent.entry(person).or_default().push((from, number(pause.silent_until())));
        }
        Self {
            others: by_name.get(OTHERS).copied().unwrap_or(0),
            circles,
            by_name,
            per_day: usize::from(settings.budget.per_day),
            per_week: usize::from(settings.budget.per_week),
            shared: millionths(settings.budget.shared),
            weekdays: &settings.budget.weekdays,
            general,
            own,
            silent,
        }
    }

    /// The place of a person's circle by closeness; one that is not named counts as [`OTHERS`].
    pub(super) fn circle(&self, person: &Person) -> usize {
        person.circle.as_deref().map_or(self.others, |name| self.circle_named(name))
    }

    pub(super) fn circle_named(&self, name: &str) -> usize {
        self.by_name.get(name).copied().unwrap_or(self.others)
    }

    /// Whether outreaches are planned on that day at all.
    pub(super) fn plans_on(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday())
            && !self.general.iter().any(|pause| (pause.from..=pause.until).contains(&day))
    }

    /// The first day on or after `day` that no pause of their own covers.
    pub(super) fn unpaused(&self, person: PersonId, day: i64) -> i64 {
        self.own.get(&person).map_or(day, |own| first_outside(own, day))
    }

    /// Whether somebody is to be congratulated, should their birthday be that day.
    pub(super) fn celebrates(&self, person: &Person, day: Date) -> bool {
        let day_number = number(day);
        let is_silent = |spans: &Vec<(i64, i64)>| first_outside(spans, day_number) != day_number;
        person.comfort.allows(day) && !self.silent.get(&person.id).is_some_and(is_silent)
    }

    /// How many of the places of the week with that number (counted from the
    /// first day of all) go to circles left out: fractions add up over weeks.
    pub(super) fn shared_places(&self, week: i64) -> usize {
        let places = self.per_week.min(self.per_day * self.weekdays.len());
        let upto = |week: i64| {
            let week = u64::try_from(week).unwrap_or(0);
            week * self.shared * u64::try_from(places).unwrap_or(0) / 1_000_000
        };
        usize::try_from(upto(week + 1) - upto(week)).unwrap_or(0)
    }
}

/// The first day on or after `day` that is in none of the `spans`, which are
/// numbers of first and last days.
pub(super) fn first_outside(spans: &[(i64, i64)], mut day: i64) -> i64 {
    while let Some(&(_, until)) = spans.iter().find(|&&(from, until)| from <= day && day <= until) {
        day = until + 1;
    }
    day
}

/// Fractions of a place are counted in integers, so that no week depends on rounding.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a million")]
fn millionths(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1_000_000.0).round() as u64
}
