//! Doing one step. Each leaves what it touches whole, so that setup can be run
//! again after whatever went wrong.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use super::plan::Step;
use crate::error::{Doing, Error, Result};
use crate::{config, paths};

/// Does it.
///
/// # Errors
/// If it cannot be done, saying why.
pub(super) fn step(step: &Step) -> Result<()> {
    match step {
        Step::MakeFolder(path) => paths::make_private(path),
        Step::Write { path, text, .. } => {
            make_folder_of(path)?;
            config::write(path, text)
        }
        Step::Copy { from, to } => copy(from, to),
        Step::Link { path, to } => symlink(to, path).doing(|| format!("make the link {}", path.display())),
        Step::Remove(path) => remove(path),
        Step::SetAside { path, to } => fs::rename(path, to).doing(|| format!("rename {}", path.display())),
        Step::Run(words) => run(words),
    }
}

fn make_folder_of(path: &Path) -> Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).doing(|| format!("make the folder {}", folder.display()))
}

/// Copies a program aside and moves it into place: one that runs goes on
/// running, and nobody ever sees half of it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let doing = || format!("copy {} to {}", from.display(), to.display());
    make_folder_of(to)?;
    let folder = to.parent().unwrap_or(Path::new("/"));
    let mut aside = tempfile::Builder::new().prefix(".kith-").tempfile_in(folder).doing(doing)?;
    io::copy(&mut fs::File::open(from).doing(doing)?, &mut aside).doing(doing)?;
    aside.as_file().set_permissions(Permissions::from_mode(0o755)).doing(doing)?;
    aside.as_file().sync_all().doing(doing)?;
    aside.persist(to).map_err(|error| error.error).doing(doing)?;
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).doing(|| format!("remove {}", path.display()))?;
    // A folder for drop-ins goes with the last of them; any other stays.
    if let Some(folder) = path.parent().filter(|folder| folder.extension().is_some_and(|end| end == "d")) {
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

fn run(words: &[String]) -> Result<()> {
    let line = words.join(" ");
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .doing(|| format!("run {line}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::user(format!("{line} failed: {}", said.trim()))
        .hint("systemctl --user status kith.service kith.socket says more; kith setup goes on from here"))
}
