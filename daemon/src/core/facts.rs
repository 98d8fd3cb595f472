//! What the plan knows: people, what happened with them, and pauses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::cadence::{Cadence, Interval};
use super::date::Birthday;
use super::goal::Goal;
use super::how::How;
use super::intention::Intention;
use super::introduction::Introduction;
use super::occasion::Occasion;
use super::pause::Why;
use super::preference::Ease;
use super::settings::Settings;

#[cfg(test)]
pub(crate) mod samples;

/// The number of a person: `contact.id` in the database, never used again for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Everything the plan is a function of, besides the rules and the day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The people who may be planned. Organisations, the archived, the user's
    /// own card and records that wait for a review are not among them.
    pub people: Vec<Person>,
    /// Times in which nothing but dates is planned.
    pub pauses: Vec<Pause>,
    /// What the user means to do: all that is open, and what ended this week.
    pub intentions: Vec<Intention>,
    /// The goals that are running: neither ended nor over.
    pub goals: Vec<Goal>,
    /// Those that ended, or are over, within the last year.
    pub past_goals: Vec<Goal>,
    /// The occasions that are near, on their day of this time.
    pub occasions: Vec<Occasion>,
    /// Introductions: all that are under way, and what ended this week.
    pub introductions: Vec<Introduction>,
    /// What the user's calendars say of the days.
    pub days: Days,
}

/// What the user's calendars say of the days, as far as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    /// Holidays, besides those of the settings.
    pub holidays: BTreeSet<Date>,
    /// For how many minutes of the day the user is busy.
    pub busy: BTreeMap<Date, u32>,
}

/// A person, as far as the plan is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name shown.
    pub name: String,
    /// The circle the user put them in.
    pub circle: Option<String>,
    /// Their own ideal interval, where it differs from the circle's.
    pub ideal: Option<Interval>,
    /// Their own at-the-latest interval, where it differs from the circle's.
    pub latest: Option<Interval>,
    /// Whether the user wants to be asked to get in touch.
    pub comfort: Comfort,
    /// Their birthday.
    pub birthday: Option<Birthday>,
    /// Other days of theirs that come each year, with what each is: their wedding.
    pub dates: Vec<(String, Birthday)>,
    /// What happened, in any order.
    pub interactions: Vec<Interaction>,
    /// How easy the user finds it to talk to them, if they said.
    pub ease: Option<Ease>,
    /// Whether the user added them by hand, and no address book has them: only such
    /// people may have been met for the first time.
    pub by_hand: bool,
    /// How well they are known (fields, sources, own labels): newcomers enter best known first.
    pub known: u32,
}

impl Person {
    /// How often to be in touch with them: their own intervals, else their circle's.
    #[must_use]
    pub fn cadence(&self, settings: &Settings) -> Cadence {
        self.cadence_within(settings.cadence(self.circle.as_deref()))
    }

    /// Their own intervals over those of their `circle`.
    #[must_use]
    pub fn cadence_within(&self, circle: Cadence) -> Cadence {
        circle.own(self.ideal, self.latest)
    }
}

/// Whether the user wants to be asked to get in touch with somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comfort {
    /// Yes.
    Yes,
    /// Not before the given day.
    NotNow {
        /// The first day on which they may be planned again.
        until: Date,
    },
    /// Never: no follow-up, no feed entry, no suggestion.
    Never,
}

impl Comfort {
    /// For how long somebody who is `not-now` is left alone where no date is said.
    pub const NOT_NOW: Interval = Interval::months(3);

    /// Whether somebody may be planned for `day`.
    #[must_use]
    pub fn allows(self, day: Date) -> bool {
        match self {
            Self::Yes => true,
            Self::NotNow { until } => day >= until,
            Self::Never => false,
        }
    }
}

/// Something that happened between the user and a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interaction {
    /// When.
    pub day: Date,
    /// How, and with that who reached whom.
    pub how: How,
    /// Whether the user noted it at most two days later, and no letter of that
    /// day after it: only such a meeting is thanked for, and no imported one.
    pub fresh: bool,
    /// Whether the user gave something with it, or thanked for what they received: such
    /// a message asks for no answer.
    pub gift: bool,
}

/// Whether what is dated `day` has happened by `today`. Tomorrow's has: where it
/// was logged, before a flight west, the day had begun already. What is dated
/// later is a slip, or a plan of the user's own, and counts from its day on.
#[must_use]
pub fn has_happened(day: Date, today: Date) -> bool {
    // The first decides nearly always, and much faster: the plan asks this of every talk again and again.
    day <= today || today.tomorrow().is_ok_and(|tomorrow| day == tomorrow)
}

/// Who reached whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// They reached the user: restarts the clock.
    Inbound,
    /// The user tried to reach them: the user now waits for an answer.
    Outbound,
    /// Both talked: restarts the clock.
    Both,
}

/// A time in which no outreach is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// For whom; everybody if nobody is named.
    pub person: Option<PersonId>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Why.
    pub why: Why,
}

impl Pause {
    /// Whether the pause keeps `person` from being planned for `day`.
    #[must_use]
    pub fn covers(&self, person: PersonId, day: Date) -> bool {
        self.person.is_none_or(|only| only == person) && (self.from..=self.until).contains(&day)
    }

    /// The last day on which it keeps the person from being congratulated, too.
    /// Who put off or let go what was asked on one day did not mean a birthday
    /// on a later one.
    #[must_use]
    pub fn silent_until(&self) -> Date {
        match self.why {
            Why::Pause => self.until,
            Why::Snooze | Why::Skip => self.from,
        }
    }
}
