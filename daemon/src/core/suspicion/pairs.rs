//! Who is to be compared with whom.

use std::ops::Range;

/// Of what more people have in common, nothing is learnt; nor are they all compared.
const CROWD: usize = 40;

/// Something that people may be found by, and the place of somebody who may.
pub type Trace = (u32, u32);

/// Those who may be found by the same, group by group.
#[derive(Debug, Default)]
pub struct Groups {
    /// The places of the people of a group, in order, group after group.
    members: Vec<u32>,
    /// Where in `members` a group ends.
    ends: Vec<usize>,
    /// What those may be found by who come now.
    now: Option<u32>,
}

impl Groups {
    /// Takes a trace into account; all are to be, in order.
    pub fn add(&mut self, (key, at): Trace) {
        if self.now != Some(key) {
            self.close();
            self.now = Some(key);
        }
        // One more tells that it is a crowd.
        if self.members.len() - self.begin() <= CROWD {
            self.members.push(at);
        }
    }

    /// Where the group begins that is not closed.
    fn begin(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn close(&mut self) {
        let begin = self.begin();
        if (2..=CROWD).contains(&(self.members.len() - begin)) {
            self.ends.push(self.members.len());
        } else {
            self.members.truncate(begin);
        }
    }

    /// The pairs to be compared, once all was taken into account.
    #[must_use]
    pub fn pairs(mut self) -> Pairs {
        self.close();
        let Self { members, ends, .. } = self;
        let mut pairs = Pairs { members, groups: vec![0], memberships: vec![], people: vec![] };
        pairs.groups.extend(ends);
        let people = pairs.members.iter().max().map_or(0, |last| index(*last) + 1);
        // How many groups each has, moved on by one; then where theirs begin.
        pairs.people.resize(people + 1, 0);
        for at in &pairs.members {
            if let Some(count) = pairs.people.get_mut(index(*at) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut pairs.people {
            sum += *begin;
            *begin = sum;
        }
        pairs.memberships.resize(sum, 0);
        let mut next = pairs.people.clone();
        for (number, bounds) in (0..).zip(pairs.groups.windows(2)) {
            let &[begin, end] = bounds else { continue };
            for at in pairs.members.get(begin..end).unwrap_or_default() {
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
}

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
    memberships: Vec<u32>,
    /// Where in `memberships` those of a person begin; the last is the end.
    people: Vec<usize>,
}

impl Pairs {
    /// Each pair whose later one is at one of these places, once: somebody, and
    /// those after them.
    pub fn with(&self, later: Range<usize>) -> impl Iterator<Item = (usize, Vec<usize>)> {
        let before_the_end = 0..later.end.min(self.people.len());
        before_the_end.filter_map(move |first| {
            let mut others: Vec<usize> = Vec::new();
            for group in slice(&self.memberships, &self.people, first) {
                let members = slice(&self.members, &self.groups, index(*group)).iter().map(|at| index(*at));
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

    fn of(mut traces: Vec<Trace>) -> Pairs {
        traces.sort_unstable();
        let mut groups = Groups::default();
        traces.into_iter().for_each(|trace| groups.add(trace));
        groups.pairs()
    }

    #[test]
    fn those_who_share_something_are_compared_once() {
        let pairs = of(vec![(7, 3), (5, 0), (7, 0), (5, 3), (9, 1), (7, 2), (5, 1)]);
        let found = [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)];
        assert_eq!(all(&pairs, 0..5), found);
        assert_eq!(
            [all(&pairs, 0..2), all(&pairs, 2..3), all(&pairs, 3..9)].concat(),
            [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]
        );
        assert_eq!(all(&of(vec![]), 0..1), []);
        assert_eq!(all(&of(vec![(1, 0), (2, 1)]), 0..2), []);
    }

    #[test]
    fn a_crowd_is_not_compared() {
        let group = |count: u32| of((0..count).map(|at| (1, at)).chain([(2, 0), (2, 50)]).collect());
        assert_eq!(all(&group(40), 0..40).len(), 780);
        assert_eq!(all(&group(41), 0..100), [(0, 50)]);
        assert_eq!(all(&group(1000), 0..100), [(0, 50)]);
    }
}
