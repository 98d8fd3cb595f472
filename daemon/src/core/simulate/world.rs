//! A day of the world: what happens by itself, what is asked for, and what comes of it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, Weekday};

use super::record::{CircleRecord, Record, Week};
use super::{Chance, Customs, Habits, Outreach, Policy, Simulation};
use crate::core::cadence::{Cadence, Interval};
use crate::core::date::number;
use crate::core::facts::{Comfort, Direction, Facts, Interaction, Pause, Person, PersonId};
use crate::core::follow_up::Kind;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::pause::Why;
use crate::core::settings::{OTHERS, Settings};
use crate::core::state::State;

/// How long before a time away the user knows of it.
const KNOWN_BEFORE: Interval = Interval::days(14);
/// How many days after its day a promise still counts as kept.
const IN_TIME: i64 = 3;
/// How many days after a meeting one may say thank you.
const THANKS_WITHIN: i64 = 7;
/// How many days after a try without an answer another one is a repeat.
const REPEAT_WITHIN: i64 = 13;
/// How many days somebody may take to answer.
const ANSWER_WITHIN: u64 = 9;
/// After so many days what was not asked is let go.
const ASK_WITHIN: i64 = 180;

/// What chance is asked about.
mod purpose {
    pub(super) const COMES: u64 = 1;
    pub(super) const MEETS: u64 = 2;
    pub(super) const DOES: u64 = 3;
    pub(super) const ANSWERS: u64 = 4;
    pub(super) const AT_ONCE: u64 = 5;
    pub(super) const DELAY: u64 = 6;
    pub(super) const PROMISES: u64 = 7;
    pub(super) const BY: u64 = 8;
    pub(super) const ASKS: u64 = 9;
    pub(super) const WHOM: u64 = 10;
}

/// How it stands with somebody, in numbers of days.
#[derive(Debug, Clone, Copy)]
struct Tie {
    circle: usize,
    cadence: Cadence,
    /// Whether they may be planned at all.
    counts: bool,
    /// The last talk or word from them.
    contact: Option<i64>,
    /// Until when they are in touch.
    warm_until: i64,
    /// The last time that the user turned to them, or they to the user.
    touch: Option<i64>,
    /// The last try that was not answered.
    tried: Option<i64>,
    /// Whether it was dormant at the beginning and did not come back yet.
    dormant: bool,
    /// The last week in which they were asked for.
    asked: Option<usize>,
    /// When they were met, as long as a thank-you is owed.
    met: Option<i64>,
}

pub(super) struct World<'a> {
    facts: Facts,
    settings: &'a Settings,
    habits: &'a [Habits],
    customs: Customs,
    chance: Chance,
    first: i64,
    today: Date,
    at: HashMap<PersonId, usize>,
    ties: Vec<Tie>,
    /// Answers on their way, by day.
    answers: BTreeMap<i64, Vec<usize>>,
    next_intention: i64,
    record: Record,
}

impl<'a> World<'a> {
    pub(super) fn new(facts: Facts, simulation: Simulation<'a>) -> Self {
        let Simulation { settings, habits, customs, chance, today, .. } = simulation;
        let mut names: Vec<(Cadence, &str)> =
            settings.circles.iter().map(|(name, circle)| (circle.cadence(), name.as_str())).collect();
        names.sort_by_key(|&(cadence, name)| (cadence.ideal, cadence.latest, name));
        let circle_of = |person: &Person| {
            let name = person.circle.as_deref().filter(|name| settings.circles.contains_key(*name));
            names.iter().position(|(_, known)| *known == name.unwrap_or(OTHERS)).unwrap_or(0)
        };
        let ties: Vec<Tie> =
            facts.people.iter().map(|p| Tie::new(p, circle_of(p), settings, today)).collect();
        let circle = |(_, name): &(Cadence, &str)| CircleRecord {
            name: (*name).to_owned(),
            people: 0,
            in_touch: [0; 2],
            new: [0; 2],
            days: 0,
            days_in_touch: 0,
            asked: 0,
            longest_wait: 0.0,
            longest: None,
        };
        let circles = names.iter().map(circle).collect();
        let at = facts.people.iter().enumerate().map(|(at, person)| (person.id, at)).collect();
        let next_intention = facts.intentions.iter().map(|i| i.id).max().unwrap_or(0) + 1;
        let mut world = Self {
            facts,
            settings,
            habits,
            customs,
            chance,
            first: number(today),
            today,
            at,
            ties,
            answers: BTreeMap::new(),
            next_intention,
            record: Record { circles, ..Record::default() },
        };
        world.count(0);
        let dormant = world.ties.iter().filter(|tie| tie.dormant).count();
        world.record.dormant = u32::try_from(dormant).unwrap_or(u32::MAX);
        world
    }

