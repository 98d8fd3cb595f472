//! Following the user's own calendars.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Keeper;
use crate::calendars::{self, Look};
use crate::config::local;

/// How often they are looked at; a look costs no more than asking for their times.
const LOOK: Duration = Duration::from_secs(5);

impl Keeper {
    /// Reads the calendars that changed since the last look.
    pub(super) fn follow_calendars(&mut self) {
        if self.calendars.is_some_and(|looked| looked.elapsed() < LOOK) {
            return;
        }
        self.calendars = Some(Instant::now());
        let now = Timestamp::now();
        let today = local(now, &self.settings).date();
        let look = Look { settings: &self.settings, now, today, cancel: &self.cancel };
        self.heart.beat();
        let workshop = &self.workshop;
        match calendars::follow(&mut self.store, &look, |work| work(workshop)) {
            Ok(false) => {}
            Ok(true) => {
                tracing::info!("what your calendars say of the days was read");
                self.up_to_date = None;
                self.kept = None;
            }
            Err(error) => {
                tracing::error!("the calendars cannot be followed; they are looked at again soon: {error}");
            }
        }
    }
}
