//! Which address book a batch is: it is recognised when it is exported again.
//!
//! By what its records say, and never by the name of the file and the people in
//! it alone: programs call their exports alike, and two address books of one
//! person hold the same people. To take the one for the other would take away
//! what only the first says.

use std::collections::HashMap;

/// What makes a record of a batch stand in an address book already, the
/// strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Somebody of the same name with nothing in common, where each has something: two books have a Mama each.
    Namesake,
    /// Somebody of the same name with an address or number in common, under another UID.
    OtherUid,
    /// The same, where not both have a UID.
    Alike,
    /// A card that says the same under another UID.
    Copy,
    /// A card that says the same and has no UID, or the same profile; of one program.
    Same,
    /// The same UID.
    Uid,
}

/// How many of a batch's records stood in an address book, by their [`Likeness`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vote {
    namesakes: usize,
    other_uid: usize,
    alike: usize,
    copies: usize,
    same: usize,
    uid: usize,
}

/// So many records that are the same are evidence under any file name; of fewer anybody may have some in common.
const SEVERAL: usize = 3;

/// For each namesake with nothing in common so many are to be the same: in a newer export few have changed in
/// all by which they are reached.
const TO_A_NAMESAKE: usize = 4;

impl Vote {
    /// Whether the address book's program gives every card a new UID each time.
    ///
    /// Then hardly any UID is the same although the people are, and most of
    /// them say exactly what they said. Another address book with the same
    /// people has other UIDs, too; but it says other things of them, and to
    /// replace its cards would take those away.
    pub(super) fn is_renumbered(&self) -> bool {
        let renumbered = self.copies + self.other_uid;
        renumbered > 0 && self.uid * 10 <= renumbered && self.copies * 2 >= renumbered
    }

    /// How many of a batch's `records` speak for it being this address book;
    /// none if that is too few. Half of them must be the same records, and several, or
    /// such as have a UID; or, as
    /// people were added, half of those whom both have, if these are half of
    /// the batch and of the address book's own cards (that many are there) and
    /// the file is `named_alike`. Namesakes with nothing in common speak against it.
    fn weight<E>(
        &self,
        records: usize,
        named_alike: impl FnOnce() -> Result<Option<usize>, E>,
    ) -> Result<Option<usize>, E> {
        let half = |count: usize, of: usize| count * 2 >= of;
        let (copies, other_uid) = if self.is_renumbered() { (self.copies, self.other_uid) } else { (0, 0) };
        let same = self.uid + self.same;
        if self.namesakes * TO_A_NAMESAKE > same + copies {
            return Ok(None);
        }
        let is_evidence = |count: &usize| half(*count, records) && (self.uid > 0 || *count >= SEVERAL);
        if let Some(same) = [same, same + copies].into_iter().find(is_evidence) {
            return Ok(Some(same));
        }
        let people = same + copies + other_uid + self.alike;
        if !half(same + copies, people) || !half(people, records) {
            return Ok(None);
        }
        Ok(named_alike()?.filter(|&cards| half(people, cards)).map(|_| people))
    }
}

/// The votes of a batch's records, by the address book's number.
#[derive(Debug, Default)]
pub(super) struct Votes(HashMap<i64, Vote>);

impl Votes {
    /// Counts a record that stands in an address book.
    pub(super) fn add(&mut self, source: i64, likeness: Likeness) {
        let vote = self.0.entry(source).or_default();
        *match likeness {
            Likeness::Namesake => &mut vote.namesakes,
            Likeness::OtherUid => &mut vote.other_uid,
            Likeness::Alike => &mut vote.alike,
            Likeness::Copy => &mut vote.copies,
            Likeness::Same => &mut vote.same,
            Likeness::Uid => &mut vote.uid,
        } += 1;
    }

    /// The address book that a batch of so many records is, with its votes.
    /// `named_alike` gives how many cards an address book has, if the batch's
    /// file has its name.
    ///
    /// # Errors
    /// Those of `named_alike`.
    pub(super) fn recognise<E>(
        self,
        records: usize,
        mut named_alike: impl FnMut(i64) -> Result<Option<usize>, E>,
    ) -> Result<Option<(i64, Vote)>, E> {
        let mut best: Option<(usize, i64, Vote)> = None;
        for (source, vote) in self.0 {
            let Some(weight) = vote.weight(records, || named_alike(source))? else { continue };
            // Of several equally good ones the oldest.
            if best.is_none_or(|(most, oldest, _)| (weight, -source) > (most, -oldest)) {
                best = Some((weight, source, vote));
            }
        }
        Ok(best.map(|(_, source, vote)| (source, vote)))
    }
}

