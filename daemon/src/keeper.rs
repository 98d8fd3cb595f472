//! The service's working thread: it owns the database, and does one thing at
//! a time: take in what was dropped, follow edits, publish.
//!
//! What wakes it is only a reason to look; what it finds is the truth. So a
//! lost wake costs at most [`POLL`].

mod acting;
mod calendars;
mod folders;
mod publishing;
mod rest;
mod taking;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::{oneshot, watch};

use crate::act::{Board, Order, Outcome};
use crate::config::{self, InForce, Version};
use crate::core::settings::Settings;
use crate::error::{Error, Result};
use crate::heart::Heart;
use crate::import::{Report, Workshop};
use crate::importer::{Importers, Manifests};
use crate::inbox::{Entry, Inbox, Put, Settle, WATCHED};
use crate::paths::Paths;
use crate::running::Hold;
use crate::store::{Mark, Store};
use crate::systemd;
use crate::web;
use folders::Folders;
use publishing::Kept;
use taking::Dealt;

/// How often the thread looks without being woken: what no file watch tells of
/// (a folder made anew, a network's disk, a configuration that is a link to
/// elsewhere) is found within this time.
const POLL: Duration = Duration::from_secs(1);

/// A file watch tells of a write before it is committed, and of the commit it
/// may not tell at all (its last step is in shared memory). So after each wake
/// the thread looks again after so long, then after twice as long, up to
/// [`POLL`].
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Wakes come in bursts; one has ended after so long without another.
const DEBOUNCE: Duration = Duration::from_millis(4);

/// Wakes that keep coming are not waited out for longer than this.
const PATIENCE: Duration = Duration::from_millis(200);

/// After so long something that the surroundings prevented is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// Why the thread should look.
#[derive(Debug)]
pub(crate) enum Wake {
    /// Something changed in the drop-in folder; a file that is known to be finished.
    Inbox(Option<Entry>),
    /// Something changed in a folder that is followed.
    Folder(PathBuf),
    /// The configuration may have changed.
    Config,
    /// The configuration is to be read again, and systemd to be told when that is done.
    Reload,
    /// The database may have changed.
    Database,
    /// A link was followed that does something.
    Act(Errand),
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

/// An order, and who waits for what comes of it.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) order: Order,
    pub(crate) reply: oneshot::Sender<Result<Outcome>>,
}

/// The service's working thread.
pub(crate) struct Keeper {
    paths: Paths,
    settings: Settings,
    hold: Hold,
    store: Store,
    inbox: Inbox,
    settle: Settle,
    folders: Folders,
    /// When the user's calendars were last looked at.
    calendars: Option<Instant>,
    /// Files that wait to be put away: on a full disk a report cannot be written.
    dealt: BTreeMap<Entry, Dealt>,
    workshop: Workshop,
    /// The manifests of plugins when they were last read.
    manifests: Manifests,
    published: watch::Sender<web::Feeds>,
    board: watch::Sender<Arc<Board>>,
    tell: Box<dyn FnMut(Event) + Send>,
    cancel: Arc<AtomicBool>,
    heart: Heart,
    /// The status line that systemd was told last.
    status: &'static str,
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
    /// Whether memory was needed that can be given back when there is nothing to do.
    well_fed: bool,
    /// Whether those who may be the same person were looked for since people came.
    looked: bool,
    /// Whether there is no database to work with.
    bereft: bool,
    /// When to try again what failed.
    retry: Option<Instant>,
    tidied: Option<Instant>,
}

/// What a keeper starts with.
pub(crate) struct Start {
    pub(crate) paths: Paths,
    pub(crate) in_force: InForce,
    pub(crate) hold: Hold,
    pub(crate) store: Store,
    pub(crate) workshop: Workshop,
    pub(crate) wake: Sender<Wake>,
    pub(crate) published: watch::Sender<web::Feeds>,
    pub(crate) board: watch::Sender<Arc<Board>>,
    pub(crate) tell: Box<dyn FnMut(Event) + Send>,
    pub(crate) cancel: Arc<AtomicBool>,
    pub(crate) heart: Heart,
}

impl Keeper {
    /// Takes everything over, after a look whether the database is whole,
    /// which takes a while with a large one.
    ///
    /// # Errors
    /// If it is damaged, or the inbox cannot be looked into.
    pub(crate) fn new(start: Start) -> Result<Self> {
        let Start { paths, in_force, hold, mut store, workshop, wake, published, board, tell, cancel, heart } =
            start;
        let alive = heart.clone();
        store.while_working(move || alive.beat())?;
        store.check_integrity()?;
        let inbox = Inbox::open(paths.inbox())?;
        let seen = (store.data_version()?, store.mark()?);
        let mut settle = Settle::new();
        for Put { entry, stamp } in inbox.put_since(Timestamp::now() - WATCHED)? {
            settle.moved(Duration::ZERO, &entry.clone(), entry, stamp);
        }
        let mut keeper = Self {
            // Of those that came since the workshop was opened it does not know.
            manifests: Manifests::default(),
            paths,
            config: in_force.version,
            settings: in_force.settings,
            hold,
            store,
            inbox,
            settle,
            folders: Folders::new(wake),
            calendars: None,
            dealt: BTreeMap::new(),
            workshop,
            published,
            board,
            tell,
            cancel,
            heart,
            status: "",
            begun: Instant::now(),
            up_to_date: None,
            kept: None,
            seen,
            well_fed: true,
            looked: true,
            bereft: false,
            retry: None,
            tidied: None,
        };
        keeper.follow_configured();
        Ok(keeper)
    }

