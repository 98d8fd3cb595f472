//! What is printed for people: nothing in a name may command the terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal, StderrLock, StdoutLock, Write};
use std::os::fd::AsFd;

use rustix::termios::tcgetwinsize;
use serde_json::Value;

use crate::core::text::{self, columns};
use crate::error::Error;

/// Wider lines of text are hard to read, however wide the screen is.
const WIDEST: usize = 100;

/// Fewer columns beside a label are too few for a text.
const LEAST: usize = 20;

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

/// Writes JSON for programs, in which what [`Screen`] would not show is escaped: people look at it, too.
pub(super) fn write_json(mut out: impl Write, json: &str) -> io::Result<()> {
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

/// A command or the like, which stays on one line so that it can be copied.
pub(super) fn in_one_piece(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// How wide the lines of text should be: the terminal, else what `COLUMNS`
/// says, else a page.
pub(super) fn width() -> usize {
    width_on(io::stdout())
}

fn width_on(stream: impl AsFd) -> usize {
    const PAGE: usize = 100;
    let terminal = tcgetwinsize(stream).map(|size| usize::from(size.ws_col)).ok();
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.filter(|&columns| columns > 0).or_else(said).unwrap_or(PAGE).clamp(40, 200)
}

/// Lines of a text that are no wider than the screen, each behind `indent`
/// spaces and those that it begins with itself.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    wrapped_within(text, indent, width())
}

fn wrapped_within(text: &str, indent: usize, width: usize) -> String {
    let gap = " ".repeat(indent);
    let lines = text::lines(text, width.min(WIDEST).saturating_sub(indent));
    lines.iter().map(|line| format!("{}\n", format!("{gap}{line}").trim_end())).collect()
}

/// A text behind what it is about, beginning in the column `at`; below it,
/// where the screen is too narrow for that.
pub(super) fn labelled(label: &str, at: usize, text: &str) -> String {
    labelled_within(label, at, text, width())
}

fn labelled_within(label: &str, at: usize, text: &str, width: usize) -> String {
    const BELOW: usize = 4;
    let room = width.min(WIDEST).saturating_sub(at);
    let beside = text::lines(text, room);
    let fits = room >= LEAST && beside.iter().all(|line| columns(line) <= room);
    if beside.is_empty() || !fits || columns(label) >= at {
        return wrapped_within(label.trim_end(), 0, width) + &wrapped_within(text, BELOW, width);
    }
    let gap = " ".repeat(at - columns(label));
    let lines = wrapped_within(text, at, width);
    format!("{label}{gap}{}", lines.trim_start_matches(' '))
}

/// Tells an error, or what `kind` of it is no more than a warning. What stands
/// below an empty line is there to be copied and stays as it is.
pub(super) fn tell(kind: &str, error: &Error) -> io::Result<()> {
    let error = error.to_string();
    let (said, to_copy) = error.split_once("\n\n").unwrap_or((&error, ""));
    say_aside(&format!("{kind}: {said}"))?;
    if to_copy.is_empty() { Ok(()) } else { writeln!(err(), "\n{to_copy}") }
}

/// Writes to standard error: in lines that fit where somebody looks, as it is
/// where a program may look for words in it.
pub(super) fn say_aside(text: &str) -> io::Result<()> {
    if !io::stderr().is_terminal() {
        return writeln!(err(), "{text}");
    }
    err().write_all(wrapped_within(text, 0, width_on(io::stderr())).as_bytes())
}

/// A question in lines that fit the terminal on which it is asked; the answer
/// is typed behind its last word.
pub(super) fn asked(question: &str) -> String {
    let lines = wrapped_within(question, 0, width_on(io::stderr()));
    format!("{} ", lines.trim_end())
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
    fn what_does_not_fit_beside_its_label_stands_below() {
        let url = "http://127.0.0.1:5484/feed";
        for (text, at, width, shown) in [
            ("27 days and no more", 8, 40, "Due     27 days and no more\n"),
            (
                "every 4 weeks, at the latest every 8",
                8,
                40,
                "Due     every 4 weeks, at the latest\n        every 8\n",
            ),
            (url, 8, 40, "Due     http://127.0.0.1:5484/feed\n"),
            (url, 16, 40, "Due\n    http://127.0.0.1:5484/feed\n"),
            ("one two", 24, 40, "Due\n    one two\n"),
            ("one\n\n  two", 8, 40, "Due     one\n\n          two\n"),
            ("", 8, 40, "Due\n"),
        ] {
            assert_eq!(labelled_within("Due", at, text, width), shown, "{text}");
        }
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
