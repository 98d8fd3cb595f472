//! Bytes as they come, given out as lines.

/// Cuts a stream of bytes into lines without their ends.
#[derive(Debug, Default)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// Where the first line that was not given out begins.
    begin: usize,
    /// Up to where its end was looked for.
    searched: usize,
}

impl Lines {
    /// Adds what was read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.begin > 0 {
            self.buffer.drain(..self.begin);
            self.searched -= self.begin;
            self.begin = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line.
    pub(super) fn next(&mut self) -> Option<&[u8]> {
        let end = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
        let Some(end) = end.map(|end| self.searched + end) else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.begin..end;
        self.begin = end + 1;
        self.searched = self.begin;
        Some(&self.buffer[line])
    }

    /// The bytes of the line that has not ended.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.begin..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_how_the_bytes_come() {
        let text = b"one\n\ntwo and more\nrest";
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut got = Vec::new();
            for piece in text.chunks(size) {
                lines.push(piece);
                while let Some(line) = lines.next() {
                    got.push(line.to_vec());
                }
            }
            assert_eq!(got, [&b"one"[..], b"", b"two and more"], "{size}");
            assert_eq!(lines.rest(), b"rest");
        }
    }
}
