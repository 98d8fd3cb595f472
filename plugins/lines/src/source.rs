//! The bytes of a part as UTF-8 or an 8-bit charset, whatever they came in.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// How much text is decoded at a time.
const CHUNK: usize = 8 * 1024;

/// Which kind of UTF-16 a file is that starts with `head`, if it is any.
///
/// Older Outlooks and Windows tools write UTF-16 without a byte order mark, so
/// two ASCII characters with their NUL halves count as well.
pub fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match *head {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [1..=0x7F, 0, 1..=0x7F, 0, ..] => Some(UTF_16LE),
        [0, 1..=0x7F, 0, 1..=0x7F, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// A reader that hands on its bytes as they are, or turns UTF-16 into UTF-8.
pub struct Source<R> {
    inner: R,
    utf16: Option<Utf16>,
}

struct Utf16 {
    decoder: Decoder,
    text: Box<[u8]>,
    /// The part of `text` that was decoded and not yet consumed.
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl<R: BufRead> Source<R> {
    /// Reads `inner`, which is in `utf16` or in something ASCII-like.
    pub fn new(inner: R, utf16: Option<&'static Encoding>) -> Self {
        let utf16 = utf16.map(|encoding| Utf16 {
            decoder: encoding.new_decoder_with_bom_removal(),
            text: vec![0; CHUNK].into_boxed_slice(),
            ready: 0..0,
            ended: false,
        });
        Self { inner, utf16 }
    }

    /// The reader below.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }
}

impl Utf16 {
    /// Decodes until some text is ready or the input has ended.
    fn refill(&mut self, inner: &mut impl BufRead) -> io::Result<()> {
        while self.ready.is_empty() && !self.ended {
            let bytes = inner.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, last);
            inner.consume(read);
            self.ready = 0..written;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.utf16 {
            None => self.inner.fill_buf(),
            Some(utf16) => {
                utf16.refill(&mut self.inner)?;
                Ok(&utf16.text[utf16.ready.clone()])
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.utf16 {
            None => self.inner.consume(amount),
            Some(utf16) => utf16.ready.start = (utf16.ready.start + amount).min(utf16.ready.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(text: &str, wide: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(wide).collect()
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark_in_pieces_of_any_size() {
        let text = "BEGIN:VCARD\r\nFN:Zoë 😀\r\n";
        for (name, mark, wide) in [
            ("LE", "\u{feff}", u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ("BE", "\u{feff}", u16::to_be_bytes),
            ("LE without a mark", "", u16::to_le_bytes),
            ("BE without a mark", "", u16::to_be_bytes),
        ] {
            let bytes = bytes_of(&format!("{mark}{text}"), wide);
            let encoding = utf16(&bytes);
            assert!(encoding.is_some(), "{name}");
            for piece in [1, 3, 4096] {
                let mut read = String::new();
                let inner = io::BufReader::with_capacity(piece, &bytes[..]);
                Source::new(inner, encoding).read_to_string(&mut read).unwrap();
                assert_eq!(read, text, "{name} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn half_a_character_at_the_end_is_replaced() {
        let mut bytes = bytes_of("\u{feff}ab", u16::to_le_bytes);
        bytes.push(b'c');
        let mut read = String::new();
        Source::new(&bytes[..], utf16(&bytes)).read_to_string(&mut read).unwrap();
        assert_eq!(read, "ab\u{fffd}");
    }

    #[test]
    fn other_bytes_are_handed_on() {
        for bytes in [&b"BEGIN:VCARD\n"[..], b"\xEF\xBB\xBFBEGIN", b"", b"\0\0\0\0", b"M\xFCller"] {
            assert!(utf16(bytes).is_none());
            let mut read = Vec::new();
            Source::new(bytes, None).read_to_end(&mut read).unwrap();
            assert_eq!(read, bytes);
        }
    }
}
