//! The plan, its budget, and how the service and the data are.

use insta::assert_snapshot;

use super::{TODAY, import, planned, planned_names, say, say_afresh, with_phone};
use crate::support::Home;

#[test]
fn nobody_is_asked_to_call_the_dead() {
    let home = Home::new();
    let card = |name: &str, more: &str| {
        format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nTEL:+49 170 1234567\r\n{more}END:VCARD\r\n")
    };
    home.file("phone.vcf", &(card("Carla Late", "DEATHDATE:20200101\r\n") + &card("Bert Kern", "")));
    say(&home, "import phone.vcf");
    let plan = say(&home, "plan --days 60");
    assert!(plan.contains("Bert Kern") && !plan.contains("Carla"), "{plan}");
}

#[test]
fn a_plan_says_who_when_and_why() {
    let home = with_phone();
    say(&home, "edit anna --circle family");
    say(&home, "log anna viola --met --on 2026-11-16");
    say(&home, "log david \"are you there?\" --wrote --on 2026-11-12");
    assert_snapshot!(say_afresh(&home, "plan"), @"
    Monday, 23 November 2026
      Call Carla Diaz
        In your address book, with no contact noted yet: a first step.
      Write to Emi Ono
        In your address book, with no contact noted yet: a first step.
    Thursday, 26 November 2026
      Try David Diaz again
        You reached out on 12 November 2026 and have not heard back; a second,
        friendly try.
    Monday, 30 November 2026
      Call Anna Müller
        You last met on 16 November 2026; in the circle family you like to talk
        every 2 weeks.
      Call Dr. Bert Kern
        In your address book, with no contact noted yet: a first step. Birthday:
        turns 41 on 30 November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 1"), @r"
    Monday, 23 November 2026
      Call Carla Diaz
        In your address book, with no contact noted yet: a first step.
      Write to Emi Ono
        In your address book, with no contact noted yet: a first step.
    ");
    say(&home, "edit carla --comfort never");
    say(&home, "edit emi --comfort never");
    say(&home, "edit bert --comfort never");
    assert_snapshot!(say_afresh(&home, "plan --days 1"), @"Nothing planned until 23 November 2026.");
}

#[test]
fn a_plan_may_look_farther_than_the_feed() {
    let home = with_phone();
    for name in ["bert", "carla", "david", "emi"] {
        say(&home, &format!("edit {name} --comfort never"));
    }
    say(&home, "log anna viola --called");
    // Half a year later, less than `--days`, more than `[feed] ahead`.
    assert_eq!(planned(&home, TODAY, "60"), []);
    let day = |text: &str| (text.to_owned(), "Anna Müller".to_owned());
    let far: Vec<_> = planned(&home, TODAY, "250").into_iter().map(|(day, name, _)| (day, name)).collect();
    assert_eq!(far, [day("2027-04-12"), day("2027-05-24")]);
    // So many days from today, today being the first.
    assert_eq!(planned(&home, "2027-04-06", "6"), []);
    assert_eq!(planned(&home, "2027-04-06", "7").len(), 1);
}

#[test]
fn practising_puts_easy_ones_first() {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "[profile]\npractice = true\n[budget]\nper_day = 1\n");
    say(&home, "edit emi --ease easy");
    say(&home, "edit carla --ease hard");
    assert_snapshot!(say_afresh(&home, "plan --days 5"), @"
    Monday, 23 November 2026
      Write to Emi Ono
        In your address book, with no contact noted yet: a first step. An easy talk
        to practise with.
    Tuesday, 24 November 2026
      Call Anna Müller
        In your address book, with no contact noted yet: a first step.
    Wednesday, 25 November 2026
      Call David Diaz
        In your address book, with no contact noted yet: a first step.
    Thursday, 26 November 2026
      Call Carla Diaz
        In your address book, with no contact noted yet: a first step. A harder one:
        to try is what counts.
    ");
    assert_snapshot!(say(&home, "why carla"), @"
    Carla Diaz (id 3)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Planned      26 November 2026: In your address book, with no contact noted
                   yet: a first step. A harder one: to try is what counts. Why that
                   day: 3 others are planned between 23 November 2026 and then;
                   newcomers come after everybody else but on the places that a week
                   shares, closer circles first; but you practise, so easy ones come
                   before moderate and hard ones, and this one is hard.
    ");
    home.file(".config/kith/kith.toml", "[profile]\npractice = 'yes'\n");
    let said = say(&home, "check");
    assert!(said.contains(r#"profile.practice = "yes": write true or false"#), "{said}");
}

#[test]
fn the_budget_is_kept() {
    for (budget, most_a_day, most_a_week, weekdays) in [
        ("per_day = 1", 1, 5, 1..=5),
        ("per_week = 2", 2, 2, 1..=5),
        ("per_day = 2\nper_week = 3\nweekdays = [\"sat\", \"sun\"]", 2, 3, 6..=7),
        ("per_day = 0", 0, 0, 1..=5),
    ] {
        let home = Home::new();
        home.file(".config/kith/kith.toml", format!("[budget]\n{budget}\n"));
        let cards: String = (0..12)
            .map(|n| {
                format!("BEGIN:VCARD\nVERSION:3.0\nUID:{n}\nFN:Person {}\nEND:VCARD\n", char::from(b'A' + n))
            })
            .collect();
        home.kith(&["import", home.file("many.vcf", cards).to_str().unwrap()]).succeeds();
        let mut days = std::collections::BTreeMap::<jiff::civil::Date, usize>::new();
        for (day, ..) in planned(&home, TODAY, "14") {
            *days.entry(day.parse().unwrap()).or_default() += 1;
        }
        let of_week = |n: i8| days.range(monday(n)..monday(n + 1)).map(|(_, count)| count).sum::<usize>();
        assert!(days.values().all(|&count| count <= most_a_day), "{budget}: {days:?}");
        assert_eq!((of_week(0), of_week(1)), (most_a_week, most_a_week), "{budget}");
        let on = |day: &jiff::civil::Date| weekdays.contains(&day.weekday().to_monday_one_offset());
        assert!(days.keys().all(on), "{budget}: {days:?}");
    }
}

/// Of twelve who are born on one day the plan has three, and says where the others are.
#[test]
fn birthdays_that_a_day_has_no_room_for_are_told() {
    let home = Home::new();
    let cards: String = (b'A'..=b'L')
        .map(|n| {
            let name = format!("Person {}", char::from(n));
            format!("BEGIN:VCARD\nVERSION:3.0\nUID:{n}\nFN:{name}\nBDAY:19900102\nEND:VCARD\n")
        })
        .collect();
    home.kith(&["import", home.file("many.vcf", cards).to_str().unwrap(), "--today", TODAY]).succeeds();
    let said = say(&home, "plan --days 60");
    assert_eq!(said.matches("Congratulate Person").count(), 3, "{said}");
    assert_snapshot!(said.split("\n\n").find(|said| said.contains("more who")).unwrap(), @"
    9 more who celebrate in these days are in the calendar of birthdays only: the
    plan has those of closer circles, and of the others no more on a day than it
    asks for in all.
    ");
    assert!(!say(&home, "plan --days 30").contains("more who"), "they are not in the days that are shown");
    let why = say(&home, "why \"person l\"").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(why.contains("the plan has 3 at most: so it is in the calendar of birthdays only"), "{why}");
}

fn monday(week: i8) -> jiff::civil::Date {
    use jiff::ToSpan;
    TODAY.parse::<jiff::civil::Date>().unwrap() + i64::from(week).weeks()
}

/// How many of the outer circle have a place in the first week, beside more of
/// the inner one than the budget has places for.
fn places_of_the_outer_circle(shared: &str) -> usize {
    let home = Home::new();
    home.file(".config/kith/kith.toml", format!("[budget]\nper_day = 2\nper_week = 5\nshared = {shared}\n"));
    home.kith(&["status"]).succeeds();
    let people: Vec<String> = (0..12)
        .map(|n| {
            let circle = if n < 8 { "family" } else { "colleagues" };
            format!(
                "INSERT INTO contact(name, circle) VALUES ('Person {n:02}', '{circle}');
                 INSERT INTO interaction(contact_id, day) VALUES (last_insert_rowid(), '2026-08-01');"
            )
        })
        .collect();
    home.sql(&people.concat());
    let week = planned(&home, TODAY, "7");
    assert_eq!(week.len(), 5);
    week.iter().filter(|(_, name, _)| name.as_str() >= "Person 08").count()
}

#[test]
fn shared_places_keep_outer_circles_alive() {
    assert_eq!(["0.0", "0.2", "0.4"].map(places_of_the_outer_circle), [0, 1, 2]);
}

#[test]
fn those_never_to_be_planned_are_not() {
    let home = with_phone();
    let all = ["Anna Müller", "Carla Diaz", "David Diaz", "Dr. Bert Kern", "Emi Ono"];
    let planned_now =
        |home: &Home| planned_names(home).into_iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(planned_now(&home), all.map(str::to_owned).into());
    say(&home, "edit anna --comfort never");
    say(&home, "edit bert --comfort not-now --until 2026-12-28");
    let planned = planned(&home, TODAY, "60");
    assert!(planned.iter().all(|(_, name, _)| name != "Anna Müller"));
    let first = planned.iter().find(|(_, name, _)| name == "Dr. Bert Kern").unwrap();
    assert_eq!(first.0, "2026-12-28");
    home.file(
        ".config/kith/kith.toml",
        "[me]\nname = 'carla diaz'\nphones = ['030/1234567']\nemails = ['EMI@example.org']\n",
    );
    assert_eq!(planned_names(&home), ["Dr. Bert Kern"]);
    assert!(say(&home, "list").contains("Carla Diaz"));
}

#[test]
fn the_state_of_things_is_told() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    home.drop_in("holiday.jpg", b"\xff\xd8\xff\xe0");
    home.file(".local/share/kith/inbox/failed/broken.vcf", b"");
    home.sql("DELETE FROM contact WHERE name = 'Gustav Diaz'; UPDATE contact SET circle = 'chess', birthday = 'in May' WHERE id = 1");
    assert_snapshot!(say_afresh(&home, "status"), @"
    Service:   not running; kith serve runs it here, kith setup says what else can
               start it
    Database:  ~/.local/share/kith/contacts.db
    Inbox:     ~/.local/share/kith/inbox
    People:    8, and 1 organisation; 1 archived
    Today:     2 planned (kith plan)
    In review: 1 may be somebody known (kith review)
    Waiting:   holiday.jpg: no importer reads such files; kith reads .csv, .eml,
               .ical, .ics, .json, .ldi, .ldif, .mbox, .mbx, .tsv, .txt, .vcard,
               .vcf and .zip
    Failed:    1 file, with the reason beside it, in
               ~/.local/share/kith/inbox/failed
    ");
    assert_snapshot!(say(&home, "check"), @r#"
    configuration: good
    importers: good
    database: good
    contacts:
      contact 1: birthday: "in May" is not a birthday; write 1985-04-12, or --04-12
      if the year is not known
      1 person is in the circle "chess", which the configuration does not name, and
      counts as others (kith circle set chess --ideal 30d --latest 60d makes it)
    secrets: good
    service: not running
    Error: something is not as it should be; see above
    [exit 1]
    "#);
    let checked = home.kith(&["check", "--json"]).fails(1);
    let checked: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(checked[3]["problems"].as_array().unwrap().len(), 2, "{checked:#}");
    let status = home.json(&["status"]);
    assert_eq!((&status["people"], &status["in_review"]), (&8.into(), &1.into()));
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 'many'\n");
    assert_snapshot!(say(&home, "check"), @r#"
    configuration:
      could not use the configuration ~/.config/kith/kith.toml:
      budget.per_day = "many": write a whole number from 0 to 65535
      Hint: correct that line, or delete it to have the default; kith check looks at
      it again
    importers: good
    database: good
    contacts:
      contact 1: birthday: "in May" is not a birthday; write 1985-04-12, or --04-12
      if the year is not known
      1 person is in the circle "chess", which the configuration does not name, and
      counts as others (kith circle set chess --ideal 30d --latest 60d makes it)
    secrets: good
    service: not running
    Error: something is not as it should be; see above
    [exit 3]
    "#);
    assert_snapshot!(say(&home, "plan"), @r#"
    Error: could not use the configuration ~/.config/kith/kith.toml: budget.per_day = "many": write a whole number from 0 to 65535
    Hint: correct that line, or delete it to have the default; kith check looks at it again
    [exit 3]
    "#);
}

#[test]
fn what_was_put_off_comes_back_when_its_reason_is_gone() {
    let home = Home::new();
    let cards: String =
        ('A'..='H').map(|c| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{c}nna {c}ell\nEND:VCARD\n")).collect();
    let _ = home.kith(&["import", home.file("eight.vcf", cards).to_str().unwrap()]).succeeds();
    let plan = || home.json(&["plan", "--days", "60"]);
    let before = plan();
    home.sql(
        "INSERT INTO pause(from_day, until_day) VALUES (date('now', '-1 day'), date('now', '+28 days'))",
    );
    assert_ne!(plan(), before);
    home.sql("DELETE FROM pause");
    assert_eq!(plan(), before, "a pause that was lifted");
    home.sql("INSERT INTO pause(contact_id, from_day, until_day) VALUES (1, date('now', '-1 day'), date('now', '+28 days'))");
    assert_ne!(plan(), before);
    home.sql("DELETE FROM pause");
    assert_eq!(plan(), before, "a pause of one person that was lifted");
    home.sql("UPDATE contact SET comfort = 'not-now', comfort_until = date('now', '+28 days') WHERE id = 1");
    assert_ne!(plan(), before);
    home.sql("UPDATE contact SET comfort = 'yes', comfort_until = NULL WHERE id = 1");
    assert_eq!(plan(), before, "somebody who may be planned again");
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 1\nper_week = 1\n");
    assert_ne!(plan(), before);
    home.file(".config/kith/kith.toml", "");
    assert_eq!(plan(), before, "a budget that was raised");
}
