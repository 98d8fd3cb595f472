//! The daemon's side of the plugin contract: which importers there are, which
//! of them reads a file, and the conversation with it.
//!
//! Nothing foreign is parsed in the daemon: an importer is a child process that
//! gets a file's bytes and answers with JSON lines (PROTOCOL.md of the package
//! `kith-plugin`). [`Importers`] finds and chooses, [`Host`] talks and checks,
//! and what was said is kept in a [`Spool`] until the answer is known to be
//! whole.

mod answer;
mod builtin;
mod child;
mod fault;
mod feeder;
mod host;
mod lines;
mod manifest;
mod own_files;
mod private;
mod refusal;
mod registry;
mod relay;
mod sandbox;
mod sound;
mod spool;

pub use builtin::OwnBinary;
pub use fault::{Fault, Last, Unanswered};
pub use host::{Event, Host, Input, Manner, Parts, Trial};
pub use manifest::{Limits, Manifest};
pub use own_files::{OwnFile, options, own_files};
pub use private::Private;
pub use refusal::{Cause, Refusal};
pub use registry::{Claim, Importer, Importers, Manifests, Origin, Rival};
pub use sandbox::{Becomes, Lack, Order, Program, Task, becomes, lack};
pub use spool::{Messages, Shelf, Skipped, Spool};

/// Text from outside in one line that can be shown: control characters (a
/// terminal would obey them) are blanks, and it ends after `longest` characters.
fn plain(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for (at, c) in text.trim().chars().enumerate() {
        if at == longest {
            shown.push('…');
            break;
        }
        shown.push(if c.is_control() { ' ' } else { c });
    }
    shown
}
