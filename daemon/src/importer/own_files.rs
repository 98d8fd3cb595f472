//! The user's own files for an importer: what it gets with each file that it
//! reads, and what it proposes to add.
//!
//! An importer opens no file. kith reads those that end in `.toml` in the
//! folder of its name beside kith.toml, and sends them along.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kith_plugin::Suggestion;
use serde_json::{Map, Value, json};

use crate::core::settings::Me;
use crate::error::{Doing, Error, Result};

/// The bytes that all files of an importer may have together: an importer
/// takes a part's header of 1 MiB, and a byte becomes at most six in JSON.
const MOST: u64 = 128 << 10;

/// The characters of a proposed file that are shown.
const LONGEST_PROPOSAL: usize = 64 << 10;

/// A file of the user's own for an importer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name without the folder.
    pub name: String,
    /// What stands in it; what is not UTF-8 is U+FFFD.
    pub text: String,
}

/// The user's own files in `folder`, by name. A folder that is not there has none.
///
/// # Errors
/// If one cannot be read, or they are too large.
pub fn own_files(folder: &Path) -> Result<Vec<OwnFile>> {
    let what = || format!("look into the folder {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.doing(what)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.doing(what)?.path();
        // Also through a link; what is no file could block whoever opens it.
        if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    let mut room = MOST;
    paths.into_iter().map(|path| read(&path, &mut room)).collect()
}

fn read(path: &Path, room: &mut u64) -> Result<OwnFile> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).doing(|| format!("read {}", path.display()))?;
    let read = file.take(*room + 1).read_to_end(&mut bytes).doing(|| format!("read {}", path.display()))?;
    *room = room.checked_sub(read as u64).ok_or_else(|| {
        Error::config(format!(
            "could not read {}: with the files before it, it is larger than {} KiB",
            path.display(),
            MOST >> 10
        ))
        .hint("remove what is not needed from its folder")
    })?;
    Ok(OwnFile {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// The options that an importer is sent: the user's own files for it, the
/// encoding they state, the endings of names of files that some importer reads, who the user is, and the day.
#[must_use]
pub fn options(
    files: &[OwnFile],
    encoding: Option<&str>,
    reads: &[String],
    me: &Me,
    today: Date,
) -> Map<String, Value> {
    let files: Vec<Value> =
        files.iter().map(|file| json!({ "name": file.name, "text": file.text })).collect();
    let files = (!files.is_empty()).then(|| ("files", files.into()));
    let encoding = encoding.map(|label| ("encoding", label.into()));
    let reads = (!reads.is_empty()).then(|| ("reads", reads.into()));
    let me = own_names(me).map(|me| ("me", me));
    let today = Some(("today", today.to_string().into()));
    let said = [files, encoding, reads, me, today].into_iter().flatten();
    said.map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Who the user is, if anything says so.
fn own_names(me: &Me) -> Option<Value> {
    let name = (!me.name.is_empty()).then(|| ("name", me.name.as_str().into()));
    let emails = (!me.emails.is_empty()).then(|| ("emails", me.emails.clone().into()));
    let phones = (!me.phones.is_empty()).then(|| ("phones", me.phones.clone().into()));
    let said: Map<String, Value> =
        [name, emails, phones].into_iter().flatten().map(|(key, value)| (key.to_owned(), value)).collect();
    (!said.is_empty()).then(|| said.into())
}

/// A proposed file with the path at which to save it, for the user to copy;
/// nothing if an importer proposes a name that leads elsewhere.
pub(super) fn proposal(folder: &Path, suggestion: &Suggestion) -> Option<String> {
    let stem = suggestion.file_name.strip_suffix(".toml")?;
    if stem.is_empty() || !stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return None;
    }
    let text: String = suggestion
        .text
        .chars()
        .take(LONGEST_PROPOSAL)
        .filter(|&c| c == '\n' || c == '\t' || !c.is_control())
        .collect();
    Some(format!("save as {}:\n\n{}", free_path(folder, stem).display(), text.trim_end()))
}

/// A path that no file has yet.
fn free_path(folder: &Path, stem: &str) -> PathBuf {
    let mut path = folder.join(format!("{stem}.toml"));
    let mut number = 2_u64;
    while path.symlink_metadata().is_ok() {
        path = folder.join(format!("{stem}-{number}.toml"));
        number += 1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The options with these files.
    fn sent(files: &[OwnFile], reads: &[String], me: &Me) -> Map<String, Value> {
        options(files, None, reads, me, Date::constant(2026, 11, 22))
    }

    #[test]
    fn files_are_those_that_end_in_toml_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert_eq!(own_files(&path("gone")).unwrap(), []);
        for (name, text) in [("b.toml", "B\u{fc}"), ("a.toml", ""), ("a.toml~", "old"), ("readme.md", "x")] {
            fs::write(path(name), text).unwrap();
        }
        fs::create_dir(path("c.toml")).unwrap();
        let file = |name: &str, text: &str| OwnFile { name: name.to_owned(), text: text.to_owned() };
        let files = own_files(folder.path()).unwrap();
        assert_eq!(files, [file("a.toml", ""), file("b.toml", "B\u{fc}")]);
        assert_eq!(Value::from(sent(&[], &[], &Me::default())), json!({ "today": "2026-11-22" }));
        let asked = options(&[], Some("gbk"), &[], &Me::default(), Date::constant(2026, 11, 22));
        assert_eq!(Value::from(asked), json!({ "encoding": "gbk", "today": "2026-11-22" }));
        let me = Me { emails: vec!["ida@i.example".to_owned()], ..Me::default() };
        let said = sent(&files, &["vcf".to_owned()], &me);
        assert_eq!(said["files"][1], json!({ "name": "b.toml", "text": "Bü" }));
        assert_eq!((&said["reads"], &said["me"]), (&json!(["vcf"]), &json!({ "emails": ["ida@i.example"] })));

        fs::write(path("b.toml"), vec![b'x'; usize::try_from(MOST).unwrap() + 1]).unwrap();
        let error = own_files(folder.path()).unwrap_err().to_string();
        assert!(error.contains("b.toml") && error.contains("128 KiB"), "{error}");
    }

    #[test]
    fn the_largest_files_fit_into_a_header() {
        let text = "\u{1}".repeat(usize::try_from(MOST).unwrap());
        let options = sent(&[OwnFile { name: "a.toml".to_owned(), text }], &[], &Me::default());
        assert!(serde_json::to_vec(&options).unwrap().len() < (1 << 20) - (64 << 10));
    }

    #[test]
    fn a_proposal_overwrites_nothing_and_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let suggest = |file_name: &str| Suggestion {
            file_name: file_name.to_owned(),
            text: "name = \"x\"\n\u{1b}[2J\n".to_owned(),
        };
        let first = proposal(folder.path(), &suggest("friends.toml")).unwrap();
        assert_eq!(first, format!("save as {}/friends.toml:\n\nname = \"x\"\n[2J", folder.path().display()));
        fs::write(folder.path().join("friends.toml"), "").unwrap();
        assert!(proposal(folder.path(), &suggest("friends.toml")).unwrap().contains("/friends-2.toml:"));
        for name in ["../x.toml", "/x.toml", "a b.toml", ".toml", "x.sh", ""] {
            assert_eq!(proposal(folder.path(), &suggest(name)), None, "{name}");
        }
    }
}
