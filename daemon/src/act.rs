//! What the user does with a follow-up, whether by a command or by a link.
//!
//! Commands call the parts; a link is one [`Order`], which the service's working
//! thread performs, as it owns the database.

mod done;
mod logged;
mod put_off;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

pub(crate) use self::done::{Did, done};
pub(crate) use self::logged::Logged;
pub(crate) use self::put_off::put_off;
use crate::core::cadence::Interval;
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::Comfort;
use crate::core::feed::{People, how_done, summary};
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::how::How;
use crate::core::pause::{Why, horizon};
use crate::core::settings::Settings;
use crate::core::talk::{Notes, Talk};
use crate::core::text;
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Paused, Rewriter, StepId, Store};

/// What is wanted of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// It was done, and what it was about.
    Done(String),
    /// It was done otherwise: on which day, how, what it was about.
    Log(Date, How, String),
    /// It was tried in vain.
    NoAnswer,
    /// They come back on that day.
    Snooze(Date),
    /// They are left alone for some months.
    NotNow,
    /// They are left alone for good.
    Never,
}

/// What a link asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Something to do with the follow-up of that UUID.
    Do(String, Deed),
    /// To take back what another order did.
    Undo(StepId),
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Acted {
        /// What was done and what follows from it, a sentence a line.
        said: String,
        /// What takes it back.
        undo: Option<StepId>,
    },
    /// What another order did is taken back.
    TakenBack {
        /// What that is, a sentence a line.
        said: String,
    },
    /// The follow-up is not open any more; nothing was changed.
    Closed,
}

/// A follow-up that is open, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// What it asks for.
    pub title: String,
    /// With whom.
    pub name: String,
    /// Which kind it is.
    pub kind: Kind,
    /// The day it is planned for.
    pub day: Date,
    /// Why.
    pub reason: String,
    /// How they were in touch when it is done as it asks.
    pub how: How,
}

/// What is open, by UUID, on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// The day of the plan; none before the first one.
    pub today: Option<Date>,
    /// The follow-ups of the plan.
    pub open: HashMap<String, Open>,
}

impl Board {
    /// What the plan of a day has with these people.
    #[must_use]
    pub fn new(
        plan: &[FollowUp],
        people: &People,
        settings: &Settings,
        namespace: &[u8],
        today: Date,
    ) -> Self {
        let open = plan.iter().filter_map(|follow_up| {
            let details = people.get(&follow_up.key.person)?;
            let open = Open {
                title: summary(follow_up, details, &settings.circles),
                name: text::name(&details.name).into_owned(),
                kind: follow_up.key.kind,
                day: follow_up.day,
                reason: follow_up.reason.clone(),
                how: how_done(follow_up, details, &settings.circles),
            };
            Some((follow_up.key.uuid(namespace), open))
        });
        Self { today: Some(today), open: open.collect() }
    }
}

/// When an order is carried out, and for whom.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) today: Date,
    pub(crate) now: Timestamp,
    /// Asked to change kith.toml, which is only needed to take something back.
    pub(crate) rewrite: Rewriter<'a>,
}

/// Carries an order out.
///
/// # Errors
/// If it cannot be carried out as it is; nothing is changed then.
pub(crate) fn perform(store: &mut Store, at: At<'_>, order: Order) -> Result<Outcome> {
    let (uuid, deed) = match order {
        Order::Do(uuid, deed) => (uuid, deed),
        Order::Undo(step) => {
            let undone = store.undo(Some(step), at.now, at.settings.me.home(), at.rewrite, false)?;
            let said = undone.step.what.iter().map(|what| format!("{what}\n")).collect::<String>();
            return Ok(Outcome::TakenBack { said });
        }
    };
    let (_, plan) = rehearse(store, at.settings, at.today)?;
    let namespace = store.namespace()?;
    let open = plan.follow_ups.iter().find(|follow_up| follow_up.key.uuid(&namespace) == uuid);
    let Some(follow_up) = open else { return Ok(Outcome::Closed) };
    let id = follow_up.key.person;
    let listed = Listed { id, content: store.contact(id)? };
    let said = carry_out(store, at, (follow_up, listed), deed)?;
    Ok(Outcome::Acted { said, undo: store.last_edit() })
}

/// Does that with a follow-up that is open; says what was done.
fn carry_out(
    store: &mut Store,
    At { settings, today, .. }: At<'_>,
    (follow_up, listed): (&FollowUp, Listed),
    deed: Deed,
) -> Result<String> {
    let set = (settings, today);
    let id = listed.id;
    let log = |store: &mut Store, talk: &Talk, listed: Listed| {
        store.log(&[id], talk, today)?;
        Ok(Logged::of(store, set, vec![listed], talk)?.said(""))
    };
    match deed {
        Deed::Done(what) => {
            if matches!(follow_up.key.kind, Kind::Birthday | Kind::Date) && follow_up.day > today {
                return Err(Error::user(format!("the day is still to come: {}", spoken(follow_up.day)))
                    .hint("if you talked already, choose how it went otherwise"));
            }
            let did = Did { follow_up, listed, day: today, what: what.trim(), notes: Notes::default() };
            let (people, talk) = done(store, set, did)?;
            Ok(Logged::of(store, set, people, &talk)?.said(""))
        }
        Deed::Log(day, how, what) => {
            log_can_be(day, today)?;
            let talk = Talk::new(day, how, what.trim());
            // A page that is sent again means the same talk.
            let is_it = |known: &crate::store::Logged| {
                !known.imported && (known.day, known.how, known.what.trim()) == (day, how, talk.what.as_str())
            };
            if store.history(id)?.iter().any(is_it) {
                return Err(Error::user("that is noted already")
                    .hint("if you were in touch again, say what it was about"));
            }
            log(store, &talk, listed)
        }
        Deed::NoAnswer => log(store, &Talk::new(today, How::Tried, ""), listed),
        Deed::Snooze(back) => {
            if back <= today || back > horizon(today) {
                return Err(Error::user(format!("they cannot come back on {}", spoken(back)))
                    .hint("choose a day to come, and not one in many years"));
            }
            let last = back.yesterday().unwrap_or(back);
            let is_it =
                |known: &Paused| known.person == Some(id) && known.until == last && known.why == Why::Snooze;
            if store.pauses(today)?.iter().any(is_it) {
                return Err(Error::user(format!("they are put off until {} already", spoken(back)))
                    .hint("choose another day"));
            }
            Ok(put_off(store, set, &listed, (back, Why::Snooze))?.said())
        }
        Deed::NotNow => {
            let until = Comfort::NOT_NOW.after(today);
            let value = |text: String| Some(text);
            let columns = [
                (Column::Comfort, value("not-now".to_owned())),
                (Column::ComfortUntil, value(until.to_string())),
            ];
            store.change(id, &columns, &[])?;
            Ok(format!(
                "{} is left alone until {}. What you promised them is planned all the same.\n",
                listed.name(),
                spoken(until)
            ))
        }
        Deed::Never => {
            store.change(id, &[(Column::Comfort, Some("never".to_owned()))], &[])?;
            Ok(format!("{} is never planned again, and in no calendar.\n", listed.name()))
        }
    }
}

/// Refuses a day on which nothing can have been.
fn log_can_be(day: Date, today: Date) -> Result<()> {
    if day <= today && Interval::months(100 * 12).after(day) >= today {
        return Ok(());
    }
    Err(Error::user(format!("nothing can have been on {}", spoken(day))).hint("choose today or a day before"))
}
