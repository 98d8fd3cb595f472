//! Importing a folder of one card a file (a vdir): all that is new in it in one
//! conversation and one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use super::{Heard, Occasion, Progress, Report, Workshop};
use crate::config::local;
use crate::core::groups::is_group;
use crate::core::settings::Settings;
use crate::core::vdir::{Changes, Compared, Known, compare, is_card, settle};
use crate::error::{Doing, Error, Result};
use crate::importer::{Cause, Event, Parts, Refusal, options};
use crate::inbox::{Stamp, open_regular};
use crate::store::{Fingerprints, Followed, Store};

/// How a folder is imported.
#[derive(Clone, Copy)]
pub struct FolderJob<'a> {
    /// The folder.
    pub path: &'a Path,
    /// What it is called in reports; of a followed one its path, by which it is known.
    pub name: &'a str,
    /// Whether it is followed: files that are known are passed over, and cards whose files are gone go.
    pub followed: bool,
    /// The encoding that the user states for files that do not tell their own.
    pub encoding: Option<&'a str>,
    /// When, in UTC.
    pub at: Timestamp,
    /// What the user set.
    pub settings: &'a Settings,
    /// Whether nothing of it is to stay.
    pub rehearse: bool,
    /// Set by another thread to stop.
    pub cancel: &'a AtomicBool,
}

/// What came of a look into a folder.
#[derive(Debug)]
pub struct Visit {
    /// What was taken in, unless nothing had happened.
    pub report: Option<Box<Report>>,
    /// What is wrong with the folder; what could not be read of it is as it was.
    pub trouble: Option<Error>,
}

/// What was seen in a folder.
#[derive(Debug)]
pub struct Look {
    /// What is to be taken in, unless nothing had happened.
    pub heard: Option<Box<Heard>>,
    /// What is wrong with the folder.
    pub trouble: Option<Error>,
}

impl Look {
    fn left_alone(trouble: Option<Error>) -> Self {
        Self { heard: None, trouble }
    }
}

/// What happened in a followed folder.
#[derive(Debug)]
pub(super) struct Happened {
    path: String,
    partly: BTreeMap<u32, String>,
    changes: Changes,
    known: BTreeMap<String, Known<Stamp>>,
}

impl Happened {
    /// The same with the files that were read.
    pub(super) fn followed<'a>(&'a self, files: &'a [String]) -> Followed<'a> {
        let Self { path, partly, changes: Changes { moved, gone }, known } = self;
        Followed { path, files, partly, moved, gone, known }
    }
}

