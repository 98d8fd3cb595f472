//! Circles: listing them, setting them in place, putting people into them.

use std::fs;

use insta::assert_snapshot;

use super::{TODAY, planned, say, with_phone};
use crate::support::terminal::{DECISION, on_a_terminal};

#[test]
fn circles_are_set_and_people_put_into_them() {
    let home = with_phone();
    assert_snapshot!(say(&home, "circle set climbing --ideal 30d --latest 60d"), @"New circle climbing: ideally every 30 days, at the latest every 60 days.");
    assert_snapshot!(say(&home, "circle set family --ideal 1d"), @"
    Circle family: ideally every day, at the latest every 4 weeks.
    --latest was not given and stays as it was.
    Before: kith circle set family --ideal '2 weeks' --latest '4 weeks'
    ");
    assert_snapshot!(say(&home, "circle assign climbing anna \"bert kern\""), @"In climbing now: Anna Müller, Dr. Bert Kern.");
    assert_snapshot!(say(&home, "circle assign family carla"), @"In family now: Carla Diaz.");
    assert_snapshot!(say(&home, "circle list"), @"
    CIRCLE      IDEAL     LATEST     PEOPLE
    family      1 day     4 weeks    1
    close       4 weeks   8 weeks    0
    climbing    30 days   60 days    2
    friends     2 months  4 months   0
    mentors     2 months  4 months   0
    colleagues  3 months  6 months   0
    weak-ties   6 months  12 months  0
    others      6 months  12 months  2
    ");
    assert_snapshot!(say(&home, "circle assign others bert"), @"In no circle now: Dr. Bert Kern.");
    assert_snapshot!(say(&home, "circle assign climbing emi diaz"), @r#"
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "circle assign chess anna"), @r#"
    Error: there is no circle "chess"; there are climbing, close, colleagues, family, friends, mentors, others, weak-ties
    Hint: make it with kith circle set chess --ideal 30d --latest 60d
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "circle set climbing --ideal 60d --latest 30d"), @r"
    Error: --latest 30 days is shorter than --ideal 60 days; it is the longer of the two
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle set \" climbing\" --ideal 60d"), @r#"
    Error: " climbing" is no name for a circle: it may not be empty, nor begin or end with a space
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "circle set Climbing --ideal 60d"), @r#"
    Error: there is a circle "climbing" already, and "Climbing" differs from it only in capital letters
    Hint: kith circle set climbing changes that one
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "circle assign \"rock climbing\" anna"), @r#"
    Error: there is no circle "rock climbing"; there are climbing, close, colleagues, family, friends, mentors, others, weak-ties
    Hint: make it with kith circle set 'rock climbing' --ideal 30d --latest 60d
    [exit 1]
    "#);
    let circles = home.json(&["circle"]);
    let climbing = circles.as_array().unwrap().iter().find(|c| c["name"] == "climbing").unwrap();
    assert_eq!(climbing["people"], 1, "nobody is put anywhere unless all are found");
    assert_eq!((&climbing["ideal"], &climbing["latest"]), (&"30 days".into(), &"60 days".into()));
}

#[test]
fn the_file_keeps_its_comments_and_the_plan_follows() {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "# mine\n[budget]\nper_day = 1 # not more\n");
    say(&home, "circle set climbing --ideal 30d --latest 60d");
    say(&home, "circle set climbing --ideal 10d");
    let text = fs::read_to_string(home.config()).unwrap();
    assert!(text.starts_with("# mine\n[budget]\nper_day = 1 # not more\n"), "{text}");
    assert!(text.ends_with("[circles.climbing]\nideal = \"10 days\"\nlatest = \"60 days\"\n"), "{text}");

    say(&home, "log anna viola --called");
    say(&home, "circle assign climbing anna");
    let anna = |home| {
        let all = planned(home, TODAY, "60");
        all.into_iter().find(|(_, name, _)| name == "Anna Müller").map(|(day, ..)| day)
    };
    assert_eq!(anna(&home).as_deref(), Some("2026-12-03"));
    // A circle that the file no longer names counts as others.
    fs::remove_file(home.config()).unwrap();
    assert_eq!(anna(&home), None);
    assert_eq!(super::listed(&home, "Anna Müller")["circle"], "climbing");
    assert_snapshot!(say(&home, "check"), @r#"
    configuration: good
    importers: good
    database: good
    contacts:
      1 person is in the circle "climbing", which the configuration does not name,
      and counts as others (kith circle set climbing --ideal 30d --latest 60d makes
      it)
    secrets: good
    service: not running
    Error: something is not as it should be; see above
    [exit 1]
    "#);
}

