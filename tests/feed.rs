//! The calendar feed over HTTP and as a file.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;

use crate::support::calendar::{events, planned};
use crate::support::cards::{card, card_with};
use crate::support::{Answer, CALENDARS, Home, eventually, request, with_anna};

fn ask(address: SocketAddr, request_line: &str, more: &str) -> Answer {
    request(
        address,
        &format!("{request_line} HTTP/1.1\r\nHost: {address}\r\n{more}Connection: close\r\n\r\n"),
    )
    .unwrap()
}

#[test]
fn a_calendar_asks_again_and_again() {
    let home = Home::new();
    let service = with_anna(&home);
    let (address, token) = (service.address().unwrap(), service.token().unwrap());
    for file in CALENDARS {
        let path = format!("/feed/{token}/{file}");
        let first = ask(address, &format!("GET {path}"), "");
        assert_eq!(first.status, 200);
        assert_eq!(first.header("Content-Type"), Some("text/calendar; charset=utf-8"));
        let etag = first.header("ETag").unwrap().to_owned();
        assert!(etag.starts_with('"'), "strong: {etag}");
        let again = ask(address, &format!("GET {path}"), &format!("If-None-Match: {etag}\r\n"));
        assert_eq!((again.status, again.body.as_str(), again.header("ETag")), (304, "", Some(etag.as_str())));
        let other = ask(address, &format!("GET {path}"), "If-None-Match: \"other\"\r\n");
        assert_eq!((other.status, other.body), (200, first.body.clone()));
        let head = ask(address, &format!("HEAD {path}"), "");
        assert_eq!((head.status, head.body.as_str(), head.header("ETag")), (200, "", Some(etag.as_str())));
        assert_eq!(head.header("Content-Length"), Some(first.body.len().to_string().as_str()));
        for method in ["PUT", "POST", "DELETE", "PROPFIND", "OPTIONS"] {
            let refused = ask(address, &format!("{method} {path}"), "Content-Length: 0\r\n");
            assert_eq!((refused.status, refused.header("Allow")), (405, Some("GET, HEAD")), "{method}");
        }
    }
}

#[test]
fn only_who_knows_the_address_and_names_this_computer_is_answered() {
    let home = Home::new();
    let service = with_anna(&home);
    let (address, token) = (service.address().unwrap(), service.token().unwrap());
    for path in [
        "/".to_owned(),
        "/feed/".to_owned(),
        "/feed/follow-ups.ics".to_owned(),
        format!("/feed/{}/follow-ups.ics", "0".repeat(token.len())),
        format!("/feed/{}/follow-ups.ics", &token[..token.len() - 1]),
        format!("/feed/{token}/other.ics"),
        format!("/feed/{token}/../follow-ups.ics"),
    ] {
        let answer = ask(address, &format!("GET {path}"), "");
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("Anna") && !answer.body.contains(&token), "{}", answer.body);
    }
    let path = format!("/feed/{token}/follow-ups.ics");
    for (host, expected) in [
        (format!("localhost:{}", address.port()), 200),
        ("[::1]".to_owned(), 200),
        ("evil.example".to_owned(), 421),
        (format!("127.0.0.1.evil.example:{}", address.port()), 421),
    ] {
        let text = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = request(address, &text).unwrap();
        assert_eq!(answer.status, expected, "{host}");
        assert_eq!(answer.body.contains("Anna"), expected == 200, "{host}");
    }
}

#[test]
fn an_events_link_answers_with_one_sentence_about_nobody() {
    let home = Home::new();
    let service = with_anna(&home);
    let events = service.events();
    let url = &planned(&events, "Anna Amsel").unwrap().url;
    let address = service.address().unwrap();
    let path = url.strip_prefix(&format!("http://{address}")).unwrap();
    assert!(path.starts_with("/follow-up/"), "{path}");
    let known = ask(address, &format!("GET {path}"), "");
    let unknown = ask(address, "GET /follow-up/00000000-0000-4000-8000-000000000000", "");
    assert_eq!((known.status, unknown.status), (200, 200));
    assert_eq!(known.body, unknown.body);
    assert!(known.header("Content-Type").unwrap().starts_with("text/plain"));
    for personal in ["Anna", "Amsel", "anna.amsel", &service.token().unwrap()] {
        assert!(!known.body.contains(personal) && !known.head.contains(personal), "{}", known.body);
    }
    assert_eq!(known.body.trim_end().lines().count(), 1);
}

#[test]
fn nothing_changes_when_nothing_changed_even_across_a_restart() {
    let home = Home::new();
    let service = with_anna(&home);
    let address = service.address().unwrap();
    let before = service.get("follow-ups.ics").unwrap();
    // What comes and changes nothing that is shown: the same cards, and a configuration with only a comment.
    home.drop_in("phone.vcf", card("Anna Amsel") + &card("Berta Brandt"));
    assert!(home.report("done/phone.vcf").contains("2 unchanged"));
    home.file(".config/kith/kith.toml", "# nothing yet\n");
    assert_eq!(service.get("follow-ups.ics").unwrap().body, before.body);
    assert_eq!(service.stop(), Some(0));
    let service = home.serve_at(address);
    let after = service.get("follow-ups.ics").unwrap();
    assert_eq!(after.body, before.body);
    assert_eq!(after.header("ETag"), before.header("ETag"));
    assert_eq!(after.header("Last-Modified"), before.header("Last-Modified"));
}

