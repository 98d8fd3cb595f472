//! The documents say what is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Home;

const DATABASE: &str = include_str!("../docs/database.md");
const INTERFACE: &str = include_str!("../docs/interface.md");
const FORMATS: &str = include_str!("../docs/formats.md");

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Müller\r\nORG:Example Museum\r\nEMAIL:anna@example.org\r\nEND:VCARD\r\n\
                     BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bert Kern\r\nTEL:+49 171 7654321\r\nEND:VCARD\r\n";
/// Has the name of Bert and nothing else of him.
const TWIN: &str =
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nBert,Kern,,bert@example.net,,,\n";

/// The fenced blocks of a language.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    document.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

/// The headings `### …` with what stands below each.
fn sections(document: &str) -> Vec<(&str, &str)> {
    let parts = document.split("\n### ").skip(1);
    parts.filter_map(|part| part.split("\n## ").next()?.split_once('\n')).collect()
}

/// The words in backticks.
fn words(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The words in the first column of a section's table, row by row.
fn rows(section: &str) -> Vec<Vec<String>> {
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    cells.map(words).filter(|row| !row.is_empty()).collect()
}

#[test]
fn every_format_that_is_read_is_described() {
    let home = Home::new();
    home.file("notes.md", "");
    let ran = home.kith(&["import", "notes.md"]).fails(1);
    let endings: BTreeSet<&str> =
        ran.stderr.split([' ', ',', ';']).filter(|word| word.starts_with('.')).collect();
    let described = words(FORMATS);
    let described: BTreeSet<&str> =
        described.iter().map(String::as_str).filter(|word| word.starts_with('.')).collect();
    assert!(!endings.is_empty());
    assert_eq!(described, endings);
}

#[test]
fn the_examples_for_the_database_work() {
    let home = Home::new();
    let cards = home.file("phone.vcf", CARDS);
    let cards = cards.to_str().unwrap();
    home.json(&["import", cards]);
    home.json(&["plan"]);
    let examples = blocks(DATABASE, "sql");
    assert!(examples.len() > 5);
    for example in examples {
        // A setting of the shell, which Home::sql has set already.
        home.sql(&example.replace(".timeout 5000\n", ""));
    }
    home.json(&["check"]);
    assert_eq!(home.json(&["import", cards])["unchanged"], 2);
    let names: Vec<Value> =
        home.json(&["list"]).as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    assert_eq!(names, ["Anna Meier", "Bert Kern", "Dora Lang"]);
}

#[test]
fn every_table_and_column_is_documented() {
    let home = Home::new();
    home.json(&["list"]);
    let database = rusqlite::Connection::open(home.data("contacts.db")).unwrap();
    let ask = |sql: &str| -> BTreeSet<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut documented = BTreeSet::new();
    for (heading, section) in sections(DATABASE) {
        let rows = rows(section);
        for table in words(heading) {
            let columns = ask(&format!("SELECT name FROM pragma_table_info('{table}')"));
            // A row with several names is one of which each table has one.
            let fits = |row: &Vec<String>| row.iter().filter(|name| columns.contains(*name)).count() == 1;
            assert!(rows.iter().all(fits), "{table} has {columns:?}, and is documented with {rows:?}");
            assert_eq!(rows.len(), columns.len(), "{table} has {columns:?}, and is documented with {rows:?}");
            documented.insert(table);
        }
    }
    let tables = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    assert_eq!(documented, tables);
}

#[test]
fn every_field_of_json_is_documented() {
    let home = Home::new();
    let cards = home.file("phone.vcf", CARDS);
    let twin = home.file("twin.csv", TWIN);
    home.json(&["import", cards.to_str().unwrap()]);
    home.json(&["import", twin.to_str().unwrap()]);
    let elsewhere = home.file(
        "tablet.vcf",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Müller\r\nORG:Harbour\r\nEMAIL:anna@example.org\r\nEND:VCARD\r\n",
    );
    home.json(&["import", elsewhere.to_str().unwrap()]);
    let commands: [(&str, &[&str]); 39] = [
        ("list", &["list"]),
        ("show", &["show", "anna"]),
        ("prep", &["prep", "anna"]),
        ("note", &["note", "anna", "--interest", "sailing"]),
        ("sort", &["sort", "--suggest"]),
        ("show --sources", &["show", "anna", "--sources"]),
        ("conflicts", &["conflicts"]),
        ("plan", &["plan"]),
        ("feed", &["feed"]),
        ("import", &["import", cards.to_str().unwrap()]),
        ("imports", &["imports"]),
        ("log", &["log", "anna", "hello"]),
        ("circle", &["circle"]),
        ("circle set", &["circle", "set", "choir", "--ideal", "30d"]),
        ("circle assign", &["circle", "assign", "choir", "anna"]),
        ("review", &["review"]),
        ("merge", &["merge", "2", "3"]),
        ("split", &["split", "2"]),
        ("undo", &["undo"]),
        ("status", &["status"]),
        ("done", &["done", "2"]),
        ("promise, ask, offer", &["promise", "2", "the article"]),
        ("goal", &["goal", "3 conversations", "--until", "in 3 months"]),
        ("occasion", &["occasion", "New Year"]),
        ("goal", &["goal", "--reached", "3"]),
        ("wins", &["wins"]),
        ("review-week", &["review-week"]),
        ("why", &["why", "2"]),
        ("simulate", &["simulate", "--weeks", "2"]),
        ("tie", &["tie", "2", "knows", "anna"]),
        ("path", &["path", "anna"]),
        ("introduce", &["introduce", "anna", "--through", "2"]),
        ("snooze", &["snooze", "2", "in 2 weeks"]),
        ("pause", &["pause"]),
        ("add", &["add", "Eva Stern"]),
        ("met", &["met", "Rust meetup", "eva stern"]),
        ("archive", &["archive", "eva stern"]),
        ("plugin list", &["plugin", "list"]),
        ("plugin check", &["plugin", "check", "vcard"]),
    ];
    for (name, command) in commands {
        let (_, section) = sections(INTERFACE).into_iter().find(|(heading, _)| *heading == name).unwrap();
        let printed = home.json(command);
        let object = printed.get(0).unwrap_or(&printed).as_object();
        let printed: BTreeSet<String> =
            object.unwrap_or_else(|| panic!("kith {name} printed {printed}")).keys().cloned().collect();
        let mut documented: BTreeSet<String> = rows(section).into_iter().flatten().collect();
        // Some print what another does, and more.
        let base: &[&str] = match name {
            "show" => &["list"],
            "add" => &["list", "show"],
            "done" => &["log"],
            _ => &[],
        };
        for (_, section) in sections(INTERFACE).into_iter().filter(|(heading, _)| base.contains(heading)) {
            documented.extend(rows(section).into_iter().flatten());
        }
        assert_eq!(documented, printed, "kith {name}");
    }
}
