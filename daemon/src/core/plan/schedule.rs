//! The places of the coming weeks: who has which, and what is still free.

use jiff::civil::Date;

use super::rules::{Class, Rules};
use crate::core::date::number;

/// The number of the week that the day of a number is in, counted from the first week of all.
pub(super) fn week_of(day: i64) -> i64 {
    // 1 January 1970 was a Thursday.
    (day + 3).div_euclid(7)
}

/// Somebody on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Their index among the candidates.
    pub(super) who: usize,
    pub(super) class: Class,
    /// Whether it is one of the week's shared places, which no circle takes from another.
    pub(super) shared: bool,
    /// Whether it rekindles a tie that has been quiet for long.
    pub(super) quiet: bool,
}

/// A day from the Monday of the current week to the Sunday of the last one.
#[derive(Debug, Default)]
pub(super) struct Day {
    pub(super) date: Option<Date>,
    /// How many outreaches may be planned on it; none on a day that has passed.
    places: usize,
    pub(super) entries: Vec<Entry>,
    /// Places used up by what is done already, or owed.
    spent: usize,
}

impl Day {
    fn used(&self) -> usize {
        self.entries.len() + self.spent
    }

    fn is_open(&self) -> bool {
        self.places > 0
    }

    fn room(&self) -> usize {
        self.places.saturating_sub(self.used())
    }
}

/// Who had places in a week, done or to be done.
#[derive(Debug, Default, Clone)]
pub(super) struct Week {
    /// The classes that had an ordinary place, one item a place.
    pub(super) main: Vec<Class>,
    /// The classes that had a shared place.
    pub(super) shared: Vec<Class>,
    /// How many of the ordinary places rekindle ties that have been quiet for long.
    pub(super) quiet: usize,
}

impl Week {
    fn used(&self) -> usize {
        self.main.len() + self.shared.len()
    }

    fn of(&mut self, shared: bool) -> &mut Vec<Class> {
        if shared { &mut self.shared } else { &mut self.main }
    }
}

/// Days are counted from the Monday of the week that today is in, and the
/// schedule reaches to the end of the window's last week: its days beyond the
/// window are known to come, but nothing is planned on them yet.
pub(super) struct Schedule {
    monday: i64,
    pub(super) today: usize,
    /// The window's last day.
    pub(super) last: usize,
    pub(super) days: Vec<Day>,
    pub(super) weeks: Vec<Week>,
    per_week: usize,
}

impl Schedule {
    pub(super) fn new(rules: &Rules<'_>, today: Date, ahead: u16) -> Self {
        let offset = i64::from(today.weekday().to_monday_zero_offset());
        let start = usize::try_from(offset).unwrap_or(0);
        let last = start + usize::from(ahead);
        let mut days: Vec<Day> = std::iter::repeat_with(Day::default).take(last / 7 * 7 + 7).collect();
        let mut date = Some(today);
        for day in days.iter_mut().skip(start) {
            day.date = date;
            day.places = date.map_or(0, |date| rules.places_on(date));
            date = date.and_then(|date| date.tomorrow().ok());
        }
        Self {
            monday: number(today) - offset,
            today: start,
            last,
            weeks: vec![Week::default(); days.len() / 7],
            days,
            per_week: rules.per_week,
        }
    }

    /// The number of the day at an index.
    pub(super) fn number(&self, at: usize) -> i64 {
        self.monday + i64::try_from(at).unwrap_or(0)
    }

    /// The index of the day of that number, if it is one of the schedule's.
    pub(super) fn index(&self, number: i64) -> Option<usize> {
        usize::try_from(number - self.monday).ok().filter(|&at| at < self.days.len())
    }

    /// The number of the week at an index, counted from the first week of all.
    pub(super) fn week_number(&self, week: usize) -> i64 {
        week_of(self.number(week * 7))
    }

