//! The files in an archive, one after the other, each as if it had been imported by itself.

use serde_json::{Value, json};

use super::report::Extent;
use super::{Imported, Job, Progress, Report, Workshop};
use crate::core::text;
use crate::error::{Doing, Error};
use crate::importer::{Cause, Refusal, Spool};
use crate::store::{Outcome, Store, Told};

/// What became of a file in an archive.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its report, or why it was not imported.
    pub done: Result<Report, Error>,
}

/// Imports the files in an archive, of which `report` is the beginning.
///
/// # Errors
/// If none of them can be imported, or the surroundings prevent one: what was
/// imported before it stays, and is told to be unchanged the next time.
pub(super) fn import(
    workshop: &Workshop,
    store: &mut Store,
    job: Job<'_>,
    mut report: Report,
    spool: &Spool,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Box<Report>, Refusal> {
    let mut one = |at: usize, name: &str, store: &mut Store| -> Result<Member, Refusal> {
        let file = spool
            .member(at, workshop.host.spool_folder())
            .doing(|| format!("unpack {name}"))
            .map_err(|error| Refusal { cause: Cause::Surroundings, error })?;
        let job = Job { file: &file, name, archive: Some(job.name), ..job };
        let done = match workshop.import_one(store, job, on_progress) {
            Ok((Imported::Done(report), _)) => Ok(*report),
            Ok((Imported::NobodyReads { tried: Some(error) }, _)) => Err(error),
            Ok((Imported::NobodyReads { tried: None }, _)) => {
                Err(Error::user(format!("could not import {name}: no importer reads such files")))
            }
            Err(refusal) => match refusal.cause {
                Cause::Input | Cause::Importer => Err(refusal.error),
                Cause::Changed | Cause::Surroundings | Cause::Cancelled => return Err(refusal),
            },
        };
        Ok(Member { name: name.to_owned(), done })
    };
    for (at, name) in spool.members().enumerate() {
        report.members.push(one(at, name, store)?);
    }
    // A chat may stand before the contacts that it is with.
    for (at, name) in spool.members().enumerate() {
        let has_new = |member: &Member| member.done.as_ref().is_ok_and(|report| report.outcome.new > 0);
        let (before, after) = report.members.split_at_mut(at + 1);
        let Some(Member { done: Ok(first), .. }) = before.last_mut() else { continue };
        if first.outcome.history.unknown == 0 || !after.iter().any(has_new) {
            continue;
        }
        if let Member { done: Ok(again), .. } = one(at, name, store)? {
            let Told { new, unknown, strangers, .. } = again.outcome.history;
            let history = &mut first.outcome.history;
            *history = Told { new: history.new + new, unknown, strangers, ..history.clone() };
        }
    }
    let done = || report.members.iter().filter_map(|member| member.done.as_ref().ok());
    if done().next().is_none() {
        let reasons = report.members.iter().filter_map(|member| member.done.as_ref().err());
        let reasons: Vec<&str> = reasons.map(Error::message).collect();
        let error = Error::user(format!("nothing in {} could be imported: {}", job.name, reasons.join("; ")))
            .hint("export the contacts alone, as vCard or CSV");
        return Err(Refusal { cause: Cause::Input, error });
    }
    report.outcome = Outcome::sum(done().map(|report| &report.outcome));
    Ok(Box::new(report))
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
