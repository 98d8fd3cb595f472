//! The database's file: made whole under its name, and never made anew over
//! what may be the rest of an old one.
//!
//! SQLite takes a file without a byte for a new database, and deletes a log
//! that lies beside it. To a user such a file is what a full disk, a broken
//! synchronisation or a slip in the shell left of all their contacts. kith
//! itself never leaves one: a new database gets its name only with its first
//! page in it.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::Store;
use crate::core::feed::Name;
use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

/// Where the way back is told, in every error of this module.
const MORE: &str = "docs/database.md, Backup and restore, tells more";

impl Store {
    /// The user's own database, made if there is none. That it was missing
    /// although kith was used before is said in the log: who deletes it means
    /// to begin anew, and who does not should know.
    ///
    /// # Errors
    /// As [`Store::open_even_read_only`].
    pub fn of(paths: &Paths) -> Result<Self> {
        // Whatever writes to the database publishes it. Looked at first: while this
        // process makes the database, another may write to it and publish.
        let was_used = paths.calendar(Name::FollowUps).exists();
        let store = Self::open_even_read_only(&paths.database())?;
        if store.is_new && was_used {
            tracing::warn!(
                "contacts.db was gone, and a new, empty one was begun; \
                 if you did not delete it, put a backup in its place ({MORE})"
            );
        }
        Ok(store)
    }

    /// Whether what was opened is still the user's database: with another file
    /// under its name, what is written here would be lost.
    ///
    /// # Errors
    /// If there is none, or it is empty.
    pub fn is_in_place(&self) -> Result<bool> {
        let there = found(fs::metadata(&self.path)).doing(|| format!("look at {}", self.path.display()))?;
        match there {
            None => Err(Error::user(format!("{} is gone", self.path.display())).hint(format!(
                "put it back, or a backup in its place; to begin anew, restart the service ({MORE})"
            ))),
            Some(file) if file.len() == 0 => {
                Err(emptied().while_doing(&format!("use the database {}", self.path.display())))
            }
            Some(file) => Ok(identity_of(&file) == self.file),
        }
    }

    /// Opens what lies under the database's name now, and lets go of what did.
    ///
    /// # Errors
    /// As [`Store::open`]; the store is of no use until it was reopened.
    pub fn reopen(&mut self) -> Result<()> {
        // SQLite would tidy up by name: what lies beside the old file may belong to the new one by now.
        self.leave_as_it_is()?;
        // And it drops the locks of a process on a file with the first descriptor that is closed.
        self.conn = Connection::open_in_memory().doing(|| "let go of the old database".to_owned())?;
        self.file = NOTHING;
        *self = Self::open(&self.path)?.acting_for(self.origin);
        Ok(())
    }
}

/// What tells one file from another, whatever their names.
pub(super) type Identity = (u64, u64);

/// That of no file.
const NOTHING: Identity = (0, 0);

/// The identity of the file at `path`.
///
/// # Errors
/// If it cannot be looked at.
pub(super) fn identity(path: &Path) -> Result<Identity> {
    let file = fs::metadata(path).doing(|| format!("look at {}", path.display()))?;
    Ok(identity_of(&file))
}

fn identity_of(file: &Metadata) -> Identity {
    (file.dev(), file.ino())
}

/// Makes sure that there is a database at `path`; tells whether it had to be made.
///
/// # Errors
/// If what is there cannot be a database, or is the rest of one.
pub(super) fn make_sure_of(path: &Path) -> Result<bool> {
    let look = || format!("look at {}", path.display());
    let log = beside(path, "-wal");
    // The log first: where another process makes the database just now, the file is there before its log.
    let log_is_left = found(fs::symlink_metadata(&log)).doing(look)?.is_some_and(|log| log.len() > 0);
    match found(fs::metadata(path)).doing(look)? {
        Some(file) if file.len() > 0 || !file.is_file() => return Ok(false),
        Some(_) => return Err(emptied()),
        None => {}
    }
    if found(fs::symlink_metadata(path)).doing(look)?.is_some_and(|link| link.is_symlink()) {
        return Err(Error::user("it is a link to a file that is not there").hint(
            "bring that file back (is its disk mounted?), or remove the link to begin with an empty database",
        ));
    }
    if log_is_left {
        return Err(Error::user("it is gone, but what was last written to it is still in contacts.db-wal; kith leaves that as it is")
            .hint(format!("bring contacts.db back to where it was; or, to begin anew, move contacts.db-wal away too ({MORE})")));
    }
    make(path).doing(|| "make it".to_owned())
}

