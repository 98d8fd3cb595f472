//! Where things stand with a person by what happened: the clock of keeping in touch.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::celebration;
use crate::core::cadence::{Cadence, Interval};
use crate::core::date::Birthday;
use crate::core::facts::{Direction, Interaction, Person, has_happened};
use crate::core::follow_up::Kind;
use crate::core::how::How;

/// After the first try without an answer.
const SECOND_TRY: Interval = Interval::weeks(2);
/// After the second, or after one ideal interval if that is shorter: whom one
/// means to talk to each fortnight is not left for six weeks. No sooner than
/// the second came after the first.
const THIRD_TRY: Interval = Interval::weeks(6);

/// Where things stand with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing has happened yet.
    New,
    /// They answered or both talked, and nothing was tried since.
    InTouch {
        /// The last time.
        on: Date,
        /// How; of several ways on that day the one that says most.
        how: How,
    },
    /// When it was time to be in touch the user sent what asks for no answer, a gift or a
    /// congratulation: that was their turn.
    Thought {
        /// When; the last time.
        of: Date,
        /// The last talk before it, and how it was, if there was any.
        last: Option<(Date, How)>,
    },
    /// The user reached out and waits for an answer.
    Waiting {
        /// The last try.
        since: Date,
        /// Which try comes next.
        next: Try,
        /// On how many days they were tried since the last answer: one before
        /// its time counts here, too, though it is no step towards the next.
        tries: usize,
    },
    /// Three tries without an answer: left alone for a while.
    Resting {
        /// The last try.
        since: Date,
        /// The birthday that ends the rest early.
        occasion: Option<Date>,
    },
}

/// A try after one without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Try {
    Second,
    Third,
}

impl Standing {
    /// Reads it off what has [`happened`]. A try is what asked for an answer: nobody owes
    /// one to a gift, nor to a congratulation. When it was time anyway, that was their turn;
    /// while something else is unanswered, it stands in for the try that was due.
    pub(super) fn of(person: &Person, cadence: Cadence, today: Date) -> Self {
        let past = || happened(person, today);
        let talked = |how: How| how.direction() != Direction::Outbound;
        let restart = past().filter(|i| talked(i.how)).max_by_key(|i| (i.day, Reverse(i.how)));
        let after = restart.map(|i| i.day);
        let mut tries: Vec<(Date, bool)> =
            past().filter(|i| !talked(i.how) && Some(i.day) > after).map(|i| (i.day, i.gift)).collect();
        // Of a day it is a gift only if nothing else was.
        tries.sort_unstable();
        tries.dedup_by_key(|(day, _)| *day);
        let start = restart.map_or(Self::New, |last| Self::InTouch { on: last.day, how: last.how });
        let (standing, _) = tries.into_iter().fold((start, 0), |(standing, tries), (day, gift)| {
            let is_celebrated = celebration::is_on(person, day);
            let has_time = standing.has_time(day, cadence);
            match standing {
                Self::Waiting { .. } | Self::Resting { .. } if is_celebrated && has_time => (standing, tries),
                Self::New | Self::InTouch { .. } | Self::Thought { .. } if gift || is_celebrated => {
                    let thought = Self::Thought { of: day, last: standing.talk() };
                    (if has_time { standing } else { thought }, tries)
                }
                _ => (standing.tried(day, tries + 1, cadence, person.birthday), tries + 1),
            }
        });
        standing
    }

    /// The last talk, if there was any, where nothing is unanswered.
    fn talk(self) -> Option<(Date, How)> {
        match self {
            Self::InTouch { on, how } => Some((on, how)),
            Self::Thought { last, .. } => last,
            Self::New | Self::Waiting { .. } | Self::Resting { .. } => None,
        }
    }

    /// Whether it is not yet time to be in touch again.
    fn has_time(self, day: Date, cadence: Cadence) -> bool {
        self.due(cadence).is_some_and(|due| day < due)
    }

    /// One more try, the one of that number since the last answer: the next
    /// rung if its time had come, else a fresh wait on the same one.
    fn tried(self, day: Date, tries: usize, cadence: Cadence, birthday: Option<Birthday>) -> Self {
        let in_time = self.due(cadence).is_some_and(|due| day >= due);
        let waiting = |next| Self::Waiting { since: day, next, tries };
        match self {
            Self::Waiting { next: Try::Second, .. } if in_time => waiting(Try::Third),
            Self::Waiting { next: Try::Third, .. } if in_time => Self::rest(day, cadence, birthday),
            Self::Waiting { next, .. } => waiting(next),
            Self::Resting { .. } if !in_time => Self::rest(day, cadence, birthday),
            Self::Resting { .. } | Self::Thought { .. } | Self::InTouch { .. } | Self::New => {
                waiting(Try::Second)
            }
        }
    }

    /// A birthday ends a rest early, though not sooner after the last try than
    /// one would be in touch anyway.
    fn rest(since: Date, cadence: Cadence, birthday: Option<Birthday>) -> Self {
        let occasion = birthday
            .and_then(|birthday| birthday.on_or_after(cadence.ideal.after(since)))
            .filter(|&day| day < cadence.latest.after(since));
        Self::Resting { since, occasion }
    }

    /// From which day on the next outreach is wanted; none for somebody never spoken to.
    pub(super) fn due(self, cadence: Cadence) -> Option<Date> {
        match self {
            Self::New => None,
            Self::InTouch { on: day, .. } | Self::Thought { of: day, .. } => Some(cadence.ideal.after(day)),
            Self::Waiting { since, next: Try::Second, .. } => Some(SECOND_TRY.after(since)),
            Self::Waiting { since, next: Try::Third, .. } => {
                Some(THIRD_TRY.min(cadence.ideal).max(SECOND_TRY).after(since))
            }
            Self::Resting { since, occasion } => {
                Some(occasion.unwrap_or_else(|| cadence.latest.after(since)))
            }
        }
    }

    /// The day of the fact that the next outreach springs from.
    pub(super) fn since(self) -> Option<Date> {
        match self {
            Self::New => None,
            Self::InTouch { on: day, .. }
            | Self::Thought { of: day, .. }
            | Self::Waiting { since: day, .. }
            | Self::Resting { since: day, .. } => Some(day),
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Waiting { .. } => Kind::SecondTry,
            Self::New | Self::InTouch { .. } | Self::Thought { .. } | Self::Resting { .. } => {
                Kind::KeepInTouch
            }
        }
    }
}

/// What has happened with somebody, as seen on the day `today`.
pub(super) fn happened(person: &Person, today: Date) -> impl Iterator<Item = &Interaction> {
    person.interactions.iter().filter(move |interaction| has_happened(interaction.day, today))
}

/// When they last talked, or the user heard from them.
pub(crate) fn last_contact(person: &Person, today: Date) -> Option<Date> {
    happened(person, today).filter(|i| i.how.direction() != Direction::Outbound).map(|i| i.day).max()
}

/// When the user last reached out to them, or both talked.
pub(super) fn last_outreach(person: &Person, today: Date) -> Option<Date> {
    happened(person, today).filter(|i| i.how.direction() != Direction::Inbound).map(|i| i.day).max()
}
