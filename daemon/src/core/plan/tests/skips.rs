//! What a skip lets go, and what arises after it.

use super::*;
use crate::core::facts::samples::person;

/// On Monday, for three months.
fn skip() -> Pause {
    Pause { person: Some(PersonId(1)), from: MONDAY, until: on("2027-02-28"), why: Why::Skip }
}

/// A friend whose turn came long ago, with what happened since.
fn friend(since: &[(&str, How)]) -> Person {
    let mut friend = tied(1, "friends", "2026-01-04 both");
    friend.interactions.extend(since.iter().map(|&(day, how)| Interaction {
        day: on(day),
        how,
        fresh: how == How::Met,
        gift: false,
    }));
    friend
}

/// What is planned with person 1, published day by day from Monday to `today`.
fn planned(facts: &Facts, today: Date) -> Vec<String> {
    let (mut rows, mut day) = (Vec::new(), MONDAY);
    loop {
        let made = plan(facts, &defaults(), day, &rows);
        invariants::hold(facts, &defaults(), day, &rows, &made);
        invariants::stands(facts, &defaults(), day, &rows, &made);
        if day == today {
            return shown(&made);
        }
        rows = publish(&rows, &made);
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn what_arises_after_a_skip_is_planned_on_its_own_day() {
    let noted = |aim, by, entered: &str| vec![Intention { entered: on(entered), ..mean(aim, by) }];
    let new = Person { by_hand: true, ..person(1) };
    let met = Interaction { day: on("2026-12-01"), how: How::Met, fresh: true, gift: false };
    for (case, person, intentions, today, expected) in [
        ("what was skipped", friend(&[]), vec![], "2026-12-01", ""),
        ("an offer", friend(&[]), noted(Aim::Send, None, "2026-12-01"), "2026-12-01", "2026-12-01 1 send 7"),
        (
            "one with a day",
            friend(&[]),
            noted(Aim::Invite, Some("2026-12-31"), "2026-12-01"),
            "2026-12-01",
            "2026-12-17 1 invite 7",
        ),
        ("one noted before", friend(&[]), noted(Aim::Send, None, "2026-11-20"), "2026-12-01", ""),
        ("and on the day of the skip", friend(&[]), noted(Aim::Send, None, "2026-11-30"), "2026-12-01", ""),
        (
            "what they promised",
            friend(&[]),
            noted(Aim::TheirPromise, Some("2026-12-04"), "2026-12-01"),
            "2026-12-01",
            "2026-12-07 1 nudge 7 2026-12-07",
        ),
        (
            "an ask of a warm tie",
            friend(&[("2026-11-30", How::Heard)]),
            noted(Aim::Ask, None, "2026-12-02"),
            "2026-12-02",
            "2026-12-02 1 ask 7",
        ),
        (
            "a meeting is thanked for",
            friend(&[("2026-12-01", How::Met)]),
            vec![],
            "2026-12-01",
            "2026-12-02 1 thank-you 2026-12-01",
        ),
        (
            "one on the day itself, too",
            friend(&[("2026-11-30", How::Met)]),
            vec![],
            "2026-11-30",
            "2026-12-01 1 thank-you 2026-11-30",
        ),
        ("one before it is not", friend(&[("2026-11-29", How::Met)]), vec![], "2026-11-30", ""),
        (
            "a first hello",
            Person { interactions: vec![met], ..new },
            vec![],
            "2026-12-01",
            "2026-12-02 1 first-hello 2026-12-01",
        ),
        (
            "a letter that is not answered",
            friend(&[("2026-12-01", How::Wrote)]),
            vec![],
            "2026-12-01",
            "2026-12-15 1 second-try 2026-12-01",
        ),
    ] {
        let facts = Facts { people: vec![person], intentions, pauses: vec![skip()], ..Facts::default() };
        assert_eq!(planned(&facts, on(today)).join(", "), expected, "{case}");
        let snooze = Pause { why: Why::Snooze, ..skip() };
        let facts = Facts { pauses: vec![snooze], ..facts };
        assert_eq!(planned(&facts, on(today)).join(", "), "", "a snooze silences: {case}");
    }
}

#[test]
fn what_was_skipped_comes_after_the_skip_beside_what_is_new() {
    // No place for the offer, as nobody is planned on its days.
    let mut settings = defaults();
    settings.feed.ahead = 120;
    let invite = Intention { entered: on("2026-12-01"), ..mean(Aim::Invite, Some("2026-12-04")) };
    let days = Days { busy: (1..=4).map(|day| (date(2026, 12, day), 540)).collect(), ..Days::default() };
    let facts = Facts {
        people: vec![friend(&[])],
        intentions: vec![invite],
        pauses: vec![skip()],
        days,
        ..Facts::default()
    };
    let made = plan(&facts, &settings, on("2026-12-01"), &[]);
    assert_eq!(shown(&made), ["2027-03-01 1 rekindle 2026-01-04"]);
}

#[test]
fn it_is_told_what_the_skip_holds_back() {
    for (aim, by, entered, expected) in [
        (
            Aim::Send,
            None,
            "2026-11-20",
            "they are skipped until 28 February 2027; kith pause --end has them back",
        ),
        (
            Aim::Invite,
            Some("2026-12-20"),
            "2026-11-20",
            "they are skipped until 28 February 2027; kith pause --end has them back",
        ),
        (Aim::Invite, Some("2026-12-20"), "2026-12-01", "wanted from 6 December 2026 on"),
        (Aim::Invite, Some("2027-03-20"), "2026-11-20", "wanted from 6 March 2027 on"),
    ] {
        let noted = Intention { entered: on(entered), ..mean(aim, by) };
        let facts = Facts {
            people: vec![friend(&[])],
            intentions: vec![noted],
            pauses: vec![skip()],
            ..Facts::default()
        };
        let today = on("2026-12-01");
        let made = plan(&facts, &defaults(), today, &[]);
        let points = why(&facts, &defaults(), today, &made, PersonId(1)).unwrap();
        let said = &points.iter().find(|(about, _)| *about == "Considered").unwrap().1;
        assert!(said.ends_with(expected), "{aim} {by:?} {entered}: {said}");
    }
}
