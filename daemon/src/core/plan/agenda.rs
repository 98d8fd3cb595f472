//! Candidates on the schedule, and how one makes way for another.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::rules::{Class, Rules, quiet_a_week};
use super::schedule::{Entry, Schedule};
use crate::core::date::number;

/// How many days an outreach may wait for a free place before it takes another's.
const PATIENCE: usize = 7;

/// From so many days after it is wanted on a first hello waits for no free place, but takes another's.
const HELLO: i64 = 2;

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
    /// Who has the place that was published for them for something else.
    inherited: Vec<bool>,
}

impl<'a> Agenda<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, candidates: Vec<Candidate<'a>>, schedule: Schedule) -> Self {
        let day = vec![None; candidates.len()];
        let floor = vec![schedule.today; candidates.len()];
        let moved = vec![None; candidates.len()];
        let first = vec![None; candidates.len()];
        let inherited = vec![false; candidates.len()];
        let mut agenda = Self { rules, candidates, schedule, day, floor, first, moved, inherited };
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
        let mut day = self.schedule.number(at.max(self.floor[who]));
        loop {
            let candidate = self.candidates[who].on(day);
            let open = candidate.unpaused(self.rules, day.max(candidate.from));
            let at = self.schedule.index(open)?;
            let date = self.schedule.days[at].date?;
            let next = match open {
                // By then they may be planned for something else.
                _ if open != day => Some(open),
                _ if open > candidate.until => Some(candidate.next()?),
                _ => candidate.near_celebration(date, self.rules),
            };
            match next {
                Some(next) => day = next,
                None => return Some(at),
            }
        }
    }

    /// Whether somebody has no place, and may have any.
    pub(super) fn is_yet_to_place(&self, who: usize) -> bool {
        self.day[who].is_none() && self.floor[who] == self.schedule.today
    }

    /// What somebody may be planned for on a day.
    pub(super) fn turn(&self, who: usize, at: usize) -> &Candidate<'a> {
        self.candidates[who].on(self.schedule.number(at))
    }

    /// Whether a day is one of those that the plan shows.
    pub(super) fn is_shown(&self, day: Date) -> bool {
        let index = self.schedule.index(number(day));
        index.is_some_and(|at| (self.schedule.today..=self.schedule.last).contains(&at))
    }

    pub(super) fn allows(&self, who: usize, at: usize) -> bool {
        self.ready(who, at) == Some(at)
    }

    /// Whether somebody waits for a place on a day: who has none yet, or has a later one for something else.
    ///
    /// So nobody loses a place by having one more reason, and that reason comes on its own day if it can.
    pub(super) fn waits_for(&self, who: usize, at: usize) -> bool {
        self.day[who].is_none_or(|day| {
            let is_one_turn = std::ptr::eq(self.turn(who, at), self.turn(who, day));
            let waits = self.inherited[who] && self.patient_until(who, at) <= day;
            at < day && (waits || !is_one_turn)
        })
    }

    /// The day from which on somebody who would be planned for `at` waits for no free place, but takes another's.
    fn patient_until(&self, who: usize, at: usize) -> usize {
        let turn = self.turn(who, at);
        match turn.is_hello() {
            true => self.schedule.index(turn.from + HELLO).unwrap_or(at),
            false => at + PATIENCE,
        }
    }

    /// Whether a free place comes soon for somebody who would be planned for `at`.
    pub(super) fn can_wait(&self, who: usize, at: usize) -> bool {
        (at..self.patient_until(who, at)).any(|day| self.has_fair_place(who, day))
    }

    /// Whether a day has a place for somebody, and they may have it.
    pub(super) fn has_place(&self, who: usize, at: usize) -> bool {
        self.schedule.is_free(at) && self.allows(who, at)
    }

    /// Whether a day from `at` on has a place for somebody while what is meant to be done is of use.
    pub(super) fn is_free_in_time(&self, who: usize, at: usize) -> bool {
        let last = self.turn(who, at).of_use;
        let mut days = (at..=self.schedule.last).take_while(|&day| self.schedule.number(day) <= last);
        days.any(|day| self.has_place(who, day))
    }

    /// Whether they may have it without crowding the day, or the week with quiet ties.
    fn has_fair_place(&self, who: usize, at: usize) -> bool {
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
        self.turn(who, at).is_quiet(self.schedule.number(at))
    }

    pub(super) fn compare(&self, a: usize, b: usize, at: usize) -> Ordering {
        self.turn(a, at).by_urgency(self.turn(b, at), self.schedule.number(at))
    }

    /// What somebody is on a day.
    pub(super) fn class(&self, who: usize, at: usize) -> Class {
        self.turn(who, at).class(self.schedule.number(at))
    }

    /// Gives somebody the place that was published for them for something else.
    pub(super) fn inherit(&mut self, who: usize, at: usize, shared: bool) {
        self.inherited[who] = true;
        self.put(who, at, shared);
    }

    /// Gives somebody a place, instead of the one that they have.
    pub(super) fn put(&mut self, who: usize, at: usize, shared: bool) {
        if let Some(before) = self.day[who].replace(at) {
            self.schedule.remove(before, who);
        }
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
            self.inherited[who] = false;
        }
    }

    /// Lets everybody come back on any day. Returns whether anybody waits for one on which they could not.
    pub(super) fn lift_floors(&mut self) -> bool {
        let today = self.schedule.today;
        let lifted: Vec<usize> = (0..self.floor.len()).filter(|&who| self.floor[who] > today).collect();
        self.floor.fill(today);
        lifted.into_iter().any(|who| self.first(who).is_some_and(|first| self.waits_for(who, first)))
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

    /// Has people of one class who were placed again come in their order, the most urgent of whom is given
    /// first: each took the place of the least urgent of seven days, so the last of them would come first.
    pub(super) fn put_in_order(&mut self, people: &[usize]) {
        for (nth, &first) in people.iter().enumerate() {
            for &second in &people[nth + 1..] {
                let (Some(late), Some(early)) = (self.day[first], self.day[second]) else { continue };
                let nth_days = |day: usize| (day - self.schedule.today) / PATIENCE;
                let is_right = early < late
                    && nth_days(early) == nth_days(late)
                    && self.class(first, late) == self.class(second, early)
                    && self.class(first, early) == self.class(second, late)
                    && self.allows(first, early)
                    && self.allows(second, late);
                if is_right {
                    let shared = |who: usize, at: usize| self.schedule.is_shared(at, who);
                    let (of_first, of_second) = (shared(first, late), shared(second, early));
                    self.put(first, early, of_second);
                    self.put(second, late, of_first);
                }
            }
        }
    }

    /// Places somebody again whose place somebody closer has.
    pub(super) fn move_on(&mut self, entry: Entry) {
        self.move_along(entry.who, entry.shared);
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
            let day = self.schedule.number(from);
            let is_new = |at: usize| self.turn(moving.who, at).published.is_none();
            let fits = |at: usize| !(is_new(at) && self.is_one_too_many(moving.who, at));
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
                .max_by(|(x, a), (y, b)| self.turn(a.who, *x).by_urgency(self.turn(b.who, *y), day))
                .filter(|(at, entry)| {
                    self.turn(moving.who, *at).by_urgency(self.turn(entry.who, *at), day).is_lt()
                });
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