impl Workshop {
    /// Takes in what happened in a folder, whole or not at all. One that is not
    /// there, or has become empty, is left alone.
    ///
    /// # Errors
    /// As [`Workshop::listen`] and [`take_in`](super::take_in).
    pub fn visit(
        &self,
        store: &mut Store,
        job: FolderJob<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Visit, Refusal> {
        let Look { heard, trouble } = self.look(store, job, on_progress)?;
        let occasion = Occasion { at: job.at, settings: job.settings, rehearse: job.rehearse };
        let report = heard.map(|heard| heard.take_in(store, occasion, on_progress)).transpose()?;
        Ok(Visit { report, trouble })
    }

    /// Has read what happened in a folder.
    ///
    /// # Errors
    /// As [`Workshop::listen`] and [`take_in`](super::take_in).
    pub fn look(
        &self,
        store: &mut Store,
        job: FolderJob<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Look, Refusal> {
        let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
        let place = place(job.path);
        let there = match files(job.path) {
            Ok(there) => there,
            Err(error) => return Ok(Look::left_alone(Some(error))),
        };
        let place = place.filter(|place| self::place(job.path).as_ref() == Some(place));
        let known =
            if job.followed { store.known_files(job.name).map_err(surroundings)? } else { BTreeMap::new() };
        let same =
            job.followed && place.is_some() && store.folder_place(job.name).map_err(surroundings)? == place;
        if let Some(place) = place.filter(|_| job.followed && !same && !job.rehearse && !there.is_empty()) {
            store.note_folder_place(job.name, &place).map_err(surroundings)?;
        }
        let (read, gone) = match compare(&known, &there, same) {
            Compared::Same => return Ok(Look::left_alone(None)),
            Compared::Emptied => return Ok(Look::left_alone(Some(emptied(job.path, known.len())))),
            Compared::Differs { read, gone } => (read, gone),
        };
        let everything: BTreeSet<String> = there.keys().cloned().collect();
        let groups = match job.followed {
            true => store.files_of_groups(job.name).map_err(surroundings)?,
            false => BTreeSet::new(),
        };
        let mut read = reading_groups(read, &gone, &groups, &everything);
        let mut batch = self.gather(&job, &read).map_err(surroundings)?;
        let trouble = unread(&batch.unread);
        if batch.files.is_empty() && gone.is_empty() {
            return Ok(Look::left_alone(trouble));
        }
        let mut heard = self.listen_to_parts(&job, &mut batch, on_progress)?;
        let is_new = |file: &String| !groups.contains(file);
        if job.followed && read != everything && batch.groups.iter().any(is_new) {
            // Its members may be in files that have not changed.
            read = everything;
            batch = self.gather(&job, &read).map_err(surroundings)?;
            heard = self.listen_to_parts(&job, &mut batch, on_progress)?;
        }
        let hashes = batch.known.iter().map(|(name, known)| (name.clone(), known.hash)).collect();
        let changes = settle(&known, &gone, &hashes);
        let Gathered { files, known, prints, partly, .. } = batch;
        let happened = Happened { path: job.name.to_owned(), partly, changes, known };
        let heard = Heard {
            importer: IMPORTER.to_owned(),
            name: job.name.to_owned(),
            archive: None,
            spool: heard,
            prints,
            files,
            folder: job.followed.then_some(happened),
            members: Vec::new(),
        };
        Ok(Look { heard: Some(Box::new(heard)), trouble })
    }

    /// Sets the files aside that are to be read, each as it is at one moment.
    fn gather(&self, job: &FolderJob<'_>, read: &BTreeSet<String>) -> Result<Gathered> {
        let doing = || format!("read the folder {}", job.path.display());
        let today = local(job.at, job.settings).date();
        let options = options(&[], job.encoding, &[], &job.settings.me, today);
        let mut parts = Parts::begin(self.host.spool_folder()).doing(doing)?;
        let mut gathered = Gathered::default();
        for name in read {
            let opened = match open_regular(&job.path.join(name), job.settings.inbox.max_size) {
                Ok(Some(opened)) => opened,
                // The next look finds that it is gone.
                Ok(None) => continue,
                Err(error) => {
                    gathered.unread.push(error);
                    continue;
                }
            };
            let Stamp { size, .. } = opened.stamp;
            match parts.add(name, size, &opened.file, &options).doing(doing)? {
                Some(hash) => {
                    gathered.known.insert(name.clone(), Known { stamp: opened.stamp, hash });
                    gathered.files.push(name.clone());
                }
                None => gathered.unread.push(
                    Error::user(format!(
                        "could not read {name}: it changed meanwhile, or the disk does not give it"
                    ))
                    .hint("it is read again when it has changed"),
                ),
            }
        }
        gathered.parts = Some(parts);
        Ok(gathered)
    }

    /// Has the files read. Nothing is said where there is nothing to read, or where none of a
    /// followed folder's files holds a card: each is noted with the reason then.
    fn listen_to_parts(
        &self,
        job: &FolderJob<'_>,
        batch: &mut Gathered,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<crate::importer::Spool>, Refusal> {
        let Some(parts) = batch.parts.take().filter(|parts| parts.count() > 0) else { return Ok(None) };
        let Some((importer, _)) = self.importers.choose("card.vcf", b"BEGIN:VCARD") else {
            let error = Error::internal("there is no importer of vCard");
            return Err(Refusal { cause: Cause::Surroundings, error });
        };
        let Gathered { prints, partly, groups, files, .. } = batch;
        let mut failed = None;
        let answer =
            self.host.import_parts(importer, job.name, parts, job.cancel, &mut |event| match event {
                Event::Record(record) if failed.is_none() => {
                    if is_group(&record.contact) {
                        let file = usize::try_from(record.at.part).ok().and_then(|part| files.get(part));
                        groups.extend(file.cloned());
                    }
                    failed = prints.add(record).err();
                }
                Event::Skipped(skipped) => {
                    partly.entry(skipped.at.part).or_insert_with(|| skipped.reason.clone());
                }
                Event::Record(_) | Event::Line(_) | Event::Words(_) => {}
                Event::Progress { bytes, of } => on_progress(Progress::Reading { bytes, of }),
            });
        prints.end();
        match (answer, failed) {
            (Err(Refusal { cause: Cause::Input, error }), _) if job.followed => {
                // Each stands beside its file's name.
                let said = error.message();
                let why = said.strip_prefix(&format!("could not import {}: ", job.name)).unwrap_or(said);
                partly.extend((0..).zip(&*files).map(|(part, _)| (part, why.to_owned())));
                Ok(None)
            }
            (Err(Refusal { cause: Cause::Input, .. }), _) => Err(Refusal {
                cause: Cause::Input,
                error: Error::user(format!(
                    "could not import {}: none of its .vcf files holds a vCard",
                    job.path.display()
                ))
                .hint("export the contacts again, as vCard or CSV, and import that"),
            }),
            (Err(refusal), _) => Err(refusal),
            (Ok(_), Some(error)) => Err(Refusal { cause: Cause::Surroundings, error }),
            (Ok(spool), None) => Ok(Some(spool)),
        }
    }
}

/// The importer of cards.
pub(super) const IMPORTER: &str = "vcard";

/// Files that are to be read, set aside.
struct Gathered {
    parts: Option<Parts>,
    /// Their names, in the order of the parts.
    files: Vec<String>,
    known: BTreeMap<String, Known<Stamp>>,
    /// Why others could not be read.
    unread: Vec<Error>,
    prints: Fingerprints,
    /// The parts of which not all was taken, and why.
    partly: BTreeMap<u32, String>,
    /// The files in which groups stand.
    groups: BTreeSet<String>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            parts: None,
            files: Vec::new(),
            known: BTreeMap::new(),
            unread: Vec::new(),
            prints: Fingerprints::of(IMPORTER),
            partly: BTreeMap::new(),
            groups: BTreeSet::new(),
        }
    }
}

/// What to read of a folder, of whose files some hold groups: these with every other, as they say
/// something of it, and all if one of them changed or is gone.
fn reading_groups(
    read: BTreeSet<String>,
    gone: &BTreeSet<String>,
    groups: &BTreeSet<String>,
    everything: &BTreeSet<String>,
) -> BTreeSet<String> {
    if groups.iter().any(|file| read.contains(file) || gone.contains(file)) {
        return everything.clone();
    }
    if read.is_empty() { read } else { read.union(groups).cloned().collect() }
}

/// The cards' files in a folder, each with what changes when it is written.
///
/// # Errors
/// If the folder cannot be read: then nothing is known of any file in it.
fn files(folder: &Path) -> Result<BTreeMap<String, Stamp>> {
    let doing = || format!("look into the folder {}", folder.display());
    let hint = |error: Error| {
        error.hint("what was taken in from it stays as it is; a folder that is no longer to be followed is taken out of [vdir] in kith.toml")
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).doing(doing).map_err(hint)? {
        let entry = entry.doing(doing).map_err(hint)?;
        // A name that is not UTF-8 is none that a program makes for a card.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !is_card(&name) {
            continue;
        }
        match entry.metadata() {
            Ok(metadata) => drop(files.insert(name, Stamp::of(&metadata))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).doing(doing).map_err(hint),
        }
    }
    Ok(files)
}

