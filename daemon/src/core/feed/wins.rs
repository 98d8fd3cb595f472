//! Small wins as events, and what the weekly review has of them and of goals.

use jiff::Span;

use super::{Draft, Frame, People, in_order, uid};
use crate::core::follow_up::uuid;
use crate::core::goal::Goal;
use crate::core::text;
use crate::core::win::Win;

impl Frame<'_> {
    /// The events of follow-ups.ics with the wins within the days that the settings
    /// look back; the weekly review has those of its week, and the `goals` that are
    /// running, in words that change only because something happened.
    #[must_use]
    pub fn celebrated(
        &self,
        mut drafts: Vec<Draft>,
        people: &People,
        wins: &[Win],
        goals: &[Goal],
    ) -> Vec<Draft> {
        let review = self.review();
        let week = review.day.saturating_sub(Span::new().days(6));
        let mut won = Vec::new();
        for win in wins.iter().filter(|win| win.day >= self.first_day()) {
            let name = match win.person.map(|person| people.get(&person)) {
                None => String::new(),
                Some(Some(details)) => text::name(&details.name).into_owned(),
                Some(None) => continue,
            };
            let told = win.told(&name);
            if win.day >= week {
                won.push(format!("- {told}"));
            }
            let id = uuid(self.namespace, &format!("win/{win}"));
            drafts.push(Draft {
                hours: None,
                uid: uid(&id),
                day: win.day,
                summary: told,
                description: "A small win. All of them: kith wins".to_owned(),
                categories: vec!["Win".to_owned()],
                path: format!("/follow-up/{id}"),
            });
        }
        let mut more = Vec::new();
        if !won.is_empty() {
            more.push("\nWins of the week:".to_owned());
            more.append(&mut won);
        }
        if !goals.is_empty() {
            more.push("\nYour goals:".to_owned());
            more.extend(goals.iter().map(|goal| format!("- {}", goal.sentence())));
        }
        if let Some(review) =
            drafts.iter_mut().find(|draft| draft.uid == review.uid).filter(|_| !more.is_empty())
        {
            review.description = format!("{}\n{}", review.description, more.join("\n"));
        }
        in_order(drafts)
    }
}
