//! The drop-in folder: what lies in it, what may be taken, and where it goes.
//!
//! [`Settle`] decides when a file is complete; [`Inbox`] looks at the files,
//! opens them safely, puts them away and writes the report beside them. What
//! to do with a file, and what a report says, is for others.

mod open;
mod order;
mod put_away;
mod settle;
mod waiting;

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::core::text::shell_word;
use crate::error::{Doing, Error, Result};

pub(crate) use open::too_large;
pub use open::{Opened, open_regular};
pub use put_away::Put;
pub use settle::{Entry, Folder, Look, Seen, Settle, Stamp, WATCHED};
pub use waiting::Waiting;

/// The drop-in folder with `done/` and `failed/` in it.
#[derive(Debug, Clone)]
pub struct Inbox {
    root: PathBuf,
}

impl Folder {
    /// The folder's name in the inbox; none for the inbox itself.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Inbox => None,
            Self::Done => Some("done"),
            Self::Failed => Some("failed"),
        }
    }
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

impl Inbox {
    /// The inbox at `root`, made if it is not there: with the folders in it,
    /// open to nobody but the user (0700).
    ///
    /// # Errors
    /// If a folder cannot be made.
    pub fn open(root: PathBuf) -> Result<Self> {
        let inbox = Self { root };
        for folder in [Folder::Inbox, Folder::Done, Folder::Failed] {
            inbox.make(folder)?;
        }
        Ok(inbox)
    }

    fn make(&self, folder: Folder) -> Result<()> {
        let path = self.folder(folder);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .doing(|| format!("make the folder {}", path.display()))
    }

    /// The path of a folder; the file watch wants all three.
    #[must_use]
    pub fn folder(&self, folder: Folder) -> PathBuf {
        folder.name().map_or_else(|| self.root.clone(), |name| self.root.join(name))
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, entry: &Entry) -> PathBuf {
        self.folder(entry.folder).join(&entry.name)
    }

    /// What [`Settle::look`] wants to see: everything that was dropped, of
    /// whatever kind, and of the `watched` files what still exists. An inbox
    /// that is gone is made again.
    ///
    /// # Errors
    /// If the folder cannot be read or made. No file is named: this error may be logged.
    pub fn seen<'a>(&self, watched: impl Iterator<Item = &'a Entry>) -> Result<Vec<Seen>> {
        let doing = || format!("look into the folder {}", self.root.display());
        let mut seen = Vec::new();
        let Some(entries) = if_there(fs::read_dir(&self.root)).doing(doing)? else {
            [Folder::Inbox, Folder::Done, Folder::Failed]
                .into_iter()
                .try_for_each(|folder| self.make(folder))?;
            return Ok(seen);
        };
        for entry in entries {
            let name = entry.doing(doing)?.file_name();
            if [Folder::Done, Folder::Failed]
                .iter()
                .any(|folder| folder.name().is_some_and(|own| name == own))
            {
                continue;
            }
            let entry = Entry { folder: Folder::Inbox, name };
            if let Some(stamp) = self.stamp(&entry).doing(doing)? {
                seen.push(Seen { entry, stamp });
            }
        }
        for entry in watched {
            if let Some(stamp) = self.stamp(entry).doing(doing)? {
                seen.push(Seen { entry: entry.clone(), stamp });
            }
        }
        Ok(seen)
    }

    fn stamp(&self, entry: &Entry) -> io::Result<Option<Stamp>> {
        let metadata = if_there(fs::symlink_metadata(self.path(entry)))?;
        Ok(metadata.as_ref().map(Stamp::of))
    }

    /// Opens a file for reading; `None` if it is no longer there.
    ///
    /// # Errors
    /// As [`open_regular`]; of a folder with the command that imports it from where it is put then.
    pub fn open_file(&self, entry: &Entry, max_size: u64) -> Result<Option<Opened>> {
        let path = self.path(entry);
        open_regular(&path, max_size).map_err(|error| {
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
            let put = is_folder.then(|| self.free(entry, Folder::Failed).ok()).flatten();
            let Some(put) = put else { return error };
            let path = self.path(&put).display().to_string();
            Error::user(error.message())
                .hint(format!("import it from where it is now: kith import {}", shell_word(&path)))
        })
    }
}

/// That something is not there is an answer, not an error.
fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file's name for a message.
fn shown(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn names(seen: &[Seen]) -> Vec<&str> {
        let mut names: Vec<&str> = seen.iter().map(|seen| seen.entry.name.to_str().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_folders_are_made_for_the_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(home.path().join("deep/inbox")).unwrap();
        for folder in [Folder::Inbox, Folder::Done, Folder::Failed] {
            let mode = fs::metadata(inbox.folder(folder)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{folder:?}");
        }
        Inbox::open(home.path().join("deep/inbox")).unwrap();
    }

    #[test]
    fn a_file_in_the_way_of_a_folder_is_an_error_that_names_it() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("done"), "").unwrap();
        let error = Inbox::open(home.path().to_owned()).unwrap_err().to_string();
        assert!(error.contains("could not make the folder") && error.contains("/done"), "{error}");
    }

    #[test]
    fn everything_dropped_and_everything_watched_is_seen() {
        let home = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(home.path().to_owned()).unwrap();
        fs::write(home.path().join("a.vcf"), "four").unwrap();
        fs::create_dir(home.path().join("folder.vcf")).unwrap();
        std::os::unix::fs::symlink("nowhere", home.path().join("link.vcf")).unwrap();
        fs::write(home.path().join("done/b.vcf"), "b").unwrap();
        fs::write(home.path().join("done/c.vcf"), "c").unwrap();
        let watched = ["b.vcf", "gone.vcf"].map(|name| Entry { folder: Folder::Done, name: name.into() });
        let seen = inbox.seen(watched.iter()).unwrap();
        assert_eq!(names(&seen), ["a.vcf", "b.vcf", "folder.vcf", "link.vcf"]);
        assert!(seen.iter().any(|seen| seen.entry.name == "a.vcf" && seen.stamp.size == 4));
    }

    #[test]
    fn a_file_goes_through_the_folder_as_it_settles() {
        let home = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(home.path().to_owned()).unwrap();
        let mut settle = Settle::new();
        let at = std::time::Duration::from_secs;
        let look = |settle: &mut Settle, now| settle.look(at(now), &inbox.seen(settle.watched()).unwrap());

        fs::write(home.path().join("a.vcf"), "first").unwrap();
        assert_eq!(look(&mut settle, 0).again, Some(at(2)));
        let taken = look(&mut settle, 2).take.remove(0);
        let opened = inbox.open_file(&taken.entry, 100).unwrap().unwrap();
        assert_eq!(opened.stamp, taken.stamp);
        let put = inbox.put_away(&taken.entry, Folder::Done, opened.stamp, "report").unwrap().unwrap();
        settle.moved(at(2), &taken.entry, put.entry, put.stamp);
        assert_eq!(look(&mut settle, 2).take, []);

        fs::write(home.path().join("done/a.vcf"), "first and second").unwrap();
        assert_eq!(look(&mut settle, 4).take, []);
        let again = look(&mut settle, 6).take.remove(0);
        assert_eq!(again.entry, Entry { folder: Folder::Done, name: "a.vcf".into() });
        assert_eq!(again.stamp.size, 16);
    }
}
