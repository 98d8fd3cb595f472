//! `kith introduce`

use std::io::Write;

use serde_json::{Value, json};

use super::path::{Goal, Known};
use super::screen::{in_one_piece, out, wrapped};
use super::{Context, Done, choose};
use crate::core::date::spoken;
use crate::core::facts::{Comfort, Facts, PersonId};
use crate::core::feed::summary;
use crate::core::follow_up::FollowUp;
use crate::core::intention::Aim;
use crate::core::introduction::{End, Introduction, Stage, Step};
use crate::core::path::Link;
use crate::core::plan::Plan;
use crate::core::text;
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Noted, Store};

/// Be introduced to somebody, step by step.
///
/// You ask somebody who knows them, when that tie is warm; they agree, you send
/// them a few lines to forward; they make it, you say a first hello and a
/// thank-you. Each step is planned with the right person, kith done does it,
/// and what they say you note here. Without --through whoever kith path finds
/// is asked. Without a name the introductions under way are listed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith introduce me to david through anna\n  kith introduce david --through bert --for \"his choir\"\n  \
                  kith introduce\n  kith introduce carla --asked\n  kith introduce carla --agreed\n  kith introduce carla --made\n  \
                  kith introduce carla --let-go"
)]
pub(super) struct Args {
    /// To whom: part of a name, an email address or an id; or "me to NAME through NAME".
    #[arg(value_name = "PERSON")]
    to: Vec<String>,
    /// Who is to introduce you.
    #[arg(long, value_name = "PERSON", requires = "to")]
    through: Option<String>,
    /// What for: it is in the reason when you ask.
    #[arg(long = "for", value_name = "TEXT", requires = "to")]
    what: Option<String>,
    /// List those that are over, too.
    #[arg(long, conflicts_with = "to")]
    all: bool,
    #[command(flatten)]
    noted: NotedArgs,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct NotedArgs {
    /// You have asked for it.
    #[arg(long, requires = "to")]
    asked: bool,
    /// They agreed to introduce you.
    #[arg(long, requires = "to")]
    agreed: bool,
    /// You have sent them a few lines to forward.
    #[arg(long, requires = "to")]
    sent: bool,
    /// They have introduced you.
    #[arg(long, requires = "to")]
    made: bool,
    /// Both have heard from you since.
    #[arg(long, requires = "to")]
    thanked: bool,
    /// They would rather not.
    #[arg(long, requires = "to")]
    declined: bool,
    /// It is let go.
    #[arg(long, requires = "to")]
    let_go: bool,
}

impl NotedArgs {
    fn noted(&self) -> Option<Noted> {
        [
            (self.asked, Noted::Did(Step::Ask)),
            (self.agreed, Noted::Agreed),
            (self.sent, Noted::Did(Step::Forward)),
            (self.made, Noted::Made),
            (self.thanked, Noted::Thanked),
            (self.declined, Noted::Ended(End::Declined)),
            (self.let_go, Noted::Ended(End::LetGo)),
        ]
        .into_iter()
        .find_map(|(said, noted)| said.then_some(noted))
    }
}

/// The words of the command, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    to: String,
    through: Option<String>,
}

