//! What the user wants to reach: so many of something by a day.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::date::{number, spoken};
use super::facts::{Direction, Facts, PersonId, has_happened};
use super::follow_up::FollowUp;
use super::settings::Settings;
use super::word;

/// Something the user wants to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Its number: `goal.id` in the database.
    pub id: i64,
    /// What, in one sentence: `12 conversations in climate tech`.
    pub what: String,
    /// Why, in the user's words.
    pub why: Option<String>,
    /// How many.
    pub number: u32,
    /// Of what.
    pub counts: Counts,
    /// With whom it can be reached.
    pub among: Among,
    /// The first day that counts.
    pub from: Date,
    /// The last day that counts.
    pub until: Date,
    /// Who supports the user in it.
    pub supporter: Option<PersonId>,
    /// When the user ended it, and how.
    pub ended: Option<(Date, Ending)>,
}

/// With whom a goal can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Among {
    /// The circle that they are in, if one is named.
    pub circle: Option<String>,
    /// The text that finds them, if one is named.
    pub query: Option<String>,
    /// Who they are; of no account if neither is named.
    pub people: BTreeSet<PersonId>,
}

impl Among {
    /// Whether it can be reached with anybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.circle.is_none() && self.query.is_none()
    }

    /// Whether it can be reached with that person.
    #[must_use]
    pub fn has(&self, person: PersonId) -> bool {
        self.is_everybody() || self.people.contains(&person)
    }
}

/// What a goal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counts {
    /// Days on which the user talked with somebody.
    Conversations,
    /// People the user talked with.
    People,
    /// What the user asked for, the refused too.
    Asks,
    /// Introductions that were made.
    Introductions,
    /// What the user gave.
    Offers,
}

impl Counts {
    /// Every one, with its name in the database and on the command line.
    const NAMES: [(Self, &str); 5] = [
        (Self::Conversations, "conversations"),
        (Self::People, "people"),
        (Self::Asks, "asks"),
        (Self::Introductions, "introductions"),
        (Self::Offers, "offers"),
    ];

    /// Whether the plan can have steps towards it: whom to talk to next.
    #[must_use]
    pub fn has_steps(self) -> bool {
        matches!(self, Self::Conversations | Self::People)
    }

    /// So many of it: `1 conversation`, `3 people`.
    #[must_use]
    pub fn so_many(self, count: u32) -> String {
        if count == 1 { format!("1 {}", self.one()) } else { format!("{count} {self}") }
    }

    /// One of it.
    fn one(self) -> &'static str {
        match self {
            Self::Conversations => "conversation",
            Self::People => "person",
            Self::Asks => "ask",
            Self::Introductions => "introduction",
            Self::Offers => "offer",
        }
    }

    /// What a word of a sentence names: `introductions`, `Introduction,`.
    #[must_use]
    pub fn in_word(word: &str) -> Option<Self> {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let found = Self::NAMES.iter().find(|(counts, name)| word == *name || word == counts.one());
        found.map(|(counts, _)| *counts)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Counts {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// How the user ended a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// They say that it is reached.
    Reached,
    /// It is over, as far as they came.
    Ended,
    /// It was let go.
    LetGo,
}

impl Ending {
    /// Every one, with its name in the database and in JSON.
    const NAMES: [(Self, &str); 3] =
        [(Self::Reached, "reached"), (Self::Ended, "ended"), (Self::LetGo, "let-go")];
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Ending {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// A text that names nothing that goals count, nor how they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write conversations, people, asks, introductions or offers")
    }
}

impl std::error::Error for Unknown {}

/// Something that was done and may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deed {
    /// When.
    pub day: Date,
    /// With whom.
    pub person: PersonId,
    /// What.
    pub act: Act,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// They talked.
    Talked,
    /// The user asked for something.
    Asked,
    /// The user made an introduction, or was introduced.
    Introduced,
    /// The user gave something.
    Gave,
}

/// The talks that the facts have by `today`.
pub fn talks(facts: &Facts, today: Date) -> impl Iterator<Item = Deed> {
    facts.people.iter().flat_map(move |person| {
        let talks = person
            .interactions
            .iter()
            .filter(move |i| i.how.direction() == Direction::Both && has_happened(i.day, today));
        talks.map(|i| Deed { day: i.day, person: person.id, act: Act::Talked })
    })
}

impl Goal {
    /// Whether it is to be reached still, on the day `today`.
    #[must_use]
    pub fn is_running(&self, today: Date) -> bool {
        self.ended.is_none() && today <= self.until
    }

    /// The days of what counts towards it, one each, in order.
    #[must_use]
    pub fn counted(&self, deeds: impl Iterator<Item = Deed>) -> Vec<Date> {
        let wanted = match self.counts {
            Counts::Conversations | Counts::People => Act::Talked,
            Counts::Asks => Act::Asked,
            Counts::Introductions => Act::Introduced,
            Counts::Offers => Act::Gave,
        };
        // Of one day with one person one thing counts.
        let found: BTreeSet<Deed> = deeds
            .filter(|deed| deed.act == wanted && self.among.has(deed.person))
            .filter(|deed| (self.from..=self.until).contains(&deed.day))
            .collect();
        let mut known = BTreeSet::new();
        let first = |deed: &&Deed| self.counts != Counts::People || known.insert(deed.person);
        found.iter().filter(first).map(|deed| deed.day).collect()
    }