/// Whether two files have one name but for what programs add to it:
/// `contacts (2).csv` is `contacts.csv`.
pub(super) fn is_named_alike(a: &str, b: &str) -> bool {
    stem(a) == stem(b)
}

fn stem(name: &str) -> String {
    let (base, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let base =
        base.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | ' ' | '-' | '_'));
    format!("{base}.{ending}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_book_is_recognised_by_its_records() {
        use Likeness::{Alike, Copy, Namesake, OtherUid, Same, Uid};
        type Case = (&'static str, &'static [(Likeness, usize)], usize, Option<usize>, Option<bool>);
        let cases: [Case; 22] = [
            ("half of it the same", &[(Same, 3)], 6, None, Some(false)),
            ("less than half", &[(Same, 3)], 7, None, None),
            ("half of very few", &[(Same, 2)], 4, None, None),
            ("one of one", &[(Same, 1)], 1, None, None),
            ("one of one under its name", &[(Same, 1)], 1, Some(1), Some(false)),
            ("very few under its name", &[(Same, 2), (Alike, 1)], 4, Some(4), Some(false)),
            ("a namesake among few", &[(Same, 3), (Namesake, 1)], 4, Some(4), None),
            ("a namesake among many", &[(Same, 8), (Namesake, 2)], 10, None, Some(false)),
            ("namesakes", &[(Copy, 7), (Namesake, 2)], 10, Some(10), None),
            ("half of the UIDs", &[(Uid, 1), (Same, 1)], 4, None, Some(false)),
            ("the same people under another name", &[(Alike, 4)], 4, None, None),
            ("the same people under its name", &[(Alike, 4)], 4, Some(4), None),
            ("most changed under its name", &[(Same, 1), (Alike, 3)], 4, Some(4), None),
            ("half of it changed, and as many came", &[(Same, 2), (Alike, 2)], 6, Some(4), Some(false)),
            ("a few of its many people", &[(Same, 2), (Alike, 2)], 6, Some(40), None),
            ("all new UIDs", &[(Copy, 3), (OtherUid, 1)], 5, Some(5), Some(true)),
            ("all new UIDs under another name", &[(Copy, 3), (OtherUid, 1)], 5, None, Some(true)),
            ("new UIDs and hardly an old one", &[(Copy, 10), (Uid, 1)], 12, None, Some(true)),
            ("new UIDs and some old ones", &[(Copy, 3), (Uid, 3)], 6, None, Some(false)),
            ("other UIDs that say other things", &[(OtherUid, 4)], 4, Some(4), None),
            ("mostly other things", &[(Copy, 1), (OtherUid, 3)], 4, Some(4), None),
            ("new UIDs where many changed", &[(Copy, 1), (OtherUid, 1)], 3, Some(3), Some(true)),
        ];
        for (case, likenesses, records, cards, expected) in cases {
            let mut votes = Votes::default();
            for &(likeness, count) in likenesses {
                (0..count).for_each(|_| votes.add(7, likeness));
            }
            let found = votes.recognise(records, |_| Ok::<_, ()>(cards)).unwrap();
            assert_eq!(found.map(|(_, vote)| vote.is_renumbered()), expected, "{case}");
        }
    }

    #[test]
    fn of_several_the_best_and_then_the_oldest() {
        let mut votes = Votes::default();
        for (source, count) in [(3, 2), (2, 3), (5, 3)] {
            (0..count).for_each(|_| votes.add(source, Likeness::Same));
        }
        assert_eq!(votes.recognise(4, |_| Ok::<_, ()>(None)).unwrap().map(|(source, _)| source), Some(2));
    }

    #[test]
    fn files_are_named_alike_but_for_numbers_and_dates() {
        for (a, b, alike) in [
            ("contacts.csv", "Contacts (2).csv", true),
            ("contacts-2026-11-22.vcf", "contacts_2026-12-24 (1).vcf", true),
            ("00001.vcf", "00002.vcf", true),
            ("contacts.csv", "contacts.vcf", false),
            ("home.vcf", "work.vcf", false),
        ] {
            assert_eq!(is_named_alike(a, b), alike, "{a} {b}");
        }
    }
}
