//! What is owed and was not asked for when its turn came: on the first plan
//! after the service slept, or the laptop did.

use std::collections::HashMap;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::owed::Owed;
use super::rules::Rules;
use crate::core::follow_up::{Key, Published};

/// Sets right, by what was `published`, the days on which to come back to what is owed.
///
/// Where nobody was reminded, as no plan was made, it is asked for at once: on
/// the first working day with a place, the one due first before the others, so
/// that a long sleep ends with no pile. And there it stays.
pub(super) fn wake(
    candidates: &mut [Candidate<'_>],
    published: &[Published],
    rules: &Rules<'_>,
    today: Date,
) {
    let open = published.iter().filter(|row| row.settled.is_none() && row.key.is_owed());
    let asked: HashMap<&Key, Date> = open.map(|row| (&row.key, row.day)).collect();
    let (mut late, mut taken): (Vec<(usize, Owed<'_>)>, HashMap<Date, usize>) = Default::default();
    for (who, candidate) in candidates.iter_mut().enumerate() {
        let all = candidate.owed.iter();
        let rows: Vec<(Owed<'_>, Date)> =
            all.filter_map(|owed| Some((*owed, *asked.get(&candidate.owed_key(owed))?))).collect();
        if let Some((missed, _)) = rows.iter().find(|(owed, day)| owed.slept_through(*day, today)) {
            late.push((who, *missed));
            continue;
        }
        for (owed, day) in rows {
            if (owed.due.max(today)..owed.day).contains(&day) {
                candidate.ask_on(&owed, day, rules);
            }
        }
        if let Some(owed) = candidate.owed.first() {
            *taken.entry(owed.day).or_default() += 1;
        }
    }
    late.sort_by_key(|(who, owed)| (owed.rank(), candidates.get(*who).map(|candidate| candidate.person.id)));
    for (who, owed) in late {
        let days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
        let has_place = |day: Date| {
            rules.plans_on(day) && taken.get(&day).is_none_or(|&taken| taken < rules.places_on(day))
        };
        let mut days = days.take_while(|&day| day < owed.day);
        let day = days.find(|&day| has_place(day) && owed.may_be(day, rules)).unwrap_or(owed.day);
        candidates[who].ask_on(&owed, day, rules);
        *taken.entry(day).or_default() += 1;
    }
}
