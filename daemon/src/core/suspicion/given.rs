//! People who have a given name in common, and an address or a number: who married, or is saved as "Anna (Yoga)".

use super::evidence::Evidence;
use super::likeness::{Comparison, Likeness, Word};
use super::{Known, common, is_given_name};
use crate::core::phone::is_same;

/// What that is worth, without what they have in common besides.
const GIVEN: i32 = 45;

/// How two are alike whose names are two people's, but for the given one: by an address that both have; or
/// by a number, unless each has addresses and none is the same, as colleagues at one switchboard have.
pub(super) fn likeness(comparison: &Comparison<'_>, a: &Known, b: &Known) -> Option<Likeness> {
    let have_address = common(&a.emails, &b.emails).is_some();
    let have_number = || {
        let same = |ours: &str| b.phones.iter().any(|(_, theirs)| is_same(ours, theirs, None));
        (a.emails.is_empty() || b.emails.is_empty()) && a.phones.iter().any(|(_, ours)| same(ours))
    };
    if !have_address && !have_number() {
        return None;
    }
    let (ours, theirs) = (given(a)?, given(b)?);
    let is_named = |who: &Known, word: &Word| {
        who.given.as_ref().map_or_else(|| is_given_name(&word.latin), |given| *given == word.text)
    };
    let is_one_name = comparison.is_one_name(ours, theirs) && (is_named(a, ours) || is_named(b, theirs));
    let initials = || {
        spelled_out(ours, b)
            .map(|long| (ours, long))
            .or_else(|| spelled_out(theirs, a).map(|long| (theirs, long)))
    };
    let evidence = if is_one_name {
        let (first, second) = if ours <= theirs { (ours, theirs) } else { (theirs, ours) };
        Evidence::GivenName(first.shown.clone(), second.shown.clone())
    } else {
        let (short, long) = initials()?;
        Evidence::Initial(short.shown.clone(), long)
    };
    Some(Likeness {
        strength: GIVEN,
        evidence: vec![evidence],
        agreeing: vec![(ours.text.clone(), theirs.text.clone())],
        is_loose: false,
    })
}

/// The word of the name that is the given one, or may be: the first.
fn given(known: &Known) -> Option<&Word> {
    let words = &known.name.words;
    let said = known.given.as_ref().and_then(|given| words.iter().find(|word| word.text == *given));
    said.or_else(|| words.first())
}

/// The first words of a name, two or three, if a word is made of the letters with which they begin: HP for
/// Hans-Peter.
fn spelled_out(word: &Word, known: &Known) -> Option<String> {
    let letters = word.text.chars().count();
    let words = known.name.words.get(..letters).filter(|_| (2..=3).contains(&letters))?;
    let begins: String = words.iter().filter_map(|word| word.text.chars().next()).collect();
    let is_it = begins == word.text && words.iter().all(|other| other.text != word.text);
    is_it.then(|| words.iter().map(|word| word.shown.as_str()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::Look;
    use super::*;
    use crate::core::contact::{Column, Content, Item, List};
    use crate::core::facts::PersonId;

    fn known(id: i64, name: &str, given: &str, email: &str, phone: &str) -> Known {
        let mut content = Content::default();
        content.set(Column::Name, Some(name.to_owned()));
        content.set(Column::GivenName, Some(given.to_owned()).filter(|given| !given.is_empty()));
        for (list, value) in [(List::Email, email), (List::Phone, phone)] {
            if !value.is_empty() {
                content.list_mut(list).push(Item { value: value.to_owned(), ..Item::default() });
            }
        }
        Known::of(PersonId(id), &content)
    }

    #[test]
    fn one_given_name_and_one_address_or_number_are_asked_about() {
        let mobile = "+49 170 1234567";
        for (case, a, b, asked) in [
            (
                "a new family name",
                known(1, "Anna Meyer", "Anna", "anna@x.example", mobile),
                known(2, "Anna Berg", "Anna", "anna@x.example", mobile),
                true,
            ),
            (
                "an address alone",
                known(1, "Anna Meyer", "", "a@x.example", ""),
                known(2, "Anna Berg", "", "a@x.example", ""),
                true,
            ),
            (
                "a number alone",
                known(1, "Anna (Yoga)", "", "", mobile),
                known(2, "Anna Meyer", "Anna", "", "0170 1234567"),
                true,
            ),
            ("initials", known(1, "HP", "", "", mobile), known(2, "Hans-Peter Krüger", "", "", mobile), true),
            (
                "initials and a name",
                known(1, "HP Krüger", "HP", "", mobile),
                known(2, "Hans-Peter Krüger", "Hans-Peter", "", mobile),
                true,
            ),
            (
                "a short form",
                known(1, "Bob Kern", "Bob", "", mobile),
                known(2, "Robert Lund", "Robert", "", mobile),
                true,
            ),
            (
                "half a name",
                known(1, "Mia", "Mia", "", mobile),
                known(2, "Mia Vogt", "Mia", "", mobile),
                true,
            ),
            (
                "a couple",
                known(1, "Anna Ott", "Anna", "", mobile),
                known(2, "Tom Ott", "Tom", "", mobile),
                false,
            ),
            (
                "a couple, family name first",
                known(1, "Ott Anna", "", "", mobile),
                known(2, "Ott Tom", "", "", mobile),
                false,
            ),
            (
                "colleagues",
                known(1, "Anna Meyer", "Anna", "meyer@x.example", mobile),
                known(2, "Anna Berg", "Anna", "berg@x.example", mobile),
                false,
            ),
            (
                "nothing in common",
                known(1, "Anna Meyer", "Anna", "", ""),
                known(2, "Anna Berg", "Anna", "", mobile),
                false,
            ),
        ] {
            let mut look = Look::default();
            let (keys, others): (Vec<_>, Vec<_>) = (look.add(&a).collect(), look.add(&b).collect());
            // The rest of the household.
            let _ = look.add(&known(3, "Jan Vogt", "Jan", "", mobile)).count();
            assert_eq!(look.compare(&a, &b).is_some(), asked, "{case}");
            assert_eq!(look.compare(&a, &b), look.compare(&b, &a), "{case}");
            let meet = keys.iter().any(|(key, _)| others.iter().any(|(other, _)| key == other));
            assert!(meet || !asked, "{case}: they are never compared");
        }
    }
}