    /// Whether outreaches are planned on that day of the window.
    pub(super) fn is_open(&self, at: usize) -> bool {
        (self.today..=self.last).contains(&at) && self.days[at].is_open()
    }

    /// Whether the budget has room for one more on that day.
    pub(super) fn is_free(&self, at: usize) -> bool {
        self.is_open(at) && self.days[at].room() > 0 && self.weeks[at / 7].used() < self.per_week
    }

    /// Whether one more on that day would still leave the week evenly spread:
    /// each day takes its part of what the days before it have left.
    pub(super) fn is_fair(&self, at: usize) -> bool {
        let before: usize = self.days[at / 7 * 7..at].iter().map(Day::used).sum();
        let days = self.rest_of_week(at).filter(|day| day.is_open()).count();
        self.is_free(at) && self.days[at].used() < self.per_week.saturating_sub(before).div_ceil(days.max(1))
    }

    /// Places of the week that are used or can still be.
    pub(super) fn places(&self, at: usize) -> usize {
        let room: usize = self.days[at / 7 * 7..at / 7 * 7 + 7].iter().map(Day::room).sum();
        (self.weeks[at / 7].used() + room).min(self.per_week)
    }

    /// How many of the week's free places the people will take who become due
    /// on its days after `at`, given their counts by day.
    pub(super) fn needed_later(&self, at: usize, due: &[usize]) -> usize {
        let (mut waiting, mut taken) = (0, 0);
        for (day, due) in self.rest_of_week(at).zip(&due[at..]).skip(1) {
            waiting += due;
            let takes = waiting.min(day.room());
            (waiting, taken) = (waiting - takes, taken + takes);
        }
        taken
    }

    /// How many more the week's budget allows.
    pub(super) fn room(&self, at: usize) -> usize {
        self.per_week.saturating_sub(self.weeks[at / 7].used())
    }

    fn rest_of_week(&self, at: usize) -> impl Iterator<Item = &Day> {
        self.days[at..at / 7 * 7 + 7].iter()
    }

    /// Whether outreaches are planned on that day of the window and on none of its week after it.
    pub(super) fn is_last_open(&self, at: usize) -> bool {
        self.is_open(at) && !self.rest_of_week(at).skip(1).any(Day::is_open)
    }

    pub(super) fn place(&mut self, at: usize, entry: Entry) {
        self.weeks[at / 7].of(entry.shared).push(entry.class);
        self.weeks[at / 7].quiet += usize::from(entry.quiet && !entry.shared);
        self.days[at].entries.push(entry);
    }

    pub(super) fn remove(&mut self, at: usize, who: usize) {
        let entries = &mut self.days[at].entries;
        let Some(found) = entries.iter().position(|entry| entry.who == who) else { return };
        let entry = entries.swap_remove(found);
        self.weeks[at / 7].quiet -= usize::from(entry.quiet && !entry.shared);
        let classes = self.weeks[at / 7].of(entry.shared);
        if let Some(found) = classes.iter().position(|&class| class == entry.class) {
            classes.swap_remove(found);
        }
    }

    /// Whether somebody has a shared place on a day.
    pub(super) fn is_shared(&self, at: usize, who: usize) -> bool {
        self.days[at].entries.iter().any(|entry| entry.who == who && entry.shared)
    }

    /// Makes somebody's ordinary place on a day one of the week's shared ones.
    pub(super) fn share(&mut self, at: usize, who: usize) {
        let found = self.days[at].entries.iter().copied().find(|entry| entry.who == who);
        if let Some(entry) = found {
            self.remove(at, who);
            self.place(at, Entry { shared: true, ..entry });
        }
    }

    /// Counts what is done already, or owed on that day.
    pub(super) fn spend(&mut self, at: usize, class: Class, shared: bool, quiet: bool) {
        self.days[at].spent += 1;
        self.weeks[at / 7].of(shared).push(class);
        self.weeks[at / 7].quiet += usize::from(quiet && !shared);
    }
}
