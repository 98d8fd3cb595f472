//! A line as bash reads it, and words as bash has to be given them.

use super::candidates::{Answer, Candidate};
use crate::core::name::fold;

/// The command at the cursor, up to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The words before the one at the cursor, without their quotes; `kith` is not among them.
    pub(super) before: Vec<String>,
    /// The word at the cursor, without its quotes.
    pub(super) word: String,
    /// The same as it stands there.
    typed: String,
    /// The quote it begins with, if that is still open.
    quote: Option<char>,
}

impl Line {
    /// Reads a line; none where the cursor stands behind a quote in the middle of a word.
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut words = Vec::new();
        let mut rest = line.trim_start();
        loop {
            let word = Word::read(rest);
            if word.length == rest.len() {
                let quoted = word.quotes > 0;
                let is_whole = word.open.is_some() && word.quotes == 1 && rest.starts_with(['"', '\'']);
                if words.is_empty() || (quoted && !is_whole) {
                    return None;
                }
                words.remove(0);
                return Some(Self {
                    before: words,
                    word: word.text,
                    typed: rest.to_owned(),
                    quote: word.open,
                });
            }
            words.push(word.text);
            rest = rest[word.length..].trim_start();
        }
    }

    /// What bash is to put in the place of `replaced`, the end of the word as
    /// bash takes it apart: it begins anew behind a quote, and behind a sign
    /// that it has for a break, such as `=`, `:` and `@`.
    pub(super) fn replies(&self, answer: &Answer, replaced: &str) -> Vec<String> {
        let fixed = self.typed.strip_suffix(replaced).unwrap_or_default();
        let before = Word::read(fixed).text;
        let behind = |word: &str| {
            let (option, rest) = match answer.fixed.strip_prefix(&before) {
                Some(option) => (option, word),
                None => ("", without(word, before.strip_prefix(&answer.fixed)?)?),
            };
            Some(match self.quote {
                None => format!("{option}{}", escaped(rest)),
                // bash has the quote already, or is to have it again.
                Some(quote) if fixed.is_empty() => format!("{quote}{option}{}", within(quote, rest)),
                Some(quote) => format!("{option}{}", within(quote, rest)),
            })
        };
        let mut replies: Vec<String> =
            answer.candidates.iter().filter_map(|candidate| behind(&candidate.word)).collect();
        // bash replaces what was typed by what all replies begin with. Where
        // that is something else, as names were found by another part than
        // their beginning, an empty one among them keeps it.
        let value = self.word.strip_prefix(&answer.fixed).unwrap_or(&self.word);
        if replies.len() > 1 && !fold(&beginning(&answer.candidates)).starts_with(&fold(value)) {
            replies.push(String::new());
        }
        replies
    }
}

/// What follows a beginning, whatever its accents and capital letters.
fn without<'a>(word: &'a str, beginning: &str) -> Option<&'a str> {
    if let Some(rest) = word.strip_prefix(beginning) {
        return Some(rest);
    }
    let ends = word.char_indices().map(|(at, c)| (at + c.len_utf8(), c));
    // Signs are no part of what is folded, and the break is one.
    let alike = |(end, c): &(usize, char)| beginning.ends_with(*c) && fold(&word[..*end]) == fold(beginning);
    let (end, _) = ends.filter(|(end, _)| *end < word.len()).find(alike)?;
    Some(&word[end..])
}

/// What all of them begin with.
fn beginning(candidates: &[Candidate]) -> String {
    let Some((first, rest)) = candidates.split_first() else { return String::new() };
    let alike =
        |other: &Candidate| first.word.chars().zip(other.word.chars()).take_while(|(a, b)| a == b).count();
    first.word.chars().take(rest.iter().map(alike).min().unwrap_or(usize::MAX)).collect()
}

