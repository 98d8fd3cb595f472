//! `kith imports`

use std::io::Write;

use serde_json::{Value, json};

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, undo};
use crate::store::{Counts, PastImport};

/// How many lines of them are shown.
const LISTED: usize = 20;

/// Where in the list it begins what is said of an import.
const COLUMN: usize = 16;

/// Of so many files of an archive each is named.
const NAMED: usize = 6;

/// Show the imports there were, newest first.
///
/// What was imported when, by which importer into which address book, and what
/// became of it. kith undo import NUMBER takes one back, also when other things
/// were changed since: those stay. Of an archive it takes all files back.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith imports\n  kith imports --all\n  kith imports --json")]
pub(super) struct Args {
    /// Show all, and each by itself: by default the last 20, where the files of an archive
    /// are one, and what happened in a followed folder meanwhile.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let imports = context.store()?.imports()?;
    if context.json {
        return context.print_json(&imports.iter().map(value).collect());
    }
    let mut out = out();
    if imports.is_empty() {
        writeln!(out, "Nothing was imported yet.")?;
        return Ok(());
    }
    let rows: Vec<&[PastImport]> =
        imports.chunk_by(|later, earlier| !args.all && are_one(later, earlier)).collect();
    let shown = if args.all { rows.len() } else { LISTED };
    for row in rows.iter().take(shown) {
        let [latest, ..] = row else { continue };
        let earliest = row.last().unwrap_or(latest);
        let label = match row {
            [one] => format!("import {}", one.number),
            _ => format!("import {}–{}", earliest.number, latest.number),
        };
        write!(out, "{}", labelled(&label, COLUMN, &when_and_what(context, row, earliest, latest)))?;
        let counts = row.iter().map(|import| import.counts).fold(Counts::default(), Counts::and);
        let book = match row {
            [_, _, ..] if latest.archive.is_some() => String::new(),
            _ if latest.address_book == latest.file => String::new(),
            _ => format!(" (address book {})", latest.address_book),
        };
        write!(out, "{}", wrapped(&format!("{counts}{book}"), COLUMN))?;
    }
    let earlier: usize = rows.iter().skip(shown).map(|row| row.len()).sum();
    let more = match earlier {
        0 => String::new(),
        count => format!("and {count} earlier: kith imports --all\n"),
    };
    let told = "\nkith undo import NUMBER takes one back; what was changed later stays.\n";
    write!(out, "{}", wrapped(&format!("{more}{told}"), 0))?;
    Ok(())
}

/// Whether two that followed each other are files of one archive, or what happened in one folder.
fn are_one(later: &PastImport, earlier: &PastImport) -> bool {
    if later.archive.is_some() {
        let moment =
            |import: &PastImport| [Some(import.at.clone()), import.archive.clone(), import.undone_at.clone()];
        return moment(later) == moment(earlier);
    }
    later.followed
        && earlier.followed
        && later.file == earlier.file
        && later.undone_at.is_none()
        && earlier.undone_at.is_none()
}

/// `today at 10:15, phone.vcf (vcard), taken back`
fn when_and_what(
    context: &Context,
    row: &[PastImport],
    earliest: &PastImport,
    latest: &PastImport,
) -> String {
    let [first, last] = [earliest, latest].map(|import| undo::when(context, &import.at));
    let when = if first == last { last } else { format!("{first} until {last}") };
    let what = match &latest.archive {
        None if latest.followed => format!("the folder {}", latest.file),
        None => latest.file.clone(),
        Some(archive) => match each(row, |import| &import.file).as_slice() {
            [file] => format!("{file} in {archive}"),
            files if files.len() > NAMED => format!("{archive}: {} files", files.len()),
            files => format!("{archive}: {}", files.join(", ")),
        },
    };
    let importers = each(row, |import| &import.importer).join(", ");
    let undone = if latest.undone_at.is_some() { ", taken back" } else { "" };
    format!("{when}, {what} ({importers}){undone}")
}

/// What imports say, each thing once, that of the earliest first.
fn each(row: &[PastImport], of: fn(&PastImport) -> &String) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for said in row.iter().rev().map(of) {
        if !all.contains(&said.as_str()) {
            all.push(said);
        }
    }
    all
}

fn value(import: &PastImport) -> Value {
    let Counts { new, updated, unchanged, review, skipped, history, gone } = import.counts;
    json!({
        "number": import.number,
        "step": import.step.map(|step| step.to_string()),
        "at": import.at,
        "file": import.file,
        "archive": import.archive,
        "importer": import.importer,
        "address_book": import.address_book,
        "followed": import.followed,
        "new": new,
        "updated": updated,
        "unchanged": unchanged,
        "review": review,
        "skipped": skipped,
        "history": history,
        "gone": gone,
        "undone_at": import.undone_at,
    })
}
