//! Conflicts: cards of one person that contradict each other in what a person
//! has one of.
//!
//! Only what cannot both be so: a year beside no year, a name in another
//! spelling or shortened, are none. What the user set is decided, and so is what
//! those whom they merged into somebody say otherwise.

use std::collections::HashSet;

use kith_plugin::Contact;

use super::assemble::{Card, Change};
use super::contact::Column;
use super::identity::birthday;
use super::name::fold;

/// A field in which cards contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub column: Column,
    /// What is said, each with the cards that say so, by value.
    pub values: Vec<(String, Vec<i64>)>,
}

/// The conflicts among the cards of one contact that the user has not decided.
#[must_use]
pub fn conflicts(cards: &[Card], own: &[Change]) -> Vec<Conflict> {
    type Says = fn(&Contact) -> Vec<String>;
    type Contradict = fn(&[String], &[String]) -> bool;
    let fields: [(Column, Says, Contradict); 3] = [
        (Column::Birthday, |said| birthday(said).iter().map(ToString::to_string).collect(), born_twice),
        (
            Column::Organization,
            |said| said.organizations.iter().filter_map(|firm| firm.name.clone()).collect(),
            unlike,
        ),
        (Column::Title, |said| said.titles.clone(), unlike),
    ];
    let decided: HashSet<&str> = own.iter().map(|change| change.field.as_str()).collect();
    let mut found: Vec<Conflict> = Vec::new();
    for (column, says, contradict) in fields.into_iter().filter(|(c, ..)| !decided.contains(c.name())) {
        // Who works elsewhere has another job there: that is one question, not two.
        if column == Column::Title && found.iter().any(|other| other.column == Column::Organization) {
            continue;
        }
        let current = cards.iter().filter(|card| card.gone.is_none());
        let said: Vec<(&Card, Vec<String>)> = current.map(|card| (card, says(&card.fields))).collect();
        let said: Vec<_> = said.into_iter().filter(|(_, values)| !values.is_empty()).collect();
        // Who stays of a merge is the one who counts.
        let first = said.iter().map(|(card, _)| card.behind).min();
        let said: Vec<_> = said.into_iter().filter(|(card, _)| Some(card.behind) == first).collect();
        let any = said
            .iter()
            .enumerate()
            .any(|(at, (_, a))| said.iter().skip(at + 1).any(|(_, b)| contradict(a, b)));
        if !any {
            continue;
        }
        let mut values: Vec<(String, Vec<i64>)> = Vec::new();
        for (card, all) in said {
            let Some(first) = all.into_iter().next() else { continue };
            match values.iter_mut().find(|(value, _)| *value == first) {
                Some((_, cards)) => cards.push(card.id),
                None => values.push((first, vec![card.id])),
            }
        }
        values.sort();
        found.push(Conflict { column, values });
    }
    found
}

fn born_twice(a: &[String], b: &[String]) -> bool {
    let born = |said: &[String]| said.first().and_then(|text| text.parse::<super::date::Birthday>().ok());
    matches!((born(a), born(b)), (Some(a), Some(b)) if a.contradicts(b))
}

/// Whether no name of the one may be one of the other.
fn unlike(a: &[String], b: &[String]) -> bool {
    !a.iter().any(|a| b.iter().any(|b| alike(a, b)))
}

/// Words that say of a firm only what it is in law.
const LEGAL: [&str; 24] = [
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "ev",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "mbh",
    "nv",
    "plc",
    "sa",
    "sarl",
    "se",
    "the",
];

