//! From facts to calendars: plan, draw up, give revisions, store.
//!
//! The same functions do it for the service and for the command line, so that
//! both always show the same plan.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::act::Board;
use crate::config::zone;
use crate::core::action::{Links, Secret};
use crate::core::cadence::Interval;
use crate::core::calendar::Calendar;
use crate::core::card::Cards;
use crate::core::color::Color;
use crate::core::facts::{Comfort, Facts, PersonId};
use crate::core::feed::{Done, Draft, Entry, Frame, Name, People};
use crate::core::follow_up::{FollowUp, Published};
use crate::core::goal::{Deed, Goal, talks};
use crate::core::introduction::Introduction;
use crate::core::phrases::Phrases;
use crate::core::plan::{Plan, Terms, plan};
use crate::core::revision::{Revision, revise, write};
use crate::core::settings::Settings;
use crate::core::win::{self, Win};
use crate::error::Result;
use crate::store::{Logged, Store};

/// A calendar as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The calendar's text.
    pub bytes: Vec<u8>,
    /// When it last changed.
    pub changed: Timestamp,
}

/// What a publication is drawn up for.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What the user set.
    pub settings: &'a Settings,
    /// Today, where the user is.
    pub today: Date,
    /// The time for events that change.
    pub now: Timestamp,
    /// What there is to say.
    pub phrases: &'a Phrases,
    /// What the links are signed with that do something with a follow-up.
    pub secret: &'a Secret,
}

/// The plan that would be published.
///
/// # Errors
/// If the database cannot be read.
pub fn rehearse(store: &Store, settings: &Settings, today: Date) -> Result<(Facts, Plan)> {
    let facts = store.facts(&settings.me, today)?.facts;
    let before = store.published_plan(&Terms::of(&facts, settings, today))?;
    let plan = plan(&facts, settings, today, &before);
    Ok((facts, plan))
}

/// Plans from the [facts](Store::facts) of today, draws follow-ups.ics up, and
/// stores what calendars will see. What is shown of people who are not yet
/// among the `known` is looked up, and known then. Gives what is open now as well.
///
/// # Errors
/// If the database cannot be read or written.
pub fn follow_ups(
    store: &mut Store,
    facts: &Facts,
    known: &mut People,
    occasion: Occasion<'_>,
) -> Result<(Feed, Board)> {
    let Occasion { settings, today, .. } = occasion;
    let terms = Terms::of(facts, settings, today);
    let before = store.published_plan(&terms)?;
    let plan = plan(facts, settings, today, &before);
    let from = Interval::days(settings.feed.back).before(today);
    let logged = store.done(from, today)?;
    let wins = wins(store, facts, settings, &logged, (from, today))?;
    let done = by_day(logged);
    let planned: HashSet<PersonId> = plan.follow_ups.iter().map(|follow_up| follow_up.key.person).collect();
    let acquaintances = store.acquaintances(&planned, today)?;
    let shown = planned
        .into_iter()
        .chain(done.iter().map(|done| done.person))
        .chain(wins.iter().filter_map(|win| win.person));
    store.add_details(known, &shown.collect())?;
    let namespace = store.namespace()?;
    let cards = Cards {
        phrases: occasion.phrases,
        settings,
        zone: &zone(settings),
        facts,
        acquaintances: &acquaintances,
    };
    let links = Links { address: &occasion.address(), secret: occasion.secret };
    let frame = Frame { cards: Some(cards), links: Some(links), ..occasion.frame(&namespace) };
    let drafts = frame.follow_ups(known, &plan.follow_ups, &done);
    let drafts = frame.celebrated(drafts, known, &wins, &facts.goals);
    let (feed, revised) = occasion.write(store, Name::FollowUps, drafts)?;
    store.publish(&published(&plan, &before), &terms, &revised, today)?;
    Ok((feed, Board::new(&plan.follow_ups, known, settings, &namespace, today)))
}

