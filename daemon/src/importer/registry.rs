//! Which importers there are, and which of them reads a file.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::{Doing, Error, Result};
use crate::paths::Paths;

use super::builtin;
use super::manifest::Manifest;
use super::private::Private;

/// An importer and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Importer {
    /// What it is and reads.
    pub manifest: Manifest,
    /// Where it comes from.
    pub origin: Origin,
}

impl Importer {
    /// Whether what it reads may as well be of something else than people, so that a file that nobody chose
    /// tells nothing by being of its kind.
    pub(crate) fn reads_anything(&self) -> bool {
        self.origin == Origin::BuiltIn && builtin::reads_anything(&self.manifest.name)
    }

    /// Whether a file of this name that starts like this is known to list nobody.
    pub(crate) fn holds_nobody(&self, file_name: &str, first_bytes: &[u8]) -> bool {
        self.origin == Origin::BuiltIn && builtin::holds_nobody(&self.manifest.name, file_name, first_bytes)
    }

    /// Whether a file that starts like this is of its kind; none if it does not look at more than
    /// its manifest says.
    fn recognises(&self, first_bytes: &[u8]) -> Option<bool> {
        match self.origin {
            Origin::BuiltIn => builtin::recognises(&self.manifest.name, first_bytes),
            Origin::Plugin { .. } => None,
        }
    }
}

/// Where an importer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A part of kith, which runs itself as the importer.
    BuiltIn,
    /// A plugin of somebody else.
    Plugin {
        /// Its manifest's path.
        manifest: PathBuf,
        /// What it may not read, whatever that says.
        private: Private,
    },
}

/// How sure it is that an importer reads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is of its kind; what is wrong with it is for the user.
    Sure,
    /// It may be; if the importer refuses it, nobody reads it.
    Maybe,
}

/// An importer that comes before another for files whose names end alike.
#[derive(Debug, PartialEq, Eq)]
pub struct Rival<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it leaves the other none of them.
    pub takes_all: bool,
}

/// All importers: the built-in ones first, then those of the plugin folders.
#[derive(Debug, Clone)]
pub struct Importers {
    importers: Vec<Importer>,
    problems: Vec<Error>,
}

