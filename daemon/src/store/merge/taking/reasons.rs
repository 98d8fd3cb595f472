//! Why a record is taken for somebody's, or may be: told to the user, and kept with the card or the review.

use super::super::earlier::Earlier;
use super::super::prepared::Prepared;
use super::Merge;
use crate::core::facts::PersonId;
use crate::core::identity::is_counted;
use crate::core::matching::{Alike, Reason};
use crate::core::suspicion::Evidence;
use crate::error::Result;
use crate::store::contacts;

impl Merge<'_, '_> {
    /// Why a card is taken for somebody's, with what it has in common with them.
    pub(super) fn why(&self, card: &Prepared, id: PersonId, reason: Reason) -> String {
        let value = match reason {
            Reason::Email | Reason::Phone => {
                self.everybody.index.in_common(id, &card.identity).map(|(_, key)| card.said_as(key))
            }
            Reason::Profile => card.profile.as_deref(),
            Reason::Uid | Reason::SameRecord => None,
        };
        value.map_or_else(|| reason.to_string(), |value| format!("{reason}, {value}"))
    }

    /// Why a card shows that two are one.
    pub(super) fn why_one(&self, card: &Prepared, one: PersonId, other: PersonId) -> String {
        let of = |id| {
            let common = self.everybody.index.in_common(id, &card.identity);
            common.map_or("what identifies the record", |(_, key)| card.said_as(key))
        };
        format!("one record has {} and {}", of(other), of(one))
    }

    /// What a card has in common with a probable twin, as a review keeps it: a sentence, and its codes.
    pub(super) fn likeness(&self, card: &Prepared, twin: PersonId, alike: Alike) -> (String, String) {
        let common = self.everybody.index.in_common(twin, &card.identity);
        let shared = common.map(|(reason, key)| match reason {
            Reason::Email => Evidence::SameEmail(card.said_as(key).to_owned()),
            _ => Evidence::SamePhone(card.said_as(key).to_owned()),
        });
        let evidence = match alike {
            Alike::Name => vec![Some(Evidence::SameName), shared],
            Alike::Number => vec![shared],
            Alike::Profile => {
                vec![Some(Evidence::SameProfile(card.profile.clone().unwrap_or_default())), shared]
            }
        };
        let evidence: Vec<Evidence> = evidence.into_iter().flatten().collect();
        let mut why: Vec<String> = evidence.iter().map(ToString::to_string).collect();
        if alike == Alike::Number {
            why.push("one name may be short for the other".to_owned());
        }
        let codes: Vec<&str> = evidence.iter().map(Evidence::code).collect();
        (why.join("; "), codes.join(" "))
    }

    /// Why a card of somebody's name is not simply theirs.
    pub(super) fn why_not_one(&self, card: &Prepared, twin: PersonId) -> Result<String> {
        if let Some((reason, key)) = self.everybody.index.in_common(twin, &card.identity) {
            return Ok(format!(
                "the names agree, and so does {reason}, {}, which others have as well",
                card.said_as(key)
            ));
        }
        if let Some(uid) = card.uid.as_deref().filter(|uid| is_counted(uid)) {
            for earlier in Earlier::with_uid(self.tx, self.batch.importer, uid)? {
                if contacts::resolve(self.tx, PersonId(earlier.home))? == twin {
                    return Ok(format!(
                        "the names agree, and so does the UID {uid}, which other programs may have counted to as well"
                    ));
                }
            }
        }
        Ok("the names agree, and nothing else does".to_owned())
    }
}
