//! What the user means to do with somebody that is not owed on a day: an ask,
//! an offer, a reminder of what they promised, a first hello to somebody just
//! met, a step towards a goal, a hello on an occasion.

use jiff::civil::Date;

use super::owed::just_met;
use super::rules::Rules;
use super::rungs::Rungs;
use super::standing::{Standing, last_outreach};
use crate::core::cadence::{Cadence, Interval};
use crate::core::facts::{Pause, Person};
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
/// So many days after it was wanted the user is asked for it again where it was left undone; then each month.
const NUDGE_AFTER_THAT: [u16; 3] = [0, 7, 21];
/// How long after two people were introduced to ask what became of it.
const LOOK_BACK_AFTER: Interval = Interval::weeks(4);

/// From so many days after a first meeting on a first hello is wanted,
const HELLO_AFTER: Interval = Interval::days(1);
/// and until then: later it would be odd.
const HELLO_UNTIL: Interval = Interval::weeks(4);
/// And a step towards a goal, or a hello on an occasion, so long after each
/// contact, whoever began it.
const STEP_AFTER: Interval = Interval::weeks(2);

/// What is wanted within so long is one outreach; no longer than one would be
/// in touch anyway.
const TOGETHER: Interval = Interval::days(14);

/// What an outreach may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For<'a> {
    /// What the user means to do with them.
    Intention(&'a Intention),
    /// A first hello to somebody met for the first time on that day.
    FirstHello(Date),
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
    /// From which day on it goes along with an outreach that is planned for something else, though
    /// it is not wanted yet; none if it waits until it is.
    pub(super) along: Option<Date>,
}

/// What is meant to be done with somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wishes<'a> {
    /// What may be done.
    pub(super) open: Vec<Wish<'a>>,
    /// What may be asked once the tie is warm.
    pub(super) held: Option<&'a Intention>,
    /// A step towards a goal, or a hello on an occasion, that is wanted later than
    /// they are anyway: their ordinary turn counts for the goal, too, and nobody is put off.
    pub(super) later: Option<Wish<'a>>,
}

