//! What has a day of its own, near birthdays, pauses and what is owed.

use std::collections::BTreeSet;

use super::*;

/// A friend talked to lately, whose birthday is on Friday 4 December.
fn friend() -> Person {
    Person { birthday: "--12-04".parse().ok(), ..tied(1, "friends", "2026-11-20 both") }
}

/// The first follow-up with person 1: `invite 2026-12-04`.
fn first(facts: &Facts, today: Date) -> String {
    let made = plan(facts, &defaults(), today, &[]);
    let first = made.follow_ups.first();
    first.map_or_else(String::new, |f| format!("{} {}", f.key.kind, f.day))
}

#[test]
fn what_has_a_day_is_done_on_it_or_before() {
    for (case, aim, by, today, expected) in [
        (
            "an invitation for the day before a birthday",
            Aim::Invite,
            Some("2026-12-03"),
            MONDAY,
            "invite 2026-11-30",
        ),
        (
            "on the birthday itself it is one contact",
            Aim::Invite,
            Some("2026-12-04"),
            MONDAY,
            "invite 2026-12-04",
        ),
        ("to go along", Aim::Accompany, Some("2026-12-01"), MONDAY, "accompany 2026-11-30"),
        ("an ask with a day", Aim::Ask, Some("2026-12-02"), MONDAY, "ask 2026-11-30"),
        ("an ask is never made on a birthday", Aim::Ask, Some("2026-12-04"), MONDAY, "ask 2026-11-30"),
        (
            "nor on it if that is the last day",
            Aim::Ask,
            Some("2026-12-04"),
            on("2026-12-04"),
            "birthday 2026-12-04",
        ),
        ("an ask that can wait is made well after it", Aim::Ask, None, MONDAY, "birthday 2026-12-04"),
        (
            "after its day nothing is left of it",
            Aim::Invite,
            Some("2026-12-01"),
            on("2026-12-02"),
            "birthday 2026-12-04",
        ),
    ] {
        let facts = Facts { people: vec![friend()], intentions: vec![mean(aim, by)], ..Facts::default() };
        assert_eq!(first(&facts, today), expected, "{case}");
    }
    let facts = Facts { people: vec![friend()], intentions: vec![mean(Aim::Ask, None)], ..Facts::default() };
    let made = shown(&plan(&facts, &defaults(), MONDAY, &[]));
    assert_eq!(made, ["2026-12-04 1 birthday 2026", "2026-12-14 1 ask 7"]);
}

#[test]
fn what_falls_into_a_pause_of_all_is_done_before_it() {
    let pause = Pause { person: None, from: on("2026-12-03"), until: on("2026-12-31"), why: Why::Pause };
    for (case, aim, by, today, expected) in [
        ("an offer", Aim::Accompany, "2026-12-15", MONDAY, "accompany 2026-11-30"),
        ("an ask", Aim::Ask, "2026-12-15", on("2026-12-02"), "ask 2026-12-02"),
        (
            "in the pause it is too late",
            Aim::Invite,
            "2026-12-15",
            on("2026-12-03"),
            "keep-in-touch 2027-01-20",
        ),
    ] {
        let people = vec![tied(1, "friends", "2026-11-20 both")];
        let intentions = vec![mean(aim, Some(by))];
        let facts = Facts { people, intentions, pauses: vec![pause], ..Facts::default() };
        assert_eq!(first(&facts, today), expected, "{case}");
    }
}

#[test]
fn neither_a_contact_nor_a_promise_after_it_moves_it_behind_its_day() {
    let person = || tied(1, "friends", "2026-11-20 both");
    let invite = mean(Aim::Invite, Some("2026-12-03"));
    let promise = Intention { id: 8, ..mean(Aim::Promise, Some("2026-12-08")) };
    let intentions = vec![invite.clone(), promise];
    let facts = Facts { people: vec![person()], intentions, ..Facts::default() };
    assert_eq!(first(&facts, MONDAY), "invite 2026-11-30");
    let mut facts = Facts { people: vec![person()], intentions: vec![invite], ..Facts::default() };
    log(&mut facts, PersonId(1), on("2026-12-01"), Direction::Both);
    assert_eq!(first(&facts, on("2026-12-01")), "invite 2026-12-03");
}

#[test]
fn other_days_of_theirs_take_the_outreach_with_them() {
    let wedding = ("wedding".to_owned(), "2016-12-03".parse().unwrap());
    let carla = Person { dates: vec![wedding], ..tied(1, "friends", "2026-10-01 both") };
    let made = plan(&facts([carla]), &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-12-03 1 keep-in-touch 2026-10-01"]);
    let reason = &made.follow_ups[0].reason;
    assert!(reason.ends_with("Each year on this day: wedding (10 years), 3 December 2026."), "{reason}");
}

#[test]
fn a_promise_for_the_days_after_a_birthday_is_kept_on_it() {
    let eva = Person { birthday: "--12-02".parse().ok(), ..tied(1, "friends", "2024-11-20 both") };
    let intentions = vec![mean(Aim::Promise, Some("2026-12-03"))];
    let facts = Facts { people: vec![eva], intentions, ..Facts::default() };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-12-02 1 promise 7"]);
    assert!(made.follow_ups[0].reason.ends_with("Birthday on 2 December 2026."), "{made:?}");
    // Missed, it is asked for on its own day.
    assert_eq!(first(&facts, on("2026-12-03")), "promise 2026-12-03");
    // A birthday after it has to wait.
    let facts = Facts { people: vec![friend()], intentions: facts.intentions, ..Facts::default() };
    assert_eq!(first(&facts, MONDAY), "promise 2026-12-03");
}

#[test]
fn what_they_promised_is_asked_about_ever_less_often() {
    let people = vec![tied(1, "weak-ties", "2026-11-20 both")];
    let intentions = vec![mean(Aim::TheirPromise, Some("2026-12-04"))];
    let facts = Facts { people, intentions, ..Facts::default() };
    let (mut rows, mut today, mut asked, mut keys) = (Vec::new(), MONDAY, Vec::new(), BTreeSet::new());
    while today < on("2027-04-01") {
        let made = plan(&facts, &defaults(), today, &rows);
        asked.extend(outreaches(&made).filter(|f| f.day == today).map(|f| f.day.to_string()));
        keys.extend(outreaches(&made).map(|f| f.key.clone()));
        rows = publish(&rows, &made);
        today = today.tomorrow().unwrap();
    }
    // The 28th of February and of March are Sundays.
    assert_eq!(asked, ["2026-12-07", "2026-12-14", "2026-12-28", "2027-01-28", "2027-03-01", "2027-03-29"]);
    assert_eq!(keys.len(), 1, "one event of the calendar moves: {keys:?}");
}

#[test]
fn what_was_promised_is_told_without_a_try_whose_time_has_not_come() {
    let eva = tied(1, "friends", "2026-11-29 out");
    let intentions = vec![mean(Aim::Promise, Some("2026-12-04"))];
    let facts = Facts { people: vec![eva], intentions, ..Facts::default() };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    assert_eq!(made.follow_ups[0].reason, "You promised by 4 December 2026: the concert.");
}

#[test]
fn not_now_does_not_silence_a_promise() {
    let comfort = Comfort::NotNow { until: on("2026-12-20") };
    let person = Person { comfort, ..tied(1, "friends", "2026-11-20 both") };
    let intentions = vec![mean(Aim::Promise, Some("2026-12-01"))];
    let facts = Facts { people: vec![person], intentions, ..Facts::default() };
    assert_eq!(first(&facts, MONDAY), "promise 2026-12-01");
}
