//! Bringing the calendars up to date.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Event, Keeper, told};
use crate::config::local;
use crate::core::facts::Facts;
use crate::core::feed::{Name, People};
use crate::error::Result;
use crate::publish::{self, Occasion};
use crate::{feed_file, templates, token, web};

/// What need not be made anew when somebody was called: that comes by far most
/// often, and reading 10,000 people takes longer than all the rest.
pub(super) struct Kept {
    pub(super) day: Date,
    pub(super) facts: Facts,
    pub(super) shown: People,
}

impl Keeper {
    pub(super) fn publish_if_needed(&mut self) {
        let now = Timestamp::now();
        let today = local(now, &self.settings).date();
        if self.up_to_date == Some(today) || self.retry.is_some() {
            return;
        }
        match self.publish(today, now) {
            Ok(()) => {
                self.up_to_date = Some(today);
                told(self.hold.trouble(None));
                (self.tell)(Event::Published);
            }
            Err(error) => self.try_again("publish the calendars", &error),
        }
    }

    fn publish(&mut self, today: Date, now: Timestamp) -> Result<()> {
        let phrases = templates::load(&self.paths).phrases;
        let secret = token::action_key(&self.paths)?;
        let occasion = Occasion { settings: &self.settings, today, now, phrases: &phrases, secret: &secret };
        let known = self.kept.take().filter(|kept| kept.day == today);
        let only_talked = known.is_some();
        let mut kept = if let Some(mut kept) = known {
            self.store.refresh_talks(&mut kept.facts)?;
            kept
        } else {
            // Whatever somebody writes from here on is still to be followed.
            self.seen.1 = self.store.mark()?;
            let facts = self.store.facts(&self.settings.me, today)?.facts;
            Kept { day: today, facts, shown: People::new() }
        };
        let (follow_ups, board) =
            publish::follow_ups(&mut self.store, &kept.facts, &mut kept.shown, occasion)?;
        // Whoever follows a link in the calendar finds what is open.
        self.board.send_replace(Arc::new(board));
        self.put_out(Name::FollowUps, follow_ups)?;
        if !only_talked {
            let birthdays = publish::birthdays(&mut self.store, &kept.facts, occasion)?;
            self.put_out(Name::Birthdays, birthdays)?;
        }
        let history = publish::history(&mut self.store, occasion)?;
        self.put_out(Name::History, history)?;
        self.kept = Some(kept);
        tracing::debug!("published");
        self.well_fed = true;
        // With its log empty a plain copy of the database is whole, and a backup can take its place.
        self.store.checkpoint()?;
        Ok(())
    }

    /// Puts a calendar where it is read. Whoever waits for the plan, the first
    /// of them, does not wait for the others.
    fn put_out(&self, name: Name, feed: publish::Feed) -> Result<()> {
        let publish::Feed { bytes, changed } = feed;
        let file = feed_file::publish(&self.paths.calendar(name), &bytes)?;
        let document = web::Document::new(file, &bytes, changed);
        self.published.send_modify(|feeds| {
            feeds.insert(name, document);
        });
        Ok(())
    }
}
