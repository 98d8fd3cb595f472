//! Opening a database that may only be read.
//!
//! A database with a write-ahead log has two files beside it, and even a
//! reader makes them where they are not there. On a disk that is full or
//! mounted read-only, or in a folder that may not be written, SQLite can do
//! without them only if it is told that nobody writes
//! (<https://sqlite.org/wal.html#read_only_databases>).

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::fault::WHY_NOT_WRITTEN;
use super::file::beside;
use crate::error::{Doing, Error, MAKE_ROOM, Result};

/// How many bytes there have to be on a disk to write to a database: SQLite
/// makes a file of 32 KiB beside it first.
const ROOM: u64 = 64 << 10;

/// Whether a connection may not write and nobody else does, or cannot even
/// read, as SQLite may not make its files beside the database.
pub(super) fn is_needed(conn: &Connection, path: &Path) -> bool {
    if conn.is_readonly("main").unwrap_or(false) && !log_of(path).exists() {
        // SQLite would make them as unwritable as the database is, for good.
        return true;
    }
    let read: rusqlite::Result<i64> = conn.query_row("PRAGMA user_version", [], |row| row.get(0));
    read.err().as_ref().and_then(rusqlite::Error::sqlite_error).is_some_and(|error| {
        match error.extended_code {
            ffi::SQLITE_READONLY_DIRECTORY => true,
            // A full disk has no room for them.
            ffi::SQLITE_IOERR_SHMSIZE => !holds_something(&log_of(path)),
            _ => error.code == ErrorCode::CannotOpen,
        }
    })
}

/// Opens a database as one that nobody writes. Nobody does: whoever has it
/// open has made the files beside it, and then they need not be made.
///
/// # Errors
/// If what was written last is not in it yet and would be missed; if it cannot be opened.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    let unfinished = [log_of(path), beside(path, "-journal")];
    if let Some(log) = unfinished.iter().find(|log| holds_something(log)) {
        return Err(Error::user(format!(
            "its latest changes are in {}, and that can be read only where its folder may be written",
            log.display()
        ))
        .hint("copy the folder to where you may write, and name the folder above it in XDG_DATA_HOME"));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri(path), flags).doing(|| "read it".to_owned())
}

/// Why a database may only be read, and what to do about it.
pub(super) fn why(path: &Path) -> Error {
    let shown = path.display();
    let nothing = "nothing can be imported, logged or changed";
    let room = rustix::fs::statvfs(path).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if room.is_ok_and(|room| room < ROOM) {
        return Error::user(format!("{shown} may only be read, as the disk is full: {nothing}"))
            .hint(MAKE_ROOM);
    }
    Error::user(format!("{shown} may only be read: {nothing}")).hint(WHY_NOT_WRITTEN)
}

fn holds_something(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

fn log_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// A path as SQLite reads it in a URI (<https://sqlite.org/uri.html>).
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?immutable=1"
}
