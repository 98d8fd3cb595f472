//! Files that a program puts into its export beside the contacts, and that list nobody whom the user
//! knows, although their columns may be called as those of people: of a list of skills, too, the
//! column is called Name. Which they are is data (config/csv/nobody).

use std::sync::LazyLock;

use kith_plugin::Failure;
use serde::Deserialize;

use crate::dialect::header_key;

/// The files of all programs.
const SHIPPED: &str = include_str!("../../../config/csv/nobody/linkedin.toml");

/// The files of a program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    #[serde(rename = "program")]
    name: String,
    /// Where its people are, as a sentence.
    instead: String,
    file: Vec<File>,
}

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Its name without the ending.
    name: String,
    /// Columns that it has.
    headers: Vec<String>,
    /// Whether it has no others.
    #[serde(default)]
    only: bool,
}

/// Whether a file of this name that begins like this lists nobody, as is known of the program that wrote it.
#[must_use]
pub fn holds_nobody(file_name: &str, first_bytes: &[u8]) -> bool {
    program(file_name, first_bytes).is_some()
}

/// Why nobody is taken from such a file.
pub(crate) fn refusal(file_name: &str, head: &[u8]) -> Option<Failure> {
    let Program { name, instead, .. } = program(file_name, head)?;
    Some(
        Failure::input(format!("it is a file of {name}'s archive that lists nobody whom you know"))
            .hint(instead.clone()),
    )
}

fn program(file_name: &str, head: &[u8]) -> Option<&'static Program> {
    let program = shipped()?;
    let name = key(file_name);
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let cells = line.trim_start_matches('\u{feff}').split(',');
    let header: Vec<String> = cells.map(|cell| header_key(cell.trim().trim_matches('"'))).collect();
    let is_it = |file: &&File| {
        name == key(&file.name)
            && file.headers.iter().all(|wanted| header.contains(&header_key(wanted)))
            && (!file.only || header.len() == file.headers.len())
    };
    program.file.iter().find(is_it).map(|_| program)
}

fn shipped() -> Option<&'static Program> {
    static PROGRAM: LazyLock<Option<Program>> = LazyLock::new(|| toml::from_str(SHIPPED).ok());
    PROGRAM.as_ref()
}

/// What is compared of a name: its letters and digits, without the ending and the number of a second download.
fn key(file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem).trim_end();
    let number = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" ("));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let stem = number.filter(|(_, number)| is_number(number)).map_or(stem, |(stem, _)| stem);
    stem.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_name_and_their_columns() {
        assert!(shipped().is_some());
        for (file, text, is_known) in [
            ("Skills.csv", "Name\nRust\n", true),
            ("skills (2).CSV", "\u{feff}\"Name\"\r\nRust\r\n", true),
            ("Skills.csv", "Name,Email\nAda,ada@example.org\n", false),
            ("friends.csv", "Name\nAda\n", false),
            ("Rich Media.csv", "Date/Time,Media Description,Media Link\n", true),
            ("Phone Numbers.csv", "Extension,Number,Type\n", true),
            ("Profile.csv", "First Name,Last Name,Maiden Name,Address,Birth Date,Headline\n", true),
            ("Profile.csv", "First Name,Last Name\n", false),
            ("Connections.csv", "First Name,Last Name,Company,Position,Connected On\n", false),
            ("Skills (a).csv", "Name\n", false),
            ("", "", false),
        ] {
            assert_eq!(holds_nobody(file, text.as_bytes()), is_known, "{file}: {text}");
        }
    }
}
