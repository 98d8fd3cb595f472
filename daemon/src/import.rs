//! Importing a file: the right importer, its records, one transaction, a report.
//!
//! First all is heard that importers say of it, which needs no lock ([`Heard`]); then that is taken
//! in, whole or not at all ([`take_in`]).

mod archive;
mod assumed;
mod folder;
mod maildir;
mod report;

use std::cell::RefCell;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use kith_plugin::Record;

pub use self::archive::{Member, no_people};
pub use self::folder::{FolderJob, Look, Visit, folder_problem, has_news};
pub use self::maildir::{Mail, Mbox, is_maildir, mbox_of};
pub use self::report::Report;
use crate::config::local;
use crate::core::settings::Settings;
use crate::error::{Doing, Error};
use crate::importer::{Cause, Claim, Event, Host, Importers, Input, Refusal, Shelf, Spool};
use crate::memory;
use crate::store::{Batch, Fingerprints, History, Interactions, Outcome, Sitting, Store, Taking};

/// What imports need besides the file.
pub struct Workshop {
    /// Runs importers.
    pub host: Host,
    /// The importers there are.
    pub importers: Importers,
    /// Where the user's own files for importers are.
    pub config_folder: PathBuf,
}

/// How one file is imported.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The file, opened for reading.
    pub file: &'a File,
    /// Its name without the folder.
    pub name: &'a str,
    /// The archive that it is in.
    pub archive: Option<&'a str>,
    /// The folder that it is in, where the user named that and not the file.
    pub folder: Option<&'a str>,
    /// The encoding that the user states for a file that does not tell its own.
    pub encoding: Option<&'a str>,
    /// When, in UTC.
    pub at: Timestamp,
    /// What the user set: who they are, and where.
    pub settings: &'a Settings,
    /// Set by another thread to stop.
    pub cancel: &'a AtomicBool,
}

/// When and for whom something is taken in.
#[derive(Clone, Copy)]
pub struct Occasion<'a> {
    /// When, in UTC.
    pub at: Timestamp,
    /// What the user set: who they are, and where.
    pub settings: &'a Settings,
    /// Whether to take everything back at the end.
    pub rehearse: bool,
}

/// How far an import is. It may yet fail: nothing of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The importer reads the file.
    Reading {
        /// So many bytes are read.
        bytes: u64,
        /// So many there are.
        of: u64,
    },
    /// The mails of a Maildir are gathered.
    Gathering {
        /// So many are.
        mails: u64,
    },
    /// What it said is taken in.
    Taking(Taking),
}

/// What came of having a file read.
#[derive(Debug)]
pub enum Listened {
    /// What is to be taken in.
    Heard(Box<Heard>),
    /// It lists no people, as far as anybody knows, for this reason.
    NoPeople(Error),
    /// No importer reads such files.
    NobodyReads {
        /// What one says that was asked whether it does.
        tried: Option<Error>,
    },
}

/// When something is to be taken in, of several: people have to be known before it can be told of contact with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// First, as there are people in it.
    People,
    /// Then, as it is an archive with people and with contact with people, who may be in others.
    Both,
    /// Last, as there is nothing in it but contact with people.
    History,
}

/// What importers said of a file, of an archive or of a folder, to be taken in.
#[derive(Debug)]
pub struct Heard {
    importer: String,
    /// What the input is called.
    name: String,
    /// The archive that it is in.
    archive: Option<String>,
    /// What was said; none where nothing was to be read.
    spool: Option<Spool>,
    prints: Fingerprints,
    /// The names of the files, where there were several.
    files: Vec<String>,
    /// What happened in the followed folder that they are in.
    folder: Option<folder::Happened>,
    /// Of an archive what was said of each file in it.
    members: Vec<archive::Within>,
}

impl Workshop {
    /// Has a file read; of an archive all that is in it.
    ///
    /// # Errors
    /// A [`Refusal`] with whose doing it was.
    pub fn listen(&self, job: Job<'_>, on_progress: &mut dyn FnMut(Progress)) -> Result<Listened, Refusal> {
        let mut listened = self.listen_to_one(job, on_progress)?;
        if let Listened::Heard(heard) = &mut listened {
            archive::listen(self, job, heard, on_progress)?;
        }
        Ok(listened)
    }

