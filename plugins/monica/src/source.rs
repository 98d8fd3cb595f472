//! The bytes of an export, counted: where the parser is, and how far it may go.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

/// Where in a stream its reader is; shared with whoever parses what was read.
#[derive(Debug, Default)]
pub(crate) struct Position {
    /// How many lines have ended so far.
    ended: Cell<u64>,
    /// How many bytes may still be read before [`Position::allow`] is called again.
    room: Cell<u64>,
}

impl Position {
    /// The line that the parser is in, from 1. It reads one byte ahead at most,
    /// and that is the first one of a value.
    pub(crate) fn line(&self) -> u64 {
        self.ended.get() + 1
    }

    /// Lets that many bytes be read. What the parser holds at one time cannot
    /// be larger, whatever the input.
    pub(crate) fn allow(&self, bytes: u64) {
        self.room.set(bytes);
    }

    /// Whether the parser stopped because no more bytes were allowed.
    pub(crate) fn is_used_up(&self) -> bool {
        self.room.get() == 0
    }
}

/// A reader that keeps a [`Position`].
pub(crate) struct Source<'p, R> {
    inner: R,
    position: &'p Position,
}

impl<'p, R: BufRead> Source<'p, R> {
    pub(crate) fn new(inner: R, position: &'p Position) -> Self {
        Self { inner, position }
    }
}

impl<R: BufRead> Read for Source<'_, R> {
    /// Reads a single byte, as the parser does, so that the position is its own.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (Some(to), Some(byte)) = (buffer.first_mut(), self.inner.fill_buf()?.first().copied()) else {
            return Ok(0);
        };
        let room = self.position.room.get();
        if room == 0 {
            return Err(io::Error::other("one of its values is too large"));
        }
        *to = byte;
        self.inner.consume(1);
        self.position.room.set(room - 1);
        self.position.ended.set(self.position.ended.get() + u64::from(byte == b'\n'));
        Ok(1)
    }
}
