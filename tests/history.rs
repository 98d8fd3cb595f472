//! Contact that was imported: mail and meetings.

use crate::support::Home;
use crate::support::cards::card;

const MAIL: &str = "From 1@xxx Mon Mar 04 09:00:00 +0000 2024
From: Ida <ida@i.example>
To: Anna Amsel <anna.amsel@example.org>, bert.brandt@example.org
Date: Mon, 4 Mar 2024 10:00:00 +0100
Message-ID: <1@i.example>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=

secret-body

From 2@xxx Tue Mar 05 09:00:00 +0000 2024
From: anna.amsel@example.org
To: IDA@i.example
Date: Tue, 5 Mar 2024 09:00:00 +0000
Message-ID: <2@example.org>
In-Reply-To: <1@i.example>
Subject: Re: hello

secret-body

From 3@xxx Wed Mar 06 09:00:00 +0000 2024
From: anna.amsel@example.org
To: ida@i.example, a@x.example, b@x.example, c@x.example, d@x.example, e@x.example
Date: Wed, 6 Mar 2024 09:00:00 +0000
Message-ID: <3@example.org>
Subject: To everybody

secret-body

From 4@xxx Wed Mar 06 09:00:00 +0000 2024
From: carla@c.example
To: ida@i.example
Date: Wed, 6 Mar 2024 09:00:00 +0000
Subject: Who am I

From 5@xxx Wed Mar 06 09:00:00 +0000 2024
From: news@c.example
To: ida@i.example
List-Id: <news.c.example>
Date: Wed, 6 Mar 2024 09:00:00 +0000

";

const CALENDAR: &str = "BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
UID:weekly\r
DTSTART;TZID=Europe/Berlin:20240301T090000\r
RRULE:FREQ=WEEKLY;COUNT=3\r
EXDATE;TZID=Europe/Berlin:20240315T090000\r
SUMMARY:Engines\r
ORGANIZER:mailto:ida@i.example\r
ATTENDEE:mailto:bert.brandt@example.org\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:not-me\r
DTSTART:20240401T090000Z\r
ORGANIZER:mailto:bert.brandt@example.org\r
ATTENDEE;PARTSTAT=DECLINED:mailto:Ida@i.example\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:some-day\r
DTSTART:29990401T090000Z\r
ATTENDEE:mailto:bert.brandt@example.org\r
END:VEVENT\r
END:VCALENDAR\r
";

/// A home of Ida, who knows Anna and Bert.
fn home() -> Home {
    let home = Home::new();
    std::fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    std::fs::write(home.config(), "[me]\nemails = [\"ida@i.example\"]\n").unwrap();
    let cards = home.file("cards.vcf", [card("Anna Amsel"), card("Bert Brandt")].concat());
    home.kith(&["import", cards.to_str().unwrap()]).succeeds();
    home
}

/// What `show` has of somebody's history.
fn history(home: &Home, name: &str) -> Vec<String> {
    let shown = home.json(&["show", name]);
    let rows = shown["history"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {} {}", row["day"], row["how"], row["what"]).replace('"', "")).collect()
}

#[test]
fn mail_fills_the_history_once_and_its_bodies_go_nowhere() {
    let home = home();
    let file = home.file("All mail.mbox", MAIL);
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    insta::assert_snapshot!(said, @"
    All mail.mbox: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 2 new, 0 told before, 1 with nobody known
      1 left out: more than 5 people took part

    Nobody known has these names or addresses (kith add, or import their contacts first)
      carla@c.example (1)

    Skipped (the file itself is kept)
      mails left out: 1 of mailing lists
    ");
    assert_eq!(history(&home, "Anna"), ["2024-03-04 wrote Grüße", "2024-03-05 heard Re: hello"]);
    assert_eq!(history(&home, "Bert"), ["2024-03-04 wrote Grüße"]);
    assert_eq!(home.json(&["show", "Anna"])["last_contact"], "2024-03-05");

    let grown = format!(
        "{MAIL}From 6@xxx Thu Mar 07 09:00:00 +0000 2024\nFrom: ida@i.example\nTo: bert.brandt@example.org\n\
         Date: Thu, 7 Mar 2024 09:00:00 +0000\nMessage-ID: <6@i.example>\nSubject: later\n\nsecret-body\n"
    );
    for (file, new) in [(MAIL, 0), (&grown, 1), (&grown, 0)] {
        let path = home.file("again.mbox", file);
        let again = home.json(&["import", path.to_str().unwrap()]);
        assert_eq!(again["files"][0]["history"]["new"], new, "{again:#}");
    }
    assert_eq!(history(&home, "Bert").len(), 2);
    for file in walk(&home.data("")) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(11).any(|part| part == b"secret-body"), "{}", file.display());
    }
}

/// All files below a folder.
fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

#[test]
fn meetings_of_a_calendar_fill_the_history_once() {
    let home = home();
    let file = home.file("work.ics", CALENDAR);
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    insta::assert_snapshot!(said, @"
    work.ics: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 2 new, 0 told before, 0 with nobody known
      1 left out: it is yet to come

    Skipped (the file itself is kept)
      events left out: 1 that you declined
    ");
    assert_eq!(history(&home, "Bert"), ["2024-03-01 met Engines", "2024-03-08 met Engines"]);
    let again = home.json(&["import", file.to_str().unwrap()]);
    assert_eq!(
        (&again["files"][0]["history"]["new"], &again["files"][0]["history"]["unchanged"]),
        (&0.into(), &2.into())
    );
}

#[test]
fn the_calendar_of_kith_itself_is_nobodys_history() {
    let home = home();
    home.kith(&["circle", "assign", "close", "Anna", "Bert"]).succeeds();
    let service = home.serve().published();
    let own = service.feed();
    assert!(own.contains("/follow-up/"), "{own}");
    // Programs that copy calendars give the events UIDs of their own.
    for calendar in [own.replace("\r\nUID:", "\r\nUID:copy-"), own] {
        let file = home.file("copy.ics", calendar);
        let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
        assert!(said.contains("of kith's own") && !said.contains("History"), "{said}");
    }
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 0);
}
