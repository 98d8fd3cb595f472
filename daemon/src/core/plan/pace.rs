//! How fast somebody's waiting counts: who seldom answers waits a little longer
//! for their turn. Gently: nobody is given up, and one answer counts at once.

use jiff::civil::Date;

use super::celebration;
use super::standing::happened;
use crate::core::date::number;
use crate::core::facts::{Direction, Interaction, Person};

/// Ordinary pace: an ideal interval counts as one.
pub(super) const ORDINARY: i64 = 8;
/// What comes within so many days of a try is its answer.
const ANSWER_WITHIN: i64 = 14;
/// As many tries are taken to have been answered before there was any.
const GIVEN: i64 = 2;

/// How long an ideal interval counts, in eighths of it: eight as long as tries
/// are answered, fifteen at most.
pub(super) fn pace(person: &Person, today: Date) -> i64 {
    let is_try = |direction| direction == Direction::Outbound;
    // Most people have no try that stands alone.
    if !happened(person, today).any(|i| is_try(i.how.direction()) && !i.gift) {
        return ORDINARY;
    }
    // Nobody owes an answer to a gift, nor to a congratulation.
    let is_given = |i: &Interaction| i.gift || celebration::is_on(person, i.day);
    let moment = |i: &Interaction| (number(i.day), i.how.direction(), is_given(i));
    let mut all: Vec<_> = happened(person, today).map(moment).collect();
    all.sort_unstable_by_key(|&(day, direction, gift)| (day, !is_try(direction), gift));
    let (mut tries, mut unanswered) = (0, 0);
    for (at, &(day, direction, gift)) in all.iter().enumerate() {
        tries += i64::from(direction == Direction::Both || (is_try(direction) && !gift));
        let next = || all[at + 1..].iter().find(|(_, direction, _)| !is_try(*direction));
        if is_try(direction) && !gift {
            unanswered += i64::from(next().is_none_or(|&(next, ..)| next - day > ANSWER_WITHIN));
        }
    }
    ORDINARY + ORDINARY * unanswered / (tries + GIVEN)
}
