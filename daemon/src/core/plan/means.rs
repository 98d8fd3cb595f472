//! What is meant to be done with somebody: when each thing is wanted, or what holds it back.

use std::fmt;

use jiff::civil::Date;

use super::Plan;
use super::candidate::Candidate;
use super::owed::Owing;
use super::rules::Rules;
use super::why::Point;
use super::wish::{For, Wish};
use crate::core::date::{number, spoken};
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::intention::{self, Aim, Intention};
use crate::core::introduction::Step;
use crate::core::pause::{Why, participle};

/// What keeps something that is meant from being planned: `no working day is left until its day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Its day has passed.
    Past,
    /// They are left alone, as is said, until that day.
    LeftAlone(Why, Date),
    /// There is none until its day on which anybody is planned.
    NoWorkingDay,
    /// All places until that day are taken.
    NoPlace(Date),
    /// It is asked for once the tie is warm.
    ColdTie,
    /// It comes up once they answer.
    Unanswered,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Past => f.write_str("its day has passed"),
            Self::LeftAlone(why, until) => {
                write!(f, "they are {} until {}", participle(*why), spoken(*until))
            }
            Self::NoWorkingDay => f.write_str("no working day is left until its day"),
            Self::NoPlace(last) => write!(f, "no place is left for it until {}", spoken(*last)),
            Self::ColdTie => f.write_str("held back until the tie is warm and nothing is unanswered"),
            Self::Unanswered => f.write_str("once what you wrote is answered"),
        }
    }
}

impl Obstacle {
    /// What the user may do about it, after the words.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Past | Self::NoPlace(_) => "; say that it is done, give it another day, or let it go",
            Self::NoWorkingDay => "; say that it is done, or let it go",
            Self::LeftAlone(..) => "; kith pause --end has them back",
            Self::ColdTie | Self::Unanswered => "",
        }
    }
}

/// The wish that something meant to be done is, and whether it is part of what is wanted first.
fn wish<'a, 'b>(candidate: &'b Candidate<'a>, noted: &Intention) -> Option<(&'b Wish<'a>, bool)> {
    let mut all = candidate.turns().flat_map(|turn| {
        let first = turn.wishes.iter().map(|wish| (wish, true));
        first.chain(turn.aside.iter().map(|wish| (wish, false)))
    });
    all.find(|(wish, _)| wish.intention() == Some(noted))
}

/// What keeps something from being planned that is open and not owed; none if nothing does.
pub(super) fn obstacle(
    candidate: &Candidate<'_>,
    rules: &Rules<'_>,
    plan: &Plan,
    noted: &Intention,
    today: Date,
) -> Option<Obstacle> {
    if noted.is_past(today) {
        return Some(Obstacle::Past);
    }
    let wish = wish(candidate, noted);
    // A snooze has what was noted later wait, too; a skip does not.
    let pause = rules.holds_back(noted, wish.map_or(today, |(wish, _)| wish.wanted.max(today)));
    let last = wish.map_or(noted.by, |(wish, _)| wish.until);
    if let Some(pause) = pause.filter(|pause| last.is_none_or(|last| last <= pause.until)) {
        return Some(Obstacle::LeftAlone(pause.why, pause.until));
    }
    let Some((wish, _)) = wish else {
        return Some(match noted.aim {
            Aim::TheirPromise | Aim::Introduction(Step::Reminder) if candidate.is_waiting() => {
                Obstacle::Unanswered
            }
            Aim::Ask | Aim::Introduction(Step::Ask)
                if !noted.by.is_some_and(|by| rules.is_past(noted, by, today)) =>
            {
                Obstacle::ColdTie
            }
            _ => Obstacle::NoWorkingDay,
        });
    };
    let last = wish.until.filter(|&last| noted.by.is_some() && last <= rules.last)?;
    let first = own(candidate, plan).map(|f| f.day);
    first.is_none_or(|day| day > last).then_some(Obstacle::NoPlace(last))
}

