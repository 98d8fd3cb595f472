//! Divides a stream of bytes into cards, one in memory at a time.
//!
//! What is wrong with one card never reaches its neighbours: a card that lacks
//! its end is ended by the next beginning, and one that is too large is passed
//! over without being held.

use std::io::{self, BufRead};

use kith_lines::{LINE_START, LineReader, give_back, without_mark};

use crate::boundary::Boundary;

/// The largest card that is taken, in bytes. A card is large because of its
/// pictures; the largest that phones write have about 3 MiB.
pub(crate) const LARGEST_CARD: usize = 10 << 20;

/// What the next stretch of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A card; [`Splitter::card`] has its text.
    Card {
        /// The line of its beginning, from 1.
        line: u64,
        /// How it ended.
        ending: Ending,
    },
    /// A card of more than [`LARGEST_CARD`] bytes.
    TooLarge {
        /// The line of its beginning, from 1.
        line: u64,
    },
    /// Text that is in no card.
    Stray {
        /// Its first line, from 1.
        line: u64,
    },
}

/// How a card ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With its own end.
    End,
    /// By the beginning of the next card.
    NextBegin,
    /// With the file.
    CutOff,
}

/// Reads a stream card by card.
pub(crate) struct Splitter<R> {
    lines: LineReader<R>,
    /// The card, and perhaps the first line of the next one.
    buffer: Vec<u8>,
    /// How much of `buffer` is the card.
    card: usize,
    /// Whether `buffer` has, from `card` on, the beginning of the next card.
    begun: bool,
    any_begin: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { lines: LineReader::new(source), buffer: Vec::new(), card: 0, begun: false, any_begin: false }
    }

    /// The stream.
    pub(crate) fn source(&self) -> &R {
        self.lines.source()
    }

    /// The text of the card that [`next`](Self::next) told of, from its
    /// beginning to its end.
    pub(crate) fn card(&self) -> &[u8] {
        &self.buffer[..self.card]
    }

    /// Whether any card has begun so far.
    pub(crate) fn any_begin(&self) -> bool {
        self.any_begin
    }

    /// Reads up to the end of the next card or stretch of stray text.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        self.buffer.drain(..self.card);
        self.card = 0;
        give_back(&mut self.buffer);
        if self.begun {
            return self.read_card().map(Some);
        }
        let mut stray = None;
        loop {
            self.buffer.clear();
            if self.lines.read(&mut self.buffer, LINE_START)? == 0 {
                return Ok(stray.map(|line| Piece::Stray { line }));
            }
            match Boundary::of(&self.buffer) {
                Boundary::Begin => break,
                Boundary::Blank => {}
                _ => stray = stray.or(Some(self.lines.number())),
            }
        }
        self.begin_found(0);
        match stray {
            Some(line) => Ok(Some(Piece::Stray { line })),
            None => self.read_card().map(Some),
        }
    }

    /// Notes that the next card begins at `at` in the buffer.
    fn begin_found(&mut self, at: usize) {
        let mark = self.buffer.len() - at - without_mark(&self.buffer[at..]).len();
        self.buffer.drain(at..at + mark);
        self.card = at;
        self.begun = true;
        self.any_begin = true;
    }

    /// Reads the card whose first line is in the buffer.
    fn read_card(&mut self) -> io::Result<Piece> {
        self.begun = false;
        let line = self.lines.number();
        let mut too_large = false;
        let mut agents = 0_u32;
        let mut agent_follows = false;
        let ending = loop {
            if too_large {
                self.buffer.clear();
            }
            let start = self.buffer.len();
            let largest = if too_large { LINE_START } else { LARGEST_CARD };
            let length = self.lines.read_within(&mut self.buffer, largest)?;
            if length == 0 {
                break Ending::CutOff;
            }
            let boundary = Boundary::of(&self.buffer[start..]);
            match boundary {
                Boundary::Begin if agent_follows => agents += 1,
                Boundary::AgentBegin => agents += 1,
                Boundary::Begin => {
                    self.begin_found(start);
                    break Ending::NextBegin;
                }
                Boundary::End if agents > 0 => agents -= 1,
                Boundary::End => break Ending::End,
                Boundary::Agent | Boundary::Blank | Boundary::Other => {}
            }
            agent_follows = boundary == Boundary::Agent || agent_follows && boundary == Boundary::Blank;
            if !too_large && start + length > LARGEST_CARD {
                too_large = true;
                self.buffer = Vec::new();
            }
        };
        if !self.begun {
            self.card = self.buffer.len();
        }
        Ok(if too_large || self.card > LARGEST_CARD {
            Piece::TooLarge { line }
        } else {
            Piece::Card { line, ending }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(file: &[u8]) -> Vec<(Piece, String)> {
        let mut splitter = Splitter::new(file);
        let mut all = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            let text = match piece {
                Piece::Card { .. } => String::from_utf8_lossy(splitter.card()).into_owned(),
                _ => String::new(),
            };
            all.push((piece, text));
        }
        all
    }

    fn card(line: u64, ending: Ending, text: &str) -> (Piece, String) {
        (Piece::Card { line, ending }, text.to_owned())
    }

    fn stray(line: u64) -> (Piece, String) {
        (Piece::Stray { line }, String::new())
    }

    #[test]
    fn files_come_apart_at_their_cards() {
        const A: &str = "BEGIN:VCARD\r\nFN:a\r\nEND:VCARD\r\n";
        const OPEN: &str = "BEGIN:VCARD\nFN:open\n";
        const AGENT: &str = "BEGIN:VCARD\nAGENT:\n\nBEGIN:VCARD\nFN:agent\nEND:VCARD\nAGENT:BEGIN:VCARD\nEND:VCARD\nFN:b\nEND:VCARD\n";
        for (name, file, expected) in [
            ("nothing", String::new(), vec![]),
            ("blank", "\n \r\n".to_owned(), vec![]),
            ("two", format!("{A}\r\n{A}"), vec![card(1, Ending::End, A), card(5, Ending::End, A)]),
            (
                "mark before each",
                format!("\u{feff}{A}\u{feff}{A}"),
                vec![card(1, Ending::End, A), card(4, Ending::End, A)],
            ),
            (
                "no end",
                format!("{OPEN}\u{feff}{A}"),
                vec![card(1, Ending::NextBegin, OPEN), card(3, Ending::End, A)],
            ),
            ("cut off", format!("{A}{OPEN}"), vec![card(1, Ending::End, A), card(4, Ending::CutOff, OPEN)]),
            ("agents", format!("{AGENT}{A}"), vec![card(1, Ending::End, AGENT), card(11, Ending::End, A)]),
            (
                "stray text",
                format!("hello\n\nthere\n{A}END:VCARD\n{A}bye"),
                vec![stray(1), card(4, Ending::End, A), stray(7), card(8, Ending::End, A), stray(11)],
            ),
        ] {
            assert_eq!(pieces(file.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_card_that_is_too_large_is_passed_over_and_not_held() {
        let good = "BEGIN:VCARD\nFN:a\nEND:VCARD\n";
        let line = format!(" {}\n", "x".repeat(70));
        let folded =
            format!("BEGIN:VCARD\nPHOTO:\n{}END:VCARD\n", line.repeat(LARGEST_CARD / line.len() + 1));
        let one_line = format!("BEGIN:VCARD\nPHOTO:{}\nEND:VCARD\n", "x".repeat(LARGEST_CARD));
        let unended = format!("BEGIN:VCARD\nPHOTO:{}\n", "x".repeat(LARGEST_CARD));
        for large in [folded, one_line, unended] {
            let file = format!("{good}{large}{good}");
            let mut splitter = Splitter::new(file.as_bytes());
            let mut all = Vec::new();
            while let Some(piece) = splitter.next().unwrap() {
                assert!(splitter.card().len() <= good.len(), "{piece:?}");
                all.push(piece);
            }
            let lines = 4 + u64::try_from(large.lines().count()).unwrap();
            assert_eq!(
                all,
                [
                    Piece::Card { line: 1, ending: Ending::End },
                    Piece::TooLarge { line: 4 },
                    Piece::Card { line: lines, ending: Ending::End }
                ]
            );
        }
    }
}
