//! Files dropped into the inbox, in every way in which files get there.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use crate::sandbox::{hostile, manifest};
use crate::support::cards::{address_book, card};
use crate::support::{Home, Service, eventually};

const GOOGLE: &str = "First Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value\n\
                      Berta,Brandt,,* myContacts,Home,berta@example.org\n";

/// A file lies in a folder of the inbox.
fn is_in(home: &Home, path: &str) -> bool {
    home.data("inbox").join(path).exists()
}

#[track_caller]
fn taken(home: &Home, path: &str) {
    eventually(&format!("{path} is there\n{}", home.service_log()), || is_in(home, path).then_some(()));
}

/// Drops a file without closing it, so that it settles only by keeping still,
/// and waits until it is taken: whatever was complete before it was taken too.
fn a_quiet_moment_later(home: &Home, name: &str) {
    let mut witness = File::create(home.data("inbox").join(name)).unwrap();
    witness.write_all(card(name).as_bytes()).unwrap();
    taken(home, &format!("done/{name}"));
}

fn people(home: &Home) -> i64 {
    home.count("SELECT count(*) FROM contact")
}

#[test]
fn vcards_and_csv_are_taken_and_a_report_lies_beside_them() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("phone.vcf", card("Anna Amsel"));
    home.drop_in("contacts.csv", GOOGLE);
    for file in ["phone.vcf", "contacts.csv"] {
        let report = home.report(&format!("done/{file}"));
        assert!(report.starts_with(&format!("{file}: 1 new, 0 updated, 0 unchanged")), "{report}");
        assert!(!is_in(&home, file));
    }
    eventually("both are in the feed", || {
        let feed = service.feed();
        (feed.contains("Anna Amsel") && feed.contains("Berta Brandt")).then_some(())
    });
}

#[test]
fn what_a_plugin_reads_is_taken_once_the_plugin_is_there() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("a.wish", "nothing");
    a_quiet_moment_later(&home, "witness.vcf");
    assert!(is_in(&home, "a.wish"), "nobody reads it");
    home.program(".local/share/kith/plugins/hostile", &hostile());
    home.file(".local/share/kith/plugins/hostile.toml", manifest(""));
    assert!(home.report("done/a.wish").contains("nothing: refused"));
}

#[test]
fn who_may_be_the_same_is_looked_for_once_the_feed_is_there() {
    let home = Home::new();
    let _service = home.serve();
    for (file, given) in [("work.vcf", "Robert"), ("private.vcf", "Bob")] {
        let lines = format!("N:Starling;{given};;;\r\nFN:{given} Starling\r\nORG:Foundry\r\n");
        home.drop_in(file, format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}END:VCARD\r\n"));
    }
    eventually("the two wait for a decision", || {
        (home.count("SELECT count(*) FROM review WHERE decision IS NULL") == 1).then_some(())
    });
}

#[test]
fn what_lay_there_before_the_service_started_is_taken() {
    let home = Home::new();
    home.drop_in("early.vcf", card("Anna Amsel"));
    let _service = home.serve();
    taken(&home, "done/early.vcf");
    assert_eq!(people(&home), 1);
}

#[test]
fn of_two_exports_of_one_book_the_newer_has_the_last_word() {
    let book = |phone: &str| {
        let card = |at: usize, phone: &str| {
            format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person Number{at}\r\nEMAIL:p{at}@example.org\r\n{phone}END:VCARD\r\n"
            )
        };
        (0..4).map(|at| card(at, if at == 0 { phone } else { "" })).collect::<String>()
    };
    let (old, new) = ("TEL:+49 170 1111111\r\n", "TEL:+49 170 2222222\r\n");
    // The name, what is in it, and how long ago it was downloaded.
    type Dropped = [(&'static str, &'static str, u64); 2];
    let cases: [(&str, Dropped); 2] = [
        ("by the time", [("contacts (1).vcf", "old", 90_000), ("contacts.vcf", "new", 60)]),
        ("by the number", [("contacts (1).vcf", "new", 60), ("contacts.vcf", "old", 60)]),
    ];
    for (case, files) in cases {
        let home = Home::new();
        let inbox = home.data("inbox");
        fs::create_dir_all(&inbox).unwrap();
        for (name, age, seconds) in files {
            let path = inbox.join(name);
            fs::write(&path, book(if age == "old" { old } else { new })).unwrap();
            let then = std::time::SystemTime::now() - Duration::from_secs(seconds);
            File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        }
        let _service = home.serve();
        files.iter().for_each(|(name, ..)| taken(&home, &format!("done/{name}")));
        let phones = home.count("SELECT count(*) FROM phone WHERE number LIKE '%2222222'");
        assert_eq!((phones, home.count("SELECT count(*) FROM phone")), (1, 1), "{case}");
    }
}

