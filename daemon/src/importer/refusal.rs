//! Why nothing came of an import.

use crate::error::{Error, IntoError};

/// Why nothing came of an import, and whose doing it was.
///
/// The error's text may name the file and quote the importer, which may quote
/// the file: it is for the user's eyes, not for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whose doing it was; decides what becomes of the file.
    pub cause: Cause,
    /// What the user is told.
    pub error: Error,
}

/// Whose doing it was that nothing came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The caller's: the import was cancelled. The file is as good as before.
    Cancelled,
    /// Another program's: the file changed while it was read. Later it can be whole.
    Changed,
    /// The file's: the importer cannot read it.
    Input,
    /// The importer's: it broke the protocol, a limit, or down, or must not run.
    Importer,
    /// The surroundings': the disk is full, no process can be started. It may be tried again.
    Surroundings,
}

impl Refusal {
    pub(super) fn new(cause: Cause, error: Error) -> Self {
        Self { cause, error }
    }
}

impl IntoError for Refusal {
    fn into_error(self) -> Error {
        self.error
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}
