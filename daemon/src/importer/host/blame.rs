//! Why nothing came of an import, in a sentence with who and which file.

use std::path::PathBuf;

use crate::error::Error;
use crate::importer::fault::{Fault, Unanswered};
use crate::importer::own_files::proposal;
use crate::importer::refusal::{Cause, Refusal};
use crate::importer::registry::{Importer, Origin};

/// Who was to import what.
#[derive(Debug)]
pub(super) struct Blame<'a> {
    pub(super) importer: &'a Importer,
    pub(super) file_name: String,
    /// Where the user's own files for the importer are.
    pub(super) own_folder: PathBuf,
}

impl Blame<'_> {
    pub(super) fn refusal(&self, unanswered: Unanswered) -> Refusal {
        let name = &self.file_name;
        match unanswered {
            Unanswered::Fault(fault) => self.importer(&fault),
            Unanswered::Failed { reason, hint, suggestion } => {
                let hint = hint.unwrap_or_else(|| {
                    "nothing of it was taken; export the contacts again, as vCard or CSV, and import that"
                        .to_owned()
                });
                let proposal = suggestion.and_then(|suggestion| proposal(&self.own_folder, &suggestion));
                let hint = proposal.map_or_else(|| hint.clone(), |proposal| format!("{hint}\n\n{proposal}"));
                Refusal::new(
                    Cause::Input,
                    Error::user(format!("could not import {name}: {reason}")).hint(hint),
                )
            }
            Unanswered::Cancelled => Refusal::new(
                Cause::Cancelled,
                Error::user(format!("the import of {name} was cancelled"))
                    .hint("nothing of it was taken; import it again when you like"),
            ),
            Unanswered::Changed => Refusal::new(
                Cause::Changed,
                Error::user(format!("could not import {name}: it changed while it was read"))
                    .hint("nothing of it was taken; import it again once it is complete"),
            ),
            Unanswered::Surroundings(error) => Refusal::new(Cause::Surroundings, error),
        }
    }

    fn importer(&self, fault: &Fault) -> Refusal {
        let name = &self.importer.manifest.name;
        let message = format!("could not import {}: the importer {name} {fault}", self.file_name);
        let error = match self.importer.origin {
            Origin::BuiltIn => Error::internal(message)
                .hint("nothing of the file was taken. This is a fault of kith: please report it, with a file that shows it if you can share one"),
            Origin::Plugin { .. } => Error::user(message)
                .hint(format!("nothing of the file was taken; tell the people who make the importer {name}, to whom kith plugin check says more")),
        };
        Refusal::new(Cause::Importer, error)
    }
}
