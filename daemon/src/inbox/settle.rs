//! When a file in the drop-in folder is complete.
//!
//! What is in the folder is the truth; what the file watch tells is only why
//! one looks again, and which file need not be waited for. A file is settled a
//! moment after it was closed by its writer or moved in, else when it has not
//! changed for two seconds. An empty file is never settled by being closed: it
//! is more likely somebody's who keeps the name and is about to write.
//!
//! Files that come together settle within moments of each other: one that is due waits for older ones
//! that still settle, as the newest is to be taken last.
//!
//! Neither is a proof: a slow copy may pause, and a writer who has a file open
//! writes on after it was moved to `done/`. So a file that was taken is
//! compared, for ten minutes after, with what it was when it was read. Each
//! time it differs it is settled and taken like a new one, where it lies. The
//! looks become rarer as time goes by, and end.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use super::order::newest_last;
use crate::import::Turn;

/// How long a file is left alone after it was closed or moved in, as a browser
/// may still rename it.
const GRACE: Duration = Duration::from_millis(250);

/// How long a file that nobody is known to have finished must not change.
const QUIET: Duration = Duration::from_secs(2);

/// How long after it was taken a file is looked at for changes.
pub const WATCHED: Duration = Duration::from_secs(10 * 60);

/// The folders of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    /// The inbox itself.
    Inbox,
    /// Its `done/`.
    Done,
    /// Its `failed/`.
    Failed,
}

/// A name in a folder of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The folder.
    pub folder: Folder,
    /// The name in it.
    pub name: OsString,
}

/// What of a file changes when it is written to or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The number of the inode.
    pub inode: u64,
    /// The size in bytes.
    pub size: u64,
    /// When its content was last changed: seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
}

/// A file as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where it lies.
    pub entry: Entry,
    /// What it is now.
    pub stamp: Stamp,
}

/// What to do after a look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Files to take now, the newest last. For each, one of
    /// [`Settle::moved`], [`Settle::left`], [`Settle::released`] and
    /// [`Settle::forgotten`] must follow.
    pub take: Vec<Seen>,
    /// When to look again even if the file watch tells nothing; `None` if
    /// nothing waits. It does not know what will become of the files to take:
    /// once they are dealt with, look again.
    pub again: Option<Duration>,
}

/// Decides which files of the inbox to take, and when to look.
///
/// Moments are durations since any fixed one, on a clock that never goes back.
#[derive(Debug, Default)]
pub struct Settle {
    files: BTreeMap<Entry, File>,
    /// What was told to be finished since the last look, and when.
    finished: BTreeMap<Entry, Duration>,
}

#[derive(Debug)]
struct File {
    stamp: Stamp,
    /// When the stamp was first seen.
    changed: Duration,
    /// When it was told to be finished, with this stamp.
    finished: Option<Duration>,
    /// Behind which others it is to be taken, once it let others pass.
    waited: Option<Turn>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Settling,
    /// Empty, and kept by a browser for a download that goes on.
    KeepingName,
    /// Given out to be taken.
    InWork,
    /// Stays until it changes, or until then.
    Left {
        until: Option<Duration>,
    },
    /// Was taken; its stamp is what it was when it was read.
    Watched {
        since: Duration,
        next: Duration,
    },
}

impl Stamp {
    /// What no file is: whatever a file was when it was read, it has changed since.
    pub const NONE: Self = Self { inode: 0, size: 0, modified: (0, 0) };
}

impl Settle {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The file watch told that a file was closed after writing, or moved in
    /// or renamed to this.
    pub fn finished(&mut self, now: Duration, entry: Entry) {
        self.finished.insert(entry, now);
    }

    /// The files outside the inbox itself that the next look wants to see.
    pub fn watched(&self) -> impl Iterator<Item = &Entry> {
        self.files.keys().filter(|entry| entry.folder != Folder::Inbox)
    }

