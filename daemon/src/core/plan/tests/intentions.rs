//! Promises, thank-yous, asks and offers, with exact days.

use super::*;

/// Something meant to be done with person 1, noted on Monday.
fn mean(aim: Aim, by: Option<&str>) -> Intention {
    Intention {
        id: 7,
        person: PersonId(1),
        aim,
        what: "the article".to_owned(),
        by: by.map(on),
        entered: MONDAY,
        ended: None,
    }
}

fn planned(person: Person, intentions: Vec<Intention>, today: Date) -> Vec<String> {
    let facts = Facts { people: vec![person], intentions, ..Facts::default() };
    shown(&plan(&facts, &defaults(), today, &[]))
}

fn met(person: Person, day: &str) -> Person {
    let mut person = person;
    person.interactions.push(Interaction { day: on(day), how: How::Met, fresh: true, gift: false });
    person
}

fn wrote(mut person: Person, day: &str, gift: bool) -> Person {
    person.interactions.push(Interaction { day: on(day), how: How::Wrote, fresh: false, gift });
    person
}

#[test]
fn stories() {
    let friend = || tied(1, "friends", "2026-11-20 both");
    let dormant = || tied(1, "friends", "2025-01-01 both");
    for (case, person, intentions, today, expected) in [
        (
            "a promise on its day, though a Sunday",
            friend(),
            vec![mean(Aim::Promise, Some("2026-12-06"))],
            MONDAY,
            "promise 7 on 2026-12-06",
        ),
        (
            "missed: three days later",
            friend(),
            vec![mean(Aim::Promise, Some("2026-12-06"))],
            on("2026-12-07"),
            "promise 7 on 2026-12-09",
        ),
        (
            "then ten",
            friend(),
            vec![mean(Aim::Promise, Some("2026-12-06"))],
            on("2026-12-10"),
            "promise 7 on 2026-12-16",
        ),
        (
            "years later each month",
            friend(),
            vec![mean(Aim::Promise, Some("2026-12-06"))],
            on("2027-02-20"),
            "promise 7 on 2027-02-28",
        ),
        (
            "a month of the calendar each time",
            tied(1, "weak-ties", "2026-11-20 both"),
            vec![mean(Aim::Promise, Some("2026-12-06"))],
            on("2027-04-01"),
            "promise 7 on 2027-04-30",
        ),
        (
            "without a day within two weeks",
            friend(),
            vec![mean(Aim::Promise, None)],
            MONDAY,
            "promise 7 on 2026-12-14",
        ),
        (
            "a promise makes the keep-in-touch",
            dormant(),
            vec![mean(Aim::Promise, Some("2026-12-03"))],
            MONDAY,
            "promise 7 on 2026-12-03",
        ),
        (
            "a meeting is thanked for",
            met(friend(), "2026-11-30"),
            vec![],
            MONDAY,
            "thank-you 2026-11-30 on 2026-12-01",
        ),
        (
            "missed: two days after",
            met(friend(), "2026-11-30"),
            vec![],
            on("2026-12-02"),
            "thank-you 2026-11-30 on 2026-12-02",
        ),
        (
            "a letter of that day may have been before it",
            wrote(met(friend(), "2026-11-30"), "2026-11-30", false),
            vec![],
            MONDAY,
            "thank-you 2026-11-30 on 2026-12-01",
        ),
        (
            "thanks of that day are enough",
            wrote(met(friend(), "2026-11-30"), "2026-11-30", true),
            vec![],
            MONDAY,
            "keep-in-touch 2026-11-30 on 2027-02-01",
        ),
        (
            "and so is any letter of a later one",
            wrote(met(friend(), "2026-11-28"), "2026-11-29", false),
            vec![],
            MONDAY,
            "second-try 2026-11-29 on 2026-12-14",
        ),
        (
            "after a week no more",
            met(friend(), "2026-11-30"),
            vec![],
            on("2026-12-08"),
            "keep-in-touch 2026-11-30 on 2027-02-01",
        ),
        (
            "just met: a first hello",
            met(person(1), "2026-11-30"),
            vec![],
            MONDAY,
            "first-hello 2026-11-30 on 2026-12-01",
        ),
        ("an ask of a warm tie", friend(), vec![mean(Aim::Ask, None)], MONDAY, "ask 7 on 2026-11-30"),
        (
            "of a dormant one comes a hello first",
            dormant(),
            vec![mean(Aim::Ask, None)],
            MONDAY,
            "rekindle 2025-01-01 on 2026-11-30",
        ),
        (
            "of one who is to answer waits, too",
            tied(1, "friends", "2026-11-20 both, 2026-11-29 out"),
            vec![mean(Aim::Ask, None)],
            MONDAY,
            "second-try 2026-11-29 on 2026-12-14",
        ),
        ("an offer at once", friend(), vec![mean(Aim::Send, None)], MONDAY, "send 7 on 2026-11-30"),
        (
            "or two weeks before its day",
            friend(),
            vec![mean(Aim::Invite, Some("2026-12-31"))],
            MONDAY,
            "invite 7 on 2026-12-17",
        ),
        (
            "what they promised three days after",
            friend(),
            vec![mean(Aim::TheirPromise, Some("2026-12-04"))],
            MONDAY,
            "nudge 7 2026-12-07 on 2026-12-07",
        ),
        (
            "what ended is not planned",
            friend(),
            vec![Intention { ended: Some((MONDAY, Outcome::Done)), ..mean(Aim::Promise, None) }],
            MONDAY,
            "keep-in-touch 2026-11-20 on 2027-01-20",
        ),
    ] {
        let got = planned(person, intentions, today);
        assert_eq!(
            got.first().map(String::as_str),
            Some(expected).filter(
                |text| on(&text[text.len() - 10..]) <= today.saturating_add(jiff::Span::new().days(60))
            ),
            "{case}"
        );
        assert!(got.len() <= 1, "{case}: {got:?}");
    }
}

