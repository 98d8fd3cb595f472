//! Dialects: what the CSV export of one program looks like, as data.
//!
//! A dialect is a TOML file in config/csv, built into the program; the keys are
//! those of [`Dialect`] and [`Column`]. A new export needs a new file and its
//! line in [`SHIPPED`], and no other code.
//!
//! Header names are compared without regard to case and surrounding space.
//! `{n}` in one stands for 1, 2, 3 … as far as the header goes on.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::date::{DateOrder, Months};

macro_rules! shipped {
    ($($file:literal),+ $(,)?) => {
        &[$((concat!("config/csv/", $file), include_str!(concat!("../../../config/csv/", $file)))),+]
    };
}

/// The dialect files; the first whose header fits is taken.
const SHIPPED: &[(&str, &str)] = shipped!["google.toml", "google-old.toml", "linkedin.toml"];

/// The dialects of all shipped files, or what is wrong with one of them.
pub(crate) fn shipped() -> Result<&'static [Dialect], &'static DialectError> {
    static DIALECTS: LazyLock<Result<Vec<Dialect>, DialectError>> =
        LazyLock::new(|| SHIPPED.iter().map(|(file, text)| Dialect::parse(file, text)).collect());
    DIALECTS.as_deref()
}

/// One dialect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dialect {
    /// What it is called in messages.
    pub(crate) name: String,
    /// How the user gets such a file; absent where the program no longer writes it.
    pub(crate) export: Option<String>,
    /// Lists of header names, one a language; a header that has all of one list is of this dialect.
    recognise: Vec<Vec<String>>,
    /// How many rows may stand before the header.
    #[serde(default)]
    pub(crate) preamble_rows: usize,
    /// What stands between several values in one cell.
    pub(crate) value_separator: Option<String>,
    /// What stands before the label of a preferred value, and before the system's own keywords.
    pub(crate) preferred_mark: Option<String>,
    /// Keywords that the program gives every record.
    #[serde(default)]
    pub(crate) drop_keywords: Vec<String>,
    /// What labels mean: `""` says nothing. Labels that are not named stay as they are.
    #[serde(default)]
    labels: HashMap<String, String>,
    /// The names of the months, twelve lists, for dates in words.
    #[serde(default)]
    pub(crate) months: Months,
    /// What the columns mean, in the order in which the parts of a name are written.
    #[serde(rename = "column")]
    pub(crate) columns: Vec<Column>,
}

/// One column, or a group of columns that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// Where its value goes.
    pub(crate) to: Field,
    /// Its name in the header; several are the same column in other languages.
    /// Only an address that stands in parts may have none.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    /// A label for all its values: `work`; the kind of an anniversary.
    pub(crate) label: Option<String>,
    /// The column that holds the label.
    #[serde(default)]
    pub(crate) label_headers: Vec<String>,
    /// The column that holds the department of an organisation.
    #[serde(default)]
    pub(crate) unit_headers: Vec<String>,
    /// The columns of an address' parts, used where the whole is not given.
    #[serde(default)]
    pub(crate) part_headers: Vec<String>,
    /// The order in which a date is written.
    pub(crate) date: Option<DateOrder>,
    /// The service whose profiles the column holds.
    pub(crate) service: Option<String>,
}

/// Where a value goes: a property of the contact, named as in JSContact (RFC 9553).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Field {
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
                | Self::RelatedTo
        )
    }
}

/// What is wrong with a dialect file.
#[derive(Debug)]
pub(crate) struct DialectError {
    file: String,
    problem: String,
}

impl fmt::Display for DialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the dialect file {} is wrong: {}", self.file, self.problem)
    }
}

impl std::error::Error for DialectError {}

impl Dialect {
    /// Reads and checks a dialect file.
    ///
    /// # Errors
    /// If it is not TOML, a key is unknown, or keys do not go together; the
    /// message names the file, the column and the key.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, DialectError> {
        let wrong = |problem: String| DialectError { file: file.to_owned(), problem };
        let mut dialect: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if dialect.recognise.is_empty() || dialect.recognise.iter().any(Vec::is_empty) {
            return Err(wrong("`recognise` must name the headers that tell this dialect".to_owned()));
        }
        for (number, column) in (1..).zip(&dialect.columns) {
            column.check().map_err(|problem| {
                wrong(format!("column {number} ({}): {problem}", column.headers.join(", ")))
            })?;
        }
        dialect.labels =
            dialect.labels.into_iter().map(|(label, meaning)| (label.to_lowercase(), meaning)).collect();
        Ok(dialect)
    }

    /// Whether a header with these names, as [`header_key`] makes them, is of this dialect.
    pub(crate) fn recognises(&self, header: &[String]) -> bool {
        self.recognise.iter().any(|names| names.iter().all(|name| header.contains(&header_key(name))))
    }

    /// A label in kith's words, and whether it is marked as the preferred one.
    pub(crate) fn label(&self, cell: &str) -> (Option<String>, bool) {
        let (label, preferred) = self.unmarked(cell);
        let meaning = self.labels.get(&label.to_lowercase()).map_or(label, String::as_str);
        ((!meaning.is_empty()).then(|| meaning.to_owned()), preferred)
    }

    /// The text without the mark before it, and whether there was one.
    pub(crate) fn unmarked<'a>(&self, text: &'a str) -> (&'a str, bool) {
        // A cell is trimmed, so a mark without a label has lost its space.
        let text = text.trim();
        match self.preferred_mark.as_deref() {
            Some(mark) if text == mark.trim_end() => ("", true),
            Some(mark) => text.strip_prefix(mark).map_or((text, false), |rest| (rest.trim_start(), true)),
            None => (text, false),
        }
    }
}

