//! `kith import`

mod inputs;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use self::inputs::{Found, Input};
use super::progress::Shown;
use super::screen::{self, out, wrapped};
use super::{Context, Done, Failure, named};
use crate::config;
use crate::core::settings::parse_encoding;
use crate::error::{Doing, Error, Result};
use crate::import::{
    FolderJob, Heard, Job, Listened, Look, Mail, Mbox, Occasion, Progress, Report, Turn, Workshop, mbox_of,
    no_people, take_in,
};
use crate::importer::{Host, Importers, OwnBinary, Shelf};
use crate::store::{Outcome, Store};

/// Import address books.
///
/// A file is taken in whole or not at all. The same file twice changes nothing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith import contacts.vcf\n  kith import Connections.csv --dry-run\n  kith import *.vcf --json\n  \
                  kith import friends.csv --encoding windows-1257"
)]
pub(super) struct Args {
    /// Address books as other programs export them: vCard, CSV, LDIF, Monica's JSON, archives of them;
    /// folders of these; folders of one .vcf a person; Maildirs; pipes, or - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Show what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// The encoding of files that do not tell their own, such as windows-1252, windows-1257 or
    /// shift_jis; by default inbox.encoding of kith.toml.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Stated>,
}

/// An encoding as stated; none: it is to be guessed.
#[derive(Debug, Clone)]
struct Stated(Option<String>);

fn encoding(text: &str) -> std::result::Result<Stated, String> {
    parse_encoding(text).map(Stated)
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let workshop = Workshop {
        host: Host::new(OwnBinary::open()?, context.paths.data_folder().to_owned()),
        importers: Importers::of(&context.paths),
        config_folder: context.paths.config_folder().to_owned(),
    };
    let waited = store.reviews()?.len();
    let mut reports = Vec::new();
    let mut failures: Vec<(String, Error)> = Vec::new();
    // An export has many files of other things, and is not told of each.
    let mut without_people: Vec<(String, Error)> = Vec::new();
    // That a report cannot be written keeps nothing from being imported and published.
    let mut told = Ok(());
    let mut given: Vec<(String, Result<Input>)> = Vec::new();
    for path in &args.files {
        let is_followed = followed(context, path).is_some();
        match inputs::of(path, is_followed, &workshop.importers.endings()) {
            Ok(Found { inputs, folders }) => {
                if !folders.is_empty() {
                    screen::say_aside(&not_looked_into(&named::name(path), &folders))?;
                }
                given.extend(inputs.into_iter().map(|input| (named::name(input.path()), Ok(input))));
            }
            Err(error) => given.push((named::name(path), Err(error))),
        }
    }
    let several = given.len() > 1;
    for (name, done) in done(args, context, &workshop, &mut store, given)? {
        match done {
            Ok(Became::LeftOut) => {
                screen::say_aside(&format!("{name} is left out: no importer reads such files"))?;
            }
            Ok(Became::NoPeople(error)) => without_people.push((name, error)),
            Ok(Became::Reported(mut report)) => {
                if !context.json {
                    let gap = if reports.is_empty() { "" } else { "\n" };
                    told =
                        told.and_then(|()| write!(out(), "{gap}{}", wrapped(&report.brief(args.dry_run), 0)));
                    report.forget_records();
                }
                reports.push(report);
            }
            Err(error) => {
                // One bad file does not keep the others out; the last word is an error all the same.
                if !context.json && several {
                    told = told.and_then(|()| screen::tell("Error", &error));
                }
                failures.push((name, error));
            }
        }
    }
    let names: Vec<&str> = without_people.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(said) = no_people(&names, usize::MAX, "") {
        if !reports.is_empty() || !failures.is_empty() {
            screen::say_aside(&said)?;
        } else if several {
            let error = Error::user(format!("nothing could be imported: {said}"));
            return Err(error.hint("export your contacts as vCard or CSV").into());
        } else {
            failures.append(&mut without_people);
        }
    }
    if !args.dry_run && !reports.is_empty() {
        // The files are imported whatever becomes of this, and kith review looks again.
        if let Err(error) = store.look_for_twins(context.entered_at()) {
            screen::tell("Warning", &error.while_doing("look for people who may be the same"))?;
        }
        context.republish(&mut store)?;
    }
    let waiting = store.reviews()?.len();
    let told = told.map_err(Failure::from).and_then(|()| {
        if context.json {
            context.print_json(&summary(&reports, &failures, waiting, args.dry_run))?;
        } else if !reports.is_empty() {
            let asks = (waiting > waited).then_some(waiting);
            write!(out(), "{}", wrapped(&conclusion(&reports, asks, args.dry_run), 0))?;
        }
        Ok(())
    });
    let count = failures.len();
    let files = reports.len() + count;
    match failures.into_iter().next_back() {
        None => told.map_err(|failure| untold(failure, args.dry_run)),
        Some((_, error)) if count == 1 && !several => Err(error.into()),
        Some(_) => Err(Error::user(format!("{count} of {files} files could not be imported")).into()),
    }
}