fn shown(plan: &Plan) -> Vec<String> {
    plan.follow_ups.iter().map(|f| format!("{} {} on {}", f.key.kind, f.key.cycle, f.day)).collect()
}

#[test]
fn a_pause_of_all_brings_a_promise_forward_and_one_of_theirs_does_not_silence_it() {
    let pause = |person, why| Pause { person, from: on("2026-12-21"), until: on("2027-01-03"), why };
    let snoozed = |from, until| Pause { person: Some(PersonId(1)), from, until, why: Why::Snooze };
    for (case, pauses, today, expected) in [
        ("before it", vec![pause(None, Why::Pause)], MONDAY, "2026-12-18"),
        // The last working day before it is over: a Sunday is left.
        ("missed: on the last day before it", vec![pause(None, Why::Pause)], on("2026-12-19"), "2026-12-20"),
        ("missed again: after it", vec![pause(None, Why::Pause)], on("2026-12-21"), "2027-01-04"),
        ("their own", vec![pause(Some(PersonId(1)), Why::Pause)], MONDAY, "2026-12-24"),
        ("put off", vec![pause(Some(PersonId(1)), Why::Snooze)], MONDAY, "2027-01-04"),
        (
            "put off until the Sunday before it",
            vec![pause(None, Why::Pause), snoozed(on("2026-12-10"), on("2026-12-19"))],
            on("2026-12-10"),
            "2026-12-20",
        ),
        (
            "put off into it",
            vec![pause(None, Why::Pause), snoozed(on("2026-12-10"), on("2026-12-21"))],
            on("2026-12-10"),
            "2027-01-04",
        ),
    ] {
        let facts = Facts {
            people: vec![tied(1, "friends", "2026-11-20 both")],
            pauses,
            intentions: vec![mean(Aim::Promise, Some("2026-12-24"))],
            ..Facts::default()
        };
        let made = plan(&facts, &defaults(), today, &[]);
        assert_eq!(shown(&made), [format!("promise 7 on {expected}")], "{case}");
        invariants::hold(&facts, &defaults(), today, &[], &made);
        invariants::stands(&facts, &defaults(), today, &[], &made);
    }
}

#[test]
fn what_is_owed_takes_the_place_of_others() {
    let mut people: Vec<Person> = (2..30).map(|id| tied(id, "friends", "2026-01-01 both")).collect();
    people.push(tied(1, "weak-ties", "2026-11-20 both"));
    let mut facts = facts(people);
    let count = |made: &Plan| made.follow_ups.iter().filter(|f| f.day < on("2026-12-07")).count();
    let before = plan(&facts, &defaults(), MONDAY, &[]);
    let full = count(&before);
    facts.intentions.push(mean(Aim::Promise, Some("2026-11-30")));
    let after = plan(&facts, &defaults(), MONDAY, &published(&before));
    assert_eq!(count(&after), full);
    assert!(after.follow_ups.iter().any(|f| f.key.kind == Kind::Promise && f.day == MONDAY));
}

#[test]
fn a_meeting_is_not_thanked_for_where_the_circle_does_not() {
    let mut settings = defaults();
    settings.circles.get_mut("friends").unwrap().thanks = false;
    let facts = facts([met(tied(1, "friends", "2026-11-20 both"), "2026-11-30")]);
    assert!(plan(&facts, &settings, MONDAY, &[]).follow_ups.iter().all(|f| f.key.kind != Kind::ThankYou));
}

#[test]
fn what_is_given_waits_for_no_answer_and_is_their_turn_when_it_was_time() {
    let given = |day: &str, circle| {
        let mut person = tied(1, circle, "2026-11-20 both");
        person.interactions.push(Interaction { day: on(day), how: How::Wrote, fresh: false, gift: true });
        person
    };
    for (case, person, today, expected) in [
        ("a thank-you", given("2026-11-21", "close"), MONDAY, "keep-in-touch 2026-11-20 on 2026-12-18"),
        (
            "a gift when it was time",
            given("2026-12-18", "close"),
            on("2026-12-20"),
            "keep-in-touch 2026-12-18 on 2027-01-15",
        ),
    ] {
        assert_eq!(planned(person, Vec::new(), today), [expected], "{case}");
    }
}