    /// Lives a day; false if it is the last there is.
    pub(super) fn day(&mut self, policy: &mut dyn Policy) -> bool {
        let day = number(self.today);
        if let Some((from, until)) = self.customs.away
            && KNOWN_BEFORE.before(from) == self.today
        {
            self.facts.pauses.push(Pause { person: None, from, until, why: Why::Pause });
        }
        self.happens(day);
        let is_away = self.customs.away.is_some_and(|(from, until)| (from..=until).contains(&self.today));
        let asked = if is_away { Vec::new() } else { policy.reach(&self.facts, self.settings, self.today) };
        if self.record.weeks.is_empty() || self.today.weekday() == Weekday::Monday {
            self.record.weeks.push(Week { from: self.today, ..Week::default() });
        }
        let week = self.record.weeks.len() - 1;
        self.record.weeks[week].days += 1;
        for outreach in asked {
            let Some(&who) = self.at.get(&outreach.person) else { continue };
            let does = self.roll(purpose::DOES, who, day) < self.customs.does;
            if outreach.kind.is_outreach() {
                self.record.weeks[week].asked += u32::from(self.ties[who].asked != Some(week));
                self.ties[who].asked = Some(week);
                self.record.weeks[week].done += u32::from(does);
                self.record.circles[self.ties[who].circle].asked += 1;
            } else {
                self.record.weeks[week].congratulated += 1;
            }
            if does {
                self.reach(who, outreach, day);
            }
        }
        if !is_away {
            self.wants(day);
        }
        self.lapse(day);
        for tie in self.ties.iter().filter(|tie| tie.counts) {
            let circle = &mut self.record.circles[tie.circle];
            circle.days += 1;
            circle.days_in_touch += u64::from(tie.contact.is_some() && day <= tie.warm_until);
        }
        match self.today.tomorrow() {
            Ok(tomorrow) => self.today = tomorrow,
            Err(_) => return false,
        }
        true
    }

    /// What was counted.
    pub(super) fn record(mut self) -> Record {
        let last = number(self.today);
        self.count(1);
        for who in 0..self.ties.len() {
            self.waited(who, last);
        }
        self.record
    }

    fn roll(&self, purpose: u64, who: usize, day: i64) -> f64 {
        self.chance.share(purpose, who as u64, day.unsigned_abs())
    }

    fn count(&mut self, when: usize) {
        let day = number(self.today);
        for tie in self.ties.iter().filter(|tie| tie.counts) {
            let circle = &mut self.record.circles[tie.circle];
            circle.people += u32::from(when == 0);
            circle.in_touch[when] += u32::from(tie.contact.is_some() && day <= tie.warm_until);
            circle.new[when] += u32::from(tie.contact.is_none() && tie.touch.is_none());
        }
    }

    /// Who comes by themselves, is met, or answers.
    fn happens(&mut self, day: i64) {
        for who in self.answers.remove(&day).unwrap_or_default() {
            self.contact(who, How::Heard, day);
        }
        for who in 0..self.ties.len() {
            let habits = self.habits[who];
            if self.roll(purpose::COMES, who, day) < habits.comes {
                self.contact(who, How::Heard, day);
            }
            if self.roll(purpose::MEETS, who, day) < habits.meets {
                self.contact(who, How::Met, day);
            }
        }
    }

