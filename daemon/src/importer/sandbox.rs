//! What an importer's process may do.
//!
//! kith starts itself again ([`Order`] says as what), and that process takes
//! its own rights away before it reads a byte of what is to be imported
//! ([`confine`]). An importer that is part of kith goes on as the same process;
//! any other program is then executed, with all of it in force. It is done in a
//! process of its own, rather than between fork and exec of a large one, so that
//! starting an importer stays quick however much memory the service has, what
//! goes wrong can be said, and the sandbox can be tried on its own.
//!
//! | what | keeps an importer from |
//! |---|---|
//! | Landlock ([`files`]) | files: others than its program, the system's libraries, and what its manifest names, which it may read; TCP; signals to processes outside |
//! | seccomp ([`calls`]) | sockets of any kind, ending or tracing others, a session or group of its own |
//! | asking first ([`forks`]) | more processes than its manifest says, more threads than anybody needs |
//! | limits ([`limits`]) | memory, processor time, open files, written files |
//! | the [`Host`](super::Host) | time, output, lines, silence, processes left behind |
//! | a [`guard`] | processes that outlive kith, whatever ended it |
//!
//! What it still can: see that a path exists (stat), and use the processor for as long as it is given.

mod calls;
mod files;
mod forks;
mod guard;
mod limits;

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::error::{Doing, Error, Result};

use super::builtin::{OwnBinary, run_builtin};
use super::manifest::Limits;
use super::registry::{Importer, Origin};

use forks::Seccomp;
pub(super) use forks::{Forks, Heard, Request, Start};

/// The word of `kith` behind which an [`Order`] stands.
const SUBCOMMAND: &str = "confined";

/// What a process of kith is to become once it is confined: the one argument of `kith confined`, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The process of kith that gives the order; without it there is nothing to do.
    pub parent: u32,
    /// What is to be done.
    pub task: Task,
}

/// What such a process is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// To import.
    Import {
        /// What the importer may use.
        limits: Limits,
        /// What it is.
        becomes: Becomes,
    },
    /// To end the importer in whose group it is once kith has ended.
    Guard,
}

/// An importer, as far as its process is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Becomes {
    /// A part of kith, by its name.
    BuiltIn(String),
    /// Another program.
    Program(Program),
}

/// A program that is not part of kith.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The files and folders that it may read, besides itself and the system's.
    pub readable: Vec<PathBuf>,
}

impl Order {
    /// What kith is told with these words to become, if it is. They are looked for before any others
    /// are: to know all commands takes longer than a card does, and an archive may have a file for each.
    ///
    /// # Errors
    /// If it is no order.
    pub fn among(words: &[OsString]) -> Option<Result<Self>> {
        match words {
            [_, first, order] if first == SUBCOMMAND => Some(order.to_string_lossy().parse()),
            _ => None,
        }
    }

    /// Confines this process and becomes the importer; returns once a built-in one is done. Or guards one.
    ///
    /// # Errors
    /// If it cannot be confined, or the importer cannot be run or answer.
    pub fn obey(&self) -> Result<()> {
        let (limits, becomes) = match &self.task {
            Task::Guard => return guard::keep(self.parent),
            Task::Import { limits, becomes } => (limits, becomes),
        };
        confine(self.parent, limits, becomes).doing(|| "confine an importer".to_owned())?;
        match becomes {
            Becomes::BuiltIn(name) => run_builtin(name),
            Becomes::Program(program) => {
                // The environment is empty, and the folder the root: the host saw to that.
                let error = Command::new(&program.path).args(&program.arguments).exec();
                Err(error).doing(|| format!("run {}", program.path.display()))
            }
        }
    }
}

impl std::str::FromStr for Order {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::usage(format!("kith starts importers with this itself: {error}")))
    }
}

/// Takes from this process, for ever, what an importer must not do.
fn confine(parent: u32, limits: &Limits, becomes: &Becomes) -> Result<()> {
    limits::end_with(parent)?;
    limits::set(limits)?;
    limits::close_all_but_the_pipes()?;
    match becomes {
        Becomes::BuiltIn(_) => {
            // It opens no file at all, so that where the kernel has no Landlock
            // the rest is enough: the calls that open one are not left to it.
            files::forbid_all()?;
            calls::allow(calls::Purpose::BuiltIn)
        }
        Becomes::Program(program) => {
            files::allow_reading(program)?;
            forks::ask_before(&calls::asking()?)?;
            calls::allow(calls::Purpose::Program { processes: limits.processes > 1 })
        }
    }
}