impl Words {
    /// Reads `Clara Diaz`, or `me to Clara Diaz through Ben`.
    fn of(words: &[String]) -> Self {
        let is = |word: &String, what: &[&str]| what.iter().any(|what| word.eq_ignore_ascii_case(what));
        let words = match words {
            [me, to, rest @ ..] if is(me, &["me"]) && is(to, &["to"]) => rest,
            words => words,
        };
        match words.iter().position(|word| is(word, &["through", "via"])) {
            Some(at) if at > 0 && at + 1 < words.len() => {
                Self { to: words[..at].join(" "), through: Some(words[at + 1..].join(" ")) }
            }
            _ => Self { to: words.join(" "), through: None },
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    if args.to.is_empty() {
        return list(context, args.all);
    }
    let mut words = Words::of(&args.to);
    if let Some(through) = &args.through {
        words.through = Some(through.clone());
    }
    match args.noted.noted() {
        Some(noted) => note(context, &words, noted),
        None => begin(context, &words, args.what.as_deref().map(str::trim).filter(|what| !what.is_empty())),
    }
}

/// Notes that somebody is to be asked for an introduction.
fn begin(context: &Context, words: &Words, what: Option<&str>) -> Done {
    let mut store = context.store()?;
    let to = choose::person(context, &store, &words.to)?;
    let known = Known::read(context, &store)?;
    let through = match &words.through {
        Some(query) => choose::person(context, &store, query)?,
        None => suggested(context, &store, &known, &to)?,
    };
    if to.id == through.id {
        return Err(Error::user(format!("{} cannot introduce you to themselves", choose::name(&to))).into());
    }
    for listed in [&to, &through] {
        may_be_planned(known.facts(), listed)?;
    }
    let same = |known: &Introduction| {
        !known.stage().is_over()
            && known.between.to == Some(to.id)
            && known.between.through == Some(through.id)
    };
    if store.introductions()?.iter().any(same) {
        return Err(Error::user(format!(
            "an introduction to {} by {} is under way already",
            choose::name(&to),
            choose::name(&through)
        ))
        .hint("kith introduce tells how far it is")
        .into());
    }
    store.introduce(to.id, through.id, what, context.today)?;
    context.republish(&mut store)?;
    let noted = store.introductions()?.into_iter().max_by_key(|introduction| introduction.id);
    tell(context, &store, noted)
}

/// Whom to ask, where nobody is named.
fn suggested(context: &Context, store: &Store, known: &Known, to: &Listed) -> Result<Listed> {
    let name = choose::name(to);
    let way = known.way(context, &Goal::person(to.clone()))?;
    let through = |id: PersonId| Ok(Listed { id, content: store.contact(id)? });
    match way.as_deref() {
        Some([first, next]) if next.link == Link::Organization => {
            let first = through(first.person)?;
            Err(Error::user(format!(
                "nobody is noted to know {name}; {} is at the same organisation, and may",
                choose::name(&first)
            ))
            .hint(format!("if so: kith introduce {} --through {}", to.id, first.id)))
        }
        Some([first, _]) => through(first.person),
        Some([_]) => Err(Error::user(format!("you know {name} yourself, and need no introduction"))
            .hint("if you want one all the same, say by whom: --through NAME")),
        Some([first, next, ..]) => {
            let [first, next] = [through(first.person)?, through(next.person)?];
            Err(Error::user(format!(
                "the way to {name} is longer: {} may know {}, and from there it goes on",
                choose::name(&first),
                choose::name(&next)
            ))
            .hint(format!("begin so: kith introduce {} --through {}", next.id, first.id)))
        }
        Some([]) | None => Err(Error::user(format!("nobody whom you may ask is noted to know {name}"))
            .hint(format!("say who does: --through NAME; or note it: kith tie NAME knows {}", to.id))),
    }
}

/// That both may be planned: what is never wanted is not begun.
fn may_be_planned(facts: &Facts, listed: &Listed) -> Result<()> {
    let name = choose::name(listed);
    match facts.people.iter().find(|person| person.id == listed.id) {
        Some(person) if person.comfort == Comfort::Never => {
            Err(Error::user(format!("{name} is set to never: nothing is planned with them"))
                .hint(format!("if you changed your mind: kith edit {} --comfort yes", listed.id)))
        }
        Some(_) => Ok(()),
        None => Err(Error::user(format!("{name} is not among those who may be planned"))
            .hint(format!("kith why {} tells the reason", listed.id))),
    }
}

/// Notes how far an introduction is.
fn note(context: &Context, words: &Words, noted: Noted) -> Done {
    let mut store = context.store()?;
    let one = choose::person(context, &store, &words.to)?;
    let through = words.through.as_deref().map(|query| choose::person(context, &store, query)).transpose()?;
    let mut open = store.introductions()?;
    open.retain(|known| !known.stage().is_over());
    open.retain(|known| through.as_ref().is_none_or(|through| known.between.through == Some(through.id)));
    let is_to = |known: &Introduction| known.between.to == Some(one.id);
    // The one it is to names it first; else the one who makes it.
    if open.iter().any(is_to) {
        open.retain(is_to);
    } else {
        open.retain(|known| known.between.through == Some(one.id));
    }
    let name = choose::name(&one);
    let introduction = match open.as_slice() {
        [only] => only.clone(),
        [] => {
            return Err(Error::user(format!("no introduction to {name}, or by them, is under way"))
                .hint("kith introduce lists those that are")
                .into());
        }
        several => {
            let each = |known: &Introduction| format!("  {}", sentence(known));
            let all: Vec<String> = several.iter().map(each).collect();
            return Err(Error::user(format!("several introductions are meant:\n{}", all.join("\n")))
                .hint("name the one it is to, and with --through who makes it")
                .into());
        }
    };
    store.note_introduction(introduction.id, context.today, noted)?;
    context.republish(&mut store)?;
    let noted = store.introductions()?.into_iter().find(|known| known.id == introduction.id);
    tell(context, &store, noted)
}

/// Tells of one introduction.
fn tell(context: &Context, store: &Store, introduction: Option<Introduction>) -> Done {
    let Some(introduction) = introduction else {
        return Err(Error::internal("what was noted is not in the database").into());
    };
    let (facts, plan) = rehearse(store, &context.settings, context.today)?;
    if context.json {
        return context.print_json(&as_json(&introduction, &plan));
    }
    write!(out(), "{}", told(context, store, &introduction, (&facts, &plan))?)?;
    Ok(())
}

/// Lists the introductions under way.
fn list(context: &Context, all: bool) -> Done {
    let store = context.store()?;
    let mut introductions = store.introductions()?;
    introductions.retain(|introduction| all || !introduction.stage().is_over());
    let (facts, plan) = rehearse(&store, &context.settings, context.today)?;
    if context.json {
        let each = introductions.iter().map(|introduction| as_json(introduction, &plan));
        return context.print_json(&each.collect());
    }
    let mut out = out();
    if introductions.is_empty() {
        let said =
            format!("No introduction is under way. {}\n", in_one_piece("kith introduce NAME begins one."));
        write!(out, "{}", wrapped(&said, 0))?;
    }
    for introduction in &introductions {
        write!(out, "{}", told(context, &store, introduction, (&facts, &plan))?)?;
    }
    Ok(())
}

/// An introduction in words: how far it is, and what is planned for it.
fn told(
    context: &Context,
    store: &Store,
    introduction: &Introduction,
    (facts, plan): (&Facts, &Plan),
) -> Result<String> {
    let mut said = wrapped(&format!("{}\n", sentence(introduction)), 0);
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
            None if facts.people.iter().all(|person| person.id != step.person) => {
                format!("nothing is planned with them: kith why {} tells the reason", step.person)
            }
            None => continue,
        };
        said += &wrapped(&format!("{line}\n"), 2);
    }
    Ok(said)
}

