//! The database: contacts.db, which any SQLite tool may read and write too.
//!
//! docs/database.md tells users what they may rely on. Two sorts of
//! transaction keep its one promise, that an outside edit is never lost:
//!
//! - [`Store::edit`] is an ordinary transaction: its changes are logged by
//!   triggers exactly like those made with the sqlite3 shell.
//! - [`Store::own`] runs with triggers switched off (imports, merges, the
//!   published plan): what it writes is kith's work and never looks like an edit.
//!
//! Both begin IMMEDIATE: a transaction that reads first and writes later would
//! fail at once if another program wrote in between.

mod acquaintances;
mod audit;
mod calendars;
mod contacts;
mod decisions;
mod differences;
mod export;
mod facts;
mod fault;
mod file;
mod folders;
mod goals;
mod identities;
mod imports;
mod intentions;
mod interactions;
mod introductions;
mod memos;
mod merge;
mod migrate;
mod names;
mod newcomers;
mod people;
mod preferred;
mod published;
mod read_only;
mod reviews;
mod sources;
mod split;
mod suspicions;
mod ties;
mod triggers;
mod undo;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{Doing, Error, Result};

pub use audit::Mark;
pub use calendars::{KnownCalendar, Says};
pub use decisions::Paused;
pub use differences::{Difference, Differences, Field, Said};
pub use facts::Loaded;
pub use folders::FollowedFolder;
pub use imports::{Counts, PastImport};
pub use interactions::Logged;
pub use introductions::Noted;
pub use merge::{
    Assumed, Batch, Contradiction, Detail, Fingerprints, Followed, Gone, History, Interactions, Outcome,
    Records, Sitting, Taking, Told, What,
};
pub use names::{imports_to_undo, names};
pub use newcomers::{Meeting, Newcomer};
pub use people::{Filter, ListEdit, Listed, Sourced};
pub use reviews::{Decision, Review};
pub use sources::{AtOdds, Edit, Sources};
pub use split::{OwnCard, Part};
pub use undo::{Kept, Rewrite, Rewriter, Step, StepId, Undone};

/// What the change log says of edits by a command.
pub const COMMAND_LINE: &str = "command line";

/// What it says of edits by a link in a calendar or a mail.
pub const LINK: &str = "link";

/// How long a statement waits for another program that holds the database.
///
/// Longer than the ten seconds for which a well-behaved tool might hold it,
/// short enough for a person at a terminal.
const PATIENCE: Duration = Duration::from_secs(20);

/// KiB of the database that are kept in memory; the system keeps the rest in its own.
const CACHE: i64 = 1_000;

/// The same during an import, which comes back to the same pages again and again.
const CACHE_OF_BULK: i64 = 16_000;

/// How many steps of its virtual machine SQLite makes between two signs of life: some milliseconds.
const STEPS: i32 = 1_000_000;

/// An open database.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// Whether there was no database and this one was made.
    is_new: bool,
    /// Which file was opened.
    file: file::Identity,
    /// How many transactions of kith's own this connection has committed.
    own_commits: u64,
    /// Up to which change this connection looked for merges made by hand.
    merges_followed: i64,
    /// By what its edits are made, as the change log says it.
    origin: &'static str,
    /// The step that the last edit was, if it changed anything.
    edited: Option<StepId>,
}

impl Store {
    /// Opens the database, making it and bringing it up to date if need be.
    ///
    /// # Errors
    /// If the file cannot be opened or may not be written, is damaged or emptied,
    /// or was made by a newer version of kith; it is left as it is then.
    pub fn open(path: &Path) -> Result<Self> {
        let store = Self::open_even_read_only(path)?;
        store.may_be_written()?;
        Ok(store)
    }

    /// As [`Store::open`]; but a database that may not be written can be read.
    /// It is then as it was when it was opened, and no more than a command
    /// that ends should rely on that.
    ///
    /// # Errors
    /// As [`Store::open`], and if it cannot be read without being written.
    pub fn open_even_read_only(path: &Path) -> Result<Self> {
        let doing = || format!("open the database {}", path.display());
        let is_new = file::make_sure_of(path).map_err(|error| error.while_doing(&doing()))?;
        let mut conn = Connection::open(path).doing(doing)?;
        conn.busy_timeout(PATIENCE).doing(doing)?;
        if read_only::is_needed(&conn, path) {
            conn = read_only::connect(path).doing(doing)?;
        }
        Self::on(conn, path, is_new).doing(doing)
    }

