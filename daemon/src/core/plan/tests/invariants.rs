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
                pause.why == Why::Snooze
                    && pause.from >= step(facts, follow_up).entered
                    && pause.covers(person.id, day)
            }
            Some(_) if follow_up.key.kind.is_outreach() => {
                pause.covers(person.id, day) && !arose_after(facts, follow_up, pause)
            }
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

    let used = Used::by(plan, published);
    // What is owed is never held back; the others give way to it.
    for follow_up in outreaches(plan).filter(|f| !f.key.is_owed()) {
        let day = follow_up.day;
        assert!(used.days[&day] <= places(facts, settings, day), "too many on {day}: {follow_up:?}");
        let most = usize::from(settings.budget.per_week);
        assert!(used.weeks[&week(day)] <= most, "too many in a week: {follow_up:?}");
    }
    for (key, day) in &plan.settled {
        assert!(*day <= today.tomorrow().unwrap_or(today) && people[&key.person].comfort != Comfort::Never);
        assert!(!keys.contains(key), "settled and planned: {key:?}");
    }
}

/// The number of the week that a day is in.
fn week(day: Date) -> i64 {
    (number(day) + 3).div_euclid(7)
}

/// How many outreaches the budget has for a working day.
fn places(facts: &Facts, settings: &Settings, day: Date) -> usize {
    let most = usize::from(settings.budget.per_day);
    match facts.days.busy.get(&day).copied().unwrap_or(0) {
        ..240 => most,
        240..420 => most.div_ceil(2),
        420.. => 0,
    }
}

/// How many places of each day and week are used: what is done counts, though more than planned may be done.
struct Used {
    days: HashMap<Date, usize>,
    weeks: HashMap<i64, usize>,
}

impl Used {
    fn by(plan: &Plan, published: &[Published]) -> Self {
        let keys: HashSet<&Key> = plan.follow_ups.iter().map(|f| &f.key).collect();
        let settled = |row: &&Published| row.settled.is_some() && !keys.contains(&row.key);
        let now = plan.settled.iter().filter_map(|(key, _)| published.iter().find(|row| row.key == *key));
        let put_off = plan.put_off.iter().filter(|row| published.iter().all(|known| known.key != row.key));
        let done = published.iter().filter(settled).chain(now).chain(put_off).map(|row| row.day);
        let mut used = Self { days: HashMap::new(), weeks: HashMap::new() };
        outreaches(plan).map(|f| f.day).chain(done).for_each(|day| used.add(day));
        used
    }

    fn add(&mut self, day: Date) {
        *self.days.entry(day).or_default() += 1;
        *self.weeks.entry(week(day)).or_default() += 1;
    }

