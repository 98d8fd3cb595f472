//! The whole reasoning about one person: what was considered, what is planned,
//! and why on that day and no other.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::civil::Date;

use super::Plan;
use super::candidate::Candidate;
use super::celebration;
use super::means;
use super::owed::{Owed, Owing};
use super::rules::{Class, Rules, quiet_a_week};
use super::schedule::week_of;
use super::standing::{Standing, Try};
use crate::core::busy::{Hours, Load};
use crate::core::cadence::Interval;
use crate::core::date::{number, spoken};
use crate::core::facts::{Comfort, Facts, Person, PersonId};
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::pause::{Why, day_after, in_words, participle};
use crate::core::settings::{OTHERS, Settings, Temperament};
use crate::core::state::State;

/// How many holidays and busy days are named.
const MOST_DAYS: usize = 3;

/// A part of the reasoning: what it is about, and what there is to say.
pub type Point = (&'static str, String);

/// Explains why `plan`, made of these facts, has `person` when it has them;
/// none if they are not among the facts, so never planned.
#[must_use]
pub fn why(
    facts: &Facts,
    settings: &Settings,
    today: Date,
    plan: &Plan,
    person: PersonId,
) -> Option<Vec<Point>> {
    let person = facts.people.iter().find(|known| known.id == person)?;
    let rules = Rules::new(facts, settings, today);
    let mut points = vec![("Cadence", cadence(person, settings))];
    let Some(mut candidate) = Candidate::of(person, &rules, today) else {
        points.push(("Comfort", "never: there is no follow-up, feed entry or suggestion".to_owned()));
        return Some(points);
    };
    // What was slept through is asked for before its next turn.
    for f in plan.follow_ups.iter().filter(|f| f.key.person == person.id && f.key.is_owed()) {
        if let Some(owed) = candidate.owed.iter().copied().find(|owed| candidate.owed_key(owed) == f.key) {
            candidate.ask_on(&owed, f.day, &rules);
        }
    }
    points.push(("State", state(&candidate, today)));
    points.push(("Clock", clock(&candidate)));
    if let Comfort::NotNow { until } = person.comfort {
        points.push(("Comfort", format!("not now, back on {}", spoken(until))));
    }
    let pauses = facts.pauses.iter().filter(|pause| pause.until >= today);
    let pauses = pauses.filter(|pause| pause.person.is_none_or(|who| who == person.id));
    points.extend(pauses.map(|pause| {
        let whose = if pause.person.is_some() { "" } else { "everybody: " };
        ("Left alone", format!("{whose}{}", in_words(pause.why, pause.from, pause.until)))
    }));
    if let Some(birthday) = person.birthday.and_then(|birthday| birthday.on_or_after(today)) {
        let only = match plan.left_to_calendar.contains(&(birthday, person.id)) {
            true => format!("; {}", only_in_calendar(&rules)),
            false => String::new(),
        };
        points.push(("Birthday", format!("{}; {}{only}", spoken(birthday), near_birthday(&rules, birthday))));
    }
    points.extend(means::points(&candidate, &rules, plan, today));
    let last = Interval::days(settings.feed.ahead).after(today);
    points.push(("Planned", planned(&candidate, &rules, facts, plan, (today, last))));
    Some(points)
}

/// Why a congratulation is not in the plan.
fn only_in_calendar(rules: &Rules<'_>) -> String {
    format!(
        "many celebrate on that day, and of those in no closer circle the plan has {} at most: \
         so it is in the calendar of birthdays only",
        rules.per_day.max(1)
    )
}

/// What a birthday does to an outreach near it: the congratulation comes anyway.
fn near_birthday(rules: &Rules<'_>, birthday: Date) -> &'static str {
    match rules.plans_on(birthday) {
        true => "an outreach near it goes with it, or comes well after it where that day is full",
        false => "an outreach near it comes well after it, as none is planned on that day",
    }
}

fn cadence(person: &Person, settings: &Settings) -> String {
    let cadence = person.cadence(settings);
    let circle = person.circle.as_deref().filter(|name| settings.circles.contains_key(*name));
    let whose = match circle {
        _ if person.ideal.is_some() || person.latest.is_some() => "their own".to_owned(),
        None | Some(OTHERS) => "of people in no circle".to_owned(),
        Some(name) => format!("of the circle {name}"),
    };
    format!("{}, at the latest {} ({whose})", cadence.ideal, cadence.latest)
}

fn state(candidate: &Candidate<'_>, today: Date) -> String {
    let state = State::on(today, candidate.last, candidate.cadence);
    let latest = candidate.cadence.latest;
    let Some(last) = candidate.last else {
        return "new: you never talked, as far as is noted".to_owned();
    };
    let warm = latest.after(last);
    let cooling = latest.after(warm);
    match state {
        State::New | State::Warm => format!("warm until {}", spoken(warm)),
        State::Cooling => format!("cooling since {}, dormant after {}", spoken(warm), spoken(cooling)),
        State::Dormant => format!("dormant since {}", spoken(cooling)),
    }
}

fn clock(candidate: &Candidate<'_>) -> String {
    let due =
        |word: &str| candidate.clock.map_or_else(String::new, |day| format!("; {word} {}", spoken(day)));
    match candidate.standing {
        Standing::New => {
            "no contact is noted; newcomers get what places others leave, best known first".to_owned()
        }
        Standing::InTouch { on, how } => {
            format!("last contact on {} ({how}){}", spoken(on), due("wanted again from"))
        }
        Standing::Thought { of, last } => {
            let talked = last.map_or_else(
                || "no talk is noted".to_owned(),
                |(on, how)| format!("last contact on {} ({how})", spoken(on)),
            );
            let word = "a word from you that asks for no answer";
            format!("{talked}; {word} on {}{}", spoken(of), due("wanted again from"))
        }
        Standing::Waiting { since, next, .. } => {
            let rung = match next {
                Try::Second => "a second try from",
                Try::Third => "a third try from",
            };
            format!("you reached out on {}, without an answer so far{}", spoken(since), due(rung))
        }
        Standing::Resting { since, occasion } => {
            let until =
                if occasion.is_some() { "left alone until their birthday," } else { "left alone until" };
            // Too near the last try to end the rest, it is congratulated on all the same.
            let rest_ends = candidate.clock;
            let birthday = candidate.person.birthday.and_then(|birthday| birthday.on_or_after(since));
            let birthday = birthday.filter(|&day| day > since && Some(day) < rest_ends);
            let but = birthday
                .map_or_else(String::new, |day| format!(", but for a congratulation on {}", spoken(day)));
            format!(
                "you reached out for the third time on {}, without an answer{}{but}",
                spoken(since),
                due(until)
            )
        }
    }
}

/// Which day, and why that one.
fn planned(
    candidate: &Candidate<'_>,
    rules: &Rules<'_>,
    facts: &Facts,
    plan: &Plan,
    (today, last): (Date, Date),
) -> String {
    let id = candidate.person.id;
    let found = plan.follow_ups.iter().find(|f| f.key.person == id && f.key.kind.is_outreach());
    let candidate = candidate.on(number(found.map_or(today, |f| f.day)));
    let earliest = candidate.due.map_or(today, |due| due.max(today));
    let rank = match candidate.class(number(found.map_or(today, |f| f.day))) {
        Class::Wished => {
            "what you mean to do comes before all circles: what has a last day first, then in the \
                          order in which it is wanted"
                .to_owned()
        }
        Class::Step => format!(
            "steps towards goals, and of occasions, come before the circles, {} of a week's {} places at most",
            rules.steps_a_week(),
            rules.places()
        ),
        Class::Newcomer if rules.temperament == Temperament::Deep => {
            "you like few deep talks, so newcomers get shared places only".to_owned()
        }
        Class::Newcomer => format!(
            "newcomers come after everybody else but on the places that a week shares, closer circles first{}",
            practice(candidate)
        ),
        Class::Circle(at) => {
            let wanted = facts.people.iter().filter(|person| person.comfort != Comfort::Never);
            let people: HashSet<usize> = wanted.map(|person| rules.circle(person)).collect();
            let closer = rules.circles[..at].iter().enumerate().filter(|(circle, _)| people.contains(circle));
            let closer = closer.map(|(_, circle)| circle.name).collect::<Vec<_>>();
            let weigh = match closer.as_slice() {
                [] => "no circle is closer".to_owned(),
                closer => format!("closer circles weigh more ({})", closer.join(", ")),
            };
            let practice = practice(candidate);
            format!("who waits longer for their own interval comes first, and {weigh}{practice}")
        }
    };
    // Where there is no place at all, the last week is one that kept them off, too.
    let before = found.map_or_else(|| Interval::days(7).after(last), |f| f.day);
    let rank = rank + &quiet(candidate, rules, facts, plan, (today, earliest, before));
    let Some(f) = found else {
        let left_alone = candidate.unpaused(rules, number(earliest)) > number(last);
        let pauses = facts.pauses.iter().filter(|pause| left_alone && pause.person == Some(id));
        let pauses = pauses.filter(|pause| candidate.heeds(pause));
        return if let Some((until, why)) = pauses.map(|pause| (pause.until, pause.why)).max() {
            // What was put off hides no birthday.
            let dates = plan.follow_ups.iter().filter(|f| f.key.person == id && f.day <= until);
            let but = match dates.map(|f| (f.key.kind, spoken(f.day))).next() {
                Some((Kind::Date, day)) => format!(", but for a word on {day}"),
                Some((_, day)) => format!(", but for a congratulation on {day}"),
                None => String::new(),
            };
            format!("not before {}: until then they are {}{but}", spoken(day_after(until)), participle(why))
        } else if rules.is_to_be_introduced(candidate.person.id) && candidate.standing == Standing::New {
            "not before you are introduced: kith introduce tells how far that is".to_owned()
        } else if candidate.from.max(number(today)) > candidate.until && !candidate.owed.is_empty() {
            "nothing before what is owed".to_owned()
        } else if candidate.due.is_some_and(|due| plan.follow_ups.iter().all(|f| f.day < due)) {
            "not yet: it is wanted after the days that are planned".to_owned()
        } else {
            let due = facts.people.len();
            format!("no place in the days that are planned: {rank}; there are {due} people in all")
        };
    };
    let why = if let Some(owed) = candidate.owed.first().filter(|_| f.key.is_owed()) {
        because_owed(owed, candidate, rules)
    } else if f.shared {
        let light = match rules.temperament {
            Temperament::Light => " (twice as many, as you like many light talks)",
            Temperament::Any | Temperament::Deep => "",
        };
        format!("one of the week's shared places{light}, which go in turn to circles that have no other")
    } else {
        waited(candidate, rules, plan, (earliest, f.day), &rank)
    };
    // What is owed is planned whatever the budget, on busy days, too.
    let days = if f.key.is_owed() { String::new() } else { days_with_less(rules, earliest, f.day) };
    format!("{}: {} Why that day: {why}.{days}", spoken(f.day), f.reason)
}

/// Why what is owed is planned for its day.
fn because_owed(owed: &Owed<'_>, candidate: &Candidate<'_>, rules: &Rules<'_>) -> String {
    let Owing::Promise(promise) = owed.what else { return "it is owed on that day".to_owned() };
    let day = owed.day;
    let first_after = promise.by.and_then(|by| rules.day_for_promise(promise, by));
    match promise.by {
        Some(by) if day < by && rules.last_working_day(by) == Some(day) => {
            "it is the last working day before the pause that its day is in"
        }
        Some(by) if day < by && rules.last_day_for_promise(promise, by, day) == Some(day) => {
            "it is the last day before the pause that its day is in"
        }
        Some(by) if by < day && rules.waits_for(promise, by).is_some() && first_after == Some(day) => {
            "its day is in a pause, or was put off, and this is the first day after that"
        }
        Some(by) if day < by && celebration::is_on(candidate.person, day) => {
            "it goes with the congratulation, and is not late"
        }
        Some(by) if by < day => {
            "its day has passed; it comes back ever less often until it is kept or let go"
        }
        _ => "it is owed on that day",
    }
    .to_owned()
}

/// Why somebody who is wanted on the first day is planned for the second.
fn waited(
    candidate: &Candidate<'_>,
    rules: &Rules<'_>,
    plan: &Plan,
    (earliest, planned): (Date, Date),
    rank: &str,
) -> String {
    let days = std::iter::successors(Some(earliest), |day| day.tomorrow().ok());
    let (mut free, mut held, mut later) = (None, None, None);
    for day in days.take_while(|&day| day < planned) {
        match (keeps_off(candidate, rules, day, planned), free) {
            (None, None) if rules.plans_on(day) => free = Some(day),
            (None, _) => {}
            (off, None) => held = off,
            (off, Some(_)) => later = off,
        }
    }
    let free = free.unwrap_or(planned);
    let others = plan.follow_ups.iter().filter(|other| {
        let is_before = free <= other.day && other.day < planned;
        is_before && other.key.kind.is_outreach() && other.key.person != candidate.person.id
    });
    let crowd = match others.count() {
        0 => None,
        1 => Some(format!("another one is planned between {} and then; {rank}", spoken(free))),
        n => Some(format!("{n} others are planned between {} and then; {rank}", spoken(free))),
    };
    let all: Vec<String> = [held, crowd, later].into_iter().flatten().collect();
    if all.is_empty() { "the first day that is free for them".to_owned() } else { all.join("; ") }
}

/// What of their own keeps somebody off a day, who is planned for a later one.
fn keeps_off(candidate: &Candidate<'_>, rules: &Rules<'_>, day: Date, planned: Date) -> Option<String> {
    if candidate.unpaused(rules, number(day)) != number(day) {
        let mut pauses = rules.own_pauses(candidate.person.id, day).filter(|pause| candidate.heeds(pause));
        let why = pauses.next().map_or(Why::Pause, |pause| pause.why);
        return Some(format!("they are {} until {}", participle(why), spoken(day)));
    }
    candidate.near_celebration(day, rules)?;
    let near = celebration::from(candidate.person, Interval::days(candidate.clear).before(day)).min()?;
    let which = match candidate.person.birthday {
        Some(birthday) if birthday.in_year(near.year()) == Some(near) => "their birthday",
        _ => "a day of theirs",
    };
    Some(match near == planned {
        true => format!("it goes with {which} on that day"),
        false => format!("the days near {which} on {} are kept clear", spoken(near)),
    })
}

/// What practising has to do with when somebody comes.
fn practice(candidate: &Candidate<'_>) -> String {
    candidate.ease.map_or_else(String::new, |ease| {
        format!("; but you practise, so easy ones come before moderate and hard ones, and this one is {ease}")
    })
}

/// That there is a place only now and then for who is to be planned on the last of these
/// days and might have been from the second on: where a week before that day has as many ties that have
/// been quiet for long as it may, and none has more, as it may where they were published before others came.
fn quiet(
    candidate: &Candidate<'_>,
    rules: &Rules<'_>,
    facts: &Facts,
    plan: &Plan,
    (today, earliest, day): (Date, Date, Date),
) -> String {
    if !candidate.is_quiet(number(day)) {
        return String::new();
    }
    let is_quiet = |f: &FollowUp| {
        let who = facts.people.iter().find(|person| person.id == f.key.person);
        let other = who.and_then(|who| Candidate::of(who, rules, today));
        f.key.kind == Kind::Rekindle && other.is_some_and(|other| other.is_quiet(number(f.day)))
    };
    let mut full = None;
    for week in week_of(number(earliest))..week_of(number(day)) {
        let of_week = plan.follow_ups.iter().filter(|f| !f.shared && week_of(number(f.day)) == week);
        let most = quiet_a_week(rules.places() - rules.shared_places(week).min(rules.places()));
        match of_week.filter(|f| is_quiet(f)).count().cmp(&most) {
            Ordering::Less => {}
            Ordering::Equal => full = full.or(Some(most)),
            Ordering::Greater => return String::new(),
        }
    }
    full.map_or_else(String::new, |most| {
        format!(
            "; {most} of a week's {} places at most go to ties that have been quiet for long, as long as others wait",
            rules.places()
        )
    })
}

/// The holidays and busy days between two days, in a sentence; nothing if there are none.
fn days_with_less(rules: &Rules<'_>, from: Date, until: Date) -> String {
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(|&day| day <= until);
    let mut said: Vec<String> = Vec::new();
    let mut more = 0_usize;
    for day in days {
        let busy = rules.busy_minutes(day);
        let why = match Load::of(busy) {
            _ if rules.is_holiday(day) => "is a holiday".to_owned(),
            Load::Light => continue,
            Load::Half => format!("has half its places ({} busy)", Hours(busy)),
            Load::Full => format!("has no place ({} busy)", Hours(busy)),
        };
        if said.len() < MOST_DAYS {
            said.push(format!(" {} {why}.", spoken(day)));
        } else {
            more += 1;
        }
    }
    match more {
        0 => {}
        1 => said.push(" So it is with one more day before then.".to_owned()),
        more => said.push(format!(" So it is with {more} more days before then.")),
    }
    said.concat()
}
