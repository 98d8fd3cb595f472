//! Days of a person that come each year: their birthday, and others of theirs.

use jiff::civil::Date;

use crate::core::cadence::Cadence;
use crate::core::facts::Person;

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
