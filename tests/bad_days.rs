//! The end of the service, full disks, locked and damaged databases: nothing is lost.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::killed::whole_or_nothing;
use crate::support::cards::{address_book, card};
use crate::support::mounts::{own_mounts, read_only, small_disk};
use crate::support::{Home, Service, eventually};

#[test]
fn a_service_that_is_asked_to_end_finishes_a_short_import() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("Short.vcf", address_book("Short", 300));
    eventually("the importer runs", || service.is_importing().then_some(()));
    assert_eq!(service.stop(), Some(0));
    // On a machine so slow that it took more than five seconds the file stays.
    let taken = whole_or_nothing(&home, "Short", 300);
    assert_eq!(home.data("inbox/done/Short.vcf").exists(), taken);
    assert_eq!(home.data("inbox/Short.vcf").exists(), !taken);
}

#[test]
fn a_service_that_is_asked_to_end_does_not_wait_for_a_long_import() {
    let home = Home::new();
    let service = home.serve();
    let people = 60_000;
    home.drop_in("Long.vcf", address_book("Long", people));
    eventually("the importer runs", || service.is_importing().then_some(()));
    assert_eq!(service.stop(), Some(0));
    let taken = whole_or_nothing(&home, "Long", people);
    // On a busy machine the time may be over between the commit and the move:
    // the next start takes the file again, and that changes nothing.
    let (done, left) = (home.data("inbox/done/Long.vcf").exists(), home.data("inbox/Long.vcf").exists());
    assert!(done != left && (taken || left), "taken: {taken}, done: {done}, left: {left}");
}

