//! What setup notes: what it made that cannot carry a mark of its own, so that
//! `--remove` takes away that and nothing else; and what it was told it need
//! not do, so that it asks once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// setup.json in the data folder.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    /// The program that was copied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) program: Option<Installed>,
    /// Whether setup let the user's services run without a login.
    pub(super) linger: bool,
    /// What was asked on a terminal and left out.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) declined: BTreeSet<Question>,
}

/// What setup asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Question {
    Name,
    Emails,
    Phones,
    Link,
    Linger,
}

/// A program that setup installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Installed {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

impl Record {
    /// Reads it; what cannot be read counts as not there, so that nothing is
    /// removed on its word.
    pub(super) fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    pub(super) fn text(&self) -> String {
        // Paths and words: there is nothing in it that JSON cannot say.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