/// That folders in a folder are left out.
fn not_looked_into(folder: &str, folders: &[String]) -> String {
    /// So many are named.
    const MOST: usize = 5;
    let named: Vec<&str> = folders.iter().take(MOST).map(String::as_str).collect();
    let more = if folders.len() > MOST { ", …" } else { "" };
    let (count, them) = match folders.len() {
        1 => ("1 folder".to_owned(), "it"),
        many => (format!("{many} folders"), "them"),
    };
    let names = named.join(", ");
    format!(
        "{folder}: {count} in it left out ({names}{more}); to import what is in {them}, name {them} as well"
    )
}

/// The failure to tell what was done, which is done all the same.
fn untold(failure: Failure, dry_run: bool) -> Failure {
    let Failure::Told(error) = failure else { return failure };
    let (done, next) = if dry_run {
        ("nothing was changed, as it was a rehearsal", "run it again")
    } else {
        ("the files were imported", "kith list shows the people; the same import again changes nothing")
    };
    Failure::Told(Error::user(format!("{done}, but the report is not shown: {}", error.message())).hint(next))
}

/// What became of each input, by its name.
type Each = Vec<(String, Result<Became<Box<Report>>>)>;

/// What became of an input that is no error.
enum Became<T> {
    /// It was read.
    Reported(T),
    /// It lists no people, as far as anybody knows, for this reason.
    NoPeople(Error),
    /// No importer reads such files, and nobody named it.
    LeftOut,
}

impl<T> Became<T> {
    fn as_read(&self) -> Option<&T> {
        match self {
            Self::Reported(read) => Some(read),
            Self::NoPeople(_) | Self::LeftOut => None,
        }
    }

    fn map<U>(self, to: impl FnOnce(T) -> U) -> Became<U> {
        match self {
            Self::Reported(read) => Became::Reported(to(read)),
            Self::NoPeople(error) => Became::NoPeople(error),
            Self::LeftOut => Became::LeftOut,
        }
    }
}

/// Imports all inputs together, as if they were in one folder: what one file brings depends on those before
/// it, and none takes the place of what another one says. Those of which nothing but contact with people comes
/// are the last, as these may be in the others. What cannot be read keeps the others out of nothing.
fn done(
    args: &Args,
    context: &Context,
    workshop: &Workshop,
    store: &mut Store,
    given: Vec<(String, Result<Input>)>,
) -> Result<Each> {
    let listen = |store: &mut Store, name: &str, input: Result<Input>| {
        input.and_then(|input| listen(args, context, workshop, store, &input, name))
    };
    let occasion = Occasion { at: context.entered_at(), settings: &context.settings, rehearse: args.dry_run };
    let aside = context.paths.data_folder();
    let mut shelf = Shelf::begin(aside).doing(|| format!("keep in {} what is read", aside.display()))?;
    let is_one_of_several = given.len() > 1;
    let mut all = Vec::new();
    for (name, input) in given {
        let mut read = listen(store, &name, input);
        if let Ok(Became::Reported(Read { heard: Some(heard), .. })) = &mut read
            && is_one_of_several
        {
            heard.keep_on(&mut shelf)?;
        }
        all.push((name, read));
    }
    let turn = |read: &Read| read.heard.as_ref().map_or(Turn::People, |heard| heard.turn());
    all.sort_by_key(|(_, read)| read.as_ref().ok().and_then(Became::as_read).map_or(Turn::People, turn));
    let heard: Vec<(&str, &Heard)> = all
        .iter()
        .filter_map(|(name, read)| Some((name.as_str(), read.as_ref().ok()?.as_read()?.heard.as_deref()?)))
        .collect();
    let mut shown: Vec<Option<Shown<'_>>> = Vec::new();
    let mut tell = |at: usize, progress| {
        if shown.len() <= at {
            // That of the one before is wiped out.
            shown.clear();
            shown.resize_with(at, || None);
            shown.push(heard.get(at).map(|(name, _)| Shown::new(name, context.json)));
        }
        if let Some(Some(shown)) = shown.get_mut(at) {
            shown.tell(progress);
        }
    };
    let only: Vec<&Heard> = heard.iter().map(|(_, heard)| *heard).collect();
    let mut reports = take_in(store, &only, occasion, &mut tell)?.into_iter();
    drop(shown);
    let each = all.into_iter().map(|(name, read)| {
        let done = read.map(|read| {
            read.map(|read| {
                let report = read.heard.is_some().then(|| reports.next()).flatten();
                read.report(report)
            })
        });
        (name, done)
    });
    Ok(each.collect())
}

