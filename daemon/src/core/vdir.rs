//! What happened in a folder of one card a file (a vdir, as khard, vdirsyncer
//! and pimsync keep it), from what was known of it and what is there.
//!
//! In two steps, as the second needs what only reading tells: [`compare`] says
//! by the files' stamps which are worth reading, and [`settle`] by the hashes
//! of those what of it is news.

use std::collections::{BTreeMap, BTreeSet};

/// What tells the content of a file from any other: a part of its SHA-256.
pub type Hash = [u8; 16];

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<S> {
    /// What of it changes when it is written.
    pub stamp: S,
    /// What stood in it.
    pub hash: Hash,
}

/// Whether a file of that name holds a card. Others are the programs' own:
/// those that are just being written (`.name.vcf.tmp`, `name.vcf.tmp`), and what is
/// kept of the folder itself (`.props`, `color`, `displayname`).
#[must_use]
pub fn is_card(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(stem, ending)| (!stem.is_empty(), ending));
    !name.starts_with('.')
        && ending.is_some_and(|(named, ending)| named && ending.eq_ignore_ascii_case("vcf"))
}

/// What the stamps of a folder's files tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Nothing happened.
    Same,
    /// There were cards, and in what has the folder's place now there is none: a disk that is not
    /// mounted looks so. It is not taken for the user's deleting everybody.
    Emptied,
    /// Something did.
    Differs {
        /// Files to read: they are new, or may say something else.
        read: BTreeSet<String>,
        /// Files that are not there any more.
        gone: BTreeSet<String>,
    },
}

/// Compares what was known of a folder's files with what is there; `same` says
/// whether it is in the very folder that the known ones were in.
#[must_use]
pub fn compare<S: PartialEq>(
    known: &BTreeMap<String, Known<S>>,
    there: &BTreeMap<String, S>,
    same: bool,
) -> Compared {
    if there.is_empty() && !known.is_empty() && !same {
        return Compared::Emptied;
    }
    let is_known = |name: &str, stamp: &S| known.get(name).is_some_and(|known| known.stamp == *stamp);
    let read: BTreeSet<String> =
        there.iter().filter(|(name, stamp)| !is_known(name, stamp)).map(|(name, _)| name.clone()).collect();
    let gone: BTreeSet<String> = known.keys().filter(|name| !there.contains_key(*name)).cloned().collect();
    if read.is_empty() && gone.is_empty() { Compared::Same } else { Compared::Differs { read, gone } }
}

/// What happened to a folder's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that have another name and say the same: the old name, and the new one.
    pub moved: Vec<(String, String)>,
    /// Files whose cards went with them.
    pub gone: BTreeSet<String>,
}

