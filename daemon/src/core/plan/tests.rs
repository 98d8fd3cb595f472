//! The plan's stories with exact days, and its invariants over random facts and years of days.

mod birthdays;
mod deadlines;
mod full_days;
mod goals;
mod hellos;
mod intentions;
mod introductions;
mod invariants;
mod life;
mod mix;
mod places;
mod properties;
mod skips;
mod stories;
mod terms;
mod together;
mod why;

use jiff::civil::{Date, Weekday, date};

use super::candidate::Candidate;
use super::standing::last_contact;
use super::*;
use crate::core::cadence::Interval;
use crate::core::date::Birthday;
use crate::core::facts::samples::{person, tied};
use crate::core::facts::{Comfort, Days, Direction, Interaction, Pause, PersonId};
use crate::core::follow_up::Kind;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::introduction::{Between, By, Introduction, Step};
use crate::core::pause::Why;
use crate::core::state::State;

/// A Monday.
const MONDAY: Date = date(2026, 11, 30);

fn facts(people: impl IntoIterator<Item = Person>) -> Facts {
    Facts { people: people.into_iter().collect(), ..Facts::default() }
}

fn defaults() -> Settings {
    Settings::parse("").unwrap()
}

fn on(day: &str) -> Date {
    day.parse().unwrap()
}

/// Logs something with somebody.
fn log(facts: &mut Facts, id: PersonId, day: Date, direction: Direction) {
    let person = facts.people.iter_mut().find(|person| person.id == id).unwrap();
    person.interactions.push(Interaction { day, how: how(direction), fresh: false, gift: false });
}

/// A way to be in touch in which they reach each other so.
fn how(direction: Direction) -> How {
    match direction {
        Direction::Inbound => How::Heard,
        Direction::Outbound => How::Wrote,
        Direction::Both => How::Talked,
    }
}

/// What is published of a plan.
fn published(plan: &Plan) -> Vec<Published> {
    plan.follow_ups.iter().map(FollowUp::published).collect()
}

/// Publishes a plan over what was published before, as the store does.
fn publish(before: &[Published], plan: &Plan) -> Vec<Published> {
    let mut rows = published(plan);
    rows.extend(plan.put_off.iter().cloned());
    for row in before {
        let settled =
            plan.settled.iter().find(|(key, _)| *key == row.key).map(|&(_, day)| day).or(row.settled);
        if settled.is_some() && rows.iter().all(|open| open.key != row.key) {
            rows.push(Published { settled, ..row.clone() });
        }
    }
    rows
}

fn outreaches(plan: &Plan) -> impl Iterator<Item = &FollowUp> {
    plan.follow_ups.iter().filter(|follow_up| follow_up.key.kind.is_outreach())
}

/// `day person kind cycle`, a line each.
fn shown(plan: &Plan) -> Vec<String> {
    let line = |f: &FollowUp| format!("{} {} {} {}", f.day, f.key.person, f.key.kind, f.key.cycle);
    plan.follow_ups.iter().map(line).collect()
}

/// `day:person` in one line, `+` after a shared one.
fn days(plan: &Plan) -> String {
    let one = |f: &FollowUp| {
        let plus = if f.shared { "+" } else { "" };
        format!("{:02}-{:02}:{}{plus}", f.day.month(), f.day.day(), f.key.person)
    };
    plan.follow_ups.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Something meant to be done with person 1, noted on Monday.
fn mean(aim: Aim, by: Option<&str>) -> Intention {
    Intention {
        id: 7,
        person: PersonId(1),
        aim,
        what: "the concert".to_owned(),
        by: by.map(on),
        entered: MONDAY,
        ended: None,
    }
}
