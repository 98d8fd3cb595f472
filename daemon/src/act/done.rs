//! What the plan asked for, done.

use jiff::civil::Date;

use crate::core::date::spoken;
use crate::core::facts::PersonId;
use crate::core::feed::how_done;
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::introduction::Step;
use crate::core::settings::Settings;
use crate::core::talk::{Notes, Talk};
use crate::error::{Error, Result};
use crate::store::{Listed, Store};

/// What the user did of the plan.
pub(crate) struct Did<'a> {
    pub(crate) follow_up: &'a FollowUp,
    /// With whom.
    pub(crate) listed: Listed,
    pub(crate) day: Date,
    /// What it was about; may be empty.
    pub(crate) what: &'a str,
    pub(crate) notes: Notes,
}

/// Logs that what was planned was done. Gives with whom, and what was logged.
///
/// # Errors
/// If it cannot have been done on that day, or the database cannot be read or written.
pub(crate) fn done(
    store: &mut Store,
    (settings, today): (&Settings, Date),
    did: Did<'_>,
) -> Result<(Vec<Listed>, Talk)> {
    let Did { follow_up, listed, day, what, notes } = did;
    let id = listed.id;
    // What springs from that day's contact, or from a later one, was not done on that day.
    if let Some(since) = follow_up.key.cycle.parse::<Date>().ok().filter(|since| *since >= day) {
        return Err(Error::user(format!(
            "you were in touch with {} on {}, and the next time is planned for {}",
            listed.name(),
            spoken(since),
            spoken(follow_up.day)
        )));
    }
    let details = store.details(&std::iter::once(id).collect())?.remove(&id).unwrap_or_default();
    let how = how_done(follow_up, &details, &settings.circles);
    let mut talk = Talk { notes, ..Talk::new(day, how, what) };
    add_what_it_was(&mut talk, follow_up);
    let mut people = vec![listed];
    if let Some((introduction, step)) = follow_up.key.introduction() {
        let known = store.introductions()?.into_iter().find(|known| known.id == introduction);
        let known = known.ok_or_else(|| Error::internal("an introduction is planned that is not noted"))?;
        store.log_step(id, &talk, today, (&known, step))?;
        // Who introduces two people writes to both.
        let both = known.people().into_iter().flatten().filter(|other| step == Step::Make && *other != id);
        for other in both {
            people.push(Listed { id: other, content: store.contact(other)? });
        }
    } else {
        log_it(store, id, &talk, follow_up, today)?;
    }
    Ok((people, talk))
}

/// Logs what was done, and with it that what was meant to be is.
fn log_it(store: &mut Store, id: PersonId, talk: &Talk, follow_up: &FollowUp, today: Date) -> Result<()> {
    match follow_up.key.intention().filter(|_| follow_up.key.kind != Kind::Nudge) {
        Some(did) => store.log_done(id, talk, today, did),
        None => store.log(&[id], talk, today),
    }
}

/// Notes with a contact what it was planned for: what was given, asked for, or received.
fn add_what_it_was(talk: &mut Talk, follow_up: &FollowUp) {
    let what = || Some(follow_up.what.clone().unwrap_or_else(|| "thanks".to_owned()));
    let Notes { given, asked, received, .. } = &mut talk.notes;
    match follow_up.key.kind {
        Kind::ThankYou | Kind::Promise | Kind::Congratulate | Kind::Send | Kind::Invite | Kind::Accompany => {
            *given = given.take().or_else(what);
        }
        Kind::Ask => *asked = asked.take().or_else(what),
        Kind::Introduction => match follow_up.key.introduction().map(|(_, step)| step) {
            Some(Step::Ask) => *asked = asked.take().or_else(what),
            Some(Step::Forward) => *given = given.take().or_else(what),
            Some(Step::Thanks) => *received = received.take().or_else(what),
            Some(Step::Make) => {
                *given = given.take().or_else(|| what().map(|what| format!("an introduction to {what}")));
            }
            Some(Step::Hello | Step::Reminder | Step::Consent | Step::ConsentTo | Step::LookBack) | None => {}
        },
        Kind::KeepInTouch
        | Kind::Rekindle
        | Kind::SecondTry
        | Kind::FirstHello
        | Kind::Nudge
        | Kind::Goal
        | Kind::Occasion
        | Kind::Birthday
        | Kind::Date => {}
    }
}
