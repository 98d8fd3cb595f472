//! Taking in what was dropped, and putting it away.

use std::os::unix::fs::MetadataExt;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Event, Keeper, RETRY, told};
use crate::config::local;
use crate::core::date::spoken;
use crate::error::Error;
use crate::import::{Job, Listened, Occasion, Report, Turn};
use crate::importer::{Cause, Refusal};
use crate::inbox::{Entry, Folder, Seen, Stamp};
use crate::systemd;

/// How often done and failed files that are old are removed.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// What is known of a file that was dealt with and could not be put away yet.
pub(super) struct Dealt {
    /// What the file was.
    stamp: Stamp,
    to: Folder,
    report: String,
}

impl Keeper {
    /// Takes what is settled; tells when to look again.
    pub(super) fn take_what_is_settled(&mut self) -> Option<Duration> {
        let watched: Vec<Entry> = self.settle.watched().cloned().collect();
        let look = match self.inbox.seen(watched.iter()) {
            Ok(seen) => self.settle.look(self.now(), &seen),
            Err(error) => {
                self.try_again("look into the inbox", &error);
                return None;
            }
        };
        if look.take.is_empty() {
            return look.again;
        }
        for file in look.take {
            if self.cancel.load(Ordering::Relaxed) {
                return None;
            }
            self.take(&file);
        }
        self.looked = false;
        Some(self.now())
    }

    fn take(&mut self, file: &Seen) {
        let name = file.entry.name.to_string_lossy().into_owned();
        told(self.hold.put_off(&name, None));
        let opened = match self.inbox.open_file(&file.entry, self.settings.inbox.max_size) {
            Ok(Some(opened)) => opened,
            Ok(None) => return self.settle.forgotten(&file.entry),
            Err(error) => return self.put_aside(file, &name, error),
        };
        // When it came, or was last written: a file that is moved here has another time of that, too.
        let since = opened.file.metadata().ok().and_then(|of| Timestamp::from_second(of.ctime()).ok());
        let file = Seen { stamp: opened.stamp, entry: file.entry.clone() };
        // Another import would find all of it known, and its report would say that.
        if let Some(dealt) = self.dealt.remove(&file.entry).filter(|dealt| dealt.stamp == file.stamp) {
            return self.put_away(&file, dealt);
        }
        let encoding = self.settings.inbox.encoding.clone();
        let job = Job {
            file: &opened.file,
            name: &name,
            archive: None,
            folder: None,
            encoding: encoding.as_deref(),
            at: Timestamp::now(),
            settings: &self.settings,
            cancel: &self.cancel,
        };
        systemd::status("importing a file");
        self.status = "";
        let (heart, now) = (self.heart.clone(), self.now());
        let occasion = Occasion { at: job.at, settings: job.settings, rehearse: false };
        let beat = &mut |_| heart.beat();
        let imported = match self.workshop.listen(job, beat) {
            // Those whom it is about may be in what was dropped with it.
            Ok(Listened::Heard(heard))
                if heard.turn() > Turn::People
                    && self.settle.lets_others_pass(now, &file.entry, heard.turn()) =>
            {
                return;
            }
            Ok(Listened::Heard(heard)) => heard.take_in(&mut self.store, occasion, beat).map(Some),
            Ok(Listened::NoPeople(error)) => Err(Refusal { cause: Cause::Input, error }),
            Ok(Listened::NobodyReads { .. }) => Ok(None),
            Err(refusal) => Err(refusal),
        };
        match imported {
            Ok(Some(mut report)) => {
                self.note_what_was_done(&mut report, &name, since);
                self.up_to_date = None;
                self.kept = None;
                tracing::info!(
                    importer = report.importer,
                    new = report.outcome.new,
                    updated = report.outcome.updated,
                    unchanged = report.outcome.unchanged,
                    review = report.outcome.review,
                    skipped = report.left_out(),
                    "a file was imported"
                );
                self.put_away(&file, Dealt { stamp: file.stamp, to: Folder::Done, report: report.text() });
                (self.tell)(Event::Imported(report));
            }
            // It stays, and kith status names it.
            Ok(None) => self.settle.left(&file.entry, None),
            Err(refusal) => match refusal.cause {
                Cause::Cancelled => self.settle.left(&file.entry, None),
                Cause::Changed => self.settle.released(self.now(), &file.entry),
                Cause::Surroundings => self.put_off(&file.entry, "could not be imported", &refusal.error),
                Cause::Input | Cause::Importer => self.put_aside(&file, &name, refusal.error),
            },
        }
    }

    /// Says in the report of a file that brought nothing new what it had brought before kith was
    /// stopped between taking it in and putting it away.
    fn note_what_was_done(&self, report: &mut Report, name: &str, since: Option<Timestamp>) {
        let Some(since) = since.filter(|_| report.outcome.is_nothing()) else { return };
        // The report is true without it.
        let Ok(Some((at, counts))) = self.store.imported_after(name, since) else { return };
        let Ok(at) = at.parse::<Timestamp>() else { return };
        let there = local(at, &self.settings);
        report.notes.insert(
            0,
            format!(
                "imported already on {} at {}, before a report could be written: {counts}",
                spoken(there.date()),
                there.strftime("%H:%M")
            ),
        );
    }

    fn put_aside(&mut self, file: &Seen, name: &str, error: Error) {
        tracing::warn!("a file could not be imported; it and the reason are in inbox/failed");
        let advice = error.advice().map(|advice| format!("\nWhat to do: {advice}\n")).unwrap_or_default();
        let report =
            format!("{name} was not imported; nothing of it was taken.\n\n{}\n{advice}", error.message());
        self.put_away(file, Dealt { stamp: file.stamp, to: Folder::Failed, report });
        (self.tell)(Event::Failed { file_name: name.to_owned(), error });
    }

    /// Removes what is old of the files that were done or failed, now and then.
    pub(super) fn tidy_if_needed(&mut self) {
        if self.tidied.is_some_and(|at| at.elapsed() < TIDY) {
            return;
        }
        self.tidied = Some(Instant::now());
        if let Err(error) = self.inbox.tidy(self.settings.inbox.keep_days, Timestamp::now()) {
            tracing::warn!("{}", error.message());
        }
    }

    fn put_away(&mut self, file: &Seen, dealt: Dealt) {
        let to = if file.entry.folder == Folder::Inbox { dealt.to } else { file.entry.folder };
        match self.inbox.put_away(&file.entry, to, file.stamp, &dealt.report) {
            Ok(Some(put)) => self.settle.moved(self.now(), &file.entry, put.entry, put.stamp),
            Ok(None) => self.settle.forgotten(&file.entry),
            Err(error) => {
                self.put_off(&file.entry, "was dealt with and could not be put away", &error);
                self.dealt.insert(file.entry.clone(), dealt);
            }
        }
    }

    /// Leaves a file for a while for what the surroundings prevent. The log
    /// does not say which and why, as that names the file: `kith status` does.
    fn put_off(&mut self, entry: &Entry, what: &str, error: &Error) {
        let advice = error.advice().map(|advice| format!(" ({advice})")).unwrap_or_default();
        tracing::error!("a file {what}{advice}; it is tried again soon, and kith status says more");
        tracing::debug!("{error}");
        told(self.hold.put_off(&entry.name.to_string_lossy(), Some(error.to_string())));
        self.settle.left(entry, Some(self.now() + RETRY));
    }
}
