//! Contact that was imported: mail and meetings.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::support::calendar::{Event, events};
use crate::support::cards::card;
use crate::support::{Home, eventually};

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

    Left out until they are known (kith add, or import their contacts; then import this again)
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

/// Whatever the files are called: in a folder, on a command line, in a rehearsal, in the inbox.
#[test]
fn people_are_known_before_what_tells_of_contact_with_them() {
    let cards = [card("Anna Amsel"), card("Bert Brandt")].concat();
    let home = Home::new();
    std::fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    std::fs::write(home.config(), "[me]\nemails = [\"ida@i.example\"]\n").unwrap();
    home.file("exports/a.mbox", MAIL);
    home.file("exports/c.ics", CALENDAR);
    home.file("exports/p.vcf", &cards);
    let folder = home.path().join("exports");
    let path = |name: &str| folder.join(name).display().to_string();
    for words in [
        &["import", folder.to_str().unwrap(), "--dry-run"][..],
        &["import", &path("a.mbox"), &path("c.ics"), &path("p.vcf")],
    ] {
        let report = home.json(words);
        let told: Vec<_> = report["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["file"].as_str(), &it["history"]["new"]))
            .collect();
        let new = |count: u64| serde_json::json!(count);
        assert_eq!(
            told,
            [(Some("p.vcf"), &new(0)), (Some("a.mbox"), &new(2)), (Some("c.ics"), &new(2))],
            "{report:#}"
        );
    }

    let home = Home::new();
    std::fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    std::fs::write(home.config(), "[me]\nemails = [\"ida@i.example\"]\n").unwrap();
    let service = home.serve();
    home.drop_in("a.mbox", MAIL);
    home.drop_in("p.vcf", &cards);
    let report = home.report("done/a.mbox");
    assert!(report.contains("History: 2 new"), "{report}");
    assert_eq!(service.stop(), Some(0));
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

/// A day so many days ago; the tests' homes are in UTC.
fn ago(days: i32) -> Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() - days.days()
}

/// A chat with Anna: she wrote 4 days ago, Ida 3 days ago, both 2 years ago.
fn chat() -> String {
    let line = |days, who: &str| format!("{}, 21:41 - {who}: secret\n", ago(days).strftime("%Y-%m-%d"));
    [line(730, "Ida"), line(730, "Anna Amsel"), line(4, "Anna Amsel"), line(3, "Ida")].concat()
}

/// What a calendar's file has: days and titles.
fn calendar(home: &Home, name: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(home.data(&format!("feed/{name}"))).unwrap();
    events(&text).into_iter().map(|event| (event.day, event.summary)).collect()
}

fn on(days: i32, summary: &str) -> (String, String) {
    (ago(days).strftime("%Y%m%d").to_string(), summary.to_owned())
}

#[test]
fn imported_contact_is_in_the_history_and_not_among_the_follow_ups() {
    let home = home();
    home.kith(&["log", "bert", "the harbour", "--met", "--on", &ago(5).to_string()]).succeeds();
    let own = on(5, "Met Bert Brandt");
    assert_eq!(calendar(&home, "history.ics"), std::slice::from_ref(&own));
    let before = home.json(&["show", "anna"])["last_contact"].clone();
    assert!(before.is_null());

    let file = home.file("WhatsApp Chat with Anna Amsel.txt", chat());
    home.kith(&["import", file.to_str().unwrap()]).succeeds();
    assert_eq!(history(&home, "Anna").len(), 4);
    let (heard, wrote) = (on(4, "Heard from Anna Amsel"), on(3, "Wrote to Anna Amsel"));
    assert_eq!(calendar(&home, "history.ics"), [own.clone(), heard, wrote]);
    let text = std::fs::read_to_string(home.data("feed/history.ics")).unwrap();
    assert!(text.contains("DESCRIPTION:Met: the harbour\r\n"), "the user's own words: {text}");
    assert!(text.contains("DESCRIPTION:Wrote: WhatsApp\r\n") && !text.contains("secret"), "{text}");
    assert_eq!(home.json(&["show", "anna"])["last_contact"], ago(4).to_string(), "her clock runs anew");
    let done = |home: &Home| {
        let mut all = calendar(home, "follow-ups.ics");
        all.retain(|(day, _)| *day < ago(0).strftime("%Y%m%d").to_string());
        all
    };
    assert_eq!(done(&home), [on(5, "Met Bert Brandt: the harbour")]);

    home.kith(&["undo"]).succeeds();
    assert_eq!(calendar(&home, "history.ics"), [own]);
    assert!(home.json(&["show", "anna"])["last_contact"].is_null());
    home.kith(&["edit", "bert", "--comfort", "never"]).succeeds();
    let empty = calendar(&home, "history.ics");
    assert_eq!(empty.len(), 1);
    assert_eq!(empty[0].1, "Nothing in your history yet");
}

#[test]
fn the_history_reaches_back_as_far_as_it_is_set_to() {
    let home = home();
    let file = home.file("WhatsApp Chat with Anna Amsel.txt", chat());
    home.kith(&["import", file.to_str().unwrap()]).succeeds();
    assert_eq!(calendar(&home, "history.ics").len(), 2);
    std::fs::write(home.config(), "[feed]\nhistory_days = 730\nhistory_color = 'gold'\n").unwrap();
    home.kith(&["plan"]).succeeds();
    assert_eq!(calendar(&home, "history.ics")[0], on(730, "Heard from Anna Amsel"));
    let text = std::fs::read_to_string(home.data("feed/history.ics")).unwrap();
    assert!(text.contains("\r\nX-WR-CALNAME:History\r\n") && text.contains("\r\nCOLOR:gold\r\n"), "{text}");
}

#[test]
fn the_history_of_a_running_service_follows() {
    let home = home();
    let service = home.serve().published();
    let follows = |what: &str, is_so: &dyn Fn(&[Event]) -> bool| {
        eventually(what, || Some(events(&service.get("history.ics")?.body)).filter(|found| is_so(found)))
    };
    home.drop_in("WhatsApp Chat with Anna Amsel.txt", chat());
    let told = follows("the chat is in the history", &|found| found.len() == 2);
    home.kith(&["log", "anna", "the garden", "--called"]).succeeds();
    let logged = follows("the call is in the history", &|found| found.len() == 3);
    assert_eq!(logged[..2], told, "nothing else changed");
    home.kith(&["edit", "anna", "--name", "Anna Meise"]).succeeds();
    let renamed = follows("her new name is in the history", &|found| {
        found.iter().all(|event| event.summary.ends_with("Anna Meise"))
    });
    for (old, new) in logged.iter().zip(&renamed) {
        assert_eq!((&old.uid, &old.day, &old.url), (&new.uid, &new.day, &new.url));
        assert_eq!((old.sequence, new.sequence), (0, 1));
        assert!(new.modified > old.modified && new.stamp == new.modified, "{old:?} {new:?}");
    }
    home.sql("UPDATE contact SET comfort = 'never' WHERE name = 'Anna Meise'");
    follows("she is gone", &|found| found.len() == 1 && found[0].summary.starts_with("Nothing"));
    home.sql("UPDATE contact SET comfort = 'yes' WHERE name = 'Anna Meise'");
    let back = follows("she is back", &|found| found.len() == 3);
    assert_eq!(back, renamed, "what comes back is what it was");
}

#[test]
fn mail_that_came_before_the_people_is_told_when_it_comes_again() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[me]\nemails = ['ida@i.example']\n");
    let mail = home.file("All mail.mbox", MAIL);
    let first = home.kith(&["import", mail.to_str().unwrap()]).succeeds().stdout;
    assert!(first.contains("History: 0 new, 0 told before, 3 with nobody known"), "{first}");
    assert!(first.contains("Left out until they are known") && first.contains("import this again"));
    let cards = home.file("cards.vcf", [card("Anna Amsel"), card("Bert Brandt")].concat());
    home.kith(&["import", cards.to_str().unwrap()]).succeeds();
    let again = home.kith(&["import", mail.to_str().unwrap()]).succeeds().stdout;
    assert!(again.contains("History: 2 new, 0 told before, 1 with nobody known"), "{again}");
    assert_eq!(history(&home, "Anna"), ["2024-03-04 wrote Grüße", "2024-03-05 heard Re: hello"]);
}