/// The error for a file without a byte. It is never touched.
fn emptied() -> Error {
    Error::user("it is empty (0 bytes): something took all that was in it, and kith leaves it as it is").hint(format!(
        "stop the service and put a backup in its place; contacts.db-wal, if it is there, may hold what was last \
         written: keep it elsewhere. To begin anew, delete the empty contacts.db ({MORE})"
    ))
}

/// Makes an empty database. Of two processes one wins, and both find the same.
fn make(path: &Path) -> Result<bool> {
    let doing = || "write it".to_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // For its owner alone, as such files are; SQLite would leave it readable to others.
    let aside = tempfile::Builder::new().prefix(".contacts.db-").tempfile_in(folder).doing(doing)?;
    let conn = Connection::open(aside.path()).doing(doing)?;
    // This writes the first page, and waits until it is on the disk.
    conn.execute_batch("PRAGMA journal_mode = WAL").doing(doing)?;
    conn.close().map_err(|(_, error)| error).doing(doing)?;
    match aside.persist_noclobber(path) {
        Ok(_) => File::open(folder).and_then(|folder| folder.sync_all()).doing(doing).map(|()| true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error).doing(doing),
    }
}

/// A file's name with something behind it, as SQLite names its logs.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// That something is not there is an answer, not an error.
fn found(looked: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    match looked {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        looked => looked.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_may_be_the_rest_of_a_database_is_refused_untouched() {
        type Files = &'static [(&'static str, &'static [u8])];
        let cases: [(&str, Files, &str); 4] = [
            ("an emptied file", &[("contacts.db", b"")], "0 bytes"),
            ("an emptied file with its log", &[("contacts.db", b""), ("contacts.db-wal", b"log")], "0 bytes"),
            ("a log alone", &[("contacts.db-wal", b"log")], "contacts.db-wal"),
            ("a link to nowhere", &[], "link"),
        ];
        for (case, files, says) in cases {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("contacts.db");
            for (name, bytes) in files {
                fs::write(folder.path().join(name), bytes).unwrap();
            }
            if files.is_empty() {
                symlink(folder.path().join("elsewhere.db"), &path).unwrap();
            }
            let error = Store::open(&path).err().unwrap().to_string();
            assert!(error.contains(says) && error.contains("Hint: "), "{case}: {error}");
            assert!(error.contains(&path.display().to_string()), "{case}: {error}");
            let left = fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(left, files.len().max(1), "{case}: nothing is added");
            for (name, bytes) in files {
                assert_eq!(fs::read(folder.path().join(name)).unwrap(), *bytes, "{case}: {name}");
            }
        }
    }

    #[test]
    fn a_database_is_new_once_and_an_empty_log_is_nobodys_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contacts.db");
        fs::write(beside(&path, "-wal"), "").unwrap();
        assert!(Store::open(&path).unwrap().is_new);
        assert!(!Store::open(&path).unwrap().is_new);
    }

    #[test]
    fn a_database_has_its_first_page_before_it_has_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contacts.db");
        assert!(make_sure_of(&path).unwrap());
        assert!(fs::metadata(&path).unwrap().len() >= 512);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "and nothing lies beside it");
        assert!(!make_sure_of(&path).unwrap());
        assert!(!make(&path).unwrap(), "another process was faster");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn many_may_begin_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contacts.db");
        let new = std::thread::scope(|scope| {
            let begin = || scope.spawn(|| Store::open(&path).unwrap().is_new);
            let threads: Vec<_> = (0..4).map(|_| begin()).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).filter(|new| *new).count()
        });
        assert_eq!(new, 1);
    }
}
