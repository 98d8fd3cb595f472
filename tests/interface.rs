//! The interface that scripts rely on, as docs/interface.md words it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use crate::commands::{fixture, import};
use crate::support::{Home, eventually};

fn today() -> Date {
    Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn feed_names_the_address_and_the_file() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[serve]\nlisten = \"127.0.0.1:6123\"\n");
    let feed = home.json(&["feed"]);
    assert_eq!(feed["file"], home.data("feed/follow-ups.ics").to_str().unwrap());
    let url = feed["url"].as_str().unwrap();
    let token = url
        .strip_prefix("http://127.0.0.1:6123/feed/")
        .and_then(|rest| rest.strip_suffix("/follow-ups.ics"))
        .unwrap_or_else(|| panic!("{url}"));
    assert!(token.len() >= 22 && token.chars().all(|c| c.is_ascii_alphanumeric()), "{token}");
    assert_eq!(home.json(&["feed"])["url"], url, "it stays");

    // While a service runs it is the address where it really listens.
    let service = home.serve();
    let address = service.address().unwrap();
    let url = home.json(&["feed"])["url"].as_str().unwrap().to_owned();
    assert_eq!(url, format!("http://{address}/feed/{token}/follow-ups.ics"));
    let file = std::fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
    let answer = service.get("follow-ups.ics").unwrap();
    assert!(answer.head.to_lowercase().contains("content-type: text/calendar"), "{}", answer.head);
    assert_eq!(answer.body, file);
    assert_eq!(service.stop(), Some(0));
    assert!(home.json(&["feed"])["url"].as_str().unwrap().starts_with("http://127.0.0.1:6123/"));
}

#[test]
fn list_is_an_array_of_people() {
    let home = Home::new();
    assert_eq!(home.json(&["list"]), json!([]));
    import(&home, &["phone.vcf"]);
    home.sql("INSERT INTO contact(name) VALUES ('Zoë')");
    let list = home.json(&["list"]);
    let promised = BTreeSet::from([
        "id",
        "name",
        "emails",
        "phones",
        "organization",
        "birthday",
        "circle",
        "comfort",
        "last_contact",
        "due",
    ]);
    for contact in list.as_array().unwrap() {
        assert!(keys(contact).is_superset(&promised), "{contact:#}");
        assert!(contact["id"].is_string() && contact["emails"].is_array() && contact["phones"].is_array());
    }
    let of = |name: &str| list.as_array().unwrap().iter().find(|c| c["name"] == name).unwrap();
    let anna = of("Anna Müller");
    assert_eq!(
        anna["emails"],
        json!(["anna.mueller@foundry.example", "anna@example.org"]),
        "preferred first"
    );
    assert_eq!(anna["organization"], "Foundry GmbH", "its first component");
    assert_eq!(
        (&anna["birthday"], &of("Dr. Bert Kern")["birthday"]),
        (&json!("--04-12"), &json!("1985-11-30"))
    );
    let zoe = of("Zoë");
    assert_eq!((&zoe["emails"], &zoe["phones"], &zoe["comfort"]), (&json!([]), &json!([]), &json!("yes")));
    for unknown in ["organization", "birthday", "circle", "last_contact", "due"] {
        assert_eq!(zoe[unknown], Value::Null, "{unknown}");
    }
    home.kith(&["log", "zoë", "tea", "--on", "2026-11-02", "--today", "2026-11-23"]).succeeds();
    home.kith(&["edit", "zoë", "--circle", "family", "--birthday", "--02-29"]).succeeds();
    home.sql("UPDATE contact SET name = '' WHERE id = 2; INSERT INTO phone(contact_id, number, pref) SELECT id, '+49 30 111', 2 FROM contact WHERE name = 'Zoë'; INSERT INTO phone(contact_id, number, pref) SELECT id, '+49 30 222', 1 FROM contact WHERE name = 'Zoë'");
    let list = home.json(&["list", "--today", "2026-11-23"]);
    let zoe = list.as_array().unwrap().iter().find(|c| c["name"] == "Zoë").unwrap();
    assert_eq!((&zoe["last_contact"], &zoe["due"]), (&json!("2026-11-02"), &json!("2026-11-16")));
    assert_eq!((&zoe["circle"], &zoe["birthday"]), (&json!("family"), &json!("--02-29")));
    assert_eq!(zoe["phones"], json!(["+49 30 222", "+49 30 111"]));
    let nameless = list.as_array().unwrap().iter().find(|c| c["id"] == "2").unwrap();
    assert_eq!(nameless["name"], Value::Null);
}

