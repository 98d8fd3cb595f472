//! `kith introduce`

mod told;

use std::io::Write;

use self::told::{as_json, sentence, told};
use super::path::{Goal, Known};
use super::screen::{in_one_piece, out, wrapped};
use super::{Context, Done, choose};
use crate::core::facts::{Comfort, Facts, PersonId};
use crate::core::introduction::{By, End, Introduction, Step};
use crate::core::path::Link;
use crate::core::text;
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Noted, Store};

/// Be introduced to somebody, or introduce two people to each other, step by step.
///
/// To be introduced you ask somebody who knows them, when that tie is warm; they
/// agree, you send them a few lines to forward; they make it, you say a first
/// hello and a thank-you. Without --through whoever kith path finds is asked.
///
/// With --to you introduce two people: you ask both whether they would like it,
/// note with --agreed what each says, and introduce them when both would; four
/// weeks later you ask once what became of it. Who would rather not has said so.
///
/// Each step is planned with the right person, kith done does it, and what they
/// say you note here. Without a name the introductions under way are listed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith introduce me to david through anna\n  kith introduce david --through bert --for \"a place in the choir\"\n  \
                  kith introduce anna --to bert --because \"both play the viola\"\n  kith introduce\n  kith introduce carla --asked\n  kith introduce carla --agreed\n  kith introduce carla --made\n  \
                  kith introduce carla --let-go"
)]
pub(super) struct Args {
    /// To whom: part of a name, an email address or an id; or "me to NAME through NAME", or "NAME to NAME".
    #[arg(value_name = "PERSON")]
    who: Vec<String>,
    /// Who is to introduce you.
    #[arg(long, value_name = "PERSON", requires = "who")]
    through: Option<String>,
    /// To whom you introduce PERSON.
    #[arg(long, value_name = "PERSON", requires = "who", conflicts_with = "through")]
    to: Option<String>,
    /// What for: it is in the reason when you ask.
    #[arg(long = "for", visible_alias = "because", value_name = "TEXT", requires = "who")]
    what: Option<String>,
    /// List those that are over, too.
    #[arg(long, conflicts_with = "who")]
    all: bool,
    #[command(flatten)]
    noted: NotedArgs,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct NotedArgs {
    /// You have asked for it; or PERSON, whether they would like it.
    #[arg(long, requires = "who")]
    asked: bool,
    /// They agreed to introduce you; or PERSON would like to be introduced.
    #[arg(long, requires = "who")]
    agreed: bool,
    /// You have sent them a few lines to forward.
    #[arg(long, requires = "who")]
    sent: bool,
    /// They have introduced you; or you the two.
    #[arg(long, requires = "who")]
    made: bool,
    /// Both have heard from you since.
    #[arg(long, requires = "who")]
    thanked: bool,
    /// They would rather not.
    #[arg(long, requires = "who")]
    declined: bool,
    /// It is let go.
    #[arg(long, requires = "who")]
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
    /// Who makes it; by the user two are introduced to each other.
    by: By,
    /// Who is named first.
    one: String,
    /// By whom, or to whom by the user.
    other: Option<String>,
}

impl Words {
    /// Reads `Clara Diaz`, `me to Clara Diaz through Ben`, or `Anna to Clara Diaz`,
    /// with what the options say.
    fn of(args: &Args) -> Self {
        let is = |word: &String, what: &[&str]| what.iter().any(|what| word.eq_ignore_ascii_case(what));
        let theirs = |one: String, other| Self { by: By::Them, one, other };
        let (words, is_mine) = match args.who.as_slice() {
            [me, to, rest @ ..] if is(me, &["me"]) && is(to, &["to"]) => (rest, false),
            words => (words, true),
        };
        let parted = |what: &[&str]| {
            let at = words.iter().position(|word| is(word, what))?;
            (at > 0 && at + 1 < words.len()).then(|| (words[..at].join(" "), words[at + 1..].join(" ")))
        };
        let one = words.join(" ");
        if let Some(to) = &args.to {
            return match (one.eq_ignore_ascii_case("me"), to.trim().eq_ignore_ascii_case("me")) {
                (true, _) => theirs(to.clone(), None),
                (_, true) => theirs(one, None),
                _ => Self { by: By::Me, one, other: Some(to.clone()) },
            };
        }
        if let Some(through) = &args.through {
            return theirs(one, Some(through.clone()));
        }
        if let Some((to, through)) = parted(&["through", "via"]) {
            return theirs(to, Some(through));
        }
        match parted(&["to"]).filter(|_| is_mine) {
            Some((one, other)) => Self { by: By::Me, one, other: Some(other) },
            None => theirs(one, None),
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    if args.who.is_empty() {
        return list(context, args.all);
    }
    let words = Words::of(args);
    match args.noted.noted() {
        Some(noted) => note(context, &words, noted),
        None => begin(context, &words, args.what.as_deref().map(str::trim).filter(|what| !what.is_empty())),
    }
}

/// Notes that somebody is to be asked for an introduction, or two whether they would like one.
fn begin(context: &Context, words: &Words, what: Option<&str>) -> Done {
    let mut store = context.store()?;
    let one = choose::person(context, &store, &words.one)?;
    let known = Known::read(context, &store)?;
    let other = match &words.other {
        Some(query) => choose::person(context, &store, query)?,
        None => suggested(context, &store, &known, &one)?,
    };
    let (name, others) = (one.name(), other.name());
    if one.id == other.id {
        let said = match words.by {
            By::Them => format!("{name} cannot introduce you to themselves"),
            By::Me => format!("{name} cannot be introduced to themselves"),
        };
        return Err(Error::user(said).into());
    }
    for listed in [&one, &other] {
        may_be_planned(known.facts(), listed)?;
    }
    let (through, to, said) = match words.by {
        By::Them => (other.id, one.id, format!("to {name} by {others}")),
        By::Me => (one.id, other.id, format!("of {name} and {others}")),
    };
    let Some(id) = store.introduce(words.by, [through, to], what.map(text::unended), context.today)? else {
        return Err(Error::user(format!("an introduction {said} is under way already"))
            .hint("kith introduce tells how far it is")
            .into());
    };
    context.republish(&mut store)?;
    let noted = store.introductions()?.into_iter().find(|known| known.id == id);
    tell(context, &store, noted)
}

/// Whom to ask, where nobody is named.
fn suggested(context: &Context, store: &Store, known: &Known, to: &Listed) -> Result<Listed> {
    let name = to.name();
    let way = known.way(context, &Goal::person(to.clone()))?;
    let through = |id: PersonId| Ok(Listed { id, content: store.contact(id)? });
    match way.as_deref() {
        Some([first, next]) if next.link == Link::Organization => {
            let first = through(first.person)?;
            Err(Error::user(format!(
                "nobody is noted to know {name}; {} is at the same organisation, and may",
                first.name()
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
                first.name(),
                next.name()
            ))
            .hint(format!("begin so: kith introduce {} --through {}", next.id, first.id)))
        }
        Some([]) | None => Err(Error::user(format!("nobody whom you may ask is noted to know {name}"))
            .hint(format!("say who does: --through NAME; or note it: kith tie NAME knows {}", to.id))),
    }
}

/// That both may be planned: what is never wanted is not begun.
fn may_be_planned(facts: &Facts, listed: &Listed) -> Result<()> {
    let name = listed.name();
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
    let one = choose::person(context, &store, &words.one)?;
    let other = words.other.as_deref().map(|query| choose::person(context, &store, query)).transpose()?;
    let mut open = store.introductions()?;
    open.retain(|known| !known.stage().is_over());
    if let Some(other) = &other {
        open.retain(|known| known.by == words.by);
        open.retain(|known| match words.by {
            By::Them => known.between.through == Some(other.id),
            By::Me => known.people().contains(&Some(other.id)),
        });
    }
    let is_to = |known: &Introduction| match known.by {
        By::Them => known.between.to == Some(one.id),
        By::Me => known.people().contains(&Some(one.id)),
    };
    // The one it is to names it first; else the one who makes it.
    if open.iter().any(is_to) {
        open.retain(is_to);
    } else {
        open.retain(|known| known.between.through == Some(one.id));
    }
    let name = one.name();
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
                .hint("name the one it is to, and who makes it with --through; of two whom you introduce the other with --to")
                .into());
        }
    };
    let is_second = introduction.between.to == Some(one.id);
    let noted = match (introduction.by, noted) {
        (By::Me, Noted::Did(Step::Ask)) if is_second => Noted::Did(Step::ConsentTo),
        (By::Me, Noted::Did(Step::Ask)) => Noted::Did(Step::Consent),
        (By::Me, Noted::Agreed) if is_second => Noted::ToAgreed,
        (By::Me, Noted::Did(Step::Forward)) => {
            return Err(Error::user("no lines are forwarded for an introduction that you make yourself")
                .hint(format!("kith introduce {} --made notes that you made it", one.id))
                .into());
        }
        (_, noted) => noted,
    };
    store.note_introduction(&introduction, one.id, context.today, noted)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_words_say_to_whom_and_by_whom() {
        for (said, by, one, other) in [
            ("clara", By::Them, "clara", None),
            ("me to clara", By::Them, "clara", None),
            ("me to clara diaz through ben kern", By::Them, "clara diaz", Some("ben kern")),
            ("clara via ben", By::Them, "clara", Some("ben")),
            ("clara through", By::Them, "clara through", None),
            ("clara --through ben", By::Them, "clara", Some("ben")),
            ("anna to clara diaz", By::Me, "anna", Some("clara diaz")),
            ("anna --to clara", By::Me, "anna", Some("clara")),
            ("me --to clara", By::Them, "clara", None),
            ("clara --to me", By::Them, "clara", None),
            ("to lan", By::Them, "to lan", None),
        ] {
            let line = Line::try_parse_from(std::iter::once("kith").chain(said.split(' '))).unwrap();
            let expected = Words { by, one: one.to_owned(), other: other.map(str::to_owned) };
            assert_eq!(Words::of(&line.args), expected, "{said}");
        }
    }
}
