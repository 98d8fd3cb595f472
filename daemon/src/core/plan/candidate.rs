//! Whom to reach out to next, and from when on: one person at a time,
//! whatever anybody else needs and whatever the budget allows.

use jiff::civil::Date;

use super::celebration;
use super::owed::{Owed, Owing};
use super::pace::pace;
use super::rules::{Class, Rules};
use super::standing::{Standing, last_contact};
use super::wish::{Wish, Wishes, together};
use crate::core::cadence::{Cadence, Interval};
use crate::core::date::number;
use crate::core::facts::{Comfort, Pause, Person};
use crate::core::follow_up::{FollowUp, Key, Kind};
use crate::core::intention::{Aim, Intention};
use crate::core::occasion::Occasion;
use crate::core::pause::Why;
use crate::core::preference::Ease;
use crate::core::state::State;

/// For how long an outreach waits for a birthday, so that one contact serves
/// both; no longer than one would be in touch anyway.
const BIRTHDAY_NEAR: Interval = Interval::days(14);

/// After so long without a contact a dormant tie counts for the mix of a week:
/// who was away for a season just picks up again with those closest.
const LONG_QUIET: Interval = Interval::months(6);

/// The cycle of somebody never spoken to.
pub(super) const NEW: &str = "new";

/// The outreaches that a person may be planned for: one that competes for the
/// budget's places, and one that is owed on its day. The first is only for
/// days well before the second, so that one contact may serve both.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub(super) person: &'a Person,
    pub(super) standing: Standing,
    /// The last time they talked, or the user heard from them.
    pub(super) last: Option<Date>,
    pub(super) cadence: Cadence,
    /// The place of their circle by closeness.
    pub(super) circle: usize,
    /// As in [`crate::core::follow_up::FollowUp::due`].
    pub(super) due: Option<Date>,
    /// From when on to keep in touch, whatever else there is to do.
    pub(super) clock: Option<Date>,
    /// What is to be done in the same outreach, the chief thing first.
    pub(super) wishes: Vec<Wish<'a>>,
    /// What is meant to be done later, some of which may go along with an earlier outreach.
    pub(super) aside: Vec<Wish<'a>>,
    /// What waits for the tie to be warm.
    pub(super) held: Option<&'a Intention>,
    /// As in [`Wishes::later`]: from its day on the step has the say.
    pub(super) later: Option<Wish<'a>>,
    /// What is owed, the next first.
    pub(super) owed: Vec<Owed<'a>>,
    /// As what it was published.
    pub(super) published: Option<Kind>,
    /// Whether it arose after a skip, which holds back only what there was before.
    pub(super) despite_skip: bool,
    /// The number of the first day it may be planned for, pauses and birthdays aside.
    pub(super) from: i64,
    /// The number of the last day it may be planned for.
    pub(super) until: i64,
    /// The number of the last day on which they are this, and not what comes `after` it.
    ends: i64,
    /// The number of the last day on which what is meant to be done is of use:
    /// for a birthday it is put off no longer.
    pub(super) of_use: i64,
    /// The number of the first day on which it rekindles a tie that has been
    /// quiet for long: a week has only so many of these while others wait.
    quiet_from: i64,
    /// How many days before and after a celebration of theirs it keeps clear of.
    pub(super) clear: u16,
    /// The number of the day since which they wait; 0 for newcomers.
    pub(super) since: i64,
    /// The weight of their circle.
    pub(super) weight: i64,
    /// As in [`Rules::most_waiting`].
    pub(super) most_waiting: i64,
    /// While the user practises, how easy it is to talk to them: easy ones come first.
    pub(super) ease: Option<Ease>,
    /// How long an ideal interval counts, in eighths of it.
    pub(super) pace: i64,
    /// What they are from the day after `ends` on, as something is of no use any more by then, or is wanted,
    /// too. What a day brings is known the day before: so tomorrow's plan is today's.
    after: Option<Box<Self>>,
}

impl<'a> Candidate<'a> {
    /// What `person` may be planned for; none if the user never wants an outreach.
    ///
    /// It depends on `today` only through what has happened, or was missed, by then.
    pub(super) fn of(person: &'a Person, rules: &Rules<'a>, today: Date) -> Option<Self> {
        Self::from_day(person, rules, today, today)
    }

