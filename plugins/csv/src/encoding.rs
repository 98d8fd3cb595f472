//! Which encoding a file is in.
//!
//! A file tells it by a byte order mark, by being UTF-8, or not at all. Then
//! what the user states counts, for the import or in the dialect of the header;
//! and else it is guessed. chardetng, which browsers guess by, is made for
//! prose: of files of one to three people it read one in ten wrong, most Lithuanian
//! ones among them. So each language's letters, domain,
//! calling code and words for columns are looked for as well (`language`), and
//! what cannot be in a name, such as `Gro§` and `HÈlËne`, counts against an
//! encoding (`plausible`). chardetng decides between equals.

mod language;
mod plausible;

use std::collections::HashSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::dialect::{Dialect, header_key};
use crate::header;

use language::{LANGUAGES, Language};

/// How many decoded characters an encoding is judged by.
const JUDGED: usize = 32 * 1024;

/// How many lines names of columns are looked for in.
const HEADER_LINES: usize = 10;

/// What evidence counts for; a letter counts for at most 5 (`plausible`). Set
/// by trial on files of one to three people in 30 languages, of which chardetng
/// alone read 347 of 390 as they were, and all of this 387.
mod weight {
    /// The name of a column that is known.
    pub(super) const COLUMN: i32 = 8;
    /// An address or a number of the language's country.
    pub(super) const COUNTRY: i32 = 5;
    /// That chardetng is of the same opinion: it decides between equals.
    pub(super) const DETECTED: i32 = 1;
    /// Bytes that are a character of UTF-8, which others hardly ever are by chance.
    pub(super) const UTF8: i32 = 4;
    /// Bytes among them that are none.
    pub(super) const DAMAGED: i32 = -3;
    /// So many times as many of the former as of the latter leave no doubt.
    pub(super) const SURELY_UTF8: i32 = 4;
    /// An encoding that is not the usual one of the language.
    pub(super) const UNUSUAL: i32 = -1;
}

/// An encoding, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The file or the user tells it.
    Known(&'static Encoding),
    /// It is the likeliest one.
    Guessed(&'static Encoding),
}

impl Choice {
    /// The encoding.
    pub(crate) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Known(encoding) | Self::Guessed(encoding) => encoding,
        }
    }
}

/// What is known besides the bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clues<'a> {
    /// What the user states for files that do not tell.
    pub(crate) stated: Option<&'static Encoding>,
    /// The dialects of the user's own.
    pub(crate) own: &'a [Dialect],
    /// The others.
    pub(crate) shipped: &'a [Dialect],
}

impl Clues<'_> {
    /// The encoding that the first bytes of a file tell, and the length of the mark that they tell it by.
    pub(crate) fn told(self, bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
        // One that hides its characters in ASCII cannot be told from the bytes: the user is taken at their word.
        let hidden = || self.stated.filter(|stated| !stated.is_ascii_compatible());
        Encoding::for_bom(bytes).or_else(|| Some((hidden().or_else(|| utf16(bytes))?, 0)))
    }

    /// The encoding of a file with these `bytes`, which are not all ASCII: its
    /// beginning, or rows that stand behind a header that is ASCII. `whole`:
    /// nothing comes behind them.
    pub(crate) fn choose(self, bytes: &[u8], whole: bool) -> Choice {
        // A character that is cut off at the end says nothing.
        let end = if whole { None } else { bytes.iter().rposition(|&byte| byte == b'\n') };
        let bytes = &bytes[..end.map_or(bytes.len(), |last| last + 1)];
        let by_header = || header::stated_encoding(self.own, bytes);
        if str::from_utf8(bytes).is_ok_and(is_by_intent) {
            Choice::Known(UTF_8)
        } else if let Some(stated) = self.stated.or_else(by_header) {
            Choice::Known(stated)
        } else {
            Choice::Guessed(self.guess(bytes))
        }
    }

    /// The likeliest encoding of text that is not, or not all, UTF-8.
    fn guess(self, bytes: &[u8]) -> &'static Encoding {
        let (valid, damaged) = utf8_chars(bytes);
        // One damaged character must not turn all the others into rubbish.
        if damaged > 0 && valid > weight::SURELY_UTF8 * damaged {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let detected = detector.guess(None, Utf8Detection::Deny);
        let dialects = self.own.iter().chain(self.shipped);
        let columns: HashSet<String> =
            dialects.flat_map(Dialect::names).filter(|name| !name.is_ascii()).map(header_key).collect();
        let countries = countries(bytes);
        let judge = |encoding| {
            let reading = Reading::of(encoding, bytes)?;
            let known = weight::COLUMN * count(reading.names().filter(|name| columns.contains(name)));
            let best = LANGUAGES.iter().zip(&countries).filter_map(|(language, is_there)| {
                let place = language.encodings.iter().position(|own| *own == encoding)?;
                let country = if *is_there { weight::COUNTRY } else { 0 };
                let unusual = if place > 0 { weight::UNUSUAL } else { 0 };
                Some(reading.plausibility(language) + country + unusual)
            });
            let agreed = if encoding == detected { weight::DETECTED } else { 0 };
            Some((best.max()? + known + agreed, encoding))
        };
        // Of equals the first.
        let as_utf8 = || {
            let reading = Reading { text: String::from_utf8_lossy(bytes).into_owned() };
            let best = LANGUAGES.iter().map(|language| reading.plausibility(language)).max()?;
            Some((best + weight::UTF8 * valid + weight::DAMAGED * damaged, UTF_8))
        };
        let readings: Vec<_> = encodings().into_iter().filter_map(judge).chain(as_utf8()).collect();
        let best = readings.into_iter().rev().max_by_key(|(score, _)| *score);
        best.filter(|(score, _)| *score > 0).map_or(detected, |(_, encoding)| encoding)
    }
}

