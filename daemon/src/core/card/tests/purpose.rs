//! What the user is after, and the words for it.

use super::*;
use crate::core::facts::samples::person;
use crate::core::facts::{Comfort, Person};
use crate::core::goal::{Among, Counts, Goal};
use crate::core::introduction::{Between, By, Introduction};

#[test]
fn each_step_of_an_introduction_has_words_of_its_own() {
    let between = Between {
        to: Some(PersonId(2)),
        to_name: "Clara Diaz".to_owned(),
        through: Some(ANNA),
        through_name: "Anna Müller".to_owned(),
        ..Between::default()
    };
    let facts = Facts {
        people: vec![person(2)],
        introductions: vec![Introduction { id: 7, between, ..Introduction::default() }],
        ..Facts::default()
    };
    for (cycle, day, subject) in [
        ("7 ask", date(2026, 12, 1), "Could you introduce me, Anna?"),
        ("7 ask", date(2027, 7, 1), "It has been a while, Anna"),
        ("7 reminder 2026-12-01", date(2026, 12, 1), "No hurry, Anna"),
        ("7 forward", date(2026, 12, 1), "A few lines for Clara Diaz"),
        ("7 hello", date(2026, 12, 1), "Hello, Anna"),
        ("7 thanks", date(2026, 12, 1), "Thank you for the introduction, Anna"),
        ("7 consent", date(2026, 12, 1), "Somebody you might like to meet, Anna"),
        ("7 consent-to", date(2026, 12, 1), "Somebody you might like to meet, Anna"),
        ("7 make", date(2026, 12, 1), "Anna, meet Clara"),
        ("7 look-back", date(2026, 12, 1), "How did it go, Anna?"),
    ] {
        let planned = follow_up(Kind::Introduction, day, None);
        let planned = FollowUp { key: Key { cycle: cycle.to_owned(), ..planned.key }, ..planned };
        let card = of_facts(&Phrases::default(), "", anna(), &facts, &planned);
        assert_eq!(card.draft.subject, subject, "{cycle}");
        assert!(point(&card, "Begin").is_some(), "{cycle}");
        // Of a tie that is not warm nothing is asked.
        assert_eq!(card.draft.body.contains("Clara"), day.year() == 2026, "{cycle}");
    }
}