/// What tells a folder from any other that has its name at another time: the disk that it is on,
/// and which folder of the disk it is. Where a disk is not mounted, what it is mounted on is another.
fn place(folder: &Path) -> Option<String> {
    let found = fs::metadata(folder).ok()?;
    Some(format!("{} {}", found.dev(), found.ino()))
}

/// What is wrong with a folder that is to be followed.
#[must_use]
pub fn folder_problem(folder: &Path) -> Option<Error> {
    let there = match files(folder) {
        Ok(there) => there,
        Err(error) => return Some(error),
    };
    let below = || {
        let folders = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        folders.into_iter().find(|path| path.is_dir() && files(path).is_ok_and(|files| !files.is_empty()))
    };
    let within = if there.is_empty() { below()? } else { return None };
    Some(
        Error::user(format!(
            "there is no card in {}, and there are some in {}",
            folder.display(),
            within.display()
        ))
        .hint("name each folder of cards in [vdir] of kith.toml"),
    )
}

/// Whether there is something in a followed folder that is not taken in.
///
/// # Errors
/// If the database cannot be read.
pub fn has_news(store: &Store, folder: &Path) -> Result<bool> {
    let name = folder.display().to_string();
    let Ok(there) = files(folder) else { return Ok(false) };
    let place = place(folder);
    let same = place.is_some() && store.folder_place(&name)? == place;
    Ok(matches!(compare(&store.known_files(&name)?, &there, same), Compared::Differs { .. }))
}

