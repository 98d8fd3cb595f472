//! Which addresses and numbers records of one batch share although their names contradict.

use std::collections::{HashMap, HashSet};

use super::known::Key;
use crate::core::identity::Identity;
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
    pub(super) fn note(&mut self, identity: &Identity, values: impl Iterator<Item = Key>) {
        let this = self.names.push(identity);
        for value in values {
            let first = *self.first.entry(value).or_insert(this);
            if first != this && self.names.contradict(first, identity) {
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

/// What many are called, one behind the other: of each by itself the memory would be more than
/// twice as much.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// What the few are called whole of whom that is another name.
    whole: HashMap<u32, PersonName>,
}

impl Names {
    /// Adds what somebody is called, and gives its place.
    pub fn push(&mut self, identity: &Identity) -> u32 {
        let place = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(identity.name.key());
        self.ends.push(self.text.len());
        if let Some(whole) = &identity.whole {
            self.whole.insert(place, whole.clone());
        }
        place
    }

    /// Whether who is at a place cannot be somebody, by their names.
    #[must_use]
    pub fn contradict(&self, place: u32, identity: &Identity) -> bool {
        let (name, whole) = (self.get(place), self.whole.get(&place).cloned());
        Identity { name, whole, ..Identity::default() }.is_named_otherwise(identity)
    }

    fn get(&self, place: u32) -> PersonName {
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
        let of = |name: &PersonName, whole: &str| Identity {
            name: name.clone(),
            whole: (!whole.is_empty()).then(|| PersonName::of_text(whole)),
            ..Identity::default()
        };
        let mut names = Names::default();
        let places: Vec<u32> = all.iter().map(|name| names.push(&of(name, ""))).collect();
        assert_eq!(places.iter().map(|at| names.get(*at)).collect::<Vec<_>>(), all);
        assert_eq!([names.get(3), names.get(u32::MAX)], [PersonName::default(), PersonName::default()]);
        let bob = names.push(&of(&PersonName::of_text("Robert Smith"), "Bob Smith"));
        for (name, contradicts) in [("Bob Smith", false), ("Robert Smith", false), ("Rita Smith", true)] {
            assert_eq!(names.contradict(bob, &of(&PersonName::of_text(name), "")), contradicts, "{name}");
        }
    }
}
