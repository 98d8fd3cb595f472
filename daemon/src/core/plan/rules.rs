//! Settings and pauses in the form that planning asks them in.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, Weekday};

use super::order::RATIO;
use super::steps::{self, Steps};
use super::wish::Wish;
use crate::core::busy::Load;
use crate::core::cadence::{Cadence, Interval};
use crate::core::date::number;
use crate::core::facts::{Comfort, Days, Facts, Pause, Person, PersonId};
use crate::core::goal::steps_a_week;
use crate::core::intention::{Intention, Outcome};
use crate::core::introduction::{Introduction, Step};
use crate::core::occasion::Occasion;
use crate::core::pause::Why;
use crate::core::settings::{Holiday, OTHERS, Settings, Temperament};

/// What people are told apart by before anything else: what the user set out
/// to do comes first, then the closer circle; newcomers come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// People with whom the user means to do something.
    Wished,
    /// People with whom a goal or an occasion has a step.
    Step,
    /// By closeness: 0 is the closest circle.
    Circle(usize),
    /// People never spoken to.
    Newcomer,
}

/// In ten-thousandths of a day.
const TEN_WEEKS: u64 = 700_000;

/// A circle of the settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle<'a> {
    pub(super) name: &'a str,
    pub(super) cadence: Cadence,
    /// Whether a meeting is thanked for.
    pub(super) thanks: bool,
    /// How much more waiting counts the closer it is, in thousandths.
    pub(super) weight: i64,
}

impl<'a> Circle<'a> {
    /// The weight is one, and ten weeks for each ideal interval: of two who have
    /// waited for as many of their intervals the closer one comes first, with the
    /// shipped intervals also before a friend who has waited for twice as many, or
    /// a weak tie who has for three times. Steeper among the closest than the rest:
    /// who is talked to every other week is missed first, and an outreach to a weak tie
    /// keeps it in touch for a year (measured, see ARCHITECTURE.md). Six days are
    /// added, so that who is to be called daily does not outweigh everybody.
    fn new(name: &'a str, cadence: Cadence, thanks: bool) -> Self {
        let weight = 1_000 + 1_000 * TEN_WEEKS / (cadence.ideal.myriadays() + 60_000);
        Self { name, cadence, thanks, weight: i64::try_from(weight).unwrap_or(1).max(1) }
    }
}

pub(super) struct Rules<'a> {
    /// The last day that is planned.
    pub(super) last: Date,
    /// Closest first: by ideal, latest, and name.
    pub(super) circles: Vec<Circle<'a>>,
    by_name: HashMap<&'a str, usize>,
    others: usize,
    pub(super) per_day: usize,
    pub(super) per_week: usize,
    /// Waiting for longer counts no more: a weekly contact forgotten for a year
    /// is not all there is to do.
    pub(super) most_waiting: i64,
    /// The share of a week's places for circles left out, in millionths.
    shared: u64,
    /// How the user likes to talk.
    pub(super) temperament: Temperament,
    /// Whether the user practises: easy ones first.
    pub(super) practice: bool,
    weekdays: &'a [Weekday],
    holidays: &'a [Holiday],
    days: &'a Days,
    general: Vec<&'a Pause>,
    own: HashMap<PersonId, Vec<(i64, i64)>>,
    /// Those of them that are no skips.
    unskipped: HashMap<PersonId, Vec<(i64, i64)>>,
    /// When they are not even congratulated.
    silent: HashMap<PersonId, Vec<(i64, i64)>>,
    personal: HashMap<PersonId, Vec<&'a Pause>>,
    /// What is open.
    intentions: HashMap<PersonId, Vec<&'a Intention>>,
    /// When what was meant to be done was done, by its number.
    done: HashMap<i64, Date>,
    /// The next steps of introductions, by whom they are with; beside what else is meant.
    introductions: &'a [Introduction],
    to_be_introduced: HashSet<PersonId>,
    steps: Steps<'a>,
}

