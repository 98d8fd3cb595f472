//! A stream, line by line.

use std::io::{self, BufRead};

/// How much is kept of a line that only needs to be recognised.
pub const LINE_START: usize = 256;

/// Gives back what a buffer has room for beyond what most files need; for after a large record.
pub fn give_back(buffer: &mut Vec<u8>) {
    const KEPT: usize = 1 << 20;
    if buffer.capacity() > KEPT {
        buffer.shrink_to(KEPT);
    }
}

/// Reads a stream line by line and counts them. A line ends in CRLF, LF or a lone CR.
pub struct LineReader<R> {
    source: R,
    number: u64,
}

impl<R: BufRead> LineReader<R> {
    /// Reads `source` from where it is.
    pub fn new(source: R) -> Self {
        Self { source, number: 0 }
    }

    /// The stream.
    pub fn source(&self) -> &R {
        &self.source
    }

    /// The number of the line read last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Appends the next line with its end to the buffer, but no more than
    /// `keep` bytes of it, and returns its length; 0 at the end of the stream.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub fn read(&mut self, buffer: &mut Vec<u8>, keep: usize) -> io::Result<usize> {
        let mut length = 0_usize;
        loop {
            let bytes = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                break;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let used = end.map_or(bytes.len(), |at| at + 1);
            let returned = end.is_some_and(|at| bytes[at] == b'\r');
            buffer.extend_from_slice(&bytes[..used.min(keep.saturating_sub(length))]);
            self.source.consume(used);
            length = length.saturating_add(used);
            if returned && self.peek()? == Some(b'\n') {
                self.source.consume(1);
                if length < keep {
                    buffer.push(b'\n');
                }
                length = length.saturating_add(1);
            }
            if end.is_some() {
                break;
            }
        }
        self.number += u64::from(length > 0);
        Ok(length)
    }

    /// Appends the next line to the buffer, but no more of it than keeps the buffer within
    /// `largest` bytes, or than it takes to recognise the line. Tells its whole length, as
    /// [`read`](Self::read) does.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub fn read_within(&mut self, buffer: &mut Vec<u8>, largest: usize) -> io::Result<usize> {
        let keep = largest.saturating_sub(buffer.len()).max(LINE_START);
        self.read(buffer, keep)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                bytes => return Ok(bytes?.first().copied()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_writers_end_them_and_long_ones_are_not_held() {
        let mut reader = LineReader::new(&b"one\r\ntwo\rthree\n\nfive is long\r\nsix"[..]);
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            let length = reader.read(&mut line, 6).unwrap();
            if length == 0 {
                break;
            }
            lines.push((reader.number(), length, String::from_utf8(line).unwrap()));
        }
        let expected = [
            (1, 5, "one\r\n"),
            (2, 4, "two\r"),
            (3, 6, "three\n"),
            (4, 1, "\n"),
            (5, 14, "five i"),
            (6, 3, "six"),
        ];
        assert_eq!(lines, expected.map(|(number, length, line)| (number, length, line.to_owned())));
    }

    #[test]
    fn a_buffer_stays_within_its_limit_and_a_line_can_be_recognised() {
        let text = format!("{}\n{}\n", "a".repeat(2000), "b".repeat(2000));
        let mut reader = LineReader::new(text.as_bytes());
        let mut buffer = Vec::new();
        assert_eq!(reader.read_within(&mut buffer, 1000).unwrap(), 2001);
        assert_eq!(buffer.len(), 1000);
        assert_eq!(reader.read_within(&mut buffer, 1000).unwrap(), 2001);
        assert_eq!(buffer.len(), 1000 + LINE_START);
        buffer.reserve(8 << 20);
        give_back(&mut buffer);
        assert!(buffer.capacity() < 2 << 20 && buffer.len() == 1000 + LINE_START);
    }
}
