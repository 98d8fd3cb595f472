//! Texts that came from elsewhere, as they are shown: how wide they are, and
//! what in them is for a terminal and not for a reader.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// A label of a value as people say it: `Sommerhaus` of what a card calls `x-sommerhaus`.
#[must_use]
pub fn label(label: &str) -> Cow<'_, str> {
    let own = label.get(..2).filter(|mark| mark.eq_ignore_ascii_case("x-")).and(label.get(2..));
    let Some(own) = own.filter(|own| !own.trim().is_empty()) else { return Cow::Borrowed(label) };
    let spoken = own.replace(['-', '_'], " ");
    // Letters that are all large are a card's manner, too.
    let spoken = if spoken.chars().any(char::is_lowercase) { spoken } else { spoken.to_lowercase() };
    let mut chars = spoken.chars();
    Cow::Owned(chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect())
}

/// A text as one word of a shell.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_alphanumeric() || "/._-+@%".contains(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', "'\\''")))
}

/// How much of a name is shown in a title or a sentence, in columns of a terminal.
const NAME: usize = 80;

/// How many characters are kept for each column: some take none, and a
/// thousand accents on one letter are cut all the same.
const CHARACTERS_A_COLUMN: usize = 4;

/// Whether a character is a command to a terminal: the control characters
/// (ECMA-48 section 5), among them the end of a line, and Unicode's own ends
/// of lines.
#[must_use]
pub fn is_command(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character changes the order in which the characters around it
/// are shown, without being seen itself: embeddings, overrides and isolates
/// (Unicode Standard Annex 9, sections 2.1 to 2.5). Right-to-left scripts are
/// shown as they should be without them.
#[must_use]
pub fn is_reordering(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What is shown of a character: nothing of one that reorders, and `�` for
/// one that would command a terminal. Ends of lines stay.
#[must_use]
pub fn shown(c: char) -> Option<char> {
    match c {
        '\n' => Some(c),
        _ if is_reordering(c) => None,
        _ if is_command(c) => Some(char::REPLACEMENT_CHARACTER),
        _ => Some(c),
    }
}

/// What somebody noted, without the full stop that they ended it with: it goes on
/// in sentences, which end by themselves. An ellipsis stays.
#[must_use]
pub fn unended(noted: &str) -> &str {
    let noted = noted.trim();
    noted.strip_suffix('.').filter(|rest| !rest.ends_with('.')).map_or(noted, str::trim_end)
}

/// What somebody noted, as the end of a sentence: with a full stop, unless it ends by itself.
#[must_use]
pub fn ended(noted: &str) -> String {
    let noted = unended(noted);
    let stop = if noted.ends_with(['?', '!', '…', '.']) { "" } else { "." };
    format!("{noted}{stop}")
}

/// Lines as they are shown: so that a name from somebody else's file cannot
/// clear a screen or pretend to be our words.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(shown).collect())
}

/// How many columns of a terminal a text takes (Unicode Standard Annex 11);
/// none for what is not seen.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.chars().map(column_count).sum()
}

fn column_count(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// A text on one line of at most `width` columns, with `…` in the place of
/// what does not fit and spaces for ends of lines.
#[must_use]
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    let most = width.saturating_mul(CHARACTERS_A_COLUMN);
    let fits = columns(text) <= width && text.chars().count() <= most;
    if fits && !text.contains(ends_line) {
        return Cow::Borrowed(text);
    }
    let line = text.chars().map(|c| if ends_line(c) { ' ' } else { c });
    if fits {
        return Cow::Owned(line.collect());
    }
    let mut used = 1;
    let shown = line.take(most).take_while(|&c| {
        used += column_count(c);
        used <= width
    });
    Cow::Owned(shown.chain(['…']).collect())
}

/// A text in lines of at most `width` columns. Each begins with the spaces
/// that its line of the text begins with, at most half of `width`.
///
/// Lines end at spaces, and between wide characters, as Chinese and Japanese
/// have no spaces (Unicode Standard Annex 14, class ID). A no-break space holds
/// words together and becomes a space. Only what has none of these, an address
/// or a path, is ever wider than `width`.
#[must_use]
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let words = paragraph.trim_start_matches(' ');
        let indent = " ".repeat((paragraph.len() - words.len()).min(width / 2));
        let mut line = indent.clone();
        for (at, word) in words.split(' ').enumerate() {
            for (nth, piece) in pieces(word).into_iter().enumerate() {
                let begun = line.len() > indent.len();
                let gap = usize::from(begun && at > 0 && nth == 0);
                if begun && columns(&line) + gap + columns(piece) > width {
                    lines.push(std::mem::replace(&mut line, indent.clone()));
                } else if gap > 0 {
                    line.push(' ');
                }
                line.extend(piece.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
            }
        }
        lines.push(line.trim_end_matches(' ').to_owned());
    }
    lines
}

/// A word in the pieces between which a line may end.
fn pieces(word: &str) -> Vec<&str> {
    let (mut pieces, mut begin, mut before) = (Vec::new(), 0, None);
    for (at, c) in word.char_indices() {
        if before.is_some_and(is_wide) && is_wide(c) && !clings(c) {
            pieces.push(&word[begin..at]);
            begin = at;
        }
        before = Some(c);
    }
    pieces.push(&word[begin..]);
    pieces
}

