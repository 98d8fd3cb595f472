//! Divides a stream of bytes into mails, of which one header is in memory at a time.
//!
//! Where a mail begins, mbox files agree on little: some quote the lines of a
//! body that begin with `From ` (mboxo, mboxrd), some tell a body's length
//! instead, and not always rightly (mboxcl, mboxcl2). So a mail begins at a
//! line with a sender and a date (RFC 4155 appendix A) that stands behind a
//! blank one and before a header; that holds in all of them. Where programs
//! put files together the blank one may be missing: then the line has to be as
//! in the standard, word by word.

use std::io::{self, BufRead};

use kith_lines::{LineReader, without_mark};

/// The most of a header that is taken, in bytes. Long ones have hundreds of receivers.
pub(crate) const LARGEST_HEADER: usize = 256 << 10;

/// How much is kept of a line that only needs to be recognised.
const LINE_START: usize = 512;

/// A mail in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mail {
    /// The line of its beginning, from 1.
    pub(crate) line: u64,
    /// Whether its header is whole.
    pub(crate) ending: Ending,
}

/// How a header ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With a blank line.
    Whole,
    /// With the file.
    CutOff,
    /// It is larger than [`LARGEST_HEADER`].
    TooLarge,
}

/// Where in the stream it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At its start.
    Start,
    /// In a mail of many.
    Body,
    /// In a mail that is alone in the stream.
    Single,
}

/// Reads a stream mail by mail.
pub(crate) struct Splitter<R> {
    lines: LineReader<R>,
    state: State,
    postmark: Vec<u8>,
    header: Vec<u8>,
    line: Vec<u8>,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(lines: LineReader<R>) -> Self {
        Self { lines, state: State::Start, postmark: Vec::new(), header: Vec::new(), line: Vec::new() }
    }

    /// The stream.
    pub(crate) fn source(&self) -> &R {
        self.lines.source()
    }

    /// The header of the mail that [`next`](Self::next) told of, its lines ended by LF.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// The line before that header; empty for a single mail.
    pub(crate) fn postmark(&self) -> &[u8] {
        &self.postmark
    }

    /// Reads to the end of the next mail's header.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Mail>> {
        let begins = match self.state {
            State::Start => self.start()?,
            State::Body => self.pass_over_body()?,
            State::Single => None,
        };
        let Some(line) = begins else { return Ok(None) };
        let ending = self.read_header()?;
        Ok(Some(Mail { line, ending }))
    }

    /// Finds the first mail, whose line is given.
    fn start(&mut self) -> io::Result<Option<u64>> {
        loop {
            self.line.clear();
            if self.lines.read(&mut self.line, LARGEST_HEADER)? == 0 {
                return Ok(None);
            }
            let mark = self.line.len() - without_mark(&self.line).len();
            self.line.drain(..mark);
            if !is_blank(&self.line) {
                break;
            }
        }
        let begins = self.lines.number();
        if is_postmark(&self.line) {
            std::mem::swap(&mut self.postmark, &mut self.line);
            self.header.clear();
            self.state = State::Body;
            return Ok(Some(begins));
        }
        self.state = State::Single;
        if !is_field(&self.line) {
            return Ok(None);
        }
        self.header.clear();
        push_line(&mut self.header, &self.line);
        Ok(Some(begins))
    }

    /// Passes over a body to the next mail, whose line is given.
    fn pass_over_body(&mut self) -> io::Result<Option<u64>> {
        let mut blank = true;
        loop {
            self.line.clear();
            if self.lines.read(&mut self.line, LINE_START)? == 0 {
                return Ok(None);
            }
            if !(if blank { is_postmark(&self.line) } else { is_strict_postmark(&self.line) }) {
                blank = is_blank(&self.line);
                continue;
            }
            let begins = self.lines.number();
            std::mem::swap(&mut self.postmark, &mut self.line);
            self.line.clear();
            self.lines.read(&mut self.line, LARGEST_HEADER)?;
            if is_field(&self.line) {
                self.header.clear();
                push_line(&mut self.header, &self.line);
                return Ok(Some(begins));
            }
            blank = is_blank(&self.line);
        }
    }

    /// Reads what is left of a header.
    fn read_header(&mut self) -> io::Result<Ending> {
        let mut ending = Ending::Whole;
        loop {
            self.line.clear();
            let length = self.lines.read(&mut self.line, LARGEST_HEADER)?;
            if length == 0 {
                return Ok(if ending == Ending::TooLarge { ending } else { Ending::CutOff });
            }
            if is_blank(&self.line) {
                return Ok(ending);
            }
            if self.header.len() + length > LARGEST_HEADER {
                ending = Ending::TooLarge;
            } else {
                push_line(&mut self.header, &self.line);
            }
        }
    }
}

/// Appends a line, ended by LF.
fn push_line(header: &mut Vec<u8>, line: &[u8]) {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    header.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
    header.push(b'\n');
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

/// Whether a line begins a field of a header (RFC 5322 section 2.2).
fn is_field(line: &[u8]) -> bool {
    line.iter()
        .position(|byte| *byte == b':')
        .is_some_and(|colon| colon > 0 && line[..colon].trim_ascii_end().iter().all(u8::is_ascii_graphic))
}

/// Whether a line is one that stands before a mail in an mbox: `From `, a sender, and a date.
fn is_postmark(line: &[u8]) -> bool {
    line.starts_with(b"From ") && posted(line).is_some()
}

/// Whether a line is a postmark as RFC 4155 appendix A has it: an address, or the `-` of Mozilla's programs, and a date
/// as asctime(3) writes it, such as `Mon Mar  4 10:00:00 2024`.
fn is_strict_postmark(line: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let text = std::str::from_utf8(line).unwrap_or_default();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let ["From", sender, day, _, _, time, year] = words[..] else { return false };
    let is_address = sender.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_address || sender == "-")
        && DAYS.contains(&day)
        && time.split(':').filter(|part| is_number(part, 2)).count() == 3
        && is_number(&time.replace(':', ""), 6)
        && is_number(year, 4)
        && is_postmark(line)
}

