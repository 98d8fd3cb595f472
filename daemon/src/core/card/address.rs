//! What to call somebody, and how to address them formally.

use crate::core::name::{TITLES, fold};
use crate::core::suspicion::is_given_name;
use crate::core::text;

/// Family names, in letters of ours, that come first in the names of East Asia.
const FAMILY_FIRST: [&str; 68] = [
    "an", "bae", "bui", "cai", "cao", "chan", "chen", "cheng", "cheung", "cho", "choi", "chung", "dang",
    "deng", "do", "dong", "duong", "feng", "gao", "guo", "han", "ho", "hoang", "hu", "huang", "hwang",
    "jang", "jiang", "jin", "jo", "jung", "kang", "kim", "kwon", "lam", "lau", "lee", "leung", "li", "liang",
    "lim", "lin", "ling", "liu", "luo", "ma", "mai", "min", "ngo", "nguyen", "park", "pham", "shin", "song",
    "sun", "tang", "tran", "wang", "wong", "wu", "xie", "xu", "yang", "yu", "zhang", "zhao", "zhou", "zhu",
];

/// What stands between given and family name, or begins the latter.
const PARTICLES: [&str; 17] = [
    "von", "van", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "di", "da", "la", "le",
    "ten", "ter",
];

/// What somebody is to the user, which is part of what they are called: `Onkel Rüdiger`.
const KIN: [&str; 20] = [
    "aunt",
    "auntie",
    "aunty",
    "bruder",
    "cousin",
    "cousine",
    "grandma",
    "grandpa",
    "granny",
    "oma",
    "onkel",
    "opa",
    "schwager",
    "schwester",
    "tante",
    "tia",
    "tio",
    "uncle",
    "zia",
    "zio",
];

/// What begins the name of a firm that an address book has as a person.
const PLACES: [&str; 24] = [
    "apotheke",
    "autohaus",
    "bar",
    "buero",
    "buro",
    "cafe",
    "camping",
    "club",
    "dental",
    "gasthaus",
    "hotel",
    "kanzlei",
    "kita",
    "klinik",
    "pension",
    "pizzeria",
    "praxis",
    "restaurant",
    "salon",
    "schule",
    "studio",
    "taxi",
    "team",
    "verein",
];

/// What to call somebody: their given name, if it is noted, else the first one of the
/// whole name, if it plainly is one, else the whole.
#[must_use]
pub fn called(given_name: Option<&str>, name: &str, is_organization: bool) -> String {
    let whole = text::name(name);
    if is_organization {
        return whole.into_owned();
    }
    let given = given_name.map(|given| without_titles(given).1).filter(|given| !given.is_empty());
    match given {
        // "Onkel" stands in the place of a given name, and is none.
        Some(given) if is_one_of(&KIN, &given) => kin(&whole).unwrap_or(given),
        Some(given) => given,
        None => kin(&whole).or_else(|| first_name(&whole)).unwrap_or_else(|| whole.into_owned()),
    }
}

/// How somebody is addressed formally, behind a greeting: `Frau Dr. Sand` where
/// the name says so much, else the whole name with its titles, as nothing else
/// tells how they would like it.
#[must_use]
pub(super) fn addressed(family_name: Option<&str>, name: &str) -> String {
    let whole = text::name(name);
    let (titles, _) = without_titles(&whole);
    let is_form = |title: &&&str| is_one_of(&["herr", "frau", "mr", "mrs", "ms"], title);
    match (titles.first().filter(is_form), surname(family_name, name)) {
        (Some(_), Some(surname)) => format!("{} {surname}", titles.join(" ")),
        _ => whole.into_owned(),
    }
}

/// The family name: the one that is noted, else what follows the given name in the whole one.
#[must_use]
pub(super) fn surname(family_name: Option<&str>, name: &str) -> Option<String> {
    let noted = family_name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    noted.or_else(|| {
        let whole = text::name(name);
        let (titles, rest) = without_titles(&whole);
        match first_name(&whole) {
            Some(first) => rest.strip_prefix(first.as_str()).map(|rest| rest.trim().to_owned()),
            // "Frau Sand" is called by nothing else.
            None => (!titles.is_empty() && !rest.is_empty() && !rest.contains(' ')).then_some(rest),
        }
    })
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.contains(&fold(word).as_str())
}

/// The titles that a name begins with, and the rest of it.
fn without_titles(name: &str) -> (Vec<&str>, String) {
    let words: Vec<&str> = name.split_whitespace().collect();
    // Don may be short for Donald.
    let is_title = |word: &&&str| is_one_of(&TITLES, word) && !is_given_name(&fold(word));
    let titles = words.iter().take_while(is_title).count();
    let (titles, rest) = words.split_at(titles);
    (titles.to_vec(), rest.join(" "))
}