/// Says what happened, from what was known, the files that are `gone`, and the
/// hashes of those that were `read`: a new one that says what a file said that is
/// gone is the same under a new name.
#[must_use]
pub fn settle<S>(
    known: &BTreeMap<String, Known<S>>,
    gone: &BTreeSet<String>,
    read: &BTreeMap<String, Hash>,
) -> Changes {
    let mut changes = Changes { gone: gone.clone(), ..Changes::default() };
    for (name, hash) in read {
        let said_so = |old: &&String| known.get(*old).is_some_and(|known| known.hash == *hash);
        if let Some(old) = changes.gone.iter().find(said_so).filter(|_| !known.contains_key(name)).cloned() {
            changes.gone.remove(&old);
            changes.moved.push((old, name.clone()));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Files as `name:content`, the content being hash and stamp at once.
    fn files(text: &str) -> BTreeMap<String, u8> {
        text.split_whitespace()
            .map(|file| {
                let (name, content) = file.split_once(':').unwrap();
                (name.to_owned(), content.parse().unwrap())
            })
            .collect()
    }

    fn known(files: &BTreeMap<String, u8>) -> BTreeMap<String, Known<u8>> {
        files.iter().map(|(name, &stamp)| (name.clone(), Known { stamp, hash: [stamp; 16] })).collect()
    }

    fn happened(before: &str, after: &str) -> String {
        happened_in(true, before, after)
    }

    fn happened_in(same: bool, before: &str, after: &str) -> String {
        let (known, there) = (known(&files(before)), files(after));
        match compare(&known, &there, same) {
            Compared::Same => "same".to_owned(),
            Compared::Emptied => "emptied".to_owned(),
            Compared::Differs { read, gone } => {
                let read = read.into_iter().map(|name| (name.clone(), [there[&name]; 16])).collect();
                let Changes { moved, gone } = settle(&known, &gone, &read);
                let is_new = |name: &&String| moved.iter().all(|(_, new)| new != *name);
                let mut words: Vec<String> =
                    read.keys().filter(is_new).map(|name| format!("+{name}")).collect();
                words.extend(moved.into_iter().map(|(old, new)| format!("{old}>{new}")));
                words.extend(gone.into_iter().map(|name| format!("-{name}")));
                words.join(" ")
            }
        }
    }

    #[test]
    fn what_happened_is_seen_in_the_files() {
        for (case, before, after, expected) in [
            ("the first look", "", "a:1 b:2", "+a +b"),
            ("an empty folder at first", "", "", "same"),
            ("nothing", "a:1 b:2", "a:1 b:2", "same"),
            ("one changed", "a:1 b:2", "a:3 b:2", "+a"),
            ("one came", "a:1", "a:1 b:2", "+b"),
            ("one went", "a:1 b:2", "b:2", "-a"),
            ("all went", "a:1 b:2", "", "-a -b"),
            ("renamed", "a:1 b:2", "c:1 b:2", "a>c"),
            ("renamed and changed", "a:1 b:2", "c:3 b:2", "+c -a"),
            ("all renamed", "a:1 b:2", "c:1 d:2", "a>c b>d"),
            ("exchanged", "a:1 b:2", "a:2 b:1", "+a +b"),
            ("copied", "a:1", "a:1 b:1", "+b"),
            ("one of two copies renamed", "a:1 b:1", "b:1 c:1", "a>c"),
            ("renamed twice", "a:1", "b:1 c:1", "+c a>b"),
            ("replaced by others", "a:1 b:2", "c:3", "+c -a -b"),
        ] {
            assert_eq!(happened(before, after), expected, "{case}");
        }
        for (before, after, expected) in
            [("a:1", "", "emptied"), ("", "", "same"), ("a:1", "b:2", "+b -a"), ("a:1", "a:1", "same")]
        {
            assert_eq!(happened_in(false, before, after), expected, "{before} in another folder");
        }
    }

    #[test]
    fn cards_are_told_from_what_programs_keep_beside_them() {
        for (name, card) in [
            ("4fbe8971.vcf", true),
            ("Anna Müller.VCF", true),
            (".4fbe8971.vcf", false),
            (".vcf", false),
            ("4fbe8971.vcf.tmp", false),
            (".4fbe8971.vcf.a1b2c3.tmp", false),
            (".props", false),
            ("color", false),
            ("displayname", false),
            ("event.ics", false),
            ("vcf", false),
            ("", false),
        ] {
            assert_eq!(is_card(name), card, "{name}");
        }
    }

    proptest! {
        /// Followed step by step, what is known is what is there; and no file
        /// is both taken and let go.
        #[test]
        fn following_what_happened_gives_what_is_there(
            before in prop::collection::btree_map("[a-e]", 0_u8..4, 0..5),
            after in prop::collection::btree_map("[a-e]", 0_u8..4, 0..5),
        ) {
            let known = known(&before);
            if let Compared::Differs { read, gone } = compare(&known, &after, true) {
                let read: BTreeMap<String, Hash> =
                    read.into_iter().map(|name| (name.clone(), [after[&name]; 16])).collect();
                let changes = settle(&known, &gone, &read);
                let mut now = before;
                for name in &changes.gone {
                    now.remove(name);
                }
                for (old, new) in &changes.moved {
                    let content = now.remove(old).unwrap();
                    prop_assert!(now.insert(new.clone(), content).is_none());
                }
                for name in read.keys() {
                    prop_assert!(!changes.gone.contains(name));
                    now.insert(name.clone(), after[name]);
                }
                prop_assert_eq!(now, after);
            }
        }
    }
}
