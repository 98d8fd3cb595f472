//! What holds of every plan, stated once.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::core::settings::Temperament;

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
        // The user gave their word, whatever the comfort.
        let is_promise = follow_up.key.kind == Kind::Promise && person.comfort != Comfort::Never;
        assert!(is_promise || person.comfort.allows(day), "not wanted: {follow_up:?}");
        assert!(follow_up.due.is_none_or(|due| due <= day), "before it is due: {follow_up:?}");
        assert!(keys.insert(&follow_up.key), "twice: {follow_up:?}");
        assert!(!follow_up.reason.contains("overdue"), "{follow_up:?}");
        assert_eq!(follow_up.due.is_none(), follow_up.key.cycle == "new", "{follow_up:?}");
        let paused = facts.pauses.iter().any(|pause| match pause.person {
            None => follow_up.key.kind.is_outreach() && pause.covers(person.id, day),
            Some(_) if matches!(follow_up.key.kind, Kind::Promise) => {
                silences_promise(facts, follow_up, pause)
            }
            Some(_) if follow_up.key.kind == Kind::Introduction && follow_up.key.is_owed() => {
                pause.why != Why::Pause
                    && pause.from >= step(facts, follow_up).entered
                    && pause.covers(person.id, day)
            }
            Some(_) if follow_up.key.kind.is_outreach() => pause.covers(person.id, day),
            Some(_) => silences(pause, person, day),
        });
        assert!(!paused, "in a pause: {follow_up:?}");
        if follow_up.key.kind.is_outreach() && !follow_up.key.is_owed() {
            assert!(settings.budget.weekdays.contains(&day.weekday()), "wrong weekday: {follow_up:?}");
            assert!(!settings.budget.is_holiday(day) && !facts.days.holidays.contains(&day), "{follow_up:?}");
            // What has a day does not wait beyond it, nor does a first hello.
            let intention = follow_up.key.intention();
            let noted = facts.intentions.iter().filter(|i| i.person == person.id && i.ended.is_none());
            let mut noted = noted.filter(|i| i.aim != Aim::Promise);
            let has_a_day = noted.any(|i| i.by.is_some() || i.aim == Aim::TheirPromise || i.aim == Aim::Ask)
                || follow_up.key.introduction().is_some()
                || follow_up.key.kind == Kind::FirstHello;
            let near = near_birthday(facts, settings, person, day);
            assert!(has_a_day || !near, "too near a birthday: {follow_up:?}");
            let meant = facts.intentions.iter().find(|i| Some(i.id) == intention);
            let by = meant.filter(|i| i.aim != Aim::TheirPromise).and_then(|i| i.by);
            assert!(by.is_none_or(|by| day <= by), "after its own day: {follow_up:?}");
            let is_request = matches!(follow_up.key.kind, Kind::Ask | Kind::Nudge);
            let celebrated = celebration::is_on(person, day);
            assert!(!is_request || !celebrated, "asked for on a birthday: {follow_up:?}");
            assert!(dues.of(person).is_none_or(|due| due <= day), "before the lists say: {follow_up:?}");
        }
        let cycle: Option<Date> = follow_up.key.cycle.parse().ok();
        let is_ask = follow_up.key.introduction().is_some_and(|(_, step)| step == Step::Ask);
        if follow_up.key.kind == Kind::Ask || is_ask {
            let state = State::on(day, last_contact(person, today), person.cadence(settings));
            assert_eq!(state, State::Warm, "asked of a tie that is not warm: {follow_up:?}");
        }
        if matches!(follow_up.key.kind, Kind::KeepInTouch | Kind::Rekindle)
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
    // What is owed is never held back; the others give way to it.
    let (mut per_day, mut per_week): (HashMap<Date, [usize; 2]>, HashMap<i64, [usize; 2]>) =
        Default::default();
    let week = |day: Date| (number(day) + 3).div_euclid(7);
    for follow_up in outreaches(plan) {
        let ordinary = usize::from(!follow_up.key.is_owed());
        for counts in
            [per_day.entry(follow_up.day).or_default(), per_week.entry(week(follow_up.day)).or_default()]
        {
            counts[0] += 1;
            counts[1] += ordinary;
        }
    }
    for (day, [asked, ordinary]) in per_day {
        let done = done.iter().filter(|row| row.day == day).count();
        let most = usize::from(settings.budget.per_day);
        let most = match facts.days.busy.get(&day).copied().unwrap_or(0) {
            ..240 => most,
            240..420 => most.div_ceil(2),
            420.. => 0,
        };
        assert!(ordinary == 0 || asked + done <= most, "{asked} and {done} done on {day}");
    }
    for (number, [asked, ordinary]) in per_week {
        let done = done.iter().filter(|row| week(row.day) == number).count();
        let most = usize::from(settings.budget.per_week);
        assert!(ordinary == 0 || asked + done <= most, "{asked} and {done} done in a week");
    }
    for (key, day) in &plan.settled {
        assert!(*day <= today.tomorrow().unwrap_or(today) && people[&key.person].comfort != Comfort::Never);
        assert!(!keys.contains(key), "settled and planned: {key:?}");
    }
}

