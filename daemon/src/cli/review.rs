//! `kith review`

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::keys::{Key, Keys};
use super::pair::{self, Side};
use super::screen::{in_one_piece, labelled, out, width, wrapped};
use super::{Context, Done, Failure, choose, counted, undo};
use crate::core::facts::PersonId;
use crate::core::text;
use crate::error::Error;
use crate::store::{Decision, Review, StepId, Store};

/// Decide who may be the same person, pair by pair.
///
/// Whoever has the name of somebody known, and nothing else in common, is
/// kept and waits here; after 30 days undecided both are planned. So do people
/// whose names are alike, the likeliest first; they are planned meanwhile, unless
/// one of the two has died: then the other is not, until you decide. On a
/// terminal each pair is shown side by side and one key decides; elsewhere they
/// are listed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith review\n  kith review 3 --same\n  kith review 4 --different\n  kith review --json"
)]
pub(super) struct Args {
    /// The number of a review to decide.
    #[arg(requires = "decision", value_parser = number)]
    number: Option<i64>,
    #[command(flatten)]
    decision: DecisionArgs,
}

#[derive(Debug, clap::Args)]
#[group(id = "decision", multiple = false)]
struct DecisionArgs {
    /// They are one person.
    #[arg(long, requires = "number")]
    same: bool,
    /// They are two people.
    #[arg(long, requires = "number")]
    different: bool,
}

fn number(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "write the number that kith review shows before the two")
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    // A rehearsal writes nothing, and what can only be read is shown as it is.
    if args.number.is_none() && !context.rehearsal && store.may_be_written().is_ok() {
        store.look_for_twins(context.now)?;
    }
    let Some(number) = args.number else {
        if !context.json && io::stdin().is_terminal() && io::stdout().is_terminal() {
            return ask(context, &mut store);
        }
        return list(context, &store);
    };
    let decision = match args.decision {
        DecisionArgs { same: true, .. } => Decision::Same,
        DecisionArgs { different: true, .. } => Decision::Different,
        DecisionArgs { .. } => return Err(Error::usage("say --same or --different").into()),
    };
    let review = store.decide(number, decision, context.entered_at())?;
    if decision == Decision::Same {
        // What was asked of one of the two may be no question any more.
        store.look_for_twins(context.now)?;
    }
    context.republish(&mut store)?;
    if context.json {
        return context.print_json(&json(&review));
    }
    write!(out(), "{}", wrapped(&said(&store, &review, decision)?, 0))?;
    Ok(())
}

fn said(store: &Store, review: &Review, decision: Decision) -> Result<String, Error> {
    let (newer, twin) = (text::name(&review.newer.1), text::name(&review.twin.1));
    Ok(match decision {
        Decision::Same => format!("{newer} and {twin} are one person now (id {}).", review.twin.0),
        Decision::Different => match dead(store, review)? {
            None => format!("{newer} and {twin} are two people; both are planned."),
            Some([_, other]) => format!("{newer} and {twin} are two people; {other} is planned."),
        },
    })
}

/// The name of who of the two has died, and that of the other one, if just one has.
fn dead<'r>(store: &Store, review: &'r Review) -> Result<Option<[Cow<'r, str>; 2]>, Error> {
    let has_died = |id: PersonId| Ok::<_, Error>(choose::has_died(&store.contact(id)?));
    let [newer, twin] = [text::name(&review.newer.1), text::name(&review.twin.1)];
    Ok(match (has_died(review.newer.0)?, has_died(review.twin.0)?) {
        (true, false) => Some([newer, twin]),
        (false, true) => Some([twin, newer]),
        _ => None,
    })
}

/// That one of the two is not planned for now, in a sentence; nothing if that is not so.
fn held(store: &Store, review: &Review) -> Result<String, Error> {
    Ok(dead(store, review)?.map_or_else(String::new, |[dead, other]| {
        format!(" {dead} has died, so {other} is not planned until you decide.")
    }))
}

