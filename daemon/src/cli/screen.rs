//! What is printed for people: nothing in a name may command the terminal.

use std::borrow::Cow;
use std::io::{self, StderrLock, StdoutLock, Write};

use serde_json::Value;

use crate::core::text::{self, columns};

/// Standard output, for text that people read.
pub(super) fn out() -> Screen<StdoutLock<'static>> {
    Screen(io::stdout().lock())
}

/// Standard error, for text that people read.
pub(super) fn err() -> Screen<StderrLock<'static>> {
    Screen(io::stderr().lock())
}

/// Writes text as [`text::plain`] shows it.
pub(super) struct Screen<W>(W);

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(text::plain(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Prints data for programs.
pub(super) fn print_json(value: &Value) -> io::Result<()> {
    write_json(io::stdout().lock(), &serde_json::to_string_pretty(value)?)
}

/// Prints data for programs, as one line among many.
pub(super) fn print_json_line(value: &Value) -> io::Result<()> {
    write_json(io::stdout().lock(), &value.to_string())
}

/// Writes JSON in which what [`Screen`] would not show is escaped: people look at it, too.
fn write_json(mut out: impl Write, json: &str) -> io::Result<()> {
    let mut written = 0;
    // These are in strings only, and none of them needs more than four digits.
    for (at, c) in json.char_indices().filter(|&(_, c)| text::shown(c) != Some(c)) {
        write!(out, "{}\\u{:04x}", &json[written..at], u32::from(c))?;
        written = at + c.len_utf8();
    }
    writeln!(out, "{}", &json[written..])
}

/// A word as it would be typed into a shell.
pub(super) fn typed(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+');
    if !word.is_empty() && word.chars().all(plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\\''")))
}

/// How wide the lines of text should be: the terminal, else what `COLUMNS`
/// says, else a page.
pub(super) fn width() -> usize {
    const PAGE: usize = 100;
    let terminal = rustix::termios::tcgetwinsize(io::stdout()).map(|size| usize::from(size.ws_col)).ok();
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.filter(|&columns| columns > 0).or_else(said).unwrap_or(PAGE).clamp(40, 200)
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
    fn what_is_printed_commands_nothing() {
        let mut shown = Vec::new();
        let name = "A\u{1b}[2J\u{202e}nna";
        writeln!(Screen(&mut shown), "{name}").unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), "A�[2Jnna\n");
    }

    #[test]
    fn json_commands_nothing_and_says_the_same() {
        let value = Value::from("A\u{1b}[2J\u{7f}\u{9b}1m \u{202e}nna\nB \\ \" ü");
        let mut written = Vec::new();
        write_json(&mut written, &value.to_string()).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert_eq!(text, "\"A\\u001b[2J\\u007f\\u009b1m \\u202enna\\nB \\\\ \\\" ü\"\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn words_are_typed_as_a_shell_takes_them() {
        for (word, typed_as) in [
            ("climbing", "climbing"),
            ("weak-ties", "weak-ties"),
            ("Müller", "Müller"),
            ("rock climbing", "'rock climbing'"),
            ("Tom's", r"'Tom'\''s'"),
            ("$(reboot)", "'$(reboot)'"),
            ("", "''"),
        ] {
            assert_eq!(typed(word), typed_as);
        }
    }
}
