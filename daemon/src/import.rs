//! Importing one file: the right importer, its records, one transaction, a report.

mod archive;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::archive::Member;
use crate::cli::local;
use crate::core::settings::Settings;
use crate::core::text;
use crate::error::{Doing, Error};
use crate::importer::{Cause, Claim, Event, Host, Importers, Input, Refusal, Skipped, Spool};
use crate::store::{Batch, Detail, Field, Fingerprints, History, Interactions, Outcome, Store, Taking, What};

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

/// What became of a file that was imported.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file's name.
    pub file_name: String,
    /// The importer's name.
    pub importer: String,
    /// What became of its records.
    pub outcome: Outcome,
    /// What the importer did not take; the first thousand.
    pub skipped: Vec<Skipped>,
    /// How many things the importer did not take.
    pub skipped_in_all: u64,
    /// What the importer says of the file as a whole.
    pub notes: Vec<String>,
    /// What became of the files in an archive.
    pub members: Vec<Member>,
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
                Event::Record(_) | Event::Line(_) => {}
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
        let skipped_in_all = spool.counts().skipped;
        let on_progress = RefCell::new(on_progress);
        let interactions: &Interactions<'_> = &|| Box::new(spool.interactions());
        let history =
            History { interactions, me: &job.settings.me, today: here.date(), zone: here.time_zone() };
        let batch = Batch {
            importer: &name,
            file_name: job.name,
            at: job.at,
            records: &|wanted| Box::new(spool.records(wanted)),
            history: (spool.counts().interaction > 0).then_some(history),
            skipped: skipped_in_all,
            rehearse: job.rehearse,
            tell: &|taking| (on_progress.borrow_mut())(Progress::Taking(taking)),
        };
        let is_archive =
            spool.counts().contact + spool.counts().interaction == 0 && spool.members().next().is_some();
        let outcome = if is_archive {
            Outcome::default()
        } else {
            store
                .take_in(&batch, &prints)
                .map_err(|error| surroundings(error.while_doing(&format!("import {}", job.name))))?
        };
        if spool.counts().contact > BULK {
            store.checkpoint().map_err(surroundings)?;
        }
        let report = Report {
            file_name: job.name.to_owned(),
            importer: name,
            outcome,
            skipped: spool.skipped().to_vec(),
            skipped_in_all,
            notes: spool.notes().to_vec(),
            members: Vec::new(),
        };
        Ok((Imported::Done(Box::new(report)), Some(spool)))
    }
}

/// From so many records on, the database's log is written back after the import: it has grown by megabytes.
const BULK: u64 = 2000;

