//! What holds of every plan, stated once.

use std::collections::{HashMap, HashSet};

use super::*;

/// Checks what holds of every plan, whatever was published before.
pub(super) fn hold(facts: &Facts, settings: &Settings, today: Date, published: &[Published], plan: &Plan) {
    let last = today.saturating_add(jiff::Span::new().days(settings.feed.ahead));
    let people: HashMap<PersonId, &Person> = facts.people.iter().map(|person| (person.id, person)).collect();
    let dues = Dues::new(facts, settings, today);
    let mut keys = HashSet::new();
    for follow_up in &plan.follow_ups {
        let person = people[&follow_up.key.person];
        let day = follow_up.day;
        assert!(today <= day && day <= last, "dated outside the window: {follow_up:?}");
        assert!(person.comfort.allows(day), "not wanted: {follow_up:?}");
        assert!(follow_up.due.is_none_or(|due| due <= day), "before it is due: {follow_up:?}");
        assert!(keys.insert(&follow_up.key), "twice: {follow_up:?}");
        assert!(!follow_up.reason.contains("overdue"), "{follow_up:?}");
        assert_eq!(follow_up.due.is_none(), follow_up.key.cycle == "new", "{follow_up:?}");
        let paused = facts.pauses.iter().any(|pause| match pause.person {
            None => follow_up.key.kind.is_outreach() && pause.covers(person.id, day),
            Some(_) if follow_up.key.kind.is_outreach() => pause.covers(person.id, day),
            Some(_) => silences(pause, person, day),
        });
        assert!(!paused, "in a pause: {follow_up:?}");
        if follow_up.key.kind.is_outreach() {
            assert!(settings.budget.weekdays.contains(&day.weekday()), "wrong weekday: {follow_up:?}");
            assert!(!near_birthday(facts, settings, person, day), "too near a birthday: {follow_up:?}");
            assert!(dues.of(person).is_none_or(|due| due <= day), "before the lists say: {follow_up:?}");
        }
        let cycle: Option<Date> = follow_up.key.cycle.parse().ok();
        if follow_up.key.kind == Kind::KeepInTouch
            && let Some(cycle) = cycle
        {
            let soonest = person.cadence(settings).ideal.after(cycle);
            assert!(day >= soonest, "sooner than the ideal interval: {follow_up:?}");
        }
    }
    let mut asked = HashSet::new();
    assert!(outreaches(plan).all(|f| asked.insert(f.key.person)), "two outreaches for one person");
    assert!(plan.follow_ups.is_sorted_by_key(|f| f.day));

    // The budget: what is done counts, though more than planned may be done.
    let settled = |row: &&Published| row.settled.is_some() && !keys.contains(&row.key);
    let now = plan.settled.iter().filter_map(|(key, _)| published.iter().find(|row| row.key == *key));
    let done: Vec<&Published> = published.iter().filter(settled).chain(now).collect();
    let (mut per_day, mut per_week): (HashMap<Date, usize>, HashMap<i64, usize>) = Default::default();
    let week = |day: Date| (number(day) + 3).div_euclid(7);
    for follow_up in outreaches(plan) {
        *per_day.entry(follow_up.day).or_default() += 1;
        *per_week.entry(week(follow_up.day)).or_default() += 1;
    }
    for (day, asked) in per_day {
        let done = done.iter().filter(|row| row.day == day).count();
        assert!(asked + done <= usize::from(settings.budget.per_day), "{asked} and {done} done on {day}");
    }
    for (number, asked) in per_week {
        let done = done.iter().filter(|row| week(row.day) == number).count();
        assert!(asked + done <= usize::from(settings.budget.per_week), "{asked} and {done} done in a week");
    }
    for (key, day) in &plan.settled {
        assert!(*day <= today.tomorrow().unwrap_or(today) && people[&key.person].comfort != Comfort::Never);
        assert!(!keys.contains(key), "settled and planned: {key:?}");
    }
}

