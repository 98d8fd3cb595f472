//! A person in one line, as somebody types them: `Eva Stern, Berlin, my
//! cousin, eva@example.org`.

use std::fmt;

use super::contact::{Column, Content, Item, List};
use super::date::Birthday;
use super::identity::{Identity, is_own};
use super::name::PersonName;
use super::phone::phone_key;
use super::settings::Me;
use super::text::{cut, is_command};

/// The longest name, in characters: what is longer is a line whose commas are missing.
const LONGEST_NAME: usize = 200;

/// A person in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The name; empty if the line has none.
    pub name: String,
    /// Where they live, or where one meets them.
    pub place: Option<String>,
    /// What the two share, in the words typed.
    pub note: Option<String>,
    /// Email addresses, in their order.
    pub emails: Vec<String>,
    /// Telephone numbers, in their order; an extension is part of its number.
    pub phones: Vec<String>,
    /// Web addresses, in their order.
    pub links: Vec<String>,
}

impl Line {
    /// Reads a line. Its parts are separated by commas, unless they stand in
    /// quotation marks. What is an email address, a telephone number or a web
    /// address is taken for one wherever it stands; of the rest the first part
    /// is the name, the second the place, and all others together are the
    /// note. Any text is a line, and [`Line::fault`] tells whether it can be
    /// meant; one that begins with a comma has an empty name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut line = Self::default();
        let mut rest = Vec::new();
        let mut after_number = false;
        for (at, part) in parts(text).enumerate() {
            let extends = after_number && is_extension(&part);
            after_number = extends || is_phone(&part);
            if part.is_empty() {
                if at == 0 {
                    rest.push(part);
                }
            } else if part.contains('@') && List::Email.typed(&part).is_ok() {
                line.emails.push(part);
            } else if let Some(number) = line.phones.last_mut().filter(|_| extends) {
                *number += &format!(" {part}");
            } else if after_number {
                line.phones.push(part);
            } else if is_link(&part) {
                line.links.push(part);
            } else {
                rest.push(part);
            }
        }
        let mut rest = rest.into_iter();
        line.name = rest.next().unwrap_or_default();
        line.place = rest.next();
        let note: Vec<String> = rest.collect();
        line.note = (!note.is_empty()).then(|| note.join(", "));
        line
    }

    /// Why it cannot be what the user, `me`, wanted to say of a new person, if it cannot.
    #[must_use]
    pub fn fault(&self, me: &Me) -> Option<Fault> {
        let texts = [Some(&self.name), self.place.as_ref(), self.note.as_ref()];
        if let Some(text) =
            texts.into_iter().flatten().chain(&self.links).find(|text| text.contains(is_command))
        {
            return Some(Fault::Command(text.clone()));
        }
        if self.name.is_empty() {
            return Some(Fault::NoName);
        }
        if let Some(part) = [Some(&self.name), self.place.as_ref()].into_iter().flatten().find(|p| opens(p)) {
            return Some(Fault::OpenQuotation(part.clone()));
        }
        if self.name.contains('@') {
            return Some(Fault::AddressForName(self.name.clone()));
        }
        if !self.name.contains(char::is_alphabetic) {
            return Some(Fault::NameWithoutLetters(self.name.clone()));
        }
        let length = self.name.chars().count();
        if length > LONGEST_NAME {
            return Some(Fault::LongName(length));
        }
        if is_own(me, &self.content()) {
            return Some(Fault::Oneself);
        }
        let place = self.place.as_ref()?;
        if place.contains('@') {
            Some(Fault::AddressForPlace(place.clone()))
        } else if is_extension(place) {
            Some(Fault::ExtensionAlone(place.clone()))
        } else {
            (!place.contains(char::is_alphabetic)).then(|| Fault::NumberForPlace(place.clone()))
        }
    }

    /// What it says besides the name, each with what it was taken for; empty if it is a name alone.
    #[must_use]
    pub fn taken(&self) -> String {
        let one = |word: &'static str, values: &[String]| {
            values.iter().map(|value| format!("{word} {value}")).collect::<Vec<_>>()
        };
        let taken = [
            one("place", self.place.as_slice()),
            one("note", self.note.as_slice()),
            one("email", &self.emails),
            one("telephone", &self.phones),
            one("link", &self.links),
        ];
        taken.concat().join("; ")
    }

    /// Whether it says anything of somebody, besides a name, that `content` does not.
    #[must_use]
    pub fn adds_to(&self, content: &Content) -> bool {
        let is_new = |list: List, value: &String| {
            content.list(list).iter().all(|item| !list.is_same((&item.value, None), (value, None)))
        };
        self.note.is_some()
            || self.place.iter().any(|place| is_new(List::Address, place))
            || self.emails.iter().any(|address| is_new(List::Email, address))
            || self.phones.iter().any(|number| is_new(List::Phone, number))
            || self.links.iter().any(|link| is_new(List::Link, link))
    }

    /// The contact that it describes.
    #[must_use]
    pub fn content(&self) -> Content {
        let mut content = Content::default();
        content.set(Column::Name, Some(self.name.clone()));
        content.set(Column::Note, self.note.clone());
        let own = |value: &String| Item { value: value.clone(), ..Item::default() };
        content.list_mut(List::Email).extend(self.emails.iter().map(own));
        content.list_mut(List::Phone).extend(self.phones.iter().map(own));
        content.list_mut(List::Address).extend(self.place.iter().map(own));
        content.list_mut(List::Link).extend(self.links.iter().map(own));
        content
    }

    /// What of it tells who it is.
    #[must_use]
    pub fn identity(&self, birthday: Option<Birthday>) -> Identity {
        Identity::new(
            PersonName::of_text(&self.name),
            self.emails.iter().map(String::as_str),
            self.phones.iter().map(String::as_str),
            self.links.iter().map(String::as_str),
            birthday,
        )
    }
}

