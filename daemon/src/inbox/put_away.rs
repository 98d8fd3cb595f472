//! What becomes of a file that was taken.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use crate::error::{Doing, Error, Result};

use super::settle::{Entry, Folder, Stamp, is_temporary};
use super::{Inbox, if_there, open_regular, shown};

/// The bytes that a name may have on any Linux file system.
const LONGEST_NAME: usize = 255;

/// What a report's name has after the name of its file.
const REPORT: &str = ".report.txt";

/// Where a file was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Where it lies now.
    pub entry: Entry,
    /// What it is there if nobody has written to it since it was read; for
    /// [`Settle::moved`](super::Settle::moved).
    pub stamp: Stamp,
}

/// What becomes of a report that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Earlier {
    Replace,
    Keep,
}

impl Inbox {
    /// Moves a file to another folder of the inbox, with a report on it beside
    /// it, under its own name or, where that is taken, as `name (2).vcf` and so
    /// on: nothing is ever overwritten. A file that lies there already stays,
    /// and the report takes the place of its earlier one. `None` if it is no
    /// longer there.
    ///
    /// The report comes first, so that no file ever lies there without one,
    /// whatever ends the process between. A report whose file never followed
    /// stays: it may be all that tells of an import.
    ///
    /// `read` is what it was when it was opened to be read.
    ///
    /// # Errors
    /// If the report cannot be written or the file be moved; it is then where it was.
    pub fn put_away(&self, from: &Entry, to: Folder, read: Stamp, report: &str) -> Result<Option<Put>> {
        if from.folder == to {
            self.write_report(from, report, Earlier::Replace)?;
            return Ok(Some(Put { entry: from.clone(), stamp: read }));
        }
        self.make(to)?;
        let source = self.path(from);
        let doing = || format!("move {} to {}", shown(&source), shown(&self.folder(to)));
        for number in 1.. {
            let entry = Entry { folder: to, name: numbered(&from.name, number) };
            if self.is_taken(&entry)? {
                continue;
            }
            if !self.write_report(&entry, report, Earlier::Keep)? {
                continue;
            }
            let renamed = rename(&source, &self.path(&entry), read).doing(doing);
            if let Ok(Renamed::To(stamp)) = renamed {
                return Ok(Some(Put { entry, stamp }));
            }
            // There is nothing that it would be a report on.
            if_there(fs::remove_file(self.report(&entry))).doing(doing)?;
            if let Renamed::Gone = renamed? {
                return Ok(None);
            }
        }
        Err(Error::internal("there is no free name")).doing(doing)
    }

    /// Where a file would be put in another folder.
    ///
    /// # Errors
    /// If that folder cannot be looked into.
    pub(super) fn free(&self, from: &Entry, to: Folder) -> Result<Entry> {
        for number in 1.. {
            let entry = Entry { folder: to, name: numbered(&from.name, number) };
            if !self.is_taken(&entry)? {
                return Ok(entry);
            }
        }
        Err(Error::internal("there is no free name"))
    }

    /// Whether a file or its report lies there.
    fn is_taken(&self, entry: &Entry) -> Result<bool> {
        let is_there = |path: &Path| if_there(fs::symlink_metadata(path)).map(|found| found.is_some());
        let found = is_there(&self.path(entry)).and_then(|file| Ok(file || is_there(&self.report(entry))?));
        found.doing(|| format!("look into the folder {}", shown(&self.folder(entry.folder))))
    }

    /// Writes the report on a file beside where it lies, or is to lie, readable
    /// for the user alone (0600), whole or not at all. Tells whether it did.
    fn write_report(&self, on: &Entry, text: &str, earlier: Earlier) -> Result<bool> {
        let path = self.report(on);
        let write = || {
            let mut file = tempfile::Builder::new().prefix(".report").tempfile_in(self.folder(on.folder))?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            let named = match earlier {
                Earlier::Replace => file.persist(&path),
                Earlier::Keep => file.persist_noclobber(&path),
            };
            match named.map_err(|error| error.error) {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(error),
            }
        };
        write().doing(|| format!("write the report {}", shown(&path)))
    }

    fn report(&self, on: &Entry) -> PathBuf {
        self.folder(on.folder).join(with_ending(on.name.as_bytes(), REPORT.as_bytes(), LONGEST_NAME))
    }