impl Column {
    fn check(&self) -> Result<(), String> {
        let groups = [&self.label_headers, &self.unit_headers, &self.part_headers];
        let labelled = self.label.is_some() || !self.label_headers.is_empty();
        let dated = self.to == Field::Anniversaries;
        let must = |key: &str| Err(format!("`{key}` is missing"));
        let must_not = |key: &str| Err(format!("`{key}` means nothing here"));
        if self.headers.is_empty() && self.part_headers.is_empty() {
            return must("headers");
        }
        if labelled && !self.to.takes_label() {
            return must_not(if self.label.is_some() { "label" } else { "label_headers" });
        }
        if self.label.is_some() && !self.label_headers.is_empty() {
            return Err("`label` and `label_headers` exclude each other".to_owned());
        }
        if !self.unit_headers.is_empty() && self.to != Field::Organizations {
            return must_not("unit_headers");
        }
        if !self.part_headers.is_empty() && self.to != Field::Addresses {
            return must_not("part_headers");
        }
        match (dated, labelled, self.date) {
            (true, false, _) => return must("label"),
            (true, true, None) => return must("date"),
            (false, _, Some(_)) => return must_not("date"),
            _ => {}
        }
        match (self.to == Field::OnlineServices, &self.service) {
            (true, None) => return must("service"),
            (false, Some(_)) => return must_not("service"),
            _ => {}
        }
        let repeated = self.is_repeated();
        if groups.into_iter().flatten().chain(&self.headers).any(|name| name.contains("{n}") != repeated) {
            return Err("`{n}` must stand in all its headers or in none".to_owned());
        }
        Ok(())
    }

    /// Whether the column stands in the header with numbers.
    pub(crate) fn is_repeated(&self) -> bool {
        self.headers.iter().chain(&self.part_headers).any(|name| name.contains("{n}"))
    }
}

/// A header name in the form in which names are compared.
pub(crate) fn header_key(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name = \"N\"\nexport = \"E\"\nrecognise = [[\"Given\"]]\n";

    #[test]
    fn all_shipped_dialects_load_and_have_names_of_their_own() {
        let dialects = shipped().unwrap_or_else(|error| panic!("{error}"));
        for (index, dialect) in dialects.iter().enumerate() {
            assert!(dialects[..index].iter().all(|other| other.name != dialect.name), "{}", dialect.name);
            for names in &dialect.recognise {
                let header: Vec<_> = names.iter().map(|name| header_key(name)).collect();
                let takers = dialects.iter().filter(|other| other.recognises(&header)).count();
                assert_eq!(takers, 1, "{}: {names:?}", dialect.name);
            }
        }
    }

    #[test]
    fn mistakes_are_refused_with_file_column_and_key() {
        for (name, text, expected) in [
            ("no TOML", "name =", "x.toml"),
            ("unknown key", "name = \"N\"\nnmae = 1", "nmae"),
            ("missing key", "name = \"N\"", "recognise"),
            (
                "nothing to recognise",
                "name = \"N\"\nexport = \"\"\nrecognise = [[]]\ncolumn = []",
                "recognise",
            ),
            (
                "unknown key of a column",
                "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nheadres = []",
                "headres",
            ),
            ("unknown field", "[[column]]\nto = \"note\"\nheaders = [\"A\"]", "note"),
            ("no headers", "[[column]]\nto = \"notes\"", "`headers` is missing"),
            (
                "label",
                "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nlabel = \"x\"",
                "column 1 (A): `label`",
            ),
            (
                "both labels",
                "[[column]]\nto = \"emails\"\nheaders = [\"A\"]\nlabel = \"x\"\nlabel_headers = [\"B\"]",
                "exclude",
            ),
            (
                "unit",
                "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nunit_headers = [\"B\"]",
                "`unit_headers`",
            ),
            (
                "part",
                "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\npart_headers = [\"B\"]",
                "`part_headers`",
            ),
            (
                "no kind",
                "[[column]]\nto = \"anniversaries\"\nheaders = [\"A\"]\ndate = \"year-month-day\"",
                "`label`",
            ),
            (
                "no order",
                "[[column]]\nto = \"anniversaries\"\nheaders = [\"A\"]\nlabel = \"birth\"",
                "`date`",
            ),
            (
                "date of a note",
                "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\ndate = \"year-month-day\"",
                "`date`",
            ),
            ("order", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\ndate = \"day\"", "day-month-year"),
            ("no service", "[[column]]\nto = \"onlineServices\"\nheaders = [\"A\"]", "`service`"),
            ("service", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nservice = \"x\"", "`service`"),
            (
                "number",
                "[[column]]\nto = \"emails\"\nheaders = [\"A {n}\"]\nlabel_headers = [\"B\"]",
                "`{n}`",
            ),
            ("months", "months = [[\"Jan\"]]\n[[column]]\nto = \"notes\"\nheaders = [\"A\"]", "twelve"),
        ] {
            let text = if text.starts_with("name") { text.to_owned() } else { format!("{HEAD}{text}") };
            let error = Dialect::parse("x.toml", &text).unwrap_err().to_string();
            assert!(error.contains("x.toml") && error.contains(expected), "{name}: {error}");
        }
    }

    #[test]
    fn labels_and_marks() {
        let dialects = shipped().unwrap_or_else(|error| panic!("{error}"));
        for (cell, expected) in [
            ("Work", (Some("work"), false)),
            ("* Work", (Some("work"), true)),
            ("work fax", (Some("fax"), false)),
            ("*", (None, true)),
            ("* ", (None, true)),
            ("", (None, false)),
            ("Other", (None, false)),
            ("Boat", (Some("Boat"), false)),
            ("*Boat", (Some("*Boat"), false)),
        ] {
            let (label, preferred) = dialects[0].label(cell);
            assert_eq!((label.as_deref(), preferred), expected, "{cell:?}");
        }
    }
}
