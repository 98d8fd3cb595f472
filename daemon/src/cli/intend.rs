//! What `kith promise`, `kith ask` and `kith offer` share.

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{in_one_piece, out, typed, wrapped};
use super::{Context, Done, choose};
use crate::core::cadence::Interval;
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::Comfort;
use crate::core::follow_up::FollowUp;
use crate::core::intention::{self, Aim, Intention, Outcome};
use crate::core::pause::participle;
use crate::core::plan::{Dues, Obstacle};
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// Something to be noted.
pub(super) struct Noting<'a> {
    pub(super) person: &'a str,
    pub(super) aim: Aim,
    pub(super) what: &'a str,
    pub(super) by: Option<&'a str>,
}

/// How something ended.
pub(super) struct Ending<'a> {
    /// The command, for what is said.
    pub(super) command: &'a str,
    pub(super) person: &'a str,
    /// A word of what it is; of nothing in particular the one that is due first.
    pub(super) word: &'a str,
    /// What it may be.
    pub(super) of: &'a [Aim],
    pub(super) outcome: Outcome,
}

/// Notes what is meant to be done, and says when it is planned.
pub(super) fn note(context: &Context, noting: &Noting<'_>) -> Done {
    let by = noting.by.map(|text| day(text, noting.aim, context)).transpose()?;
    let mut store = context.store()?;
    let listed = choose::person(context, &store, noting.person)?;
    if noting.aim == Aim::Ask {
        super::goal::sentence(context, &store, "whoever is asked for something wants to know")?;
    }
    let remarks = choose::remarks(&store, noting.person, &listed)?;
    let what = text::unended(noting.what);
    let (id, known) = store.intend(listed.id, noting.aim, what, by, context.today)?;
    context.republish(&mut store)?;
    let Some(noted) = store.intentions()?.into_iter().find(|noted| noted.id == id) else {
        return Err(Error::internal("what was noted is not in the database").into());
    };
    if context.json {
        return context.print_json(&json(&listed, &noted));
    }
    let before = match &known {
        None => String::new(),
        Some(known) if known.by == noted.by => format!("; noted already, on {}", spoken(known.entered)),
        Some(known) => match known.by {
            Some(by) => format!("; before, its day was {}", spoken(by)),
            None => "; before, it had no day".to_owned(),
        },
    };
    let planned = planned(context, &store, &listed, &noted)?;
    let said = format!("{}{before}.\n{planned}\n", sentence(&noted, &listed));
    write!(out(), "{}{remarks}", wrapped(&said, 0))?;
    Ok(())
}

/// Until when: a day to come; what they promised may be late already.
fn day(text: &str, aim: Aim, context: &Context) -> Result<Date> {
    let day = when::parse(text, context.today, Toward::Future)
        .map_err(|error| Error::usage(format!("--by: {error}")))?;
    if day < context.today && aim != Aim::TheirPromise {
        return Err(Error::usage(format!("--by: {} has passed", spoken(day)))
            .hint("leave --by out, or name a day to come"));
    }
    super::snooze::not_for_good("--by", day, context)?;
    Ok(day)
}

