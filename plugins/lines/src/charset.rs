//! Which characters the bytes of a card mean.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use crate::line::{Property, Unfold};

/// The encoding that a `CHARSET` parameter names, if it is a known one.
pub fn named(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label)
}

/// What the bytes of one card are read as where they are not UTF-8 and their
/// own property names nothing.
pub struct Charset<'a> {
    card: &'a [u8],
    /// What the user states for cards that name none.
    stated: Option<&'static Encoding>,
    /// Found when first needed.
    fallback: Option<&'static Encoding>,
    /// What the card only looks like, if it was read so.
    pub guessed: Option<&'static Encoding>,
    /// The encoding with which some bytes could not be read.
    pub failed: Option<&'static Encoding>,
}

impl<'a> Charset<'a> {
    /// For the bytes of `card`, which are the evidence of what they mean; where they
    /// name nothing they are in what the user states.
    #[must_use]
    pub fn of(card: &'a [u8], stated: Option<&'static Encoding>) -> Self {
        Self { card, stated, fallback: None, guessed: None, failed: None }
    }

    /// Decodes `bytes` of the card: as UTF-8 if they are that, else as the
    /// charset that their property names, else as what the card names, the user
    /// states, or it looks like. Many writers name a charset and write UTF-8, hence the order; only
    /// a charset that hides its characters in ASCII bytes is taken at its word.
    pub fn decode<'b>(&mut self, bytes: &'b [u8], own: Option<&'static Encoding>) -> Cow<'b, str> {
        let encoding = match own {
            Some(hidden) if !hidden.is_ascii_compatible() => hidden,
            _ => match (std::str::from_utf8(bytes), own) {
                (Ok(text), _) => return Cow::Borrowed(text),
                (Err(_), Some(own)) if own != UTF_8 => own,
                (Err(_), _) => self.fallback(bytes),
            },
        };
        let (text, replaced) = encoding.decode_without_bom_handling(bytes);
        if replaced {
            self.failed = Some(encoding);
        }
        text
    }

    /// The card as one text, as it stood. Only where a fold splits a character
    /// is that line given unfolded: no text can hold half a character.
    pub fn decode_card(&mut self) -> String {
        if let Ok(text) = std::str::from_utf8(self.card) {
            return text.to_owned();
        }
        let mut text = String::with_capacity(self.card.len());
        let (mut lines, mut scratch) = (Unfold::new(self.card), Vec::new());
        while let Some(line) = lines.next(&mut scratch, |_| true) {
            let end = line.stood.len() - line.stood.trim_ascii_end().len();
            let end = &line.stood[line.stood.len() - end..];
            if let (Err(_), Ok(unfolded)) = (std::str::from_utf8(line.stood), std::str::from_utf8(line.text))
            {
                text.push_str(unfolded.trim_ascii_end());
                text.extend(end.iter().map(|byte| char::from(*byte)));
            } else {
                let own = Property::split(line.text).and_then(|property| named(property.charset()?));
                text.push_str(&self.decode(line.stood, own));
            }
        }
        text
    }

    fn fallback(&mut self, bytes: &[u8]) -> &'static Encoding {
        // An ASCII card has its other characters in quoted-printable only.
        let evidence = if self.card.is_ascii() { bytes } else { self.card };
        if let Some(known) = self.fallback.or_else(|| named_in(self.card)).or(self.stated) {
            return self.fallback.insert(known);
        }
        let guessed = of_phones_in_japan(self.card, evidence).unwrap_or_else(|| detect(evidence));
        // What is damaged UTF-8 is no guess.
        self.guessed = Some(guessed).filter(|guessed| *guessed != UTF_8);
        self.fallback.insert(guessed)
    }
}

/// Decodes bytes that say nothing of their charset: UTF-8, or else what they look like.
#[must_use]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes)
        .map_or_else(|_| detect(bytes).decode_without_bom_handling(bytes).0, Cow::Borrowed)
}

/// The first charset other than UTF-8 that a property of the card names.
fn named_in(card: &[u8]) -> Option<&'static Encoding> {
    let (mut lines, mut scratch) = (Unfold::new(card), Vec::new());
    while let Some(line) = lines.next(&mut scratch, |_| true) {
        let own = Property::split(line.text).and_then(|property| named(property.charset()?));
        if let Some(encoding) = own.filter(|own| *own != UTF_8) {
            return Some(encoding);
        }
    }
    None
}

