//! Messages, put together by day, sender and receivers.

use std::collections::{BTreeSet, HashMap};
use std::io;

use kith_plugin::{Interaction, InteractionKind, Output, Part, Party};

use super::columns::{Moment, Written};

/// The messages of a file so far.
#[derive(Default)]
pub(super) struct Gathered {
    /// In the order of the file.
    days: Vec<Day>,
    /// Where each stands among them, by day and who wrote to whom.
    places: HashMap<(String, String), usize>,
    /// The profiles that have part in every message so far that says all its profiles.
    everywhere: Option<BTreeSet<String>>,
}

/// What somebody wrote to the same people on one day.
struct Day {
    /// The first of its lines in the file.
    line: u64,
    /// The earliest moment.
    when: Moment,
    from: Party,
    to: Vec<Party>,
    /// Who wrote to whom, if all have profiles: names change.
    profiles: Option<String>,
}

impl Gathered {
    /// Adds a message that stands in this line.
    pub(super) fn add(&mut self, line: u64, Written { from, to, when }: Written) {
        let all = || std::iter::once(&from).chain(&to);
        let profiles: Option<Vec<String>> = all().map(key).collect();
        if let Some(profiles) = &profiles {
            let here = profiles.iter().cloned().collect();
            self.everywhere = Some(match self.everywhere.take() {
                None => here,
                Some(before) => before.intersection(&here).cloned().collect(),
            });
        }
        let profiles = profiles.map(|profiles| profiles.join(" "));
        let names =
            || all().map(|party| party.name.clone().unwrap_or_default()).collect::<Vec<_>>().join(", ");
        let who = profiles.clone().unwrap_or_else(names);
        let place = *self.places.entry((when.day(), who)).or_insert(self.days.len());
        match self.days.get_mut(place) {
            Some(day) => day.when = day.when.min(when),
            None => self.days.push(Day { line, when, from, to, profiles }),
        }
    }

    /// Writes what came out. With `find_user` whoever has part in all of it, if
    /// that is one, is the user.
    ///
    /// # Errors
    /// If kith no longer reads.
    pub(super) fn tell(
        self,
        find_user: bool,
        subject: &str,
        part: &Part<'_>,
        out: &mut Output<'_>,
    ) -> io::Result<()> {
        let user =
            self.everywhere.filter(|all| find_user && all.len() == 1).and_then(|all| all.into_iter().next());
        let known = |party: Party| {
            if user.is_some() && key(&party) == user { Party { me: true, ..Party::default() } } else { party }
        };
        for Day { line, when, from, to, profiles } in self.days {
            out.interaction(Interaction {
                at: part.place(line),
                uid: profiles.map(|profiles| format!("{subject} {} {profiles}", when.day())),
                kind: InteractionKind::Message,
                when: when.written(),
                from: Some(known(from)),
                to: to.into_iter().map(known).collect(),
                subject: Some(subject.to_owned()),
            })?;
        }
        Ok(())
    }
}

/// A party's profile in the form in which profiles are compared; the user's own is not needed.
fn key(party: &Party) -> Option<String> {
    if party.me {
        return Some("me".to_owned());
    }
    party.profiles.first().map(|profile| profile.trim_end_matches('/').to_lowercase())
}
