//! A contact in the making, with what every importer minds: no duplicates, no
//! lists without end, and nothing in a field that it is not.

use crate::date;
use crate::text::{excerpt, is_linkedin_profile};
use crate::{
    Anniversary, Contact, Email, Link, Name, NameComponent, NameComponentKind, OnlineService, Phone,
};

/// The most entries of one kind that are taken from a record. No real one comes
/// near it, and looking for duplicates in more would take too long.
pub const MOST: usize = 1000;

/// A contact in the making.
#[derive(Debug, Default)]
pub struct Draft {
    /// What is known so far.
    pub contact: Contact,
    /// What could not be understood, for [`Record::warnings`](crate::Record::warnings).
    pub warnings: Vec<String>,
    /// What becomes a note, if no note says it: a fact that has no field, or is no date.
    pub facts: Vec<String>,
}

impl Draft {
    /// Adds an email address, unless it is there in other letters; what is none is a warning.
    pub fn email(&mut self, email: Email) {
        if !email.address.contains('@') {
            let shown = excerpt(&email.address);
            self.warnings.push(format!("“{shown}” is no email address and stays in the original only"));
            return;
        }
        add_new(&mut self.contact.emails, email, |a, b| a.address.to_lowercase() == b.address.to_lowercase());
    }

    /// Adds a telephone number; what is none is a warning.
    pub fn phone(&mut self, phone: Phone) {
        if !phone.number.chars().any(char::is_numeric) {
            let shown = excerpt(&phone.number);
            self.warnings.push(format!("“{shown}” is no telephone number and stays in the original only"));
            return;
        }
        add_new(&mut self.contact.phones, phone, |a, b| a.number == b.number);
    }

    /// Adds a web page, or the profile that it is.
    pub fn link(&mut self, link: Link) {
        if is_linkedin_profile(&link.uri) {
            let service = Some("LinkedIn".to_owned());
            let profile = OnlineService { service, uri: Some(link.uri), ..OnlineService::default() };
            add(&mut self.contact.online_services, profile);
        } else {
            add_new(&mut self.contact.links, link, |a, b| a.uri == b.uri);
        }
    }

    /// Keeps a text as a note that says what it is.
    pub fn noted(&mut self, what: &str, text: &str) {
        add(&mut self.facts, format!("{what}: {text}"));
    }

    /// Adds a date that [`date::read`] has read, or keeps what is `written` as a
    /// note, and says why it is none. Nobody is born or dies twice: of these the first one stands.
    pub fn date(&mut self, kind: String, written: &str, read: Result<String, &'static str>) {
        let what = match kind.as_str() {
            "birth" => "birthday",
            "death" => "date of death",
            "wedding" => "anniversary",
            _ => "date",
        };
        match read {
            Err(reason) => {
                let shown = excerpt(written);
                self.warnings.push(format!("the {what} “{shown}” {reason} and is kept as a note"));
                let mut name = match kind.as_str() {
                    "birth" | "death" | "wedding" | "other" => what.to_owned(),
                    own => own.to_owned(),
                };
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                self.noted(&name, date::month_alone(written).unwrap_or(written.trim()));
            }
            Ok(date) if matches!(kind.as_str(), "birth" | "death") => {
                match self.contact.anniversaries.iter().find(|had| had.kind == kind) {
                    None => self.contact.anniversaries.push(Anniversary { kind, date }),
                    Some(had) if had.date == date => {}
                    Some(_) => {
                        self.warnings.push(format!("a second {what}, {date}, stays in the original only"));
                    }
                }
            }
            Ok(date) => add(&mut self.contact.anniversaries, Anniversary { kind, date }),
        }
    }

    /// The contact and the warnings. A name that is there in parts only is put
    /// together, without the honorific: "Herr Max Mustermann" is no name that one
    /// thinks of. Lists that reached [`MOST`] are told of.
    #[must_use]
    pub fn finish(mut self) -> (Contact, Vec<String>) {
        let said = &self.contact;
        let longest = [
            said.nicknames.len(),
            said.organizations.len(),
            said.titles.len(),
            said.emails.len(),
            said.phones.len(),
            said.addresses.len(),
            said.anniversaries.len(),
            said.links.len(),
            said.online_services.len(),
            said.notes.len(),
            said.keywords.len(),
            said.related_to.len(),
        ];
        if longest.contains(&MOST) {
            self.warnings.push(format!("what the record has more than {MOST} of stays in the original only"));
        }
        self.warnings.truncate(MOST);
        for fact in self.facts {
            // As a card has it that came back from an export.
            let notes = &self.contact.notes;
            let is_there = notes.iter().any(|note| note.split("\n\n").any(|part| part.trim() == fact));
            if !is_there {
                add(&mut self.contact.notes, fact);
            }
        }
        let Name { full, components } = &mut self.contact.name;
        let shown = components.iter().filter(|part| part.kind != NameComponentKind::Title);
        let mut shown: Vec<&NameComponent> = shown.collect();
        // In China, Japan and Korea the family's name is first.
        if shown.iter().all(|part| part.value.chars().all(is_eastern)) {
            shown.sort_by_key(|part| part.kind != NameComponentKind::Surname);
        }
        let shown: Vec<&str> = shown.iter().map(|part| part.value.as_str()).collect();
        if full.is_none() && !shown.is_empty() {
            *full = Some(shown.join(" "));
        }
        (self.contact, self.warnings)
    }
}

