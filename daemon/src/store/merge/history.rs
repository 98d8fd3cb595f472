//! Taking in contact that the user had with people: one row a person, which
//! the clocks go by.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kith_plugin::text::one_line;
use kith_plugin::{Interaction, Party};
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::earlier::Earlier;
use super::taking::Merge;
use super::{Fingerprint, History, Told, not_json};
use crate::core::facts::PersonId;
use crate::core::how::How;
use crate::core::identity::{Identity, email_key, is_role_address};
use crate::core::imported::{Contacted, contacted};
use crate::core::name::PersonName;
use crate::error::{Doing, Result};
use crate::store::{contacts, facts};

/// What was before this import.
struct Before {
    /// Whose entries with a hash were deleted.
    taken_away: HashMap<Vec<u8>, Vec<i64>>,
    /// What chats told of those of whom this one does.
    in_chats: HashMap<PersonId, InChats>,
}

/// What imports of chats told of somebody.
#[derive(Default)]
struct InChats {
    /// The entries that they made.
    told: HashMap<Heading, Vec<i64>>,
    /// Those that the user deleted or gave to somebody else.
    taken_away: HashSet<Heading>,
}

/// A day, a way, and words.
type Heading = (String, String, Option<String>);

/// The importer of kith's own exports.
const OWN: &str = "json";

/// Importers of chats. They tell of a day and direction once, of people who are called otherwise in one export than
/// in the next, as the phone's address book or the file's name has them. And they find out by a file's own dates
/// whether the day or the month comes first: a longer file may show that a shorter one was read wrongly.
const CHATS: [&str; 1] = ["whatsapp"];

/// How many people who are not known are told by name.
const MOST_STRANGERS: usize = 100;

impl Merge<'_, '_> {
    /// Takes in what of the batch's interactions was not told before.
    pub(super) fn take_history(&mut self, history: History<'_>) -> Result<()> {
        let mut before = Before { taken_away: self.taken_away()?, in_chats: HashMap::new() };
        let mut told_again = HashSet::new();
        let mut times: HashMap<Fingerprint, usize> = HashMap::new();
        for interaction in (history.interactions)() {
            let interaction = interaction?;
            let mut print = fingerprint(&interaction)?;
            let mut time = 1;
            if self.batch.importer == OWN {
                // Who logged two talks alike had two.
                let times = times.entry(print).or_default();
                *times += 1;
                time = *times;
                if time > 1 {
                    print = half_of(Sha256::new().chain_update(print).chain_update(time.to_string()));
                }
            }
            told_again.extend(self.take_interaction(&interaction, (&print, time), history, &mut before)?);
        }
        if self.is_chat() { self.note_misread(&told_again) } else { Ok(()) }
    }

    fn is_chat(&self) -> bool {
        CHATS.contains(&self.batch.importer)
    }

    /// Looks for entries of earlier imports that this one has on another day, with the day and the month the
    /// other way round. Those that it told again are no error.
    fn note_misread(&mut self, told_again: &HashSet<i64>) -> Result<()> {
        let misread = &mut self.outcome.history.misread;
        facts::each_of(
            self.tx,
            "SELECT earlier.import_id, earlier.id FROM interaction
             JOIN interaction AS earlier ON earlier.contact_id = interaction.contact_id
             AND earlier.how = interaction.how AND earlier.what IS interaction.what
             AND earlier.day = substr(interaction.day, 1, 5) || substr(interaction.day, 9, 2) || '-'
                 || substr(interaction.day, 6, 2)
             AND earlier.day <> interaction.day
             JOIN import ON import.id = earlier.import_id
             WHERE interaction.import_id = ?1 AND import.id <> ?1 AND import.importer = ?2
             AND earlier.hash IS NOT NULL",
            params![self.import, self.batch.importer],
            |row| {
                let (import, entry): (i64, i64) = (row.get(0)?, row.get(1)?);
                if !told_again.contains(&entry) {
                    *misread.entry(import).or_default() += 1;
                }
                Ok(())
            },
        )
    }