/// What was read of an input.
struct Read {
    /// What is to be taken in; nothing of a followed folder in which nothing happened.
    heard: Option<Box<Heard>>,
    /// What it is called in its report.
    name: String,
    /// The mails that it was made of.
    mails: Vec<Mail>,
    /// How many drafts were left out.
    drafts: u64,
    /// What is wrong with it otherwise.
    trouble: Option<Error>,
}

impl Read {
    /// What is told of it, given what became of what was heard.
    fn report(self, taken: Option<Report>) -> Box<Report> {
        let mut report = taken.unwrap_or_else(|| Report::unchanged(&self.name));
        report.name_the_mails(&self.mails);
        report.notes.extend(match self.drafts {
            0 => None,
            1 => Some("1 draft was left out: it was sent to nobody".to_owned()),
            many => Some(format!("{many} drafts were left out: they were sent to nobody")),
        });
        report.notes.extend(self.trouble.map(|trouble| trouble.to_string()));
        Box::new(report)
    }
}

/// Has an input read.
fn listen(
    args: &Args,
    context: &Context,
    workshop: &Workshop,
    store: &mut Store,
    input: &Input,
    name: &str,
) -> Result<Became<Read>> {
    let path = input.path();
    let stated = args.encoding.as_ref().map_or(&context.settings.inbox.encoding, |Stated(stated)| stated);
    let aside = context.paths.data_folder();
    let Mbox { file, mails, drafts } = match input {
        Input::Mails(_) => {
            let mut shown = Shown::new(name, context.json);
            mbox_of(path, aside, |mails| shown.tell(Progress::Gathering { mails }))?
        }
        Input::Cards(_) => {
            return look(args, context, workshop, store, path, stated.as_deref()).map(Became::Reported);
        }
        Input::File(_) | Input::Within(_) => {
            let file = named::open(path, context.settings.inbox.max_size, aside)?;
            Mbox { file, mails: Vec::new(), drafts: 0 }
        }
    };
    let folder = matches!(input, Input::Within(_)).then(|| path.parent().map(named::name)).flatten();
    let job = Job {
        file: &file,
        name,
        archive: None,
        folder: folder.as_deref(),
        encoding: stated.as_deref(),
        at: context.entered_at(),
        settings: &context.settings,
        cancel: &AtomicBool::new(false),
    };
    let mut shown = Shown::new(name, context.json);
    let listened = workshop.listen(job, &mut |progress| shown.tell(progress));
    drop(shown);
    match listened? {
        Listened::Heard(heard) => {
            let name = name.to_owned();
            Ok(Became::Reported(Read { heard: Some(heard), name, mails, drafts, trouble: None }))
        }
        Listened::NoPeople(error) => Ok(Became::NoPeople(error)),
        Listened::NobodyReads { .. } if matches!(input, Input::Within(_)) => Ok(Became::LeftOut),
        // A name without an ending says nothing: what is wrong with the content does.
        Listened::NobodyReads { tried: Some(error) } if Path::new(name).extension().is_none() => Err(error),
        Listened::NobodyReads { tried } => {
            let table = tried.map(|_| "; if it is a table with names of columns that kith does not know, call it .csv to get a proposal").unwrap_or_default();
            let endings = workshop.importers.endings();
            let is_read = Path::new(name)
                .extension()
                .is_some_and(|ending| endings.iter().any(|own| ending.eq_ignore_ascii_case(own)));
            let why =
                if is_read { "no importer knows what is in it" } else { "no importer reads such files" };
            Err(Error::user(format!("could not import {name}: {why}")).hint(format!(
                "kith reads files that end in {}; export your contacts as one of these{table}",
                workshop.importers.endings_in_words()
            )))
        }
    }
}

