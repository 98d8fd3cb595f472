//! What an importer said, kept outside the database until it is merged.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use kith_plugin::{Counts, Place, Record};

use crate::error::{Doing, Error, Result};

/// How many skipped places are kept; of more, only their number.
const SKIPPED_KEPT: usize = 1000;

/// The bytes between two calls to the system.
const BUFFER: usize = 256 << 10;

/// Something in the input that the importer did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub at: Place,
    /// Why, in the importer's words.
    pub reason: String,
}

/// The whole answer of an importer, ended by a `done` whose counts match.
///
/// The records are in a file without a name, one JSON line each, so that
/// memory does not grow with them and nothing remains of them afterwards.
#[derive(Debug)]
pub struct Spool {
    file: File,
    skipped: Vec<Skipped>,
    counts: Counts,
    notes: Vec<String>,
}

impl Spool {
    /// The records in the order of the file, but for those for whose index
    /// `wanted` has false: to pass them over costs next to nothing. May be read
    /// any number of times, also at once.
    #[must_use]
    pub fn records(&self, wanted: Vec<bool>) -> Records<'_> {
        let bytes = Whole { file: &self.file, at: 0 };
        Records { lines: BufReader::with_capacity(BUFFER, bytes), line: Vec::new(), wanted, index: 0 }
    }

    /// The first thousand places that were not taken; [`Spool::counts`] says
    /// how many there are in all.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What the user should know of the file as a whole.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// How many records there are and how many places were not taken.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

/// The records of a [`Spool`].
#[derive(Debug)]
pub struct Records<'a> {
    lines: BufReader<Whole<'a>>,
    line: Vec<u8>,
    wanted: Vec<bool>,
    index: usize,
}

impl Iterator for Records<'_> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.line.clear();
            match self.lines.read_until(b'\n', &mut self.line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    return Some(Err(error).doing(|| "read back what the importer found".to_owned()));
                }
            }
            let wanted = self.wanted.get(self.index).copied().unwrap_or(true);
            self.index += 1;
            if wanted {
                return Some(serde_json::from_slice(&self.line).map_err(|error| {
                    Error::internal(format!("what the importer found reads back differently: {error}"))
                }));
            }
        }
    }
}

/// A file read from its start without moving the position that others share.
#[derive(Debug)]
struct Whole<'a> {
    file: &'a File,
    at: u64,
}

impl Read for Whole<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A spool while the importer still speaks.
#[derive(Debug)]
pub(super) struct Staging {
    writer: BufWriter<File>,
    skipped: Vec<Skipped>,
}

impl Staging {
    /// An empty one, its file on the disk of `folder`.
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self { writer: BufWriter::with_capacity(BUFFER, file), skipped: Vec::new() })
    }

    /// Keeps a record as the line that the importer wrote.
    pub(super) fn record(&mut self, line: &[u8]) -> io::Result<()> {
        self.writer.write_all(line)?;
        self.writer.write_all(b"\n")
    }

    /// Keeps a place that was not taken.
    pub(super) fn skipped(&mut self, skipped: Skipped) {
        if self.skipped.len() < SKIPPED_KEPT {
            self.skipped.push(skipped);
        }
    }

    /// The spool, once the answer is whole.
    pub(super) fn finish(self, counts: Counts, notes: Vec<String>) -> io::Result<Spool> {
        let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Spool { file, skipped: self.skipped, counts, notes })
    }
}
