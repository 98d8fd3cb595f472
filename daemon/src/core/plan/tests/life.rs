//! Years of days with people who answer, or not.

use std::collections::HashMap;

use super::*;
use crate::core::date::Birthday;
use crate::core::goal::{Among, Counts, Goal};
use crate::core::introduction::{End, Stage};
use crate::core::occasion::{Greeted, Occasion};
use crate::core::preference::Ease;
use crate::core::settings::Temperament;

/// A small random generator (SplitMix64): a life is its seed's.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn days(&mut self, most: u64) -> jiff::Span {
        jiff::Span::new().days(i64::try_from(self.below(most)).unwrap())
    }

    fn interval(&mut self) -> Interval {
        let count = u16::try_from(self.below(9) + 1).unwrap();
        match self.below(3) {
            0 => Interval::days(count),
            1 => Interval::weeks(count),
            _ => Interval::months(count),
        }
    }
}

const CIRCLES: [&str; 6] = ["family", "close", "friends", "colleagues", "weak-ties", "gone"];

/// Random people with a past before `today`.
pub(super) fn people(chance: &mut Chance, count: u64, today: Date) -> Vec<Person> {
    (1..=count).map(|id| someone(chance, i64::try_from(id).unwrap(), today)).collect()
}

fn someone(chance: &mut Chance, id: i64, today: Date) -> Person {
    let known = u32::try_from(chance.below(4)).unwrap();
    let circle = (!chance.one_in(4)).then(|| chance.pick(&CIRCLES).to_owned());
    let mut person = Person { circle, known, ..person(id) };
    person.ideal = chance.one_in(5).then(|| chance.interval());
    person.latest = chance.one_in(8).then(|| chance.interval());
    person.comfort = match chance.below(12) {
        0 => Comfort::Never,
        1 => Comfort::NotNow { until: today.saturating_add(chance.days(90)) },
        _ => Comfort::Yes,
    };
    person.ease = chance.one_in(2).then(|| chance.pick(&[Ease::Easy, Ease::Moderate, Ease::Hard]));
    person.birthday = chance.one_in(2).then(|| birthday(chance));
    if chance.one_in(4) {
        person.dates = vec![("wedding".to_owned(), birthday(chance))];
    }
    if !chance.one_in(3) {
        for _ in 0..chance.below(6) {
            let day = today.saturating_sub(chance.days(500));
            person.interactions.push(Interaction {
                day,
                how: how(direction(chance)),
                fresh: false,
                gift: false,
            });
        }
    }
    person
}

fn birthday(chance: &mut Chance) -> Birthday {
    let day = date(2000, 1, 1).saturating_add(chance.days(366));
    let text = day.to_string();
    if chance.one_in(2) { text.parse().unwrap() } else { format!("-{}", &text[4..]).parse().unwrap() }
}

fn direction(chance: &mut Chance) -> Direction {
    chance.pick(&[Direction::Both, Direction::Inbound, Direction::Outbound, Direction::Outbound])
}

pub(super) fn pauses(chance: &mut Chance, today: Date) -> Vec<Pause> {
    (0..chance.below(4))
        .map(|_| {
            let from = today.saturating_add(chance.days(80));
            let person = chance.one_in(2).then(|| PersonId(i64::try_from(chance.below(20)).unwrap()));
            let why = chance.pick(&[Why::Pause, Why::Snooze, Why::Skip]);
            // Skipped is what is asked for on the day itself, and that may have been a while ago.
            let ago = jiff::Span::new().days((number(from) - number(today)) % 20);
            let from = if why == Why::Skip { today.saturating_sub(ago) } else { from };
            Pause { person, from, until: from.saturating_add(chance.days(25)), why }
        })
        .collect()
}

/// A random calendar: busy days and holidays around `today`.
pub(super) fn calendar(chance: &mut Chance, today: Date) -> Days {
    let mut days = Days::default();
    for _ in 0..chance.below(30) {
        let day = today.saturating_sub(jiff::Span::new().days(5)).saturating_add(chance.days(120));
        if chance.one_in(5) {
            days.holidays.insert(day);
        } else {
            days.busy.insert(day, u32::try_from(chance.below(600)).unwrap());
        }
    }
    days
}

