//! Reads the JSON that `kith export --format json` writes: an array of contacts.
//!
//! | step | module |
//! |---|---|
//! | the array is taken apart, so that one bad contact costs no other | `array` |
//! | a contact's fields, each in a form that the protocol allows | `contact` |
//! | what was logged becomes interactions | `history` |
//!
//! Circles, comfort and intervals are the user's own and no part of a record:
//! that they are not taken is told once.

mod array;
mod contact;
mod history;

use std::io::Read as _;

use kith_plugin::{Failure, Importer, Output, Part, Place, Record, foreign};
use serde_json::Value;

use crate::array::{Array, Element, End};

/// The largest contact that is taken, in bytes, without the texts of its cards. What kith is told of
/// one is at most three times as long, and a line of the protocol has room for 16 MiB.
const LARGEST_CONTACT: usize = 4 << 20;

/// The importer of kith's own JSON.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json;

impl Importer for Json {
    const NAME: &'static str = "json";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let head = part.head()?;
        if let Some(kind) = foreign::looks_like(&head).filter(|kind| *kind != "a JSON file") {
            return Err(advise(Failure::input(format!("the file is no JSON: it looks like {kind}"))));
        }
        let start = part.place(0);
        let at = |line| Place { line, ..start };
        let mut array = Array::begin(head.chain(part))?
            .ok_or_else(|| advise(Failure::input("the file is no export of kith: it is no array")))?;
        let (mut first, mut own) = (true, 0_u64);
        while let Some(element) = array.next()? {
            let line = element.line;
            match read(element) {
                Read::NoObject if first => {
                    return Err(advise(Failure::input("the file is JSON, but no export of kith")));
                }
                Read::NoObject => out.skipped(at(line), "what stands here is no contact")?,
                Read::Bad(reason) => out.skipped(at(line), reason)?,
                Read::Contact(value, raw) => {
                    own += u64::from(contact::has_own(&value));
                    match contact::read(&value) {
                        Ok((contact, mut warnings)) => {
                            let interactions = history::read(&value, &contact, at(line), &mut warnings);
                            out.contact(Record { at: at(line), contact, raw, warnings })?;
                            for interaction in interactions {
                                out.interaction(interaction)?;
                            }
                        }
                        Err(reason) => out.skipped(at(line), reason)?,
                    }
                }
            }
            first = false;
            out.progress(array.bytes())?;
        }
        match array.end() {
            End::Whole => {}
            End::CutOff(line) => out.skipped(at(line), "the file ends here, before the export does")?,
            End::More(line) => {
                out.skipped(at(line), "what stands behind the end of the export is not read")?;
            }
        }
        if own > 0 {
            let whose = if own == 1 { "of one contact" } else { "of the contacts" };
            out.note(format!(
                "circle, comfort, intervals, preferences, memos and whether somebody is archived, {whose}, are your own and not imported: \
                 kith circle assign, kith edit, kith note and kith archive set them"
            ));
        }
        Ok(())
    }
}

fn advise(failure: Failure) -> Failure {
    failure.hint("of JSON kith reads what kith export --format json writes, and the export of Monica 4")
}

/// Whether a file that starts like this is an array of objects.
#[must_use]
pub fn is_list(first_bytes: &[u8]) -> bool {
    let text = first_bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first_bytes);
    let mut marks = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    (marks.next(), marks.next()) == (Some(&b'['), Some(&b'{'))
}

/// What an element of the array is.
enum Read {
    /// Nothing that an export has.
    NoObject,
    /// Why it cannot be read.
    Bad(String),
    /// A contact, and the text it stood as.
    Contact(Value, String),
}

fn read(element: Element) -> Read {
    let Element { text, fault, .. } = element;
    if let Some(fault) = fault {
        return Read::Bad(fault.to_owned());
    }
    let text = String::from_utf8_lossy(&text).trim().to_owned();
    if !text.starts_with('{') {
        return Read::NoObject;
    }
    let mut value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => return Read::Bad(format!("the contact cannot be read as JSON: {error}")),
    };
    // The cards' own texts are kept with the cards, in the database that they are of.
    let cards = value.as_object_mut().and_then(|contact| contact.remove("cards"));
    let raw = if cards.is_some() { value.to_string() } else { text };
    if raw.len() > LARGEST_CONTACT {
        return Read::Bad(format!("the contact is larger than {} MiB", LARGEST_CONTACT >> 20));
    }
    Read::Contact(value, raw)
}