/// Checks that no week of a fresh plan rekindles quiet ties on more than half of its ordinary places
/// while somebody else waited for one all week.
pub(super) fn mixed(facts: &Facts, settings: &Settings, today: Date, plan: &Plan) {
    let rules = Rules::new(facts, settings, today);
    let all: HashMap<PersonId, Candidate<'_>> = (facts.people.iter())
        .filter_map(|person| Some((person.id, Candidate::of(person, &rules, today)?)))
        .collect();
    let mut weeks: HashMap<i64, Vec<&FollowUp>> = HashMap::new();
    for follow_up in outreaches(plan).filter(|f| !f.key.is_owed()) {
        weeks.entry((number(follow_up.day) + 3).div_euclid(7)).or_default().push(follow_up);
    }
    for week in weeks.values() {
        let is_quiet = |f: &&&FollowUp| !f.shared && all[&f.key.person].is_quiet(number(f.day));
        let quiet: Vec<Date> = week.iter().filter(is_quiet).map(|f| f.day).collect();
        if quiet.len() <= rules.places().div_ceil(2) {
            continue;
        }
        let waited = |who: &&Candidate<'_>| {
            let may_be_asked = |day: i64| match who.class(day) {
                Class::Step => false,
                Class::Newcomer => settings.profile.temperament != Temperament::Deep,
                Class::Wished | Class::Circle(_) => true,
            };
            let on = |&day: &Date| {
                let n = number(day);
                (who.from..=who.until).contains(&n)
                    && !who.is_quiet(n)
                    && rules.unpaused(who.person.id, n) == n
                    && who.near_celebration(day, &rules).is_none()
                    && may_be_asked(n)
            };
            quiet.iter().all(on)
        };
        let last = week.iter().map(|f| f.day).max();
        for who in all.values().filter(waited) {
            let day = outreaches(plan).find(|f| f.key.person == who.person.id).map(|f| f.day);
            assert!(day.is_some() && day <= last, "{quiet:?} are quiet ties, and {who:?} waits");
        }
    }
}

/// The step of an introduction that a follow-up is for.
fn step<'a>(facts: &'a Facts, follow_up: &FollowUp) -> &'a Intention {
    let (id, step) = follow_up.key.introduction().unwrap();
    let introduction = facts.introductions.iter().find(|known| known.id == id).unwrap();
    introduction.steps.iter().find(|known| known.aim == Aim::Introduction(step)).unwrap()
}

/// Whether a pause of somebody's own puts a promise off: only what was put off after it was made.
fn silences_promise(facts: &Facts, promise: &FollowUp, pause: &Pause) -> bool {
    let intention = facts.intentions.iter().find(|i| Some(i.id) == promise.key.intention()).unwrap();
    pause.why != Why::Pause
        && pause.from >= intention.entered
        && pause.covers(promise.key.person, promise.day)
}

/// Whether a pause of somebody's own keeps even their birthday out of the plan.
fn silences(pause: &Pause, person: &Person, birthday: Date) -> bool {
    pause.covers(person.id, birthday) && birthday <= pause.silent_until()
}