    /// Whether a day has a place that leaves the week evenly spread.
    fn has_fair_place(&self, day: Date, rules: &Rules<'_>) -> bool {
        let on = |day: Date| self.days.get(&day).copied().unwrap_or(0);
        let same_week = |other: &Date| week(*other) == week(day);
        let before = std::iter::successors(day.yesterday().ok(), |day| day.yesterday().ok());
        let left = rules.per_week.saturating_sub(before.take_while(same_week).map(on).sum());
        let rest = std::iter::successors(Some(day), |day| day.tomorrow().ok()).take_while(same_week);
        let open = rest.filter(|&day| rules.places_on(day) > 0).count();
        let in_week = self.weeks.get(&week(day)).copied().unwrap_or(0);
        in_week < rules.per_week && on(day) < rules.places_on(day).min(left.div_ceil(open.max(1)))
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
        weeks.entry(week(follow_up.day)).or_default().push(follow_up);
    }
    for week in weeks.values() {
        let is_quiet =
            |f: &&&FollowUp| !f.shared && all[&f.key.person].on(number(f.day)).is_quiet(number(f.day));
        let quiet: Vec<Date> = week.iter().filter(is_quiet).map(|f| f.day).collect();
        if quiet.len() <= rules.places().div_ceil(2) {
            continue;
        }
        let waited = |who: &&Candidate<'_>| {
            let may_be_asked = |who: &Candidate<'_>, day: i64| match who.class(day) {
                Class::Step => false,
                Class::Newcomer => settings.profile.temperament != Temperament::Deep,
                Class::Wished | Class::Circle(_) => true,
            };
            let on = |&day: &Date| {
                let n = number(day);
                let who = who.on(n);
                (who.from..=who.until).contains(&n)
                    && !who.is_quiet(n)
                    && who.unpaused(&rules, n) == n
                    && who.near_celebration(day, &rules).is_none()
                    && may_be_asked(who, n)
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

/// Checks that in a fresh plan nobody is passed over by somebody of their circle who waits less, relative to
/// their interval.
pub(super) fn fair(facts: &Facts, settings: &Settings, today: Date, plan: &Plan) {
    let entered: Vec<_> = outreaches(plan).filter(|f| f.due.is_some() && !f.key.is_owed()).collect();
    let rules = Rules::new(facts, settings, today);
    let all: HashMap<PersonId, Candidate<'_>> = (facts.people.iter())
        .filter_map(|person| Some((person.id, Candidate::of(person, &rules, today)?)))
        .collect();
    for passed in all.values() {
        let own = entered.iter().find(|f| f.key.person == passed.person.id).map(|f| f.day);
        let is_due = |day: Date| passed.on(number(day)).due.is_some_and(|due| due <= day);
        for f in entered.iter().filter(|f| own.is_none_or(|own| own > f.day) && is_due(f.day)) {
            let ahead = all[&f.key.person].on(number(f.day));
            let passed = passed.on(number(f.day));
            let asks = passed.wishes.iter().any(|wish| wish.is_request());
            let kept = facts.pauses.iter().any(|p| p.person.is_some() && p.covers(passed.person.id, f.day))
                || near_birthday(facts, settings, passed.person, f.day)
                || (asks && celebration::is_on(passed.person, f.day));
            // A week has so many who rekindle a quiet tie.
            let has_enough = passed.is_quiet(number(f.day)) && !ahead.is_quiet(number(f.day));
            let same = ahead.class(number(f.day)) == passed.class(number(f.day));
            if same && number(f.day) <= passed.until && !kept && !has_enough {
                assert!(ahead.by_urgency(passed, number(f.day)).is_lt(), "{f:?} passes over {passed:?}");
            }
        }
    }
}

/// Checks that neither the order of people nor of what happened matters, nor that of the published.
pub(super) fn ordered(facts: &Facts, settings: &Settings, today: Date, fresh: &Plan) {
    let mut mixed = facts.clone();
    mixed.people.reverse();
    mixed.pauses.reverse();
    mixed.intentions.reverse();
    mixed.introductions.reverse();
    mixed.goals.reverse();
    mixed.people.iter_mut().for_each(|person| person.interactions.reverse());
    assert_eq!(plan(&mixed, settings, today, &[]), *fresh);
    let (rows, later) = (published(fresh), today.saturating_add(jiff::Span::new().days(4)));
    let mut reversed = rows.clone();
    reversed.reverse();
    assert_eq!(plan(&mixed, settings, later, &reversed), plan(facts, settings, later, &rows));
}

/// The step of an introduction that a follow-up is for.
fn step<'a>(facts: &'a Facts, follow_up: &FollowUp) -> &'a Intention {
    let (id, step) = follow_up.key.introduction().unwrap();
    let introduction = facts.introductions.iter().find(|known| known.id == id).unwrap();
    introduction.steps.iter().find(|known| known.aim == Aim::Introduction(step)).unwrap()
}

/// Whether a pause of somebody's own puts a promise off: only a snooze after it was made.
fn silences_promise(facts: &Facts, promise: &FollowUp, pause: &Pause) -> bool {
    let intention = facts.intentions.iter().find(|i| Some(i.id) == promise.key.intention()).unwrap();
    pause.why == Why::Snooze
        && pause.from >= intention.entered
        && pause.covers(promise.key.person, promise.day)
}

