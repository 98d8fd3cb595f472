//! Ties: whom a contact names as related, and how.
//!
//! A tie is kept as the record says it: a name, or the UID of another record,
//! and the relation in the user's words. Whom it means is worked out when it is
//! read, from everybody there is then. So it does not matter which file came
//! first, and a tie finds a person who comes later.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::facts::PersonId;
use super::name::PersonName;

/// The weakest relation that people have to each other.
const ACQUAINTANCE: &str = "acquaintance";

/// Between two relations that somebody has to one person.
const BETWEEN: &str = ", ";

/// What a contact says of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who says so.
    pub of: PersonId,
    /// The other's name, or the UID of their record.
    pub name: String,
    /// How they are related: `spouse`, `colleague, friend`, any word of the user's.
    pub relation: Option<String>,
    /// Whose record has that UID, if it is one.
    pub by_uid: Option<PersonId>,
}

/// Who somebody who is named may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: PersonId,
    /// The names that are theirs whole: as shown, and given and family name.
    pub names: Vec<String>,
    /// Whether they are archived: then somebody of the same name who is not is meant.
    pub archived: bool,
}

/// A tie between a contact and somebody who may be a contact, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Who says so.
    pub of: PersonId,
    /// Who the other is; none if nobody or more than one may be meant.
    pub person: Option<PersonId>,
    /// What names the other.
    pub name: String,
    /// How they are related.
    pub relation: Option<String>,
}

/// Works out whom ties mean: the one whose record has the UID, else the only
/// one of that whole name, apart from who says it. In the order they are given;
/// what one contact says of one person twice is one tie, and what names the
/// contact's own record is none: two were merged.
#[must_use]
pub fn resolve(said: Vec<Said>, known: &[Known]) -> Vec<Tie> {
    let wanted: HashSet<String> = said.iter().map(|said| key(&said.name)).collect();
    let mut called: HashMap<String, Vec<&Known>> = HashMap::new();
    for one in known {
        let keys: HashSet<String> = one.names.iter().map(|name| key(name)).collect();
        for key in keys.into_iter().filter(|key| !key.is_empty() && wanted.contains(key)) {
            called.entry(key).or_default().push(one);
        }
    }
    let by_name = |said: &Said| {
        let others = called.get(&key(&said.name))?.iter().filter(|one| one.id != said.of);
        let (archived, living): (Vec<&&Known>, Vec<&&Known>) = others.partition(|one| one.archived);
        match (living.as_slice(), archived.as_slice()) {
            ([one], _) | ([], [one]) => Some(one.id),
            _ => None,
        }
    };
    let mut ties: Vec<Tie> = Vec::with_capacity(said.len());
    let mut known_pairs: HashMap<(PersonId, PersonId), usize> = HashMap::new();
    for said in said.into_iter().filter(|said| said.by_uid != Some(said.of)) {
        let person = said.by_uid.or_else(|| by_name(&said));
        let again = person.and_then(|person| known_pairs.get(&(said.of, person)).copied());
        if let Some(tie) = again.and_then(|at| ties.get_mut(at)) {
            tie.relation = match (tie.relation.take(), said.relation) {
                (Some(known), Some(more)) => Some(both(&known, &more)),
                (known, more) => known.or(more),
            };
            continue;
        }
        known_pairs.extend(person.map(|person| ((said.of, person), ties.len())));
        ties.push(Tie { of: said.of, person, name: said.name, relation: said.relation });
    }
    ties
}

fn key(name: &str) -> String {
    PersonName::of_text(name).key().to_owned()
}

/// Two relations to one person, each word of them once.
#[must_use]
pub fn both(known: &str, more: &str) -> String {
    let mut relations: Vec<&str> = each(known).collect();
    for relation in each(more) {
        if !relations.iter().any(|known| known.to_lowercase() == relation.to_lowercase()) {
            relations.push(relation);
        }
    }
    relations.join(BETWEEN)
}

fn each(relations: &str) -> impl Iterator<Item = &str> {
    relations.split(',').map(str::trim).filter(|relation| !relation.is_empty())
}

