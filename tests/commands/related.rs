//! Related people: what is known of whom, from either side.

use insta::assert_snapshot;
use serde_json::json;

use super::say;
use crate::support::Home;
use crate::support::cards::card_with;

/// Imports files of the home, one after the other.
fn import(home: &Home, files: &[&str]) {
    files.iter().for_each(|file| drop(say(home, &format!("import {file}"))));
}

/// Anna names her husband, who is in another file, a friend by UID, and an aunt who is nowhere.
fn family() -> Home {
    let home = Home::new();
    let anna = "UID:u-anna\r\nitem1.X-ABRELATEDNAMES:Jonas Berg\r\nitem1.X-ABLabel:_$!<Spouse>!$_\r\n\
                RELATED;TYPE=friend;TYPE=colleague:u-bert\r\nitem2.X-ABRELATEDNAMES:Aunt Zoë\r\n";
    let bert = "UID:u-bert\r\n";
    home.file("phone.vcf", format!("{}{}", card_with("Anna Müller", anna), card_with("Bert Kern", bert)));
    home.file(
        "google.csv",
        "First Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value,Relation 1 - Label,Relation 1 - Value,Relation 2 - Label,Relation 2 - Value\n\
         Jonas,Berg,,* myContacts,,jonas@example.org,Wife,Anna Müller,Child,Mia Berg\n",
    );
    home
}

#[test]
fn ties_are_shown_from_either_side_whatever_file_came_first() {
    let shown = |files: &[&str]| {
        let home = family();
        import(&home, files);
        let told = |name: &str| {
            let mut ties = home.json(&["show", name])["related"].take();
            // Numbers are given in the order of coming.
            ties.as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|tie| tie["person"] = json!(tie["person"].is_string()));
            ties
        };
        [told("anna"), told("jonas"), told("bert")]
    };
    assert_eq!(shown(&["phone.vcf", "google.csv"]), shown(&["google.csv", "phone.vcf"]));
    let home = family();
    import(&home, &["google.csv", "phone.vcf"]);
    assert_snapshot!(say(&home, "show anna"), @"
    Anna Müller (id 2)
      Email         anna.m.ller@example.org
      Related       spouse: Jonas Berg (id 1)
      Related       friend, colleague: Bert Kern (id 3)
      Related       Aunt Zoë

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "show jonas"), @"
    Jonas Berg (id 1)
      Email         jonas@example.org
      Related       Wife: Anna Müller (id 2)
      Related       child: Mia Berg

    Imported from
      google.csv, line 2 (csv, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "show bert"), @"
    Bert Kern (id 3)
      Email         bert.kern@example.org
      Related       friend of Anna Müller (id 2); colleague of Anna Müller (id 2)

    Imported from
      phone.vcf, line 11 (vcard, on 2026-11-23)
    ");
    assert_eq!(
        home.json(&["show", "bert"])["related"],
        json!([{"person": "2", "name": "Anna Müller", "relation": "friend, colleague", "reverse": true}])
    );
    assert_eq!(
        home.json(&["show", "jonas"])["related"],
        json!([
            {"person": "2", "name": "Anna Müller", "relation": "Wife", "reverse": false},
            {"person": null, "name": "Mia Berg", "relation": "child", "reverse": false},
            {"person": "2", "name": "Anna Müller", "relation": "spouse", "reverse": true}
        ])
    );
    assert_eq!(
        home.json(&["show", "jonas"])["tie"][1],
        json!({"value": "Mia Berg", "label": "child", "own": false})
    );
}

#[test]
fn ties_are_edited_as_they_are_shown_and_stay() {
    let home = family();
    import(&home, &["phone.vcf", "google.csv"]);
    assert_snapshot!(say(&home, "edit anna --add-related \"cousin: Bert Kern\" --add-related \"boss: Carla Diaz\" --remove-related \"aunt zoe\""), @"
    Changed:
    Anna Müller (id 1)
      Email         anna.m.ller@example.org
      Related       spouse: Jonas Berg (id 3)
      Related       friend, colleague, cousin: Bert Kern (id 2)
      Related       boss: Carla Diaz

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit anna --add-related \"neighbour: jonas berg\""), @"
    Changed:
    Anna Müller (id 1)
      Email         anna.m.ller@example.org
      Related       spouse, neighbour: Jonas Berg (id 3)
      Related       friend, colleague, cousin: Bert Kern (id 2)
      Related       boss: Carla Diaz

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
    ");
    let before = home.json(&["show", "anna"]);
    import(&home, &["google.csv", "phone.vcf"]);
    assert_eq!(home.json(&["show", "anna"]), before);
    // Who comes later is known at once.
    say(&home, "add \"Carla Diaz\"");
    assert_snapshot!(say(&home, "show carla"), @"
    Carla Diaz (id 4)
      Related       boss of Anna Müller (id 1)
    ");
    let steps = home.json(&["undo", "--list"]);
    assert_eq!(
        steps[2]["what"],
        json!([
            "took the related person Aunt Zoë from Anna Müller",
            "added the related person Bert Kern to Anna Müller",
            "set the relation of the related person Bert Kern of Anna Müller to cousin",
            "added the related person Carla Diaz to Anna Müller",
            "set the relation of the related person Carla Diaz of Anna Müller to boss"
        ])
    );
    say(&home, "undo");
    say(&home, "undo");
    say(&home, "undo");
    assert_snapshot!(say(&home, "show anna"), @"
    Anna Müller (id 1)
      Email         anna.m.ller@example.org
      Related       spouse: Jonas Berg (id 3)
      Related       friend, colleague: Bert Kern (id 2)
      Related       Aunt Zoë

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit anna --add-related \"boss:\""), @r#"
    Error: --add-related: "boss:" does not say who is related, and how; write one such as "spouse: Jonas Müller"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit anna --remove-related Jonas"), @r#"
    Error: could not take the related person "Jonas" away: Anna Müller (id 1) has Jonas Berg, u-bert, Aunt Zoë
    Hint: nothing was changed
    [exit 1]
    "#);
}
