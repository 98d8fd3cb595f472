//! How much an importer may use, and with whom it ends.

use std::io;

use rustix::process::{Resource, Rlimit, Signal, getppid, set_parent_process_death_signal, setrlimit};

use crate::error::{Doing, Error, Result};
use crate::importer::Limits;

/// Open files at one time: an interpreter needs a few dozen.
const OPEN_FILES: u64 = 256;

/// Seconds of processor time beyond what can be used within the time of an importer. The host
/// ends it when that is over and says so; the kernel ends what the host no longer sees.
const SPARE: u64 = 10;

/// Has this process end with the one that waits for its answer, whatever ends that.
pub(super) fn end_with(parent: u32) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(io::Error::from)
        .doing(|| "tie it to the service".to_owned())?;
    // It may have ended before that was in force.
    let is_there = getppid().is_some_and(|found| super::guard::is(found, parent));
    if is_there { Ok(()) } else { Err(Error::user("nobody waits for its answer any more")) }
}

/// Sets what the kernel limits for one process.
pub(super) fn set(limits: &Limits) -> Result<()> {
    for (resource, most) in [
        (Resource::Cpu, processor_time(limits.seconds)),
        (Resource::As, limits.memory_mib.saturating_mul(1 << 20)),
        // Not a byte into any file; pipes do not count.
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, OPEN_FILES),
    ] {
        // What is limited more already stays so.
        let most = rustix::process::getrlimit(resource).maximum.map_or(most, |now| now.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .map_err(io::Error::from)
            .doing(|| "limit what it may use".to_owned())?;
    }
    Ok(())
}

/// The most processor time, in seconds, of a process whose threads may run on all cores for so
/// many seconds.
fn processor_time(seconds: u64) -> u64 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    seconds.saturating_mul(cores.try_into().unwrap_or(u64::MAX)).saturating_add(SPARE)
}

/// Closes what the service, or whoever started it, left open.
#[expect(unsafe_code, reason = "a system call; there is no safe wrapper of it")]
pub(super) fn close_all_but_the_pipes() -> Result<()> {
    // SAFETY: nothing in this process owns a descriptor beyond the standard three: it
    // has just been executed, and this is among the first things that it does.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
    if closed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
        .doing(|| "close what was left open".to_owned())
}
