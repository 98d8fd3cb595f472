//! Proposes a dialect for a header that no dialect has: the words in the names
//! of the columns are looked at, in seven languages, and the values below them.
//!
//! It is a proposal: nothing is imported by it before the user has saved it.

mod eastern;
mod words;

use std::fmt::Write;

use encoding_rs::Encoding;

use crate::date::{self, DateOrder, Months, Years};
use crate::dialect::header_keys;

use words::{Meaning, Purpose};

/// The characters of a dialect's file name.
const LONGEST_NAME: usize = 40;

/// The name under which a dialect for files called `file_name` is saved.
pub(crate) fn file_name(file_name: &str) -> String {
    let slug: String = stem(file_name)
        .to_lowercase()
        .chars()
        .take(LONGEST_NAME)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let slug: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
    if slug.is_empty() { "my-contacts.toml".to_owned() } else { format!("{}.toml", slug.join("-")) }
}

/// A dialect for a header with these names, as the text of a file that can be
/// used as it is; `rows` are some of those that follow it.
/// `guessed` is the encoding of the file, if that is a guess.
pub(crate) fn dialect(
    file: &str,
    names: &[String],
    preamble_rows: usize,
    rows: &[Vec<String>],
    guessed: Option<&'static Encoding>,
) -> String {
    let columns = columns(names, rows);
    let has_dates = columns.iter().any(|c| matches!(c.meaning, Some(Meaning::Birth | Meaning::Wedding)));
    let mut text =
        String::from("# A proposal, made by kith. Correct what is wrong; docs/csv.md explains the keys.\n\n");
    let mut line = |content: String| {
        text.push_str(&content);
        text.push('\n');
    };
    line(format!("name = {}", quoted(&stem(file).chars().take(LONGEST_NAME).collect::<String>())));
    if preamble_rows > 0 {
        line(format!("preamble_rows = {preamble_rows}"));
    }
    if let Some(guessed) = guessed {
        line("# A guess as well; the encoding of such files that are not UTF-8:".to_owned());
        line(format!("encoding = \"{}\"", guessed.name().to_ascii_lowercase()));
    }
    if has_dates {
        line("# Where the numbers of all dates in a column could be read both ways:".to_owned());
        line("# date_order = \"day-month-year\"".to_owned());
    }
    let all: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    line(format!("\n[[recognise]]\nheaders = {}", list(&all)));
    if let Some(language) = words::language(&all) {
        line(format!("language = \"{language}\""));
    }
    let mut addresses: Vec<Option<Purpose>> = Vec::new();
    for column in &columns {
        match column.meaning {
            Some(Meaning::Address) if addresses.contains(&column.purpose) => {}
            Some(Meaning::Address) => {
                addresses.push(column.purpose);
                let parts: Vec<&str> = columns
                    .iter()
                    .filter(|c| c.meaning == Some(Meaning::Address) && c.purpose == column.purpose)
                    .map(|c| c.name.as_str())
                    .collect();
                line(entry("addresses", &parts, column.label()));
            }
            Some(meaning) => line(entry(meaning.field(), &[&column.name], column.label())),
            None => {}
        }
    }
    let rest: Vec<&Proposed> = columns.iter().filter(|column| column.meaning.is_none()).collect();
    if !rest.is_empty() {
        line(
            "\n# These are not taken. Without the marks before the lines they are kept as notes.".to_owned(),
        );
    }
    for column in rest {
        let entry = entry("notes", &[&column.name], None);
        entry.trim_start().lines().for_each(|content| line(format!("# {content}")));
    }
    text
}

/// Whether a column's name, or what stands below it, tells what it means. Names that may be in a
/// language of which no word is known are no evidence against it.
pub(crate) fn has_evidence(names: &[String], rows: &[Vec<String>]) -> bool {
    let is_foreign = |name: &String| name.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    names.iter().any(is_foreign)
        || names.iter().enumerate().any(|(index, name)| {
            let values = values(rows, index);
            guess(name, &values).0.is_some()
                || !values.is_empty() && (most(&values, is_name) || most(&values, is_date))
        })
}

/// What stands below a name.
fn values(rows: &[Vec<String>], index: usize) -> Vec<&str> {
    let cells = rows.iter().filter_map(|row| row.get(index));
    cells.map(String::as_str).filter(|cell| !cell.is_empty()).collect()
}

/// One column of a dialect file.
fn entry(to: &str, names: &[&str], label: Option<&str>) -> String {
    let key = if to == "addresses" && names.len() > 1 { "part_headers" } else { "headers" };
    let mut entry = format!("\n[[column]]\nto = \"{to}\"\n{key} = {}", list(names));
    if let Some(label) = label {
        // Writing to a string does not fail.
        let _ = write!(entry, "\nlabel = \"{label}\"");
    }
    entry
}

