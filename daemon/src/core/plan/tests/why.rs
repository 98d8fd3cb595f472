//! What is said of why somebody is planned, or not.

use super::*;

/// What is said of the day that person 1 is planned for.
fn planned(facts: &Facts, today: Date) -> String {
    let settings = defaults();
    let made = plan(facts, &settings, today, &[]);
    let points = why(facts, &settings, today, &made, PersonId(1)).unwrap();
    points.into_iter().find(|(about, _)| *about == "Planned").unwrap().1
}

fn promise(by: &str) -> Intention {
    Intention {
        id: 7,
        person: PersonId(1),
        aim: Aim::Promise,
        what: "the list".to_owned(),
        by: Some(on(by)),
        entered: MONDAY,
        ended: None,
    }
}

#[test]
fn the_reasons_are_the_true_ones() {
    let friend = |happened: &str| tied(1, "friends", happened);
    let skipped = Pause { person: Some(PersonId(1)), from: MONDAY, until: on("2027-02-28"), why: Why::Skip };
    let away = Pause { person: None, from: on("2026-12-01"), until: on("2026-12-31"), why: Why::Pause };
    let born = Person { birthday: "--11-29".parse().ok(), ..friend("2026-01-04 both") };
    for (case, people, pauses, intentions, expected) in [
        (
            "skipped",
            vec![friend("2026-01-04 both")],
            vec![skipped],
            vec![],
            "not before 1 March 2027: until then they are skipped",
        ),
        (
            "skipped, with a birthday in that time",
            vec![Person { birthday: "--12-01".parse().ok(), ..friend("2026-01-04 both") }],
            vec![skipped],
            vec![],
            "not before 1 March 2027: until then they are skipped, but for a congratulation on 1 December 2026",
        ),
        (
            "promised for a day in a pause",
            vec![friend("2026-11-20 both")],
            vec![away],
            vec![promise("2026-12-03")],
            "30 November 2026: You promised by 3 December 2026: the list. Why that day: it is the last working day before the pause that its day is in.",
        ),
        (
            "promised on the Saturday before a pause, for a day in it",
            vec![friend("2026-11-20 both")],
            vec![Pause { from: on("2026-12-07"), ..away }],
            vec![Intention { entered: on("2026-12-05"), ..promise("2026-12-10") }],
            "6 December 2026: You promised by 10 December 2026: the list. Why that day: it is the last day before the pause that its day is in.",
        ),
        (
            "promised in a pause, for a day in it",
            vec![friend("2026-11-20 both")],
            vec![Pause { from: on("2026-12-05"), ..away }],
            vec![Intention { entered: on("2026-12-05"), ..promise("2026-12-10") }],
            "1 January 2027: You promised by 10 December 2026: the list. Why that day: its day is in a pause, or was put off, and this is the first day after that.",
        ),
        (
            "a promise on its day",
            vec![friend("2026-11-20 both")],
            vec![],
            vec![promise("2026-12-03")],
            "3 December 2026: You promised by 3 December 2026: the list. Why that day: it is owed on that day.",
        ),
        (
            "just after a birthday",
            vec![born],
            vec![],
            vec![],
            "7 December 2026: You last talked on 4 January 2026; in the circle friends you like to talk every 2 months. \
             It has been quiet for a while: just say hello. \
             Why that day: the days near their birthday on 29 November 2026 are kept clear.",
        ),
        (
            "put off, beside others",
            std::iter::once(friend("2026-01-04 both"))
                .chain((2..4).map(|id| tied(id, "friends", "2026-01-05 both")))
                .collect(),
            vec![Pause { until: on("2026-12-06"), why: Why::Snooze, ..skipped }],
            vec![],
            "7 December 2026: You last talked on 4 January 2026; in the circle friends you like to talk every 2 months. \
             It has been quiet for a while: just say hello. \
             Why that day: they are snoozed until 6 December 2026.",
        ),
        (
            "after a celebration, beside others",
            std::iter::once(Person { birthday: "--11-29".parse().ok(), ..friend("2026-01-04 both") })
                .chain((2..4).map(|id| tied(id, "friends", "2026-01-05 both")))
                .collect(),
            vec![],
            vec![],
            "7 December 2026: You last talked on 4 January 2026; in the circle friends you like to talk every 2 months. \
             It has been quiet for a while: just say hello. \
             Why that day: the days near their birthday on 29 November 2026 are kept clear.",
        ),
    ] {
        let facts = Facts { people, pauses, intentions, ..Facts::default() };
        let today = facts.intentions.iter().map(|noted| noted.entered).fold(MONDAY, Date::max);
        assert_eq!(planned(&facts, today), expected, "{case}");
    }
}

#[test]
fn busy_days_are_no_reason_for_what_is_owed() {
    let late = Intention { entered: on("2026-11-01"), ..promise("2026-11-20") };
    let mut facts = Facts { people: vec![tied(1, "friends", "2026-01-04 both")], ..Facts::default() };
    facts.intentions = vec![late];
    let planned_for = |facts: &Facts| plan(facts, &defaults(), on("2026-12-01"), &[]).follow_ups[0].day;
    let day = planned_for(&facts);
    facts.days.busy = [(on("2026-12-01"), 540), (day, 540)].into();
    assert_eq!(planned_for(&facts), day);
    let said = planned(&facts, on("2026-12-01"));
    assert!(said.contains("its day has passed") && !said.contains("busy"), "{said}");
}

#[test]
fn the_half_for_quiet_ties_is_told_where_it_holds() {
    let mut settings = defaults();
    (settings.budget.per_day, settings.budget.per_week, settings.budget.shared) = (2, 10, 0.0);
    let quiet = (100..130).map(|id| tied(id, "friends", "2024-01-01 both"));
    let mut facts = Facts { people: quiet.collect(), ..Facts::default() };
    let made = plan(&facts, &settings, MONDAY, &[]);
    let before: Vec<Published> = made.follow_ups.iter().map(FollowUp::published).collect();
    facts.people.extend((1..=20).map(|id| tied(id, "friends", "2026-09-01 both")));
    for (case, published, is_told) in
        [("others wait", vec![], true), ("published before others came", before, false)]
    {
        let made = plan(&facts, &settings, MONDAY, &published);
        let points = why(&facts, &settings, MONDAY, &made, PersonId(129)).unwrap();
        let (_, said) = points.last().unwrap();
        assert_eq!(said.contains("5 of a week's 10 places at most go to ties"), is_told, "{case}: {said}");
        assert!(!said.contains("family"), "nobody is in that circle: {said}");
    }
}