/// Why a line cannot be what somebody wanted to say of a new person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It names nobody.
    NoName,
    /// A part has a control character, such as an arrow key leaves.
    Command(String),
    /// A quotation mark before the name or the place is not closed.
    OpenQuotation(String),
    /// What has an `@` stands where the name does.
    AddressForName(String),
    /// A number, or signs, stand where the name does.
    NameWithoutLetters(String),
    /// The name has so many characters.
    LongName(usize),
    /// It is the user.
    Oneself,
    /// What has an `@`, and is no email address, stands where the place does.
    AddressForPlace(String),
    /// An extension stands behind no number.
    ExtensionAlone(String),
    /// A number, which is not a telephone number, stands where the place does.
    NumberForPlace(String),
}

impl Fault {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Command(_) => "type it again",
            Self::OpenQuotation(_) => "close the quotation mark, or leave it out",
            Self::Oneself => "name somebody else: with yourself nothing is planned",
            Self::AddressForPlace(_) | Self::ExtensionAlone(_) | Self::NumberForPlace(_) => {
                "a place has letters; what is neither an address nor a number comes behind the place"
            }
            _ => "begin with the name: \"Eva Stern, Berlin, plays the cello, eva@example.org\"",
        }
    }
}

/// Whole sentences but for the period, with the words that are wrong.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => write!(f, "it says no name"),
            Self::Command(text) => write!(f, "{:?} has a control character", cut(text, 60)),
            Self::OpenQuotation(text) => write!(f, "the quotation mark in {:?} is not closed", cut(text, 60)),
            Self::AddressForName(text) => write!(f, "{text:?} stands for the name, and no name has an @"),
            Self::NameWithoutLetters(text) => write!(f, "{text:?} stands for the name, and has no letters"),
            Self::LongName(length) => {
                write!(
                    f,
                    "the name would have {length} characters; the longest that is taken has {LONGEST_NAME}"
                )
            }
            Self::Oneself => write!(f, "that is you, by the section [me] of kith.toml"),
            Self::AddressForPlace(text) => {
                write!(f, "{text:?} stands for the place, and is not an email address either")
            }
            Self::ExtensionAlone(text) => write!(f, "{text:?} does not stand behind a telephone number"),
            Self::NumberForPlace(text) => {
                write!(f, "{text:?} stands for the place, and is not a telephone number either")
            }
        }
    }
}

/// The parts of a line, each single-spaced and without the quotation marks around it.
fn parts(text: &str) -> impl Iterator<Item = String> {
    let mut rest = Some(text.trim());
    std::iter::from_fn(move || {
        let text = rest?.trim_start_matches([' ', '\t']);
        if let Some((part, after)) = quoted(text) {
            rest = after;
            return Some(single_spaced(part));
        }
        let (part, after) = match text.split_once([',', '\n']) {
            Some((part, after)) => (part, Some(after)),
            None => (text, None),
        };
        rest = after;
        Some(single_spaced(part))
    })
}

/// A part in quotation marks, if the text begins with one, and what is behind its comma.
fn quoted(text: &str) -> Option<(&str, Option<&str>)> {
    let (inside, close) = behind_quotation_mark(text)?;
    let (part, after) = inside.split_once(close)?;
    let after = after.trim_start_matches([' ', '\t']);
    if after.is_empty() {
        return Some((part, None));
    }
    // A nickname or a title at the beginning is no part of its own.
    Some((part, Some(after.strip_prefix([',', '\n'])?)))
}

/// What is behind the quotation mark that a text begins with, if it does, and the one that closes it.
fn behind_quotation_mark(text: &str) -> Option<(&str, char)> {
    [('"', '"'), ('“', '”'), ('„', '“')]
        .into_iter()
        .find_map(|(open, close)| Some((text.strip_prefix(open)?, close)))
}