    /// What they may be planned for from `day` on, by what has happened until `today`.
    fn from_day(person: &'a Person, rules: &Rules<'a>, today: Date, day: Date) -> Option<Self> {
        let not_before = match person.comfort {
            Comfort::Never => return None,
            Comfort::NotNow { until } => Some(until),
            Comfort::Yes => None,
        };
        let circle = rules.circle(person);
        let cadence = person.cadence_within(rules.circles[circle].cadence);
        let standing = Standing::of(person, cadence, today);
        let last = last_contact(person, today);
        let clock = standing.due(cadence);
        let mut meant = Wishes::of(person, rules, standing, last, cadence, today, day);
        // What arose after a skip is planned on its own day; the rest waits until the skip is over.
        let is_new = |skip: &Pause| standing.since() >= Some(skip.from);
        let skip = rules.skip_on(person.id, day).filter(|skip| {
            let is_wished = |wish: &Wish<'_>| wish.is_after(skip) && wish.wanted <= skip.until;
            meant.open.iter().any(is_wished)
                || (is_new(skip) && clock.is_some_and(|clock| clock <= skip.until))
        });
        if let Some(skip) = skip {
            meant.open.retain(|wish| wish.is_after(skip));
            (meant.held, meant.later) = (None, None);
        }
        let Wishes { open: mut wishes, held, later } = meant;
        let together = together(cadence);
        let waits_for = |wish: &Wish<'_>, clock| wish.has_its_time() && together.before(wish.wanted) <= clock;
        let heeded = clock.filter(|_| skip.is_none_or(is_new));
        let heeded = heeded.filter(|&clock| !wishes.iter().any(|wish| waits_for(wish, clock)));
        let first = wishes.iter().map(|wish| wish.wanted).chain(heeded).min();
        // From the day after it on they are something else: something is of no use any more,
        let mut ends: Vec<Date> = wishes.iter().filter_map(|wish| wish.until).collect();
        let mut aside = Vec::new();
        if let Some(first) = first {
            // Whoever was to be reached long ago is not reached before today: what is
            // wanted by now goes with it, but that nobody hears of another before a hello;
            // what is only asked while the tie is warm has its last day.
            let hello_first = |wish: &Wish<'_>| wish.kind() == Kind::Introduction && wish.until.is_none();
            let now = first.max(day);
            (wishes, aside) = wishes.into_iter().partition(|wish| {
                let now = if hello_first(wish) { first } else { now };
                wish.may_be(now, together.after(first).max(now))
            });
            // or is wanted, too.
            let joins = aside.iter().filter(|wish| !hello_first(wish) && wish.wanted > now);
            ends.extend(joins.filter_map(|wish| wish.wanted.yesterday().ok()));
        }
        ends.extend(held.and_then(|held| held.by));
        ends.extend(skip.map(|skip| skip.until));
        let ends = ends.into_iter().min().unwrap_or(Date::MAX);
        let later = later.filter(|_| wishes.is_empty() && held.is_none());
        let is_request = wishes.iter().any(Wish::is_request);
        let is_hello = is_hello(&wishes);
        // What goes with something else that is meant to be done does not hold it back.
        let is_step = wishes.first().is_some_and(|wish| wish.kind().is_step());
        let held_by = wishes.iter().filter(|wish| wish.kind().is_step() == is_step);
        let over = skip.map(|skip| skip.until);
        let last_day = held_by.filter_map(|wish| wish.until).chain(over).min().unwrap_or(Date::MAX);
        let due = first.map(|due| {
            let due = Some(due).max(not_before).unwrap_or(due);
            let celebrations = celebration::from(person, due).filter(|_| !is_request && !is_hello);
            celebrations
                .filter(|&day| day <= BIRTHDAY_NEAR.min(cadence.ideal).after(due))
                .filter(|&day| day <= last_day && rules.plans_on(day) && rules.celebrates(person, day))
                .min()
                .unwrap_or(due)
        });
        let from = due.max(not_before).map_or(i64::MIN, number);
        let of_use = wishes.iter().filter_map(Wish::last_day).min();
        let owed = Owed::all(person, rules, cadence, today, not_before.unwrap_or(today));
        let until = owed.first().map_or(number(ends), |owed| {
            let near = number(together.before(owed.day)) - 1;
            // What has a day before that, and a hello, cannot go with what is owed.
            let is_before = of_use.is_some_and(|day| day < owed.day) || (is_hello && due < Some(owed.day));
            number(ends).min(if is_before { number(owed.day) - 1 } else { near })
        });
        // Who is to be introduced hears from the user when they have been, also for a goal: then
        // the hello is its step.
        let is_too_early = standing == Standing::New
            && wishes.iter().all(|wish| wish.kind().is_step())
            && rules.is_to_be_introduced(person.id);
        let from = if is_too_early { until.saturating_add(1) } else { from };
        let next = ends.max(day).tomorrow().ok().filter(|&next| next <= rules.last);
        let after = next.and_then(|next| Self::from_day(person, rules, today, next)).map(Box::new);
        // What was sent without a talk counts as an interval waited: they still do.
        let is_sent = matches!(standing, Standing::Waiting { .. } | Standing::Thought { .. });
        let waited = if is_sent { cadence.ideal.myriadays() } else { 0 };
        let since = standing.since().map_or(0, number) - i64::try_from(waited / 10_000).unwrap_or(0);
        let is_rekindled = wishes.is_empty() && held.is_none() && standing.kind() == Kind::KeepInTouch;
        let quiet = last.filter(|_| is_rekindled).map(|day| {
            let cooling = cadence.latest.after(cadence.latest.after(day));
            number(cooling.max(LONG_QUIET.after(day))) + 1
        });
        Some(Self {
            person,
            standing,
            last,
            cadence,
            circle,
            due,
            clock,
            wishes,
            aside,
            held,
            later,
            owed,
            published: None,
            despite_skip: skip.is_some(),
            from,
            until,
            ends: number(ends),
            of_use: of_use.map_or(i64::MAX, number),
            quiet_from: quiet.unwrap_or(i64::MAX),
            clear: celebration::clear(cadence),
            since,
            weight: rules.circles[circle].weight,
            most_waiting: rules.most_waiting,
            ease: rules.practice.then(|| person.ease.unwrap_or(Ease::Moderate)),
            pace: pace(person, today),
            after,
        })
    }

