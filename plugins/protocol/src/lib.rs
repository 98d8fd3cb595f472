//! The contract between kith and its importer plugins: the messages, and
//! [`serve()`] for authors who write in Rust.
//!
//! PROTOCOL.md in this package is the specification and is enough to write a
//! plugin from in any language; this crate is one implementation of it. A
//! plugin never sees a path: it reads parts (a JSON header line, then exactly
//! as many bytes as it says) from standard input and answers with JSON lines
//! on standard output.
//!
//! What importers of all formats need is here as well: [`Draft`], in which a
//! contact comes together, [`Tally`] of what is left out, [`text`], [`date`], and [`foreign`] for files of the wrong kind.

pub mod date;
mod draft;
pub mod foreign;
mod interaction;
mod message;
mod serve;
mod settled;
mod tally;
pub mod text;

pub use draft::{Draft, MOST, add, add_new};
pub use interaction::{Interaction, InteractionKind, Party};
pub use message::{
    Address, Anniversary, Contact, Counts, Email, Kind, Link, Message, Name, NameComponent,
    NameComponentKind, OnlineService, Organization, PartHeader, PartKind, Phone, Place, Record, Relation,
    Suggestion,
};
pub use serve::{Failure, Importer, Output, Part, serve};
pub use tally::Tally;

/// The protocol version that this crate speaks.
///
/// A small integer of its own, not the version of any package: it changes only
/// when the meaning of a message changes.
pub const PROTOCOL: u32 = 1;
