//! `kith review-week`

use std::io::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use super::goal::Seen;
use super::screen::{labelled, out, wrapped};
use super::{Context, Done, choose, counted, intend, joined, pause, wins};
use crate::core::cadence::Interval;
use crate::core::date::spoken;
use crate::core::facts::Facts;
use crate::core::feed::{Names, summary};
use crate::core::follow_up::FollowUp;
use crate::core::goal::{Act, Goal};
use crate::core::how::in_touch;
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::plan::{Dues, shortfall};
use crate::core::text;
use crate::core::win::{Asks, times};
use crate::error::Result;
use crate::publish::rehearse;
use crate::store::{Listed, Logged, Store};

/// Over how long giving and asking are held against each other.
const BALANCE: Interval = Interval::months(3);

/// Look back at the week, and ahead: whom you talked with, small wins, what comes, what waits, your goals.
///
/// A few minutes, once a week: the calendar has it as the weekly review.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith review-week\n  kith review-week --json")]
pub(super) struct Args {}

/// What was given, asked for and received.
#[derive(Default)]
struct Balance {
    given: usize,
    asked: usize,
    received: usize,
}

/// What waits for the user.
struct Waiting {
    reviews: usize,
    conflicts: usize,
    /// What was asked and has no answer yet, with the name and the day.
    asks: Vec<(String, String, Date)>,
    /// What was offered or to be asked for until a day that passed in this week.
    passed: Vec<(Listed, Intention)>,
    /// What was offered or to be asked for until a day, and has no room until then.
    no_room: Vec<(Listed, Intention)>,
}

pub(super) fn run(_: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if !context.rehearsal {
        context.republish(&mut store)?;
    }
    let today = context.today;
    let from = today.saturating_sub(6.days());
    let until = today.saturating_add(7.days());
    let (facts, plan) = rehearse(&store, &context.settings, today)?;
    let seen = Seen::of(context, &store, facts, plan)?;
    let (mut logged, names) = store.happened(from, today)?;
    logged.retain(|logged| !logged.imported);
    let wins = wins::since(context, &store, seen.facts(), from)?;
    let brave = Asks::of(&wins);
    let ahead: Vec<&FollowUp> =
        seen.plan().follow_ups.iter().filter(|f| (today..=until).contains(&f.day)).collect();
    let balance = balance(context, &store, seen.facts())?;
    let mut waiting = waiting(&store, (from, today))?;
    waiting.no_room = without_room(context, &store, &seen)?;
    let pauses = pause::for_everybody(&store, today, until)?;
    let short = shortfall(seen.facts(), &context.settings, today).map(|short| short.to_string());
    let goals: Vec<&Goal> = seen.goals().filter(|goal| goal.ended.is_none()).collect();

    if context.json {
        let name = |logged: &Logged| names.get(&logged.person).cloned().unwrap_or_default();
        let back = logged.iter().map(|logged| {
            json!({
                "day": logged.day.to_string(),
                "person": logged.person.to_string(),
                "name": name(logged),
                "how": logged.how.to_string(),
                "what": logged.what,
            })
        });
        let asks = waiting.asks.iter();
        let asks =
            asks.map(|(name, what, day)| json!({ "name": name, "what": what, "asked": day.to_string() }));
        return context.print_json(&json!({
            "from": from.to_string(),
            "until": until.to_string(),
            "back": back.collect::<Vec<_>>(),
            "wins": wins.iter().map(|win| wins::as_json(win, seen.facts())).collect::<Vec<_>>(),
            "asks_made": brave.made,
            "asks_refused": brave.refused,
            "ahead": super::plan::json(&store, seen.facts(), &ahead)?,
            "pauses": pauses.iter().map(|pause| pause::json(None, pause)).collect::<Vec<_>>(),
            "budget": short,
            "goals": goals.iter().map(|goal| seen.json(goal)).collect::<Vec<_>>(),
            "in_review": waiting.reviews,
            "conflicts": waiting.conflicts,
            "unanswered_asks": asks.collect::<Vec<_>>(),
            "passed": waiting.passed.iter().map(|(listed, i)| intend::json(listed, i)).collect::<Vec<_>>(),
            "no_room": waiting.no_room.iter().map(|(listed, i)| intend::json(listed, i)).collect::<Vec<_>>(),
            "given": balance.given,
            "asked": balance.asked,
            "received": balance.received,
        }));
    }

    let mut out = out();
    writeln!(out, "Looking back, since {}", spoken(from))?;
    if logged.is_empty() {
        write!(out, "{}", wrapped("Nothing is noted. A quiet week is no debt: nothing has piled up.", 2))?;
    }
    for of_day in &logged {
        write!(out, "{}", labelled(&format!("  {}", of_day.day), 14, &told(of_day, &names)))?;
    }
    if !wins.is_empty() {
        writeln!(out, "\nSmall wins")?;
        for win in &wins {
            write!(out, "{}", wins::line(win, seen.facts(), 2))?;
        }
        if let Some(told) = brave.told() {
            write!(out, "{}", wrapped(&told, 2))?;
        }
    }
    writeln!(out, "\nAhead, until {}", spoken(until))?;
    let people = store.details(&ahead.iter().map(|f| f.key.person).collect())?;
    for follow_up in &ahead {
        let Some(details) = people.get(&follow_up.key.person) else { continue };
        let what = summary(follow_up, details, &context.settings.circles);
        write!(out, "{}", labelled(&format!("  {}", follow_up.day), 14, &what))?;
    }
    match (ahead.as_slice(), pauses.as_slice()) {
        ([], []) => writeln!(out, "  Nothing is planned: the week is yours.")?,
        ([], _) => writeln!(out, "  Nothing is planned.")?,
        _ => {}
    }
    for pause in &pauses {
        write!(out, "{}", wrapped(&pause::told(pause), 2))?;
    }
    if let Some(short) = short {
        write!(out, "{}", wrapped(&format!("{short} kith simulate shows more."), 2))?;
    }
    if !goals.is_empty() {
        writeln!(out, "\nGoals")?;
        for goal in goals {
            write!(out, "{}{}", wrapped(&goal.sentence(), 2), wrapped(&seen.progress(goal), 4))?;
        }
    }
    let waits = waits(&waiting);
    if !waits.is_empty() {
        writeln!(out, "\nWaiting for you")?;
        waits.iter().try_for_each(|line| write!(out, "{}", wrapped(line, 2)))?;
    }
    writeln!(out, "\nGiving and asking, since {}", spoken(BALANCE.before(today)))?;
    write!(out, "{}", wrapped(&weighed(&balance), 2))?;
    Ok(())
}

