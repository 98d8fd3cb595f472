//! The published calendars, read by parsers that are not ours and checked
//! byte by byte against what real calendar programs need.

use std::collections::{BTreeMap, HashSet};

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty, ICalendarValue};
use icalendar::parser::{read_calendar, unfold};
use jiff::{ToSpan, Zoned, civil::Date};

use crate::commands::fixture;
use crate::support::Home;

/// An event as a reader understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Event {
    summary: String,
    description: String,
    start: String,
    end: String,
    url: String,
}

type Events = BTreeMap<String, Event>;

fn today() -> Date {
    // The tests' homes are in UTC.
    Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date()
}

/// A home with people of several address books, odd names, talks and birthdays.
fn realistic_home() -> Home {
    let home = Home::new();
    let paths =
        ["phone.vcf", "google.csv", "Connections.csv"].map(|name| fixture(name).display().to_string());
    let words: Vec<&str> = ["import"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    home.kith(&words).succeeds();
    let birthday = today() + 10.days();
    home.sql(&format!(
        "INSERT INTO contact(name, birthday, circle, note) VALUES
           ('Zoë, \"Zo\"; Stern\\Kern', '--02-29', 'family', NULL),
           ('山田 太郎', '{birthday}', 'friends', NULL),
           ('👩‍👩‍👧 {}', NULL, NULL, NULL),
           ('BEGIN:VEVENT' || char(13, 10) || 'SUMMARY:not an event', NULL, NULL, NULL)",
        "Ünnütz ".repeat(30).trim_end()
    ));
    for words in [
        &["log", "anna", "viola, and \\ a; long\nstory", "--met", "--on", "yesterday"][..],
        &["log", "anna", "the same evening", "--called", "--on", "yesterday"],
        &["log", "carla", "asked about the flat — “soon”?", "--wrote", "--on", "3 weeks ago"],
        &["log", "zoë", "tea", "--on", "6 weeks ago"],
        &["feed"],
    ] {
        home.kith(words).succeeds();
    }
    home
}

fn feed(home: &Home, name: &str) -> String {
    std::fs::read_to_string(home.data(&format!("feed/{name}.ics"))).unwrap()
}

/// What TEXT means (RFC 5545 section 3.3.11), for readers that leave it as it is.
fn unescaped(text: &str) -> String {
    let mut all = String::new();
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        all.push(match (sign, sign == '\\') {
            (_, true) => match signs.next().unwrap() {
                'n' | 'N' => '\n',
                other => other,
            },
            (other, false) => other,
        });
    }
    all
}

fn event(property: impl Fn(&str) -> Option<String>) -> (String, Event) {
    let need = |name: &str| property(name).unwrap_or_else(|| panic!("an event without {name}"));
    let event = Event {
        summary: need("SUMMARY"),
        description: property("DESCRIPTION").unwrap_or_default(),
        start: need("DTSTART"),
        end: property("DTEND").unwrap_or_default(),
        url: need("URL"),
    };
    (need("UID"), event)
}

fn read_by_ical(text: &str) -> Events {
    let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!(calendars.len(), 1);
    let read = |found: &ical::parser::ical::component::IcalEvent| {
        event(|name| {
            let property = found.properties.iter().find(|p| p.name == name)?;
            property.value.as_deref().map(unescaped)
        })
    };
    calendars[0].events.iter().map(read).collect()
}

fn read_by_icalendar(text: &str) -> Events {
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).unwrap();
    let read = |found: &icalendar::parser::Component<'_>| {
        event(|name| Some(found.find_prop(name)?.val.clone().unescape_text().as_str().to_owned()))
    };
    calendar.components.iter().filter(|c| c.name == "VEVENT").map(read).collect()
}

