//! What the user means to do with somebody that is not owed on a day: an ask,
//! an offer, a reminder of what they promised, a step towards a goal, a hello
//! on an occasion.

use jiff::civil::Date;

use super::rules::Rules;
use super::standing::{Standing, last_outreach};
use crate::core::cadence::{Cadence, Interval};
use crate::core::facts::Person;
use crate::core::follow_up::Kind;
use crate::core::goal::Goal;
use crate::core::intention::{Aim, Intention};
use crate::core::introduction::Step;
use crate::core::occasion::Occasion;

/// How long before its day an offer is wanted.
const OFFER_BEFORE: Interval = Interval::days(14);
/// After a contact in which it was not done, a wish waits so long.
const AGAIN_AFTER: Interval = Interval::days(7);
/// How long after its day they are reminded of what they promised, first.
const NUDGE_AFTER: Interval = Interval::days(3);
/// And again so long after each contact.
const NUDGE_EVERY: Interval = Interval::weeks(2);
/// How long after two people were introduced to ask what became of it.
const LOOK_BACK_AFTER: Interval = Interval::weeks(4);

/// And a step towards a goal so long after each contact.
const STEP_AFTER: Interval = Interval::weeks(2);

/// What an outreach may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For<'a> {
    /// What the user means to do with them.
    Intention(&'a Intention),
    /// A step towards a goal, after so many talks in its time.
    Goal(&'a Goal, usize),
    /// A hello on an occasion.
    Occasion(&'a Occasion),
}

/// Something that an outreach may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish<'a> {
    pub(super) what: For<'a>,
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
        let (intentions, step) = (rules.intentions(person.id), rules.step(person.id));
        if intentions.is_empty() && step.is_none() {
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
            let wish = |wanted, until| Wish { what: For::Intention(intention), wanted, until };
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
                // To introduce somebody is to give: it is not held back.
                Aim::Introduction(Step::Consent | Step::ConsentTo) => {
                    wishes.open.push(wish(entered.max(again(outreach)), None));
                }
                Aim::Introduction(Step::LookBack) => {
                    wishes.open.push(wish(LOOK_BACK_AFTER.after(entered).max(again(outreach)), None));
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
        // Whoever has not answered is tried again in their own time.
        wishes.open.extend(step.filter(|step| !is_waiting || matches!(step.what, For::Occasion(_))).map(
            |step| {
                let clock = standing.due(cadence);
                let near = clock.filter(|&day| step.what.begins().is_some_and(|begins| day >= begins));
                let after =
                    outreach.filter(|_| matches!(step.what, For::Goal(..))).map(|day| STEP_AFTER.after(day));
                Wish {
                    wanted: near
                        .map_or(step.wanted, |day| day.min(step.wanted))
                        .max(after.unwrap_or(Date::MIN)),
                    ..*step
                }
            },
        ));
        wishes.open.sort_by_key(|wish| (wish.kind(), wish.wanted, wish.number()));
        wishes
    }
}

impl For<'_> {
    /// From which day on the clock may bring a step about earlier; before that, and on
    /// occasions, the step has the say: who was due long ago is asked for in its turn.
    fn begins(self) -> Option<Date> {
        match self {
            Self::Goal(goal, _) => Some(goal.from),
            Self::Intention(_) | Self::Occasion(_) => None,
        }
    }
}

impl Wish<'_> {
    /// Whether it may be done on `day`, being wanted by another one.
    pub(super) fn may_be(&self, day: Date, wanted_by: Date) -> bool {
        self.wanted <= wanted_by && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the clock, which comes round on `day`, asks for the outreach as well.
    pub(super) fn heeds(&self, day: Date) -> bool {
        !self.kind().is_step() || self.what.begins().is_some_and(|begins| day >= begins)
    }

    /// What is meant to be done, if that is what it is.
    pub(super) fn intention(&self) -> Option<&Intention> {
        match self.what {
            For::Intention(intention) => Some(intention),
            For::Goal(..) | For::Occasion(_) => None,
        }
    }

    /// What it is, in the user's words.
    pub(super) fn words(&self) -> &str {
        match self.what {
            For::Intention(intention) => &intention.what,
            For::Goal(goal, _) => &goal.what,
            For::Occasion(occasion) => &occasion.name,
        }
    }

    fn number(&self) -> i64 {
        match self.what {
            For::Intention(intention) => intention.id,
            For::Goal(goal, _) => goal.id,
            For::Occasion(occasion) => occasion.id,
        }
    }

    /// The intention's number; they are reminded again and again of what they
    /// promised, so that has the day, too.
    pub(super) fn cycle(&self) -> String {
        match self.what {
            For::Intention(intention)
                if matches!(intention.aim, Aim::TheirPromise | Aim::Introduction(Step::Reminder)) =>
            {
                format!("{} {}", intention.cycle(), self.wanted)
            }
            For::Intention(intention) => intention.cycle(),
            For::Goal(goal, talks) => format!("{} {talks}", goal.id),
            For::Occasion(occasion) => format!("{} {}", occasion.id, occasion.day.year()),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.what {
            For::Goal(..) => Kind::Goal,
            For::Occasion(_) => Kind::Occasion,
            For::Intention(intention) => match intention.aim {
                Aim::Promise => Kind::Promise,
                Aim::TheirPromise => Kind::Nudge,
                Aim::Ask => Kind::Ask,
                Aim::Congratulate => Kind::Congratulate,
                Aim::Send => Kind::Send,
                Aim::Invite => Kind::Invite,
                Aim::Accompany => Kind::Accompany,
                Aim::Introduction(_) => Kind::Introduction,
            },
        }
    }
}
