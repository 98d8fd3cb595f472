//! What an importer said, kept outside the database until it is merged.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::marker::PhantomData;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use kith_plugin::{Counts, Interaction, Place, Record};
use serde::de::DeserializeOwned;

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
/// What it said is in files without a name, one JSON line each, so that memory
/// does not grow with it and nothing remains of it afterwards.
#[derive(Debug)]
pub struct Spool {
    records: Section,
    interactions: Section,
    parts: Section,
    /// Where in `parts` each file begins, with its name.
    members: Vec<(String, u64)>,
    skipped: Vec<Skipped>,
    counts: Counts,
    notes: Vec<String>,
}

impl Spool {
    /// The records in the order of the file, but for those for whose index
    /// `wanted` has false: to pass them over costs next to nothing. May be read
    /// any number of times, also at once.
    #[must_use]
    pub fn records(&self, wanted: Vec<bool>) -> Messages<'_, Record> {
        Messages::of(&self.records, wanted)
    }

    /// The interactions, likewise, all of them.
    #[must_use]
    pub fn interactions(&self) -> Messages<'_, Interaction> {
        Messages::of(&self.interactions, Vec::new())
    }

    /// The files that were within the input, by name, in their order.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// One of them, by its place among [`Spool::members`], as a file of its own.
    ///
    /// # Errors
    /// If the disk of `folder` is full, or the like.
    pub fn member(&self, at: usize, folder: &Path) -> io::Result<File> {
        let begin = self.members.get(at).map_or(u64::MAX, |(_, begin)| *begin);
        let end = match self.members.get(at + 1) {
            Some((_, end)) => *end,
            None => self.parts.end,
        };
        let mut file = tempfile::tempfile_in(folder)?;
        io::copy(&mut Reading { file: &self.parts.file, at: begin, end }, &mut file)?;
        Ok(file)
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

/// Where many spools are kept at once, in no more files than one has.
#[derive(Debug)]
pub struct Shelf {
    file: Arc<File>,
    size: u64,
}

impl Shelf {
    /// An empty one, on the disk of `folder`.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: Arc::new(tempfile::tempfile_in(folder)?), size: 0 })
    }

    /// Moves what a spool holds here. The files that were within the input are no longer in it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&mut self, spool: &mut Spool) -> io::Result<()> {
        spool.records = self.take(&spool.records)?;
        spool.interactions = self.take(&spool.interactions)?;
        spool.parts = Section { file: Arc::clone(&self.file), begin: self.size, end: self.size };
        spool.members.clear();
        Ok(())
    }

    fn take(&mut self, section: &Section) -> io::Result<Section> {
        let begin = self.size;
        let mut file = &*self.file;
        self.size += io::copy(&mut section.read(), &mut file)?;
        Ok(Section { file: Arc::clone(&self.file), begin, end: self.size })
    }
}

/// Messages of one type, read back from a [`Spool`].
#[derive(Debug)]
pub struct Messages<'a, T> {
    lines: BufReader<Reading<'a>>,
    line: Vec<u8>,
    wanted: Vec<bool>,
    index: usize,
    of: PhantomData<fn() -> T>,
}

impl<'a, T> Messages<'a, T> {
    fn of(section: &'a Section, wanted: Vec<bool>) -> Self {
        let lines = BufReader::with_capacity(BUFFER, section.read());
        Self { lines, line: Vec::new(), wanted, index: 0, of: PhantomData }
    }
}

impl<T: DeserializeOwned> Iterator for Messages<'_, T> {
    type Item = Result<T>;

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

/// So much of a file, in which others may be, too.
#[derive(Debug)]
struct Section {
    file: Arc<File>,
    begin: u64,
    end: u64,
}

impl Section {
    fn whole(file: File) -> io::Result<Self> {
        let end = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), begin: 0, end })
    }

    fn read(&self) -> Reading<'_> {
        Reading { file: &self.file, at: self.begin, end: self.end }
    }
}

/// A file read from one place to another without moving the position that others share.
#[derive(Debug)]
struct Reading<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read_at(buffer.get_mut(..most).unwrap_or_default(), self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A spool while the importer still speaks.
#[derive(Debug)]
pub(super) struct Staging {
    records: BufWriter<File>,
    interactions: BufWriter<File>,
    parts: BufWriter<File>,
    members: Vec<(String, u64)>,
    /// How many bytes the files of the input had so far.
    size: u64,
    skipped: Vec<Skipped>,
}

impl Staging {
    /// An empty one, its files on the disk of `folder`.
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let file = || tempfile::tempfile_in(folder).map(|file| BufWriter::with_capacity(BUFFER, file));
        Ok(Self {
            records: file()?,
            interactions: file()?,
            parts: file()?,
            members: Vec::new(),
            size: 0,
            skipped: Vec::new(),
        })
    }

    /// Keeps a record as the line that the importer wrote.
    pub(super) fn record(&mut self, line: &[u8]) -> io::Result<()> {
        keep(&mut self.records, line)
    }

    /// Keeps an interaction, likewise.
    pub(super) fn interaction(&mut self, line: &[u8]) -> io::Result<()> {
        keep(&mut self.interactions, line)
    }

    /// Keeps the next bytes of a file that was within the input, which may begin with them.
    pub(super) fn part(&mut self, begins: Option<String>, bytes: &[u8]) -> io::Result<()> {
        self.members.extend(begins.map(|name| (name, self.size)));
        self.size += bytes.len() as u64;
        self.parts.write_all(bytes)
    }

    /// Keeps a place that was not taken.
    pub(super) fn skipped(&mut self, skipped: Skipped) {
        if self.skipped.len() < SKIPPED_KEPT {
            self.skipped.push(skipped);
        }
    }

    /// The spool, once the answer is whole.
    pub(super) fn finish(self, counts: Counts, notes: Vec<String>) -> io::Result<Spool> {
        let file = |writer: BufWriter<File>| {
            writer.into_inner().map_err(io::IntoInnerError::into_error).and_then(Section::whole)
        };
        Ok(Spool {
            records: file(self.records)?,
            interactions: file(self.interactions)?,
            parts: file(self.parts)?,
            members: self.members,
            skipped: self.skipped,
            counts,
            notes,
        })
    }
}

fn keep(writer: &mut BufWriter<File>, line: &[u8]) -> io::Result<()> {
    writer.write_all(line)?;
    writer.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_moved_to_a_shelf_reads_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::begin(folder.path()).unwrap();
        let spool = |names: &[&str]| {
            let mut staging = Staging::begin(folder.path()).unwrap();
            for name in names {
                let line = format!(r#"{{"at":{{"line":1}},"contact":{{"uid":"{name}"}},"raw":"{name}"}}"#);
                staging.record(line.as_bytes()).unwrap();
            }
            staging.part(Some("a.vcf".to_owned()), b"bytes").unwrap();
            staging.finish(Counts::default(), Vec::new()).unwrap()
        };
        let raws = |spool: &Spool| -> Vec<String> {
            spool.records(Vec::new()).map(|record| record.unwrap().raw).collect()
        };
        let mut spools = [spool(&["A", "B"]), spool(&[]), spool(&["C"])];
        for _ in 0..2 {
            spools.iter_mut().try_for_each(|spool| shelf.keep(spool)).unwrap();
            let [first, none, last] = &spools;
            assert_eq!([raws(first), raws(none), raws(last)], [vec!["A", "B"], vec![], vec!["C"]]);
            assert_eq!((last.members().count(), last.interactions().count()), (0, 0));
        }
    }
}
