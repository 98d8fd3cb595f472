//! Names of people: folding them for comparison, and whether two contradict.

use kith_plugin::{Contact, NameComponentKind};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text folded for comparison: without accents, case and punctuation, words
/// separated by single spaces. `Łukasz  Müller-Groß` is `lukasz muller gross`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        } else if !matches!(c, '\'' | '’') {
            // O'Brien and OBrien are one word.
            gap = true;
        }
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
        return folded;
    }
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match unaccented(c) {
            Some(letters) => letters.chars().for_each(&mut push),
            None => push(c),
        }
    }
    folded
}

/// How well a name fits what somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It stands somewhere in the name.
    Within,
    /// Every word of it begins a word of the name.
    Begins,
    /// It is the whole name.
    Whole,
}

/// How a name fits `query`, which is folded. `mueller` finds `Müller`.
#[must_use]
pub fn fit(name: &str, query: &str) -> Option<Fit> {
    let name = fold(name);
    let begins = |word: &str| name.split(' ').any(|part| part.starts_with(word) || same_word(part, word));
    if query.is_empty() {
        None
    } else if name == query {
        Some(Fit::Whole)
    } else if query.split(' ').all(begins) {
        Some(Fit::Begins)
    } else {
        name.contains(query).then_some(Fit::Within)
    }
}

/// Whether `name` has every word of `query`, each whole: `anna` calls `Anna
/// Müller`, and neither `Annabel` nor `Hanna`.
#[must_use]
pub fn is_called(name: &str, query: &str) -> bool {
    let (name, query) = (fold(name), fold(query));
    let is_there = |word: &str| name.split(' ').any(|part| same_word(part, word));
    !query.is_empty() && query.split(' ').all(is_there)
}

/// Letters that Unicode does not decompose but people leave out when they type.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// Words around a name that say nothing about who it is.
pub(super) const TITLES: [&str; 30] = [
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "rev",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sr",
    "sra",
    "don",
    "dona",
    "ing",
    "dipl",
    "mag",
    "phd",
    "md",
    "msc",
    "mba",
];

/// How much a name says of who it is, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// It has a letter that may stand for several names.
    Initials,
    /// One word, which others may be called too, or nothing.
    Word,
    /// A given and a family name, or more.
    Whole,
}

/// A person's name, taken apart for comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Folded words, sorted, without titles, with a space between two.
    words: String,
}

impl PersonName {
    /// The name that a record gives: its parts where it has them, else its full name.
    #[must_use]
    pub fn of_record(contact: &Contact) -> Self {
        Self::of_text(&Self::said_by(contact))
    }

    /// The same as the record writes it.
    #[must_use]
    pub fn said_by(contact: &Contact) -> String {
        use NameComponentKind::{Credential, Title};
        let parts: Vec<&str> = contact
            .name
            .components
            .iter()
            .filter(|part| !matches!(part.kind, Title | Credential))
            .map(|part| part.value.as_str())
            .collect();
        if parts.is_empty() { contact.name.full.clone().unwrap_or_default() } else { parts.join(" ") }
    }

