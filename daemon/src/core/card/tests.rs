//! What holds of approach cards.

mod purpose;
mod wording;

use super::*;
use crate::core::follow_up::{Key, Kind};
use crate::core::intention::Outcome;
use crate::core::preference::{Hesitation, Language, Minutes};
use crate::core::talk::{Notes, Went};
use jiff::civil::date;
use proptest::prelude::*;

const ANNA: PersonId = PersonId(1);

fn talk(day: Date, how: How, what: &str, notes: Notes) -> Talk {
    Talk { notes, ..Talk::new(day, how, what) }
}

fn memo(id: i64, kind: memo::Kind, what: &str) -> Memo {
    Memo { id, person: ANNA, kind, what: what.to_owned(), entered: date(2026, 10, 20) }
}

/// Anna, with whom the user talked twice, of whom much is known.
fn anna() -> Acquaintance {
    let went = Notes {
        went: Some(Went::Badly),
        learned: Some("not on Mondays".to_owned()),
        given: Some("two names".to_owned()),
        ..Notes::default()
    };
    Acquaintance {
        given_name: Some("Anna".to_owned()),
        circle: Some("friends".to_owned()),
        preferences: Preferences { how_met: Some("the choir".to_owned()), ..Preferences::default() },
        memos: vec![
            memo(1, memo::Kind::Interest, "sailing"),
            memo(2, memo::Kind::Need, "a quiet office"),
            memo(3, memo::Kind::Offer, "a desk"),
            memo(4, memo::Kind::Learn, "how grants are written"),
        ],
        talks: vec![
            talk(date(2026, 8, 2), How::Met, "the summer party", Notes::default()),
            talk(date(2026, 10, 20), How::Called, "her viola\nand more", went),
            talk(date(2026, 11, 3), How::Wrote, "", Notes::default()),
        ],
        ..Acquaintance::default()
    }
}

fn details() -> Details {
    Details {
        name: "Dr. Anna Müller".to_owned(),
        title: Some("Engineer".to_owned()),
        organization: Some("Example GmbH".to_owned()),
        birthday: "1986-11-12".parse().ok(),
        ..Details::default()
    }
}

fn follow_up(kind: Kind, day: Date, what: Option<&str>) -> FollowUp {
    FollowUp {
        key: Key { person: ANNA, kind, cycle: "2026-10-20".to_owned() },
        day,
        due: None,
        circle: "friends".to_owned(),
        shared: false,
        what: what.map(str::to_owned),
        with: Vec::new(),
        occasion: None,
        reason: String::new(),
    }
}

fn open(id: i64, aim: Aim, what: &str, by: Option<Date>) -> Intention {
    Intention { id, person: ANNA, aim, what: what.to_owned(), by, entered: date(2026, 11, 1), ended: None }
}

fn drawn(phrases: &Phrases, known: Acquaintance, intentions: &[Intention], follow_up: &FollowUp) -> Card {
    let facts = Facts { intentions: intentions.to_vec(), ..Facts::default() };
    of_facts(phrases, "[me]\nname = 'Ida Holm'\n", known, &facts, follow_up)
}

fn of_facts(
    phrases: &Phrases,
    settings: &str,
    known: Acquaintance,
    facts: &Facts,
    follow_up: &FollowUp,
) -> Card {
    let settings = Settings::parse(settings).unwrap();
    let acquaintances = HashMap::from([(ANNA, known)]);
    let cards =
        Cards { phrases, settings: &settings, zone: &TimeZone::UTC, facts, acquaintances: &acquaintances };
    cards.of(follow_up, &details()).unwrap()
}

fn card(known: Acquaintance, intentions: &[Intention], follow_up: &FollowUp) -> Card {
    drawn(&Phrases::default(), known, intentions, follow_up)
}

fn point<'c>(card: &'c Card, about: &str) -> Option<&'c str> {
    card.points.iter().find(|(known, _)| *known == about).map(|(_, said)| said.as_str())
}

