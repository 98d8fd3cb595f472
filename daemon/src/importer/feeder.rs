//! The bytes that an importer gets on standard input.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};

use kith_plugin::{PartHeader, PartKind};
use serde_json::{Map, Value};

/// The bytes of the file that are held at a time.
const CHUNK: usize = 64 << 10;

/// Sends a part, a header line and then the bytes of a file, as fast as the
/// pipe takes them.
#[derive(Debug)]
pub(super) struct Feeder<'a> {
    file: &'a File,
    before: Version,
    /// How many of the file's bytes were read.
    read: u64,
    /// What was read and how much of it was sent.
    chunk: Vec<u8>,
    sent: usize,
}

/// Whether there is more to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fed {
    /// Some was sent, or nothing as the pipe is full; there may be more.
    More,
    /// All is sent.
    All,
    /// The importer does not read any more.
    Refused,
}

/// Why nothing can be sent.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The file is shorter than it was.
    Shorter,
    /// The file cannot be read.
    File(io::Error),
    /// The pipe cannot be written to.
    Pipe(io::Error),
}

/// What changes when a file's content does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    size: u64,
    modified: (i64, i64),
}

impl Version {
    fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

impl<'a> Feeder<'a> {
    /// A feeder for a file that is `file_name` to the importer, which gets these options with it.
    pub(super) fn new(
        file: &'a File,
        file_name: &str,
        protocol: u32,
        options: Map<String, Value>,
    ) -> io::Result<Self> {
        let before = Version::of(&file.metadata()?);
        let header = PartHeader {
            kind: PartKind::File,
            protocol,
            file_name: file_name.to_owned(),
            bytes: before.size,
            options,
        };
        let mut chunk = serde_json::to_vec(&header)?;
        chunk.push(b'\n');
        Ok(Self { file, before, read: 0, chunk, sent: 0 })
    }

    /// A feeder for a file that is a whole batch, headers and all.
    pub(super) fn verbatim(batch: &'a File) -> io::Result<Self> {
        let before = Version::of(&batch.metadata()?);
        Ok(Self { file: batch, before, read: 0, chunk: Vec::new(), sent: 0 })
    }

    /// The size of the file when it was begun.
    pub(super) fn size(&self) -> u64 {
        self.before.size
    }

    /// Sends what the pipe, which does not block, takes at once.
    pub(super) fn feed(&mut self, pipe: &mut impl Write) -> Result<Fed, Trouble> {
        if self.sent == self.chunk.len() {
            if self.read == self.before.size {
                return Ok(Fed::All);
            }
            self.refill()?;
        }
        match pipe.write(&self.chunk[self.sent..]) {
            Ok(sent) => self.sent += sent,
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(Fed::More),
                    io::ErrorKind::BrokenPipe => Ok(Fed::Refused),
                    _ => Err(Trouble::Pipe(error)),
                };
            }
        }
        let all = self.sent == self.chunk.len() && self.read == self.before.size;
        Ok(if all { Fed::All } else { Fed::More })
    }

    fn refill(&mut self) -> Result<(), Trouble> {
        let left = usize::try_from(self.before.size - self.read).unwrap_or(CHUNK);
        self.chunk.resize(left.min(CHUNK), 0);
        let read = self.file.read_at(&mut self.chunk, self.read).map_err(Trouble::File)?;
        if read == 0 {
            return Err(Trouble::Shorter);
        }
        self.chunk.truncate(read);
        self.read += read as u64;
        self.sent = 0;
        Ok(())
    }

    /// Whether the file is another than when it was begun.
    pub(super) fn changed(&self) -> io::Result<bool> {
        Ok(Version::of(&self.file.metadata()?) != self.before)
    }
}
