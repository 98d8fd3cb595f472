//! How plausible a text is as a file of people of one language.

use super::language::Language;

/// A script, as far as the letters of one are told from those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Thai,
    Han,
    Kana,
    Hangul,
}

impl Script {
    /// The script of a letter; none of what is no letter.
    fn of(c: char) -> Option<Self> {
        let script = match c {
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{4ff}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' => Self::Arabic,
            // Some of its vowels are marks, which are no letters by themselves.
            '\u{e01}'..='\u{e5b}' => return Some(Self::Thai),
            '\u{3040}'..='\u{30ff}' => return Some(Self::Kana),
            '\u{3005}' | '\u{3400}'..='\u{9fff}' => Self::Han,
            '\u{ac00}'..='\u{d7a3}' => Self::Hangul,
            // The marks of Vietnamese.
            '\u{300}'..='\u{323}' => return Some(Self::Latin),
            // The Latin letters of Unicode end here; what comes behind is of presentation forms.
            '\0'..='\u{24f}' => Self::Latin,
            _ => return None,
        };
        c.is_alphabetic().then_some(script)
    }

    /// Whether it has thousands of letters, of which a list names only the common ones.
    fn is_large(self) -> bool {
        matches!(self, Self::Han | Self::Kana | Self::Hangul)
    }
}

/// What a letter of a language's common ones counts for, and so on. They were set by trial
/// (tests/importer/tiny.rs): what cannot stand in a name weighs more than what often does.
mod weight {
    pub(super) const COMMON: i32 = 3;
    pub(super) const RARE: i32 = 1;
    /// A letter of a large script takes two bytes.
    pub(super) const COMMON_OF_LARGE: i32 = 5;
    pub(super) const OTHER_OF_LARGE: i32 = 2;
    /// A letter that the language does not have.
    pub(super) const FOREIGN: i32 = -6;
    /// A symbol in the middle of a word, `Gro§`.
    pub(super) const SYMBOL_IN_WORD: i32 = -6;
    /// A symbol elsewhere.
    pub(super) const SYMBOL: i32 = -2;
    /// A capital letter behind a small one, `aÀb`.
    pub(super) const CASE: i32 = -5;
    /// Letters of two scripts in one word.
    pub(super) const MIXED: i32 = -6;
    /// A word that begins with a small letter where a name does not.
    pub(super) const SMALL: i32 = -2;
}

/// Letters that no word begins with.
const NEVER_FIRST: &str = "ÐĞðğь";

/// What stands in texts besides letters, whatever their language.
fn is_punctuation(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{2010}'..='\u{2026}' | '«' | '»' | '\u{a0}' | '€' | '、' | '。' | '・' | '·')
}

/// How plausible `word`, which has a character that is not ASCII, is in a language. The more, the better.
pub(super) fn of_word(word: &str, language: &Language) -> i32 {
    let mut sum = 0;
    let mut before: Option<char> = None;
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let neighbours = [before, chars.peek().copied()];
        let in_word = neighbours.iter().all(|c| c.is_some_and(char::is_alphabetic));
        let script = Script::of(c);
        sum += match script {
            _ if c.is_ascii() => 0,
            None if matches!(c, '’' | '‘' | char::REPLACEMENT_CHARACTER) => 0,
            None if in_word => weight::SYMBOL_IN_WORD,
            None if is_punctuation(c) => 0,
            None => weight::SYMBOL,
            Some(script) => of_letter(c, script, language),
        };
        if let (Some(script), Some(previous)) = (script, before.and_then(Script::of))
            && !go_together(previous, script)
        {
            sum += weight::MIXED;
        }
        match before {
            // `McCarthy` is a name.
            Some(previous) if previous.is_ascii() && c.is_ascii() => {}
            Some(previous) if previous.is_lowercase() && c.is_uppercase() => sum += weight::CASE,
            None if NEVER_FIRST.contains(c) => sum += weight::FOREIGN,
            None if !c.is_ascii() && c.is_lowercase() => sum += weight::SMALL,
            _ => {}
        }
        let capitals = before.is_some_and(char::is_uppercase) && c.is_uppercase();
        if capitals && !word.is_ascii() && chars.peek().is_some_and(|next| next.is_lowercase()) {
            sum += weight::CASE;
        }
        before = Some(c);
    }
    sum
}

fn of_letter(c: char, script: Script, language: &Language) -> i32 {
    let is_in = |letters: &str| letters.contains(c) || c.to_lowercase().all(|small| letters.contains(small));
    let is_own = || language.common.chars().next().and_then(Script::of) == Some(script);
    if is_in(language.common) {
        if script.is_large() { weight::COMMON_OF_LARGE } else { weight::COMMON }
    } else if is_in(language.rare) {
        weight::RARE
    } else if script.is_large() && is_own() {
        weight::OTHER_OF_LARGE
    } else {
        weight::FOREIGN
    }
}

/// Whether letters of both may stand in one word.
fn go_together(one: Script, other: Script) -> bool {
    let japanese = |script| matches!(script, Script::Han | Script::Kana);
    one == other || (japanese(one) && japanese(other))
}
