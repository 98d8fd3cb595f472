//! Who says what is known of somebody, and where address books contradict each other.

use insta::assert_snapshot;
use serde_json::json;

use super::{listed, say};
use crate::support::Home;
use crate::support::cards::card_with;

/// Anna with two birthdays and two jobs, and Bert with two firms that may be one.
fn at_odds() -> Home {
    let home = Home::new();
    let anna = "BDAY:1984-04-12\r\nORG:Foundry GmbH\r\nTITLE:Caster\r\nTEL:+49 170 1111111\r\nNOTE:From the choir\r\n";
    home.file(
        "phone.vcf",
        format!("{}{}", card_with("Anna Müller", anna), card_with("Bert Kern", "ORG:Harbour\r\n")),
    );
    home.file(
        "outlook.csv",
        "First Name,Middle Name,Last Name,E-mail Address,Company,Job Title,Birthday,Notes\n\
         Anna,,Mueller,anna.m.ller@example.org,Foundry,Head of Sales,1984-04-21,Likes tea\n\
         Bert,,Kern,bert.kern@example.org,Harbour of Hamburg,,,\n",
    );
    for file in ["phone.vcf", "outlook.csv"] {
        say(&home, &format!("import {file}"));
    }
    home
}

#[test]
fn every_value_has_its_source_and_what_was_overruled() {
    let home = at_odds();
    say(&home, "edit anna --remove-phone \"+49 170 1111111\" --circle close");
    home.sql("UPDATE contact SET title = 'Founder' WHERE name LIKE 'Anna%'");
    // The day on which an edit is logged is the real one.
    let sources = home.json(&["show", "anna", "--sources"])["sources"].take();
    let day = &sources["title"][0]["from"][0]["at"].as_str().unwrap()[..10];
    assert_snapshot!(say(&home, "show anna --sources").replace(&format!("(on {day})"), "(on that day)"), @"
    Anna Müller (id 1)
      Name              Anna Müller
                          phone.vcf, line 1 (vcard, on 2026-11-23)
      Name              Anna Mueller, which does not count
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Given name        Anna, which does not count
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Family name       Mueller, which does not count
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Organisation      Foundry
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Organisation      Foundry GmbH
                          phone.vcf, line 1 (vcard, on 2026-11-23)
      Title             Founder
                          you, in the database (on that day)
      Title             Caster, which does not count
                          phone.vcf, line 1 (vcard, on 2026-11-23)
                          overruled by you, in the database (on that day)
      Title             Head of Sales, which does not count
                          outlook.csv, line 2 (csv, on 2026-11-23)
                          overruled by you, in the database (on that day)
      Birthday          1984-04-21
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Birthday          1984-04-12, which does not count
                          phone.vcf, line 1 (vcard, on 2026-11-23)
      Note              From the choir
                          phone.vcf, line 1 (vcard, on 2026-11-23)
      Note              Likes tea
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Circle            close
                          you, on the command line (on that day)
      Email             anna.m.ller@example.org
                          phone.vcf, line 1 (vcard, on 2026-11-23)
                          outlook.csv, line 2 (csv, on 2026-11-23)
      Telephone number  +49 170 1111111, which does not count
                          phone.vcf, line 1 (vcard, on 2026-11-23)
                          overruled by you, on the command line (on that day)
    ");
    assert_eq!(sources["title"][0]["from"][0]["by"], "database");
    assert_eq!(sources["phone"][0]["overruled_by"]["by"], "command line");
    let card = json!({"importer": "csv", "file": "outlook.csv", "line": 2, "source": "outlook.csv",
        "reason": "the same email address, anna.m.ller@example.org",
        "imported_at": sources["birthday"][0]["from"][0]["imported_at"]});
    assert_eq!(
        sources["birthday"][0],
        json!({"value": "1984-04-21", "label": null, "counts": true, "from": [card], "overruled_by": null})
    );
}

#[test]
fn contradictions_are_listed_until_they_are_decided() {
    let home = at_odds();
    assert_snapshot!(say(&home, "conflicts"), @"
    Anna Müller (id 1)
      birthday      1984-04-12
                      phone.vcf, line 1 (vcard, on 2026-11-23)
      birthday      1984-04-21, which counts now
                      outlook.csv, line 2 (csv, on 2026-11-23)
        choose: kith edit 1 --birthday 1984-04-12
      title         Caster
                      phone.vcf, line 1 (vcard, on 2026-11-23)
      title         Head of Sales, which counts now
                      outlook.csv, line 2 (csv, on 2026-11-23)
        choose: kith edit 1 --title Caster

    What you choose stays, the one that counts now as well.
    ");
    assert_eq!(home.json(&["status"])["conflicts"], 2);
    assert!(say(&home, "status").contains("Conflicts:"));
    assert_snapshot!(say(&home, "conflicts bert"), @"Nothing contradicts itself.");
    let both = home.json(&["conflicts", "anna"]);
    assert_eq!([&both[0]["field"], &both[0]["counts"]], ["birthday", "1984-04-21"]);
    assert_eq!(both[0]["says"][1]["value"], "1984-04-21");
    assert_eq!(both[0]["says"][1]["from"][0]["file"], "outlook.csv");
    // What counts already can be chosen, too, and then stays.
    assert_snapshot!(say(&home, "edit anna --birthday 1984-04-21 --title Caster"), @"
    Changed:
    Anna Müller (id 1)
      Organisation  Foundry
      Title         Caster
      Also at       Foundry GmbH
      Email         anna.m.ller@example.org
      Phone         +49 170 1111111
      Birthday      1984-04-21
      Note          Likes tea

                    From the choir

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
      outlook.csv, line 2 (csv, on 2026-11-23): the same email address,
      anna.m.ller@example.org
    ");
    assert_snapshot!(say(&home, "conflicts"), @"Nothing contradicts itself.");
    assert_eq!(
        home.json(&["undo", "--list"])[0]["what"],
        json!([
            "changed the title of Anna Müller from Head of Sales to Caster",
            "settled the birthday of Anna Müller: 1984-04-21"
        ])
    );
    home.file(
        "more.csv",
        "First Name,Middle Name,Last Name,E-mail Address,Company,Job Title,Birthday,Notes\n\
         Anna,,Mueller,anna.m.ller@example.org,Foundry,Head of Sales,1984-04-12,Likes tea\n",
    );
    for file in ["outlook.csv", "phone.vcf", "more.csv"] {
        say(&home, &format!("import {file}"));
    }
    assert_eq!(home.json(&["conflicts"]), json!([]));
    assert_eq!(listed(&home, "Anna Müller")["birthday"], "1984-04-21");
    // Taken back, it is to be decided again; brought back, it is not.
    let step = home.json(&["undo", "--list"]);
    let step = step.as_array().unwrap().iter().find(|step| step["by"] == "command line").unwrap();
    say(&home, &format!("undo {}", step["step"].as_str().unwrap()));
    assert_eq!(home.json(&["conflicts"]).as_array().unwrap().len(), 2);
    say(&home, "undo --redo");
    assert_eq!(home.json(&["conflicts"]), json!([]));
}

#[test]
fn what_is_settled_of_somebody_added_by_hand_is_settled() {
    let home = Home::new();
    say(&home, "add \"Carla Diaz\"");
    for (file, firm) in [("phone.vcf", "Acme"), ("tablet.vcf", "Harbour")] {
        home.file(file, card_with("Carla Diaz", &format!("UID:{file}\r\nORG:{firm}\r\n")));
        say(&home, &format!("import {file}"));
    }
    say(&home, "merge 1 2");
    let odds = home.json(&["conflicts"]);
    assert_eq!((odds[0]["person"].as_str(), odds[0]["field"].as_str()), (Some("1"), Some("organization")));
    say(&home, &format!("edit 1 --organization {}", odds[0]["counts"].as_str().unwrap()));
    assert_eq!(home.json(&["conflicts"]), json!([]));
}