fn emptied(folder: &Path, files: usize) -> Error {
    let had = if files == 1 { "one card was".to_owned() } else { format!("{files} cards were") };
    Error::user(format!(
        "the folder {} is empty, and not the one that {had} in: that looks like a disk that is not mounted, so nobody is taken for deleted",
        folder.display()
    ))
    .hint(
        "as soon as there is a card in it again, it is followed again; if you meant it, take the folder out of [vdir] in kith.toml, \
         and archive whom you no longer want: kith archive NAME",
    )
}

/// What is wrong with files that could not be read, of the first few each.
fn unread(all: &[Error]) -> Option<Error> {
    /// So many.
    const MOST: usize = 5;
    let said: Vec<&str> = all.iter().take(MOST).map(Error::message).collect();
    let more = match all.len() - said.len() {
        0 => String::new(),
        more => format!("; and {more} more could not be read"),
    };
    let mut advice: Vec<&str> = all.iter().take(MOST).filter_map(Error::advice).collect();
    advice.sort_unstable();
    advice.dedup();
    let error = (!all.is_empty()).then(|| Error::user(format!("{}{more}", said.join("; "))));
    error.map(|error| if advice.is_empty() { error } else { error.hint(advice.join("; ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_of_a_folder_are_listed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.vcf", ".b.vcf", "c.vcf.tmp", "color", ".props", "D.VCF"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        assert_eq!(files(folder.path()).unwrap().into_keys().collect::<Vec<_>>(), ["D.VCF", "a.vcf"]);
        let error = files(&folder.path().join("gone")).unwrap_err();
        assert!(error.to_string().contains("/gone: it does not exist\nHint: "), "{error}");
    }

    #[test]
    fn each_of_a_few_that_could_not_be_read_is_told() {
        let error =
            |name: &str| Error::user(format!("could not open {name}: permission denied")).hint("allow it");
        assert_eq!(unread(&[]), None);
        let said = unread(&[error("a"), error("b"), error("c")]).unwrap().to_string();
        assert_eq!(
            said,
            "could not open a: permission denied; could not open b: permission denied; could not open c: permission \
             denied\nHint: allow it"
        );
        let many: Vec<Error> = "abcdefg".chars().map(|name| error(&name.to_string())).collect();
        let said = unread(&many).unwrap().to_string();
        assert!(said.contains("open e: permission denied; and 2 more could not be read\n"), "{said}");
    }
}
