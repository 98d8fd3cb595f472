//! The service's working thread: it owns the database, and does one thing at
//! a time: take in what was dropped, follow edits, publish.
//!
//! What wakes it is only a reason to look; what it finds is the truth. So a
//! lost wake costs at most [`POLL`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::watch;

use crate::cli::local;
use crate::config::{self, InForce, Version};
use crate::core::facts::Facts;
use crate::core::settings::Settings;
use crate::error::{Error, Result};
use crate::feed_file;
use crate::import::{Imported, Job, Report, Workshop};
use crate::importer::Cause;
use crate::inbox::{Entry, Folder, Inbox, Put, Seen, Settle, WATCHED};
use crate::memory;
use crate::paths::Paths;
use crate::publish::{self, Occasion};
use crate::running::Hold;
use crate::store::{Mark, Store};
use crate::web;

/// How often the thread looks without being woken: what no file watch tells of
/// (a folder made anew, a network's disk, a configuration that is a link to
/// elsewhere) is found within this time.
const POLL: Duration = Duration::from_secs(1);

/// A file watch tells of a write before it is committed, and of the commit it
/// may not tell at all (its last step is in shared memory). So after each wake
/// the thread looks again after so long, then after twice as long, up to
/// [`POLL`].
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Wakes come in bursts; one has ended after so long without another.
const DEBOUNCE: Duration = Duration::from_millis(10);

/// Wakes that keep coming are not waited out for longer than this.
const PATIENCE: Duration = Duration::from_millis(200);

/// After so long something that the surroundings prevented is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// How often done and failed files that are old are removed.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// Why the thread should look.
#[derive(Debug)]
pub(crate) enum Wake {
    /// Something changed in the drop-in folder; a file that is known to be finished.
    Inbox(Option<Entry>),
    /// The configuration may have changed.
    Config,
    /// The database may have changed.
    Database,
    /// The service ends.
    Stop,
}

/// What the thread did, for those who watch.
#[derive(Debug)]
pub enum Event {
    /// A file was imported.
    Imported(Box<Report>),
    /// A file could not be imported and was put aside.
    Failed {
        /// Its name.
        file_name: String,
        /// Why.
        error: Error,
    },
    /// The calendars are up to date.
    Published,
}

/// The service's working thread.
pub(crate) struct Keeper {
    paths: Paths,
    settings: Settings,
    hold: Hold,
    store: Store,
    inbox: Inbox,
    settle: Settle,
    workshop: Workshop,
    published: watch::Sender<Option<web::Feeds>>,
    tell: Box<dyn FnMut(Event) + Send>,
    cancel: Arc<AtomicBool>,
    begun: Instant,
    /// The day of the last publication, unless something changed since.
    up_to_date: Option<Date>,
    /// What the last publication was made from, unless something changed since
    /// but what is logged of talks.
    kept: Option<Kept>,
    /// What the database looked like when it was last read.
    seen: (i64, Mark),
    /// The configuration file when it was last read.
    config: Option<Version>,
    /// Whether there is no database to work with.
    bereft: bool,
    /// When to try again what failed.
    retry: Option<Instant>,
    tidied: Option<Instant>,
}

/// What need not be made anew when somebody was called: that comes by far most
/// often, and reading 10,000 people takes longer than all the rest.
struct Kept {
    day: Date,
    facts: Facts,
    birthdays: Option<web::Document>,
}

/// What a keeper starts with.
pub(crate) struct Start {
    pub(crate) paths: Paths,
    pub(crate) in_force: InForce,
    pub(crate) hold: Hold,
    pub(crate) store: Store,
    pub(crate) workshop: Workshop,
    pub(crate) published: watch::Sender<Option<web::Feeds>>,
    pub(crate) tell: Box<dyn FnMut(Event) + Send>,
    pub(crate) cancel: Arc<AtomicBool>,
}

impl Keeper {
    pub(crate) fn new(start: Start) -> Result<Self> {
        let Start { paths, in_force, hold, store, workshop, published, tell, cancel } = start;
        let inbox = Inbox::open(paths.inbox())?;
        let seen = (store.data_version()?, store.mark()?);
        let mut settle = Settle::new();
        for Put { entry, stamp } in inbox.put_since(Timestamp::now() - WATCHED)? {
            settle.moved(Duration::ZERO, &entry.clone(), entry, stamp);
        }
        Ok(Self {
            paths,
            config: in_force.version,
            settings: in_force.settings,
            hold,
            store,
            inbox,
            settle,
            workshop,
            published,
            tell,
            cancel,
            begun: Instant::now(),
            up_to_date: None,
            kept: None,
            seen,
            bereft: false,
            retry: None,
            tidied: None,
        })
    }