    /// They talked, or they wrote.
    fn contact(&mut self, who: usize, how: How, day: i64) {
        self.waited(who, day);
        let fresh = how == How::Met;
        self.facts.people[who].interactions.push(Interaction { day: self.today, how, fresh, gift: false });
        let tie = &mut self.ties[who];
        self.record.rekindled += u32::from(std::mem::take(&mut tie.dormant));
        tie.contact = Some(day);
        tie.warm_until = number(tie.cadence.latest.after(self.today));
        tie.tried = None;
        if how == How::Met && tie.counts {
            let circle = &self.record.circles[tie.circle].name;
            if self.settings.circles.get(circle).is_some_and(|circle| circle.thanks) {
                tie.met = Some(day);
            }
        }
        if how.direction() == Direction::Both && tie.counts {
            self.promise(who, day);
        }
    }

    /// The wait of somebody ends.
    fn waited(&mut self, who: usize, day: i64) {
        let first = self.first;
        let tie = &mut self.ties[who];
        if let Some(touch) = tie.touch.filter(|_| tie.counts) {
            let days = day - touch.max(first);
            #[expect(clippy::cast_precision_loss, reason = "days are far below 2^52")]
            let wait = days as f64 * 10_000.0 / tie.cadence.latest.myriadays().max(1) as f64;
            let circle = &mut self.record.circles[tie.circle];
            if wait > circle.longest_wait {
                circle.longest_wait = wait;
                circle.longest = Some((self.facts.people[who].id, days));
            }
        }
        tie.touch = Some(day);
    }

    /// A talk may end with a promise.
    fn promise(&mut self, who: usize, day: i64) {
        if self.roll(purpose::PROMISES, who, day) >= self.customs.promises {
            return;
        }
        let days = 3 + self.chance.below(19, purpose::BY, who as u64, day.unsigned_abs());
        let by = Interval::days(u16::try_from(days).unwrap_or(3)).after(self.today);
        self.intend(who, Aim::Promise, Some(by));
    }

    fn intend(&mut self, who: usize, aim: Aim, by: Option<Date>) {
        self.facts.intentions.push(Intention {
            id: self.next_intention,
            person: self.facts.people[who].id,
            aim,
            what: String::new(),
            by,
            entered: self.today,
            ended: None,
        });
        self.next_intention += 1;
    }

    /// A day may bring something to ask somebody for whom one knows.
    fn wants(&mut self, day: i64) {
        if self.roll(purpose::ASKS, 0, day) < self.customs.asks && !self.ties.is_empty() {
            let who = self.chance.below(self.ties.len() as u64, purpose::WHOM, 0, day.unsigned_abs());
            let who = usize::try_from(who).unwrap_or(0);
            let asked = self.facts.intentions.iter().any(|i| i.person == self.facts.people[who].id);
            if self.ties[who].counts && self.ties[who].contact.is_some() && !asked {
                self.intend(who, Aim::Ask, None);
            }
        }
    }

