//! The limits of one conversation.

use std::time::Duration;

use crate::importer::child::Usage;
use crate::importer::manifest::Limits;

/// After so long without a word on its progress the last one is told again:
/// whoever listens knows then that it is being waited for.
const TELL_AGAIN: Duration = Duration::from_secs(1);

/// Threads of an importer, without the first of each process: a Java has some fifty.
const THREADS: u32 = 256;

/// The limits of one conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// From the start to the end.
    pub(super) whole: Duration,
    /// Without a byte taken or given.
    pub(super) stalled: Duration,
    /// Without a word on its progress; the last one is told again then.
    pub(super) unheard: Duration,
    /// From the end of its output, or of the process, to the other of the two.
    pub(super) ending: Duration,
    /// Bytes of output.
    pub(super) output: u64,
    /// Bytes of a line.
    pub(super) line: usize,
    /// All it may use with the processes that it starts.
    pub(super) most: Usage,
}

impl Bounds {
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            whole: Duration::from_secs(limits.seconds),
            stalled: Duration::from_secs(60),
            unheard: TELL_AGAIN,
            ending: Duration::from_secs(5),
            output: limits.output_mib.saturating_mul(1 << 20),
            line: 16 << 20,
            most: Usage {
                processes: limits.processes,
                threads: THREADS,
                memory: limits.memory_mib.saturating_mul(1 << 20),
            },
        }
    }

    /// The same, but that nothing lasts longer than this.
    pub(super) fn within(self, time: Duration) -> Self {
        Self { whole: self.whole.min(time), stalled: self.stalled.min(time), ..self }
    }
}
