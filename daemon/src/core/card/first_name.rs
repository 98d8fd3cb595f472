//! What to call somebody of whom only the whole name is known.

use crate::core::name::fold;
use crate::core::suspicion::is_given_name;
use crate::core::text;

/// Family names, in letters of ours, that come first in the names of East Asia
/// and are given names elsewhere.
const FAMILY_FIRST: [&str; 22] = [
    "an", "chan", "choi", "han", "ho", "hu", "jin", "jo", "kai", "kim", "lee", "li", "lim", "lin", "ling",
    "mai", "may", "min", "song", "yang", "yu", "zhu",
];

/// What stands between given and family name, or begins the latter.
const PARTICLES: [&str; 17] = [
    "von", "van", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "di", "da", "la", "le",
    "ten", "ter",
];

/// What to call somebody: their given name, if it is noted, else the first one of the
/// whole name, if it plainly is one, else the whole.
#[must_use]
pub fn called(given_name: Option<&str>, name: &str, is_organization: bool) -> String {
    let given = given_name.map(str::trim).filter(|name| !name.is_empty());
    let whole = text::name(name);
    let first = || first_name(&whole).filter(|_| !is_organization);
    given.or_else(first).unwrap_or(&whole).to_owned()
}

/// The given name in a whole one, where it plainly is a person's: a known given
/// name, and one family name after it that is none. Whatever else it may be (a
/// firm, a title, the family name first, one word) is called as it is written.
fn first_name(whole: &str) -> Option<&str> {
    let words: Vec<&str> = whole.split_whitespace().collect();
    let [first, between @ .., last] = words.as_slice() else { return None };
    let is_between = |word: &&str| PARTICLES.contains(word);
    let is_plain = is_word(first) && is_word(last) && between.iter().all(is_between);
    let (given, family) = (fold(first), fold(last));
    // Of Jean-Luc the first part is enough to know it for a name.
    let is_given = |name: &str| name.split(' ').next().is_some_and(is_given_name);
    let comes_first = FAMILY_FIRST.contains(&given.as_str());
    (is_plain && is_given(&given) && !comes_first && !is_given(&family)).then_some(*first)
}

/// Whether it is one word as names are: a capital, and more letters.
fn is_word(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = letters.next().is_some_and(char::is_uppercase);
    begins
        && letters.clone().any(char::is_lowercase)
        && letters.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_plainly_a_given_name_is_one() {
        for (whole, first) in [
            ("Bert Kern", Some("Bert")),
            ("Anna Müller", Some("Anna")),
            ("Anna-Lena Groß", Some("Anna-Lena")),
            ("Anna von der Leyden", Some("Anna")),
            ("Thomas O'Brien", Some("Thomas")),
            // One word, a title, an initial, the family name first.
            ("Bert", None),
            ("Dr. Anna Müller", None),
            ("Frau Müller", None),
            ("A. Müller", None),
            ("Müller Anna", None),
            ("Müller, Anna", None),
            // Which of the two is the family name cannot be known.
            ("Martin Thomas", None),
            ("Kim Minjun", None),
            ("王 小明", None),
            // Firms and notes.
            ("Pizzeria Roma", None),
            ("Anna & Bert Kern", None),
            ("Anna Müller GmbH", None),
            ("Max Bank24", None),
            ("anna kern", None),
            ("ANNA KERN", None),
            ("Anna Maria Kern", None),
            ("", None),
        ] {
            assert_eq!(first_name(whole), first, "{whole}");
        }
    }
}
