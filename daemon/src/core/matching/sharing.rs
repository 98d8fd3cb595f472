//! Which addresses and numbers records of one batch share although their names contradict.

use std::collections::{HashMap, HashSet};

use super::known::Key;
use crate::core::name::PersonName;

/// Found out of a batch before any of its records is decided, so that their order does not matter.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    names: Names,
    /// Where in `names` the first record with a value is.
    first: HashMap<Key, u32>,
    shared: HashSet<Key>,
}

impl Sharing {
    /// Takes a record into account, which has these values.
    pub(super) fn note(&mut self, name: &PersonName, values: impl Iterator<Item = Key>) {
        let this = self.names.push(name);
        for value in values {
            let first = *self.first.entry(value).or_insert(this);
            if first != this && self.names.get(first).contradicts(name) {
                self.shared.insert(value);
            }
        }
    }

    /// Takes it that all records were noted: what is kept is small.
    pub(super) fn end(&mut self) {
        *self = Self { shared: std::mem::take(&mut self.shared), ..Self::default() };
    }

    /// Whether records of the batch share a value although their names contradict.
    pub(super) fn has(&self, value: Key) -> bool {
        self.shared.contains(&value)
    }
}

/// Many names, one behind the other: of each by itself the memory would be more than twice as much.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Names {
    /// Adds a name, and gives its place.
    pub fn push(&mut self, name: &PersonName) -> u32 {
        let place = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(name.key());
        self.ends.push(self.text.len());
        place
    }

    /// The name at a place.
    #[must_use]
    pub fn get(&self, place: u32) -> PersonName {
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        let begin = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = begin.zip(self.ends.get(at).copied());
        let text = range.and_then(|(begin, end)| self.text.get(begin..end)).unwrap_or_default();
        PersonName::of_key(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were() {
        let all = ["Anna Müller", "", "李明"].map(PersonName::of_text);
        let mut names = Names::default();
        let places: Vec<u32> = all.iter().map(|name| names.push(name)).collect();
        assert_eq!(places.iter().map(|at| names.get(*at)).collect::<Vec<_>>(), all);
        assert_eq!([names.get(3), names.get(u32::MAX)], [PersonName::default(), PersonName::default()]);
    }
}
