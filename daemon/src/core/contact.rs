//! A contact as it is shown and stored: the fields that users may edit.
//!
//! The lists here are the one place that names the public columns: triggers,
//! assembly, comparison and the command line are made from them.

#[cfg(test)]
mod tests;

use std::fmt;

/// Columns of the `contact` table that are the user's to edit and are logged when they change.
pub const COLUMNS: [Column; 22] = [
    Column::Name,
    Column::GivenName,
    Column::FamilyName,
    Column::Organization,
    Column::Title,
    Column::Birthday,
    Column::Note,
    Column::Kind,
    Column::Circle,
    Column::Comfort,
    Column::ComfortUntil,
    Column::Ideal,
    Column::Latest,
    Column::ArchivedAt,
    Column::Ease,
    Column::Channel,
    Column::Setting,
    Column::BestTime,
    Column::Language,
    Column::TimeLimit,
    Column::Hesitation,
    Column::HowMet,
];

/// A column of the `contact` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The name shown; empty, never null, for somebody without one.
    Name,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// The organisation's name, its first component.
    Organization,
    /// Job title.
    Title,
    /// `1985-04-12` or `--04-12`.
    Birthday,
    /// Notes, separated by empty lines.
    Note,
    /// `person` or `organization`.
    Kind,
    /// The name of a circle.
    Circle,
    /// `yes`, `not-now` or `never`.
    Comfort,
    /// The first day on which somebody who is `not-now` may be planned again.
    ComfortUntil,
    /// Their own ideal interval.
    Ideal,
    /// Their own at-the-latest interval.
    Latest,
    /// When they were archived.
    ArchivedAt,
    /// How easy it is for the user to talk to them: `easy`, `moderate` or `hard`.
    Ease,
    /// How they like to be reached: `call`, `write` or `meet`.
    Channel,
    /// `one-to-one` or `group`.
    Setting,
    /// When they are best reached ([`BestTime`](super::preference::BestTime)).
    BestTime,
    /// The language to talk in (BCP 47).
    Language,
    /// For how many minutes to talk at most.
    TimeLimit,
    /// What makes them hesitate ([`Hesitation`](super::preference::Hesitation)).
    Hesitation,
    /// How the user met them.
    HowMet,
}

impl Column {
    /// Its name in the database and in the change log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Organization => "organization",
            Self::Title => "title",
            Self::Birthday => "birthday",
            Self::Note => "note",
            Self::Kind => "kind",
            Self::Circle => "circle",
            Self::Comfort => "comfort",
            Self::ComfortUntil => "comfort_until",
            Self::Ideal => "ideal",
            Self::Latest => "latest",
            Self::ArchivedAt => "archived_at",
            Self::Ease => "ease",
            Self::Channel => "channel",
            Self::Setting => "setting",
            Self::BestTime => "best_time",
            Self::Language => "language",
            Self::TimeLimit => "time_limit",
            Self::Hesitation => "hesitation",
            Self::HowMet => "how_met",
        }
    }

    /// Whether cards say it; the others are the user's alone.
    #[must_use]
    pub fn is_on_cards(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::GivenName
                | Self::FamilyName
                | Self::Organization
                | Self::Title
                | Self::Birthday
                | Self::Note
        )
    }

    /// What it holds where nobody said anything.
    #[must_use]
    pub fn default(self) -> Option<&'static str> {
        match self {
            Self::Name => Some(""),
            Self::Kind => Some("person"),
            Self::Comfort => Some("yes"),
            _ => None,
        }
    }
}

/// Tables of which a contact has any number of rows: a value, a label, and for some a preference.
pub const LISTS: [List; 8] = [
    List::Email,
    List::Phone,
    List::Address,
    List::Link,
    List::Nickname,
    List::Category,
    List::Anniversary,
    List::Tie,
];

/// A table with a contact's values of one sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// Email addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Postal addresses.
    Address,
    /// Web pages and profiles.
    Link,
    /// Nicknames.
    Nickname,
    /// The user's own labels.
    Category,
    /// Dates other than the birthday; the label says which.
    Anniversary,
    /// Related people, by name or UID; the label says how ([`tie`](super::tie)).
    Tie,
}

