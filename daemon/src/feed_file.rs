//! The feed as a file, for programs that read a calendar from disk.
//!
//! KOrganizer writes back into a calendar file unless it cannot: the file is
//! read-only, in a folder that is the user's alone, and every new version
//! takes the place of the old one in one step.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::error::{Doing, Error, Result};

/// The file's mode: its owner may read it.
const FILE_MODE: u32 = 0o400;

/// The folder's mode: only its owner may see what is in it.
const FOLDER_MODE: u32 = 0o700;

/// How the names of files begin that are being written: with a dot, as
/// programs that watch the folder pass such files over.
const PREFIX: &str = ".kith-";

/// How they end.
const SUFFIX: &str = ".tmp";

/// A file that is being written is renamed at once; one that is older is left over.
const LEFT: Duration = Duration::from_secs(60);

/// Makes `path` hold `bytes`, if it does not yet, and gives that file, open to
/// be read. A reader sees the old file or the new one, whole, even after a
/// power cut. The folder is made where it is missing.
///
/// # Errors
/// If the folder or the file cannot be made; the old file is then as it was.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder =
        folder.ok_or_else(|| Error::internal(format!("{} is in no folder of its own", path.display())))?;
    make_folder(folder).doing(|| format!("make the feed's folder {}", folder.display()))?;
    match already(path, bytes) {
        Some(file) => Ok(file),
        None => replace(folder, path, bytes).doing(|| format!("write the feed's file {}", path.display())),
    }
}

/// Removes what a process left in the feed's folder that was killed while it
/// wrote: files named as [`publish`] names them, older than a minute.
///
/// # Errors
/// If the folder cannot be read, or a file cannot be removed.
pub fn tidy(folder: &Path, now: SystemTime) -> Result<()> {
    let doing = || format!("tidy the feed's folder {}", folder.display());
    for entry in fs::read_dir(folder).doing(doing)? {
        let entry = entry.doing(doing)?;
        let name = entry.file_name();
        if name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)).is_none() {
            continue;
        }
        // Of the file itself, not of what a link leads to. One that is gone was renamed.
        let Ok(found) = entry.metadata() else { continue };
        let age = now.duration_since(found.modified().doing(doing)?).unwrap_or_default();
        if found.is_file() && age >= LEFT {
            fs::remove_file(entry.path()).doing(doing)?;
        }
    }
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(FOLDER_MODE).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let found = fs::metadata(folder)?;
    if !found.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    if found.permissions().mode() & 0o7777 != FOLDER_MODE {
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

/// The file, if it is as it should be. One that cannot be read is not, nor
/// is a link to another.
fn already(path: &Path, bytes: &[u8]) -> Option<File> {
    let found = fs::symlink_metadata(path).ok()?;
    let looks_right = found.is_file()
        && found.permissions().mode() & 0o7777 == FILE_MODE
        && found.len() == bytes.len() as u64;
    let file = looks_right.then(|| File::open(path).ok())??;
    is_same(&file, bytes).ok()?.then_some(file)
}

/// Compares piece by piece: a whole feed may have megabytes.
fn is_same(mut file: &File, mut bytes: &[u8]) -> io::Result<bool> {
    let mut piece = [0; 16 << 10];
    loop {
        let read = file.read(&mut piece)?;
        match bytes.split_at_checked(read) {
            _ if read == 0 => return Ok(bytes.is_empty()),
            Some((same, rest)) if *same == piece[..read] => bytes = rest,
            _ => return Ok(false),
        }
    }
}

fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(Permissions::from_mode(FILE_MODE))?;
    file.as_file().sync_all()?;
    let file = file.persist(path).map_err(|failed| failed.error)?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileExt, MetadataExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn text(file: &File) -> String {
        let mut bytes = [0; 3];
        file.read_exact_at(&mut bytes, 0).unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn the_file_is_read_only_and_replaced_only_when_it_differs() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/feed/follow-ups.ics");
        let inode = || fs::metadata(&path).unwrap().ino();

        let first = publish(&path, b"one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o400, 0o700));
        let inode_of_first = inode();
        let same = publish(&path, b"one").unwrap();
        assert_eq!((inode(), same.metadata().unwrap().ino()), (inode_of_first, inode_of_first));

        let second = publish(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!((text(&first), text(&same), text(&second)), ("one".into(), "one".into(), "two".into()));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_others_changed_is_put_right() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("feed/follow-ups.ics");
        publish(&path, b"one").unwrap();

        fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        publish(&path, b"one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o400, 0o700));

        let elsewhere = home.path().join("elsewhere");
        fs::write(&elsewhere, b"one").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&elsewhere, &path).unwrap();
        publish(&path, b"two").unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), b"one");
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        publish(&at("follow-ups.ics"), b"one").unwrap();
        for name in [".kith-Abc123.tmp", ".kith-x.ics", "kith-y.tmp", ".other.tmp", "mine.ics"] {
            fs::write(at(name), b"").unwrap();
        }
        fs::create_dir(at(".kith-folder.tmp")).unwrap();
        symlink(at("mine.ics"), at(".kith-link.tmp")).unwrap();
        let names = || {
            let mut names: Vec<_> =
                fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = names();
        // Somebody may be writing it at this moment.
        tidy(folder.path(), SystemTime::now()).unwrap();
        tidy(folder.path(), SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(names(), before);
        tidy(folder.path(), SystemTime::now() + LEFT).unwrap();
        let left: Vec<_> = before.into_iter().filter(|name| name != ".kith-Abc123.tmp").collect();
        assert_eq!(names(), left);
        assert!(tidy(&at("nowhere"), SystemTime::now()).is_err());
    }

    #[test]
    fn an_error_names_the_file_and_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("follow-ups.ics");
        fs::create_dir(&path).unwrap();
        let error = publish(&path, b"one").unwrap_err();
        assert!(error.message().starts_with(&format!("could not write the feed's file {}", path.display())));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);

        fs::write(home.path().join("a-file"), b"").unwrap();
        let error = publish(&home.path().join("a-file/follow-ups.ics"), b"one").unwrap_err();
        assert!(error.message().starts_with("could not make the feed's folder"), "{error}");
        assert!(publish(Path::new("follow-ups.ics"), b"").is_err());
    }
}
