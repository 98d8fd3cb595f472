//! `kith plugin`

mod check;
mod list;
mod run;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Done, joined};
use crate::config;
use crate::core::settings::Me;
use crate::error::{Doing, Error, Result};
use crate::importer::{Importer, Importers, Manifest, Origin, Private};
use crate::paths::Paths;

/// Importers, built in and of others: list them, try one out, check one while it is written.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith plugin list\n  kith plugin run csv Connections.csv\n  kith plugin check ./abook.toml addressbook\n\n\
                  How to write one is said in plugins/protocol/PROTOCOL.md of kith's source."
)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List importers: where each comes from, what it reads, and whether it can run here.
    #[command(after_help = "Examples:\n  kith plugin list\n  kith plugin list --json")]
    List,
    /// Try an importer against the protocol, and say what is wrong.
    ///
    /// It is run in its sandbox on batches that are easily got wrong: nothing, half a header, bytes that are
    /// no text, several files at once, input that ends too early. With files that it reads, also on these and on
    /// spoilt copies of them. Nothing is imported.
    #[command(
        after_help = "Examples:\n  kith plugin check ./abook.toml\n  kith plugin check ./abook.toml addressbook\n  \
                      kith plugin check vcard contacts.vcf --json"
    )]
    Check {
        /// The importer's name, or the path of its manifest.
        importer: String,
        /// Files that it reads, written for the purpose or real ones.
        files: Vec<PathBuf>,
    },
    /// Run an importer on a file and print what it says; nothing is imported.
    #[command(
        after_help = "Examples:\n  kith plugin run vcard contacts.vcf\n  kith plugin run ./abook.toml addressbook\n  \
                      kith plugin run csv Connections.csv --json\n\nWith --json it prints the importer's messages, one a line."
    )]
    Run {
        /// The importer's name, or the path of its manifest.
        importer: String,
        /// The file; - for standard input.
        file: PathBuf,
    },
}

pub(super) fn run(args: &Args, paths: &Paths, as_json: bool) -> Done {
    match &args.action {
        Action::List => list::run(paths, as_json),
        Action::Check { importer, files } => check::run(paths, importer, files, as_json),
        Action::Run { importer, file } => run::run(paths, importer, file, as_json),
    }
}

/// Whether a word is the path of a manifest rather than a name, which has neither slash nor dot.
fn manifest_path(word: &str) -> Option<&Path> {
    (word.contains('/') || Path::new(word).extension().is_some_and(|ending| ending == "toml"))
        .then(|| Path::new(word))
}

/// Who the user is, and the day, as every importer is told.
fn told(paths: &Paths) -> Result<(Me, Date)> {
    let settings = config::in_force(paths)?.settings;
    let today = config::local(Timestamp::now(), &settings).date();
    Ok((settings.me, today))
}

/// The importer that is meant.
///
/// # Errors
/// If there is none of that name, or its manifest cannot be used.
fn importer(paths: &Paths, word: &str) -> Result<Importer> {
    if let Some(path) = manifest_path(word) {
        // What stands beside it is found from any folder.
        let path = path.canonicalize().doing(|| format!("open {word}"))?;
        let manifest = Manifest::read(&path)?;
        let private = Private::of(paths, std::env::home_dir());
        return Ok(Importer { manifest, origin: Origin::Plugin { manifest: path, private } });
    }
    let importers = Importers::of(paths);
    if let Some(found) = importers.iter().find(|importer| importer.manifest.name == word) {
        return Ok(found.clone());
    }
    let names: Vec<String> = importers.iter().map(|importer| importer.manifest.name.clone()).collect();
    let hint = format!(
        "there are {}; a manifest outside the plugin folders is named by its path, ./{word}.toml",
        joined(&names)
    );
    // A manifest that is there and cannot be used is passed over, and is what was meant.
    let passed_over =
        importers.problems().iter().find(|problem| problem.message().contains(&format!("/{word}.toml")));
    Err(passed_over
        .cloned()
        .unwrap_or_else(|| Error::user(format!("there is no importer {word}")).hint(hint)))
}