/// Reads a tie as somebody typed it, `spouse: Jonas Müller` or the name alone:
/// the relation, and the name.
///
/// # Errors
/// If there is no name, or no relation before the colon.
pub fn typed(text: &str) -> Result<(Option<&str>, &str), NotATie> {
    let (relation, name) = match text.split_once(':') {
        Some((relation, name)) => (Some(relation.trim()), name.trim()),
        None => (None, text.trim()),
    };
    match (relation, name) {
        (Some(""), _) | (_, "") => Err(NotATie(text.to_owned())),
        good => Ok(good),
    }
}

/// A text is not a tie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATie(String);

impl fmt::Display for NotATie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} does not say who is related, and how; write one such as \"spouse: Jonas Müller\"",
            self.0
        )
    }
}

impl std::error::Error for NotATie {}

impl Tie {
    /// The tie from the other's side, in words: `spouse of Anna`. None if the
    /// other says as much: whoever is somebody's parent has them as a child.
    #[must_use]
    pub fn from_their_side(&self, name: &str, ties: &[Tie]) -> Option<String> {
        let theirs = || {
            let back = |tie: &&Tie| Some(tie.of) == self.person && tie.person == Some(self.of);
            ties.iter().filter(back).flat_map(|tie| tie.relation.iter()).flat_map(|all| each(all))
        };
        let all = self.relation.as_deref().unwrap_or("related");
        let new: Vec<String> = each(all)
            .filter(|relation| !theirs().any(|theirs| is_inverse(relation, theirs)))
            .map(|relation| reverse(relation, name))
            .collect();
        (!new.is_empty()).then(|| new.join("; "))
    }
}

/// The relation that a word of the command line stands for: `knows` is the
/// weakest one that people have to each other, `introduced-by` is two words.
#[must_use]
pub fn relation(word: &str) -> String {
    match word.trim().to_lowercase().as_str() {
        "knows" | "know" => ACQUAINTANCE.to_owned(),
        "introduced-by" => "introduced by".to_owned(),
        _ => word.trim().to_owned(),
    }
}

