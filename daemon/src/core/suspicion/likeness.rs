//! How two names are alike, word by word.

use super::alphabet::{latin, sound};
use super::evidence::Evidence;
use super::nicknames::{Kinship, Nicknames};
use crate::core::name::{TITLES, collapsed, fold, is_initial_of, same_word};

/// A name has no more words that matter; what is longer is a remark.
const MOST_WORDS: usize = 6;

/// In shorter words one letter makes another name of it.
const LONG_ENOUGH: usize = 5;

/// Longer words are not looked at for slips.
const TOO_LONG: usize = 24;

/// What somebody is called after their name, to tell them from their parents.
const GENERATIONS: [(&str, u8); 8] =
    [("jr", 2), ("junior", 2), ("jun", 2), ("ii", 2), ("sr", 1), ("senior", 1), ("sen", 1), ("iii", 3)];

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// Folded.
    pub(super) text: String,
    /// As it stands in the name.
    pub(super) shown: String,
    /// In Latin letters.
    pub(super) latin: String,
    /// What is left of it in any alphabet.
    pub(super) sound: String,
    /// Whether it is written in Latin letters.
    is_latin: bool,
}

impl Word {
    fn new(shown: &str, text: &str) -> Self {
        let foreign = latin(text);
        let is_latin = foreign.is_none();
        let latin = foreign.unwrap_or_else(|| text.to_owned());
        Self { text: text.to_owned(), shown: shown.to_owned(), sound: sound(&latin), latin, is_latin }
    }

    /// What is equal for spellings of one word.
    pub(super) fn plain(&self) -> String {
        collapsed(&self.text)
    }

    /// What remains of it without one of its letters, and the word itself:
    /// two that differ by one letter have one of these in common.
    pub(super) fn almost(&self) -> impl Iterator<Item = String> {
        let letters: Vec<char> = self.text.chars().collect();
        let wanted = letters.len().saturating_add(1) >= LONG_ENOUGH
            && letters.len() <= TOO_LONG
            && !letters.iter().any(|c| c.is_numeric());
        let count = if wanted { letters.len() + 1 } else { 0 };
        (0..count).map(move |left_out| {
            letters.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, c)| *c).collect()
        })
    }
}

/// A name, taken apart to be compared word by word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// Its words in their order, without titles.
    pub(super) words: Vec<Word>,
    /// First, second or third of the name.
    pub(super) generation: Option<u8>,
}

impl Name {
    pub(super) fn of_text(text: &str) -> Self {
        let shown = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
        let mut words: Vec<Word> = Vec::new();
        for shown in shown {
            let folded = fold(shown);
            words
                .extend(folded.split(' ').filter(|word| !word.is_empty()).map(|word| Word::new(shown, word)));
        }
        let last = words.last().filter(|_| words.len() > 2);
        let generation = last.and_then(|last| GENERATIONS.iter().find(|(word, _)| *word == last.text));
        if generation.is_some() {
            words.pop();
        }
        if words.iter().any(|word| !TITLES.contains(&word.text.as_str())) {
            words.retain(|word| !TITLES.contains(&word.text.as_str()));
        }
        words.truncate(MOST_WORDS);
        Self { words, generation: generation.map(|(_, number)| *number) }
    }
}

/// Two names that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Likeness {
    /// What it is worth, of 100.
    pub(super) strength: i32,
    pub(super) evidence: Vec<Evidence>,
    /// The words that agree, as both have them.
    pub(super) agreeing: Vec<(String, String)>,
    /// Whether something is only nearly the same, as it is with siblings.
    pub(super) is_loose: bool,
}

/// What a name that is entirely the same is worth.
const SAME: i32 = 65;

/// How a word may agree with another, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Equal,
    Spelling,
    Nickname,
    Kin,
    Alphabet,
    Sound,
    OneLetter,
    Initial,
}

const WAYS: [Way; 8] = [
    Way::Equal,
    Way::Spelling,
    Way::Nickname,
    Way::Kin,
    Way::Alphabet,
    Way::Sound,
    Way::OneLetter,
    Way::Initial,
];

