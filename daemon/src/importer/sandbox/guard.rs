//! What ends the processes of an importer when kith itself is ended.
//!
//! The kernel ends a process with its parent where that was asked for ([`limits`](super::limits)), but what such a
//! process has started asked for nothing and lives on. A signal that is sent to kith need not be one that kith can
//! act on. So a process of kith's, in the importer's group, does nothing but wait for the end of kith, and then ends
//! that group, itself with it. It is there before the first further process of the importer is; none of them can
//! leave the group, or send it a signal.
#![expect(unsafe_code, reason = "a system call; there is no safe wrapper of it")]

use std::io;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, getppid, kill_current_process_group, pidfd_open};

use crate::error::{Doing, Result};

/// Waits until the process `kith` has ended; ends this process' group then. It returns only if it cannot do that.
pub(super) fn keep(kith: u32) -> Result<()> {
    for catchable in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
        // Whoever ends all that is called kith shall not end first what sees to the rest.
        // SAFETY: no handler is set, of which one would have to know what it does.
        unsafe { libc::signal(catchable, libc::SIG_IGN) };
    }
    // Where it cannot be waited for, nothing must live that could be left behind.
    let waited = wait_for_the_end_of(kith);
    let ended = kill_current_process_group(Signal::KILL).map_err(io::Error::from);
    waited.and(ended).doing(|| "see to it that an importer ends with kith".to_owned())
}

fn wait_for_the_end_of(kith: u32) -> io::Result<()> {
    let Some(parent) = getppid().filter(|parent| is(*parent, kith)) else { return Ok(()) };
    let ended = pidfd_open(parent, PidfdFlags::empty())?;
    // Before that it may have ended, and its number been given to another.
    while getppid() == Some(parent) {
        match poll(&mut [PollFd::new(&ended, PollFlags::IN)], None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether this is the process of that number.
pub(super) fn is(process: Pid, number: u32) -> bool {
    u32::try_from(process.as_raw_nonzero().get()) == Ok(number)
}
