//! Trying an importer on a batch that no import would send.

use std::fs::File;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::bounds::Bounds;
use super::{About, Event, Host, surroundings};
use crate::importer::fault::Unanswered;
use crate::importer::feeder::Feeder;
use crate::importer::registry::Importer;
use crate::importer::sandbox;
use crate::importer::spool::Spool;

/// A batch to try an importer on.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// All that it gets on standard input, headers and bytes; whether they fit each other is the trial's affair.
    pub batch: &'a File,
    /// How many parts are in it.
    pub parts: u32,
    /// How it is talked to.
    pub manner: Manner,
    /// How long it may take, where its manifest gives it more.
    pub patience: Duration,
}

/// How kith behaves in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It sends and hears whatever can be sent and heard.
    Usual,
    /// It sends nothing before the importer has said hello.
    WaitsForHello,
    /// It waits for hello, sends a piece, and is gone then.
    HangsUp,
}

impl Host {
    /// Sends `importer` a batch as no import would, and returns what came of it.
    ///
    /// # Errors
    /// Why there is no whole answer; of a batch that cannot be answered, that is right.
    pub fn try_on(
        &self,
        importer: &Importer,
        trial: &Trial<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Unanswered> {
        let command = sandbox::command(importer, &self.own).map_err(Unanswered::Surroundings)?;
        let bounds = Bounds::of(&importer.manifest.limits).within(trial.patience);
        let feeder = Feeder::verbatim(trial.batch)
            .map_err(|error| surroundings(error, "read what is sent to the importer"))?;
        let about = About { importer, file_name: "what it is tried on".to_owned(), manner: trial.manner };
        self.hold(command, about, &bounds, (feeder, trial.parts), &AtomicBool::new(false), on_event)
    }
}
