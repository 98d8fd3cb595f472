//! Finding, listing and showing people.

use insta::assert_snapshot;

use super::{import, listed, say, with_phone};
use crate::support::{CALENDARS, Home};

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
    1   Anna Müller    Foundry GmbH         close           2026-11-22    2026-11-23
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
    1   Anna Müller  Foundry GmbH  close   2026-11-22    2026-11-23
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
    assert_snapshot!(say(&home, "show annie"), @"
    Anna Müller (id 1)
      Organisation  Foundry GmbH
      Department    Casting
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
      google.csv, line 2 (csv, on 2026-11-23): the same email address,
      ANNA@example.org
      Connections.csv, line 5 (csv, on 2026-11-23): the same email address,
      anna.mueller@foundry.example
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
fn the_archived_are_meant_by_their_id_alone() {
    let home = with_phone();
    home.sql("DELETE FROM contact WHERE id = 3");
    assert!(!say(&home, "list").contains("Carla"));
    assert_snapshot!(say(&home, "list diaz --archived"), @r"
    ID  NAME        ORGANISATION  CIRCLE      LAST CONTACT  DUE
    3   Carla Diaz                (archived)
    4   David Diaz
    ");
    assert!(say(&home, "show diaz").starts_with("David Diaz"));
    assert!(
        say(&home, "show carla")
            .starts_with("Error: nobody matches \"carla\"\nHint: Carla Diaz (id 3) is archived")
    );
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
fn a_talk_with_somebody_merged_or_archived_is_noted_and_that_is_said() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    let twin = listed(&home, "Bert Kern")["id"].as_str().unwrap().to_owned();
    say(&home, "review 1 --same");
    assert_snapshot!(say(&home, &format!("log {twin} lunch --met")), @"
    Logged: on 23 November 2026 you met Dr. Bert Kern.
    Noted: lunch
    Id 7 was merged into Dr. Bert Kern (id 2).
    A thank-you to Dr. Bert Kern is planned for 24 November 2026.
    Next in touch: from 23 May 2027 on.
    ");
    assert_snapshot!(say(&home, &format!("circle assign close {twin}")), @r"
    In close now: Dr. Bert Kern.
    Id 7 was merged into Dr. Bert Kern (id 2).
    ");
    home.sql("DELETE FROM contact WHERE id IN (2, 3)");
    assert_snapshot!(say(&home, "log 3 tea"), @"
    Logged: on 23 November 2026 you talked with Carla Diaz.
    Noted: tea
    Carla Diaz is archived and stays so: nothing is planned.
    ");
    assert_snapshot!(say(&home, &format!("log {twin} tea")), @"
    Logged: on 23 November 2026 you talked with Dr. Bert Kern.
    Noted: tea
    Id 7 was merged into Dr. Bert Kern (id 2).
    Dr. Bert Kern is archived and stays so: nothing is planned.
    ");
    let bert = home.json(&["show", "2"]);
    assert_eq!(bert["history"].as_array().map(Vec::len), Some(2));
    assert_eq!((&bert["archived"], &bert["due"]), (&true.into(), &serde_json::Value::Null));
    // A name that is a number is not somebody's id.
    home.sql("INSERT INTO contact(name) VALUES ('77')");
    assert!(!say(&home, "log 77 tea").contains("merged"));
}

/// What a name may hold that is not for readers: the escape sequences of
/// terminals, and what reorders a line.
const NOT_FOR_READERS: [char; 5] = ['\u{1b}', '\u{9b}', '\u{202e}', '\u{2067}', '\u{7f}'];

#[test]
fn a_name_cannot_command_the_terminal() {
    let home = Home::new();
    let evil: String = NOT_FOR_READERS.into_iter().collect();
    let card = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mallory {evil}[2J\\nError: all is lost\r\nORG:A{evil}\\nB\r\n\
         EMAIL:m{evil}@example.org\r\nTEL:+49 30 {evil}99999\r\nNOTE:A{evil}\r\nBDAY:--12-01\r\nEND:VCARD\r\n"
    );
    let file = home.file("mallory.vcf", card);
    let csv = format!(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
         Mallory {evil},[2J Error: all is lost,https://www.linkedin.com/in/m,,A{evil},B{evil},05 Mar 2024\n"
    );
    home.file("Connections.csv", csv);
    let mut said = say(&home, &format!("import {}", file.display()));
    said += &say(&home, "import Connections.csv");
    for line in [
        "list",
        "show 1",
        "show mallory",
        "show x\u{1b}[2J",
        "review",
        &format!("log 1 tea{evil}"),
        &format!("edit 1 --note x{evil} --comfort not-now"),
        &format!("edit 1 --birthday x{evil}"),
        &format!("edit 1 --circle x{evil}"),
        "edit 1 --comfort yes --kind person",
        "circle assign close 1",
        &format!("circle assign x{evil} 1"),
        &format!("import x{evil}.vcf"),
        "plan --days 60",
        "status",
        "check",
        "list --json",
        "show 1 --json",
        "plan --json --days 60",
        "review --json",
    ] {
        said += &say(&home, line);
    }
    for calendar in CALENDARS {
        said += &std::fs::read_to_string(home.data(&format!("feed/{calendar}"))).unwrap();
    }
    assert!(said.contains("Call Mallory") && said.contains("Mallory"), "{said}");
    for c in NOT_FOR_READERS {
        assert!(!said.contains(c), "{c:?} in {said}");
    }
    // Nor can it begin a line, as if kith said so.
    assert!(!said.contains("\nError: all is lost"), "{said}");
    let shown = home.json(&["show", "1"]);
    assert!(shown["name"].as_str().unwrap().contains(NOT_FOR_READERS), "the name itself is kept: {shown}");
}

#[test]
fn a_very_long_name_is_cut_where_it_is_shown_and_kept() {
    let home = Home::new();
    let name = "Anna Maria ".repeat(900).trim().to_owned();
    let card = |more: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\n{more}END:VCARD\r\n");
    home.file("phone.vcf", card("TEL:+49 30 1234567\r\nBDAY:--12-01\r\n"));
    home.file("other.vcf", card("TEL:+49 30 7654321\r\n"));
    for line in [
        "import phone.vcf",
        "import other.vcf",
        "list",
        "show 1",
        "show anna",
        "log 1 tea",
        "circle assign close 1",
        "edit 1 --title Pilot",
        "plan --days 60",
        "review",
        "review 1 --different",
    ] {
        let said = say(&home, line);
        for shown in said.lines() {
            // Two names and a sentence.
            assert!(shown.chars().count() <= 240, "{line}: {shown}");
        }
        assert!(said.contains("Anna Maria") && said.contains('…'), "{line}: {said}");
    }
    let feed = std::fs::read_to_string(home.data("feed/birthdays.ics")).unwrap().replace("\r\n ", "");
    let summary = feed.lines().find(|line| line.starts_with("SUMMARY:")).unwrap();
    assert!(summary.ends_with('…') && summary.chars().count() <= 100, "{summary}");
    assert_eq!(home.json(&["show", "1"])["name"], name.as_str());
}

#[test]
fn of_several_who_add_the_same_person_at_once_one_does() {
    let home = Home::new();
    home.kith(&["list"]).succeeds();
    let adds: Vec<_> =
        (0..6).map(|_| home.command().args(["add", "Two Times, two@x.example"]).spawn().unwrap()).collect();
    let codes: Vec<_> = adds.into_iter().map(|mut add| add.wait().unwrap().code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert_eq!(home.count("SELECT count(*) FROM contact"), 1);
    // Whoever was met was met several times then, but is one person.
    let mets: Vec<_> =
        (0..6).map(|_| home.command().args(["met", "Fair", "Eva Stern"]).spawn().unwrap()).collect();
    let names = home.file("names.txt", "Tom Berg\nEva Stern\n");
    let recalls: Vec<_> = (0..4)
        .map(|_| {
            let names = std::fs::File::open(&names).unwrap();
            home.command().args(["recall", "--area", "choir"]).stdin(names).spawn().unwrap()
        })
        .collect();
    for mut child in mets.into_iter().chain(recalls) {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(home.count("SELECT count(*) FROM contact"), 3);
    assert_eq!(home.count("SELECT count(DISTINCT contact_id) FROM interaction"), 1);
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 6);
}

#[test]
fn a_list_is_searched_by_all_that_one_remembers_of_somebody() {
    let home = with_phone();
    home.sql("INSERT INTO address(contact_id, full) VALUES (1, 'Müllerstr. 5\n10115 Berlin\nGermany')");
    home.sql("INSERT INTO category(contact_id, name) VALUES (2, 'Book club')");
    for (query, names) in [
        ("berlin", &["Anna Müller"][..]),
        ("10115", &["Anna Müller"]),
        ("book club", &["Dr. Bert Kern"]),
        ("foundry", &["Anna Müller", "Emi Ono", "Foundry GmbH"]),
        ("ber", &["Anna Müller", "Dr. Bert Kern"]),
        ("hamburg", &[]),
    ] {
        let list = home.json(&["list", query]);
        let found: Vec<_> = list.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{query}");
    }
    // Whom a command means is told by names and addresses alone.
    assert!(say(&home, "show berlin").contains("nobody matches"));
}
