//! The rules for settling, as stories.

use super::*;

/// A folder with its watch and a service that takes what it is given, played
/// in milliseconds: it moves files to `done/`, leaves pictures, is busy
/// with `big` files until told, and lets others pass before a `.mbox`.
struct World {
    settle: Settle,
    files: BTreeMap<Entry, Stamp>,
    inodes: u64,
    again: Option<Duration>,
    looks: u32,
    taken: Vec<String>,
}

fn entry(path: &str) -> Entry {
    let (folder, name) = match path.split_once('/') {
        Some(("done", name)) => (Folder::Done, name),
        Some(("failed", name)) => (Folder::Failed, name),
        _ => (Folder::Inbox, path),
    };
    Entry { folder, name: name.into() }
}

impl World {
    fn new() -> Self {
        Self {
            settle: Settle::new(),
            files: BTreeMap::new(),
            inodes: 0,
            again: None,
            looks: 0,
            taken: Vec::new(),
        }
    }

    fn tell(&mut self, now: Duration, event: &str) {
        let words: Vec<&str> = event.split(' ').collect();
        match words[..] {
            // Writes to a file that need not exist before.
            ["write", name, size] => {
                let next = self.inodes + 1;
                let stamp = self.files.entry(entry(name)).or_insert_with(|| Stamp {
                    inode: next,
                    size: 0,
                    modified: (0, 0),
                });
                self.inodes = next;
                stamp.size = size.parse().unwrap();
                stamp.modified = (i64::try_from(now.as_millis()).unwrap(), 0);
            }
            ["close", name] => self.settle.finished(now, entry(name)),
            ["move-in", name, size] => {
                self.inodes += 1;
                let stamp = Stamp { inode: self.inodes, size: size.parse().unwrap(), modified: (-1, 0) };
                self.files.insert(entry(name), stamp);
                self.settle.finished(now, entry(name));
            }
            // Moved in together with others: an older or newer download.
            ["move-in", name, size, "of", seconds] => {
                self.tell(now, &format!("move-in {name} {size}"));
                self.files.get_mut(&entry(name)).unwrap().modified = (seconds.parse().unwrap(), 0);
            }
            ["rename", from, to] => {
                let stamp = self.files.remove(&entry(from)).unwrap();
                self.files.insert(entry(to), stamp);
                self.settle.finished(now, entry(to));
            }
            ["remove", name] => {
                self.files.remove(&entry(name));
            }
            ["imported", name] => {
                let read = self.files[&entry(name)];
                self.put_away(now, &entry(name), read);
            }
            ["changing", name] => self.settle.released(now, &entry(name)),
            _ => panic!("{event}"),
        }
    }

    fn put_away(&mut self, now: Duration, from: &Entry, read: Stamp) {
        let to = Entry { folder: Folder::Done, name: from.name.clone() };
        if let Some(stamp) = self.files.remove(from) {
            self.files.insert(to.clone(), stamp);
        }
        self.settle.moved(now, from, to, read);
    }

    fn look(&mut self, now: Duration) {
        let watched: Vec<Entry> = self.settle.watched().cloned().collect();
        let seen: Vec<Seen> = self
            .files
            .iter()
            .filter(|(entry, _)| entry.folder == Folder::Inbox || watched.contains(entry))
            .map(|(entry, stamp)| Seen { entry: entry.clone(), stamp: *stamp })
            .collect();
        let look = self.settle.look(now, &seen);
        self.looks += 1;
        for Seen { entry, stamp } in &look.take {
            let name = entry.name.to_str().unwrap();
            let folder = if entry.folder == Folder::Done { "done/" } else { "" };
            self.taken.push(format!("{} {folder}{name}", now.as_millis()));
            match name {
                _ if name.starts_with("big") => {}
                _ if name.ends_with(".jpg") => self.settle.left(entry, None),
                _ if name.starts_with("locked") && self.taken.len() < 3 => {
                    self.settle.left(entry, Some(now + Duration::from_secs(10)));
                }
                _ if name.ends_with(".mbox") && self.settle.lets_others_pass(now, entry, Turn::History) => {}
                _ if name.ends_with(".zip") && self.settle.lets_others_pass(now, entry, Turn::Both) => {}
                _ => self.put_away(now, entry, *stamp),
            }
        }
        self.again = if look.take.is_empty() {
            look.again
        } else {
            // What became of the files taken may wait for something as well.
            self.look(now);
            self.again
        };
    }

    /// Looks whenever asked to, up to a moment.
    fn pass(&mut self, until: Duration) {
        while let Some(at) = self.again.filter(|at| *at < until) {
            self.look(at);
        }
    }
}

/// Plays a story: what happens at which millisecond, and what is taken when.
fn story(name: &str, events: &[(u64, &str)], taken: &[&str]) {
    let mut world = World::new();
    for (at, event) in events {
        let now = Duration::from_millis(*at);
        world.pass(now);
        world.tell(now, event);
        world.look(now);
    }
    world.pass(Duration::MAX);
    assert_eq!(world.taken, taken, "{name}");
    // The end of every story is rest, after few looks.
    assert_eq!(world.again, None, "{name}");
    let looks = u32::try_from(events.len() * 20).unwrap();
    assert!(world.looks <= looks, "{name}: {} looks", world.looks);
}

