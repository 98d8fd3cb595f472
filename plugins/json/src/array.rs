//! The elements of an array, one at a time, by their brackets alone: what is
//! wrong within one is seen when it is read, and costs no other.

use std::io::{self, BufRead};

/// The longest element that is held, in bytes.
const LONGEST: usize = 64 << 20;

/// An array that is being read.
pub(crate) struct Array<R> {
    input: R,
    line: u64,
    bytes: u64,
    end: Option<End>,
}

/// An element as it stood.
pub(crate) struct Element {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    pub(crate) text: Vec<u8>,
    /// Why it is not whole.
    pub(crate) fault: Option<&'static str>,
}

/// How the array ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    /// On this line, between two elements.
    CutOff(u64),
    /// On this line something stands behind it.
    More(u64),
}

impl<R: BufRead> Array<R> {
    /// Steps over the opening bracket; none if there is none.
    pub(crate) fn begin(input: R) -> io::Result<Option<Self>> {
        let mut array = Self { input, line: 1, bytes: 0, end: None };
        let mut mark = [0xEF, 0xBB, 0xBF].into_iter();
        loop {
            match array.byte()? {
                Some(b'[') => return Ok(Some(array)),
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(byte) if mark.next() == Some(byte) => {}
                _ => return Ok(None),
            }
        }
    }

    /// The next element; none at the end of the array.
    pub(crate) fn next(&mut self) -> io::Result<Option<Element>> {
        if self.end.is_some() {
            return Ok(None);
        }
        let first = loop {
            match self.byte()? {
                Some(byte) if byte.is_ascii_whitespace() || byte == b',' => {}
                Some(b']') => return self.behind(),
                Some(byte) => break byte,
                None => {
                    self.end = Some(End::CutOff(self.line));
                    return Ok(None);
                }
            }
        };
        let mut element = Element { line: self.line, text: Vec::new(), fault: None };
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        let mut byte = first;
        loop {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if element.text.len() < LONGEST {
                element.text.push(byte);
            } else {
                element.fault = Some("the contact is too large");
            }
            if depth == 0 && !quoted && matches!(self.peek()?, Some(b',' | b']')) {
                return Ok(Some(element));
            }
            match self.byte()? {
                Some(next) => byte = next,
                None => {
                    // It may be whole, and only the closing bracket be missing.
                    let is_whole = depth == 0 && !quoted;
                    if is_whole {
                        self.end = Some(End::CutOff(self.line));
                    } else {
                        self.end = Some(End::Whole);
                        element.fault = Some("the file ends before the contact does");
                    }
                    return Ok(Some(element));
                }
            }
        }
    }

    /// How it ended, once it has.
    pub(crate) fn end(&self) -> End {
        self.end.unwrap_or(End::CutOff(self.line))
    }

    /// How many bytes were read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Looks at what stands behind the closing bracket.
    fn behind(&mut self) -> io::Result<Option<Element>> {
        self.end = Some(End::Whole);
        while let Some(byte) = self.byte()? {
            if !byte.is_ascii_whitespace() {
                self.end = Some(End::More(self.line));
                break;
            }
        }
        Ok(None)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = self.peek()? else { return Ok(None) };
        self.input.consume(1);
        self.bytes += 1;
        // What follows a line's end stands on the next line.
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }
}
