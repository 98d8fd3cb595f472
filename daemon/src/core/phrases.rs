//! What there is to say and to write: the templates, shipped and the user's own.
//!
//! A file is named `drafts.LANGUAGE.toml` or `lines.LANGUAGE.toml`; those of
//! config/templates are built in, and what a user's own say lies over them, key
//! by key. The language of placeholders is explained in drafts.en.toml.

use std::collections::BTreeMap;
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The templates that are built in.
const SHIPPED: [(&str, &str); 6] = [
    ("drafts.en.toml", include_str!("../../../config/templates/drafts.en.toml")),
    ("lines.en.toml", include_str!("../../../config/templates/lines.en.toml")),
    ("drafts.de.toml", include_str!("../../../config/templates/drafts.de.toml")),
    ("lines.de.toml", include_str!("../../../config/templates/lines.de.toml")),
    ("drafts.de-x-sie.toml", include_str!("../../../config/templates/drafts.de-x-sie.toml")),
    ("lines.de-x-sie.toml", include_str!("../../../config/templates/lines.de-x-sie.toml")),
];

/// The language in which everything is there.
pub const FIRST: &str = "en";

/// What may stand in braces.
pub const PLACEHOLDERS: [&str; 26] = [
    "name",
    "address",
    "surname",
    "me",
    "my_name",
    "field",
    "looking_for",
    "other",
    "other_name",
    "because",
    "last",
    "month",
    "what",
    "to",
    "met",
    "interest",
    "family",
    "need",
    "knows",
    "offer",
    "learn",
    "title",
    "organization",
    "limit",
    "ways",
    "reassurance",
];

/// Where a text stands: `drafts` or `lines`, section, key.
type Place = (String, String, String);

/// All texts, by language and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrases {
    languages: BTreeMap<String, BTreeMap<Place, Vec<String>>>,
}

impl Default for Phrases {
    fn default() -> Self {
        let mut phrases = Self { languages: BTreeMap::new() };
        for (name, text) in SHIPPED {
            // A test reads them all.
            let _ = phrases.add(name, text, None);
        }
        phrases
    }
}

/// Why a file of templates cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which line, from 1; none: in its name.
    pub line: Option<usize>,
    /// What is wrong, and what to write.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for Fault {}

impl Phrases {
    /// Lays a user's file, without its folder, over what is there.
    ///
    /// # Errors
    /// If its name, a key, a value or a placeholder is none; nothing of it counts then.
    pub fn lay_over(&mut self, file: &str, text: &str) -> Result<(), Fault> {
        let known = Self::default();
        self.add(file, text, Some(&known))
    }

    fn add(&mut self, file: &str, text: &str, known: Option<&Self>) -> Result<(), Fault> {
        let parts: Vec<&str> = file.split('.').collect();
        let [kind @ ("drafts" | "lines"), language, "toml"] = parts[..] else {
            return Err(Fault {
                line: None,
                what: "it is called neither drafts.LANGUAGE.toml nor lines.LANGUAGE.toml".to_owned(),
            });
        };
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map(|span| line_of(text, span.start));
            Fault { line, what: error.message().trim_end().to_owned() }
        })?;
        let mut found = Vec::new();
        for (section, keys) in table.get_ref() {
            let at = |offset: usize, what: String| Fault { line: Some(line_of(text, offset)), what };
            let DeValue::Table(keys) = keys.get_ref() else {
                return Err(at(section.span().start, format!("{} is not in a [section]", section.get_ref())));
            };
            for (key, value) in keys {
                let place = (kind.to_owned(), section.get_ref().to_string(), key.get_ref().to_string());
                if known.is_some_and(|known| !known.has(&place)) {
                    let what = format!(
                        "[{}] has no key {}; {file} may have what the file for en has",
                        place.1, place.2
                    );
                    return Err(at(key.span().start, what));
                }
                let texts = texts(value).ok_or_else(|| {
                    at(
                        value.span().start,
                        format!("{} is a text in quotation marks, or several in brackets", place.2),
                    )
                })?;
                let raw = text.get(value.span()).unwrap_or_default();
                if let Some((offset, what)) = unknown(raw) {
                    return Err(at(value.span().start + offset, what));
                }
                found.push((place, texts));
            }
        }
        self.languages.entry(language.to_lowercase()).or_default().extend(found);
        Ok(())
    }

    fn has(&self, place: &Place) -> bool {
        self.languages.get(FIRST).is_some_and(|texts| texts.contains_key(place))
    }

    /// The texts of a place, in the first of these languages that has it, else in English.
    #[must_use]
    pub fn texts(&self, languages: &[String], kind: &str, section: &str, key: &str) -> &[String] {
        let place = (kind.to_owned(), section.to_owned(), key.to_owned());
        let languages = languages.iter().map(String::as_str).chain([FIRST]);
        let mut found =
            languages.filter_map(|language| self.languages.get(&language.to_lowercase())?.get(&place));
        found.next().map_or(&[], Vec::as_slice)
    }
}

