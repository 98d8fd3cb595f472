//! Changing what is known of somebody, and that imports do not change it back.

use insta::assert_snapshot;

use super::{import, listed, planned_names, say, with_phone};

#[test]
fn edits_are_shown_at_once() {
    let home = with_phone();
    assert_snapshot!(
        say(&home, "edit carla --name \"Carla Díaz\" --birthday --02-29 --title Pilot --organization \"Harbour Ltd\" --add-email carla@example.org --remove-phone \"+49 30 1234567\" --circle friends --ideal 3w"),
        @r"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Title         Pilot
      Email         carla@example.org
      Birthday      --02-29
      Circle        friends
      Own cadence   ideal every 3 weeks

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    "
    );
    assert_snapshot!(say(&home, "edit carla --title \"\" --birthday \"\" --circle others --ideal \"\""), @r"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit carla --comfort not-now"), @"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org
      Comfort       not now, back on 2027-02-23

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit carla --comfort not-now --until \"in 2 weeks\""), @"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org
      Comfort       not now, back on 2026-12-07

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit carla --comfort yes"), @r"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    ");
}

#[test]
fn a_wrong_edit_changes_nothing_and_says_why() {
    let home = with_phone();
    let before = home.json(&["show", "carla"]);
    assert_snapshot!(say(&home, "edit carla --birthday 12.4.1985"), @r#"
    Error: --birthday: "12.4.1985" is not a birthday; write 1985-04-12, or --04-12 if the year is not known
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit carla --ideal soon"), @r#"
    Error: --ideal: "soon" is not an interval; write a number and a unit, such as 30d, 2w, 2mo, 1y or "2 months" (at most 100 years)
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit carla --ideal 30d --latest 10d"), @r"
    Error: --latest 10 days is shorter than --ideal 30 days; it is the longer of the two
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --circle chess"), @r#"
    Error: there is no circle "chess"; there are close, colleagues, family, friends, mentors, others, weak-ties
    Hint: make it with kith circle set chess --ideal 30d --latest 60d
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "edit carla --comfort yes --until friday"), @r"
    Error: --until goes with --comfort not-now
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --comfort not-now --until someday"), @r#"
    Error: --until: "someday" is not a date; write 2026-11-30, today, yesterday, friday, "3 days ago" or "in 2 weeks"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit carla --name \"\""), @r"
    Error: --name may not be empty: everybody is shown by a name
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --comfort not-now --until yesterday"), @r"
    Error: --until: 22 November 2026 has come already
    Hint: name a later day, or use --comfort yes
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --birthday 2026-11-24"), @r"
    Error: --birthday: 24 November 2026 has not come yet
    Hint: write --04-12 if the year is not known
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --add-email carla@example.org --add-email \"carla at home\""), @r#"
    Error: --add-email: "carla at home" is not an email address; write one such as anna@example.org
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit carla --title Boss --add-phone \"ask Bert\""), @r#"
    Error: --add-phone: "ask Bert" is not a telephone number; write one such as "+49 30 1234567"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit carla --title Boss --remove-email carla@example.org"), @r#"
    Error: could not take the email address "carla@example.org" away: Carla Diaz (id 3) has no email address at all
    Hint: nothing was changed
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "edit anna --remove-phone \"030 1\""), @r#"
    Error: could not take the telephone number "030 1" away: Anna Müller (id 1) has only +49 170 1111111
    Hint: nothing was changed
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "edit diaz --title Boss"), @r#"
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
    assert_eq!(home.json(&["show", "carla"]), before);
}

#[test]
fn what_is_typed_is_taken_without_the_space_around_it() {
    let home = with_phone();
    let words = ["edit", "carla", "--name", " Carla D. ", "--circle", "close", "--today", super::TODAY];
    home.kith(&[&words[..], &["--add-email", " carla@example.org ", "--birthday", " 2026-11-23"]].concat())
        .succeeds();
    home.kith(&["edit", "carla", "--circle", ""]).succeeds();
    let carla = listed(&home, "Carla D.");
    assert_eq!(carla["emails"], serde_json::json!(["carla@example.org"]));
    assert_eq!((&carla["birthday"], &carla["circle"]), (&"2026-11-23".into(), &serde_json::Value::Null));
}

