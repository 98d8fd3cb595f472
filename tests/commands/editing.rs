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
    assert_snapshot!(say(&home, "edit carla --comfort not-now"), @r"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org
      Comfort       not now, until 2027-02-23

    Imported from
      phone.vcf, line 21 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say(&home, "edit carla --comfort not-now --until \"in 2 weeks\""), @r"
    Changed:
    Carla Díaz (id 3)
      Organisation  Harbour Ltd
      Email         carla@example.org
      Comfort       not now, until 2026-12-07

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
    Error: --name: a contact needs a name to be shown by
    [exit 2]
    ");
    assert_snapshot!(say(&home, "edit carla --title Boss --remove-email carla@example.org"), @r#"
    Error: there is no email "carla@example.org" to remove
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
