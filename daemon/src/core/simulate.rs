//! The days to come, played: who is asked for, who answers, and what becomes
//! of every tie.
//!
//! [`play`] lives day after day over facts and settings. Each morning a
//! [`Policy`] says whom to reach; the user does it or not; people answer or do
//! not, come by themselves, and are met by chance; promises and asks arise.
//! What happens by chance hangs on the seed, the person and the day alone, so
//! that two policies live through the same world, and the same seed gives the
//! same days.

mod chance;
mod ours;
mod record;
#[cfg(test)]
mod tests;
mod world;

use jiff::civil::Date;

pub use self::chance::Chance;
pub use self::ours::Ours;
pub use self::record::{CircleRecord, Record, Week};
use self::world::World;
use super::facts::{Facts, PersonId};
use super::follow_up::Kind;
use super::settings::Settings;

/// Somebody to reach out to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outreach {
    /// Whom.
    pub person: PersonId,
    /// What for.
    pub kind: Kind,
    /// The number of the intention that it is made for.
    pub intention: Option<i64>,
}

/// A rule that says whom to reach.
pub trait Policy {
    /// Whom to reach on the day `today`, given what is known by then. What it
    /// said before, it keeps itself.
    fn reach(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<Outreach>;
}

/// What a person does, which no policy is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// How likely they answer when reached out to.
    pub answers: f64,
    /// How likely they reach out by themselves, on a day.
    pub comes: f64,
    /// How likely they are met by chance, on a day.
    pub meets: f64,
}

/// What the user does, and what happens to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customs {
    /// How likely what the plan asks for on a day is done on it.
    pub does: f64,
    /// How likely a talk ends with a promise of the user's.
    pub promises: f64,
    /// How likely a day brings something to ask somebody for.
    pub asks: f64,
    /// The first and last day of a time away, known two weeks before.
    pub away: Option<(Date, Date)>,
}

/// What is played.
#[derive(Debug, Clone, Copy)]
pub struct Simulation<'a> {
    /// The user's settings.
    pub settings: &'a Settings,
    /// The habits of the people of the facts, in their order.
    pub habits: &'a [Habits],
    /// What the user does.
    pub customs: Customs,
    /// The seed.
    pub chance: Chance,
    /// The first day.
    pub today: Date,
    /// How many days.
    pub days: u32,
}

/// Plays the days, and says what came of them.
pub fn play(facts: Facts, simulation: Simulation<'_>, policy: &mut dyn Policy) -> Record {
    let mut world = World::new(facts, simulation);
    for _ in 0..simulation.days {
        if !world.day(policy) {
            break;
        }
    }
    world.record()
}
