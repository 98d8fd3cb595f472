//! An importer's process.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};

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
    /// Its standard input, until all is sent.
    pub(super) stdin: Option<ChildStdin>,
    /// Its standard output, until it is closed.
    pub(super) stdout: Option<ChildStdout>,
    /// Its standard error, until it is closed.
    pub(super) stderr: Option<ChildStderr>,
}

impl Running {
    /// Starts `command`, which has its pipes and a process group of its own.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
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
        let running = Self { child, ended, reaped: false, stdin, stdout, stderr };
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

    /// What it and the processes that it started use now. A process that ends
    /// while they are counted may be missed.
    ///
    /// # Errors
    /// If /proc cannot be looked through.
    pub(super) fn usage(&self) -> io::Result<Usage> {
        let group = self.child.id().to_string();
        let page = rustix::param::page_size() as u64;
        let mut usage = Usage::default();
        for entry in fs::read_dir("/proc")? {
            let process = entry?.path();
            // Most are not processes, and some end meanwhile.
            let Ok(stat) = fs::read_to_string(process.join("stat")) else { continue };
            // proc(5): behind the name, which may hold anything, state, parent, group.
            let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
            if fields.split_whitespace().nth(2) != Some(&group) {
                continue;
            }
            usage.processes += 1;
            let sizes = fs::read_to_string(process.join("statm")).unwrap_or_default();
            let resident = sizes.split_whitespace().nth(1).and_then(|pages| pages.parse().ok());
            usage.memory += resident.unwrap_or(0_u64) * page;
        }
        Ok(usage)
    }

    /// Ends what is left of the process group and reaps the process.
    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        // Before the process is reaped its number cannot be another group's.
        if !self.reaped {
            end_group(&self.child);
        }
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }
}

/// What an importer with all its processes uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// How many there are.
    pub(super) processes: u32,
    /// Bytes of memory.
    pub(super) memory: u64,
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
