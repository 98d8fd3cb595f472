//! The secrets of this user: the token in the feed's address, and what links that act are signed with.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::core::action::Secret;
use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

/// Bytes of randomness in the token: nobody guesses 128 bits.
const BYTES: usize = 16;

/// The token of this user, made at its first use.
///
/// # Errors
/// If it cannot be read or made.
pub(crate) fn of(paths: &Paths) -> Result<String> {
    kept(paths, &paths.token(), "the feed's token")
}

/// What this user's links are signed with, made at its first use.
///
/// # Errors
/// If it cannot be read or made.
pub(crate) fn action_key(paths: &Paths) -> Result<Secret> {
    kept(paths, &paths.action_key(), "the key of links").map(|key| Secret::new(key.as_bytes()))
}

/// Puts new secrets in the place of those there are: addresses and links with the old
/// ones answer no longer, as whoever read a feed has both. Gives the new token.
///
/// # Errors
/// If one cannot be written; the old token is in force then.
pub(crate) fn rotate(paths: &Paths) -> Result<String> {
    for (path, what) in [(paths.action_key(), "key of links"), (paths.token(), "token for the feed")] {
        let doing = || format!("write a new {what}, {}", path.display());
        let aside = written_aside(paths)?;
        aside.as_file().sync_all().doing(doing)?;
        aside.persist(&path).map_err(|error| error.error).doing(doing)?;
    }
    of(paths)
}

/// The secret in a file, which is made where it is missing.
fn kept(paths: &Paths, path: &Path, what: &str) -> Result<String> {
    let doing = || format!("read {what} {}", path.display());
    let read = || match fs::read_to_string(path) {
        Ok(secret) if is_token(secret.trim()) => Ok(Some(secret.trim().to_owned())),
        Ok(_) => Err(Error::user(format!("{} does not hold {what}", path.display()))
            .hint("delete that file: a new one is made; kith feed says the calendars' addresses then")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing(doing),
    };
    if let Some(secret) = read()? {
        return Ok(secret);
    }
    // Linked into place: of two processes one wins, and both read the same whole secret.
    match written_aside(paths)?.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error).doing(doing),
    }
    read()?.ok_or_else(|| Error::internal(format!("{what} is gone")))
}

/// A new secret in a file beside its place, for its owner alone.
fn written_aside(paths: &Paths) -> Result<tempfile::NamedTempFile<fs::File>> {
    let folder = paths.data_folder();
    let doing = || format!("make a secret in {}", folder.display());
    let mut random = [0; BYTES];
    getrandom::fill(&mut random)
        .map_err(|e| Error::internal(format!("the system gave no random bytes: {e}")))?;
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let aside = tempfile::Builder::new()
        .prefix(".secret")
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
        let key = action_key(&paths).unwrap();
        assert_eq!(action_key(&paths).unwrap(), key);
        assert_eq!(fs::metadata(paths.action_key()).unwrap().permissions().mode() & 0o777, 0o600);
        let new = rotate(&paths).unwrap();
        assert_ne!(action_key(&paths).unwrap(), key);
        assert!(new != token && is_token(&new));
        assert_eq!(of(&paths).unwrap(), new);
        assert_eq!(fs::metadata(paths.token()).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(paths.token(), "x").unwrap();
        assert!(of(&paths).unwrap_err().to_string().contains("does not hold the feed's token"));
    }
}
