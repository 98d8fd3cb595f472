//! What an importer's process may do.

use std::path::Path;
use std::process::{Command, Stdio};

use std::os::unix::process::CommandExt;

use crate::error::{Error, Result};

use super::builtin::OwnBinary;
use super::registry::{Importer, Origin};

/// How far an importer's process is confined.
///
/// Every importer is started through one of these, so that running
/// something unconfined is a state with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    /// It may do what kith may, though it starts with an empty environment, in
    /// the root folder, and with nothing open but its three pipes.
    Unconfined,
}

impl Confinement {
    /// The confinement under which an importer runs.
    ///
    /// # Errors
    /// If it must not run: a plugin of somebody else, as there is no sandbox.
    pub fn of(importer: &Importer) -> Result<Self> {
        match &importer.origin {
            Origin::BuiltIn => Ok(Self::Unconfined),
            Origin::Plugin(manifest) => Err(Error::user(format!(
                "the importer {} ({}) is not part of kith, and this version of kith has no sandbox to run it in",
                importer.manifest.name,
                manifest.display()
            ))
            .hint("export the contacts as vCard (.vcf) or CSV, which kith reads itself")),
        }
    }

    /// The process to start for a built-in importer.
    pub(super) fn command(self, importer: &Importer, own: &OwnBinary) -> Command {
        let mut words = importer.manifest.exec.iter();
        let name = words.next().map_or("kith", String::as_str);
        self.program(&own.path(), name, words)
    }

    /// The process to start for a program with these arguments, called `name`.
    pub(super) fn program<'a>(
        self,
        program: &Path,
        name: &str,
        arguments: impl Iterator<Item = &'a String>,
    ) -> Command {
        let Self::Unconfined = self;
        let mut command = Command::new(program);
        command
            .arg0(name)
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}