/// Random things that the user means to do, noted around `today`.
pub(super) fn intentions(chance: &mut Chance, people: u64, count: u64, today: Date) -> Vec<Intention> {
    (0..count).map(|_| intention(chance, people, today)).collect()
}

fn intention(chance: &mut Chance, people: u64, today: Date) -> Intention {
    let entered = today.saturating_sub(chance.days(40));
    let aims = [Aim::Promise, Aim::Promise, Aim::TheirPromise, Aim::Ask, Aim::Send, Aim::Invite];
    Intention {
        id: i64::try_from(chance.next() >> 20).unwrap(),
        person: PersonId(i64::try_from(chance.below(people) + 1).unwrap()),
        aim: chance.pick(&aims),
        what: "something".to_owned(),
        by: (!chance.one_in(3)).then(|| entered.saturating_add(chance.days(70))),
        entered,
        ended: chance.one_in(6).then_some((today, Outcome::Done)),
    }
}

/// Random introductions between some of so many people, each asked for and at any stage after that.
pub(super) fn introductions(chance: &mut Chance, people: u64, count: u64, today: Date) -> Vec<Introduction> {
    let one = |id: i64, chance: &mut Chance| {
        let mut day = today.saturating_sub(chance.days(40));
        let stages = 1 + chance.below(6);
        let mut step = |at: u64, chance: &mut Chance| {
            day = day.saturating_add(chance.days(9)).min(today);
            (at <= stages).then_some(day)
        };
        let person = |chance: &mut Chance| Some(PersonId(i64::try_from(chance.below(people) + 1).unwrap()));
        let mut introduction = Introduction {
            id,
            by: if chance.one_in(3) { By::Me } else { By::Them },
            between: Between { to: person(chance), through: person(chance), ..Between::default() },
            entered: step(0, chance),
            asked: step(1, chance),
            agreed: step(2, chance),
            to_asked: step(2, chance),
            to_agreed: step(3, chance),
            sent: step(3, chance),
            made: step(4, chance),
            hello: step(5, chance),
            thanked: step(6, chance),
            looked_back: step(6, chance),
            ..Introduction::default()
        };
        introduction.steps = introduction.next();
        introduction
    };
    (1..=i64::try_from(count).unwrap()).map(|id| one(id, chance)).collect()
}

/// An introduction that somebody thinks of today, between two of so many people.
fn introduction(chance: &mut Chance, id: i64, people: u64, today: Date) -> Introduction {
    let person = |chance: &mut Chance| Some(PersonId(i64::try_from(chance.below(people) + 1).unwrap()));
    let between = Between { to: person(chance), through: person(chance), ..Between::default() };
    let by = if chance.one_in(2) { By::Me } else { By::Them };
    let mut new = Introduction { id, by, between, entered: Some(today), ..Introduction::default() };
    new.steps = new.next();
    new
}

/// A day in the life of an introduction: the step that is `due` is done, or not;
/// whoever was asked may agree, make it, or decline, as may be without having been asked.
fn introduce(chance: &mut Chance, introduction: &mut Introduction, due: Option<Step>, today: Date) {
    let done = if due.is_none() || chance.one_in(4) { None } else { Some(today) };
    match due {
        Some(Step::Ask | Step::Consent) => introduction.asked = done,
        Some(Step::ConsentTo) => introduction.to_asked = done,
        Some(Step::Make) => introduction.made = done,
        Some(Step::LookBack) => introduction.looked_back = done,
        Some(Step::Forward) => introduction.sent = done,
        Some(Step::Hello) => introduction.hello = done,
        Some(Step::Thanks) => introduction.thanked = done,
        Some(Step::Reminder) | None => {}
    }
    match (introduction.stage(), chance.below(60)) {
        (Stage::Noted | Stage::Asked, 0..2) if introduction.by == By::Me => {
            introduction.to_agreed = Some(today);
        }
        (Stage::Noted | Stage::Asked, 0..4) => introduction.agreed = Some(today),
        (Stage::Agreed, 0..4) => introduction.made = Some(today),
        (Stage::Noted | Stage::Asked | Stage::Agreed, 4) => introduction.made = Some(today),
        (Stage::Noted | Stage::Asked | Stage::Agreed, 5) => {
            introduction.ended = Some((today, chance.pick(&[End::Declined, End::LetGo])));
        }
        _ => {}
    }
    introduction.steps = introduction.next();
}

