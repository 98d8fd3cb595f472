//! What was published: what of it stays, what is done, and what was missed.

use std::collections::HashMap;

use jiff::civil::Date;

use super::agenda::Agenda;
use super::candidate::{Candidate, NEW};
use super::fill::Served;
use super::rules::{Class, Rules};
use super::schedule::Schedule;
use super::standing::happened;
use crate::core::date::number;
use crate::core::facts::{Direction, Person, PersonId};
use crate::core::follow_up::{Key, Kind, Published};

/// The outreaches published.
pub(super) struct History<'a> {
    /// What is yet to be sorted out, by person.
    rows: HashMap<PersonId, Vec<&'a Published>>,
    all: Vec<&'a Published>,
    done: Vec<&'a Published>,
    /// The open ones that a contact settled since, with its day.
    pub(super) settled: Vec<(Key, Date)>,
    /// Open ones of today whose person is left alone today, with their candidate's index.
    left_alone: Vec<(Option<usize>, &'a Published)>,
    /// Those that still stand, by their candidate's index.
    current: Vec<(usize, &'a Published)>,
    /// Those of people who are planned for something else by now, by their candidate's index.
    others: Vec<(usize, &'a Published)>,
}

impl<'a> History<'a> {
    pub(super) fn new(published: &'a [Published]) -> Self {
        let mut all: Vec<_> = published.iter().filter(|row| row.key.kind.is_outreach()).collect();
        // Several open ones for one person only come from a hand-made database.
        all.sort_by_key(|row| (row.day, &row.key));
        let mut rows: HashMap<PersonId, Vec<&Published>> = HashMap::new();
        for &row in &all {
            rows.entry(row.key.person).or_default().push(row);
        }
        Self {
            rows,
            all,
            done: Vec::new(),
            settled: Vec::new(),
            left_alone: Vec::new(),
            current: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Sorts out what was published for a person, given their candidate and its index.
    pub(super) fn meet(
        &mut self,
        person: &Person,
        candidate: Option<(usize, &Candidate<'_>)>,
        rules: &Rules<'_>,
        today: Date,
    ) {
        let Some(rows) = self.rows.remove(&person.id) else { return };
        let owed: Vec<_> = candidate.into_iter().flat_map(|(_, candidate)| candidate.owed_keys()).collect();
        let is_paused = rules.unpaused(person.id, number(today)) != number(today);
        let is_left_alone = is_paused || !person.comfort.allows(today);
        let (mut current, mut other) = (None, None);
        for row in rows {
            if row.key.was_put_off() {
                // Taken back on the same day, it was not.
                self.done.extend(Some(row).filter(|_| row.day < today || is_left_alone));
                continue;
            }
            let turn = candidate.map(|(index, candidate)| (index, candidate.on(number(row.day.max(today)))));
            if owed.contains(&row.key) {
                // Its place is kept for it all the same.
            } else if let Some((index, turn)) = turn.filter(|(_, turn)| turn.is(&row.key)) {
                if row.due == turn.due && rules.circles[turn.circle].name == row.circle {
                    current = current.or(Some((index, row)));
                } else if row.settled.is_some() {
                    // What was done and comes again, as a step that was tried does, used up a place.
                    self.done.push(row);
                } else {
                    other = other.or(Some((index, row)));
                }
            } else if row.settled.is_some() {
                self.done.push(row);
            } else if let Some((index, _)) = turn {
                match settling(row, person, rules, today) {
                    Some(day) => {
                        self.settled.push((row.key.clone(), day));
                        self.done.push(row);
                        continue;
                    }
                    None => other = other.or(Some((index, row))),
                }
            }
            let goes_on = turn.is_some_and(|(_, turn)| turn.despite_skip && turn.is(&row.key));
            if is_left_alone && !goes_on && row.settled.is_none() && row.day == today {
                self.left_alone.push((candidate.map(|(index, _)| index), row));
            }
        }
        self.others.extend(other.filter(|(_, row)| current.is_none() && !row.key.is_owed()));
        self.current.extend(current);
    }

    /// Takes what was asked for today, and is not any more as its person is left alone, as done, and returns
    /// the rows by which that is remembered.
    pub(super) fn put_off(&mut self, candidates: &[Candidate<'_>], today: Date) -> Vec<Published> {
        let is_owed = |index: usize| candidates[index].owed.first().is_some_and(|owed| owed.day == today);
        self.left_alone.retain(|(index, _)| !index.is_some_and(is_owed));
        self.done.extend(self.left_alone.iter().map(|(_, row)| row));
        let remembered =
            |row: &Published| Published { key: row.key.put_off(today), settled: Some(today), ..row.clone() };
        let mut rows: Vec<_> = self.left_alone.iter().map(|(_, row)| remembered(row)).collect();
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        rows
    }

    /// Uses up the places of what is done.
    pub(super) fn spend(&self, schedule: &mut Schedule, rules: &Rules<'_>) {
        let gone = self.rows.values().flatten().filter(|row| row.settled.is_some());
        for row in self.done.iter().chain(gone) {
            if let Some(at) = schedule.index(number(row.day)) {
                schedule.spend(at, class(row, rules), row.shared, row.key.kind == Kind::Rekindle);
            }
        }
    }

    /// What each class had on the days before `today`.
    pub(super) fn served(&self, rules: &Rules<'_>, today: Date) -> HashMap<Class, Served> {
        let mut served: HashMap<Class, Served> = HashMap::new();
        for row in self.all.iter().filter(|row| row.day < today) {
            served.entry(class(row, rules)).or_default().had(number(row.day), row.shared);
        }
        served
    }

    /// Puts what still stands on the agenda: on its day if it may stay, else on a later one.
    pub(super) fn keep(mut self, agenda: &mut Agenda<'_>, first: Date) {
        let today = agenda.schedule.today;
        self.current.sort_by(|(a, _), (b, _)| agenda.compare(*a, *b, today));
        self.others.sort_by(|(a, _), (b, _)| agenda.compare(*a, *b, today));
        let (kept, mut moved) = (self.current, Vec::new());
        let index = |agenda: &Agenda<'_>, day: i64| {
            let at = agenda.schedule.index(day.max(agenda.schedule.number(today)));
            at.filter(|&at| at <= agenda.schedule.last)
        };
        for (who, row) in kept {
            agenda.candidates[who].was_published(row.key.kind, number(row.day.max(first)));
            match index(agenda, number(row.day)) {
                Some(at) if row.day >= first && agenda.has_place(who, at) => agenda.put(who, at, row.shared),
                Some(at) => moved.push((who, at, row)),
                None => {}
            }
        }
        // Nobody is worse off for being planned for something else by now.
        for (who, row) in self.others.into_iter().filter(|(_, row)| row.day >= first) {
            if let Some(at) = index(agenda, number(row.day)).filter(|&at| agenda.has_place(who, at)) {
                agenda.inherit(who, at, row.shared);
            }
        }
        let mut at_once = Vec::new();
        for (who, at, row) in moved {
            let again = agenda.turn(who, at).again_after(row.day);
            if row.day < first && again > number(first) {
                agenda.replace(who, index(agenda, again).unwrap_or(agenda.schedule.last), row.shared);
            } else {
                agenda.replace(who, at, row.shared);
                at_once.push(who);
            }
        }
        agenda.put_in_order(&at_once);
    }
}

/// The day of the contact that settled a published follow-up: the first one
/// that the user began or shared in after the fact it sprang from, once it was
/// due. What the user meant to do is settled when they say that it is done.
///
/// Only one of this week counts: it used up a place of the budget. An older one
/// that is entered late costs this week nothing; what it overtakes just goes.
fn settling(row: &Published, person: &Person, rules: &Rules<'_>, today: Date) -> Option<Date> {
    let monday = number(today) - i64::from(today.weekday().to_monday_zero_offset());
    if let Some(intention) = row.key.intention().filter(|_| row.key.kind != Kind::Nudge) {
        return rules.done_on(intention).filter(|&day| number(day) >= monday);
    }
    if let Some((introduction, step)) = row.key.introduction() {
        let done = rules.step_done_on(introduction, step);
        if done.is_some() || !step.is_done_by_any_word() {
            return done.filter(|&day| number(day) >= monday);
        }
    }
    let since: Option<Date> = row.key.cycle.parse().ok();
    happened(person, today)
        .filter(|interaction| interaction.how.direction() != Direction::Inbound)
        .map(|interaction| interaction.day)
        .filter(|&day| Some(day) >= row.due && Some(day) > since)
        .filter(|&day| number(day) >= monday)
        .min()
}

fn class(row: &Published, rules: &Rules<'_>) -> Class {
    if row.key.cycle.split(',').next() == Some(NEW) {
        Class::Newcomer
    } else if (row.key.kind.is_intended() && !row.key.is_owed()) || row.key.kind == Kind::FirstHello {
        Class::Wished
    } else if row.key.kind.is_step() {
        Class::Step
    } else {
        Class::Circle(rules.circle_named(&row.circle))
    }
}