    /// Whether a pause of theirs, or of all, holds this back.
    pub(super) fn heeds(&self, pause: &Pause) -> bool {
        !(self.despite_skip && pause.why == Why::Skip)
    }

    /// The first day on or after `day` that no pause of their own covers which holds this back.
    pub(super) fn unpaused(&self, rules: &Rules<'_>, day: i64) -> i64 {
        if self.despite_skip {
            rules.unskipped(self.person.id, day)
        } else {
            rules.unpaused(self.person.id, day)
        }
    }

    /// What they may be planned for on the day of that number.
    pub(super) fn on(&self, day: i64) -> &Self {
        match &self.after {
            Some(after) if day > self.ends => after.on(day),
            _ => self,
        }
    }

    /// The number of the day from which on they are something else.
    pub(super) fn next(&self) -> Option<i64> {
        self.after.as_ref().map(|_| self.ends + 1)
    }

    /// Notes that it was published for the day of that number, as what.
    pub(super) fn was_published(&mut self, kind: Kind, day: i64) {
        match &mut self.after {
            Some(after) if day > self.ends => after.was_published(kind, day),
            _ => self.published = Some(kind),
        }
    }

    /// From which day on they are asked for again after a day on which it was left undone: at once, but
    /// where nothing else is wanted as what is meant to be done says.
    pub(super) fn again_after(&self, undone: Date) -> i64 {
        let next = number(undone) + 1;
        let again = match self.wishes[..] {
            [wish] => wish.again_after(undone).map_or(next, number),
            _ => next,
        };
        self.clock.map(number).into_iter().chain(self.next()).fold(again, i64::min).max(next)
    }

    /// The numbers of the days from which on they are something else: with a step that begins,
    /// and is over, and after the last day of what is meant to be done.
    pub(super) fn changes(&self) -> impl Iterator<Item = i64> {
        self.turns().flat_map(|turn| {
            let step = turn.step_days().map_or([None; 2], |(first, last)| [Some(first), last.checked_add(1)]);
            step.into_iter().chain([turn.next()]).flatten()
        })
    }

