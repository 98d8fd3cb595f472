//! Who gets the free places, day by day.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::agenda::Agenda;
use super::order::QueueKey;
use super::rules::Class;
use crate::core::settings::Temperament;

/// The order within a queue, and who.
type Place = Reverse<(QueueKey, usize)>;

/// A class, whether they rekindle ties that have been quiet for long, and their interval.
type Queue = (Class, bool, i64);

/// What a class had so far: those with less come first in the turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Served {
    /// The number of the last day on which it had a place.
    last: Option<i64>,
    /// How many shared places it had.
    shared: usize,
}

impl Served {
    pub(super) fn had(&mut self, day: i64, shared: bool) {
        self.last = self.last.max(Some(day));
        self.shared += usize::from(shared);
    }
}

/// How often at most whoever made way may look again. Two rounds are the rule.
const ROUNDS: usize = 16;

/// Fills the free places until nothing would change any more, so that the same
/// facts give the same plan tomorrow.
pub(super) fn fill(agenda: &mut Agenda<'_>, served: &HashMap<Class, Served>) {
    let crowd = Crowd::of(agenda);
    while Pass::new(agenda, &crowd, served.clone()).run() {}
    // Whoever made way and found no later place takes an earlier one now, as
    // they would tomorrow.
    for _ in 0..ROUNDS {
        let before = agenda.day.clone();
        if !agenda.lift_floors() {
            break;
        }
        while Pass::new(agenda, &crowd, served.clone()).run() {}
        if agenda.day == before {
            break;
        }
    }
}

/// Who may be planned from when on, which is the same for each pass.
struct Crowd {
    /// Those who may be planned from today on as what they are then, whichever day it is, in their queues: of a
    /// large address book nearly all.
    today: BTreeMap<Queue, Vec<Place>>,
    /// Everybody else who may be planned.
    others: Vec<usize>,
}

impl Crowd {
    fn of(agenda: &Agenda<'_>) -> Self {
        let mut crowd = Self { today: BTreeMap::new(), others: Vec::new() };
        let today = agenda.schedule.today;
        for who in 0..agenda.candidates.len() {
            match agenda.first(who) {
                Some(first) if first == today && agenda.candidates[who].changes().next().is_none() => {
                    crowd.today.entry(queue(agenda, who, today)).or_default().push(place(agenda, who, today));
                }
                Some(_) => crowd.others.push(who),
                None => {}
            }
        }
        crowd
    }
}

/// The queue that somebody is in on a day.
fn queue(agenda: &Agenda<'_>, who: usize, at: usize) -> Queue {
    let (class, interval) = agenda.turn(who, at).queue(agenda.schedule.number(at));
    (class, agenda.is_quiet(who, at), interval)
}

/// The place of somebody in their queue on a day.
fn place(agenda: &Agenda<'_>, who: usize, at: usize) -> Place {
    Reverse((agenda.turn(who, at).queue_key(agenda.schedule.number(at)), who))
}

/// One walk over the days of the window.
///
/// What it does on a day depends only on the facts and on what is planned for
/// that week and the days before it; so the window's next day can be added
/// without touching the others.
struct Pass<'a, 'b> {
    agenda: &'a mut Agenda<'b>,
    /// Who becomes plannable on which day.
    arriving: Vec<Vec<usize>>,
    /// How many of these are not newcomers.
    due: Vec<usize>,
    /// Who is plannable by now, in queues within which the order never changes.
    waiting: BTreeMap<Queue, BinaryHeap<Place>>,
    served: HashMap<Class, Served>,
    placed: bool,
    displaced: bool,
    /// Whether somebody was left for a place that they may not get in the end.
    hoped: bool,
}

impl<'a, 'b> Pass<'a, 'b> {
    fn new(agenda: &'a mut Agenda<'b>, crowd: &Crowd, served: HashMap<Class, Served>) -> Self {
        let days = agenda.schedule.days.len();
        let mut pass = Self {
            agenda,
            arriving: vec![Vec::new(); days],
            due: vec![0; days],
            waiting: BTreeMap::new(),
            served,
            placed: false,
            displaced: false,
            hoped: false,
        };
        for (&queue, all) in &crowd.today {
            let (waiting, others): (Vec<Place>, Vec<Place>) =
                all.iter().partition(|&&Reverse((_, who))| pass.agenda.is_yet_to_place(who));
            pass.waiting.insert(queue, waiting.into());
            others.iter().for_each(|&Reverse((_, who))| pass.expect_first(who));
        }
        crowd.others.iter().for_each(|&who| pass.expect_first(who));
        pass
    }

    /// Has somebody arrive on their first day, if they wait for a place on it.
    fn expect_first(&mut self, who: usize) {
        let first = self.agenda.first(who);
        if first.is_some_and(|first| self.agenda.waits_for(who, first)) {
            self.expect(who, first, self.agenda.schedule.today);
        }
    }

