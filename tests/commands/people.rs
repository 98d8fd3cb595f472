//! Finding, listing and showing people.

use insta::assert_snapshot;

use super::{import, listed, say, with_phone};
use crate::support::Home;

#[test]
fn lists_are_tables_that_fit() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    say(&home, "log anna viola --met --on yesterday");
    say(&home, "edit anna --circle close");
    say(&home, "edit carla --comfort never");
    say(&home, "edit david --comfort not-now");
    say(&home, "edit emi --organization \"The Royal Society of Something with a Very Long Name Indeed\"");
    assert_snapshot!(say(&home, "list"), @r"
    ID  NAME           ORGANISATION         CIRCLE          LAST CONTACT  DUE
    1   Anna Müller    Foundry GmbH         close           2026-11-22    2026-12-20
    9   Bert Kern      Harbour Ltd          (in review)
    3   Carla Diaz                          (never)
    4   David Diaz                          (not now)
    2   Dr. Bert Kern
    5   Emi Ono        The Royal Society …
    6   Foundry GmbH   Foundry GmbH         (organisation)
    7   Frieda Lund
    8   Gustav Diaz
    10  Hanna Sund     Harbour Ltd
    ");
    assert_snapshot!(say(&home, "list muller"), @r"
    ID  NAME         ORGANISATION  CIRCLE  LAST CONTACT  DUE
    1   Anna Müller  Foundry GmbH  close   2026-11-22    2026-12-20
    ");
    assert_snapshot!(say(&home, "list nobody at all"), @r#"Nobody matches "nobody at all"."#);
    for (query, found) in [
        ("mueller", vec!["1"]),
        ("ANNIE", vec!["1"]),
        ("0170 1111111", vec!["1"]),
        ("anna@", vec!["1"]),
        ("choir", vec!["1"]),
        ("close", vec!["1"]),
        ("harbour", vec!["9", "10"]),
        ("diaz", vec!["3", "4", "8"]),
        ("+49 30 1234567", vec!["3", "4", "8"]),
        ("030 123", vec!["3", "4", "8"]),
    ] {
        let list = home.json(&["list", query]);
        let ids: Vec<&str> = list.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
        assert_eq!(ids, found, "{query}");
    }
}

#[test]
fn somebody_is_shown_with_all_that_is_known() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    say(&home, "log annie \"her new job;\npromised the article\" --met --on friday");
    say(&home, "log annie \"how is it going?\" --wrote --on yesterday");
    say(
        &home,
        "edit annie --circle close --ideal 1w --latest 30d --note \"Two\nlines\" --add-phone \"+49 89 5555555\"",
    );
    assert_snapshot!(say(&home, "show annie"), @r"
    Anna Müller (id 1)
      Organisation  Foundry GmbH
      Title         Head of Casting
      Email         anna@example.org (home)
      Email         anna.mueller@foundry.example (work)
      Phone         +49 170 1111111 (mobile)
      Phone         +49 89 5555555
      Link          https://www.linkedin.com/in/anna-mueller-foundry (LinkedIn)
      Nickname      Annie
      Label         Choir
      Date          2024-03-05 (connected)
      Birthday      1984-04-12
      Note          Two
                    lines
      Circle        close
      Own cadence   ideal every week, at the latest every 30 days
      Last contact  2026-11-20
      Due           2026-12-06

    History
      2026-11-22  wrote  how is it going?
      2026-11-20  met    her new job;
                         promised the article

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
      google.csv, line 2 (csv, on 2026-11-23)
      Connections.csv, line 5 (csv, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "show 9"), @r"
    Bert Kern (id 9)
      Organisation  Harbour Ltd
      Title         Pilot
      Link          https://www.linkedin.com/in/bert-kern (LinkedIn)
      Date          2023-06-17 (connected)
      In review     may be Dr. Bert Kern (id 2): kith review 1

    Imported from
      Connections.csv, line 6 (csv, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "show foundry"), @r"
    Foundry GmbH (id 6)
      Organisation  Foundry GmbH
      Phone         +49 30 9999999 (work)
      Kind          organisation, not planned

    Imported from
      phone.vcf, line 43 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "show diaz"), @r#"
    Error: 3 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
          8  Gustav Diaz (+49 30 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "show zoe"), @r#"
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]
    "#);
    let shown = home.json(&["show", "annie"]);
    assert_eq!(shown["history"][0]["what"], "her new job;\npromised the article");
    assert_eq!(shown["cards"][2]["file"], "Connections.csv");
    assert_eq!(shown["email"][0]["value"], "anna@example.org");
    assert_eq!(shown["phone"][1]["own"], true);
}