    /// The same, whose edits the change log says to be made by something else than a command.
    #[must_use]
    pub fn acting_for(self, origin: &'static str) -> Self {
        Self { origin, ..self }
    }

    fn on(conn: Connection, path: &Path, is_new: bool) -> Result<Self> {
        let file = file::identity(path)?;
        let mut store = Self {
            conn,
            path: path.to_owned(),
            is_new,
            file,
            own_commits: 0,
            merges_followed: 0,
            origin: COMMAND_LINE,
            edited: None,
        };
        if let Err(error) = store.prepare() {
            store.leave_as_it_is()?;
            return Err(error);
        }
        Ok(store)
    }

    fn prepare(&mut self) -> Result<()> {
        let setting_up = || "set it up".to_owned();
        migrate::refuse_newer(&self.conn)?;
        let read_only = self.is_read_only()?;
        if read_only {
            migrate::refuse_older(&self.conn)?;
        } else {
            self.conn
                .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
                .doing(setting_up)?;
        }
        self.conn
            .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;")
            .doing(setting_up)?;
        self.set_cache(CACHE)?;
        // Statements are kept and run thousands of times: they are not to be
        // planned anew for every other value.
        self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).doing(setting_up)?;
        self.conn.set_prepared_statement_cache_capacity(128);
        if read_only {
            return Ok(());
        }
        migrate::migrate(self)?;
        audit::on_open(self)
    }

    /// That it may be written.
    ///
    /// # Errors
    /// If it can only be read, saying what may be the cause.
    pub fn may_be_written(&self) -> Result<()> {
        if self.is_read_only()? { Err(read_only::why(&self.path)) } else { Ok(()) }
    }

    fn is_read_only(&self) -> Result<bool> {
        self.conn.is_readonly("main").doing(|| "see whether the database may be written".to_owned())
    }

    /// Where the database lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in a transaction whose changes are logged as made by what the store [acts
    /// for](Store::acting_for).
    ///
    /// # Errors
    /// Those of `work`, and any failure to begin or commit; nothing is changed then.
    pub fn edit<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.may_be_written()?;
        let tx = begin(&mut self.conn)?;
        let before = last_change(&tx)?;
        let value = work(&tx)?;
        tx.execute("UPDATE change SET origin = ?1, step = ?2 WHERE n > ?2", (self.origin, before))
            .doing(|| "note who made the change".to_owned())?;
        let first = tx
            .query_row("SELECT min(n) FROM change WHERE n > ?1", [before], |row| row.get::<_, Option<i64>>(0))
            .doing(|| "see what was changed".to_owned())?;
        tx.commit().doing(|| "save the change".to_owned())?;
        self.edited = first.map(StepId::Edits);
        Ok(value)
    }

    /// The step that this store's last edit was; none if that changed nothing.
    #[must_use]
    pub fn last_edit(&self) -> Option<StepId> {
        self.edited
    }

    /// Runs `work` in a transaction of kith's own, which logs nothing.
    ///
    /// # Errors
    /// Those of `work`, and any failure to begin or commit; nothing is changed then.
    pub fn own<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.own_if(|tx| work(tx).map(|value| (value, true)))
    }

    /// As [`Store::own`], but takes everything back unless `work` says to keep it.
    ///
    /// # Errors
    /// As [`Store::own`].
    pub fn own_if<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<(T, bool)>) -> Result<T> {
        self.may_be_written()?;
        self.set_triggers(false)?;
        let done = (|| {
            let tx = begin(&mut self.conn)?;
            let (value, keep) = work(&tx)?;
            if keep {
                count_own_write(&tx)?;
                tx.commit().doing(|| "save the changes".to_owned())?;
                self.own_commits += 1;
            } else {
                tx.rollback().doing(|| "take back the rehearsal".to_owned())?;
            }
            Ok(value)
        })();
        self.set_triggers(true)?;
        done
    }

    /// Sets how many KiB of the database are kept in memory.
    fn set_cache(&self, kib: i64) -> Result<()> {
        self.conn.pragma_update(None, "cache_size", -kib).doing(|| "set up the database's memory".to_owned())
    }

    /// Forgets what is kept in memory of the database's pages; they are read again when they are needed.
    ///
    /// # Errors
    /// As SQLite says; it never did.
    pub fn give_memory_back(&self) -> Result<()> {
        self.conn.release_memory().doing(|| "give memory back".to_owned())
    }

    fn set_triggers(&self, on: bool) -> Result<()> {
        self.conn
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, on)
            .doing(|| "switch the change log".to_owned())
            .map(drop)
    }

    /// A number that changes when another connection has committed anything.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn data_version(&self) -> Result<i64> {
        data_version(&self.conn)
    }

    /// Gives the space of a large transaction's log back.
    ///
    /// # Errors
    /// If the log cannot be written back; nothing is lost then.
    pub fn checkpoint(&self) -> Result<()> {
        self.conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .doing(|| "tidy the database's log".to_owned())
    }

    /// Reads the whole database for damage.
    ///
    /// # Errors
    /// If it is damaged, saying what and how to get the data back.
    pub fn check_integrity(&self) -> Result<()> {
        let checked = self
            .conn
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .doing(|| format!("check the database {}", self.path.display()))
            .and_then(|found: String| if found == "ok" { Ok(()) } else { Err(fault::damaged(&found)) });
        if checked.is_err() {
            self.leave_as_it_is()?;
        }
        checked
    }

    /// Has `beat` called again and again while SQLite works, so that a long
    /// statement can be told from one that hangs.
    ///
    /// # Errors
    /// If SQLite refuses.
    pub(crate) fn while_working(&mut self, mut beat: impl FnMut() + Send + 'static) -> Result<()> {
        let handler = move || {
            beat();
            // To go on.
            false
        };
        self.conn.progress_handler(STEPS, Some(handler)).doing(|| "follow the database's work".to_owned())
    }

    /// Keeps SQLite from writing what is still in its log into the file when the connection is closed.
    fn leave_as_it_is(&self) -> Result<()> {
        self.conn
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .doing(|| "leave the database as it is".to_owned())
            .map(drop)
    }

    /// A note about the database itself.
    pub(crate) fn meta(&self, key: &str) -> Result<Option<String>> {
        meta(&self.conn, key)
    }

    /// This database's own random bytes, from which the UIDs of its events follow.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn namespace(&self) -> Result<Vec<u8>> {
        namespace(&self.conn)
    }
}

