//! The rows of a CSV text, each with its line and its text as it stood.
//!
//! csv-core, the parser inside the csv crate, splits and unquotes; it is used
//! without the csv crate's own buffering because the text of each row is kept,
//! and because a quotation mark that is never closed must not swallow the rest
//! of the file: such a row is reported, and reading goes on in its next line.
//!
//! A file may be the beginning of one that is still being copied. A row that
//! the end of the file cuts off is reported and not taken: half a name would
//! be somebody else's, and stay when the whole file came.

use std::io::{self, Read};

use csv_core::ReadRecordResult;

use crate::decode::Utf8Reader;
use crate::encoding::Clues;

/// The longest row that is read, in bytes; longer ones are reported.
pub(crate) const LONGEST_ROW: usize = 1 << 20;

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    /// The line it begins in, from 1.
    pub(crate) line: u64,
    /// Its text as it stood, without the line end.
    pub(crate) text: &'a str,
    /// Whether control characters were left out of its cells.
    pub(crate) cleaned: bool,
    cells: &'a str,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, unquoted and without the space around it; empty beyond the row's end.
    pub(crate) fn cell(&self, index: usize) -> &'a str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).map_or(0, |previous| self.ends[previous]);
        self.cells.get(start..end).unwrap_or_default().trim()
    }

    /// Its cells in order.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|index| self.cell(index))
    }
}

/// What comes next in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<'a> {
    /// A row.
    Row(Row<'a>),
    /// A row that cannot be read; what follows it can.
    Unreadable {
        /// The line of the fault, from 1.
        line: u64,
        /// What is wrong, for the user.
        reason: &'static str,
    },
    /// Nothing.
    End,
}

const OPEN_QUOTE: &str = "a quotation mark opens in this line and is not closed; \
                          the row was left out, close the mark in the file to take it too";
const OPEN_TO_THE_END: &str = "a quotation mark opens in this line and is not closed before the file ends; \
                               if the file is cut off, export again, or wait until the copy of the file is complete; \
                               else close the mark in the file to take the row too";
const PART_OF_A_CELL: &str = "the line has fewer cells than the header and stands behind a quotation mark \
                              that is not closed: it is part of the cell that begins there";
const CUT_OFF: &str = "the row is cut off at the end of the file: it has fewer cells than the header; \
                       export again, or wait until the copy of the file is complete";
const TOO_LONG: &str = "the row is longer than 1 MiB";

/// Reads rows from decoded text, holding no more than the row at hand.
pub(crate) struct Rows<'c, R> {
    source: Utf8Reader<'c, R>,
    /// Decoded text; what is not yet taken begins at `start`.
    text: Vec<u8>,
    start: usize,
    ended: bool,
    delimiter: u8,
    parser: csv_core::Reader,
    lines: LineCounter,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells a row has that is whole.
    width: usize,
    /// Whether what is left of the text may be the inside of a cell that the end of the file cut off.
    within_cell: bool,
}

impl Rows<'_, io::Empty> {
    /// Rows of a text that is at hand.
    pub(crate) fn of_text(text: Vec<u8>, delimiter: u8) -> Self {
        Self::new(Utf8Reader::new(io::empty(), Clues::default()), text, delimiter)
    }
}

impl<'c, R: Read> Rows<'c, R> {
    /// Rows of `source` with their cells separated by `delimiter`; `head` is
    /// what was already decoded of it.
    pub(crate) fn new(source: Utf8Reader<'c, R>, head: Vec<u8>, delimiter: u8) -> Self {
        Self {
            source,
            text: head,
            start: 0,
            ended: false,
            delimiter,
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            lines: LineCounter { line: 1, after_return: false },
            cells: vec![0; 4096],
            ends: vec![0; 128],
            width: 0,
            within_cell: false,
        }
    }

    /// Takes rows with fewer cells than `width` for cut off where the file
    /// ends in them.
    pub(crate) fn expect_width(&mut self, width: usize) {
        self.width = width;
    }

