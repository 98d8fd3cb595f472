//! Why somebody is planned, in words that stay true as days pass.

use jiff::civil::Date;

use super::candidate::{Candidate, Tie, Try};
use super::rules::Rules;
use crate::core::cadence::Interval;
use crate::core::date::{Birthday, spoken};
use crate::core::how::How;
use crate::core::settings::OTHERS;

/// Why to reach out on `day`; says so if that is their birthday, too.
pub(super) fn outreach(candidate: &Candidate<'_>, rules: &Rules<'_>, day: Date) -> String {
    let person = candidate.person;
    let birthday = person.birthday.filter(|birthday| birthday.in_year(day.year()) == Some(day));
    let why = match candidate.tie {
        Tie::New => "In your address book, with no contact noted yet: a first step.".to_owned(),
        Tie::InTouch { on, how } => format!(
            "You last {} on {}; {} you like to talk {}.",
            match how {
                How::Met => "met",
                How::Heard => "heard from them",
                _ => "talked",
            },
            spoken(on),
            // Only when the interval is the circle's may the circle be named for it.
            match rules.circles[candidate.circle] {
                circle if circle.cadence.ideal != candidate.cadence.ideal => "with them".to_owned(),
                circle if circle.name == OTHERS => "with people in no circle".to_owned(),
                circle => format!("in the circle {}", circle.name),
            },
            every(candidate.cadence.ideal)
        ),
        Tie::Waiting { since, next, tries } => {
            let since = reached_out(candidate, since);
            // A try before its time made it one more than the ladder says.
            match (next, tries) {
                (Try::Second, 1) => {
                    format!("You reached out {since} and have not heard back; a second, friendly try.")
                }
                (Try::Third, 2) => {
                    format!("You reached out {since} and have not heard back; a third, friendly try.")
                }
                _ => {
                    format!("You last reached out {since} and have not heard back; another friendly try.")
                }
            }
        }
        Tie::Resting { since, .. } => format!(
            "You last reached out {} and have not heard back; after a rest, a fresh hello.",
            reached_out(candidate, since)
        ),
    };
    birthday.map_or_else(|| why.clone(), |birthday| format!("{why} {}", celebration(birthday, day)))
}

/// When the user reached out last: a congratulation is told as one, for who
/// sent it hardly thinks of it as a try.
fn reached_out(candidate: &Candidate<'_>, since: Date) -> String {
    let birthday = candidate.person.birthday.and_then(|birthday| birthday.in_year(since.year()));
    let occasion = if birthday == Some(since) { "for their birthday " } else { "" };
    format!("{occasion}on {}", spoken(since))
}

/// Why a birthday is in the calendar.
pub(super) fn celebration(birthday: Birthday, day: Date) -> String {
    birthday.age_in(day.year()).map_or_else(
        || format!("Birthday on {}.", spoken(day)),
        |age| format!("Birthday: turns {age} on {}.", spoken(day)),
    )
}

fn every(interval: Interval) -> String {
    let shown = interval.to_string();
    format!("every {}", shown.strip_prefix("1 ").unwrap_or(&shown))
}
