//! Whether a service is running, and where it listens.
//!
//! service.json is locked by the running service for as long as it lives, so
//! that a file left by a killed one means nothing.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::net::SocketAddr;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

/// The note is filled up with blanks to a multiple of so many bytes: it is
/// written in place, so that readers never find half of it, and so that a full
/// disk does not keep the service from saying that the disk is full.
const BLOCK: usize = 4096;

/// How often, and after how long, a note is read again that is not there yet.
const AGAIN: (u32, Duration) = (50, Duration::from_millis(10));

/// What the running service says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its process id.
    pub pid: u32,
    /// Where it listens; none while it starts.
    pub address: Option<SocketAddr>,
    /// Why the configuration file is not in force, if it is not.
    #[serde(default)]
    pub refused_config: Option<String>,
    /// What keeps it from its work, and is tried again.
    #[serde(default)]
    pub trouble: Option<String>,
    /// Files that stay in the inbox though somebody reads such files, and why.
    #[serde(default)]
    pub put_off: BTreeMap<String, String>,
    /// Folders that cannot be followed, or not wholly, and why.
    #[serde(default)]
    pub folders: BTreeMap<String, String>,
}

impl Service {
    fn starting(pid: u32) -> Self {
        Self {
            pid,
            address: None,
            refused_config: None,
            trouble: None,
            put_off: BTreeMap::new(),
            folders: BTreeMap::new(),
        }
    }
}

/// The running service, if there is one.
///
/// # Errors
/// If its file is there and cannot be read.
pub fn service(paths: &Paths) -> Result<Option<Service>> {
    let path = paths.service();
    let doing = || format!("read {}", path.display());
    let file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened.doing(doing)?,
    };
    let (times, pause) = AGAIN;
    for _ in 0..times {
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => return Ok(None),
            Err(rustix::io::Errno::WOULDBLOCK) => {}
            Err(error) => return Err(std::io::Error::from(error)).doing(doing),
        }
        if let Ok(service) = serde_json::from_str(&fs::read_to_string(&path).doing(doing)?) {
            return Ok(Some(service));
        }
        // Between its lock and its first word a service is starting.
        sleep(pause);
    }
    Ok(Some(Service::starting(0)))
}

/// The service's own hold on being the only one.
#[derive(Debug)]
pub struct Hold {
    path: PathBuf,
    file: File,
    service: Service,
}

