//! The files in an archive, one after the other, each as if it had been imported by itself; all of
//! them are taken in together, or none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::report::Extent;
use super::{Heard, Job, Listened, Occasion, Progress, Report, Workshop};
use crate::core::text;
use crate::error::{Doing, Error};
use crate::importer::{Cause, Refusal, Shelf};
use crate::store::{Outcome, Sitting};

/// What became of a file in an archive.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its report, or why it was not imported.
    pub done: Result<Report, Error>,
    /// Whether that is because it holds no people, as far as anybody knows.
    pub is_other: bool,
}

/// What was said of a file in an archive.
#[derive(Debug)]
pub(super) struct Within {
    /// Its name.
    pub(super) name: String,
    /// What was said of it, or why nothing was.
    pub(super) done: Result<Box<Heard>, Error>,
    /// Whether that is because it holds no people, as far as anybody knows.
    is_other: bool,
}

impl Within {
    pub(super) fn heard(&mut self) -> Option<&mut Heard> {
        self.done.as_deref_mut().ok()
    }
}

/// Has the files in an archive read, if `archive` is what was said of one.
///
/// # Errors
/// If none of them can be imported, or the surroundings prevent one.
pub(super) fn listen(
    workshop: &Workshop,
    job: Job<'_>,
    archive: &mut Heard,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<(), Refusal> {
    let surroundings = |error: Error| Refusal { cause: Cause::Surroundings, error };
    let Some(spool) = archive.spool.as_ref().filter(|spool| spool.members().next().is_some()) else {
        return Ok(());
    };
    let folder = workshop.host.spool_folder();
    // There may be more of them than a process may have files.
    let mut shelf = Shelf::begin(folder).doing(|| format!("unpack {}", job.name)).map_err(surroundings)?;
    let mut members = Vec::new();
    for (at, name) in spool.members().enumerate() {
        let file = spool.member(at, folder).doing(|| format!("unpack {name}")).map_err(surroundings)?;
        let job = Job { file: &file, name, archive: Some(job.name), ..job };
        let (done, is_other) = match workshop.listen_to_one(job, on_progress) {
            Ok(Listened::Heard(mut heard)) => {
                heard.keep_on(&mut shelf).map_err(surroundings)?;
                (Ok(heard), false)
            }
            Ok(Listened::NoPeople(error)) => (Err(error), true),
            Ok(Listened::NobodyReads { tried }) => {
                let nobody = || Error::user(format!("could not import {name}: no importer reads such files"));
                (Err(tried.unwrap_or_else(nobody)), true)
            }
            Err(refusal) => match refusal.cause {
                Cause::Input | Cause::Importer => (Err(refusal.error), false),
                Cause::Changed | Cause::Surroundings | Cause::Cancelled => return Err(refusal),
            },
        };
        members.push(Within { name: name.to_owned(), done, is_other });
    }
    if members.iter().all(|member| member.done.is_err()) {
        let (others, refused): (Vec<&Within>, Vec<&Within>) =
            members.iter().partition(|member| member.is_other);
        let others: Vec<&str> = others.iter().map(|member| member.name.as_str()).collect();
        let refused = refused.iter().filter_map(|member| member.done.as_ref().err());
        let reasons = refused.map(|error| error.message().to_owned());
        let reasons: Vec<String> = reasons.chain(without_people(&others, usize::MAX)).collect();
        let error = Error::user(format!("nothing in {} could be imported: {}", job.name, reasons.join("; ")))
            .hint("export the contacts alone, as vCard or CSV");
        return Err(Refusal { cause: Cause::Input, error });
    }
    archive.members = members;
    archive.archive = Some(archive.name.clone());
    Ok(())
}

/// Takes in what was said of the files in an archive, one after the other: those with nothing but contact with people
/// last.
///
/// # Errors
/// If the database cannot be written.
pub(super) fn take(
    archive: &Heard,
    sitting: &Sitting<'_>,
    occasion: Occasion<'_>,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let occasion = Occasion { at: sitting.moment_of(&archive.name, occasion.at)?, ..occasion };
    let mut report = archive.take_one(sitting, occasion, on_progress)?;
    // A chat may stand before the contacts that it is with.
    let mut order: Vec<(usize, &Within)> = archive.members.iter().enumerate().collect();
    order.sort_by_key(|(_, within)| within.done.as_ref().is_ok_and(|heard| heard.is_history()));
    let mut members = BTreeMap::new();
    for (at, Within { name, done, is_other }) in order {
        let done = match done {
            Ok(heard) => Ok(heard.take_one(sitting, occasion, on_progress)?),
            Err(error) => Err(error.clone()),
        };
        members.insert(at, Member { name: name.clone(), done, is_other: *is_other });
    }
    report.members = members.into_values().collect();
    let done = report.members.iter().filter_map(|member| member.done.as_ref().ok());
    report.outcome = Outcome::sum(done.chain([&report]).map(|report| &report.outcome));
    Ok(report)
}

/// That files of an archive hold nobody, as far as anybody knows; so many of them are named.
pub(super) fn without_people(names: &[&str], most: usize) -> Option<String> {
    no_people(names, most, " of it")
}

/// That files hold nobody, as far as anybody knows; so many of them are named. `of` says of what they are.
pub fn no_people(names: &[&str], most: usize, of: &str) -> Option<String> {
    let more = names.len().saturating_sub(most);
    let named = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    let named = if more > 0 { format!("{named} and {more} more") } else { named };
    match names.len() {
        0 => None,
        1 => Some(format!(
            "1 file{of} holds no people that kith knows: {named} (if it lists people, import it by itself)"
        )),
        all => Some(format!(
            "{all} files{of} hold no people that kith knows: {named} (if one lists people, import that by itself)"
        )),
    }
}

impl Member {
    /// What became of it, for people; its report to that extent.
    pub(super) fn written(&self, extent: Extent) -> String {
        match &self.done {
            Ok(report) => report.written(extent),
            Err(error) => format!("{}\n", text::plain(error.message())),
        }
    }

    /// What became of it, for programs.
    pub(super) fn json(&self) -> Value {
        match &self.done {
            Ok(report) => report.json(),
            Err(error) => json!({ "file": self.name, "error": error.message(), "hint": error.advice() }),
        }
    }
}
