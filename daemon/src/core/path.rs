//! The shortest way to somebody, or to anybody of an organisation, through
//! people who know each other.
//!
//! A way begins with somebody whom the user has talked to; only where none does,
//! with somebody of the address book never spoken to. All that are on it may be
//! asked: those set to `never` or `not-now`, the archived and the dead stand on
//! no way. That two people are at the same organisation is a weak tie: it
//! counts only where no tie that is noted leads there, and is told as what it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::facts::{Comfort, Facts, Person, PersonId};
use super::plan::last_contact;
use super::settings::Settings;
use super::state::State;
use super::tie::Tie;

/// Who may know whom.
#[derive(Debug, Clone, Default)]
pub struct Links<'a> {
    /// What is noted.
    pub ties: &'a [Tie],
    /// Where people work, as [`organization_key`] has it.
    pub organizations: HashMap<PersonId, String>,
}

/// How somebody on a way comes to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The user knows them.
    Own,
    /// The one before says so: the relation, where one is noted.
    Says(Option<String>),
    /// They say so of the one before.
    IsSaid(Option<String>),
    /// They are at the same organisation; nobody says that they know each other.
    Organization,
}

/// Somebody on a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who.
    pub person: PersonId,
    /// How the one before knows them.
    pub link: Link,
    /// How the user's own tie with them stands.
    pub state: State,
}

/// Where a name is compared without what says nothing: `Acme` and `ACME`.
#[must_use]
pub fn organization_key(name: &str) -> String {
    super::name::fold(name).trim().to_owned()
}

/// The shortest way from the user to one of `to`, whom they know best first;
/// empty if the user has talked with one of them: no way is needed. None if
/// there is no way.
///
/// Of ways of one length the one with the warmer ties counts, the first on it
/// before the next; of equally warm ones the one with the smaller numbers.
#[must_use]
pub fn find(
    facts: &Facts,
    settings: &Settings,
    today: Date,
    links: &Links<'_>,
    to: &BTreeSet<PersonId>,
) -> Option<Vec<Step>> {
    let people: BTreeMap<PersonId, &Person> =
        facts.people.iter().filter(|p| p.comfort != Comfort::Never).map(|p| (p.id, p)).collect();
    let state = |person: &Person| State::on(today, last_contact(person, today), person.cadence(settings));
    let states: BTreeMap<PersonId, State> = people.iter().map(|(&id, person)| (id, state(person))).collect();
    let known = to.iter().filter_map(|id| Some((rank(*states.get(id)?), *id)));
    let best = known.filter(|(rank, _)| *rank < rank_of_new()).min();
    if let Some((_, person)) = best {
        return Some(vec![Step { person, link: Link::Own, state: states[&person] }]);
    }
    let search = Search { people: &people, states: &states, links, to, today };
    // Whom the user has talked to knows them best; a tie that is noted counts before a guess.
    [(false, false), (false, true), (true, false), (true, true)]
        .into_iter()
        .find_map(|(colleagues, new)| search.run(colleagues, new))
}

/// Warm before cooling before dormant before those never spoken to.
fn rank(state: State) -> u8 {
    match state {
        State::Warm => 0,
        State::Cooling => 1,
        State::Dormant => 2,
        State::New => rank_of_new(),
    }
}

const fn rank_of_new() -> u8 {
    3
}

struct Search<'a> {
    people: &'a BTreeMap<PersonId, &'a Person>,
    states: &'a BTreeMap<PersonId, State>,
    links: &'a Links<'a>,
    to: &'a BTreeSet<PersonId>,
    today: Date,
}