impl Importers {
    /// The built-in importers, and those of the user with these folders.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        Self::discover(&paths.plugins(), &Private::of(paths, std::env::home_dir()))
    }

    /// The built-in importers and those whose manifests are in `folders`; of
    /// two with one name the first counts. A folder that is not there has none.
    fn discover(folders: &[PathBuf], private: &Private) -> Self {
        let mut found = Self { importers: builtin::importers(), problems: Vec::new() };
        for folder in folders {
            let manifests = manifests(folder).unwrap_or_else(|error| {
                found.problems.push(error);
                Vec::new()
            });
            for path in manifests {
                if let Err(error) = found.add(path, private) {
                    found.problems.push(error);
                }
            }
        }
        found
    }

    fn add(&mut self, path: PathBuf, private: &Private) -> Result<()> {
        let manifest = Manifest::read(&path)?;
        if let Some(first) = self.importers.iter().find(|other| other.manifest.name == manifest.name) {
            let first = match &first.origin {
                Origin::BuiltIn => "built into kith".to_owned(),
                Origin::Plugin { manifest, .. } => manifest.display().to_string(),
            };
            return Err(Error::config(format!(
                "the importer's manifest {} is passed over: there is already an importer {} ({first})",
                path.display(),
                manifest.name,
            ))
            .hint("rename the importer, or remove one of the two"));
        }
        let origin = Origin::Plugin { manifest: path, private: private.clone() };
        self.importers.push(Importer { manifest, origin });
        Ok(())
    }

    /// The importer for a file: one whose extensions have the ending of its
    /// name, of several the first for which the file starts as its manifest says,
    /// else the first that does not care how it starts. Else whichever the start
    /// tells, else the first that tries such files. A built-in one that recognises its
    /// files by more than a fixed start takes none but those. It may be one that cannot run here
    /// ([`becomes`](super::becomes) says why). None: nobody reads such files.
    ///
    /// `first_bytes` is the file's start; the first 512 bytes are plenty.
    #[must_use]
    pub fn choose(&self, file_name: &str, first_bytes: &[u8]) -> Option<(&Importer, Claim)> {
        let by_name = self.importers.iter().filter(|importer| {
            importer.manifest.reads_name(file_name) && importer.recognises(first_bytes) != Some(false)
        });
        // Many programs write JSON: the name alone does not tell whose it is.
        let by_name = by_name.min_by_key(|importer| match &importer.manifest {
            manifest if manifest.reads_start(first_bytes) => 0,
            manifest if manifest.sniff.is_empty() => 1,
            _ => 2,
        });
        let by_start = |importer: &Importer| {
            importer.manifest.reads_start(first_bytes) || importer.recognises(first_bytes) == Some(true)
        };
        let first = |is_meant: &dyn Fn(&Importer) -> bool, claim| {
            self.importers.iter().find(|importer| is_meant(importer)).map(|found| (found, claim))
        };
        by_name
            .map(|found| (found, Claim::Sure))
            .or_else(|| first(&by_start, Claim::Sure))
            .or_else(|| first(&|importer| importer.manifest.tries_name(file_name), Claim::Maybe))
    }

    /// Which endings of somebody else's importer are also of one that [`choose`](Self::choose) puts before it, so
    /// that it does not get all of these files.
    #[must_use]
    pub fn rivals<'a>(&'a self, importer: &'a Importer) -> Vec<(&'a str, Rival<'a>)> {
        let Manifest { name, extensions, sniff, .. } = &importer.manifest;
        let before = || self.importers.iter().take_while(|other| other.manifest.name != *name);
        let rival = |ending: &'a String| {
            let first = before().find(|other| other.manifest.extensions.contains(ending))?;
            let knows_its_own = !first.manifest.sniff.is_empty() || first.recognises(&[]).is_some();
            let takes_all = match sniff.as_slice() {
                [] => !knows_its_own,
                starts => starts.iter().all(|start| first.manifest.reads_start(start.as_bytes())),
            };
            // Of what begins as it says it gets all.
            let is_told = takes_all || sniff.is_empty();
            is_told.then_some((ending.as_str(), Rival { name: &first.manifest.name, takes_all }))
        };
        let of_others = (importer.origin != Origin::BuiltIn).then_some(extensions).into_iter().flatten();
        of_others.filter_map(rival).collect()
    }

    /// The endings of names of files that some importer reads, in order.
    #[must_use]
    pub fn endings(&self) -> Vec<String> {
        let all = self.importers.iter().flat_map(|importer| importer.manifest.extensions.iter().cloned());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The same for people: `.csv, .vcard and .vcf`.
    #[must_use]
    pub fn endings_in_words(&self) -> String {
        let endings: Vec<String> = self.endings().iter().map(|ending| format!(".{ending}")).collect();
        match endings.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
            _ => endings.concat(),
        }
    }

    /// All importers.
    pub fn iter(&self) -> impl Iterator<Item = &Importer> {
        self.importers.iter()
    }

    /// What is wrong with manifests and plugin folders that were passed over.
    #[must_use]
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }
}

/// What the manifests in the plugin folders are, as far as their folders tell: it differs once one comes, changes or goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifests(Vec<(PathBuf, Option<Version>)>);

/// The size of a file, and when it was written.
type Version = (u64, (i64, i64));

impl Manifests {
    /// Those in `folders`; a folder that cannot be looked into has none.
    #[must_use]
    pub fn of(folders: &[PathBuf]) -> Self {
        let version = |path: &Path| {
            let found = fs::metadata(path).ok()?;
            Some((found.len(), (found.mtime(), found.mtime_nsec())))
        };
        let paths = folders.iter().filter_map(|folder| manifests(folder).ok()).flatten();
        Self(paths.map(|path| (path.clone(), version(&path))).collect())
    }
}