/// The date in a postmark, as a header would have it (RFC 5322 section 3.3);
/// without a zone it is in UTC (RFC 4155).
pub(crate) fn posted(postmark: &[u8]) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = std::str::from_utf8(postmark).ok()?;
    let words: Vec<&str> = text.split_ascii_whitespace().skip(1).collect();
    let at = words.windows(2).rposition(|pair| {
        MONTHS.contains(&pair[0]) && pair[1].parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
    })?;
    let (month, day, rest) = (words[at], words[at + 1], &words[at + 2..]);
    let time = rest.iter().find(|word| word.contains(':'))?;
    let is_zone = |word: &&&str| word.starts_with(['+', '-']) && word.len() == 5;
    let year = rest.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let zone = rest.iter().find(is_zone).unwrap_or(&"+0000");
    Some(format!("{day} {month} {year} {time} {zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, how it ended and header of each mail.
    fn mails(file: &str) -> Vec<(u64, Ending, String)> {
        let mut splitter = Splitter::new(LineReader::new(file.as_bytes()));
        let mut all = Vec::new();
        while let Some(mail) = splitter.next().unwrap() {
            all.push((mail.line, mail.ending, String::from_utf8_lossy(splitter.header()).into_owned()));
        }
        all
    }

    fn whole(line: u64, header: &str) -> (u64, Ending, String) {
        (line, Ending::Whole, header.to_owned())
    }

    #[test]
    fn mails_come_apart_where_they_begin() {
        const MARK: &str = "From a@x.example Mon Mar  4 10:00:00 2024\n";
        for (name, file, expected) in [
            ("nothing", String::new(), vec![]),
            ("no mail", "hello\nFrom: a\n\n".to_owned(), vec![]),
            ("alone", "\u{feff}From: a\r\n\r\nx\r\n".to_owned(), vec![whole(1, "From: a\n")]),
            (
                "two",
                format!("{MARK}From: a\n b\n\nhello\n\n{MARK}From: b\n\n"),
                vec![whole(1, "From: a\n b\n"), whole(7, "From: b\n")],
            ),
            (
                "no body",
                format!("{MARK}From: a\n\n{MARK}From: b\n\n"),
                vec![whole(1, "From: a\n"), whole(4, "From: b\n")],
            ),
            (
                "lines that begin with From",
                format!(
                    "{MARK}From: a\n\nhello\n{MARK}and\n\nFrom here on\nTo: x\n\n>{MARK}From: d\n\n{MARK}and so on\n"
                ),
                vec![whole(1, "From: a\n")],
            ),
            (
                "no blank line between them",
                format!(
                    "{MARK}From: a\n\nhello\n{MARK}From: b\n\nhello\nFrom - Mon Mar 04 10:00:00 2024\r\nX-A: c\r\n\r\n"
                ),
                vec![whole(1, "From: a\n"), whole(5, "From: b\n"), whole(9, "X-A: c\n")],
            ),
            (
                "what is hardly an envelope, behind a text",
                format!(
                    "{MARK}From: a\n\nhello\nFrom a@x.example on Mon Mar  4 10:00:00 2024\nTo: b\nFrom a Mon Mar  4 10:00:00 2024\nTo: b\n\
                     From a@x.example Mon Mar  4 10:00 2024\nTo: b\nFrom @ Mon Mar  4 10:00:00 2024\nTo: b\n"
                ),
                vec![whole(1, "From: a\n")],
            ),
            (
                "cut off",
                format!("{MARK}From: a\n\n\n{MARK}From: b\nTo: c@exam"),
                vec![whole(1, "From: a\n"), (5, Ending::CutOff, "From: b\nTo: c@exam\n".to_owned())],
            ),
            (
                "alone with postmarks in it",
                format!("From: a\n\n\n{MARK}From: b\n\n"),
                vec![whole(1, "From: a\n")],
            ),
        ] {
            assert_eq!(mails(&file), expected, "{name}");
        }
    }

    #[test]
    fn a_header_that_is_too_large_is_passed_over() {
        let mark = "From - Mon Mar 04 10:00:00 2024\n";
        let file = format!("{mark}{}\n{mark}To: b\n\n", "To: a@example.org,\n ".repeat(20_000));
        let said = mails(&file);
        assert_eq!((said[0].1, said[0].2.len() <= LARGEST_HEADER), (Ending::TooLarge, true));
        assert_eq!(said[1], whole(20_003, "To: b\n"));
    }

    #[test]
    fn postmarks_tell_when() {
        for (line, expected) in [
            ("From a@x Mon Mar  4 10:00:00 2024", Some("4 Mar 2024 10:00:00 +0000")),
            ("From - Mon Mar 04 10:00 2024\r\n", Some("04 Mar 2024 10:00 +0000")),
            ("From 1786@xxx Mon Mar 04 10:00:00 +0100 2024", Some("04 Mar 2024 10:00:00 +0100")),
            ("From MAILER-DAEMON Fri Jul  8 12:08:34 MET DST 2011", Some("8 Jul 2011 12:08:34 +0000")),
            ("From ???@??? Mon Mar 04 10:00:00 2024", Some("04 Mar 2024 10:00:00 +0000")),
            ("From here on, Mar 4 was at 10:00", None),
            ("From: a@x Mon Mar 99 10:00:00 2024", None),
            ("From ", None),
        ] {
            assert_eq!(posted(line.as_bytes()).as_deref(), expected, "{line}");
        }
    }
}