impl Search<'_> {
    /// Looks with what is noted alone, or also with who is at one organisation;
    /// from those whom the user has talked to, or also from those never spoken to.
    fn run(&self, colleagues: bool, new: bool) -> Option<Vec<Step>> {
        let ties = self.noted();
        let mut at: HashMap<&str, Vec<PersonId>> = HashMap::new();
        if colleagues {
            for id in self.people.keys() {
                if let Some(organization) = self.links.organizations.get(id) {
                    at.entry(organization.as_str()).or_default().push(*id);
                }
            }
        }
        // The best way to each person of the last length, with what it is compared by.
        let begins = |id: &PersonId| {
            self.may_ask(*id) && !self.to.contains(id) && (new || self.states.get(id) != Some(&State::New))
        };
        let own = self.people.keys().copied().filter(begins);
        let mut layer: Vec<Way> = own.map(|id| Way::to(self.step(id, Link::Own))).collect();
        let mut reached: BTreeSet<PersonId> = layer.iter().map(Way::last).collect();
        while !layer.is_empty() {
            layer.sort_by_key(Way::key);
            let mut next: BTreeMap<PersonId, Way> = BTreeMap::new();
            for way in &layer {
                let from = way.last();
                let noted = ties.get(&from).into_iter().flatten().map(|(id, link)| (*id, link.clone()));
                let organization = self.links.organizations.get(&from).map(String::as_str);
                // Whoever comes first of an organisation leads to all of it.
                let others = organization.and_then(|name| at.remove(name)).unwrap_or_default();
                let others = others.into_iter().map(|id| (id, Link::Organization));
                for (id, link) in noted.chain(others) {
                    if id != from && !reached.contains(&id) {
                        next.entry(id).or_insert_with(|| way.and(self.step(id, link)));
                    }
                }
            }
            let found = next.values().filter(|way| self.to.contains(&way.last()));
            if let Some(way) = found.min_by(|a, b| a.key().cmp(&b.key())) {
                return Some(way.0.clone());
            }
            reached.extend(next.keys());
            layer = next.into_values().filter(|way| self.may_ask(way.last())).collect();
        }
        None
    }

    fn may_ask(&self, id: PersonId) -> bool {
        self.people.get(&id).is_some_and(|person| person.comfort.allows(self.today))
    }

    fn step(&self, person: PersonId, link: Link) -> Step {
        let state = self.states.get(&person).copied().unwrap_or(State::New);
        Step { person, link, state }
    }

    /// Whom each one knows by what is noted, on either side.
    fn noted(&self) -> HashMap<PersonId, BTreeMap<PersonId, Link>> {
        let mut noted: HashMap<PersonId, BTreeMap<PersonId, Link>> = HashMap::new();
        let here = |id| self.people.contains_key(&id);
        for tie in self.links.ties {
            let Some(other) = tie.person.filter(|&other| here(other) && here(tie.of)) else { continue };
            // What somebody says themselves is told before what the other says.
            noted.entry(tie.of).or_default().insert(other, Link::Says(tie.relation.clone()));
            let back = Link::IsSaid(tie.relation.clone());
            noted.entry(other).or_default().entry(tie.of).or_insert(back);
        }
        noted
    }
}

/// A way to the last of its steps.
#[derive(Debug, Clone)]
struct Way(Vec<Step>);

impl Way {
    fn to(step: Step) -> Self {
        Self(vec![step])
    }