impl<'a> Wishes<'a> {
    /// What may be done from `day` on with `person`, who stands so, as seen on the day `today`, and was
    /// `last` in touch on that day.
    pub(super) fn of(
        person: &Person,
        rules: &Rules<'a>,
        standing: Standing,
        last: Option<Date>,
        cadence: Cadence,
        today: Date,
        day: Date,
    ) -> Self {
        let mut wishes = Self::default();
        let (intentions, step) = (rules.intentions(person.id), rules.step(person.id));
        let hello = just_met(person, rules, today).filter(|&met| HELLO_UNTIL.after(met) >= day);
        wishes.open.extend(hello.map(|met| Wish {
            what: For::FirstHello(met),
            wanted: HELLO_AFTER.after(met),
            until: Some(HELLO_UNTIL.after(met)),
            along: None,
        }));
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
            let wish = |wanted, until| Wish { what: For::Intention(intention), wanted, until, along: None };
            // What has a day is done on it or before, and before a pause that it is in.
            let last_day = by.map(|by| rules.last_working_day(by).filter(|&last| last >= day).unwrap_or(by));
            let until = by.map(|by| rules.last_chance(intention, day, by).unwrap_or(by));
            let in_time = |wanted: Date| until.map_or(wanted, |until| wanted.min(until));
            let is_past = by.is_some_and(|by| rules.is_past(intention, by, day));
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
                    let promised = by.unwrap_or_else(|| NUDGE_EVERY.after(entered));
                    let first = NUDGE_AFTER.after(promised);
                    let again = outreach.filter(|&day| day >= first).map(|day| NUDGE_EVERY.after(day));
                    // Its day has passed, and they were not asked lately: who is reached anyway is asked.
                    let asked = outreach.filter(|&day| day >= promised).map(|day| NUDGE_EVERY.after(day));
                    let along = asked.max(promised.tomorrow().ok());
                    wishes.open.push(Wish { along, ..wish(again.unwrap_or(first), None) });
                }
                Aim::Ask | Aim::Congratulate | Aim::Send | Aim::Invite | Aim::Accompany if is_past => {}
                // To introduce somebody is to give: it is not held back.
                Aim::Introduction(Step::Consent | Step::ConsentTo) => {
                    wishes.open.push(wish(entered.max(again(outreach)), None));
                }
                Aim::Introduction(Step::LookBack) => {
                    wishes.open.push(wish(LOOK_BACK_AFTER.after(entered).max(again(outreach)), None));
                }
                Aim::Ask | Aim::Introduction(_) => {
                    let warm_until = last.filter(|_| !is_waiting).map(|day| cadence.latest.after(day));
                    let warm_until = warm_until.map(|day| until.map_or(day, |until| until.min(day)));
                    let wanted = in_time(again(last));
                    match warm_until {
                        Some(until) if wanted.max(day) <= until => {
                            wishes.open.push(wish(wanted, Some(until)));
                        }
                        _ => wishes.held = wishes.held.or(Some(intention)),
                    }
                }
                Aim::Congratulate | Aim::Send | Aim::Invite | Aim::Accompany => {
                    let wanted = last_day.map_or(entered, |day| OFFER_BEFORE.before(day));
                    let wanted = in_time(wanted.max(again(outreach)));
                    let along = together(cadence).before(wanted).max(again(outreach));
                    wishes.open.push(Wish { along: Some(along), ..wish(wanted, until) });
                }
            }
        }
        let after = outreach.max(last).map_or(Date::MIN, |day| STEP_AFTER.after(day));
        let step = step.map(|step| Wish { wanted: step.wanted.max(after), ..*step });
        let in_time = |step: &Wish<'_>| step.until.is_none_or(|until| step.wanted.max(day) <= until);
        match (step.filter(in_time), standing.due(cadence)) {
            (None, _) => {}
            // A hello is waited for by whose turn comes shortly before it. Whose comes
            // well before keeps it, and is greeted on any of its days if they got none.
            (Some(hello @ Wish { what: For::Occasion(occasion), .. }), clock) => {
                let is_before = clock.is_some_and(|clock| clock < together(cadence).before(hello.wanted));
                match is_before {
                    true => wishes.later = Some(Wish { wanted: occasion.first().max(after), ..hello }),
                    false => wishes.open.push(hello),
                }
            }
            // Whoever has not answered is tried again in their own time.
            (Some(_), _) if is_waiting => {}
            (Some(step), Some(clock)) if clock <= step.wanted => wishes.later = Some(step),
            (Some(step), _) => wishes.open.push(step),
        }
        wishes.open.sort_by_key(|wish| (wish.kind(), wish.wanted, wish.number()));
        wishes
    }
}

/// What is wanted within so long of each other is one outreach.
pub(super) fn together(cadence: Cadence) -> Interval {
    TOGETHER.min(cadence.ideal)
}

impl<'a> Wish<'a> {
    /// Whether it may be done on `day`, being wanted by another one.
    pub(super) fn may_be(&self, day: Date, wanted_by: Date) -> bool {
        let wanted_by = if self.has_its_time() { day } else { wanted_by };
        self.wanted <= wanted_by && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it arose after a skip, which let go what there was by then: it was noted on a later
    /// day, or follows from a meeting, after which nothing was asked for yet.
    pub(super) fn is_after(&self, skip: &Pause) -> bool {
        match self.what {
            For::Intention(intention) => intention.entered > skip.from,
            For::FirstHello(met) => met >= skip.from,
            For::Goal(..) | For::Occasion(_) => false,
        }
    }

    /// Whether it goes along with an outreach on `day` that is planned for something else.
    pub(super) fn goes_along(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until) && self.along.is_some_and(|along| along <= day)
    }