#[test]
fn a_card_says_what_the_user_is_after() {
    let goal = |id, what: &str, among: Among| Goal {
        id,
        what: what.to_owned(),
        why: Some("to learn".to_owned()),
        number: 12,
        counts: Counts::Conversations,
        among,
        from: date(2026, 11, 1),
        until: date(2027, 3, 31),
        supporter: None,
        ended: None,
    };
    let only = |id| Among { circle: Some("friends".to_owned()), query: None, people: [PersonId(id)].into() };
    let between = |to: i64, to_name: &str| Between {
        to: Some(PersonId(to)),
        to_name: to_name.to_owned(),
        through: Some(ANNA),
        through_name: "Anna Müller".to_owned(),
        ..Between::default()
    };
    let introduction = |by, between| Introduction {
        by,
        between,
        what: Some("both sing".to_owned()),
        entered: Some(date(2026, 11, 2)),
        ..Introduction::default()
    };
    let facts = Facts {
        people: vec![person(1), person(2), Person { comfort: Comfort::Never, ..person(3) }],
        goals: vec![
            goal(1, "with anybody", Among::default()),
            goal(2, "with others", only(9)),
            goal(3, "with Anna", only(1)),
            Goal { until: date(2026, 11, 30), ..goal(4, "over", Among::default()) },
        ],
        introductions: vec![
            introduction(By::Me, between(2, "Bert Kern")),
            introduction(By::Them, between(2, "Bert Kern")),
            introduction(By::Me, between(3, "Never Named")),
        ],
        ..Facts::default()
    };
    let ties = ["knows Bert Kern", "spouse: Jo", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    let known = Acquaintance { ties, ..anna() };
    let settings = "[profile]\nfield = 'heat pumps'\nlooking_for = 'A job near home'\n";
    let drawn = |day| {
        of_facts(
            &Phrases::default(),
            settings,
            known.clone(),
            &facts,
            &follow_up(Kind::KeepInTouch, day, None),
        )
    };
    let told = drawn(date(2026, 12, 21));
    let about = ["Ties", "Your goal", "You look for", "Introduction"];
    let lines: Vec<String> = told
        .points
        .iter()
        .filter(|(label, _)| about.contains(label))
        .map(|(label, said)| format!("{label}: {said}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Ties: knows Bert Kern; spouse: Jo; b; c; and 2 more
    Your goal: with Anna – to learn (by 31 March 2027)
    Your goal: with anybody – to learn (by 31 March 2027)
    You look for: A job near home
    Introduction: you want to introduce them and Bert Kern to each other (both sing)
    Introduction: they may introduce you to Bert Kern (both sing)
    ");
}

#[test]
fn the_profile_is_in_the_drafts_where_it_fits() {
    let settings = "[profile]\nfield = 'heat pumps'\nlooking_for = 'A job near home'\n";
    let body = |settings: &str, kind, day| {
        let facts = Facts::default();
        of_facts(&Phrases::default(), settings, anna(), &facts, &follow_up(kind, day, Some("a word")))
            .draft
            .body
    };
    let warm = date(2026, 12, 1);
    for (kind, day, field, after) in [
        (Kind::FirstHello, warm, true, false),
        (Kind::Ask, warm, false, true),
        (Kind::Goal, warm, true, false),
        (Kind::KeepInTouch, warm, false, false),
        (Kind::Ask, date(2027, 7, 1), false, false),
    ] {
        let said = body(settings, kind, day);
        assert_eq!(
            (said.contains("heat pumps"), said.contains("A job near home")),
            (field, after),
            "{kind}: {said}"
        );
        let silent = body("", kind, day);
        assert!(!silent.contains('{') && !silent.contains("heat pumps"), "{silent}");
    }
}

#[test]
fn a_whole_name_gives_the_first_one_where_it_plainly_has_one() {
    let subject = |name: &str, is_organization| {
        let (phrases, settings) = (Phrases::default(), Settings::parse("").unwrap());
        let known = Acquaintance { is_organization, ..Acquaintance::default() };
        let cards = Cards {
            phrases: &phrases,
            settings: &settings,
            zone: &TimeZone::UTC,
            facts: &Facts::default(),
            acquaintances: &HashMap::from([(ANNA, known)]),
        };
        let details = Details { name: name.to_owned(), ..Details::default() };
        cards.of(&follow_up(Kind::SecondTry, date(2026, 12, 1), None), &details).unwrap().draft.subject
    };
    assert_eq!(subject("Bert Kern", false), "Another hello, Bert");
    assert_eq!(subject("Bert Kern", true), "Another hello, Bert Kern");
    assert_eq!(subject("Dr. Bert Kern", false), "Another hello, Bert");
}

#[test]
fn whoever_one_is_introduced_to_is_a_stranger_in_any_circle() {
    let known = Acquaintance { circle: Some("friends".to_owned()), ..Acquaintance::default() };
    let between = Between { to: Some(ANNA), through: Some(PersonId(2)), ..Between::default() };
    let introduction = |by| Introduction { id: 7, by, between: between.clone(), ..Introduction::default() };
    for (case, introductions, told) in [
        ("a friend", vec![], "no talk is noted yet; you know them, so a plain hello is enough."),
        ("to be introduced", vec![introduction(By::Them)], "new; no talk is noted yet."),
        ("introduced to another one", vec![introduction(By::Me)], "no talk is noted yet; you know them"),
    ] {
        let facts = Facts { introductions, ..Facts::default() };
        let hello = follow_up(Kind::KeepInTouch, date(2026, 11, 23), None);
        let card = of_facts(&Phrases::default(), "", known.clone(), &facts, &hello);
        assert!(point(&card, "Tie").unwrap().starts_with(told), "{case}: {:?}", card.points);
    }
}

#[test]
fn what_was_of_use_until_a_day_leaves_the_card_with_it() {
    let by = Some(date(2026, 12, 27));
    let noted = [
        open(1, Aim::Invite, "the concert", by),
        open(2, Aim::Ask, "a ticket", by),
        open(3, Aim::Promise, "the programme", by),
    ];
    let said = |day| card(anna(), &noted, &follow_up(Kind::KeepInTouch, day, None)).lines().join(" ");
    let (before, after) = (said(date(2026, 12, 27)), said(date(2026, 12, 28)));
    assert!(before.contains("the concert") && before.contains("a ticket"), "{before}");
    assert!(!after.contains("the concert") && !after.contains("a ticket"), "{after}");
    assert!(after.contains("the programme (by 27 December 2026)"), "{after}");
}
