//! Exports that come back: into the same database they change nothing, into
//! another one they bring the same contacts, and undo restores their bytes.

use serde_json::Value;

use crate::commands::import;
use crate::support::Home;

const FORMATS: [(&str, &str); 3] = [("vcard4", "vcf"), ("vcard3", "vcf"), ("csv", "csv")];

/// Address books of several kinds, which have people in common.
const FILES: [&str; 5] = ["phone.vcf", "google.csv", "Connections.csv", "thunderbird.ldif", "monica.json"];

fn export(home: &Home, format: &str) -> String {
    home.kith(&["export", "--archived", "--format", format]).succeeds().stdout
}

/// Somebody's address books, edited since.
fn lived_in() -> Home {
    let home = Home::new();
    import(&home, &FILES);
    home.kith(&["add", "Zora Lind, Bergen"]).succeeds();
    home.kith(&["edit", "Dr. Bert", "--add-phone", "+49 30 7654321", "--note", "one\n\ntwo, three"])
        .succeeds();
    home.kith(&["edit", "Anna Müller", "--remove-email", "anna@example.org"]).succeeds();
    home.kith(&["merge", "Carla Diaz", "David Diaz"]).succeeds();
    home
}

#[test]
fn an_export_that_comes_back_changes_nothing() {
    for (format, ending) in FORMATS {
        let home = lived_in();
        let before = export(&home, format);
        let file = home.file(&format!("export.{ending}"), &before);
        let path = file.display().to_string();
        for _ in 0..2 {
            let told = home.json(&["import", &path]);
            for count in ["new", "updated", "review", "skipped"] {
                assert_eq!(told[count], 0, "{format}: {told:#}");
            }
        }
        assert_eq!(export(&home, format), before, "{format}");
        // A further copy elsewhere.
        let other = Home::new();
        other.kith(&["import", &path]).succeeds();
        assert_eq!(export(&other, format), before, "{format}");
    }
}

/// Each time that an export came back, notes with one of them were added again.
#[test]
fn ends_of_lines_that_no_format_has_come_back_as_they_were_written() {
    for end in ['\u{85}', '\u{2028}', '\u{2029}'] {
        let home = Home::new();
        let properties = "FN:Anna_Zeile NOTE:a_b TITLE:a_b ROLE:c_d ORG:a_b NICKNAME:a_b CATEGORIES:a_b HOBBY:a_b INTEREST:a_b \
            ADR:;;Weg_5;Bonn;;53111;Germany EMAIL:a_b@example.org URL:https://example.org/a_b X-ABRELATEDNAMES:a_b BDAY:a_b \
            X-ODD:a_b X-AIM:a_b TEL:+49_30_1234567";
        let lines = properties.replace(' ', "\r\n").replace('_', &end.to_string());
        let card = format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}\r\nEND:VCARD\r\n");
        home.kith(&["import", home.file("anna.vcf", card).to_str().unwrap()]).succeeds();
        for (format, ending) in FORMATS {
            let before = export(&home, format);
            assert!(!before.contains(end), "{before}");
            let path = home.file(&format!("export.{ending}"), &before).display().to_string();
            home.kith(&["import", &path]).succeeds();
            assert_eq!(export(&home, format), before, "{end:?} {format}");
            let other = Home::new();
            other.kith(&["import", &path]).succeeds();
            assert_eq!(export(&other, format), before, "{end:?} {format}");
        }
    }
}

#[test]
fn what_a_format_has_less_room_for_is_known_again() {
    let home = Home::new();
    let lines =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Leo\r\nORG:Firm;Dept;Sub\r\nEMAIL:leo@example.org\r\nEND:VCARD\r\n";
    home.kith(&["import", home.file("leo.vcf", lines).to_str().unwrap()]).succeeds();
    home.kith(&["log", "Leo", "a\nb"]).succeeds();
    let before = export(&home, "vcard4");
    for (format, ending) in [("csv", "csv"), ("json", "json")] {
        let file = home.file(&format!("leo.{ending}"), export(&home, format));
        home.kith(&["import", file.to_str().unwrap()]).succeeds();
        assert_eq!(export(&home, "vcard4"), before, "{format}");
        assert_eq!(home.count("SELECT count(*) FROM interaction"), 1, "{format}");
    }
}

