//! How good the plan is: ours beside others' rules, over the same generated years.
//!
//! `cargo bench --bench policies` plays the seeds that are reported; `-- tune`
//! those on which parameters were chosen; `-- speed` only times the plan; a
//! number plays only that size, `only=kith` only that rule. The
//! two lists of seeds have none in common. ARCHITECTURE.md says what was changed in the
//! plan after the reported ones were run first.

mod network;
mod rivals;
mod speed;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use jiff::civil::{Date, date};
use kith::core::cadence::Interval;
use kith::core::settings::Settings;
use kith::core::simulate::{Chance, Customs, Ours, Policy, Record, Simulation, play};

use crate::network::{SIZES, network, to_f64};

/// The seeds that parameters were chosen on.
const TUNED_ON: [u64; 8] = [11, 12, 13, 14, 15, 16, 17, 18];
/// The seeds whose results are told.
const REPORTED: [u64; 3] = [90_210, 5_550_123, 27_182_818];

/// The rates at which people answer, before their circle and themselves.
const RATES: [f64; 3] = [0.3, 0.5, 0.7];

/// A Monday.
const FIRST: Date = date(2026, 11, 30);
/// For how many days each size is played.
const DAYS: [u32; 3] = [1096, 1096, 730];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is gone.
            let _ = writeln!(io::stderr(), "Error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|said| said == word);
    let trial = !has("--bench");
    let seeds: &[u64] = match (trial, has("tune")) {
        (true, _) => &TUNED_ON[..1],
        (false, true) => &TUNED_ON,
        (false, false) => &REPORTED,
    };
    let asked: Vec<usize> = SIZES.into_iter().filter(|size| has(&size.to_string())).collect();
    let only: Vec<&String> = words.iter().filter(|word| word.starts_with("only=")).collect();
    let mut out = io::stdout().lock();
    if has("speed") || (!trial && asked.is_empty()) {
        speed::table(&mut out, &settings()?)?;
    }
    if has("speed") {
        return Ok(());
    }
    writeln!(out, "\nseeds {seeds:?}, answer rates {RATES:?}\n")?;
    for (at, size) in SIZES.into_iter().enumerate() {
        let wanted = if asked.is_empty() { !trial || at == 0 } else { asked.contains(&size) };
        if wanted {
            table(
                &mut out,
                at,
                seeds,
                if trial { 60 } else { DAYS[at] },
                only.first().map(|word| &word[5..]),
            )?;
        }
    }
    Ok(())
}

/// What the shipped settings say, with twelve outreaches a week.
fn settings() -> Result<Settings, Box<dyn std::error::Error>> {
    Ok(Settings::parse("[budget]\nper_day = 3\nper_week = 12\n")?)
}

fn customs() -> Customs {
    let from = Interval::days(400).after(FIRST);
    Customs { does: 0.85, promises: 0.1, asks: 0.08, away: Some((from, Interval::months(3).after(from))) }
}

fn table(
    out: &mut impl Write,
    at: usize,
    seeds: &[u64],
    days: u32,
    only: Option<&str>,
) -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings()?;
    writeln!(out, "{} people, {days} days", SIZES[at])?;
    writeln!(out, "{}", Row::HEAD)?;
    let mut names = vec!["kith"];
    names.extend(rivals::all(Chance(0)).iter().map(|(name, _)| *name));
    for (turn, name) in names.into_iter().enumerate() {
        if only.is_some_and(|only| !only.split(',').any(|only| name.starts_with(only))) {
            continue;
        }
        let begun = Instant::now();
        let mut row = Row::default();
        for &seed in seeds {
            for rate in RATES {
                let chance = Chance(seed);
                let (facts, habits) = network(at, rate, chance, FIRST);
                let mut policy: Box<dyn Policy> = match turn {
                    0 => Box::new(Ours::default()),
                    turn => rivals::all(chance).swap_remove(turn - 1).1,
                };
                let simulation = Simulation {
                    settings: &settings,
                    habits: &habits,
                    customs: customs(),
                    chance,
                    today: FIRST,
                    days,
                };
                row.add(play(facts, simulation, &mut *policy));
            }
        }
        writeln!(out, "{name:26}{}  {:5.1} s", row.text(), begun.elapsed().as_secs_f64())?;
        out.flush()?;
    }
    writeln!(out)?;
    Ok(())
}

/// The measures of one policy, added up over seeds and rates.
#[derive(Default)]
struct Row {
    records: Vec<Record>,
}

impl Row {
    const HEAD: &'static str = "                          in touch: all family  close friends coll.   weak others | wait x fam clo fri men col wea oth | new% load+- rekindled %  repeats too soon | cold asks asks/y | promises thanks | a week";

    fn add(&mut self, record: Record) {
        self.records.push(record);
    }

    fn mean(&self, of: impl Fn(&Record) -> f64) -> f64 {
        self.records.iter().map(of).sum::<f64>() / to_f64(self.records.len() as u64)
    }

    fn text(&self) -> String {
        let kept =
            |name: &'static str| 100.0 * self.mean(|r| r.in_touch(|c| name.is_empty() || c.name == name));
        let wait = |name: &str| {
            let of = |r: &Record| r.circles.iter().find(|c| c.name == name).map_or(0.0, |c| c.longest_wait);
            self.records.iter().map(of).fold(0.0, f64::max)
        };
        let years = |r: &Record| to_f64(r.weeks.len() as u64) / 52.18;
        let per =
            |part: u32, whole: u32| if whole == 0 { 0.0 } else { 100.0 * f64::from(part) / f64::from(whole) };
        let mut text = String::from("       ");
        for name in ["", "family", "close", "friends", "colleagues", "weak-ties", "others"] {
            text += &format!("{:6.1} ", kept(name));
        }
        text += "|       ";
        for name in ["family", "close", "friends", "mentors", "colleagues", "weak-ties", "others"] {
            text += &format!("{:4.1}", wait(name));
        }
        text += &format!(
            " | {:4.1} {:5.2} {:10.1} {:8.1} {:8.1} | {:9.1} {:6.1} | {:8.1} {:6.1} | {:5.1}",
            self.mean(first_words),
            self.mean(deviation),
            self.mean(|r| per(r.rekindled, r.dormant)),
            self.mean(|r| per(r.repeats, r.done)),
            self.mean(|r| per(r.too_soon, r.done)),
            self.mean(|r| f64::from(r.cold_asks) / years(r)),
            self.mean(|r| f64::from(r.asks) / years(r)),
            self.mean(|r| per(r.kept, r.promises)),
            self.mean(|r| per(r.thanked, r.meetings)),
            self.mean(|r| f64::from(r.done) / to_f64(r.weeks.len() as u64)),
        );
        text
    }
}

/// Of a hundred people never spoken to, how many had a first word.
fn first_words(record: &Record) -> f64 {
    let new = |when: usize| to_f64(record.circles.iter().map(|circle| u64::from(circle.new[when])).sum());
    if new(0) > 0.0 { 100.0 * (1.0 - new(1) / new(0)) } else { 0.0 }
}

/// The standard deviation of what was asked for in a week, weeks away aside.
fn deviation(record: &Record) -> f64 {
    let asked: Vec<f64> =
        record.weeks.iter().filter(|week| week.asked > 0).map(|week| f64::from(week.asked)).collect();
    let count = to_f64(asked.len().max(1) as u64);
    let mean = asked.iter().sum::<f64>() / count;
    (asked.iter().map(|asked| (asked - mean).powi(2)).sum::<f64>() / count).sqrt()
}
