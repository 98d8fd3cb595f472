//! What lies in the inbox, for a user who asks.

use std::os::unix::fs::FileExt;

use super::settle::is_temporary;
use super::{Inbox, Seen};
use crate::error::Result;

/// A file that lies in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// Why it still lies there.
    pub why: String,
}

impl Inbox {
    /// The files that lie in the inbox, by name. `why_not` tells by a file's name
    /// and its first bytes why no importer reads it, if so.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn waiting(
        &self,
        max_size: u64,
        why_not: impl Fn(&str, &[u8]) -> Option<String>,
    ) -> Result<Vec<Waiting>> {
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
                    let complete = || "is imported as soon as it is complete and the service runs".to_owned();
                    why_not(&name, &start[..length]).unwrap_or_else(complete)
                }
            };
            waiting.push(Waiting { name, why });
        }
        waiting.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(waiting)
    }
}
