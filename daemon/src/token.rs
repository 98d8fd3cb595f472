//! The secrets of this user: the token in the feed's address, and what links that act are signed with.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::core::action::Secret;
use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

/// Bytes of randomness in the token: nobody guesses 128 bits.
const BYTES: usize = 16;

const TOKEN: &str = "the feed's token";

const KEY: &str = "the key of links";

/// The token of this user, made at its first use.
///
/// # Errors
/// If it cannot be read or made.
pub(crate) fn of(paths: &Paths) -> Result<String> {
    kept(paths, &paths.token(), TOKEN)
}

/// What this user's links are signed with, made at its first use.
///
/// # Errors
/// If it cannot be read or made.
pub(crate) fn action_key(paths: &Paths) -> Result<Secret> {
    kept(paths, &paths.action_key(), KEY).map(|key| Secret::new(key.as_bytes()))
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

/// What is wrong with the secrets that were made; nothing where none was made yet.
pub(crate) fn problems(paths: &Paths) -> Option<Vec<String>> {
    let mut problems = None;
    for (path, what) in [(paths.action_key(), KEY), (paths.token(), TOKEN)] {
        match read(&path, what) {
            Ok(None) => {}
            Ok(Some(_)) => problems.get_or_insert_with(Vec::new).extend(open_to_others(&path, what)),
            Err(error) => problems.get_or_insert_with(Vec::new).push(error.to_string()),
        }
    }
    problems
}

/// That others may read or write a secret, and how to end that.
fn open_to_others(path: &Path, what: &str) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!("{what} {path} is open to other users of this computer (mode {mode:04o})\nHint: chmod 600 {path}; and kith feed --rotate, if somebody may have read it")
    })
}

/// The secret in a file, if that is there.
fn read(path: &Path, what: &str) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(secret) if is_token(secret.trim()) => Ok(Some(secret.trim().to_owned())),
        Ok(_) => Err(Error::user(format!("{} does not hold {what}", path.display()))
            .hint("delete that file: a new one is made; kith feed says the calendars' addresses then")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing(|| format!("read {what} {}", path.display())),
    }
}

/// The secret in a file, which is made where it is missing.
fn kept(paths: &Paths, path: &Path, what: &str) -> Result<String> {
    if let Some(secret) = read(path, what)? {
        return Ok(secret);
    }
    // Linked into place: of two processes one wins, and both read the same whole secret.
    match written_aside(paths)?.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error).doing(|| format!("make {what} {}", path.display())),
    }
    read(path, what)?.ok_or_else(|| Error::internal(format!("{what} is gone")))
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
    #[test]
    fn what_is_wrong_with_a_secret_is_told_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        paths.make().unwrap();
        assert_eq!(problems(&paths), None);
        assert!(!paths.action_key().exists());
        action_key(&paths).unwrap();
        assert_eq!(problems(&paths), Some(Vec::new()));
        let key = paths.action_key();
        let told = |says: &str| {
            let told = problems(&paths).unwrap();
            assert!(told.len() == 1 && told[0].contains(says), "{says}: {told:?}");
            assert!(told[0].contains("action-key"), "{told:?}");
        };
        for mode in [0o644, 0o640, 0o602] {
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
            told(&format!("open to other users of this computer (mode {mode:04o})"));
        }
        fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(problems(&paths), Some(Vec::new()));
        fs::remove_file(&key).unwrap();
        fs::write(&key, "x").unwrap();
        told("does not hold the key of links");
        fs::remove_file(&key).unwrap();
        fs::create_dir(&key).unwrap();
        told("could not read the key of links");
    }
}
