//! `kith simulate`

use std::io::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::table::{self, Head};
use super::{Context, Done, counted};
use crate::core::date::{length, spoken};
use crate::core::facts::{Facts, Person};
use crate::core::how::How;
use crate::core::plan::{Terms, shortfall};
use crate::core::settings::Settings;
use crate::core::simulate::{Chance, CircleRecord, Customs, Habits, Ours, Record, Simulation, Week, play};
use crate::core::text;
use crate::error::Error;

/// Play the coming months with your own people, and see what the budget and the circles mean.
///
/// Each day that is played you do what the plan asks for, some answer and some
/// do not, and people reach out to you as often as they did in the last year.
/// The same people, settings and answer rate give the same days. Nothing is
/// changed. To try other settings: change kith.toml, and play again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith simulate\n  kith simulate --weeks 52 --answer-rate 0.3\n  kith simulate --json"
)]
pub(super) struct Args {
    /// How many weeks, from today on.
    #[arg(long, default_value_t = 26, value_parser = weeks)]
    weeks: u16,
    /// How many of those you reach out to answer, from 0 to 1.
    #[arg(long, default_value_t = 0.5, value_parser = rate, value_name = "RATE")]
    answer_rate: f64,
}

fn weeks(text: &str) -> Result<u16, &'static str> {
    text.parse().ok().filter(|weeks| (1..=260).contains(weeks)).ok_or("write a number of weeks from 1 to 260")
}

fn rate(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|rate| (0.0..=1.0).contains(rate))
        .ok_or("write a number from 0 to 1, such as 0.4")
}

/// One seed is as good as another; it is always the same, so that two settings
/// can be compared.
const CHANCE: Chance = Chance(1);

const HEADS: [Head; 6] = [
    Head::text("CIRCLE"),
    Head::exact("PEOPLE"),
    Head::exact("IN TOUCH NOW").spare(1),
    Head::exact("THEN"),
    Head::exact("ASKED FOR").spare(2),
    Head::exact("LONGEST WAIT FROM NOW").spare(3),
];

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let (settings, today) = (&context.settings, context.today);
    let end = today
        .checked_add(i64::from(args.weeks).weeks())
        .map_err(|_| Error::usage(format!("--weeks {}: the calendar ends before that", args.weeks)))?;
    let facts = store.facts(&settings.me, today)?.facts;
    let terms = Terms::of(&facts, settings, today);
    let published = store.published_plan(&terms)?;
    let short = shortfall(&facts, settings, today);
    let habits: Vec<Habits> =
        facts.people.iter().map(|person| habits(person, args.answer_rate, today)).collect();
    let simulation = Simulation {
        settings,
        habits: &habits,
        customs: Customs { does: 1.0, promises: 0.0, asks: 0.0, away: None },
        chance: CHANCE,
        today,
        days: u32::from(args.weeks) * 7,
    };
    let mut plan = Ours::from(published, Some(terms.to_string()));
    let record = play(facts.clone(), simulation, &mut plan);
    if context.json {
        let short = short.map(|short| short.to_string());
        return context.print_json(&json(&record, &facts, short.as_deref()));
    }
    if facts.people.is_empty() {
        let said = "There is nobody to plan for yet: import an address book with kith import FILE.\n";
        write!(out(), "{}", wrapped(said, 0))?;
        return Ok(());
    }
    write!(out(), "{}", wrapped(&load(&record, args, end), 0))?;
    writeln!(out())?;
    table::print(&HEADS, &rows(&record))?;
    writeln!(out())?;
    let mut said = noted(&record, &facts);
    let Some(mut short) = short else {
        write!(out(), "{}", wrapped(&said.join(" "), 0))?;
        return Ok(());
    };
    let paces = paces(&record, settings);
    // What was played of a circle is worth more than what is reckoned of it.
    short.waits = short.waits.filter(|(circle, _)| paces.iter().all(|(played, _)| played != circle));
    if !paces.is_empty() {
        let paces: Vec<String> = paces.into_iter().map(|(_, pace)| pace).collect();
        said.push(format!("At this pace you reach {}.", paces.join(", ")));
    }
    let reckoned = format!("All this was played; what follows is reckoned. {short}");
    write!(out(), "{}\n{}", wrapped(&said.join(" "), 0), wrapped(&reckoned, 0))?;
    Ok(())
}

/// What somebody does by themselves: they come as often as they did in the last year.
fn habits(person: &Person, answers: f64, today: Date) -> Habits {
    let since = today.saturating_sub(1.year());
    let mut days: Vec<Date> = person
        .interactions
        .iter()
        .filter(|i| i.how == How::Heard && since < i.day && i.day <= today)
        .map(|i| i.day)
        .collect();
    days.sort_unstable();
    days.dedup();
    let often = u32::try_from(days.len()).unwrap_or(u32::MAX);
    Habits { answers, comes: f64::from(often) / 365.0, meets: 0.0 }
}