/// Random goals that began before `today`, or will.
pub(super) fn goals(chance: &mut Chance, people: u64, count: u64, today: Date) -> Vec<Goal> {
    (0..count).map(|_| goal(chance, people, today)).collect()
}

fn goal(chance: &mut Chance, people: u64, today: Date) -> Goal {
    let from = today.saturating_sub(chance.days(30)).saturating_add(chance.days(30));
    let among = (1..=people).filter(|_| chance.one_in(3)).map(|id| PersonId(i64::try_from(id).unwrap()));
    let among = among.collect();
    Goal {
        id: i64::try_from(chance.next() >> 20).unwrap(),
        what: "something".to_owned(),
        why: None,
        number: u32::try_from(chance.below(20) + 1).unwrap(),
        counts: chance.pick(&[Counts::Conversations, Counts::People, Counts::Asks]),
        among: Among { circle: Some("some".to_owned()), query: None, people: among },
        from,
        until: today.max(from).saturating_add(chance.days(120)),
        supporter: None,
        ended: None,
    }
}

/// A random occasion near `today`, on its day of this time.
pub(super) fn occasion(chance: &mut Chance, today: Date) -> Option<Occasion> {
    let day = today.saturating_add(chance.days(50));
    let people = chance.pick(&[Greeted::Dormant, Greeted::Cooling, Greeted::New, Greeted::All]);
    let days = u16::try_from(chance.below(20) + 1).unwrap();
    let id = i64::try_from(chance.next() >> 20).unwrap();
    let occasion = Occasion { id, name: "A day".to_owned(), day, yearly: false, days, people };
    occasion.next(today)
}

/// Random rules: budgets from none to plenty, few weekdays or many.
pub(super) fn settings(chance: &mut Chance) -> Settings {
    let mut settings = defaults();
    settings.budget.per_day = chance.pick(&[0, 1, 1, 2, 3, 3, 5]);
    settings.budget.per_week = chance.pick(&[0, 1, 3, 5, 7, 10, 10]);
    settings.budget.shared = chance.pick(&[0.0, 0.2, 0.2, 0.33, 1.0]);
    let all = defaults().budget.weekdays;
    settings.budget.weekdays = match chance.below(6) {
        0 => Vec::new(),
        1 => vec![Weekday::Sunday],
        2 => vec![Weekday::Tuesday, Weekday::Saturday],
        _ => all,
    };
    settings.profile.temperament =
        chance.pick(&[Temperament::Any, Temperament::Any, Temperament::Deep, Temperament::Light]);
    settings.profile.practice = chance.one_in(4);
    settings.feed.ahead = chance.pick(&[1, 6, 7, 20, 33, 60]);
    settings
}

