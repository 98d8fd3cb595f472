//! Divides a stream of bytes into records, one in memory at a time.
//!
//! Records are separated by empty lines (RFC 2849); a `dn:` within a record
//! begins the next one, so that a lost empty line costs nobody. A record that is
//! too large is passed over without being held.

use std::io::{self, BufRead};

use kith_lines::{LineReader, without_mark};

/// The largest record that is taken, in bytes. What kith is told of a record is
/// at most six times as long (escapes, wider characters, the original beside
/// the values), and a line of the protocol has room for 16 MiB.
pub(crate) const LARGEST_RECORD: usize = 2 << 20;

/// What the next stretch of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A record; [`Splitter::record`] has its text.
    Record {
        /// The line of its beginning, from 1.
        line: u64,
        /// Whether the file ends within its last line.
        cut_off: bool,
    },
    /// A record of more than [`LARGEST_RECORD`] bytes.
    TooLarge {
        /// The line of its beginning, from 1.
        line: u64,
    },
    /// Text without a `dn:`.
    Stray {
        /// Its first line, from 1.
        line: u64,
    },
}

/// Reads a stream record by record.
pub(crate) struct Splitter<R> {
    lines: LineReader<R>,
    /// The record, and perhaps the first line of the next one.
    buffer: Vec<u8>,
    /// How much of `buffer` is the record.
    record: usize,
    any: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { lines: LineReader::new(source), buffer: Vec::new(), record: 0, any: false }
    }

    /// The stream.
    pub(crate) fn source(&self) -> &R {
        self.lines.source()
    }

    /// The text of the record that [`next`](Self::next) told of, with the
    /// comments before it.
    pub(crate) fn record(&self) -> &[u8] {
        &self.buffer[..self.record]
    }

    /// Whether any record has begun so far.
    pub(crate) fn any_record(&self) -> bool {
        self.any
    }

    /// Reads up to the end of the next record or stretch of stray text.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        self.buffer.drain(..self.record);
        // What is left is the line that named this record and ended the one before.
        let mut named = (!self.buffer.is_empty()).then_some(self.lines.number());
        let mut stray = None;
        let mut too_large = false;
        self.record = loop {
            too_large |= self.buffer.len() > LARGEST_RECORD;
            if too_large {
                self.buffer.clear();
            }
            let start = self.buffer.len();
            if self.read_line()? == 0 {
                break start;
            }
            let line = &self.buffer[start..];
            if matches!(line, b"\n" | b"\r\n" | b"\r") {
                self.buffer.truncate(start);
                if named.is_some() || stray.is_some() {
                    break start;
                }
                // The version, and comments that stand alone, are of no record.
                self.buffer.clear();
                too_large = false;
            } else if begins(line, b"dn:") {
                if named.is_some() {
                    break start;
                }
                named = Some(self.lines.number());
            } else if !matches!(line.first(), Some(b'#' | b' ')) && !begins(line, b"version:") {
                stray = stray.or(Some(self.lines.number()));
            }
        };
        self.any |= named.is_some();
        let cut_off = !self.record().ends_with(b"\n");
        Ok(match (named, stray) {
            (Some(line), _) if too_large => Some(Piece::TooLarge { line }),
            (Some(line), _) => Some(Piece::Record { line, cut_off }),
            (None, Some(line)) => Some(Piece::Stray { line }),
            (None, None) => None,
        })
    }

    /// Appends the next line with its end to the buffer, of one that is too large only what shows
    /// that, and gives its length; 0 at the end of the stream.
    fn read_line(&mut self) -> io::Result<usize> {
        let length = self.lines.read_within(&mut self.buffer, LARGEST_RECORD + 1)?;
        // At the end of a file of one line the number is still its.
        if length > 0 && self.lines.number() == 1 {
            let mark = self.buffer.len() - without_mark(&self.buffer).len();
            self.buffer.drain(..mark);
        }
        Ok(length)
    }
}

/// Whether a line begins with this, whatever the case.
fn begins(line: &[u8], with: &[u8]) -> bool {
    line.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(file: &[u8]) -> Vec<(Piece, String)> {
        let mut splitter = Splitter::new(file);
        let mut all = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            all.push((piece, String::from_utf8_lossy(splitter.record()).into_owned()));
        }
        all
    }

    fn record(line: u64, text: &str) -> (Piece, String) {
        (Piece::Record { line, cut_off: !text.ends_with('\n') }, text.to_owned())
    }

    #[test]
    fn files_come_apart_at_their_records() {
        let stray = |line, text: &str| (Piece::Stray { line }, text.to_owned());
        for (name, file, expected) in [
            ("nothing", "", vec![]),
            ("blank", "\n\r\n\n", vec![]),
            ("version only", "\u{feff}version: 1\n", vec![]),
            ("two marks", "\u{feff}\u{feff}", vec![stray(1, "\u{feff}")]),
            ("two", "dn: a\ncn: a\n\ndn: b\n\n", vec![record(1, "dn: a\ncn: a\n"), record(4, "dn: b\n")]),
            ("no blank line", "dn: a\nDN:: Yg==\n", vec![record(1, "dn: a\n"), record(2, "DN:: Yg==\n")]),
            ("version before", "version: 1\ndn: a\n", vec![record(2, "version: 1\ndn: a\n")]),
            ("version apart", "\u{feff}version: 1\r\n\r\ndn: a\r\n", vec![record(3, "dn: a\r\n")]),
            ("comments", "# x\n  y\n\n# z\ndn: a\n# w\n", vec![record(5, "# z\ndn: a\n# w\n")]),
            ("a fold that looks blank", "dn: a\n \ncn: a\n", vec![record(1, "dn: a\n \ncn: a\n")]),
            ("folded name is no name", "dn: a\n dn: b\n", vec![record(1, "dn: a\n dn: b\n")]),
            (
                "cut off",
                "dn: a\n\ndn: b\nmail: b@exa",
                vec![record(1, "dn: a\n"), record(3, "dn: b\nmail: b@exa")],
            ),
            ("cut off in its name", "dn: a\ndn: b", vec![record(1, "dn: a\n"), record(2, "dn: b")]),
            (
                "stray text",
                "hello\nthere\n\ndn: a\n\nsearch: 2\n",
                vec![stray(1, "hello\nthere\n"), record(4, "dn: a\n"), stray(6, "search: 2\n")],
            ),
        ] {
            assert_eq!(pieces(file.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_record_that_is_too_large_is_passed_over_and_not_held() {
        let lines = format!("dn: large\n{}\n", "description: x\n".repeat(LARGEST_RECORD / 10));
        let one_line = format!("dn: large\njpegPhoto:: {}\n\n", "A".repeat(3 * LARGEST_RECORD));
        let name = format!("dn: {}\n\n", "A".repeat(3 * LARGEST_RECORD));
        let unended = format!("dn: large\nphoto:: {}\n", "A".repeat(LARGEST_RECORD));
        for large in [lines, one_line, name, unended] {
            let file = format!("dn: a\n\n{large}dn: b\n\n");
            let mut splitter = Splitter::new(file.as_bytes());
            let mut all = Vec::new();
            while let Some(piece) = splitter.next().unwrap() {
                assert!(splitter.record().len() < 10, "{piece:?}");
                all.push(piece);
            }
            let after = 3 + u64::try_from(large.lines().count()).unwrap();
            let whole = |line| Piece::Record { line, cut_off: false };
            assert_eq!(all, [whole(1), Piece::TooLarge { line: 3 }, whole(after)]);
        }
    }
}
