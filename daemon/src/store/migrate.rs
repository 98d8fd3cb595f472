//! Bringing a database up to this version's schema.

use rusqlite::Connection;

use super::{Store, set_meta, triggers};
use crate::error::{Doing, Error, Result};

/// Every schema change there has been. Append-only: never change or reorder an entry.
pub(super) const MIGRATIONS: [&str; 14] = [
    include_str!("../../migrations/0001_initial.sql"),
    include_str!("../../migrations/0002_pause_why.sql"),
    include_str!("../../migrations/0003_undo.sql"),
    include_str!("../../migrations/0004_imported_history.sql"),
    include_str!("../../migrations/0005_tie.sql"),
    include_str!("../../migrations/0006_reasons.sql"),
    include_str!("../../migrations/0007_vdir.sql"),
    include_str!("../../migrations/0008_archive.sql"),
    include_str!("../../migrations/0009_intention.sql"),
    include_str!("../../migrations/0010_preferences.sql"),
    include_str!("../../migrations/0011_goal.sql"),
    include_str!("../../migrations/0012_introduction_and_calendars.sql"),
    include_str!("../../migrations/0014_introduction_by_me.sql"),
    include_str!("../../migrations/0015_found_again.sql"),
];

/// The version of the schema that this program knows.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Refuses a database that a newer version made, before anything is written to it.
pub(super) fn refuse_newer(conn: &Connection) -> Result<()> {
    let version = version(conn)?;
    if version <= newest() {
        return Ok(());
    }
    Err(Error::user(format!(
        "it was made by a newer version of kith (schema {version}; this one knows up to {})",
        newest()
    ))
    .hint("install the newer version again; the database was not touched"))
}

/// Refuses a database that is to be brought up to date and cannot be, as it may only be read.
pub(super) fn refuse_older(conn: &Connection) -> Result<()> {
    let version = version(conn)?;
    if version >= newest() {
        return Ok(());
    }
    Err(Error::user(format!(
        "it is from before this version of kith (schema {version}; this one needs {}), and it may not be written",
        newest()
    ))
    .hint("run kith once where it may: it brings the database up to date"))
}

/// The schema's version: `user_version`, or the note in `meta`, for
/// `sqlite3 old.db .dump | sqlite3 new.db` loses the first.
fn version(conn: &Connection) -> Result<i64> {
    let read = || "read the version of its schema".to_owned();
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).doing(read)?;
    let noted: bool = conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'", [], |row| {
            row.get(0)
        })
        .doing(read)?;
    if version > 0 || !noted {
        return Ok(version);
    }
    let noted = super::meta(conn, "schema_version")?;
    Ok(noted.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Applies what is missing, each step whole or not at all.
pub(super) fn migrate(store: &mut Store) -> Result<()> {
    let conn = &mut store.conn;
    let user_version: i64 = conn
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .doing(|| "read its version".to_owned())?;
    if user_version == newest() {
        return Ok(());
    }
    let tx = super::begin(conn)?;
    // Read again: another process may have done it while this one waited for the lock.
    let from = version(&tx)?;
    for (sql, step) in MIGRATIONS.iter().zip(1_i64..).filter(|(_, step)| *step > from) {
        tx.execute_batch(sql).doing(|| format!("bring its schema to version {step}"))?;
    }
    if from == 0 {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)
            .map_err(|e| Error::internal(format!("the system gave no random bytes: {e}")))?;
        let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        set_meta(&tx, "namespace", &hex)?;
        set_meta(&tx, "assembly_version", &crate::core::assemble::VERSION.to_string())?;
        set_meta(&tx, super::audit::KEYS, &crate::core::identity::VERSION.to_string())?;
        create_triggers(&tx)?;
    }
    set_meta(&tx, "schema_version", &newest().to_string())?;
    tx.pragma_update(None, "user_version", newest()).doing(|| "note its version".to_owned())?;
    super::audit::note_schema(&tx)?;
    tx.commit().doing(|| "save its new schema".to_owned())
}

/// Makes every trigger anew.
pub(super) fn create_triggers(conn: &Connection) -> Result<()> {
    for trigger in triggers::all() {
        conn.execute_batch(&format!("DROP TRIGGER IF EXISTS {};\n{};", trigger.name, trigger.sql))
            .doing(|| format!("make the trigger {}", trigger.name))?;
    }
    Ok(())
}
