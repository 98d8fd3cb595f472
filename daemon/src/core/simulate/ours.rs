//! The plan as a policy: made each morning, continued from what was published.

use jiff::civil::Date;

use super::{Outreach, Policy};
use crate::core::cadence::Interval;
use crate::core::facts::Facts;
use crate::core::follow_up::{FollowUp, Published};
use crate::core::plan::{Plan, Terms, plan};
use crate::core::settings::Settings;

/// For how long what is settled is remembered, as in the database.
const KEPT: Interval = Interval::days(90);

/// [`plan`], day after day.
#[derive(Debug, Default)]
pub struct Ours {
    published: Vec<Published>,
    terms: Option<String>,
}

impl Ours {
    /// Goes on from what was published on the `terms` that were in force.
    #[must_use]
    pub fn from(published: Vec<Published>, terms: Option<String>) -> Self {
        Self { published, terms }
    }
}

impl Policy for Ours {
    fn reach(&mut self, facts: &Facts, settings: &Settings, today: Date) -> Vec<Outreach> {
        let terms = Terms::of(facts, settings, today);
        let before = terms.continued(self.terms.as_deref(), std::mem::take(&mut self.published));
        let made = plan(facts, settings, today, &before);
        self.published = publish(before, &made, today);
        self.terms = Some(terms.to_string());
        let due = made.follow_ups.iter().take_while(|f| f.day <= today);
        let outreach =
            |f: &FollowUp| Outreach { person: f.key.person, kind: f.key.kind, intention: f.key.intention() };
        due.map(outreach).collect()
    }
}

/// What is published of a plan over what was published before.
fn publish(before: Vec<Published>, plan: &Plan, today: Date) -> Vec<Published> {
    let mut rows: Vec<Published> = plan.follow_ups.iter().map(FollowUp::published).collect();
    rows.extend(plan.put_off.iter().cloned());
    let oldest = KEPT.before(today);
    let planned: std::collections::HashSet<_> = plan.follow_ups.iter().map(|f| f.key.clone()).collect();
    for mut row in before {
        let now = plan.settled.iter().find(|(key, _)| *key == row.key).map(|&(_, day)| day);
        row.settled = now.or(row.settled);
        if row.settled.is_some_and(|day| day >= oldest) && !planned.contains(&row.key) {
            rows.push(row);
        }
    }
    rows
}
