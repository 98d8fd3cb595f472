//! Who makes way for whom, and what is everybody's own.

use super::*;

fn fortnight() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 13;
    settings
}

/// A budget of one a day, all of it asked for favours that have until spring.
fn a_week_of_asks() -> (Facts, Settings) {
    let mut settings = defaults();
    (settings.budget.per_day, settings.budget.per_week) = (1, 5);
    let others = (2..=6).map(|id| tied(id, "friends", "2026-11-17 both"));
    let people = std::iter::once(tied(1, "close", "2026-11-08 both")).chain(others);
    let ask = |id| Intention { id, person: PersonId(id), entered: on("2026-11-29"), ..mean(Aim::Ask, None) };
    (Facts { intentions: (2..=6).map(ask).collect(), ..facts(people) }, settings)
}

#[test]
fn what_has_a_last_day_takes_the_place_of_what_has_time() {
    let (mut facts, settings) = a_week_of_asks();
    let before = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(days(&before), "11-30:2 12-01:3 12-02:4 12-03:5 12-04:6 12-07:1");
    facts.intentions.push(mean(Aim::Invite, Some("2026-12-04")));
    let after = plan(&facts, &settings, MONDAY, &published(&before));
    assert_eq!(shown(&after)[0], "2026-11-30 1 invite 7", "{}", days(&after));
    assert_eq!(outreaches(&after).count(), 6, "who makes way moves along: {}", days(&after));
}

#[test]
fn who_has_no_place_by_the_last_day_is_planned_for_what_is_next() {
    let (mut facts, settings) = a_week_of_asks();
    facts.intentions.iter_mut().for_each(|ask| ask.by = Some(on("2026-12-04")));
    let before = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(shown(&before)[5], "2026-12-07 1 keep-in-touch 2026-11-08");
    facts.intentions.push(mean(Aim::Invite, Some("2026-12-04")));
    let later = Intention { id: 8, ..mean(Aim::Send, None) };
    for (case, further, expected) in [
        ("to keep in touch, in the place that was theirs", None, "2026-12-07 1 keep-in-touch 2026-11-08"),
        ("what else is meant to be done", Some(later), "2026-12-07 1 send 8"),
    ] {
        let mut facts = facts.clone();
        facts.intentions.extend(further);
        for rows in [Vec::new(), published(&before)] {
            let made = plan(&facts, &settings, MONDAY, &rows);
            assert_eq!(shown(&made)[5], expected, "{case}");
            invariants::hold(&facts, &settings, MONDAY, &rows, &made);
            invariants::stands(&facts, &settings, MONDAY, &rows, &made);
        }
    }
    // As soon as there is a place, it is theirs.
    let made = plan(&facts, &settings, MONDAY, &published(&before));
    facts.intentions[3].ended = Some((MONDAY, Outcome::LetGo));
    let freed = plan(&facts, &settings, MONDAY, &published(&made));
    assert_eq!(shown(&freed)[3], "2026-12-03 1 invite 7");
}

/// With no new fact a keep-in-touch was gone overnight, as a reminder of theirs was next and its day was full.
#[test]
fn a_reminder_that_has_no_place_takes_nobody_out_of_the_plan() {
    let (mut facts, settings) = a_week_of_asks();
    facts.people[0] = tied(1, "close", "2026-10-31 both");
    facts.intentions.iter_mut().for_each(|ask| ask.by = Some(on("2026-12-04")));
    facts
        .intentions
        .push(Intention { entered: on("2026-11-01"), ..mean(Aim::TheirPromise, Some("2026-11-27")) });
    let (mut today, mut rows) = (on("2026-11-29"), Vec::new());
    while today < on("2026-12-20") {
        let made = plan(&facts, &settings, today, &rows);
        let own = outreaches(&made).find(|f| f.key.person == PersonId(1));
        assert!(own.is_some_and(|f| f.day <= on("2026-12-29")), "{today}: {own:?}\n{}", days(&made));
        rows = publish(&rows, &made);
        today = today.tomorrow().unwrap();
    }
}

#[test]
fn a_newcomer_of_a_closer_circle_comes_before_those_who_were_published() {
    let known = |id: i64| Person { known: 9, ..person(id) };
    let mut book = facts((1..=40).map(known).chain((41..=42).map(person)));
    let settings = fortnight();
    let before = plan(&book, &settings, MONDAY, &[]);
    assert!(outreaches(&before).all(|f| f.key.person.0 <= 40), "{}", days(&before));
    book.people[40].circle = Some("family".to_owned());
    let after = plan(&book, &settings, MONDAY, &published(&before));
    assert!(days(&after).starts_with("11-30:1 11-30:41 "), "{}", days(&after));
    // And so does whoever has a later place.
    book.people[15].circle = Some("close".to_owned());
    let rows = publish(&published(&before), &after);
    let after = plan(&book, &settings, MONDAY, &rows);
    assert!(days(&after).contains("11-30:16 "), "{}", days(&after));
    invariants::stands(&book, &settings, MONDAY, &rows, &after);
}