#[test]
fn a_waiting_client_does_not_hold_up_the_end() {
    let home = Home::new();
    let service = home.serve();
    let mut client = std::net::TcpStream::connect(service.address().unwrap()).unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn a_second_service_names_the_first() {
    let home = Home::new();
    let service = home.serve();
    let (code, said) = home.fails_to_serve("127.0.0.1:0");
    let pid = service.child.id();
    assert!(said.contains(&format!("kith is running already (process {pid})")), "{said}");
    assert!(code == Some(1) && said.contains("Hint: "), "{said}");
    assert!(service.get("follow-ups.ics").is_some_and(|answer| answer.status == 200), "the first goes on");
    service.kill();
    assert_eq!(home.serve().stop(), Some(0), "a dead one is in nobody's way");
}

#[test]
fn of_many_services_at_once_one_runs_and_the_others_name_it() {
    let home = Home::new();
    let mut services: Vec<_> = (0..4).map(|_| home.start(&["serve", "--listen", "127.0.0.1:0"])).collect();
    let mut ended = 0;
    eventually("all but one have ended", || {
        ended = services.iter_mut().filter_map(|service| service.child.try_wait().unwrap()).count();
        (ended == 3).then_some(())
    });
    let running =
        services.into_iter().find_map(|mut s| s.child.try_wait().unwrap().is_none().then_some(s)).unwrap();
    let pid = running.child.id();
    let running = running.published();
    assert_eq!(home.service_log().matches(&format!("(process {pid})")).count(), 3, "{}", home.service_log());
    assert_eq!(running.stop(), Some(0));
}

#[test]
fn a_damaged_database_is_kept_and_refused_with_the_way_back() {
    for (damage, with_log) in
        [("its head", false), ("its middle", false), ("its end", false), ("its middle", true)]
    {
        let home = Home::new();
        home.file("phone.vcf", address_book("Anna", 300));
        home.kith(&["import", "phone.vcf"]).succeeds();
        if with_log {
            // Nothing but this is in the log: of what is damaged below, no other copy is there.
            let conn = Connection::open(home.data("contacts.db")).unwrap();
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
            conn.execute_batch("UPDATE contact SET note = 'still in the log' WHERE id < 9").unwrap();
        }
        let path = home.data("contacts.db");
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        let size = file.metadata().unwrap().len();
        match damage {
            "its head" => file.write_all_at(&[0x55; 100], 0).unwrap(),
            "its middle" => file.write_all_at(&vec![0x55; 64 << 10], 4096 * 8).unwrap(),
            _ => file.set_len(size / 2 / 4096 * 4096).unwrap(),
        }
        drop(file);
        let everything =
            || ["contacts.db", "contacts.db-wal"].map(|name| fs::read(home.data(name)).unwrap_or_default());
        let before = everything();
        assert_eq!(!before[1].is_empty(), with_log);
        let (code, said) = home.fails_to_serve("127.0.0.1:0");
        assert_eq!(code, Some(1), "{said}");
        for says in ["contacts.db", "is damaged", "leaves it as it is", "Hint: ", ".recover", "backup"] {
            assert!(said.contains(says), "{damage}: {says:?} in {said}");
        }
        assert!(everything() == before, "{damage} (with a log: {with_log}): not a byte is changed");
        let check = home.kith(&["check"]).fails(1);
        assert!((check.stdout + &check.stderr).contains("is damaged"), "{damage}");
        assert!(everything() == before, "{damage} (with a log: {with_log}): nor by a command");
    }
}

#[test]
fn an_emptied_database_is_refused_with_the_way_back_and_a_deleted_one_is_begun_anew() {
    let home = Home::new();
    home.file("phone.vcf", card("Anna Amsel"));
    home.kith(&["import", "phone.vcf"]).succeeds();
    home.sql(&format!("VACUUM INTO '{}'", home.path().join("backup.db").display()));
    let database = home.data("contacts.db");
    fs::write(&database, "").unwrap();
    fs::write(home.data("contacts.db-wal"), "what was written last").unwrap();
    let (code, said) = home.fails_to_serve("127.0.0.1:0");
    assert_eq!(code, Some(1), "{said}");
    for says in
        ["contacts.db: it is empty (0 bytes)", "leaves it as it is", "Hint: ", "backup", "To begin anew"]
    {
        assert!(said.contains(says), "{says:?} in {said}");
    }
    home.kith(&["list"]).fails(1);
    home.kith(&["check"]).fails(1);
    assert_eq!(fs::read(&database).unwrap(), b"");
    assert_eq!(fs::read(home.data("contacts.db-wal")).unwrap(), b"what was written last");
    assert!(fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap().contains("Anna Amsel"));

    fs::remove_file(home.data("contacts.db-wal")).unwrap();
    fs::copy(home.path().join("backup.db"), &database).unwrap();
    assert_eq!(home.json(&["list"])[0]["name"], "Anna Amsel");

    fs::remove_file(&database).unwrap();
    let service = home.serve();
    assert!(home.service_log().contains("contacts.db was gone, and a new, empty one was begun"));
    assert_eq!(home.json(&["status"])["people"], 0);
    assert_eq!(service.stop(), Some(0));
    let quiet = Home::new();
    quiet.serve().stop();
    assert!(!quiet.service_log().contains("was gone"), "not where kith is new");
    let crowd = Home::new();
    let add = |_| {
        let mut command = crowd.command();
        command.args(["add", "Anna Amsel"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for command in (0..20).map(add).collect::<Vec<_>>() {
        let said = String::from_utf8(command.wait_with_output().unwrap().stderr).unwrap();
        assert!(!said.contains("was gone"), "nor where many begin at once: {said}");
    }
}

#[test]
fn a_database_that_is_replaced_under_the_service_is_followed_and_nothing_goes_into_the_old_one() {
    let home = Home::new();
    home.file("phone.vcf", card("Anna Amsel"));
    home.kith(&["import", "phone.vcf"]).succeeds();
    home.sql(&format!("VACUUM INTO '{}'", home.path().join("backup.db").display()));
    let service = home.serve();
    home.sql("INSERT INTO contact(name) VALUES ('Bert Bussard')");
    eventually("Bert is in the feed", || service.feed().contains("Bert Bussard").then_some(()));
    let database = home.data("contacts.db");
    let trouble = || fs::read_to_string(home.data("service.json")).unwrap();

    let away = home.path().join("away");
    fs::create_dir(&away).unwrap();
    for name in ["contacts.db", "contacts.db-wal", "contacts.db-shm"] {
        fs::rename(home.data(name), away.join(name)).unwrap();
    }
    eventually("it is missed", || trouble().contains("contacts.db is gone").then_some(()));
    home.drop_in("more.vcf", card("Carla Celan"));
    assert!(!database.exists(), "the service does not begin anew by itself");
    fs::copy(home.path().join("backup.db"), &database).unwrap();
    eventually("the backup is followed", || {
        (!service.feed().contains("Bert Bussard") && !trouble().contains("is gone")).then_some(())
    });
    eventually("what waited is taken", || service.feed().contains("Carla Celan").then_some(()));
    assert_eq!(home.count("SELECT count(*) FROM contact"), 2);

    // Emptied in place, and filled again.
    home.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    let good = fs::read(&database).unwrap();
    fs::write(&database, "").unwrap();
    eventually("it is missed", || trouble().contains("0 bytes").then_some(()));
    assert!(service.feed().contains("Anna Amsel"), "the last good calendar stays");
    fs::write(&database, good).unwrap();
    eventually("it is followed again", || (!trouble().contains("0 bytes")).then_some(()));
    home.sql("INSERT INTO contact(name) VALUES ('Dora Drossel')");
    eventually("Dora is in the feed", || service.feed().contains("Dora Drossel").then_some(()));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn a_service_whose_data_folder_is_deleted_or_replaced_ends_and_a_new_start_uses_what_is_there() {
    let home = Home::new();
    home.file("phone.vcf", card("Anna Amsel"));
    home.kith(&["import", "phone.vcf"]).succeeds();
    let (folder, backup, away) = (home.data(""), home.path().join("backup"), home.path().join("away"));
    let copy = |from: &Path, to: &Path| {
        assert!(Command::new("cp").arg("-aT").args([from, to]).status().unwrap().success());
    };
    copy(&folder, &backup);
    let ends = |mut service: Service<'_>, how: &str| {
        let ended = eventually(how, || service.child.try_wait().unwrap());
        assert_eq!(ended.code(), Some(1), "{how}: systemd starts it again");
    };

    let service = home.serve();
    home.kith(&["log", "anna", "her garden"]).succeeds();
    eventually("the talk is in the feed", || service.feed().contains("her garden").then_some(()));
    fs::rename(&folder, &away).unwrap();
    copy(&backup, &folder);
    ends(service, "it ends when the folder is another");
    let database = |folder: &Path| fs::read(folder.join("contacts.db")).unwrap();
    assert!(database(&folder) == database(&backup), "the new one is not written to");

    let service = home.serve();
    assert!(!service.feed().contains("her garden"));
    // Until all of it is gone the service may make an inbox that it misses.
    let delete = || {
        eventually("the folder is gone", || {
            let _ = fs::remove_dir_all(&folder);
            (!folder.exists()).then_some(())
        });
    };
    delete();
    ends(service, "it ends when the folder is gone");
    assert!(!home.data("contacts.db").exists(), "the service does not begin anew by itself");
    let said = home.service_log();
    for says in ["was deleted or replaced while kith was running", "start it again: kith serve"] {
        assert_eq!(said.matches(says).count(), 2, "{says:?} in {said}");
    }

    delete();
    copy(&backup, &folder);
    let service = home.serve();
    home.drop_in("more.vcf", card("Carla Celan"));
    eventually("what is dropped is taken", || service.feed().contains("Carla Celan").then_some(()));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn a_database_that_another_program_holds_is_waited_for() {
    let home = Home::new();
    let service = home.serve();
    home.file("first.vcf", card("Anna Amsel"));
    home.kith(&["import", "first.vcf"]).succeeds();
    eventually("she is in the feed", || service.feed().contains("Anna Amsel").then_some(()));
    let holder = Connection::open(home.data("contacts.db")).unwrap();
    holder.busy_timeout(Duration::from_secs(30)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE; UPDATE contact SET note = 'unsaved'").unwrap();
    let begun = Instant::now();

    home.drop_in("second.vcf", card("Berta Brandt"));
    let mut log = home.command().args(["log", "anna", "her garden"]).spawn().unwrap();
    // The other program holds on for ten seconds; meanwhile the feed answers.
    while begun.elapsed() < Duration::from_secs(10) {
        assert!(service.feed().contains("Anna Amsel"));
        assert!(log.try_wait().unwrap().is_none(), "the command waits");
        assert!(home.data("inbox/second.vcf").exists(), "the file waits");
        sleep(Duration::from_millis(200));
    }
    holder.execute_batch("COMMIT").unwrap();
    assert!(log.wait().unwrap().success());
    assert!(home.report("done/second.vcf").contains("1 new"));
    eventually("all is in the feed", || {
        let feed = service.feed();
        (feed.contains("her garden") && feed.contains("Berta Brandt")).then_some(())
    });
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE note = 'unsaved'"), 1);
}

#[test]
fn a_port_that_is_taken_is_named_with_the_way_out() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = home.fails_to_serve(&address);
    assert_eq!(code, Some(1), "{said}");
    for says in [&address, "another program", "Hint: ", "[serve]", "--listen"] {
        assert!(said.contains(says), "{says:?} in {said}");
    }
}

#[test]
fn a_full_disk_is_told_and_what_was_dropped_is_taken_when_there_is_room() {
    if !own_mounts("bad_days::a_full_disk_is_told_and_what_was_dropped_is_taken_when_there_is_room") {
        return;
    }
    let home = Home::new();
    small_disk(home.path(), "12m");
    let service = home.serve();
    home.drop_in("first.vcf", card("Anna Amsel"));
    home.report("done/first.vcf");
    eventually("she is in the feed", || service.feed().contains("Anna Amsel").then_some(()));
    let people = 500;
    let waiting = home.file("Waiting.vcf", address_book("Waiting", people));
    let filler = home.path().join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let full = file.write_all(&[0]).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    // Whoever holds a file open holds its room as well.
    drop(file);

    fs::rename(&waiting, home.data("inbox/Waiting.vcf")).unwrap();
    let status = eventually("status says why the file waits", || {
        let shown = home.kith(&["status"]);
        Some(shown.stdout).filter(|shown| shown.contains("the disk is full"))
    });
    assert!(status.contains("Waiting.vcf"), "{status}");
    assert!(service.feed().contains("Anna Amsel"), "the feed answers");
    assert!(home.data("inbox/Waiting.vcf").exists(), "nothing is lost");

    fs::remove_file(&filler).unwrap();
    assert!(home.report("done/Waiting.vcf").contains(&format!("{people} new")));
    assert!(whole_or_nothing(&home, "Waiting", people));
    eventually("status is content again", || {
        Some(home.kith(&["status"]).succeeds().stdout).filter(|shown| !shown.contains("the disk is full"))
    });
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn a_disk_that_may_only_be_read_shows_all_and_takes_nothing() {
    if !own_mounts("bad_days::a_disk_that_may_only_be_read_shows_all_and_takes_nothing") {
        return;
    }
    for crashed in [false, true] {
        let home = Home::new();
        small_disk(home.path(), "12m");
        home.file("first.vcf", card("Anna Amsel"));
        home.kith(&["import", "first.vcf"]).succeeds();
        home.kith(&["feed"]).succeeds();
        // It was never there, or went with the files that somebody keeps elsewhere.
        fs::remove_dir_all(home.path().join(".config/kith")).unwrap();
        if crashed {
            // What was logged last is in the log only: the service has not followed it yet.
            let service = home.serve();
            service.signal("-STOP");
            home.kith(&["log", "anna", "her garden"]).succeeds();
            service.kill();
            assert!(fs::metadata(home.data("contacts.db-wal")).unwrap().len() > 0);
        }
        read_only(home.path());
        for words in [
            &["list"][..],
            &["show", "anna"],
            &["plan", "--days", "300"],
            &["plan", "--today", "2031-05-05"],
            &["status"],
            &["circle"],
            &["review"],
            &["feed"],
        ] {
            let ran = home.kith(words).succeeds();
            let names = ["list", "show", "plan"].contains(&words[0]);
            assert!(!names || ran.stdout.contains("Anna Amsel"), "{ran:?}");
        }
        assert_eq!(home.kith(&["show", "anna"]).stdout.contains("her garden"), crashed);
        let check = home.kith(&["check"]).fails(1);
        assert!(check.stdout.replace("\n  ", " ").contains("may only be read"), "{check:?}");
        for words in [
            &["log", "anna", "tea"][..],
            &["edit", "anna", "--title", "Pilot"],
            &["circle", "set", "climbing", "--ideal", "30d"],
            &["import", "first.vcf"],
            &["serve"],
        ] {
            let ran = home.kith(words).fails(1);
            let says = ["may only be read", "the disk is read-only"];
            assert!(says.iter().any(|says| ran.stderr.contains(says)), "{ran:?}");
            assert!(ran.stderr.contains("Hint: "), "{ran:?}");
        }
    }
}

#[test]
fn what_is_noted_is_noted_once_though_the_calendars_cannot_be_written() {
    let home = Home::new();
    home.file("first.vcf", card("Anna Amsel"));
    home.kith(&["import", "first.vcf"]).succeeds();
    let file = home.data("feed/follow-ups.ics");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    for words in [&["log", "anna", "tea"][..], &["edit", "anna", "--title", "Pilot"], &["plan"], &["feed"]] {
        let ran = home.kith(words).succeeds();
        assert!(ran.stderr.starts_with("Warning: could not bring the calendars up to date: "), "{ran:?}");
        assert!(!ran.stdout.is_empty(), "{ran:?}");
    }
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 1);
    fs::remove_dir(&file).unwrap();
    assert_eq!(home.kith(&["plan"]).succeeds().stderr, "");
    assert!(fs::read_to_string(&file).unwrap().contains("Anna Amsel"));
}

#[test]
fn a_card_that_somebody_wrote_to_is_told_of() {
    let home = Home::new();
    let cards = home.file("one.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Amsel\r\nEND:VCARD\r\n");
    home.kith(&["import", cards.to_str().unwrap()]).succeeds();
    home.sql("UPDATE card SET fields = 'x'");
    let said = home.kith(&["check"]).fails(1).stdout;
    assert!(said.contains("card 1 of contact 1: what it says is no JSON"), "{said}");
}
