//! What the user noted of people.

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::contacts::GROUPS;
use super::{Store, facts};
use crate::core::facts::PersonId;
use crate::core::memo::{Kind, Memo};
use crate::error::{Doing, Result};

impl Store {
    /// Notes things of somebody that are not noted yet, and forgets others by their number: one step.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note(
        &mut self,
        who: PersonId,
        new: &[(Kind, String)],
        forget: &[i64],
        entered: Date,
    ) -> Result<()> {
        let doing = || format!("note something of contact {who}");
        self.edit(|tx| {
            let mut known = Vec::new();
            each_of(tx, [who].into_iter(), |memo| known.push((memo.kind, memo.what)))?;
            for (kind, what) in new.iter().filter(|memo| !known.contains(memo)) {
                tx.execute(
                    "INSERT INTO memo(contact_id, kind, what, entered_on) VALUES (?1, ?2, ?3, ?4)",
                    params![who.0, kind.to_string(), what, entered.to_string()],
                )
                .doing(doing)?;
            }
            forget
                .iter()
                .try_for_each(|id| tx.execute("DELETE FROM memo WHERE id = ?1", [id]).doing(doing).map(drop))
        })
    }

    /// What was noted of somebody, in the order it was.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn memos(&self, person: PersonId) -> Result<Vec<Memo>> {
        let mut memos = Vec::new();
        each_of(&self.conn, [person].into_iter(), |memo| memos.push(memo))?;
        Ok(memos)
    }
}

/// What was noted of people, in the order it was; of those who are one it goes by the one's number.
pub(super) fn each_of(
    conn: &Connection,
    people: impl Iterator<Item = PersonId>,
    mut take: impl FnMut(Memo),
) -> Result<()> {
    let sql = format!(
        "{GROUPS} SELECT memo.id, kind, what, entered_on, grp.winner
         FROM grp JOIN memo ON contact_id = grp.id ORDER BY memo.id"
    );
    facts::each_of(conn, &sql, [facts::json(people)], |row| {
        // Of a kind that only a later version knows nothing can be said.
        if let (Ok(kind), Ok(entered)) =
            (row.get_ref(1)?.as_str()?.parse::<Kind>(), row.get_ref(3)?.as_str()?.parse::<Date>())
        {
            let person = PersonId(row.get(4)?);
            take(Memo { id: row.get(0)?, person, kind, what: row.get(2)?, entered });
        }
        Ok(())
    })
}