/// Whether two names may be the same thing: one may be short for the other, or its initials.
fn alike(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        let folded = fold(text);
        let all: Vec<String> = folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let telling: Vec<String> =
            all.iter().filter(|word| !LEGAL.contains(&word.as_str())).cloned().collect();
        if telling.is_empty() { all } else { telling }
    };
    let (a, b) = (words(a), words(b));
    let (few, many) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let initials = || many.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let joined = |words: &[String]| words.concat();
    few.iter().all(|word| many.contains(word))
        || joined(&a) == joined(&b)
        || matches!(few.as_slice(), [one] if many.len() > 1 && *one == initials())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::{Anniversary, Organization};

    fn card(id: i64, born: &str, firms: &[&str], title: &str) -> Card {
        let mut fields = Contact::default();
        if !born.is_empty() {
            fields.anniversaries.push(Anniversary { kind: "birth".into(), date: born.into() });
        }
        fields.organizations =
            firms.iter().map(|firm| Organization { name: Some((*firm).into()), units: vec![] }).collect();
        fields.titles = [title].iter().filter(|title| !title.is_empty()).map(|t| (*t).into()).collect();
        Card { id, kept: false, behind: 0, gone: None, fields }
    }

    fn columns(cards: &[Card]) -> Vec<Column> {
        conflicts(cards, &[]).into_iter().map(|conflict| conflict.column).collect()
    }

    #[test]
    fn only_what_cannot_both_be_so_is_a_conflict() {
        use Column::{Birthday, Organization, Title};
        for (name, one, two, expected) in [
            (
                "the same",
                card(1, "1985-04-12", &["Acme"], "CTO"),
                card(2, "1985-04-12", &["Acme"], "CTO"),
                &[][..],
            ),
            ("a year more", card(1, "1985-04-12", &[], ""), card(2, "--04-12", &[], ""), &[]),
            ("another day", card(1, "1985-04-12", &[], ""), card(2, "--04-21", &[], ""), &[Birthday]),
            ("another year", card(1, "1985-04-12", &[], ""), card(2, "1958-04-12", &[], ""), &[Birthday]),
            ("no day", card(1, "1985", &[], ""), card(2, "1986-04-12", &[], ""), &[]),
            ("said once", card(1, "1985-04-12", &["Acme"], "CTO"), card(2, "", &[], ""), &[]),
            ("its form in law", card(1, "", &["ACME, Inc."], ""), card(2, "", &["The Acmé Co"], ""), &[]),
            ("written together", card(1, "", &["Data Works"], ""), card(2, "", &["DataWorks GmbH"], ""), &[]),
            ("a longer name", card(1, "", &["Harbour"], ""), card(2, "", &["Harbour of Hamburg"], ""), &[]),
            (
                "initials",
                card(1, "", &["IBM"], "CTO"),
                card(2, "", &["International Business Machines"], "Chief Technology Officer"),
                &[],
            ),
            (
                "another firm",
                card(1, "", &["Acme"], "CTO"),
                card(2, "", &["Harbour"], "Pilot"),
                &[Organization],
            ),
            ("one of two firms", card(1, "", &["Acme", "Choir"], ""), card(2, "", &["Choir"], ""), &[]),
            ("another job", card(1, "", &["Acme"], "Baker"), card(2, "", &["Acme"], "Pilot"), &[Title]),
            ("a longer title", card(1, "", &[], "Engineer"), card(2, "", &[], "Senior Engineer"), &[]),
        ] {
            assert_eq!(columns(&[one.clone(), two.clone()]), expected, "{name}");
            assert_eq!(conflicts(&[one.clone(), two.clone()], &[]), conflicts(&[two, one], &[]), "{name}");
        }
    }

    #[test]
    fn each_value_has_its_cards_and_what_the_user_set_is_decided() {
        let cards =
            [card(1, "1985-04-12", &[], ""), card(2, "1985-04-21", &[], ""), card(3, "1985-04-12", &[], "")];
        let [conflict] = conflicts(&cards, &[]).try_into().unwrap();
        assert_eq!(
            conflict.values,
            [("1985-04-12".to_owned(), vec![1, 3]), ("1985-04-21".to_owned(), vec![2])]
        );
        let set = |field: &str| Change {
            n: 1,
            field: field.into(),
            item: None,
            old: Some("1985-04-12".into()),
            new: Some("1985-04-12".into()),
        };
        assert!(conflicts(&cards, &[set("birthday")]).is_empty());
        // Nor is what a merge decided a question: of those who say something, who stays counts.
        let [stays, other, again] = cards.clone();
        let merged = |card: Card| Card { behind: 1, ..card };
        assert!(conflicts(&[stays, merged(other.clone())], &[]).is_empty());
        let silent = card(4, "", &["Acme"], "");
        let both = [silent, merged(other), merged(again)];
        assert_eq!(conflicts(&both, &[]).len(), 1);
        assert_eq!(conflicts(&cards, &[set("title")]).len(), 1);
    }
}