/// Whether a part begins with a quotation mark that nothing closes.
fn opens(part: &str) -> bool {
    behind_quotation_mark(part).is_some_and(|(inside, close)| !inside.contains(close))
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a part of a line is a telephone number that could be somebody's, rather
/// than a date, a span of years, or a number among words.
fn is_phone(part: &str) -> bool {
    let at = part.find(|c: char| c.is_alphabetic() || "#;".contains(c)).unwrap_or(part.len());
    let (part, extension) = part.split_at(at);
    let number = part.chars().all(|c| c.is_ascii_digit() || " +-/().\u{a0}".contains(c));
    number
        && phone_key(part).is_some()
        && part.parse::<Birthday>().is_err()
        && !is_years(part)
        && (extension.is_empty() || is_extension(extension))
}

/// Whether it is the extension of a number: `ext 5`, `x5`, `;ext=5` (RFC 3966 section 5.3).
fn is_extension(part: &str) -> bool {
    let mark = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = mark.trim_matches([' ', '.', ':', ';', '=']).to_lowercase();
    mark.len() < part.len()
        && ["ext", "extension", "x", "#", "dw", "durchwahl", "poste"].contains(&word.as_str())
}

/// Whether it is a web address.
fn is_link(part: &str) -> bool {
    let page = part.split_once("://").map(|(_, page)| page).or_else(|| part.strip_prefix("www."));
    page.is_some_and(|page| !page.is_empty()) && !part.contains(' ')
}

/// Whether it is `2019-2021`, or `2019/2021`.
fn is_years(part: &str) -> bool {
    let mut years = part.split(['-', '/']).map(str::trim);
    let is_year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    years.clone().count() == 2 && years.all(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name | place | note | emails | phones`, lists separated by `;`; links behind them if there are any.
    fn shown(text: &str) -> String {
        let Line { name, place, note, emails, phones, links } = Line::parse(text);
        let (place, note) = (place.unwrap_or_default(), note.unwrap_or_default());
        let links: String = links.iter().map(|link| format!("|{link}")).collect();
        format!("{name}|{place}|{note}|{}|{}{links}", emails.join(";"), phones.join(";"))
    }

    #[test]
    fn a_line_is_read_part_by_part() {
        for (line, expected) in [
            ("Eva Stern", "Eva Stern||||"),
            ("Eva Stern, Berlin", "Eva Stern|Berlin|||"),
            ("Eva Stern, Berlin, my cousin", "Eva Stern|Berlin|my cousin||"),
            (
                "Eva Stern, Berlin, my cousin, plays the cello, eva@example.org",
                "Eva Stern|Berlin|my cousin, plays the cello|eva@example.org|",
            ),
            (
                "eva@example.org, Eva Stern, +49 30 1234567, Berlin",
                "Eva Stern|Berlin||eva@example.org|+49 30 1234567",
            ),
            ("Eva, 030/1234567, 0170 1234567", "Eva||||030/1234567;0170 1234567"),
            ("  Eva   Stern ,, Berlin , ", "Eva Stern|Berlin|||"),
            ("Eva, Berlin, school 1984", "Eva|Berlin|school 1984||"),
            // Numbers that are nobody's.
            ("Eva, Berlin, 2019-2021", "Eva|Berlin|2019-2021||"),
            ("Eva, Berlin, 1984-04-12", "Eva|Berlin|1984-04-12||"),
            ("Eva, 10115 Berlin, 4711", "Eva|10115 Berlin|4711||"),
            ("Eva, Berlin, call 030 1234567", "Eva|Berlin|call 030 1234567||"),
            // Words with an @ among them.
            ("Eva, @home, mail me @ eva.org", "Eva|@home|mail me @ eva.org||"),
            ("Eva, @home, eva@", "Eva|@home|eva@||"),
            ("Eva, a@b@example.org", "Eva|a@b@example.org|||"),
            ("山田 太郎, 東京", "山田 太郎|東京|||"),
            // A comma in front leaves the name out; elsewhere it is a slip.
            (", Berlin", "|Berlin|||"),
            ("Eva,, Berlin", "Eva|Berlin|||"),
            // Quotation marks keep a part together, and are no part of it.
            ("\"Eva Stern\", \"Berlin\"", "Eva Stern|Berlin|||"),
            ("\"Stern, Eva\", Berlin , „mag Eis, und Tee“", "Stern, Eva|Berlin|mag Eis, und Tee||"),
            ("Eva \"Evi\" Stern, the \"Ritz\"", "Eva \"Evi\" Stern|the \"Ritz\"|||"),
            ("\"Evi\" Stern, Berlin", "\"Evi\" Stern|Berlin|||"),
            ("\"Eva, Berlin", "\"Eva|Berlin|||"),
            // Extensions belong to their number.
            ("Eva, +49 30 1234567 ext 5, Bonn", "Eva|Bonn|||+49 30 1234567 ext 5"),
            ("Eva, 030 1234567, ext. 5, Bonn", "Eva|Bonn|||030 1234567 ext. 5"),
            ("Eva, 030 1234567x12, 030 7654321;ext=9", "Eva||||030 1234567x12;030 7654321;ext=9"),
            ("Eva, 030 1234567 mornings", "Eva|030 1234567 mornings|||"),
            // Web addresses are neither places nor notes.
            ("Eva, https://eva.example, Berlin", "Eva|Berlin||||https://eva.example"),
            ("Eva, www.eva.example", "Eva|||||www.eva.example"),
            ("Eva, see https://eva.example", "Eva|see https://eva.example|||"),
            ("eva@example.org", "|||eva@example.org|"),
            ("", "||||"),
            (" , ,", "||||"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_known_of_somebody_is_nothing_more() {
        let known = Line::parse("Eva Stern, Berlin, my cousin, +49 170 1234567, eva@example.org").content();
        for (line, adds) in [
            ("Eva", false),
            ("Eva S., berlin, 0170/1234567, EVA@example.org", false),
            ("Eva, Bonn", true),
            ("Eva, Berlin, my cousin", true),
            ("Eva, eva@example.net", true),
            ("Eva, 030 7654321", true),
        ] {
            assert_eq!(Line::parse(line).adds_to(&known), adds, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_its_reason() {
        for (line, fault) in [
            ("Eva", None),
            ("山田 太郎", None),
            ("R2D2, Tatooine", None),
            ("Eva, 10115 Berlin, 4711", None),
            ("Eva, Berlin, @eva", None),
            ("", Some("it says no name")),
            (", Berlin", Some("it says no name")),
            ("eva@example.org", Some("it says no name")),
            ("+49 30 1234567", Some("it says no name")),
            ("eva@", Some("\"eva@\" stands for the name, and no name has an @")),
            ("@eva, Berlin", Some("\"@eva\" stands for the name, and no name has an @")),
            ("\u{1b}[A", Some("\"\\u{1b}[A\" has a control character")),
            ("Eva, Ber\u{7}lin", Some("\"Ber\\u{7}lin\" has a control character")),
            ("99", Some("\"99\" stands for the name, and has no letters")),
            ("..., Berlin", Some("\"...\" stands for the name, and has no letters")),
            ("Eva, 12345", Some("\"12345\" stands for the place, and is not a telephone number either")),
            (
                "Eva, 1984-04-12",
                Some("\"1984-04-12\" stands for the place, and is not a telephone number either"),
            ),
            ("Eva, ext 5", Some("\"ext 5\" does not stand behind a telephone number")),
            ("Eva, eva@", Some("\"eva@\" stands for the place, and is not an email address either")),
        ] {
            let told = Line::parse(line).fault(&Me::default()).map(|fault| fault.to_string());
            assert_eq!(told.as_deref(), fault, "{line:?}");
        }
        let long = Line::parse(&"x".repeat(201)).fault(&Me::default());
        assert_eq!(long, Some(Fault::LongName(201)));
        assert_eq!(Line::parse(&"x".repeat(200)).fault(&Me::default()), None);
        let me = Me {
            name: "Eva Stern".into(),
            emails: vec!["eva@e.example".into()],
            phones: vec![],
            region: String::new(),
            language: String::new(),
        };
        for (line, fault) in [
            ("Eva Lund", None),
            ("eva stern, Berlin", Some(Fault::Oneself)),
            ("E, eva@e.example", Some(Fault::Oneself)),
        ] {
            assert_eq!(Line::parse(line).fault(&me), fault, "{line}");
        }
    }

    #[test]
    fn what_was_taken_for_what_is_told() {
        for (line, taken) in [
            ("Eva", ""),
            ("Eva, Berlin", "place Berlin"),
            (
                "Eva, Berlin, my cousin, sails, eva@e.example, 030 1234567, www.eva.example",
                "place Berlin; note my cousin, sails; email eva@e.example; telephone 030 1234567; link www.eva.example",
            ),
        ] {
            assert_eq!(Line::parse(line).taken(), taken, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_of_a_line_is_lost(text in "[a-z@., +0-9:/\n-]{0,60}") {
            let line = Line::parse(&text);
            let mut parts: Vec<String> = [line.name].into_iter().chain(line.place).chain(line.note).collect();
            parts.extend(line.emails.into_iter().chain(line.phones).chain(line.links));
            let letters = |text: &str| {
                let mut all: Vec<char> = text.chars().filter(|c| !",\n ".contains(*c)).collect();
                all.sort_unstable();
                all
            };
            proptest::prop_assert_eq!(letters(&parts.concat()), letters(&text));
        }
    }
}