fn told(logged: &Logged, names: &Names) -> String {
    let name = names.get(&logged.person).map_or("", String::as_str);
    let did = in_touch(logged.how, &text::name(name));
    let mut more: Vec<String> =
        Some(logged.what.clone()).filter(|what| !what.is_empty()).into_iter().collect();
    more.extend(logged.notes.told());
    let colon = if more.is_empty() { "" } else { ": " };
    format!("You {did}{colon}{}", more.join("; "))
}

fn waiting(store: &Store, (from, today): (Date, Date)) -> Result<Waiting> {
    let (mut asks, mut passed) = (Vec::new(), Vec::new());
    for ask in store.intentions()? {
        // Once: in the review of the week in which it passed.
        if ask.is_past(today) && !ask.is_past(from.yesterday().unwrap_or(from)) {
            let content = store.contact(ask.person)?;
            if !choose::has_died(&content) {
                passed.push((Listed { id: ask.person, content }, ask));
            }
            continue;
        }
        if let (Aim::Ask, Some((day, Outcome::Done))) = (ask.aim, ask.ended) {
            let content = store.contact(ask.person)?;
            if choose::has_died(&content) {
                continue;
            }
            let name = content.column(crate::core::contact::Column::Name).unwrap_or_default();
            asks.push((text::name(name).into_owned(), ask.what, day));
        }
    }
    let conflicts = store.at_odds()?.iter().map(|one| one.conflicts.len()).sum();
    Ok(Waiting { reviews: store.reviews()?.len(), conflicts, asks, passed, no_room: Vec::new() })
}

/// What the plan has no room for until its day.
fn without_room(context: &Context, store: &Store, seen: &Seen) -> Result<Vec<(Listed, Intention)>> {
    let dues = Dues::new(seen.facts(), &context.settings, context.today);
    let people = seen.facts().people.iter();
    let without = people.flat_map(|person| dues.without_room(person, seen.plan()));
    without.map(|i| Ok((Listed { id: i.person, content: store.contact(i.person)? }, i.clone()))).collect()
}

fn waits(waiting: &Waiting) -> Vec<String> {
    let mut lines = Vec::new();
    if waiting.reviews > 0 {
        lines.push(format!(
            "{} may be somebody known (kith review)",
            counted(waiting.reviews, "person", "people")
        ));
    }
    if waiting.conflicts > 0 {
        let fields = counted(waiting.conflicts, "contradiction", "contradictions");
        lines.push(format!("{fields} between address books (kith conflicts)"));
    }
    lines.extend(waiting.asks.iter().map(|(name, what, day)| {
        format!(
            "You asked {name} on {}: {what}. What did they say? kith ask PERSON --yes or --no",
            spoken(*day)
        )
    }));
    lines.extend(
        waiting
            .passed
            .iter()
            .map(|(listed, intention)| intend::undecided(intention, listed, "its day has passed")),
    );
    lines.extend(waiting.no_room.iter().map(|(listed, intention)| {
        intend::undecided(intention, listed, "no place is left for it until then")
    }));
    lines
}

/// What was noted in the last months of giving, asking and receiving.
fn balance(context: &Context, store: &Store, facts: &Facts) -> Result<Balance> {
    let today = context.today;
    let from = BALANCE.before(today);
    let mut deeds = store.deeds(from)?;
    deeds.sort_unstable();
    deeds.dedup();
    deeds.retain(|deed| deed.day <= today);
    let given = deeds.iter().filter(|deed| deed.act == Act::Gave).count();
    // As kith wins counts it.
    let asked = Asks::of(&wins::since(context, store, facts, from)?).made;
    let received = store.done(from, today)?.iter().filter(|logged| logged.notes.received.is_some()).count();
    Ok(Balance { given, asked, received })
}

/// How giving and asking are to each other, in a kind word.
fn weighed(balance: &Balance) -> String {
    let Balance { given, asked, received } = *balance;
    let mut parts = Vec::new();
    for (count, did) in
        [(given, "gave something"), (asked, "asked for something"), (received, "received something")]
    {
        if count > 0 {
            parts.push(format!("{did} {}", times(count)));
        }
    }
    if parts.is_empty() {
        return "Nothing is noted yet. An easy beginning: what could you send somebody this week? kith offer"
            .to_owned();
    }
    let word = if asked > given {
        "What could you do for one of them? Asking how you could help is the best way to find out."
    } else if given > 3 && asked == 0 {
        "You give a lot; people like to be asked, too."
    } else {
        "A good mix."
    };
    format!("You {}. {word}", joined(&parts))
}