fn read_by_calcard(text: &str) -> Events {
    let calendar = ICalendar::parse(text).unwrap_or_else(|entry| panic!("{entry:?}"));
    let read = |found: &calcard::icalendar::ICalendarComponent| {
        event(|name| {
            let property = match name {
                "UID" => ICalendarProperty::Uid,
                "SUMMARY" => ICalendarProperty::Summary,
                "DESCRIPTION" => ICalendarProperty::Description,
                "DTSTART" => ICalendarProperty::Dtstart,
                "DTEND" => ICalendarProperty::Dtend,
                _ => ICalendarProperty::Url,
            };
            let value = found.property(&property)?.values.first()?;
            Some(match value {
                ICalendarValue::PartialDateTime(day) => {
                    format!("{:04}{:02}{:02}", day.year.unwrap(), day.month.unwrap(), day.day.unwrap())
                }
                other => other.as_text().unwrap().to_owned(),
            })
        })
    };
    let is_event =
        |c: &&calcard::icalendar::ICalendarComponent| c.component_type == ICalendarComponentType::VEvent;
    calendar.components.iter().filter(is_event).map(read).collect()
}

#[test]
fn independent_readers_find_every_event_with_its_text() {
    let home = realistic_home();
    let text = feed(&home, "follow-ups");
    let events = read_by_ical(&text);
    for (reader, read) in [("icalendar", read_by_icalendar(&text)), ("calcard", read_by_calcard(&text))] {
        assert_eq!(read, events, "{reader}");
    }
    assert_eq!(events.len(), text.matches("\r\nBEGIN:VEVENT\r\n").count(), "no UID stands twice");

    let plan = home.json(&["plan", "--days", "61"]);
    let plan = plan.as_array().unwrap();
    assert!(plan.len() > 8, "{plan:#?}");
    for follow_up in plan {
        let text = |key: &str| follow_up[key].as_str().unwrap();
        let event = events.get(text("uid")).unwrap_or_else(|| panic!("{follow_up:#} is not in the feed"));
        assert_eq!(event.start, text("day").replace('-', ""), "{follow_up:#}");
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        // A very long name is cut in a title.
        let name: String = one_line(text("name")).chars().take(60).collect();
        assert!(one_line(&event.summary).contains(&name), "{event:?}");
        assert!(event.description.contains(text("reason")), "{event:?}");
    }
    let yesterday = today().yesterday().unwrap().to_string().replace('-', "");
    let done: Vec<&Event> = events.values().filter(|event| event.start == yesterday).collect();
    let [done] = done.as_slice() else { panic!("one entry a person and day: {done:?}") };
    assert!(done.summary.contains("Anna Müller"), "{done:?}");
    for words in ["viola, and \\ a; long\nstory", "the same evening"] {
        assert!(done.description.contains(words), "{done:?}");
    }
    assert!(events.values().any(|event| event.summary.to_lowercase().contains("review")), "never empty");
}

#[test]
fn birthdays_are_read_too() {
    let home = realistic_home();
    let text = feed(&home, "birthdays");
    let events = read_by_ical(&text);
    for (reader, read) in [("icalendar", read_by_icalendar(&text)), ("calcard", read_by_calcard(&text))] {
        assert_eq!(read, events, "{reader}");
    }
    for name in ["Anna Müller", "Dr. Bert Kern", "Zoë, \"Zo\"; Stern\\Kern", "山田 太郎"] {
        assert!(events.values().any(|event| event.summary.contains(name)), "{name}: {events:#?}");
    }
}

#[test]
fn the_history_is_read_too() {
    let home = realistic_home();
    let text = feed(&home, "history");
    let events = read_by_ical(&text);
    for (reader, read) in [("icalendar", read_by_icalendar(&text)), ("calcard", read_by_calcard(&text))] {
        assert_eq!(read, events, "{reader}");
    }
    let found: Vec<(&str, &str)> = {
        let mut events: Vec<&Event> = events.values().collect();
        events.sort_by_key(|event| &event.start);
        events.iter().map(|event| (event.summary.as_str(), event.description.as_str())).collect()
    };
    assert_eq!(
        found,
        [
            ("Talked with Zoë, \"Zo\"; Stern\\Kern", "Talked: tea"),
            ("Wrote to Carla Diaz", "Wrote: asked about the flat — “soon”?"),
            ("Met Anna Müller", "Met: viola, and \\ a; long\nstory\nCalled: the same evening"),
        ]
    );
}

/// The lines of a component, unfolded: name with parameters, and value.
fn lines(component: &str) -> Vec<(String, String)> {
    let split = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.to_owned())
    };
    component.replace("\r\n ", "").split("\r\n").filter(|line| !line.is_empty()).map(split).collect()
}

