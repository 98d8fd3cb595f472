//! Where cards begin and end.

use kith_lines::{Edge, Property, without_mark};

/// The name of a card's component.
const CARD: &[u8] = b"VCARD";

/// What a physical line means to the division of a file into cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Boundary {
    /// `BEGIN:VCARD`.
    Begin,
    /// `END:VCARD`.
    End,
    /// `AGENT:`, and its card (vCard 2.1 section 2.4.1) begins in the next line.
    Agent,
    /// `AGENT:BEGIN:VCARD` in one line.
    AgentBegin,
    /// Nothing but blanks.
    Blank,
    /// Anything else.
    Other,
}

impl Boundary {
    /// Judges a line, with or without its line end. An indented line is the
    /// rest of a folded one and never a boundary.
    pub(crate) fn of(line: &[u8]) -> Self {
        let line = without_mark(line);
        match line.first() {
            Some(b'A' | b'a') => Self::of_agent(line),
            Some(b'\r' | b'\n' | b' ' | b'\t') if line.trim_ascii().is_empty() => Self::Blank,
            None => Self::Blank,
            Some(_) => match Edge::of(line) {
                Some(Edge::Begin(name)) if name.eq_ignore_ascii_case(CARD) => Self::Begin,
                Some(Edge::End(name)) if name.eq_ignore_ascii_case(CARD) => Self::End,
                _ => Self::Other,
            },
        }
    }

    fn of_agent(line: &[u8]) -> Self {
        match Property::split(line) {
            Some(property) if property.name.eq_ignore_ascii_case(b"AGENT") => {
                match property.value.trim_ascii() {
                    b"" => Self::Agent,
                    value => match Edge::of(value) {
                        Some(Edge::Begin(name)) if name.eq_ignore_ascii_case(CARD) => Self::AgentBegin,
                        _ => Self::Other,
                    },
                }
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_recognised_as_writers_write_them() {
        for (line, expected) in [
            ("BEGIN:VCARD", Boundary::Begin),
            ("begin:vcard \r\n", Boundary::Begin),
            ("\u{feff}BEGIN:VCARD", Boundary::Begin),
            ("BEGIN : VCARD", Boundary::Begin),
            ("END:VCARD\r", Boundary::End),
            ("End:vCard", Boundary::End),
            ("AGENT:", Boundary::Agent),
            ("AGENT;VALUE=x:  \r\n", Boundary::Agent),
            ("AGENT:BEGIN:VCARD", Boundary::AgentBegin),
            ("AGENT:BEGIN:VCARD\\nFN:x\\nEND:VCARD", Boundary::Other),
            ("", Boundary::Blank),
            (" \t\r\n", Boundary::Blank),
            (" BEGIN:VCARD", Boundary::Other),
            ("BEGIN:VCALENDAR", Boundary::Other),
            ("BEGINNER:VCARD", Boundary::Other),
            ("ENDS", Boundary::Other),
            ("FN:BEGIN:VCARD", Boundary::Other),
        ] {
            assert_eq!(Boundary::of(line.as_bytes()), expected, "{line:?}");
        }
    }
}
