//! Taking a batch in, record by record, within one transaction.

mod again;
mod keys;
mod known;
mod reasons;

use std::collections::HashSet;

use kith_plugin::Place;
use rusqlite::{Transaction, params};

use super::earlier::{Earlier, Repeats};
use super::everybody::Everybody;
use super::found::{Runs, Together};
use super::prepared::{Prepared, ahead};
use super::{Batch, Detail, Fingerprint, Fingerprints, MOST_DETAILS, Outcome, Taking, What, written};
use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::core::identity::is_counted;
use crate::core::matching::{Alike, Reason, Verdict};
use crate::error::{Doing, Result};
use crate::store::contacts;
use crate::store::differences::{Differences, filled};
use crate::store::sources::contradictions;
use crate::store::{identities, namespace, undo};

pub(in crate::store) use self::again::{Open, decide_again};

/// A batch that is being taken in.
pub(super) struct Merge<'a, 'b> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) batch: &'a Batch<'b>,
    /// Whether it is to tell of what is unchanged, too.
    rehearse: bool,
    pub(super) at: String,
    /// The database's own, by which UIDs are known that an export made.
    namespace: Vec<u8>,
    pub(super) import: i64,
    pub(super) source: i64,
    /// Whether anything of this importer was there before.
    known: bool,
    /// Whether the address book was imported before.
    recognised: bool,
    /// Whether it gives its cards new UIDs each time.
    renumbered: bool,
    pub(super) everybody: Everybody,
    /// The cards that the batch has unchanged.
    pub(super) present: HashSet<i64>,
    /// What the batches of the sitting have, so far without this one's.
    pub(super) together: &'a mut Together,
    /// The entries of the history that the batch tells of again.
    pub(super) told_again: Runs,
    /// By the record's position: whether no card equals it.
    unknown: Vec<bool>,
    /// The fingerprints of these records, in order.
    prints: Vec<Fingerprint>,
    /// Those that several of them have.
    doubles: HashSet<Fingerprint>,
    repeats: Repeats,
    pub(super) outcome: Outcome,
}

