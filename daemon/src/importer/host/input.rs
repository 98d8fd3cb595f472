//! A file to import, and what its importer is told of it.

use std::fs::File;
use std::path::Path;

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::core::settings::Me;
use crate::importer::own_files::{OwnFile, options};

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file, opened for reading; it is read from its start, wherever its position is.
    pub file: &'a File,
    /// Its name without the folder.
    pub name: &'a str,
    /// The archive or folder that it was in, where the user named that and not the file.
    pub archive: Option<&'a str>,
    /// The encoding that the user states for a file that does not tell its own, a label of the
    /// WHATWG Encoding Standard.
    pub encoding: Option<&'a str>,
    /// Where the user's own files for importers are: those for one are in the folder of its name.
    pub config_folder: &'a Path,
    /// The endings of names of files that some importer reads.
    pub reads: &'a [String],
    /// Who the user is.
    pub me: &'a Me,
    /// The day, where the user is.
    pub today: Date,
}

impl Input<'_> {
    /// The options with which an importer gets it, for which the user has these files.
    pub(super) fn options(&self, own: &[OwnFile]) -> Map<String, Value> {
        let mut options = options(own, self.encoding, self.reads, self.me, self.today);
        options.extend(self.archive.map(|name| ("archive".to_owned(), name.into())));
        options
    }
}
