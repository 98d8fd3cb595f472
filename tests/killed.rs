//! Killed while it imports, as by a power cut: the database is as before or as
//! after, nobody is left behind, and what was dropped is taken at the next start.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::archives::archive;
use crate::support::cards::{address_book, card};
use crate::support::{DEADLINE, Home, children, eventually};

/// So many people take long enough to import that it can be interrupted.
const CROWD: u32 = 1200;

/// That an address book is in the database as a whole or not at all; tells which.
#[track_caller]
pub(crate) fn whole_or_nothing(home: &Home, book: &str, people: u32) -> bool {
    let count = |sql: &str| u32::try_from(home.count(sql)).unwrap();
    let contacts = count(&format!("SELECT count(*) FROM contact WHERE name LIKE '{book} %'"));
    let cards = count(&format!("SELECT count(*) FROM card WHERE fields LIKE '%{book} %'"));
    let emails = count(&format!("SELECT count(*) FROM email WHERE address LIKE '{}.%'", book.to_lowercase()));
    let imports = count(&format!("SELECT count(*) > 0 FROM import WHERE file_name = '{book}.vcf'"));
    let all = (people, people, people, 1);
    let found = (contacts, cards, emails, imports);
    assert!(found == all || found == (0, 0, 0, 0), "{book}: {found:?} of {people}");
    assert_eq!(home.count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    found == all
}

#[test]
fn a_service_killed_at_any_time_leaves_all_of_an_import_or_nothing() {
    let home = Home::new();
    let service = home.serve();
    let begun = Instant::now();
    home.drop_in("Calm.vcf", address_book("Calm", CROWD));
    home.report("done/Calm.vcf");
    let usual = begun.elapsed();
    service.kill();

    // From before the importer starts until after the file is put away.
    let moments = 9;
    for moment in 0..=moments {
        let service = home.serve();
        let book = format!("Crash{moment}");
        home.drop_in(&format!("{book}.vcf"), address_book(&book, CROWD));
        sleep(usual * moment / moments);
        service.kill();
        whole_or_nothing(&home, &book, CROWD);
        let done = home.data(&format!("inbox/done/{book}.vcf"));
        let report = home.data(&format!("inbox/done/{book}.vcf.report.txt"));
        assert!(!done.exists() || report.exists(), "{book} lies in done without a report");
    }
    let service = home.serve();
    for moment in 0..=moments {
        let book = format!("Crash{moment}");
        // Under another name where the report had come first, and stays.
        let report = eventually("it is put away with its report", || {
            let names = [format!("{book}.vcf"), format!("{book} (2).vcf")];
            let put =
                names.iter().map(|name| home.data(&format!("inbox/done/{name}"))).find(|put| put.exists())?;
            fs::read_to_string(format!("{}.report.txt", put.display())).ok()
        });
        assert!(report.starts_with(&format!("{book}.vcf: ")), "{report}");
        assert!(whole_or_nothing(&home, &book, CROWD), "{book} is imported after the restart");
        assert!(!home.data("inbox").join(format!("{book}.vcf")).exists());
    }
    assert_eq!(service.stop(), Some(0));
    assert_eq!(fs::read_dir(home.data("inbox/failed")).unwrap().count(), 0);
}

/// A moment in an import that can be told from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    /// Its importer runs.
    Reading,
    /// Its importer has ended.
    Read,
    /// So many bytes were added to the database's log.
    Logged(u64),
    /// It is told, or the file is put away.
    Told,
}

/// An import that is being watched.
struct Watched<'a> {
    home: &'a Home,
    /// The process that has the importer and writes the database.
    process: u32,
    /// The file that is there once it is told.
    told: &'a str,
    /// How large the database's log was before.
    log: u64,
}

impl Watched<'_> {
    /// Waits for a moment, or one that is later, as on a busy machine; gives the importers that were seen.
    #[track_caller]
    fn until(&self, moment: Moment) -> BTreeSet<u32> {
        let begun = Instant::now();
        let mut seen = BTreeSet::new();
        loop {
            let running = children(self.process);
            seen.extend(&running);
            let reached = match moment {
                Moment::Reading => !running.is_empty(),
                Moment::Read => !seen.is_empty() && running.is_empty(),
                Moment::Logged(bytes) => log(self.home) >= self.log + bytes,
                Moment::Told => false,
            };
            let told = fs::metadata(self.home.path().join(self.told)).is_ok_and(|told| told.len() > 0);
            if reached || told {
                return seen;
            }
            assert!(begun.elapsed() < DEADLINE, "waited in vain: {moment:?}");
            // Much shorter than any moment, and the other tests need the processor, too.
            sleep(Duration::from_micros(200));
        }
    }
}

/// How large the database's log is.
fn log(home: &Home) -> u64 {
    fs::metadata(home.data("contacts.db-wal")).map_or(0, |found| found.len())
}

/// That none of these processes runs any more.
#[track_caller]
fn gone(processes: BTreeSet<u32>) {
    for process in processes {
        eventually("no importer is left behind", || {
            let stat = fs::read_to_string(format!("/proc/{process}/stat"));
            stat.map_or(true, |stat| stat.contains(") Z ")).then_some(())
        });
    }
}

/// The names of all files in the data folder.
fn files(home: &Home) -> BTreeSet<String> {
    let mut folders = vec![home.data("")];
    let mut names = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => drop(
                    names.insert(entry.path().strip_prefix(home.data("")).unwrap().display().to_string()),
                ),
            }
        }
    }
    names
}

