//! Several files in one conversation.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use kith_plugin::{PROTOCOL, PartHeader, PartKind};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::blame::Blame;
use super::bounds::Bounds;
use super::{About, Event, Host, Manner, plain, surroundings};
use crate::core::vdir::Hash;
use crate::importer::feeder::Feeder;
use crate::importer::refusal::Refusal;
use crate::importer::registry::Importer;
use crate::importer::sandbox;
use crate::importer::spool::Spool;

/// The parts of a batch, as they were when they were added: kept in a file without a name, so that
/// memory does not grow with them, and so that nobody changes one while it is read.
#[derive(Debug)]
pub struct Parts {
    file: BufWriter<File>,
    count: u32,
}

impl Parts {
    /// None yet, on the disk of `folder`.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(folder)?), count: 0 })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Adds a part: `size` bytes of `bytes`, and gives their hash. None, and nothing is added, if
    /// there are not as many: somebody is just writing the file, or it cannot be read.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub fn add(
        &mut self,
        name: &str,
        size: u64,
        bytes: impl Read,
        options: &Map<String, Value>,
    ) -> io::Result<Option<Hash>> {
        let before = self.file.stream_position()?;
        let header = PartHeader {
            kind: PartKind::File,
            protocol: PROTOCOL,
            file_name: name.to_owned(),
            bytes: size,
            options: options.clone(),
        };
        serde_json::to_writer(&mut self.file, &header)?;
        self.file.write_all(b"\n")?;
        let mut sum = Sha256::new();
        let mut bytes = bytes.take(size);
        let mut buffer = [0; 16 << 10];
        let mut read = 0;
        loop {
            match bytes.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    sum.update(&buffer[..length]);
                    self.file.write_all(&buffer[..length])?;
                    read += length as u64;
                }
            }
        }
        if read < size {
            self.file.seek(io::SeekFrom::Start(before))?;
            self.file.get_ref().set_len(before)?;
            return Ok(None);
        }
        self.count += 1;
        let mut hash = Hash::default();
        hash.iter_mut().zip(sum.finalize()).for_each(|(to, from)| *to = from);
        Ok(Some(hash))
    }
}

impl Host {
    /// Has `importer` read several files, which are called `name` together; as [`Host::import`].
    ///
    /// # Errors
    /// As [`Host::import`]; a single bad file among good ones is not an error.
    pub fn import_parts(
        &self,
        importer: &Importer,
        name: &str,
        parts: Parts,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Spool, Refusal> {
        let file_name = plain(name, 255);
        let refusal = |unanswered| {
            let own_folder = std::path::PathBuf::new();
            Blame { importer, file_name: file_name.clone(), own_folder }.refusal(unanswered)
        };
        let kept = |error| refusal(surroundings(error, &format!("set aside the files of {file_name}")));
        let count = parts.count;
        let file = parts.file.into_inner().map_err(|error| kept(error.into_error()))?;
        let command = sandbox::command(importer, &self.own)
            .map_err(|error| refusal(super::Unanswered::Surroundings(error)))?;
        let feeder = Feeder::verbatim(&file).map_err(kept)?;
        let about = About { importer, file_name: file_name.clone(), manner: Manner::Usual };
        let bounds = Bounds::of(&importer.manifest.limits);
        self.hold(command, about, &bounds, (feeder, count), cancel, on_event).map_err(refusal)
    }
}