#[test]
fn a_card_has_all_that_one_needs_to_know_and_to_say() {
    let mut known = anna();
    known.preferences.time_limit = Some(Minutes(30));
    known.preferences.best_time = "weekdays 18:30".parse().ok();
    known.preferences.hesitation = Some(Hesitation::Sceptical);
    let intentions = [
        open(2, Aim::Ask, "a word with her boss", None),
        open(3, Aim::Invite, "the summer party", None),
        open(1, Aim::Promise, "the article", Some(date(2026, 11, 30))),
        Intention { ended: Some((date(2026, 11, 2), Outcome::Done)), ..open(4, Aim::Promise, "kept", None) },
        Intention { person: PersonId(2), ..open(5, Aim::Promise, "of another", None) },
    ];
    let card = card(known, &intentions, &follow_up(Kind::KeepInTouch, date(2026, 12, 21), None));
    insta::assert_snapshot!(card.lines().join("\n"), @"
    Who: Engineer, Example GmbH; friends
    Met: the choir
    Tie: warm; you may pick up where you left off.
    Last: you talked on the phone on 20 October 2026: her viola and more; went badly; learned: not on Mondays; given: two names
    Since: you wrote on 3 November 2026; no answer is noted
    Interests: sailing
    Needs: a quiet office
    You promised: the article (by 30 November 2026)
    To ask: a word with her boss
    To offer: invite (the summer party); a desk
    To learn: how grants are written
    Balance: you gave once. That is well balanced.
    How: best time weekdays 18:30
    Time: 30 minutes; say so when you begin, and end in time
    Mind: sceptical; make plain what is in it for both of you, and do not press.
    Begin: How are you? You came to mind today.
    If it goes quiet: How is it going with sailing?
    Or: Did you find what you need (a quiet office)?
    If you do not know: I do not know, but I will find out and tell you.
    To end: I promised 30 minutes, and they are up. It was good to talk to you; shall we do it again?
    ");
    insta::assert_snapshot!(format!("{}\n\n{}\n\n{}", card.draft.subject, card.draft.body, card.draft.sms), @"
    How are you, Anna?

    Hi Anna,

    how are you? I have been thinking of you, and would love to hear what you are up to.

    I think we would both get something out of a talk; but you be the judge.
    Would 30 minutes on the phone suit you, or would you rather have a coffee?

    All the best
    Ida

    Hi Anna, how are you? Would 30 minutes on the phone suit you, or would you rather have a coffee?
    ");
}

/// Whatever was noted of a talk, and however they met: it is the user's own, and stays on the card.
#[test]
fn what_was_noted_is_in_no_message() {
    for kind in [
        Kind::KeepInTouch,
        Kind::Rekindle,
        Kind::SecondTry,
        Kind::FirstHello,
        Kind::ThankYou,
        Kind::Goal,
        Kind::Occasion,
        Kind::Birthday,
        Kind::Date,
    ] {
        for (language, day) in [("en", date(2026, 12, 1)), ("de", date(2027, 1, 4)), ("en", date(2028, 7, 1))]
        {
            for circle in [None, Some("family".to_owned())] {
                let mut known = Acquaintance { circle, ..anna() };
                known.preferences.how_met = Some("SECRET".to_owned());
                known.preferences.language = language.parse().ok();
                known.talks = vec![Talk::new(date(2026, 10, 20), How::Met, "SECRET")];
                let card = card(known, &[], &follow_up(kind, day, Some("x")));
                let said = format!("{:?} {:?}", card.draft, point(&card, "Begin"));
                assert!(!said.contains("SECRET"), "{kind} on {day}: {said}");
                assert!(point(&card, "Last").unwrap().contains("SECRET"));
            }
        }
    }
}

#[test]
fn an_ask_waits_for_a_word_of_its_own() {
    let ask = [open(1, Aim::Ask, "a desk", None)];
    for (kind, about) in
        [(Kind::ThankYou, "Not yet"), (Kind::FirstHello, "Not yet"), (Kind::KeepInTouch, "To ask")]
    {
        let card = card(anna(), &ask, &follow_up(kind, date(2026, 12, 1), None));
        assert!(point(&card, about).unwrap().contains("a desk"), "{kind}");
    }
}

#[test]
fn a_card_fits_what_is_planned_and_how_the_tie_stands() {
    let new = || Acquaintance { talks: Vec::new(), ..anna() };
    let stranger = Acquaintance::default;
    for (known, kind, day, subject, tie) in [
        (anna(), Kind::KeepInTouch, date(2026, 12, 1), "How are you, Anna?", "warm"),
        (anna(), Kind::KeepInTouch, date(2026, 11, 12), "Happy birthday, Anna", "warm"),
        (anna(), Kind::Rekindle, date(2027, 7, 1), "It has been a while, Anna", "dormant"),
        (anna(), Kind::KeepInTouch, date(2027, 7, 1), "It has been a while, Anna", "dormant"),
        (anna(), Kind::Rekindle, date(2028, 1, 4), "Happy new year, Anna", "dormant"),
        (anna(), Kind::ThankYou, date(2027, 1, 4), "Thank you, Anna", "warm"),
        (anna(), Kind::SecondTry, date(2027, 1, 4), "Another hello, Anna", "warm"),
        (anna(), Kind::Ask, date(2026, 12, 1), "A question, Anna", "warm"),
        (anna(), Kind::Ask, date(2027, 4, 1), "How are you, Anna?", "cooling"),
        (anna(), Kind::Ask, date(2027, 7, 1), "It has been a while, Anna", "dormant"),
        (new(), Kind::Ask, date(2026, 12, 1), "How are you, Anna?", "no talk"),
        (new(), Kind::KeepInTouch, date(2026, 12, 1), "How are you, Anna?", "no talk"),
        (new(), Kind::FirstHello, date(2026, 12, 1), "Good to have met you, Anna", "no talk"),
        (stranger(), Kind::KeepInTouch, date(2026, 12, 1), "Hello from Ida", "new"),
        (stranger(), Kind::Birthday, date(2026, 11, 12), "Happy birthday, Anna", "new"),
        (anna(), Kind::Goal, date(2026, 12, 1), "How do you see things, Anna?", "warm"),
        (anna(), Kind::Goal, date(2027, 4, 1), "How are you, Anna?", "cooling"),
        (anna(), Kind::Goal, date(2027, 7, 1), "It has been a while, Anna", "dormant"),
        (anna(), Kind::Occasion, date(2026, 11, 12), "Happy birthday, Anna", "warm"),
        (anna(), Kind::Occasion, date(2027, 1, 3), "Happy new year, Anna", "warm"),
        (anna(), Kind::Occasion, date(2027, 7, 1), "A hello, Anna", "dormant"),
        (anna(), Kind::Date, date(2026, 12, 1), "Thinking of you today, Anna", "warm"),
        (anna(), Kind::Nudge, date(2026, 12, 1), "A small question, Anna", "warm"),
    ] {
        let card = card(known, &[], &follow_up(kind, day, Some("x")));
        assert_eq!(card.draft.subject, subject, "{kind} on {day}");
        let said = point(&card, "Tie").unwrap();
        assert!(said.starts_with(tie), "{kind} on {day}: {said}");
        for about in ["Begin", "If it goes quiet", "Or", "If you do not know", "To end"] {
            assert!(point(&card, about).is_some(), "{kind} on {day}: {about}");
        }
        assert_ne!(point(&card, "If it goes quiet"), point(&card, "Or"));
    }
}

#[test]
fn a_draft_is_in_their_language_and_offers_two_ways_to_talk() {
    let day = date(2026, 12, 1);
    let told = |language: &str, channel: Option<Channel>, setting: Option<Setting>, limit: Option<u16>| {
        let mut known = anna();
        known.preferences.language = language.parse::<Language>().ok();
        known.preferences.channel = channel;
        known.preferences.setting = setting;
        known.preferences.time_limit = limit.map(Minutes);
        card(known, &[], &follow_up(Kind::KeepInTouch, day, None)).draft
    };
    for (language, channel, setting, limit, ways) in [
        ("", None, None, None, "Shall we talk on the phone, or over a coffee?"),
        (
            "en-GB",
            None,
            None,
            Some(20),
            "Would 20 minutes on the phone suit you, or would you rather have a coffee?",
        ),
        ("fr", Some(Channel::Call), None, None, "May I call you, or would you rather have a coffee?"),
        (
            "de-AT",
            Some(Channel::Call),
            None,
            Some(20),
            "Darf ich dich für 20 Minuten anrufen, oder magst du lieber einen Kaffee trinken?",
        ),
        (
            "de",
            Some(Channel::Meet),
            None,
            None,
            "Wollen wir einen Kaffee trinken, oder ist Telefonieren einfacher?",
        ),
        (
            "de",
            Some(Channel::Meet),
            Some(Setting::Group),
            None,
            "Wollen wir mit ein paar anderen einen Kaffee trinken, oder ist Telefonieren einfacher?",
        ),
    ] {
        let draft = told(language, channel, setting, limit);
        assert!(draft.body.contains(ways) && draft.sms.contains(ways), "{language}: {draft:?}");
    }
    let german = told("de", None, None, None);
    assert!(
        german.body.starts_with("Hallo Anna,\n\nwie geht es dir?") && german.body.ends_with("Grüße\nIda"),
        "{german:?}"
    );
}

#[test]
fn whoever_hesitates_is_met_with_what_helps() {
    for (hesitation, name) in Hesitation::NAMES {
        let mut known = anna();
        known.preferences.hesitation = Some(*hesitation);
        let with = card(known, &[], &follow_up(Kind::KeepInTouch, date(2026, 12, 1), None));
        let without = card(anna(), &[], &follow_up(Kind::KeepInTouch, date(2026, 12, 1), None));
        assert_ne!(with.draft.body, without.draft.body, "{name}");
        assert!(point(&with, "Mind").is_some() && point(&without, "Mind").is_none(), "{name}");
    }
}

#[test]
fn giving_and_asking_are_told_kindly() {
    let note = |given: usize, asked: usize, received: usize| {
        let some = |wanted: bool| wanted.then(|| "x".to_owned());
        let talks = (0..given.max(asked).max(received).max(1)).map(|at| {
            let notes = Notes {
                given: some(at < given),
                asked: some(at < asked),
                received: some(at < received),
                ..Notes::default()
            };
            talk(date(2026, 10, 20), How::Met, "", notes)
        });
        let known = Acquaintance { talks: talks.collect(), ..anna() };
        balance::told(&known).unwrap()
    };
    for (balance, told) in [
        (
            (0, 0, 0),
            "nothing is noted that you gave or received. Ask how you could help; it is the best way to find out.",
        ),
        ((1, 0, 0), "you gave once. That is well balanced."),
        (
            (2, 1, 2),
            "you gave twice, asked for something once, received something twice. That is well balanced.",
        ),
        (
            (3, 0, 1),
            "you gave 3 times, received something once. Let them help you for once; most people like to.",
        ),
        (
            (0, 1, 0),
            "you asked for something once. A good moment to bring something, or to ask how you could help.",
        ),
    ] {
        assert_eq!(note(balance.0, balance.1, balance.2), told);
    }
    assert_eq!(balance::told(&Acquaintance::default()), None);
}

#[test]
fn nobody_who_is_set_to_never_has_a_card() {
    let (phrases, settings) = (Phrases::default(), Settings::parse("").unwrap());
    let none = HashMap::new();
    let cards = Cards {
        phrases: &phrases,
        settings: &settings,
        zone: &TimeZone::UTC,
        facts: &Facts::default(),
        acquaintances: &none,
    };
    assert_eq!(cards.of(&follow_up(Kind::KeepInTouch, date(2026, 12, 1), None), &details()), None);
}

#[test]
fn an_event_lasts_as_long_as_they_have_time() {
    let (phrases, settings) = (
        Phrases::default(),
        Settings::parse("[circles.friends]\ntime = 'evening'\n[circles.close]\ntime = '12:00'\n").unwrap(),
    );
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let hours = |best: &str, limit: Option<u16>, circle: &str, kind, day| {
        let mut known = anna();
        known.preferences.best_time = best.parse().ok();
        known.preferences.time_limit = limit.map(Minutes);
        let acquaintances = HashMap::from([(ANNA, known)]);
        let cards = Cards {
            phrases: &phrases,
            settings: &settings,
            zone: &zone,
            facts: &Facts::default(),
            acquaintances: &acquaintances,
        };
        let follow_up = FollowUp { circle: circle.to_owned(), ..follow_up(kind, day, None) };
        cards.hours(&follow_up).map(|(from, until)| format!("{from} {until}"))
    };
    let (winter, summer) = (date(2026, 12, 1), date(2027, 7, 1));
    for (best, limit, circle, kind, day, expected) in [
        (
            "18:30",
            Some(45),
            "friends",
            Kind::KeepInTouch,
            winter,
            Some("2026-12-01T17:30:00Z 2026-12-01T18:15:00Z"),
        ),
        (
            "18:30",
            None,
            "friends",
            Kind::KeepInTouch,
            summer,
            Some("2027-07-01T16:30:00Z 2027-07-01T17:00:00Z"),
        ),
        (
            "18:00-20:00",
            None,
            "friends",
            Kind::Promise,
            winter,
            Some("2026-12-01T17:00:00Z 2026-12-01T19:00:00Z"),
        ),
        (
            "18:00-20:00",
            Some(20),
            "friends",
            Kind::Promise,
            winter,
            Some("2026-12-01T17:00:00Z 2026-12-01T17:20:00Z"),
        ),
        (
            "tue 18:30",
            None,
            "friends",
            Kind::ThankYou,
            winter,
            Some("2026-12-01T17:30:00Z 2026-12-01T18:00:00Z"),
        ),
        ("wed 18:30", None, "friends", Kind::ThankYou, winter, None),
        ("", Some(30), "friends", Kind::KeepInTouch, winter, None),
        ("", Some(30), "close", Kind::KeepInTouch, winter, Some("2026-12-01T11:00:00Z 2026-12-01T11:30:00Z")),
        ("evening", Some(30), "close", Kind::KeepInTouch, winter, None),
        ("18:30", Some(30), "friends", Kind::Birthday, winter, None),
        // Left out by the clock.
        (
            "02:30",
            Some(30),
            "friends",
            Kind::KeepInTouch,
            date(2027, 3, 28),
            Some("2027-03-28T01:30:00Z 2027-03-28T02:00:00Z"),
        ),
    ] {
        assert_eq!(
            hours(best, limit, circle, kind, day).as_deref(),
            expected,
            "{best:?} {circle} {kind} on {day}"
        );
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![
        Kind::KeepInTouch,
        Kind::Rekindle,
        Kind::SecondTry,
        Kind::FirstHello,
        Kind::ThankYou,
        Kind::Promise,
        Kind::Nudge,
        Kind::Ask,
        Kind::Birthday,
    ])
}

proptest! {
    /// Whatever is planned, and whatever the user made of the templates: a
    /// message to somebody who is not close now has no request in it.
    #[test]
    fn an_ask_is_never_in_a_draft_to_a_cold_tie(kind in kind(), days in 0_i32..900, talked in any::<bool>()) {
        let mut phrases = Phrases::default();
        for section in ["keep-in-touch", "new", "rekindle", "new-year", "ask"] {
            let text = format!("[{section}]\nbody = '{{name}} {{what}}'\nsms = '{{name}} {{what}}'\nsubject = '{{name}} {{what}}'\n");
            phrases.lay_over("drafts.en.toml", &text).unwrap();
        }
        let day = date(2026, 11, 1).saturating_add(jiff::Span::new().days(days));
        let known = if talked { anna() } else { Acquaintance { talks: Vec::new(), ..anna() } };
        let state = known.state(day, &Settings::parse("").unwrap());
        let ask = open(1, Aim::Ask, "REQUEST", None);
        let what = (kind == Kind::Ask).then_some("REQUEST");
        let card = drawn(&phrases, known, std::slice::from_ref(&ask), &follow_up(kind, day, what));
        let draft = format!("{:?}", card.draft);
        prop_assert!(state == State::Warm || !draft.contains("REQUEST"), "{draft}");
        let begin = point(&card, "Begin").unwrap_or_default();
        prop_assert!(state == State::Warm || !begin.contains("REQUEST"), "{begin}");
        // Thanks, and a first hello, are for nothing else.
        let is_thanks = matches!(kind, Kind::ThankYou | Kind::FirstHello);
        prop_assert_eq!(point(&card, "To ask").is_some(), state == State::Warm && !is_thanks);
    }

    /// Same facts, same card, in whatever order they are read.
    #[test]
    fn the_order_of_what_is_meant_does_not_matter(kind in kind(), turn in 0_usize..3) {
        let mut intentions = vec![
            open(1, Aim::Promise, "one", None),
            open(2, Aim::Promise, "two", Some(date(2027, 1, 1))),
            open(3, Aim::Send, "three", None),
        ];
        let follow_up = follow_up(kind, date(2026, 12, 1), None);
        let first = card(anna(), &intentions, &follow_up);
        intentions.rotate_left(turn);
        prop_assert_eq!(card(anna(), &intentions, &follow_up), first);
    }
}
