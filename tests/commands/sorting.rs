//! Putting people into circles with one key each, on a real terminal.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TODAY, import, say, with_phone};
use crate::support::Home;
use crate::support::terminal::{DECISION, on_a_terminal};

/// What a terminal of that width shows of `kith sort`, with these keys.
fn sorted(home: &Home, options: &[&str], keys: &[&str], width: u16) -> Option<(Option<i32>, String)> {
    let mut command = home.command();
    command.args(["sort", "--today", TODAY]).args(options);
    on_a_terminal(&command, width, &format!(r"{DECISION}|to talk to\."), keys)
}

fn column(home: &Home, who: &str, column: &str) -> Value {
    home.json(&["show", who])[column].clone()
}

#[test]
fn one_key_puts_somebody_into_a_circle() {
    let home = with_phone();
    let Some((code, said)) = sorted(&home, &[], &["?", "h", "3", "s", "n", "x", "0", "q"], 90) else {
        return;
    };
    assert_eq!(code, Some(0), "{said}");
    assert_snapshot!(said, @"
    Anna Müller (id 1), and 4 more after them
      Work          Foundry GmbH
      Email         anna.mueller@foundry.example, anna@example.org
      Phone         +49 170 1111111
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues · 6 weak-ties · 0 others ·
    n not now · x never · e easy · m moderate · h hard · s skip · u undo · q quit
    Press s to skip them this time, u to take back the last key, q to quit; a number for their
    circle, n to leave them alone for three months, x never to be asked for them; e, m or h
    for how you find talking to them (easy, moderate, hard).
    Anna Müller: hard to talk to.
    Anna Müller: friends.

    Dr. Bert Kern (id 2), and 3 more after them
      Phone         +49 170 2222222
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues · 6 weak-ties · 0 others ·
    n not now · x never · e easy · m moderate · h hard · s skip · u undo · q quit
    Dr. Bert Kern: skipped.

    Emi Ono (id 5), and 2 more after them
      Email         info@foundry.example, emi@example.org
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues · 6 weak-ties · 0 others ·
    n not now · x never · e easy · m moderate · h hard · s skip · u undo · q quit
    Emi Ono: not now, back on 23 February 2027.

    Carla Diaz (id 3), and 1 more after them
      Phone         030 1234567
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues · 6 weak-ties · 0 others ·
    n not now · x never · e easy · m moderate · h hard · s skip · u undo · q quit
    Carla Diaz: never.

    David Diaz (id 4)
      Phone         030 1234567
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues · 6 weak-ties · 0 others ·
    n not now · x never · e easy · m moderate · h hard · s skip · u undo · q quit
    David Diaz: others.

    1 person is left; kith sort goes on with them.
    ");
    // It goes on with whoever is left.
    let (_, said) = sorted(&home, &[], &["q"], 60).unwrap();
    assert_snapshot!(said, @"
    Dr. Bert Kern (id 2)
      Phone         +49 170 2222222
    1 family · 2 close · 3 friends · 4 mentors · 5 colleagues ·
    6 weak-ties · 0 others · n not now · x never · e easy ·
    m moderate · h hard · s skip · u undo · q quit
    1 person is left; kith sort goes on with them.
    ");
    assert!(!home.json(&["sort"]).as_array().unwrap().is_empty());
}

#[test]
fn the_last_key_is_taken_back() {
    let home = with_phone();
    let first = home.json(&["sort"])[0]["person"].as_str().unwrap().to_owned();
    let Some((_, said)) = sorted(&home, &[], &["u", "1", "s", "u", "u", "2", "q"], 80) else { return };
    assert!(said.contains("Nothing was decided yet that could be taken back."), "{said}");
    assert_eq!(said.matches("Taken back; here they are again.").count(), 2, "{said}");
    assert_eq!(column(&home, &first, "circle"), "close");
    assert!(say(&home, "undo").contains("to close"));
    assert_eq!(column(&home, &first, "circle"), Value::Null);
}

#[test]
fn what_is_known_suggests_a_circle_and_a_key_takes_it() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    home.file(".config/kith/kith.toml", "[me]\nname = 'Ida Diaz'\n");
    say(&home, "edit anna --comfort never");
    home.sql("INSERT INTO category(contact_id, name) VALUES (2, 'Work')");
    let suggested = home.json(&["sort", "--suggest"]);
    let of = |name: &str| {
        let found = suggested.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        (found["suggested"].clone(), found["why"].clone())
    };
    assert_eq!(of("Dr. Bert Kern"), (json!("colleagues"), json!("the label \"Work\"")));
    assert_eq!(of("Carla Diaz").0, json!("family"));
    assert!(suggested.as_array().unwrap().iter().all(|one| one["name"] != "Anna Müller"));
    assert_eq!(home.json(&["sort"])[0]["suggested"], Value::Null);
    let Some((_, said)) = sorted(&home, &["--suggest"], &["y", "q"], 80) else { return };
    assert!(said.contains("Suggested     "), "{said}");
    let taken = home.count("SELECT count(*) FROM contact WHERE circle IS NOT NULL");
    assert_eq!(taken, 1, "{said}");
}

#[test]
fn it_asks_on_a_terminal_only_and_leaves_that_as_it_was() {
    let home = with_phone();
    assert_snapshot!(say(&home, "sort"), @"
    Error: there is no terminal to ask on; 5 people are in no circle
    Hint: put people into a circle with kith circle assign CIRCLE PERSON; kith sort --suggest --json lists them
    [exit 1]
    ");
    for (keys, code) in
        [(&["q"][..], 0), (&["\u{3}"], 130), (&["\u{4}"], 0), (&["\u{1b}"], 0), (&["SIGTERM"], 143)]
    {
        let Some((ended, said)) = sorted(&home, &[], keys, 80) else { return };
        assert_eq!(ended, Some(code), "{keys:?}: {said}");
        assert!(!said.contains("NOT AS IT WAS"), "{keys:?}: {said}");
    }
    // Keys that are pasted sort one person at most.
    let (_, said) = sorted(&home, &[], &["333", "q"], 80).unwrap();
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE circle = 'friends'"), 1, "{said}");
    let empty = Home::new();
    assert_snapshot!(sorted(&empty, &[], &[], 80).unwrap().1, @"Everybody is sorted.");
}
