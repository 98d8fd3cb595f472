//! What is one outreach, and what is none at all, with exact days.

use super::*;
use crate::core::goal::{Among, Counts, Goal};
use crate::core::occasion::{Greeted, Occasion};

fn mean(id: i64, aim: Aim, by: Option<&str>, entered: &str) -> Intention {
    Intention {
        id,
        person: PersonId(1),
        aim,
        what: format!("matter {id}"),
        by: by.map(on),
        entered: on(entered),
        ended: None,
    }
}

/// The follow-ups of a fresh plan: `2026-11-30 1 ask 7`.
fn fresh(facts: &Facts, today: Date) -> Vec<String> {
    let made = plan(facts, &defaults(), today, &[]);
    invariants::hold(facts, &defaults(), today, &[], &made);
    invariants::stands(facts, &defaults(), today, &[], &made);
    shown(&made)
}

#[test]
fn what_is_wanted_by_now_goes_with_a_turn_that_came_long_ago() {
    let rosa = || tied(1, "friends", "2026-07-16 met");
    for (case, intentions, expected, reasons) in [
        (
            "an offer",
            vec![mean(7, Aim::Congratulate, None, "2026-11-30")],
            "2026-11-30 1 congratulate 7",
            vec!["To congratulate: matter 7.", "You last met on 16 July 2026"],
        ),
        (
            "a reminder and an ask",
            vec![
                mean(7, Aim::TheirPromise, Some("2026-11-27"), "2026-11-20"),
                mean(8, Aim::Ask, None, "2026-11-28"),
            ],
            "2026-11-30 1 nudge 7 2026-11-30",
            vec!["They promised", "You want to ask", "You last met on 16 July 2026"],
        ),
    ] {
        // Warm still: friends are so for four months.
        let person = Person { latest: "1y".parse().ok(), ..rosa() };
        let facts = Facts { intentions, ..facts([person]) };
        assert_eq!(fresh(&facts, MONDAY), [expected], "{case}");
        let made = plan(&facts, &defaults(), MONDAY, &[]);
        for said in reasons {
            assert!(made.follow_ups[0].reason.contains(said), "{case}: {}", made.follow_ups[0].reason);
        }
    }
}

/// An offer for a day far off followed within two weeks, and what they promised was asked for days later.
#[test]
fn what_is_not_wanted_yet_goes_along_with_a_turn_that_came_long_ago() {
    let entered = "2026-11-20";
    for (case, meant, expected, said) in [
        (
            "an invitation for a day in three weeks",
            mean(7, Aim::Invite, Some("2026-12-24"), entered),
            "2026-11-30 1 keep-in-touch 2026-07-16",
            Some("An invitation (by 24 December 2026): matter 7."),
        ),
        (
            "for one in two months",
            mean(7, Aim::Invite, Some("2027-01-29"), entered),
            "2026-11-30 1 keep-in-touch 2026-07-16",
            None,
        ),
        (
            "a promise of theirs whose day has passed",
            mean(7, Aim::TheirPromise, Some("2026-11-29"), entered),
            "2026-11-30 1 keep-in-touch 2026-07-16",
            Some("They promised (by 29 November 2026): matter 7; a gentle question."),
        ),
        (
            "one whose day is today",
            mean(7, Aim::TheirPromise, Some("2026-11-30"), entered),
            "2026-11-30 1 keep-in-touch 2026-07-16",
            None,
        ),
    ] {
        let facts = Facts { intentions: vec![meant], ..facts([tied(1, "friends", "2026-07-16 met")]) };
        assert_eq!(fresh(&facts, MONDAY)[0], expected, "{case}");
        let made = plan(&facts, &defaults(), MONDAY, &[]);
        let first = &made.follow_ups[0];
        match said {
            Some(said) => assert!(first.reason.starts_with(said), "{case}: {}", first.reason),
            None => assert!(!first.reason.contains("matter 7"), "{case}: {}", first.reason),
        }
        let dues = Dues::new(&facts, &defaults(), MONDAY).serves(&facts.people[0], first, 7);
        assert_eq!(dues, said.is_some(), "{case}");
    }
}

#[test]
fn nobody_is_asked_before_its_day_for_what_they_promised() {
    let theirs = mean(7, Aim::TheirPromise, Some("2026-12-04"), "2026-11-30");
    let mine = |by| mean(8, Aim::Promise, Some(by), "2026-11-30");
    let reason = |intentions| {
        let facts = Facts { intentions, ..facts([tied(1, "friends", "2026-11-20 both")]) };
        plan(&facts, &defaults(), MONDAY, &[]).follow_ups[0].reason.clone()
    };
    assert_eq!(
        reason(vec![theirs.clone(), mine("2026-12-02")]),
        "You promised by 2 December 2026: matter 8."
    );
    assert!(reason(vec![theirs.clone(), mine("2026-12-08")]).contains("They promised"));
    // Their turn comes shortly before: it waits for that day, and is one with it.
    let facts = Facts { intentions: vec![theirs], ..facts([tied(1, "friends", "2026-10-02 both")]) };
    assert_eq!(fresh(&facts, MONDAY), ["2026-12-07 1 nudge 7 2026-12-07"]);
}