#[test]
fn what_was_put_off_today_has_used_up_its_place() {
    let book = facts((1..=12).map(|id| tied(id, "friends", "2026-06-01 both")));
    let mut settings = fortnight();
    settings.budget.per_week = 15;
    let made = plan(&book, &settings, MONDAY, &[]);
    let today = |plan: &Plan| outreaches(plan).filter(|f| f.day == MONDAY).count();
    assert_eq!(today(&made), 3);
    let asked: Vec<PersonId> = outreaches(&made).take(3).map(|f| f.key.person).collect();
    let until = on("2026-12-04");
    let pause = |why| {
        let put_off = |&id: &PersonId| Pause { person: Some(id), from: MONDAY, until, why };
        asked.iter().map(put_off).collect::<Vec<_>>()
    };
    let comfort = |comfort: Comfort| {
        let mut facts = book.clone();
        let mine = facts.people.iter_mut().filter(|person| asked.contains(&person.id));
        mine.for_each(|person| person.comfort = comfort);
        facts
    };
    for (case, mut facts) in [
        ("snoozed", Facts { pauses: pause(Why::Snooze), ..book.clone() }),
        ("skipped", Facts { pauses: pause(Why::Skip), ..book.clone() }),
        ("paused", Facts { pauses: pause(Why::Pause), ..book.clone() }),
        ("not now", comfort(Comfort::NotNow { until: on("2027-02-01") })),
        ("never", comfort(Comfort::Never)),
    ] {
        let mut rows = published(&made);
        for round in 0..3 {
            let after = plan(&facts, &settings, MONDAY, &rows);
            assert_eq!(today(&after), 0, "{case}, {round}: {}", days(&after));
            invariants::hold(&facts, &settings, MONDAY, &rows, &after);
            invariants::stands(&facts, &settings, MONDAY, &rows, &after);
            rows = publish(&rows, &after);
        }
        // The week has so many places fewer.
        let week =
            outreaches(&plan(&facts, &settings, MONDAY, &rows)).filter(|f| f.day < on("2026-12-07")).count();
        assert!(week <= 12, "{case}: {week}");
        // Taken back, they are asked for today.
        facts = book.clone();
        let terms = Terms::of(&Facts { pauses: pause(Why::Snooze), ..book.clone() }, &settings, MONDAY);
        let rows = Terms::of(&facts, &settings, MONDAY).continued(Some(&terms.to_string()), rows);
        assert_eq!(today(&plan(&facts, &settings, MONDAY, &rows)), 3, "{case}, taken back");
    }
}

#[test]
fn who_is_put_off_without_having_been_asked_for_today_used_nothing_up() {
    let mut facts = facts((1..=12).map(|id| tied(id, "friends", "2026-06-01 both")));
    let made = plan(&facts, &fortnight(), MONDAY, &[]);
    let last = outreaches(&made).last().map(|f| f.key.person);
    facts.pauses = vec![Pause { person: last, from: MONDAY, until: on("2026-12-31"), why: Why::Snooze }];
    let after = plan(&facts, &fortnight(), MONDAY, &published(&made));
    assert_eq!(days(&after), days(&made).rsplit_once(' ').unwrap().0);
}

#[test]
fn what_was_missed_comes_in_its_order() {
    let since = |id: i64| on("2026-03-01").saturating_add(jiff::Span::new().days(4 * id));
    let book = facts((0..40).map(|id| tied(id, "friends", &format!("{} both", since(id)))));
    let before = plan(&book, &defaults(), on("2026-11-23"), &[]);
    let after = plan(&book, &defaults(), on("2026-12-14"), &published(&before));
    let first: Vec<i64> = outreaches(&after).take(10).map(|f| f.key.person.0).collect();
    assert!(first.is_sorted(), "{}", days(&after));
}

