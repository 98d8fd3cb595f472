//! Making one of several, and several of one.

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, listed, say, with_phone};
use crate::support::Home;
use crate::support::terminal::{DECISION, on_a_terminal};

#[test]
fn people_are_merged_and_split_again() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let before = home.json(&["list"]);
    assert_snapshot!(say(&home, "merge emi diaz"), @r#"
    Error: 3 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
          8  Gustav Diaz (+49 30 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "merge 2 9 --dry-run"), @"
                 Dr. Bert Kern (id 2)               Bert Kern (id 9)
    Name         Dr. Bert Kern                    = Bert Kern
    Phone        +49 170 2222222
    Organisation                                    Harbour Ltd
    Title                                           Pilot
    Birthday     1985-11-30
    From         phone.vcf                          Connections.csv

    Bert Kern (id 9) would be part of Dr. Bert Kern (id 2); nothing was changed.
    ");
    assert_eq!(home.json(&["list"]), before);
    assert_snapshot!(say(&home, "merge 2 9 hanna"), @"
                 Dr. Bert Kern (id 2)               Bert Kern (id 9)
    Name         Dr. Bert Kern                    = Bert Kern
    Phone        +49 170 2222222
    Organisation                                    Harbour Ltd
    Title                                           Pilot
    Birthday     1985-11-30
    From         phone.vcf                          Connections.csv

                 Dr. Bert Kern (id 2)               Hanna Sund (id 10)
    Name         Dr. Bert Kern                      Hanna Sund
    Phone        +49 170 2222222
    Organisation                                    Harbour Ltd
    Title                                           Engineer
    Birthday     1985-11-30
    From         phone.vcf                          Connections.csv

    Bert Kern (id 9) and Hanna Sund (id 10) are part of Dr. Bert Kern (id 2) now.
    kith undo takes it back; so do, later:
      kith split 2 --of 9
      kith split 2 --of 10
    ");
    assert!(say(&home, "split 2 --of 9").contains("Bert Kern (id 9) are two people now"));
    home.json(&["undo"]);
    assert_eq!(listed(&home, "Dr. Bert Kern")["organization"], "Harbour Ltd");
    assert_snapshot!(say(&home, "review"), @"Nothing waits to be decided.");
    // Both address books again change nothing.
    let merged = home.json(&["list"]);
    import(&home, &["phone.vcf", "google.csv", "Connections.csv"]);
    assert_eq!(home.json(&["list"]), merged);
    assert_snapshot!(say(&home, "split \"bert kern\""), @"
    Error: several were merged into Dr. Bert Kern (id 2):
          9  Bert Kern, merged on 2026-11-23 by you
         10  Hanna Sund, merged on 2026-11-23 by you
    Hint: say who: --of NAME, or --of ID
    [exit 2]
    ");
    assert_snapshot!(say(&home, "split \"bert kern\" --of carla"), @r#"
    Error: nobody who was merged into Dr. Bert Kern matches "carla":
          9  Bert Kern, merged on 2026-11-23 by you
         10  Hanna Sund, merged on 2026-11-23 by you
    Hint: say part of the name, or the id
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "split \"bert kern\" --of hanna"), @"
    Dr. Bert Kern (id 2) and Hanna Sund (id 10) are two people now, and stay so.
    kith undo takes it back.
    ");
    assert_snapshot!(say(&home, "split 9"), @"
    Dr. Bert Kern (id 2) and Bert Kern (id 9) are two people now, and stay so.
    kith undo takes it back.
    ");
    assert_eq!(home.json(&["list"]), before);
    import(&home, &["phone.vcf", "google.csv", "Connections.csv"]);
    assert_eq!(home.json(&["list"]), before);
    assert_eq!(home.json(&["undo"])["what"][0], "split Bert Kern (id 9) from Dr. Bert Kern");
    home.json(&["undo"]);
    assert_eq!(home.json(&["list"]), merged);
}

#[test]
fn who_stays_keeps_the_own_name() {
    let home = Home::new();
    home.kith(&["list"]).succeeds();
    home.sql("INSERT INTO contact(name, note) VALUES ('Dora Lang', NULL), ('Dorothea Lang', 'of the choir')");
    home.kith(&["merge", "1", "2"]).succeeds();
    let shown = || home.json(&["show", "1"]);
    assert_eq!((&shown()["name"], &shown()["note"]), (&"Dora Lang".into(), &"of the choir".into()));
    home.kith(&["edit", "1", "--name", "Dora Lang-Weber"]).succeeds();
    assert_eq!(shown()["name"], "Dora Lang-Weber");
    home.kith(&["split", "1"]).succeeds();
    assert_eq!(home.json(&["show", "2"])["name"], "Dorothea Lang");
}

#[test]
fn nonsense_is_not_merged() {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "[me]\nname = \"Anna Müller\"\n");
    home.sql("DELETE FROM contact WHERE name = 'David Diaz'");
    assert_snapshot!(say(&home, "merge carla 3"), @r#"
    Error: "3" is Carla Diaz (id 3), who was named before; nobody is merged with themselves
    Hint: an id tells namesakes apart; kith list shows them
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "merge carla david"), @r#"
    Error: nobody matches "david"
    Hint: David Diaz (id 4) is archived: kith archive --back 4 brings them back
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "merge carla 4"), @"
    Error: David Diaz (id 4) is archived, and is merged with nobody
    Hint: bring them back first: kith archive --back 4
    [exit 1]
    ");
    assert_snapshot!(say(&home, "merge carla anna"), @"
    Error: Anna Müller (id 1) is you, by the section [me] of kith.toml, and Carla Diaz (id 3) is not
    Hint: if that is you too, name it in [me] first: its address or number
    [exit 1]
    ");
    assert_snapshot!(say(&home, "merge carla nobody"), @r#"
    Error: nobody matches "nobody"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "split carla"), @"
    Error: there is nothing to split: nobody was merged into Carla Diaz (id 3), who has one card at most
    [exit 1]
    ");
    assert_snapshot!(say(&home, "split carla --card 1"), @"
    Error: Carla Diaz (id 3) has no card 1; there are:
          3  Carla Diaz (030 1234567) (phone.vcf, line 21)
    [exit 1]
    ");
    assert_snapshot!(say(&home, "split carla --of anna"), @"
    Error: there is nothing to split: nobody was merged into Carla Diaz (id 3), who has one card at most
    [exit 1]
    ");
}

#[test]
fn a_card_in_the_wrong_place_becomes_a_person() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let before = home.json(&["list"]);
    assert_snapshot!(say(&home, "split anna"), @"
    Error: nobody was merged into Anna Müller (id 1), who is made of 3 cards:
          1  Anna Müller (Foundry GmbH, anna@example.org) (phone.vcf, line 1)
          7  Anna Maria Mueller (ANNA@example.org) (google.csv, line 2)
         10  Anna Müller (Foundry GmbH, anna.mueller@foundry.example) (Connections.csv, line 5)
    Hint: say which one is somebody else: --card NUMBER
    [exit 2]
    ");
    assert_snapshot!(say(&home, "split anna --card 99"), @"
    Error: Anna Müller (id 1) has no card 99; there are:
          1  Anna Müller (Foundry GmbH, anna@example.org) (phone.vcf, line 1)
          7  Anna Maria Mueller (ANNA@example.org) (google.csv, line 2)
         10  Anna Müller (Foundry GmbH, anna.mueller@foundry.example) (Connections.csv, line 5)
    [exit 1]
    ");
    let split = home.json(&["split", "anna", "--card", "7"]);
    assert_eq!(
        split,
        json!({ "id": "11", "name": "Anna Maria Mueller", "of": { "id": "1", "name": "Anna Müller" } })
    );
    let apart = home.json(&["list"]);
    import(&home, &["phone.vcf", "google.csv", "Connections.csv"]);
    assert_eq!(home.json(&["list"]), apart);
    home.json(&["undo"]);
    assert_eq!(home.json(&["list"]), before);
}

#[test]
fn on_a_terminal_one_may_choose_what_to_split() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let split = |person, typed| {
        on_a_terminal(home.command().args(["split", person, "--today", TODAY]), 80, DECISION, &[typed])
    };
    let Some((code, said)) = split("anna", "\n") else { return };
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("is made of 3 cards") && said.contains("nobody was chosen; nothing was changed"),
        "{said}"
    );
    let (_, said) = split("anna", "7\n").unwrap();
    assert!(said.contains("Anna Maria Mueller (id 11) are two people now"), "{said}");
    say(&home, "merge 2 9 10");
    let (_, said) = split("2", "2\n").unwrap();
    assert!(
        said.contains("    1  Bert Kern") && said.contains("Hanna Sund (id 10) are two people now"),
        "{said}"
    );
}