impl Hold {
    /// Becomes the one service of this user.
    ///
    /// # Errors
    /// If another one is running, saying its process id.
    pub fn take(paths: &Paths) -> Result<Self> {
        let path = paths.service();
        let doing = || format!("lock {}", path.display());
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .doing(doing)?;
        let mut held = flock(&file, FlockOperation::NonBlockingLockExclusive);
        // A command that looked whether a service runs held it for a moment.
        while held == Err(rustix::io::Errno::WOULDBLOCK) && service(paths)?.is_none() {
            held = flock(&file, FlockOperation::NonBlockingLockExclusive);
        }
        match held {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let pid = service(paths)?.map_or(0, |service| service.pid);
                return Err(Error::user(format!(
                    "kith is running already (process {pid}) for {}",
                    paths.data_folder().display()
                ))
                .hint("kith status shows how it is; end that one first if you want to run another"));
            }
            Err(error) => return Err(std::io::Error::from(error)).doing(doing),
        }
        // What the last service said is not to be taken for this one's word.
        file.set_len(0).doing(doing)?;
        let mut hold = Self { path, file, service: Service::starting(std::process::id()) };
        hold.write()?;
        Ok(hold)
    }

    /// Whether what is held is no longer under its name: the data folder was
    /// deleted, or another put in its place. Nobody finds the service then,
    /// and another one can start. What merely cannot be looked at is not lost.
    pub(crate) fn is_lost(&self) -> bool {
        let identity = |file: Metadata| (file.dev(), file.ino());
        match fs::metadata(&self.path) {
            Ok(found) => self.file.metadata().is_ok_and(|held| identity(held) != identity(found)),
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        }
    }

    /// What the service has said of itself.
    pub(crate) fn said(&self) -> &Service {
        &self.service
    }

    /// Says where the service listens.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn listening(&mut self, address: SocketAddr) -> Result<()> {
        self.change(|service| service.address = Some(address))
    }

    /// Says why the configuration file is not in force, or that it is.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn refused_config(&mut self, why: Option<String>) -> Result<()> {
        self.change(|service| service.refused_config = why)
    }

    /// Says what keeps the service from its work, or that nothing does.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn trouble(&mut self, why: Option<String>) -> Result<()> {
        self.change(|service| service.trouble = why)
    }

    /// Says why a file stays in the inbox for now, or that it is not kept waiting.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn put_off(&mut self, file: &str, why: Option<String>) -> Result<()> {
        self.change(|service| {
            match why {
                Some(why) => service.put_off.insert(file.to_owned(), why),
                None => service.put_off.remove(file),
            };
        })
    }

    /// Says why a folder cannot be followed, or not wholly; or that it is.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn folder_trouble(&mut self, folder: &str, why: Option<String>) -> Result<()> {
        self.change(|service| {
            match why {
                Some(why) => service.folders.insert(folder.to_owned(), why),
                None => service.folders.remove(folder),
            };
        })
    }

    /// Says nothing any more of folders but these.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn forget_folders(&mut self, but: &[String]) -> Result<()> {
        self.change(|service| service.folders.retain(|folder, _| but.contains(folder)))
    }

    fn change(&mut self, change: impl FnOnce(&mut Service)) -> Result<()> {
        let mut service = self.service.clone();
        change(&mut service);
        if service == self.service {
            return Ok(());
        }
        self.service = service;
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        let doing = || "write down that the service runs".to_owned();
        let mut text = serde_json::to_vec(&self.service)
            .map_err(|error| Error::internal(format!("the service's note cannot be written: {error}")))?;
        let written = usize::try_from(self.file.metadata().doing(doing)?.len()).unwrap_or(0);
        text.resize(text.len().next_multiple_of(BLOCK).max(written), b' ');
        self.file.write_all_at(&text, 0).doing(doing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_service_at_a_time_and_a_dead_one_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        paths.make().unwrap();
        assert_eq!(service(&paths).unwrap(), None);
        let mut hold = Hold::take(&paths).unwrap();
        hold.listening("127.0.0.1:4711".parse().unwrap()).unwrap();
        let found = service(&paths).unwrap().unwrap();
        assert_eq!((found.pid, found.address), (std::process::id(), Some("127.0.0.1:4711".parse().unwrap())));
        hold.put_off("a.vcf", Some("the disk is full".repeat(1000))).unwrap();
        assert_eq!(service(&paths).unwrap().unwrap().put_off["a.vcf"].len(), 16_000);
        hold.put_off("a.vcf", None).unwrap();
        hold.trouble(Some("no room".to_owned())).unwrap();
        let found = service(&paths).unwrap().unwrap();
        assert_eq!((found.trouble.as_deref(), found.put_off.len()), (Some("no room"), 0));
        let error = Hold::take(&paths).unwrap_err().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(hold);
        assert_eq!(service(&paths).unwrap(), None);
        Hold::take(&paths).unwrap();
    }

    #[test]
    fn a_hold_is_lost_with_its_folder() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        paths.make().unwrap();
        let hold = Hold::take(&paths).unwrap();
        assert!(!hold.is_lost());
        let (folder, aside) = (paths.data_folder(), home.path().join("aside"));
        fs::rename(folder, &aside).unwrap();
        assert!(hold.is_lost(), "it is gone");
        fs::create_dir(folder).unwrap();
        assert!(hold.is_lost(), "it is empty");
        fs::copy(aside.join("service.json"), paths.service()).unwrap();
        assert!(hold.is_lost(), "it is a copy");
        fs::remove_dir_all(folder).unwrap();
        fs::rename(&aside, folder).unwrap();
        assert!(!hold.is_lost(), "it is back");
    }
}
