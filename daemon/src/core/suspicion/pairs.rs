//! Who is to be compared with whom.

use std::ops::Range;

/// Of what more people have in common, nothing is learnt; nor are they all compared.
const CROWD: usize = 40;

/// The pairs to be compared, each of two people who have something in common.
///
/// Those who share something are in a group. Of one person there may be hundreds of
/// pairs, so the pairs themselves are never written down.
#[derive(Debug)]
pub struct Pairs {
    /// The places of the people of a group, in order, group after group.
    members: Vec<u32>,
    /// Where in `members` a group begins; the last is the end.
    groups: Vec<usize>,
    /// The groups of a person, person after person.
    memberships: Vec<usize>,
    /// Where in `memberships` those of a person begin; the last is the end.
    people: Vec<usize>,
}

impl Pairs {
    /// Of so many people: what they may be found by, each with the place of who may.
    pub(super) fn of(mut keys: Vec<(u32, u32)>, people: u32) -> Self {
        keys.sort_unstable();
        let groups = || {
            let all = keys.chunk_by(|(a, _), (b, _)| a == b);
            all.filter(|group| (2..=CROWD).contains(&group.len()))
        };
        let mut pairs = Self { members: vec![], groups: vec![0], memberships: vec![], people: vec![] };
        // How many groups each has, moved on by one; then where theirs begin.
        pairs.people.resize(index(people).saturating_add(1), 0);
        for group in groups() {
            for (_, at) in group {
                pairs.members.push(*at);
                if let Some(count) = pairs.people.get_mut(index(*at) + 1) {
                    *count += 1;
                }
            }
            pairs.groups.push(pairs.members.len());
        }
        let mut sum = 0;
        for begin in &mut pairs.people {
            sum += *begin;
            *begin = sum;
        }
        pairs.memberships.resize(sum, 0);
        let mut next = pairs.people.clone();
        for (number, group) in groups().enumerate() {
            for (_, at) in group {
                if let Some(next) = next.get_mut(index(*at))
                    && let Some(place) = pairs.memberships.get_mut(*next)
                {
                    *place = number;
                    *next += 1;
                }
            }
        }
        pairs
    }

    /// Each pair whose later one is at one of these places, once: somebody, and
    /// those after them.
    pub fn with(&self, later: Range<usize>) -> impl Iterator<Item = (usize, Vec<usize>)> {
        let before_the_end = 0..later.end.min(self.people.len());
        before_the_end.filter_map(move |first| {
            let mut others: Vec<usize> = Vec::new();
            for group in slice(&self.memberships, &self.people, first) {
                let members = slice(&self.members, &self.groups, *group).iter().map(|at| index(*at));
                others.extend(members.filter(|other| *other > first && later.contains(other)));
            }
            others.sort_unstable();
            others.dedup();
            (!others.is_empty()).then_some((first, others))
        })
    }
}

/// What belongs to one of those that begin there.
fn slice<'a, T>(all: &'a [T], begins: &[usize], which: usize) -> &'a [T] {
    let bounds = begins.get(which).zip(begins.get(which + 1));
    bounds.and_then(|(begin, end)| all.get(*begin..*end)).unwrap_or_default()
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pairs: &Pairs, later: Range<usize>) -> Vec<(usize, usize)> {
        pairs
            .with(later)
            .flat_map(|(first, others)| others.into_iter().map(move |other| (first, other)))
            .collect()
    }

    #[test]
    fn those_who_share_something_are_compared_once() {
        let pairs = Pairs::of(vec![(7, 3), (5, 0), (7, 0), (5, 3), (9, 1), (7, 2), (5, 1)], 5);
        let found = [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)];
        assert_eq!(all(&pairs, 0..5), found);
        assert_eq!(
            [all(&pairs, 0..2), all(&pairs, 2..3), all(&pairs, 3..9)].concat(),
            [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]
        );
        assert_eq!(all(&Pairs::of(vec![], 0), 0..1), []);
    }

    #[test]
    fn a_crowd_is_not_compared() {
        let group = |count: u32| Pairs::of((0..count).map(|at| (1, at)).collect(), count);
        assert_eq!(all(&group(40), 0..40).len(), 780);
        assert_eq!(all(&group(41), 0..41), []);
    }
}