/// A skip lets one follow-up go: what the user promised, before or after, stays on its day.
#[test]
fn a_skip_silences_no_promise() {
    let promise =
        |by: &str, entered: &str| Intention { entered: on(entered), ..mean(Aim::Promise, Some(by)) };
    let skip = Pause { person: Some(PersonId(1)), from: MONDAY, until: on("2027-05-22"), why: Why::Skip };
    for (case, promise, expected) in [
        ("before", promise("2026-12-04", "2026-11-20"), "2026-12-04 1 promise 7"),
        ("on the same day", promise("2026-12-04", "2026-11-30"), "2026-12-04 1 promise 7"),
        ("it is what was skipped", promise("2026-11-30", "2026-11-20"), "2026-12-03 1 promise 7"),
        ("made after it, for today", promise("2026-11-30", "2026-11-30"), "2026-11-30 1 promise 7"),
    ] {
        let people = [tied(1, "weak-ties", "2026-03-01 both")];
        let facts = Facts { intentions: vec![promise], pauses: vec![skip], ..facts(people) };
        let before = plan(&Facts { pauses: Vec::new(), ..facts.clone() }, &defaults(), MONDAY, &[]);
        let made = plan(&facts, &defaults(), MONDAY, &published(&before));
        assert_eq!(shown(&made), [expected], "{case}");
        invariants::hold(&facts, &defaults(), MONDAY, &[], &made);
        let tomorrow = plan(&facts, &defaults(), on("2026-12-01"), &published(&made));
        assert_eq!(shown(&tomorrow).len(), 1, "{case}");
    }
}

/// The days on which to remind them passed one after the other in a pause of all.
#[test]
fn a_reminder_to_come_stays_the_same_while_its_days_pass() {
    let pause = Pause { person: None, from: on("2026-12-23"), until: on("2027-01-03"), why: Why::Pause };
    let theirs = Intention { entered: on("2026-12-01"), ..mean(Aim::TheirPromise, Some("2026-12-20")) };
    let people = [tied(1, "weak-ties", "2026-11-20 both")];
    let facts = Facts { intentions: vec![theirs], pauses: vec![pause], ..facts(people) };
    let mut rows = Vec::new();
    for day in ["2026-12-21", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"] {
        let made = plan(&facts, &defaults(), on(day), &rows);
        assert_eq!(shown(&made)[0], "2027-01-04 1 nudge 7 2026-12-23", "{day}");
        rows = publish(&rows, &made);
    }
}

/// A hundred who were planned already had all places of two months.
#[test]
fn who_comes_new_into_full_weeks_is_planned_within_the_next() {
    let book = facts((1..=100).map(|id| tied(id, "others", "2026-02-01 both")));
    let before = plan(&book, &defaults(), MONDAY, &[]);
    for (case, circle, count) in [("one of the family", Some("family"), 1), ("three in no circle", None, 3)] {
        let new = |id| Person { circle: circle.map(str::to_owned), ..person(id) };
        let mut facts = book.clone();
        facts.people.extend((101..101 + count).map(new));
        let rows = published(&before);
        let made = plan(&facts, &defaults(), MONDAY, &rows);
        let mine: Vec<_> =
            outreaches(&made).filter(|f| f.key.person.0 > 100).map(|f| f.day.to_string()).collect();
        assert_eq!(mine, ["2026-12-04", "2026-12-04", "2026-12-11"][..mine.len()], "{case}: {}", days(&made));
        assert_eq!(mine.len(), usize::try_from(count).unwrap(), "{case}");
        invariants::hold(&facts, &defaults(), MONDAY, &rows, &made);
        invariants::stands(&facts, &defaults(), MONDAY, &rows, &made);
    }
}

/// The try that is due first has no place for weeks: what is meant to be done has, and the try goes along.
#[test]
fn an_offer_comes_on_its_day_though_what_is_due_before_it_has_no_place() {
    let mut settings = defaults();
    (settings.budget.per_day, settings.budget.per_week, settings.budget.shared) = (1, 1, 0.0);
    let family = (2..=30).map(|id| tied(id, "family", "2026-06-01 both"));
    let people = std::iter::once(tied(1, "weak-ties", "2026-11-01 both, 2026-11-17 out")).chain(family);
    let mut facts = Facts { intentions: vec![mean(Aim::Invite, Some("2027-01-15"))], ..facts(people) };
    let made = plan(&facts, &settings, MONDAY, &[]);
    let own: Vec<&FollowUp> = outreaches(&made).filter(|f| f.key.person == PersonId(1)).collect();
    assert_eq!(
        own.iter().map(|f| (f.key.kind, f.day)).collect::<Vec<_>>(),
        [(Kind::Invite, on("2027-01-04"))]
    );
    assert!(own[0].reason.ends_with("a second, friendly try."), "{}", own[0].reason);
    invariants::hold(&facts, &settings, MONDAY, &[], &made);
    invariants::stands(&facts, &settings, MONDAY, &[], &made);
    // With a place for the try, that comes on its day, and what is meant later waits.
    facts.people.truncate(1);
    let made = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-12-01 1 second-try 2026-11-17"]);
    let points = why(&facts, &settings, MONDAY, &made, PersonId(1)).unwrap();
    let said = &points.iter().find(|(about, _)| *about == "Considered").unwrap().1;
    assert!(said.ends_with("wanted from 1 January 2027 on"), "{said}");
}
