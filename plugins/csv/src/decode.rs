//! Bytes of any encoding to UTF-8, as a stream.
//!
//! Memory stays bounded however long the input: the encoding is decided on one
//! window, which begins at the first byte that is not ASCII, so that a file
//! whose first accent comes late is decided by that accent.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes the encoding is judged by.
const WINDOW: usize = 64 * 1024;

/// A reader of UTF-8 without byte order mark over a reader of any encoding.
///
/// The encoding is the one of the byte order mark; else UTF-16 where every
/// other byte is NUL; else UTF-8 where it fits; else the likeliest legacy one.
/// What no encoding explains becomes U+FFFD.
pub(crate) struct Utf8Reader<R> {
    source: R,
    /// Bytes read and not yet decoded: `bytes[start..]`.
    bytes: Vec<u8>,
    start: usize,
    ended: bool,
    decoder: Option<Decoder>,
    /// Whether the encoding is final; until then the input was ASCII.
    decided: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), start: 0, ended: false, decoder: None, decided: false }
    }

    /// The reader underneath.
    pub(crate) fn source(&self) -> &R {
        &self.source
    }

    /// Appends decoded text to `text` and says whether there was any left.
    ///
    /// # Errors
    /// If the reader underneath fails.
    pub(crate) fn append_to(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        self.fill()?;
        let mut decoder = match self.decoder.take() {
            Some(decoder) => decoder,
            None => self.decoder_by_mark(),
        };
        if !self.decided {
            let ascii = Encoding::ascii_valid_up_to(&self.bytes[self.start..]);
            if ascii > 0 || (self.start == self.bytes.len() && !self.ended) {
                text.extend_from_slice(&self.bytes[self.start..self.start + ascii]);
                self.start += ascii;
                self.decoder = Some(decoder);
                return Ok(true);
            }
            decoder = guess(&self.bytes, self.ended).new_decoder_without_bom_handling();
            self.decided = true;
        }
        let pending = &self.bytes[self.start..];
        let before = text.len();
        let room = decoder.max_utf8_buffer_length(pending.len()).unwrap_or(pending.len());
        text.resize(before + room, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(pending, &mut text[before..], self.ended);
        text.truncate(before + written);
        self.start += read;
        let done = self.ended && result == CoderResult::InputEmpty;
        if done {
            // A decoder that has seen its last byte must not be asked again.
            self.decoder = Some(UTF_8.new_decoder_without_bom_handling());
        } else {
            self.decoder = Some(decoder);
        }
        Ok(!done || written > 0)
    }

    /// Fills the window, whatever the sizes of single reads.
    fn fill(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.start);
        self.start = 0;
        if !self.ended && self.bytes.len() < WINDOW {
            let room = WINDOW - self.bytes.len();
            let read = (&mut self.source).take(room as u64).read_to_end(&mut self.bytes)?;
            self.ended = read < room;
        }
        Ok(())
    }

    /// Decides by the first bytes, and steps over a byte order mark.
    fn decoder_by_mark(&mut self) -> Decoder {
        let by_mark = Encoding::for_bom(&self.bytes);
        let encoding = by_mark.map(|(encoding, _)| encoding).or_else(|| utf16(&self.bytes));
        self.start = by_mark.map_or(0, |(_, length)| length);
        self.decided = encoding.is_some();
        encoding.unwrap_or(UTF_8).new_decoder_without_bom_handling()
    }
}

/// UTF-16 without a byte order mark: its ASCII, of which a CSV file has at
/// least the separators, has a NUL in every other byte, and hardly any in the
/// rest. No other text has any.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let (many, few, encoding) =
        if second > first { (second, first, UTF_16LE) } else { (first, second, UTF_16BE) };
    (many * 50 > pairs.len() && few * 4 < many).then_some(encoding)
}

fn guess(bytes: &[u8], whole: bool) -> &'static Encoding {
    if mostly_utf8(bytes, whole) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, whole);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether what is not ASCII is UTF-8 at least as often as not: one damaged
/// character must not turn all the others into rubbish.
fn mostly_utf8(bytes: &[u8], whole: bool) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut_off = !whole && chunks.peek().is_none();
        invalid += usize::from(!chunk.invalid().is_empty() && !cut_off);
    }
    valid >= invalid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> String {
        let mut reader = Utf8Reader::new(bytes);
        let mut text = Vec::new();
        while reader.append_to(&mut text).unwrap() {}
        String::from_utf8(text).unwrap()
    }

    fn utf16_of(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn encodings() {
        let german = "Vorname,Nachname\r\nJürgen,Groß\r\nZoë,Müller\r\n";
        let little = [&[0xFF, 0xFE][..], &utf16_of(german, false)].concat();
        let big = [&[0xFE, 0xFF][..], &utf16_of(german, true)].concat();
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(german);
        let asian = format!("Name,Email\n{},a@example.org\n", "山田 太郎".repeat(40));
        let (polish, ..) = encoding_rs::WINDOWS_1250.encode("imię;firma\nŁukasz Żółć;Gęślą jaźń\n");
        let (russian, ..) = encoding_rs::WINDOWS_1251.encode("имя;заметка\nПётр Иванов;Соседка Анны\n");
        let (japanese, ..) = encoding_rs::SHIFT_JIS.encode("名前,会社\n山田 太郎,東京商事株式会社\n");
        for (name, bytes, expected) in [
            ("UTF-8", german.as_bytes().to_vec(), german),
            ("UTF-8 with mark", format!("\u{feff}{german}").into_bytes(), german),
            ("UTF-16LE with mark", little, german),
            ("UTF-16BE with mark", big, german),
            ("UTF-16LE without mark", utf16_of(german, false), german),
            ("UTF-16BE without mark", utf16_of(german, true), german),
            ("UTF-16LE without mark, hardly any ASCII", utf16_of(&asian, false), &asian),
            ("UTF-16BE without mark, hardly any ASCII", utf16_of(&asian, true), &asian),
            ("Windows-1250", polish.into_owned(), "imię;firma\nŁukasz Żółć;Gęślą jaźń\n"),
            ("Windows-1251", russian.into_owned(), "имя;заметка\nПётр Иванов;Соседка Анны\n"),
            ("Windows-1252", latin.into_owned(), german),
            ("Shift_JIS", japanese.into_owned(), "名前,会社\n山田 太郎,東京商事株式会社\n"),
            ("one damaged character", b"J\xC3\xBCrgen,Zo\xC3,Gro\xC3\x9F".to_vec(), "Jürgen,Zo\u{fffd},Groß"),
            ("ends within a character", b"Zo\xC3\xAB,Zo\xC3".to_vec(), "Zoë,Zo\u{fffd}"),
            ("nothing", Vec::new(), ""),
            ("only a mark", "\u{feff}".into(), ""),
        ] {
            assert_eq!(decode(&bytes), expected, "{name}");
        }
    }

    #[test]
    fn an_accent_far_behind_the_first_window_decides() {
        let mut bytes = b"Ada,Lovelace\n".repeat(20_000);
        bytes.extend(b"J\xFCrgen,Gro\xDF\n");
        assert!(decode(&bytes).ends_with("Jürgen,Groß\n"));
    }

    #[test]
    fn characters_across_windows_are_whole() {
        let text = "aé,b€c😀,".repeat(WINDOW / 7);
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&utf16_of(&format!("plain ascii first, {text}"), false)).len(), text.len() + 19);
    }
}
