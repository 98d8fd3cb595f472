//! What SQLite's errors mean for a user.

use rusqlite::{Error as Sqlite, ErrorCode};

use crate::error::{Error, IntoError, MAKE_ROOM};

/// What to do about a database that may not be written.
pub(super) const WHY_NOT_WRITTEN: &str = "check who owns the file and its folder (ls -l), and whether the disk is full (df) or mounted read-only (findmnt)";

impl IntoError for Sqlite {
    fn into_error(self) -> Error {
        let Sqlite::SqliteFailure(failure, message) = &self else {
            return match self {
                Sqlite::QueryReturnedNoRows => Error::user("it is not there"),
                other => Error::internal(other.to_string()),
            };
        };
        let said = message.clone().unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Error::user("another program holds the database and did not let go of it")
                    .hint("finish or close it (an sqlite3 shell in a transaction, a database browser with unsaved edits) and try again; nothing was changed")
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => damaged(&said),
            ErrorCode::DiskFull => {
                Error::user("the disk is full").hint(MAKE_ROOM)
            }
            ErrorCode::CannotOpen => {
                Error::user("the file cannot be opened").hint("check who owns it and its folder, and who may use them (ls -l)")
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Error::user("the database may not be written").hint(WHY_NOT_WRITTEN)
            }
            ErrorCode::SystemIoFailure => {
                Error::user(format!("the disk failed: {said}")).hint("check the disk (dmesg, smartctl) and its free space")
            }
            ErrorCode::ConstraintViolation => Error::user(said),
            _ => Error::internal(said),
        }
    }
}

/// The error for a database that cannot be read; it is never touched then.
pub(super) fn damaged(what: &str) -> Error {
    Error::user(format!("the database is damaged ({what}); kith leaves it as it is")).hint(
        "stop the service and put a backup in its place, or rescue what can be read into a new file: \
         sqlite3 contacts.db .dump | sed 's/^ROLLBACK;.*/COMMIT;/' | sqlite3 recovered.db \
         (the shell's .recover may find more). Look into recovered.db before it takes the place of \
         contacts.db, contacts.db-wal and contacts.db-shm, which are best kept elsewhere; docs/database.md tells more",
    )
}