#[test]
fn many_files_at_once_are_all_taken() {
    let home = Home::new();
    let _service = home.serve();
    for number in 0..40 {
        home.drop_in(&format!("{number}.vcf"), card(&format!("Person Number{number}")));
    }
    for number in 0..40 {
        assert!(home.report(&format!("done/{number}.vcf")).contains("1 new"));
    }
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 40);
    assert_eq!(fs::read_dir(home.data("inbox")).unwrap().count(), 2, "done and failed");
}

#[test]
fn the_same_file_again_changes_nothing() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("phone.vcf", address_book("Anna", 3));
    assert!(home.report("done/phone.vcf").contains("3 new"));
    home.drop_in("phone.vcf", address_book("Anna", 3));
    let again = home.report("done/phone (2).vcf");
    assert!(again.contains("0 new, 0 updated, 3 unchanged, 0 in review, 0 skipped"), "{again}");
    home.drop_in("renamed.vcf", address_book("Anna", 3));
    assert!(home.report("done/renamed.vcf").contains("0 new, 0 updated, 3 unchanged"));
    assert_eq!(people(&home), 3);
}

#[test]
fn a_slow_copy_is_taken_once_it_is_complete() {
    let home = Home::new();
    let _service = home.serve();
    let book = address_book("Slow", 6);
    let mut copy = File::create(home.data("inbox/slow.vcf")).unwrap();
    // The pauses are the copy's own; none is long enough to look like its end.
    for piece in book.as_bytes().chunks(book.len() / 5) {
        copy.write_all(piece).unwrap();
        assert!(is_in(&home, "slow.vcf"));
        sleep(Duration::from_millis(500));
    }
    drop(copy);
    let report = home.report("done/slow.vcf");
    assert!(report.contains("6 new, 0 updated, 0 unchanged, 0 in review, 0 skipped"), "{report}");
    assert_eq!(home.count("SELECT count(*) FROM import"), 1);
}

#[test]
fn a_file_that_is_still_written_to_in_done_is_taken_again() {
    let home = Home::new();
    let _service = home.serve();
    let book = address_book("Late", 4);
    // The copy rests within the name on the third card, for as long as it takes.
    let (begin, rest) = book.split_at(book.match_indices("FN:La").nth(2).unwrap().0 + "FN:La".len());
    let mut copy = File::create(home.data("inbox/late.vcf")).unwrap();
    copy.write_all(begin.as_bytes()).unwrap();
    let report = home.report("done/late.vcf");
    assert!(
        report.contains("2 new") && report.contains("or wait until the copy of the file is complete"),
        "{report}"
    );
    copy.write_all(rest.as_bytes()).unwrap();
    drop(copy);
    eventually("the report is that of the whole file", || {
        home.report("done/late.vcf")
            .contains("2 new, 0 updated, 2 unchanged, 0 in review, 0 skipped")
            .then_some(())
    });
    assert_eq!(people(&home), 4);
    assert!(!is_in(&home, "late.vcf") && !is_in(&home, "done/late (2).vcf"));
}

#[test]
fn a_file_that_changed_in_done_while_nobody_watched_is_taken_again() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("late.vcf", card("Anna Amsel"));
    home.report("done/late.vcf");
    assert_eq!(service.stop(), Some(0));
    let mut file = OpenOptions::new().append(true).open(home.data("inbox/done/late.vcf")).unwrap();
    file.write_all(card("Berta Brandt").as_bytes()).unwrap();
    drop(file);
    let _service = home.serve();
    eventually("what was added is taken", || {
        home.report("done/late.vcf").contains("1 new, 0 updated, 1 unchanged").then_some(())
    });
}

#[test]
fn a_report_that_was_not_written_is_written_after_a_restart() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("phone.vcf", card("Anna Amsel"));
    home.report("done/phone.vcf");
    service.kill();
    // As if the power had failed between moving the file and writing the report.
    fs::remove_file(home.data("inbox/done/phone.vcf.report.txt")).unwrap();
    let _service = home.serve();
    assert!(home.report("done/phone.vcf").contains("0 new, 0 updated, 1 unchanged"));
}

#[test]
fn a_file_waits_until_its_report_can_be_written_and_is_not_imported_again() {
    let home = Home::new();
    let _service = home.serve();
    // Nobody makes a file in there, as on a full disk.
    let done = home.data("inbox/done");
    fs::remove_dir(&done).unwrap();
    std::os::unix::fs::symlink("/proc/self", &done).unwrap();
    home.drop_in("phone.vcf", address_book("Anna", 3));
    eventually("it is told", || home.service_log().contains("could not be put away").then_some(()));
    assert!(is_in(&home, "phone.vcf"));
    fs::remove_file(&done).unwrap();
    assert!(
        home.report("done/phone.vcf").contains("3 new, 0 updated, 0 unchanged"),
        "what the import brought"
    );
    assert_eq!(home.count("SELECT count(*) FROM import"), 1);
}