    /// With whom the user said that they had no contact: entries that they deleted or gave to
    /// somebody else, by their hash. No later import tells of these again.
    fn taken_away(&self) -> Result<HashMap<Vec<u8>, Vec<i64>>> {
        let mut taken_away: HashMap<Vec<u8>, Vec<i64>> = HashMap::new();
        facts::each(
            self.tx,
            "SELECT unhex(old), CAST(contact_id AS TEXT) FROM change
             WHERE field = 'interaction.hash' AND new IS NULL AND undone IS NULL AND contact_id IS NOT NULL
             UNION SELECT hash, old FROM change JOIN interaction ON interaction.id = item
             WHERE field = 'interaction.contact_id' AND old IS NOT NULL AND new IS NOT NULL AND undone IS NULL
             AND hash IS NOT NULL",
            |row| {
                let (hash, home): (Option<Vec<u8>>, String) = (row.get(0)?, row.get(1)?);
                if let (Some(hash), Ok(home)) = (hash, home.parse()) {
                    taken_away.entry(hash).or_default().push(home);
                }
                Ok(())
            },
        )?;
        Ok(taken_away)
    }

    /// What imports of chats told of somebody; nothing where this import is none of a chat.
    fn in_chats(&self, person: PersonId) -> Result<InChats> {
        let mut in_chats = InChats::default();
        if !self.is_chat() {
            return Ok(in_chats);
        }
        for home in contacts::group(self.tx, person)? {
            facts::each_of(
                self.tx,
                "SELECT day, how, what, interaction.id FROM interaction JOIN import ON import.id = import_id
                 WHERE contact_id = ?1 AND importer = ?2 AND import.id <> ?3",
                params![home.0, self.batch.importer, self.import],
                |row| {
                    let heading = (row.get(0)?, row.get(1)?, row.get(2)?);
                    in_chats.told.entry(heading).or_default().push(row.get(3)?);
                    Ok(())
                },
            )?;
            // A row that was deleted is in the log as a whole, a column each.
            facts::each_of(
                self.tx,
                "SELECT day, how, what FROM
                    (SELECT max(iif(field = 'interaction.day', old, NULL)) AS day,
                            max(iif(field = 'interaction.how', old, NULL)) AS how,
                            max(iif(field = 'interaction.what', old, NULL)) AS what,
                            max(iif(field = 'interaction.import_id', old, NULL)) AS import_id
                     FROM change WHERE contact_id = ?1 AND field LIKE 'interaction.%' AND new IS NULL AND undone IS NULL
                     GROUP BY item)
                 WHERE day IS NOT NULL AND how IS NOT NULL
                   AND CAST(import_id AS INTEGER) IN (SELECT id FROM import WHERE importer = ?2)
                 UNION SELECT day, how, what FROM change JOIN interaction ON interaction.id = item
                 WHERE field = 'interaction.contact_id' AND old = CAST(?1 AS TEXT) AND new IS NOT NULL AND undone IS NULL
                   AND import_id IN (SELECT id FROM import WHERE importer = ?2)",
                params![home.0, self.batch.importer],
                |row| {
                    in_chats.taken_away.insert((row.get(0)?, row.get(1)?, row.get(2)?));
                    Ok(())
                },
            )?;
        }
        Ok(in_chats)
    }

