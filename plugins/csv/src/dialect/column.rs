//! What a dialect says of one column.

use std::collections::BTreeMap;
use std::fmt;
use std::slice;

use serde::Deserialize;

use super::Language;
use crate::date::DateOrder;

/// One column, or a group of columns that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// Where its value goes.
    pub(crate) to: Field,
    /// Its names in the header. Only an address or a date that stands in parts may have none.
    #[serde(default)]
    pub(crate) headers: Names,
    /// It is meant only where one of these stands in the header, too: `Name` is
    /// a family name beside `Vorname`, and a whole name elsewhere.
    #[serde(default)]
    pub(crate) beside: Vec<String>,
    /// A label for all its values: `work`; the kind of an anniversary.
    pub(crate) label: Option<String>,
    /// The column that holds the label.
    #[serde(default)]
    pub(crate) label_headers: Vec<String>,
    /// Whether a note of it begins with the column's name.
    #[serde(default)]
    pub(crate) named: bool,
    /// Whether it is the one that is preferred to others.
    #[serde(default)]
    pub(crate) preferred: bool,
    /// What stands between several values in a cell; no mark at all where a cell is one value as it is.
    pub(crate) separator: Option<Separator>,
    /// The column that holds the department of an organisation.
    #[serde(default)]
    pub(crate) unit_headers: Vec<String>,
    /// The columns of an address' parts, used where the whole is not given.
    #[serde(default)]
    pub(crate) part_headers: Vec<String>,
    /// The columns of a date's parts: year, month and day.
    #[serde(default)]
    pub(crate) year_headers: Vec<String>,
    #[serde(default)]
    pub(crate) month_headers: Vec<String>,
    #[serde(default)]
    pub(crate) day_headers: Vec<String>,
    /// The order in which the numbers of a date are written, where the program
    /// has one; else it is found in the values.
    pub(crate) date: Option<DateOrder>,
    /// The service whose profiles the column holds.
    pub(crate) service: Option<String>,
}

/// What stands between several values in a cell: one mark, any of several, or none.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a separator, or a list of them")]
pub(crate) enum Separator {
    One(String),
    Any(Vec<String>),
}

impl Separator {
    pub(crate) fn marks(&self) -> &[String] {
        match self {
            Self::One(mark) => slice::from_ref(mark),
            Self::Any(marks) => marks,
        }
    }
}

/// Names of one column: a list, or lists by language. `{n}` in one stands for
/// 1, 2, 3 …; ` (2)` behind one means the second column of that name.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a list of names, or such lists by language (en, de, fr, es)")]
pub(crate) enum Names {
    Any(Vec<String>),
    ByLanguage(BTreeMap<Language, Vec<String>>),
}

impl Default for Names {
    fn default() -> Self {
        Self::Any(Vec::new())
    }
}

impl Names {
    /// The names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let (any, by_language) = match self {
            Self::Any(names) => (Some(names), None),
            Self::ByLanguage(names) => (None, Some(names)),
        };
        let by_language = by_language.into_iter().flat_map(BTreeMap::values);
        any.into_iter().chain(by_language).flatten().map(String::as_str)
    }

    /// The languages in which the column is called `name`.
    pub(crate) fn languages(&self, name: &str) -> impl Iterator<Item = Language> {
        let by_language = match self {
            Self::Any(_) => None,
            Self::ByLanguage(names) => Some(names),
        };
        let has = move |names: &Vec<String>| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        by_language.into_iter().flatten().filter(move |(_, names)| has(names)).map(|(language, _)| *language)
    }
}

