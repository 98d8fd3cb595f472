use super::*;
use crate::core::calendar::Calendar;
use crate::core::color::Color;
use crate::core::follow_up::Key;
use crate::core::revision::{Revised, revise, write};
use crate::core::settings::Settings;
use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use std::collections::HashSet;

mod history;

/// A Wednesday.
const TODAY: Date = date(2026, 11, 4);

fn with_frame<T>(today: Date, run: impl FnOnce(&Frame<'_>) -> T) -> T {
    let settings = Settings::parse("").unwrap();
    run(&Frame {
        today,
        settings: &settings.feed,
        circles: &settings.circles,
        namespace: b"namespace",
        cards: None,
        links: None,
    })
}

fn details(name: &str) -> Details {
    Details { name: name.to_owned(), ..Details::default() }
}

/// How those people are called.
fn called(people: &People) -> Names {
    people.iter().map(|(&person, details)| (person, details.name.clone())).collect()
}

fn follow_up(person: i64, kind: Kind, cycle: &str, day: Date) -> FollowUp {
    FollowUp {
        key: Key { person: PersonId(person), kind, cycle: cycle.to_owned() },
        day,
        due: None,
        circle: "friends".to_owned(),
        shared: false,
        what: None,
        with: Vec::new(),
        occasion: None,
        reason: "Last talked on 3 September 2026; every 2 months.".to_owned(),
    }
}

fn done(person: i64, day: Date, entries: &[(How, &str)]) -> Done {
    let entry = |&(how, what): &(How, &str)| Entry { how, what: what.to_owned() };
    Done { person: PersonId(person), day, entries: entries.iter().map(entry).collect() }
}

/// The one event that a plan and a log make besides the weekly review.
fn only(people: &People, plan: &[FollowUp], log: &[Done]) -> Draft {
    let drafts = with_frame(TODAY, |frame| frame.follow_ups(people, plan, log));
    let mut others: Vec<Draft> = drafts.into_iter().filter(|d| d.summary != "Weekly review").collect();
    assert_eq!(others.len(), 1);
    others.remove(0)
}

#[test]
fn a_title_begins_with_what_to_do() {
    let reach = |phone: Option<&str>, email: Option<&str>, birthday: Option<&str>| Details {
        phone: phone.map(str::to_owned),
        email: email.map(str::to_owned),
        birthday: birthday.map(|b| b.parse().unwrap()),
        ..details("Anna Müller")
    };
    let (phone, email) = (Some("+49 30 1234"), Some("anna@example.org"));
    for (kind, details, title) in [
        (Kind::KeepInTouch, reach(phone, email, None), "Call Anna Müller"),
        (Kind::KeepInTouch, reach(None, email, None), "Write to Anna Müller"),
        (Kind::KeepInTouch, reach(None, None, None), "Get in touch with Anna Müller"),
        (Kind::SecondTry, reach(phone, None, None), "Try Anna Müller again"),
        (Kind::Birthday, reach(phone, None, Some("--11-12")), "Congratulate Anna Müller"),
        (Kind::Birthday, reach(phone, None, Some("1986-11-12")), "Congratulate Anna Müller (turns 40)"),
    ] {
        let people = People::from([(PersonId(1), details)]);
        let plan = [follow_up(1, kind, "2026", date(2026, 11, 12))];
        assert_eq!(only(&people, &plan, &[]).summary, title);
    }
}

/// A day of death was to be congratulated on.
#[test]
fn only_days_that_are_there_to_be_celebrated_are_congratulated_on() {
    for (label, title) in [
        ("Mutters Todestag", "Think of Anna Müller: Mutters Todestag"),
        ("anniversary of her mother's death", "Think of Anna Müller: anniversary of her mother's death"),
        ("Wedding", "Congratulate Anna Müller: Wedding"),
    ] {
        let people = People::from([(PersonId(1), details("Anna Müller"))]);
        let planned = follow_up(1, Kind::Date, "2026", date(2026, 11, 12));
        let plan = [FollowUp { what: Some(label.to_owned()), ..planned }];
        assert_eq!(only(&people, &plan, &[]).summary, title);
    }
}

#[test]
fn a_follow_up_says_why_and_how() {
    let anna = Details {
        phone: Some("+49 (0)30 12-34".to_owned()),
        email: Some("anna@example.org".to_owned()),
        organization: Some("Example GmbH".to_owned()),
        title: Some("Engineer".to_owned()),
        ..details("Anna Müller")
    };
    let people = People::from([(PersonId(1), anna)]);
    let planned = follow_up(1, Kind::KeepInTouch, "2026-09-03", date(2026, 11, 5));
    let draft = only(&people, std::slice::from_ref(&planned), &[]);
    insta::assert_snapshot!(draft.description, @r#"
    Last talked on 3 September 2026; every 2 months.

    tel:+49301234
    mailto:anna@example.org
    Engineer, Example GmbH
    Then: kith done "Anna Müller" "what it was about"
    "#);
    assert_eq!(draft.uid, uid(&planned.key.uuid(b"namespace")));
    assert_eq!(draft.path, format!("/follow-up/{}", planned.key.uuid(b"namespace")));
    assert_eq!((draft.day, draft.categories), (date(2026, 11, 5), vec!["friends".to_owned()]));
}

#[test]
fn only_a_number_is_dialled_and_only_an_address_mailed() {
    for (number, line) in [
        ("030 / 12 34", "tel:0301234"),
        ("+1 (555) 010-99.99", "tel:+15550109999"),
        ("+44 (0) 20 7946 0000", "tel:+442079460000"),
        ("(0)30 12", "tel:03012"),
        ("555-0100 ext. 7", "Phone: 555-0100 ext. 7"),
        ("+", "Phone: +"),
        ("110;phone-context=x", "Phone: 110;phone-context=x"),
    ] {
        assert_eq!(telephone(number), line);
    }
    assert_eq!(mail("a.b+c@example.org"), "mailto:a.b+c@example.org");
    assert_eq!(mail("jürgen@example.org"), "Email: jürgen@example.org");
    assert_eq!(mail("a@example.org?bcc=b@example.org"), "Email: a@example.org?bcc=b@example.org");
}

#[test]
fn a_command_to_copy_does_no_harm() {
    for (name, who) in [
        ("Seán O'Neill", "\"Seán O'Neill\""),
        ("$(reboot)", "7"),
        ("`reboot`", "7"),
        ("A\"; reboot #", "7"),
        ("back\\slash", "7"),
        ("Yahoo!", "7"),
        ("two\nlines", "7"),
        ("Anna\u{202e}annA", "7"),
        ("--help", "7"),
        ("", "7"),
    ] {
        let line = how_to_note(PersonId(7), name);
        assert_eq!(line, format!("Then: kith done {who} \"what it was about\""));
    }
}

#[test]
fn a_name_that_no_title_can_hold_is_cut() {
    let long = "Anna Maria ".repeat(900);
    let anna = Details { birthday: "--11-12".parse().ok(), ..details(&long) };
    let people = People::from([(PersonId(1), anna)]);
    let plan = [follow_up(1, Kind::SecondTry, "2026", date(2026, 11, 12))];
    let planned = only(&people, &plan, &[]);
    let short = format!("{}An…", "Anna Maria ".repeat(7));
    assert_eq!(planned.summary, format!("Try {short} again"));
    assert!(planned.description.ends_with("Then: kith done 1 \"what it was about\""));
    let done = only(&people, &[], &[done(1, date(2026, 11, 1), &[(How::Met, "tea")])]);
    assert_eq!(done.summary, format!("Met {short}: tea"));
    let celebrated = with_frame(TODAY, |frame| frame.birthdays(&people, |_, _| true)).remove(0);
    assert_eq!(celebrated.summary, format!("Birthday: {short}"));
}

#[test]
fn what_was_done_is_one_event_a_day() {
    let people = People::from([(PersonId(1), details("Anna Müller"))]);
    let yesterday = date(2026, 11, 3);
    let long = "a new flat near the river, the move in spring, and who might help with it";
    for (entries, summary, description) in [
        (&[(How::Talked, "new job")][..], "Talked with Anna Müller: new job", "Talked: new job"),
        (&[(How::Met, " ")], "Met Anna Müller", "Met"),
        (&[(How::Wrote, "photos")], "Wrote to Anna Müller: photos", "Wrote: photos"),
        (&[(How::Called, "lift\nat six")], "Called Anna Müller: lift", "Called: lift\nat six"),
        (
            &[(How::Tried, "no answer"), (How::Heard, "she is back")],
            "Heard from Anna Müller: she is back",
            "Tried: no answer\nHeard: she is back",
        ),
        (&[(How::Tried, "")], "Tried to reach Anna Müller", "Tried"),
        (
            &[(How::Talked, long)],
            "Talked with Anna Müller: a new flat near the river, the move in spring, and who…",
            "Talked: a new flat near the river, the move in spring, and who might help with it",
        ),
    ] {
        let draft = only(&people, &[], &[done(1, yesterday, entries)]);
        assert_eq!((draft.summary.as_str(), draft.description.as_str()), (summary, description));
        assert_eq!(draft.uid, uid(&uuid(b"namespace", "done/1/2026-11-03")));
    }
}

#[test]
fn the_feed_looks_back_as_far_as_it_is_set_to() {
    let people = People::from([(PersonId(1), details("Anna"))]);
    let log = [
        done(1, date(2026, 8, 5), &[(How::Met, "too old")]),
        done(1, date(2026, 8, 6), &[(How::Met, "90 days ago")]),
        done(2, TODAY, &[(How::Met, "never to be shown")]),
        done(1, TODAY, &[]),
    ];
    assert_eq!(only(&people, &[], &log).summary, "Met Anna: 90 days ago");
}

#[test]
fn there_is_always_one_weekly_review_ahead() {
    for (today, review) in [
        (date(2026, 11, 4), date(2026, 11, 6)),
        (date(2026, 11, 6), date(2026, 11, 6)),
        (date(2026, 11, 7), date(2026, 11, 13)),
        (Date::MAX, Date::MAX),
    ] {
        let drafts = with_frame(today, |frame| frame.follow_ups(&People::new(), &[], &[]));
        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].summary.as_str(), drafts[0].day), ("Weekly review", review));
    }
}