#[test]
fn of_promises_that_a_pause_brings_forward_the_one_due_first_leads() {
    let pause = Pause { person: None, from: on("2026-12-21"), until: on("2027-01-03"), why: Why::Pause };
    let intentions = vec![
        mean(7, Aim::Promise, Some("2026-12-28"), "2026-11-30"),
        mean(8, Aim::Promise, Some("2026-12-21"), "2026-11-30"),
    ];
    let people = vec![tied(1, "friends", "2026-11-20 both")];
    let mut facts = Facts { people, pauses: vec![pause], intentions, ..Facts::default() };
    assert_eq!(fresh(&facts, MONDAY), ["2026-12-18 1 promise 8"]);
    // The other one is still owed that day.
    facts.intentions.pop();
    log(&mut facts, PersonId(1), on("2026-12-18"), Direction::Both);
    let today = on("2026-12-18");
    assert_eq!(Dues::new(&facts, &defaults(), today).of(&facts.people[0]), Some(today));
}

#[test]
fn an_occasion_is_waited_for_only_by_whose_turn_comes_shortly_before_it() {
    let new_year = |people, id| Occasion {
        id,
        name: "New Year".to_owned(),
        day: date(2027, 1, 1),
        yearly: true,
        days: 10,
        people,
    };
    let weak = |happened| tied(1, "weak-ties", happened);
    for (case, person, people, expected) in [
        (
            "family due tomorrow",
            tied(1, "family", "2026-11-17 both"),
            Greeted::All,
            "2026-12-01 1 keep-in-touch",
        ),
        (
            "family long quiet",
            tied(1, "family", "2026-08-02 both"),
            Greeted::Dormant,
            "2026-11-30 1 rekindle",
        ),
        ("due a month before", weak("2026-05-28 both"), Greeted::All, "2026-11-30 1 keep-in-touch"),
        ("due a fortnight before", weak("2026-06-15 both"), Greeted::All, "2026-12-28 1 occasion"),
        ("due after it", weak("2026-09-15 both"), Greeted::All, "2026-12-28 1 occasion"),
        ("never spoken to", person(1), Greeted::New, "2026-12-28 1 occasion"),
    ] {
        let facts = Facts { occasions: vec![new_year(people, 5)], ..facts([person]) };
        let made = fresh(&facts, MONDAY);
        assert!(made[0].starts_with(expected), "{case}: {made:?}");
    }
    // Who gets no turn before it is greeted.
    let mut settings = defaults();
    settings.budget.shared = 0.0;
    let family = (101..=500).map(|id| tied(id, "family", "2026-11-06 both"));
    let crowd = family.chain([tied(2, "friends", "2026-02-01 both")]);
    let crowd = Facts { occasions: vec![new_year(Greeted::Dormant, 5)], ..facts(crowd) };
    let made = plan(&crowd, &settings, MONDAY, &[]);
    let greeted = outreaches(&made).find(|f| f.key.person == PersonId(2)).unwrap();
    assert_eq!((greeted.key.kind, greeted.day), (Kind::Occasion, on("2026-12-28")));
    assert!(greeted.reason.starts_with("New Year (1 January 2027) is an occasion"), "{}", greeted.reason);
    assert_eq!(greeted.reason.matches("say hello").count(), 1, "{}", greeted.reason);
    invariants::stands(&crowd, &settings, MONDAY, &[], &made);
}

#[test]
fn a_step_waits_after_every_contact_whoever_began_it() {
    let goal = Goal {
        id: 3,
        what: "5 conversations".to_owned(),
        why: None,
        number: 5,
        counts: Counts::Conversations,
        among: Among { circle: Some("friends".to_owned()), query: None, people: [PersonId(1)].into() },
        from: on("2026-11-23"),
        until: on("2026-12-20"),
        supporter: None,
        ended: None,
    };
    for (case, happened, expected) in [
        ("heard from", "2026-11-30 in", "2026-12-14 1 goal 3 0"),
        ("talked", "2026-11-30 both", "2026-12-14 1 goal 3 1"),
        ("written to since", "2026-11-28 both, 2026-11-30 out", "2026-12-14 1 second-try 2026-11-30"),
        ("no time is left for it", "2026-12-07 both", ""),
    ] {
        let facts = Facts { goals: vec![goal.clone()], ..facts([tied(1, "friends", happened)]) };
        let today = facts.people[0].interactions.iter().map(|i| i.day).max().unwrap();
        let made = fresh(&facts, today);
        assert_eq!(made.first().map_or("", String::as_str), expected, "{case}");
    }
}