#[test]
fn a_file_is_taken_once_it_is_complete() {
    story("written and closed", &[(0, "write a.vcf 9"), (10, "close a.vcf")], &["260 a.vcf"]);
    story("moved in", &[(0, "move-in a.vcf 9")], &["250 a.vcf"]);
    story("there at the start", &[(0, "write a.vcf 9")], &["2000 a.vcf"]);
    story("empty", &[(0, "write a.vcf 0"), (0, "close a.vcf")], &["2000 a.vcf"]);
    story(
        "made empty first, and written when it is known what",
        &[(0, "write a.vcf 0"), (0, "close a.vcf"), (1500, "write a.vcf 9"), (1500, "close a.vcf")],
        &["1750 a.vcf"],
    );
    story(
        "copied slowly without a watch",
        &[(0, "write a.vcf 1"), (1900, "write a.vcf 2"), (3800, "write a.vcf 3")],
        &["5800 a.vcf"],
    );
    story(
        "closed, and opened again to append",
        &[(0, "write a.vcf 1"), (0, "close a.vcf"), (200, "write a.vcf 2"), (900, "close a.vcf")],
        &["1150 a.vcf"],
    );
    story(
        "many at once",
        &[(0, "move-in b.vcf 1"), (1, "move-in a.csv 2"), (2, "write c.vcf 3"), (3, "close c.vcf")],
        &["251 a.csv", "251 b.vcf", "253 c.vcf"],
    );
    story("deleted before it settled", &[(0, "write a.vcf 9"), (1000, "remove a.vcf")], &[]);
    story(
        "replaced by another of the same size",
        &[(0, "write a.vcf 9"), (1500, "remove a.vcf"), (1600, "write a.vcf 9")],
        &["3600 a.vcf"],
    );
}

#[test]
fn what_is_better_taken_later_lets_others_pass_once() {
    story(
        "dropped with another",
        &[(0, "move-in a.mbox 9"), (100, "move-in b.vcf 9")],
        &["250 a.mbox", "350 b.vcf", "2250 a.mbox"],
    );
    story(
        "with one that settled at the same moment",
        &[(0, "move-in a.mbox 9"), (0, "move-in b.vcf 9")],
        &["250 a.mbox", "250 b.vcf", "2250 a.mbox"],
    );
    story(
        "an archive with people in it comes before it, and behind people",
        &[(0, "move-in a.mbox 9"), (0, "move-in b.zip 9"), (0, "move-in c.vcf 9")],
        &["250 a.mbox", "250 b.zip", "250 c.vcf", "2250 b.zip", "2250 a.mbox"],
    );
    story("alone", &[(0, "move-in a.mbox 9")], &["250 a.mbox"]);
    story(
        "with one that is copied slowly",
        &[(0, "move-in a.mbox 9"), (0, "write b.vcf 1"), (1900, "write b.vcf 2"), (3800, "write b.vcf 3")],
        &["250 a.mbox", "2250 a.mbox", "5800 b.vcf"],
    );
}

#[test]
fn of_files_that_come_together_the_newest_is_taken_last() {
    story(
        "whichever is complete first",
        &[(0, "move-in b.vcf 9 of 5000"), (100, "move-in a.vcf 9 of 200"), (200, "move-in c.vcf 9 of 9000")],
        &["350 a.vcf", "350 b.vcf", "450 c.vcf"],
    );
    story(
        "of one time by the number",
        &[(0, "move-in contacts-1.vcf 9"), (0, "move-in contacts-10.vcf 9"), (0, "move-in contacts.vcf 9")],
        &["250 contacts.vcf", "250 contacts-1.vcf", "250 contacts-10.vcf"],
    );
    story(
        "an older one that nobody finishes is waited for as long as it may settle by itself",
        &[
            (0, "move-in b.vcf 9 of 5000000"),
            (0, "write a.vcf 1"),
            (1000, "write a.vcf 2"),
            (2000, "write a.vcf 3"),
            (3000, "write a.vcf 4"),
        ],
        &["2250 b.vcf", "5000 a.vcf"],
    );
}

#[test]
fn a_browsers_temporary_name_is_never_taken() {
    story(
        "Chromium: Unconfirmed, then the name with an ending, then the name",
        &[
            (0, "write Unconfirmed.crdownload 5"),
            (500, "rename Unconfirmed.crdownload a.vcf.crdownload"),
            (9000, "close a.vcf.crdownload"),
            (9001, "rename a.vcf.crdownload a.vcf"),
        ],
        &["9251 a.vcf"],
    );
    story(
        "Firefox: an empty file keeps the name",
        &[
            (0, "write a.vcf 0"),
            (1, "close a.vcf"),
            (2, "write a.Q3rT.vcf.part 100"),
            (60_000, "close a.Q3rT.vcf.part"),
            (60_001, "rename a.Q3rT.vcf.part a.vcf"),
        ],
        &["60251 a.vcf"],
    );
    story(
        "Firefox: the download is cancelled",
        &[
            (0, "write a.vcf 0"),
            (1, "write a.vcf.part 100"),
            (5000, "remove a.vcf.part"),
            (5001, "remove a.vcf"),
        ],
        &[],
    );
    story(
        "a name of the program's own, renamed at once",
        &[(0, "write new-file 7"), (10, "close new-file"), (200, "rename new-file a.vcf")],
        &["450 a.vcf"],
    );
    story("a neighbour's download", &[(0, "write ab.vcf.part 0"), (0, "write a.vcf 0")], &["2000 a.vcf"]);
}

