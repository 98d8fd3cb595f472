//! A follow-up put off, or let go.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::Facts;
use crate::core::feed::summary;
use crate::core::pause::{Why, back_on, in_words};
use crate::core::plan::Dues;
use crate::core::settings::Settings;
use crate::core::text;
use crate::error::Result;
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// Somebody who is left alone for a while, and what follows from that.
pub(crate) struct PutOff {
    listed: Listed,
    today: Date,
    back: Date,
    why: Why,
    /// What the user promised them and comes back to later now.
    promises: Vec<String>,
    /// What is planned with them next.
    next: Option<(Date, String)>,
    /// When they are due, if that is later than the day on which they come back.
    due: Option<Date>,
    /// When they come back, if there is another pause.
    later: Option<Date>,
}

/// Leaves somebody alone until the day on which they come `back`.
///
/// # Errors
/// If the database cannot be read or written.
pub(crate) fn put_off(
    store: &mut Store,
    (settings, today): (&Settings, Date),
    listed: &Listed,
    (back, why): (Date, Why),
) -> Result<PutOff> {
    let before = promised(&store.facts(&settings.me, today)?.facts, (settings, today), listed);
    store.put_off(&[(listed.id, back.yesterday().unwrap_or(back))], today, why)?;
    let (facts, plan) = rehearse(store, settings, today)?;
    let waiting = promised(&facts, (settings, today), listed)
        .into_iter()
        .filter(|(id, (day, _))| before.get(id).is_some_and(|(before, _)| before < day));
    let promises: Vec<String> = waiting.map(|(_, (_, what))| what).collect();
    let details = store.details(&std::iter::once(listed.id).collect())?;
    let next = plan.follow_ups.iter().find(|f| f.key.person == listed.id);
    let next = next.zip(details.get(&listed.id));
    let later = back_on(&facts.pauses, listed.id, back);
    let person = facts.people.iter().find(|person| person.id == listed.id);
    let due = person.and_then(|person| Dues::new(&facts, settings, today).of(person));
    Ok(PutOff {
        listed: listed.clone(),
        today,
        back,
        why,
        due: due.filter(|due| promises.is_empty() && later.is_some_and(|later| *due > later)),
        promises,
        next: next.map(|(next, details)| (next.day, summary(next, details, &settings.circles))),
        later: later.filter(|later| *later > back),
    })
}

impl PutOff {
    /// What was done and what follows from it, a sentence a line.
    pub(crate) fn said(&self) -> String {
        let last = self.back.yesterday().unwrap_or(self.back);
        let mut said = format!("{} is {}.\n", self.listed.name(), in_words(self.why, self.today, last));
        for what in &self.promises {
            said += &format!("What you promised them waits, too: {}.\n", text::plain(what));
        }
        if let Some(due) = self.due {
            said += &format!("They are not due before {} anyway.\n", spoken(due));
        }
        if let Some((day, title)) = &self.next {
            said += &format!("Next, on {}: {title}.\n", day.strftime("%A, %-d %B %Y"));
        } else if let Some(later) = self.later {
            said += &format!("There is a pause as well: they come back on {}.\n", spoken(later));
        }
        said
    }

    /// As scripts see it; documented in docs/interface.md, and stays.
    pub(crate) fn json(&self) -> Value {
        json!({
            "person": self.listed.id.to_string(),
            "name": self.listed.content.column(Column::Name),
            "why": self.why.to_string(),
            "back": self.back.to_string(),
            "planned": self.next.as_ref().map(|(day, _)| day.to_string()),
            "promises": self.promises,
        })
    }
}

/// What the user promised somebody, by its number, with the day on which it is asked for.
fn promised(
    facts: &Facts,
    (settings, today): (&Settings, Date),
    listed: &Listed,
) -> BTreeMap<i64, (Date, String)> {
    let dues = Dues::new(facts, settings, today);
    let person = facts.people.iter().find(|person| person.id == listed.id);
    let promises = person.into_iter().flat_map(|person| dues.promises(person));
    promises.map(|(promise, day)| (promise.id, (day, promise.what.clone()))).collect()
}
