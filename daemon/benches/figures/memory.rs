//! How much memory and processor time a process takes, as the kernel counts it.

use std::fs;
use std::os::unix::process::parent_id;
use std::path::PathBuf;

use crate::Result;

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

/// Does an importer's work and leaves its peak where the process that started
/// it finds it by [`of_child`]. An importer has no other way to tell: its pipes
/// belong to the protocol and its environment is empty.
pub(crate) fn told_to_parent(work: impl FnOnce() -> Result<()>) -> Result<()> {
    work()?;
    Ok(fs::write(note(parent_id()), peak()?.to_string())?)
}

/// The peak of the importer that this process started last, in KiB.
pub(crate) fn of_child() -> Result<u64> {
    let note = note(std::process::id());
    let peak = fs::read_to_string(&note)?.parse()?;
    fs::remove_file(note)?;
    Ok(peak)
}

fn note(parent: u32) -> PathBuf {
    std::env::temp_dir().join(format!("kith-bench-importer-of-{parent}"))
}