/// An export as JSON without what is this database's alone, or the user's own.
fn said(export: &str) -> Vec<Value> {
    let mut all: Vec<Value> = serde_json::from_str(export).unwrap();
    for contact in &mut all {
        let fields = contact.as_object_mut().unwrap();
        for own in ["id", "circle", "comfort", "comfortUntil", "ideal", "latest", "archivedAt"] {
            fields.remove(own).unwrap();
        }
    }
    all
}

#[test]
fn an_export_as_json_comes_back() {
    let home = lived_in();
    home.kith(&["edit", "Emi Ono", "--circle", "close"]).succeeds();
    for how in ["--met", "--called", "--wrote", "--heard", "--tried"] {
        home.kith(&["log", "Emi Ono", "tea", how]).succeeds();
    }
    home.kith(&["log", "Emi Ono", ""]).succeeds();
    let before = export(&home, "json");
    // Ordinary JSON, a contact a line.
    let lines: Vec<&str> = before.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), ("[", "]"));
    for line in &lines[1..lines.len() - 1] {
        serde_json::from_str::<Value>(line.trim_end_matches(',')).unwrap();
    }
    let path = home.file("export.json", &before).display().to_string();
    let history = home.count("SELECT count(*) FROM interaction");
    for _ in 0..2 {
        let told = home.json(&["import", &path]);
        for count in ["new", "updated", "review", "skipped"] {
            assert_eq!(told[count], 0, "{told:#}");
        }
        assert_eq!(home.count("SELECT count(*) FROM interaction"), history, "nothing is told twice");
    }
    assert_eq!(export(&home, "json"), before);
    let [other, third] = [Home::new(), Home::new()];
    let told = other.json(&["import", &path]);
    assert!(told["files"][0]["notes"][0].as_str().unwrap().contains("circle"), "{told:#}");
    let again = export(&other, "json");
    assert_eq!(said(&again), said(&before));
    let path = home.file("again.json", &again).display().to_string();
    third.kith(&["import", &path]).succeeds();
    assert_eq!(export(&third, "json"), again);
    // As another program lays it out, and with the cards' own texts.
    let tidy = serde_json::to_string_pretty(&serde_json::from_str::<Vec<Value>>(&before).unwrap()).unwrap();
    let raw = home.kith(&["export", "--archived", "--format", "json", "--raw"]).succeeds().stdout;
    for (name, text) in [("tidy.json", tidy), ("raw.json", raw)] {
        let path = home.file(name, text).display().to_string();
        let other = Home::new();
        other.kith(&["import", &path]).succeeds();
        assert_eq!(said(&export(&other, "json")), said(&before), "{name}");
    }
}

#[test]
fn undo_restores_the_bytes_of_an_export() {
    let home = lived_in();
    let all = || ["vcard4", "vcard3", "csv", "json"].map(|format| export(&home, format));
    let before = all();
    home.file("more.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Müller\nEMAIL:anna@example.org\nTEL:+49 170 1111111\nX-A:1\nEND:VCARD\n");
    for step in [
        &["import", "more.vcf"][..],
        &["edit", "anna", "--name", "Anna Amsel", "--circle", "close"],
        &["log", "anna", "her new job"],
        &["merge", "Emi Ono", "Dr. Bert"],
        &["archive", "Zora Lind"],
    ] {
        home.kith(step).succeeds();
        assert_ne!(all(), before, "{step:?}");
        home.kith(&["undo"]).succeeds();
        assert_eq!(all(), before, "{step:?}");
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    let [forward, backward] = [Home::new(), Home::new()];
    let files = ["phone.vcf", "google.csv", "Connections.csv"];
    import(&forward, &files);
    // In one command each kind is taken in turn; so one by one.
    files.iter().rev().for_each(|file| import(&backward, &[file]));
    for home in [&forward, &backward] {
        // What waits for a review is one person, in whichever order they came.
        for review in home.json(&["review"]).as_array().unwrap() {
            home.kith(&["review", &review["number"].to_string(), "--same"]).succeeds();
        }
    }
    // A UID that no card had is the database's own.
    let own = |line: &&str| !(line.starts_with("UID:") && line.len() == "UID:".len() + 36);
    let cards = |home| export(home, "vcard4").lines().filter(own).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(cards(&backward), cards(&forward));
}