/// Where a value goes: a property of the contact, named as in JSContact (RFC 9553).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Field {
    /// The record's own identifier, the same in each export and in no other record.
    #[serde(rename = "uid")]
    Uid,
    /// What it describes: `individual`, `org` or another kind of RFC 9553.
    #[serde(rename = "kind")]
    Kind,
    /// The whole name as it is shown.
    #[serde(rename = "name/full")]
    NameFull,
    /// A name to file by, taken for the whole name where there is no other.
    #[serde(rename = "name/file-as")]
    NameFileAs,
    #[serde(rename = "name/title")]
    NameTitle,
    #[serde(rename = "name/given")]
    NameGiven,
    #[serde(rename = "name/given2")]
    NameGiven2,
    #[serde(rename = "name/surname")]
    NameSurname,
    /// A generation (`Jr.`) or a credential (`PhD`), told apart by its text.
    #[serde(rename = "name/suffix")]
    NameSuffix,
    #[serde(rename = "nicknames")]
    Nicknames,
    #[serde(rename = "organizations")]
    Organizations,
    #[serde(rename = "titles")]
    Titles,
    #[serde(rename = "emails")]
    Emails,
    #[serde(rename = "phones")]
    Phones,
    #[serde(rename = "addresses")]
    Addresses,
    #[serde(rename = "anniversaries")]
    Anniversaries,
    #[serde(rename = "links")]
    Links,
    #[serde(rename = "onlineServices")]
    OnlineServices,
    #[serde(rename = "notes")]
    Notes,
    #[serde(rename = "keywords")]
    Keywords,
    #[serde(rename = "relatedTo")]
    RelatedTo,
    /// Nowhere: it is of no use to people, and nobody needs to be told.
    #[serde(rename = "nothing")]
    Nothing,
}

impl Field {
    fn takes_label(self) -> bool {
        matches!(
            self,
            Self::Emails
                | Self::Phones
                | Self::Addresses
                | Self::Anniversaries
                | Self::Links
                | Self::Notes
                | Self::OnlineServices
                | Self::RelatedTo
        )
    }
}

impl Column {
    /// What is wrong with it, if anything.
    pub(super) fn check(&self) -> Result<(), String> {
        let labelled = self.label.is_some() || !self.label_headers.is_empty();
        let dated = self.to == Field::Anniversaries;
        let must = |key: &str| Err(format!("`{key}` is missing"));
        let must_not = |key: &str| Err(format!("`{key}` means nothing here"));
        if self.names().next().is_none() {
            return must("headers");
        }
        if labelled && !self.to.takes_label() {
            return must_not(if self.label.is_some() { "label" } else { "label_headers" });
        }
        if self.label.is_some() && !self.label_headers.is_empty() {
            return Err("`label` and `label_headers` exclude each other".to_owned());
        }
        if self.named && self.to != Field::Notes {
            return must_not("named");
        }
        if self.preferred && !matches!(self.to, Field::Emails | Field::Phones) {
            return must_not("preferred");
        }
        if !self.unit_headers.is_empty() && self.to != Field::Organizations {
            return must_not("unit_headers");
        }
        if !self.part_headers.is_empty() && self.to != Field::Addresses {
            return must_not("part_headers");
        }
        if !dated && self.date_parts().any(|names| !names.is_empty()) {
            return must_not("year_headers");
        }
        if dated && !labelled {
            return must("label");
        }
        if !dated && self.date.is_some() {
            return must_not("date");
        }
        match (self.to == Field::OnlineServices, &self.service) {
            (true, None) if self.label_headers.is_empty() => return must("service"),
            (false, Some(_)) => return must_not("service"),
            _ => {}
        }
        let repeated = self.is_repeated();
        let others = [&self.label_headers, &self.unit_headers].into_iter().flatten().map(String::as_str);
        if self.names().chain(others).any(|name| name.contains("{n}") != repeated) {
            return Err("`{n}` must stand in all its headers or in none".to_owned());
        }
        Ok(())
    }

    /// The columns of a date's year, month and day.
    pub(crate) fn date_parts(&self) -> impl Iterator<Item = &Vec<String>> {
        [&self.year_headers, &self.month_headers, &self.day_headers].into_iter()
    }

    /// The names of columns of which one is needed.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let parts = self.part_headers.iter().chain(self.date_parts().flatten());
        self.headers.iter().chain(parts.map(String::as_str))
    }

    /// Whether the column stands in the header with numbers.
    pub(crate) fn is_repeated(&self) -> bool {
        self.names().any(|name| name.contains("{n}"))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headers.iter().collect::<Vec<_>>().join(", "))
    }
}
