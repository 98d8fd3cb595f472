//! Everybody's name, for a shell that completes one.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{file, read_only};
use crate::core::name::fold;
use crate::error::{Doing, Result};

/// How long somebody who pressed a key waits for another program that holds the database.
const PATIENCE: Duration = Duration::from_millis(300);

/// The names of everybody who is not archived, each once, in the order of a
/// list. Nothing is made, and the database is not brought up to date.
///
/// # Errors
/// If there is no database, or it cannot be read at once.
pub fn names(database: &Path) -> Result<Vec<String>> {
    let doing = || "read the names".to_owned();
    // Without a log beside it nobody has it open, and SQLite need not make one.
    let conn = if file::beside(database, "-wal").exists() {
        Connection::open_with_flags(
            database,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .doing(doing)?
    } else {
        read_only::connect(database)?
    };
    conn.busy_timeout(PATIENCE).doing(doing)?;
    let mut names: Vec<String> = conn
        .prepare(
            "SELECT DISTINCT name FROM contact
             WHERE archived_at IS NULL AND name <> '' AND id NOT IN (SELECT loser FROM merged)",
        )
        .doing(doing)?
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .doing(doing)?;
    names.sort_by_cached_key(|name| fold(name));
    Ok(names)
}