impl<'a, 'b> Merge<'a, 'b> {
    /// Finds out what of the batch is known, and which address book it is. `everybody` is what was
    /// known after the batch before, and stays there if it is not needed.
    pub(super) fn begin(
        tx: &'a Transaction<'a>,
        batch: &'a Batch<'b>,
        prints: &Fingerprints,
        rehearse: bool,
        everybody: &mut Option<Everybody>,
        together: &'a mut Together,
    ) -> Result<Self> {
        let mut merge = Self {
            tx,
            batch,
            rehearse,
            at: written(batch.at),
            namespace: namespace(tx)?,
            import: 0,
            source: 0,
            known: false,
            recognised: false,
            renumbered: false,
            everybody: Everybody::default(),
            present: HashSet::new(),
            together,
            told_again: Runs::default(),
            unknown: Vec::with_capacity(prints.all.len()),
            prints: Vec::new(),
            doubles: HashSet::new(),
            repeats: Repeats::default(),
            outcome: Outcome::default(),
        };
        (batch.tell)(Taking::Matching);
        merge.enter_folder()?;
        let mut votes = merge.look_up(prints)?;
        let mut copies = Vec::new();
        if !merge.prints.is_empty() || batch.history.is_some() {
            merge.everybody = match everybody.take() {
                Some(everybody) => everybody.caught_up(tx)?,
                None => Everybody::read(tx, batch.home)?,
            };
            copies = merge.look_through(&mut votes)?;
        }
        merge.find_source(votes)?;
        if merge.renumbered {
            merge.set_aside(copies)?;
        }
        merge.import = insert_id(
            tx,
            "INSERT INTO import(at, importer, file_name, archive, source_id, after_change)
             VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(n), 0) FROM change))",
            params![merge.at, batch.importer, batch.file_name, batch.archive, merge.source],
        )?;
        Ok(merge)
    }

    fn cards_of(&self, id: PersonId) -> Result<Vec<Earlier>> {
        Earlier::at_home(self.tx, self.batch.importer, id)
    }

    /// Takes in what is not known; gives what came of it, and what is known of everybody for the next batch.
    pub(super) fn run(mut self) -> Result<(Outcome, Option<Everybody>)> {
        if !self.prints.is_empty() {
            self.everybody.index.expect(self.prints.len());
            let records = (self.batch.records)(std::mem::take(&mut self.unknown));
            let mut prints = std::mem::take(&mut self.prints).into_iter();
            let of = u64::try_from(prints.len()).unwrap_or(u64::MAX);
            let mut written = 0..=of;
            ahead(records, Prepared::of, |record| {
                written
                    .next()
                    .into_iter()
                    .for_each(|records| (self.batch.tell)(Taking::Writing { records, of }));
                prints.next().map_or(Ok(()), |print| self.take(&record, &print))
            })?;
        }
        if let Some(history) = self.batch.history {
            self.take_history(history)?;
        }
        self.leave_folder()?;
        self.end_assumption()?;
        self.note_found()?;
        self.tx
            .execute(
                "UPDATE import SET new = ?2, updated = ?3, unchanged = ?4, review = ?5, skipped = ?6, history = ?7, gone = ?8 WHERE id = ?1",
                params![
                    self.import,
                    self.outcome.new.cast_signed(),
                    self.outcome.updated.cast_signed(),
                    self.outcome.unchanged.cast_signed(),
                    self.outcome.review.cast_signed(),
                    self.batch.skipped.cast_signed(),
                    self.outcome.history.new.cast_signed(),
                    self.outcome.gone.cards.cast_signed()
                ],
            )
            .doing(|| "note the import".to_owned())?;
        if self.batch.folder.is_some() {
            // What happens in a folder all day is no import each time that it was nothing.
            self.tx
                .execute(
                    "DELETE FROM import WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM card WHERE import_id = ?1)
                     AND NOT EXISTS (SELECT 1 FROM found_again WHERE import_id = ?1)",
                    [self.import],
                )
                .doing(|| "note the import".to_owned())?;
        }
        self.present.iter().for_each(|card| self.together.found(*card));
        Ok((self.outcome, self.everybody.handed_on()))
    }

    fn take(&mut self, card: &Prepared, print: &Fingerprint) -> Result<()> {
        // The same record may stand twice in one file.
        if self.doubles.contains(print)
            && let Some(same) = self.equal(print, card.at.part)?
        {
            return self.unchanged(card.at, same.card);
        }
        let Prepared { identity, person, .. } = card;
        let person = *person;
        let keys = self.keys(card, print)?;
        let verdict = self.everybody.index.decide(identity, person, keys);
        match verdict {
            Verdict::New => {
                let (id, name) = self.add_contact(card, print)?;
                self.outcome.new += 1;
                self.outcome.organizations += u64::from(!person);
                self.everybody.add(id, identity, person);
                let fields = filled(&card.content);
                let what = What::New { organization: !person, fields };
                self.detail(Detail::of(card, id, name, what));
            }
            Verdict::Review { twin, alike } => {
                let (id, name) = self.add_contact(card, print)?;
                let (reason, code) = self.likeness(card, twin, alike);
                // A couple shares a profile: both are planned until the user says that they are one.
                self.review(id, twin, &reason, &code, alike != Alike::Profile)?;
                self.outcome.review += 1;
                self.everybody.add(id, identity, person);
                let why = if alike == Alike::Name { self.why_not_one(card, twin)? } else { reason };
                let twin = contacts::name(self.tx, twin)?;
                self.detail(Detail::of(card, id, name, What::Review { twin, why }));
            }
            Verdict::Known { person: id, reason, also, doubtful } => {
                if reason == Reason::Uid
                    && let Some(newer) = self.newer_revision(id, card)?
                {
                    self.present.insert(newer);
                    return self.unchanged(card.at, newer);
                }
                self.everybody.change();
                let why = self.why(card, id, reason);
                let (number, mut differences) = self.add_to(id, card, print, &why)?;
                let mut merged = Vec::new();
                for loser in
                    also.into_iter().filter(|other| !self.everybody.is_apart(id, *other)).collect::<Vec<_>>()
                {
                    let why = self.why_one(card, id, loser);
                    merged.push((loser, contacts::name(self.tx, loser)?));
                    differences.join(contacts::merge(self.tx, loser, id, &self.at, (self.import, &why))?);
                    self.everybody.index.join(loser, id);
                }
                self.everybody.index.add(id, identity, person);
                self.join_shown(id, &mut differences, &mut merged)?;
                let mut warnings = card.warnings.clone();
                for other in doubtful {
                    let why = "one record has the addresses or numbers of both";
                    if self.review(other, id, why, "shared-keys", false)? {
                        let other = contacts::name(self.tx, other)?;
                        warnings.push(format!("may also be {other}: {why} (kith review)"));
                    }
                }
                if let Some(assumed) = &mut self.outcome.assumed {
                    assumed.replaced += u64::from(matches!(reason, Reason::SameRecord | Reason::Profile));
                    // What a record known by its UID lost is removed as well, whatever the book is.
                    assumed.removed += differences.gone();
                }
                let name = contacts::name(self.tx, id)?;
                let contradicts = contradictions(self.tx, id, number)?;
                self.outcome.contradicting += u64::from(!contradicts.is_empty());
                let what = if differences.is_empty() && merged.is_empty() {
                    self.outcome.unchanged += 1;
                    What::Unchanged
                } else {
                    self.outcome.updated += 1;
                    What::Updated { reason, differences, merged }
                };
                self.detail(Detail { at: card.at, person: id, name, what, warnings, contradicts });
            }
        }
        Ok(())
    }

    /// Makes those one with somebody whom all that is known of them now shows to be the same
    /// person, though no record says so alone.
    fn join_shown(
        &mut self,
        id: PersonId,
        differences: &mut Differences,
        merged: &mut Vec<(PersonId, String)>,
    ) -> Result<()> {
        while let Some((loser, why)) = self.shown_as_well(id)? {
            merged.push((loser, contacts::name(self.tx, loser)?));
            differences.join(contacts::merge(self.tx, loser, id, &self.at, (self.import, &why))?);
            self.everybody.index.join(loser, id);
        }
        Ok(())
    }

    /// Somebody else whom all that is known of somebody shows to be the same person, and why.
    fn shown_as_well(&self, id: PersonId) -> Result<Option<(PersonId, String)>> {
        let whole = identities::reached_at(self.tx, id)?;
        let index = &self.everybody.index;
        let also = index.also(id, &whole).filter(|other| !self.everybody.is_apart(id, *other));
        let found = also.and_then(|other| Some((other, index.in_common(other, &whole)?)));
        Ok(found.map(|(other, (_, common))| (other, format!("the same name, and both have {common}"))))
    }

    /// Counts a record that says what a card says.
    pub(super) fn unchanged(&mut self, at: Place, card: i64) -> Result<()> {
        self.outcome.unchanged += 1;
        if !self.rehearse || self.outcome.same.len() >= MOST_DETAILS {
            return Ok(());
        }
        let home = self
            .tx
            .prepare_cached("SELECT contact_id FROM card WHERE id = ?1")
            .and_then(|mut s| s.query_row([card], |row| row.get(0).map(PersonId)))
            .doing(|| "read whose a card is".to_owned())?;
        let person = contacts::resolve(self.tx, home)?;
        let name = contacts::name(self.tx, person)?;
        let (what, warnings, contradicts) = (What::Unchanged, Vec::new(), Vec::new());
        self.outcome.same.push(Detail { at, person, name, what, warnings, contradicts });
        Ok(())
    }

    fn add_contact(&mut self, card: &Prepared, print: &Fingerprint) -> Result<(PersonId, String)> {
        let known = if self.everybody.put_aside { undo::home_of(self.tx, print)? } else { None };
        let again = known.map(|id| contacts::insert_again(self.tx, &card.content, id)).transpose()?.flatten();
        let id = again.map_or_else(|| contacts::insert(self.tx, &card.content), Ok)?;
        let number = self.insert_card(id, card, print, None)?;
        contacts::insert_lists(self.tx, id, &card.content, number)?;
        Ok((id, card.content.column(Column::Name).unwrap_or_default().to_owned()))
    }

    /// Adds a card to somebody known, in the place of the earlier one of the same record.
    fn add_to(
        &mut self,
        id: PersonId,
        card: &Prepared,
        print: &Fingerprint,
        why: &str,
    ) -> Result<(i64, Differences)> {
        let uid = card.uid.as_deref().filter(|uid| !self.repeats.is_faulty(uid));
        let mut replaced = Vec::new();
        let group = contacts::group(self.tx, id)?;
        for &home in &group {
            for earlier in self.cards_of(home)?.into_iter().filter(|earlier| self.may_replace(earlier, card))
            {
                let is_replaced = match (&earlier.uid, uid) {
                    (Some(a), Some(b)) if a == b => earlier.source == self.source || !is_counted(a),
                    _ if self.is_same_place(&earlier, card) => true,
                    (None, None) if earlier.profile.is_some() && card.profile.is_some() => {
                        earlier.source == self.source && earlier.profile == card.profile
                    }
                    _ => self.continues(&earlier, uid, &card.identity)?,
                };
                if is_replaced {
                    replaced.push(earlier);
                }
            }
        }
        // It takes the home of the one it replaces, so that a merge can be split again.
        let was_at = self.was_at(print)?.filter(|home| group.contains(home));
        let home = replaced.first().map(|earlier| PersonId(earlier.home)).or(was_at).unwrap_or(id);
        let number = self.insert_card(home, card, print, Some(why))?;
        for earlier in replaced {
            self.tx
                .prepare_cached("UPDATE card SET replaced_by = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute([earlier.id, number]))
                .doing(|| "replace a card".to_owned())?;
        }
        undo::replace_left(self.tx, home, number)?;
        Ok((number, contacts::rebuild(self.tx, id)?))
    }

    fn insert_card(
        &self,
        home: PersonId,
        card: &Prepared,
        print: &Fingerprint,
        why: Option<&str>,
    ) -> Result<i64> {
        insert_id(
            self.tx,
            "INSERT INTO card(contact_id, source_id, import_id, importer, uid, profile, name_key, hash, said, line, fields, raw, reason, file)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                home.0,
                self.source,
                self.import,
                self.batch.importer,
                card.uid,
                card.profile,
                card.identity.name.key(),
                print.as_slice(),
                i64::try_from(card.content.said()).unwrap_or(i64::MAX),
                card.at.line.cast_signed(),
                card.fields,
                card.raw,
                why,
                self.file_of(card)
            ],
        )
    }

    /// Notes that two may be one, unless that was ever noted before; tells whether it did.
    fn review(
        &mut self,
        newer: PersonId,
        twin: PersonId,
        reason: &str,
        code: &str,
        withheld: bool,
    ) -> Result<bool> {
        if !self.everybody.reviewed.insert((newer.min(twin), newer.max(twin))) {
            return Ok(false);
        }
        self.tx
            .prepare_cached(
                "INSERT INTO review(contact_id, twin_id, reason, codes, withheld, since, import_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut s| s.execute(params![newer.0, twin.0, reason, code, withheld, self.at, self.import]))
            .doing(|| "note a review".to_owned())
            .map(|_| true)
    }

    fn detail(&mut self, detail: Detail) {
        let details = match detail.what {
            What::Unchanged if detail.contradicts.is_empty() && !self.rehearse => return,
            What::Unchanged if detail.contradicts.is_empty() => &mut self.outcome.same,
            _ => &mut self.outcome.details,
        };
        if details.len() < MOST_DETAILS {
            details.push(detail);
        }
    }
}

impl Detail {
    fn of(card: &Prepared, person: PersonId, name: String, what: What) -> Self {
        Self { at: card.at, person, name, what, warnings: card.warnings.clone(), contradicts: Vec::new() }
    }
}

pub(super) fn insert_id(tx: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> Result<i64> {
    tx.prepare_cached(sql).and_then(|mut s| s.execute(values)).doing(|| "write the import".to_owned())?;
    Ok(tx.last_insert_rowid())
}
