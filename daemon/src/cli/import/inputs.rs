//! What is imported for the words of a command line: files, folders of one
//! card a file, and the files of other folders as if each had been named.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::core::vdir::is_card;
use crate::error::{Doing, Result};
use crate::import::is_maildir;

/// One thing to import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Input {
    /// A file, or what is as good as one.
    File(PathBuf),
    /// A file of a folder that was named: that nobody reads it is no error.
    Within(PathBuf),
    /// A folder of one card a file.
    Cards(PathBuf),
    /// A folder of one mail a file.
    Mails(PathBuf),
}

impl Input {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Within(path) | Self::Cards(path) | Self::Mails(path) => path,
        }
    }
}

/// What is imported for a word.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) inputs: Vec<Input>,
    /// The names of folders in the folder that was named; they are not looked into.
    pub(super) folders: Vec<String>,
}

impl From<Input> for Found {
    fn from(input: Input) -> Self {
        Self { inputs: vec![input], folders: Vec::new() }
    }
}

/// What `path` is. Of a folder that is not followed, and has files other than
/// one card each, these are imported one by one: address books of several
/// programs are several, and each is recognised when it is exported again.
///
/// # Errors
/// If it is a folder that cannot be read.
pub(super) fn of(path: &Path, is_followed: bool, endings: &[String]) -> Result<Found> {
    if is_maildir(path) {
        return Ok(Input::Mails(path.to_owned()).into());
    }
    if !path.is_dir() {
        return Ok(Input::File(path.to_owned()).into());
    }
    let folder = Input::Cards(path.to_owned());
    if is_followed {
        return Ok(folder.into());
    }
    let (mut cards, mut others, mut folders) = (Vec::new(), Vec::new(), Vec::new());
    for entry in fs::read_dir(path).doing(|| format!("look into the folder {}", path.display()))? {
        let file = entry.doing(|| format!("look into the folder {}", path.display()))?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_card(&name) {
            cards.push(file);
        } else if file.is_file() && has_ending(&name, endings) {
            others.push(file);
        } else if file.is_dir() && !name.starts_with('.') {
            folders.push(name);
        }
    }
    let mut inputs = Vec::new();
    if others.is_empty() && cards.is_empty() || cards.iter().all(|card| holds_one_at_most(card)) {
        inputs.extend((!cards.is_empty() || others.is_empty()).then_some(folder));
    } else {
        others.extend(cards);
    }
    others.sort();
    inputs.extend(others.into_iter().map(Input::Within));
    folders.sort();
    Ok(Found { inputs, folders })
}

/// Whether a name that is not hidden has one of the endings, in capital letters or not.
fn has_ending(name: &str, endings: &[String]) -> bool {
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending);
    !name.starts_with('.')
        && ending.is_some_and(|ending| endings.iter().any(|e| e.eq_ignore_ascii_case(ending)))
}

/// Whether a file holds no second card. What cannot be read does not.
fn holds_one_at_most(card: &Path) -> bool {
    /// A line is looked at so far: that of a picture may be long.
    const MOST: u64 = 64;
    const BEGIN: &[u8] = b"BEGIN:VCARD";
    // A pipe would be waited for.
    let Some(file) = Some(card).filter(|card| card.is_file()).and_then(|card| File::open(card).ok()) else {
        return true;
    };
    let mut lines = BufReader::new(file);
    let (mut line, mut cards) = (Vec::new(), 0);
    loop {
        line.clear();
        match lines.by_ref().take(MOST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return true,
            Ok(_) => {
                let begins = line.get(..BEGIN.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEGIN));
                cards += u8::from(begins);
            }
        }
        if cards > 1 {
            return false;
        }
        if !line.ends_with(b"\n") && lines.skip_until(b'\n').is_err() {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_address_book_or_several_files() {
        let one = "BEGIN:VCARD\r\nFN:A\r\nPHOTO:{long}\r\nEND:VCARD\r\n".replace("{long}", &"x".repeat(9000));
        let two = format!("{one}{}", one.to_lowercase());
        for (name, files, expected) in [
            ("one card a file", &[("a.vcf", &*one), ("b.vcf", &one), (".props", "x")][..], &["cards ."][..]),
            (
                "a file of notes beside them",
                &[("a.vcf", &one), ("b.vcf", &one), ("c.csv", "x"), ("d.doc", "x")],
                &["cards .", "c.csv"],
            ),
            (
                "exports",
                &[("a.vcf", &two), ("B.CSV", "x"), ("c.vcf", &one), ("d.jpg", "x")],
                &["B.CSV", "a.vcf", "c.vcf"],
            ),
            ("exports of one kind", &[("a.vcf", &two), ("b.vcf", &two)], &["a.vcf", "b.vcf"]),
            ("no card", &[("a.csv", "x"), ("b.ldif", "x"), (".c.csv", "x")], &["a.csv", "b.ldif"]),
            ("nothing", &[], &["cards ."]),
            ("nothing to read", &[("a.doc", "x")], &["cards ."]),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                fs::write(folder.path().join(name), text).unwrap();
            }
            for below in ["2024", ".git"] {
                fs::create_dir(folder.path().join(below)).unwrap();
            }
            let endings = ["csv".to_owned(), "ldif".to_owned(), "vcf".to_owned()];
            let found = of(folder.path(), false, &endings).unwrap();
            assert_eq!(found.folders, ["2024"], "{name}");
            let told = found.inputs.iter().map(|input| match input {
                Input::Cards(_) => "cards .".to_owned(),
                other => other.path().file_name().unwrap().to_str().unwrap().to_owned(),
            });
            assert_eq!(told.collect::<Vec<_>>(), expected, "{name}");
            assert_eq!(
                of(folder.path(), true, &[]).unwrap(),
                Input::Cards(folder.path().to_owned()).into(),
                "{name}"
            );
        }
    }
}