impl<'a> Rules<'a> {
    /// Whether they are in a circle that is kept closer than people in none.
    pub(super) fn is_inner(&self, person: &Person) -> bool {
        self.circles[self.circle(person)].cadence.ideal < self.circles[self.others].cadence.ideal
    }

    /// What holds for a plan of these facts, seen on the day `today`: that decides only
    /// what has happened.
    pub(super) fn new(facts: &'a Facts, settings: &'a Settings, today: Date) -> Self {
        let mut circles: Vec<Circle<'a>> = settings
            .circles
            .iter()
            .map(|(name, circle)| Circle::new(name, circle.cadence(), circle.thanks))
            .collect();
        if !settings.circles.contains_key(OTHERS) {
            circles.push(Circle::new(OTHERS, settings.cadence(None), true));
        }
        circles.sort_by_key(|circle| (circle.cadence.ideal, circle.cadence.latest, circle.name));
        let by_name: HashMap<&str, usize> =
            circles.iter().enumerate().map(|(at, circle)| (circle.name, at)).collect();
        let mut pauses: Vec<&Pause> = facts.pauses.iter().collect();
        // Their order in the facts says nothing: of those that overlap the first one counts.
        pauses.sort_by_key(|pause| (pause.from, pause.until));
        let (general, of_one): (Vec<&Pause>, Vec<&Pause>) =
            pauses.into_iter().partition(|pause| pause.person.is_none());
        let (mut own, mut unskipped): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        let (mut silent, mut personal): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (person, pause) in of_one.into_iter().filter_map(|pause| Some((pause.person?, pause))) {
            let from = number(pause.from);
            own.entry(person).or_default().push((from, number(pause.until)));
            if pause.why != Why::Skip {
                unskipped.entry(person).or_default().push((from, number(pause.until)));
            }
            silent.entry(person).or_default().push((from, number(pause.silent_until())));
            personal.entry(person).or_default().push(pause);
        }
        let mut intentions: HashMap<PersonId, Vec<&Intention>> = HashMap::new();
        for intention in facts.intentions.iter().filter(|intention| intention.ended.is_none()) {
            intentions.entry(intention.person).or_default().push(intention);
        }
        // Its steps name both to each other, so of one whom nothing is wanted with there is none.
        let meant: HashSet<PersonId> =
            facts.introductions.iter().flat_map(|known| known.people().into_iter().flatten()).collect();
        let wanted = facts.people.iter().filter(|person| person.comfort != Comfort::Never);
        let named: HashSet<PersonId> =
            wanted.map(|person| person.id).filter(|id| meant.contains(id)).collect();
        // Nor where the two were merged into one.
        let may_be = |known: &&Introduction| {
            let [one, other] = known.people();
            one != other && [one, other].iter().flatten().all(|id| named.contains(id))
        };
        for step in facts.introductions.iter().filter(may_be).flat_map(|known| &known.steps) {
            intentions.entry(step.person).or_default().push(step);
        }
        let to_come = facts.introductions.iter().filter(|introduction| introduction.is_to_come());
        let to_be_introduced = to_come.filter_map(|introduction| introduction.between.to).collect();
        let ended = facts.intentions.iter().filter_map(|intention| Some((intention.id, intention.ended?)));
        let done = ended.filter(|(_, (_, outcome))| *outcome != Outcome::LetGo);
        let done = done.map(|(id, (day, _))| (id, day)).collect();
        // Their order in the facts says nothing.
        intentions.values_mut().for_each(|all| all.sort_by_key(|intention| (intention.id, intention.aim)));
        let mut rules = Self {
            last: Interval::days(settings.feed.ahead).after(today),
            most_waiting: most_waiting(facts, settings),
            others: by_name.get(OTHERS).copied().unwrap_or(0),
            circles,
            by_name,
            per_day: usize::from(settings.budget.per_day),
            per_week: usize::from(settings.budget.per_week),
            shared: match settings.profile.temperament {
                Temperament::Light => millionths(settings.budget.shared * 2.0),
                Temperament::Any | Temperament::Deep => millionths(settings.budget.shared),
            },
            temperament: settings.profile.temperament,
            practice: settings.profile.practice,
            weekdays: &settings.budget.weekdays,
            holidays: &settings.budget.holidays,
            days: &facts.days,
            general,
            own,
            unskipped,
            silent,
            personal,
            intentions,
            done,
            introductions: &facts.introductions,
            to_be_introduced,
            steps: Steps::default(),
        };
        rules.steps = steps::all(facts, &rules, today);
        rules
    }

