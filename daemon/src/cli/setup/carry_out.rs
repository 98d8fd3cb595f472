//! Doing one step. Each leaves what it touches whole, so that setup can be run
//! again after whatever went wrong.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;

use super::manager;
use super::plan::{Step, TURN_OFF};
use super::units::{SERVICE, SOCKET};
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
        Step::Copy { from, to, .. } => copy(from, to),
        Step::Link { path, to } => symlink(to, path).doing(|| format!("make the link {}", path.display())),
        Step::Remove(path) => remove(path),
        Step::SetAside { path, to } => fs::rename(path, to).doing(|| format!("rename {}", path.display())),
        Step::Run(words) => run(words).map_err(|error| refused(words, error)),
        Step::TurnOff => turn_off(),
        Step::Linger(on) => linger(*on),
    }
}

/// Why systemd refused: what it says of the service where that is what failed.
fn refused(words: &[String], error: Error) -> Error {
    let starts = words.iter().any(|word| word == "start" || word == "restart");
    match starts.then(manager::failure).flatten() {
        Some(failure) => failure.error(),
        None => error
            .hint("systemctl --user status kith.service kith.socket says more; kith setup goes on from here"),
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
    match fs::remove_file(path) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed.doing(|| format!("remove {}", path.display()))?,
    }
    // A folder for drop-ins goes with the last of them; any other stays.
    if let Some(folder) = path.parent().filter(|folder| folder.extension().is_some_and(|end| end == "d")) {
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// systemctl refuses as a whole where it knows one of the units no longer; what
/// counts is what is so then.
fn turn_off() -> Result<()> {
    let Err(error) = run(&TURN_OFF) else { return Ok(()) };
    // A unit whose file is gone may run, and is not disabled but stopped.
    let _ = run(&["systemctl", "--user", "stop", SERVICE, SOCKET]);
    if manager::is_off() {
        return Ok(());
    }
    Err(error.hint(
        "systemctl --user status kith.service kith.socket says more; kith setup --remove goes on from here",
    ))
}

fn linger(on: bool) -> Result<()> {
    let (command, so, hint) = if on {
        (
            "enable-linger",
            "kith will not run while you are not logged in",
            "all else is done. This takes logind, and perhaps an administrator: sudo loginctl enable-linger \"$USER\"",
        )
    } else {
        (
            "disable-linger",
            "your services still run while you are not logged in",
            "all else is done; kith setup --remove tries it again",
        )
    };
    run(&["loginctl", command]).map_err(|error| Error::user(format!("{so}: {}", error.message())).hint(hint))
}

fn run(words: &[impl AsRef<OsStr>]) -> Result<()> {
    let shown: Vec<_> = words.iter().map(|word| word.as_ref().to_string_lossy()).collect();
    let line = shown.join(" ");
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let output = manager::command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .doing(|| format!("run {line}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::user(format!("{line} failed: {}", said.trim())))
}
