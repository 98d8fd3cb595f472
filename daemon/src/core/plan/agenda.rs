//! Candidates on the schedule, and how one makes way for another.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::rules::{Class, Rules, quiet_a_week};
use super::schedule::{Entry, Schedule};
use crate::core::date::number;

/// How many days an outreach may wait for a free place before it takes another's.
pub(super) const PATIENCE: usize = 7;

pub(super) struct Agenda<'a> {
    pub(super) rules: &'a Rules<'a>,
    pub(super) candidates: Vec<Candidate<'a>>,
    pub(super) schedule: Schedule,
    /// On which day each candidate is.
    pub(super) day: Vec<Option<usize>>,
    /// The first day on which each may be planned now; nothing that had to make way moves to an earlier day.
    floor: Vec<usize>,
    /// The first day on which each may be planned at all.
    first: Vec<Option<usize>>,
    /// From which day on each one was to be placed again who could not stay where they were published.
    moved: Vec<Option<usize>>,
}

impl<'a> Agenda<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, candidates: Vec<Candidate<'a>>, schedule: Schedule) -> Self {
        let day = vec![None; candidates.len()];
        let floor = vec![schedule.today; candidates.len()];
        let moved = vec![None; candidates.len()];
        let first = vec![None; candidates.len()];
        let mut agenda = Self { rules, candidates, schedule, day, floor, first, moved };
        let today = agenda.schedule.today;
        agenda.first = (0..agenda.day.len()).map(|who| agenda.ready(who, today)).collect();
        agenda
    }

    /// The first day for which somebody may be planned. Of nearly all it never
    /// changes, and it is asked for of all of them again and again.
    pub(super) fn first(&self, who: usize) -> Option<usize> {
        let today = self.schedule.today;
        if self.floor[who] == today { self.first[who] } else { self.ready(who, today) }
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
            match candidate.near_celebration(date, self.rules) {
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

    /// Whether they may have it without crowding the day, or the week with quiet ties.
    pub(super) fn has_fair_place(&self, who: usize, at: usize) -> bool {
        let is_fair = self.schedule.is_open(at) && self.schedule.is_fair(at);
        is_fair && self.allows(who, at) && !self.is_one_too_many(who, at)
    }

    /// The shared places of the week that a day is in.
    pub(super) fn shared_places(&self, at: usize) -> usize {
        self.rules.shared_places(self.schedule.week_number(at / 7)).min(self.schedule.places(at))
    }

    /// Whether the week that a day is in has as many as it may of those who
    /// rekindle a tie that has been quiet for long.
    ///
    /// What is owed on a day without places, or besides them, makes no further
    /// room for these.
    pub(super) fn has_enough_quiet(&self, at: usize) -> bool {
        let places = self.schedule.places(at).min(self.rules.places());
        let ordinary = places.saturating_sub(self.shared_places(at));
        self.schedule.weeks[at / 7].quiet >= quiet_a_week(ordinary)
    }

    /// Whether somebody would be one more of these than the week may have.
    fn is_one_too_many(&self, who: usize, at: usize) -> bool {
        self.is_quiet(who, at) && self.has_enough_quiet(at)
    }

    /// Whether somebody would, on that day, rekindle a tie that has been quiet for long.
    pub(super) fn is_quiet(&self, who: usize, at: usize) -> bool {
        self.candidates[who].is_quiet(self.schedule.number(at))
    }

    pub(super) fn compare(&self, a: usize, b: usize, at: usize) -> Ordering {
        self.candidates[a].by_urgency(&self.candidates[b], self.schedule.number(at))
    }

    /// What somebody is on a day.
    pub(super) fn class(&self, who: usize, at: usize) -> Class {
        self.candidates[who].class(self.schedule.number(at))
    }

    pub(super) fn put(&mut self, who: usize, at: usize, shared: bool) {
        self.day[who] = Some(at);
        let (class, quiet) = (self.class(who, at), self.is_quiet(who, at));
        self.schedule.place(at, Entry { who, class, shared, quiet });
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

    /// Makes the place of somebody whom somebody closer would displace a shared one, if without it
    /// their circle had none in that week, and one is left to share. Returns whether it did.
    ///
    /// A week is full of newcomers and distant ties weeks before it comes, and of those who become due by then
    /// there are enough to take all its places: none of them would ever be shared.
    pub(super) fn keeps_place(&mut self, at: usize, entry: Entry) -> bool {
        let week = &self.schedule.weeks[at / 7];
        let had = |classes: &[Class]| classes.iter().filter(|&&class| class == entry.class).count();
        let is_last = had(&week.main) == 1 && had(&week.shared) == 0;
        let may_share = matches!(entry.class, Class::Circle(_) | Class::Newcomer);
        let is_kept = is_last && may_share && week.shared.len() < self.shared_places(at);
        if is_kept {
            self.schedule.share(at, entry.who);
        }
        is_kept
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
    /// free day of the seven from their floor on, else in the place of the least
    /// urgent of these who is not of a closer class, and moves on likewise; else
    /// on the days after. What moves beyond the window is not planned for now.
    /// A shared place only goes to somebody of the class that it was given to.
    /// Who was published to rekindle a quiet tie may do so in a week that has
    /// enough of these.
    fn move_along(&mut self, who: usize, shared: bool) {
        let mut from = self.floor[who];
        let mut moving = Entry { who, class: self.class(who, from), shared, quiet: false };
        while from <= self.schedule.last {
            let end = (from + PATIENCE).min(self.schedule.last + 1);
            let is_new = self.candidates[moving.who].published.is_none();
            let fits = |at: usize| !(is_new && self.is_one_too_many(moving.who, at));
            if let Some(free) = (from..end).find(|&at| self.has_place(moving.who, at) && fits(at)) {
                return self.put(moving.who, free, moving.shared);
            }
            let least = (from..end)
                .filter(|&at| self.schedule.is_open(at) && self.allows(moving.who, at) && fits(at))
                .flat_map(|at| self.schedule.days[at].entries.iter().map(move |&entry| (at, entry)))
                .filter(|(at, entry)| {
                    let class = self.class(moving.who, *at);
                    class == entry.class || (class < entry.class && !entry.shared)
                })
                .max_by(|(_, a), (_, b)| self.compare(a.who, b.who, from))
                .filter(|(_, entry)| self.compare(moving.who, entry.who, from).is_lt());
            match least {
                Some((at, entry))
                    if self.class(moving.who, at) < entry.class && self.keeps_place(at, entry) => {}
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
}
