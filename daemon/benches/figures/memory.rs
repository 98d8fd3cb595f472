//! How much memory and processor time a process takes, as the kernel counts it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::Result;

/// How often an importer's memory is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// The most that this process ever had in memory, in KiB: its own pages and
/// those of its program and libraries.
pub(crate) fn peak() -> Result<u64> {
    status("self", "VmHWM:")
}

/// The most that a process ever had in memory, in KiB.
pub(crate) fn peak_of(pid: u32) -> Result<u64> {
    status(&pid.to_string(), "VmHWM:")
}

/// What a process has in memory now, in KiB.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    status(&pid.to_string(), "VmRSS:")
}

/// The processor time of this process and of those it started and waited for,
/// in seconds: what the table shows beside the wall time, which depends on what
/// else the computer does.
pub(crate) fn cpu() -> Result<f64> {
    /// Ticks a second, the same on every Linux that Rust knows (proc(5)).
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold anything; the third field follows it.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat has no name")?;
    let times = fields.split_whitespace().skip(11).take(4).map(str::parse::<f64>);
    Ok(times.sum::<std::result::Result<f64, _>>()? / TICKS)
}

fn status(process: &str, key: &str) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(key));
    let number = value.and_then(|value| value.split_whitespace().next());
    Ok(number.ok_or_else(|| format!("/proc/{process}/status has no {key}"))?.parse()?)
}

/// Does `work` on this thread, and gives the most that a process which this
/// thread started meanwhile had in memory, in KiB, besides. The importer cannot
/// tell it: it can open no file, and its pipes belong to the protocol.
pub(crate) fn of_child<T>(work: impl FnOnce() -> T) -> Result<(T, u64)> {
    let children = PathBuf::from("/proc").join(fs::read_link("/proc/thread-self")?).join("children");
    let working = AtomicBool::new(true);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most = 0;
            // The kernel keeps the peak, so that only what comes after the last look is missed.
            while working.load(Ordering::Relaxed) {
                let started = fs::read_to_string(&children).unwrap_or_default();
                let peaks = started.split_whitespace().filter_map(|pid| peak_of(pid.parse().ok()?).ok());
                most = peaks.fold(most, u64::max);
                std::thread::sleep(LOOK);
            }
            most
        });
        let done = work();
        working.store(false, Ordering::Relaxed);
        let most = watch.join().map_err(|_| "the watch over the importer's memory failed")?;
        Ok((done, most))
    })
}

/// Waits for a process; gives the most that it had in memory, and the most of
/// any process that it started, in KiB.
pub(crate) fn of_process(process: &mut Child) -> Result<(ExitStatus, u64, u64)> {
    let (mut own, mut started) = (0, 0);
    loop {
        // The kernel keeps the peak, so that only what comes after the last look is missed.
        own = peak_of(process.id()).map_or(own, |peak| own.max(peak));
        for thread in fs::read_dir(format!("/proc/{}/task", process.id())).into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            let peaks = children.split_whitespace().filter_map(|pid| peak_of(pid.parse().ok()?).ok());
            started = peaks.fold(started, u64::max);
        }
        if let Some(status) = process.try_wait()? {
            return Ok((status, own, started));
        }
        std::thread::sleep(LOOK);
    }
}