/// What two names are compared with.
pub(super) struct Comparison<'a> {
    pub(super) nicknames: &'a Nicknames,
    /// Whether a word is so rare here that it may be a slip.
    pub(super) is_rare: &'a dyn Fn(&str) -> bool,
}

/// A name with the folded nicknames of whose it is.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub(super) name: &'a Name,
    pub(super) nicknames: &'a [String],
}

impl Comparison<'_> {
    /// How two names are alike; none where they are two people's. The same, whichever comes first.
    pub(super) fn likeness(&self, a: Called<'_>, b: Called<'_>) -> Option<Likeness> {
        let order = |called: Called<'_>| (called.name.words.len(), called.name.words.clone());
        let (few, many) = if order(a) <= order(b) { (a, b) } else { (b, a) };
        if few.name.words.is_empty() || is_other_generation(few.name, many.name) {
            return None;
        }
        let mut left: Vec<&Word> = few.name.words.iter().collect();
        let mut there: Vec<&Word> = many.name.words.iter().collect();
        let mut like =
            Likeness { strength: SAME, evidence: Vec::new(), agreeing: Vec::new(), is_loose: false };
        let mut slips = 0;
        for way in WAYS {
            left.retain(|word| {
                let at = there.iter().position(|other| self.agree(way, (word, few), (other, many)));
                let Some(at) = at else { return true };
                let other = there.remove(at);
                slips += u8::from(way == Way::OneLetter);
                self.count(way, (word, few), other, &mut like);
                false
            });
        }
        // Two slips are no slip, and one in all there is says nothing.
        if !left.is_empty() || slips > 1 || (slips == 1 && like.agreeing.len() < 2) {
            return None;
        }
        if like.agreeing.len() < 2 {
            // Where there is no more, even what is equal says little.
            like.strength -= if many.name.words.len() < 2 { 30 } else { 20 };
            like.is_loose = true;
        }
        if !there.is_empty() {
            like.strength -= if there.len() == 1 { 15 } else { 20 };
            let words: Vec<&str> = there.iter().map(|word| word.shown.as_str()).collect();
            like.evidence.push(Evidence::Part(words.join(" ")));
        }
        if few.name.generation != many.name.generation {
            like.strength -= 15;
        }
        if like.evidence.is_empty() {
            let texts = |name: &Name| name.words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
            let same = texts(few.name) == texts(many.name);
            like.evidence.push(if same { Evidence::SameName } else { Evidence::OtherOrder });
        }
        Some(like)
    }

    /// Whether two words are one name, or one is short for the other.
    pub(super) fn is_one_name(&self, a: &Word, b: &Word) -> bool {
        let is_kin = || self.nicknames.kinship(&a.latin, &b.latin).is_some();
        same_word(&a.text, &b.text) || a.is_latin != b.is_latin && a.sound == b.sound || is_kin()
    }

    fn agree(&self, way: Way, (a, of_a): (&Word, Called<'_>), (b, of_b): (&Word, Called<'_>)) -> bool {
        match way {
            Way::Equal => a.text == b.text,
            Way::Spelling => same_word(&a.text, &b.text),
            Way::Nickname => of_a.nicknames.contains(&b.text) || of_b.nicknames.contains(&a.text),
            Way::Kin => self.nicknames.kinship(&a.latin, &b.latin).is_some(),
            Way::Alphabet => a.is_latin != b.is_latin && a.sound == b.sound,
            Way::Sound => self.sounds_like(a, b),
            Way::OneLetter => self.is_slip(a, b),
            Way::Initial => is_initial_of(&a.text, &b.text),
        }
    }

    fn count(&self, way: Way, (a, of_a): (&Word, Called<'_>), b: &Word, like: &mut Likeness) {
        let two = || (a.shown.clone(), b.shown.clone());
        // The same order of words, whoever comes first.
        let in_order = || if a <= b { two() } else { (b.shown.clone(), a.shown.clone()) };
        let (cost, evidence) = match way {
            Way::Equal => (0, None),
            Way::Spelling => {
                let (a, b) = in_order();
                (3, Some(Evidence::Spelling(a, b)))
            }
            Way::Nickname => {
                let name = if of_a.nicknames.contains(&b.text) { b } else { a };
                (5, Some(Evidence::Nickname(name.shown.clone())))
            }
            Way::Kin => match self.nicknames.kinship(&a.latin, &b.latin) {
                Some(Kinship::Short) => (self.cost_of_short(a), Some(Evidence::ShortFor(two().0, two().1))),
                Some(Kinship::Long) => (self.cost_of_short(b), Some(Evidence::ShortFor(two().1, two().0))),
                _ if a.is_latin != b.is_latin => {
                    let (a, b) = if a.is_latin { (b, a) } else { (a, b) };
                    (8, Some(Evidence::Alphabet(a.shown.clone(), b.shown.clone())))
                }
                // Stefan and Stephan are one name, Johann and Ivan are hardly one man.
                _ => {
                    let (first, second) = in_order();
                    (if a.sound == b.sound { 10 } else { 28 }, Some(Evidence::Forms(first, second)))
                }
            },
            Way::Alphabet => {
                let (a, b) = if a.is_latin { (b, a) } else { (a, b) };
                (8, Some(Evidence::Alphabet(a.shown.clone(), b.shown.clone())))
            }
            Way::Sound => {
                let (a, b) = in_order();
                like.is_loose = true;
                (15, Some(Evidence::Spelling(a, b)))
            }
            Way::OneLetter => {
                let (a, b) = in_order();
                let is_short = a.chars().count().min(b.chars().count()) <= LONG_ENOUGH;
                like.is_loose = true;
                (if is_short { 24 } else { 20 }, Some(Evidence::OneLetter(a, b)))
            }
            Way::Initial => {
                let is_ours = a.text.chars().count() == 1;
                let (a, b) = if is_ours { two() } else { (b.shown.clone(), a.shown.clone()) };
                like.is_loose = true;
                (20, Some(Evidence::Initial(a, b)))
            }
        };
        like.strength -= cost;
        like.evidence.extend(evidence);
        if way != Way::Initial {
            like.agreeing.push((a.text.clone(), b.text.clone()));
        }
    }

    /// What is short for one name may be another's whole name.
    fn cost_of_short(&self, short: &Word) -> i32 {
        if self.nicknames.is_name(&short.latin) { 18 } else { 12 }
    }

    /// Whether both are given names that are known, each in its own right.
    fn are_two_names(&self, a: &Word, b: &Word) -> bool {
        self.nicknames.is_known(&a.latin) && self.nicknames.is_known(&b.latin)
    }

    /// Whether two words are spelled otherwise and sound the same, as Schmidt and Schmitt do, and are not two names.
    fn sounds_like(&self, a: &Word, b: &Word) -> bool {
        let may_be = |word: &Word| {
            word.is_latin && word.text.chars().count() >= LONG_ENOUGH && !word.text.contains(char::is_numeric)
        };
        a.sound == b.sound && may_be(a) && may_be(b) && !self.are_two_names(a, b)
    }

    /// Whether one of two words may be a slip in writing the other: one letter
    /// differs, or two changed places, and they are not two names.
    fn is_slip(&self, a: &Word, b: &Word) -> bool {
        !self.are_two_names(a, b)
            && ((self.is_rare)(&a.text) || (self.is_rare)(&b.text))
            && differ_by_one_letter(&a.text, &b.text)
    }
}

