//! Who is related to whom.

use std::collections::{HashMap, HashSet};

use super::{ListEdit, Store, facts};
use crate::core::contact::List;
use crate::core::facts::PersonId;
use crate::core::tie::{Known, Said, Tie, resolve};
use crate::error::Result;

/// Whose record a tie names, if it names one: a card of the importer that the
/// tie came from. The word before a UUID (RFC 9562 section 5) is left out by some
/// programs. The plus keeps SQLite from looking through all cards of the importer for each.
pub(super) const BY_UID: &str = "
    SELECT tie.id, home.contact_id FROM tie CROSS JOIN card AS said ON said.id = tie.card_id
    CROSS JOIN card AS home ON +home.importer = said.importer
      AND home.uid IN (tie.name, 'urn:uuid:' || tie.name, replace(tie.name, 'urn:uuid:', ''))";

impl Store {
    /// All ties, whom they mean worked out from everybody there is; in the order
    /// of the contacts that say so.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn ties(&self) -> Result<Vec<Tie>> {
        let mut said: Vec<(i64, Said)> = Vec::new();
        facts::each(
            &self.conn,
            "SELECT id, contact_id, name, label FROM tie ORDER BY contact_id, pref IS NULL, pref, id",
            |row| {
                let (of, name, relation) = (PersonId(row.get(1)?), row.get(2)?, row.get(3)?);
                said.push((row.get(0)?, Said { of, name, relation, by_uid: None }));
                Ok(())
            },
        )?;
        if said.is_empty() {
            return Ok(Vec::new());
        }
        let winners = facts::winners(&self.conn)?;
        let stands_for = |id: i64| PersonId(winners.get(&id).copied().unwrap_or(id));
        let mut by_uid: HashMap<i64, HashSet<PersonId>> = HashMap::new();
        facts::each(&self.conn, BY_UID, |row| {
            by_uid.entry(row.get(0)?).or_default().insert(stands_for(row.get(1)?));
            Ok(())
        })?;
        for (id, said) in &mut said {
            // A UID that several people share is an exporter's fault and no key.
            let people = by_uid.remove(id).unwrap_or_default();
            said.by_uid = (people.len() == 1).then(|| people.into_iter().next()).flatten();
        }
        let known = self.known()?;
        Ok(resolve(said.into_iter().map(|(_, said)| said).collect(), &known))
    }

    /// Whether a tie of `of` to somebody called `name` would mean `person`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn means(&self, of: PersonId, name: &str, person: PersonId) -> Result<bool> {
        let said = Said { of, name: name.to_owned(), relation: None, by_uid: None };
        Ok(resolve(vec![said], &self.known()?).iter().all(|tie| tie.person == Some(person)))
    }

    /// Takes ties away, each named by whose it is and what names the other, in one step.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn untie(&mut self, ties: &[(PersonId, String)]) -> Result<()> {
        self.edit(|tx| {
            ties.iter().try_for_each(|(of, name)| {
                ListEdit { list: List::Tie, value: name.clone(), label: None, add: false }.make(tx, *of)
            })
        })
    }

    /// The organisations that contacts are at, or are: the name as it is shown, and
    /// whether the contact is one. The archived are not among them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn organizations(&self) -> Result<Vec<(PersonId, String, bool)>> {
        let mut found = Vec::new();
        facts::each(
            &self.conn,
            "SELECT id, CASE kind WHEN 'organization' THEN name ELSE organization END, kind = 'organization'
             FROM contact WHERE archived_at IS NULL AND id NOT IN (SELECT loser FROM merged)
               AND (kind = 'organization' OR organization IS NOT NULL) ORDER BY id",
            |row| {
                found.push((PersonId(row.get(0)?), row.get(1)?, row.get(2)?));
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// Everybody who stands for themselves, by the names that are theirs whole.
    fn known(&self) -> Result<Vec<Known>> {
        let mut known = Vec::new();
        facts::each(
            &self.conn,
            "SELECT id, name, coalesce(given_name, ''), coalesce(family_name, ''), archived_at IS NOT NULL
             FROM contact WHERE id NOT IN (SELECT loser FROM merged) ORDER BY id",
            |row| {
                let [shown, given, family] = [row.get::<_, String>(1)?, row.get(2)?, row.get(3)?];
                let mut names = vec![shown];
                if !given.is_empty() && !family.is_empty() {
                    names.push(format!("{given} {family}"));
                }
                known.push(Known { id: PersonId(row.get(0)?), names, archived: row.get(4)? });
                Ok(())
            },
        )?;
        Ok(known)
    }
}