#[test]
fn nobody_owes_an_answer_to_a_congratulation() {
    let ute = |happened: &str| Person { birthday: "--11-30".parse().ok(), ..tied(1, "weak-ties", happened) };
    let next = |happened: &str| {
        let mut settings = defaults();
        settings.feed.ahead = 200;
        let today = on("2026-12-01");
        let made = plan(&facts([ute(happened)]), &settings, today, &[]);
        let f = outreaches(&made).next().unwrap();
        format!("{} {}", f.key.kind, f.key.cycle)
    };
    for (case, happened, expected) in [
        ("it was not time", "2026-11-20 both, 2026-11-30 out", "keep-in-touch 2026-11-20"),
        ("it was time anyway: their turn", "2026-05-20 both, 2026-11-30 out", "keep-in-touch 2026-11-30"),
        (
            "while a letter is unanswered",
            "2026-05-20 both, 2026-11-20 out, 2026-11-30 out",
            "second-try 2026-11-20",
        ),
        ("on another day", "2026-11-20 both, 2026-11-29 out", "second-try 2026-11-29"),
        ("never spoken to", "2026-11-30 out", "keep-in-touch 2026-11-30"),
    ] {
        assert_eq!(next(happened), expected, "{case}");
    }
}

#[test]
fn what_was_slept_through_is_asked_for_on_waking_and_never_piled() {
    let promise = |person: i64, by: &str| Intention {
        person: PersonId(person),
        ..mean(person, Aim::Promise, Some(by), "2026-11-23")
    };
    let by = ["2026-11-30", "2026-11-27", "2026-11-30", "2026-11-26", "2026-12-12"];
    let facts = Facts {
        intentions: (1..).zip(by).map(|(person, by)| promise(person, by)).collect(),
        ..facts((1..=5).map(|id| tied(id, "friends", "2026-11-20 both")))
    };
    let mut settings = defaults();
    settings.budget.per_day = 2;
    let before = plan(&facts, &settings, on("2026-11-23"), &[]);
    let rows = publish(&[], &before);
    let woken = plan(&facts, &settings, on("2026-12-14"), &rows);
    assert_eq!(days(&woken), "12-14:2 12-14:4 12-15:1 12-15:5 12-16:3");
    invariants::hold(&facts, &settings, on("2026-12-14"), &rows, &woken);
    invariants::stands(&facts, &settings, on("2026-12-14"), &rows, &woken);
    // What is left undone comes back as it would have.
    let rows = publish(&rows, &woken);
    let next = plan(&facts, &settings, on("2026-12-15"), &rows);
    assert_eq!(days(&next), "12-15:1 12-15:5 12-16:3 12-20:4 12-21:2");
    // At a weekend it waits for the first working day.
    let rows = publish(&[], &before);
    let woken = plan(&facts, &settings, on("2026-12-12"), &rows);
    assert_eq!(days(&woken), "12-12:5 12-14:2 12-14:4 12-15:1 12-15:3");
}

/// Seven promises to one person are not told one after the other: the card lists them.
#[test]
fn many_promises_are_told_as_one_and_a_number() {
    let people = || vec![tied(1, "friends", "2026-11-20 both")];
    let promise = |id, by: &str| Intention { id, ..super::mean(Aim::Promise, Some(by)) };
    for (count, expected) in [
        (1, "You promised by 4 December 2026: the concert."),
        (2, "You promised by 4 December 2026: the concert. You promised by 4 December 2026: the concert."),
        (7, "You promised by 4 December 2026: the concert. 6 more promises go with it."),
    ] {
        let intentions = (1..=count).map(|id| promise(id, "2026-12-04")).collect();
        let facts = Facts { people: people(), intentions, ..Facts::default() };
        let made = plan(&facts, &defaults(), MONDAY, &[]);
        assert_eq!(made.follow_ups[0].reason, expected);
        assert_eq!(made.follow_ups[0].with.len(), usize::try_from(count).unwrap() - 1);
    }
}

/// What was promised for a day that has passed is told with whatever they are reached for.
#[test]
fn a_promise_that_is_late_is_told_with_whatever_is_next() {
    let promise = Intention { entered: on("2026-08-01"), ..super::mean(Aim::Promise, Some("2026-09-01")) };
    let agreed = Introduction {
        id: 3,
        between: Between { to: Some(PersonId(2)), through: Some(PersonId(1)), ..Between::default() },
        entered: Some(on("2026-11-01")),
        asked: Some(on("2026-11-20")),
        agreed: Some(on("2026-11-29")),
        ..Introduction::default()
    };
    let told = "You promised by 1 September 2026: the concert.";
    for (case, introductions, happened, expected) in [
        ("a step of an introduction", vec![agreed], "2026-11-29 in", "introduction 3 forward"),
        ("their turn", vec![], "2026-08-01 both", "keep-in-touch 2026-08-01"),
    ] {
        let people = vec![tied(1, "friends", happened), tied(2, "friends", "2026-11-29 both")];
        let intentions = vec![promise.clone()];
        let mut facts = Facts { people, intentions, introductions, ..Facts::default() };
        facts.introductions.iter_mut().for_each(|known| known.steps = known.next());
        let made = plan(&facts, &defaults(), MONDAY, &[]);
        let first = outreaches(&made).find(|f| f.key.person == PersonId(1)).unwrap();
        assert_eq!(format!("{} {}", first.key.kind, first.key.cycle), expected, "{case}");
        assert!(first.reason.contains(told), "{case}: {}", first.reason);
    }
}