#[test]
fn all_that_a_list_shows_are_put_into_a_circle() {
    let home = with_phone();
    assert_snapshot!(say(&home, "circle assign close --query diaz"), @"
    Error: 2 people would be put into close, and nobody is here to be asked
    Hint: kith list TEXT shows them; --yes does it without asking
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle assign close --query diaz --yes"), @"In close now: Carla Diaz, David Diaz.");
    assert_snapshot!(say(&home, "circle assign close emi --query foundry --yes"), @"In close now: Emi Ono, Anna Müller.");
    assert_snapshot!(say(&home, "circle assign close anna \"Emi Ono\" --yes"), @"
    Error: --yes is for --query TEXT, which asks first; who is named is put in at once
    Hint: leave --yes out: kith circle assign close NAME…
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle assign close --query nobody --yes"), @r#"
    Error: nobody matches "nobody"
    Hint: kith list shows everybody
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "circle assign close --query \" \" --yes"), @r#"
    Error: --query "" would be everybody; say part of a name, an organisation, a circle
    [exit 2]
    "#);
    home.json(&["undo"]);
    assert_eq!(super::listed(&home, "Emi Ono")["circle"], serde_json::Value::Null);
    assert_eq!(super::listed(&home, "Carla Diaz")["circle"], "close", "all of one command are one step");
    let mut command = home.command();
    command.args(["circle", "assign", "family", "--query", "diaz"]);
    let assign = |typed| on_a_terminal(&command, 80, DECISION, &[typed]);
    let Some((code, said)) = assign("n\n") else { return };
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Put 2 people into family?") && said.contains("nothing was changed"), "{said}");
    assert!(assign("y\n").unwrap().1.contains("In family now: Carla Diaz, David Diaz."));
}

#[test]
fn a_circle_says_how_to_be_in_touch() {
    let home = with_phone();
    for name in ["anna", "carla", "emi"] {
        say(&home, &format!("log {name} tea --on \"3 months ago\""));
        say(&home, &format!("circle assign close {name}"));
    }
    let asked = |home: &crate::support::Home| {
        let plan = super::say_afresh(home, "plan");
        let mut verbs: Vec<String> = plan
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| !line.starts_with(' '))
            .map(str::to_owned)
            .collect();
        verbs.sort();
        verbs.retain(|line| ["Anna", "Carla", "Emi"].iter().any(|name| line.contains(name)));
        verbs
    };
    let mut told = Vec::new();
    for channel in ["call", "write", "meet"] {
        assert!(
            say(&home, &format!("circle set close --channel {channel}"))
                .replace('\n', " ")
                .contains(&format!("; {channel} where that is possible."))
        );
        told.push(format!("{channel}: {}", asked(&home).join(", ")));
    }
    assert_snapshot!(told.join("\n"), @"
    call: Call Anna Müller, Call Carla Diaz, Write to Emi Ono
    write: Call Carla Diaz, Write to Anna Müller, Write to Emi Ono
    meet: Meet Anna Müller, Meet Carla Diaz, Meet Emi Ono
    ");
    assert_snapshot!(say(&home, "circle"), @"
    CIRCLE      IDEAL     LATEST     PEOPLE  CHANNEL
    family      2 weeks   4 weeks    0
    close       4 weeks   8 weeks    3       meet
    friends     2 months  4 months   0
    mentors     2 months  4 months   0
    colleagues  3 months  6 months   0
    weak-ties   6 months  12 months  0
    others      6 months  12 months  2
    ");
    let said = say(&home, "circle set close --channel none");
    assert!(said.contains("Before:\n    kith circle set close") && said.contains("--channel meet"), "{said}");
    let said = say(&home, "circle set close --channel meet");
    assert!(said.contains("--channel none"), "{said}");
    say(&home, "circle set close --channel none");
    assert!(!fs::read_to_string(home.config()).unwrap().contains("\nchannel"), "it is not there any more");
    assert_snapshot!(say(&home, "circle set close --channel fax"), @r#"
    Error: invalid value 'fax' for '--channel <CHANNEL>': "fax" is not a channel; write call, write or meet, or none for any
    Hint: kith circle set --help tells more
    [exit 2]
    "#);
}

#[test]
fn an_interval_that_is_not_given_is_told() {
    let home = with_phone();
    assert_snapshot!(say(&home, "circle set climbing --ideal 30d"), @"
    New circle climbing: ideally every 30 days, at the latest every 60 days.
    --latest was not given: it is twice as long as --ideal.
    ");
    assert_snapshot!(say(&home, "circle set climbing --ideal 20d"), @"
    Circle climbing: ideally every 20 days, at the latest every 60 days.
    --latest was not given and stays as it was.
    Before: kith circle set climbing --ideal '30 days' --latest '60 days'
    ");
    assert_snapshot!(say(&home, "circle set climbing --latest 40d"), @"
    Circle climbing: ideally every 20 days, at the latest every 40 days.
    --ideal was not given and stays as it was.
    Before: kith circle set climbing --ideal '20 days' --latest '60 days'
    ");
    assert_snapshot!(say(&home, "circle set chess --channel meet"), @"
    New circle chess: ideally every 6 months, at the latest every 12 months; meet
    where that is possible.
    No interval was given: they are those of others.
    ");
    assert_snapshot!(say(&home, "circle set climbing --ideal 2mo"), @"
    Error: --ideal is 2 months, and the circle climbing has --latest 40 days; --latest is the longer of the two
    Hint: give --latest, too
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle set climbing --latest 10d"), @"
    Error: --latest is 10 days, and the circle climbing has --ideal 20 days; --latest is the longer of the two
    Hint: give --ideal, too
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle set climbing --ideal 30d --latest 10d"), @"
    Error: --latest 10 days is shorter than --ideal 30 days; it is the longer of the two
    [exit 2]
    ");
    assert_snapshot!(say(&home, "circle set choir --latest 10d"), @"
    Error: the circle choir would be new, and has no --ideal yet
    Hint: kith circle set choir --ideal 30d --latest 60d
    [exit 2]
    ");
}

#[test]
fn what_could_not_be_shown_is_no_name_for_a_circle() {
    let home = with_phone();
    let long = "x".repeat(10_000);
    for (name, why) in [
        ("clim\u{1b}[2Jbing", "it has a control character"),
        ("clim\nbing", "it has a control character"),
        ("\u{202e}gnibmilc", "it has a control character"),
        (&long, "it has 10000 characters, and the longest that is taken has 60"),
        (" ", "it may not be empty, nor begin or end with a space"),
    ] {
        let ran = home.kith(&["circle", "set", name, "--ideal", "30d"]).fails(2);
        assert!(ran.stderr.contains(&format!("is no name for a circle: {why}")), "{}", ran.stderr);
        assert!(ran.stderr.len() < 300 && !ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    }
    assert!(!home.config().exists());
    say(&home, "circle set Åse-og-山田 --ideal 30d");
}

#[test]
fn somebody_named_twice_is_there_once() {
    let home = with_phone();
    assert_snapshot!(say(&home, "circle assign close anna bert 1 Müller"), @"In close now: Anna Müller, Dr. Bert Kern.");
    say(&home, "archive carla");
    assert_snapshot!(say(&home, "circle assign close 3 anna 3"), @"
    In close now: Carla Diaz, Anna Müller.
    Carla Diaz is archived and stays so: nothing is planned.
    ");
}