/// What the user is told of a guess.
pub(crate) fn of_guess(encoding: &'static Encoding) -> String {
    format!(
        "the text was read as {}, which is a guess: if names look wrong, state what it is with --encoding NAME, or in a dialect file (docs/csv.md)",
        encoding.name()
    )
}

/// The encoding with a label of the WHATWG Encoding Standard, such as `shift_jis`.
///
/// # Errors
/// If there is none, in a sentence for the user.
pub(crate) fn named(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        format!("there is no encoding called {label:?}; some that there are: windows-1250 to windows-1258, shift_jis, gbk, big5, euc-kr, koi8-r, macintosh, utf-8")
    })
}

/// The encodings of all languages, each once.
fn encodings() -> Vec<&'static Encoding> {
    let mut encodings = Vec::new();
    for encoding in LANGUAGES.iter().flat_map(|language| language.encodings) {
        if !encodings.contains(encoding) {
            encodings.push(*encoding);
        }
    }
    encodings
}

/// What bytes say in one encoding.
struct Reading {
    text: String,
}

impl Reading {
    /// Nothing if some bytes say nothing in it, or what no text has.
    fn of(encoding: &'static Encoding, bytes: &[u8]) -> Option<Self> {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let text: String = text.chars().take(JUDGED).collect();
        let no_text = |c| matches!(c, '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}');
        (!text.contains(no_text)).then_some(Self { text })
    }

    /// What could be names of columns, as far as that is not ASCII.
    fn names(&self) -> impl Iterator<Item = String> {
        let cells = self.text.lines().take(HEADER_LINES).flat_map(|line| line.split([',', ';', '\t']));
        cells.filter(|cell| !cell.is_ascii()).map(|cell| header_key(cell.trim_matches(['"', ' '])))
    }

    /// How plausible it is that it is about people of a language. The more, the better.
    fn plausibility(&self, language: &Language) -> i32 {
        let between = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
        let words = self.text.split(between).filter(|word| !word.is_ascii());
        let columns = count(self.names().filter(|name| language.words.contains(&name.as_str())));
        words.map(|word| plausible::of_word(word, language)).sum::<i32>() + weight::COLUMN * columns
    }
}

/// The length of an iterator, as far as it matters.
fn count(of: impl Iterator) -> i32 {
    i32::try_from(of.take(JUDGED).count()).unwrap_or_default()
}

/// For each language whether an address or a telephone number is of its country.
fn countries(bytes: &[u8]) -> Vec<bool> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let has = |language: &Language| {
        let (domain, code) = (format!(".{}", language.domain), format!("+{}", language.calling));
        let ends_address = |at: usize| !text[at + domain.len()..].starts_with(goes_on);
        text.contains(&code) || text.match_indices(&domain).any(|(at, _)| ends_address(at))
    };
    LANGUAGES.iter().map(has).collect()
}

/// UTF-16 without a byte order mark: its ASCII, of which a CSV file has at
/// least the separators, has a NUL in every other byte, and hardly any in the
/// rest. In other text a NUL is a slip, and most separators have none beside them.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let (many, few, encoding) =
        if second > first { (second, first, UTF_16LE) } else { (first, second, UTF_16BE) };
    let separates = |byte: u8| matches!(byte, b'\n' | b'\r' | b',' | b';' | b'\t');
    let is_separator = |pair: &&[u8; 2]| matches!(**pair, [0, byte] | [byte, 0] if separates(byte));
    let separators = pairs.iter().filter(is_separator).count();
    let likely = many * 50 > pairs.len() && few * 4 < many;
    (likely && separators * 2 > bytes.iter().filter(|byte| separates(**byte)).count()).then_some(encoding)
}

/// Whether a text that is UTF-8 was meant to be. A few characters of GBK can
/// be so by chance, but as letters and marks that hardly any name has.
fn is_by_intent(text: &str) -> bool {
    let odd = |c| match c {
        // Pinyin, Vietnamese, Romanian, Hausa, Azerbaijani; signs like an apostrophe.
        'ǎ'..='ǜ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | 'Ș'..='ț' | 'ƙ' | 'ƴ' | 'ɓ' | 'ɗ' | 'ə' | 'Ə' => {
            false
        }
        '\u{2b9}'..='\u{2bd}' => false,
        // Phonetic letters, old Cyrillic ones, marks of the Hebrew Bible.
        '\u{180}'..='\u{2ff}' | '\u{460}'..='\u{489}' | '\u{591}'..='\u{5c7}' => true,
        _ => false,
    };
    let chars = || text.chars().filter(|c| !c.is_ascii());
    let number = chars().filter(|c| odd(*c)).count();
    number * 2 <= chars().count()
}

/// How many characters that are not ASCII bytes have as UTF-8, and how many pieces that are none.
fn utf8_chars(bytes: &[u8]) -> (i32, i32) {
    let valid = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()).filter(|c| !c.is_ascii());
    let damaged = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
    (count(valid), count(damaged))
}
