//! Dialects: what the CSV files of one program, or of one person, look like, as data.
//!
//! A dialect is a TOML file. Those in config/csv are built into the program,
//! those of the user's own come with the file that is to be read. docs/csv.md
//! explains the keys to users; they are those of [`Dialect`], [`Recognise`] and
//! [`Column`]. A new export needs a new file and its line in [`SHIPPED`], and
//! no other code.

mod column;
mod own;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use encoding_rs::Encoding;
use serde::{Deserialize, Deserializer, de};

use crate::columns::Columns;
use crate::date::{DateOrder, Months};
use crate::encoding;

pub(crate) use column::{Column, Field, Separator};
pub(crate) use own::Own;

macro_rules! shipped {
    ($($file:literal),+ $(,)?) => {
        &[$((concat!("config/csv/", $file), include_str!(concat!("../../../config/csv/", $file)))),+]
    };
}

/// The dialect files. Their order does not matter: the one that knows most of a header is taken.
const SHIPPED: &[(&str, &str)] = shipped![
    "google.toml",
    "google-old.toml",
    "linkedin.toml",
    "linkedin-contacts.toml",
    "outlook.toml",
    "thunderbird.toml",
    "yahoo.toml",
    "kith.toml",
    "sheet.toml",
];

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
    /// The headers that are of this dialect. Where there are none, a header is
    /// of it that consists of its columns alone, among them a name or an email
    /// address.
    #[serde(default)]
    recognise: Vec<Recognise>,
    /// How many rows may stand before the header.
    #[serde(default)]
    pub(crate) preamble_rows: usize,
    /// The order of a numeric date where the values of its column leave it open.
    pub(crate) date_order: Option<DateOrder>,
    /// The encoding of its files that are not UTF-8.
    #[serde(default, deserialize_with = "encoding_named")]
    pub(crate) encoding: Option<&'static Encoding>,
    /// What stands between several values in one cell, where a column does not say otherwise.
    pub(crate) value_separator: Option<String>,
    /// What stands before the label of a preferred value, and before the system's own keywords.
    preferred_mark: Option<String>,
    /// Keywords that the program gives every record.
    #[serde(default)]
    drop_keywords: Vec<String>,
    /// What labels mean: `""` says nothing. Labels that are not named stay as they are.
    #[serde(default)]
    labels: HashMap<String, String>,
    /// The names of the months, twelve lists, for dates in words; those of the
    /// four languages are known.
    #[serde(default)]
    pub(crate) months: Months,
    /// What the columns mean, in the order in which the parts of a name are written.
    #[serde(rename = "column")]
    pub(crate) columns: Vec<Column>,
}

/// A header that is of a dialect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recognise {
    /// Names of columns; a header that has them all is of the dialect.
    headers: Vec<String>,
    /// The language they are in.
    language: Option<Language>,
}

/// The language of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

/// How a header is of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fit {
    /// How many names it was told by; 0 if by its columns alone. The more, the surer.
    pub(crate) names: usize,
    /// The header's language, where it is known.
    pub(crate) language: Option<Language>,
}

/// What is wrong with a dialect file.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// message names the file, and the line or the column and the key.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, DialectError> {
        let wrong = |problem: String| DialectError { file: file.to_owned(), problem };
        let mut dialect: Self = toml::from_str(text).map_err(|error| wrong(in_one_line(&error, text)))?;
        if dialect.recognise.iter().any(|known| known.headers.is_empty()) {
            return Err(wrong(
                "`headers` of `recognise` must name columns that tell this dialect".to_owned(),
            ));
        }
        for (number, column) in (1..).zip(&dialect.columns) {
            column.check().map_err(|problem| wrong(format!("column {number} ({column}): {problem}")))?;
        }
        dialect.labels =
            dialect.labels.into_iter().map(|(label, meaning)| (label.to_lowercase(), meaning)).collect();
        Ok(dialect)
    }

    /// Whether a header with these keys ([`header_keys`]) is of this dialect.
    pub(crate) fn fit(&self, header: &[String]) -> Option<Fit> {
        if self.recognise.is_empty() {
            let columns = Columns::new(self, header);
            let fits = columns.are_all_known() && columns.have_somebody();
            return fits.then(|| Fit { names: 0, language: columns.language() });
        }
        self.recognise
            .iter()
            .filter(|known| known.headers.iter().all(|name| header.contains(&header_key(name))))
            .map(|known| Fit { names: known.headers.len(), language: known.language })
            .max_by_key(|fit| fit.names)
    }

    /// Whether a header is of this dialect but for somebody to whom its columns belong.
    pub(crate) fn lacks_somebody(&self, header: &[String]) -> bool {
        let columns = Columns::new(self, header);
        self.recognise.is_empty() && columns.are_all_known() && !columns.have_somebody()
    }

    /// All names of columns in it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let recognise = self.recognise.iter().flat_map(|known| &known.headers).map(String::as_str);
        recognise.chain(self.columns.iter().flat_map(Column::names))
    }

    /// A label in kith's words, and whether it is marked as the preferred one.
    pub(crate) fn label(&self, cell: &str) -> (Option<String>, bool) {
        let (label, preferred) = self.unmarked(cell);
        let meaning = self.labels.get(&label.to_lowercase()).map_or(label, String::as_str);
        ((!meaning.is_empty()).then(|| meaning.to_owned()), preferred)
    }

    /// A keyword without its mark; none if the program gives it every record.
    pub(crate) fn keyword<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (keyword, _) = self.unmarked(text);
        let is_dropped = self.drop_keywords.iter().any(|drop| drop.eq_ignore_ascii_case(keyword));
        (!keyword.is_empty() && !is_dropped).then_some(keyword)
    }

    /// The text without the mark before it, and whether there was one.
    fn unmarked<'a>(&self, text: &'a str) -> (&'a str, bool) {
        // A cell is trimmed, so a mark without a label has lost its space.
        let text = text.trim();
        match self.preferred_mark.as_deref() {
            Some(mark) if text == mark.trim_end() => ("", true),
            Some(mark) => text.strip_prefix(mark).map_or((text, false), |rest| (rest.trim_start(), true)),
            None => (text, false),
        }
    }
}

fn encoding_named<'de, D: Deserializer<'de>>(label: D) -> Result<Option<&'static Encoding>, D::Error> {
    let label = String::deserialize(label)?;
    encoding::named(&label).map(Some).map_err(de::Error::custom)
}

/// A TOML error as one line that says where.
fn in_one_line(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().lines().collect::<Vec<_>>().join(" ");
    let before = error.span().and_then(|span| text.get(..span.start));
    match before.map(|before| before.matches('\n').count() + 1) {
        // An error that is about the whole points to its beginning.
        Some(line) if line > 1 => format!("line {line}: {message}"),
        _ => message,
    }
}

/// A header name in the form in which names are compared.
pub(crate) fn header_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The names of a header in the form in which they are compared; of several
/// equal ones the second has ` (2)` behind it, and so on.
pub(crate) fn header_keys<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashMap::new();
    names
        .map(|name| {
            let key = header_key(name);
            let count = seen.entry(key.clone()).or_insert(0_usize);
            *count += 1;
            if *count > 1 && !key.is_empty() { format!("{key} ({count})") } else { key }
        })
        .collect()
}

#[cfg(test)]
mod tests;