#[test]
fn the_inbox_takes_mail_again_that_came_before_the_people() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[me]\nemails = ['ida@i.example']\n");
    let _service = home.serve();
    home.drop_in("mail.mbox", MAIL);
    assert!(home.report("done/mail.mbox").contains("History: 0 new"));
    home.drop_in("cards.vcf", [card("Anna Amsel"), card("Bert Brandt")].concat());
    home.report("done/cards.vcf");
    home.drop_in("mail.mbox", MAIL);
    eventually("the mail is told", || (history(&home, "Anna").len() == 2).then_some(()));
}

#[test]
fn a_friends_name_before_a_strangers_address_is_no_sign_of_life() {
    let home = home();
    let spam = "From 1@xxx Mon Mar 04 09:00:00 +0000 2024\nFrom: Anna Amsel <win@spam.example>\n\
                To: ida@i.example\nDate: Mon, 4 Mar 2024 10:00:00 +0100\nSubject: Win\n\n";
    let file = home.file("spam.mbox", spam);
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    assert!(said.contains("  Anna Amsel <win@spam.example> (1)\n"), "{said}");
    assert_eq!(history(&home, "Anna"), [""; 0]);
}

#[test]
fn a_meeting_of_others_is_none() {
    let home = home();
    let meeting = |invited: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20240401T090000Z\r\nSUMMARY:Theirs\r\n\
             ORGANIZER:mailto:anna.amsel@example.org\r\nATTENDEE:mailto:bert.brandt@example.org\r\n\
             {invited}END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    for (invited, expected) in [("", 0), ("ATTENDEE:mailto:Ida@i.example\r\n", 1)] {
        let file = home.file("team.ics", meeting(invited));
        let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
        assert_eq!(history(&home, "Anna").len(), expected, "{said}");
        assert_eq!(said.contains("1 left out: you took no part"), expected == 0, "{said}");
    }
}

#[test]
fn without_the_section_me_the_report_says_what_cannot_be_told() {
    let home = home();
    std::fs::write(home.config(), "").unwrap();
    let file = home.file("All mail.mbox", MAIL);
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    insta::assert_snapshot!(said, @r#"
    All mail.mbox: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 1 new, 0 told before, 2 with nobody known
      1 left out: more than 5 people took part
      3 guessed: kith.toml does not say who you are, so neither what you wrote nor whether you took part
      can be told. Put it there, take this import back (kith undo) and import again:
        [me]
        name = "Your Name"
        emails = ["you@example.org"]

    Left out until they are known (kith add, or import their contacts; then import this again)
      Ida <ida@i.example> (1)
      carla@c.example (1)

    Skipped (the file itself is kept)
      mails left out: 1 of mailing lists
    "#);
    assert_eq!(history(&home, "Anna"), ["2024-03-05 heard Re: hello"]);
    // What it says helps.
    std::fs::write(home.config(), "[me]\nname = \"Ida\"\nemails = [\"ida@i.example\"]\n").unwrap();
    home.kith(&["undo"]).succeeds();
    let again = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    assert!(!again.contains("kith.toml"), "{again}");
    assert_eq!(history(&home, "Anna"), ["2024-03-04 wrote Grüße", "2024-03-05 heard Re: hello"]);
}
