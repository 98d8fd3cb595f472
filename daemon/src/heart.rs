//! A sign of life of the thread that works, for the watchdog.
//!
//! The thread beats at each turn of its loop, at each progress of an import
//! and, through SQLite, within every statement that takes long. What it waits
//! for in between is limited: 20 seconds for a locked database, less than
//! that for anything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A heart that one thread lets beat and another listens to.
#[derive(Debug, Clone)]
pub(crate) struct Heart {
    begun: Instant,
    /// Milliseconds from `begun` to the last beat.
    beat: Arc<AtomicU64>,
}

impl Heart {
    /// A heart that beats now.
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), beat: Arc::new(AtomicU64::new(0)) }
    }

    /// Tells that the thread is at work.
    pub(crate) fn beat(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.beat.store(now, Ordering::Relaxed);
    }

    /// For how long nothing was heard. A suspended computer does not count.
    pub(crate) fn silent_for(&self) -> Duration {
        self.begun.elapsed().saturating_sub(Duration::from_millis(self.beat.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_ends_the_silence() {
        let heart = Heart { begun: Instant::now() - Duration::from_secs(60), ..Heart::new() };
        assert!(heart.silent_for() >= Duration::from_secs(60));
        heart.beat();
        assert!(heart.silent_for() < Duration::from_secs(50));
    }
}