/// Whether what a follow-up springs from is of a day after a skip, or was nothing to be asked for on its day.
fn arose_after(facts: &Facts, follow_up: &FollowUp, skip: &Pause) -> bool {
    let noted = facts.intentions.iter().find(|i| Some(i.id) == follow_up.key.intention());
    let noted = noted.or_else(|| follow_up.key.introduction().map(|_| step(facts, follow_up)));
    let is_after = match noted {
        Some(noted) => noted.entered > skip.from,
        None => {
            !follow_up.key.kind.is_step() && follow_up.key.cycle.parse().is_ok_and(|of: Date| of >= skip.from)
        }
    };
    skip.why == Why::Skip && is_after
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

/// Checks that a plan stands: again on the same facts, and tomorrow, it is the same.
pub(super) fn stands(facts: &Facts, settings: &Settings, today: Date, before: &[Published], first: &Plan) {
    let before = publish(before, first);
    let again = plan(facts, settings, today, &before);
    assert_eq!(days(&again), days(first), "the same facts give another plan on {today}");
    let first = &Plan { settled: Vec::new(), put_off: Vec::new(), ..first.clone() };
    assert_eq!(again, *first, "the same facts give another plan");

    let tomorrow = today.tomorrow().unwrap();
    // What is owed today, and not shown as something else is planned before, may be missed, too.
    let rules = Rules::new(facts, settings, today);
    let owed_today = |person: &Person| {
        Candidate::of(person, &rules, today)
            .is_some_and(|c| c.owed.first().is_some_and(|owed| owed.day <= today))
    };
    let quiet = outreaches(first).all(|f| f.day > today)
        && !facts.people.iter().any(owed_today)
        && facts
            .people
            .iter()
            .all(|person| person.interactions.iter().all(|i| Some(i.day) != tomorrow.tomorrow().ok()));
    if quiet {
        let next = plan(facts, settings, tomorrow, &before);
        let last = tomorrow.saturating_add(jiff::Span::new().days(settings.feed.ahead));
        let old = |plan: &Plan| Plan {
            follow_ups: plan.follow_ups.iter().filter(|f| today < f.day && f.day < last).cloned().collect(),
            ..Plan::default()
        };
        let (kept, old) = (old(first), old(&next));
        assert_eq!(days(&old), days(&kept), "tomorrow's plan on {today} is not today's and a new last day");
        assert_eq!(old, kept);
    }
}

/// Checks that with no new fact what is `missed` is placed again, and nothing moves to an earlier day.
pub(super) fn missed(
    facts: &Facts,
    settings: &Settings,
    today: Date,
    published: &[Published],
    before: &Plan,
    after: &Plan,
) {
    let day: HashMap<&Key, Date> = outreaches(after).map(|f| (&f.key, f.day)).collect();
    let rules = Rules::new(facts, settings, today);
    let candidate = |id: PersonId| {
        let person = facts.people.iter().find(|person| person.id == id).unwrap();
        Candidate::of(person, &rules, today)
    };
    let last = today.saturating_add(jiff::Span::new().days(settings.feed.ahead));
    let is_earlier = |old: &&FollowUp| day.get(&old.key).is_some_and(|&new| new < old.day);
    for old in outreaches(before).filter(|f| f.day >= today).filter(is_earlier) {
        // What is owed has its place also where it is not shown yet, or something else is planned before it.
        let is_shown = |id: PersonId| outreaches(after).any(|f| f.key.person == id && f.key.is_owed());
        let mut used = Used::by(after, published);
        for person in facts.people.iter().filter(|person| !is_shown(person.id)) {
            if let Some(owed) = candidate(person.id).and_then(|who| Some(who.owed.first()?.day)) {
                used.add(owed);
            }
        }
        // But who made way, and for whom no later day has a place, begins anew.
        let who = candidate(old.key.person).unwrap();
        let has_place = |&day: &Date| {
            used.has_fair_place(day, &rules)
                && number(day) <= who.on(number(day)).until
                && who.on(number(day)).unpaused(&rules, number(day)) == number(day)
                && who.on(number(day)).near_celebration(day, &rules).is_none()
        };
        let later = std::iter::successors(Some(old.day), |day| day.tomorrow().ok());
        let free = later.take_while(|&day| day <= last).find(has_place);
        assert!(
            free.is_none() && !old.key.is_owed(),
            "{today}: moved to an earlier day, though {free:?} is free: {old:?}\n{}\n{}",
            days(before),
            days(after)
        );
    }
    let soon = today.saturating_add(jiff::Span::new().days(7));
    for old in outreaches(before).filter(|f| f.day < today && !f.key.is_owed()) {
        // By now it may be for something else.
        let again = outreaches(after).find(|f| f.key.person == old.key.person).map(|f| f.day);
        if again.is_some_and(|new| new < soon) {
            continue;
        }
        // Then nobody of a circle farther away has a place in these days that they could have had.
        let own_pause = facts.pauses.iter().any(|pause| pause.person == Some(old.key.person));
        let person = facts.people.iter().find(|person| person.id == old.key.person).unwrap();
        // What is owed comes first, and what has its time is not asked for after it.
        let Some(now) = candidate(person.id).filter(|now| now.is(&old.key) && now.owed.is_empty()) else {
            continue;
        };
        // What they promised comes again in its own time only.
        let from = now.on(number(today)).again_after(old.day);
        let could = |f: &&FollowUp| {
            f.day < soon
                && number(f.day) >= from
                && number(f.day) <= now.on(number(f.day)).until
                && !f.key.is_owed()
                // A shared place is not another class's to take.
                && !f.shared
                && !near_birthday(facts, settings, person, f.day)
        };
        for other in outreaches(after).filter(could).filter(|_| !own_pause) {
            let Some(theirs) = candidate(other.key.person) else { continue };
            // Who has waited longer for their own interval may come first, however far away.
            let moments = [today, other.day].map(number);
            let (now, theirs) = (now.on(moments[1]), theirs.on(moments[1]));
            let more_urgent = moments.iter().all(|&day| now.by_urgency(theirs, day).is_lt());
            let farther = theirs.class(moments[1]) > now.class(moments[1]) && more_urgent;
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