    /// Has one file read, and of an archive nothing that is in it.
    fn listen_to_one(
        &self,
        job: Job<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Listened, Refusal> {
        let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
        let mut start = [0; 512];
        let length =
            job.file.read_at(&mut start, 0).doing(|| format!("read {}", job.name)).map_err(surroundings)?;
        let Some((importer, claim)) = self.importers.choose(job.name, &start[..length]) else {
            return Ok(Listened::NobodyReads { tried: None });
        };
        let name = importer.manifest.name.clone();
        // Of a table that is among other files nobody has said that it is of people.
        let is_chosen = job.archive.or(job.folder).is_none();
        let may_be_of_anything = !is_chosen && importer.reads_anything()
            || importer.holds_nobody(job.name, start.get(..length).unwrap_or_default());
        // Fingerprints are taken while the importer still reads: one core each.
        let mut prints = Fingerprints::of(&name);
        let mut failed = None;
        let here = local(job.at, job.settings);
        let answer = self.host.import(
            importer,
            Input {
                file: job.file,
                name: job.name,
                archive: job.archive.or(job.folder),
                encoding: job.encoding,
                config_folder: &self.config_folder,
                reads: &self.importers.endings(),
                me: &job.settings.me,
                today: here.date(),
            },
            job.cancel,
            &mut |event| match event {
                Event::Record(record) if failed.is_none() => failed = prints.add(record).err(),
                Event::Record(_) | Event::Skipped(_) | Event::Line(_) | Event::Words(_) => {}
                Event::Progress { bytes, of } => on_progress(Progress::Reading { bytes, of }),
            },
        );
        let spool = match answer {
            // Of an empty file the importer says that it is empty, whoever would read it.
            Err(Refusal { cause: Cause::Input, error }) if claim == Claim::Maybe && length > 0 => {
                return Ok(Listened::NobodyReads { tried: Some(error) });
            }
            Err(Refusal { cause: Cause::Input, error }) if may_be_of_anything && length > 0 => {
                return Ok(Listened::NoPeople(error));
            }
            answer => answer?,
        };
        if let Some(error) = failed {
            return Err(surroundings(error));
        }
        prints.end();
        Ok(Listened::Heard(Box::new(Heard {
            importer: name,
            name: job.name.to_owned(),
            archive: job.archive.map(str::to_owned),
            spool: Some(spool),
            prints,
            files: Vec::new(),
            folder: None,
            members: Vec::new(),
        })))
    }
}

/// Takes in what was heard, one after the other, all of it or nothing; `on_progress` is told of
/// which, by its place.
///
/// # Errors
/// A [`Refusal`] if the database cannot be written; nothing is in it then.
pub fn take_in(
    store: &mut Store,
    all: &[&Heard],
    occasion: Occasion<'_>,
    on_progress: &mut dyn FnMut(usize, Progress),
) -> Result<Vec<Report>, Refusal> {
    let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
    let reports = store
        .take_in(occasion.rehearse, |sitting| {
            let mut reports = Vec::new();
            for (at, heard) in all.iter().enumerate() {
                let report = heard
                    .take(sitting, occasion, &mut |progress| on_progress(at, progress))
                    .map_err(|error| error.while_doing(&format!("import {}", heard.name)))?;
                reports.push(report);
            }
            Ok(reports)
        })
        .map_err(surroundings)?;
    if all.iter().map(|heard| heard.records()).sum::<u64>() > BULK {
        store.checkpoint().map_err(surroundings)?;
        // What comes next would lie beside it.
        memory::give_back();
    }
    Ok(reports)
}

impl Heard {
    /// Takes it in.
    ///
    /// # Errors
    /// As [`take_in`].
    pub fn take_in(
        &self,
        store: &mut Store,
        occasion: Occasion<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Box<Report>, Refusal> {
        let mut reports = take_in(store, &[self], occasion, &mut |_, progress| on_progress(progress))?;
        let nothing = || Refusal { cause: Cause::Surroundings, error: Error::internal("there is no report") };
        reports.pop().map(Box::new).ok_or_else(nothing)
    }

    /// Keeps what was said on a shelf, so that as much can be kept as there is room on the disk.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_on(&mut self, shelf: &mut Shelf) -> Result<(), Error> {
        let mut within = self.members.iter_mut().filter_map(archive::Within::heard);
        within.try_for_each(|heard| heard.keep_on(shelf))?;
        let Some(spool) = &mut self.spool else { return Ok(()) };
        shelf.keep(spool).doing(|| format!("keep what was read of {}", self.name))
    }

