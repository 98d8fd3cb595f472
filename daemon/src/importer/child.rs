//! An importer's process.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::mem;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};

use super::sandbox::{Forks, Heard, Oversight, Request, Start};

use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

/// A running importer and its pipes, none of which blocks. When it is dropped,
/// it and every process that it started in its group are ended, and it is
/// reaped: no way out of a conversation leaves anything behind.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    /// Readable once the process has ended.
    ended: OwnedFd,
    reaped: bool,
    /// Where it asks before it starts something, if it can at all.
    forks: Option<Forks>,
    guard: Guard,
    /// What it may still start before it has to be counted again.
    left: Usage,
    /// Its standard input, once it is confined and until all is sent.
    pub(super) stdin: Option<ChildStdin>,
    /// Its standard output, until it is closed.
    pub(super) stdout: Option<ChildStdout>,
    /// Its standard error, until it is closed.
    pub(super) stderr: Option<ChildStderr>,
}

impl Running {
    /// Starts `command`, which has its pipes and a process group of its own, and asks before it starts
    /// something, if it can at all.
    pub(super) fn start(mut command: Command, oversight: Option<Oversight>) -> io::Result<Self> {
        let mut child = command.spawn()?;
        let ended = match pidfd_open(Pid::from_child(&child), PidfdFlags::empty()) {
            Ok(ended) => ended,
            Err(error) => {
                end_group(&child);
                child.wait()?;
                return Err(error.into());
            }
        };
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let left = Usage::default();
        let (forks, guard) = match oversight {
            Some(Oversight { forks, guard }) => (Some(forks), Guard::Ready(guard)),
            None => (None, Guard::None),
        };
        let running = Self { child, ended, reaped: false, forks, guard, left, stdin, stdout, stderr };
        for pipe in running.pipes() {
            rustix::io::ioctl_fionbio(pipe, true)?;
        }
        Ok(running)
    }

    fn pipes(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let (stdin, stdout, stderr) = (&self.stdin, &self.stdout, &self.stderr);
        [stdin.as_ref().map(AsFd::as_fd), stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)]
            .into_iter()
            .flatten()
    }

    /// A descriptor that is readable once the process has ended.
    pub(super) fn ended(&self) -> BorrowedFd<'_> {
        self.ended.as_fd()
    }

    /// Where it asks before it starts something.
    pub(super) fn forks(&self) -> Option<BorrowedFd<'_>> {
        self.forks.as_ref().map(AsFd::as_fd)
    }

    /// Hears what it asks; `is_over` if it asks no more. If it would have more than `most` what it asked for is given
    /// back, and it waits.
    pub(super) fn heed(&mut self, is_over: bool, most: &Usage) -> io::Result<Option<Start>> {
        if is_over {
            self.forks = None;
        }
        match self.forks.as_mut().map_or(Ok(Heard::Nothing), Forks::hear)? {
            Heard::Nothing => Ok(None),
            Heard::Input(pipe) => {
                rustix::io::ioctl_fionbio(&pipe, true)?;
                self.stdin = Some(ChildStdin::from(pipe));
                Ok(None)
            }
            Heard::Request(request) => self.admit(&request, most),
        }
    }

    fn admit(&mut self, request: &Request, most: &Usage) -> io::Result<Option<Start>> {
        if *self.left.of(request.start) == 0 {
            // They are looked for only now: what ended meanwhile makes room again.
            let mut used = self.usage()?;
            let most = *most.clone().of(request.start);
            *self.left.of(request.start) = most.saturating_sub(*used.of(request.start));
        }
        let left = self.left.of(request.start);
        if *left == 0 {
            return Ok(Some(request.start));
        }
        *left -= 1;
        if request.start == Start::Process {
            self.guard.stand_in_the_group_of(&self.child)?;
        }
        self.forks.as_ref().map_or(Ok(()), |forks| forks.allow(request)).map(|()| None)
    }

    /// What it and the processes that it started use now. A process that ends
    /// while they are counted may be missed.
    ///
    /// # Errors
    /// If /proc cannot be looked through.
    pub(super) fn usage(&self) -> io::Result<Usage> {
        let group = self.child.id().to_string();
        let page = rustix::param::page_size() as u64;
        let mut usage = Usage::default();
        let mut members = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let entry = entry?;
            let process = entry.path();
            if self.guard.is(&process) {
                continue;
            }
            // Most are not processes, and some end meanwhile.
            let Ok(stat) = fs::read_to_string(process.join("stat")) else { continue };
            // proc(5): behind the name, which may hold anything, state, parent, group.
            let mut fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
            let (Some(state), Some(parent), Some(of)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            if of != group {
                continue;
            }
            let threads = fields.nth(14).and_then(|threads| threads.parse::<u32>().ok());
            usage.threads += threads.unwrap_or(1).saturating_sub(1);
            let sizes = fs::read_to_string(process.join("statm")).unwrap_or_default();
            let resident = sizes.split_whitespace().nth(1).and_then(|pages| pages.parse().ok());
            usage.memory += resident.unwrap_or(0_u64) * page;
            members.push((entry.file_name(), parent.to_owned(), matches!(state, "Z" | "X")));
        }
        // What has ended waits for its parent to hear of it. That is the importer's to do, unless the parent ended
        // before: then it is done by whatever on this computer adopts such processes, when it comes to it.
        let is_adopted = |(_, parent, has_ended): &&(_, String, bool)| {
            *has_ended && !members.iter().any(|(id, ..): &(OsString, _, _)| id.as_os_str() == parent.as_str())
        };
        let adopted = members.iter().filter(is_adopted).count();
        usage.processes = u32::try_from(members.len() - adopted).unwrap_or(u32::MAX);
        Ok(usage)
    }

    /// Ends what is left of the process group and reaps the process.
    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        // Before the process is reaped its number cannot be another group's.
        if !self.reaped {
            end_group(&self.child);
        }
        if let Guard::Stands(mut guard) = mem::replace(&mut self.guard, Guard::None) {
            guard.wait()?;
        }
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }
}

/// What ends the importer's group if kith cannot.
#[derive(Debug)]
enum Guard {
    /// There is none: nothing can be started.
    None,
    /// Nothing was started yet. Most never start anything.
    Ready(Command),
    /// It is in the group.
    Stands(Child),
}

impl Guard {
    fn stand_in_the_group_of(&mut self, leader: &Child) -> io::Result<()> {
        if let Self::Ready(command) = self {
            let group = Pid::from_child(leader).as_raw_nonzero().get();
            *self = Self::Stands(command.process_group(group).spawn()?);
        }
        Ok(())
    }

    /// Whether that folder of /proc is its own.
    fn is(&self, process: &Path) -> bool {
        matches!(self, Self::Stands(guard) if process.ends_with(guard.id().to_string()))
    }
}

/// What an importer with all its processes uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// How many there are.
    pub(super) processes: u32,
    /// Their threads, without the first of each.
    pub(super) threads: u32,
    /// Bytes of memory.
    pub(super) memory: u64,
}

impl Usage {
    fn of(&mut self, start: Start) -> &mut u32 {
        match start {
            Start::Process => &mut self.processes,
            Start::Thread => &mut self.threads,
        }
    }
}

fn end_group(child: &Child) {
    // It fails only if the whole group is already gone, which is as good.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody is left to be told; the kernel reaps it when kith ends.
        let _ = self.reap();
    }
}