    /// What they are now, and what comes after it.
    pub(super) fn turns(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |turn| turn.after.as_deref())
    }

    /// What they are when the first outreach is wanted, pauses aside.
    pub(super) fn wanted(&self) -> &Self {
        let in_time = |turn: &&Self| turn.due.is_some_and(|due| number(due) <= turn.ends);
        self.turns().find(in_time).unwrap_or(self)
    }

    /// The number of the next day that may be right, if `day` is too near
    /// a celebration of theirs: that one itself, where outreaches are planned
    /// on it, else the first that is clear of it. None if `day` is right.
    ///
    /// So somebody who has waited long waits for the birthday at most, and, if
    /// it has no place for them, as long again. What would be of no use by then
    /// does not wait, nor does a first hello; and nothing is asked for on the
    /// celebration itself.
    pub(super) fn near_celebration(&self, day: Date, rules: &Rules<'_>) -> Option<i64> {
        let (clear, before) = (i64::from(self.clear), Interval::days(self.clear).before(day));
        let celebrations =
            || celebration::from(self.person, before).filter(|&on| rules.celebrates(self.person, on));
        let first = celebrations().filter(|&on| number(on) - clear <= number(day)).min()?;
        // What follows within the clear days of it counts, too.
        let near = number(first.max(day)) + clear;
        let plannable =
            celebrations().filter(|&on| on >= day && number(on) <= near && rules.plans_on(on)).min();
        let is_request = self.wishes.iter().any(Wish::is_request);
        let next = match plannable.filter(|_| !is_request) {
            Some(on) if on == day => return None,
            Some(on) => number(on),
            None => number(first) + clear + 1,
        };
        if next <= self.of_use && !self.is_hello() {
            return Some(next);
        }
        (is_request && celebration::is_on(self.person, day)).then(|| number(day) + 1)
    }

    /// The key of the outreach on a day; one that was published keeps its own, but for a step that is over by then.
    pub(super) fn key(&self, day: Date) -> Key {
        let kind = self.kind(day);
        let kind = self.published.filter(|known| !known.is_step() || kind.is_step()).unwrap_or(kind);
        let later = self.later.filter(|_| kind.is_step());
        Key { person: self.person.id, kind, cycle: later.map_or_else(|| self.cycle(), |step| step.cycle()) }
    }

    /// What is to be done in an outreach of that kind, in the user's words, where they said it.
    pub(super) fn words(&self, kind: Kind) -> Option<&str> {
        let later = self.later.as_ref().filter(|_| kind.is_step());
        later.or(self.wishes.first())?.words()
    }

    /// Whether it is the outreach with that key: who is planned late may have
    /// become dormant since.
    pub(super) fn is(&self, key: &Key) -> bool {
        let kind = self.kind(Date::MIN);
        let same = key.kind == kind || (kind == Kind::KeepInTouch && key.kind == Kind::Rekindle);
        let is_later = |step: Wish<'_>| key.kind == step.kind() && key.cycle == step.cycle();
        let is_it = (same && key.cycle == self.cycle()) || self.later.is_some_and(is_later);
        is_it && key.person == self.person.id
    }

    /// What is wanted within so long is one outreach.
    pub(super) fn together(&self) -> Interval {
        together(self.cadence)
    }

    /// Whether the user has tried to reach them, and not heard back.
    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.standing, Standing::Waiting { .. } | Standing::Resting { .. })
    }

    /// What else is owed that is done with what is owed first: what is wanted shortly after it,
    /// and what was promised for a day that has passed.
    pub(super) fn owed_with(&self, first: &Owed<'a>) -> impl Iterator<Item = &Owed<'a>> {
        let (day, near) = (first.day, self.together().after(first.day));
        self.owed.iter().skip(1).filter(move |owed| owed.day <= near || owed.is_late_on(day))
    }

    /// What else was promised, where a promise is owed first, that is kept with it.
    pub(super) fn promised_with(&self, first: &Owed<'a>) -> Vec<String> {
        let with = self.owed_with(first).filter(|owed| first.is_promise() && owed.is_promise());
        with.filter_map(Owed::what).collect()
    }

    /// What is meant to be done, and is done with what is owed first; nothing is
    /// asked for on a celebration of theirs.
    pub(super) fn wished_with(&self, first: &Owed<'a>) -> impl Iterator<Item = &Wish<'a>> {
        let (day, near) = (first.day, self.together().after(first.day));
        let is_celebrated = celebration::is_on(self.person, day);
        let is_right =
            move |wish: &&Wish<'_>| wish.may_be(day, near) && !(is_celebrated && wish.is_request());
        self.wishes.iter().filter(is_right)
    }

    /// What is not wanted yet on `day`, and goes along with what is planned for it all the same.
    pub(super) fn along(&self, day: Date) -> impl Iterator<Item = &Wish<'a>> {
        let is_celebrated = celebration::is_on(self.person, day);
        self.aside.iter().filter(move |wish| wish.goes_along(day) && !(is_celebrated && wish.is_request()))
    }

    /// The occasion that an outreach on `day` is for, too.
    pub(super) fn occasion_on(&self, day: Date, rules: &Rules<'a>) -> Option<&'a Occasion> {
        let chief = self.wishes.iter().chain(&self.later).filter(|step| step.counts_on(day));
        let chief = chief.filter_map(Wish::occasion).next();
        let is_in_its_days = |occasion: &&&Occasion| occasion.is_on(day);
        chief.or_else(|| rules.occasions(self.person.id).iter().find(is_in_its_days).copied())
    }

    /// Whether an outreach serves what was noted under that number: on its own, or with something else.
    pub(super) fn serves(&self, FollowUp { key, day, .. }: &FollowUp, noted: i64) -> bool {
        let is_it =
            |intention: &Intention| intention.id == noted && !matches!(intention.aim, Aim::Introduction(_));
        let is_wish = |wish: &Wish<'_>| wish.intention().is_some_and(is_it);
        if self.along(*day).any(is_wish) {
            return true;
        }
        match self.owed.first().filter(|_| key.is_owed()) {
            None => self.wishes.iter().any(is_wish),
            Some(first) => {
                let mut owed = std::iter::once(first).chain(self.owed_with(first));
                let is_promise =
                    |owed: &Owed<'_>| matches!(owed.what, Owing::Promise(promise) if is_it(promise));
                owed.any(is_promise) || self.wished_with(first).any(is_wish)
            }
        }
    }

    /// The keys of what is owed.
    pub(super) fn owed_keys(&self) -> impl Iterator<Item = Key> {
        self.owed.iter().map(|owed| self.owed_key(owed))
    }

    /// The key of something that is owed to them.
    pub(super) fn owed_key(&self, owed: &Owed<'_>) -> Key {
        Key { person: self.person.id, kind: owed.kind(), cycle: owed.cycle() }
    }

    /// Has what is owed asked for on an earlier day than its own.
    pub(super) fn ask_on(&mut self, owed: &Owed<'_>, day: Date, rules: &Rules<'_>) {
        let near = number(self.together().before(day)) - 1;
        let mut same = self.owed.iter_mut().filter(|known| known.what == owed.what);
        if let Some(known) = same.find(|known| known.may_be(day, rules)) {
            known.day = day;
            self.until = self.until.min(near);
            self.owed.sort_by_key(|owed| (owed.day, owed.rank()));
        }
        if let Some(after) = &mut self.after {
            after.ask_on(owed, day, rules);
        }
    }

    /// What the outreach is on a day, whatever it was published as.
    pub(super) fn kind(&self, day: Date) -> Kind {
        let is_dormant = || State::on(day, self.last, self.cadence) == State::Dormant;
        match (self.wishes.first(), self.standing.kind()) {
            (Some(wish), _) => wish.kind(),
            (None, _) if let Some(step) = self.later.filter(|_| self.is_step(number(day))) => step.kind(),
            (None, Kind::KeepInTouch) if is_dormant() => Kind::Rekindle,
            (None, kind) => kind,
        }
    }

    /// The fact that it springs from.
    fn cycle(&self) -> String {
        match (self.wishes.first(), self.standing.since()) {
            (Some(wish), _) => wish.cycle(),
            (None, Some(day)) => day.to_string(),
            (None, None) => NEW.to_owned(),
        }
    }

    /// Whether it rekindles, on the day of that number, a tie that has been quiet for long.
    pub(super) fn is_quiet(&self, day: i64) -> bool {
        day >= self.quiet_from && !self.is_step(day)
    }

    /// Whether nothing has happened with them yet, and nothing is meant to.
    pub(super) fn is_newcomer(&self) -> bool {
        self.standing == Standing::New && self.wishes.is_empty() && self.held.is_none()
    }

    /// Whether the outreach is a first hello to somebody just met.
    pub(super) fn is_hello(&self) -> bool {
        is_hello(&self.wishes)
    }

    /// Whether a step that comes later than their ordinary turn has come by the day of that number.
    fn is_step(&self, day: i64) -> bool {
        self.step_days().is_some_and(|(first, last)| (first..=last).contains(&day))
    }

    /// The numbers of the first and last day of such a step.
    pub(super) fn step_days(&self) -> Option<(i64, i64)> {
        self.later.map(|step| (number(step.wanted), step.until.map_or(i64::MAX, number)))
    }

    /// What they are on the day of that number: what the user set out to do
    /// comes first, newcomers after everybody else.
    pub(super) fn class(&self, day: i64) -> Class {
        if self.wishes.first().map_or(self.held.is_some(), |wish| !wish.kind().is_step()) {
            Class::Wished
        } else if !self.wishes.is_empty() || self.is_step(day) {
            Class::Step
        } else if self.standing == Standing::New {
            Class::Newcomer
        } else {
            Class::Circle(self.circle)
        }
    }
}

/// Whether the outreach is a first hello to somebody just met, whatever else it is for.
fn is_hello(wishes: &[Wish<'_>]) -> bool {
    wishes.first().is_some_and(|wish| wish.kind() == Kind::FirstHello)
}
