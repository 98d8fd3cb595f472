//! Where an export goes: a file or a folder that is there whole or not at all,
//! and that only its owner may read.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use crate::cli::Failure;
use crate::error::{Doing, Error, Result};

/// How the names begin of what is being written.
const PREFIX: &str = ".kith-";

/// The folder's mode: only its owner may see what is in it.
const FOLDER_MODE: u32 = 0o700;

/// A file that is being written.
pub(super) struct Place {
    /// As it was named.
    named: PathBuf,
    /// Where it is, links followed.
    path: PathBuf,
    over: bool,
    writer: Watched,
}

/// Writes, and remembers why it could not: in a failure of the whole the
/// reason could be any other writer's.
struct Watched {
    file: BufWriter<NamedTempFile>,
    error: Option<io::Error>,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).inspect_err(|error| self.error = Some(copy(error)))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().inspect_err(|error| self.error = Some(copy(error)))
    }
}

fn copy(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

impl Place {
    /// Begins a file, in the place of the one that is there only if `over`.
    pub(super) fn at(named: &Path, over: bool) -> Result<Self> {
        let doing = || format!("write {}", named.display());
        // A link goes on to lead where it leads.
        let path = fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => match found.doing(doing)? {
                found if found.is_dir() => {
                    return Err(Error::user(format!("could not write {}: it is a folder", named.display()))
                        .hint("name a file in it; --format vdir writes a folder"));
                }
                found if !found.is_file() => {
                    return Err(Error::user(format!("could not write {}: it is no file", named.display()))
                        .hint(format!("print it there: kith export > {}", named.display())));
                }
                _ if !over => {
                    return Err(Error::user(format!(
                        "could not write {}: it is there already",
                        named.display()
                    ))
                    .hint("--force writes over it; another name keeps both"));
                }
                _ => {}
            },
        }
        is_there(folder(&path), named)?;
        let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder(&path)).doing(doing)?;
        let writer = Watched { file: BufWriter::new(file), error: None };
        Ok(Self { named: named.to_owned(), path, over, writer })
    }

    pub(super) fn writer(&mut self) -> &mut dyn Write {
        &mut self.writer
    }

    /// Why nothing was written.
    pub(super) fn failed(self, failure: Failure) -> Failure {
        let doing = || format!("write {}", self.named.display());
        match self.writer.error.map(|error| Err::<(), _>(error).doing(doing)) {
            Some(Err(error)) => error.hint("nothing was written").into(),
            _ => failure,
        }
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<()> {
        let doing = || format!("write {}", self.named.display());
        let file = self.writer.file.into_inner().map_err(io::IntoInnerError::into_error).doing(doing)?;
        file.as_file().sync_all().doing(doing)?;
        let named = if self.over { file.persist(&self.path) } else { file.persist_noclobber(&self.path) };
        named.map_err(|failed| failed.error).doing(doing)?;
        File::open(folder(&self.path)).and_then(|folder| folder.sync_all()).doing(doing)
    }
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// That there is a folder to write into: a slip in a path should not make folders.
fn is_there(folder: &Path, named: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let (named, folder) = (named.display(), folder.display());
    Err(Error::user(format!("could not write {named}: there is no folder {folder}"))
        .hint(format!("make it first: mkdir -p {folder}")))
}

/// A folder that is being written, beside its place.
pub(super) struct Folder {
    named: PathBuf,
    aside: TempDir,
}

impl Folder {
    /// Begins a folder where there is none, or an empty one: what else is in one may be the only copy of it.
    pub(super) fn at(named: &Path) -> Result<Self> {
        let doing = || format!("write the folder {}", named.display());
        match fs::read_dir(named) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(Error::user(format!(
                    "could not write the folder {}: it is a file",
                    named.display()
                ))
                .hint("name a folder that is not there yet"));
            }
            found => {
                if found.doing(doing)?.next().is_some() {
                    return Err(Error::user(format!(
                        "could not write the folder {}: it is not empty",
                        named.display()
                    ))
                    .hint("name a folder that is not there yet; what is in this one is left as it is"));
                }
            }
        }
        is_there(folder(named), named)?;
        let aside = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(FOLDER_MODE))
            .tempdir_in(folder(named))
            .doing(doing)?;
        Ok(Self { named: named.to_owned(), aside })
    }

    /// Adds a file.
    pub(super) fn add(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let doing = || format!("write {name} of the folder {}", self.named.display());
        let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(self.aside.path()).doing(doing)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).doing(doing)?;
        file.persist_noclobber(self.aside.path().join(name)).map_err(|failed| failed.error).doing(doing)?;
        Ok(())
    }

    /// Gives the folder its name.
    pub(super) fn finish(self) -> Result<()> {
        let doing = || format!("write the folder {}", self.named.display());
        // Takes the place of an empty folder, and of no other.
        fs::rename(self.aside.path(), &self.named).doing(doing)?;
        let _ = self.aside.keep();
        File::open(folder(&self.named)).and_then(|folder| folder.sync_all()).doing(doing)
    }
}