    /// From which day on it is asked for again after a day on which it was left undone. What they
    /// promised is brought up ever less often: it is theirs to keep, and no news to the user.
    pub(super) fn again_after(&self, undone: Date) -> Option<Date> {
        let next = undone.tomorrow().ok()?;
        let is_theirs = self.intention().is_some_and(|noted| noted.aim == Aim::TheirPromise);
        if is_theirs { Rungs::new(self.wanted, &NUDGE_AFTER_THAT).next(next) } else { Some(next) }
    }

    /// Whether it cannot be done before it is wanted: an occasion is no occasion
    /// before its days, nor is anybody late with what they promised. So an
    /// outreach that is wanted shortly before it waits for it.
    pub(super) fn has_its_time(&self) -> bool {
        let has = |aim| matches!(aim, Aim::TheirPromise | Aim::Introduction(Step::Reminder | Step::LookBack));
        matches!(self.what, For::Occasion(_)) || self.intention().is_some_and(|noted| has(noted.aim))
    }

    /// Whether an outreach on `day` is also for the goal that it is a step towards,
    /// or in the days of the occasion.
    pub(super) fn counts_on(&self, day: Date) -> bool {
        match self.what {
            For::Goal(goal, _) => (goal.from..=goal.until).contains(&day),
            For::Occasion(occasion) => occasion.is_on(day),
            For::Intention(_) | For::FirstHello(_) => false,
        }
    }

    /// Whether something is asked of them, which is nothing for their birthday.
    pub(super) fn is_request(&self) -> bool {
        self.intention().is_some_and(|intention| match intention.aim {
            Aim::Ask | Aim::TheirPromise => true,
            Aim::Introduction(step) => !step.is_owed(),
            _ => false,
        })
    }

    /// The last day on which it is of use, if the user named one or it follows from what they mean to do.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.until.filter(|_| matches!(self.what, For::Intention(_) | For::FirstHello(_)))
    }

    /// What is meant to be done, if that is what it is.
    pub(super) fn intention(&self) -> Option<&Intention> {
        match self.what {
            For::Intention(intention) => Some(intention),
            For::FirstHello(_) | For::Goal(..) | For::Occasion(_) => None,
        }
    }

    /// The occasion, if it is the hello of one.
    pub(super) fn occasion(&self) -> Option<&'a Occasion> {
        match self.what {
            For::Occasion(occasion) => Some(occasion),
            For::Intention(_) | For::FirstHello(_) | For::Goal(..) => None,
        }
    }

    /// What it is, in the user's words, where they said it.
    pub(super) fn words(&self) -> Option<&str> {
        match self.what {
            For::Intention(intention) => Some(&intention.what),
            For::FirstHello(_) => None,
            For::Goal(goal, _) => Some(&goal.what),
            For::Occasion(occasion) => Some(&occasion.name),
        }
    }

    fn number(&self) -> i64 {
        match self.what {
            For::Intention(intention) => intention.id,
            For::FirstHello(_) => 0,
            For::Goal(goal, _) => goal.id,
            For::Occasion(occasion) => occasion.id,
        }
    }

    /// The intention's number; they are asked about what they promised again after each
    /// contact, so that has the day from which on it is wanted, too.
    pub(super) fn cycle(&self) -> String {
        match self.what {
            For::Intention(intention)
                if matches!(intention.aim, Aim::TheirPromise | Aim::Introduction(Step::Reminder)) =>
            {
                format!("{} {}", intention.cycle(), self.wanted)
            }
            For::Intention(intention) => intention.cycle(),
            For::FirstHello(met) => met.to_string(),
            For::Goal(goal, talks) => format!("{} {talks}", goal.id),
            For::Occasion(occasion) => format!("{} {}", occasion.id, occasion.day.year()),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.what {
            For::FirstHello(_) => Kind::FirstHello,
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