impl Report {
    /// One line: the counts.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{}: {}", text::plain(&self.file_name), self.outcome.counts(self.skipped_in_all))
    }

    /// The whole report, for people.
    #[must_use]
    pub fn text(&self) -> String {
        self.written(usize::MAX)
    }

    /// The report for a screen: the counts, and of each part the beginning.
    #[must_use]
    pub fn brief(&self) -> String {
        const LINES: usize = 10;
        self.written(LINES)
    }

    /// The report with at most so many lines in each of its parts.
    fn written(&self, most: usize) -> String {
        let mut text = format!("{}\n", self.summary());
        for note in &self.notes {
            let _ = writeln!(text, "  {note}");
        }
        match self.outcome.organizations {
            0 => {}
            1 => text.push_str("  one of the new is an organisation: kept, and not planned\n"),
            many => {
                let _ = writeln!(text, "  {many} of the new are organisations: kept, and not planned");
            }
        }
        self.write_history(&mut text, most);
        self.write_skipped(&mut text, most);
        for title in ["In review: is this the same person? (kith review)", "Updated", "New"] {
            let all = self.outcome.details.iter();
            let mut details: Vec<&Detail> =
                all.filter(|detail| title.starts_with(detail.what.title())).collect();
            if details.is_empty() {
                continue;
            }
            // Where not all are listed, those come first of which there is something to tell.
            if details.len() > most {
                details.sort_by_key(|detail| detail.warnings.is_empty());
            }
            let _ = writeln!(text, "\n{title}");
            for detail in details.iter().take(most) {
                let name = text::name(&detail.name);
                let _ = writeln!(text, "  line {}: {name}{}", detail.line, explain(&detail.what));
                for warning in &detail.warnings {
                    let _ = writeln!(text, "    note: {warning}");
                }
            }
            write_rest(&mut text, details.len().saturating_sub(most));
        }
        let said = u64::try_from(self.outcome.details.len()).unwrap_or(u64::MAX);
        let all = self.outcome.new + self.outcome.updated + self.outcome.review;
        // Of an archive each file has its own.
        if said < all && self.members.is_empty() {
            let _ = writeln!(text, "\nand {} more, which are not listed here", all - said);
        }
        for member in &self.members {
            text.push('\n');
            text.push_str(&member.written(most));
        }
        // It lies beside the file as well, where a pager may show it.
        text::plain(&text).into_owned()
    }

    /// What was told of contact with people.
    fn write_history(&self, text: &mut String, most: usize) {
        let told = &self.outcome.history;
        if told.all() == 0 {
            return;
        }
        let _ = writeln!(
            text,
            "\nHistory: {} new, {} told before, {} with nobody known",
            told.new, told.unchanged, told.unknown
        );
        for (why, times) in &told.no_contact {
            let _ = writeln!(text, "  {times} left out: {why}");
        }
        if told.strangers.is_empty() {
            return;
        }
        let _ = writeln!(
            text,
            "\nNobody known has these names or addresses (kith add, or import their contacts first)"
        );
        for (who, times) in told.strangers.iter().take(most) {
            let _ = writeln!(text, "  {} ({times})", text::name(who));
        }
        write_rest(text, told.strangers.len().saturating_sub(most));
    }

    fn write_skipped(&self, text: &mut String, most: usize) {
        if self.skipped.is_empty() {
            return;
        }
        let _ = writeln!(text, "\nSkipped (the file itself is kept)");
        for skipped in self.skipped.iter().take(most) {
            // What is about the file as a whole has no line.
            let place = match skipped.at.line {
                0 => String::new(),
                line => format!("line {line}: "),
            };
            let _ = writeln!(text, "  {place}{}", skipped.reason);
        }
        let in_all = usize::try_from(self.skipped_in_all).unwrap_or(usize::MAX);
        write_rest(text, in_all.saturating_sub(self.skipped.len().min(most)));
    }

    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let records: Vec<Value> = self
            .outcome
            .details
            .iter()
            .map(|detail| {
                let (what, more) = match &detail.what {
                    What::New { organization } => ("new", json!({ "organization": organization })),
                    What::Updated { reason, fields } => {
                        let (all, removed) = (fields.all(), &fields.removed);
                        (
                            "updated",
                            json!({ "reason": reason.to_string(), "fields": all, "removed": removed }),
                        )
                    }
                    What::Review { twin } => ("review", json!({ "twin": twin })),
                };
                let mut record = json!({
                    "what": what,
                    "line": detail.line,
                    "person": detail.person.to_string(),
                    "name": detail.name,
                    "warnings": detail.warnings,
                });
                if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
                    record.extend(more);
                }
                record
            })
            .collect();
        let places: Vec<Value> =
            self.skipped.iter().map(|s| json!({ "line": s.at.line, "reason": s.reason })).collect();
        json!({
            "file": self.file_name,
            "importer": self.importer,
            "new": self.outcome.new,
            "updated": self.outcome.updated,
            "unchanged": self.outcome.unchanged,
            "review": self.outcome.review,
            "skipped": self.skipped_in_all,
            "organizations": self.outcome.organizations,
            "notes": self.notes,
            "history": {
                "new": self.outcome.history.new,
                "unchanged": self.outcome.history.unchanged,
                "unknown": self.outcome.history.unknown,
                "left_out": self.outcome.history.no_contact.values().sum::<u64>(),
                "strangers": self.outcome.history.strangers,
            },
            "records": records,
            "skipped_places": places,
            "members": self.members.iter().map(Member::json).collect::<Vec<_>>(),
        })
    }
}

impl What {
    /// How the part of a report begins that names such records.
    fn title(&self) -> &'static str {
        match self {
            Self::Review { .. } => "In review",
            Self::Updated { .. } => "Updated",
            Self::New { .. } => "New",
        }
    }
}

fn write_rest(text: &mut String, more: usize) {
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
}

/// A field's name in the database as people say it.
fn said(field: &str) -> &str {
    match field {
        "given_name" => "given name",
        "family_name" => "family name",
        "organization" => "organisation",
        "anniversary" => "date",
        "tie" => "related person",
        "category" => "label",
        other => other,
    }
}

fn explain(what: &What) -> String {
    match what {
        What::New { organization: true } => " (organisation)".to_owned(),
        What::New { organization: false } => String::new(),
        What::Updated { reason, fields } => {
            let said = |fields: &BTreeSet<Field>| {
                let fields: Vec<&str> = fields.iter().map(|field| said(field)).collect();
                fields.join(", ")
            };
            let removed = Some(said(&fields.removed)).filter(|removed| !removed.is_empty());
            let parts: Vec<String> = Some(said(&fields.updated))
                .filter(|updated| !updated.is_empty())
                .into_iter()
                .chain(removed.map(|removed| format!("removed: {removed}")))
                .collect();
            format!(": {} (known by {reason})", parts.join("; "))
        }
        What::Review { twin } => {
            format!(
                " may be {}, who was known before: the names agree, and nothing else does",
                text::name(twin)
            )
        }
    }
}
