//! Holidays and busy days: of the configuration, and of the user's own calendars.

use std::fs;

use insta::assert_snapshot;

use super::{TODAY, say, say_afresh};
use crate::support::{Home, eventually};

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")
}

fn calendar(events: &[&str]) -> String {
    let events: String = events.iter().map(|lines| event(lines)).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// A home with four newcomers and a budget of two a day.
fn home(config: &str) -> Home {
    let home = Home::new();
    let rest = "[serve]\nlisten = '127.0.0.1:0'\n[me]\nemails = ['me@i.example']\n";
    home.file(".config/kith/kith.toml", format!("timezone = 'Europe/Berlin'\n{rest}{config}"));
    for name in ["Anna", "Bert", "Clara", "David"] {
        home.kith(&["add", name, "--today", TODAY]).succeeds();
    }
    home
}

/// The days on which somebody is planned.
fn days(home: &Home) -> String {
    let plan = home.json(&["plan", "--days", "20", "--today", TODAY]);
    let mut days: Vec<&str> = plan.as_array().unwrap().iter().map(|f| f["day"].as_str().unwrap()).collect();
    days.dedup();
    days.join(" ")
}

#[test]
fn holidays_of_the_configuration_have_no_outreaches() {
    let home = home("[budget]\nper_day = 2\nholidays = ['11-23', '2026-11-24']\n");
    assert_eq!(days(&home), "2026-11-25 2026-11-26");
    assert_snapshot!(say_afresh(&home, "why anna"), @"
    Anna (id 1)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Planned      25 November 2026: In your address book, with no contact noted
                   yet: a first step. Why that day: the first day that is free for
                   them. 23 November 2026 is a holiday. 24 November 2026 is a
                   holiday.
    ");
}

#[test]
fn calendars_say_which_days_are_holidays_and_how_busy_others_are() {
    let home = home(
        "[budget]\nper_day = 2\nholiday_files = ['~/holidays.ics']\n[busy]\ncalendars = ['~/work', '~/home.ics']\n",
    );
    // Nothing is there yet: no day is lost, and it is said.
    assert_eq!(days(&home), "2026-11-23 2026-11-24");
    let check = home.kith(&["check"]).fails(1).stdout;
    assert!(check.contains("/holidays.ics"), "{check}");

    let holiday =
        "UID:h\r\nDTSTART;VALUE=DATE:20201124\r\nRRULE:FREQ=YEARLY\r\nTRANSP:TRANSPARENT\r\nSUMMARY:Feast";
    home.file("holidays.ics", calendar(&[holiday]));
    // Every day but Thursday: 4 hours, of which two of the calendars say one.
    let daily = "UID:d\r\nDTSTART;TZID=Europe/Berlin:20260901T090000\r\nDURATION:PT3H\r\nRRULE:FREQ=DAILY\r\n\
                 EXDATE;TZID=Europe/Berlin:20261126T090000";
    let lunch = "UID:l\r\nDTSTART;TZID=Europe/Berlin:20260901T110000\r\nDURATION:PT2H\r\nRRULE:FREQ=DAILY;COUNT=200\r\n\
                 EXDATE;TZID=Europe/Berlin:20261126T110000";
    let full = "UID:f\r\nDTSTART:20261123T130000Z\r\nDURATION:PT4H";
    let declined = "UID:n\r\nDTSTART:20261125T130000Z\r\nDURATION:PT8H\r\nATTENDEE;PARTSTAT=DECLINED:mailto:me@i.example";
    home.file("work/1.ics", calendar(&[daily]));
    home.file("work/2.ics", calendar(&[declined]));
    home.file("home.ics", calendar(&[lunch, full]));
    assert_eq!(days(&home), "2026-11-25 2026-11-26 2026-11-27");
    assert_snapshot!(say(&home, "why david"), @"
    David (id 4)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Planned      27 November 2026: In your address book, with no contact noted
                   yet: a first step. Why that day: 3 others are planned between 25
                   November 2026 and then; newcomers come after everybody else but
                   on the places that a week shares, closer circles first. 23
                   November 2026 has no place (8 h busy). 24 November 2026 is a
                   holiday. 25 November 2026 has half its places (4 h busy). So it
                   is with one more day before then.
    ");
    assert_snapshot!(home.kith(&["check"]).succeeds().stdout, @"
    configuration: good
    importers: good
    database: good
    contacts: good
    calendars: good
    secrets: good
    service: not running
    ");
    assert_eq!(home.count("SELECT count(*) FROM change WHERE field LIKE 'calendar%'"), 0);
    let kept = home.count("SELECT count(*) FROM calendar_day WHERE day = '2026-11-23'");
    assert_eq!(kept, 3, "what meetings are about is not kept, only their hours");

    // A file that is broken, or gone, leaves what it said before.
    fs::write(home.path().join("home.ics"), "<html>").unwrap();
    fs::remove_file(home.path().join("holidays.ics")).unwrap();
    assert_eq!(days(&home), "2026-11-25 2026-11-26 2026-11-27");
    home.kith(&["check"]).fails(1);
    // And one that is no longer named says nothing.
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 2\n");
    assert_eq!(days(&home), "2026-11-23 2026-11-24");
    assert_eq!(home.count("SELECT count(*) FROM calendar_day"), 0);
}

#[test]
fn the_service_reads_a_calendar_again_when_it_changes() {
    let home = home("[budget]\nper_day = 2\n[busy]\ncalendars = ['~/work.ics']\n");
    home.file("work.ics", calendar(&["UID:a\r\nDTSTART:20300101T090000Z\r\nDURATION:PT8H"]));
    let _service = home.serve();
    eventually("it is read", || (home.count("SELECT count(*) FROM calendar") == 1).then_some(()));
    assert_eq!(home.count("SELECT count(*) FROM calendar_day"), 0);
    let today = jiff::Zoned::now().date();
    let day = today.tomorrow().unwrap().strftime("%Y%m%d").to_string();
    home.file("work.ics", calendar(&[&format!("UID:a\r\nDTSTART:{day}T090000\r\nDURATION:PT8H")]));
    eventually("it is read again", || (home.count("SELECT count(*) FROM calendar_day") == 1).then_some(()));
}