    /// The next step towards a goal, or of an occasion, with somebody.
    pub(super) fn step(&self, person: PersonId) -> Option<&Wish<'a>> {
        self.steps.next.get(&person)
    }

    /// The occasions that are for somebody, whatever they are reached for in their days.
    pub(super) fn occasions(&self, person: PersonId) -> &[&'a Occasion] {
        self.steps.occasions.get(&person).map_or(&[], Vec::as_slice)
    }

    /// How many of a week's places there are at most.
    pub(super) fn places(&self) -> usize {
        self.per_week.min(self.per_day * self.weekdays.len())
    }

    /// How many of a week's places may be steps.
    pub(super) fn steps_a_week(&self) -> usize {
        usize::try_from(steps_a_week(u32::try_from(self.places()).unwrap_or(u32::MAX))).unwrap_or(usize::MAX)
    }

    /// When the user did what they meant to, if they did.
    pub(super) fn done_on(&self, intention: i64) -> Option<Date> {
        self.done.get(&intention).copied()
    }

    /// When a step of an introduction was done, if it was.
    pub(super) fn step_done_on(&self, introduction: i64, step: Step) -> Option<Date> {
        self.introductions.iter().find(|known| known.id == introduction)?.done_on(step)
    }

    /// Whether somebody is to introduce the user to them, and has not yet.
    pub(super) fn is_to_be_introduced(&self, person: PersonId) -> bool {
        self.to_be_introduced.contains(&person)
    }

    /// What the user means to do with somebody, in the order it was noted.
    pub(super) fn intentions(&self, person: PersonId) -> &[&'a Intention] {
        self.intentions.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The place of a person's circle by closeness; one that is not named counts as [`OTHERS`].
    pub(super) fn circle(&self, person: &Person) -> usize {
        person.circle.as_deref().map_or(self.others, |name| self.circle_named(name))
    }

    pub(super) fn circle_named(&self, name: &str) -> usize {
        self.by_name.get(name).copied().unwrap_or(self.others)
    }

    /// Whether outreaches are planned on that day at all.
    pub(super) fn plans_on(&self, day: Date) -> bool {
        !self.is_closed(day) && Load::of(self.busy_minutes(day)) != Load::Full
    }

    fn is_closed(&self, day: Date) -> bool {
        !self.weekdays.contains(&day.weekday()) || self.is_holiday(day) || self.general_pause(day).is_some()
    }

    /// How many outreaches the budget has for that day, whatever the week has
    /// left: none on a holiday, and fewer on a busy one.
    pub(super) fn places_on(&self, day: Date) -> usize {
        if self.is_closed(day) { 0 } else { Load::of(self.busy_minutes(day)).places(self.per_day) }
    }

    /// Whether it is a holiday, of the settings or of a calendar.
    pub(super) fn is_holiday(&self, day: Date) -> bool {
        self.days.holidays.contains(&day) || self.holidays.iter().any(|holiday| holiday.is_on(day))
    }

    /// For how many minutes of the day the user is busy.
    pub(super) fn busy_minutes(&self, day: Date) -> u32 {
        self.days.busy.get(&day).copied().unwrap_or(0)
    }

    /// The general pause that a day is in.
    fn general_pause(&self, day: Date) -> Option<&'a Pause> {
        self.general.iter().find(|pause| (pause.from..=pause.until).contains(&day)).copied()
    }

    /// For a day in a general pause the last one before it on which outreaches
    /// are planned, within a month; none for others.
    pub(super) fn last_working_day(&self, day: Date) -> Option<Date> {
        let pause = self.general_pause(day)?;
        let before = std::iter::successors(pause.from.yesterday().ok(), |day| day.yesterday().ok());
        before.take(31).find(|&day| self.plans_on(day))
    }

    /// For a day in a general pause the last one before it, seen from `today`, for which a promise may be
    /// planned: a working day if one is left, else any; none if none is, and for other days.
    pub(super) fn last_day_for_promise(&self, promise: &Intention, day: Date, today: Date) -> Option<Date> {
        let eve = self.general_pause(day)?.from.yesterday().ok();
        let mut days = self.last_working_day(day).into_iter().chain(eve).filter(|&day| day >= today);
        days.find(|&day| self.waits_for(promise, day).is_none())
    }

    /// The first day from `day` on, within a year, on which outreaches are
    /// planned and that no pause of their own keeps off what was noted.
    pub(super) fn working_day(&self, noted: &Intention, day: Date) -> Option<Date> {
        let days = std::iter::successors(Some(day), |day| day.tomorrow().ok()).take(366);
        days.into_iter().find(|&day| self.plans_on(day) && self.holds_back(noted, day).is_none())
    }

    /// The last day from `day` to `by`, of its last year, on which outreaches are planned and that no
    /// pause of their own keeps off what was noted.
    pub(super) fn last_chance(&self, noted: &Intention, day: Date, by: Date) -> Option<Date> {
        let days = std::iter::successors(Some(by), |by| by.yesterday().ok()).take(366);
        let mut days = days.take_while(|&by| by >= day);
        days.find(|&by| self.plans_on(by) && self.holds_back(noted, by).is_none())
    }

    /// Whether no working day is left, from `today` to `by`, for something that
    /// has to be done with somebody by that day.
    pub(super) fn is_past(&self, noted: &Intention, by: Date, today: Date) -> bool {
        self.working_day(noted, today).is_none_or(|day| by < day)
    }

    /// The pause that a promise waits for on `day`: a pause of somebody's own
    /// does not silence what the user promised them, but a snooze after
    /// it was promised does.
    pub(super) fn waits_for(&self, promise: &Intention, day: Date) -> Option<&'a Pause> {
        let mut put_off = self.put_off(promise.person, Why::Snooze);
        let own = put_off.find(|p| p.from >= promise.entered && (p.from..=p.until).contains(&day));
        own.or_else(|| self.general_pause(day))
    }

    /// From which day on a promise is asked for that would be on `day`: a skip lets go what is asked for
    /// on its own day, and of what was promised no more than that.
    pub(super) fn not_skipped(&self, promise: &Intention, day: Date) -> Date {
        let mut skips = self.put_off(promise.person, Why::Skip);
        let is_skipped = skips.any(|skip| skip.from == day && promise.entered < day);
        day.tomorrow().ok().filter(|_| is_skipped).unwrap_or(day)
    }

    fn put_off(&self, person: PersonId, why: Why) -> impl Iterator<Item = &'a Pause> {
        let put_off = self.personal.get(&person).into_iter().flatten().copied();
        put_off.filter(move |pause| pause.why == why)
    }

    /// The first day on or after `day` on which a promise may be planned.
    pub(super) fn day_for_promise(&self, promise: &Intention, mut day: Date) -> Option<Date> {
        while let Some(pause) = self.waits_for(promise, day) {
            day = pause.until.tomorrow().ok()?;
        }
        Some(day)
    }

    /// The first of the days that all wait until `day` or later: what fell into
    /// a pause is planned after it, also on the day after it.
    pub(super) fn waits_since(&self, promise: &Intention, mut day: Date) -> Date {
        while let Some(pause) = day
            .yesterday()
            .ok()
            .and_then(|before| self.waits_for(promise, before))
            .or_else(|| self.waits_for(promise, day).filter(|pause| pause.from < day))
        {
            day = pause.from;
        }
        day
    }

    /// Whether a thank-you for a meeting may be planned for `day`.
    pub(super) fn is_free_for_thanks(&self, person: PersonId, met: Date, day: Date) -> bool {
        let mut skips = self.put_off(person, Why::Skip);
        self.general_pause(day).is_none()
            && self.unskipped(person, number(day)) == number(day)
            && !skips.any(|skip| skip.covers(person, day) && met < skip.from)
    }

    /// The first day on or after `day` that no pause of their own covers.
    pub(super) fn unpaused(&self, person: PersonId, day: i64) -> i64 {
        self.own.get(&person).map_or(day, |own| first_outside(own, day))
    }

    /// Likewise, where a skip does not count.
    pub(super) fn unskipped(&self, person: PersonId, day: i64) -> i64 {
        self.unskipped.get(&person).map_or(day, |own| first_outside(own, day))
    }

    /// The pauses of their own that cover a day.
    pub(super) fn own_pauses(&self, person: PersonId, day: Date) -> impl Iterator<Item = &'a Pause> {
        let own = self.personal.get(&person).into_iter().flatten().copied();
        own.filter(move |pause| pause.covers(person, day))
    }

    /// The pause of their own that keeps what was noted, and is not owed, off a day.
    pub(super) fn holds_back(&self, noted: &Intention, day: Date) -> Option<&'a Pause> {
        let is_before = |pause: &&Pause| pause.why == Why::Skip && pause.from < noted.entered;
        self.own_pauses(noted.person, day).find(|pause| !is_before(pause))
    }

    /// The last skip that covers a day.
    pub(super) fn skip_on(&self, person: PersonId, day: Date) -> Option<&'a Pause> {
        self.put_off(person, Why::Skip).filter(|skip| skip.covers(person, day)).last()
    }

    /// Whether somebody is to be congratulated, should their birthday be that day.
    pub(super) fn celebrates(&self, person: &Person, day: Date) -> bool {
        let day_number = number(day);
        let is_silent = |spans: &Vec<(i64, i64)>| first_outside(spans, day_number) != day_number;
        person.comfort.allows(day) && !self.silent.get(&person.id).is_some_and(is_silent)
    }

    /// How many of the places of the week with that number (counted from the
    /// first day of all) go to circles left out: fractions add up over weeks.
    pub(super) fn shared_places(&self, week: i64) -> usize {
        let places = self.places();
        let upto = |week: i64| {
            let week = u64::try_from(week).unwrap_or(0);
            week * self.shared * u64::try_from(places).unwrap_or(0) / 1_000_000
        };
        usize::try_from(upto(week + 1) - upto(week)).unwrap_or(0)
    }
}

