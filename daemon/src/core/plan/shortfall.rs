//! When the budget cannot keep everybody: what it can, said plainly.

use std::fmt;

use jiff::civil::Date;

use super::order::RATIO;
use super::rules::Rules;
use crate::core::cadence::Interval;
use crate::core::date::length;
use crate::core::facts::{Comfort, Facts};
use crate::core::settings::{Budget, Settings};

/// Of how many people a budget keeps how many, in the long run. Everybody is
/// taken to answer, and nobody to come by themselves: the one about makes up
/// for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// Places a week.
    pub places: u32,
    /// How many people there are to be in touch with.
    pub people: u32,
    /// How many of them are within their at-the-latest interval on a day.
    pub kept: u32,
    /// The circle that waits longest, and for how many days between two outreaches.
    pub waits: Option<(String, u32)>,
    /// With which larger budget more would be kept, and how many.
    pub more: Option<More>,
}

/// A larger budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct More {
    /// Places a day.
    pub per_day: u16,
    /// Places a week.
    pub per_week: u32,
    /// How many people are within their at-the-latest interval on a day with it.
    pub kept: u32,
}

/// What the budget is short of; none if it keeps everybody, or allows nothing.
#[must_use]
pub fn shortfall(facts: &Facts, settings: &Settings, today: Date) -> Option<Shortfall> {
    let kept = Kept::of(facts, settings, today)?;
    if kept.kept == kept.people {
        return None;
    }
    let days = u16::try_from(settings.budget.weekdays.len()).unwrap_or(7);
    let more = settings.budget.per_day.checked_add(1).and_then(|per_day| {
        let budget = Budget { per_day, per_week: per_day.saturating_mul(days), ..settings.budget.clone() };
        let per_week = places(&budget);
        let more = Kept::of(facts, &Settings { budget, ..settings.clone() }, today)?;
        Some(More { per_day, per_week, kept: more.kept }).filter(|more| more.kept > kept.kept)
    });
    Some(Shortfall {
        places: places(&settings.budget),
        people: kept.people,
        kept: kept.kept,
        waits: kept.waits,
        more,
    })
}

/// Places of the budget in a week.
fn places(budget: &Budget) -> u32 {
    let days = u32::try_from(budget.weekdays.len()).unwrap_or(7);
    u32::from(budget.per_week).min(u32::from(budget.per_day) * days)
}

/// What becomes of everybody in the long run.
struct Kept {
    people: u32,
    kept: u32,
    waits: Option<(String, u32)>,
}

impl Kept {
    /// None if the budget allows nothing.
    fn of(facts: &Facts, settings: &Settings, today: Date) -> Option<Self> {
        let rules = Rules::new(facts, settings, today);
        let most = count(rules.most_waiting.unsigned_abs()) / count(RATIO.unsigned_abs());
        let mut circles: Vec<Demand> =
            rules.circles.iter().map(|circle| Demand::new(circle.weight.unsigned_abs())).collect();
        for person in facts.people.iter().filter(|person| person.comfort != Comfort::Never) {
            let circle = rules.circle(person);
            let cadence = person.cadence_within(rules.circles[circle].cadence);
            circles[circle].add(days(cadence.ideal), days(cadence.latest));
        }
        let places = places(&settings.budget);
        if places == 0 {
            return None;
        }
        let stretches = stretches(&circles, f64::from(places) / 7.0, settings.budget.shared, most);
        let (mut kept, mut people) = (0.0, 0);
        let mut longest: Option<(&str, f64)> = None;
        for ((demand, stretch), circle) in circles.iter().zip(stretches).zip(&rules.circles) {
            let Some(wait) = demand.wait(stretch) else { continue };
            people += demand.ties.len();
            kept +=
                demand.ties.iter().map(|(ideal, latest)| (latest / (ideal * stretch)).min(1.0)).sum::<f64>();
            if longest.is_none_or(|(_, longest)| wait > longest) {
                longest = Some((circle.name, wait));
            }
        }
        let waits = longest.map(|(circle, days)| (circle.to_owned(), rounded(days)));
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        Some(Self { people, kept: rounded(kept), waits })
    }
}