/// The line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Array(array) => array
            .iter()
            .map(|one| match one.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// The first brace in a text, as it stands in its file, that is no placeholder; where, and what is wrong.
fn unknown(raw: &str) -> Option<(usize, String)> {
    pieces(raw).find_map(|(at, piece)| match piece {
        Piece::Text(_) => None,
        Piece::Known(name) if PLACEHOLDERS.contains(&name) => None,
        Piece::Known(name) => {
            let known: Vec<String> = PLACEHOLDERS.iter().map(|name| format!("{{{name}}}")).collect();
            Some((
                at,
                format!(
                    "there is no placeholder {{{name}}}; there are {}, and {{{{ for a brace",
                    known.join(" ")
                ),
            ))
        }
        Piece::Open => Some((at, "a brace is not closed; write {{ for a brace".to_owned())),
    })
}

/// A piece of a template.
enum Piece<'t> {
    Text(&'t str),
    Known(&'t str),
    /// A brace that is not closed in its line.
    Open,
}

/// A template piece by piece, each with its offset.
fn pieces(text: &str) -> impl Iterator<Item = (usize, Piece<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let (length, piece) = match rest.strip_prefix('{') {
            None => {
                let end = rest.find('{').unwrap_or(rest.len());
                (end, Piece::Text(rest.get(..end).unwrap_or(rest)))
            }
            Some(more) if more.starts_with('{') => (2, Piece::Text(rest.get(..1).unwrap_or(rest))),
            Some(more) => {
                match more.find(['}', '\n']).map(|end| (end, &more[..end], more[end..].starts_with('}'))) {
                    Some((end, name, true)) => (end + 2, Piece::Known(name)),
                    _ => (1, Piece::Open),
                }
            }
        };
        at += length;
        Some((start, piece))
    })
}

/// A template of one text, with what is known in its places; none if something is
/// not. A sentence that what is known ends by itself is not ended twice.
#[must_use]
pub fn filled(template: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(template.len());
    let mut is_ended = false;
    for (_, piece) in pieces(template) {
        match piece {
            Piece::Text(text) => {
                filled.push_str(text.strip_prefix('.').filter(|_| is_ended).unwrap_or(text));
                is_ended = false;
            }
            Piece::Known(name) => {
                filled.push_str(&known(name)?);
                is_ended = filled.ends_with(['.', '?', '!', '…']);
            }
            Piece::Open => filled.push('{'),
        }
    }
    Some(filled)
}

