//! Which files an importer can open, by Landlock.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};

use super::Program;
use crate::error::{Error, Result};

/// The newest rules that are asked for; a kernel that knows fewer keeps those it knows.
const NEWEST: ABI = ABI::V6;

/// Where a system keeps programs, libraries and interpreters, for all to read.
const SYSTEM: [&str; 11] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
];

/// Devices without anything behind them.
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/// Whether the kernel keeps a process from files.
pub(super) fn can_be_forbidden() -> bool {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(Ruleset::create)
        .is_ok()
}

/// No file at all, where the kernel can do that.
pub(super) fn forbid_all() -> Result<()> {
    ruleset(CompatLevel::BestEffort)
        .and_then(RulesetCreated::restrict_self)
        .map(drop)
        .map_err(|error| cannot(&error))
}

/// Its own program, the system's libraries, and what its manifest names, to read.
///
/// # Errors
/// If one of the latter is not there, or the kernel cannot do that.
pub(super) fn allow_reading(program: &Program) -> Result<()> {
    let read = AccessFs::from_read(NEWEST);
    let mut rules = Vec::new();
    for path in SYSTEM {
        // Not every system has each of them.
        rules.extend(PathFd::new(path).ok().map(|opened| rule(opened, Path::new(path), read)));
    }
    for path in DEVICES {
        let both = AccessFs::ReadFile | AccessFs::WriteFile;
        rules.extend(PathFd::new(path).ok().map(|opened| rule(opened, Path::new(path), both)));
    }
    for path in std::iter::once(&program.path).chain(&program.readable) {
        let opened = PathFd::new(path).map_err(|error| {
            Error::user(format!("{} cannot be opened: {error}", path.display()))
                .hint("the importer's manifest names it: mend the path there, or the file's permissions")
        })?;
        rules.push(rule(opened, path, read));
    }
    ruleset(CompatLevel::HardRequirement)
        .and_then(|ruleset| ruleset.add_rules(rules.into_iter().map(Ok::<_, RulesetError>)))
        .and_then(RulesetCreated::restrict_self)
        .map(drop)
        .map_err(|error| cannot(&error))
}

/// A set of rules under which nothing is allowed. `files` says how it is with
/// those of them that a sandbox needs; the newer ones are asked for as far as
/// the kernel has them, and what they keep out is kept out by [`super::calls`], too.
fn ruleset(files: CompatLevel) -> std::result::Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .set_compatibility(files)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()
}

/// A folder may be read and looked into, a file only read.
fn rule(opened: PathFd, path: &Path, allowed: impl Into<BitFlags<AccessFs>>) -> PathBeneath<PathFd> {
    let allowed = allowed.into();
    let of_files = AccessFs::from_file(NEWEST);
    PathBeneath::new(opened, if path.is_dir() { allowed } else { allowed & of_files })
}

fn cannot(error: &RulesetError) -> Error {
    Error::user(format!("the kernel's Landlock refuses: {error}"))
}
