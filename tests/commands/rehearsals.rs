//! `--today`: reading commands write nothing, for writing ones it is the entry date. `import --dry-run` of several files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{import, with_phone};
use crate::support::Home;

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.append(&mut files(&path));
        } else {
            all.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn reading_commands_write_nothing_on_another_day() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    home.kith(&["log", "anna", "tea"]).succeeds();
    home.kith(&["feed"]).succeeds();
    // Somebody new whom no publication has seen: a publication would show them.
    home.sql("INSERT INTO contact(name) VALUES ('Zoë Stern')");
    let before = files(home.path());
    for day in ["2020-01-01", "2031-05-05", "today"] {
        for words in [
            &["plan"][..],
            &["plan", "--days", "300", "--json"],
            &["due"],
            &["pause"],
            &["list"],
            &["show", "anna"],
            &["status"],
            &["check"],
            &["circle"],
            &["review"],
            &["feed"],
            &["feed", "--json"],
        ] {
            home.kith(&[words, &["--today", day]].concat()).succeeds();
            let after = files(home.path());
            let changed: Vec<&String> =
                after.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
            assert!(
                changed.is_empty() && before.len() == after.len(),
                "{words:?} on {day} wrote {changed:?}"
            );
        }
    }
    // The same command without it publishes.
    home.kith(&["plan"]).succeeds();
    assert!(files(home.path()) != before);
}

#[test]
fn a_rehearsal_shows_the_other_day_and_the_feed_stays() {
    let home = with_phone();
    home.kith(&["log", "anna", "tea", "--today", "2031-05-05"]).succeeds();
    let then = home.json(&["list", "anna", "--today", "2031-05-06"]);
    assert_eq!(then[0]["last_contact"], "2031-05-05");
    let now = home.json(&["list", "anna"]);
    assert_eq!(now[0]["last_contact"], serde_json::Value::Null, "it has not happened yet");
    let feed = fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
    assert!(!feed.contains("DTSTART;VALUE=DATE:2031"), "{feed}");
}

#[test]
fn on_a_writing_command_it_is_the_entry_date() {
    let home = Home::new();
    import(&home, &["phone.vcf"]);
    let shown = home.json(&["show", "anna"]);
    assert_eq!(&shown["cards"][0]["imported_at"].as_str().unwrap()[..10], super::TODAY);
    home.kith(&["edit", "anna", "--comfort", "not-now", "--today", "2030-01-31"]).succeeds();
    assert_eq!(home.json(&["show", "anna"])["comfort_until"], "2030-04-30");
}

#[test]
fn several_files_are_rehearsed_as_they_are_imported() {
    let home = with_phone();
    let card = |name: &str, more: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\n{more}END:VCARD\n");
    let zoe = card("Zoe Lund", "EMAIL:z@example.org\nBDAY:19800201\n");
    home.file("a.vcf", format!("{zoe}{}", card("Finn Falk", "TEL:030 1234567\n")));
    let other = card("Zoe Lund", "EMAIL:z@example.org\nBDAY:19800301\nTITLE:Curator\n");
    home.file("b.vcf", format!("{other}{}{}", card("Finn Falk", "TEL:040 7654321\n"), card("Gus Groß", "")));
    fs::create_dir(home.path().join("c")).unwrap();
    home.file("c/one.vcf", card("Gus Groß", "EMAIL:gus@example.org\n"));
    home.file("c/two.vcf", card("Ida Ilm", "EMAIL:z@example.org\n"));
    let words = ["import", "a.vcf", "bad.vcf", "b.vcf", "c", "a.vcf"];
    let (rehearsed, done) = (
        home.kith(&[&words[..], &["--dry-run", "--json"]].concat()),
        home.kith(&[&words[..], &["--json"]].concat()),
    );
    let [rehearsed, done] = [rehearsed, done].map(|ran| {
        let mut said: serde_json::Value = serde_json::from_str(&ran.fails(1).stdout).unwrap();
        for file in said["files"].as_array_mut().unwrap() {
            // A rehearsal also tells what is unchanged.
            if let Some(records) = file.get_mut("records") {
                records.as_array_mut().unwrap().retain(|record| record["what"] != "unchanged");
            }
        }
        said["dry_run"].take();
        // How many pairs wait in all is known once they do.
        said["waiting"].take();
        said
    });
    assert_eq!(rehearsed, done);
    assert_eq!(
        (&done["new"], &done["updated"].as_u64().map(|n| n > 0)),
        (&4.into(), &Some(true)),
        "{done:#}"
    );
}

#[test]
fn files_of_one_command_take_nothing_from_each_other() {
    let home = Home::new();
    for note in ["jan", "feb", "mar"] {
        let card = format!(
            "BEGIN:VCARD\nVERSION:3.0\nUID:abcdef-uid-one\nFN:Anna Kern\nEMAIL:{note}@x.example\nNOTE:{note}\nEND:VCARD\n"
        );
        home.file(&format!("{note}.vcf"), card);
    }
    let line = ["import", "jan.vcf", "feb.vcf", "mar.vcf"];
    let counts = |ran: serde_json::Value| {
        ["new", "updated", "unchanged", "review"].map(|field| ran[field].as_u64().unwrap())
    };
    assert_eq!(counts(home.json(&[&line[..], &["--dry-run"]].concat())), [1, 2, 0, 0]);
    assert_eq!(counts(home.json(&line)), [1, 2, 0, 0], "as it was rehearsed");
    let person = home.json(&["show", "1"]);
    assert_eq!(person["emails"].as_array().unwrap().len(), 3, "{person}");
    for files in [["jan.vcf", "feb.vcf", "mar.vcf"], ["mar.vcf", "jan.vcf", "feb.vcf"]] {
        assert_eq!(counts(home.json(&[&["import"][..], &files].concat())), [0, 0, 3, 0], "again");
    }
    assert_eq!(home.json(&["show", "1"]), person);
}
