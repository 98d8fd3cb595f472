//! From facts to calendars: plan, draw up, give revisions, store.
//!
//! One function does it for the service and for the command line, so that
//! both always show the same plan.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::core::calendar::Calendar;
use crate::core::color::Color;
use crate::core::facts::{Comfort, Facts};
use crate::core::feed::{Done, Entry, Frame};
use crate::core::follow_up::{FollowUp, Published};
use crate::core::plan::{Plan, plan};
use crate::core::revision::{Revised, Revision, revise, write};
use crate::core::settings::Settings;
use crate::error::Result;
use crate::store::Store;

/// The plan of a day and the calendars that show it.
#[derive(Debug)]
pub struct Publication {
    /// The people the plan is about, and what could not be understood of them.
    pub facts: Facts,
    /// The follow-ups, by day.
    pub follow_ups: Vec<FollowUp>,
    /// follow-ups.ics.
    pub follow_ups_ics: Feed,
    /// birthdays.ics.
    pub birthdays_ics: Feed,
}

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
}

/// The plan that would be published.
///
/// # Errors
/// If the database cannot be read.
pub fn rehearse(store: &Store, settings: &Settings, today: Date) -> Result<(Facts, Plan)> {
    let facts = store.facts(&settings.me, today)?.facts;
    let plan = plan(&facts, settings, today, &store.published_plan()?);
    Ok((facts, plan))
}

/// Plans, and stores what calendars will see.
///
/// # Errors
/// If the database cannot be read or written.
pub fn publish(store: &mut Store, occasion: Occasion<'_>) -> Result<Publication> {
    let Occasion { settings, today, now } = occasion;
    let facts = store.facts(&settings.me, today)?.facts;
    let before = store.published()?;
    let plan = plan(&facts, settings, today, &before.follow_ups);

    let done = done(store, settings, today)?;
    let shown = |comfort: Comfort| comfort != Comfort::Never;
    let people = store.details(
        facts.people.iter().filter(|p| shown(p.comfort) && p.birthday.is_some()).map(|p| p.id),
        plan.follow_ups.iter().map(|f| f.key.person).chain(done.iter().map(|d| d.person)),
    )?;
    let namespace = store.namespace()?;
    let frame = Frame { today, settings: &settings.feed, namespace: &namespace };
    let revised = |drafts| revise(|uid| before.revisions.get(uid).copied(), drafts, now);
    let follow_ups = revised(frame.follow_ups(&people.all, &plan.follow_ups, &done));
    let birthdays = revised(frame.birthdays(&people.celebrating));

    let address = format!("http://{}", settings.serve.listen);
    let color = Color::named(&settings.feed.color);
    let mut changed: Vec<(String, Revision)> = Vec::new();
    let mut feed = |name: &str, title: String, events: &[Revised]| {
        let bytes = write(&Calendar { name: title, color }, events, &address);
        let key = format!("feed/{name}");
        let last = before.revisions.get(&key).copied();
        let revision = Revision::next(last, sha256(&bytes), now);
        if last != Some(revision) {
            changed.push((key, revision));
        }
        changed.extend(events.iter().filter(|e| e.changed).map(|e| (e.draft.uid.clone(), e.revision)));
        Feed { bytes, changed: revision.revised }
    };
    let follow_ups_ics = feed("follow-ups", settings.feed.name.clone(), &follow_ups);
    let birthdays_ics = feed("birthdays", "Birthdays".to_owned(), &birthdays);

    store.publish(&published(&plan, &before.follow_ups), &changed, today)?;
    Ok(Publication { facts, follow_ups: plan.follow_ups, follow_ups_ics, birthdays_ics })
}

/// What the plan is stored as: its follow-ups, and those that a contact settled.
fn published(plan: &Plan, before: &[Published]) -> Vec<Published> {
    let open = plan.follow_ups.iter().map(|f| Published {
        key: f.key.clone(),
        day: f.day,
        due: f.due,
        circle: f.circle.clone(),
        shared: f.shared,
        settled: None,
    });
    let settled = plan.settled.iter().filter_map(|(key, day)| {
        let old = before.iter().find(|old| old.key == *key)?;
        Some(Published { settled: Some(*day), ..old.clone() })
    });
    open.chain(settled).collect()
}

/// What was done in the days the feed looks back, one entry a person and day.
fn done(store: &Store, settings: &Settings, today: Date) -> Result<Vec<Done>> {
    let from = crate::core::cadence::Interval::days(settings.feed.back).before(today);
    let mut days: BTreeMap<_, Vec<Entry>> = BTreeMap::new();
    for logged in store.done(from, today)? {
        days.entry((logged.day, logged.person))
            .or_default()
            .push(Entry { how: logged.how, what: logged.what });
    }
    Ok(days.into_iter().map(|((day, person), entries)| Done { person, day, entries }).collect())
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