    /// Works until it is told to stop.
    pub(crate) fn run(mut self, wakes: &Receiver<Wake>) {
        let mut look_at_inbox = Some(Duration::ZERO);
        let mut poll = LOOK_AGAIN;
        loop {
            if self.has_its_database() {
                self.publish_if_needed();
                if look_at_inbox.is_some_and(|at| at <= self.now()) {
                    look_at_inbox = self.take_what_is_settled();
                    continue;
                }
            }
            self.tidy_if_needed();
            let until_look = look_at_inbox.map_or(POLL, |at| at.saturating_sub(self.now()));
            match wakes.recv_timeout(until_look.min(poll)) {
                Ok(wake) => {
                    poll = LOOK_AGAIN;
                    let Some(inbox) = self.gather(wake, wakes) else { return };
                    if inbox {
                        look_at_inbox = Some(self.now());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    poll = POLL.min(poll * 2);
                    look_at_inbox = Some(self.now());
                    if Version::of(&self.paths) != self.config {
                        self.reload();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if !self.bereft {
                self.follow_edits();
            }
            if self.retry.is_some_and(|at| at <= Instant::now()) {
                self.retry = None;
                self.up_to_date = None;
                look_at_inbox = Some(self.now());
            }
        }
    }

    /// Makes sure that what is open is the user's database: a backup may have
    /// been put in its place. Without one nothing is done, and said once.
    fn has_its_database(&mut self) -> bool {
        let found = self.store.is_in_place().and_then(|in_place| {
            if in_place && !self.bereft {
                return Ok(());
            }
            self.store.reopen()?;
            self.store.check_integrity()?;
            tracing::info!("the database was replaced, and is followed again");
            self.seen = (self.store.data_version()?, self.store.mark()?);
            self.up_to_date = None;
            self.kept = None;
            Ok(())
        });
        if let Err(error) = &found
            && !self.bereft
        {
            tracing::error!("the database cannot be used, and nothing is done until it can: {error}");
            told(self.hold.trouble(Some(error.to_string())));
        }
        self.bereft = found.is_err();
        found.is_ok()
    }

    /// Takes wakes until a moment passes without one; tells whether the inbox
    /// is to be looked at, or nothing if the service ends.
    fn gather(&mut self, first: Wake, wakes: &Receiver<Wake>) -> Option<bool> {
        let until = Instant::now() + PATIENCE;
        let (mut inbox, mut config) = (false, false);
        let mut next = Some(first);
        while let Some(wake) = next {
            match wake {
                Wake::Stop => return None,
                Wake::Inbox(finished) => {
                    inbox = true;
                    if let Some(entry) = finished {
                        self.settle.finished(self.now(), entry);
                    }
                }
                Wake::Config => config = true,
                Wake::Database => {}
            }
            next = if Instant::now() < until { wakes.recv_timeout(DEBOUNCE).ok() } else { None };
        }
        if config {
            self.reload();
        }
        Some(inbox)
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn reload(&mut self) {
        self.config = Version::of(&self.paths);
        match config::load_or_last_good(&self.paths) {
            Ok(InForce { mut settings, refused: None, .. }) => {
                // Where the service listens cannot change while it does.
                settings.serve = self.settings.serve.clone();
                if settings != self.settings {
                    tracing::info!("the new configuration is in force");
                    self.settings = settings;
                    self.up_to_date = None;
                    self.kept = None;
                }
                self.note_refusal(None);
            }
            Ok(InForce { refused: Some(error), .. }) | Err(error) => {
                tracing::error!(
                    "the new configuration is refused, the last good one stays in force; kith check says why"
                );
                // It quotes the file, and that may name people.
                tracing::debug!("{error}");
                self.note_refusal(Some(&error));
            }
        }
    }

    fn note_refusal(&mut self, error: Option<&Error>) {
        told(self.hold.refused_config(error.map(ToString::to_string)));
    }

    /// Looks whether somebody else wrote to the database.
    fn follow_edits(&mut self) {
        self.seen.1 = self.store.past_own_writes(&self.seen.1);
        let followed = self.store.data_version().and_then(|version| {
            if version != self.seen.0 {
                let mark = self.store.adopt_unlogged(&self.seen.1)?;
                if !self.store.only_talked_since(&self.seen.1)? {
                    self.kept = None;
                }
                self.seen = (version, mark);
                self.up_to_date = None;
            }
            Ok(())
        });
        if let Err(error) = followed {
            self.try_again("follow an edit of the database", &error);
        }
    }

    fn publish_if_needed(&mut self) {
        let now = Timestamp::now();
        let today = local(now, &self.settings).date();
        if self.up_to_date == Some(today) || self.retry.is_some() {
            return;
        }
        match self.publish(today, now) {
            Ok(()) => {
                self.up_to_date = Some(today);
                told(self.hold.trouble(None));
                (self.tell)(Event::Published);
            }
            Err(error) => self.try_again("publish the calendars", &error),
        }
    }

    fn publish(&mut self, today: Date, now: Timestamp) -> Result<()> {
        let occasion = Occasion { settings: &self.settings, today, now };
        let kept = self.kept.take().filter(|kept| kept.day == today);
        let anew = kept.is_none();
        let mut kept = if let Some(mut kept) = kept {
            self.store.refresh_talks(&mut kept.facts)?;
            kept
        } else {
            // Whatever somebody writes from here on is still to be followed.
            self.seen.1 = self.store.mark()?;
            Kept { day: today, facts: self.store.facts(&self.settings.me, today)?.facts, birthdays: None }
        };
        let follow_ups = publish::follow_ups(&mut self.store, &kept.facts, occasion)?;
        feed_file::publish(&self.paths.follow_ups(), &follow_ups.bytes)?;
        let birthdays = if let Some(birthdays) = kept.birthdays.take() {
            birthdays
        } else {
            let birthdays = publish::birthdays(&mut self.store, &kept.facts, occasion)?;
            feed_file::publish(&self.paths.birthdays(), &birthdays.bytes)?;
            web::Document::new(birthdays.bytes, birthdays.changed)
        };
        self.kept = Some(Kept { birthdays: Some(birthdays.clone()), ..kept });
        let follow_ups = web::Document::new(follow_ups.bytes, follow_ups.changed);
        tracing::debug!("published");
        self.published.send_replace(Some(web::Feeds { follow_ups, birthdays }));
        if anew {
            memory::give_back();
        }
        Ok(())
    }

    fn try_again(&mut self, what: &str, error: &Error) {
        tracing::error!("could not {what}; trying again soon: {error}");
        told(self.hold.trouble(Some(error.clone().while_doing(what).to_string())));
        self.retry = Some(Instant::now() + RETRY);
    }

    /// Takes what is settled; tells when to look again.
    fn take_what_is_settled(&mut self) -> Option<Duration> {
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
        let job = Job {
            file: &opened.file,
            name: &name,
            at: Timestamp::now(),
            rehearse: false,
            cancel: &self.cancel,
        };
        let file = Seen { stamp: opened.stamp, entry: file.entry.clone() };
        match self.workshop.import(&mut self.store, job, &mut |_| {}) {
            Ok(Imported::Done(report)) => {
                self.up_to_date = None;
                self.kept = None;
                tracing::info!(
                    importer = report.importer,
                    new = report.outcome.new,
                    updated = report.outcome.updated,
                    unchanged = report.outcome.unchanged,
                    review = report.outcome.review,
                    skipped = report.skipped_in_all,
                    "a file was imported"
                );
                self.put_away(&file, Folder::Done, &report.text());
                (self.tell)(Event::Imported(report));
            }
            // It stays, and kith status names it.
            Ok(Imported::NobodyReads) => self.settle.left(&file.entry, None),
            Err(refusal) => match refusal.cause {
                Cause::Cancelled => self.settle.left(&file.entry, None),
                Cause::Changed => self.settle.released(self.now(), &file.entry),
                Cause::Surroundings => self.put_off(&file.entry, "could not be imported", &refusal.error),
                Cause::Input | Cause::Importer => self.put_aside(&file, &name, refusal.error),
            },
        }
    }

    fn put_aside(&mut self, file: &Seen, name: &str, error: Error) {
        tracing::warn!("a file could not be imported; it and the reason are in inbox/failed");
        let advice = error.advice().map(|advice| format!("\nWhat to do: {advice}\n")).unwrap_or_default();
        let text =
            format!("{name} was not imported; nothing of it was taken.\n\n{}\n{advice}", error.message());
        self.put_away(file, Folder::Failed, &text);
        (self.tell)(Event::Failed { file_name: name.to_owned(), error });
    }

    fn put_away(&mut self, file: &Seen, to: Folder, report: &str) {
        let to = if file.entry.folder == Folder::Inbox { to } else { file.entry.folder };
        let put = match self.inbox.put_away(&file.entry, to, file.stamp) {
            Ok(Some(put)) => put,
            Ok(None) => return self.settle.forgotten(&file.entry),
            Err(error) => {
                return self.put_off(&file.entry, "was dealt with and could not be put away", &error);
            }
        };
        if let Err(error) = self.inbox.write_report(&put.entry, report) {
            tracing::error!("the report on a file could not be written");
            tracing::debug!("{error}");
        }
        self.settle.moved(self.now(), &file.entry, put.entry, put.stamp);
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

    fn tidy_if_needed(&mut self) {
        if self.tidied.is_some_and(|at| at.elapsed() < TIDY) {
            return;
        }
        self.tidied = Some(Instant::now());
        if let Err(error) = self.inbox.tidy(self.settings.inbox.keep_days, Timestamp::now()) {
            tracing::warn!("{}", error.message());
        }
    }
}

/// That something could not be written down for `kith status` is no reason to stop.
fn told(done: Result<()>) {
    if let Err(error) = done {
        tracing::error!("{error}");
    }
}