    /// Has somebody arrive on `first`, their first day from `at` on, if there is one.
    fn expect(&mut self, who: usize, first: Option<usize>, at: usize) {
        if let Some(day) = first {
            self.arriving[day].push(who);
            let is_due = self.agenda.day[who].is_none() && !self.agenda.turn(who, day).is_newcomer();
            self.due[day] += usize::from(is_due);
        }
        // And again where they change queues.
        for change in self.agenda.candidates[who].changes() {
            let index = self.agenda.schedule.index(change).filter(|&index| index > at);
            if let Some(day) = index.and_then(|index| self.agenda.ready(who, index)) {
                self.arriving[day].push(who);
            }
        }
    }

    /// Returns whether another pass may change something.
    fn run(mut self) -> bool {
        for at in self.agenda.schedule.today..=self.agenda.schedule.last {
            self.arrive(at);
            for entry in &self.agenda.schedule.days[at].entries {
                let served = self.served.entry(entry.class).or_default();
                served.had(self.agenda.schedule.number(at), entry.shared);
            }
            // What the user means to do does not wait for the week to be evenly spread.
            while self.agenda.schedule.is_free(at)
                && let Some(who) = self.head_of(Class::Wished, at)
            {
                self.place(who, at, false);
            }
            while self.agenda.schedule.is_fair(at) {
                let Some((who, shared)) = self.next(at) else { break };
                self.place(who, at, shared);
            }
            while self.displace(at) {}
            while self.share(at) {}
        }
        self.displaced || (self.placed && self.hoped)
    }

    fn arrive(&mut self, at: usize) {
        for who in std::mem::take(&mut self.arriving[at]) {
            self.waiting.entry(queue(self.agenda, who, at)).or_default().push(place(self.agenda, who, at));
        }
    }

    /// The most urgent of a class who may be planned for that day.
    fn head_of(&mut self, class: Class, at: usize) -> Option<usize> {
        let lively = self.head_among(class, false, at);
        let quiet = self.head_among(class, true, at);
        [lively, quiet].into_iter().flatten().min_by(|&a, &b| self.agenda.compare(a, b, at))
    }

    /// Likewise among those who rekindle a tie that has been quiet for long, or
    /// the others. Ties grow quiet while they wait, so the others come first.
    fn head_among(&mut self, class: Class, quiet: bool, at: usize) -> Option<usize> {
        let (mut best, mut paused, mut grown_quiet) = (None, Vec::new(), Vec::new());
        let day = self.agenda.schedule.number(at);
        let queues = self.waiting.range_mut((class, quiet, i64::MIN)..=(class, quiet, i64::MAX));
        for (&(.., interval), queue) in queues {
            while let Some(&Reverse((key, who))) = queue.peek() {
                // Who changed queues may have a place already, or wait in another one, or
                // elsewhere in this one, by now.
                let turn = self.agenda.turn(who, at);
                let is_here = turn.class(day) == class && turn.queue_key(day) == key;
                if !self.agenda.waits_for(who, at) || !is_here {
                    queue.pop();
                    continue;
                }
                if self.agenda.is_quiet(who, at) != quiet {
                    grown_quiet.push((interval, Reverse((key, who))));
                    queue.pop();
                    continue;
                }
                if self.agenda.allows(who, at) {
                    let ahead = |&best: &usize| self.agenda.compare(best, who, at).is_lt();
                    best = best.filter(ahead).or(Some(who));
                    break;
                }
                // A pause of their own began: they come back after it.
                paused.push(who);
                queue.pop();
            }
        }
        for (interval, place) in grown_quiet {
            self.waiting.entry((class, true, interval)).or_default().push(place);
        }
        for who in paused {
            self.expect(who, self.agenda.ready(who, at), at);
        }
        best
    }

    /// The most urgent of each class but newcomers, the most urgent first; nobody
    /// whose tie has been quiet for long if the week has enough of these.
    fn heads(&mut self, at: usize) -> Vec<usize> {
        let enough_quiet = self.agenda.has_enough_quiet(at);
        let circles = (0..self.agenda.rules.circles.len()).map(Class::Circle);
        let had =
            self.agenda.schedule.weeks[at / 7].main.iter().filter(|&&class| class == Class::Step).count();
        let step = (had < self.agenda.rules.steps_a_week()).then_some(Class::Step);
        let classes = std::iter::once(Class::Wished).chain(step).chain(circles);
        let head = |class| match enough_quiet {
            true => self.head_among(class, false, at),
            false => self.head_of(class, at),
        };
        let mut heads: Vec<usize> = classes.filter_map(head).collect();
        heads.sort_by(|&a, &b| self.agenda.compare(a, b, at));
        heads
    }