    /// Whether an outreach that is planned is a step towards it: one that was planned for
    /// a goal, or the ordinary turn of somebody with whom a talk counts.
    #[must_use]
    pub fn has_step(&self, planned: &FollowUp, deeds: impl Iterator<Item = Deed>) -> bool {
        let (person, day) = (planned.key.person, planned.day);
        let days = self.from..=self.until;
        let is_turn = planned.key.kind.is_talk();
        let is_named = !self.among.is_everybody() && self.among.has(person);
        let mut talks = deeds.filter(|deed| deed.act == Act::Talked && days.contains(&deed.day));
        let is_new = self.counts != Counts::People || !talks.any(|deed| deed.person == person);
        is_turn && is_named && is_new && self.counts.has_steps() && days.contains(&day)
    }

    /// The day on which it was reached by itself: what counts came to its number.
    #[must_use]
    pub fn reached_on(&self, counted: &[Date]) -> Option<Date> {
        usize::try_from(self.number).ok()?.checked_sub(1).and_then(|last| counted.get(last)).copied()
    }

    /// How many there would be on the day `today`, were they spread evenly.
    #[must_use]
    pub fn expected(&self, today: Date) -> u32 {
        let days = i128::from(number(self.until) - number(self.from) + 1);
        let gone = i128::from(number(today) - number(self.from)).clamp(0, days);
        u32::try_from(i128::from(self.number) * gone / days).unwrap_or(self.number)
    }

    /// One sentence that says what the user is after: what, why, until when.
    #[must_use]
    pub fn sentence(&self) -> String {
        let why = self.why.as_deref().map_or_else(String::new, |why| format!(" \u{2013} {why}"));
        format!("{}{why} (by {})", self.what, spoken(self.until))
    }
}

/// How a goal fits into the budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// How many a week it needs, in tenths, rounded up.
    pub needs: u32,
    /// How many a week there is room for, beside the circles and earlier goals, in tenths.
    pub room: u32,
    /// With how many people it can be reached; none if with anybody.
    pub people: Option<usize>,
}

impl Fit {
    /// How `goal` fits, of which there are `done` already, from `today` on.
    ///
    /// Steps of goals get at most half of a week's places. What goals need that were
    /// there before is taken off, but not for one that has no room itself: so a goal that
    /// once fitted goes on to fit, whatever is wanted besides. Days in a pause of
    /// everybody's, and those on which nothing is planned, do not count.
    #[must_use]
    pub fn of(goal: &Goal, done: u32, facts: &Facts, settings: &Settings, today: Date) -> Self {
        let budget = &settings.budget;
        let weekdays = u32::try_from(budget.weekdays.len()).unwrap_or(7);
        let places = u32::from(budget.per_week).min(u32::from(budget.per_day) * weekdays);
        let mut before: Vec<_> =
            facts.goals.iter().filter(|other| other.id < goal.id && other.counts.has_steps()).collect();
        before.sort_by_key(|other| other.id);
        let room = before.into_iter().fold(steps_a_week(places) * 10, |room, other| {
            room.checked_sub(needs(other, 0, facts, settings, today)).unwrap_or(room)
        });
        Self {
            needs: needs(goal, done, facts, settings, today),
            room,
            people: (!goal.among.is_everybody()).then_some(goal.among.people.len()),
        }
    }

    /// Whether it can be done.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.needs <= self.room
    }
}

/// How many of a week's places may be steps towards goals, and of occasions.
#[must_use]
pub fn steps_a_week(places: u32) -> u32 {
    places.div_ceil(2)
}

/// How many a week a goal needs, in tenths.
fn needs(goal: &Goal, done: u32, facts: &Facts, settings: &Settings, today: Date) -> u32 {
    let weekdays = &settings.budget.weekdays;
    let is_open = |day: &Date| {
        let mut pauses = facts.pauses.iter().filter(|pause| pause.person.is_none());
        weekdays.contains(&day.weekday()) && !pauses.any(|pause| (pause.from..=pause.until).contains(day))
    };
    let first = goal.from.max(today);
    let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
    // Ten years at most: who plans further has time.
    let open = days.take_while(|day| *day <= goal.until).take(3660).filter(is_open).count();
    let left = u64::from(goal.number.saturating_sub(done));
    let a_week = u64::try_from(weekdays.len()).unwrap_or(7);
    let open = u64::try_from(open).unwrap_or(u64::MAX);
    match open {
        0 if left > 0 => u32::MAX,
        0 => 0,
        open => u32::try_from((left * a_week * 10).div_ceil(open)).unwrap_or(u32::MAX),
    }
}

/// Tenths as they are said: `1.3`, `2`.
#[must_use]
pub fn tenths(count: u32) -> String {
    match count % 10 {
        0 => (count / 10).to_string(),
        rest => format!("{}.{rest}", count / 10),
    }
}

#[cfg(test)]
mod tests;
