//! What the user is after: what to have in mind in a talk, whoever it is with.

use super::{Point, Sketch, noted};
use crate::core::date::spoken;
use crate::core::facts::Comfort;
use crate::core::goal::Goal;
use crate::core::introduction::{By, Introduction, Step};
use crate::core::text;

/// How many goals are shown, those first that are reached with this person in particular.
const GOALS: usize = 2;

/// How many of the people they have ties with are named.
const TIES: usize = 4;

impl Sketch<'_> {
    /// The goals that a talk on that day may be a step towards, and what the user is looking for.
    pub(super) fn aims(&self) -> Vec<Point> {
        let (person, day) = (self.follow_up.key.person, self.follow_up.day);
        let is_near = |goal: &&Goal| {
            (goal.from..=goal.until).contains(&day) && goal.ended.is_none() && goal.among.has(person)
        };
        let mut goals: Vec<_> = self.facts.goals.iter().filter(is_near).collect();
        goals.sort_by_key(|goal| (goal.among.is_everybody(), goal.until, goal.id));
        let goals = goals.into_iter().take(GOALS).map(|goal| ("Your goal", noted(&goal.sentence())));
        let after = self.settings.profile.looking_for().map(|after| ("You look for", noted(after)));
        goals.chain(after).collect()
    }

    /// The introductions that they have a part in, and that are not over.
    pub(super) fn introductions(&self) -> Vec<Point> {
        let open = self.facts.introductions.iter().filter(|known| !known.stage().is_over());
        let told = open.filter_map(|known| self.introduction(known));
        told.map(|told| ("Introduction", told)).collect()
    }

    /// The introduction that is planned, which step of it, and the name of the other
    /// one; none for a tie of which nothing may be asked now.
    pub(super) fn introduced(&self) -> Option<(&Introduction, Step, String)> {
        let (id, step) = self.follow_up.key.introduction().filter(|_| !self.situation.is_quiet())?;
        let known = self.facts.introductions.iter().find(|known| known.id == id)?;
        let (_, name) = self.other(known)?;
        Some((known, step, name))
    }

    /// Whether this person is the first of the two of an introduction, and the name
    /// of the other; none if the other may not be named.
    fn other(&self, known: &Introduction) -> Option<(bool, String)> {
        let me = self.follow_up.key.person;
        let between = &known.between;
        let (is_first, other, name) = match (between.through, between.to) {
            (Some(through), Some(to)) if through == me => (true, to, &between.to_name),
            (Some(through), Some(to)) if to == me => (false, through, &between.through_name),
            _ => return None,
        };
        let mut people = self.facts.people.iter();
        let may_be_named = people.any(|person| person.id == other && person.comfort != Comfort::Never);
        may_be_named.then(|| (is_first, text::name(name).into_owned()))
    }

    /// One introduction, from this person's side.
    fn introduction(&self, known: &Introduction) -> Option<String> {
        let (is_first, name) = self.other(known)?;
        let what = known.what.as_ref().map_or_else(String::new, |what| format!(" ({})", noted(what)));
        let told = match (known.by, known.made, is_first) {
            (By::Them, None, true) => format!("they may introduce you to {name}"),
            (By::Them, None, false) => format!("{name} may introduce you to them"),
            (By::Them, Some(day), true) => format!("they introduced you to {name} on {}", spoken(day)),
            (By::Them, Some(day), false) => format!("{name} introduced you to them on {}", spoken(day)),
            (By::Me, None, _) => format!("you want to introduce them and {name} to each other"),
            (By::Me, Some(day), _) => format!("you introduced them and {name} on {}", spoken(day)),
        };
        Some(format!("{told}{what}"))
    }

    /// Whom they have ties with.
    pub(super) fn ties(&self) -> Option<Point> {
        let (shown, rest) = self.known.ties.split_at(self.known.ties.len().min(TIES));
        let mut told: Vec<String> = shown.iter().map(|tie| noted(tie)).collect();
        if !rest.is_empty() {
            told.push(format!("and {} more", rest.len()));
        }
        (!told.is_empty()).then(|| ("Ties", told.join("; ")))
    }
}