/// What a circle asks for.
struct Demand {
    weight: f64,
    /// Everybody's ideal and at-the-latest intervals, in days.
    ties: Vec<(f64, f64)>,
    /// Outreaches a day if everybody had theirs at the ideal interval.
    a_day: f64,
}

impl Demand {
    fn new(weight: u64) -> Self {
        Self { weight: count(weight), ties: Vec::new(), a_day: 0.0 }
    }

    fn add(&mut self, ideal: f64, latest: f64) {
        self.ties.push((ideal, latest));
        self.a_day += 1.0 / ideal;
    }

    /// The days between two outreaches to somebody, if their ideal intervals are so many times as long.
    fn wait(&self, stretch: f64) -> Option<f64> {
        (!self.ties.is_empty()).then(|| stretch * count(self.ties.len() as u64) / self.a_day)
    }
}

/// How many times as long as the ideal interval it takes in each circle until
/// somebody comes round.
///
/// Who waits comes up when their waiting, in ideal intervals, times the weight
/// of their circle is what that of all others is who come up then. That is
/// found here, for so many places a day. A wait counts up to so many ideal
/// intervals: who would have to wait longer shares a part of the places.
fn stretches(circles: &[Demand], places: f64, shared: f64, most: f64) -> Vec<f64> {
    let asks = |circle: &&Demand| !circle.ties.is_empty();
    let mut served = circles.iter().filter(asks).count();
    let all = served;
    loop {
        let ranked: Vec<&Demand> = circles.iter().filter(asks).take(served).collect();
        let ours = if served < all { places * (1.0 - shared) } else { places };
        let needs = |pressing: f64, of: &[&Demand]| -> f64 {
            of.iter().map(|circle| circle.a_day / (pressing / circle.weight).max(1.0)).sum()
        };
        let last = ranked.last().copied();
        let ceiling = last.map_or(0.0, |last| most * last.weight);
        // Who is last takes what the closer ones leave when waiting counts no more.
        let left = ours - needs(ceiling, ranked.get(..served.saturating_sub(1)).unwrap_or_default());
        if served > 1 && left <= 0.0 {
            served -= 1;
            continue;
        }
        let pressing = if needs(ceiling, &ranked) > ours {
            ceiling
        } else {
            pressing(ours, ceiling, |p| needs(p, &ranked))
        };
        let others = places * shared / count((all - served) as u64).max(1.0);
        let mut at = 0;
        let stretch = |circle: &Demand| {
            if circle.ties.is_empty() {
                return 1.0;
            }
            at += 1;
            if at > served {
                return circle.a_day / others.max(f64::MIN_POSITIVE);
            }
            let own = (pressing / circle.weight).max(1.0);
            if at == served { own.max(circle.a_day / left.max(f64::MIN_POSITIVE)) } else { own }
        };
        return circles.iter().map(stretch).collect();
    }
}

/// How pressing it must be to come up, so that no more than so many a day do.
fn pressing(places: f64, ceiling: f64, needs: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, ceiling);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if needs(middle) > places { low = middle } else { high = middle }
    }
    high
}

fn days(interval: Interval) -> f64 {
    count(interval.myriadays().max(1)) / 10_000.0
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
fn rounded(number: f64) -> u32 {
    number.clamp(0.0, 4_000_000_000.0).round() as u32
}

impl fmt::Display for Shortfall {
    /// `In the long run, if all answer, your budget of 10 a week keeps about 130 of 1500 people within …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { places, people, kept, .. } = self;
        write!(
            f,
            "In the long run, if all answer, your budget of {places} a week keeps about {kept} of {people} people \
             within their at-the-latest interval."
        )?;
        match &self.waits {
            Some((circle, days)) if *days > 36_500 => {
                write!(f, " Somebody in {circle} hardly ever comes round.")?;
            }
            Some((circle, days)) => {
                write!(f, " Somebody in {circle} comes round about every {}.", length(*days))?;
            }
            None => {}
        }
        match self.more {
            Some(More { per_day, per_week, kept }) => {
                write!(
                    f,
                    " {per_day} a day and {per_week} a week would keep {kept}; so would longer intervals, or \
                     fewer people."
                )
            }
            None => write!(f, " Longer intervals or a larger budget would keep more."),
        }
    }
}