#[test]
fn chromium_saves_under_a_temporary_name_first() {
    let home = Home::new();
    let _service = home.serve();
    let inbox = home.data("inbox");
    let mut download = File::create(inbox.join("Unconfirmed 8231.crdownload")).unwrap();
    download.write_all(&address_book("Web", 2).as_bytes()[..100]).unwrap();
    a_quiet_moment_later(&home, "first.vcf");
    fs::rename(inbox.join("Unconfirmed 8231.crdownload"), inbox.join("web.vcf.crdownload")).unwrap();
    download.write_all(&address_book("Web", 2).as_bytes()[100..]).unwrap();
    drop(download);
    a_quiet_moment_later(&home, "second.vcf");
    assert!(is_in(&home, "web.vcf.crdownload"));
    fs::rename(inbox.join("web.vcf.crdownload"), inbox.join("web.vcf")).unwrap();
    assert!(home.report("done/web.vcf").contains("2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped"));
}

#[test]
fn firefox_keeps_the_name_with_an_empty_file() {
    let home = Home::new();
    let _service = home.serve();
    let inbox = home.data("inbox");
    fs::write(inbox.join("web.vcf"), "").unwrap();
    let mut download = File::create(inbox.join("web.Q3rT.vcf.part")).unwrap();
    download.write_all(b"BEGIN:VCARD\r\n").unwrap();
    a_quiet_moment_later(&home, "first.vcf");
    assert!(is_in(&home, "web.vcf") && is_in(&home, "web.Q3rT.vcf.part"));
    download.write_all(&card("Anna Amsel").as_bytes()["BEGIN:VCARD\r\n".len()..]).unwrap();
    drop(download);
    fs::rename(inbox.join("web.Q3rT.vcf.part"), inbox.join("web.vcf")).unwrap();
    assert!(home.report("done/web.vcf").contains("1 new"));
    assert_eq!(fs::read_dir(home.data("inbox/failed")).unwrap().count(), 0);
}

#[test]
fn a_file_that_nobody_reads_stays_and_status_names_it() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("holiday.xyz", "\u{1}\u{2} neither a card nor a table");
    a_quiet_moment_later(&home, "witness.vcf");
    assert!(is_in(&home, "holiday.xyz"));
    let status = home.kith(&["status"]).succeeds().stdout;
    assert!(status.contains("holiday.xyz") && status.contains("no importer reads such files"), "{status}");
    let files = &home.json(&["status"])["waiting_files"];
    assert_eq!(files[0]["file"], "holiday.xyz");
}

#[test]
fn the_inbox_is_looked_at_without_a_word_from_the_file_watch() {
    let home = Home::new();
    let _service = home.serve();
    // Its watch goes with the folder.
    fs::remove_dir_all(home.data("inbox")).unwrap();
    eventually("the folder is made again", || home.data("inbox").exists().then_some(()));
    home.drop_in("phone.vcf", card("Anna Amsel"));
    assert!(home.report("done/phone.vcf").contains("1 new"));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_taken_as_it_ends() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("big.vcf", address_book("Big", 4000));
    while_it_is_read(&service, || {
        let mut file = OpenOptions::new().append(true).open(home.data("inbox/big.vcf")).unwrap();
        file.write_all(card("Last One").as_bytes()).unwrap();
    });
    let report = home.report("done/big.vcf");
    assert!(report.contains("4001 new"), "{report}");
    assert_eq!(people(&home), 4001);
    assert_eq!(home.count("SELECT count(*) FROM import"), 1);
}

#[test]
fn a_file_that_is_deleted_while_it_is_read_is_taken_whole_or_not_at_all() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("big.vcf", address_book("Big", 2000));
    while_it_is_read(&service, || fs::remove_file(home.data("inbox/big.vcf")).unwrap());
    home.drop_in("next.vcf", card("Anna Amsel"));
    assert!(home.report("done/next.vcf").contains("1 new"));
    let people = people(&home);
    assert!(people == 1 || people == 2001, "{people}");
    assert_eq!(service.stop(), Some(0));
}

fn while_it_is_read(service: &Service<'_>, act: impl FnOnce()) {
    eventually("an importer runs", || service.is_importing().then_some(()));
    act();
}

#[test]
fn what_was_imported_before_a_report_could_be_written_is_in_the_report() {
    let home = Home::new();
    home.serve().stop();
    // As a service leaves it that is killed once the import is in the database.
    home.drop_in("phone.vcf", card("Anna Amsel") + &card("Berta Brandt"));
    sleep(Duration::from_millis(1100));
    let waiting = home.data("inbox/phone.vcf");
    home.kith(&["import", waiting.to_str().unwrap()]).succeeds();
    let _service = home.serve();
    let report = home.report("done/phone.vcf");
    assert!(report.starts_with("phone.vcf: 0 new, 0 updated, 2 unchanged"), "{report}");
    assert!(report.contains("\n  imported already on ") && report.contains("written: 2 new\n"), "{report}");
    // Another of that name, which brings nothing new either, came after it.
    sleep(Duration::from_millis(1100));
    home.drop_in("phone.vcf", card("Anna Amsel"));
    let report = home.report("done/phone (2).vcf");
    assert!(report.contains("1 unchanged") && !report.contains("already"), "{report}");
}
