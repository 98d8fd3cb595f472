//! People for tests.

use crate::core::how::How;

use super::{Comfort, Interaction, Person, PersonId};

/// Somebody in `others`, entered by hand, about whom nothing else is known.
pub(crate) fn person(id: i64) -> Person {
    Person {
        id: PersonId(id),
        name: format!("Person {id}"),
        circle: None,
        ideal: None,
        latest: None,
        comfort: Comfort::Yes,
        birthday: None,
        dates: Vec::new(),
        interactions: Vec::new(),
        ease: None,
        by_hand: true,
        known: 0,
    }
}

/// Somebody in a circle, with what happened: `2026-10-03 both`, comma-separated; `in` is
/// from them, `out` to them, and `met` in person.
pub(crate) fn tied(id: i64, circle: &str, happened: &str) -> Person {
    let interactions = happened.split(',').map(str::trim).filter(|text| !text.is_empty()).map(|text| {
        let (day, how) = text.split_once(' ').unwrap();
        let how = match how {
            "in" => How::Heard,
            "out" => How::Wrote,
            "met" => How::Met,
            _ => How::Talked,
        };
        Interaction { day: day.parse().unwrap(), how, fresh: false, gift: false }
    });
    Person { circle: Some(circle.to_owned()), interactions: interactions.collect(), ..person(id) }
}
