//! Reads the chats that WhatsApp exports (*Export chat*): who wrote to whom, on which days. What was
//! written never leaves this program.
//!
//! Each line that begins with a date (`stamp`, `order`) begins a message (`chat`); what follows on lines
//! without one belongs to it. Of a chat between two people an interaction a day and direction comes
//! out, whatever its number of messages: a day that was exported at noon is the same one when it is
//! exported again. Who of the two the user is, the chat's name says (`title`), as it is the other's, or a
//! part of theirs, or `[me]` of kith.toml; where nothing says it both are named, and kith decides. Of a group nothing comes out: what somebody
//! writes to a group is contact with nobody.

mod call;
mod chat;
mod order;
mod stamp;
mod title;

use std::io::{self, BufRead, Cursor, Read as _};

use kith_lines::{Source, utf16};
use kith_plugin::{Failure, Importer, Output, Part};

use chat::Chat;
use stamp::Stamp;
use title::Title;

/// Bytes of a line that are looked at: more than a date, a name and what is said of a call.
const LINE: usize = 1024;

/// The importer of WhatsApp's chats.
#[derive(Debug, Clone, Copy, Default)]
pub struct WhatsApp;

impl Importer for WhatsApp {
    const NAME: &'static str = "whatsapp";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let header = part.header();
        let own = header.options.get("me").and_then(|me| me.get("name")?.as_str());
        let mut chat = Chat::new(Title::of_file(&header.file_name), own);
        let head = part.head()?;
        let mut source = Source::new(Cursor::new(head.as_slice()).chain(&mut *part), utf16(&head));
        let mut line = Vec::new();
        while next_line(&mut source, &mut line)? {
            chat.line(&String::from_utf8_lossy(&line));
            let (_, part) = source.get_ref().get_ref();
            out.progress(part.read_so_far())?;
        }
        drop(source);
        chat.tell(part, out)
    }
}

/// Whether a file that starts like this is a chat.
#[must_use]
pub fn is_chat(start: &[u8]) -> bool {
    let mut text = Vec::new();
    // Half a character at the end of what is looked at costs nothing.
    let read = Source::new(start, utf16(start)).read_to_end(&mut text);
    let start = read.map_or(start, |_| &text);
    let line = start.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    line.is_some_and(|line| Stamp::of(&String::from_utf8_lossy(line)).is_some())
}

/// Reads a line, of which `line` gets the beginning; false at the end.
fn next_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut any = false;
    loop {
        let pending = source.fill_buf()?;
        if pending.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = pending.iter().position(|byte| *byte == b'\n');
        let text = &pending[..end.unwrap_or(pending.len())];
        line.extend_from_slice(&text[..text.len().min(LINE - line.len())]);
        let read = end.map_or(pending.len(), |end| end + 1);
        source.consume(read);
        if end.is_some() {
            return Ok(true);
        }
    }
}