/// Whether a day is too near a birthday, or another day of theirs, on which somebody is to be
/// congratulated, and not such a day itself.
pub(super) fn near_birthday(facts: &Facts, settings: &Settings, person: &Person, day: Date) -> bool {
    let clear = (person.cadence(settings).ideal.myriadays() / 10_000 / 4).min(7);
    let celebrated = |birthday: &Date| {
        let paused = |pause: &Pause| pause.person.is_some() && silences(pause, person, *birthday);
        person.comfort.allows(*birthday) && !facts.pauses.iter().any(paused)
    };
    let in_year = |date: Birthday, year: i16, is_birthday| {
        date.in_year(year).filter(|_| is_birthday || date.year() != Some(year))
    };
    let celebrations: Vec<Date> = (-1..=1)
        .filter_map(|years| day.year().checked_add(years))
        .flat_map(|year| {
            let others = person.dates.iter().filter_map(move |&(_, date)| in_year(date, year, false));
            person.birthday.and_then(|birthday| in_year(birthday, year, true)).into_iter().chain(others)
        })
        .filter(celebrated)
        .collect();
    !celebrations.contains(&day)
        && celebrations.iter().any(|&birthday| number(birthday).abs_diff(number(day)) <= clear)
}

/// What is meant to be done with somebody, and what is held back, as seen on a day: what has a day lapses.
fn meant(person: &Person, rules: &Rules<'_>, today: Date) -> Option<String> {
    let candidate = Candidate::of(person, rules, today)?;
    Some(format!("{:?} {:?}", candidate.wishes, candidate.held))
}

/// Checks that a plan stands: again on the same facts, and tomorrow, it is the same.
pub(super) fn stands(facts: &Facts, settings: &Settings, today: Date, before: &[Published], first: &Plan) {
    let before = publish(before, first);
    let again = plan(facts, settings, today, &before);
    assert_eq!(days(&again), days(first), "the same facts give another plan on {today}");
    assert_eq!(again, Plan { settled: Vec::new(), ..first.clone() }, "the same facts give another plan");

    let tomorrow = today.tomorrow().unwrap();
    // What is owed today, and not shown as something else is planned before, may be missed, too.
    let kept = |person| Candidate::of(person, &Rules::new(facts, settings, today), today);
    let owed_today = |c: Candidate<'_>| c.owed.first().is_some_and(|owed| owed.day <= today);
    // So does the last day on which a tie is warm enough for an ask.
    let rules = [today, tomorrow].map(|day| (Rules::new(facts, settings, day), day));
    let lapses = |person: &Person| {
        let [now, then] = rules.each_ref().map(|(rules, day)| meant(person, rules, *day));
        now != then
    };
    let quiet = outreaches(first).all(|f| f.day > today)
        && !facts.people.iter().any(lapses)
        && !facts.people.iter().filter_map(kept).any(owed_today)
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
        assert!(
            day.get(&old.key).is_none_or(|&new| new >= old.day),
            "{today}: moved to an earlier day: {old:?}\n{}\n{}",
            days(before),
            days(after)
        );
    }
    let soon = today.saturating_add(jiff::Span::new().days(7));
    let rules = Rules::new(facts, settings, today);
    let candidate = |id: PersonId| {
        let person = facts.people.iter().find(|person| person.id == id).unwrap();
        Candidate::of(person, &rules, today)
    };
    for old in outreaches(before).filter(|f| f.day < today && !f.key.is_owed()) {
        let again = day.get(&old.key);
        if again.is_some_and(|&new| new < soon) {
            continue;
        }
        // Then nobody of a circle farther away has a place in these days that they could have had.
        let own_pause = facts.pauses.iter().any(|pause| pause.person == Some(old.key.person));
        let person = facts.people.iter().find(|person| person.id == old.key.person).unwrap();
        // What is owed comes first, and what has its time is not asked for after it.
        let Some(now) = candidate(person.id).filter(|now| now.is(&old.key) && now.owed.is_empty()) else {
            continue;
        };
        let could = |f: &&FollowUp| {
            f.day < soon
                && number(f.day) <= now.until
                && !f.key.is_owed()
                && !near_birthday(facts, settings, person, f.day)
        };
        for other in outreaches(after).filter(could).filter(|_| !own_pause) {
            let Some(theirs) = candidate(other.key.person) else { continue };
            // Who has waited longer for their own interval may come first, however far away.
            let moments = [today, other.day].map(number);
            let more_urgent = moments.iter().all(|&day| now.by_urgency(&theirs, day).is_lt());
            let farther = theirs.class(number(other.day)) > now.class(number(other.day)) && more_urgent;
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
