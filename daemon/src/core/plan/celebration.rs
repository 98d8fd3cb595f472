//! Days of a person that come each year: their birthday, and others of theirs.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::agenda::Agenda;
use crate::core::cadence::Cadence;
use crate::core::facts::Person;
use crate::core::follow_up::FollowUp;

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

/// Those whom the plan has the user congratulate, of all who celebrate, each with
/// the number of their candidate: on a day everybody of a circle closer than the
/// rest, and of the others as many as the budget has places on a day in all; who was
/// spoken to comes first, and then who is known better.
///
/// Congratulations cost nothing, but in an address book of thousands they would be
/// most of every week. The calendar of birthdays has them all.
pub(super) fn closest(
    celebrations: Vec<(usize, FollowUp)>,
    agenda: &Agenda<'_>,
) -> impl Iterator<Item = FollowUp> {
    let rank = |who: usize| {
        let candidate = &agenda.candidates[who];
        let known = Reverse(candidate.person.known);
        (!agenda.rules.is_inner(candidate.person), candidate.last.is_none(), known, candidate.person.id)
    };
    let mut days: BTreeMap<Date, Vec<_>> = BTreeMap::new();
    for (who, follow_up) in celebrations {
        days.entry(follow_up.day).or_default().push((rank(who), follow_up));
    }
    let most = agenda.rules.per_day.max(1);
    days.into_values().flat_map(move |mut all| {
        all.sort_unstable_by(|(a, x), (b, y)| (a, &x.key).cmp(&(b, &y.key)));
        let kept =
            all.into_iter().enumerate().filter(move |(at, ((is_outer, ..), _))| !is_outer || *at < most);
        kept.map(|(_, (_, follow_up))| follow_up)
    })
}
