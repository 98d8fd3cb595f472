//! `kith export`

mod json;
mod place;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use self::place::{Folder, Place};
use super::screen::{out, wrapped};
use super::{Context, Done, counted};
use crate::core::export::{Version, file_name, write_csv, write_vcard};
use crate::core::facts::PersonId;
use crate::error::{Error, Result};
use crate::store::{Filter, Store};

/// Write people for other programs, and for keeping.
///
/// Everybody, or those who are named. A vCard also has what kith does not use: the pictures, keys and fields of
/// other programs that came with the original cards. Your circles, comfort and history are in json alone, as
/// cards are often handed on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith export > everybody.vcf\n  kith export anna --format vcard3\n  \
                        kith export --format csv --output people.csv\n  \
                        kith export friends --format json\n  kith export --format vdir --output cards")]
pub(super) struct Args {
    /// Part of a name, an address, an organisation or a circle, or an id; everybody if none is given.
    #[arg(value_name = "PERSON")]
    queries: Vec<String>,
    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Vcard4)]
    format: Format,
    /// The file to write, or for vdir the folder; else it is printed.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// The archived too.
    #[arg(long)]
    archived: bool,
    /// In json, add the original text of each card.
    #[arg(long)]
    raw: bool,
}

/// What an export looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// vCard 4.0, which loses least.
    Vcard4,
    /// vCard 3.0, which every program reads.
    Vcard3,
    /// A sheet, a row a person.
    Csv,
    /// People with their history, for programs.
    Json,
    /// A folder of one vCard 3.0 a person, as khard and vdirsyncer keep it.
    Vdir,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Vcard4 => "vcard4",
            Self::Vcard3 => "vcard3",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Vdir => "vdir",
        }
    }

    /// Who would read it back, and whose UIDs it has therefore.
    fn importer(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Vcard4 | Self::Vcard3 | Self::Vdir => "vcard",
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    check(args, context)?;
    let store = context.store()?;
    let people = store.in_export_order(&chosen(args, &store)?, args.format.importer())?;
    match &args.output {
        None => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            write(&mut out, args, &store, &people)?;
            Ok(out.flush()?)
        }
        Some(path) if args.format == Format::Vdir => {
            let folder = Folder::at(path)?;
            for &id in &people {
                let exported = store.exported(id, args.format.importer())?;
                let mut card = Vec::new();
                write_vcard(&mut card, &exported, Version::V3);
                folder.add(&file_name(&exported.uid), &card)?;
            }
            folder.finish()?;
            told(args, context, path, people.len())
        }
        Some(path) => {
            let mut place = Place::at(path, args.force)?;
            // What cannot be written is of this file, not of the screen.
            if let Err(failure) = write(place.writer(), args, &store, &people) {
                return Err(place.failed(failure));
            }
            place.finish()?;
            told(args, context, path, people.len())
        }
    }
}

/// That the options go together.
fn check(args: &Args, context: &Context) -> Result<()> {
    if args.raw && args.format != Format::Json {
        return Err(Error::usage("--raw is for --format json: it adds the original text of each card"));
    }
    match (&args.output, args.format) {
        (None, Format::Vdir) => Err(Error::usage("vdir is a folder: say where with --output FOLDER")
            .hint("kith export --format vdir --output cards")),
        (None, _) if args.force => Err(Error::usage("--force is for --output FILE")),
        (Some(_), Format::Vdir) if args.force => Err(Error::usage(
            "--force is for files: a folder is written only where there is none, or an empty one",
        )),
        (None, format) if context.json && format != Format::Json => Err(Error::usage(
            "--json says what was written, with --output FILE; to print people as JSON use --format json",
        )),
        _ => Ok(()),
    }
}

/// Whom to export.
fn chosen(args: &Args, store: &Store) -> Result<Vec<PersonId>> {
    let archived = args.archived;
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    if args.queries.is_empty() {
        all.extend(store.list(Filter { query: "", archived })?.into_iter().map(|listed| listed.id));
        if all.is_empty() {
            return Err(Error::user("there is nobody to export yet")
                .hint("import an address book first, or add somebody: kith import FILE, kith add NAME"));
        }
    }
    for query in &args.queries {
        let mut found = store.list(Filter { query, archived })?;
        // An exact id means one person, whoever has the digit in a number; and so they are found who are archived.
        let by_id = store.find(query)?;
        if by_id.len() == 1 && query.trim().parse().is_ok_and(|id: i64| by_id[0].id == PersonId(id)) {
            found = by_id;
        }
        if found.is_empty() {
            return Err(Error::user(format!("nobody matches {query:?}"))
                .hint("kith list shows everybody; --archived looks among the archived, too"));
        }
        all.extend(found.into_iter().map(|listed| listed.id));
    }
    all.retain(|id| seen.insert(*id));
    Ok(all)
}

fn write(out: &mut dyn Write, args: &Args, store: &Store, people: &[PersonId]) -> Done {
    let exported = |id: &PersonId| store.exported(*id, args.format.importer());
    match args.format {
        Format::Vcard4 | Format::Vcard3 | Format::Vdir => {
            let version = if args.format == Format::Vcard4 { Version::V4 } else { Version::V3 };
            let mut card = Vec::new();
            for id in people {
                card.clear();
                write_vcard(&mut card, &exported(id)?, version);
                out.write_all(&card)?;
            }
        }
        Format::Csv => {
            let all = people.iter().map(exported).collect::<Result<Vec<_>>>()?;
            out.write_all(write_csv(&all).as_bytes())?;
        }
        Format::Json => json::write(out, args.raw, store, people)?,
    }
    Ok(())
}

fn told(args: &Args, context: &Context, path: &Path, people: usize) -> Done {
    if context.json {
        return context.print_json(&json!({
            "output": path.display().to_string(),
            "format": args.format.name(),
            "people": people,
        }));
    }
    let count = counted(people, "contact", "contacts");
    let said = format!("{count} written to {} ({}).", path.display(), args.format.name());
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}