/// Whether a character is of the scripts of China, Japan and Korea.
fn is_eastern(c: char) -> bool {
    matches!(c, '々' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

impl Contact {
    /// Whether it has anything that names or reaches somebody.
    #[must_use]
    pub fn is_somebody(&self) -> bool {
        self.name.full.is_some()
            || !self.nicknames.is_empty()
            || !self.organizations.is_empty()
            || !self.emails.is_empty()
            || !self.phones.is_empty()
    }
}

/// Adds what is not there yet; nothing beyond [`MOST`].
pub fn add<T: PartialEq>(all: &mut Vec<T>, one: T) {
    add_new(all, one, T::eq);
}

/// Adds what is not there yet by this comparison; nothing beyond [`MOST`].
pub fn add_new<T>(all: &mut Vec<T>, one: T, same: impl Fn(&T, &T) -> bool) {
    if all.len() < MOST && !all.iter().any(|had| same(had, &one)) {
        all.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NameComponent, date};

    #[test]
    fn what_a_field_cannot_be_is_said_and_nothing_is_there_twice() {
        let mut draft = Draft::default();
        for address in ["ada@example.org", "ADA@example.org", "ada"] {
            draft.email(Email { address: address.to_owned(), ..Email::default() });
        }
        for number in ["+44 1", "+44 1", "none"] {
            draft.phone(Phone { number: number.to_owned(), ..Phone::default() });
        }
        for uri in ["https://example.org", "https://example.org", "https://www.linkedin.com/in/ada"] {
            draft.link(Link { uri: uri.to_owned(), label: None });
        }
        for (kind, written) in [
            ("birth", "1815-12-10"),
            ("birth", "1815-12-10"),
            ("birth", "1816-12-10"),
            ("wedding", "1835-07-08"),
            ("first talk", "soon"),
        ] {
            draft.date(kind.to_owned(), written, date::read(written, None));
        }
        for (kind, value) in [
            (NameComponentKind::Title, "Countess"),
            (NameComponentKind::Given, "Ada"),
            (NameComponentKind::Surname, "Lovelace"),
        ] {
            draft.contact.name.components.push(NameComponent { kind, value: value.to_owned() });
        }
        let (contact, warnings) = draft.finish();
        assert_eq!((contact.emails.len(), contact.phones.len(), contact.links.len()), (1, 1, 1));
        assert_eq!(contact.online_services[0].service.as_deref(), Some("LinkedIn"));
        assert_eq!(contact.anniversaries.len(), 2);
        assert_eq!(contact.name.full.as_deref(), Some("Ada Lovelace"));
        assert_eq!(
            warnings,
            [
                "“ada” is no email address and stays in the original only",
                "“none” is no telephone number and stays in the original only",
                "a second birthday, 1816-12-10, stays in the original only",
                "the date “soon” is not a date like 1985-04-12 or --04-12 and is kept as a note",
            ]
        );
        assert_eq!(contact.notes, ["First talk: soon"]);
    }

    #[test]
    fn what_is_no_date_becomes_a_note_unless_there_is_one_that_says_it() {
        for (note, kind, written, expected) in [
            ("", "birth", " circa 1960 ", &["Birthday: circa 1960"][..]),
            ("", "birth", "--04", &["Birthday: April"]),
            ("", "death", "1604-12", &["Date of death: December"]),
            ("", "über", "x", &["über: x"]),
            ("tea\n\nBirthday: circa 1960", "birth", "circa 1960", &["tea\n\nBirthday: circa 1960"]),
            ("tea, Birthday: x", "birth", "x", &["tea, Birthday: x", "Birthday: x"]),
        ] {
            let mut draft = Draft::default();
            draft.contact.notes.extend((!note.is_empty()).then(|| note.to_owned()));
            draft.date(kind.to_owned(), written, date::read(written, None));
            assert_eq!(draft.finish().0.notes, expected, "{written}");
        }
    }

    #[test]
    fn lists_have_an_end_and_somebody_has_a_name_or_a_way_to_be_reached() {
        assert!(!Contact { notes: vec!["x".to_owned()], ..Contact::default() }.is_somebody());
        assert!(Contact { nicknames: vec!["Ada".to_owned()], ..Contact::default() }.is_somebody());
        let mut draft = Draft::default();
        (0..2 * MOST).for_each(|n| add(&mut draft.contact.keywords, n.to_string()));
        let (contact, warnings) = draft.finish();
        assert_eq!(contact.keywords.len(), MOST);
        assert_eq!(warnings, ["what the record has more than 1000 of stays in the original only"]);
    }
}