/// `To Clara Diaz, by Ben Kern (his choir): asked for on 3 October 2026`.
fn sentence(introduction: &Introduction) -> String {
    let Introduction { between, what, asked, agreed, sent, made, hello, thanked, ended, .. } = introduction;
    let on =
        |day: &Option<jiff::civil::Date>| day.map_or_else(String::new, |day| format!(" on {}", spoken(day)));
    let stage = match introduction.stage() {
        Stage::Noted => "to be asked for".to_owned(),
        Stage::Asked => format!("asked for{}", on(asked)),
        Stage::Agreed if sent.is_some() => format!("agreed to{}, lines sent{}", on(agreed), on(sent)),
        Stage::Agreed => format!("agreed to{}", on(agreed)),
        Stage::Made => {
            let left = match (hello, thanked) {
                (None, None) => "; a first hello and a thank-you are still to come",
                (None, _) => "; a first hello is still to come",
                (_, None) => "; a thank-you is still to come",
                _ => "",
            };
            format!("made{}{left}", on(made))
        }
        Stage::Thanked => format!("made{}, and both have heard from you", on(made)),
        Stage::Ended(end) => {
            let how = if end == End::Declined { "declined" } else { "let go" };
            format!("{how}{}", on(&ended.map(|(day, _)| day)))
        }
    };
    let what = what.as_ref().map_or_else(String::new, |what| format!(" ({})", text::plain(what)));
    format!(
        "To {}, by {}{what}: {stage}",
        choose::shown(&between.to_name),
        choose::shown(&between.through_name)
    )
}

/// An introduction as scripts see it; documented in docs/interface.md, and stays.
fn as_json(introduction: &Introduction, plan: &Plan) -> Value {
    let Introduction { id, between, what, entered, asked, agreed, sent, made, hello, thanked, ended, .. } =
        introduction;
    let day = |day: &Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let number = |person: Option<PersonId>| person.map(|person| person.to_string());
    let is_it = |f: &&FollowUp| f.key.introduction().is_some_and(|(known, _)| known == *id);
    json!({
        "id": id,
        "person": number(between.to),
        "name": between.to_name,
        "through": number(between.through),
        "through_name": between.through_name,
        "what": what,
        "stage": introduction.stage().name(),
        "entered": day(entered),
        "asked": day(asked),
        "agreed": day(agreed),
        "sent": day(sent),
        "made": day(made),
        "hello": day(hello),
        "thanked": day(thanked),
        "ended": day(&ended.map(|(day, _)| day)),
        "planned": plan.follow_ups.iter().find(is_it).map(|f| f.day.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_to_whom_and_by_whom() {
        for (said, to, through) in [
            ("clara", "clara", None),
            ("me to clara", "clara", None),
            ("me to clara diaz through ben kern", "clara diaz", Some("ben kern")),
            ("clara via ben", "clara", Some("ben")),
            ("clara through", "clara through", None),
        ] {
            let words: Vec<String> = said.split(' ').map(str::to_owned).collect();
            let expected = Words { to: to.to_owned(), through: through.map(str::to_owned) };
            assert_eq!(Words::of(&words), expected, "{said}");
        }
    }
}