/// The small wins from one day to another, today: in what the user [logged](Store::done) in
/// that time, of what they meant to do, of introductions, of their goals. In order.
///
/// # Errors
/// If the database cannot be read.
pub fn wins(
    store: &Store,
    facts: &Facts,
    settings: &Settings,
    logged: &[Logged],
    (from, today): (Date, Date),
) -> Result<Vec<Win>> {
    let mut days: BTreeMap<PersonId, BTreeSet<Date>> = BTreeMap::new();
    for Logged { person, day, .. } in logged {
        days.entry(*person).or_default().insert(*day);
    }
    let people = facts.people.iter().filter(|person| person.comfort != Comfort::Never);
    let of_talks = people.clone().filter_map(|person| Some((person, days.get(&person.id)?)));
    let mut wins: Vec<Win> = of_talks
        .flat_map(|(person, days)| win::of_talks(person, person.cadence(settings), days, today))
        .collect();
    let shown: HashSet<PersonId> = people.map(|person| person.id).collect();
    let ended = store.ended_intentions(from)?;
    wins.extend(ended.iter().filter(|ended| shown.contains(&ended.person)).filter_map(win::of_intention));
    let asked = logged.iter().filter(|logged| shown.contains(&logged.person));
    wins.extend(asked.filter_map(|logged| {
        win::of_asking(logged.person, logged.day, logged.notes.asked.as_deref()?, &ended)
    }));
    let introductions = store.introductions()?;
    let both_shown = |known: &&Introduction| known.people().iter().flatten().all(|id| shown.contains(id));
    wins.extend(introductions.iter().filter(both_shown).filter_map(win::of_introduction));
    let goals: Vec<&Goal> = facts.goals.iter().chain(&facts.past_goals).collect();
    if let Some(first) = goals.iter().map(|goal| goal.from).min() {
        let deeds: Vec<Deed> = talks(facts, today).chain(store.deeds(first)?).collect();
        wins.extend(goals.iter().filter_map(|goal| win::of_goal(goal, deeds.iter().copied())));
    }
    wins.retain(|win| (from..=today).contains(&win.day));
    wins.sort_by_cached_key(|win| (win.day, win.person, win.to_string()));
    // Of several talks of a day in which something was asked for the first one stands.
    wins.dedup_by_key(|win| win.to_string());
    Ok(wins)
}

/// Draws birthdays.ics up from the [facts](Store::facts) of today and stores
/// what calendars will see. It may have thousands of events, and stays as it is
/// when somebody was called. Of whoever is not to be asked for now no day before
/// that ends is brought up.
///
/// # Errors
/// If the database cannot be read or written.
pub fn birthdays(store: &mut Store, facts: &Facts, occasion: Occasion<'_>) -> Result<Feed> {
    let celebrating = facts.people.iter().filter(|p| p.comfort != Comfort::Never && p.birthday.is_some());
    let celebrating = celebrating.map(|person| person.id).collect();
    let people = store.details(&celebrating)?;
    let namespace = store.namespace()?;
    let frame = occasion.frame(&namespace);
    let limited = facts.people.iter().filter(|person| person.comfort != Comfort::Yes);
    let limited: HashMap<PersonId, Comfort> = limited.map(|person| (person.id, person.comfort)).collect();
    let allows = |person: PersonId, day| limited.get(&person).is_none_or(|comfort| comfort.allows(day));
    let drafts = frame.with_dates(frame.birthdays(&people, allows), &facts.people);
    drop(people);
    let (feed, revised) = occasion.write(store, Name::Birthdays, drafts)?;
    store.revise(&revised)?;
    Ok(feed)
}

