//! What lies in the inbox, for a user who asks.

use std::os::unix::fs::FileExt;

use super::settle::is_temporary;
use super::{Inbox, Seen};
use crate::error::Result;
use crate::importer::{Claim, Importers};

/// A file that lies in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// Why it still lies there.
    pub why: String,
}

impl Inbox {
    /// The files that lie in the inbox, by name, and whether one of the importers reads them.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn waiting(&self, max_size: u64, importers: &Importers) -> Result<Vec<Waiting>> {
        let mut waiting = Vec::new();
        for Seen { entry, .. } in self.seen(std::iter::empty())? {
            if is_temporary(&entry.name) {
                continue;
            }
            let name = entry.name.to_string_lossy().into_owned();
            let why = match self.open_file(&entry, max_size) {
                Ok(None) => continue,
                Err(error) => error.to_string(),
                Ok(Some(opened)) => {
                    let mut start = [0; 512];
                    let length = opened.file.read_at(&mut start, 0).unwrap_or(0);
                    match importers.choose(&name, &start[..length]).map(|(_, claim)| claim) {
                        Some(Claim::Sure) => {
                            "is imported as soon as it is complete and the service runs".to_owned()
                        }
                        Some(Claim::Maybe) => {
                            "is imported if it is a table with names of columns that kith knows; else no importer reads it"
                                .to_owned()
                        }
                        None => {
                            let endings = importers.endings_in_words();
                            format!("no importer reads such files; kith reads {endings}")
                        }
                    }
                }
            };
            waiting.push(Waiting { name, why });
        }
        waiting.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(waiting)
    }
}