/// A word for bash, outside of quotes.
fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for c in word.chars() {
        if !c.is_alphanumeric() && !"-_.,+/%".contains(c) && c.is_ascii() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A word for bash, between these quotes.
fn within(quote: char, word: &str) -> String {
    if quote == '\'' {
        return word.replace('\'', r"'\''");
    }
    let mut escaped = String::with_capacity(word.len());
    for c in word.chars() {
        if r#""\$`"#.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The first word of a line.
#[derive(Debug, Default)]
struct Word {
    text: String,
    /// How many bytes of the line it takes.
    length: usize,
    /// How many quotes there are.
    quotes: usize,
    /// The quote that is not closed.
    open: Option<char>,
}

impl Word {
    fn read(line: &str) -> Self {
        let mut word = Self { length: line.len(), ..Self::default() };
        let mut chars = line.char_indices();
        while let Some((at, c)) = chars.next() {
            match (c, word.open) {
                ('\\', None) => word.text.extend(chars.next().map(|(_, c)| c)),
                ('\\', Some('"')) => match chars.next() {
                    Some((_, c)) if r#""\$`"#.contains(c) => word.text.push(c),
                    other => word.text.extend(['\\'].into_iter().chain(other.map(|(_, c)| c))),
                },
                ('"' | '\'', None) => {
                    word.open = Some(c);
                    word.quotes += 1;
                }
                (c, Some(open)) if c == open => {
                    word.open = None;
                    word.quotes += 1;
                }
                (c, None) if c.is_whitespace() => {
                    word.length = at;
                    break;
                }
                (c, _) => word.text.push(c),
            }
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_bash_reads_it() {
        for (line, before, word) in [
            ("kith ", &[][..], ""),
            ("kith sho", &[], "sho"),
            ("kith show an", &["show"], "an"),
            ("  kith  show   ", &["show"], ""),
            (r"kith show Anna\ M", &["show"], "Anna M"),
            (r#"kith show "Anna M"#, &["show"], "Anna M"),
            ("kith show 'Anna \"M", &["show"], "Anna \"M"),
            (r#"kith log "Anna Müller" 'it''s tea' Bo"#, &["log", "Anna Müller", "its tea"], "Bo"),
            (r#"kith show "a\"b\c"#, &["show"], r#"a"b\c"#),
            (r"kith show O\'Br", &["show"], "O'Br"),
            ("kith edit anna --circle=cl", &["edit", "anna"], "--circle=cl"),
            ("kith show a\\", &["show"], "a"),
        ] {
            let read = Line::read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (read.before, read.word.as_str()),
                (before.iter().map(|&w| w.to_owned()).collect(), word)
            );
        }
        for line in ["", "kith", "kith show \"Anna\"", "kith show An\"na M", "kith show 'a''b"] {
            assert_eq!(Line::read(line), None, "{line}");
        }
    }

    #[test]
    fn a_reply_is_what_one_would_type() {
        for (line, replaced, fixed, words, expected) in [
            ("kith show ann", "ann", "", &["Anna Müller"][..], &[r"Anna\ Müller"][..]),
            ("kith show \"Ann", "Ann", "", &["Anna Müller"], &["Anna Müller"]),
            ("kith show 'O", "O", "", &["O'Brien $1"], &[r"O'\''Brien $1"]),
            ("kith show \"O", "O", "", &["O'Brien \"$1\""], &[r#"O'Brien \"\$1\""#]),
            ("kith show O", "O", "", &["O'Brien;$(x)"], &[r"O\'Brien\;\$\(x\)"]),
            ("kith edit a --circle=cl", "cl", "--circle=", &["close"], &["close"]),
            ("kith edit a --circle=cl", "--circle=cl", "--circle=", &["close"], &["--circle=close"]),
            ("kith show anna@ex", "@ex", "", &["Anna"], &[]),
            ("kith show Lab:", "", "", &["Lab: Ada=Bo"], &[r"\ Ada\=Bo"]),
            ("kith show läb:A", "A", "", &["Lab:Ada", "Lab: Ada"], &["Ada", r"\ Ada", ""]),
            (r"kith show Lab:\ Ada=b", "b", "", &["Lab: Ada=Bo"], &["Bo"]),
            (r"kith show Lab\:", r"Lab\:", "", &["Lab: Ada=Bo"], &[r"Lab\:\ Ada\=Bo"]),
            ("kith show \"Lab:", "Lab:", "", &["Lab: Ada=Bo"], &["Lab: Ada=Bo"]),
            ("kith show a@ex", "@ex", "", &["a@example.org"], &[r"\@example.org"]),
            (
                "kith show mü",
                "mü",
                "",
                &["Maria Müller", "Martin Mü"],
                &[r"Maria\ Müller", r"Martin\ Mü", ""],
            ),
            ("kith show m", "m", "", &["Maria", "Martin"], &["Maria", "Martin"]),
        ] {
            let candidates = words.iter().map(|&w| Candidate { word: w.to_owned(), about: String::new() });
            let answer = Answer { fixed: fixed.to_owned(), candidates: candidates.collect(), files: false };
            assert_eq!(Line::read(line).unwrap().replies(&answer, replaced), expected, "{line}");
        }
    }
}
