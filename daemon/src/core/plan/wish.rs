//! What the user means to do with somebody that is not owed on a day: an ask,
//! an offer, a reminder of what they promised.

use jiff::civil::Date;

use super::rules::Rules;
use super::standing::{Standing, last_outreach};
use crate::core::cadence::{Cadence, Interval};
use crate::core::facts::Person;
use crate::core::follow_up::Kind;
use crate::core::intention::{Aim, Intention};
use crate::core::introduction::Step;

/// How long before its day an offer is wanted.
const OFFER_BEFORE: Interval = Interval::days(14);
/// After a contact in which it was not done, a wish waits so long.
const AGAIN_AFTER: Interval = Interval::days(7);
/// How long after its day they are reminded of what they promised, first.
const NUDGE_AFTER: Interval = Interval::days(3);
/// And again so long after each contact.
const NUDGE_EVERY: Interval = Interval::weeks(2);

/// Something that an outreach may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish<'a> {
    pub(super) intention: &'a Intention,
    /// From which day on it is wanted.
    pub(super) wanted: Date,
    /// After that day it is not planned any more.
    pub(super) until: Option<Date>,
}

/// What is meant to be done with somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wishes<'a> {
    /// What may be done.
    pub(super) open: Vec<Wish<'a>>,
    /// What may be asked once the tie is warm.
    pub(super) held: Option<&'a Intention>,
}

impl<'a> Wishes<'a> {
    /// What may be done with `person`, who stands so and was `last` in touch on that day.
    pub(super) fn of(
        person: &Person,
        rules: &Rules<'a>,
        standing: Standing,
        last: Option<Date>,
        cadence: Cadence,
        today: Date,
    ) -> Self {
        let mut wishes = Self::default();
        let intentions = rules.intentions(person.id);
        if intentions.is_empty() {
            return wishes;
        }
        let is_waiting = matches!(standing, Standing::Waiting { .. } | Standing::Resting { .. });
        let outreach = last_outreach(person, today);
        for &intention in intentions {
            let Intention { aim, by, entered, .. } = *intention;
            // Done or not, they were in touch: a while until the next time.
            let again = |contact: Option<Date>| {
                contact.filter(|&day| day > entered).map_or(entered, |day| AGAIN_AFTER.after(day))
            };
            let wish = |wanted, until| Wish { intention, wanted, until };
            match aim {
                Aim::Promise => {}
                Aim::Introduction(step) if step.is_owed() => {}
                Aim::Introduction(Step::Reminder) => {
                    let first = NUDGE_EVERY.after(entered);
                    match outreach.filter(|&day| day >= first) {
                        None => wishes.open.push(wish(first, None)),
                        // Asked again, and nothing was heard: no third time for that alone.
                        Some(_) if is_waiting => {}
                        Some(day) => wishes.open.push(wish(NUDGE_EVERY.after(day), None)),
                    }
                }
                Aim::TheirPromise if is_waiting => {}
                Aim::TheirPromise => {
                    let first = NUDGE_AFTER.after(by.unwrap_or_else(|| NUDGE_EVERY.after(entered)));
                    let since = outreach.filter(|&day| day >= first).map(|day| NUDGE_EVERY.after(day));
                    wishes.open.push(wish(since.unwrap_or(first), None));
                }
                Aim::Ask | Aim::Introduction(_) => {
                    let warm_until = last.filter(|_| !is_waiting).map(|day| cadence.latest.after(day));
                    let wanted = again(last);
                    match warm_until {
                        Some(until) if wanted.max(today) <= until => {
                            wishes.open.push(wish(wanted, Some(until)));
                        }
                        _ => wishes.held = wishes.held.or(Some(intention)),
                    }
                }
                Aim::Congratulate | Aim::Send | Aim::Invite | Aim::Accompany => {
                    let wanted = by.map_or(entered, |by| OFFER_BEFORE.before(by));
                    wishes.open.push(wish(wanted.max(again(outreach)), None));
                }
            }
        }
        wishes.open.sort_by_key(|wish| (wish.kind(), wish.wanted, wish.intention.id));
        wishes
    }
}

impl Wish<'_> {
    /// Whether it may be done on `day`, being wanted by another one.
    pub(super) fn may_be(&self, day: Date, wanted_by: Date) -> bool {
        self.wanted <= wanted_by && self.until.is_none_or(|until| day <= until)
    }

    /// The intention's number; they are reminded again and again of what they
    /// promised, so that has the day, too.
    pub(super) fn cycle(&self) -> String {
        match self.intention.aim {
            Aim::TheirPromise | Aim::Introduction(Step::Reminder) => {
                format!("{} {}", self.intention.cycle(), self.wanted)
            }
            _ => self.intention.cycle(),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.intention.aim {
            Aim::Promise => Kind::Promise,
            Aim::TheirPromise => Kind::Nudge,
            Aim::Ask => Kind::Ask,
            Aim::Congratulate => Kind::Congratulate,
            Aim::Send => Kind::Send,
            Aim::Invite => Kind::Invite,
            Aim::Accompany => Kind::Accompany,
            Aim::Introduction(_) => Kind::Introduction,
        }
    }
}
