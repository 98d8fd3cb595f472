//! Days of people that come each year, besides birthdays, as events.

use jiff::Span;
use jiff::civil::Date;

use super::{BIRTHDAYS_AHEAD, Draft, Frame, capitalised, in_order, uid};
use crate::core::facts::Person;
use crate::core::follow_up::uuid;
use crate::core::text;

impl Frame<'_> {
    /// The events of birthdays.ics with those of the other days of these people, as far
    /// back and ahead, if their comfort allows that day to be brought up.
    #[must_use]
    pub fn with_dates(&self, mut drafts: Vec<Draft>, people: &[Person]) -> Vec<Draft> {
        let days = self.first_day()..=self.today.saturating_add(Span::new().days(BIRTHDAYS_AHEAD));
        let mut found = Vec::new();
        for person in people {
            for (label, date) in &person.dates {
                for year in days.start().year()..=days.end().year() {
                    let is_shown = |day: &Date| days.contains(day) && person.comfort.allows(*day);
                    let Some(day) = date.in_year(year).filter(is_shown) else { continue };
                    let years = date.age_in(year);
                    if date.year().is_some() && years.is_none() {
                        continue;
                    }
                    let years = years.map_or_else(String::new, |years| match years {
                        1 => " (1 year)".to_owned(),
                        years => format!(" ({years} years)"),
                    });
                    let id = uuid(self.namespace, &format!("date/{}/{label}/{year}", person.id));
                    found.push(Draft {
                        hours: None,
                        uid: uid(&id),
                        day,
                        summary: format!(
                            "{}: {}{years}",
                            capitalised(&super::title_words(label)),
                            text::name(&person.name)
                        ),
                        description: String::new(),
                        categories: vec!["Anniversary".to_owned()],
                        path: format!("/follow-up/{id}"),
                    });
                }
            }
        }
        if !found.is_empty() {
            // Then the feed is not empty without it.
            let placeholder = self.no_birthdays().uid;
            drafts.retain(|draft| draft.uid != placeholder);
        }
        drafts.append(&mut found);
        in_order(drafts)
    }
}