fn stem(file_name: &str) -> &str {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    if stem.trim().is_empty() { "My contacts" } else { stem }
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

/// A basic string of TOML, which is one line whatever it holds.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// What a column is proposed to mean.
struct Proposed {
    /// Its name, by which a dialect finds it.
    name: String,
    meaning: Option<Meaning>,
    purpose: Option<Purpose>,
}

impl Proposed {
    fn label(&self) -> Option<&'static str> {
        match (self.meaning?, self.purpose) {
            (Meaning::Mobile, _) => Some("mobile"),
            (Meaning::Fax, _) => Some("fax"),
            (Meaning::Pager, _) => Some("pager"),
            (Meaning::Birth, _) => Some("birth"),
            (Meaning::Wedding, _) => Some("wedding"),
            (Meaning::Email | Meaning::Phone | Meaning::Address | Meaning::Link, Some(Purpose::Work)) => {
                Some("work")
            }
            (Meaning::Email | Meaning::Phone | Meaning::Address | Meaning::Link, Some(Purpose::Home)) => {
                Some("home")
            }
            _ => None,
        }
    }
}

fn columns(names: &[String], rows: &[Vec<String>]) -> Vec<Proposed> {
    let values = |index| values(rows, index);
    let mut columns: Vec<(usize, Proposed)> = header_keys(names.iter().map(String::as_str))
        .into_iter()
        .zip(names)
        .enumerate()
        // A dialect file could not name these.
        .filter(|(_, (key, _))| !key.is_empty() && !key.contains("{n}"))
        .map(|(index, (key, name))| {
            let (meaning, purpose) = guess(name, &values(index));
            // The second of two equal names is known by its key.
            let name = if key == name.trim().to_lowercase() { name.trim().to_owned() } else { key };
            (index, Proposed { name, meaning, purpose })
        })
        .collect();
    settle_names(&mut columns);
    let unknown = |columns: &[(usize, Proposed)], is: &dyn Fn(&[&str]) -> bool| {
        columns.iter().position(|(index, column)| column.meaning.is_none() && is(&values(*index)))
    };
    let has = |columns: &[(usize, Proposed)], is: fn(Meaning) -> bool| {
        columns.iter().any(|(_, column)| column.meaning.is_some_and(is))
    };
    let guessed = if !has(&columns, Meaning::is_name)
        && let Some(at) = unknown(&columns, &|values| most(values, is_name))
    {
        Some(at)
    } else if has(&columns, Meaning::is_of_somebody) {
        None
    } else {
        // There must be something to call people by.
        let is_text = |value: &&str| value.chars().any(char::is_alphabetic);
        Some(unknown(&columns, &|values| values.iter().any(is_text)).unwrap_or(0))
    };
    if let Some((_, column)) = guessed.and_then(|at| columns.get_mut(at)) {
        column.meaning = Some(Meaning::Name);
    }
    columns.into_iter().map(|(_, column)| column).collect()
}

/// What a column means by its name and its values.
fn guess(name: &str, values: &[&str]) -> (Option<Meaning>, Option<Purpose>) {
    let most = |is| most(values, is);
    let some = |is: fn(&str) -> bool| values.is_empty() || values.iter().any(|value| is(value));
    let meaning = if most(is_email) {
        Some(Meaning::Email)
    } else {
        words::meanings(name).into_iter().find(|meaning| match meaning {
            Meaning::Email => some(is_email),
            Meaning::Phone | Meaning::Mobile | Meaning::Fax | Meaning::Pager => some(has_digit),
            Meaning::Birth | Meaning::Wedding => some(is_date),
            Meaning::Link => some(is_link),
            Meaning::FullName | Meaning::Name | Meaning::Nombre | Meaning::Given | Meaning::Surname => {
                !most(has_digit)
            }
            _ => true,
        })
    };
    let by_value = || {
        if most(is_link) {
            Some(Meaning::Link)
        } else if most(is_phone) && !most(is_date) {
            Some(Meaning::Phone)
        } else {
            None
        }
    };
    (meaning.or_else(by_value), words::purpose(name))
}

fn most(values: &[&str], is: fn(&str) -> bool) -> bool {
    values.iter().filter(|value| is(value)).count() * 2 > values.len()
}

/// Two to four words that each begin with a capital letter, or have none.
fn is_name(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()))
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

fn has_digit(value: &str) -> bool {
    value.chars().any(char::is_numeric)
}

fn is_date(value: &str) -> bool {
    let orders = [DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::YearMonthDay];
    orders.iter().any(|&order| date::parse(value, order, Years::OfBirth, &Months::default()).is_some())
}

fn is_link(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://") || value.starts_with("www.")
}

fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && value.chars().all(|c| c.is_ascii_digit() || "+-/(). ".contains(c))
}

/// Decides what `Name`, `Nom` and `Nombre` mean, which depends on their neighbours.
fn settle_names(columns: &mut [(usize, Proposed)]) {
    let has =
        |columns: &[(usize, Proposed)], meaning| columns.iter().any(|(_, c)| c.meaning == Some(meaning));
    let (given, surname) = (has(columns, Meaning::Given), has(columns, Meaning::Surname));
    let mut has_name = false;
    for (_, column) in columns {
        match column.meaning {
            Some(Meaning::Nombre) if surname && !given => column.meaning = Some(Meaning::Given),
            Some(Meaning::Name) if given && !surname => column.meaning = Some(Meaning::Surname),
            // A second whole name is for the user to judge.
            Some(Meaning::FullName | Meaning::Name | Meaning::Nombre) if has_name => column.meaning = None,
            Some(Meaning::FullName | Meaning::Name | Meaning::Nombre) => {
                has_name = true;
                column.meaning = Some(Meaning::Name);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
