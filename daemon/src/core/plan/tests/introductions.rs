//! Introductions, step by step.

use super::*;
use crate::core::goal::{Among, Counts, Goal};

/// Clara (2), never spoken to, is to be introduced by Ben (1).
fn between(ben: &str, set: impl FnOnce(&mut Introduction)) -> Facts {
    let between = Between {
        to: Some(PersonId(2)),
        to_name: "Clara".to_owned(),
        through: Some(PersonId(1)),
        through_name: "Ben".to_owned(),
        ..Between::default()
    };
    let mut introduction =
        Introduction { id: 7, between, entered: Some(on("2026-11-20")), ..Introduction::default() };
    set(&mut introduction);
    introduction.steps = introduction.next();
    Facts { introductions: vec![introduction], ..facts([tied(1, "friends", ben), person(2)]) }
}

fn planned(facts: &Facts, today: Date) -> Vec<String> {
    shown(&plan(facts, &defaults(), today, &[]))
}

#[test]
fn each_step_is_planned_with_the_right_person() {
    let day = |text: &str| Some(on(text));
    // Warm: he is asked, and nobody calls her before that.
    assert_eq!(planned(&between("2026-11-02 both", |_| {}), MONDAY), ["2026-11-30 1 introduction 7 ask"]);
    // Warm still, though it has been time to talk for weeks: one outreach for both.
    assert_eq!(planned(&between("2026-08-20 both", |_| {}), MONDAY), ["2026-11-30 1 introduction 7 ask"]);
    // Asked: a gentle question after two weeks; what is due then anyway is the same outreach.
    let asked = |i: &mut Introduction| i.asked = day("2026-11-24");
    assert_eq!(
        planned(&between("2026-11-02 both, 2026-11-24 out", asked), MONDAY),
        ["2026-12-08 1 introduction 7 reminder 2026-12-08"]
    );
    // Asked again without an answer: what remains is the patient ladder.
    assert_eq!(
        planned(&between("2026-11-02 both, 2026-11-24 out, 2026-12-08 out", asked), on("2026-12-09")),
        ["2027-01-19 1 second-try 2026-12-08"]
    );
    // He agreed: the lines are owed the day after, and again if they are missed.
    let agreed = |i: &mut Introduction| i.agreed = day("2026-11-29");
    assert_eq!(planned(&between("2026-11-29 in", agreed), MONDAY), ["2026-11-30 1 introduction 7 forward"]);
    assert_eq!(
        planned(&between("2026-11-29 in", agreed), on("2026-12-01")),
        ["2026-12-03 1 introduction 7 forward"]
    );
    // It is made: both are written to, whatever the budget.
    let made = |i: &mut Introduction| i.made = day("2026-11-29");
    let both = between("2026-11-29 in", made);
    let mut none = defaults();
    none.budget.per_week = 0;
    let expected = ["2026-11-30 1 introduction 7 thanks", "2026-11-30 2 introduction 7 hello"];
    assert_eq!(shown(&plan(&both, &none, MONDAY, &[])), expected);
    // Any word to her, and one to him since, is one.
    let mut greeted = both;
    log(&mut greeted, PersonId(2), on("2026-11-29"), Direction::Both);
    log(&mut greeted, PersonId(1), on("2026-11-30"), Direction::Outbound);
    assert!(planned(&greeted, MONDAY).iter().all(|line| !line.contains("introduction")));
}

#[test]
fn a_step_towards_a_goal_with_somebody_to_be_introduced_waits_for_their_hello() {
    let with_goal = |facts: Facts| {
        let among = Among { circle: None, query: Some("climate".to_owned()), people: [PersonId(2)].into() };
        let goal = Goal {
            id: 3,
            what: "two talks".to_owned(),
            why: None,
            number: 1,
            counts: Counts::People,
            among,
            from: on("2026-11-25"),
            until: on("2026-12-20"),
            supporter: None,
            ended: None,
        };
        Facts { goals: vec![goal], ..facts }
    };
    // Nobody calls her before he is asked, not for a goal either.
    let noted = with_goal(between("2026-11-02 both", |_| {}));
    assert_eq!(planned(&noted, MONDAY), ["2026-11-30 1 introduction 7 ask"]);
    // Once she is introduced, she hears the hello alone: it is written, and no talk for the goal.
    let made = with_goal(between("2026-11-29 in", |i| i.made = Some(on("2026-11-29"))));
    let made = plan(&made, &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-11-30 1 introduction 7 thanks", "2026-11-30 2 introduction 7 hello"]);
    let why = &made.follow_ups[1].reason;
    assert!(why.contains("introduced by Ben: a first hello") && !why.contains("your goal"), "{why}");
}

#[test]
fn an_introduction_is_held_back_until_the_tie_is_warm() {
    let cold = between("2025-11-02 both", |_| {});
    let made = plan(&cold, &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-11-30 1 rekindle 2025-11-02"]);
    assert!(made.follow_ups[0].reason.contains("a hello without any request comes first"));
}

#[test]
fn beside_a_question_what_is_held_back_waits_for_the_answer() {
    let mut facts = between("2026-11-02 both, 2026-11-16 out", |i| i.asked = Some(on("2026-11-16")));
    facts.intentions.push(Intention {
        id: 8,
        person: PersonId(1),
        aim: Aim::Ask,
        what: "his van".to_owned(),
        by: None,
        entered: on("2026-11-20"),
        ended: None,
    });
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made)[0], "2026-11-30 1 introduction 7 reminder 2026-11-30");
    let why = &made.follow_ups[0].reason;
    assert!(
        why.contains("You want to ask for something else (his van): it waits for their answer."),
        "{why}"
    );
    assert!(!why.contains("without any request"), "{why}");
}