/// The outreach that is planned with somebody.
fn own<'b>(candidate: &Candidate<'_>, plan: &'b Plan) -> Option<&'b FollowUp> {
    plan.follow_ups.iter().find(|f| f.key.person == candidate.person.id && f.key.kind.is_outreach())
}

/// What is meant to be done, and when each is wanted.
pub(super) fn points(candidate: &Candidate<'_>, rules: &Rules<'_>, plan: &Plan, today: Date) -> Vec<Point> {
    let mut points = Vec::new();
    for owed in &candidate.owed {
        let what = match owed.what {
            Owing::Promise(promise) => {
                format!("your promise ({}): owed on {}, whatever the budget", promise.what, spoken(owed.day))
            }
            Owing::Step(step) => format!(
                "{} ({}): owed on {}, whatever the budget",
                intention::of(step.aim, &candidate.person.name),
                step.what,
                spoken(owed.day)
            ),
            Owing::Thanks(met) => {
                format!("a thank-you for {}: owed on {}, whatever the budget", spoken(met), spoken(owed.day))
            }
        };
        points.push(("Considered", what));
    }
    let is_owed = |aim: Aim| match aim {
        Aim::Introduction(step) => step.is_owed(),
        aim => aim == Aim::Promise,
    };
    for open in rules.intentions(candidate.person.id).iter().filter(|open| !is_owed(open.aim)) {
        let name = intention::of(open.aim, &candidate.person.name);
        let when = obstacle(candidate, rules, plan, open, today).map_or_else(
            || wanted(candidate, plan, open),
            |obstacle| format!("{obstacle}{}", obstacle.advice()),
        );
        let by = open.by.map_or_else(String::new, |by| format!(", by {}", spoken(by)));
        points.push(("Considered", format!("{name} ({}{by}): {when}", open.what)));
    }
    if let Some(step) = rules.step(candidate.person.id) {
        let what = if step.kind() == Kind::Goal { "a step towards your goal" } else { "an occasion" };
        let mut wishes = candidate.turns().flat_map(|turn| turn.wishes.iter().chain(&turn.aside));
        let when = match (wishes.find(|wish| wish.what == step.what), candidate.later) {
            (Some(wish), _) => format!("wanted from {} on", spoken(wish.wanted)),
            (None, Some(later)) => format!(
                "their ordinary turn {} it; where they get none, it is wanted from {} on",
                if step.kind() == Kind::Goal { "counts for" } else { "comes before" },
                spoken(later.wanted)
            ),
            (None, None) => "after what is planned first, or once they answer".to_owned(),
        };
        points.push(("Considered", format!("{what} ({}): {when}", step.words().unwrap_or_default())));
    }
    let step = rules.step(candidate.person.id).and_then(Wish::occasion);
    let others = rules.occasions(candidate.person.id).iter().filter(|occasion| step != Some(occasion));
    points.extend(others.map(|occasion| {
        let named = "named in what is planned in its days, and nothing is planned for it alone";
        ("Considered", format!("an occasion ({}): {named}", occasion.name))
    }));
    for hello in &candidate.wishes {
        if let For::FirstHello(met) = hello.what {
            let (met, wanted) = (spoken(met), spoken(hello.wanted));
            points.push(("Considered", format!("a first hello after {met}: wanted from {wanted} on")));
        }
    }
    points
}

/// From when on something is wanted that nothing holds back.
fn wanted(candidate: &Candidate<'_>, plan: &Plan, noted: &Intention) -> String {
    let Some((wish, is_first)) = wish(candidate, noted) else { return String::new() };
    let serves = |f: &&FollowUp| candidate.on(number(f.day)).serves(f, noted.id);
    let with = match own(candidate, plan).filter(serves) {
        Some(_) if !is_first => ", and goes along with what is planned first",
        _ => "",
    };
    format!("wanted from {} on{with}", spoken(wish.wanted))
}
