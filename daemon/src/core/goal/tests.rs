//! What holds of goals.

use super::*;
use crate::core::follow_up::{Key, Kind};
use jiff::civil::date;

fn goal(number: u32, counts: Counts) -> Goal {
    Goal {
        id: 1,
        what: "something".to_owned(),
        why: None,
        number,
        counts,
        among: Among::default(),
        from: date(2026, 11, 23),
        until: date(2027, 1, 31),
        supporter: None,
        ended: None,
    }
}

#[test]
fn a_word_of_the_sentence_says_what_is_counted() {
    for (word, counts) in [
        ("introductions", Some(Counts::Introductions)),
        ("introduction", Some(Counts::Introductions)),
        ("People,", Some(Counts::People)),
        ("person", Some(Counts::People)),
        ("talks", None),
        ("", None),
    ] {
        assert_eq!(Counts::in_word(word), counts, "{word}");
    }
}

fn deed(day: Date, person: i64, act: Act) -> Deed {
    Deed { day, person: PersonId(person), act }
}

#[test]
fn everything_has_one_name() {
    for (counts, name) in Counts::NAMES {
        assert_eq!((counts.to_string().as_str(), name.parse()), (name, Ok(counts)));
    }
    for (ending, name) in Ending::NAMES {
        assert_eq!((ending.to_string().as_str(), name.parse()), (name, Ok(ending)));
    }
    assert_eq!(("poems".parse::<Counts>(), "".parse::<Ending>()), (Err(Unknown), Err(Unknown)));
    assert_eq!((Counts::People.so_many(1), Counts::Asks.so_many(3)), ("1 person".into(), "3 asks".into()));
}

#[test]
fn only_what_is_meant_counts() {
    let deeds = [
        deed(date(2026, 11, 22), 1, Act::Talked),
        deed(date(2026, 11, 23), 1, Act::Talked),
        deed(date(2026, 11, 23), 1, Act::Talked),
        deed(date(2026, 11, 30), 1, Act::Talked),
        deed(date(2026, 12, 1), 2, Act::Talked),
        deed(date(2026, 12, 1), 2, Act::Asked),
        deed(date(2027, 2, 1), 3, Act::Talked),
    ];
    let count = |goal: &Goal| goal.counted(deeds.into_iter()).len();
    assert_eq!(count(&goal(3, Counts::Conversations)), 3);
    assert_eq!(count(&goal(3, Counts::People)), 2);
    assert_eq!(count(&goal(3, Counts::Asks)), 1);
    assert_eq!(count(&goal(3, Counts::Offers)), 0);
    let three = goal(3, Counts::Conversations);
    assert_eq!(three.reached_on(&three.counted(deeds.into_iter())), Some(date(2026, 12, 1)));
    assert_eq!(goal(4, Counts::People).reached_on(&[date(2026, 12, 1)]), None);
    let mut two = goal(1, Counts::Conversations);
    two.among = Among { circle: Some("friends".to_owned()), people: [PersonId(2)].into(), query: None };
    assert_eq!(count(&two), 1);
}

#[test]
fn an_ordinary_turn_is_a_step_too() {
    let among = Among { circle: Some("friends".to_owned()), people: [PersonId(1)].into(), query: None };
    let named = |counts| Goal { among: among.clone(), ..goal(3, counts) };
    let day = date(2026, 12, 1);
    let planned = |person, kind, day| FollowUp {
        key: Key { person: PersonId(person), kind, cycle: "2026-10-01".to_owned() },
        day,
        due: None,
        circle: "friends".to_owned(),
        shared: false,
        what: None,
        with: Vec::new(),
        occasion: None,
        reason: String::new(),
    };
    let talked = [deed(date(2026, 11, 24), 1, Act::Talked)];
    for (goal, planned, deeds, is_step) in [
        (named(Counts::People), planned(1, Kind::KeepInTouch, day), &talked[..0], true),
        (named(Counts::People), planned(1, Kind::Rekindle, day), &talked[..0], true),
        (named(Counts::People), planned(1, Kind::KeepInTouch, day), &talked, false),
        (named(Counts::Conversations), planned(1, Kind::Goal, day), &talked, true),
        (named(Counts::Conversations), planned(2, Kind::KeepInTouch, day), &talked[..0], false),
        (named(Counts::Conversations), planned(1, Kind::ThankYou, day), &talked[..0], false),
        (named(Counts::Conversations), planned(1, Kind::Goal, date(2027, 2, 1)), &talked[..0], false),
        (named(Counts::Asks), planned(1, Kind::KeepInTouch, day), &talked[..0], false),
        (goal(3, Counts::People), planned(1, Kind::KeepInTouch, day), &talked[..0], false),
    ] {
        assert_eq!(goal.has_step(&planned, deeds.iter().copied()), is_step, "{goal:?} {planned:?}");
    }
}

#[test]
fn a_goal_is_held_against_the_budget() {
    let settings = Settings::parse("").unwrap();
    let today = date(2026, 11, 23);
    // Ten weeks.
    let fit = |number, facts: &Facts| {
        let fit = Fit::of(&goal(number, Counts::Conversations), 0, facts, &settings, today);
        (fit.needs, fit.room, fit.is_possible())
    };
    assert_eq!(fit(12, &Facts::default()), (12, 50, true));
    assert_eq!(fit(13, &Facts::default()), (13, 50, true));
    assert_eq!(fit(51, &Facts::default()), (51, 50, false));
    let other = |id, number| Goal { id, ..goal(number, Counts::People) };
    for (others, expected) in [
        (vec![other(0, 40)], (12, 10, false)),
        // Who came first keeps the room, and an absurd one takes none.
        (vec![other(2, 40)], (12, 50, true)),
        (vec![other(2, 500)], (12, 50, true)),
        (vec![other(0, 500)], (12, 50, true)),
        (vec![other(-1, 40), other(0, 11)], (12, 10, false)),
    ] {
        let facts = Facts { goals: others, ..Facts::default() };
        assert_eq!(fit(12, &facts), expected, "{facts:?}");
    }
    let all = crate::core::facts::Pause {
        person: None,
        from: today,
        until: date(2027, 1, 31),
        why: crate::core::pause::Why::Pause,
    };
    let facts = Facts { pauses: vec![all], ..Facts::default() };
    assert_eq!(fit(12, &facts), (u32::MAX, 50, false));
    assert_eq!((tenths(13), tenths(20)), ("1.3".to_owned(), "2".to_owned()));
}

#[test]
fn what_is_expected_grows_evenly() {
    let ten = goal(10, Counts::Conversations);
    for (day, expected) in [
        (date(2026, 11, 1), 0),
        (date(2026, 11, 29), 0),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 28), 5),
        (date(2027, 2, 1), 10),
        (date(2030, 1, 1), 10),
    ] {
        assert_eq!(ten.expected(day), expected, "{day}");
    }
}
