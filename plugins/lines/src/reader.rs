//! A stream, line by line.

use std::io::{self, BufRead};

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
}