    fn and(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    fn last(&self) -> PersonId {
        self.0.last().map_or(PersonId(0), |step| step.person)
    }

    /// What ways of one length are compared by: how warm, then who.
    fn key(&self) -> (Vec<u8>, Vec<PersonId>) {
        (
            self.0.iter().map(|step| rank(step.state)).collect(),
            self.0.iter().map(|step| step.person).collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::facts::Interaction;
    use crate::core::how::How;
    use crate::core::tie::{Known, Said, resolve};
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 23);

    /// Somebody last talked to so many months ago; never, if none are given.
    fn person(id: i64, months: Option<i32>) -> Person {
        let last = months.map(|months| TODAY.saturating_sub(jiff::Span::new().months(months)));
        Person {
            id: PersonId(id),
            name: format!("P{id}"),
            circle: Some("friends".to_owned()),
            ideal: None,
            latest: None,
            comfort: Comfort::Yes,
            birthday: None,
            dates: Vec::new(),
            interactions: last
                .into_iter()
                .map(|day| Interaction { day, how: How::Talked, fresh: false, gift: false })
                .collect(),
            ease: None,
            by_hand: false,
            known: 0,
        }
    }

    fn ties(pairs: &[(i64, i64)]) -> Vec<Tie> {
        let known: Vec<Known> = (0..20)
            .map(|id| Known { id: PersonId(id), names: vec![format!("P{id}")], archived: false })
            .collect();
        let said = |&(of, other): &(i64, i64)| Said {
            of: PersonId(of),
            name: format!("P{other}"),
            relation: Some("colleague".to_owned()),
            by_uid: None,
        };
        resolve(pairs.iter().map(said).collect(), &known)
    }

    fn way(people: Vec<Person>, pairs: &[(i64, i64)], at: &[(i64, &str)], to: i64) -> Option<String> {
        let facts = Facts { people, ..Facts::default() };
        let ties = ties(pairs);
        let organizations = at.iter().map(|&(id, name)| (PersonId(id), name.to_owned())).collect();
        let settings = Settings::parse("").unwrap();
        let links = Links { ties: &ties, organizations };
        let found = find(&facts, &settings, TODAY, &links, &BTreeSet::from([PersonId(to)]))?;
        let one = |step: &Step| {
            let link = match &step.link {
                Link::Own => "",
                Link::Says(_) => ">",
                Link::IsSaid(_) => "<",
                Link::Organization => "=",
            };
            format!("{link}{}", step.person)
        };
        Some(found.iter().map(one).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_shortest_way_begins_with_the_warmest_tie() {
        let (warm, cooling, dormant, new) = (Some(1), Some(6), Some(30), None);
        for (name, people, pairs, at, expected) in [
            ("nobody", vec![(1, warm), (9, new)], &[][..], &[][..], None),
            ("known oneself", vec![(1, warm), (9, dormant)], &[(1, 9)], &[], Some("9")),
            ("one between", vec![(1, warm), (9, new)], &[(1, 9)], &[], Some("1 >9")),
            ("said by them", vec![(1, warm), (9, new)], &[(9, 1)], &[], Some("1 <9")),
            (
                "warm first",
                vec![(1, dormant), (2, cooling), (3, warm), (9, new)],
                &[(1, 9), (2, 9), (3, 9)],
                &[],
                Some("3 >9"),
            ),
            ("equally warm", vec![(2, warm), (1, warm), (9, new)], &[(2, 9), (1, 9)], &[], Some("1 >9")),
            (
                "shorter before warmer",
                vec![(1, warm), (2, new), (3, dormant), (9, new)],
                &[(1, 2), (2, 9), (3, 9)],
                &[],
                Some("3 >9"),
            ),
            (
                "through somebody never spoken to",
                vec![(1, warm), (2, new), (9, new)],
                &[(1, 2), (2, 9)],
                &[],
                Some("1 >2 >9"),
            ),
            (
                "from them, if from nobody else",
                vec![(1, warm), (2, new), (9, new)],
                &[(2, 9)],
                &[],
                Some("2 >9"),
            ),
            (
                "an organisation is a weak tie",
                vec![(1, warm), (2, warm), (3, new), (9, new)],
                &[(2, 3), (3, 9)],
                &[(1, "acme"), (9, "acme")],
                Some("2 >3 >9"),
            ),
            (
                "and better than none",
                vec![(1, warm), (9, new)],
                &[],
                &[(1, "acme"), (9, "acme")],
                Some("1 =9"),
            ),
        ] {
            let people = people.into_iter().map(|(id, months)| person(id, months)).collect();
            assert_eq!(way(people, pairs, at, 9).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn nobody_stands_on_a_way_who_may_not_be_asked() {
        let later = Comfort::NotNow { until: date(2027, 1, 1) };
        for (comfort, expected) in [(Comfort::Yes, Some("1 >2 >9")), (Comfort::Never, None), (later, None)] {
            let middle = Person { comfort, ..person(2, None) };
            assert_eq!(
                way(vec![person(1, Some(1)), middle, person(9, None)], &[(1, 2), (2, 9)], &[], 9).as_deref(),
                expected
            );
            let first = Person { comfort, ..person(1, Some(1)) };
            let expected = expected.map(|_| "1 >9");
            assert_eq!(way(vec![first, person(9, None)], &[(1, 9)], &[], 9).as_deref(), expected);
        }
        // Who is not to be called just now may be got to know all the same; never is never.
        let to = |comfort| Person { comfort, ..person(9, None) };
        assert_eq!(way(vec![person(1, Some(1)), to(later)], &[(1, 9)], &[], 9).as_deref(), Some("1 >9"));
        assert_eq!(way(vec![person(1, Some(1)), to(Comfort::Never)], &[(1, 9)], &[], 9), None);
    }

    proptest! {
        #[test]
        fn a_way_is_made_of_ties_and_depends_on_no_order(
            pairs in prop::collection::vec((1_i64..12, 1_i64..12), 0..25),
            months in prop::collection::vec(prop::option::of(0_i32..40), 12),
            never in prop::collection::vec(prop::bool::weighted(0.2), 12),
        ) {
            let someone = |id: i64| {
                let at = usize::try_from(id).unwrap();
                let comfort = if never[at] { Comfort::Never } else { Comfort::Yes };
                Person { comfort, ..person(id, months[at]) }
            };
            let people: Vec<Person> = (1..12).map(someone).collect();
            let found = way(people.clone(), &pairs, &[], 11);
            let back = people.into_iter().rev().collect();
            let turned: Vec<_> = pairs.iter().rev().copied().collect();
            prop_assert_eq!(&way(back, &turned, &[], 11), &found);
            let ids: Vec<i64> = found.iter().flat_map(|way| way.split(' ')).map(|step| step.trim_start_matches(['<', '>']).parse().unwrap()).collect();
            prop_assert!(ids.iter().all(|&id| !never[usize::try_from(id).unwrap()]));
            prop_assert!(ids.windows(2).all(|two| pairs.contains(&(two[0], two[1])) || pairs.contains(&(two[1], two[0]))));
        }
    }
}
