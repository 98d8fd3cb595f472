//! What of a record can be worked out without the database: on another thread,
//! ahead of the one that writes.

use std::sync::mpsc;
use std::thread;

use kith_plugin::{Place, Record};

use super::earlier::content_of;
use super::not_json;
use crate::core::assemble::revision;
use crate::core::contact::{Content, List};
use crate::core::identity::{Identity, is_person, profile_of};
use crate::error::Result;

/// How many records are handed over at once.
const HANDFUL: usize = 64;

/// From so many bytes of their originals on they are a handful, however few they are: with its
/// picture a card may have megabytes.
const FULL: usize = 256 << 10;

/// How many handfuls may wait.
const WAITING: usize = 4;

/// A record, ready to be taken in.
pub(super) struct Prepared {
    /// Where in the batch it stands.
    pub(super) at: Place,
    pub(super) uid: Option<String>,
    /// When it was revised, if it says so.
    pub(super) revised: Option<String>,
    /// What it says, as JSON.
    pub(super) fields: String,
    pub(super) raw: String,
    pub(super) warnings: Vec<String>,
    pub(super) identity: Identity,
    pub(super) person: bool,
    pub(super) profile: Option<String>,
    /// What a contact is that this card alone says something of.
    pub(super) content: Content,
}

impl Prepared {
    pub(super) fn of(record: Record) -> Result<Self> {
        let Record { at, contact, raw, warnings } = record;
        let fields = serde_json::to_string(&contact).map_err(|error| not_json(&error))?;
        let identity = Identity::of_record(&contact);
        let person = is_person(&contact);
        let profile = profile_of(&contact);
        let (uid, revised) = (contact.uid.clone(), revision(&contact));
        let content = content_of(&contact);
        Ok(Self { at, uid, revised, fields, raw, warnings, identity, person, profile, content })
    }

    /// An address that is compared as `key`, as the card writes it; a number is as it is written.
    pub(super) fn said_as<'a>(&'a self, key: &'a str) -> &'a str {
        let values = |list: List| self.content.list(list).iter().map(move |item| (list, item.value.as_str()));
        let mut all = values(List::Email).chain(values(List::Phone));
        all.find(|(list, value)| list.key(value, None) == key).map_or(key, |(_, value)| value)
    }
}

/// Takes records in order as `prepare`, on a thread of its own, makes them.
///
/// # Errors
/// The first one of the records, of `prepare` or of `take`.
pub(super) fn ahead<T: Send>(
    records: impl Iterator<Item = Result<Record>> + Send,
    prepare: impl Fn(Record) -> Result<T> + Send,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let (sender, handfuls) = mpsc::sync_channel::<Result<Vec<T>>>(WAITING);
        scope.spawn(move || {
            let mut records = records;
            loop {
                let handful = handful(&mut records, &prepare);
                let last = !handful.as_ref().is_ok_and(|handful| !handful.is_empty());
                // Nobody takes any more once one could not be taken.
                if sender.send(handful).is_err() || last {
                    return;
                }
            }
        });
        for handful in handfuls {
            handful?.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    })
}

/// The next records, prepared; none at the end.
fn handful<T>(
    records: &mut impl Iterator<Item = Result<Record>>,
    prepare: &impl Fn(Record) -> Result<T>,
) -> Result<Vec<T>> {
    let (mut handful, mut bytes) = (Vec::new(), 0);
    while handful.len() < HANDFUL
        && bytes < FULL
        && let Some(record) = records.next()
    {
        let record = record?;
        bytes += record.raw.len();
        handful.push(prepare(record)?);
    }
    Ok(handful)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handfuls(bytes: usize) -> Vec<usize> {
        let record = Record { raw: "x".repeat(bytes), ..Record::default() };
        let mut records = (0..100).map(|_| Ok(record.clone()));
        let next = || handful(&mut records, &|record| Ok(record.raw.len())).unwrap().len();
        std::iter::repeat_with(next).take_while(|count| *count > 0).collect()
    }

    #[test]
    fn a_handful_has_few_records_and_few_bytes() {
        assert_eq!(handfuls(500), [64, 36]);
        assert_eq!(handfuls(FULL / 4), [4; 25]);
        assert_eq!(handfuls(FULL * 4), [1; 100]);
    }

    #[test]
    fn what_cannot_be_read_ends_it() {
        let records = (0..200).map(|at| {
            if at == 100 { Err(crate::error::Error::internal("no more")) } else { Ok(Record::default()) }
        });
        let mut taken = 0;
        let ended = ahead(records, Ok, |_| {
            taken += 1;
            Ok(())
        });
        assert!(ended.is_err());
        assert_eq!(taken, 64, "all whole handfuls before it");
    }
}