/// Whether two names are a father's and a son's.
fn is_other_generation(a: &Name, b: &Name) -> bool {
    matches!((a.generation, b.generation), (Some(a), Some(b)) if a != b)
}

/// Whether one letter was changed, left out or added, or two neighbours changed
/// places (the distance of Damerau is one), in words that are long enough.
fn differ_by_one_letter(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() < LONG_ENOUGH || long.len() > TOO_LONG || long.len() - short.len() > 1 {
        return false;
    }
    if long.iter().any(|c| c.is_numeric()) {
        return false;
    }
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    if long.len() > short.len() {
        return start + end >= short.len();
    }
    match short.len().saturating_sub(start + end) {
        1 => true,
        2 => short.get(start) == long.get(start + 1) && short.get(start + 1) == long.get(start),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> Option<(i32, Vec<&'static str>)> {
        let nicknames = Nicknames::read();
        let comparison = Comparison { nicknames: &nicknames, is_rare: &|_| true };
        let [a, b] = [a, b].map(Name::of_text);
        let [a, b] = [&a, &b].map(|name| Called { name, nicknames: &[] });
        let found = comparison.likeness(a, b);
        assert_eq!(comparison.likeness(b, a), found);
        found.map(|like| (like.strength, like.evidence.iter().map(Evidence::code).collect()))
    }

    #[test]
    fn names_are_alike_in_many_ways() {
        for (a, b, strength, codes) in [
            ("Anna Müller", "anna muller", 65, &["same-name"][..]),
            ("Dr. Anna Müller", "Müller, Anna", 65, &["other-order"]),
            ("Anna Müller", "Anna Mueller", 62, &["spelling"]),
            ("Bob Smith", "Robert Smith", 53, &["short-form"]),
            ("Hanna Kern", "Johanna Kern", 47, &["short-form"]),
            ("Stefan Kern", "Stephan Kern", 55, &["name-forms"]),
            ("Ivan Kern", "Johann Kern", 37, &["name-forms"]),
            ("Юлия Чехова", "Julia Tschechowa", 49, &["alphabet", "alphabet"]),
            ("Александр Пушкин", "Alexander Puschkin", 49, &["alphabet", "alphabet"]),
            ("Вова Пушкин", "Vladimir Pushkin", 45, &["short-form", "alphabet"]),
            ("Bert Schmidt", "Bert Schmitt", 50, &["spelling"]),
            ("Katharina Schmidt", "Katarina Schmitt", 40, &["name-forms", "spelling"]),
            ("Ines Petit", "Ines Pettit", 50, &["spelling"]),
            ("Bert Krüger", "Bert Kürger", 45, &["one-letter"]),
            ("Bert Krüger", "Bert Krüge", 41, &["one-letter"]),
            ("Anna Müller", "Anna Müller-Kern", 50, &["part-missing"]),
            ("A. Müller", "Anna Müller", 25, &["initial"]),
            ("Anna", "Anna Müller", 30, &["part-missing"]),
            ("John Smith Jr.", "John Smith", 50, &["same-name"]),
        ] {
            let found = likeness(a, b).unwrap_or_else(|| panic!("{a} and {b} are alike"));
            assert_eq!(found, (strength, codes.to_vec()), "{a} and {b}");
        }
        for (a, b) in [
            ("Anna Müller", "Bert Müller"),
            ("Maria Rossi", "Mario Rossi"),
            ("Anna Kern", "Anne Keim"),
            ("Bert Krüger", "Bart Kürger"),
            ("John Smith Jr", "John Smith Sr"),
            ("John Smith II", "John Smith III"),
            ("Mom", "Maria Kern"),
            ("Jan Olsen", "Jin Olsen"),
            ("", "Anna Müller"),
            ("R2D2 Robot1", "R2D2 Robot2"),
        ] {
            assert_eq!(likeness(a, b), None, "{a} and {b}");
        }
    }

    #[test]
    fn one_letter_is_one_letter() {
        for (a, b, differ) in [
            ("kruger", "kurger", true),
            ("kruger", "kruge", true),
            ("kruger", "krueger", true),
            ("kruger", "krager", true),
            ("kruger", "kruger", false),
            ("kruger", "kerger", false),
            ("aaaaa", "aaaaaa", true),
            ("aaaaa", "aaaaaaa", false),
            ("kern", "korn", false),
        ] {
            assert_eq!(differ_by_one_letter(a, b), differ, "{a} {b}");
            assert_eq!(differ_by_one_letter(b, a), differ, "{b} {a}");
            // Whatever differs by one letter is found by what it has in common.
            let almost = |text: &str| Word::new(text, text).almost().collect::<Vec<_>>();
            assert!(!differ || almost(a).iter().any(|rest| almost(b).contains(rest)), "{a} {b}");
        }
    }
}