/// The user introduces Ben (1) and Clara (2) to each other.
fn of_mine(ben: &str, clara: &str, set: impl FnOnce(&mut Introduction)) -> Facts {
    let mut facts = between(ben, |i| {
        i.by = By::Me;
        set(i);
    });
    facts.people = vec![tied(1, "friends", ben), tied(2, "friends", clara)];
    facts
}

#[test]
fn both_are_asked_then_introduced_and_one_is_asked_of_it_later() {
    let day = |text: &str| Some(on(text));
    let warm = "2026-11-20 both";
    assert_eq!(
        planned(&of_mine(warm, warm, |_| {}), MONDAY),
        ["2026-11-30 1 introduction 7 consent", "2026-11-30 2 introduction 7 consent-to"]
    );
    // To introduce somebody is to give: it is not held back, but whoever was silent for long gets a hello first.
    let lines = planned(&of_mine(warm, "2024-11-02 both", |_| {}), MONDAY);
    assert_eq!(lines, ["2026-11-30 1 introduction 7 consent", "2026-11-30 2 rekindle 2024-11-02"]);
    let lines = planned(&of_mine(warm, "2024-11-02 both, 2026-11-21 out", |_| {}), MONDAY);
    assert_eq!(lines[1], "2026-11-30 2 introduction 7 consent-to");
    let asked = |i: &mut Introduction| {
        (i.asked, i.agreed, i.to_asked) = (day("2026-11-24"), day("2026-11-25"), day("2026-11-24"));
    };
    assert_eq!(
        planned(&of_mine("2026-11-25 in", "2026-11-20 both, 2026-11-24 out", asked), MONDAY)[0],
        "2026-12-08 2 introduction 7 reminder 2026-12-08"
    );
    // Both would like it: it is made the day after, whatever the budget.
    let agreed = |i: &mut Introduction| (i.agreed, i.to_agreed) = (day("2026-11-25"), day("2026-11-29"));
    let both = of_mine("2026-11-25 in", "2026-11-29 in", agreed);
    let mut none = defaults();
    none.budget.per_week = 0;
    assert_eq!(shown(&plan(&both, &none, MONDAY, &[])), ["2026-11-30 1 introduction 7 make"]);
    let made = |i: &mut Introduction| i.made = day("2026-11-29");
    let both = of_mine("2026-11-29 both", "2026-11-29 both", made);
    let lines = planned(&both, on("2026-12-20"));
    assert!(lines.contains(&"2026-12-28 1 introduction 7 look-back".to_owned()), "{lines:?}");
    let seen = |i: &mut Introduction| (i.made, i.looked_back) = (day("2026-11-29"), day("2026-12-28"));
    let lines = planned(&of_mine("2026-12-28 both", "2026-11-29 both", seen), on("2026-12-29"));
    assert!(lines.iter().all(|line| !line.contains("introduction")), "{lines:?}");
}

#[test]
fn nobody_is_named_to_another_who_is_not_to_be() {
    for by in [By::Them, By::Me] {
        for gone in [1, 2] {
            let mut facts = of_mine("2026-11-20 both", "2026-11-20 both", |_| {});
            facts.introductions[0].by = by;
            facts.introductions[0].steps = facts.introductions[0].next();
            facts
                .people
                .iter_mut()
                .filter(|person| person.id.0 == gone)
                .for_each(|person| person.comfort = Comfort::Never);
            let lines = planned(&facts, MONDAY);
            assert!(lines.iter().all(|line| !line.contains("introduction")), "{lines:?}");
            facts.people.retain(|person| person.id.0 != gone);
            let lines = planned(&facts, MONDAY);
            assert!(lines.iter().all(|line| !line.contains("introduction")), "{lines:?}");
        }
    }
}

#[test]
fn nobody_is_introduced_to_themselves_when_two_are_merged() {
    let mut facts = of_mine("2026-11-20 both", "2026-11-20 both", |i| i.between.to = Some(PersonId(1)));
    facts.people.truncate(1);
    assert!(planned(&facts, MONDAY).iter().all(|line| !line.contains("introduction")));
}

#[test]
fn a_talk_in_which_nothing_was_asked_uses_up_no_step() {
    let made = |i: &mut Introduction| i.made = Some(on("2026-10-28"));
    let mut facts = of_mine("2026-10-28 both", "2026-10-28 both", made);
    let monday = plan(&facts, &defaults(), MONDAY, &[]);
    assert!(
        shown(&monday).contains(&"2026-11-30 1 introduction 7 look-back".to_owned()),
        "{:?}",
        shown(&monday)
    );
    log(&mut facts, PersonId(1), MONDAY, Direction::Both);
    let after = plan(&facts, &defaults(), MONDAY, &published(&monday));
    assert!(after.settled.is_empty(), "{:?}", after.settled);
    assert!(
        shown(&after).contains(&"2026-12-07 1 introduction 7 look-back".to_owned()),
        "{:?}",
        shown(&after)
    );
}