#[test]
fn a_file_that_nobody_reads_is_left_until_it_changes() {
    story(
        "touched again",
        &[(0, "move-in a.jpg 9"), (60_000, "close a.jpg"), (90_000, "write a.jpg 9")],
        &["250 a.jpg", "92000 a.jpg"],
    );
    story(
        "put off",
        &[(0, "move-in locked.vcf 9")],
        &["250 locked.vcf", "10250 locked.vcf", "20250 locked.vcf"],
    );
    story(
        "found to be changing by who read it",
        &[(0, "move-in big.vcf 9"), (400, "changing big.vcf"), (3000, "imported big.vcf")],
        &["250 big.vcf", "2400 big.vcf"],
    );
    story(
        "nothing is given out twice",
        &[(0, "move-in big.vcf 9"), (5000, "write big.vcf 9")],
        &["250 big.vcf"],
    );
}

#[test]
fn a_file_in_done_that_still_changes_is_taken_again() {
    story(
        "a slow copy goes on after the file was moved",
        &[
            (0, "write a.vcf 10"),
            (6000, "write done/a.vcf 20"),
            (7000, "write done/a.vcf 30"),
            (7500, "close done/a.vcf"),
        ],
        &["2000 a.vcf", "7750 done/a.vcf"],
    );
    story(
        "and again, without a watch",
        &[(0, "write a.vcf 10"), (60_000, "write done/a.vcf 20"), (120_000, "write done/a.vcf 30")],
        &["2000 a.vcf", "62000 done/a.vcf", "122000 done/a.vcf"],
    );
    story(
        "it changed between reading and moving",
        &[(0, "move-in big.vcf 10"), (300, "write big.vcf 20"), (301, "close big.vcf")],
        &["250 big.vcf"],
    );
    story("closed without a change", &[(0, "write a.vcf 10"), (3000, "close done/a.vcf")], &["2000 a.vcf"]);
    story(
        "the user takes it away, and puts another there",
        &[(0, "move-in a.vcf 10"), (1000, "remove done/a.vcf"), (2000, "write done/a.vcf 11")],
        &["250 a.vcf"],
    );
    story("long after", &[(0, "move-in a.vcf 10"), (700_000, "write done/a.vcf 11")], &["250 a.vcf"]);
}

#[test]
fn what_was_read_counts_and_not_what_was_moved() {
    let mut settle = Settle::new();
    let (at, done) = (Duration::from_secs, entry("done/a.vcf"));
    let read = Stamp { inode: 1, size: 10, modified: (0, 0) };
    settle.moved(at(1), &entry("a.vcf"), done.clone(), read);
    let grown = Seen { entry: done, stamp: Stamp { size: 20, ..read } };
    assert_eq!(settle.look(at(1), std::slice::from_ref(&grown)), Look { take: vec![], again: Some(at(3)) });
    assert_eq!(settle.look(at(3), std::slice::from_ref(&grown)).take, [grown]);
}

#[test]
fn temporary_names_are_told() {
    for (name, temporary) in [
        ("contacts.vcf", false),
        ("contacts.part.vcf", false),
        ("~contacts.vcf", false),
        (".contacts.vcf", true),
        (".goutputstream-ABC123", true),
        (".~lock.contacts.csv#", true),
        ("contacts.csv~", true),
        ("contacts.vcf.part", true),
        ("CONTACTS.VCF.PART", true),
        ("contacts.vcf.crdownload", true),
        ("contacts.vcf.opdownload", true),
        ("contacts.vcf.download", true),
        ("contacts.vcf.partial", true),
        ("contacts.vcf.filepart", true),
        ("contacts.tmp", true),
        ("contacts.vcf.report.txt", true),
    ] {
        assert_eq!(is_temporary(OsStr::new(name)), temporary, "{name}");
    }
}

#[test]
fn a_file_that_vanishes_while_it_is_in_work_is_the_takers_to_tell() {
    let mut settle = Settle::new();
    let at = Duration::from_secs;
    let seen = Seen { entry: entry("a.vcf"), stamp: Stamp { inode: 1, size: 1, modified: (0, 0) } };
    settle.look(at(0), std::slice::from_ref(&seen));
    assert_eq!(settle.look(at(2), std::slice::from_ref(&seen)).take.len(), 1);
    assert_eq!(settle.look(at(3), &[]), Look::default());
    settle.forgotten(&seen.entry);
    assert_eq!(settle.look(at(4), &[seen]).again, Some(at(6)));
}
