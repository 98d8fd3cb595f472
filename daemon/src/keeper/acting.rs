//! Doing what links ask for.

use jiff::Timestamp;

use super::{Errand, Keeper};
use crate::act::{At, Outcome, perform};
use crate::config::{self, local};
use crate::error::{Error, Result};
use crate::store::Rewrite;

impl Keeper {
    /// Carries an order out, and lets whoever waits know what came of it. The calendars follow.
    pub(super) fn run_errand(&mut self, Errand { order, reply }: Errand) {
        // Who gave up waiting was told so, and may have chosen something else since.
        if reply.is_closed() {
            tracing::info!("a link was followed while something else took long, and is not carried out");
            return;
        }
        let outcome = self.carry_out(order);
        if let Ok(Outcome::Acted { .. } | Outcome::TakenBack { .. }) = &outcome {
            self.kept = None;
            self.up_to_date = None;
            self.publish_if_needed();
        }
        // Whoever asked may have given up waiting meanwhile.
        if let Err(Err(error)) = reply.send(outcome) {
            tracing::warn!("what a link asked for could not be done, and nobody waits to be told");
            // It may name people.
            tracing::debug!("{error}");
        }
    }

    fn carry_out(&mut self, order: crate::act::Order) -> Result<Outcome> {
        if self.bereft {
            return Err(Error::user("kith has no database to work with now")
                .hint("kith status in a terminal says what is the matter"));
        }
        let now = Timestamp::now();
        let paths = self.paths.clone();
        let rewrite = |rewrite: &Rewrite| {
            let Rewrite { from, to, rehearse, .. } = rewrite;
            match config::exchange(&paths, from.as_deref(), to.as_deref(), *rehearse)? {
                true => Ok(()),
                false => Err(Error::user("kith.toml was changed since; it is yours, and stays as it is")),
            }
        };
        let today = local(now, &self.settings).date();
        let at = At { settings: &self.settings, today, now, rewrite: &rewrite };
        perform(&mut self.store, at, order)
    }
}
