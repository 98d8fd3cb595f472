//! When the budget cannot keep everybody: what it can, said plainly.

use std::fmt;

use jiff::civil::Date;

use super::rules::Rules;
use crate::core::facts::{Comfort, Facts};
use crate::core::settings::{Budget, Settings};

/// Of how many people a budget keeps how many. Everybody is taken to answer,
/// and nobody to come by themselves: the one about makes up for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// Places a week.
    pub places: u32,
    /// How many people there are to be in touch with.
    pub people: u32,
    /// How many of them can be reached within their at-the-latest interval.
    pub kept: u32,
    /// The circle that waits longest, and for how many days between two outreaches.
    pub waits: Option<(String, u32)>,
    /// With how many a day more would be kept, and how many.
    pub more: Option<(u16, u32)>,
}

/// What the budget is short of; none if it keeps everybody, or allows nothing.
#[must_use]
pub fn shortfall(facts: &Facts, settings: &Settings, today: Date) -> Option<Shortfall> {
    let rules = Rules::new(facts, settings, today);
    let mut circles: Vec<Vec<f64>> = vec![Vec::new(); rules.circles.len()];
    for person in facts.people.iter().filter(|person| person.comfort != Comfort::Never) {
        let circle = rules.circle(person);
        let latest = person.cadence_within(rules.circles[circle].cadence).latest;
        circles[circle].push(70_000.0 / count(latest.myriadays().max(1)));
    }
    let people: usize = circles.iter().map(Vec::len).sum();
    let places = places(&settings.budget);
    let (kept, waits) = keeps(&circles, places, settings.budget.shared);
    if places == 0 || kept == people {
        return None;
    }
    let days = u16::try_from(settings.budget.weekdays.len()).unwrap_or(7);
    let more = settings.budget.per_day.checked_add(1).map(|per_day| {
        let budget = Budget { per_day, per_week: per_day.saturating_mul(days), ..settings.budget.clone() };
        (per_day, keeps(&circles, self::places(&budget), budget.shared).0)
    });
    Some(Shortfall {
        places,
        people: whole(people),
        kept: whole(kept),
        waits: waits.map(|(circle, days)| (rules.circles[circle].name.to_owned(), days)),
        more: more.map(|(a_day, kept)| (a_day, whole(kept))).filter(|(_, more)| *more > whole(kept)),
    })
}

/// Places of the budget in a week.
fn places(budget: &Budget) -> u32 {
    let days = u32::try_from(budget.weekdays.len()).unwrap_or(7);
    u32::from(budget.per_week).min(u32::from(budget.per_day) * days)
}

/// How many people so many places keep, given the places that each needs in a
/// week by circle, closest first; and the circle that waits longest, with the
/// days between two of its outreaches.
fn keeps(circles: &[Vec<f64>], places: u32, shared: f64) -> (usize, Option<(usize, u32)>) {
    let needed: f64 = circles.iter().flatten().sum();
    let places = f64::from(places);
    // Circles that would get none share some of the places.
    let mut left = if needed <= places { needed } else { places * (1.0 - shared) };
    let mut rest = Vec::new();
    let mut kept = 0;
    for (circle, people) in circles.iter().enumerate() {
        let mut needs = people.clone();
        needs.sort_by(f64::total_cmp);
        let within = needs.iter().take_while(|need| {
            left -= **need;
            left >= -1e-9
        });
        let within = within.count();
        kept += within;
        if within < people.len() {
            left = 0.0;
            rest.push((circle, people.len() - within));
        }
    }
    let turns = places * shared / count(rest.len() as u64).max(1.0);
    let days = |waiting: usize| if turns > 0.0 { 7.0 * count(waiting as u64) / turns } else { f64::MAX };
    let longest = rest.into_iter().map(|(circle, waiting)| (circle, days(waiting)));
    let longest = longest.max_by(|(_, a), (_, b)| a.total_cmp(b));
    (kept, longest.map(|(circle, days)| (circle, rounded(days))))
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within the bounds it is clamped to"
)]
fn rounded(days: f64) -> u32 {
    days.clamp(1.0, 365_000.0).round() as u32
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl fmt::Display for Shortfall {
    /// `Your budget of 10 a week keeps about 130 of 1500 people within …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { places, people, kept, .. } = self;
        write!(
            f,
            "Your budget of {places} a week keeps about {kept} of {people} people within their at-the-latest \
             interval, the closest first."
        )?;
        if let Some((circle, days)) = self.waits.as_ref().filter(|(_, days)| *days < 36_500) {
            write!(f, " Somebody in {circle} comes round about every {}.", length(*days))?;
        }
        match self.more {
            Some((a_day, more)) => {
                write!(f, " {a_day} a day would keep {more}; so would longer intervals, or fewer people.")
            }
            None => write!(f, " Longer intervals or a larger budget would keep more."),
        }
    }
}

/// A number of days as one says it: `20 months`.
fn length(days: u32) -> String {
    let (count, unit) = match days {
        0..=20 => (days, "day"),
        21..=90 => ((days + 3) / 7, "week"),
        91..=1095 => ((days * 10 + 152) / 304, "month"),
        _ => ((days + 182) / 365, "year"),
    };
    if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
}