/// Whether a pause of somebody's own keeps even their birthday out of the plan.
fn silences(pause: &Pause, person: &Person, birthday: Date) -> bool {
    pause.covers(person.id, birthday) && birthday <= pause.silent_until()
}

/// Whether a day is too near a birthday on which somebody is to be congratulated, and not that day itself.
pub(super) fn near_birthday(facts: &Facts, settings: &Settings, person: &Person, day: Date) -> bool {
    let clear = (person.cadence(settings).ideal.myriadays() / 10_000 / 4).min(7);
    let celebrated = |birthday: &Date| {
        let paused = |pause: &Pause| pause.person.is_some() && silences(pause, person, *birthday);
        person.comfort.allows(*birthday) && !facts.pauses.iter().any(paused)
    };
    (-1..=1)
        .filter_map(|years| person.birthday?.in_year(day.year().checked_add(years)?))
        .filter(celebrated)
        .any(|birthday| birthday != day && number(birthday).abs_diff(number(day)) <= clear)
}

/// Checks that a plan stands: again on the same facts, and tomorrow, it is the same.
pub(super) fn stands(facts: &Facts, settings: &Settings, today: Date, before: &[Published], first: &Plan) {
    let before = publish(before, first);
    let again = plan(facts, settings, today, &before);
    assert_eq!(days(&again), days(first), "the same facts give another plan on {today}");
    assert_eq!(again, Plan { settled: Vec::new(), ..first.clone() }, "the same facts give another plan");

    let tomorrow = today.tomorrow().unwrap();
    let quiet = outreaches(first).all(|f| f.day > today)
        && facts
            .people
            .iter()
            .all(|person| person.interactions.iter().all(|i| Some(i.day) != tomorrow.tomorrow().ok()));
    if quiet {
        let next = plan(facts, settings, tomorrow, &before);
        let last = tomorrow.saturating_add(jiff::Span::new().days(settings.feed.ahead));
        let old = |plan: &Plan| Plan {
            follow_ups: plan.follow_ups.iter().filter(|f| today < f.day && f.day < last).cloned().collect(),
            settled: Vec::new(),
        };
        let (kept, old) = (old(first), old(&next));
        assert_eq!(days(&old), days(&kept), "tomorrow's plan on {today} is not today's and a new last day");
        assert_eq!(old, kept);
    }
}

/// Checks that with no new fact what is `missed` is placed again, and nothing moves to an earlier day.
pub(super) fn missed(facts: &Facts, settings: &Settings, today: Date, before: &Plan, after: &Plan) {
    let day: HashMap<&Key, Date> = outreaches(after).map(|f| (&f.key, f.day)).collect();
    for old in outreaches(before).filter(|f| f.day >= today) {
        assert!(day.get(&old.key).is_none_or(|&new| new >= old.day), "moved to an earlier day: {old:?}");
    }
    let soon = today.saturating_add(jiff::Span::new().days(7));
    // Newcomers are farther away than everybody else.
    let distance = |f: &FollowUp| {
        let person = facts.people.iter().find(|person| person.id == f.key.person).unwrap();
        let newcomer = f.due.is_none();
        (newcomer, (!newcomer).then(|| settings.cadence(person.circle.as_deref()).ideal))
    };
    for old in outreaches(before).filter(|f| f.day < today) {
        let again = day.get(&old.key);
        if again.is_some_and(|&new| new < soon) {
            continue;
        }
        // Then nobody of a circle farther away has a place in these days that they could have had.
        let own_pause = facts.pauses.iter().any(|pause| pause.person == Some(old.key.person));
        let person = facts.people.iter().find(|person| person.id == old.key.person).unwrap();
        let could = |f: &&FollowUp| f.day < soon && !near_birthday(facts, settings, person, f.day);
        for other in outreaches(after).filter(could).filter(|_| !own_pause) {
            let farther = distance(other) > distance(old);
            assert!(
                !farther,
                "{today}: {other:?} has a place, {old:?} was missed and has none\n{}\n{}\n{:?}",
                days(before),
                days(after),
                settings.budget
            );
        }
    }
}
