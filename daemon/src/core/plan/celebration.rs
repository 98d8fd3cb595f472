//! Days of a person that come each year: their birthday, and others of theirs.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::agenda::Agenda;
use super::reason;
use super::standing::happened;
use crate::core::cadence::Cadence;
use crate::core::date::Birthday;
use crate::core::facts::{Direction, Person};
use crate::core::follow_up::{FollowUp, Key, Kind};

/// How many days before and after a celebration nothing else is asked for with
/// the same person; at most a quarter of their ideal interval.
const CLEAR: u16 = 7;

/// How many days before and after their celebrations somebody is left alone.
pub(super) fn clear(cadence: Cadence) -> u16 {
    cadence.ideal.quarter_in_days().min(CLEAR)
}

/// The first celebration on or after `from` of each of their days.
pub(super) fn from(person: &Person, from: Date) -> impl Iterator<Item = Date> {
    let birthday = person.birthday.and_then(|birthday| birthday.on_or_after(from));
    // On the day itself nobody celebrates that it is so many years ago.
    let others = person.dates.iter().filter_map(move |(_, date)| {
        let next = date.on_or_after(from)?;
        if date.year() == Some(next.year()) { date.on_or_after(next.tomorrow().ok()?) } else { Some(next) }
    });
    birthday.into_iter().chain(others)
}

/// Whether one of their days is celebrated on `day`.
pub(super) fn is_on(person: &Person, day: Date) -> bool {
    from(person, day).any(|celebrated| celebrated == day)
}

/// A day in the window on which the user is to congratulate somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Celebration<'a> {
    pub(super) day: Date,
    /// The number of their candidate.
    pub(super) who: usize,
    /// What is celebrated, unless it is their birthday.
    pub(super) label: Option<&'a str>,
    pub(super) date: Birthday,
    /// Whether the user did so already.
    is_done: bool,
}

impl Celebration<'_> {
    /// The row of the plan that it is.
    pub(super) fn follow_up(self, agenda: &Agenda<'_>) -> FollowUp {
        let Self { day, who, label, date, .. } = self;
        let candidate = &agenda.candidates[who];
        let (kind, cycle, reason) = match label {
            None => (Kind::Birthday, day.year().to_string(), reason::celebration(date, day)),
            Some(label) => (Kind::Date, format!("{} {label}", day.year()), reason::date(label, date, day)),
        };
        FollowUp {
            key: Key { person: candidate.person.id, kind, cycle },
            day,
            due: Some(day),
            circle: agenda.rules.circles[candidate.circle].name.to_owned(),
            shared: false,
            what: label.map(str::to_owned),
            with: Vec::new(),
            occasion: None,
            reason,
        }
    }
}

/// The days of the window on which somebody is to be congratulated: on any day of the
/// week, and in a pause of everybody's, since that costs nothing.
pub(super) fn in_window<'a>(who: usize, agenda: &Agenda<'a>) -> impl Iterator<Item = Celebration<'a>> {
    let person = agenda.candidates[who].person;
    let birthday = person.birthday.map(|date| (None, date));
    // On the day itself nobody celebrates that it is so many years ago.
    let others = person.dates.iter().map(|(label, date)| (Some(label.as_str()), *date));
    birthday.into_iter().chain(others).flat_map(move |(label, date)| {
        let days = celebrated(person, date, agenda).into_iter();
        let days = days.filter(move |day| label.is_none() || date.year() != Some(day.year()));
        let first = agenda.schedule.days[agenda.schedule.today].date;
        let one = |day| Celebration { day, who, label, date, is_done: is_greeted(person, day, first) };
        days.map(one).collect::<Vec<_>>()
    })
}

/// The days of the window on which one of somebody's days is celebrated.
fn celebrated(person: &Person, date: Birthday, agenda: &Agenda<'_>) -> Vec<Date> {
    let first = agenda.schedule.days[agenda.schedule.today].date;
    let next = first.and_then(|today| date.on_or_after(today));
    std::iter::successors(next, |day| date.on_or_after(day.tomorrow().ok()?))
        .take_while(|&day| agenda.is_shown(day))
        .filter(|&day| agenda.rules.celebrates(person, day))
        .collect()
}

/// Whether the user was in touch with somebody on their birthday, or tried to be: that settles it.
fn is_greeted(person: &Person, birthday: Date, today: Option<Date>) -> bool {
    today.is_some_and(|today| {
        happened(person, today).any(|i| i.day == birthday && i.how.direction() != Direction::Inbound)
    })
}

/// Those whom the plan has the user congratulate, of all who celebrate, and those whom it leaves to the calendar
/// of birthdays: on a day it has
/// everybody of a circle closer than the rest, and of the others as many as the
/// budget has places on a day in all, those counted that are done; who was spoken to
/// comes first, and then who is known better.
///
/// Congratulations cost nothing, but in an address book of thousands they would be
/// most of every week. The calendar of birthdays has them all.
pub(super) fn closest<'a>(
    celebrations: Vec<Celebration<'a>>,
    agenda: &Agenda<'a>,
) -> (Vec<Celebration<'a>>, Vec<Celebration<'a>>) {
    let rank = |celebration: &Celebration<'_>| {
        let candidate = &agenda.candidates[celebration.who];
        let (person, known) = (candidate.person, Reverse(candidate.person.known));
        (!agenda.rules.is_inner(person), !celebration.is_done, candidate.last.is_none(), known, person.id)
    };
    let mut days: BTreeMap<Date, Vec<_>> = BTreeMap::new();
    for celebration in celebrations {
        days.entry(celebration.day).or_default().push((rank(&celebration), celebration));
    }
    let most = agenda.rules.per_day.max(1);
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for mut all in days.into_values() {
        all.sort_by(|(a, x), (b, y)| (a, x.label).cmp(&(b, y.label)));
        let open = all.into_iter().enumerate().filter(|(_, (_, celebration))| !celebration.is_done);
        for (at, ((is_outer, ..), celebration)) in open {
            if is_outer && at >= most { left.push(celebration) } else { kept.push(celebration) }
        }
    }
    (kept, left)
}