    /// The files that were put into `done/` and `failed/` since a moment, for a
    /// service that did not see it. One that was written to after its report,
    /// or that has none, has the stamp [`Stamp::NONE`]: what it was when it was
    /// read is not known, and it is to be taken again.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn put_since(&self, since: Timestamp) -> Result<Vec<Put>> {
        let mut put = Vec::new();
        for folder in [Folder::Done, Folder::Failed] {
            let path = self.folder(folder);
            let doing = || format!("look into the folder {}", shown(&path));
            for found in if_there(fs::read_dir(&path)).doing(doing)?.into_iter().flatten() {
                let entry = Entry { folder, name: found.doing(doing)?.file_name() };
                let metadata = if_there(fs::symlink_metadata(self.path(&entry))).doing(doing)?;
                let recent = |found: &Metadata| found.is_file() && found.ctime() >= since.as_second();
                let Some(metadata) = metadata.filter(recent).filter(|_| !is_temporary(&entry.name)) else {
                    continue;
                };
                let report = if_there(fs::symlink_metadata(self.report(&entry))).doing(doing)?;
                let modified = |found: &Metadata| (found.mtime(), found.mtime_nsec());
                let is_reported = report.is_some_and(|report| modified(&report) >= modified(&metadata));
                let stamp = if is_reported { Stamp::of(&metadata) } else { Stamp::NONE };
                put.push(Put { entry, stamp });
            }
        }
        Ok(put)
    }

    /// Removes what has lain in `done/` and `failed/` for `keep_days` days,
    /// reports included, and returns how many files that were. A file's age
    /// counts from when it was put there; folders are never removed.
    ///
    /// # Errors
    /// The first, after everything else was removed.
    pub fn tidy(&self, keep_days: u16, now: Timestamp) -> Result<u64> {
        let keep = i64::from(keep_days) * 24 * 60 * 60;
        let mut removed = 0;
        let mut first = Ok(());
        for folder in [Folder::Done, Folder::Failed].map(|folder| self.folder(folder)) {
            let doing = || format!("tidy the folder {}", shown(&folder));
            let Some(entries) = if_there(fs::read_dir(&folder)).doing(doing)? else {
                continue;
            };
            for entry in entries {
                match entry.and_then(|entry| remove_if_old(&entry.path(), now.as_second() - keep)) {
                    Ok(was_removed) => removed += u64::from(was_removed),
                    Err(error) if first.is_ok() => first = Err(error).doing(doing),
                    Err(_) => {}
                }
            }
        }
        first.map(|()| removed)
    }
}

/// Removes a file that was put where it is before a moment.
fn remove_if_old(path: &Path, before: i64) -> io::Result<bool> {
    let Some(metadata) = if_there(fs::symlink_metadata(path))? else {
        return Ok(false);
    };
    // Not the time of its content, which a copy keeps: the inode changes when it is renamed.
    if metadata.is_dir() || metadata.ctime() > before {
        return Ok(false);
    }
    Ok(if_there(fs::remove_file(path))?.is_some())
}

enum Renamed {
    /// It was, and is this if nobody wrote to it meanwhile.
    To(Stamp),
    /// The name is in use.
    Taken,
    /// There is nothing to rename.
    Gone,
}

fn rename(source: &Path, target: &Path, read: Stamp) -> Result<Renamed> {
    match renameat_with(CWD, source, CWD, target, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(Renamed::To(read)),
        Err(Errno::EXIST) => Ok(Renamed::Taken),
        Err(Errno::NOENT) => Ok(Renamed::Gone),
        // Another disk, or a file system that cannot rename without replacing.
        Err(Errno::XDEV | Errno::INVAL | Errno::NOSYS) => copy(source, target, read),
        Err(error) => Err(io::Error::from(error)).doing(|| "rename it".to_owned()),
    }
}

/// Moves a file by copying it; the original goes only when the copy is safe.
fn copy(source: &Path, target: &Path, read: Stamp) -> Result<Renamed> {
    let Some(mut from) = open_regular(source, u64::MAX)? else {
        return Ok(Renamed::Gone);
    };
    let doing = || "copy it".to_owned();
    let mut to = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(target) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Renamed::Taken),
        to => to.doing(doing)?,
    };
    let copied = fill(&mut from.file, &mut to).doing(doing).and_then(|stamp| {
        // A writer would go on in the original, which must then not be removed.
        let now = Stamp::of(&from.file.metadata().doing(doing)?);
        if now != read {
            return Err(
                Error::user("it is still being written to").hint("it is taken again once it is complete")
            );
        }
        fs::remove_file(source).doing(|| "remove the original".to_owned())?;
        Ok(stamp)
    });
    if copied.is_err() {
        // The original is still there, and its error is the one to tell.
        let _ = fs::remove_file(target);
    }
    copied.map(Renamed::To)
}

/// Makes a file's content and its time the same as another's, down to the disk.
fn fill(from: &mut File, to: &mut File) -> io::Result<Stamp> {
    io::copy(from, to)?;
    to.set_modified(from.metadata()?.modified()?)?;
    to.sync_all()?;
    Ok(Stamp::of(&to.metadata()?))
}