    /// Decides by what is there: everything in the inbox itself, and of
    /// [`Settle::watched`] what still exists.
    pub fn look(&mut self, now: Duration, seen: &[Seen]) -> Look {
        let finished = std::mem::take(&mut self.finished);
        let mut before = std::mem::take(&mut self.files);
        for Seen { entry, stamp } in seen {
            let known = before.remove(entry);
            if is_temporary(&entry.name) || (known.is_none() && entry.folder != Folder::Inbox) {
                continue;
            }
            let finished = finished.get(entry).copied();
            let file = match known {
                Some(file) => file.seen(now, *stamp, finished),
                None => File::settling(*stamp, now, finished),
            };
            self.files.insert(entry.clone(), file);
        }
        // Who took a file says what became of it, even if it is gone.
        self.files.extend(before.into_iter().filter(|(_, file)| file.state == State::InWork));
        self.decide(now, seen)
    }

    fn decide(&mut self, now: Duration, seen: &[Seen]) -> Look {
        let downloads: Vec<&OsStr> = seen
            .iter()
            .filter(|seen| seen.entry.folder == Folder::Inbox && is_temporary(&seen.entry.name))
            .map(|seen| seen.entry.name.as_os_str())
            .collect();
        let mut next: Vec<(Duration, Seen)> = Vec::new();
        for (entry, file) in &mut self.files {
            file.keep_name(now, || downloads.iter().any(|name| belongs(name, &entry.name)));
            if let Some(at) = file.next(now) {
                next.push((at, Seen { entry: entry.clone(), stamp: file.stamp }));
            }
        }
        let look = self.choose(now, next);
        self.files.retain(|_, file| !file.is_over(now));
        look
    }

    /// Of the files with which something is to be done, and when, those to take now: the newest last. One that is
    /// due waits for older ones that are about to settle, but for none that settles on and on.
    fn choose(&mut self, now: Duration, mut next: Vec<(Duration, Seen)>) -> Look {
        newest_last(&mut next, |(_, seen)| seen);
        // What lets others pass is behind whatever is due with it.
        next.sort_by_key(|(_, seen)| self.files.get(&seen.entry).and_then(|file| file.waited));
        let mut look = Look::default();
        let mut older_settle = false;
        for (at, seen) in next {
            let Some(file) = self.files.get_mut(&seen.entry) else { continue };
            let is_held = at <= now && older_settle && file.state == State::Settling;
            let at = if is_held { at + QUIET } else { at };
            if at <= now {
                file.state = State::InWork;
                look.take.push(seen);
            } else {
                look.again = Some(look.again.map_or(at, |other| other.min(at)));
                older_settle |= file.state == State::Settling;
            }
        }
        look
    }

    /// A file that was given out was taken and now lies at `to`, which may be
    /// where it was. `read` is what it was when it was opened to be read: if it
    /// is or becomes another, it is given out again.
    ///
    /// Also tells of files that were taken shortly before the service started.
    pub fn moved(&mut self, now: Duration, from: &Entry, to: Entry, read: Stamp) {
        self.files.remove(from);
        let state = State::Watched { since: now, next: now + QUIET };
        self.files.insert(to, File { state, ..File::settling(read, now, None) });
    }

    /// A file that was given out stays where it is until it changes (nobody
    /// reads such files), or until then (it could not be taken now).
    pub fn left(&mut self, entry: &Entry, until: Option<Duration>) {
        if let Some(file) = self.files.get_mut(entry) {
            file.state = State::Left { until };
        }
    }

    /// A file that was given out is better taken after the others that were dropped with it: if there are any it
    /// waits for a moment, once, and is given out again, in its `turn` among those that waited.
    pub fn lets_others_pass(&mut self, now: Duration, entry: &Entry, turn: Turn) -> bool {
        let is_to_come = |file: &File| matches!(file.state, State::Settling | State::InWork);
        let others = self.files.iter().any(|(other, file)| other != entry && is_to_come(file));
        match self.files.get_mut(entry) {
            Some(file) if others && file.waited.is_none() => {
                (file.waited, file.state) = (Some(turn), State::Left { until: Some(now + QUIET) });
                true
            }
            _ => false,
        }
    }