    /// Works until it is told to stop.
    ///
    /// # Errors
    /// If the data folder is another than at the start.
    pub(crate) fn run(mut self, wakes: &Receiver<Wake>) -> Result<()> {
        let mut look_at_inbox = Some(Duration::ZERO);
        let mut poll = LOOK_AGAIN;
        loop {
            let mut look_at_folders = None;
            self.heart.beat();
            if self.hold.is_lost() {
                return Err(self.lost_its_folder());
            }
            if self.has_its_database() {
                self.follow_calendars();
                self.publish_if_needed();
                self.show_status(self.state());
                if look_at_inbox.is_some_and(|at| at <= self.now()) {
                    look_at_inbox = self.take_what_is_settled();
                    continue;
                }
                look_at_folders = self.visit_folders();
                self.publish_if_needed();
                self.look_for_twins();
            } else {
                self.show_status(self.state());
            }
            self.tidy_if_needed();
            let look = [look_at_inbox, look_at_folders].into_iter().flatten().min();
            let until_look = look.map_or(POLL, |at| at.saturating_sub(self.now()));
            match wakes.recv_timeout(until_look.min(poll)) {
                Ok(wake) => {
                    poll = LOOK_AGAIN;
                    let Some(inbox) = self.gather(wake, wakes) else { return Ok(()) };
                    if inbox {
                        look_at_inbox = Some(self.now());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    poll = POLL.min(poll * 2);
                    if poll == POLL && std::mem::take(&mut self.well_fed) {
                        self.rest();
                    }
                    self.follow_plugins();
                    look_at_inbox = Some(self.now());
                    if Version::of(&self.paths) != self.config {
                        self.reload();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
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

    /// Why a service ends whose data folder is no longer the user's. All that is
    /// open or watched leads into the old one, and what systemd let the service
    /// write to does too: only a new start finds the way into another.
    fn lost_its_folder(&self) -> Error {
        Error::user(format!(
            "the data folder {} was deleted or replaced while kith was running, so kith ends; \
             a new start uses what is there then",
            self.paths.data_folder().display()
        ))
        .hint("systemd starts it again by itself; where you started it yourself, start it again: kith serve")
    }

    /// Makes sure that what is open is the user's database: a backup may have
    /// been put in its place. Without one nothing is done, and said once.
    fn has_its_database(&mut self) -> bool {
        let found = self.store.is_in_place().and_then(|in_place| {
            if in_place && !self.bereft {
                return Ok(());
            }
            self.store.reopen()?;
            let alive = self.heart.clone();
            self.store.while_working(move || alive.beat())?;
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
        let (mut inbox, mut config, mut asked) = (false, false, false);
        let (mut next, mut errands) = (Some(first), Vec::new());
        while let Some(wake) = next {
            match wake {
                Wake::Stop => return None,
                Wake::Inbox(finished) => {
                    inbox = true;
                    if let Some(entry) = finished {
                        self.settle.finished(self.now(), entry);
                    }
                }
                Wake::Folder(folder) => self.folders.changed(&folder, self.now()),
                Wake::Config => config = true,
                Wake::Reload => asked = true,
                Wake::Database => {}
                Wake::Act(errand) => errands.push(errand),
            }
            next = if Instant::now() < until { wakes.recv_timeout(DEBOUNCE).ok() } else { None };
        }
        if config || asked {
            self.reload();
        }
        if asked {
            self.show_status(self.state());
            systemd::ready();
        }
        errands.into_iter().for_each(|errand| self.run_errand(errand));
        Some(inbox)
    }

    /// How things are, for the status line; it names nobody.
    fn state(&self) -> &'static str {
        let said = self.hold.said();
        if said.refused_config.is_some() {
            "the new kith.toml is refused, the last good one is in force; kith check says why"
        } else if said.trouble.is_some() {
            "something keeps kith from its work, and is tried again; kith status says what"
        } else if self.up_to_date.is_some() {
            "the calendar is up to date, and the configuration is in force"
        } else {
            "drawing up the calendar"
        }
    }

    fn show_status(&mut self, line: &'static str) {
        if line != self.status {
            self.status = line;
            systemd::status(line);
        }
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Follows the configuration, unless it is just being written; then the
    /// next poll finds that it is another than before.
    fn reload(&mut self) {
        let version = Version::of(&self.paths);
        if version.is_some_and(|version| version.is_fresh(SystemTime::now())) {
            return;
        }
        self.config = version;
        match config::load_or_last_good(&self.paths) {
            Ok(InForce { mut settings, refused: None, .. }) => {
                // Where the service listens cannot change while it does.
                settings.serve = self.settings.serve.clone();
                if settings != self.settings {
                    tracing::info!("the new configuration is in force");
                    self.settings = settings;
                    self.up_to_date = None;
                    self.kept = None;
                    self.follow_configured();
                    self.calendars = None;
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

    /// Looks whether plugins came, changed or went.
    fn follow_plugins(&mut self) {
        let folders = self.paths.plugins();
        let manifests = Manifests::of(&folders);
        if manifests != self.manifests {
            self.workshop.importers = Importers::of(&self.paths);
            self.manifests = manifests;
            self.settle.released_all(self.now());
        }
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

    fn try_again(&mut self, what: &str, error: &Error) {
        tracing::error!("could not {what}; trying again soon: {error}");
        told(self.hold.trouble(Some(error.clone().while_doing(what).to_string())));
        self.retry = Some(Instant::now() + RETRY);
    }
}

/// That something could not be written down for `kith status` is no reason to stop.
fn told(done: Result<()>) {
    if let Err(error) = done {
        tracing::error!("{error}");
    }
}
