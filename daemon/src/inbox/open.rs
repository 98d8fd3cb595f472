//! Opening a file that anybody may have put there.

use std::fs::{self, File, FileType, OpenOptions};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::{Doing, Error, Result};

use super::settle::Stamp;
use super::{if_there, shown};

/// A file opened for reading.
#[derive(Debug)]
pub struct Opened {
    /// The file.
    pub file: File,
    /// What it is as of now; by this a later change is told.
    pub stamp: Stamp,
}

/// Opens an ordinary file of at most `max_size` bytes for reading, without
/// following a symbolic link and without waiting for anything; `None` if it is
/// no longer there.
///
/// # Errors
/// If it is something else than a file, too large, or may not be read.
pub fn open_regular(path: &Path, max_size: u64) -> Result<Option<Opened>> {
    let doing = || format!("open {}", shown(path));
    // Looked at before it is opened: opening a device can do something.
    let Some(metadata) = if_there(fs::symlink_metadata(path)).doing(doing)? else {
        return Ok(None);
    };
    regular(metadata.file_type()).doing(doing)?;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    let Some(file) = if_there(opened).doing(doing)? else {
        return Ok(None);
    };
    let metadata = file.metadata().doing(doing)?;
    regular(metadata.file_type()).doing(doing)?;
    if metadata.len() > max_size {
        return Err(too_large(metadata.len(), max_size)).doing(doing);
    }
    Ok(Some(Opened { file, stamp: Stamp::of(&metadata) }))
}

/// The error for a file that has more than `max_size` bytes.
pub(crate) fn too_large(has: u64, max_size: u64) -> Error {
    Error::user(format!("it has {} and the largest file that is taken has {}", size(has), size(max_size)))
        .hint("set max_size in the section [inbox] of kith.toml, or split the file")
}

/// That it is an ordinary file, or else what it is.
fn regular(kind: FileType) -> Result<()> {
    let (what, advice) = if kind.is_file() {
        return Ok(());
    } else if kind.is_symlink() {
        ("it is a symbolic link, and those are not followed", "put a copy of the file itself there")
    } else if kind.is_dir() {
        ("it is a folder and not a file", "put the files that are in it there, one by one")
    } else if kind.is_fifo() {
        ("it is a named pipe and not a file", "write to a file, and put that there")
    } else if kind.is_socket() {
        ("it is a socket and not a file", "remove it; nothing in it could be imported")
    } else {
        ("it is a device and not a file", "remove it; nothing in it could be imported")
    };
    Err(Error::user(what).hint(advice))
}

/// A size in the largest unit in which it is at least one, rounded up.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => (1, "bytes"),
        1024..1_048_576 => (1 << 10, "KiB"),
        _ => (1 << 20, "MiB"),
    };
    format!("{} {name}", bytes.div_ceil(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, Mode};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    #[test]
    fn only_an_ordinary_file_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("good.vcf"), "good").unwrap();
        fs::write(path("large.vcf"), vec![b'x'; 3000]).unwrap();
        fs::create_dir(path("folder.vcf")).unwrap();
        symlink(path("good.vcf"), path("link.vcf")).unwrap();
        rustix::fs::mkfifoat(CWD, path("pipe.vcf"), Mode::RUSR).unwrap();
        let _listener = UnixListener::bind(path("socket.vcf")).unwrap();

        assert_eq!(open_regular(&path("good.vcf"), 4).unwrap().unwrap().stamp.size, 4);
        assert!(open_regular(&path("gone.vcf"), 4).unwrap().is_none());
        for (path, says) in [
            (path("folder.vcf"), "it is a folder"),
            (path("link.vcf"), "it is a symbolic link"),
            (path("pipe.vcf"), "it is a named pipe"),
            (path("socket.vcf"), "it is a socket"),
            (path("large.vcf"), "it has 3 KiB and the largest file that is taken has 2 KiB"),
            ("/dev/null".into(), "it is a device"),
        ] {
            let error = open_regular(&path, 2048).unwrap_err();
            assert_eq!(
                error.message().split_once(": ").unwrap().0,
                format!("could not open {}", path.display())
            );
            assert!(error.message().contains(says) && error.advice().is_some(), "{error}");
        }
    }

    #[test]
    fn what_may_not_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("closed.vcf");
        fs::write(&path, "closed").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Nothing is closed to root.
        match open_regular(&path, 100) {
            Ok(opened) => assert!(rustix::process::geteuid().is_root() && opened.is_some()),
            Err(error) => assert!(error.to_string().contains("permission denied\nHint: "), "{error}"),
        }
    }
}