#[test]
fn every_celebration_is_an_event_of_its_own() {
    let born =
        |name: &str, birthday: &str| Details { birthday: Some(birthday.parse().unwrap()), ..details(name) };
    let people = People::from([
        (PersonId(1), born("Anna", "1986-11-04")),
        (PersonId(2), born("Bo", "--02-29")),
        (PersonId(3), born("Cy", "2000-09-30")),
        (PersonId(4), details("Di")),
    ]);
    let drafts = with_frame(TODAY, |frame| frame.birthdays(&people, |_, _| true));
    let shown: Vec<String> = drafts.iter().map(|d| format!("{} {}", d.day, d.summary)).collect();
    assert_eq!(
        shown,
        [
            "2026-09-30 Birthday: Cy (turns 26)",
            "2026-11-04 Birthday: Anna (turns 40)",
            "2027-02-28 Birthday: Bo",
            "2027-09-30 Birthday: Cy (turns 27)",
            "2027-11-04 Birthday: Anna (turns 41)",
        ]
    );
    assert_eq!(drafts[1].description, "Born on 4 November 1986");
    assert!(drafts.iter().all(|draft| draft.path.starts_with("/follow-up/")));
    let cy_comes_later = |person, day| person != PersonId(3) || day >= date(2027, 1, 1);
    let drafts = with_frame(TODAY, |frame| frame.birthdays(&people, cy_comes_later));
    let cy: Vec<Date> = drafts.iter().filter(|d| d.summary.contains("Cy")).map(|d| d.day).collect();
    assert_eq!((drafts.len(), cy), (4, vec![date(2027, 9, 30)]));

    let none = with_frame(TODAY, |frame| frame.birthdays(&People::new(), |_, _| true));
    assert_eq!((none.len(), none[0].summary.as_str()), (1, "No birthdays known yet"));
}

