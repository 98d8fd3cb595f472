//! The rules that others published, as policies. Each has the same budget.

use std::cmp::Reverse;

use jiff::civil::Date;
use kith::core::date::number;
use kith::core::facts::{Comfort, Direction, Facts, Person, PersonId};
use kith::core::follow_up::Kind;
use kith::core::how::How;
use kith::core::intention::Aim;
use kith::core::settings::Settings;
use kith::core::simulate::{Chance, Outreach, Policy};

/// Whom a rule would reach today, the most urgent first.
trait Rule {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId>;
}

/// A rule within the budget: as many as a day and a week allow.
struct Within<R> {
    rule: R,
    /// Whether what is owed comes first.
    owed: bool,
    week: i64,
    used: usize,
}

/// Every opponent, by name.
pub(crate) fn all(chance: Chance) -> Vec<(&'static str, Box<dyn Policy>)> {
    fn within<R: Rule + 'static>(rule: R, owed: bool) -> Box<dyn Policy> {
        Box::new(Within { rule, owed, week: 0, used: 0 })
    }
    vec![
        ("random choice", within(Random(chance), false)),
        ("overdue first", within(Overdue, false)),
        ("overdue first, owed done", within(Overdue, true)),
        ("overdue / interval", within(Ratio, false)),
        ("fixed timer", within(Timer { chance }, false)),
        ("pools, ghost rule", within(Pools, false)),
        ("capped ratio x tier", within(Tiers, false)),
        ("at-risk score", within(AtRisk, false)),
    ]
}

impl<R: Rule> Policy for Within<R> {
    fn reach(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<Outreach> {
        let week = (number(today) + 3).div_euclid(7);
        if week != self.week {
            (self.week, self.used) = (week, 0);
        }
        let mut chosen: Vec<(PersonId, Kind)> = if self.owed { owed(facts, today) } else { Vec::new() };
        if settings.budget.weekdays.contains(&today.weekday()) {
            let room = usize::from(settings.budget.per_week).saturating_sub(self.used);
            let room = room.min(usize::from(settings.budget.per_day)).saturating_sub(chosen.len());
            if room > 0 {
                let ranked = self.rule.rank(facts, settings, today);
                let fresh: Vec<PersonId> = ranked
                    .into_iter()
                    .filter(|id| chosen.iter().all(|(had, _)| had != id))
                    .take(room)
                    .collect();
                chosen.extend(fresh.into_iter().map(|id| (id, Kind::KeepInTouch)));
            }
        }
        self.used += chosen.len();
        // Whoever wants to ask for something does so when they are next in touch.
        let ask = |person| {
            facts.intentions.iter().find(|i| i.person == person && i.aim == Aim::Ask && i.ended.is_none())
        };
        chosen
            .into_iter()
            .map(|(person, kind)| Outreach { person, kind, intention: ask(person).map(|i| i.id) })
            .collect()
    }
}

/// Promises whose day has come, and meetings of yesterday to be thanked for.
fn owed(facts: &Facts, today: Date) -> Vec<(PersonId, Kind)> {
    let open = facts.intentions.iter().filter(|i| i.aim == Aim::Promise && i.ended.is_none());
    let mut owed: Vec<(PersonId, Kind)> =
        open.filter(|i| i.by.is_some_and(|by| by <= today)).map(|i| (i.person, Kind::Promise)).collect();
    let yesterday = today.yesterday().ok();
    let met = |person: &&Person| {
        let last = person.interactions.last();
        last.is_some_and(|i| Some(i.day) == yesterday && i.how == How::Met && i.fresh)
            && !matches!(person.circle.as_deref(), Some("family" | "close"))
    };
    owed.extend(facts.people.iter().filter(met).map(|person| (person.id, Kind::ThankYou)));
    owed.sort_unstable_by_key(|(person, _)| *person);
    owed.dedup_by_key(|(person, _)| *person);
    owed
}

/// Everybody who may be planned, with the days since anything happened.
fn known(facts: &Facts, today: Date) -> impl Iterator<Item = (&Person, Option<i64>)> {
    let people = facts.people.iter().filter(|person| person.comfort != Comfort::Never);
    people.map(move |person| (person, last(person).map(|day| number(today) - number(day))))
}

/// What was entered last is what happened last here.
fn last(person: &Person) -> Option<Date> {
    person
        .interactions
        .iter()
        .rev()
        .take(1)
        .map(|i| i.day)
        .chain(person.interactions.first().map(|i| i.day))
        .max()
}

fn ideal(person: &Person, settings: &Settings) -> i64 {
    i64::try_from(person.cadence(settings).ideal.myriadays() / 10_000).unwrap_or(i64::MAX).max(1)
}

/// The highest scores, from the highest; equal ones in the order of people.
fn best<S: PartialOrd>(mut scored: Vec<(S, PersonId)>, at_most: usize) -> Vec<PersonId> {
    scored.sort_by(|(a, x), (b, y)| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal).then(x.cmp(y)));
    scored.into_iter().take(at_most).map(|(_, id)| id).collect()
}

const MOST: usize = 50;

/// Anybody.
struct Random(Chance);

impl Rule for Random {
    fn rank(&mut self, facts: &Facts, _: &Settings, today: Date) -> Vec<PersonId> {
        let day = number(today).unsigned_abs();
        let all = facts.people.len() as u64;
        (0..MOST as u64)
            .filter_map(|turn| usize::try_from(self.0.below(all, 200, turn, day)).ok())
            .filter_map(|at| facts.people.get(at))
            .map(|person| person.id)
            .collect()
    }
}

/// The most days past the ideal interval since the last contact of any kind
/// (Nametag, Dex and others): who was never spoken to is never due.
struct Overdue;