/// Lives `days` days: whoever is planned is reached, tried, or not; some are
/// met by chance, some answer, facts change. Every plan is checked.
pub(super) fn live(
    chance: &mut Chance,
    mut facts: Facts,
    mut settings: Settings,
    mut today: Date,
    days: usize,
) -> Facts {
    let mut rows: Vec<Published> = Vec::new();
    let mut made_on = None;
    let mut yesterday: Option<Plan> = None;
    for _ in 0..days {
        let morning = plan(&facts, &settings, today, &rows);
        invariants::hold(&facts, &settings, today, &rows, &morning);
        invariants::stands(&facts, &settings, today, &rows, &morning);
        if let Some(before) = &yesterday {
            invariants::missed(&facts, &settings, today, &rows, before, &morning);
        }
        rows = publish(&rows, &morning);
        for follow_up in outreaches(&morning).filter(|f| f.day == today) {
            match chance.below(6) {
                0 => {}
                1 | 2 => log(&mut facts, follow_up.key.person, today, Direction::Outbound),
                _ => log(&mut facts, follow_up.key.person, today, Direction::Both),
            }
            let intention = follow_up.key.intention();
            if let Some(done) = facts.intentions.iter_mut().find(|i| Some(i.id) == intention)
                && !chance.one_in(4)
            {
                done.ended = Some((today, chance.pick(&[Outcome::Done, Outcome::LetGo])));
            }
        }
        let due = outreaches(&morning).filter(|f| f.day == today).filter_map(|f| f.key.introduction());
        let due: HashMap<i64, Step> = due.collect();
        for introduction in &mut facts.introductions {
            let step = due.get(&introduction.id).copied();
            introduce(chance, introduction, step, today);
        }
        if chance.one_in(12) {
            let (id, people) = (i64::try_from(chance.next() >> 20).unwrap(), facts.people.len() as u64);
            facts.introductions.push(introduction(chance, id, people, today));
        }
        let week_ago = today.saturating_sub(jiff::Span::new().days(7));
        facts.introductions.retain(|known| {
            let last =
                known.ended.map(|(day, _)| day).max(known.hello.max(known.thanked)).max(known.looked_back);
            !known.stage().is_over() || last >= Some(week_ago)
        });
        if chance.one_in(4) {
            let who = chance.below(facts.people.len() as u64);
            let id = facts.people[usize::try_from(who).unwrap()].id;
            let day = today.tomorrow().unwrap().saturating_sub(chance.days(10));
            log(&mut facts, id, day, direction(chance));
        }
        if chance.one_in(8) {
            let people = facts.people.len() as u64;
            facts.intentions.push(Intention {
                entered: today,
                ended: None,
                ..intention(chance, people, today)
            });
        }
        if chance.one_in(10) {
            let who = usize::try_from(chance.below(facts.people.len() as u64)).unwrap();
            facts.people[who].interactions.push(Interaction {
                day: today,
                how: How::Met,
                fresh: true,
                gift: false,
            });
        }
        if chance.one_in(40) {
            let at = usize::try_from(chance.below(facts.people.len() as u64)).unwrap();
            let Person { id, interactions, .. } = facts.people[at].clone();
            facts.people[at] = Person { interactions, ..someone(chance, id.0, today) };
        }
        if chance.one_in(60) {
            facts.pauses = pauses(chance, today);
        }
        if chance.one_in(8) {
            let until = today.saturating_add(chance.days(20));
            let why = chance.pick(&[Why::Snooze, Why::Skip]);
            let asked = outreaches(&morning).filter(|f| f.day == today).map(|f| Some(f.key.person));
            facts.pauses.extend(asked.map(|person| Pause { person, from: today, until, why }));
        }
        if chance.one_in(25) {
            facts.days = calendar(chance, today);
        }
        if chance.one_in(30) {
            let people = facts.people.len() as u64;
            facts.goals.push(goal(chance, people, today));
            facts.goals.drain(..facts.goals.len().saturating_sub(3));
        }
        if chance.one_in(40) {
            facts.occasions = occasion(chance, today).into_iter().collect();
        }
        // What is over is no longer among the facts of the next day.
        facts.goals.retain(|goal| goal.until > today);
        facts.occasions.retain(|occasion| occasion.last() > today);
        if chance.one_in(90) {
            settings.budget.per_week = chance.pick(&[3, 5, 10]);
        }
        let terms = Terms::of(&facts, &settings, today);
        rows = terms.continued(made_on.as_deref(), rows);
        made_on = Some(terms.to_string());
        let evening = plan(&facts, &settings, today, &rows);
        invariants::hold(&facts, &settings, today, &rows, &evening);
        invariants::stands(&facts, &settings, today, &rows, &evening);
        rows = publish(&rows, &evening);
        rows.retain(|row| {
            row.settled.is_none_or(|_| row.day > today.saturating_sub(jiff::Span::new().days(90)))
        });
        yesterday = Some(evening);
        today = today.tomorrow().unwrap();
    }
    facts
}