/// Texts that are hard to write or to read.
const HARD: [&str; 6] = [
    "Zoë, Ltd; \\n is not a line end",
    "王小明 is somebody with a name that is long enough to be folded, 王小明王小明王小明王小明",
    "a:b=c;\"d\" (e) <f> %41 ^n",
    "tabs\tand  double spaces  which stand where a line is folded,  again and  again",
    "BEGIN:VEVENT",
    "👩‍👩‍👧 and ñ",
];

fn hard_feed() -> (Vec<Revised>, String) {
    let people: People = (1..).map(PersonId).zip(HARD.iter().map(|name| details(name))).collect();
    let plan: Vec<FollowUp> = people
        .keys()
        .map(|p| FollowUp { circle: HARD[0].to_owned(), ..follow_up(p.0, Kind::KeepInTouch, "new", TODAY) })
        .collect();
    let log: Vec<Done> = people
        .keys()
        .map(|p| done(p.0, TODAY, &[(How::Met, "one\ntwo\r\nATTACH:three"), (How::Wrote, HARD[1])]))
        .collect();
    let drafts = with_frame(TODAY, |frame| {
        [frame.follow_ups(&people, &plan, &log), frame.history(&called(&people), &log)].concat()
    });
    assert_eq!(drafts.len(), 3 * HARD.len() + 1);
    let events = revise(|_| None, drafts, "2026-11-04T07:00:00Z".parse().unwrap());
    let calendar = Calendar { name: "Ties, old; new".to_owned(), color: Color::named("teal") };
    let bytes = write(&calendar, &events, "http://127.0.0.1:5484");
    (events, String::from_utf8(bytes).unwrap())
}