/// What belongs to an importer that may start processes and threads.
#[derive(Debug)]
pub(super) struct Oversight {
    /// Where it asks before it starts one.
    pub(super) forks: Forks,
    /// What has to be in its group before it starts a process.
    pub(super) guard: Command,
}

/// The process to start for an importer, which becomes what it is once it is confined; and of one that
/// may start others, what oversees that. Its standard input comes from there, too.
///
/// # Errors
/// As [`becomes`].
pub(super) fn command(importer: &Importer, own: &OwnBinary) -> Result<(Command, Option<Oversight>)> {
    let limits = importer.manifest.limits;
    let mut command = ordered(own, Task::Import { limits, becomes: becomes(importer)? })?;
    if importer.origin == Origin::BuiltIn {
        return Ok((command, None));
    }
    let (forks, input) = Forks::pair().doing(|| "talk to an importer".to_owned())?;
    command.stdin(input);
    let mut guard = ordered(own, Task::Guard)?;
    // It holds no pipe of the importer's, whose end is therefore told.
    guard.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok((command, Some(Oversight { forks, guard })))
}

/// kith once more, for this.
fn ordered(own: &OwnBinary, task: Task) -> Result<Command> {
    let order = Order { parent: std::process::id(), task };
    let order = serde_json::to_string(&order)
        .map_err(|error| Error::internal(format!("an order cannot be written as JSON: {error}")))?;
    Ok(piped(&own.path(), &[SUBCOMMAND.to_owned(), order]))
}

/// What the process of an importer becomes.
///
/// # Errors
/// If it must not run: a plugin of somebody else, where the kernel cannot
/// confine it, whose program is not there, or that would read what is private; any, where nothing can be confined.
pub fn becomes(importer: &Importer) -> Result<Becomes> {
    let Origin::Plugin { manifest, private } = &importer.origin else {
        if let Some(lack) = lack().filter(|lack| lack.stops_all) {
            return Err(Error::user(format!("nothing that reads files can be confined: {}", lack.what))
                .hint("kith runs on a kernel with seccomp; where a container keeps it from kith, run kith outside, or allow the call there"));
        }
        return Ok(Becomes::BuiltIn(importer.manifest.name.clone()));
    };
    if let Some(lack) = lack() {
        return Err(Error::user(format!(
            "the importer {} ({}) is not part of kith, and cannot be confined: {}",
            importer.manifest.name,
            manifest.display(),
            lack.what
        ))
        .hint("export the contacts as vCard (.vcf) or CSV, which kith reads itself"));
    }
    importer.manifest.program(manifest, private).map(Becomes::Program)
}

/// What this computer lacks of what a sandbox for programs of others needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// What it is, a sentence without its end.
    pub what: &'static str,
    /// Whether importers that are part of kith do not run without it either.
    pub stops_all: bool,
}

/// What this computer lacks, if anything.
#[must_use]
pub fn lack() -> Option<Lack> {
    let of_others = |what| Some(Lack { what, stops_all: false });
    if !calls::are_known() {
        return of_others("kith does not know the system calls of this kind of computer");
    }
    match Seccomp::of_this_kernel() {
        Seccomp::Absent => Some(Lack {
            what: "this kernel has no seccomp (it may be left out of a kernel, or kept from programs in a container)",
            stops_all: true,
        }),
        Seccomp::Refuses => of_others("this kernel's seccomp can ask nobody (that came with Linux 5.0)"),
        Seccomp::Asks if !files::can_be_forbidden() => of_others(
            "this kernel has no Landlock (it came with Linux 5.13, and may be switched off at boot)",
        ),
        Seccomp::Asks => None,
    }
}

/// A process with an empty environment, in the root folder, in a group of its
/// own, whose three pipes are ours.
pub(super) fn piped(program: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .arg0("kith")
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