#[test]
fn a_birth_that_an_import_says_is_to_come_is_kept_named_and_not_congratulated() {
    let home = with_phone();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nele Kern\r\nBDAY:2028-01-07\r\nTEL:+49 30 7777777\r\nEND:VCARD\r\n";
    home.file("nele.vcf", card);
    say(&home, "import nele.vcf");
    let nele = listed(&home, "Nele Kern");
    assert_eq!(nele["birthday"], "2028-01-07");
    for (today, congratulated) in [("2026-12-20", false), ("2027-12-20", true), ("2028-12-20", true)] {
        let plan = super::planned(&home, today, "40");
        let found = plan.iter().any(|(_, name, kind)| name == "Nele Kern" && kind == "birthday");
        assert_eq!(found, congratulated, "{today}: {plan:?}");
    }
    let check = say(&home, "check");
    assert!(check.contains("birthday: 7 January 2028 has not come yet (kith edit"), "{check}");
    assert!(check.contains("[exit 1]"));
}

#[test]
fn edits_beat_imports_wherever_they_are_made() {
    let home = with_phone();
    say(
        &home,
        "edit anna --organization \"Own Works\" --add-email anna@own.example --remove-email anna@example.org",
    );
    home.sql("UPDATE contact SET name = 'Anna M.', birthday = '1984-04-13' WHERE id = 1; UPDATE phone SET number = '+49 170 7777777' WHERE contact_id = 1");
    let edited = listed(&home, "Anna M.");
    import(&home, &["phone.vcf", "google.csv", "Connections.csv"]);
    let anna = listed(&home, "Anna M.");
    for field in ["name", "organization", "birthday"] {
        assert_eq!(anna[field], edited[field], "{field}");
    }
    // The number that was corrected does not come back, however another address book writes it.
    assert_eq!(anna["phones"], serde_json::json!(["+49 170 7777777"]));
    assert!(!anna["emails"].as_array().unwrap().contains(&"anna@example.org".into()), "{anna:#}");
    assert!(anna["emails"].as_array().unwrap().contains(&"anna@own.example".into()), "{anna:#}");
    assert_eq!(anna["title"], "Head of Casting", "what nobody edited follows the imports");
}

#[test]
fn an_organisation_is_planned_if_the_user_says_so() {
    let home = with_phone();
    assert!(!planned_names(&home).contains(&"Foundry GmbH".to_owned()));
    say(&home, "edit foundry --kind person");
    assert!(planned_names(&home).contains(&"Foundry GmbH".to_owned()));
    import(&home, &["phone.vcf"]);
    assert_eq!(listed(&home, "Foundry GmbH")["kind"], "person");
    say(&home, "edit foundry --kind organization");
    assert!(!planned_names(&home).contains(&"Foundry GmbH".to_owned()));
}

#[test]
fn never_takes_somebody_out_of_the_calendar_past_and_future() {
    let home = with_phone();
    // By the real day: the feed file is always of today.
    for name in ["anna", "bert"] {
        home.kith(&["log", name, "a walk by the river", "--met", "--on", "yesterday"]).succeeds();
    }
    let feed = |name: &str| std::fs::read_to_string(home.data(&format!("feed/{name}.ics"))).unwrap();
    assert!(feed("follow-ups").contains("Anna") && feed("birthdays").contains("Anna"));
    home.kith(&["edit", "anna", "--comfort", "never"]).succeeds();
    assert!(!feed("follow-ups").contains("Anna") && !feed("birthdays").contains("Anna"));
    assert!(feed("follow-ups").contains("river"), "Bert's walk stays");
    let anna = listed(&home, "Anna Müller");
    assert_eq!((&anna["comfort"], &anna["due"]), (&"never".into(), &serde_json::Value::Null));
    assert!(say(&home, "show anna").contains("a walk by the river"));
    assert!(!planned_names(&home).contains(&"Anna Müller".to_owned()));
    home.kith(&["edit", "anna", "--comfort", "yes"]).succeeds();
    assert!(feed("follow-ups").contains("Anna") && feed("birthdays").contains("Anna"));
}