#[test]
fn a_renamed_contact_is_the_same_event_in_its_next_revision() {
    let home = Home::new();
    let service = with_anna(&home);
    let before = service.events();
    let old = planned(&before, "Anna Amsel").unwrap();
    assert_eq!(old.stamp, old.modified);
    home.sql("UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel'");
    let after = eventually("the new name is in the feed", || {
        Some(service.events()).filter(|events| planned(events, "Anna Meise").is_some())
    });
    let new = planned(&after, "Anna Meise").unwrap();
    assert_eq!((&new.uid, &new.day, new.sequence), (&old.uid, &old.day, old.sequence + 1));
    assert_eq!(new.stamp, new.modified);
    assert!(new.modified > old.modified, "{} is later than {}", new.modified, old.modified);
    let others = |events: &[crate::support::calendar::Event]| {
        events.iter().filter(|event| event.uid != old.uid).cloned().collect::<Vec<_>>()
    };
    assert_eq!(others(&after), others(&before), "nothing else changed");
}

#[test]
fn last_modified_never_goes_back_though_the_clock_does() {
    let home = Home::new();
    let service = with_anna(&home);
    assert_eq!(service.stop(), Some(0));
    // What a clock that was years ahead would have left behind.
    home.sql("UPDATE revision SET revised_at = '2099-01-01T00:00:00Z'");
    home.sql("UPDATE follow_up SET due = '2099-01-01' WHERE due IS NOT NULL");
    let service = home.serve();
    let before = service.events();
    assert!(before.iter().all(|event| event.modified.as_str() >= "20990101T000000Z"), "{before:?}");
    home.sql("UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel'");
    let after = eventually("the new name is in the feed", || {
        Some(service.events()).filter(|events| planned(events, "Anna Meise").is_some())
    });
    for event in &after {
        if let Some(old) = before.iter().find(|old| old.uid == event.uid) {
            assert!(event.modified >= old.modified, "{old:?} {event:?}");
            assert!(event == old || event.modified > old.modified, "{old:?} {event:?}");
        }
    }
    let new = planned(&after, "Anna Meise").unwrap();
    assert!(new.modified.as_str() > "20990101T000000Z" && new.stamp == new.modified, "{new:?}");
}

#[test]
fn a_logged_talk_moves_the_next_one() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[circles.friends]\nideal = '10d'\nlatest = '20d'\n");
    let service = with_anna(&home);
    home.kith(&["circle", "assign", "friends", "Anna Amsel"]).succeeds();
    let before =
        eventually("Anna is planned as a friend", || planned(&service.events(), "Anna Amsel").cloned());
    home.kith(&["log", "anna", "her new flat", "--called"]).succeeds();
    let events = eventually("what was said is in the calendar", || {
        Some(service.events())
            .filter(|events| events.iter().any(|event| event.summary.contains("her new flat")))
    });
    let done = events.iter().find(|event| event.summary.contains("her new flat")).unwrap();
    let next = planned(&events, "Anna Amsel").expect("she is planned again within the 60 days");
    assert_ne!(next.uid, before.uid, "the old one is settled");
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    assert!((day(&next.day) - day(&done.day)).get_days() >= 10, "{done:?} {next:?}");
}

#[test]
fn the_file_has_the_same_bytes_for_its_owner_alone() {
    let home = Home::new();
    let service = with_anna(&home);
    let mode = |name: &str| fs::metadata(home.data(name)).unwrap().permissions().mode() & 0o7777;
    for file in CALENDARS {
        let path = format!("feed/{file}");
        assert_eq!(fs::read_to_string(home.data(&path)).unwrap(), service.get(file).unwrap().body);
        assert_eq!((mode(&path), mode("feed")), (0o400, 0o700));
    }
    home.sql("UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel'");
    eventually("file and feed have the new name", || {
        let file = fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
        (file.contains("Anna Meise") && file == service.feed()).then_some(())
    });
    assert_eq!(fs::read_dir(home.data("feed")).unwrap().count(), CALENDARS.len());
}

#[test]
fn the_feeds_address_is_where_the_service_really_listens() {
    let home = Home::new();
    let configured = home.json(&["feed"]);
    assert!(configured["url"].as_str().unwrap().starts_with("http://127.0.0.1:5484/feed/"), "{configured}");
    let service = with_anna(&home);
    let feed = home.json(&["feed"]);
    let (address, token) = (service.address().unwrap(), service.token().unwrap());
    assert_eq!(feed["url"], format!("http://{address}/feed/{token}/follow-ups.ics"));
    assert_eq!(feed["file"], home.data("feed/follow-ups.ics").to_str().unwrap());
    service.kill();
    assert_eq!(home.json(&["feed"])["url"], configured["url"], "a dead service listens nowhere");
}

#[test]
fn the_feed_is_never_empty_and_birthdays_are_in_their_own() {
    let home = Home::new();
    let service = home.serve();
    let reviews: Vec<String> = service.events().into_iter().map(|event| event.summary).collect();
    assert_eq!(reviews, ["Weekly review"]);
    home.drop_in("phone.vcf", card_with("Anna Amsel", "BDAY:1980-05-06\r\n"));
    eventually("the birthday is there", || {
        let birthdays = events(&service.get("birthdays.ics")?.body);
        birthdays.iter().any(|event| event.summary.starts_with("Birthday: Anna Amsel")).then_some(())
    });
}
