//! What the vCards of a contact say that its fields do not: pictures, keys,
//! and whatever programs added of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{Line, lines};
use super::value::{split, unescape};
use super::vcard::Version;
use super::{Exported, Original};
use crate::core::assemble::NOTES;
use crate::core::contact::{Column, List};
use kith_plugin::text::{at_service, one_line};
use kith_plugin::{Contact, date};
use kith_plugin_vcard::{Extension, Row, extension, row};

/// What is to come out again beside the fields.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Lines that stand by themselves or in a group of their own, in order.
    pub(super) alone: BTreeSet<Vec<Line>>,
    /// Lines of values that the contact may have, as their cards have them.
    pub(super) known: BTreeMap<Anchor, Vec<Line>>,
    /// Lines that share a group with such a value, as a key does with its address; of what has no label among the
    /// fields only its label.
    pub(super) with: BTreeMap<Anchor, BTreeSet<Line>>,
    /// Days of birth and death beside the one that a card is taken to say, or that counts of several cards.
    pub(super) further: BTreeSet<Further>,
}

/// A day of which a person has one, and a card says another one as well, or instead.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Further {
    /// The property.
    pub(super) name: &'static str,
    /// Its kind among the dates of a contact.
    pub(super) kind: &'static str,
    /// The date, as importers write it.
    pub(super) date: String,
}

