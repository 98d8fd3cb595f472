//! Whether a service is running, and where it listens.
//!
//! service.json is locked by the running service for as long as it lives, so
//! that a file left by a killed one means nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

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
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => return Ok(None),
        Err(rustix::io::Errno::WOULDBLOCK) => {}
        Err(error) => return Err(std::io::Error::from(error)).doing(doing),
    }
    let text = fs::read_to_string(&path).doing(doing)?;
    // Between its lock and its first word a service is starting.
    Ok(Some(serde_json::from_str(&text).unwrap_or(Service { pid: 0, address: None, refused_config: None })))
}

/// The service's own hold on being the only one.
#[derive(Debug)]
pub struct Hold {
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
        let mut hold =
            Self { file, service: Service { pid: std::process::id(), address: None, refused_config: None } };
        hold.write()?;
        Ok(hold)
    }

    /// Says where the service listens.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn listening(&mut self, address: SocketAddr) -> Result<()> {
        self.service.address = Some(address);
        self.write()
    }

    /// Says why the configuration file is not in force, or that it is.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn refused_config(&mut self, why: Option<String>) -> Result<()> {
        self.service.refused_config = why;
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        let doing = || "write down that the service runs".to_owned();
        let text = serde_json::to_string(&self.service)
            .map_err(|error| Error::internal(format!("the service's note cannot be written: {error}")))?;
        self.file.set_len(0).doing(doing)?;
        self.file.rewind().doing(doing)?;
        self.file.write_all(text.as_bytes()).doing(doing)
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
        let error = Hold::take(&paths).unwrap_err().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(hold);
        assert_eq!(service(&paths).unwrap(), None);
        Hold::take(&paths).unwrap();
    }
}
