//! What people may be found by, brought into order: of a hundred thousand people with hyphens and
//! middle names twenty million numbers, so that most of them wait on the disk.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::core::suspicion::Trace;
use crate::error::{Doing, Result};

/// So many are brought into order at once, and kept in memory: 8 MiB.
const MOST: usize = 1 << 20;

/// The bytes between two calls to the system for each part that was put on the disk.
const BUFFER: usize = 16 << 10;

/// Traces, in whatever order they come.
pub(super) struct Traces {
    /// On whose disk they wait.
    folder: PathBuf,
    most: usize,
    kept: Vec<Trace>,
    /// Each with some, in order.
    files: Vec<File>,
}

impl Traces {
    /// None yet; what does not fit into memory waits on the disk of `folder`, without a name.
    pub(super) fn beside(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), most: MOST, kept: Vec::new(), files: Vec::new() }
    }

    /// Adds some.
    ///
    /// # Errors
    /// If the disk is full, or the like.
    pub(super) fn extend(&mut self, traces: impl Iterator<Item = Trace>) -> Result<()> {
        self.kept.extend(traces);
        if self.kept.len() >= self.most {
            self.put_on_disk().doing(|| format!("set traces aside in {}", self.folder.display()))?;
        }
        Ok(())
    }

    fn put_on_disk(&mut self) -> io::Result<()> {
        self.kept.sort_unstable();
        let mut file = BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(&self.folder)?);
        for (key, at) in self.kept.drain(..) {
            file.write_all(&key.to_le_bytes())?;
            file.write_all(&at.to_le_bytes())?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }

    /// Hands all of them over, in order.
    ///
    /// # Errors
    /// If they cannot be read back.
    pub(super) fn each(mut self, mut take: impl FnMut(Trace)) -> Result<()> {
        self.kept.sort_unstable();
        let mut kept = self.kept.into_iter();
        let on_disk = self.files.len();
        let mut parts: Vec<BufReader<File>> =
            self.files.into_iter().map(|file| BufReader::with_capacity(BUFFER, file)).collect();
        // The first that is left of each part; behind those on the disk comes what was kept.
        let mut firsts = BinaryHeap::new();
        let mut refill = |part: usize, firsts: &mut BinaryHeap<_>| {
            let next = parts.get_mut(part).map_or_else(|| Ok(kept.next()), next);
            next.map(|next| firsts.extend(next.map(|next| Reverse((next, part)))))
                .doing(|| "read back traces that were set aside".to_owned())
        };
        for part in 0..=on_disk {
            refill(part, &mut firsts)?;
        }
        while let Some(Reverse((trace, part))) = firsts.pop() {
            take(trace);
            refill(part, &mut firsts)?;
        }
        Ok(())
    }
}

/// The next one that was put on the disk; none at the end.
fn next(part: &mut BufReader<File>) -> io::Result<Option<Trace>> {
    let (mut key, mut at) = ([0; 4], [0; 4]);
    match part.read_exact(&mut key).and_then(|()| part.read_exact(&mut at)) {
        Ok(()) => Ok(Some((u32::from_le_bytes(key), u32::from_le_bytes(at)))),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let traces: Vec<Trace> = (0..1000_u32).map(|at| (at.wrapping_mul(2_654_435_761) % 97, at)).collect();
        let mut sorted = traces.clone();
        sorted.sort_unstable();
        for most in [1, 7, 999, 1000, 1001] {
            let mut kept = Traces { most, ..Traces::beside(folder.path()) };
            for some in traces.chunks(10) {
                kept.extend(some.iter().copied()).unwrap();
            }
            let mut back = Vec::new();
            kept.each(|trace| back.push(trace)).unwrap();
            assert_eq!(back, sorted, "{most}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