/// When it is planned, or why it is not.
fn planned(context: &Context, store: &Store, listed: &Listed, noted: &Intention) -> Result<String> {
    if noted.is_past(context.today) {
        return Ok("Its day has passed: --by gives it another one.".to_owned());
    }
    let (facts, plan) = rehearse(store, &context.settings, context.today)?;
    let mut own = plan.follow_ups.iter().filter(|f| f.key.person == listed.id && f.key.kind.is_outreach());
    let person = facts.people.iter().find(|person| person.id == listed.id);
    let dues = Dues::new(&facts, &context.settings, context.today);
    let serves = |f: &FollowUp| person.is_some_and(|person| dues.serves(person, f, noted.id));
    let last = Interval::days(context.settings.feed.ahead).after(context.today);
    let obstacle = person.and_then(|person| dues.obstacle(person, &plan, noted));
    let next = own.next();
    let waits_for = dues.waits_for(noted).filter(|_| noted.aim == Aim::Promise);
    Ok(match next {
        next if matches!(obstacle, Some(Obstacle::NoPlace(_))) => {
            let instead = next.map_or_else(String::new, |f| {
                format!(" You are asked to be in touch on {}: {}", spoken(f.day), f.reason)
            });
            format!(
                "No place is left for it until then: --by gives it another day, --let-go lets it go.{instead}"
            )
        }
        Some(f) if let Some(pause) = waits_for.filter(|pause| pause.until < f.day && serves(f)) => {
            let until = spoken(pause.until);
            let why = match pause.person {
                None => format!("Its day is in the pause until {until}, and no day is left before that."),
                Some(_) => format!("They are {} until {until}.", participle(pause.why)),
            };
            format!("{why} {}", planned_for(f, noted))
        }
        Some(f) if serves(f) => planned_for(f, noted),
        Some(f) if let Some(obstacle) = obstacle.filter(|_| noted.by.is_some_and(|by| by < f.day)) => {
            format!(
                "There is no day left for it: {obstacle}. After that, on {}, you are asked to be in touch: {}",
                spoken(f.day),
                f.reason
            )
        }
        Some(f) => format!("Before that you are asked to be in touch on {}: {}", spoken(f.day), f.reason),
        None if person.is_none_or(|person| person.comfort == Comfort::Never) => {
            "They are not planned (kith why tells the reason), so neither is this.".to_owned()
        }
        None if noted.aim == Aim::Promise && noted.by.is_some_and(|by| by <= last) => {
            "It waits until they come back: kith why tells when.".to_owned()
        }
        None if let Some(why @ (Obstacle::LeftAlone(..) | Obstacle::NoWorkingDay)) = obstacle => {
            format!("There is no day for it: {why}{}.", why.advice())
        }
        None if person.and_then(|person| dues.of(person)).is_some_and(|due| due <= last) => format!(
            "There is no place for it in the {} days that are planned: kith why tells the reason.",
            context.settings.feed.ahead
        ),
        None => format!("It is further away than the {} days that are planned.", context.settings.feed.ahead),
    })
}

/// When it is planned.
fn planned_for(f: &FollowUp, noted: &Intention) -> String {
    if f.key.intention() == Some(noted.id) {
        format!("Planned for {}.", spoken(f.day))
    } else {
        format!("Planned for {}, with what else there is: {}", spoken(f.day), f.reason)
    }
}

/// Notes how something ended.
pub(super) fn end(context: &Context, ending: &Ending<'_>) -> Done {
    let mut store = context.store()?;
    let listed = choose::person(context, &store, ending.person)?;
    let word = ending.word.to_lowercase();
    let mut open = store.intentions()?;
    open.retain(|i| i.person == listed.id && ending.of.contains(&i.aim));
    // What was asked can be answered, and nothing else.
    open.retain(|i| i.ended.is_none() || matches!(ending.outcome, Outcome::Yes | Outcome::No));
    let nothing = open.is_empty();
    open.retain(|i| i.what.to_lowercase().contains(&word));
    // What was asked is answered before what was not.
    open.sort_by_key(|i| i.ended.is_none());
    let Some(first) = open.into_iter().next() else {
        let name = listed.name();
        return Err(if nothing {
            Error::user(format!("nothing is open with {name}"))
                .hint(format!("kith {} lists what is", ending.command))
        } else {
            Error::user(format!("nothing that is open with {name} has {:?} in it", ending.word))
                .hint(format!("kith {} {} lists what is", ending.command, listed.id))
        }
        .into());
    };
    // Who was asked was written to, and who answered was heard from.
    match ending.outcome {
        Outcome::Done if first.aim == Aim::Ask => store.asked(listed.id, &first, context.today)?,
        Outcome::Yes | Outcome::No => store.answered(listed.id, &first, context.today, ending.outcome)?,
        Outcome::Done | Outcome::LetGo => store.end_intention(first.id, context.today, ending.outcome)?,
    }
    context.republish(&mut store)?;
    if context.json {
        let ended = Intention { ended: Some((context.today, ending.outcome)), ..first };
        return context.print_json(&json(&listed, &ended));
    }
    let how = match ending.outcome {
        Outcome::Done if ending.command == "promise" => "kept",
        Outcome::Done if ending.command == "ask" => "asked; note what they say: --yes or --no",
        Outcome::Done => "done",
        Outcome::Yes => "they said yes",
        Outcome::No => "they said no; you asked, and that is what counts",
        Outcome::LetGo => "let go",
    };
    write!(out(), "{}", wrapped(&format!("{}: {how}.\n", sentence(&first, &listed)), 0))?;
    Ok(())
}

