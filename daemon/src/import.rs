//! Importing one file: the right importer, its records, one transaction, a report.

mod archive;
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

pub use self::archive::Member;
pub use self::folder::{FolderJob, Visit, folder_problem};
pub use self::maildir::{Mail, is_maildir, mbox_of};
pub use self::report::Report;
use crate::cli::local;
use crate::core::settings::Settings;
use crate::error::{Doing, Error};
use crate::importer::{Cause, Claim, Event, Host, Importers, Input, Refusal, Spool};
use crate::store::{Batch, Fingerprints, Followed, History, Interactions, Outcome, Store, Taking};

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
    /// The encoding that the user states for a file that does not tell its own.
    pub encoding: Option<&'a str>,
    /// When, in UTC.
    pub at: Timestamp,
    /// What the user set: who they are, and where.
    pub settings: &'a Settings,
    /// Whether to take everything back at the end.
    pub rehearse: bool,
    /// Set by another thread to stop.
    pub cancel: &'a AtomicBool,
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

/// What became of a file.
#[derive(Debug)]
pub enum Imported {
    /// It was imported.
    Done(Box<Report>),
    /// No importer reads such files: it is left where it is.
    NobodyReads {
        /// What one says that was asked whether it does.
        tried: Option<Error>,
    },
}

impl Workshop {
    /// Imports a file, whole or not at all; of an archive each file in it.
    ///
    /// # Errors
    /// A [`Refusal`] with whose doing it was; nothing of the file is in the database then.
    pub fn import(
        &self,
        store: &mut Store,
        job: Job<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Imported, Refusal> {
        let (imported, spool) = self.import_one(store, job, on_progress)?;
        match (imported, spool) {
            (Imported::Done(report), Some(spool)) if spool.members().next().is_some() => {
                archive::import(self, store, job, *report, &spool, on_progress).map(Imported::Done)
            }
            (imported, _) => Ok(imported),
        }
    }

    /// Imports one file; gives what its importer said, besides, with the files that were in it.
    fn import_one(
        &self,
        store: &mut Store,
        job: Job<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<(Imported, Option<Spool>), Refusal> {
        let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
        let mut start = [0; 512];
        let length =
            job.file.read_at(&mut start, 0).doing(|| format!("read {}", job.name)).map_err(surroundings)?;
        let Some((importer, claim)) = self.importers.choose(job.name, &start[..length]) else {
            return Ok((Imported::NobodyReads { tried: None }, None));
        };
        let name = importer.manifest.name.clone();
        // Fingerprints are taken while the importer still reads: one core each.
        let mut prints = Fingerprints::of(&name);
        let mut failed = None;
        let here = local(job.at, job.settings);
        let answer = self.host.import(
            importer,
            Input {
                file: job.file,
                name: job.name,
                encoding: job.encoding,
                config_folder: &self.config_folder,
                reads: &self.importers.endings(),
                me: &job.settings.me,
                today: here.date(),
            },
            job.cancel,
            &mut |event| match event {
                Event::Record(record) if failed.is_none() => failed = prints.add(record).err(),
                Event::Record(_) | Event::Skipped(_) | Event::Line(_) => {}
                Event::Progress { bytes, of } => on_progress(Progress::Reading { bytes, of }),
            },
        );
        let spool = match answer {
            Err(Refusal { cause: Cause::Input, error }) if claim == Claim::Maybe => {
                return Ok((Imported::NobodyReads { tried: Some(error) }, None));
            }
            answer => answer?,
        };
        if let Some(error) = failed {
            return Err(surroundings(error));
        }
        prints.end();
        let heard = Heard {
            importer: &name,
            name: job.name,
            archive: job.archive,
            at: job.at,
            settings: job.settings,
            rehearse: job.rehearse,
            spool: Some(&spool),
            files: &[],
            folder: None,
        };
        let report = take_in(store, heard, &prints, on_progress)?;
        Ok((Imported::Done(Box::new(report)), Some(spool)))
    }
}

/// What an importer said, to be taken in.
#[derive(Clone, Copy)]
struct Heard<'a> {
    importer: &'a str,
    /// What its input is called.
    name: &'a str,
    /// The archive that it is in.
    archive: Option<&'a str>,
    at: Timestamp,
    settings: &'a Settings,
    rehearse: bool,
    /// What it said; none where nothing was to be read.
    spool: Option<&'a Spool>,
    /// The names of the files, where there were several.
    files: &'a [String],
    /// The followed folder that they are in.
    folder: Option<Followed<'a>>,
}

fn take_in(
    store: &mut Store,
    heard: Heard<'_>,
    prints: &Fingerprints,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Report, Refusal> {
    let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
    let Heard { importer, name, archive, at, settings, rehearse, spool, files, folder } = heard;
    let counts = spool.map(Spool::counts).unwrap_or_default();
    let here = local(at, settings);
    let on_progress = RefCell::new(on_progress);
    let interactions: &Interactions<'_> = &|| Box::new(spool.into_iter().flat_map(Spool::interactions));
    let labelled = |record: Result<Record, Error>| {
        record.map(|mut record| {
            prints.groups().label(&mut record.contact);
            record
        })
    };
    let records = |wanted| spool.map(|spool| spool.records(wanted)).into_iter().flatten().map(labelled);
    let history = History { interactions, me: &settings.me, here: &here };
    let batch = Batch {
        importer,
        file_name: name,
        archive,
        at,
        home: settings.me.home(),
        records: &|wanted| Box::new(records(wanted)),
        history: (counts.interaction > 0).then_some(history),
        folder,
        skipped: counts.skipped,
        rehearse,
        tell: &|taking| (on_progress.borrow_mut())(Progress::Taking(taking)),
    };
    let is_archive = counts.contact + counts.interaction == 0 && counts.part > 0;
    let outcome = if is_archive {
        Outcome::default()
    } else {
        store
            .take_in(&batch, prints)
            .map_err(|error| surroundings(error.while_doing(&format!("import {name}"))))?
    };
    if counts.contact > BULK {
        store.checkpoint().map_err(surroundings)?;
    }
    Ok(Report {
        file_name: name.to_owned(),
        importer: importer.to_owned(),
        outcome,
        files: files.to_vec(),
        skipped: spool.map(Spool::skipped).unwrap_or_default().to_vec(),
        skipped_in_all: counts.skipped,
        notes: spool.map(Spool::notes).unwrap_or_default().to_vec(),
        members: Vec::new(),
    })
}

/// From so many records on, the database's log is written back after the import: it has grown by megabytes.
const BULK: u64 = 2000;
