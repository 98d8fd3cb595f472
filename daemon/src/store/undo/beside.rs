//! What steps did beside the database: a circle set in kith.toml, and a new
//! address for the feed.

use rusqlite::{Connection, OptionalExtension};

use super::history::{Past, Span};
use crate::core::account::{ADDRESS, CIRCLE};
use crate::error::{Doing, Error, Result};
use crate::store::Store;

/// kith.toml as it is to become again what a step found, or what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The circle that the step set.
    pub circle: String,
    /// What the file must say now; none: there must be no file.
    pub from: Option<String>,
    /// What it is to say; none: there is to be no file.
    pub to: Option<String>,
    /// Whether to look only if that can be done.
    pub rehearse: bool,
}

/// Does what a [`Rewrite`] says, or gives the reason why that cannot be done.
pub type Rewriter<'a> = &'a dyn Fn(&Rewrite) -> Result<()>;

/// What a step did beside the database.
pub(super) enum Beside {
    /// It set a circle, and kith.toml said this before, and that after it.
    Circle { name: String, before: Option<String>, after: Option<String> },
    /// It made the feed a new address.
    Address,
}

impl Beside {
    pub(super) fn of(conn: &Connection, past: &Past) -> Result<Option<Self>> {
        let Past::Edits(Span { first, last, .. }) = past else { return Ok(None) };
        conn.prepare_cached(
            "SELECT field, item, old, new FROM change WHERE n BETWEEN ?1 AND ?2 AND field IN (?3, ?4)",
        )
        .and_then(|mut s| {
            s.query_row((first, last, CIRCLE, ADDRESS), |row| {
                if row.get_ref(0)?.as_str()? == ADDRESS {
                    return Ok(Self::Address);
                }
                let name = row.get::<_, Option<String>>(1)?.unwrap_or_default();
                Ok(Self::Circle { name, before: row.get(2)?, after: row.get(3)? })
            })
            .optional()
        })
        .doing(|| "read the change log".to_owned())
    }

    pub(super) fn take_back(self, rewrite: Rewriter<'_>, rehearse: bool) -> Result<()> {
        match self {
            Self::Circle { name: circle, before: to, after: from } => {
                rewrite(&Rewrite { circle, from, to, rehearse })
            }
            Self::Address => Err(Error::user(
                "the feed's new address cannot be taken back: the one before was given up for good, and is kept nowhere",
            )
            .hint("kith feed shows the address to subscribe to")),
        }
    }

    pub(super) fn bring_back(self, rewrite: Rewriter<'_>, rehearse: bool) -> Result<()> {
        match self {
            Self::Circle { name: circle, before: from, after: to } => {
                rewrite(&Rewrite { circle, from, to, rehearse })
            }
            Self::Address => Ok(()),
        }
    }
}

impl Store {
    /// Notes as a step that a circle was set in kith.toml, which said `before`
    /// (none: there was no file) and says `after`.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_circle(&mut self, circle: &str, before: Option<&str>, after: &str) -> Result<()> {
        self.note_beside(CIRCLE, Some(circle), before, Some(after))
    }

    /// Notes as a step that the feed got a new address.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_address(&mut self) -> Result<()> {
        self.note_beside(ADDRESS, None, None, None)
    }

    fn note_beside(
        &mut self,
        field: &str,
        item: Option<&str>,
        old: Option<&str>,
        new: Option<&str>,
    ) -> Result<()> {
        self.edit(|tx| {
            tx.execute(
                "INSERT INTO change(field, item, old, new) VALUES (?1, ?2, ?3, ?4)",
                (field, item, old, new),
            )
            .doing(|| "note it in the change log".to_owned())
            .map(drop)
        })
    }
}
