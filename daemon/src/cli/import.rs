//! `kith import`

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use super::screen::{err, out};
use super::{Context, Done};
use crate::error::{Error, Result};
use crate::import::{Imported, Job, Report, Workshop};
use crate::importer::{Host, Importers, OwnBinary};
use crate::inbox::open_regular;
use crate::store::Store;

/// Import address books.
///
/// A file is taken in whole or not at all. The same file twice changes nothing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith import contacts.vcf\n  kith import Connections.csv --dry-run\n  kith import *.vcf --json"
)]
pub(super) struct Args {
    /// vCard (.vcf) or CSV files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Show what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let workshop = Workshop {
        host: Host::new(OwnBinary::open()?, context.paths.data_folder().to_owned()),
        importers: Importers::discover(&context.paths.plugins()),
        config_folder: context.paths.config_folder().to_owned(),
    };
    let mut reports = Vec::new();
    let mut failures: Vec<(String, Error)> = Vec::new();
    for path in &args.files {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        match import(args, context, &workshop, &mut store, path, &name) {
            Ok(report) => {
                if !context.json {
                    if !reports.is_empty() {
                        writeln!(out())?;
                    }
                    write!(out(), "{}", report.brief())?;
                }
                reports.push(report);
            }
            Err(error) => {
                // One bad file does not keep the others out; the last word is an error all the same.
                if !context.json && args.files.len() > 1 {
                    writeln!(err(), "Error: {error}")?;
                }
                failures.push((name, error));
            }
        }
    }
    if !args.dry_run && !reports.is_empty() {
        context.republish(&mut store)?;
    }
    if context.json {
        context.print_json(&summary(&reports, &failures, args.dry_run))?;
    } else if args.dry_run && !reports.is_empty() {
        writeln!(out(), "\nThis was a rehearsal: nothing was changed.")?;
    }
    let count = failures.len();
    match failures.into_iter().next_back() {
        None => Ok(()),
        Some((_, error)) if count == 1 && args.files.len() == 1 => Err(error.into()),
        Some(_) => {
            Err(Error::user(format!("{count} of {} files could not be imported", args.files.len())).into())
        }
    }
}

fn import(
    args: &Args,
    context: &Context,
    workshop: &Workshop,
    store: &mut Store,
    path: &std::path::Path,
    name: &str,
) -> Result<Box<Report>> {
    // A file named on the command line is meant, also through a link.
    if path.is_dir() {
        return Err(Error::user(format!("could not import {}: it is a folder", path.display()))
            .hint(format!("name the files in it: kith import {}/*", path.display())));
    }
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Some(opened) = open_regular(&path, context.settings.inbox.max_size)? else {
        return Err(Error::user(format!("could not open {}: it does not exist", path.display())));
    };
    let job = Job {
        file: &opened.file,
        name,
        at: context.entered_at(),
        rehearse: args.dry_run,
        cancel: &AtomicBool::new(false),
    };
    match workshop.import(store, job, &mut |_, _| {})? {
        Imported::Done(report) => Ok(report),
        Imported::NobodyReads => {
            Err(Error::user(format!("could not import {name}: no importer reads such files"))
                .hint("kith reads vCard (.vcf) and CSV (.csv); export your contacts as one of these"))
        }
    }
}

fn summary(reports: &[Box<Report>], failures: &[(String, Error)], rehearsal: bool) -> Value {
    let sum = |of: fn(&Report) -> u64| reports.iter().map(|report| of(report)).sum::<u64>();
    let mut files: Vec<Value> = reports.iter().map(|report| report.json()).collect();
    files.extend(
        failures
            .iter()
            .map(|(name, error)| json!({ "file": name, "error": error.message(), "hint": error.advice() })),
    );
    json!({
        "new": sum(|r| r.outcome.new),
        "updated": sum(|r| r.outcome.updated),
        "unchanged": sum(|r| r.outcome.unchanged),
        "review": sum(|r| r.outcome.review),
        "skipped": sum(|r| r.skipped_in_all),
        "organizations": sum(|r| r.outcome.organizations),
        "dry_run": rehearsal,
        "files": files,
    })
}
