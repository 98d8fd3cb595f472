//! history.ics: with whom the user was in touch, day by day.

use std::collections::HashSet;

use jiff::Span;
use jiff::civil::Date;

use super::{Done, Draft, Frame, Names, capitalised, in_order, told, uid};
use crate::core::follow_up::uuid;
use crate::core::how::in_touch;
use crate::core::text;

/// How many lines an event has at most: somebody writes a hundred mails a day,
/// and a calendar shows a few lines.
const MOST_LINES: usize = 20;

impl Frame<'_> {
    /// The events of history.ics, by day: one a person and day of contact,
    /// within the days that the settings look back. While there is none one
    /// event says so, as an empty feed leaves old events behind.
    #[must_use]
    pub fn history(&self, names: &Names, log: &[Done]) -> Vec<Draft> {
        let first = self.today.saturating_sub(Span::new().days(i32::from(self.settings.history_days)));
        let happened = log
            .iter()
            .filter(|done| done.day >= first)
            .filter_map(|done| self.happened(done, names.get(&done.person)?));
        let mut drafts: Vec<Draft> = happened.collect();
        if drafts.is_empty() {
            drafts.push(self.no_history());
        }
        in_order(drafts)
    }

    /// What happened on a day; nothing if it has no entry.
    fn happened(&self, done: &Done, name: &str) -> Option<Draft> {
        let chief = done.entries.iter().map(|entry| entry.how).min()?;
        let id = uuid(self.namespace, &format!("history/{}/{}", done.person, done.day));
        Some(Draft {
            uid: uid(&id),
            day: done.day,
            hours: None,
            summary: capitalised(&in_touch(chief, &text::name(name))),
            description: in_lines(done),
            categories: Vec::new(),
            path: format!("/follow-up/{id}"),
        })
    }

    fn no_history(&self) -> Draft {
        let day = self.last_review_day();
        let id = uuid(self.namespace, &format!("no-history/{day}"));
        Draft {
            uid: uid(&id),
            day,
            hours: None,
            summary: "Nothing in your history yet".to_owned(),
            description: "Log a talk: kith log NAME \"what you talked about\"\n\
                          Or import mail, chats and meetings: kith import FILE"
                .to_owned(),
            categories: Vec::new(),
            path: format!("/follow-up/{id}"),
        }
    }

    /// The last day of the weekly review on or before today.
    fn last_review_day(&self) -> Date {
        let passed = self.settings.review.until(self.today.weekday());
        self.today.saturating_sub(Span::new().days(passed))
    }
}

/// What happened on a day, a line each. The mails of one exchange have one
/// subject, and the messages of a chat none at all: what is equal is one line.
fn in_lines(done: &Done) -> String {
    let mut seen = HashSet::new();
    let mut lines: Vec<String> =
        done.entries.iter().map(told).filter(|line| seen.insert(line.clone())).collect();
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}
