//! Following folders of one card a file: when to look into them, and taking in
//! what happened there.
//!
//! As with the inbox, a file watch is only a reason to look. A disk of the network
//! has none: there the folder's own time tells of every card that came or
//! went, and a look at all files now and then of those written in place.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use jiff::Timestamp;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{Event, Keeper, RETRY, Wake, told};
use crate::config;
use crate::core::settings::Settings;
use crate::error::Error;
use crate::import::{FolderJob, Report};
use crate::importer::Cause;
use crate::systemd;

/// A synchronisation writes card by card; it has paused after so long without another.
const SETTLES: Duration = Duration::from_millis(300);

/// One that does not pause is not waited out for longer than this.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often all files are looked at, whatever the watch says.
const LOOK_THROUGH: Duration = Duration::from_secs(60);

/// The folders that are followed.
pub(super) struct Folders {
    all: Vec<Place>,
    watcher: Option<RecommendedWatcher>,
    wake: mpsc::Sender<Wake>,
}

/// A folder that is followed.
struct Place {
    path: PathBuf,
    /// Its path, by which it is known.
    name: String,
    /// Which folder it was, and when a name in it last changed.
    seen: Option<Seen>,
    /// When to look into it.
    look: Option<Duration>,
    /// Since when it has been changing.
    since: Option<Duration>,
    /// When it was last looked into.
    looked: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    folder: (u64, u64),
    modified: (i64, i64),
}

impl Folders {
    /// None yet; `wake` is told when something in one changes.
    pub(super) fn new(wake: mpsc::Sender<Wake>) -> Self {
        Self { all: Vec::new(), watcher: None, wake }
    }

    /// Follows the folders of the settings from now on. Gives their names.
    fn set(&mut self, settings: &Settings, now: Duration) -> Vec<String> {
        let wanted = config::followed(settings);
        self.all.retain(|place| wanted.contains(&place.path));
        for path in wanted {
            if !self.all.iter().any(|place| place.path == path) {
                let name = path.display().to_string();
                self.all.push(Place { path, name, seen: None, look: Some(now), since: None, looked: now });
            }
        }
        // Watches of folders that are no longer followed go with it.
        self.watcher = None;
        for place in &mut self.all {
            place.seen = None;
        }
        self.all.iter().map(|place| place.name.clone()).collect()
    }

    /// Notes that something changed in a folder.
    pub(super) fn changed(&mut self, folder: &Path, now: Duration) {
        for place in self.all.iter_mut().filter(|place| folder == place.path) {
            let since = *place.since.get_or_insert(now);
            place.look = Some((now + SETTLES).min(since + PATIENCE));
        }
    }

    /// Looks whether the folders are those that they were, and watches those that are new.
    fn poll(&mut self, now: Duration) {
        for at in 0..self.all.len() {
            let found = seen(&self.all[at].path);
            let place = &mut self.all[at];
            let another = place.seen.map(|seen| seen.folder) != found.map(|seen| seen.folder);
            let differs = place.seen != found || now.saturating_sub(place.looked) >= LOOK_THROUGH;
            place.seen = found;
            let path = place.path.clone();
            if differs && place.look.is_none() {
                self.changed(&path, now);
            }
            if another && found.is_some() {
                self.watch(&path);
            }
        }
    }

    fn watch(&mut self, folder: &Path) {
        let wake = self.wake.clone();
        let watched = match &mut self.watcher {
            Some(watcher) => watcher.watch(folder, RecursiveMode::NonRecursive),
            none => notify::recommended_watcher(move |event| tell(event, &wake))
                .and_then(|watcher| none.insert(watcher).watch(folder, RecursiveMode::NonRecursive)),
        };
        if let Err(error) = watched {
            tracing::warn!(folder = %folder.display(), "the folder cannot be watched, and is looked into once a minute: {error}");
        }
    }

    /// The next folder to look into now, if there is one.
    fn due(&mut self, now: Duration) -> Option<(PathBuf, String)> {
        let place = self.all.iter_mut().find(|place| place.look.is_some_and(|at| at <= now))?;
        (place.look, place.since, place.looked) = (None, None, now);
        Some((place.path.clone(), place.name.clone()))
    }