/// What a reader found in an event: UID, title, text, first category, day and link.
type Found = (String, String, String, Option<String>, String, String);

fn expected(events: &[Revised]) -> Vec<Found> {
    let one = |Revised { draft, .. }: &Revised| {
        (
            draft.uid.clone(),
            draft.summary.clone(),
            draft.description.replace("\r\n", "\n"),
            draft.categories.first().cloned(),
            draft.day.strftime("%Y%m%d").to_string(),
            format!("http://127.0.0.1:5484{}", draft.path),
        )
    };
    events.iter().map(one).collect()
}

/// RFC 5545 section 3.3.11 read backwards, for readers that leave it to their users.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c) => out.push(c),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}

/// `ical` 0.11 trims the end of each line before it joins folded ones, and so
/// loses a space there; our writer does not fold beside spaces.
#[test]
fn ical_reads_every_event() {
    let (events, text) = hard_feed();
    let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes()).map(Result::unwrap).collect();
    assert_eq!(calendars.len(), 1);
    let found: Vec<Found> = calendars[0]
        .events
        .iter()
        .map(|event| {
            let value = |name: &str| event.properties.iter().find(|p| p.name == name)?.value.clone();
            let text = |name: &str| value(name).map(|value| unescape(&value));
            (
                text("UID").unwrap(),
                text("SUMMARY").unwrap(),
                text("DESCRIPTION").unwrap_or_default(),
                text("CATEGORIES"),
                value("DTSTART").unwrap(),
                value("URL").unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected(&events));
}

/// `icalendar` undoes the escapes of single texts, and leaves those of lists to its users.
#[test]
fn icalendar_reads_every_event() {
    let (events, text) = hard_feed();
    let unfolded = icalendar::parser::unfold(&text);
    let calendar = icalendar::parser::read_calendar(&unfolded).unwrap();
    let found: Vec<Found> = calendar
        .components
        .iter()
        .map(|event| {
            let raw = |name: &str| event.find_prop(name).map(|p| p.val.as_str().to_owned());
            (
                raw("UID").unwrap(),
                raw("SUMMARY").unwrap(),
                raw("DESCRIPTION").unwrap_or_default(),
                raw("CATEGORIES").map(|text| unescape(&text)),
                raw("DTSTART").unwrap(),
                raw("URL").unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected(&events));
}

#[test]
fn calcard_reads_every_event() {
    use calcard::icalendar::{ICalendarComponentType, ICalendarProperty as Property, ICalendarValue, Uri};
    let (events, text) = hard_feed();
    let calendar = match calcard::Parser::new(&text).entry() {
        calcard::Entry::ICalendar(calendar) => calendar,
        other => panic!("{other:?}"),
    };
    let found: Vec<Found> = calendar
        .components
        .iter()
        .filter(|component| component.component_type == ICalendarComponentType::VEvent)
        .map(|event| {
            let value = |name: Property| {
                let entry = event.entries.iter().find(|entry| entry.name == name)?;
                Some(match entry.values.first().unwrap() {
                    ICalendarValue::Text(text) => text.clone(),
                    ICalendarValue::Uri(Uri::Location(uri)) => uri.clone(),
                    ICalendarValue::PartialDateTime(at) => {
                        format!("{}{:02}{:02}", at.year.unwrap(), at.month.unwrap(), at.day.unwrap())
                    }
                    other => panic!("{other:?}"),
                })
            };
            (
                value(Property::Uid).unwrap(),
                value(Property::Summary).unwrap(),
                value(Property::Description).unwrap_or_default(),
                value(Property::Categories),
                value(Property::Dtstart).unwrap(),
                value(Property::Url).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected(&events));
}

proptest! {
    /// vdirsyncer takes two events for one if they differ in nothing but UID.
    #[test]
    fn no_two_events_are_equal_but_for_their_uid(
        names in proptest::collection::vec("[ab]", 1..6),
        plan in proptest::collection::vec((0..6_i64, 0..3_usize, 0..2_i16), 0..12),
        log in proptest::collection::vec((0..6_i64, 0..2_i16), 0..12),
        today in 0..400_i16,
    ) {
        let day = |offset: i16| TODAY.saturating_add(Span::new().days(offset));
        let born = |name: &String| Details { birthday: Some("1986-11-12".parse().unwrap()), ..details(name) };
        let people: People = (0..).map(PersonId).zip(names.iter().map(born)).collect();
        let kinds = [Kind::KeepInTouch, Kind::SecondTry, Kind::Birthday];
        let plan: Vec<FollowUp> =
            plan.iter().map(|&(p, kind, d)| follow_up(p, kinds[kind], "2026", day(d))).collect();
        let log: Vec<Done> = log.iter().map(|&(p, d)| done(p, day(d), &[(How::Met, "tea")])).collect();
        for drafts in with_frame(day(today), |f| {
            [f.follow_ups(&people, &plan, &log), f.birthdays(&people, |_, _| true), f.history(&called(&people), &log)]
        }) {
            prop_assert!(!drafts.is_empty());
            let uids: HashSet<_> = drafts.iter().map(|d| d.uid.clone()).collect();
            prop_assert_eq!(uids.len(), drafts.len());
            let texts: HashSet<_> = drafts
                .iter()
                .map(|d| (d.day, &d.summary, &d.description, &d.categories, &d.path))
                .collect();
            prop_assert_eq!(texts.len(), drafts.len());
        }
    }

    /// A day that passes adds and drops events; what stays says what it said.
    #[test]
    fn no_text_depends_on_today(days in 1..200_i16, birthday in "--(0[1-9]|1[0-2])-(0[1-9]|1[0-9])") {
        let anna = Details { birthday: Some(birthday.parse().unwrap()), ..details("Anna") };
        let people = People::from([(PersonId(1), anna)]);
        let plan = [follow_up(1, Kind::KeepInTouch, "new", TODAY)];
        let log = [done(1, TODAY, &[(How::Met, "tea")])];
        let all = |today| with_frame(today, |f| {
            [f.follow_ups(&people, &plan, &log), f.birthdays(&people, |_, _| true), f.history(&called(&people), &log)].concat()
        });
        let later: BTreeMap<String, Draft> =
            all(TODAY.saturating_add(Span::new().days(days))).into_iter().map(|d| (d.uid.clone(), d)).collect();
        for draft in all(TODAY) {
            prop_assert!(later.get(&draft.uid).is_none_or(|then| *then == draft));
        }
    }

    #[test]
    fn nothing_in_a_contact_makes_the_feed_unreadable(
        name in any::<String>(), what in any::<String>(), circle in any::<String>(), phone in any::<String>(),
    ) {
        let person = Details { phone: Some(phone), email: Some(what.clone()), ..details(&name) };
        let people = People::from([(PersonId(1), person)]);
        let plan = [FollowUp { circle, ..follow_up(1, Kind::KeepInTouch, "new", TODAY) }];
        let log = [done(1, TODAY, &[(How::Met, &what)])];
        let drafts = with_frame(TODAY, |frame| {
            [frame.follow_ups(&people, &plan, &log), frame.history(&called(&people), &log)].concat()
        });
        let events = revise(|_| None, drafts, Timestamp::UNIX_EPOCH);
        let bytes = write(&Calendar { name, color: None }, &events, "http://127.0.0.1:5484");
        let calendars: Vec<_> = ical::IcalParser::new(bytes.as_slice()).map(Result::unwrap).collect();
        prop_assert_eq!((calendars.len(), calendars[0].events.len()), (1, 4));
    }
}
