//! The conversation with an importer.
//!
//! One thread and one `poll` serve all of the child's pipes and none of them
//! blocks, so that the two sides can never wait for each other, whatever the
//! child reads or writes first, and no thread is left to be joined.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use std::os::unix::process::ExitStatusExt;

use kith_plugin::{PROTOCOL, Record};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::IntoError;

use super::answer::{Answer, Said, Verdict};
use super::builtin::OwnBinary;
use super::child::Running;
use super::fault::{Fault, Last, Unanswered};
use super::feeder::{Fed, Feeder, Trouble};
use super::lines::Lines;
use super::own_files::own_files;
use super::plain;
use super::refusal::{Cause, Refusal};
use super::registry::Importer;
use super::relay::Relay;
use super::sandbox::{self, Oversight, Start};
use super::spool::{Skipped, Spool, Staging};

mod batch;
mod blame;
mod bounds;
mod input;
mod trial;

pub use batch::Parts;
use blame::Blame;
use bounds::Bounds;
pub use input::Input;
pub use trial::{Manner, Trial};

/// How long a wish to cancel may stay unseen while the importer is silent.
const TICK: Duration = Duration::from_millis(100);

/// Runs importers.
#[derive(Debug)]
pub struct Host {
    own: OwnBinary,
    spool_folder: PathBuf,
}

