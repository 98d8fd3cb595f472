//! The one value of a list, for where there is room for one: that which `kith show` has first.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{contacts, facts};
use crate::core::contact::{Content, List};
use crate::core::facts::PersonId;
use crate::error::Result;

/// Of each of these people ([`facts::json`]) the values of a list that are `such`, and to which none of
/// these is preferred.
pub(super) fn candidates(
    conn: &Connection,
    list: List,
    wanted: &str,
    such: &str,
) -> Result<HashMap<PersonId, Vec<String>>> {
    let mut best: HashMap<PersonId, (i64, Vec<String>)> = HashMap::new();
    let sql = format!(
        "SELECT contact_id, pref, \"{}\" FROM {}
         WHERE contact_id IN (SELECT value FROM json_each(?1)) AND {such} ORDER BY id",
        list.value_column(),
        list.table()
    );
    facts::each_of(conn, &sql, [wanted], |row| {
        let pref = row.get::<_, Option<i64>>(1)?.unwrap_or(i64::MAX);
        let known = best.entry(PersonId(row.get(0)?)).or_insert((pref, Vec::new()));
        if pref < known.0 {
            *known = (pref, Vec::new());
        }
        if pref == known.0 {
            known.1.push(row.get(2)?);
        }
        Ok(())
    })?;
    Ok(best.into_iter().map(|(id, (_, values))| (id, values)).collect())
}

/// The order in which somebody's values are shown; found out only where there are several.
pub(super) struct Order<'c> {
    conn: &'c Connection,
    of: PersonId,
    whole: Option<Content>,
}

impl<'c> Order<'c> {
    pub(super) fn of(conn: &'c Connection, of: PersonId) -> Self {
        Self { conn, of, whole: None }
    }

    /// The first of equally preferred values of a list.
    pub(super) fn first(&mut self, list: List, values: Option<Vec<String>>) -> Result<Option<String>> {
        let values = values.unwrap_or_default();
        if values.len() < 2 {
            return Ok(values.into_iter().next());
        }
        let whole = match self.whole.take() {
            Some(whole) => whole,
            None => contacts::assembled(self.conn, self.of)?,
        };
        let order = self.whole.insert(whole).list(list);
        let place = |value: &String| order.iter().position(|item| item.value == *value).unwrap_or(usize::MAX);
        Ok(values.into_iter().min_by_key(place))
    }
}