    /// How many records there are.
    fn records(&self) -> u64 {
        let within = self.members.iter().filter_map(|member| member.done.as_ref().ok());
        self.spool.as_ref().map_or(0, |spool| spool.counts().contact)
            + within.map(|heard| heard.records()).sum::<u64>()
    }

    fn take(
        &self,
        sitting: &Sitting<'_>,
        occasion: Occasion<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, Error> {
        if self.members.is_empty() {
            self.take_one(sitting, occasion, on_progress)
        } else {
            archive::take(self, sitting, occasion, on_progress)
        }
    }

    /// When it is to be taken in, of several.
    #[must_use]
    pub fn turn(&self) -> Turn {
        let within: Vec<&Self> =
            self.members.iter().filter_map(|member| member.done.as_deref().ok()).collect();
        let of_history = within.iter().filter(|heard| heard.is_history()).count();
        match of_history {
            0 if self.is_history() => Turn::History,
            0 => Turn::People,
            all if all == within.len() => Turn::History,
            _ => Turn::Both,
        }
    }

    /// Whether there is nothing in it but contact with people.
    fn is_history(&self) -> bool {
        let counts = self.spool.as_ref().map(Spool::counts).unwrap_or_default();
        counts.contact == 0 && counts.interaction > 0
    }

    /// Whether there is nothing in it but files.
    fn is_archive(&self) -> bool {
        let counts = self.spool.as_ref().map(Spool::counts).unwrap_or_default();
        counts.contact + counts.interaction == 0 && counts.part > 0
    }

    /// Takes in what was said of itself, without the files in it.
    fn take_one(
        &self,
        sitting: &Sitting<'_>,
        occasion: Occasion<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, Error> {
        if self.is_archive() {
            return Ok(self.report());
        }
        let Self { spool, prints, .. } = self;
        let Occasion { at, settings, .. } = occasion;
        let counts = spool.as_ref().map(Spool::counts).unwrap_or_default();
        let here = local(at, settings);
        let on_progress = RefCell::new(on_progress);
        let interactions: &Interactions<'_> = &|| Box::new(spool.iter().flat_map(Spool::interactions));
        let labelled = |record: Result<Record, Error>| {
            record.map(|mut record| {
                prints.groups().label(&mut record.contact);
                record
            })
        };
        let records =
            |wanted| spool.as_ref().map(|spool| spool.records(wanted)).into_iter().flatten().map(labelled);
        let history = History { interactions, me: &settings.me, here: &here };
        let batch = Batch {
            importer: &self.importer,
            file_name: &self.name,
            archive: self.archive.as_deref(),
            at,
            home: settings.me.home(),
            records: &|wanted| Box::new(records(wanted)),
            history: (counts.interaction > 0).then_some(history),
            folder: self.folder.as_ref().map(|folder| folder.followed(&self.files)),
            skipped: counts.skipped,
            tell: &|taking| (on_progress.borrow_mut())(Progress::Taking(taking)),
        };
        let outcome = sitting.take_in(&batch, prints)?;
        let mut report = self.report();
        report.notes.extend(outcome.assumed.as_ref().and_then(|assumed| assumed::told(assumed, occasion)));
        report.notes.extend(outcome.history.misread.iter().map(|(import, days)| misread(*import, *days)));
        Ok(Report { outcome, ..report })
    }

    /// The beginning of a report: what was not taken, and what is to be known of the whole.
    fn report(&self) -> Report {
        let spool = self.spool.as_ref();
        Report {
            file_name: self.name.clone(),
            importer: self.importer.clone(),
            outcome: Outcome::default(),
            files: self.files.clone(),
            skipped: spool.map(Spool::skipped).unwrap_or_default().to_vec(),
            skipped_in_all: spool.map(Spool::counts).unwrap_or_default().skipped,
            notes: spool.map(Spool::notes).unwrap_or_default().to_vec(),
            members: Vec::new(),
        }
    }
}

/// That entries of an earlier import stand on a wrong day, as this one shows.
fn misread(import: i64, days: u64) -> String {
    let entries = if days == 1 { "1 entry of it stands" } else { &format!("{days} entries of it stand") };
    format!(
        "import {import} was read with the day and the month the other way round, as this file shows, and {entries} on \
         a wrong day: take it back (kith undo import {import}), and then import this file again"
    )
}

/// From so many records on, the database's log is written back after the import, and so is memory:
/// both have grown by megabytes.
const BULK: u64 = 2000;