/// How two people are related by what the first says of the second, in words
/// about the second: `colleague of Anna`, `introduced Anna`.
#[must_use]
pub fn said_of(relation: Option<&str>, first: &str) -> String {
    let relations = relation.map(|all| each(all).collect()).filter(|all: &Vec<&str>| !all.is_empty());
    let relations = relations.unwrap_or_else(|| vec!["related"]);
    let one = |relation: &str| match relation {
        "introduced by" => format!("introduced {first}"),
        _ => reverse(relation, first),
    };
    relations.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The same where the second says it of the first: `names Anna as colleague`,
/// `introduced by Anna`.
#[must_use]
pub fn says_of(relation: Option<&str>, first: &str) -> String {
    let relations: Vec<&str> = relation.map(|all| each(all).collect()).unwrap_or_default();
    let (with, as_what): (Vec<&str>, Vec<&str>) =
        relations.into_iter().partition(|one| ends_in_preposition(one));
    let mut said: Vec<String> = with.into_iter().map(|relation| format!("{relation} {first}")).collect();
    if said.is_empty() || !as_what.is_empty() {
        let what = if as_what.is_empty() { String::new() } else { format!(" as {}", as_what.join(BETWEEN)) };
        said.push(format!("names {first}{what}"));
    }
    said.join("; ")
}

/// Whom a person has ties with, what they say of others first, each in a few
/// words: `knows Clara`, `spouse: Jonas`, `colleague of Bert`. Of whoever has no
/// name here there is none, nor of what no contact is meant by and may be a UID.
#[must_use]
pub fn told_of(person: PersonId, ties: &[Tie], name: &dyn Fn(PersonId) -> Option<String>) -> Vec<String> {
    let own = ties.iter().filter(|tie| tie.of == person).filter_map(|tie| {
        let is_name = !tie.name.contains(|c: char| c == ':' || c.is_ascii_digit());
        let other = match tie.person {
            Some(other) => name(other)?,
            None => Some(tie.name.clone()).filter(|_| is_name)?,
        };
        Some(match tie.relation.as_deref() {
            Some(ACQUAINTANCE) => format!("knows {other}"),
            relation => format!("{}: {other}", relation.unwrap_or("related")),
        })
    });
    let theirs = ties.iter().filter(|tie| tie.person == Some(person) && tie.of != person);
    let theirs = theirs.filter_map(|tie| tie.from_their_side(&name(tie.of)?, ties));
    own.chain(theirs).collect()
}

fn ends_in_preposition(relation: &str) -> bool {
    const PREPOSITIONS: [&str; 5] = ["by", "with", "of", "to", "from"];
    relation.rsplit(' ').next().is_some_and(|last| PREPOSITIONS.contains(&last))
}

/// How a relation of `name` to somebody is said of that somebody.
fn reverse(relation: &str, name: &str) -> String {
    match relation {
        "related" => format!("related to {name}"),
        _ if ends_in_preposition(relation) => format!("{name} is {relation} them"),
        _ => format!("{relation} of {name}"),
    }
}

/// Whether who is `one` to somebody has them as `other`: a friend as a friend, a mother as a child.
fn is_inverse(one: &str, other: &str) -> bool {
    const PARENT: [&str; 3] = ["parent", "mother", "father"];
    const CHILD: [&str; 3] = ["child", "daughter", "son"];
    const SIBLING: [&str; 3] = ["sibling", "sister", "brother"];
    const PARTNER: [&str; 4] = ["spouse", "partner", "wife", "husband"];
    const LEADS: [&str; 3] = ["manager", "boss", "supervisor"];
    const HELPS: [&str; 3] = ["assistant", "subordinate", "report"];
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let go_together = [(PARENT, CHILD), (CHILD, PARENT), (SIBLING, SIBLING), (LEADS, HELPS), (HELPS, LEADS)];
    let in_both = |(a, b): &([&str; 3], [&str; 3])| a.contains(&&*one) && b.contains(&&*other);
    let directed = PARENT.iter().chain(&CHILD).chain(&LEADS).chain(&HELPS).any(|word| *word == one);
    (one == other && !directed)
        || go_together.iter().any(in_both)
        || (PARTNER.contains(&&*one) && PARTNER.contains(&&*other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(id: i64, name: &str) -> Known {
        Known { id: PersonId(id), names: vec![name.into()], archived: false }
    }

    fn said(of: i64, name: &str, relation: &str) -> Said {
        let relation = (!relation.is_empty()).then(|| relation.to_owned());
        Said { of: PersonId(of), name: name.into(), relation, by_uid: None }
    }

    #[test]
    fn a_tie_means_who_has_the_uid_else_the_only_one_of_the_name() {
        let gone = Known { archived: true, ..known(5, "Carla Sommer") };
        let people = [
            known(1, "Anna Müller"),
            known(2, "Dr. Jonas Müller"),
            known(3, "Bert Kern"),
            known(4, "Bert Kern"),
            gone,
            known(6, "Anna Muller"),
        ];
        for (name, tie, expected) in [
            ("whole name", said(1, "jonas muller", ""), Some(2)),
            ("order and title do not matter", said(1, "Müller, Dr Jonas", ""), Some(2)),
            ("part of a name", said(1, "Jonas", ""), None),
            ("two may be meant", said(1, "Bert Kern", ""), None),
            ("of two namesakes not oneself", said(3, "Bert Kern", ""), Some(4)),
            ("nobody", said(1, "Zoë", ""), None),
            ("no letters", said(1, "…", ""), None),
            ("archived", said(1, "Carla Sommer", ""), Some(5)),
            ("the UID counts", Said { by_uid: Some(PersonId(3)), ..said(1, "Jonas Müller", "") }, Some(3)),
            ("a namesake of one's own", said(1, "Anna Müller", "mother"), Some(6)),
        ] {
            let [tie] = resolve(vec![tie], &people).try_into().unwrap();
            assert_eq!(tie.person, expected.map(PersonId), "{name}");
        }
        assert!(resolve(vec![Said { by_uid: Some(PersonId(1)), ..said(1, "u-1", "") }], &people).is_empty());
        let living = Known { id: PersonId(7), archived: false, ..people[4].clone() };
        let both: Vec<Known> = people.iter().cloned().chain([living]).collect();
        assert_eq!(resolve(vec![said(1, "Carla Sommer", "")], &both)[0].person, Some(PersonId(7)));
    }

    #[test]
    fn what_is_said_twice_of_one_person_is_one_tie() {
        let people = [known(1, "Anna"), known(2, "Jonas Müller")];
        let by_uid = Said { by_uid: Some(PersonId(2)), ..said(1, "urn:uuid:7", "Spouse, friend") };
        let ties =
            resolve(vec![said(1, "Jonas Müller", "spouse"), by_uid, said(1, "Zoë", "friend")], &people);
        let told: Vec<_> = ties.iter().map(|tie| (tie.name.as_str(), tie.relation.as_deref())).collect();
        assert_eq!(told, [("Jonas Müller", Some("spouse, friend")), ("Zoë", Some("friend"))]);
    }

    #[test]
    fn a_tie_is_told_from_the_other_side_unless_that_says_as_much() {
        let people = [known(1, "Anna"), known(2, "Jonas")];
        for (relation, back, expected) in [
            ("spouse", "", Some("spouse of Anna")),
            ("", "", Some("related to Anna")),
            ("introduced by", "", Some("Anna is introduced by them")),
            ("friend, colleague", "", Some("friend of Anna; colleague of Anna")),
            ("friend, colleague", "Friend", Some("colleague of Anna")),
            ("spouse", "Wife", None),
            ("parent", "daughter", None),
            ("child", "child", Some("child of Anna")),
            ("manager", "assistant", None),
            ("friend", "friend", None),
            ("boss", "friend", Some("boss of Anna")),
        ] {
            let mut all = vec![said(1, "Jonas", relation)];
            all.extend((!back.is_empty()).then(|| said(2, "Anna", back)));
            let ties = resolve(all, &people);
            assert_eq!(ties[0].from_their_side("Anna", &ties).as_deref(), expected, "{relation} {back}");
        }
    }

    #[test]
    fn a_tie_is_told_of_either_side() {
        for (relation, said, says) in [
            (None, "related to Anna", "names Anna"),
            (Some("colleague"), "colleague of Anna", "names Anna as colleague"),
            (Some("introduced by"), "introduced Anna", "introduced by Anna"),
            (
                Some("friend, introduced by"),
                "friend of Anna; introduced Anna",
                "introduced by Anna; names Anna as friend",
            ),
        ] {
            assert_eq!(
                (said_of(relation, "Anna").as_str(), says_of(relation, "Anna").as_str()),
                (said, says)
            );
        }
        let words = ["knows", "introduced-by", " Colleague "].map(relation);
        assert_eq!(words, ["acquaintance", "introduced by", "Colleague"]);
    }

    #[test]
    fn a_tie_is_typed_as_it_is_shown() {
        for (text, expected) in [
            ("spouse: Jonas Müller", Ok((Some("spouse"), "Jonas Müller"))),
            (" Jonas ", Ok((None, "Jonas"))),
            ("best friend:Bert", Ok((Some("best friend"), "Bert"))),
            ("", Err(())),
            ("spouse:", Err(())),
            (": Jonas", Err(())),
        ] {
            assert_eq!(typed(text).map_err(drop), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whom_ties_mean_does_not_depend_on_the_order_of_people(
            names in prop::collection::vec("[ab]( [ab])?", 1..8),
            said_of in "[ab]( [ab])?",
            turn in 0_usize..8,
        ) {
            let mut people: Vec<Known> = names.iter().zip(1..).map(|(name, id)| known(id, name)).collect();
            let first = resolve(vec![said(1, &said_of, "friend")], &people);
            let by = turn % people.len();
            people.rotate_left(by);
            prop_assert_eq!(first, resolve(vec![said(1, &said_of, "friend")], &people));
        }

        #[test]
        fn relations_are_put_together_once(a in "[a-c](, ?[a-c]){0,3}", b in "[a-c](, ?[a-c]){0,3}") {
            let all = both(&a, &b);
            prop_assert_eq!(&both(&all, &b), &all);
            prop_assert_eq!(&both(&all, &a), &all);
        }
    }
}