fn namespace(conn: &Connection) -> Result<Vec<u8>> {
    let text = meta(conn, "namespace")?.ok_or_else(|| Error::internal("the database has no namespace"))?;
    Ok(text.into_bytes())
}

fn data_version(conn: &Connection) -> Result<i64> {
    conn.query_row("PRAGMA data_version", [], |row| row.get(0))
        .doing(|| "see whether the database changed".to_owned())
}

fn begin(conn: &mut Connection) -> Result<Transaction<'_>> {
    conn.transaction_with_behavior(TransactionBehavior::Immediate)
        .doing(|| "begin to write to the database".to_owned())
}

fn last_change(conn: &Connection) -> Result<i64> {
    conn.query_row("SELECT coalesce(max(n), 0) FROM change", [], |row| row.get(0))
        .doing(|| "read the change log".to_owned())
}

fn meta(conn: &Connection, key: &str) -> Result<Option<String>> {
    use rusqlite::OptionalExtension;
    conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
        .optional()
        .doing(|| "read about the database".to_owned())
}

fn set_meta(conn: &Connection, key: &str, value: &str) -> Result<()> {
    conn.execute(
        "INSERT INTO meta(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
    .doing(|| "note about the database".to_owned())
    .map(drop)
}

/// Counts kith's own transactions, so that a write by somebody else can be told from them.
fn count_own_write(conn: &Connection) -> Result<()> {
    conn.execute(
        "INSERT INTO meta(key, value) VALUES ('own_writes', '1') ON CONFLICT(key) DO UPDATE SET value = value + 1",
        [],
    )
    .doing(|| "note about the database".to_owned())
    .map(drop)
}

#[cfg(test)]
mod tests;