    /// Looks into a folder again, at that time.
    fn again(&mut self, name: &str, at: Duration) {
        self.all.iter_mut().filter(|place| place.name == name).for_each(|place| place.look = Some(at));
    }

    fn next(&self) -> Option<Duration> {
        self.all.iter().filter_map(|place| place.look).min()
    }
}

fn seen(folder: &Path) -> Option<Seen> {
    let found = fs::metadata(folder).ok()?;
    Some(Seen { folder: (found.dev(), found.ino()), modified: (found.mtime(), found.mtime_nsec()) })
}

/// Tells of the folders in which something changed.
fn tell(event: notify::Result<notify::Event>, wake: &mpsc::Sender<Wake>) {
    // What was missed is found by the next look at all files.
    let Ok(event) = event else { return };
    // Reading a file is no news, and kith itself reads.
    if matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write)) {
        return;
    }
    for folder in event.paths.iter().filter_map(|path| path.parent()) {
        // If the thread is gone the service ends.
        let _ = wake.send(Wake::Folder(folder.to_owned()));
    }
}

impl Keeper {
    /// Follows the folders that the configuration in force names.
    pub(super) fn follow_configured(&mut self) {
        let now = self.now();
        let names = self.folders.set(&self.settings, now);
        if let Err(error) = self.store.follow_only(&names) {
            tracing::error!("{error}");
        }
        told(self.hold.forget_folders(&names));
    }

    /// Takes in what happened in the folders; tells when to look again.
    pub(super) fn visit_folders(&mut self) -> Option<Duration> {
        self.folders.poll(self.now());
        while let Some((path, name)) = self.folders.due(self.now()) {
            self.visit(&path, &name);
            self.heart.beat();
        }
        self.folders.next()
    }

    fn visit(&mut self, path: &Path, name: &str) {
        let encoding = self.settings.inbox.encoding.clone();
        let job = FolderJob {
            path,
            name,
            followed: true,
            encoding: encoding.as_deref(),
            at: Timestamp::now(),
            settings: &self.settings,
            rehearse: false,
            cancel: &self.cancel,
        };
        let heart = self.heart.clone();
        systemd::status("looking into a folder");
        self.status = "";
        let trouble = match self.workshop.visit(&mut self.store, job, &mut |_| heart.beat()) {
            Ok(visit) => {
                if let Some(report) = visit.report {
                    self.looked = false;
                    self.visited(name, report);
                }
                visit.trouble
            }
            Err(refusal) if matches!(refusal.cause, Cause::Cancelled) => None,
            Err(refusal) => {
                self.folders.again(name, self.now() + RETRY);
                Some(refusal.error)
            }
        };
        self.note_trouble(name, trouble);
    }

    fn visited(&mut self, name: &str, report: Box<Report>) {
        let outcome = &report.outcome;
        if outcome.is_nothing() && report.skipped_in_all == 0 {
            return;
        }
        self.up_to_date = None;
        self.kept = None;
        tracing::info!(
            folder = name,
            new = outcome.new,
            updated = outcome.updated,
            review = outcome.review,
            gone = outcome.gone.cards,
            archived = outcome.gone.archived,
            kept = outcome.gone.kept,
            skipped = report.skipped_in_all,
            "what changed in a folder was taken in"
        );
        (self.tell)(Event::Imported(report));
    }

    /// Says what is wrong with a folder, once. The log does not say why, as that may name a file.
    fn note_trouble(&mut self, name: &str, trouble: Option<Error>) {
        let said = trouble.map(|error| error.to_string());
        if self.hold.said().folders.get(name) == said.as_ref() {
            return;
        }
        match &said {
            Some(error) => {
                tracing::warn!(
                    folder = name,
                    "a folder cannot be followed, or not wholly; what was taken in of it stays, and kith status says more"
                );
                tracing::debug!("{error}");
            }
            None => tracing::info!(folder = name, "the folder is followed again"),
        }
        told(self.hold.folder_trouble(name, said));
    }
}
