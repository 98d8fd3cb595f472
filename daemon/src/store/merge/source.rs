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
    /// The same, where one alone has a UID or another program wrote it.
    Foreign,
    /// The same, where not both have a UID.
    Alike,
    /// One that says all that its card says, and more; of one program, without UIDs.
    Grown,
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
    foreign: usize,
    alike: usize,
    grown: usize,
    copies: usize,
    same: usize,
    uid: usize,
}

/// An address book that a batch may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Book {
    /// How many cards it has, or had in its last export.
    pub(super) cards: usize,
    /// Whether the batch's file has its name.
    pub(super) is_named_alike: bool,
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
    /// such as have a UID. Or, as people were added and all may have changed a little (a program labels what it
    /// exports), half of those whom both have must say all that they said, if these are half of the batch and of
    /// the address book's own cards and the file is named alike; under another name those who say all must be that
    /// many, and several. Namesakes with nothing in common speak against it.
    fn weight<E>(&self, records: usize, book: impl FnOnce() -> Result<Book, E>) -> Result<Option<usize>, E> {
        let (copies, other_uid) = if self.is_renumbered() { (self.copies, self.other_uid) } else { (0, 0) };
        let same = self.uid + self.same;
        let kept = same + copies + self.grown;
        if self.namesakes * TO_A_NAMESAKE > kept {
            return Ok(None);
        }
        let is_evidence = |count: &usize| half(*count, records) && (self.uid > 0 || *count >= SEVERAL);
        if let Some(same) = [same, same + copies].into_iter().find(is_evidence) {
            return Ok(Some(same));
        }
        let people = kept + other_uid + self.alike + self.foreign;
        if !half(kept, people) || !half(people, records) {
            return Ok(None);
        }
        let Book { cards, is_named_alike } = book()?;
        let are_most = is_named_alike || (half(kept, records) && half(kept, cards) && kept >= SEVERAL);
        Ok((half(people, cards) && are_most).then_some(people))
    }

    /// How many people of a batch's `records` are in this address book, if it is of the same program and so many of
    /// both are that it may be it all the same.
    fn shared<E>(&self, records: usize, book: impl FnOnce() -> Result<Book, E>) -> Result<Option<usize>, E> {
        let people = self.uid + self.same + self.copies + self.grown + self.alike;
        if people < SEVERAL || !half(people, records) {
            return Ok(None);
        }
        Ok(half(people, book()?.cards).then_some(people))
    }
}

/// Whether so many are at least half of so many.
fn half(count: usize, of: usize) -> bool {
    count * 2 >= of
}

/// Which address book a batch is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Recognised {
    /// This one, exported again.
    Again(i64, Vote),
    /// None, though this one has much the same people.
    Beside(i64),
    /// None.
    New,
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
            Likeness::Foreign => &mut vote.foreign,
            Likeness::Alike => &mut vote.alike,
            Likeness::Grown => &mut vote.grown,
            Likeness::Copy => &mut vote.copies,
            Likeness::Same => &mut vote.same,
            Likeness::Uid => &mut vote.uid,
        } += 1;
    }

    /// The address book that a batch of so many records is. `book` tells of one.
    ///
    /// # Errors
    /// Those of `book`.
    pub(super) fn recognise<E>(
        self,
        records: usize,
        mut book: impl FnMut(i64) -> Result<Book, E>,
    ) -> Result<Recognised, E> {
        let mut best: Option<(usize, i64, Vote)> = None;
        let mut beside: Option<(usize, i64)> = None;
        for (source, vote) in self.0 {
            // Of several equally good ones the oldest.
            if let Some(weight) = vote.weight(records, || book(source))? {
                if best.is_none_or(|(most, oldest, _)| (weight, -source) > (most, -oldest)) {
                    best = Some((weight, source, vote));
                }
            } else if let Some(people) = vote.shared(records, || book(source))?
                && beside.is_none_or(|(most, oldest)| (people, -source) > (most, -oldest))
            {
                beside = Some((people, source));
            }
        }
        Ok(match (best, beside) {
            (Some((_, source, vote)), _) => Recognised::Again(source, vote),
            (None, Some((_, source))) => Recognised::Beside(source),
            (None, None) => Recognised::New,
        })
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
        use Likeness::{Alike, Copy, Grown, Namesake, OtherUid, Same, Uid};
        // The number of cards stands with an address book of the file's name.
        type Case = (&'static str, &'static [(Likeness, usize)], usize, Option<usize>, Option<bool>);
        let cases: [Case; 27] = [
            ("all grown under its name", &[(Grown, 4)], 4, Some(4), Some(false)),
            ("half grown under its name", &[(Grown, 2), (Alike, 2)], 6, Some(4), Some(false)),
            ("most changed otherwise", &[(Grown, 1), (Alike, 3)], 4, Some(4), None),
            ("a few of its many people, grown", &[(Grown, 4)], 4, Some(40), None),
            ("a few of them and many others", &[(Grown, 4)], 40, Some(4), None),
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
            let book = Book { cards: cards.unwrap_or(100), is_named_alike: cards.is_some() };
            let found = match votes.recognise(records, |_| Ok::<_, ()>(book)).unwrap() {
                Recognised::Again(_, vote) => Some(vote.is_renumbered()),
                Recognised::Beside(_) | Recognised::New => None,
            };
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn under_another_name_grown_records_count_if_they_are_most_of_both() {
        use Likeness::{Alike, Foreign, Grown, Same};
        type Case = (&'static str, &'static [(Likeness, usize)], usize, usize, &'static str);
        let cases: [Case; 8] = [
            ("of another program", &[(Foreign, 4)], 4, 4, "new"),
            ("all", &[(Grown, 4)], 4, 4, "again"),
            ("half of either", &[(Grown, 3), (Same, 1)], 8, 8, "again"),
            ("very few", &[(Grown, 2)], 2, 2, "new"),
            ("a few of its many people", &[(Grown, 4)], 4, 9, "new"),
            ("a few of them and many others", &[(Grown, 4)], 9, 4, "new"),
            ("most changed otherwise", &[(Grown, 1), (Alike, 3)], 4, 4, "beside"),
            ("all changed otherwise", &[(Alike, 3)], 4, 6, "beside"),
        ];
        for (case, likenesses, records, cards, expected) in cases {
            let mut votes = Votes::default();
            for &(likeness, count) in likenesses {
                (0..count).for_each(|_| votes.add(7, likeness));
            }
            let found = votes.recognise(records, |_| Ok::<_, ()>(Book { cards, is_named_alike: false }));
            let found = match found.unwrap() {
                Recognised::Again(..) => "again",
                Recognised::Beside(_) => "beside",
                Recognised::New => "new",
            };
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn of_several_the_best_and_then_the_oldest() {
        let mut votes = Votes::default();
        for (source, count) in [(3, 2), (2, 3), (5, 3)] {
            (0..count).for_each(|_| votes.add(source, Likeness::Same));
        }
        let book = Book { cards: 100, is_named_alike: false };
        let found = votes.recognise(4, |_| Ok::<_, ()>(book)).unwrap();
        assert!(matches!(found, Recognised::Again(2, _)), "{found:?}");
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