/// Lists what is open.
pub(super) fn list(context: &Context, person: Option<&str>, of: &[Aim], word: &str) -> Done {
    let store = context.store()?;
    let listed = person.map(|query| choose::person(context, &store, query)).transpose()?;
    let mut all = store.intentions()?;
    all.retain(|i| of.contains(&i.aim) && listed.as_ref().is_none_or(|listed| listed.id == i.person));
    let mut lines = Vec::with_capacity(all.len());
    for intention in all {
        let listed = Listed { id: intention.person, content: store.contact(intention.person)? };
        lines.push((listed, intention));
    }
    if context.json {
        return context.print_json(&lines.iter().map(|(listed, i)| json(listed, i)).collect());
    }
    if lines.is_empty() {
        writeln!(out(), "Nothing is {word}.")?;
        return Ok(());
    }
    let line = |(listed, i): &(Listed, Intention)| {
        let past = if i.is_past(context.today) { "; its day has passed" } else { "" };
        format!("{}{past}\n", sentence(i, listed))
    };
    let text: String = lines.iter().map(line).collect();
    write!(out(), "{}", wrapped(&text, 0))?;
    Ok(())
}

/// What asks about something that has its day, which has passed or has no room, with the commands that answer it.
pub(super) fn undecided(intention: &Intention, listed: &Listed, because: &str) -> String {
    let (command, kind) = match intention.aim {
        Aim::Ask => ("ask", String::new()),
        Aim::Send => ("offer", String::new()),
        aim => ("offer", format!(" --{aim}")),
    };
    let command = format!("kith {command} {} {}", listed.id, typed(&text::plain(&intention.what)));
    format!(
        "{}; {because}. Let it go: {}; or give it another day: {}",
        sentence(intention, listed),
        in_one_piece(&format!("{command} --let-go")),
        in_one_piece(&format!("{command}{kind} --by DATE")),
    )
}

/// What it is, in one line: `Your promise to Anna Müller: the article (by 4 December 2026)`.
fn sentence(intention: &Intention, listed: &Listed) -> String {
    let of = intention::of(intention.aim, listed.name().as_ref());
    let mut chars = of.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let by = intention.by.map_or_else(String::new, |by| format!(" (by {})", spoken(by)));
    let asked = intention.ended.filter(|(_, outcome)| *outcome == Outcome::Done && intention.aim == Aim::Ask);
    let asked = asked.map_or_else(String::new, |(day, _)| format!("; asked on {}", spoken(day)));
    format!("{first}{}: {}{by}{asked}", chars.as_str(), text::plain(&intention.what))
}

/// What is meant to be done as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn json(listed: &Listed, intention: &Intention) -> Value {
    json!({
        "id": intention.id,
        "person": listed.id.to_string(),
        "name": listed.content.column(Column::Name),
        "kind": intention.aim.to_string(),
        "what": intention.what,
        "by": intention.by.map(|day| day.to_string()),
        "entered": intention.entered.to_string(),
        "ended": intention.ended.map(|(day, _)| day.to_string()),
        "outcome": intention.ended.map(|(_, outcome)| outcome.to_string()),
    })
}
