//! What is printed for people: nothing in a name may command the terminal.

use std::io::{self, StderrLock, StdoutLock, Write};

/// Standard output, for text that people read.
pub(super) fn out() -> Screen<StdoutLock<'static>> {
    Screen(io::stdout().lock())
}

/// Standard error, for text that people read.
pub(super) fn err() -> Screen<StderrLock<'static>> {
    Screen(io::stderr().lock())
}

/// Writes text with its control characters shown as `�`, so that a name from
/// somebody else's file cannot clear the screen or pretend to be our words.
pub(super) struct Screen<W>(W);

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.chars().any(commands) => {
                let plain: String =
                    text.chars().map(|c| if commands(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
                self.0.write_all(plain.as_bytes())?;
            }
            _ => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn commands(c: char) -> bool {
    c.is_control() && c != '\n'
}

/// How wide the lines of text should be: the terminal, else what `COLUMNS`
/// says, else a page.
pub(super) fn width() -> usize {
    const PAGE: usize = 100;
    let terminal = rustix::termios::tcgetwinsize(io::stdout()).map(|size| usize::from(size.ws_col)).ok();
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.filter(|&columns| columns > 0).or_else(said).unwrap_or(PAGE).clamp(40, 200)
}

/// How many columns of a terminal a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(column_count).sum()
}

/// The columns of a character: two for East Asian ideographs and emoji
/// (Unicode Standard Annex 11), none for combining marks.
pub(super) fn column_count(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        0x200B..=0x200D | 0xFE00..=0xFE0F => 0,
        _ => usize::from(!unicode_normalization::char::is_combining_mark(c)),
    }
}

/// Lines of a text that are no wider than the screen, each behind `indent` spaces.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let room = width().min(100).saturating_sub(indent).max(20);
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && columns(&line) + 1 + columns(word) > room {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    let gap = " ".repeat(indent);
    lines.iter().map(|line| format!("{gap}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        let mut shown = Vec::new();
        let name = "A\u{1b}[2Jnna\r\u{9b}\tB";
        writeln!(Screen(&mut shown), "{name}").unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), "A�[2Jnna���B\n");
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        for (text, count) in [("Anna", 4), ("Müller", 6), ("Mu\u{308}ller", 6), ("山田", 4), ("", 0)] {
            assert_eq!(columns(text), count, "{text}");
        }
    }
}