    /// Who gets the next place of that day, and whether it is a shared one.
    ///
    /// A week's last places are the shared ones, since only then it is known
    /// which circles would get none.
    fn next(&mut self, at: usize) -> Option<(usize, bool)> {
        let (places, shared) = (self.agenda.schedule.places(at), self.agenda.shared_places(at));
        if self.agenda.schedule.weeks[at / 7].main.len() >= places - shared
            && let Some(who) = self.left_out(at)
        {
            return Some((who, true));
        }
        if let Some(&who) = self.heads(at).first() {
            return Some((who, false));
        }
        // Who likes few deep talks has newcomers on shared places only.
        let few = self.agenda.rules.temperament == Temperament::Deep;
        let newcomer = self.head_of(Class::Newcomer, at);
        if newcomer.is_none() || few {
            // What nobody else needs is for ties that have been quiet for long.
            let circles = (0..self.agenda.rules.circles.len()).map(Class::Circle);
            let quiet: Vec<_> = circles.filter_map(|class| self.head_among(class, true, at)).collect();
            if let Some(who) = quiet.into_iter().min_by(|&a, &b| self.agenda.compare(a, b, at)) {
                return Some((who, false));
            }
        }
        let who = newcomer?;
        // Nobody else needs it today; those may who are due later in the week.
        let schedule = &self.agenda.schedule;
        let (week, later) = (&schedule.weeks[at / 7], schedule.needed_later(at, &self.due));
        if !few && schedule.room(at) > later {
            return Some((who, false));
        }
        let turn = week.shared.len() < shared && !week.main.contains(&Class::Newcomer);
        if turn && (few || week.main.len() + later >= places - shared) {
            return Some((who, true));
        }
        self.hoped = true;
        None
    }

    /// The most urgent of the class whose turn it is, of those that got no ordinary place this week.
    fn left_out(&mut self, at: usize) -> Option<usize> {
        let week = &self.agenda.schedule.weeks[at / 7];
        let mut classes: Vec<_> = (0..self.agenda.rules.circles.len())
            .map(Class::Circle)
            .chain([Class::Newcomer])
            .filter(|class| !week.main.contains(class))
            .map(|class| (week.shared.iter().filter(|&&had| had == class).count(), class))
            .map(|(had, class)| (had, self.served.get(&class).copied().unwrap_or_default(), class))
            .collect();
        classes.sort_unstable();
        classes.into_iter().find_map(|(_, _, class)| self.head_of(class, at))
    }

    fn place(&mut self, who: usize, at: usize, shared: bool) {
        let (queue, class) = (queue(self.agenda, who, at), self.agenda.class(who, at));
        // Whoever is chosen is the first of their queue.
        if let Some(queue) = self.waiting.get_mut(&queue) {
            queue.pop();
        }
        self.served.entry(class).or_default().had(self.agenda.schedule.number(at), shared);
        self.agenda.put(who, at, shared);
        self.placed = true;
    }

    /// Lets somebody who outranks and is more urgent have the place of the least urgent of the day,
    /// unless a free one comes soon; newcomers get no place that others may need, so of them
    /// nobody waits for one. Returns whether it did.
    fn displace(&mut self, at: usize) -> bool {
        if !self.agenda.schedule.is_open(at) {
            return false;
        }
        let mut heads = self.heads(at);
        heads.extend(self.head_of(Class::Newcomer, at));
        let agenda = &*self.agenda;
        let day = agenda.schedule.number(at);
        let least = |who: usize| {
            let (turn, entries) = (agenda.turn(who, at), &agenda.schedule.days[at].entries);
            entries
                .iter()
                .filter(|entry| !entry.shared || turn.class(day) == entry.class)
                .filter(|entry| turn.outranks(agenda.turn(entry.who, at), day))
                .filter(|entry| entry.class != Class::Wished || !agenda.is_free_in_time(who, at))
                .max_by(|a, b| agenda.compare(a.who, b.who, at))
        };
        let Some((who, least)) = heads.into_iter().find_map(|who| Some((who, *least(who)?))) else {
            return false;
        };
        let class = agenda.class(who, at);
        if class != Class::Newcomer && agenda.can_wait(who, at) {
            self.hoped = true;
            return false;
        }
        if class != least.class && self.agenda.keeps_place(at, least) {
            self.served.entry(least.class).or_default().had(day, true);
            return true;
        }
        self.agenda.take_off(least.who, at + 1);
        self.place(who, at, least.shared);
        self.agenda.move_on(least);
        self.displaced = true;
        true
    }

    /// Gives a place that the week still has to share to who is left out, where it is full already: on its
    /// last open day, when it is known. Returns whether it did.
    ///
    /// Whoever comes new into a plan of full weeks would else wait until all who were planned are done. But
    /// nobody whom the user is asked for today makes way, nor the only one of a circle in that week.
    fn share(&mut self, at: usize) -> bool {
        let schedule = &self.agenda.schedule;
        let week = &schedule.weeks[at / 7];
        let is_to_share = week.shared.len() < self.agenda.shared_places(at);
        if at == schedule.today || !schedule.is_last_open(at) || !is_to_share {
            return false;
        }
        let has_another = |class: Class| week.main.iter().filter(|&&had| had == class).count() > 1;
        let least =
            schedule.days[at].entries.iter().filter(|entry| !entry.shared && has_another(entry.class));
        let least = least.filter(|entry| matches!(entry.class, Class::Circle(_) | Class::Newcomer));
        let Some(least) = least.copied().max_by(|a, b| self.agenda.compare(a.who, b.who, at)) else {
            return false;
        };
        let Some(who) = self.left_out(at) else { return false };
        self.agenda.take_off(least.who, at + 1);
        self.place(who, at, true);
        self.agenda.move_on(least);
        self.displaced = true;
        true
    }
}