/// What waits, pair by pair, until all is decided or put off or there is no more wish to.
fn ask(context: &Context, store: &mut Store) -> Done {
    let mut later: Vec<i64> = Vec::new();
    let mut decided: Vec<(i64, StepId)> = Vec::new();
    let keys = Keys::take()?;
    let coming = usize::try_from(store.reviews_to_come()?).unwrap_or(usize::MAX);
    let mut ended = None;
    let mut shown = None;
    while ended.is_none() {
        // Read anew each time: one decision may settle others.
        let waiting: Vec<Review> =
            store.reviews()?.into_iter().filter(|review| !later.contains(&review.id)).collect();
        let Some(review) = waiting.first() else { break };
        if shown != Some(review.id) {
            keys.forget()?;
            show(store, review, waiting.len().saturating_add(coming))?;
            shown = Some(review.id);
        }
        let mut decide = |store: &mut Store, decision| {
            store.decide(review.id, decision, context.entered_at())?;
            decided.extend(store.decided_in(review.id)?.map(|step| (review.id, step)));
            writeln!(out(), "{}", wrapped(&said(store, review, decision)?, 0))?;
            Ok::<_, Failure>(())
        };
        match keys.next()? {
            Key::Letter('s') => decide(store, Decision::Same)?,
            Key::Letter('d') => decide(store, Decision::Different)?,
            Key::Letter('l') => {
                later.push(review.id);
                writeln!(out(), "Later.\n")?;
            }
            Key::Letter('u') => match decided.pop() {
                Some((number, step)) => {
                    undo::take_back(context, store, Some(step), false)?;
                    writeln!(out(), "Taken back; here they are again.\n")?;
                    later.retain(|put_off| *put_off != number);
                    shown = None;
                }
                None => {
                    write!(out(), "{}", wrapped("Nothing was decided yet that could be taken back.", 0))?;
                }
            },
            Key::Letter('q') | Key::End => ended = Some(Ok(())),
            Key::Interrupt => ended = Some(Err(Failure::Interrupted)),
            Key::Letter(_) | Key::Other => {
                write!(out(), "{}", wrapped(KEYS_EXPLAINED, 0))?;
            }
        }
    }
    drop(keys);
    if !decided.is_empty() {
        context.republish(store)?;
    }
    if !decided.is_empty() {
        store.look_for_twins(context.now)?;
    }
    let left = store.reviews()?.len();
    let more = to_come(store)?;
    let said = match (decided.len(), left) {
        (0, 0) => "Nothing waits to be decided.".to_owned(),
        (done, 0) => format!("{done} decided. Nothing waits any more."),
        (done, left) => format!("{done} decided; {} left.", counted(left, "pair is", "pairs are")),
    };
    write!(out(), "{}", wrapped(&said, 0))?;
    if let Some(more) = more {
        write!(out(), "{}", wrapped(&more, 0))?;
    }
    ended.unwrap_or(Ok(()))
}

/// Each key with what it does.
const KEYS: [&str; 5] = ["s same", "d different", "l later", "u undo", "q quit"];

/// What each key does, for who pressed another.
const KEYS_EXPLAINED: &str = "Press s if they are the same person, d if they are different people, l to decide \
                              later, u to take back the last decision, q to quit.";

fn show(store: &Store, review: &Review, waiting: usize) -> Done {
    let sides = [Side::of(store, review.twin.0)?, Side::of(store, review.newer.0)?];
    let mut out = out();
    let more = if waiting > 1 { format!(", and {} more after it", waiting - 1) } else { String::new() };
    let held = held(store, review)?;
    let stop = if held.is_empty() { "" } else { "." };
    let said = format!("Review {}: {}{more}{stop}{held}", review.id, review.reason);
    write!(out, "{}", wrapped(&said, 0))?;
    writeln!(out, "{}", pair::text(&sides[0], &sides[1], width()))?;
    write!(out, "{}", wrapped(&KEYS.map(in_one_piece).join(" · "), 0))?;
    out.flush()?;
    Ok(())
}

fn list(context: &Context, store: &Store) -> Done {
    let reviews = store.reviews()?;
    if context.json {
        return context.print_json(&Value::Array(reviews.iter().map(json).collect()));
    }
    let mut out = out();
    if reviews.is_empty() {
        writeln!(out, "Nothing waits to be decided.")?;
        return Ok(());
    }
    for review in &reviews {
        let told = |(id, name): &(PersonId, String)| {
            Ok::<_, Error>(format!("id {id}, {}", choose::told_apart(name, &store.contact(*id)?)))
        };
        let held = held(store, review)?;
        let stop = if held.is_empty() { "" } else { "." };
        let [newer, twin] = [told(&review.newer)?, told(&review.twin)?];
        let two = format!("{newer}\nand {twin}: {}{stop}{held}", review.reason);
        write!(out, "{}", labelled(&format!("{:>4}", review.id), 6, &two))?;
    }
    if let Some(more) = to_come(store)? {
        write!(out, "{}", wrapped(&format!("\n{more}"), 0))?;
    }
    let next = "\nkith show ID tells more. Decide with kith review NUMBER --same, or --different.";
    write!(out, "{}", wrapped(next, 0))?;
    Ok(())
}

/// How many more there are than the list has room for.
fn to_come(store: &Store) -> Result<Option<String>, Error> {
    let more = usize::try_from(store.reviews_to_come()?).unwrap_or(usize::MAX);
    let verb = if more == 1 { "comes" } else { "come" };
    Ok((more > 0)
        .then(|| format!("{} {verb} as you decide these.", counted(more, "more pair", "more pairs"))))
}

fn json(review: &Review) -> Value {
    json!({
        "number": review.id,
        "newer": { "id": review.newer.0.to_string(), "name": review.newer.1 },
        "twin": { "id": review.twin.0.to_string(), "name": review.twin.1 },
        "reason": review.reason,
        "codes": review.codes,
        "strength": review.strength,
        "withheld": review.withheld,
        "since": review.since,
    })
}