/// The first of several texts of which everything is known; if there is none, the
/// one with the fewest lines in which something is not, without these.
#[must_use]
pub fn best(templates: &[String], known: &dyn Fn(&str) -> Option<String>) -> String {
    let without_unknown = |template: &String| {
        let lines: Vec<Option<String>> = template.lines().map(|line| filled(line, known)).collect();
        let lost = lines.iter().filter(|line| line.is_none()).count();
        (lost, lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
    };
    let best = templates.iter().map(without_unknown).min_by_key(|(lost, _)| *lost);
    best.map(|(_, text)| tidied(&text)).unwrap_or_default()
}

/// A text without empty lines around it, and with no more than one between others.
fn tidied(text: &str) -> String {
    let mut tidy = String::new();
    for line in text.trim().lines() {
        if line.trim().is_empty() && (tidy.is_empty() || tidy.ends_with("\n\n")) {
            continue;
        }
        tidy.push_str(line.trim_end());
        tidy.push('\n');
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_is_shipped_has_everything() {
        let mut phrases = Phrases { languages: BTreeMap::new() };
        for (name, text) in SHIPPED {
            phrases.add(name, text, None).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
        let everything: Vec<_> = phrases.languages[FIRST].keys().collect();
        for (language, texts) in &phrases.languages {
            // The rest of formal German is as in German.
            let is_whole = texts.keys().collect::<Vec<_>>() == everything;
            assert!(is_whole || language == "de-x-sie", "{language}");
            for (place, texts) in texts {
                assert!(
                    !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty()),
                    "{language} {place:?}"
                );
            }
            for place in texts
                .keys()
                .filter(|(kind, section, key)| kind == "drafts" && section != "send" && key == "body")
            {
                // Nothing is to be talked over with these: they give, or answer.
                const GIVE: [&str; 10] = [
                    "congratulate",
                    "date",
                    "invite",
                    "accompany",
                    "thank-you",
                    "introduction-consent",
                    "introduction-forward",
                    "introduction-make",
                    "introduction-thanks",
                    "introduction-reminder",
                ];
                let offers = GIVE.contains(&place.1.as_str());
                assert!(
                    offers || texts[place][0].contains("{ways}"),
                    "{language} {place:?} offers two ways to talk"
                );
            }
            let months = texts.get(&("lines".into(), "months".into(), "names".into()));
            assert!(months.is_none_or(|months| months.len() == 12), "{language}");
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let known = |name: &str| match name {
            "name" => Some("Anna".to_owned()),
            "ways" => Some("Phone or coffee?".to_owned()),
            "what" => Some("a new job.".to_owned()),
            _ => None,
        };
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        for (templates, text) in [
            (texts(&["Hi {name}."]), "Hi Anna."),
            (texts(&["{last}?", "Hi {name}, {{ and }."]), "Hi Anna, { and }."),
            (texts(&["\nHi {name},\n\n{last}\n\n{ways}\n\n{me}\n"]), "Hi Anna,\n\nPhone or coffee?"),
            (texts(&["{last}"]), ""),
            // Who the user is may not be known: that is no reason for the less fitting text.
            (texts(&["Well done {what}\n{me}", "Well done!\nNews: {what}\n{me}"]), "Well done a new job."),
            (texts(&["Well done {last}\n{me}", "Well done!\n{me}"]), "Well done!"),
            (texts(&["{what}. {ways}."]), "a new job. Phone or coffee?"),
            (texts(&["It is {name}."]), "It is Anna."),
            (texts(&[]), ""),
        ] {
            assert_eq!(best(&templates, &known), text);
        }
    }

    #[test]
    fn a_users_file_lies_over_what_is_shipped() {
        let mut phrases = Phrases::default();
        let languages = |language: &str| vec![language.to_owned()];
        phrases.lay_over("drafts.de.toml", "[rekindle]\nsubject = \"Na, {name}?\"\n").unwrap();
        phrases.lay_over("lines.fr.toml", "[unsure]\nany = 'Je ne sais pas.'\n").unwrap();
        assert_eq!(phrases.texts(&languages("de"), "drafts", "rekindle", "subject"), ["Na, {name}?"]);
        assert!(phrases.texts(&languages("de"), "drafts", "rekindle", "sms")[0].starts_with("Hallo"));
        assert_eq!(phrases.texts(&languages("fr"), "lines", "unsure", "any"), ["Je ne sais pas."]);
        assert!(phrases.texts(&languages("fr"), "lines", "end", "any")[0].starts_with("I promised"));
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_line() {
        let before = Phrases::default();
        for (file, text, line, what) in [
            ("drafts.de.txt", "", None, "it is called neither drafts.LANGUAGE.toml nor"),
            ("hello.toml", "", None, "it is called neither"),
            (
                "drafts.de.toml",
                "[rekindle]\nsubject = \"{nam}\"\n",
                Some(2),
                "there is no placeholder {nam}; there are {name}",
            ),
            (
                "drafts.de.toml",
                "[rekindle]\nbody = \"\"\"\nHallo {name},\n\n{lst}\n\"\"\"\n",
                Some(5),
                "there is no placeholder {lst}",
            ),
            ("drafts.de.toml", "[rekindle]\nsms = [\"a\",\n\"{name\"]\n", Some(3), "a brace is not closed"),
            ("drafts.de.toml", "[poem]\nbody = ''\n", Some(2), "[poem] has no key body"),
            ("drafts.de.toml", "body = ''\n", Some(1), "body is not in a [section]"),
            ("lines.de.toml", "[open]\nrekindle = 7\n", Some(2), "rekindle is a text in quotation marks"),
            ("lines.de.toml", "[open]\nrekindle = \"\n", Some(2), ""),
        ] {
            let mut phrases = before.clone();
            let fault = phrases.lay_over(file, text).unwrap_err();
            assert!(fault.line == line && fault.what.starts_with(what), "{file}: {text:?}: {fault}");
            assert_eq!(phrases, before);
        }
    }
}