    /// The user reaches out.
    fn reach(&mut self, who: usize, outreach: Outreach, day: i64) {
        let tie = self.ties[who];
        let kind = outreach.kind;
        let owed = kind.is_owed();
        if kind.is_outreach() {
            self.record.done += 1;
        }
        if !owed && kind.is_outreach() {
            let repeats = tie.tried.is_some_and(|tried| day - tried <= REPEAT_WITHIN);
            self.record.repeats += u32::from(repeats);
            let quarter = i64::from(tie.cadence.ideal.quarter_in_days());
            let too_soon = tie.contact.is_some_and(|contact| day - contact < quarter);
            self.record.too_soon += u32::from(too_soon && !kind.is_intended());
        }
        self.keep(who, outreach, day);
        if tie.met.is_some_and(|met| day > met || owed) {
            self.record.meetings += 1;
            self.record.thanked += 1;
            self.ties[who].met = None;
        }
        let count = self.facts.people[who].interactions.len();
        let answers =
            self.chance.share(purpose::ANSWERS, who as u64, day.unsigned_abs() ^ ((count as u64) << 32))
                < self.habits[who].answers;
        let at_once = !owed && self.roll(purpose::AT_ONCE, who, day) < 0.5;
        if answers && at_once {
            return self.contact(who, How::Called, day);
        }
        // A congratulation alone is no word that ends a wait, unless they answer it.
        if kind.is_outreach() {
            self.waited(who, day);
        }
        let gift = matches!(kind, Kind::Promise | Kind::ThankYou);
        let wrote = Interaction { day: self.today, how: How::Wrote, fresh: false, gift };
        self.facts.people[who].interactions.push(wrote);
        // Nobody is expected to answer a thank-you, or a congratulation.
        if !gift && kind.is_outreach() {
            self.ties[who].tried = Some(day);
        }
        if answers {
            let delay = 1 + self.chance.below(ANSWER_WITHIN, purpose::DELAY, who as u64, day.unsigned_abs());
            self.answers.entry(day + i64::try_from(delay).unwrap_or(1)).or_default().push(who);
        }
    }

    /// What was promised is kept when they are in touch; what is to be asked, is
    /// asked where the outreach is for it.
    fn keep(&mut self, who: usize, outreach: Outreach, day: i64) {
        let person = self.facts.people[who].id;
        let tie = self.ties[who];
        for intention in self.facts.intentions.iter_mut().filter(|i| i.person == person && i.ended.is_none())
        {
            if intention.aim == Aim::Promise {
                let by = intention.by.unwrap_or(self.today);
                self.record.promises += 1;
                self.record.kept += u32::from(day <= number(by) + IN_TIME);
            } else if Some(intention.id) == outreach.intention {
                self.record.asks += u32::from(intention.aim == Aim::Ask);
                let cold = tie.contact.is_none() || day > tie.warm_until || tie.tried.is_some();
                self.record.cold_asks += u32::from(intention.aim == Aim::Ask && cold);
            } else {
                continue;
            }
            intention.ended = Some((self.today, Outcome::Done));
        }
    }

    /// What is not done in time is broken, missed, or let go.
    fn lapse(&mut self, day: i64) {
        let today = self.today;
        let record = &mut self.record;
        self.facts.intentions.retain_mut(|intention| {
            if let Some((ended, _)) = intention.ended {
                return day - number(ended) <= 7;
            }
            let by = intention.by.map_or(number(intention.entered), number);
            if intention.aim == Aim::Promise && day > by + 30 {
                record.promises += 1;
                intention.ended = Some((today, Outcome::LetGo));
            } else if intention.aim == Aim::Ask && day > by + ASK_WITHIN {
                intention.ended = Some((today, Outcome::LetGo));
            }
            true
        });
        for tie in self.ties.iter_mut().filter(|tie| tie.met.is_some_and(|met| day - met >= THANKS_WITHIN)) {
            tie.met = None;
            record.meetings += 1;
        }
    }
}

impl Tie {
    fn new(person: &Person, circle: usize, settings: &Settings, today: Date) -> Self {
        let cadence = person.cadence(settings);
        let past = || person.interactions.iter().filter(|i| i.day < today);
        let talked = |i: &&Interaction| i.how.direction() != Direction::Outbound;
        let contact = past().filter(talked).map(|i| i.day).max();
        let reached = past().filter(|i| !talked(i)).map(|i| i.day).max();
        Self {
            circle,
            cadence,
            counts: person.comfort != Comfort::Never,
            contact: contact.map(number),
            warm_until: contact.map_or(0, |day| number(cadence.latest.after(day))),
            touch: contact.max(reached).map(number),
            tried: reached.filter(|&day| Some(day) > contact).map(number),
            dormant: person.comfort != Comfort::Never && State::on(today, contact, cadence) == State::Dormant,
            asked: None,
            met: None,
        }
    }
}
