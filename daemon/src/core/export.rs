//! Contacts for other programs: vCard (RFC 6350, RFC 2426), CSV and JSON.
//!
//! What goes out is the contact as it is now, and beside that whatever its
//! vCards say that kith has no field for. Importing it again gives the same
//! contact, and exporting that the same bytes: nothing depends on the clock, on
//! row numbers or on the order in which files were imported.
//!
//! | what | where |
//! |---|---|
//! | a contact's fields, as an importer would say them | `fields` |
//! | the UID of somebody whose cards have none | `uid` |
//! | the lines of a card as it came, in any version | `line` |
//! | what of those is not in the fields | `kept` |
//! | a vCard | `vcard`, `value` |
//! | a sheet | `csv` |

mod csv;
mod fields;
mod kept;
mod line;
#[cfg(test)]
mod tests;
mod uid;
mod value;
mod vcard;

use std::collections::BTreeSet;

use super::assemble::Card;
use super::contact::{Column, Content};

pub use csv::write as write_csv;
pub use fields::fields;
pub use uid::{file_name, of as uid_of, person as person_of_uid};
pub use vcard::{Version, write as write_vcard};

/// All that an export says of somebody.
#[derive(Debug, Clone)]
pub struct Exported {
    /// By which an importer knows them again.
    pub uid: String,
    /// What they are now: what cards and changes give, lists in the order of the cards.
    pub content: Content,
    /// Columns that the user set, whatever cards say.
    pub own: BTreeSet<Column>,
    /// Their current cards.
    pub originals: Vec<Original>,
}

/// A current card, and the text it came as.
#[derive(Debug, Clone)]
pub struct Original {
    /// What was read of it.
    pub card: Card,
    /// The vCard; empty for a record of another format.
    pub vcard: String,
}