/// The encoding of phones in Japan, which write how a name sounds in katakana of half the width, where that can be
/// what these bytes of the card are: a few of these characters look like any language's letters.
fn of_phones_in_japan(card: &[u8], bytes: &[u8]) -> Option<&'static Encoding> {
    const SOUND: &[u8] = b"X-IRMC-N";
    let is_theirs = card.windows(SOUND.len()).any(|word| word.eq_ignore_ascii_case(SOUND));
    let is_readable = || SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    (is_theirs && is_readable()).then_some(SHIFT_JIS)
}

/// What bytes that are not UTF-8 look like.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad {
        // UTF-8 with a few damaged places, which no other charset would mend.
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_by_what_they_are_then_by_what_they_say() {
        for (name, card, bytes, own, expected) in [
            ("utf-8", &b""[..], "Zoë".as_bytes(), None, "Zoë"),
            ("utf-8 that says latin-1", b"", "Zoë".as_bytes(), Some("iso-8859-1"), "Zoë"),
            ("latin-1 that says so", b"", b"Zo\xEB", Some("iso-8859-1"), "Zoë"),
            ("latin-1 that says utf-8", b"", b"M\xFCller", Some("utf-8"), "Müller"),
            ("as the card says elsewhere", b"N;CHARSET=windows-1251:x\n", b"\xC8\xE2\xE0\xED", None, "Иван"),
            ("hidden in ASCII", b"", b"\x1B$B;3\x1B(B", Some("iso-2022-jp"), "山"),
            ("damaged utf-8", "FN:Zoë Brontë\n".as_bytes(), b"Zo\xC3", None, "Zo\u{fffd}"),
        ] {
            let own = own.and_then(|label| named(label.as_bytes()));
            // The bytes are of the card, so they are part of the evidence.
            let card = [card, b"NOTE:", bytes, b"\n"].concat();
            assert_eq!(Charset::of(&card, None).decode(bytes, own), expected, "{name}");
        }
    }

    #[test]
    fn a_phone_in_japan_is_told_by_what_only_it_writes() {
        let card = b"N:\xB5\xB7\xC0;\xD5\xB3\xBA\nSOUND;X-IRMC-N:\xB5\xB7\xC0;\xD5\xB3\xBA\n";
        let mut charset = Charset::of(card, None);
        assert_eq!(charset.decode(b"\xB5\xB7\xC0", None), "ｵｷﾀ");
        assert_eq!(charset.guessed, Some(SHIFT_JIS));
        assert_ne!(Charset::of(b"N:\xB5\xB7\xC0\n", None).decode(b"\xB5\xB7\xC0", None), "ｵｷﾀ");
    }

    #[test]
    fn what_the_user_states_counts_where_a_card_names_nothing() {
        for (name, card, expected) in [
            ("nothing named", &b"FN:Petrovi\xE6"[..], "FN:Petrović"),
            ("named", b"FN;CHARSET=iso-8859-1:Petrovi\xE6", "FN;CHARSET=iso-8859-1:Petroviæ"),
            ("utf-8", "FN:Petrović".as_bytes(), "FN:Petrović"),
        ] {
            assert_eq!(Charset::of(card, named(b"windows-1250")).decode_card(), expected, "{name}");
        }
    }

    #[test]
    fn a_card_keeps_its_folds_unless_they_split_a_character() {
        for (name, card, expected) in [
            ("plain", &b"FN:a\r\n b\r\n"[..], "FN:a\r\n b\r\n"),
            ("split character", b"FN:Zo\xC3\r\n \xAB\r\nNOTE:a\r\n b\r\n", "FN:Zoë\r\nNOTE:a\r\n b\r\n"),
            ("latin-1", b"N;CHARSET=iso-8859-1:Zo\xEB\r\n x\n", "N;CHARSET=iso-8859-1:Zoë\r\n x\n"),
            (
                "one line of latin-1",
                b"N:Zo\xEB\nNOTE:\xC3\xA9\xC3\xA8 \xC3\xA9\n",
                "N:Zo\u{fffd}\nNOTE:éè é\n",
            ),
        ] {
            assert_eq!(Charset::of(card, None).decode_card(), expected, "{name}");
        }
    }
}
