//! The past as steps: what belongs together of the change log, and the imports
//! between.

use std::collections::{BTreeSet, HashMap};

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
    Import(Import),
}

/// An import; of an archive all that was imported of it.
#[derive(Debug, Clone)]
pub(super) struct Import {
    /// The lowest of its numbers.
    pub(super) id: i64,
    /// All of them, in order.
    pub(super) parts: Vec<i64>,
    pub(super) at: String,
    pub(super) file_name: String,
    counts: Counts,
    /// Whether there is anything to take back, or it is taken back.
    is_step: bool,
    pub(super) undone: Option<i64>,
    /// After which change it was made.
    after: i64,
}

impl Import {
    /// What it did, in words.
    pub(super) fn what(&self) -> String {
        format!("imported {}: {}", self.file_name, self.counts)
    }
}

impl Past {
    pub(super) fn id(&self) -> StepId {
        match self {
            Self::Edits(span) => StepId::Edits(span.first),
            Self::Import(import) => StepId::Import(import.id),
        }
    }

    pub(super) fn import(&self) -> Option<&Import> {
        match self {
            Self::Edits(_) => None,
            Self::Import(import) => Some(import),
        }
    }

    /// The same step, taken back by that undoing.
    pub(super) fn taken_back_by(self, by: i64) -> Self {
        match self {
            Self::Edits(span) => Self::Edits(Span { undone: Some(by), ..span }),
            Self::Import(import) => Self::Import(Import { undone: Some(by), ..import }),
        }
    }

    /// By which undoing it is taken back.
    pub(super) fn undone(&self) -> Option<i64> {
        match self {
            Self::Edits(span) => span.undone,
            Self::Import(import) => import.undone,
        }
    }
}

/// Tells of the steps, latest first, until `take` wants no more.
pub(super) fn each(conn: &Connection, mut take: impl FnMut(Past) -> Result<bool>) -> Result<()> {
    let doing = || "read the change log".to_owned();
    let (mut imports, mut borders) = imports(conn)?;
    imports.retain(|import| import.is_step);
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
            if !take(Past::Import(import))? {
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
        if !take(Past::Import(import))? {
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

/// The step that each import is, or is part of.
pub(in crate::store) fn steps_of_imports(conn: &Connection) -> Result<HashMap<i64, StepId>> {
    let (all, _) = imports(conn)?;
    let steps = all.into_iter().filter(|import| import.is_step);
    Ok(steps
        .flat_map(|step| step.parts.into_iter().map(move |part| (part, StepId::Import(step.id))))
        .collect())
}

/// The imports, oldest first, and after which changes imports were made. The files of an archive
/// that were imported at one moment, and are not taken back, or were at one, are one.
fn imports(conn: &Connection) -> Result<(Vec<Import>, BTreeSet<i64>)> {
    let (mut all, mut borders) = (Vec::<Import>::new(), BTreeSet::new());
    let mut archives: HashMap<[Option<String>; 3], usize> = HashMap::new();
    facts::each(
        conn,
        &format!(
            "SELECT id, at, file_name, archive, undone_at, after_change,
                    CASE WHEN undone_at IS NOT NULL THEN (SELECT max(id) FROM undone WHERE import_id = import.id) END,
                    {IS_STEP}, {COUNTS}
             FROM import ORDER BY id"
        ),
        |row| {
            let (id, at): (i64, String) = (row.get(0)?, row.get(1)?);
            let (file_name, archive): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            let (after, undone, is_step) = (row.get(5)?, row.get(6)?, row.get(7)?);
            let counts = Counts::read(row, 8)?;
            borders.insert(after);
            if archive.is_some() {
                let key = [archive.clone(), Some(at.clone()), row.get(4)?];
                let place = *archives.entry(key).or_insert(all.len());
                if let Some(whole) = all.get_mut(place) {
                    whole.parts.push(id);
                    whole.counts = whole.counts.and(counts);
                    whole.is_step |= is_step;
                    whole.undone = whole.undone.max(undone);
                    return Ok(());
                }
            }
            let file_name = archive.unwrap_or(file_name);
            all.push(Import { id, parts: vec![id], at, file_name, counts, is_step, undone, after });
            Ok(())
        },
    )?;
    Ok((all, borders))
}