#[test]
fn plan_is_an_array_of_follow_ups_with_a_person() {
    let home = Home::new();
    import(&home, &["phone.vcf"]);
    let birthday = today() + 9.days();
    home.sql(&format!(
        "UPDATE contact SET birthday = '1990-{:02}-{:02}' WHERE id = 3; UPDATE contact SET comfort = 'never' WHERE id = 4",
        birthday.month(),
        birthday.day()
    ));
    home.kith(&["log", "bert", "the flat", "--wrote", "--on", "15 days ago"]).succeeds();
    let plan = home.json(&["plan", "--days", "61"]);
    let plan = plan.as_array().unwrap();
    let promised = BTreeSet::from(["day", "person", "name", "kind", "reason", "uid"]);
    let feed = std::fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
    let mut before = None;
    for follow_up in plan {
        assert!(keys(follow_up).is_superset(&promised), "{follow_up:#}");
        let text = |key: &str| follow_up[key].as_str().unwrap_or_else(|| panic!("{key} in {follow_up:#}"));
        let shown = home.json(&["show", text("person")]);
        assert_eq!((&shown["id"], &shown["name"]), (&follow_up["person"], &follow_up["name"]));
        let day: Date = text("day").parse().unwrap();
        assert!(Some(day) >= before, "by day");
        before = Some(day);
        let event = format!("UID:{}\r\n", text("uid"));
        let (_, event) =
            feed.split_once(&event).unwrap_or_else(|| panic!("{follow_up:#} is not in the feed"));
        let (event, _) = event.split_once("END:VEVENT").unwrap();
        assert!(event.contains(&format!("DTSTART;VALUE=DATE:{}", text("day").replace('-', ""))), "{event}");
    }
    let kinds = |name: &str| -> Vec<&str> {
        plan.iter().filter(|f| f["name"] == name).map(|f| f["kind"].as_str().unwrap()).collect()
    };
    assert_eq!(kinds("Anna Müller"), ["keep-in-touch"]);
    assert!(kinds("Dr. Bert Kern").contains(&"second-try"), "{plan:#?}");
    assert_eq!(kinds("David Diaz"), Vec::<&str>::new());
    // A birthday is an entry of its own, or joined to the outreach of its day.
    let carla: Vec<&Value> = plan.iter().filter(|f| f["name"] == "Carla Diaz").collect();
    let on_birthday: Vec<&&Value> = carla.iter().filter(|f| f["day"] == birthday.to_string()).collect();
    assert_eq!(on_birthday.len(), 1, "{carla:#?}");
    assert!(on_birthday[0]["reason"].as_str().unwrap().contains("turns "), "{carla:#?}");
    assert!(!plan.iter().any(|f| f["name"].is_null() || f["person"].is_null()), "no weekly review");

    // N days from today, today being the first.
    for days in [1, 3, 10] {
        let last = today() + (i64::from(days) - 1).days();
        let expected: Vec<&Value> =
            plan.iter().filter(|f| f["day"].as_str().unwrap() <= last.to_string().as_str()).collect();
        let shown = home.json(&["plan", "--days", &days.to_string()]);
        assert_eq!(shown.as_array().unwrap().iter().collect::<Vec<_>>(), expected, "{days}");
    }
}

#[test]
fn import_counts_every_record_once() {
    let home = Home::new();
    let paths =
        ["phone.vcf", "google.csv", "Connections.csv"].map(|name| fixture(name).display().to_string());
    let paths = paths.each_ref().map(String::as_str);
    let report = home.json(&[&["import"], &paths[..]].concat());
    for (count, expected) in [("new", 9), ("updated", 2), ("unchanged", 0), ("review", 1), ("skipped", 1)] {
        assert_eq!(report[count], expected, "{count}: {report:#}");
    }
    let file = &report["files"][0];
    assert_eq!(file["skipped_places"][0]["line"], 52);
    assert_eq!(
        (&file["records"][0]["name"], &file["records"][0]["what"]),
        (&json!("Anna Müller"), &json!("new"))
    );
    let again = home.json(&[&["import"], &paths[..]].concat());
    for (count, expected) in [("new", 0), ("updated", 0), ("unchanged", 12), ("review", 0), ("skipped", 1)] {
        assert_eq!(again[count], expected, "{count}: {again:#}");
    }
    let ran = home.kith(&["import", "--json", paths[0], "gone.vcf"]).fails(1);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(report["files"][1]["error"].as_str().unwrap().contains("does not exist"), "{report:#}");
}

#[test]
fn every_command_that_prints_data_prints_json() {
    let home = Home::new();
    import(&home, &["phone.vcf", "Connections.csv"]);
    for (words, has) in [
        (&["show", "anna"][..], "history"),
        (&["status"], "people"),
        (&["log", "anna", "tea"], "due"),
        (&["edit", "anna", "--circle", "close"], "id"),
        (&["circle", "set", "climbing", "--ideal", "30d"], "new"),
        (&["circle", "assign", "climbing", "nobody"], ""),
        (&["circle", "assign", "climbing", "emi"], "people"),
        (&["review", "1", "--different"], "twin"),
    ] {
        if has.is_empty() {
            home.kith(&[words, &["--json"]].concat()).fails(1);
        } else {
            assert!(home.json(words).get(has).is_some(), "{words:?}");
        }
    }
    for words in [&["circle"][..], &["review"], &["check"]] {
        assert!(home.json(words).is_array(), "{words:?}");
    }
}

#[test]
fn people_are_rows_of_contact_with_their_name() {
    let home = Home::new();
    import(&home, &["phone.vcf"]);
    home.sql("UPDATE contact SET name = 'Anna Meier' WHERE name = 'Anna Müller'; INSERT INTO contact(name) VALUES ('Zoë')");
    let names = home.json(&["list"]);
    let names: Vec<&str> = names.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Anna Meier") && names.contains(&"Zoë"), "{names:?}");
}

#[test]
fn commands_follow_while_a_service_runs() {
    let home = Home::new();
    let service = home.serve();
    import(&home, &["phone.vcf"]);
    eventually("the import is in the feed", || service.feed().contains("Anna Müller").then_some(()));
    home.kith(&["log", "anna", "viola by the river", "--met"]).succeeds();
    eventually("the talk is in the feed", || service.feed().contains("viola by the river").then_some(()));
    home.kith(&["circle", "set", "climbing", "--ideal", "1d", "--latest", "2d"]).succeeds();
    home.kith(&["circle", "assign", "climbing", "anna"]).succeeds();
    eventually("the circle is in the feed", || service.feed().contains("CATEGORIES:climbing").then_some(()));
    let status = home.json(&["status"]);
    assert_eq!((&status["running"], &status["people"]), (&json!(true), &json!(5)));
    let (log, token) = (home.service_log(), service.token().unwrap());
    assert!(!log.contains("Anna") && !log.contains(token.trim()), "{log}");
}
