//! What is known of everybody, from one batch of a sitting to the next.

use std::collections::HashSet;

use rusqlite::Transaction;

use crate::core::facts::PersonId;
use crate::core::identity::Identity;
use crate::core::matching::Index;
use crate::core::phone::Region;
use crate::error::Result;
use crate::store::suspicions::pairs_of;
use crate::store::{contacts, identities, undo};

/// What is known of everybody.
///
/// To read it takes time for each person there is. So a batch hands it on to the next one of its
/// sitting, which in an archive may be the thousandth file with one card in it, as long as it is what
/// would be read again: until somebody changed, as with the card that is replaced a number may go.
#[derive(Default)]
pub(super) struct Everybody {
    pub(super) index: Index,
    /// Pairs that were noted for a review, the smaller number first.
    pub(super) reviewed: HashSet<(PersonId, PersonId)>,
    /// Those that the user said are two people, likewise.
    apart: HashSet<(PersonId, PersonId)>,
    /// Whether cards were put aside, which know their person.
    pub(super) put_aside: bool,
    /// Whether it was read, and whatever came to it is in `added`.
    is_whole: bool,
    /// Who was added since, by what their record says.
    added: Vec<PersonId>,
}

impl Everybody {
    /// As they are in the database.
    pub(super) fn read(tx: &Transaction<'_>, home: Option<Region>) -> Result<Self> {
        contacts::bury_the_deleted(tx)?;
        let mut index = Index::at(home);
        identities::fill(tx, &mut index)?;
        Ok(Self {
            index,
            reviewed: pairs_of(
                tx,
                "SELECT contact_id, twin_id FROM review WHERE decision IS NOT NULL OR strength > 0",
            )?,
            apart: pairs_of(tx, "SELECT contact_id, twin_id FROM review WHERE decision = 'different'")?,
            put_aside: undo::has_cards(tx)?,
            is_whole: true,
            added: Vec::new(),
        })
    }

    /// As they are after another batch: who was added to them is known as if they had been read.
    pub(super) fn caught_up(mut self, tx: &Transaction<'_>) -> Result<Self> {
        for id in std::mem::take(&mut self.added) {
            identities::fill_in(tx, &mut self.index, id)?;
        }
        self.index.begin_batch();
        Ok(self)
    }

    /// Adds somebody by what their record says.
    pub(super) fn add(&mut self, id: PersonId, identity: &Identity, person: bool) {
        self.index.add(id, identity, person);
        self.added.push(id);
    }

    /// Takes note that somebody changed.
    pub(super) fn change(&mut self) {
        self.is_whole = false;
    }

    /// For the next batch, if it can be of use.
    pub(super) fn handed_on(self) -> Option<Self> {
        self.is_whole.then_some(self)
    }

    /// Whether the user said that two are two people.
    pub(super) fn is_apart(&self, one: PersonId, other: PersonId) -> bool {
        self.apart.contains(&(one.min(other), one.max(other)))
    }
}