/// How many follow-ups there are in a week, from Monday to Sunday: so the budget counts them.
fn load(record: &Record, args: &Args, end: Date) -> String {
    let whole: Vec<&Week> = record.weeks.iter().filter(|week| week.days == 7).collect();
    // A week that begins on another day lies in two, neither of which is whole.
    let (weeks, of) = match whole.as_slice() {
        [] => (record.weeks.iter().collect(), usize::from(args.weeks)),
        whole => (whole.to_vec(), whole.len()),
    };
    let a_week = |count: fn(&Week) -> u32| {
        let sum: u32 = weeks.iter().copied().map(count).sum();
        f64::from(sum) / f64::from(u16::try_from(of).unwrap_or(u16::MAX))
    };
    let (mean, congratulated) = (a_week(|week| week.asked), a_week(|week| week.congratulated));
    let asked = || whole.iter().map(|week| week.asked);
    let extremes = asked().min().zip(asked().max());
    let extremes =
        extremes.map_or_else(String::new, |(least, most)| format!(", at least {least} and at most {most}"));
    let besides = match congratulated > 0.0 {
        true => {
            format!(" Besides, {congratulated:.1} a week to congratulate, which the budget does not count.")
        }
        false => String::new(),
    };
    format!(
        "{} until {}, {:.0} of 100 outreaches answered: {mean:.1} people to reach a week{extremes}.{besides}",
        counted(usize::from(args.weeks), "week", "weeks"),
        spoken(end),
        args.answer_rate * 100.0,
    )
}

fn rows(record: &Record) -> Vec<Vec<String>> {
    let known = record.circles.iter().filter(|circle| circle.people > 0);
    let all = i64::try_from(record.weeks.len()).unwrap_or(i64::MAX).saturating_mul(7);
    let row = |circle: &CircleRecord| {
        let wait = match circle.longest {
            // Whoever waited all the time waits on.
            Some((_, days)) if days >= all => format!("over {days} days"),
            Some((_, days)) => format!("{days} days, {:.1} x latest", circle.longest_wait),
            // Newcomers have nothing to count from but the first day.
            None if circle.new[1] > 0 => format!("new, over {all} days"),
            None => "-".to_owned(),
        };
        vec![
            circle.name.clone(),
            circle.people.to_string(),
            circle.in_touch[0].to_string(),
            circle.in_touch[1].to_string(),
            circle.asked.to_string(),
            wait,
        ]
    };
    known.map(row).collect()
}

/// What else came of it, in sentences.
fn noted(record: &Record, facts: &Facts) -> Vec<String> {
    let sum = |when: usize| record.circles.iter().map(|circle| circle.in_touch[when]).sum::<u32>();
    let new = |when: usize| record.circles.iter().map(|circle| circle.new[when]).sum::<u32>();
    let people: u32 = record.circles.iter().map(|circle| circle.people).sum();
    let mut said = vec![format!(
        "Warm ties (in touch within their at-the-latest interval): {} of {people} now, {} at the end, {:.0} on \
         an average day between.",
        sum(0),
        sum(1),
        record.in_touch(|_| true) * f64::from(people)
    )];
    let so_many = |count: u32, one, many| counted(usize::try_from(count).unwrap_or(usize::MAX), one, many);
    if record.dormant > 0 {
        let dormant = so_many(record.dormant, "dormant tie", "dormant ties");
        said.push(format!("Of {dormant} {} came back.", record.rekindled));
    }
    if new(0) > 0 {
        let never = so_many(new(0), "person", "people");
        said.push(format!("Of {never} never spoken to {} had a first word.", new(0) - new(1)));
    }
    let longest = record.circles.iter().max_by(|a, b| a.longest_wait.total_cmp(&b.longest_wait));
    let longest = longest.and_then(|circle| circle.longest).filter(|_| record.longest_wait() > 1.0);
    if let Some((person, days)) = longest
        && let Some(person) = facts.people.iter().find(|known| known.id == person)
    {
        said.push(format!(
            "{} waits longest for their own interval: {days} days, {:.1} times at the latest.",
            text::name(&person.name),
            record.longest_wait()
        ));
    }
    said
}

/// How long it takes until somebody comes round again in each of the circles that the
/// budget does not keep, if it goes on as it was played.
fn paces<'a>(record: &'a Record, settings: &Settings) -> Vec<(&'a str, String)> {
    let slow = |circle: &&CircleRecord| {
        let latest = settings.cadence(Some(&circle.name)).latest.myriadays() / 10_000;
        circle.people > 0 && circle.turn().is_some_and(|turn| turn > latest)
    };
    let told = |circle: &'a CircleRecord| {
        let turn = length(u32::try_from(circle.turn()?).ok()?);
        Some((circle.name.as_str(), format!("somebody in {} every {turn}", circle.name)))
    };
    record.circles.iter().filter(slow).filter_map(told).collect()
}

/// As scripts see it; documented in docs/interface.md, and stays.
fn json(record: &Record, facts: &Facts, short: Option<&str>) -> Value {
    let name = |id| facts.people.iter().find(|person| person.id == id).map(|person| person.name.as_str());
    let weeks = record.weeks.iter().map(|week| {
        json!({ "from": week.from.to_string(), "asked": week.asked, "congratulated": week.congratulated })
    });
    let circles = record.circles.iter().filter(|circle| circle.people > 0).map(|circle| {
        let share = record.in_touch(|other| other.name == circle.name);
        json!({
            "circle": circle.name,
            "people": circle.people,
            "in_touch_now": circle.in_touch[0],
            "in_touch_then": circle.in_touch[1],
            "share_in_touch": (share * 1000.0).round() / 1000.0,
            "new_now": circle.new[0],
            "new_then": circle.new[1],
            "asked": circle.asked,
            "longest_wait": (circle.longest_wait * 100.0).round() / 100.0,
            "longest_wait_days": circle.longest.map(|(_, days)| days),
            "longest_wait_name": circle.longest.and_then(|(person, _)| name(person)),
        })
    });
    json!({
        "weeks": weeks.collect::<Vec<_>>(),
        "circles": circles.collect::<Vec<_>>(),
        "dormant": record.dormant,
        "rekindled": record.rekindled,
        "budget": short,
    })
}