fn is_wide(c: char) -> bool {
    column_count(c) == 2
}

/// Whether a wide character may not begin a line: it ends what stands before
/// it, or gives an emoji its colour.
fn clings(c: char) -> bool {
    "、。，．・：；？！ー」』）］｝〉》】〕".contains(c) || matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// A name as titles and sentences show it: on one line, and cut if it is very
/// long; that there is none is said.
#[must_use]
pub fn name(name: &str) -> Cow<'_, str> {
    if name.trim().is_empty() { Cow::Borrowed("(no name)") } else { cut(name, NAME) }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words() {
        for (said, shown) in [
            ("x-sommerhaus", "Sommerhaus"),
            ("X-ASSISTANT-PHONE", "Assistant phone"),
            ("x-Évasion", "Évasion"),
            ("work", "work"),
            ("x-", "x-"),
            ("é", "é"),
            ("", ""),
        ] {
            assert_eq!(label(said), shown, "{said}");
        }
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        for (text, count) in [
            ("Anna", 4),
            ("Müller", 6),
            ("Mu\u{308}ller", 6),
            ("山田", 4),
            ("\u{202A}+1 555\u{202C}", 6),
            ("\u{2067}דנה\u{2069}", 3),
            ("", 0),
        ] {
            assert_eq!(columns(text), count, "{text}");
        }
    }

    #[test]
    fn texts_are_cut_to_their_columns() {
        let accents = format!("A{}", "\u{301}".repeat(9000));
        for (text, width, shown) in [
            ("Anna", 4, "Anna".to_owned()),
            ("Anna Amsel", 6, "Anna …".to_owned()),
            ("山田 太郎", 6, "山田 …".to_owned()),
            ("山田 太郎", 5, "山田…".to_owned()),
            ("two\r\nlines\u{2028}three", 40, "two  lines three".to_owned()),
            ("two\nlines", 6, "two l…".to_owned()),
            (accents.as_str(), 10, format!("A{}…", "\u{301}".repeat(39))),
        ] {
            assert_eq!(cut(text, width), shown, "{text}");
            assert!(columns(&cut(text, width)) <= width);
        }
        assert_eq!(name(&"x".repeat(10_000)).chars().count(), 80);
        assert_eq!(name("Anna Müller"), "Anna Müller");
        assert_eq!(name(" "), "(no name)");
    }

    #[test]
    fn texts_are_lines_as_wide_as_the_screen() {
        for (text, width, shown) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one two three", 13, &["one two three"]),
            ("  one two\nthree", 7, &["  one", "  two", "three"]),
            ("one  two", 8, &["one  two"]),
            ("a\n\nb", 8, &["a", "", "b"]),
            ("see https://example.org/a/b there", 10, &["see", "https://example.org/a/b", "there"]),
            ("s\u{a0}same · q\u{a0}quit", 10, &["s same ·", "q quit"]),
            ("山田太郎さんと話した。", 8, &["山田太郎", "さんと話", "した。"]),
            ("Call 山田太郎", 10, &["Call 山田", "太郎"]),
            ("と話した。山田", 8, &["と話し", "た。山田"]),
            ("👩\u{200d}👩\u{200d}👧👩🏽", 7, &["👩\u{200d}👩\u{200d}👧", "👩🏽"]),
            ("        deep", 8, &["    deep"]),
            ("", 8, &[]),
        ] {
            assert_eq!(lines(text, width), shown, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_too_wide(text in "[ab山🎉 \n]{0,60}", width in 4_usize..30) {
            let shown = lines(&text, width);
            let seen = |text: &str| text.chars().filter(|c| !" \n".contains(*c)).collect::<String>();
            proptest::prop_assert_eq!(seen(&shown.concat()), seen(&text));
            for line in shown {
                let words = line.trim_start();
                proptest::prop_assert!(columns(&line) <= width || !words.contains(' '), "{:?}", line);
            }
        }
    }

    #[test]
    fn a_name_commands_nothing() {
        for (text, shown) in [
            ("Anna Müller", "Anna Müller"),
            ("A\u{1b}[2Jnna\r\u{9b}\tB\n", "A�[2Jnna���B\n"),
            ("Anna \u{202e}nreK\u{202c} \u{2067}דנה\u{2069}\u{2028}", "Anna nreK דנה�"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn what_is_not_for_readers_is_known() {
        for c in ['\u{1b}', '\u{7}', '\n', '\t', '\u{7f}', '\u{9b}', '\u{2028}'] {
            assert!(is_command(c) && !is_reordering(c), "{c:?}");
        }
        for c in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
            assert!(is_reordering(c) && !is_command(c), "{c:?}");
        }
        for c in ['a', 'ü', 'ד', '山', '\u{200d}', '\u{200e}', ' ', '\u{a0}'] {
            assert!(!is_command(c) && !is_reordering(c), "{c:?}");
        }
    }
}
