//! Which names are short for which, in the languages of config/nicknames.txt.

use std::collections::HashMap;

/// What was compiled from general knowledge of names; its head says how it is read.
const TABLE: &str = include_str!("../../../../config/nicknames.txt");

/// The table, ready to be asked. It is made for one look through the people
/// and dropped with it, as a service that is at rest has no use for it.
#[derive(Debug)]
pub(super) struct Nicknames {
    /// For each name its lines, and whether it is short there.
    names: HashMap<&'static str, Vec<(u16, bool)>>,
}

/// How two names belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kinship {
    /// The first is short for the second.
    Short,
    /// The second is short for the first.
    Long,
    /// Both are forms of one name, or short for one.
    Forms,
}

/// Every name in the table, with its line, and whether it is short there.
fn each() -> impl Iterator<Item = (u16, &'static str, bool)> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    (0..).zip(lines).flat_map(|(number, line)| {
        let (long, short) = line.split_once(':').unwrap_or((line, ""));
        [(long, false), (short, true)].into_iter().flat_map(move |(part, is_short)| {
            let names = part.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(move |name| (number, name, is_short))
        })
    })
}

/// Whether a folded word is known as a given name, in full or for short: for one
/// question the table need not be made ready.
#[must_use]
pub fn is_given_name(word: &str) -> bool {
    each().any(|(_, name, _)| name == word)
}

impl Nicknames {
    pub(super) fn read() -> Self {
        let mut names: HashMap<&str, Vec<(u16, bool)>> = HashMap::new();
        for (number, name, is_short) in each() {
            names.entry(name).or_default().push((number, is_short));
        }
        Self { names }
    }

    /// The lines a folded name stands on.
    pub(super) fn lines(&self, name: &str) -> impl Iterator<Item = u16> {
        self.at(name).iter().map(|(line, _)| *line)
    }

    /// Whether somebody may be named so in full, not only for short.
    pub(super) fn is_name(&self, name: &str) -> bool {
        self.at(name).iter().any(|(_, short)| !short)
    }

    /// Whether it stands in the table at all.
    pub(super) fn is_known(&self, name: &str) -> bool {
        !self.at(name).is_empty()
    }

    /// How two folded names that are not equal belong together, if they do.
    pub(super) fn kinship(&self, a: &str, b: &str) -> Option<Kinship> {
        let both = self.at(a).iter().flat_map(|(line, short)| {
            let there = self.at(b).iter().filter(move |(other, _)| other == line);
            there.map(move |(_, other)| match (*short, *other) {
                (true, false) => Kinship::Short,
                (false, true) => Kinship::Long,
                _ => Kinship::Forms,
            })
        });
        both.min()
    }

    fn at(&self, name: &str) -> &[(u16, bool)] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::name::fold;

    #[test]
    fn people_are_known_by_short_names_in_many_languages() {
        let table = Nicknames::read();
        for (short, long) in [
            ("bob", "robert"),
            ("bill", "william"),
            ("peggy", "margaret"),
            ("sepp", "josef"),
            ("uschi", "ursula"),
            ("gigi", "luigi"),
            ("pepe", "jose"),
            ("paco", "francisco"),
            ("sasha", "alexandra"),
            ("vova", "vladimir"),
            ("gosia", "malgorzata"),
            ("kees", "cornelis"),
            ("manu", "emmanuelle"),
        ] {
            assert_eq!(table.kinship(short, long), Some(Kinship::Short), "{short} for {long}");
            assert_eq!(table.kinship(long, short), Some(Kinship::Long), "{short} for {long}");
        }
        assert_eq!(table.kinship("stefan", "stephan"), Some(Kinship::Forms));
        for (a, b) in [("anna", "bert"), ("maria", "mario"), ("sven", "svenja"), ("", "")] {
            assert_eq!(table.kinship(a, b), None, "{a} and {b}");
        }
        assert!(table.is_name("mario") && !table.is_name("bobby"));
    }

    #[test]
    fn the_table_is_written_as_names_are_compared() {
        let mut lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
        for line in &lines {
            let names: Vec<&str> = line.split([',', ':']).map(str::trim).collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!name.is_empty() && *name == fold(name) && !name.contains(' '), "{line}: {name:?}");
                assert!(!names[..at].contains(name), "{line}: {name:?} stands there twice");
            }
        }
        let all = lines.clone();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines, all, "in order, each line once");
    }
}
