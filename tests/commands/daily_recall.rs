//! The guided recall: on a terminal, and from standard input.

use std::io::Write;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, say, with_phone};
use crate::support::Home;
use crate::support::terminal::on_a_terminal;

/// What a terminal of that width shows of `kith recall`, with these answers
/// and then Ctrl-D; none without python3.
fn recalled(home: &Home, width: u16, answers: &[&str], options: &[&str]) -> Option<String> {
    let mut command = home.command();
    command.args(["recall", "--today", TODAY]).args(options);
    let lines: Vec<String> = answers.iter().map(|answer| format!("{answer}\n")).collect();
    let typed: Vec<&str> = lines.iter().map(String::as_str).chain(["\u{4}"]).collect();
    let (code, said) = on_a_terminal(&command, width, "> $", &typed)?;
    assert_eq!(code, Some(0), "{said}");
    // A prompt ends with a space, which no line of a snapshot should.
    Some(said.replace("> \n", ">\n"))
}

#[test]
fn people_are_remembered_area_by_area() {
    let home = with_phone();
    let answers = [
        "Eva Stern, Berlin, my cousin, eva@example.net",
        "",
        "Anna Müller",
        "diaz",
        "eva@example.org",
        "Annabel",
        "q",
    ];
    let Some(said) = recalled(&home, 80, &answers, &[]) else { return };
    assert_snapshot!(said, @r#"
    Who is in your life? One person a line: NAME, PLACE, what you share, telephone
    number or email address. The name is enough. An empty line goes on, q ends.

    family (1 of 14): by blood and by marriage, near and far
    > Eva Stern, Berlin, my cousin, eva@example.net
      Added: Eva Stern (place Berlin; note my cousin; email eva@example.net).
    >

    friends (2 of 14): of today, and those you lost sight of
    > Anna Müller
      Known already: Anna Müller (id 1).
    > diaz
      Known already, by that name: Carla Diaz (id 3) and David Diaz (id 4). Of
      somebody else say the whole name.
    > eva@example.org
      Not added: it says no name. Hint: begin with the name: "Eva Stern, Berlin,
      plays the cello, eva@example.org".
    > Annabel
      Added: Annabel.
    > q
    Added 2 people: Eva Stern and Annabel.
    "#);
    assert_eq!(home.json(&["show", "eva"])["category"][0]["value"], "family");
    assert_eq!(home.json(&["show", "annabel"])["category"][0]["value"], "friends");
    assert_eq!(home.count("SELECT count(*) FROM contact"), 8);
}

#[test]
fn it_may_be_left_at_any_time_and_fits_a_narrow_terminal() {
    let home = Home::new();
    let Some(said) = recalled(&home, 40, &["Eva Stern", ""], &[]) else { return };
    assert!(said.ends_with("Added 1 person: Eva Stern.\n"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 40), "{said}");
    let said = recalled(&home, 200, &[""], &[]).unwrap();
    assert!(said.ends_with("Nobody was added.\n"), "{said}");
    let said = recalled(&home, 80, &["Eva Lund", "q"], &["--area", "écoles"]).unwrap();
    assert!(said.contains("\nécoles\n> Eva Lund") && !said.contains("friends"), "{said}");
}

/// Gives lines to `kith recall --area choir`.
fn piped(home: &Home, lines: &str, options: &[&str]) -> (Option<i32>, String) {
    let mut command = home.command();
    command.args(["recall", "--area", "choir", "--today", TODAY]).args(options).env("COLUMNS", "80");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn lines_are_read_where_there_is_no_terminal() {
    let home = with_phone();
    assert_snapshot!(say(&home, "recall"), @"
    Error: there is no terminal to ask on
    Hint: name an area and give its people on standard input: kith recall --area music < names.txt
    [exit 1]
    ");
    assert_snapshot!(piped(&home, "Eva Stern, Berlin\n\nanna\nTom Berg\nEVA STERN\n", &[]).1, @"
    Known already: Anna Müller (id 1).
    Added 2 people: Eva Stern and Tom Berg.
    ");
    assert_eq!(home.count("SELECT count(*) FROM category WHERE name = 'choir'"), 2);
    assert_eq!(home.count("SELECT count(DISTINCT step) FROM change WHERE field = 'category'"), 1);
    let (code, said) = piped(&home, "Uwe Holm\nuwe@example.net\n", &[]);
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @r#"
    Error: could not add anybody: line 2: could not take "uwe@example.net": it says no name
    Hint: begin with the name: "Eva Stern, Berlin, plays the cello, eva@example.org"
    "#);
    assert_eq!(home.json(&["list", "uwe"]), json!([]), "all or none");
    let (_, said) = piped(&home, "Uwe Holm\nanna\n", &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said, json!({ "area": "choir", "added": ["9"], "known": ["1"] }));
    assert_snapshot!(piped(&home, "", &[]).1, @"Nobody was added.");
    let said = say(&home, "recall --area \" \"");
    assert!(said.contains("--area may not be empty"), "{said}");
}
