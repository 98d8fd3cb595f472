//! The past as steps: what belongs together of the change log, and the imports
//! between.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::Connection;

use super::StepId;
use crate::error::{Doing, Result};
use crate::store::facts;
use crate::store::imports::{COUNTS, Counts};

/// What another program wrote with no longer pauses than this between is one
/// step: the log cannot tell where its transactions ended, and has whole seconds.
const PAUSE_SECONDS: i64 = 1;

/// Changes that are one step.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) first: i64,
    pub(super) last: i64,
    /// When the first was made.
    pub(super) at: String,
    pub(super) origin: String,
    /// By which undoing it is taken back.
    pub(super) undone: Option<i64>,
}

/// A step of the past.
#[derive(Debug, Clone)]
pub(super) enum Past {
    Edits(Span),
    Import { id: i64, at: String, file_name: String, what: String, undone: Option<i64> },
}

impl Past {
    pub(super) fn id(&self) -> StepId {
        match self {
            Self::Edits(span) => StepId::Edits(span.first),
            Self::Import { id, .. } => StepId::Import(*id),
        }
    }

    pub(super) fn import(&self) -> Option<i64> {
        match self {
            Self::Edits(_) => None,
            Self::Import { id, .. } => Some(*id),
        }
    }

    /// The same step, taken back by that undoing.
    pub(super) fn taken_back_by(self, by: i64) -> Self {
        match self {
            Self::Edits(span) => Self::Edits(Span { undone: Some(by), ..span }),
            Self::Import { id, at, file_name, what, .. } => {
                Self::Import { id, at, file_name, what, undone: Some(by) }
            }
        }
    }

    /// By which undoing it is taken back.
    pub(super) fn undone(&self) -> Option<i64> {
        match self {
            Self::Edits(span) => span.undone,
            Self::Import { undone, .. } => *undone,
        }
    }
}

/// An import, and after which change it was made.
struct Import {
    after: i64,
    past: Past,
}

/// Tells of the steps, latest first, until `take` wants no more.
pub(super) fn each(conn: &Connection, mut take: impl FnMut(Past) -> Result<bool>) -> Result<()> {
    let doing = || "read the change log".to_owned();
    let (mut imports, mut borders) = imports(conn)?;
    facts::each(conn, "SELECT after_change FROM undone", |row| {
        borders.insert(row.get(0)?);
        Ok(())
    })?;
    let mut statement =
        conn.prepare_cached("SELECT n, at, origin, step, undone FROM change ORDER BY n DESC").doing(doing)?;
    let mut rows = statement.query([]).doing(doing)?;
    let mut open: Option<(Span, Option<i64>)> = None;
    loop {
        let row = rows.next().doing(doing)?;
        let next = row
            .map(|row| {
                let n: i64 = row.get(0)?;
                let span =
                    Span { first: n, last: n, at: row.get(1)?, origin: row.get(2)?, undone: row.get(4)? };
                Ok::<_, rusqlite::Error>((span, row.get::<_, Option<i64>>(3)?))
            })
            .transpose()
            .doing(doing)?;
        if let (Some((span, step)), Some((before, before_step))) = (&mut open, &next)
            && step == before_step
            && span.origin == before.origin
            && span.undone == before.undone
            && borders.range(before.last..span.first).next().is_none()
            && (step.is_some() || follows(&before.at, &span.at))
        {
            (span.first, span.at) = (before.first, before.at.clone());
            continue;
        }
        let done = open.take().map(|(span, _)| span);
        let position = done.as_ref().map_or(i64::MAX, |span| span.last);
        // What was imported after it comes first.
        while let Some(import) = imports.pop_if(|import| import.after >= position) {
            if !take(import.past)? {
                return Ok(());
            }
        }
        if let Some(span) = done
            && !take(Past::Edits(span))?
        {
            return Ok(());
        }
        let Some(next) = next else { break };
        open = Some(next);
    }
    while let Some(import) = imports.pop() {
        if !take(import.past)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether a change was made right after another.
fn follows(earlier: &str, later: &str) -> bool {
    let seconds = |at: &str| at.parse::<Timestamp>().map(Timestamp::as_second).ok();
    match (seconds(earlier), seconds(later)) {
        (Some(earlier), Some(later)) => (later - earlier).abs() <= PAUSE_SECONDS,
        _ => earlier == later,
    }
}

/// Of a row of `import`: whether there is anything to take back, or it is taken back.
pub(in crate::store) const IS_STEP: &str = "(undone_at IS NOT NULL
                  OR EXISTS (SELECT 1 FROM card WHERE import_id = import.id)
                  OR EXISTS (SELECT 1 FROM interaction WHERE import_id = import.id)
                  OR EXISTS (SELECT 1 FROM merged WHERE import_id = import.id)
                  OR EXISTS (SELECT 1 FROM review WHERE import_id = import.id AND decision IS NULL))";

/// The imports that brought anything, oldest first, and after which changes imports were made.
fn imports(conn: &Connection) -> Result<(Vec<Import>, BTreeSet<i64>)> {
    let (mut all, mut borders) = (Vec::new(), BTreeSet::new());
    facts::each(
        conn,
        &format!(
            "SELECT id, at, file_name, after_change,
                    CASE WHEN undone_at IS NOT NULL THEN (SELECT max(id) FROM undone WHERE import_id = import.id) END,
                    {IS_STEP}, {COUNTS}
             FROM import ORDER BY id"
        ),
        |row| {
            let after = row.get(3)?;
            borders.insert(after);
            if !row.get::<_, bool>(5)? {
                return Ok(());
            }
            let file_name: String = row.get(2)?;
            let what = format!("imported {file_name}: {}", Counts::read(row, 6)?);
            let past = Past::Import { id: row.get(0)?, at: row.get(1)?, file_name, what, undone: row.get(4)? };
            all.push(Import { after, past });
            Ok(())
        },
    )?;
    Ok((all, borders))
}