/// `Onkel Rüdiger` of a name that begins so.
fn kin(whole: &str) -> Option<String> {
    let mut words = whole.split_whitespace();
    let (kin, name) = (words.next()?, words.next()?);
    (is_one_of(&KIN, kin) && is_word(name)).then(|| format!("{kin} {name}"))
}

/// The given name in a whole one, where it plainly is a person's: one word and
/// one family name after it that is no given name. Whatever else it may be (a
/// firm, the family name first, one word) is called as it is written.
fn first_name(whole: &str) -> Option<String> {
    let (_, name) = without_titles(whole);
    let words: Vec<&str> = name.split_whitespace().collect();
    let [first, between @ .., last] = words.as_slice() else { return None };
    let is_between = |word: &&str| PARTICLES.contains(word);
    let is_plain = is_word(first) && is_word(last) && between.iter().all(is_between);
    let is_other = is_one_of(&FAMILY_FIRST, first) || is_one_of(&PLACES, first) || is_one_of(&KIN, first);
    (is_plain && !is_other && !is_given_name(&fold(last))).then(|| (*first).to_owned())
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
    fn somebody_is_called_by_their_given_name_where_there_plainly_is_one() {
        for (whole, name) in [
            ("Bert Kern", "Bert"),
            ("Anna Müller", "Anna"),
            ("Anna-Lena Groß", "Anna-Lena"),
            ("Kai Sommer", "Kai"),
            ("May Hill", "May"),
            ("Anna von der Leyden", "Anna"),
            ("Thomas O'Brien", "Thomas"),
            ("Alina Popescu", "Alina"),
            ("Dr. Anna Müller", "Anna"),
            ("Dr. Jutta von der Heide", "Jutta"),
            ("Prof. Dr. Walter Engel", "Walter"),
            ("Onkel Rüdiger", "Onkel Rüdiger"),
            ("Tante Erna Sand", "Tante Erna"),
            // One word, an initial, the family name alone or first.
            ("Bert", "Bert"),
            ("Oma", "Oma"),
            ("Frau Müller", "Frau Müller"),
            ("Dr. Müller", "Dr. Müller"),
            ("A. Müller", "A. Müller"),
            ("Müller Anna", "Müller Anna"),
            ("Müller, Anna", "Müller, Anna"),
            // Which of the two is the family name cannot be known.
            ("Martin Thomas", "Martin Thomas"),
            ("Kim Minjun", "Kim Minjun"),
            ("Nguyen Thi", "Nguyen Thi"),
            ("王 小明", "王 小明"),
            // Firms and notes.
            ("Pizzeria Roma", "Pizzeria Roma"),
            ("Anna & Bert Kern", "Anna & Bert Kern"),
            ("Anna Müller GmbH", "Anna Müller GmbH"),
            ("Max Bank24", "Max Bank24"),
            ("anna kern", "anna kern"),
            ("ANNA KERN", "ANNA KERN"),
            ("Anna Maria Kern", "Anna Maria Kern"),
        ] {
            assert_eq!(called(None, whole, false), name, "{whole}");
            assert_eq!(called(None, whole, true), whole);
        }
        for (given, whole, name) in [
            ("Anna Maria", "Anna Maria Kern", "Anna Maria"),
            ("Onkel", "Onkel Rüdiger", "Onkel Rüdiger"),
            ("Oma", "Oma", "Oma"),
            ("Dr. Jutta", "Dr. Jutta von der Heide", "Jutta"),
            ("Frau", "Frau Müller", "Frau Müller"),
            (" ", "Bert Kern", "Bert"),
            ("Don", "Don Sand", "Don"),
        ] {
            assert_eq!(called(Some(given), whole, false), name, "{given} of {whole}");
        }
    }

    #[test]
    fn a_formal_address_has_what_the_name_tells() {
        for (family, whole, address, last) in [
            (None, "Frau Dr. Jutta von der Heide", "Frau Dr. von der Heide", Some("von der Heide")),
            (Some("Engel"), "Herr Prof. Dr. Walter Engel", "Herr Prof. Dr. Engel", Some("Engel")),
            (None, "Frau Müller", "Frau Müller", Some("Müller")),
            (None, "Prof. Dr. Walter Engel", "Prof. Dr. Walter Engel", Some("Engel")),
            (Some("Engel"), "Walter Engel", "Walter Engel", Some("Engel")),
            (None, "Mr. Tom Berg", "Mr. Berg", Some("Berg")),
            (None, "Anna Maria Kern", "Anna Maria Kern", None),
            (None, "Walter", "Walter", None),
            (None, "Frau", "Frau", None),
        ] {
            assert_eq!(
                (addressed(family, whole).as_str(), surname(family, whole).as_deref()),
                (address, last),
                "{whole}"
            );
        }
    }
}