/// The folder of kith.toml that `path` is, if that is followed.
fn followed(context: &Context, path: &Path) -> Option<PathBuf> {
    let whole = path.canonicalize().ok()?;
    let is_it = |folder: &PathBuf| folder.canonicalize().is_ok_and(|folder| folder == whole);
    config::followed(&context.settings).into_iter().find(is_it)
}

/// Has a folder of one card a file read; of one that is followed, what happened in it.
fn look(
    args: &Args,
    context: &Context,
    workshop: &Workshop,
    store: &mut Store,
    path: &Path,
    encoding: Option<&str>,
) -> Result<Read> {
    let whole = path.canonicalize().doing(|| format!("open {}", path.display()))?;
    let followed = followed(context, path);
    let name = match &followed {
        Some(folder) => folder.display().to_string(),
        None => named::name(&whole),
    };
    let job = FolderJob {
        path: followed.as_deref().unwrap_or(path),
        name: &name,
        followed: followed.is_some(),
        encoding,
        at: context.entered_at(),
        settings: &context.settings,
        rehearse: args.dry_run,
        cancel: &AtomicBool::new(false),
    };
    let mut shown = Shown::new(&name, context.json);
    let look = workshop.look(store, job, &mut |progress| shown.tell(progress));
    drop(shown);
    let read = |heard, trouble| Ok(Read { heard, name: name.clone(), mails: Vec::new(), drafts: 0, trouble });
    match look? {
        Look { heard: Some(heard), trouble } => read(Some(heard), trouble),
        Look { heard: None, trouble: Some(trouble) } => Err(trouble),
        Look { heard: None, trouble: None } if followed.is_some() => read(None, None),
        Look { heard: None, trouble: None } => Err(Error::user(format!(
            "could not import {}: it is a folder without files that kith reads",
            path.display()
        ))
        .hint(format!(
            "kith reads files that end in {}; folders in it are not looked into",
            workshop.importers.endings_in_words()
        ))),
    }
}

/// What comes after the reports: the sums of several files, and what to do next. `waiting` is how many pairs
/// wait for a review, if some came.
fn conclusion(reports: &[Box<Report>], waiting: Option<usize>, rehearsal: bool) -> String {
    let all = Outcome::sum(reports.iter().map(|report| &report.outcome));
    let several = reports.len() > 1;
    let mut text = String::new();
    if several {
        let skipped = reports.iter().map(|report| report.left_out()).sum();
        text += &format!("\n{} files in all: {}\n", reports.len(), all.counts(skipped));
    }
    if rehearsal {
        return text + "\nThis was a rehearsal: nothing was changed.\n";
    }
    let pairs = waiting.map(|pairs| match pairs {
        1 => "1 pair waits".to_owned(),
        many => format!("{many} pairs wait"),
    });
    let next: String = [
        pairs.map(|wait| format!("  kith review                      say who is the same person: {wait}\n")),
        (all.contradicting > 0).then(|| {
            "  kith conflicts                   choose between what contradicts itself\n".to_owned()
        }),
        (all.new > all.organizations).then(|| {
            "  kith circle assign close NAME…   say who is close to you\n  \
             kith plan                        whom to talk to, and why\n"
                .to_owned()
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !next.is_empty() {
        text += "\nNext:\n";
        text += &next;
    }
    text
}

fn summary(reports: &[Box<Report>], failures: &[(String, Error)], waiting: usize, rehearsal: bool) -> Value {
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
        "contradicting": sum(|r| r.outcome.contradicting),
        "review": sum(|r| r.outcome.review),
        "skipped": sum(Report::left_out),
        "organizations": sum(|r| r.outcome.organizations),
        "waiting": waiting,
        "dry_run": rehearsal,
        "files": files,
    })
}
