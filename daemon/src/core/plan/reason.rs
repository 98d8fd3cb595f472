//! Why somebody is planned, in words that stay true as days pass.

use jiff::civil::Date;

use super::candidate::Candidate;
use super::owed::{Owed, Owing};
use super::rules::Rules;
use super::standing::{Standing, Try};
use super::wish::{For, Wish};
use crate::core::cadence::Interval;
use crate::core::date::{Birthday, spoken};
use crate::core::follow_up::Kind;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention};
use crate::core::introduction::Step;
use crate::core::occasion::Occasion;
use crate::core::preference::Ease;
use crate::core::settings::OTHERS;
use crate::core::text::{ended, unended};

/// Why to reach out on `day`: everything that the one outreach is for.
pub(super) fn outreach(candidate: &Candidate<'_>, rules: &Rules<'_>, day: Date) -> String {
    let kind = candidate.key(day).kind;
    // It counts for a goal whose time it falls into, if a talk is asked for.
    let counts = |step: &&Wish<'_>| match step.what {
        For::Goal(..) => kind.is_talk() && step.counts_on(day),
        For::Intention(_) | For::FirstHello(_) | For::Occasion(_) => true,
    };
    let meant = candidate.wishes.iter().chain(&candidate.later).filter(counts);
    let mut why: Vec<String> = meant.filter_map(wish).collect();
    why.extend(promises(candidate.owed.iter().filter(|owed| owed.is_late_on(day))));
    why.extend(candidate.along(day).filter_map(wish));
    why.extend(candidate.occasion_on(day, rules).map(occasion));
    // With something to do, the clock is told only if it has come round, too.
    if candidate.wishes.is_empty() || candidate.clock.is_some_and(|clock| clock <= day) {
        why.push(clock(candidate, rules, kind));
    }
    why.extend(candidate.held.map(|ask| held(candidate, ask)));
    why.extend(celebrations_on(candidate, day));
    why.extend(practice(candidate).map(str::to_owned));
    why.join(" ")
}

/// What the user wants to ask for and not now, as the tie is not warm or something is unanswered.
fn held(candidate: &Candidate<'_>, ask: &Intention) -> String {
    let is_question =
        |meant: &Intention| matches!(meant.aim, Aim::TheirPromise | Aim::Introduction(Step::Reminder));
    match candidate.wishes.iter().filter_map(Wish::intention).any(is_question) {
        true => format!("You want to ask for something else ({}): it waits for their answer.", ask.what),
        false => {
            format!("You want to ask for something ({}): a hello without any request comes first.", ask.what)
        }
    }
}

/// A kind word to who practises.
fn practice(candidate: &Candidate<'_>) -> Option<&'static str> {
    match candidate.ease? {
        Ease::Easy => Some("An easy talk to practise with."),
        Ease::Moderate => None,
        Ease::Hard => Some("A harder one: to try is what counts."),
    }
}

/// Why an outreach is owed, and what else it may be for.
pub(super) fn owed(candidate: &Candidate<'_>, rules: &Rules<'_>) -> String {
    let Some(first) = candidate.owed.first() else { return String::new() };
    let all = || std::iter::once(first).chain(candidate.owed_with(first));
    let mut why: Vec<String> = all().filter(|owed| !owed.is_promise()).map(owing).collect();
    let at = usize::from(!first.is_promise()).min(why.len());
    why.splice(at..at, promises(all().filter(|owed| owed.is_promise())));
    // What is owed is written, and no step towards a goal of talks.
    let is_goal = |wish: &&Wish<'_>| matches!(wish.what, For::Goal(..));
    why.extend(candidate.wished_with(first).filter(|wish| !is_goal(wish)).filter_map(wish));
    why.extend(candidate.along(first.day).filter_map(wish));
    why.extend(candidate.occasion_on(first.day, rules).map(occasion));
    // Another try has its own time, which is not brought forward.
    let near = if candidate.is_waiting() { first.day } else { candidate.together().after(first.day) };
    if candidate.clock.is_some_and(|clock| clock <= near) {
        // As what an outreach of its own was published says nothing of this one.
        why.push(clock(candidate, rules, candidate.kind(first.day)));
    }
    why.extend(celebrations_on(candidate, first.day));
    why.join(" ")
}

/// What was promised: the first, and how much more, which the card lists.
fn promises<'a>(owed: impl Iterator<Item = &'a Owed<'a>>) -> Vec<String> {
    let mut all: Vec<String> = owed.map(owing).collect();
    let more = all.len().saturating_sub(1);
    if more > 1 {
        all.truncate(1);
        all.push(format!("{more} more promises go with it."));
    }
    all
}

fn owing(owed: &Owed<'_>) -> String {
    match owed.what {
        Owing::Promise(Intention { what, by: Some(by), .. }) => {
            format!("You promised by {}: {}", spoken(*by), ended(what))
        }
        Owing::Promise(Intention { what, entered, .. }) => {
            format!("You promised on {}: {}", spoken(*entered), ended(what))
        }
        Owing::Step(step) => introduction(step),
        Owing::Thanks(met) => format!("You met on {}: a short thank-you.", spoken(met)),
    }
}

/// What is meant to be done; an occasion is named by its days, whatever is meant.
fn wish(wish: &Wish<'_>) -> Option<String> {
    match wish.what {
        For::Intention(intention) => Some(meant(intention)),
        For::FirstHello(met) => {
            Some(format!("You met for the first time on {}: a first hello.", spoken(met)))
        }
        For::Goal(goal, _) => {
            Some(format!("A step towards your goal (by {}): {}", spoken(goal.until), ended(&goal.what)))
        }
        For::Occasion(_) => None,
    }
}