impl List {
    /// The table's name, and the field's in the change log.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Link => "link",
            Self::Nickname => "nickname",
            Self::Category => "category",
            Self::Anniversary => "anniversary",
            Self::Tie => "tie",
        }
    }

    /// The column that holds the value.
    #[must_use]
    pub fn value_column(self) -> &'static str {
        match self {
            Self::Email => "address",
            Self::Phone => "number",
            Self::Address => "full",
            Self::Link => "uri",
            Self::Nickname | Self::Category | Self::Tie => "name",
            Self::Anniversary => "date",
        }
    }

    /// What is equal of values that may be the same one; of telephone numbers [`is_same`](Self::is_same)
    /// tells which are.
    #[must_use]
    pub fn key(self, value: &str, label: Option<&str>) -> String {
        use super::identity::{email_key, link_key};
        use super::phone::phone_key;
        match self {
            Self::Email => email_key(value),
            Self::Phone => phone_key(value).unwrap_or_else(|| value.trim().to_owned()),
            Self::Link => link_key(value),
            Self::Address | Self::Nickname | Self::Category | Self::Tie => super::name::fold(value),
            // Two things may have happened on one day.
            Self::Anniversary => format!("{} {}", value.trim(), label.unwrap_or("")),
        }
    }

    /// Whether two values with their labels are the same one, in whatever spelling.
    #[must_use]
    pub fn is_same(self, one: (&str, Option<&str>), other: (&str, Option<&str>)) -> bool {
        match self {
            Self::Phone => super::phone::is_one(one.0, other.0),
            _ => self.key(one.0, one.1) == self.key(other.0, other.1),
        }
    }
}

impl List {
    /// What an option calls a value of it.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Email => "email address",
            Self::Phone => "telephone number",
            Self::Address => "postal address",
            Self::Link => "link",
            Self::Nickname => "nickname",
            Self::Category => "label",
            Self::Anniversary => "date",
            Self::Tie => "related person",
        }
    }

    /// Reads a value as somebody typed it, without the space around it.
    ///
    /// An email address is checked for what no mail program would take; not
    /// for all of RFC 5322, and letters beyond ASCII may stand in it (RFC
    /// 6531). A telephone number needs the digits of the shortest ones there
    /// are.
    ///
    /// # Errors
    /// If it cannot be one; cards that say so are kept as they are.
    pub fn typed(self, text: &str) -> Result<&str, NotAValue> {
        let value = text.trim();
        let good = match self {
            Self::Email => is_email(value),
            Self::Phone => is_phone(value),
            _ => !value.is_empty(),
        };
        if good { Ok(value) } else { Err(NotAValue { list: self, text: text.to_owned() }) }
    }
}

/// The longest email address, in octets (RFC 5321 section 4.5.3.1.3, without its brackets).
const LONGEST_EMAIL: usize = 254;

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let refused = |c: char| c.is_whitespace() || c.is_control() || "@<>()[],;:\\\"".contains(c);
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    text.len() <= LONGEST_EMAIL
        && dotted(local)
        && dotted(domain)
        && !local.contains(refused)
        && !domain.contains(refused)
}

/// Emergency and service numbers have so many digits; none has fewer.
const FEWEST_DIGITS: usize = 3;

fn is_phone(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).count() >= FEWEST_DIGITS && !text.contains(char::is_control)
}

/// A text is not a value of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAValue {
    list: List,
    text: String,
}

impl fmt::Display for NotAValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (article, example) = match self.list {
            List::Email => ("an", "; write one such as anna@example.org"),
            List::Phone => ("a", "; write one such as \"+49 30 1234567\""),
            List::Address | List::Link | List::Nickname | List::Category | List::Anniversary | List::Tie => {
                ("a", "")
            }
        };
        write!(f, "{:?} is not {article} {}{example}", self.text, self.list.noun())
    }
}

impl std::error::Error for NotAValue {}

/// A value of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The value.
    pub value: String,
    /// What it is for.
    pub label: Option<String>,
    /// Preference, 1 (most) to 100 (least).
    pub pref: Option<u8>,
    /// The card it comes from; none for the user's own.
    pub card: Option<i64>,
}

