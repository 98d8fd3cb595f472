//! The secret part of the feed's address.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

/// Bytes of randomness: nobody guesses 128 bits.
const BYTES: usize = 16;

/// The token of this user, made at its first use.
///
/// # Errors
/// If it cannot be read or made.
pub(crate) fn of(paths: &Paths) -> Result<String> {
    let path = paths.token();
    let doing = || format!("read the feed's token {}", path.display());
    let read = || match fs::read_to_string(&path) {
        Ok(token) if is_token(token.trim()) => Ok(Some(token.trim().to_owned())),
        Ok(_) => Err(Error::user(format!("{} does not hold a token", path.display()))
            .hint("delete that file: a new token is made, and calendars are to be subscribed anew")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing(doing),
    };
    if let Some(token) = read()? {
        return Ok(token);
    }
    // Linked into place: of two processes one wins, and both read the same whole token.
    match written_aside(paths)?.persist_noclobber(&path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error).doing(doing),
    }
    read()?.ok_or_else(|| Error::internal("the feed's token is gone"))
}

/// Puts a new token in the place of the one there is: addresses with the old
/// one answer no longer. Gives the new one.
///
/// # Errors
/// If it cannot be written; the old one is in force then.
pub(crate) fn rotate(paths: &Paths) -> Result<String> {
    let doing = || format!("write a new token for the feed, {}", paths.token().display());
    let aside = written_aside(paths)?;
    aside.as_file().sync_all().doing(doing)?;
    aside.persist(paths.token()).map_err(|error| error.error).doing(doing)?;
    of(paths)
}

/// A new token in a file beside its place, for its owner alone.
fn written_aside(paths: &Paths) -> Result<tempfile::NamedTempFile<fs::File>> {
    let folder = paths.data_folder();
    let doing = || format!("make a token for the feed in {}", folder.display());
    let mut random = [0; BYTES];
    getrandom::fill(&mut random)
        .map_err(|e| Error::internal(format!("the system gave no random bytes: {e}")))?;
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let aside = tempfile::Builder::new()
        .prefix(".feed-token")
        .make_in(folder, |path| OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
    let mut aside = aside.doing(doing)?;
    aside.write_all(token.as_bytes()).doing(doing)?;
    Ok(aside)
}

/// Whether a text has the form of a token.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == BYTES * 2 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        paths.make().unwrap();
        let token = of(&paths).unwrap();
        assert_eq!(of(&paths).unwrap(), token);
        assert_eq!(fs::metadata(paths.token()).unwrap().permissions().mode() & 0o777, 0o600);
        let new = rotate(&paths).unwrap();
        assert!(new != token && is_token(&new));
        assert_eq!(of(&paths).unwrap(), new);
        assert_eq!(fs::metadata(paths.token()).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(paths.token(), "x").unwrap();
        assert!(of(&paths).unwrap_err().to_string().contains("does not hold a token"));
    }
}