/// The paths of the manifests in a folder, by name.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>> {
    let what = || format!("look for importers in {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.doing(what)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.doing(what)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The importer's name, with a `?` where it is not sure.
    fn name(chosen: Option<(&Importer, Claim)>) -> Option<String> {
        chosen.map(|(importer, claim)| {
            format!("{}{}", importer.manifest.name, if claim == Claim::Sure { "" } else { "?" })
        })
    }

    #[test]
    fn the_name_tells_first_and_the_start_of_the_file_where_it_says_nothing() {
        let importers = Importers::discover(&[], &Private::default());
        for (file_name, bytes, expected) in [
            ("contacts.vcf", &b"anything"[..], Some("vcard")),
            ("CONTACTS.VCARD", b"", Some("vcard")),
            ("Connections.csv", b"BEGIN:VCARD", Some("csv")),
            ("contacts (1).vcf", b"", Some("vcard")),
            ("contacts.txt", b"BEGIN:VCARD\n", Some("vcard")),
            ("contacts", b"begin:vcard\n", Some("vcard")),
            ("book.LDIF", b"", Some("ldif")),
            ("book", b"dn: cn=Ada", Some("ldif")),
            ("export.json", b"[]", Some("monica")),
            ("export.json", b"[\n {\"name\":", Some("json")),
            ("export", b"[\n{\"uid\":\"", Some("json")),
            ("export", b"\n{\n    \"version\": \"1.0-preview.1\",", Some("monica")),
            ("All mail.mbox", b"", Some("mbox")),
            ("letter.EML", b"Subject: hello", Some("mbox")),
            ("Sent", b"From - Mon Mar 04 10:00:00 2024", Some("mbox")),
            ("work.ics", b"", Some("calendar")),
            ("basic", b"BEGIN:VCALENDAR\r\n", Some("calendar")),
            ("friends.TSV", b"", Some("csv")),
            ("notes.txt", b"Name,Email", Some("csv?")),
            ("WhatsApp Chat with Anna.txt", b"31.12.24, 21:41 - Anna: hi\n", Some("whatsapp")),
            ("standard input", b"[31.12.24, 21:41:05] Anna: hi\r\n", Some("whatsapp")),
            ("31.12.24.csv", b"31.12.24, 21:41 - Anna: hi\n", Some("csv")),
            ("vcf", b"", Some("csv?")),
            ("standard input", b"Name,Email", Some("csv?")),
            ("/dev/fd/63", b"Name,Email", Some("csv?")),
            ("standard input", b"BEGIN:VCARD\n", Some("vcard")),
            ("holiday.jpg", b"\xFF\xD8", None),
        ] {
            assert_eq!(name(importers.choose(file_name, bytes)).as_deref(), expected, "{file_name}");
        }
    }

    #[test]
    fn plugins_are_found_and_bad_ones_named() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = |name: &str, extension: &str| {
            format!("name = '{name}'\nexec = ['x']\nprotocols = [1]\nextensions = ['{extension}']\n")
        };
        for (file, text) in [
            ("chats.toml", manifest("chats", "json")),
            ("vcard.toml", manifest("vcard", "vcf")),
            ("broken.toml", "name =".to_owned()),
            ("readme.md", "not a manifest".to_owned()),
        ] {
            fs::write(folder.path().join(file), text).unwrap();
        }
        let folders = [folder.path().to_owned(), folder.path().join("missing")];
        let importers = Importers::discover(&folders, &Private::default());
        // Monica's files are known by their start, and all other JSON is the plugin's.
        assert_eq!(
            name(importers.choose("export.json", b"{\"version\":\"1.0-preview.1\"")).as_deref(),
            Some("monica")
        );
        assert_eq!(name(importers.choose("result.json", b"{}")).as_deref(), Some("chats"));
        assert_eq!(name(importers.choose("result.json", b"[{\"a\":1}]")).as_deref(), Some("chats"));
        assert_eq!(name(importers.choose("own.json", b"[\n{\"uid\":\"1\"")).as_deref(), Some("json"));
        assert_eq!(importers.choose("a.vcf", b"").unwrap().0.origin, Origin::BuiltIn);
        let others = importers.iter().filter(|importer| importer.origin != Origin::BuiltIn);
        assert_eq!(others.count(), 1);
        let words = importers.endings_in_words();
        assert!(words.starts_with(".csv, .eml, ") && words.ends_with(".vcf and .zip"), "{words}");
        let problems: Vec<String> = importers.problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        for (extensions, sniff, expected) in [
            ("'vcf', 'x'", "", Some(("vcf", "vcard", false))),
            ("'vcf'", "'X-CARD'", None),
            ("'vcf'", "'BEGIN:VCARD'", Some(("vcf", "vcard", true))),
            ("'.CSV'", "", Some(("csv", "csv", true))),
            ("'csv'", "'Voice;'", None),
            ("'x'", "", None),
        ] {
            let text = manifest("other", "y").replace("'y'", extensions) + &format!("sniff = [{sniff}]\n");
            fs::write(folder.path().join("other.toml"), text).unwrap();
            let importers = Importers::discover(&folders, &Private::default());
            let other = importers.iter().find(|importer| importer.manifest.name == "other").unwrap();
            let rivals = importers.rivals(other);
            let rival = rivals.first().map(|(ending, rival)| (*ending, rival.name, rival.takes_all));
            assert_eq!(rival, expected, "{extensions} {sniff}");
        }
        assert!(problems[0].contains("broken.toml"), "{problems:?}");
        assert!(problems[1].contains("already an importer vcard (built into kith)"), "{problems:?}");
    }
}
