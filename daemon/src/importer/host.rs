//! The conversation with an importer.
//!
//! One thread and one `poll` serve all of the child's pipes and none of them
//! blocks, so that the two sides can never wait for each other, whatever the
//! child reads or writes first, and no thread is left to be joined.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use std::os::unix::process::ExitStatusExt;

use jiff::civil::Date;
use kith_plugin::{Record, Suggestion};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::core::settings::Me;
use crate::error::Error;

use super::answer::{Answer, Said, Verdict};
use super::builtin::OwnBinary;
use super::child::Running;
use super::feeder::{Fed, Feeder, Trouble};
use super::lines::Lines;
use super::own_files::{options, own_files, proposal};
use super::plain;
use super::refusal::{Cause, Refusal};
use super::registry::{Importer, Origin};
use super::relay::Relay;
use super::sandbox;
use super::spool::{Spool, Staging};

mod bounds;

use bounds::Bounds;

/// How long a wish to cancel may stay unseen while the importer is silent.
const TICK: Duration = Duration::from_millis(100);

/// Runs importers.
#[derive(Debug)]
pub struct Host {
    own: OwnBinary,
    spool_folder: PathBuf,
}

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file, opened for reading; it is read from its start, wherever its position is.
    pub file: &'a File,
    /// Its name without the folder.
    pub name: &'a str,
    /// Where the user's own files for importers are: those for one are in the folder of its name.
    pub config_folder: &'a Path,
    /// The endings of names of files that some importer reads.
    pub reads: &'a [String],
    /// Who the user is.
    pub me: &'a Me,
    /// The day, where the user is.
    pub today: Date,
}

/// What is told while an importer still speaks. It may yet fail: nothing of
/// it counts before [`Host::import`] returns a spool.
#[derive(Debug)]
pub enum Event<'a> {
    /// The next record.
    Record(&'a Record),
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
        let command = sandbox::command(importer, &self.own)
            .map_err(|error| Refusal::new(Cause::Importer, error.while_doing(&doing)))?;
        self.converse(command, importer, &Bounds::of(&importer.manifest.limits), input, cancel, on_event)
    }

    fn converse(
        &self,
        command: Command,
        importer: &Importer,
        bounds: &Bounds,
        input: Input<'_>,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Refusal> {
        let own_folder = input.config_folder.join(&importer.manifest.name);
        let own = own_files(&own_folder).map_err(|error| Refusal::new(Cause::Surroundings, error))?;
        let blame = Blame { importer, file_name: plain(input.name, 255), own_folder };
        let Some(protocol) = importer.manifest.protocol() else {
            return Err(blame.importer("speaks no version of the protocol that kith speaks"));
        };
        let feeder = Feeder::new(input.file, input.name, protocol, options(&own, &input))
            .map_err(|error| Refusal::surroundings(error, &format!("read {}", blame.file_name)))?;
        let spool = Staging::begin(&self.spool_folder).map_err(|error| blame.spool(error))?;
        let running = Running::start(command).map_err(|error| {
            Refusal::surroundings(error, &format!("start the importer {}", importer.manifest.name))
        })?;
        let now = Instant::now();
        Conversation {
            blame,
            bounds,
            feeder,
            fed: Fed::More,
            answer: Answer::new(&importer.manifest.name, protocol),
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

/// Puts what went wrong into a sentence with who and which file.
#[derive(Debug)]
struct Blame<'a> {
    importer: &'a Importer,
    file_name: String,
    own_folder: PathBuf,
}

impl Blame<'_> {
    /// A fault of the importer; `what` continues a sentence that begins with its name.
    fn importer(&self, what: &str) -> Refusal {
        let name = &self.importer.manifest.name;
        let message = format!("could not import {}: the importer {name} {what}", self.file_name);
        let error = match self.importer.origin {
            Origin::BuiltIn => Error::internal(message)
                .hint("nothing of the file was taken. This is a fault of kith: please report it, with a file that shows it if you can share one"),
            Origin::Plugin(_) => Error::user(message)
                .hint(format!("nothing of the file was taken; tell the people who make the importer {name}")),
        };
        Refusal::new(Cause::Importer, error)
    }

    fn changed(&self) -> Refusal {
        let error = Error::user(format!("could not import {}: it changed while it was read", self.file_name))
            .hint("nothing of it was taken; import it again once it is complete");
        Refusal::new(Cause::Changed, error)
    }

    fn input(&self, reason: &str, hint: Option<&str>, suggestion: Option<&Suggestion>) -> Refusal {
        let error = Error::user(format!("could not import {}: {reason}", self.file_name));
        let hint = hint.unwrap_or(
            "nothing of it was taken; export the contacts again, as vCard or CSV, and import that",
        );
        let hint = match suggestion.and_then(|suggestion| proposal(&self.own_folder, suggestion)) {
            Some(proposal) => format!("{hint}\n\n{proposal}"),
            None => hint.to_owned(),
        };
        Refusal::new(Cause::Input, error.hint(hint))
    }

    fn spool(&self, error: io::Error) -> Refusal {
        Refusal::surroundings(error, &format!("set aside what was found in {}", self.file_name))
    }
}