/// The name with a number before its ending: `name (2).vcf`; as it is for 1.
fn numbered(name: &OsStr, number: u32) -> OsString {
    if number == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    let stem = path.file_stem().unwrap_or(name);
    let mut ending = format!(" ({number})").into_bytes();
    if let Some(extension) = path.extension() {
        ending.push(b'.');
        ending.extend_from_slice(extension.as_bytes());
    }
    // So that the whole of it is in its report's name: another number is another report.
    with_ending(stem.as_bytes(), &ending, LONGEST_NAME - REPORT.len())
}

/// A name with something after it, shortened where both together are too long.
fn with_ending(name: &[u8], ending: &[u8], longest: usize) -> OsString {
    let mut end = name.len().min(longest.saturating_sub(ending.len()));
    // Not within a character of UTF-8.
    while end < name.len() && end > 0 && name[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    OsString::from_vec([&name[..end], ending].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    fn inbox() -> (TempDir, Inbox) {
        let home = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(home.path().join("inbox")).unwrap();
        (home, inbox)
    }

    fn drop_in(inbox: &Inbox, name: &str, text: &str) -> (Entry, Stamp) {
        let entry = Entry { folder: Folder::Inbox, name: name.into() };
        fs::write(inbox.path(&entry), text).unwrap();
        let stamp = inbox.stamp(&entry).unwrap().unwrap();
        (entry, stamp)
    }

    #[test]
    fn nothing_is_ever_overwritten() {
        let (_home, inbox) = inbox();
        for (text, expected) in [("1", "a.b.vcf"), ("2", "a.b (2).vcf"), ("3", "a.b (3).vcf")] {
            let (entry, stamp) = drop_in(&inbox, "a.b.vcf", text);
            let put = inbox.put_away(&entry, Folder::Done, stamp, "report").unwrap().unwrap();
            assert_eq!(put.entry.name, expected);
            assert_eq!(inbox.stamp(&put.entry).unwrap(), Some(put.stamp));
            assert!(inbox.stamp(&entry).unwrap().is_none());
            assert_eq!(inbox.put_away(&put.entry, Folder::Done, stamp, "again").unwrap(), Some(put));
        }
        for (name, text) in [("a.b.vcf", "1"), ("a.b (2).vcf", "2"), ("a.b (3).vcf", "3")] {
            let path = inbox.folder(Folder::Done).join(name);
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            assert_eq!(fs::read_to_string(path.display().to_string() + REPORT).unwrap(), "again");
        }
    }

    #[test]
    fn what_is_gone_is_no_error_and_a_folder_that_is_gone_is_made_again() {
        let (_home, inbox) = inbox();
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "x");
        fs::remove_dir(inbox.folder(Folder::Failed)).unwrap();
        assert!(inbox.put_away(&entry, Folder::Failed, stamp, "first").unwrap().is_some());
        assert!(inbox.put_away(&entry, Folder::Failed, stamp, "second").unwrap().is_none());
        let left = fs::read_dir(inbox.folder(Folder::Failed)).unwrap().count();
        assert_eq!(left, 2, "the file and its report, and no report on what was gone");
    }

    #[test]
    fn a_copy_takes_the_place_of_a_rename_that_is_not_possible() {
        let (home, inbox) = inbox();
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "text");
        let (source, target) = (inbox.path(&entry), home.path().join("b.vcf"));

        fs::write(&target, "another's").unwrap();
        assert!(matches!(copy(&source, &target, stamp).unwrap(), Renamed::Taken));
        fs::remove_file(&target).unwrap();

        let other = Stamp { size: 3, ..stamp };
        assert!(
            copy(&source, &target, other).is_err_and(|error| error.message().contains("still being written"))
        );
        assert!(source.exists() && !target.exists());

        let Renamed::To(copied) = copy(&source, &target, stamp).unwrap() else { panic!("not copied") };
        assert_eq!((copied.size, copied.modified), (stamp.size, stamp.modified));
        assert_eq!(fs::read_to_string(&target).unwrap(), "text");
        assert!(!source.exists());
        assert!(matches!(copy(&source, &target, stamp).unwrap(), Renamed::Gone));
    }

    #[test]
    fn a_report_is_the_users_alone_and_replaces_that_on_the_same_file() {
        let (_home, inbox) = inbox();
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "x");
        let put = inbox.put_away(&entry, Folder::Done, stamp, "first").unwrap().unwrap();
        inbox.put_away(&put.entry, Folder::Done, stamp, "second").unwrap();
        let path = inbox.folder(Folder::Done).join("a.vcf.report.txt");
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(inbox.folder(Folder::Done)).unwrap().count(), 2);
    }

    #[test]
    fn a_file_stays_where_it_is_if_its_report_cannot_be_written() {
        let (_home, inbox) = inbox();
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "x");
        // Nobody, root neither, makes a file in there.
        fs::remove_dir(inbox.folder(Folder::Failed)).unwrap();
        std::os::unix::fs::symlink("/proc/self", inbox.folder(Folder::Failed)).unwrap();
        let error = inbox.put_away(&entry, Folder::Failed, stamp, "why").unwrap_err();
        assert!(error.message().starts_with("could not write the report"), "{error}");
        assert_eq!(inbox.stamp(&entry).unwrap(), Some(stamp));
    }

    #[test]
    fn a_report_whose_file_never_followed_is_kept() {
        let (_home, inbox) = inbox();
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "x");
        // As if the power had failed between the two.
        let early = Entry { folder: Folder::Done, ..entry.clone() };
        inbox.write_report(&early, "3 new", Earlier::Keep).unwrap();
        let put = inbox.put_away(&entry, Folder::Done, stamp, "3 unchanged").unwrap().unwrap();
        assert_eq!(put.entry.name, "a (2).vcf");
        for (of, text) in [(&early, "3 new"), (&put.entry, "3 unchanged")] {
            assert_eq!(fs::read_to_string(inbox.report(of)).unwrap(), text);
        }
    }

    #[test]
    fn a_service_that_starts_finds_what_was_put_away_before() {
        let (_home, inbox) = inbox();
        let since = Timestamp::now() - jiff::SignedDuration::from_mins(10);
        let put = |name: &str, report: bool| {
            let (entry, stamp) = drop_in(&inbox, name, "x");
            let put = inbox.put_away(&entry, Folder::Done, stamp, "report").unwrap().unwrap();
            if !report {
                fs::remove_file(inbox.report(&put.entry)).unwrap();
            }
            put
        };
        let (as_read, removed) = (put("a.vcf", true), put("b.vcf", false));
        let written = put("c.vcf", true);
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
        File::options().write(true).open(inbox.path(&written.entry)).unwrap().set_modified(later).unwrap();
        fs::create_dir(inbox.folder(Folder::Failed).join("folder.vcf")).unwrap();

        let mut found = inbox.put_since(since).unwrap();
        found.sort_by(|one, other| one.entry.cmp(&other.entry));
        let again = [removed, written].map(|put| Put { stamp: Stamp::NONE, ..put });
        assert_eq!(found, [vec![as_read], again.to_vec()].concat());
        let tomorrow = Timestamp::now() + jiff::SignedDuration::from_hours(24);
        assert_eq!(inbox.put_since(tomorrow).unwrap(), []);
    }

    #[test]
    fn names_are_shortened_where_they_would_be_too_long() {
        let long = format!("{}.vcf", "ä".repeat(125));
        let second = numbered(OsStr::new(&long), 2);
        assert!(second.to_str().unwrap().ends_with("ä (2).vcf") && second.len() <= LONGEST_NAME);
        let report = with_ending(second.as_bytes(), REPORT.as_bytes(), LONGEST_NAME);
        assert!(report.to_str().unwrap().ends_with("ä (2).vcf.report.txt") && report.len() <= LONGEST_NAME);
        let report = with_ending(long.as_bytes(), REPORT.as_bytes(), LONGEST_NAME);
        assert!(report.to_str().unwrap().ends_with("ä.report.txt") && report.len() <= LONGEST_NAME);
        assert_eq!(numbered(OsStr::new("no ending"), 2), "no ending (2)");
        assert_eq!(numbered(OsStr::new("a.tar.gz"), 3), "a.tar (3).gz");
    }

    #[test]
    fn what_was_kept_long_enough_goes() {
        let (_home, inbox) = inbox();
        let day = jiff::SignedDuration::from_hours(24);
        let (entry, stamp) = drop_in(&inbox, "a.vcf", "x");
        // The age of the content does not count.
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        File::options().write(true).open(inbox.path(&entry)).unwrap().set_modified(long_ago).unwrap();
        inbox.put_away(&entry, Folder::Done, stamp, "report").unwrap();
        fs::create_dir(inbox.folder(Folder::Failed).join("folder.vcf")).unwrap();
        drop_in(&inbox, "waiting.vcf", "x");
        let now = Timestamp::now();
        assert_eq!(inbox.tidy(30, now).unwrap(), 0);
        assert_eq!(inbox.tidy(30, now + day * 29).unwrap(), 0);
        assert_eq!(inbox.tidy(30, now - day * 365).unwrap(), 0);
        assert_eq!(inbox.tidy(30, now + day * 31).unwrap(), 2);
        assert!(inbox.folder(Folder::Failed).join("folder.vcf").exists());
        assert!(inbox.folder(Folder::Inbox).join("waiting.vcf").exists());
    }
}
