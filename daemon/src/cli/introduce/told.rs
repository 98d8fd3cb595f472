//! An introduction in words, and as JSON.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::Context;
use super::super::screen::{in_one_piece, wrapped};
use crate::core::date::spoken;
use crate::core::facts::{Comfort, Facts, PersonId};
use crate::core::feed::summary;
use crate::core::follow_up::FollowUp;
use crate::core::intention::Aim;
use crate::core::introduction::{By, End, Introduction, Stage, Step};
use crate::core::plan::Plan;
use crate::core::text;
use crate::error::Result;
use crate::store::Store;

/// An introduction in words: how far it is, and what is planned for it.
pub(super) fn told(
    context: &Context,
    store: &Store,
    introduction: &Introduction,
    (facts, plan): (&Facts, &Plan),
) -> Result<String> {
    let mut said = wrapped(&format!("{}\n", sentence(introduction)), 0);
    if let Some(hindered) = hindered(introduction, facts) {
        return Ok(said + &wrapped(&format!("{hindered}\n"), 2));
    }
    for step in &introduction.steps {
        let with = |f: &&FollowUp| f.key.person == step.person && f.key.kind.is_outreach();
        let is_it = |f: &&FollowUp| {
            f.key.introduction().is_some_and(|(id, _)| id == introduction.id)
                || (step.aim != Aim::Introduction(Step::Ask) && f.reason.contains(&step.what))
        };
        let next = plan.follow_ups.iter().find(with);
        let line = match next {
            Some(f) if is_it(&f) => {
                let details = store.details(&std::iter::once(step.person).collect())?;
                let details = details.get(&step.person).cloned().unwrap_or_default();
                format!("{}: {}", spoken(f.day), summary(f, &details, &context.settings.circles))
            }
            Some(f) => format!("before that, on {}: {}", spoken(f.day), f.reason),
            None => continue,
        };
        said += &wrapped(&format!("{line}\n"), 2);
    }
    Ok(said)
}

/// That nothing comes of one that is under way, and how to end it: of two of whom one is
/// not to be planned, neither is named to the other.
fn hindered(introduction: &Introduction, facts: &Facts) -> Option<String> {
    let Introduction { by, between, .. } = introduction;
    let (to, through) = (between.to?, between.through?);
    let why = |(id, name): (PersonId, &str)| match facts.people.iter().find(|person| person.id == id) {
        Some(person) if person.comfort == Comfort::Never => {
            Some(format!("{} is set to never", text::name(name)))
        }
        Some(_) => None,
        None => Some(format!("{} may not be planned (kith why {id} tells the reason)", text::name(name))),
    };
    let two = [(through, between.through_name.as_str()), (to, between.to_name.as_str())];
    let why = two.into_iter().find_map(why).filter(|_| !introduction.stage().is_over())?;
    let command = match by {
        By::Them => format!("kith introduce {to} --through {through} --let-go"),
        By::Me => format!("kith introduce {through} --to {to} --let-go"),
    };
    Some(format!("nothing comes of it, as {why}; to end it: {}", in_one_piece(&command)))
}

/// `To Clara Diaz, by Ben Kern (his choir): asked for on 3 October 2026`.
pub(super) fn sentence(introduction: &Introduction) -> String {
    let Introduction { between, what, by, .. } = introduction;
    let stage = match (introduction.stage(), by) {
        (Stage::Ended(end), _) => {
            let how = if end == End::Declined { "declined" } else { "let go" };
            format!("{how}{}", on(introduction.ended.map(|(day, _)| day)))
        }
        (_, By::Them) => stage_of_theirs(introduction),
        (_, By::Me) => stage_of_mine(introduction),
    };
    let what = what.as_ref().map_or_else(String::new, |what| format!(" ({})", text::plain(what)));
    let (to, through) = (text::name(&between.to_name), text::name(&between.through_name));
    match by {
        By::Them => format!("To {to}, by {through}{what}: {stage}"),
        By::Me => format!("{through} and {to}, by you{what}: {stage}"),
    }
}

/// ` on 3 October 2026`, if that is known.
fn on(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| format!(" on {}", spoken(day)))
}

/// How far one is that somebody else makes.
fn stage_of_theirs(introduction: &Introduction) -> String {
    let Introduction { asked, agreed, sent, made, hello, thanked, .. } = introduction;
    match introduction.stage() {
        Stage::Asked => format!("asked for{}", on(*asked)),
        Stage::Agreed if sent.is_some() => format!("agreed to{}, lines sent{}", on(*agreed), on(*sent)),
        Stage::Agreed => format!("agreed to{}", on(*agreed)),
        Stage::Made => {
            let left = match (hello, thanked) {
                (None, None) => "; a first hello and a thank-you are still to come",
                (None, _) => "; a first hello is still to come",
                (_, None) => "; a thank-you is still to come",
                _ => "",
            };
            format!("made{}{left}", on(*made))
        }
        Stage::Thanked => format!("made{}, and both have heard from you", on(*made)),
        Stage::Noted | Stage::LookedBack | Stage::Ended(_) => "to be asked for".to_owned(),
    }
}

/// How far one is that the user makes.
fn stage_of_mine(introduction: &Introduction) -> String {
    let Introduction { between, asked, agreed, to_asked, to_agreed, made, looked_back, .. } = introduction;
    let one = |name: &str, asked: Option<Date>, agreed: Option<Date>| {
        let name = text::name(name);
        match (asked, agreed) {
            (_, Some(_)) => format!("{name} would like it"),
            (Some(_), None) => format!("{name} was asked{}", on(asked)),
            (None, None) => format!("{name} is to be asked"),
        }
    };
    match introduction.stage() {
        Stage::Noted => "both are to be asked".to_owned(),
        Stage::Asked => {
            let first = one(&between.through_name, *asked, *agreed);
            format!("{first}, {}", one(&between.to_name, *to_asked, *to_agreed))
        }
        Stage::Agreed => "both would like it".to_owned(),
        Stage::LookedBack => format!("made{}, looked back on{}", on(*made), on(*looked_back)),
        Stage::Made | Stage::Thanked | Stage::Ended(_) => format!("made{}", on(*made)),
    }
}

/// An introduction as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn as_json(introduction: &Introduction, plan: &Plan) -> Value {
    let Introduction { id, by, between, what, .. } = introduction;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let number = |person: Option<PersonId>| person.map(|person| person.to_string());
    let is_it = |f: &&FollowUp| f.key.introduction().is_some_and(|(known, _)| known == *id);
    json!({
        "id": id,
        "by": by.name(),
        "person": number(between.to),
        "name": between.to_name,
        "through": number(between.through),
        "through_name": between.through_name,
        "what": what,
        "stage": introduction.stage().name(),
        "entered": day(introduction.entered),
        "asked": day(introduction.asked),
        "agreed": day(introduction.agreed),
        "to_asked": day(introduction.to_asked),
        "to_agreed": day(introduction.to_agreed),
        "sent": day(introduction.sent),
        "made": day(introduction.made),
        "hello": day(introduction.hello),
        "thanked": day(introduction.thanked),
        "looked_back": day(introduction.looked_back),
        "ended": day(introduction.ended.map(|(day, _)| day)),
        "planned": plan.follow_ups.iter().find(is_it).map(|f| f.day.to_string()),
    })
}