/// What is told while an importer still speaks. It may yet fail: nothing of
/// it counts before [`Host::import`] returns a spool.
#[derive(Debug)]
pub enum Event<'a> {
    /// The next line of its answer, as it stands; it may be wrong.
    Line(&'a [u8]),
    /// The next record.
    Record(&'a Record),
    /// Something in the input that the importer did not take.
    Skipped(&'a Skipped),
    /// Its last line on standard error, once it has ended.
    Words(&'a str),
    /// How far the importer has read; told again each second in which it says nothing of it.
    Progress {
        /// Bytes read.
        bytes: u64,
        /// Bytes in all.
        of: u64,
    },
}

impl Host {
    /// A host that starts built-in importers from `own` and keeps what they
    /// say in unnamed files on the disk of `spool_folder`.
    #[must_use]
    pub fn new(own: OwnBinary, spool_folder: PathBuf) -> Self {
        Self { own, spool_folder }
    }

    /// The folder on whose disk what importers say is kept.
    #[must_use]
    pub fn spool_folder(&self) -> &Path {
        &self.spool_folder
    }

    /// Has `importer` read a file and returns all that it said, once that is
    /// known to be whole. Blocks until the child is reaped; `cancel`, set by
    /// another thread, ends it within a tenth of a second.
    ///
    /// # Errors
    /// A [`Refusal`] that says whose doing it was; nothing of the file is kept then.
    pub fn import(
        &self,
        importer: &Importer,
        input: Input<'_>,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Refusal> {
        let doing = format!("import {}", plain(input.name, 255));
        let started = sandbox::command(importer, &self.own)
            .map_err(|error| Refusal::new(Cause::Importer, error.while_doing(&doing)))?;
        self.converse(started, importer, &Bounds::of(&importer.manifest.limits), input, cancel, on_event)
    }

    fn converse(
        &self,
        start: (Command, Option<Oversight>),
        importer: &Importer,
        bounds: &Bounds,
        input: Input<'_>,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Refusal> {
        let own_folder = input.config_folder.join(&importer.manifest.name);
        let own = own_files(&own_folder).map_err(|error| Refusal::new(Cause::Surroundings, error))?;
        let file_name = plain(input.name, 255);
        let about = About { importer, file_name: file_name.clone(), manner: Manner::Usual };
        Feeder::new(input.file, input.name, PROTOCOL, input.options(&own))
            .map_err(|error| surroundings(error, &format!("read {file_name}")))
            .and_then(|feeder| self.hold(start, about, bounds, (feeder, 1), cancel, on_event))
            .map_err(|unanswered| Blame { importer, file_name, own_folder }.refusal(unanswered))
    }

    fn hold(
        &self,
        (command, oversight): (Command, Option<Oversight>),
        about: About<'_>,
        bounds: &Bounds,
        (feeder, parts): (Feeder<'_>, u32),
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Unanswered> {
        let name = &about.importer.manifest.name;
        let spool = Staging::begin(&self.spool_folder).map_err(|error| about.spool(error))?;
        let running = Running::start(command, oversight)
            .map_err(|error| surroundings(error, &format!("start the importer {name}")))?;
        let now = Instant::now();
        Conversation {
            bounds,
            feeder,
            fed: Fed::More,
            answer: Answer::new(name, PROTOCOL, parts).by(&about.importer.origin),
            about,
            lines: Lines::default(),
            output: 0,
            spool,
            relay: Relay::default(),
            running,
            ended: false,
            begun: now,
            moved: now,
            ending: None,
            progress: (0, now),
            counted: now,
            cancel,
            on_event,
        }
        .hold()
    }
}

/// Who is talked to, about what, and how.
struct About<'a> {
    importer: &'a Importer,
    file_name: String,
    manner: Manner,
}

impl About<'_> {
    fn spool(&self, error: io::Error) -> Unanswered {
        surroundings(error, &format!("set aside what was found in {}", self.file_name))
    }
}

fn surroundings(error: io::Error, doing: &str) -> Unanswered {
    Unanswered::Surroundings(error.into_error().while_doing(doing))
}

struct Conversation<'a, 'e> {
    about: About<'a>,
    bounds: &'a Bounds,
    feeder: Feeder<'a>,
    fed: Fed,
    answer: Answer,
    lines: Lines,
    output: u64,
    spool: Staging,
    relay: Relay,
    running: Running,
    ended: bool,
    begun: Instant,
    /// When the importer last took or gave a byte.
    moved: Instant,
    /// When it closed its output or ended, whichever was first.
    ending: Option<Instant>,
    /// How far it has read, as was told last, and when that was.
    progress: (u64, Instant),
    /// When its processes were last counted.
    counted: Instant,
    cancel: &'a AtomicBool,
    on_event: &'a mut (dyn FnMut(Event<'_>) + 'e),
}

impl Conversation<'_, '_> {
    fn hold(mut self) -> Result<Spool, Unanswered> {
        while self.running.stdout.is_some() || !self.ended {
            self.check_time()?;
            self.check_usage()?;
            if self.progress.1.elapsed() >= self.bounds.unheard {
                self.tell_progress(self.progress.0);
            }
            let ready = self.wait()?;
            if ready.stdout {
                self.listen()?;
            }
            if ready.stderr {
                self.overhear()?;
            }
            if ready.stdin {
                self.feed()?;
            }
            if !ready.forks.is_empty() {
                self.heed(!ready.forks.contains(PollFlags::IN))?;
            }
            self.ended |= ready.ended;
            if self.ending.is_none() && (self.ended || self.running.stdout.is_none()) {
                self.running.stdin = None;
                self.ending = Some(Instant::now());
            }
        }
        self.judge()
    }

    fn tell_progress(&mut self, bytes: u64) {
        let of = self.feeder.size();
        self.progress = (bytes, Instant::now());
        (self.on_event)(Event::Progress { bytes: bytes.min(of), of });
    }

    /// Checks whether the caller still wants it and the importer is in time.
    fn check_time(&self) -> Result<(), Unanswered> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Unanswered::Cancelled);
        }
        let now = Instant::now();
        let Bounds { whole, stalled, ending, .. } = *self.bounds;
        if now - self.begun >= whole {
            return Err(Fault::Slow(whole).into());
        }
        if self.ending.is_some_and(|at| now - at >= ending) {
            let fault = if self.ended { Fault::LeftBehind } else { Fault::LivedOn };
            return Err(fault(ending).into());
        }
        if now - self.moved >= stalled {
            return Err(Fault::Idle(stalled).into());
        }
        Ok(())
    }

    /// Checks what it uses with all its processes, once a tick.
    fn check_usage(&mut self) -> Result<(), Unanswered> {
        let most = &self.bounds.most;
        // Of one that starts none the kernel sees to its memory.
        if most.processes == 1 || self.counted.elapsed() < TICK {
            return Ok(());
        }
        let usage = self.running.usage().map_err(|error| self.pipe(error))?;
        self.counted = Instant::now();
        if usage.processes > most.processes {
            return Err(Fault::Processes(most.processes).into());
        }
        if usage.memory > most.memory {
            return Err(Fault::Memory(most.memory).into());
        }
        Ok(())
    }

    /// Waits until a pipe is ready, the process has ended, or the time should be checked.
    fn wait(&self) -> Result<Ready, Unanswered> {
        let running = &self.running;
        let now = Instant::now();
        let mut wait = TICK
            .min(self.bounds.whole.saturating_sub(now - self.begun))
            .min(self.bounds.stalled.saturating_sub(now - self.moved))
            .min(self.bounds.unheard.saturating_sub(now - self.progress.1));
        if let Some(at) = self.ending {
            wait = wait.min(self.bounds.ending.saturating_sub(now - at));
        }
        let may_feed = self.about.manner == Manner::Usual || self.answer.greeted();
        let pipes = [
            running.stdin.as_ref().filter(|_| may_feed).map(|pipe| (pipe.as_fd(), PollFlags::OUT)),
            running.stdout.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
            running.stderr.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
            (!self.ended).then_some((running.ended(), PollFlags::IN)),
            running.forks().map(|asks| (asks, PollFlags::IN)),
        ];
        let mut fds: Vec<PollFd<'_>> =
            pipes.iter().flatten().map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)).collect();
        // A signal that comes meanwhile is as good as a short wait.
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                return Err(surroundings(error.into(), &format!("import {}", self.about.file_name)));
            }
        }
        let mut said = fds.iter().map(PollFd::revents);
        let said = pipes.map(|pipe| pipe.and_then(|_| said.next()).unwrap_or(PollFlags::empty()));
        let [stdin, stdout, stderr, ended] = [said[0], said[1], said[2], said[3]].map(|it| !it.is_empty());
        Ok(Ready { stdin, stdout, stderr, ended, forks: said[4] })
    }

    /// Lets it start what it asks for, within its limits.
    fn heed(&mut self, is_over: bool) -> Result<(), Unanswered> {
        let most = &self.bounds.most;
        match self.running.heed(is_over, most).map_err(|error| self.pipe(error))? {
            None => Ok(()),
            Some(Start::Process) => Err(Fault::Processes(most.processes).into()),
            Some(Start::Thread) => Err(Fault::Threads(most.threads).into()),
        }
    }

    /// Takes what the importer wrote, and heeds the whole lines of it.
    fn listen(&mut self) -> Result<(), Unanswered> {
        let mut buffer = [0; 64 << 10];
        let Some(read) = read(&mut self.running.stdout, &mut buffer).map_err(|error| self.pipe(error))?
        else {
            return Ok(());
        };
        self.output += read as u64;
        if self.output > self.bounds.output {
            return Err(Fault::MuchOutput(self.bounds.output).into());
        }
        self.lines.push(&buffer[..read]);
        while let Some(line) = self.lines.next() {
            (self.on_event)(Event::Line(line));
            match self.answer.hear(line)? {
                Said::Nothing => {}
                Said::Contact { record, mended } => {
                    self.spool
                        .record(mended.as_deref().unwrap_or(line))
                        .map_err(|error| self.about.spool(error))?;
                    (self.on_event)(Event::Record(&record));
                }
                Said::Interaction(_) => {
                    self.spool.interaction(line).map_err(|error| self.about.spool(error))?;
                }
                Said::Part { begins, bytes } => {
                    self.spool.part(begins, &bytes).map_err(|error| self.about.spool(error))?;
                }
                Said::Skipped(skipped) => {
                    (self.on_event)(Event::Skipped(&skipped));
                    self.spool.skipped(skipped);
                }
                Said::Progress(bytes) => self.tell_progress(bytes),
            }
        }
        if self.lines.rest().len() > self.bounds.line {
            return Err(Fault::LongLine(self.bounds.line).into());
        }
        self.moved = Instant::now();
        Ok(())
    }

    /// Relays what the importer wrote on standard error.
    fn overhear(&mut self) -> Result<(), Unanswered> {
        let mut buffer = [0; 16 << 10];
        let read = read(&mut self.running.stderr, &mut buffer).map_err(|error| self.pipe(error))?;
        self.relay.hear(&self.about.importer.manifest.name, &buffer[..read.unwrap_or(0)]);
        Ok(())
    }

    /// Gives the importer more of the file.
    fn feed(&mut self) -> Result<(), Unanswered> {
        let Some(pipe) = &mut self.running.stdin else {
            return Ok(());
        };
        self.fed = self.feeder.feed(pipe).map_err(|trouble| match trouble {
            Trouble::Shorter => Unanswered::Changed,
            Trouble::File(error) => self.file(error),
            Trouble::Pipe(error) => self.pipe(error),
        })?;
        if self.fed != Fed::More {
            self.running.stdin = None;
        }
        if self.about.manner == Manner::HangsUp {
            self.running.stdout = None;
        }
        self.moved = Instant::now();
        Ok(())
    }

    fn pipe(&self, error: io::Error) -> Unanswered {
        surroundings(error, &format!("talk to the importer {}", self.about.importer.manifest.name))
    }

    fn file(&self, error: io::Error) -> Unanswered {
        surroundings(error, &format!("read {}", self.about.file_name))
    }

    /// Decides what the answer is worth, now that there is no more of it.
    fn judge(mut self) -> Result<Spool, Unanswered> {
        let status = self.running.reap().map_err(|error| self.pipe(error))?;
        while self.running.stderr.is_some() {
            let mut buffer = [0; 16 << 10];
            // Whatever held the pipe was ended with the group: it empties, and then closes.
            match read(&mut self.running.stderr, &mut buffer) {
                Ok(Some(read)) => self.relay.hear(&self.about.importer.manifest.name, &buffer[..read]),
                Ok(None) | Err(_) => break,
            }
        }
        if self.feeder.changed().map_err(|error| self.file(error))? {
            return Err(Unanswered::Changed);
        }
        let words = self.relay.end(&self.about.importer.manifest.name);
        words.iter().for_each(|words| (self.on_event)(Event::Words(words)));
        let last = Last { how: how(status), words };
        match self.answer.verdict() {
            Some(Verdict::Failed { reason, hint, suggestion }) => Err(Unanswered::Failed {
                reason: reason.clone(),
                hint: hint.clone(),
                suggestion: suggestion.clone(),
            }),
            Some(Verdict::Done { .. }) if !status.success() => Err(Fault::FailedAfterDone(last).into()),
            Some(Verdict::Done { .. }) if self.fed != Fed::All => Err(Fault::ReadTooLittle(last).into()),
            Some(Verdict::Done { counts, notes }) => {
                self.spool.finish(*counts, notes.clone()).map_err(|error| self.about.spool(error))
            }
            None if self.lines.rest().is_empty() => Err(Fault::NotDone(last).into()),
            None => Err(Fault::HalfALine(last).into()),
        }
    }
}

/// Which pipes can be used, and whether the process has ended.
struct Ready {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    ended: bool,
    forks: PollFlags,
}

/// Reads what a pipe has; forgets the pipe once it is closed at the other end.
fn read<R: Read>(pipe: &mut Option<R>, buffer: &mut [u8]) -> io::Result<Option<usize>> {
    let Some(open) = pipe else {
        return Ok(None);
    };
    match open.read(buffer) {
        Ok(0) => {
            *pipe = None;
            Ok(None)
        }
        Ok(read) => Ok(Some(read)),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// How a process ended, in words.
fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with the exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}

#[cfg(test)]
mod tests;
