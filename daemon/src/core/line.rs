//! A person in one line, as somebody types them: `Eva Stern, Berlin, my
//! cousin, eva@example.org`.

use super::contact::{Column, Content, Item, List};
use super::date::Birthday;
use super::identity::{Identity, phone_key};
use super::name::PersonName;
use super::text::is_command;

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
    /// Telephone numbers, in their order.
    pub phones: Vec<String>,
}

impl Line {
    /// Reads a line. Its parts are separated by commas. What is an email
    /// address or a telephone number is taken for one wherever it stands; of
    /// the rest the first part is the name, the second the place, and all
    /// others together are the note. Any text is a line; one without a name
    /// has an empty one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut line = Self::default();
        let mut rest = Vec::new();
        for part in text.split([',', '\n']).map(single_spaced).filter(|part| !part.is_empty()) {
            if part.contains('@') && List::Email.typed(&part).is_ok() {
                line.emails.push(part);
            } else if is_phone(&part) {
                line.phones.push(part);
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

    /// Whether it says a name: a number alone is nobody's, what has an `@` and
    /// is no email address was meant to be one, and an arrow key is no letter.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.name.contains(char::is_alphabetic) && !self.name.contains('@') && !self.name.contains(is_command)
    }

    /// Whether it says anything of somebody, besides a name, that `content` does not.
    #[must_use]
    pub fn adds_to(&self, content: &Content) -> bool {
        let is_new = |list: List, value: &String| {
            let key = list.key(value, None);
            content.list(list).iter().all(|item| list.key(&item.value, None) != key)
        };
        self.note.is_some()
            || self.place.iter().any(|place| is_new(List::Address, place))
            || self.emails.iter().any(|address| is_new(List::Email, address))
            || self.phones.iter().any(|number| is_new(List::Phone, number))
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
        content
    }

    /// What of it tells who it is.
    #[must_use]
    pub fn identity(&self, birthday: Option<Birthday>) -> Identity {
        Identity::new(
            PersonName::of_text(&self.name),
            self.emails.iter().map(String::as_str),
            self.phones.iter().map(String::as_str),
            std::iter::empty(),
            birthday,
        )
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a part of a line is a telephone number that could be somebody's, rather
/// than a date, a span of years, or a number among words.
fn is_phone(part: &str) -> bool {
    let number = part.chars().all(|c| c.is_ascii_digit() || " +-/().\u{a0}".contains(c));
    number && phone_key(part).is_some() && part.parse::<Birthday>().is_err() && !is_years(part)
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

    /// `name | place | note | emails | phones`, lists separated by `;`.
    fn shown(text: &str) -> String {
        let Line { name, place, note, emails, phones } = Line::parse(text);
        let (place, note) = (place.unwrap_or_default(), note.unwrap_or_default());
        format!("{name}|{place}|{note}|{}|{}", emails.join(";"), phones.join(";"))
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
    fn a_name_has_letters_and_is_no_address() {
        for (line, has_name) in [
            ("Eva", true),
            ("山田 太郎", true),
            ("R2D2, Tatooine", true),
            ("", false),
            ("eva@example.org", false),
            ("eva@", false),
            ("\u{1b}[A", false),
            ("99", false),
            ("..., Berlin", false),
        ] {
            assert_eq!(Line::parse(line).has_name(), has_name, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_of_a_line_is_lost(text in "[a-z@., +0-9\n-]{0,60}") {
            let line = Line::parse(&text);
            let mut parts: Vec<String> = [line.name].into_iter().chain(line.place).chain(line.note).collect();
            parts.extend(line.emails.into_iter().chain(line.phones));
            let letters = |text: &str| {
                let mut all: Vec<char> = text.chars().filter(|c| !",\n ".contains(*c)).collect();
                all.sort_unstable();
                all
            };
            proptest::prop_assert_eq!(letters(&parts.concat()), letters(&text));
        }
    }
}
