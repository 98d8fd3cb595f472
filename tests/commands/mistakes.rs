//! Whole answers to what cannot be done, where the files of the commands have
//! none: nobody meant, several meant, a word that is wrong.

use insta::assert_snapshot;

use super::{say, with_phone};
use crate::support::Home;

/// What one reads who types these lines one after the other.
fn session(home: &Home, lines: &[&str]) -> String {
    lines.iter().map(|line| format!("$ kith {line}\n{}\n", say(home, line))).collect()
}

#[test]
fn nobody_is_meant() {
    let home = with_phone();
    let lines = [
        "done zoe",
        "snooze zoe friday",
        "skip zoe",
        "pause zoe --until 2027-01-03",
        "edit zoe --title Boss",
        "circle assign close zoe",
        "review 9 --same",
        "man zoe",
    ];
    assert_snapshot!(session(&home, &lines), @r#"
    $ kith done zoe
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith snooze zoe friday
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith skip zoe
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith pause zoe --until 2027-01-03
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith edit zoe --title Boss
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith circle assign close zoe
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]

    $ kith review 9 --same
    Error: there is no review 9 that waits
    Hint: kith review lists those that do
    [exit 1]

    $ kith man zoe
    Error: there is no command "zoe"
    Hint: kith --help lists the commands
    [exit 2]
    "#);
}

#[test]
fn several_are_meant() {
    let home = with_phone();
    let lines = ["done diaz", "skip diaz", "pause diaz --until 2027-01-03", "archive diaz"];
    assert_snapshot!(session(&home, &lines), @r#"
    $ kith done diaz
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]

    $ kith skip diaz
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]

    $ kith pause diaz --until 2027-01-03
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]

    $ kith archive diaz
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
}

#[test]
fn a_word_is_wrong() {
    let home = with_phone();
    let lines = [
        "list --archive",
        "show",
        "due anna",
        "done anna --on someday",
        "snooze anna yesterday",
        "add \"\"",
        "plan --days none",
        "feed follow-ups",
        "status --verbose",
        "check everything",
        "demo --twice",
        "serve --listen 5484",
        "completions tcsh",
    ];
    assert_snapshot!(session(&home, &lines), @r#"
    $ kith list --archive
    Error: unexpected argument '--archive' found
    Hint: a similar argument exists: '--archived'; kith list --help tells more
    [exit 2]

    $ kith show
    Error: the following required arguments were not provided: <PERSON>
    Hint: it is written as kith show [OPTIONS] <PERSON>; kith show --help tells more
    [exit 2]

    $ kith due anna
    Error: unexpected argument 'anna' found
    Hint: it is written as kith due [OPTIONS]; kith due --help tells more
    [exit 2]

    $ kith done anna --on someday
    Error: --on: "someday" is not a date; write 2026-11-30, today, yesterday, friday, "3 days ago" or "in 2 weeks"
    [exit 2]

    $ kith snooze anna yesterday
    Error: snooze: 22 November 2026 has passed
    Hint: name a later day; kith done logs what is done
    [exit 2]

    $ kith add ""
    Error: could not take "": it says no name
    Hint: begin with the name: "Eva Stern, Berlin, plays the cello, eva@example.org"
    [exit 2]

    $ kith plan --days none
    Error: invalid value 'none' for '--days <DAYS>': write a number of days from 1 to 730
    Hint: kith plan --help tells more
    [exit 2]

    $ kith feed follow-ups
    Error: unexpected argument 'follow-ups' found
    Hint: it is written as kith feed [OPTIONS]; kith feed --help tells more
    [exit 2]

    $ kith status --verbose
    Error: unexpected argument '--verbose' found
    Hint: it is written as kith status [OPTIONS]; kith status --help tells more
    [exit 2]

    $ kith check everything
    Error: unexpected argument 'everything' found
    Hint: it is written as kith check [OPTIONS]; kith check --help tells more
    [exit 2]

    $ kith demo --twice
    Error: unexpected argument '--twice' found
    Hint: it is written as kith demo [OPTIONS]; kith demo --help tells more
    [exit 2]

    $ kith serve --listen 5484
    Error: invalid value '5484' for '--listen <127.0.0.1:PORT>': it is not an address with a port; write 127.0.0.1:PORT
    Hint: kith serve --help tells more
    [exit 2]

    $ kith completions tcsh
    Error: invalid value 'tcsh' for '<SHELL>' [possible values: bash, zsh, fish]
    Hint: a similar value exists: 'zsh'; kith completions --help tells more
    [exit 2]
    "#);
    let listed = home.json(&["list"]);
    assert_eq!(listed.as_array().unwrap().len(), 6, "{listed}");
}
