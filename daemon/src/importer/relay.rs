//! What an importer writes on standard error.

use super::lines::Lines;
use super::plain;

/// The bytes that are relayed; what comes after them is read and dropped.
const RELAYED: usize = 64 << 10;

/// The characters of a line that are relayed.
const LONGEST: usize = 1000;

/// The characters of the last line that an error quotes.
const QUOTED: usize = 200;

/// Relays lines to the log, at debug as they may hold personal data, and
/// remembers the last one, which tends to say why a program ended.
#[derive(Debug, Default)]
pub(super) struct Relay {
    lines: Lines,
    bytes: usize,
    last: String,
}

impl Relay {
    pub(super) fn hear(&mut self, importer: &str, bytes: &[u8]) {
        let room = RELAYED.saturating_sub(self.bytes);
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.lines.push(&bytes[..bytes.len().min(room)]);
        while let Some(line) = self.lines.next() {
            relay(importer, line, &mut self.last);
        }
    }

    /// The last line, once there will be no more.
    pub(super) fn end(mut self, importer: &str) -> Option<String> {
        relay(importer, self.lines.rest(), &mut self.last);
        if self.bytes > RELAYED {
            tracing::debug!(importer, bytes = self.bytes - RELAYED, "more was written than is relayed");
        }
        (!self.last.is_empty()).then_some(self.last)
    }
}

fn relay(importer: &str, line: &[u8], last: &mut String) {
    let line = String::from_utf8_lossy(line);
    let shown = plain(&line, LONGEST);
    if !shown.is_empty() {
        tracing::debug!(importer, "{shown}");
        *last = plain(&line, QUOTED);
    }
}
