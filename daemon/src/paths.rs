//! Where kith keeps its things: the XDG folders.

use std::env;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::core::feed::Name;
use crate::error::{Doing, Error, Result};

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    data: PathBuf,
}

impl Paths {
    /// The folders that the environment names.
    ///
    /// # Errors
    /// If neither the XDG variables nor HOME say where they are.
    pub fn from_env() -> Result<Self> {
        Ok(Self { config: xdg("XDG_CONFIG_HOME", ".config")?, data: xdg("XDG_DATA_HOME", ".local/share")? })
    }

    /// The folders below a home of its own.
    #[must_use]
    pub fn below(home: &Path) -> Self {
        Self::within(&home.join(".config"), &home.join(".local/share"))
    }

    /// The folders within these two, which are as `XDG_CONFIG_HOME` and
    /// `XDG_DATA_HOME` name them.
    #[must_use]
    pub fn within(config: &Path, data: &Path) -> Self {
        Self { config: config.join("kith"), data: data.join("kith") }
    }

    /// Every folder there should be.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let data = [self.inbox(), self.done(), self.failed(), self.feed()];
        [self.config.clone(), self.data.clone()].into_iter().chain(data).collect()
    }

    /// Makes every folder there should be, for its owner alone.
    ///
    /// # Errors
    /// If one cannot be made.
    pub fn make(&self) -> Result<()> {
        self.folders().iter().try_for_each(|folder| make_private(folder))
    }

    /// The folder of the configuration.
    #[must_use]
    pub fn config_folder(&self) -> &Path {
        &self.config
    }

    /// The folder of everything else.
    #[must_use]
    pub fn data_folder(&self) -> &Path {
        &self.data
    }

    /// kith.toml.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.config.join("kith.toml")
    }

    /// The folder of the user's own templates of drafts and lines.
    #[must_use]
    pub fn templates(&self) -> PathBuf {
        self.config.join("templates")
    }

    /// The last configuration that could be used.
    #[must_use]
    pub fn last_good_config(&self) -> PathBuf {
        self.data.join("last-good-kith.toml")
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("contacts.db")
    }

    /// The drop-in folder.
    #[must_use]
    pub fn inbox(&self) -> PathBuf {
        self.data.join("inbox")
    }

    /// Where imported files go.
    #[must_use]
    pub fn done(&self) -> PathBuf {
        self.inbox().join("done")
    }

    /// Where files go that could not be imported.
    #[must_use]
    pub fn failed(&self) -> PathBuf {
        self.inbox().join("failed")
    }

    /// The folder of the published calendars.
    #[must_use]
    pub fn feed(&self) -> PathBuf {
        self.data.join("feed")
    }

    /// A published calendar, as a file.
    #[must_use]
    pub fn calendar(&self, name: Name) -> PathBuf {
        self.feed().join(name.file())
    }

    /// The secret part of the feed's address.
    #[must_use]
    pub fn token(&self) -> PathBuf {
        self.data.join("feed-token")
    }

    /// The file with what links that act are signed with.
    #[must_use]
    pub fn action_key(&self) -> PathBuf {
        self.data.join("action-key")
    }

    /// What `kith setup` noted of what it made.
    #[must_use]
    pub fn setup(&self) -> PathBuf {
        self.data.join("setup.json")
    }

    /// Held by the running service, with its process id and address in it.
    #[must_use]
    pub fn service(&self) -> PathBuf {
        self.data.join("service.json")
    }

    /// Where plugins of the user's own are found.
    #[must_use]
    pub fn plugins(&self) -> Vec<PathBuf> {
        vec![self.data.join("plugins"), PathBuf::from("/usr/lib/kith/plugins")]
    }
}

fn xdg(variable: &str, below_home: &str) -> Result<PathBuf> {
    // The specification says to ignore paths that are not absolute.
    let named = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = env::var_os("HOME").map(PathBuf::from).filter(|home| !home.as_os_str().is_empty());
    let base = match (named, home) {
        (Some(named), _) => named,
        (None, Some(home)) if home.is_absolute() => home.join(below_home),
        (None, Some(home)) => {
            return Err(Error::user(format!(
                "could not find your folders: HOME is {:?}, which is no absolute path",
                home.display().to_string()
            ))
            .hint("write it from the root on: HOME=/home/NAME"));
        }
        (None, None) => {
            return Err(Error::user(format!(
                "could not find your folders: neither {variable} nor HOME names one"
            ))
            .hint("set HOME to your home folder"));
        }
    };
    Ok(base.join("kith"))
}

/// Makes a folder for its owner alone; one that is there is kept, and closed to others.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    let doing = || format!("make the folder {}", folder.display());
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).doing(doing)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => return made.doing(doing),
    }
    let mode = folder.metadata().doing(doing)?.permissions().mode();
    if mode & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .doing(|| format!("close the folder {} to other users", folder.display()))?;
    }
    Ok(())
}
