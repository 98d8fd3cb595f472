//! What a shell completes: everybody's name, and the numbers of imports.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::undo::IS_STEP;
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
    let conn = connect(database)?;
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

/// The numbers of the imports that can be taken back, newest first, each with
/// its file, or the archive of its files, and day. As [`names`].
///
/// # Errors
/// As [`names`].
pub fn imports_to_undo(database: &Path) -> Result<Vec<(i64, String)>> {
    let doing = || "read the imports".to_owned();
    let conn = connect(database)?;
    let mut statement = conn
        .prepare(&format!(
            "SELECT min(id), coalesce(archive, file_name) || ', ' || substr(at, 1, 10) FROM import
             WHERE undone_at IS NULL AND {IS_STEP}
             GROUP BY CASE WHEN archive IS NULL THEN id ELSE archive || '/' || at END ORDER BY 1 DESC"
        ))
        .doing(doing)?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).doing(doing)
}

/// Opens the database for reading, for somebody who waits.
fn connect(database: &Path) -> Result<Connection> {
    let doing = || "open the database".to_owned();
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
    Ok(conn)
}