impl Item {
    /// Whether two of a list are the same, in whatever spelling.
    #[must_use]
    pub fn is_same(&self, other: &Self, list: List) -> bool {
        list.is_same((&self.value, self.label.as_deref()), (&other.value, other.label.as_deref()))
    }
}

/// A contact's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    columns: [Option<String>; COLUMNS.len()],
    lists: [Vec<Item>; LISTS.len()],
}

impl Default for Content {
    fn default() -> Self {
        Self {
            columns: COLUMNS.map(|column| column.default().map(str::to_owned)),
            lists: std::array::from_fn(|_| Vec::new()),
        }
    }
}

impl Content {
    /// A column's value.
    #[must_use]
    pub fn column(&self, column: Column) -> Option<&str> {
        self.columns[column as usize].as_deref()
    }

    /// Sets a column; none where the column has a default gives the default.
    pub fn set(&mut self, column: Column, value: Option<String>) {
        self.columns[column as usize] = value.or_else(|| column.default().map(str::to_owned));
    }

    /// A list's values.
    #[must_use]
    pub fn list(&self, list: List) -> &[Item] {
        &self.lists[list as usize]
    }

    /// A list's values, to change.
    pub fn list_mut(&mut self, list: List) -> &mut Vec<Item> {
        &mut self.lists[list as usize]
    }

    /// All that is said, as a key by which contacts can be put in order.
    #[must_use]
    pub fn key(&self) -> Vec<String> {
        let items = LISTS.into_iter().flat_map(|list| self.list(list));
        let items = items.flat_map(|item| [item.value.as_str(), item.label.as_deref().unwrap_or_default()]);
        let columns = COLUMNS.iter().map(|&column| self.column(column).unwrap_or_default());
        columns.chain(items).map(str::to_owned).collect()
    }

    /// Brings the values of every list into the order in which an export has them: those that are preferred
    /// first, then as they stand in `whole`, which is put together of the same cards.
    pub fn arrange(&mut self, whole: &Self) {
        for list in LISTS {
            let order = whole.list(list);
            let place = |item: &Item| {
                let stands = |it: &Item| it.value == item.value && it.label == item.label;
                order.iter().position(stands).unwrap_or(usize::MAX)
            };
            self.list_mut(list).sort_by_key(|item| (item.pref.is_none(), item.pref, place(item)));
        }
    }

    /// Whether it says all that cards say in `other`, under whatever name, and perhaps more. Digits in notes and
    /// labels do not count: programs write there when and how often they exported.
    #[must_use]
    pub fn says_all_of(&self, other: &Self) -> bool {
        let without_digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "").trim().to_owned();
        let has_column = |column: Column| match (other.column(column), self.column(column)) {
            (None | Some(""), _) => true,
            (Some(_), None) => false,
            (Some(theirs), Some(ours)) if column == Column::Note => {
                let ours = without_digits(ours);
                let ours: Vec<&str> = ours.split("\n\n").map(str::trim).collect();
                without_digits(theirs).split("\n\n").all(|note| ours.contains(&note.trim()))
            }
            (Some(theirs), Some(ours)) => theirs == ours,
        };
        let has_item = |list: List, theirs: &Item| {
            let is_label = |ours: &Item| {
                list == List::Category && without_digits(&ours.value) == without_digits(&theirs.value)
            };
            self.list(list).iter().any(|ours| ours.is_same(theirs, list) || is_label(ours))
        };
        let is_name = |column| matches!(column, Column::Name | Column::GivenName | Column::FamilyName);
        COLUMNS.into_iter().filter(|column| column.is_on_cards() && !is_name(*column)).all(has_column)
            && LISTS.into_iter().all(|list| other.list(list).iter().all(|theirs| has_item(list, theirs)))
    }

    /// How many fields say something: for "best known first".
    #[must_use]
    pub fn said(&self) -> usize {
        let columns = COLUMNS.iter().filter(|&&c| self.column(c) != c.default()).count();
        columns + self.lists.iter().map(Vec::len).sum::<usize>()
    }
}