fn occasion(occasion: &Occasion) -> String {
    format!("{} ({}) is an occasion to say hello.", occasion.name, spoken(occasion.day))
}

fn meant(intention: &Intention) -> String {
    let Intention { aim, what, by, .. } = intention;
    let by = by.map_or_else(String::new, |by| format!(" (by {})", spoken(by)));
    match aim {
        Aim::Promise | Aim::TheirPromise => {
            format!("They promised{by}: {}; a gentle question.", unended(what))
        }
        Aim::Ask => format!("You want to ask for something{by}: {}", ended(what)),
        Aim::Congratulate => format!("To congratulate{by}: {}", ended(what)),
        Aim::Send => format!("Something to send{by}: {}", ended(what)),
        Aim::Invite => format!("An invitation{by}: {}", ended(what)),
        Aim::Accompany => format!("To go along{by}: {}", ended(what)),
        Aim::Introduction(_) => introduction(intention),
    }
}

/// What is to be done for an introduction.
fn introduction(step: &Intention) -> String {
    let Intention { aim, what, entered, .. } = step;
    let since = spoken(*entered);
    match aim {
        Aim::Introduction(Step::Ask) => format!("You want to ask for {}", ended(what)),
        Aim::Introduction(Step::Reminder) => {
            format!("You have heard nothing of {what} since {since}; a gentle question.")
        }
        Aim::Introduction(Step::Forward) => {
            format!("They agreed on {since} to introduce you: {}", ended(what))
        }
        Aim::Introduction(Step::Hello) => format!("On {since} you were {what}: a first hello."),
        Aim::Introduction(Step::Thanks) => format!("You owe them thanks for {what} on {since}."),
        Aim::Introduction(Step::Consent | Step::ConsentTo) => {
            format!("You want to introduce them to {what}: ask first whether they would like it.")
        }
        Aim::Introduction(Step::Make) => {
            format!("Since {since} both would like to be introduced: {}", ended(what))
        }
        Aim::Introduction(Step::LookBack) => {
            format!("On {since} you introduced them to {what}: what became of it?")
        }
        _ => ended(what),
    }
}

/// What of theirs is celebrated on that day.
fn celebrations_on(candidate: &Candidate<'_>, day: Date) -> impl Iterator<Item = String> {
    let is_today = move |date: &Birthday| date.in_year(day.year()) == Some(day);
    let birthday = candidate.person.birthday.filter(is_today).map(|birthday| celebration(birthday, day));
    let dates = candidate.person.dates.iter();
    let dates = dates.filter(move |(_, date)| is_today(date) && date.year() != Some(day.year()));
    birthday.into_iter().chain(dates.map(move |(label, known)| date(label, *known, day)))
}

/// Why to keep in touch.
fn clock(candidate: &Candidate<'_>, rules: &Rules<'_>, kind: Kind) -> String {
    match candidate.standing {
        Standing::New => "In your address book, with no contact noted yet: a first step.".to_owned(),
        Standing::InTouch { on, how } => {
            format!("{}; {}.{}", last(on, how), often(candidate, rules), quiet(kind))
        }
        Standing::Thought { of, last: talk } => {
            let sent = reached_out(candidate, of);
            let told = talk.map_or_else(
                || format!("You sent them a word {sent}"),
                |(on, how)| format!("{}, and sent them a word {sent}", last(on, how)),
            );
            format!("{told}; {}.{}", often(candidate, rules), quiet(kind))
        }
        Standing::Waiting { since, next, tries } => {
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
        Standing::Resting { since, .. } => format!(
            "You last reached out {} and have not heard back; after a rest, a fresh hello.",
            reached_out(candidate, since)
        ),
    }
}

/// When they last talked.
fn last(on: Date, how: How) -> String {
    let last = match how {
        How::Met => "met",
        How::Heard => "heard from them",
        _ => "talked",
    };
    format!("You last {last} on {}", spoken(on))
}

/// How often the user likes to talk to them.
fn often(candidate: &Candidate<'_>, rules: &Rules<'_>) -> String {
    // Only when the interval is the circle's may the circle be named for it.
    let whom = match rules.circles[candidate.circle] {
        circle if circle.cadence.ideal != candidate.cadence.ideal => "with them".to_owned(),
        circle if circle.name == OTHERS => "with people in no circle".to_owned(),
        circle => format!("in the circle {}", circle.name),
    };
    format!("{whom} you like to talk {}", every(candidate.cadence.ideal))
}

/// What to say to a dormant tie; the card says what not to ask.
fn quiet(kind: Kind) -> &'static str {
    if kind == Kind::Rekindle { " It has been quiet for a while: just say hello." } else { "" }
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

/// Why another day of theirs is in the calendar.
pub(super) fn date(label: &str, date: Birthday, day: Date) -> String {
    let years = date.age_in(day.year()).map_or_else(String::new, |years| match years {
        1 => " (1 year)".to_owned(),
        years => format!(" ({years} years)"),
    });
    format!("Each year on this day: {label}{years}, {}.", spoken(day))
}

fn every(interval: Interval) -> String {
    let shown = interval.to_string();
    format!("every {}", shown.strip_prefix("1 ").unwrap_or(&shown))
}
