//! Divides a stream of bytes into events and zones, one in memory at a time.

use std::io::{self, BufRead};

use kith_lines::{Edge, LINE_START, LineReader, Property, give_back};

/// The largest event that is taken, in bytes. An event is large because of what is attached to it.
pub(crate) const LARGEST_EVENT: usize = 10 << 20;

/// What the next stretch of the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// An event (RFC 5545 section 3.6.1), which begins in this line.
    Event {
        /// From 1.
        line: u64,
    },
    /// A time zone (section 3.6.5).
    Zone,
    /// An event of more than [`LARGEST_EVENT`] bytes.
    TooLarge {
        /// The line of its beginning, from 1.
        line: u64,
    },
    /// An event that the end of the stream cut off.
    CutOff {
        /// The line of its beginning, from 1.
        line: u64,
    },
}

/// A component whose pieces are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Component {
    Event,
    Zone,
}

impl Component {
    fn named(name: &[u8]) -> Option<Self> {
        if name.eq_ignore_ascii_case(b"VEVENT") {
            Some(Self::Event)
        } else {
            name.eq_ignore_ascii_case(b"VTIMEZONE").then_some(Self::Zone)
        }
    }
}

/// Reads a stream component by component.
pub(crate) struct Splitter<R> {
    lines: LineReader<R>,
    /// The lines of the component, without those of components within it.
    buffer: Vec<u8>,
    line: Vec<u8>,
    /// What began in the line read last, where the one before it had no end.
    begun: Option<Component>,
    any_calendar: bool,
    /// Whether the calendar that began last has not ended yet.
    open: bool,
    cancels: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(lines: LineReader<R>) -> Self {
        Self {
            lines,
            buffer: Vec::new(),
            line: Vec::new(),
            begun: None,
            any_calendar: false,
            open: false,
            cancels: false,
        }
    }

    /// The stream.
    pub(crate) fn source(&self) -> &R {
        self.lines.source()
    }

    /// The lines of the component that [`next`](Self::next) told of, without its beginning and end.
    pub(crate) fn component(&self) -> &[u8] {
        &self.buffer
    }

    /// Whether any calendar has begun so far.
    pub(crate) fn any_calendar(&self) -> bool {
        self.any_calendar
    }

    /// Whether the stream is within a calendar: at its end that one was cut off.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether the calendar calls off what is in it (`METHOD:CANCEL`, RFC 5546 section 3.2.5).
    pub(crate) fn cancels(&self) -> bool {
        self.cancels
    }

    /// Reads up to the end of the next event or zone.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        if let Some(begun) = self.begun.take() {
            return self.read(begun);
        }
        loop {
            self.line.clear();
            if self.lines.read(&mut self.line, LINE_START)? == 0 {
                return Ok(None);
            }
            match Edge::of(&self.line) {
                Some(Edge::Begin(name)) if name.eq_ignore_ascii_case(b"VCALENDAR") => {
                    self.any_calendar = true;
                    self.open = true;
                    self.cancels = false;
                }
                Some(Edge::Begin(name)) => {
                    if let Some(begun) = Component::named(name).filter(|_| self.any_calendar) {
                        return self.read(begun);
                    }
                }
                Some(Edge::End(name)) => self.open &= !name.eq_ignore_ascii_case(b"VCALENDAR"),
                None => {
                    if let Some(property) = Property::split(&self.line)
                        && property.name.eq_ignore_ascii_case(b"METHOD")
                    {
                        self.cancels = property.value.trim_ascii().eq_ignore_ascii_case(b"CANCEL");
                    }
                }
            }
        }
    }

    /// Reads the component whose first line was read.
    fn read(&mut self, component: Component) -> io::Result<Option<Piece>> {
        let line = self.lines.number();
        self.buffer.clear();
        give_back(&mut self.buffer);
        let mut within = 0_u32;
        let mut too_large = false;
        loop {
            self.line.clear();
            let length = self.lines.read_within(&mut self.line, LARGEST_EVENT)?;
            if length == 0 {
                return Ok((component == Component::Event).then_some(Piece::CutOff { line }));
            }
            match Edge::of(&self.line) {
                Some(Edge::Begin(name)) => match Component::named(name) {
                    None => within += 1,
                    begun => {
                        self.begun = begun;
                        break;
                    }
                },
                Some(Edge::End(name)) if Component::named(name) == Some(component) => break,
                Some(Edge::End(_)) => within = within.saturating_sub(1),
                None if within > 0 => {}
                None if self.buffer.len() + length > LARGEST_EVENT => too_large = true,
                None => self.buffer.extend_from_slice(&self.line),
            }
        }
        give_back(&mut self.line);
        Ok(Some(match component {
            Component::Event if too_large => Piece::TooLarge { line },
            Component::Event => Piece::Event { line },
            Component::Zone => Piece::Zone,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(file: &str) -> Vec<(Piece, String)> {
        let mut splitter = Splitter::new(LineReader::new(file.as_bytes()));
        let mut all = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            all.push((piece, String::from_utf8_lossy(splitter.component()).into_owned()));
        }
        all
    }

    fn event(line: u64, text: &str) -> (Piece, String) {
        (Piece::Event { line }, text.to_owned())
    }

    #[test]
    fn calendars_come_apart_at_their_events() {
        const BEGIN: &str = "BEGIN:VCALENDAR\nVERSION:2.0\n";
        const A: &str = "BEGIN:VEVENT\nUID:a\nEND:VEVENT\n";
        for (name, file, expected) in [
            ("nothing", String::new(), vec![]),
            ("no calendar", A.to_owned(), vec![]),
            ("two", format!("{BEGIN}{A}{A}END:VCALENDAR\n"), vec![event(3, "UID:a\n"), event(6, "UID:a\n")]),
            (
                "alarms and tasks go",
                format!(
                    "{BEGIN}BEGIN:VTODO\nUID:t\nEND:VTODO\nBEGIN:VEVENT\nBEGIN:VALARM\nUID:x\nEND:VALARM\nUID:a\nEND:VEVENT\n"
                ),
                vec![event(6, "UID:a\n")],
            ),
            (
                "a zone",
                format!(
                    "{BEGIN}BEGIN:VTIMEZONE\nTZID:z\nBEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n{A}"
                ),
                vec![(Piece::Zone, "TZID:z\n".to_owned()), event(9, "UID:a\n")],
            ),
            (
                "no end",
                format!("{BEGIN}BEGIN:VEVENT\nUID:b\n{A}"),
                vec![event(3, "UID:b\n"), event(5, "UID:a\n")],
            ),
            (
                "cut off",
                format!("{BEGIN}{A}BEGIN:VEVENT\nUID:b"),
                vec![event(3, "UID:a\n"), (Piece::CutOff { line: 6 }, "UID:b".to_owned())],
            ),
        ] {
            assert_eq!(pieces(&file), expected, "{name}");
        }
    }

    #[test]
    fn an_event_that_is_too_large_is_passed_over() {
        let attached = format!("ATTACH:{}\n", "x".repeat(LARGEST_EVENT));
        let file =
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{attached}END:VEVENT\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\n");
        let said: Vec<Piece> = pieces(&file).into_iter().map(|(piece, _)| piece).collect();
        assert_eq!(said, [Piece::TooLarge { line: 2 }, Piece::Event { line: 5 }]);
    }
}