/// A value of a list, by which a line belongs to it.
pub(super) type Anchor = (&'static str, String);

/// The anchor of a value.
pub(super) fn anchor(list: List, value: &str) -> Anchor {
    (list.table(), list.key(value, None))
}

/// The anchor of a job title or role.
pub(super) fn title(text: &str) -> Anchor {
    (TITLE, text.to_owned())
}

/// The anchor of an organisation, whatever the department.
pub(super) fn organization(name: &str) -> Anchor {
    (ORGANIZATION, name.to_owned())
}

/// The anchor of a property that stands once in a card that is written.
pub(super) fn single(property: &str) -> Anchor {
    (SINGLE, property.to_owned())
}

const TITLE: &str = "title";
const ORGANIZATION: &str = "organization";
const SINGLE: &str = "single";

/// Whether what this is of has a label among the fields.
fn has_label((of, _): &Anchor) -> bool {
    ![TITLE, ORGANIZATION, SINGLE].contains(of)
}

/// Lines of one group of a card.
#[derive(Default)]
struct Group {
    /// The value that its label is of.
    labelled: Option<Anchor>,
    /// Values whose label is none of the fields.
    others: BTreeSet<Anchor>,
    lines: Vec<Line>,
}

impl Kept {
    /// Reads the cards as they came.
    pub(super) fn of(exported: &Exported, version: Version) -> Self {
        let mut kept = Self::default();
        for Original { card, vcard } in &exported.originals {
            kept.read(vcard, version);
            kept.further.extend(lines(vcard).iter().filter_map(|line| further(line, &card.fields)));
        }
        // What the user says it is instead is right.
        if !exported.own.contains(&Column::Birthday) {
            let said = exported.originals.iter().flat_map(|original| &original.card.fields.anniversaries);
            let births = said.filter(|said| said.kind == "birth");
            kept.further.extend(births.map(|birth| Further {
                name: "BDAY",
                kind: "birth",
                date: birth.date.clone(),
            }));
        }
        kept
    }

    /// What a card says of a line in parameters, if the card says the same in it.
    pub(super) fn parameters(&self, line: &Line, at: &Anchor) -> Vec<(String, Vec<String>)> {
        let said = self.known.get(at).into_iter().flatten();
        let same = said.filter(|known| known.name == line.name && said_in(known) == said_in(line));
        same.map(own_parameters).max().unwrap_or_default()
    }

    /// The name in other languages or scripts (`ALTID`), which is a nickname here, as a card has it. vCard 3.0 has one
    /// name.
    pub(super) fn other_names(&self, contact: &Contact, version: Version) -> Vec<(String, Line)> {
        let of_name = self.known.get(&single("FN")).filter(|_| version == Version::V4);
        let mut names = BTreeMap::new();
        for line in of_name.into_iter().flatten().filter(|line| !line.parameter("ALTID").is_empty()) {
            let name = one_line(unescape(&line.value)).filter(|name| contact.nicknames.contains(name));
            if let Some(name) = name.filter(|name| contact.name.full.as_ref() != Some(name)) {
                let parameters = own_parameters(line);
                names.insert(name, Line { parameters, ..line.clone() });
            }
        }
        names.into_iter().collect()
    }

    /// Forgets what an importer would note of it and the notes no longer say. What they do say
    /// comes out as it was, too.
    pub(super) fn keep_noted(&mut self, notes: &[String]) {
        let is_said = |line: &Line| match what(line) {
            What::Noted(text) => {
                let end = format!(": {text}");
                notes.iter().flat_map(|note| note.split(NOTES)).any(|note| note.trim().ends_with(&end))
            }
            _ => true,
        };
        self.alone.retain(|lines| lines.iter().all(is_said));
        self.with.values_mut().for_each(|lines| lines.retain(is_said));
    }

    fn read(&mut self, card: &str, version: Version) {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for line in lines(card) {
            let group = line.group.clone();
            let anchors = match what(&line) {
                What::Other | What::Noted(_) => {
                    let line = version.of(Line { group: None, ..line });
                    match group {
                        Some(group) => groups.entry(group).or_default().lines.push(line),
                        None => drop(self.alone.insert(vec![line])),
                    }
                    continue;
                }
                What::Field => Vec::new(),
                What::Values(anchors) => anchors,
            };
            for anchor in anchors {
                if let Some(group) = &group {
                    let group = groups.entry(group.clone()).or_default();
                    if has_label(&anchor) {
                        group.labelled.get_or_insert_with(|| anchor.clone());
                    } else {
                        group.others.insert(anchor.clone());
                    }
                }
                self.known.entry(anchor).or_default().push(Line { group: None, ..line.clone() });
            }
        }
        for Group { labelled, others, mut lines } in groups.into_values() {
            if let Some(anchor) = labelled {
                lines.retain(|line| line.name != LABEL);
                self.with.entry(anchor).or_default().extend(lines);
                continue;
            }
            for anchor in others {
                let labels = lines.iter().filter(|line| line.name == LABEL);
                self.with.entry(anchor).or_default().extend(labels.cloned());
            }
            // Else it is the label of a date or the like, which is among the fields.
            if lines.iter().any(|line| line.name != LABEL) {
                lines.sort_by_key(|line| line.name == LABEL);
                self.alone.insert(lines);
            }
        }
    }
}

/// What the parameters of a line say, but how it is written and which one is preferred.
fn own_parameters(line: &Line) -> Vec<(String, Vec<String>)> {
    let is_own = |name: &str| !["ENCODING", "PREF", "VALUE", "X-APPLE-OMIT-YEAR"].contains(&name);
    let mut own: Vec<_> = line.parameters.iter().filter(|(name, _)| is_own(name)).cloned().collect();
    own.sort();
    own
}

/// What a line says, however it is written.
fn said_in(line: &Line) -> Vec<Vec<String>> {
    let words = |text: &str| unescape(text).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.name.as_str() {
        "BDAY" | "DEATHDATE" | "ANNIVERSARY" => {
            let omitted = line.parameter("X-APPLE-OMIT-YEAR").first().map(String::as_str);
            let date = one_line(unescape(&line.value)).and_then(|text| date::read(&text, omitted).ok());
            vec![date.into_iter().collect()]
        }
        "N" | "ORG" | "NICKNAME" | "CATEGORIES" => {
            let part = |part: &str| split(part, ',').into_iter().map(words).collect();
            let mut parts: Vec<Vec<String>> = split(&line.value, ';').into_iter().map(part).collect();
            let filled = parts.iter().rposition(|part| part.iter().any(|text| !text.is_empty()));
            parts.truncate(filled.map_or(0, |last| last + 1));
            parts
        }
        _ => vec![vec![words(&line.value)]],
    }
}

/// The label of a group.
pub(super) const LABEL: &str = "X-ABLABEL";

/// What a line is to the fields of a contact.
enum What {
    /// One of them, or what only the card itself means.
    Field,
    /// Values of lists, and of what may have a label beside the fields.
    Values(Vec<Anchor>),
    /// What an importer keeps as a note that ends with this.
    Noted(String),
    /// None of them.
    Other,
}

/// As the importer takes it: what it cannot read of a field it knows comes out again, too.
fn what(line: &Line) -> What {
    let text = || unescape(&line.value);
    let one = |list, value: &str| What::Values(vec![anchor(list, value)]);
    match line.name.as_str() {
        "EMAIL" => match text() {
            address if address.contains('@') => one(List::Email, without_scheme(&address, "mailto:")),
            _ => What::Other,
        },
        "TEL" => match text() {
            number if number.contains(char::is_numeric) => one(List::Phone, without_scheme(&number, "tel:")),
            _ => What::Other,
        },
        "URL" => one(List::Link, &text()),
        "ADR" => one(List::Address, &address(&line.value)),
        "IMPP" | "SOCIALPROFILE" | "X-SOCIALPROFILE" => {
            let value = text();
            let named = ["USERNAME", "X-USER"].into_iter().flat_map(|name| line.parameter(name));
            let values = [without_scheme(&value, "x-apple:")].into_iter().chain(named.map(String::as_str));
            What::Values(values.map(|value| anchor(List::Link, value)).collect())
        }
        "TITLE" | "ROLE" => What::Values(vec![title(text().trim())]),
        "BDAY" | "DEATHDATE" | "ANNIVERSARY" => {
            let omitted = line.parameter("X-APPLE-OMIT-YEAR").first().map(String::as_str);
            match a_date(&text(), omitted) {
                What::Field => What::Values(vec![single(&line.name)]),
                noted => noted,
            }
        }
        "ORG" => {
            let name = split(&line.value, ';').first().and_then(|name| one_line(unescape(name)));
            What::Values(vec![organization(name.as_deref().unwrap_or_default())])
        }
        "CATEGORIES" | "FN" | "N" | "NICKNAME" | "NOTE" => What::Values(vec![single(&line.name)]),
        "X-ABSHOWAS" if text().trim().eq_ignore_ascii_case("company") => What::Field,
        "X-ADDRESSBOOKSERVER-KIND" if text().trim().eq_ignore_ascii_case("group") => What::Field,
        // A relation of nobody is none of the fields, and says nothing.
        "RELATED" | "X-ABRELATEDNAMES" => What::Field,
        // What is no date is a note. In a group with others it would be called as they are.
        "X-ABDATE" => What::Field,
        "KIND" | "LABEL" | "PRODID" | "REV" | "UID" | "VERSION" => What::Field,
        name => match extension(name) {
            Some(Extension::Date(_)) => a_date(&text(), None),
            Some(Extension::Service(service)) => {
                let value = one_line(text()).unwrap_or_default();
                let (uri, user) = at_service(service, &value);
                uri.or(user).map_or(What::Field, |value| one(List::Link, &value))
            }
            Some(Extension::Link(_)) => one(List::Link, &text()),
            // The number of somebody else.
            Some(Extension::Phone)
                if line.parameter("TYPE").iter().any(|kind| kind.eq_ignore_ascii_case("assistant")) =>
            {
                one_line(text()).map_or(What::Field, What::Noted)
            }
            Some(Extension::Phone) if text().contains(char::is_numeric) => one(List::Phone, &text()),
            Some(Extension::Phone) => What::Other,
            Some(Extension::Title) => What::Values(vec![title(text().trim())]),
            Some(Extension::Android) => match one_line(text()).as_deref().and_then(row) {
                Some(Row::Date { date, .. }) => a_date(&date, None),
                Some(Row::Nickname(_) | Row::Related { .. }) => What::Field,
                None => What::Other,
            },
            Some(Extension::Nickname | Extension::Related(_) | Extension::Unit) => What::Field,
            Some(Extension::Note(_)) => one_line(text()).map_or(What::Field, What::Noted),
            Some(Extension::Member | Extension::List | Extension::Technical) | None => What::Other,
        },
    }
}

/// The day that a line says, where its card is taken to say another one.
fn further(line: &Line, said: &Contact) -> Option<Further> {
    let (name, kind) = match line.name.as_str() {
        "BDAY" => ("BDAY", "birth"),
        "DEATHDATE" => ("DEATHDATE", "death"),
        _ => return None,
    };
    let omitted = line.parameter("X-APPLE-OMIT-YEAR").first().map(String::as_str);
    let date = date::read(&one_line(unescape(&line.value))?, omitted).ok()?;
    let known = said.anniversaries.iter().find(|known| known.kind == kind)?;
    (known.date != date).then_some(Further { name, kind, date })
}

/// A date, or what an importer makes of it if it is none.
fn a_date(text: &str, omitted: Option<&str>) -> What {
    let Some(text) = one_line(text.to_owned()) else { return What::Field };
    match date::read(&text, omitted) {
        Ok(_) => What::Field,
        Err(_) => What::Noted(date::month_alone(&text).map_or(text.clone(), str::to_owned)),
    }
}

/// The text without the scheme of a URI before it.
fn without_scheme<'t>(text: &'t str, scheme: &str) -> &'t str {
    match text.split_at_checked(scheme.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(scheme) => rest,
        _ => text,
    }
}

/// The whole of an address in parts, as the importer puts it together.
fn address(value: &str) -> String {
    let parts: Vec<String> = split(value, ';')
        .into_iter()
        .map(|part| {
            let several = split(part, ',').into_iter().map(|one| unescape(one).trim().to_owned());
            several.collect::<Vec<_>>().join(", ").lines().map(str::trim).collect::<Vec<_>>().join(", ")
        })
        .collect();
    let part = |at: usize| parts.get(at).map(String::as_str).filter(|part| !part.is_empty());
    [2, 1, 0, 3, 4, 5, 6].into_iter().filter_map(part).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_put_together_as_by_the_importer() {
        for (value, expected) in [
            (";;12 St James's Square;London;;SW1Y 4LB;UK", "12 St James's Square, London, SW1Y 4LB, UK"),
            ("Box 7;;;Berlin;;;", "Box 7, Berlin"),
            ("Box 7;Floor 2;1 Row;London;;;UK", "1 Row, Floor 2, Box 7, London, UK"),
            (";;a\\, b,c;d\\;e;;;", "a, b, c, d;e"),
            (";;a\\nb;;;;", "a, b"),
            ("", ""),
        ] {
            assert_eq!(address(value), expected, "{value}");
        }
    }
}
