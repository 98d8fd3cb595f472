//! Candidates on the schedule, and how one makes way for another.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::rules::Rules;
use super::schedule::{Entry, Schedule};
use crate::core::date::number;

/// How many days an outreach that was missed may wait for a free place before it
/// takes another's.
const PATIENCE: usize = 7;

pub(super) struct Agenda<'a> {
    pub(super) rules: &'a Rules<'a>,
    pub(super) candidates: Vec<Candidate<'a>>,
    pub(super) schedule: Schedule,
    /// On which day each candidate is.
    pub(super) day: Vec<Option<usize>>,
    /// The first day on which each may be planned now; nothing that had to make way moves to an earlier day.
    floor: Vec<usize>,
    /// From which day on each one was to be placed again who could not stay where they were published.
    moved: Vec<Option<usize>>,
}

impl<'a> Agenda<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, candidates: Vec<Candidate<'a>>, schedule: Schedule) -> Self {
        let day = vec![None; candidates.len()];
        let floor = vec![schedule.today; candidates.len()];
        let moved = vec![None; candidates.len()];
        Self { rules, candidates, schedule, day, floor, moved }
    }

    /// The first day from `at` on for which somebody may be planned, if the schedule reaches so far.
    pub(super) fn ready(&self, who: usize, at: usize) -> Option<usize> {
        let candidate = &self.candidates[who];
        let mut day = candidate.from.max(self.schedule.number(at.max(self.floor[who])));
        loop {
            let at = self.schedule.index(self.rules.unpaused(candidate.person.id, day))?;
            let date = self.schedule.days[at].date?;
            if number(date) > candidate.until {
                return None;
            }
            match candidate.near_birthday(date, self.rules) {
                Some(next) => day = next,
                None => return Some(at),
            }
        }
    }

    /// Whether a day is one of those that the plan shows.
    pub(super) fn is_shown(&self, day: Date) -> bool {
        let index = self.schedule.index(number(day));
        index.is_some_and(|at| (self.schedule.today..=self.schedule.last).contains(&at))
    }

    pub(super) fn allows(&self, who: usize, at: usize) -> bool {
        self.ready(who, at) == Some(at)
    }

    /// Whether a day has a place for somebody, and they may have it.
    pub(super) fn has_place(&self, who: usize, at: usize) -> bool {
        self.schedule.is_free(at) && self.allows(who, at)
    }

    pub(super) fn compare(&self, a: usize, b: usize, at: usize) -> Ordering {
        self.candidates[a].by_urgency(&self.candidates[b], self.schedule.number(at))
    }

    pub(super) fn put(&mut self, who: usize, at: usize, shared: bool) {
        self.day[who] = Some(at);
        self.schedule.place(at, Entry { who, class: self.candidates[who].class(), shared });
    }

    /// Takes somebody off their day; for now they come back on `floor` or later.
    ///
    /// Who was missed, or could not stay, comes back from their first day on.
    pub(super) fn take_off(&mut self, who: usize, floor: usize) {
        if let Some(at) = self.day[who].take() {
            self.schedule.remove(at, who);
            self.floor[who] = self.moved[who].unwrap_or(floor);
        }
    }

    /// Lets everybody come back on any day.
    pub(super) fn lift_floors(&mut self) {
        let today = self.schedule.today;
        self.floor.fill(today);
    }

    /// Places somebody again, from a day on, who cannot stay where they were published.
    pub(super) fn replace(&mut self, who: usize, from: usize, shared: bool) {
        self.moved[who] = Some(from);
        self.floor[who] = from;
        self.move_along(who, shared);
    }

    /// Places somebody again whose place somebody closer has.
    pub(super) fn move_on(&mut self, who: usize) {
        self.move_along(who, false);
    }

    /// Places somebody again who could not stay on their day: on the first
    /// free day of the seven from their floor on, else on the first of these that
    /// has somebody less urgent, who moves on likewise; else on the days after.
    /// What moves beyond the window is not planned for now.
    fn move_along(&mut self, who: usize, shared: bool) {
        let (mut moving, mut from) =
            (Entry { who, class: self.candidates[who].class(), shared }, self.floor[who]);
        while from <= self.schedule.last {
            let end = (from + PATIENCE).min(self.schedule.last + 1);
            if let Some(free) = (from..end).find(|&at| self.has_place(moving.who, at)) {
                return self.put(moving.who, free, moving.shared);
            }
            let soonest = (from..end)
                .filter(|&at| self.schedule.is_open(at) && self.allows(moving.who, at))
                .find_map(|at| Some((at, self.least_urgent(moving, at, from)?)));
            match soonest {
                Some((at, entry)) => {
                    self.take_off(entry.who, at + 1);
                    // The place stays what it was: a week has so many shared ones.
                    self.put(moving.who, at, entry.shared);
                    (moving, from) = (Entry { shared: moving.shared, ..entry }, at + 1);
                }
                None => from = end,
            }
        }
    }

    /// Who makes way for `moving` on the day `at`, if anybody does: the least
    /// urgent of those who are not of a closer class.
    fn least_urgent(&self, moving: Entry, at: usize, from: usize) -> Option<Entry> {
        let entries = self.schedule.days[at].entries.iter().filter(|entry| moving.class <= entry.class);
        let least = entries.max_by(|a, b| self.compare(a.who, b.who, from))?;
        self.compare(moving.who, least.who, from).is_lt().then_some(*least)
    }
}
