//! A contact as it is shown and stored: the fields that users may edit.
//!
//! The lists here are the one place that names the public columns: triggers,
//! assembly, comparison and the command line are made from them.

/// Columns of the `contact` table that are the user's to edit and are logged when they change.
pub const COLUMNS: [Column; 14] = [
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
];

/// A column of the `contact` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
        }
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
pub const LISTS: [List; 7] =
    [List::Email, List::Phone, List::Address, List::Link, List::Nickname, List::Category, List::Anniversary];

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
            Self::Nickname | Self::Category => "name",
            Self::Anniversary => "date",
        }
    }

    /// What makes two values the same one.
    #[must_use]
    pub fn key(self, value: &str, label: Option<&str>) -> String {
        use super::identity::{email_key, phone_key, profile_key};
        match self {
            Self::Email => email_key(value),
            Self::Phone => phone_key(value).unwrap_or_else(|| value.trim().to_owned()),
            Self::Link => profile_key(value).unwrap_or_else(|| value.trim().to_lowercase()),
            Self::Address | Self::Nickname | Self::Category => super::name::fold(value),
            // Two things may have happened on one day.
            Self::Anniversary => format!("{} {}", value.trim(), label.unwrap_or("")),
        }
    }
}

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

    /// How many fields say something: for "best known first".
    #[must_use]
    pub fn said(&self) -> usize {
        let columns = COLUMNS.iter().filter(|&&c| self.column(c) != c.default()).count();
        columns + self.lists.iter().map(Vec::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_the_order_of_their_variants() {
        for (at, column) in COLUMNS.into_iter().enumerate() {
            assert_eq!(column as usize, at);
        }
        for (at, list) in LISTS.into_iter().enumerate() {
            assert_eq!(list as usize, at);
        }
    }
}
