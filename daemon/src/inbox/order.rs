//! In which order files that lie in the inbox together are taken: the newest last, as it has the last word where
//! two of them are exports of one address book.
//!
//! A download has the time at which it was made, and keeps it when it is moved or copied by a file manager. `cp`
//! gives each copy the time of copying, in whatever order: among files of about one time the names tell, with
//! numbers compared as numbers, as browsers count (`contacts.vcf`, `contacts (1).vcf`, …, `contacts (10).vcf`).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Seen;

/// Files with no more than so many seconds between one and the next may have been copied in one go.
const IN_ONE_GO: i64 = 10;

/// Brings files into the order in which they are to be taken.
pub(super) fn newest_last<T>(files: &mut Vec<T>, file: impl Fn(&T) -> &Seen) {
    files.sort_by_key(|of| file(of).stamp.modified);
    let mut go = 0;
    let mut before = None;
    let mut keyed: Vec<_> = std::mem::take(files)
        .into_iter()
        .map(|of| {
            let Seen { entry, stamp } = file(&of);
            let (seconds, _) = stamp.modified;
            if before.replace(seconds).is_some_and(|before| seconds.saturating_sub(before) > IN_ONE_GO) {
                go += 1;
            }
            ((go, by_nature(&entry.name), entry.clone()), of)
        })
        .collect();
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    files.extend(keyed.into_iter().map(|(_, of)| of));
}

/// A piece of a name: a number, by how many digits it has and which, or one byte.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(usize, Vec<u8>),
    Byte(u8),
}

/// What a name is compared by: what stands before the ending comes first, so that `a` is before `a (1)`.
fn by_nature(name: &OsStr) -> [Vec<Piece>; 2] {
    let path = Path::new(name);
    [path.file_stem(), path.extension()].map(|part| pieces(part.unwrap_or_default().as_bytes()))
}

fn pieces(name: &[u8]) -> Vec<Piece> {
    name.chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit())
        .map(|run| match run {
            [byte] if !byte.is_ascii_digit() => Piece::Byte(byte.to_ascii_lowercase()),
            digits => {
                let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
                let number = digits.get(zeros..).unwrap_or_default().to_vec();
                Piece::Number(number.len(), number)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::{Entry, Folder, Stamp};

    #[test]
    fn the_newest_comes_last_and_of_one_time_the_last_by_name() {
        type Case = (&'static str, &'static [(&'static str, i64)], &'static [&'static str]);
        let cases: [Case; 7] = [
            (
                "what browsers add",
                &[
                    ("contacts (1).vcf", 7),
                    ("contacts (10).vcf", 7),
                    ("contacts (2).vcf", 7),
                    ("contacts.vcf", 7),
                ],
                &["contacts.vcf", "contacts (1).vcf", "contacts (2).vcf", "contacts (10).vcf"],
            ),
            (
                "days",
                &[("contacts-2026-11-02.vcf", 3), ("contacts-2026-9-30.vcf", 3), ("Contacts.vcf", 3)],
                &["Contacts.vcf", "contacts-2026-9-30.vcf", "contacts-2026-11-02.vcf"],
            ),
            (
                "the time before the name",
                &[("contacts.vcf", 5000), ("contacts (1).vcf", 400)],
                &["contacts (1).vcf", "contacts.vcf"],
            ),
            (
                "copied one after the other",
                &[("contacts (1).vcf", 100), ("b.vcf", 109), ("contacts.vcf", 117)],
                &["b.vcf", "contacts.vcf", "contacts (1).vcf"],
            ),
            ("before 1970", &[("a.vcf", 0), ("b.vcf", i64::MIN)], &["b.vcf", "a.vcf"]),
            ("leading zeros", &[("IMG 010.vcf", 0), ("IMG 9.vcf", 0)], &["IMG 9.vcf", "IMG 010.vcf"]),
            (
                "another ending",
                &[("a.vcf", 0), ("a (1).csv", 0), ("a.csv", 0)],
                &["a.csv", "a.vcf", "a (1).csv"],
            ),
        ];
        for (case, files, expected) in cases {
            let mut seen: Vec<Seen> = files
                .iter()
                .map(|(name, seconds)| Seen {
                    entry: Entry { folder: Folder::Inbox, name: name.into() },
                    stamp: Stamp { inode: 1, size: 1, modified: (*seconds, 0) },
                })
                .collect();
            for _ in 0..2 {
                newest_last(&mut seen, |seen| seen);
                let names: Vec<&str> = seen.iter().map(|seen| seen.entry.name.to_str().unwrap()).collect();
                assert_eq!(names, expected, "{case}");
                seen.reverse();
            }
        }
    }
}