impl Rule for Overdue {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId> {
        let due = known(facts, today)
            .filter_map(|(person, days)| Some((days? - ideal(person, settings), person.id)));
        best(due.filter(|(late, _)| *late >= 0).collect(), MOST)
    }
}

/// Days overdue by interval, without a limit (Bonds).
struct Ratio;

impl Rule for Ratio {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId> {
        let due = known(facts, today).filter_map(|(person, days)| {
            let ideal = ideal(person, settings);
            Some((float(days? - ideal) / float(ideal), person.id))
        });
        best(due.filter(|(late, _)| *late >= 0.0).collect(), MOST)
    }
}

/// A reminder each interval, whatever happens between; one that is missed is gone (Monica 4).
struct Timer {
    chance: Chance,
}

impl Rule for Timer {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId> {
        // Weekend reminders are read on Monday.
        let back = if today.weekday().to_monday_zero_offset() == 0 { 3 } else { 1 };
        let fires = |person: &&Person| {
            let ideal = ideal(person, settings);
            let start =
                i64::try_from(self.chance.below(ideal.unsigned_abs(), 201, person.id.0.unsigned_abs(), 0));
            (0..back).any(|ago| (number(today) - ago - start.unwrap_or(0)).rem_euclid(ideal) == 0)
        };
        facts.people.iter().filter(fires).map(|person| person.id).take(MOST).collect()
    }
}

/// Three of the active who are due and two of the dormant, no more often than
/// each fortnight, and nobody who left the last three tries unanswered within a
/// month (PingCRM): intervals of 30, 60 and 180 days, those first with whom
/// there is most.
struct Pools;

impl Rule for Pools {
    fn rank(&mut self, facts: &Facts, _: &Settings, today: Date) -> Vec<PersonId> {
        let (mut active, mut dormant) = (Vec::new(), Vec::new());
        for (person, days) in known(facts, today) {
            let Some(days) = days.filter(|&days| days >= 14) else { continue };
            let outbound = |i: &&kith::core::facts::Interaction| i.how.direction() == Direction::Outbound;
            let ghosted = person.interactions.len() >= 3
                && person.interactions.iter().rev().take(3).all(|i| outbound(&i));
            if ghosted && days < 30 {
                continue;
            }
            let (tier, every) = match person.circle.as_deref() {
                Some("family" | "close") => (2, 30),
                Some("friends" | "mentors") => (1, 60),
                _ => (0, 180),
            };
            let count = person.interactions.len();
            if days > 365 {
                if count >= 2 && days <= 5 * 365 {
                    dormant.push(((tier, count), person.id));
                }
            } else if days >= every {
                active.push(((tier, count), person.id));
            }
        }
        let (active, dormant) = (best(active, MOST), best(dormant, MOST));
        let mut ranked = Vec::new();
        let (mut active, mut dormant) = (active.into_iter().peekable(), dormant.into_iter().peekable());
        // By turns over the week, three and two.
        let shift = usize::try_from(number(today).rem_euclid(5)).unwrap_or(0) * 3;
        for turn in shift.. {
            let first = turn % 5 < 3;
            let next = if first {
                active.next().or_else(|| dormant.next())
            } else {
                dormant.next().or_else(|| active.next())
            };
            match next {
                Some(id) => ranked.push(id),
                None => break,
            }
        }
        ranked
    }
}

/// The capped ratio times the tier (whodex): who was never spoken to counts
/// as waiting longest.
struct Tiers;

impl Rule for Tiers {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId> {
        let score = |(person, days): (&Person, Option<i64>)| {
            let ratio = days.map_or(3.0, |days| (float(days) / float(ideal(person, settings))).min(3.0));
            let tier = match person.circle.as_deref() {
                Some("family") => 2.0,
                Some("close" | "friends" | "mentors") => 1.3,
                _ => 1.0,
            };
            (ratio * tier, person.id)
        };
        best(known(facts, today).map(score).collect(), MOST)
    }
}

/// The health score below forty (Contrack), the lowest first; who was never
/// spoken to has none.
struct AtRisk;

impl Rule for AtRisk {
    fn rank(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<PersonId> {
        let score = |(person, days): (&Person, Option<i64>)| {
            let days = float(days?);
            let recency = 100.0 / (1.0 + (0.08 * (days - float(ideal(person, settings)))).exp());
            let within = |from: i64, to: i64| {
                let in_it = |i: &&kith::core::facts::Interaction| {
                    (from..to).contains(&(number(today) - number(i.day)))
                };
                person.interactions.iter().filter(in_it).count()
            };
            let two_way = person.interactions.iter().filter(|i| i.how.direction() == Direction::Both).count();
            let reciprocity = 100.0 * count(two_way) / count(person.interactions.len());
            let (now, before) = (within(0, 30), within(30, 60));
            let momentum = match now.cmp(&before) {
                std::cmp::Ordering::Greater => 100.0,
                std::cmp::Ordering::Equal => 50.0,
                std::cmp::Ordering::Less => 0.0,
            };
            let frequency = (10.0 * count(within(0, 90))).min(100.0);
            Some((0.40 * recency + 0.25 * frequency + 0.10 * reciprocity + 0.10 * momentum, person.id))
        };
        let mut at_risk: Vec<_> =
            known(facts, today).filter_map(score).filter(|(score, _)| *score < 40.0).collect();
        at_risk.sort_by(|(a, x), (b, y)| a.total_cmp(b).then(Reverse(x).cmp(&Reverse(y)).reverse()));
        at_risk.into_iter().map(|(_, id)| id).take(MOST).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "days are far below 2^52")]
fn float(days: i64) -> f64 {
    days as f64
}

#[expect(clippy::cast_precision_loss, reason = "few")]
fn count(number: usize) -> f64 {
    number as f64
}