#[test]
fn a_person_is_found_forgivingly_and_an_id_is_exact() {
    let home = with_phone();
    import(&home, &["google.csv"]);
    home.sql("INSERT INTO contact(name) VALUES ('2'), ('007'), ('Annabel Kern'), ('...')");
    let found = |query: &str| {
        let ran = home.kith(&["show", query, "--json"]);
        match ran.code {
            Some(0) => serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()["name"]
                .as_str()
                .unwrap()
                .to_owned(),
            _ => ran.stderr.lines().next().unwrap().to_owned(),
        }
    };
    for (query, name) in [
        ("Anna Müller", "Anna Müller"),
        ("anna muller", "Anna Müller"),
        ("ANNA MUELLER", "Anna Müller"),
        ("müller, anna", "Anna Müller"),
        ("mull", "Anna Müller"),
        (" annie ", "Anna Müller"),
        ("ANNA@example.org", "Anna Müller"),
        ("anna.mueller@", "Anna Müller"),
        ("1", "Anna Müller"),
        ("bert kern", "Dr. Bert Kern"),
        ("kern bert", "Dr. Bert Kern"),
        // An exact id wins over a person whose name is that number.
        ("2", "Dr. Bert Kern"),
        ("007", "007"),
        ("emi", "Emi Ono"),
        ("...", "..."),
        ("kern", "Error: 2 people match \"kern\":"),
        ("anna", "Error: 2 people match \"anna\":"),
        ("info@foundry.example", "Error: 2 people match \"info@foundry.example\":"),
        ("", "Error: nobody matches \"\""),
        ("???", "Error: nobody matches \"???\""),
        ("99", "Error: nobody matches \"99\""),
        ("-1", "Error: nobody matches \"-1\""),
        ("nobody@example.org", "Error: nobody matches \"nobody@example.org\""),
    ] {
        let found = if query.starts_with('-') {
            home.kith(&["show", "--", query]).stderr.lines().next().unwrap_or_default().to_owned()
        } else {
            found(query)
        };
        assert_eq!(found, name, "{query}");
    }
}

#[test]
fn the_archived_are_meant_only_if_nobody_else_is() {
    let home = with_phone();
    home.sql("DELETE FROM contact WHERE id = 3");
    assert!(!say(&home, "list").contains("Carla"));
    assert_snapshot!(say(&home, "list diaz --archived"), @r"
    ID  NAME        ORGANISATION  CIRCLE      LAST CONTACT  DUE
    3   Carla Diaz                (archived)
    4   David Diaz
    ");
    assert!(say(&home, "show diaz").starts_with("David Diaz"));
    assert!(say(&home, "show carla").starts_with("Carla Diaz"));
    assert!(say(&home, "show 3").starts_with("Carla Diaz"));
}

#[test]
fn the_id_of_somebody_merged_still_names_the_person() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    let twin = listed(&home, "Bert Kern")["id"].as_str().unwrap().to_owned();
    say(&home, "review 1 --same");
    assert!(say(&home, &format!("show {twin}")).contains("(id 2)"));
}

#[test]
fn organisations_have_a_last_contact_too() {
    let home = with_phone();
    say(&home, "log foundry \"the order\" --called --on 2026-11-20");
    let foundry = listed(&home, "Foundry GmbH");
    assert_eq!((&foundry["last_contact"], &foundry["due"]), (&"2026-11-20".into(), &serde_json::Value::Null));
}

#[test]
fn a_name_cannot_command_the_terminal() {
    let home = Home::new();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mallory \u{1b}[2J\u{9b}1m\r\nORG:A\\nB\r\nEND:VCARD\r\n";
    let file = home.file("mallory.vcf", card);
    let mut said = say(&home, &format!("import {}", file.display()));
    for line in ["list", "show mallory", "log mallory tea", "plan", "show x\u{1b}[2J"] {
        said += &say(&home, line);
    }
    assert!(said.contains("Mallory") && !said.contains(['\u{1b}', '\u{9b}']), "{said}");
}
