//! What no plugin may read, whatever its manifest says.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::paths::Paths;

/// Where the kernel shows what other programs do, and their secrets.
const KERNELS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What no plugin may read, whatever its manifest says: the user's home as a whole, kith's own folders
/// but for the plugins' in it, and what the kernel shows of other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    home: Option<PathBuf>,
    /// kith's folders.
    own: Vec<PathBuf>,
    /// The folders in which plugins are with what belongs to them.
    plugins: Vec<PathBuf>,
}

impl Private {
    /// That of the user with these folders and this home.
    #[must_use]
    pub fn of(paths: &Paths, home: Option<PathBuf>) -> Self {
        let own = vec![paths.config_folder().to_owned(), paths.data_folder().to_owned()];
        Self { home, own, plugins: paths.plugins() }
    }

    /// Checks that a plugin may read what is at `path`, and below it.
    ///
    /// # Errors
    /// If it may not, with the reason.
    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let real = real(path);
        let within =
            |folders: &[PathBuf]| folders.iter().map(|it| self::real(it)).find(|it| real.starts_with(it));
        let held = self.home.iter().chain(&self.own).find(|it| self::real(it).starts_with(&real));
        let why = if let Some(held) = held {
            let whose = if Some(held) == self.home.as_ref() { "your home" } else { "a folder of kith's own" };
            if self::real(held) == real { format!("that is {whose}") } else { format!("{whose} is in it") }
        } else if within(&self.plugins).is_none() && within(&self.own).is_some() {
            "that is in a folder of kith's own".to_owned()
        } else if KERNELS.iter().any(|folder| real.starts_with(folder)) {
            "what other programs do is shown there".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::config(format!("it would read {}, and {why}", path.display()))
            .hint("name in it what the plugin needs alone (readable, exec), or do without the plugin"))
    }
}

/// Where a path leads to, past links; of one that leads nowhere there is nothing to be read.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn kiths_own_folders_and_the_home_are_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let paths = Paths::below(&home);
        let plugins = paths.data_folder().join("plugins");
        for made in
            [&plugins, &paths.config_folder().join("csv"), &home.join("music"), &folder.path().join("usr")]
        {
            fs::create_dir_all(made).unwrap();
        }
        fs::write(paths.database(), "people").unwrap();
        fs::write(plugins.join("names.txt"), "Anna").unwrap();
        symlink("../contacts.db", plugins.join("link")).unwrap();
        let private = Private::of(&paths, Some(home));
        for (path, expected) in [
            ("/", "your home is in it"),
            ("..", "your home is in it"),
            (".", "that is your home"),
            ("./music/..", "that is your home"),
            (".local", "a folder of kith's own is in it"),
            (".local/share/kith", "that is a folder of kith's own"),
            (".local/share/kith/contacts.db", "in a folder of kith's own"),
            (".local/share/kith/plugins/../contacts.db", "in a folder of kith's own"),
            (".local/share/kith/plugins/link", "in a folder of kith's own"),
            (".local/share/kith/plugins/names.txt", ""),
            (".config/kith/csv", "in a folder of kith's own"),
            ("music", ""),
            ("nothing", ""),
            ("../usr", ""),
            ("/usr/lib", ""),
            ("/proc", "what other programs do"),
            ("/proc/self/environ", "what other programs do"),
            ("/sys/kernel", "what other programs do"),
        ] {
            let said = private.check(&folder.path().join("home").join(path)).err();
            let said = said.map(|error| error.to_string()).unwrap_or_default();
            assert!(
                if expected.is_empty() { said.is_empty() } else { said.contains(expected) },
                "{path}: {said}"
            );
        }
    }
}
