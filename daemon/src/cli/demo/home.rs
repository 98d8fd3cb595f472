//! The demo's throw-away home, and those that demos left which were killed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags, flock};
use tempfile::TempDir;

use crate::error::{Doing, Result};

/// How the names of throw-away homes begin.
const PREFIX: &str = "kith-demo-";

/// A file in each home that its demo holds locked for as long as it lives.
const LOCK: &str = "kith-demo.lock";

/// A home that is removed when this is dropped.
pub(super) struct Home {
    folder: TempDir,
    /// Held, and never looked at.
    _lock: File,
}

impl Home {
    /// Makes one in `among`, the folder for what is temporary.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(super) fn make(among: &Path) -> Result<Self> {
        let doing = || "make a throw-away home".to_owned();
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(among).doing(doing)?;
        // It gets its name when it is locked: no other demo ever sees it unlocked.
        let aside = folder.path().join(".lock");
        let lock = File::create_new(&aside).doing(doing)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(io::Error::from).doing(doing)?;
        fs::rename(&aside, folder.path().join(LOCK)).doing(doing)?;
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes from `among` the homes whose demo was killed: folders of that name
/// that are this user's, with a lock in them that nobody holds.
///
/// # Errors
/// If the folder cannot be read, or a home not be removed.
pub(super) fn tidy(among: &Path) -> Result<()> {
    for entry in fs::read_dir(among).doing(|| format!("look into {}", among.display()))?.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        // Held until the home is gone, so that two demos do not remove the same one.
        if let Some(_held) = abandoned(&path) {
            fs::remove_dir_all(&path)
                .doing(|| format!("remove {}, which a demo left that was killed", path.display()))?;
        }
    }
    Ok(())
}

/// The lock of a home that nobody lives in any more, taken.
fn abandoned(home: &Path) -> Option<File> {
    let user = rustix::process::geteuid().as_raw();
    // Of the folder itself, not of what a link leads to.
    let found = fs::symlink_metadata(home).ok().filter(|found| found.is_dir() && found.uid() == user)?;
    let no_link = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let lock =
        OpenOptions::new().read(true).custom_flags(no_link.cast_signed()).open(home.join(LOCK)).ok()?;
    let is_its_own =
        lock.metadata().is_ok_and(|lock| lock.is_file() && lock.dev() == found.dev() && lock.uid() == user);
    (is_its_own && flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok()).then_some(lock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn only_homes_of_demos_that_are_dead_are_removed() {
        let among = tempfile::tempdir().unwrap();
        let living = Home::make(among.path()).unwrap();
        let dead = Home::make(among.path()).unwrap();
        fs::create_dir_all(dead.path().join("deep/er")).unwrap();
        let left = dead.path().to_owned();
        let Home { folder, _lock } = dead;
        // As if it had been killed: the lock goes, the folder stays.
        let _ = folder.keep();
        drop(_lock);
        // Named so, and no home of a demo's.
        let [mine, link, file] =
            ["kith-demo-mine", "kith-demo-link", "kith-demo-file"].map(|name| among.path().join(name));
        fs::create_dir(&mine).unwrap();
        fs::write(mine.join("thesis"), "").unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join(LOCK), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
        fs::write(&file, "").unwrap();
        let other = among.path().join("another");
        fs::create_dir(&other).unwrap();
        fs::write(other.join(LOCK), "").unwrap();

        tidy(among.path()).unwrap();
        let there: BTreeSet<_> =
            fs::read_dir(among.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        let stays = [living.path().to_owned(), mine, link, file, other];
        assert!(!left.exists() && elsewhere.path().exists());
        assert_eq!(there, BTreeSet::from(stays));
    }
}