struct Conversation<'a, 'e> {
    blame: Blame<'a>,
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
    fn hold(mut self) -> Result<Spool, Refusal> {
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
    fn check_time(&self) -> Result<(), Refusal> {
        if self.cancel.load(Ordering::Relaxed) {
            let message = format!("the import of {} was cancelled", self.blame.file_name);
            return Err(Refusal::new(
                Cause::Cancelled,
                Error::user(message).hint("nothing of it was taken; import it again when you like"),
            ));
        }
        let now = Instant::now();
        let too_slow = |what: &str, limit: Duration| {
            let unit = if limit == Duration::from_secs(1) { "second" } else { "seconds" };
            Err(self.blame.importer(&format!("{what} for {} {unit} and was ended", limit.as_secs_f64())))
        };
        if now - self.begun >= self.bounds.whole {
            return too_slow("ran", self.bounds.whole);
        }
        if self.ending.is_some_and(|at| now - at >= self.bounds.ending) {
            let what = if self.ended {
                "left a process behind that holds its output"
            } else {
                "closed its output and lived on"
            };
            return too_slow(what, self.bounds.ending);
        }
        if now - self.moved >= self.bounds.stalled {
            return too_slow("neither read nor wrote anything", self.bounds.stalled);
        }
        Ok(())
    }

    /// Checks what it uses with all its processes, once a tick.
    fn check_usage(&mut self) -> Result<(), Refusal> {
        let Some(most) = self.bounds.together.filter(|_| self.counted.elapsed() >= TICK) else {
            return Ok(());
        };
        let usage = self.running.usage().map_err(|error| self.pipe(error))?;
        self.counted = Instant::now();
        if usage.processes > most.processes {
            let most = most.processes;
            return Err(self.blame.importer(&format!("had more than {most} processes and was ended")));
        }
        if usage.memory > most.memory {
            let most = most.memory >> 20;
            return Err(self.blame.importer(&format!("used more than {most} MiB of memory and was ended")));
        }
        Ok(())
    }

    /// Waits until a pipe is ready, the process has ended, or the time should be checked.
    fn wait(&self) -> Result<Ready, Refusal> {
        let running = &self.running;
        let now = Instant::now();
        let mut wait = TICK
            .min(self.bounds.whole.saturating_sub(now - self.begun))
            .min(self.bounds.stalled.saturating_sub(now - self.moved))
            .min(self.bounds.unheard.saturating_sub(now - self.progress.1));
        if let Some(at) = self.ending {
            wait = wait.min(self.bounds.ending.saturating_sub(now - at));
        }
        let pipes = [
            running.stdin.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::OUT)),
            running.stdout.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
            running.stderr.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::IN)),
            (!self.ended).then_some((running.ended(), PollFlags::IN)),
        ];
        let mut fds: Vec<PollFd<'_>> =
            pipes.iter().flatten().map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)).collect();
        // A signal that comes meanwhile is as good as a short wait.
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                return Err(Refusal::surroundings(error.into(), &format!("import {}", self.blame.file_name)));
            }
        }
        let mut said = fds.iter().map(|fd| !fd.revents().is_empty());
        let [stdin, stdout, stderr, ended] = pipes.map(|pipe| pipe.is_some() && said.next() == Some(true));
        Ok(Ready { stdin, stdout, stderr, ended })
    }

    /// Takes what the importer wrote, and heeds the whole lines of it.
    fn listen(&mut self) -> Result<(), Refusal> {
        let mut buffer = [0; 64 << 10];
        let Some(read) = read(&mut self.running.stdout, &mut buffer).map_err(|error| self.pipe(error))?
        else {
            return Ok(());
        };
        self.output += read as u64;
        if self.output > self.bounds.output {
            let limit = self.bounds.output >> 20;
            return Err(self.blame.importer(&format!("wrote more than {limit} MiB and was ended")));
        }
        self.lines.push(&buffer[..read]);
        while let Some(line) = self.lines.next() {
            let said = self.answer.hear(line).map_err(|what| self.blame.importer(&what))?;
            match said {
                Said::Nothing => {}
                Said::Contact(record) => {
                    self.spool.record(line).map_err(|error| self.blame.spool(error))?;
                    (self.on_event)(Event::Record(&record));
                }
                Said::Interaction(_) => {
                    self.spool.interaction(line).map_err(|error| self.blame.spool(error))?;
                }
                Said::Part { begins, bytes } => {
                    self.spool.part(begins, &bytes).map_err(|error| self.blame.spool(error))?;
                }
                Said::Skipped(skipped) => self.spool.skipped(skipped),
                Said::Progress(bytes) => self.tell_progress(bytes),
            }
        }
        if self.lines.rest().len() > self.bounds.line {
            let limit = self.bounds.line >> 20;
            return Err(self.blame.importer(&format!("wrote a line longer than {limit} MiB and was ended")));
        }
        self.moved = Instant::now();
        Ok(())
    }

    /// Relays what the importer wrote on standard error.
    fn overhear(&mut self) -> Result<(), Refusal> {
        let mut buffer = [0; 16 << 10];
        let read = read(&mut self.running.stderr, &mut buffer).map_err(|error| self.pipe(error))?;
        self.relay.hear(&self.blame.importer.manifest.name, &buffer[..read.unwrap_or(0)]);
        Ok(())
    }

    /// Gives the importer more of the file.
    fn feed(&mut self) -> Result<(), Refusal> {
        let Some(pipe) = &mut self.running.stdin else {
            return Ok(());
        };
        self.fed = self.feeder.feed(pipe).map_err(|trouble| match trouble {
            Trouble::Shorter => self.blame.changed(),
            Trouble::File(error) => Refusal::surroundings(error, &format!("read {}", self.blame.file_name)),
            Trouble::Pipe(error) => self.pipe(error),
        })?;
        if self.fed != Fed::More {
            self.running.stdin = None;
        }
        self.moved = Instant::now();
        Ok(())
    }

    fn pipe(&self, error: io::Error) -> Refusal {
        Refusal::surroundings(error, &format!("talk to the importer {}", self.blame.importer.manifest.name))
    }

    /// Decides what the answer is worth, now that there is no more of it.
    fn judge(mut self) -> Result<Spool, Refusal> {
        let status = self.running.reap().map_err(|error| self.pipe(error))?;
        while self.running.stderr.is_some() {
            let mut buffer = [0; 16 << 10];
            // Whatever held the pipe was ended with the group: it empties, and then closes.
            match read(&mut self.running.stderr, &mut buffer) {
                Ok(Some(read)) => self.relay.hear(&self.blame.importer.manifest.name, &buffer[..read]),
                Ok(None) | Err(_) => break,
            }
        }
        if self
            .feeder
            .changed()
            .map_err(|error| Refusal::surroundings(error, &format!("read {}", self.blame.file_name)))?
        {
            return Err(self.blame.changed());
        }
        let last_words = self.relay.end(&self.blame.importer.manifest.name);
        let broke_off = |what: String| {
            let quote =
                last_words.map_or_else(String::new, |words| format!("; its last words were: {words}"));
            Err(self.blame.importer(&format!("{what}{quote}")))
        };
        match self.answer.verdict() {
            Some(Verdict::Failed { reason, hint, suggestion }) => {
                Err(self.blame.input(reason, hint.as_deref(), suggestion.as_ref()))
            }
            Some(Verdict::Done(_)) if !status.success() => {
                broke_off(format!("said that it was done and then {}", how(status)))
            }
            Some(Verdict::Done(_)) if self.fed != Fed::All => {
                broke_off("said that it was done before it had read the whole file".to_owned())
            }
            Some(&Verdict::Done(counts)) => {
                self.spool.finish(counts).map_err(|error| self.blame.spool(error))
            }
            None if self.lines.rest().is_empty() => {
                broke_off(format!("{} without saying that it was done", how(status)))
            }
            None => broke_off(format!("{} in the middle of a line", how(status))),
        }
    }
}

/// Which pipes can be used, and whether the process has ended.
struct Ready {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    ended: bool,
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
