//! Whether somebody in a line is known already: for commands that add people.

use jiff::Timestamp;

use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::identity::email_key;
use crate::core::line::Line;
use crate::core::matching::Index;
use crate::core::name::{Fit, fit, fold, is_called};
use crate::error::Result;
use crate::store::{Listed, Meeting, Newcomer, Store};

/// Whom a line means.
pub(super) enum Meant {
    /// Somebody known, one of these if there are several; with what else the line says.
    Known(Vec<Listed>, Option<Line>),
    /// Somebody new, unless it is short for one of these.
    Similar(Vec<Listed>, Line),
    /// Somebody new.
    New(Line),
}

impl Meant {
    /// Finds out whom `text` means: somebody called so (every word of it is
    /// one of the name's), with that id, or with that email address or
    /// telephone number.
    ///
    /// Part of a word is not enough, as it is where only somebody known can be
    /// meant: `Ann` may be new where Annabel is known.
    pub(super) fn of(text: &str, store: &Store, index: &Index) -> Result<Self> {
        let line = Line::parse(text);
        if let Some(person) = index.meant(&line.identity(None)) {
            let known = Listed { id: person, content: store.contact(person)? };
            return Ok(Self::Known(vec![known], Some(line)));
        }
        let found = called(text.trim(), store)?;
        if !found.is_empty() {
            return Ok(Self::Known(found, None));
        }
        let found = called(&line.name, store)?;
        if !found.is_empty() {
            return Ok(Self::Known(found, Some(line)));
        }
        let similar = similar(&line.name, store)?;
        Ok(if similar.is_empty() { Self::New(line) } else { Self::Similar(similar, line) })
    }
}

/// What a look at who is known found: who is to be added, and the meeting with
/// them and others that is to be logged.
pub(super) struct Found<'a, T> {
    /// Those who are new.
    pub(super) newcomers: Vec<Newcomer>,
    /// Where all were met, if they were.
    pub(super) meeting: Option<Meeting<'a>>,
    /// What else is to be told.
    pub(super) more: T,
}

/// Adds those who are new, all or none; gives their numbers. If something else
/// wrote to the database between the look and the writing, it looks again: two
/// commands at once do not add one person twice.
pub(super) fn add<'a, T>(
    store: &mut Store,
    at: Timestamp,
    mut look: impl FnMut(&Store) -> Result<Found<'a, T>>,
) -> Result<(Vec<PersonId>, T)> {
    loop {
        let seen = store.data_version()?;
        let Found { newcomers, meeting, more } = look(store)?;
        if let Some(added) = store.add_if_unchanged(&newcomers, meeting.as_ref(), at, seen)? {
            return Ok((added, more));
        }
    }
}

/// Those who are called so, each word being one of their name's, or who have
/// that id or email address.
pub(super) fn called(query: &str, store: &Store) -> Result<Vec<Listed>> {
    let id = query.parse().ok().map(|id| store.stands_for(PersonId(id))).transpose()?;
    let mut found = store.find(query)?;
    found.retain(|listed| Some(listed.id) == id || is_meant(listed, query));
    Ok(found)
}

/// Those whom `name` may be short for: every word of it begins one of theirs.
pub(super) fn similar(name: &str, store: &Store) -> Result<Vec<Listed>> {
    let folded = fold(name);
    let begins = |l: &Listed| names(&l.content).any(|name| fit(name, &folded) >= Some(Fit::Begins));
    Ok(store.find(name)?.into_iter().filter(begins).collect())
}

/// Whether somebody is called so, or has exactly that email address.
fn is_meant(listed: &Listed, query: &str) -> bool {
    let key = email_key(query);
    listed.content.list(List::Email).iter().any(|item| email_key(&item.value) == key)
        || names(&listed.content).any(|name| is_called(name, query))
}

fn names(content: &Content) -> impl Iterator<Item = &str> {
    let nicknames = content.list(List::Nickname).iter().map(|item| item.value.as_str());
    content.column(Column::Name).into_iter().chain(nicknames)
}
