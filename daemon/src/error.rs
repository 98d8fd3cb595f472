//! The error that reaches a user: what was being done, to what, why it failed,
//! and what to do next.

use std::fmt;

/// A result whose error is for the user's eyes.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who can do something about an error; picks the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input, the data or the surroundings (a full disk, a locked database). Exit code 1.
    User,
    /// The command line. Exit code 2, as clap's own errors have.
    Usage,
    /// The configuration. Exit code 3, after which systemd does not restart the service.
    Config,
    /// A fault of kith itself. Exit code 70 (`EX_SOFTWARE` of sysexits.h).
    Internal,
}

impl Kind {
    /// The exit code of a command that ends with this kind of error.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::User => 1,
            Self::Usage => 2,
            Self::Config => 3,
            Self::Internal => 70,
        }
    }
}

/// An error with its kind, its message and, where there is one, advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Who can do something about it.
    pub kind: Kind,
    message: String,
    hint: Option<String>,
}

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// An error of the input, the data or the surroundings.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(Kind::User, message)
    }

    /// An error of the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// An error of the configuration.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config, message)
    }

    /// A fault of kith itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// The same error with advice on what to do next.
    #[must_use]
    pub fn hint(mut self, advice: impl Into<String>) -> Self {
        self.hint = Some(advice.into());
        self
    }

    /// The same error, as one of another kind.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The same error, said to have happened while `doing` something.
    #[must_use]
    pub fn while_doing(mut self, doing: &str) -> Self {
        self.message = format!("could not {doing}: {}", self.message);
        self
    }

    /// What happened, without the advice.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do next, where that is known.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\nHint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Gives a lower-level error the sentence that a user needs around it.
pub trait Doing<T> {
    /// Turns an error into "could not *do what*: *why*".
    ///
    /// # Errors
    /// Whatever `self` was, as an [`Error`].
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: IntoError> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| error.into_error().while_doing(&what()))
    }
}

/// What can become an [`Error`] once it is known what was being done.
pub trait IntoError {
    /// The error with its kind and, where the cause tells, its advice.
    fn into_error(self) -> Error;
}

impl IntoError for Error {
    fn into_error(self) -> Error {
        self
    }
}

/// What to do about a full disk.
pub(crate) const MAKE_ROOM: &str = "make room on that disk and try again; nothing was half-written";

impl IntoError for std::io::Error {
    fn into_error(self) -> Error {
        use std::io::ErrorKind as Io;
        let hint = match self.kind() {
            Io::PermissionDenied => Some("check who owns it and who may use it (ls -l)"),
            Io::StorageFull | Io::QuotaExceeded => Some(MAKE_ROOM),
            Io::ReadOnlyFilesystem => {
                Some("see how it is mounted (findmnt); a fault of the disk can be why (dmesg)")
            }
            _ => None,
        };
        let message = match self.kind() {
            Io::NotFound => "it does not exist".to_owned(),
            Io::PermissionDenied => "permission denied".to_owned(),
            Io::StorageFull => "the disk is full".to_owned(),
            Io::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
            _ => plainly(&self.to_string()),
        };
        Error { hint: hint.map(str::to_owned), ..Error::user(message) }
    }
}

/// What the system says, without its number and what the library adds behind it.
fn plainly(said: &str) -> String {
    let said = said.split(" (os error ").next().unwrap_or(said);
    let mut rest = said.chars();
    match rest.next() {
        Some(first) if rest.as_str().starts_with(char::is_lowercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_done_to_what_why_and_what_next() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = Err::<(), _>(full).doing(|| "write /data/feed.ics".to_owned()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not write /data/feed.ics: the disk is full\nHint: make room on that disk and try again; nothing was half-written"
        );
        assert_eq!(error.kind.exit_code(), 1);
    }

    #[test]
    fn the_systems_words_come_without_its_numbers() {
        for (number, says) in [
            (40, "could not open it: too many levels of symbolic links"),
            (5, "could not open it: input/output error"),
            (30, "could not open it: the disk is read-only"),
        ] {
            let error =
                Err::<(), _>(std::io::Error::from_raw_os_error(number)).doing(|| "open it".to_owned());
            assert_eq!(error.unwrap_err().message(), says);
        }
    }
}