    /// The name in a text as it is shown.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let folded = fold(text);
        let all = || folded.split(' ').filter(|word| !word.is_empty());
        let mut words: Vec<&str> = all().filter(|word| !TITLES.contains(word)).collect();
        if words.is_empty() {
            // Somebody saved as "Doc" or "Fr" has that as a name.
            words = all().collect();
        }
        words.sort_unstable();
        Self { words: words.join(" ") }
    }

    /// The name that has this [`key`](Self::key).
    #[must_use]
    pub fn of_key(key: String) -> Self {
        Self { words: key }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Equal for names that are the same but for order, case, accents and titles.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.words
    }

    /// How much a name says of who it is.
    #[must_use]
    pub fn extent(&self) -> Extent {
        // Chinese, Japanese and Korean names are often one word, and no letter of theirs is an initial.
        let is_latin = |word: &str| word.chars().all(|c| c < '\u{2e80}');
        let is_initial = |word: &&str| word.chars().count() == 1 && is_latin(word);
        let words = self.words();
        if words.iter().any(is_initial) {
            Extent::Initials
        } else if words.len() > 1 || words.iter().any(|word| !is_latin(word)) {
            Extent::Whole
        } else {
            Extent::Word
        }
    }

    /// Whether a name is one word, or none: it leaves open who of a family, or of that given name, is meant.
    #[must_use]
    pub fn is_half(&self) -> bool {
        self.extent() != Extent::Whole && self.words().len() < 2
    }

    fn words(&self) -> Vec<&str> {
        self.words.split(' ').filter(|word| !word.is_empty()).collect()
    }

    /// Whether two names are the same, also where one of them has umlauts written out.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let (ours, mut left) = (self.words(), other.words());
        ours.len() == left.len()
            && ours.into_iter().all(|word| {
                let at = left.iter().position(|candidate| same_word(candidate, word));
                at.map(|at| left.swap_remove(at)).is_some()
            })
    }

    /// Whether two names have nothing in common, as those of two people have. A married name that
    /// keeps the given name has something, and so has an initial.
    #[must_use]
    pub fn is_unlike(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.words(), other.words());
        let in_common = |word: &str| theirs.iter().any(|it| same_word(it, word) || is_initial_of(word, it));
        !ours.is_empty() && !theirs.is_empty() && !ours.into_iter().any(in_common)
    }

    /// Whether two names cannot be one person's. Missing parts do not
    /// contradict, and an initial stands for a word: `A. Müller` and `Anna
    /// Maria Mueller` may be one, `Anna Müller` and `Bert Müller` may not.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        if self == other {
            return false;
        }
        let (ours, theirs) = (self.words(), other.words());
        let (few, mut left) = if ours.len() <= theirs.len() { (ours, theirs) } else { (theirs, ours) };
        // Whole words first, so that an initial cannot take a word that is needed whole.
        let mut unmatched = Vec::new();
        for word in few {
            match left.iter().position(|candidate| same_word(candidate, word)) {
                Some(at) => {
                    left.swap_remove(at);
                }
                None => unmatched.push(word),
            }
        }
        unmatched.into_iter().any(|word| {
            match left.iter().position(|candidate| is_initial_of(word, candidate)) {
                Some(at) => {
                    left.swap_remove(at);
                    false
                }
                None => true,
            }
        })
    }
}

/// Equal, or equal when German umlauts are written out: `mueller` is `müller`.
pub(super) fn same_word(a: &str, b: &str) -> bool {
    // What is written out follows the first letter.
    a == b || (a.chars().next() == b.chars().next() && collapsed(a) == collapsed(b))
}