    /// A file that was given out turned out to be still changing: it is to
    /// settle anew.
    pub fn released(&mut self, now: Duration, entry: &Entry) {
        if let Some(file) = self.files.get_mut(entry) {
            file.state = State::Settling;
            file.changed = now;
            file.finished = None;
        }
    }

    /// Something came that may read what nobody read: what was left for good is to settle anew.
    pub fn released_all(&mut self, now: Duration) {
        for file in self.files.values_mut().filter(|file| file.state == State::Left { until: None }) {
            *file = File::settling(file.stamp, now, None);
        }
    }

    /// A file that was given out is no longer there.
    pub fn forgotten(&mut self, entry: &Entry) {
        self.files.remove(entry);
    }
}

impl File {
    fn settling(stamp: Stamp, changed: Duration, finished: Option<Duration>) -> Self {
        Self { stamp, changed, finished, waited: None, state: State::Settling }
    }

    /// The file after it was seen again.
    fn seen(self, now: Duration, stamp: Stamp, finished: Option<Duration>) -> Self {
        if self.state == State::InWork {
            // What it was when it was read decides later, not what it is meanwhile.
            return self;
        }
        if stamp != self.stamp {
            return Self::settling(stamp, now, finished);
        }
        Self { finished: finished.or(self.finished), ..self }
    }

    /// Begins or ends to be the empty file that keeps the name of a download.
    fn keep_name(&mut self, now: Duration, downloading: impl Fn() -> bool) {
        match self.state {
            State::Settling if self.stamp.size == 0 && downloading() => self.state = State::KeepingName,
            State::KeepingName if !downloading() => {
                // The browser is about to replace or to remove it.
                *self = Self::settling(self.stamp, now, None);
            }
            _ => {}
        }
    }

    /// When something is to be done: taken if settling or left, looked at if
    /// watched. `None`: nothing by itself.
    fn next(&mut self, now: Duration) -> Option<Duration> {
        match &mut self.state {
            State::InWork | State::KeepingName => None,
            State::Left { until } => *until,
            State::Settling => {
                let quiet = self.changed + QUIET;
                let finished = self.finished.filter(|_| self.stamp.size > 0);
                Some(finished.map_or(quiet, |at| quiet.min(at.max(self.changed) + GRACE)))
            }
            State::Watched { since, next } => {
                if *next <= now {
                    *next = now + (now.saturating_sub(*since)).max(QUIET);
                }
                Some((*next).min(*since + WATCHED)).filter(|at| *at > now)
            }
        }
    }

    fn is_over(&self, now: Duration) -> bool {
        matches!(self.state, State::Watched { since, .. } if now >= since + WATCHED)
    }
}

/// Whether a name is one under which programs keep what is not complete, or a
/// report of ours.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    const ENDINGS: [&[u8]; 9] = [
        b"~",
        b".part",
        b".partial",
        b".filepart",
        b".crdownload",
        b".opdownload",
        b".download",
        b".tmp",
        b".report.txt",
    ];
    let name = name.as_bytes();
    // `.goutputstream-…` and `.~lock.….#` are hidden as well.
    name.starts_with(b".") || ENDINGS.iter().any(|ending| ends_with(name, ending))
}

fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    let at = name.len().checked_sub(ending.len());
    at.is_some_and(|at| name[at..].eq_ignore_ascii_case(ending))
}

/// Whether a partial download is of the empty file that a browser puts there
/// to keep the name: `x.vcf` with `x.vcf.part` or `x.Q3rT.vcf.part`.
fn belongs(download: &OsStr, name: &OsStr) -> bool {
    let stem = std::path::Path::new(name).file_stem().unwrap_or(name);
    download.as_bytes().strip_prefix(stem.as_bytes()).is_some_and(|rest| rest.starts_with(b"."))
}

#[cfg(test)]
mod tests;