/// Draws history.ics up and stores what calendars will see. It may have
/// thousands of events, of which one changes when somebody was called: where
/// both are wanted, [`follow_ups`] come first.
///
/// # Errors
/// If the database cannot be read or written.
pub fn history(store: &mut Store, occasion: Occasion<'_>) -> Result<Feed> {
    let Occasion { settings, today, .. } = occasion;
    let from = Interval::days(settings.feed.history_days).before(today);
    let (mut happened, names) = store.happened(from, today)?;
    // The user's own words first: of a long day not everything is shown.
    happened.sort_by_key(|logged| logged.imported);
    let namespace = store.namespace()?;
    let drafts = occasion.frame(&namespace).history(&names, &by_day(happened));
    drop(names);
    let (feed, revised) = occasion.write(store, Name::History, drafts)?;
    store.revise(&revised)?;
    Ok(feed)
}

/// A calendar as it was published last, and its file, if that (at `path`) still holds it
/// and its links lead to `address`, where the service answers now.
#[must_use]
pub fn last(store: &Store, name: Name, path: &Path, address: SocketAddr) -> Option<(File, Feed)> {
    let key = format!("feed/{name}");
    // Without it one is drawn up anew, which says what is wrong, if something is.
    let revision = store.revisions(std::iter::once(key.as_str())).ok()?.remove(&key)?;
    let mut file = File::open(path).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let here = format!("URL:http://{address}/");
    let mut links = bytes.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"URL:"));
    let is_as_it_was = sha256(&bytes) == revision.hash && links.all(|link| link.starts_with(here.as_bytes()));
    is_as_it_was.then_some((file, Feed { bytes, changed: revision.revised }))
}

impl Occasion<'_> {
    fn frame<'a>(&'a self, namespace: &'a [u8]) -> Frame<'a> {
        Frame {
            today: self.today,
            settings: &self.settings.feed,
            circles: &self.settings.circles,
            namespace,
            cards: None,
            links: None,
        }
    }

    /// Where links lead.
    fn address(&self) -> String {
        format!("http://{}", self.settings.serve.listen)
    }

    fn calendar(&self, name: Name) -> Calendar {
        let feed = &self.settings.feed;
        let (name, color) = match name {
            Name::FollowUps => (feed.name.as_str(), &feed.color),
            Name::Birthdays => ("Birthdays", &feed.color),
            Name::History => ("History", &feed.history_color),
        };
        Calendar { name: name.to_owned(), color: Color::named(color) }
    }

    /// Writes a feed; gives it, and the revisions in it that are new.
    fn write(
        &self,
        store: &Store,
        name: Name,
        drafts: Vec<Draft>,
    ) -> Result<(Feed, Vec<(String, Revision)>)> {
        let key = format!("feed/{name}");
        let uids = drafts.iter().map(|draft| draft.uid.as_str()).chain([key.as_str()]);
        let before = store.revisions(uids)?;
        let events = revise(|uid| before.get(uid).copied(), drafts, self.now);
        let bytes = write(&self.calendar(name), &events, &self.address());
        let last = before.get(&key).copied();
        let revision = Revision::next(last, sha256(&bytes), self.now);
        let changed = events.into_iter().filter(|event| event.changed);
        let mut revised: Vec<_> = changed.map(|event| (event.draft.uid, event.revision)).collect();
        if last != Some(revision) {
            revised.push((key, revision));
        }
        Ok((Feed { bytes, changed: revision.revised }, revised))
    }
}

/// What the plan is stored as: its follow-ups, those that a contact settled, and what the user put off today.
fn published(plan: &Plan, before: &[Published]) -> Vec<Published> {
    let open = plan.follow_ups.iter().map(FollowUp::published);
    let settled = plan.settled.iter().filter_map(|(key, day)| {
        let old = before.iter().find(|old| old.key == *key)?;
        Some(Published { settled: Some(*day), ..old.clone() })
    });
    open.chain(settled).chain(plan.put_off.iter().cloned()).collect()
}

/// One entry a day and person.
fn by_day(logged: Vec<Logged>) -> Vec<Done> {
    let mut days: BTreeMap<_, Vec<Entry>> = BTreeMap::new();
    for Logged { person, day, how, what, .. } in logged {
        days.entry((day, person)).or_default().push(Entry { how, what });
    }
    days.into_iter().map(|((day, person), entries)| Done { person, day, entries }).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
