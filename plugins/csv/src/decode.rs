//! Bytes of any encoding to UTF-8, as a stream.
//!
//! Memory stays bounded however long the input: the encoding is decided on what
//! stands around the first byte that is not ASCII, so that a file whose first
//! accent comes late is decided by that accent.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

use crate::encoding::{Choice, Clues};

/// How many bytes are decoded at a time, and looked at behind the first that is
/// not ASCII to find the encoding.
const WINDOW: usize = 64 * 1024;

/// A reader of UTF-8 without byte order mark over a reader of any encoding.
///
/// What the encoding does not explain becomes U+FFFD.
pub(crate) struct Utf8Reader<'a, R> {
    source: R,
    clues: Clues<'a>,
    /// Bytes read and not yet decoded: `bytes[start..]`.
    bytes: Vec<u8>,
    start: usize,
    ended: bool,
    decoder: Option<Decoder>,
    /// How the encoding is known; until then the input was ASCII.
    choice: Option<Choice>,
}

impl<'a, R: Read> Utf8Reader<'a, R> {
    pub(crate) fn new(source: R, clues: Clues<'a>) -> Self {
        Self { source, clues, bytes: Vec::new(), start: 0, ended: false, decoder: None, choice: None }
    }

    /// The reader underneath.
    pub(crate) fn source(&self) -> &R {
        &self.source
    }

    /// The encoding, where it had to be guessed.
    pub(crate) fn guessed(&self) -> Option<&'static Encoding> {
        match self.choice {
            Some(Choice::Guessed(encoding)) => Some(encoding),
            Some(Choice::Known(_)) | None => None,
        }
    }

    /// States the encoding, if nobody did and nothing told it so far.
    pub(crate) fn state(&mut self, encoding: Option<&'static Encoding>) {
        self.clues.stated = self.clues.stated.or(encoding);
    }

    /// Appends decoded text to `text` and says whether there was any left.
    ///
    /// # Errors
    /// If the reader underneath fails.
    pub(crate) fn append_to(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        self.fill(WINDOW)?;
        let mut decoder = match self.decoder.take() {
            Some(decoder) => decoder,
            None => self.first_decoder(),
        };
        if self.choice.is_none() {
            let pending = &self.bytes[self.start..];
            let ascii = Encoding::ascii_valid_up_to(pending);
            if ascii == pending.len() {
                text.extend_from_slice(pending);
                self.start += ascii;
                self.decoder = Some(decoder);
                return Ok(ascii > 0 || !self.ended);
            }
            self.fill(ascii + WINDOW)?;
            let choice = self.clues.choose(&self.bytes, self.ended);
            decoder = choice.encoding().new_decoder_without_bom_handling();
            self.choice = Some(choice);
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

    /// Reads on until `wanted` bytes are there, whatever the sizes of single reads.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        self.bytes.drain(..self.start);
        self.start = 0;
        if !self.ended && self.bytes.len() < wanted {
            let room = wanted - self.bytes.len();
            let read = (&mut self.source).take(room as u64).read_to_end(&mut self.bytes)?;
            self.ended = read < room;
        }
        Ok(())
    }

    /// Decides by the first bytes, where they tell, and steps over a byte order mark.
    fn first_decoder(&mut self) -> Decoder {
        let told = self.clues.told(&self.bytes);
        self.start = told.map_or(0, |(_, mark)| mark);
        self.choice = told.map(|(encoding, _)| Choice::Known(encoding));
        told.map_or(UTF_8, |(encoding, _)| encoding).new_decoder_without_bom_handling()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> String {
        let mut reader = Utf8Reader::new(bytes, Clues::default());
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
