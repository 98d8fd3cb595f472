//! Bytes of vCard, iCalendar and mail files: lines of any end, folds, properties and charsets.
//!
//! | what | where |
//! |---|---|
//! | UTF-16 becomes UTF-8 | [`Source`] |
//! | a stream, line by line, with no more of one in memory than is wanted | [`LineReader`] |
//! | components, folds, soft breaks, the parts of a property | [`Edge`], [`Unfold`], [`Property`] |
//! | quoted-printable becomes text | [`quoted_printable`] |
//! | which characters bytes mean | [`Charset`], [`decode`] |

mod charset;
mod line;
pub mod quoted_printable;
mod reader;
mod source;

pub use charset::{Charset, decode, named};
pub use line::{Edge, Logical, Property, TransferEncoding, Unfold, first, without_mark};
pub use reader::{LINE_START, LineReader, give_back};
pub use source::{Source, utf16};