pub(super) fn collapsed(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

pub(super) fn is_initial_of(a: &str, b: &str) -> bool {
    let single = |word: &str| word.chars().count() == 1;
    (single(a) && b.starts_with(a)) || (single(b) && a.starts_with(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_removes_what_people_leave_out() {
        for (text, folded) in [
            ("Anna Müller", "anna muller"),
            ("  ŁUKASZ  Groß-Ørsted ", "lukasz gross orsted"),
            ("O'Brien, J.", "obrien j"),
            ("Nguyễn Văn Ánh", "nguyen van anh"),
            ("山田 太郎", "山田 太郎"),
            ("ｱﾝﾅ", "アンナ"),
            ("...", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn part_of_a_name_finds_it() {
        for (query, name, fits) in [
            ("anna muller", "Anna Müller", Some(Fit::Whole)),
            ("mull", "Anna Müller", Some(Fit::Begins)),
            ("mueller", "Anna Müller", Some(Fit::Begins)),
            ("muller", "Anna Mueller", Some(Fit::Begins)),
            ("muller anna", "Anna Müller", Some(Fit::Begins)),
            ("an mu", "Anna Müller", Some(Fit::Begins)),
            ("obrien", "Jo O'Brien", Some(Fit::Begins)),
            ("anna", "Hanna Sund", Some(Fit::Within)),
            ("bert", "Anna Müller", None),
            ("anna bert", "Anna Müller", None),
            ("sue", "Susan Kern", None),
            ("", "Anna Müller", None),
        ] {
            assert_eq!(fit(name, query), fits, "{query} in {name}");
        }
    }

    #[test]
    fn somebody_is_called_by_whole_words() {
        for (query, name, called) in [
            ("anna", "Anna Müller", true),
            ("mueller anna", "Anna Müller", true),
            ("bert kern", "Dr. Bert Kern", true),
            ("ann", "Anna Müller", false),
            ("anna", "Hanna Sund", false),
            ("anna", "Annabel Kern", false),
            ("anna berg", "Anna Müller", false),
            ("", "Anna Müller", false),
            ("...", "Anna Müller", false),
        ] {
            assert_eq!(is_called(name, query), called, "{query} for {name}");
        }
    }

    #[test]
    fn names_contradict_only_when_they_cannot_be_one_person() {
        for (a, b, contradict) in [
            ("Anna Müller", "Müller, Anna", false),
            ("Dr. Anna Müller", "anna muller", false),
            ("Anna Mueller", "Anna Müller", false),
            ("A. Müller", "Anna Maria Müller", false),
            ("Anna", "Anna Müller", false),
            ("", "Anna Müller", false),
            ("Anna Müller", "Bert Müller", true),
            ("Anna Müller", "Anna Schmidt", true),
            ("Anna Maria Müller", "Anna Lisa Müller", true),
            ("A. Müller", "B. Müller", true),
            ("John Smith Jr", "John Smith III", true),
            ("Mom", "Maria Schmidt", true),
            ("A B", "A Berta", false),
        ] {
            let (first, second) = (PersonName::of_text(a), PersonName::of_text(b));
            assert_eq!(first.contradicts(&second), contradict, "{a} / {b}");
            assert_eq!(second.contradicts(&first), contradict, "{b} / {a}");
        }
    }

    #[test]
    fn names_are_unlike_if_nothing_of_them_is_the_same() {
        for (a, b, unlike) in [
            ("Anna Müller", "Bert Kern", true),
            ("Mum", "Maria Schmidt", true),
            ("Anna Müller", "Anna Kern", false),
            ("Anna Müller", "Bert Mueller", false),
            ("A. Müller", "Anna Kern", false),
            ("", "Bert Kern", false),
        ] {
            let (first, second) = (PersonName::of_text(a), PersonName::of_text(b));
            assert_eq!((first.is_unlike(&second), second.is_unlike(&first)), (unlike, unlike), "{a} / {b}");
        }
    }

    #[test]
    fn names_are_the_same_or_say_how_much_of_one() {
        let of = PersonName::of_text;
        for (a, b, same) in [
            ("Anna Müller", "Mueller, Anna", true),
            ("Anna Müller", "Anna Muller", true),
            ("Anna Müller", "Anna Mahler", false),
            ("Anna Müller", "Anna", false),
            ("Anna Anna", "Anna Müller", false),
        ] {
            assert_eq!((of(a).is_same(&of(b)), of(b).is_same(&of(a))), (same, same), "{a} / {b}");
        }
        for (name, extent) in [
            ("Anna Müller", Extent::Whole),
            ("李明", Extent::Whole),
            ("李 明", Extent::Whole),
            ("Anna", Extent::Word),
            ("Dr. Anna", Extent::Word),
            ("", Extent::Word),
            ("A. Müller", Extent::Initials),
            ("Anna M. Müller", Extent::Initials),
            ("A", Extent::Initials),
        ] {
            assert_eq!(of(name).extent(), extent, "{name}");
        }
    }

    #[test]
    fn keys_ignore_order_case_accents_and_titles() {
        let key = |text: &str| PersonName::of_text(text).key().to_owned();
        assert_eq!(key("Prof. Dr. Anna MÜLLER"), key("Müller, Anna"));
        assert_ne!(key("Anna Müller"), key("Anna Maria Müller"));
        assert_eq!(key("Dr"), "dr");
    }
}