    /// Takes in what of an interaction was not told before; gives the entries of earlier imports that it tells again.
    fn take_interaction(
        &mut self,
        interaction: &Interaction,
        (print, time): (&Fingerprint, usize),
        history: History<'_>,
        before: &mut Before,
    ) -> Result<Vec<i64>> {
        let Contacted { day, how, with, guessed } = match contacted(interaction, history.me, history.here) {
            Ok(contacted) => contacted,
            Err(why) => {
                *self.outcome.history.no_contact.entry(why).or_default() += 1;
                return Ok(Vec::new());
            }
        };
        self.outcome.history.guessed += u64::from(guessed);
        let (mut known, mut told_again) = self.told_before(print, before)?;
        if self.batch.importer == OWN {
            let alike = self.logged_alike(day, how, interaction.subject.as_deref())?;
            let is_there = |who: &PersonId| alike.iter().filter(|other| *other == who).count() >= time;
            known.extend(alike.iter().copied().filter(is_there));
        }
        let heading = (day.to_string(), how.to_string(), interaction.subject.clone());
        let (mut added, mut all) = (0, 0);
        for party in with {
            let Some(person) = self.who(party)? else {
                self.stranger(party);
                continue;
            };
            all += 1;
            let in_chats = match before.in_chats.entry(person) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.in_chats(person)?),
            };
            let told = in_chats.told.get(&heading).map(Vec::as_slice).unwrap_or_default();
            told_again.extend(told);
            let is_told = !told.is_empty() || in_chats.taken_away.contains(&heading);
            if !is_told && !known.contains(&person) {
                added += 1;
                let (day, entered) = (day.to_string(), history.here.date().to_string());
                self.tx
                    .prepare_cached(
                        "INSERT INTO interaction(contact_id, day, how, what, entered_on, import_id, hash)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )
                    .and_then(|mut s| {
                        let what = &interaction.subject;
                        s.execute(params![
                            person.0,
                            day,
                            how.to_string(),
                            what,
                            entered,
                            self.import,
                            print.as_slice()
                        ])
                    })
                    .doing(|| "write an interaction".to_owned())?;
                // Whoever was written to at two addresses was written to once.
                known.push(person);
            }
        }
        let told = &mut self.outcome.history;
        match (added, all) {
            (0, 0) => told.unknown += 1,
            (0, _) => told.unchanged += 1,
            _ => told.new += 1,
        }
        told_again.iter().for_each(|entry| self.told_again.add(*entry));
        Ok(told_again)
    }

    /// With whom this interaction is in the database, or was; and which entries of earlier imports it is there.
    fn told_before(&self, print: &Fingerprint, before: &Before) -> Result<(Vec<PersonId>, Vec<i64>)> {
        let told: Vec<(i64, i64, bool)> = self
            .tx
            .prepare_cached(
                "SELECT id, contact_id, coalesce(import_id, ?2) <> ?2 FROM interaction WHERE hash = ?1",
            )
            .and_then(|mut s| {
                s.query_map(params![print.as_slice(), self.import], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?
                .collect()
            })
            .doing(|| "look for an interaction".to_owned())?;
        let of_others = told.iter().filter(|(.., of_another)| *of_another);
        let of_others = of_others.map(|(entry, ..)| *entry).collect();
        let homes = told.into_iter().map(|(_, home, _)| home);
        let homes = homes.chain(before.taken_away.get(print.as_slice()).into_iter().flatten().copied());
        let homes: Result<_> = homes.map(|home| contacts::resolve(self.tx, PersonId(home))).collect();
        Ok((homes?, of_others))
    }

    /// With whom an entry of this day, way and words is in the history: of an export of kith itself it
    /// is that one, whoever logged it or told of it.
    fn logged_alike(&self, day: Date, how: How, what: Option<&str>) -> Result<Vec<PersonId>> {
        let homes: Vec<(i64, Option<String>)> = self
            .tx
            .prepare_cached("SELECT contact_id, what FROM interaction WHERE day = ?1 AND how = ?2")
            .and_then(|mut s| {
                s.query_map(params![day.to_string(), how.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .doing(|| "look for an interaction".to_owned())?;
        // What was logged in several lines comes back in one.
        let is_same = |said: Option<String>| said.and_then(one_line).as_deref() == what;
        let alike = homes.into_iter().filter_map(|(home, said)| is_same(said).then_some(home));
        alike.map(|home| contacts::resolve(self.tx, PersonId(home))).collect()
    }

    /// Who a party is: whose profile, address or number it has, whatever name
    /// stands with it. Where it has none at all, as in a chat, a name is enough if
    /// it is one person's only. What has the name of somebody and an address that
    /// is not theirs is somebody else's: whoever sends spam takes a friend's name.
    fn who(&self, party: &Party) -> Result<Option<PersonId>> {
        let Party { name, emails, phones, profiles, uid, .. } = party;
        let identity = Identity::new(
            PersonName::of_text(name.as_deref().unwrap_or_default()),
            emails.iter().map(String::as_str),
            phones.iter().map(String::as_str),
            profiles.iter().map(String::as_str),
            None,
        );
        if let Some(uid) = uid
            && let Some(person) = self.with_uid(uid)?
        {
            return Ok(Some(person));
        }
        for profile in &identity.profiles {
            if let Some(person) = self.with_profile(profile)? {
                return Ok(Some(person));
            }
        }
        if let Some(person) = self.everybody.index.reached(&identity) {
            return Ok(Some(person));
        }
        if uid.is_none() && emails.is_empty() && phones.is_empty() && profiles.is_empty() {
            return Ok(self.everybody.index.only_one_named(&identity.name));
        }
        self.at_a_role_of_theirs(party, &identity.name)
    }

    /// Who has both the party's name and its address of a function (info@…): somebody who is a firm.
    fn at_a_role_of_theirs(&self, party: &Party, name: &PersonName) -> Result<Option<PersonId>> {
        let roles: Vec<String> =
            party.emails.iter().filter(|address| is_role_address(address)).map(|it| email_key(it)).collect();
        if roles.is_empty() {
            return Ok(None);
        }
        let mut found = None;
        for id in self.everybody.index.namesakes(name) {
            let id = contacts::resolve(self.tx, *id)?;
            let mut has_one = false;
            facts::each_of(self.tx, "SELECT address FROM email WHERE contact_id = ?1", [id.0], |row| {
                has_one |= roles.contains(&email_key(&row.get::<_, String>(0)?));
                Ok(())
            })?;
            match found {
                Some(other) if has_one && other != id => return Ok(None),
                _ if has_one => found = Some(id),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Whose cards have a profile's address, if they are one person's.
    pub(super) fn with_profile(&self, profile: &str) -> Result<Option<PersonId>> {
        let mut owners = Vec::new();
        for card in Earlier::with_any_profile(self.tx, profile)? {
            owners.push(contacts::resolve(self.tx, PersonId(card.home))?);
        }
        owners.dedup();
        Ok(if let [only] = owners.as_slice() { Some(*only) } else { None })
    }

    fn stranger(&mut self, party: &Party) {
        let address = party.emails.iter().chain(&party.phones).chain(&party.profiles).next();
        let said = match (&party.name, address) {
            // The name may be that of somebody known.
            (Some(name), Some(address)) if name != address => format!("{name} <{address}>"),
            (Some(said), _) | (None, Some(said)) => said.clone(),
            (None, None) => return,
        };
        let is_of_several =
            address.is_none() && self.everybody.index.are_several(&PersonName::of_text(&said));
        let Told { strangers, of_several, .. } = &mut self.outcome.history;
        let strangers = if is_of_several { of_several } else { strangers };
        if let Some(times) = strangers.get_mut(&said) {
            *times += 1;
        } else if strangers.len() < MOST_STRANGERS {
            strangers.insert(said, 1);
        }
    }
}

/// Equal for the same interaction in whatever export: by its own identifier,
/// else by all that it says.
fn fingerprint(interaction: &Interaction) -> Result<Fingerprint> {
    let said = match &interaction.uid {
        Some(uid) => format!("uid {uid}"),
        None => {
            let Interaction { kind, when, from, to, subject, .. } = interaction;
            serde_json::to_string(&(kind, when, from, to, subject)).map_err(|error| not_json(&error))?
        }
    };
    Ok(half_of(Sha256::new().chain_update(said)))
}

/// As much of a hash as is kept.
fn half_of(hash: Sha256) -> Fingerprint {
    let mut half = Fingerprint::default();
    half.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    half
}