/// How many of so many ordinary places of a week may rekindle ties that have
/// been quiet for long, as long as others wait: a week of nothing but these is
/// a hard one.
pub(super) fn quiet_a_week(places: usize) -> usize {
    places.div_ceil(2)
}

/// The first day on or after `day` that is in none of the `spans`, which are
/// numbers of first and last days.
pub(super) fn first_outside(spans: &[(i64, i64)], mut day: i64) -> i64 {
    while let Some(&(_, until)) = spans.iter().find(|&&(from, until)| from <= day && day <= until) {
        day = until + 1;
    }
    day
}

/// Six ideal intervals, or fewer where there are so many ties for the budget
/// that most wait for longer whatever is done: the closest ones are kept then.
fn most_waiting(facts: &Facts, settings: &Settings) -> i64 {
    let rate = |person: &Person| match person.comfort {
        Comfort::Never => 0,
        _ if person.interactions.is_empty() => 0,
        _ => 7 * 10_000 * RATIO.unsigned_abs() / person.cadence(settings).ideal.myriadays().max(1),
    };
    // So many places a week would be needed to keep everybody at their ideal interval.
    let needed: u64 = facts.people.iter().map(rate).sum();
    let waits = needed / u64::from(settings.budget.per_week.max(1));
    let most = 48 * RATIO.unsigned_abs() * RATIO.unsigned_abs() / waits.max(1);
    i64::try_from(most).unwrap_or(i64::MAX).clamp(3 * RATIO, 6 * RATIO)
}

/// Fractions of a place are counted in integers, so that no week depends on rounding.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a million")]
fn millionths(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1_000_000.0).round() as u64
}