    /// The reader underneath.
    pub(crate) fn source(&self) -> &Utf8Reader<'c, R> {
        &self.source
    }

    /// Reads the next row; blank lines are none.
    ///
    /// # Errors
    /// If the reader underneath fails.
    pub(crate) fn next(&mut self) -> io::Result<Next<'_>> {
        self.skip_line_ends()?;
        self.parser.reset();
        let (mut taken, mut written, mut count) = (0, 0, 0);
        loop {
            let pending = &self.text[self.start + taken..];
            if pending.is_empty() && !self.ended {
                self.fill()?;
                continue;
            }
            let (result, read, wrote, ended) =
                self.parser.read_record(pending, &mut self.cells[written..], &mut self.ends[count..]);
            (taken, written, count) = (taken + read, written + wrote, count + ended);
            match result {
                ReadRecordResult::InputEmpty if taken > LONGEST_ROW => return self.too_long(taken),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => {
                    self.take(taken);
                    return Ok(Next::End);
                }
            }
        }
        let row = &self.text[self.start..self.start + taken];
        let at_end = self.start + taken == self.text.len();
        let text = trim_line_end(row);
        let unfinished = at_end && text.len() == row.len();
        if (row.len() > LONGEST_ROW || at_end || text.iter().any(is_line_end))
            && let Some(OpenQuote { at, closed }) = open_quote(text, self.delimiter)
        {
            self.within_cell |= !closed;
            return Ok(self.after_line_of(at, if closed { OPEN_QUOTE } else { OPEN_TO_THE_END }));
        }
        if count >= self.width {
            self.within_cell = false;
        } else if unfinished || self.within_cell {
            let (line, reason) = (self.lines.line, if self.within_cell { PART_OF_A_CELL } else { CUT_OFF });
            self.take(taken);
            return Ok(Next::Unreadable { line, reason });
        }
        let (line, from, to) = (self.lines.line, self.start, self.start + text.len());
        self.take(taken);
        let cleaned = self.clean(written, count);
        // Both are UTF-8 as the decoder wrote them, split at ASCII only.
        let text = str::from_utf8(&self.text[from..to]).unwrap_or_default();
        let cells = str::from_utf8(&self.cells[..written - cleaned]).unwrap_or_default();
        Ok(Next::Row(Row { line, text, cleaned: cleaned > 0, cells, ends: &self.ends[..count] }))
    }

    /// Leaves control characters, which mean nothing in a cell, out of the
    /// first `count` cells of `length` bytes; returns how many bytes these were.
    /// Tabs stay: they mean something in a note.
    fn clean(&mut self, length: usize, count: usize) -> usize {
        let (mut kept, mut at) = (0, 0);
        for end in &mut self.ends[..count] {
            while at < *end {
                let byte = self.cells[at];
                if !byte.is_ascii_control() || is_line_end(&byte) || byte == b'\t' {
                    self.cells[kept] = byte;
                    kept += 1;
                }
                at += 1;
            }
            *end = kept;
        }
        length - kept
    }

    /// Steps over a row that goes on beyond the longest.
    fn too_long(&mut self, taken: usize) -> io::Result<Next<'_>> {
        if let Some(quote) = open_quote(&self.text[self.start..self.start + taken], self.delimiter) {
            return Ok(self.after_line_of(quote.at, OPEN_QUOTE));
        }
        let line = self.lines.line;
        loop {
            match self.text[self.start..].iter().position(is_line_end) {
                Some(length) => {
                    self.take(length);
                    break;
                }
                None => self.take(self.text.len() - self.start),
            }
            if self.ended {
                break;
            }
            self.fill()?;
        }
        Ok(Next::Unreadable { line, reason: TOO_LONG })
    }

    /// Steps over everything to the end of the line in which the quotation
    /// mark stands that is `quote` bytes ahead.
    fn after_line_of(&mut self, quote: usize, reason: &'static str) -> Next<'_> {
        self.take(quote);
        let line = self.lines.line;
        let rest = &self.text[self.start..];
        self.take(rest.iter().position(is_line_end).unwrap_or(rest.len()));
        Next::Unreadable { line, reason }
    }

    /// Steps over blank lines and what is left of the line end before.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let length = self.text[self.start..].iter().take_while(|byte| is_line_end(byte)).count();
            self.take(length);
            if self.start < self.text.len() || self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn take(&mut self, length: usize) {
        self.lines.pass(&self.text[self.start..self.start + length]);
        self.start += length;
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.drain(..self.start);
        self.start = 0;
        self.ended = !self.source.append_to(&mut self.text)?;
        Ok(())
    }
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn trim_line_end(row: &[u8]) -> &[u8] {
    let length = row.iter().rposition(|byte| !is_line_end(byte)).map_or(0, |last| last + 1);
    &row[..length]
}

/// A quotation mark that is not closed as it should be.
struct OpenQuote {
    /// Where in the row.
    at: usize,
    /// Whether one lines later closes it, with other text behind, which in
    /// truth opens another row's cell.
    closed: bool,
}

/// The first quoted cell in `row` that is not closed properly. Follows
/// csv-core, which takes a mark as opening only at the beginning of a cell.
fn open_quote(row: &[u8], delimiter: u8) -> Option<OpenQuote> {
    let mut at = 0;
    while at < row.len() {
        if row[at] == b'"' {
            let open = at;
            let mut lines = false;
            at += 1;
            loop {
                match row.get(at) {
                    None => return Some(OpenQuote { at: open, closed: false }),
                    Some(b'"') if row.get(at + 1) == Some(&b'"') => at += 1,
                    Some(b'"') => break,
                    Some(byte) => lines |= is_line_end(byte),
                }
                at += 1;
            }
            at += 1 + row[at + 1..].iter().take_while(|&&byte| byte == b' ').count();
            if lines && row.get(at).is_some_and(|&byte| byte != delimiter && !is_line_end(&byte)) {
                return Some(OpenQuote { at: open, closed: true });
            }
        }
        at += row[at..].iter().position(|&byte| byte == delimiter)? + 1;
    }
    None
}

/// Counts lines that end with LF, CR or both.
struct LineCounter {
    line: u64,
    after_return: bool,
}

impl LineCounter {
    fn pass(&mut self, text: &[u8]) {
        for &byte in text {
            self.line += u64::from(byte == b'\r' || (byte == b'\n' && !self.after_return));
            self.after_return = byte == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row as `line:cell|cell`, an unreadable one as `line:!`.
    fn read(text: &str) -> Vec<String> {
        read_of_width(0, text)
    }

    fn read_of_width(width: usize, text: &str) -> Vec<String> {
        let mut rows = Rows::new(Utf8Reader::new(text.as_bytes(), Clues::default()), Vec::new(), b',');
        rows.expect_width(width);
        let mut said = Vec::new();
        loop {
            match rows.next().unwrap() {
                Next::Row(row) => {
                    said.push(format!("{}:{}", row.line, row.cells().collect::<Vec<_>>().join("|")));
                }
                Next::Unreadable { line, .. } => said.push(format!("{line}:!")),
                Next::End => return said,
            }
        }
    }

    #[test]
    fn rows_and_lines() {
        for (name, text, expected) in [
            ("LF", "a,b\nc,d\n", &["1:a|b", "2:c|d"][..]),
            ("CRLF", "a,b\r\nc,d\r\n", &["1:a|b", "2:c|d"]),
            ("CR", "a,b\rc,d\r", &["1:a|b", "2:c|d"]),
            ("no line end at the end", "a,b\nc,d", &["1:a|b", "2:c|d"]),
            ("blank lines", "\n\na\r\n\r\nb\n", &["3:a", "5:b"]),
            ("empty cells", ",\n,,\n", &["1:|", "2:||"]),
            ("a cell over lines", "\"a\nb\r\nc\",d\ne\n", &["1:a\nb\r\nc|d", "4:e"]),
            ("doubled marks", "\"a \"\"b\"\"\",c\n", &["1:a \"b\"|c"]),
            ("a mark within a cell", "5\" disk,b\nc\n", &["1:5\" disk|b", "2:c"]),
            ("text behind a closing mark", "\"a\"b,c\nd\n", &["1:ab|c", "2:d"]),
            ("space around cells", " a , b\n", &["1:a|b"]),
            ("control characters", "a\u{1b}[1m\0é,\u{7f}b\u{8}\nc,\0\n", &["1:a[1mé|b", "2:c|"]),
            ("only blank lines", "\r\n\n", &[]),
            ("nothing", "", &[]),
        ] {
            assert_eq!(read(text), expected, "{name}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_costs_one_row() {
        for (name, text, expected) in [
            ("to the end of the text", "a,b\nc,\"d\ne,f\ng,h", &["1:a|b", "2:!", "3:e|f", "4:g|h"][..]),
            ("in the last row", "a,b\nc,\"d", &["1:a|b", "2:!"]),
            ("before a row with marks", "a,\"b\n\"c\",d\ne,f\n", &["1:!", "2:c|d", "3:e|f"]),
            ("before marks later in a row", "a,\"b\nc,\"d\"\n", &["1:!", "2:c|d"]),
            ("behind a good cell over lines", "\"a\nb\",\"c\nd,e\n", &["2:!", "3:d|e"]),
            ("twice", "\"a\n\"b\nc\n", &["1:!", "2:!", "3:c"]),
            ("nothing but the mark", "\"", &["1:!"]),
        ] {
            assert_eq!(read(text), expected, "{name}");
        }
    }

    #[test]
    fn a_row_that_the_end_of_the_file_cuts_off_is_not_taken() {
        for (name, text, expected) in [
            ("between cells", "a,b,c\nd,e", &["1:a|b|c", "2:!"][..]),
            ("within the first cell", "a,b,c\nd", &["1:a|b|c", "2:!"]),
            ("within a quoted cell", "a,b,c\n\"d", &["1:a|b|c", "2:!"]),
            ("behind a quoted cell", "a,b,c\n\"d\"", &["1:a|b|c", "2:!"]),
            ("within a cell over lines", "a,b,c\nd,\"e\nf,g\nh", &["1:a|b|c", "2:!", "3:!", "4:!"]),
            ("behind another such cell", "\"a\nb\",\"c\nd", &["2:!", "3:!"]),
            ("no line end behind a whole row", "a,b,c\nd,e,f", &["1:a|b|c", "2:d|e|f"]),
            ("no line end behind empty cells", "a,b,c\nd,,", &["1:a|b|c", "2:d||"]),
            ("a short row with a line end", "a,b\nd,e\n", &["1:a|b", "2:d|e"]),
            ("a return alone", "a,b\rd,e\r", &["1:a|b", "2:d|e"]),
            ("at the end of a line in a cell", "a,b,c\nd,\"e\nf,g\n", &["1:a|b|c", "2:!", "3:!"]),
            // A mark that nobody closed costs no row that is whole, nor any behind that.
            ("a mark before whole rows", "d,\"e\nf,g,h\ni,j\n", &["1:!", "2:f|g|h", "3:i|j"]),
        ] {
            assert_eq!(read_of_width(3, text), expected, "{name}");
        }
    }

    #[test]
    fn a_row_that_does_not_end_costs_only_itself() {
        let long = "x".repeat(2 * LONGEST_ROW);
        assert_eq!(read(&format!("a\n{long}\nb\n")), ["1:a", "2:!", "3:b"]);
        assert_eq!(read(&format!("a\n{long}")), ["1:a", "2:!"]);
        let said = read(&format!("a\n\"b\n{}", "c,d\n".repeat(LONGEST_ROW)));
        assert_eq!((said.len(), &*said[1], &*said[2]), (LONGEST_ROW + 2, "2:!", "3:c|d"));
        let blank = "\n".repeat(2 * LONGEST_ROW);
        assert_eq!(read(&format!("{blank}a")), [format!("{}:a", 2 * LONGEST_ROW + 1)]);
    }

    #[test]
    fn the_text_of_a_row_is_kept_as_it_stood() {
        let text = "a,\"b\r\n \"\"c\" \r\nd\r\n";
        let mut rows = Rows::new(Utf8Reader::new(text.as_bytes(), Clues::default()), Vec::new(), b',');
        let Next::Row(row) = rows.next().unwrap() else { panic!("no row") };
        assert_eq!(row.text, "a,\"b\r\n \"\"c\" ");
    }
}