fn value<'a>(lines: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let of = |key: &str| key.split(';').next() == Some(name);
    lines.iter().find(|(key, _)| of(key)).map(|(_, value)| value.as_str())
}

#[test]
fn the_bytes_are_what_calendar_programs_need() {
    let home = realistic_home();
    for name in ["follow-ups", "birthdays", "history"] {
        let text = feed(&home, name);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CRLF");
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        let unfolded = text.replace("\r\n ", "");
        for absent in ["METHOD", "TZID", "VALARM", "STATUS", "ORGANIZER", "ATTENDEE"] {
            assert!(
                !unfolded
                    .lines()
                    .any(|line| line.starts_with(absent) || line.contains(&format!(";{absent}="))),
                "{absent}"
            );
        }
        let (head, rest) = text.split_once("BEGIN:VEVENT\r\n").unwrap();
        let head = lines(head);
        for (property, expected) in [
            ("VERSION", Some("2.0")),
            ("CALSCALE", Some("GREGORIAN")),
            ("REFRESH-INTERVAL", Some("PT1H")),
            ("X-PUBLISHED-TTL", Some("PT1H")),
            ("X-WR-CALNAME", value(&head, "NAME")),
        ] {
            assert_eq!(value(&head, property), expected, "{property}");
        }
        for property in ["PRODID", "NAME", "COLOR", "X-APPLE-CALENDAR-COLOR"] {
            assert!(value(&head, property).is_some_and(|value| !value.is_empty()), "{property}");
        }
        let (mut uids, mut urls) = (HashSet::new(), HashSet::new());
        for component in rest.split("BEGIN:VEVENT\r\n") {
            let (event, _) = component.split_once("END:VEVENT").unwrap();
            let event = lines(event);
            let need = |name: &str| value(&event, name).unwrap_or_else(|| panic!("no {name} in {event:?}"));
            assert!(uids.insert(need("UID").to_owned()), "{event:?}");
            assert!(urls.insert(need("URL").to_owned()), "{event:?}");
            let url =
                need("URL").strip_prefix("http://127.0.0.1:5484/").and_then(|path| path.split_once('/'));
            assert_eq!(url.map(|(_, uuid)| uuid), need("UID").strip_suffix("@kith.local"), "{event:?}");
            assert_eq!(need("DTSTAMP"), need("LAST-MODIFIED"), "{event:?}");
            assert!(need("DTSTAMP").len() == 16 && need("DTSTAMP").ends_with('Z'), "{event:?}");
            assert!(need("CREATED") <= need("LAST-MODIFIED"), "{event:?}");
            need("SEQUENCE").parse::<u32>().unwrap();
            assert_eq!(need("TRANSP"), "TRANSPARENT");
            let day = |name: &str| {
                let (key, text) = event.iter().find(|(key, _)| key.starts_with(name)).unwrap();
                assert_eq!(key, &format!("{name};VALUE=DATE"));
                Date::strptime("%Y%m%d", text).unwrap()
            };
            assert_eq!(day("DTEND"), day("DTSTART").tomorrow().unwrap(), "{event:?}");
        }
    }
    // 29 February: the last day of February in years without one.
    let birthdays = feed(&home, "birthdays").replace("\r\n ", "");
    assert!(birthdays.contains("BYMONTH=2;BYMONTHDAY=-1") || !birthdays.contains("RRULE"), "{birthdays}");
}

#[test]
fn published_again_without_news_the_bytes_are_the_same() {
    let home = realistic_home();
    let all = || ["follow-ups", "birthdays", "history"].map(|name| feed(&home, name));
    let before = all();
    home.kith(&["plan"]).succeeds();
    assert_eq!(all(), before);
    home.kith(&["edit", "anna", "--name", "Anna Meier"]).succeeds();
    for (old, new) in before.iter().zip(all()) {
        let (old, new) = (read_by_ical(old), read_by_ical(&new));
        let uids = |events: &Events| events.keys().cloned().collect::<Vec<_>>();
        assert_eq!(uids(&old), uids(&new), "a changed name is the same event");
        assert_ne!(old, new);
    }
}