/// The moments of an import that adds so much to the log.
fn moments(log: u64) -> [Moment; 7] {
    let some = |of: u64| Moment::Logged(log * of / 8);
    [Moment::Reading, Moment::Read, Moment::Logged(1), some(2), some(4), some(6), Moment::Told]
}

#[test]
fn a_service_killed_at_each_moment_takes_the_file_when_it_starts_again() {
    let calm = Home::new();
    let service = calm.serve();
    let before = log(&calm);
    calm.drop_in("Crash.vcf", address_book("Crash", CROWD));
    calm.report("done/Crash.vcf");
    let usual = log(&calm) - before;
    assert_eq!(service.stop(), Some(0));
    for moment in moments(usual) {
        let home = Home::new();
        let service = home.serve();
        let told = home.data("inbox/done/Crash.vcf");
        let watched = Watched {
            home: &home,
            process: service.child.id(),
            told: told.to_str().unwrap(),
            log: log(&home),
        };
        home.drop_in("Crash.vcf", address_book("Crash", CROWD));
        let importers = watched.until(moment);
        service.kill();
        gone(importers);
        whole_or_nothing(&home, "Crash", CROWD);
        home.kith(&["check"]).succeeds();
        let service = home.serve();
        assert!(home.report("done/Crash.vcf").contains(&format!("{CROWD} ")));
        assert!(whole_or_nothing(&home, "Crash", CROWD), "{moment:?}");
        assert_eq!(service.stop(), Some(0));
        // Under another name where the report had come first, and stays.
        let left: BTreeSet<String> = files(&home).iter().map(|name| name.replace(" (2)", "")).collect();
        assert_eq!(left, files(&calm), "{moment:?}");
    }
}

#[test]
fn a_command_killed_at_each_moment_can_be_repeated() {
    let calm = Home::new();
    // As long as somebody has the database open its log stays.
    let reader = |home: &Home| {
        home.kith(&["list"]).succeeds();
        rusqlite::Connection::open(home.data("contacts.db")).unwrap()
    };
    let open = reader(&calm);
    open.query_row("SELECT count(*) FROM contact", [], |_| Ok(())).unwrap();
    calm.file("Crash.vcf", address_book("Crash", CROWD));
    calm.kith(&["import", "Crash.vcf"]).succeeds();
    let usual = log(&calm);
    drop(open);
    for moment in moments(usual) {
        let home = Home::new();
        home.kith(&["list"]).succeeds();
        home.file("Crash.vcf", address_book("Crash", CROWD));
        let told = fs::File::create(home.path().join("told")).unwrap();
        let mut command = home.command();
        let mut kith =
            command.args(["import", "Crash.vcf"]).stdout(told).stderr(Stdio::null()).spawn().unwrap();
        let watched = Watched { home: &home, process: kith.id(), told: "told", log: log(&home) };
        let importers = watched.until(moment);
        kith.kill().unwrap();
        kith.wait().unwrap();
        gone(importers);
        let taken = whole_or_nothing(&home, "Crash", CROWD);
        home.kith(&["check"]).succeeds();
        let again = home.json(&["import", "Crash.vcf"]);
        let (new, unchanged) = if taken { (0, CROWD) } else { (CROWD, 0) };
        assert_eq!((&again["new"], &again["unchanged"]), (&new.into(), &unchanged.into()), "{moment:?}");
        assert!(whole_or_nothing(&home, "Crash", CROWD));
    }
}

#[test]
fn an_archive_is_whole_or_nothing_too() {
    const FILES: u32 = 40;
    let cards: Vec<(String, String)> = (0..FILES)
        .map(|n| (format!("{n}.vcf"), card(&format!("Crash {n}")).repeat(1 + usize::from(n % 2 == 0))))
        .collect();
    let cards: Vec<(&str, &str)> = cards.iter().map(|(name, card)| (&**name, &**card)).collect();
    let zip = archive(&cards);
    let begin = || {
        let home = Home::new();
        home.kith(&["list"]).succeeds();
        home.file("crash.zip", &zip);
        home
    };
    let calm = begin();
    let open = rusqlite::Connection::open(calm.data("contacts.db")).unwrap();
    open.query_row("SELECT count(*) FROM contact", [], |_| Ok(())).unwrap();
    calm.kith(&["import", "crash.zip"]).succeeds();
    let usual = log(&calm);
    drop(open);
    for moment in moments(usual) {
        let home = begin();
        let told = fs::File::create(home.path().join("told")).unwrap();
        let mut command = home.command();
        let mut kith =
            command.args(["import", "crash.zip"]).stdout(told).stderr(Stdio::null()).spawn().unwrap();
        let watched = Watched { home: &home, process: kith.id(), told: "told", log: log(&home) };
        let importers = watched.until(moment);
        kith.kill().unwrap();
        kith.wait().unwrap();
        gone(importers);
        let people = home.count("SELECT count(*) FROM contact");
        assert!(people == 0 || people == i64::from(FILES), "{moment:?}: {people} of {FILES}");
        home.kith(&["check"]).succeeds();
        let again = home.json(&["import", "crash.zip"]);
        let new = if people == 0 { FILES } else { 0 };
        assert_eq!(again["new"], new, "{moment:?}");
    }
}
