//! What is said, in a person's language.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::Acquaintance;
use crate::core::phrases::{FIRST, Phrases, best, filled};
use crate::core::settings::Settings;

/// What stands for a placeholder, if anything does.
pub(super) type Value<'v> = dyn Fn(&str) -> Option<String> + 'v;

/// The section of drafts, and of lines to begin with, for whatever has none of its own.
const PLAIN: &str = "keep-in-touch";

/// Phrases in the first of some languages.
pub(super) struct Voice<'a> {
    pub(super) phrases: &'a Phrases,
    pub(super) languages: Vec<String>,
}

/// The languages to talk in, best first: the person's own, then the user's, each with those it may fall back to.
pub(super) fn languages(known: &Acquaintance, settings: &Settings) -> Vec<String> {
    let own = known.preferences.language.clone();
    let user = settings.me.language();
    own.iter()
        .chain(user.iter())
        .flat_map(|language| language.fallbacks().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

impl Voice<'_> {
    fn texts(&self, kind: &str, section: &str, key: &str) -> &[String] {
        self.phrases.texts(&self.languages, kind, section, key)
    }

    /// A line to say.
    pub(super) fn say(&self, section: &str, key: &str, value: &Value<'_>) -> String {
        match self.texts("lines", section, key) {
            [] if section == "open" => best(self.texts("lines", section, PLAIN), value),
            texts => best(texts, value),
        }
    }

    /// A part of a message.
    pub(super) fn draft(&self, situation: &str, part: &str, value: &Value<'_>) -> String {
        match self.texts("drafts", situation, part) {
            [] => best(self.texts("drafts", PLAIN, part), value),
            texts => best(texts, value),
        }
    }

    /// Two questions: those about what is known first, then others, of which the seed decides.
    pub(super) fn questions(&self, is_stranger: bool, seed: &str, value: &Value<'_>) -> [String; 2] {
        let any = self.texts("lines", "quiet", "any");
        let new = if is_stranger { self.texts("lines", "quiet", "new") } else { &[] };
        let asks_of = |text: &&String| text.contains('{');
        let known = any.iter().chain(new).filter(asks_of).filter_map(|text| filled(text, value));
        let plain = |texts: &[String]| {
            let mut plain: Vec<String> = texts.iter().filter(|text| !asks_of(text)).cloned().collect();
            let first = number(seed).checked_rem(plain.len()).unwrap_or(0);
            plain.rotate_left(first);
            plain
        };
        let mut all = known.chain(plain(new)).chain(plain(any));
        [all.next().unwrap_or_default(), all.next().unwrap_or_default()]
    }

    /// What was noted about somebody, as it is said to them: `her new job` as `your new
    /// job`; none if other words of it speak of a third person, as nobody would to them.
    pub(super) fn to_them(&self, noted: &str) -> Option<String> {
        let (first, rest) = noted.split_once(' ').unwrap_or((noted, ""));
        let folded = first.to_lowercase();
        let mut yours = self.texts("lines", "yours", "words").iter().filter_map(|pair| pair.split_once(' '));
        match yours.find(|(about, _)| *about == folded && !rest.is_empty()) {
            Some((_, yours)) => (!self.is_of_others(rest)).then(|| format!("{yours} {rest}")),
            None => (!self.is_of_others(noted)).then(|| noted.to_owned()),
        }
    }

    /// Whether words speak of a third person.
    pub(super) fn is_of_others(&self, said: &str) -> bool {
        // The user may note in any language that they talk in.
        let languages = self.languages.iter().cloned().chain([FIRST.to_owned()]);
        let others =
            languages.flat_map(|language| self.phrases.texts(&[language], "lines", "yours", "others"));
        let mut words = said.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.any(|word| others.clone().any(|other| *other == word))
    }

    /// What was noted, where it goes on from a verb: `to the party`.
    pub(super) fn going_on(&self, noted: &str) -> Option<String> {
        let (first, rest) = noted.split_once(' ')?;
        let first = first.to_lowercase();
        self.texts("lines", "yours", "to").contains(&first).then(|| format!("{first} {rest}"))
    }

    /// What a day is called that a card, or the user, has under that label; none if that is a name of its own.
    pub(super) fn day_name(&self, label: &str) -> Option<String> {
        let names = self.texts("lines", "days", "names").iter().filter_map(|pair| pair.split_once(" = "));
        let mut found = names.filter(|(known, _)| *known == label.to_lowercase());
        found.next().map(|(_, name)| name.to_owned())
    }

    /// A month and its year: `October 2026`.
    pub(super) fn month(&self, day: Date) -> Option<String> {
        let at = usize::try_from(day.month()).ok()?.checked_sub(1)?;
        let name = self.texts("lines", "months", "names").get(at)?;
        Some(format!("{name} {}", day.year()))
    }
}

/// A number that follows from a text, the same for ever.
fn number(seed: &str) -> usize {
    let hash = Sha256::digest(seed.as_bytes());
    hash.first().copied().map_or(0, usize::from)
}
