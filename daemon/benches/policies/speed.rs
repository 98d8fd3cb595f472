//! How long the plan takes: from nothing, and again after one contact.

use std::io::Write;
use std::time::{Duration, Instant};

use kith::core::facts::{Facts, Interaction, PersonId};
use kith::core::follow_up::{FollowUp, Published};
use kith::core::how::How;
use kith::core::plan::{Plan, plan};
use kith::core::settings::Settings;
use kith::core::simulate::Chance;

use crate::FIRST;
use crate::network::{SIZES, network};

const PEOPLE: [usize; 2] = [10_000, 100_000];
/// The best of so many times counts.
const TIMES: usize = 7;

pub(crate) fn table(out: &mut impl Write, settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(
        out,
        "\n{:>8}  {:>14}  {:>14}  {:>18}",
        "people", "plan", "the same again", "after one contact"
    )?;
    for people in PEOPLE {
        let mut facts = Facts::default();
        for copy in 0.. {
            let (more, _) = network(SIZES.len() - 1, 0.5, Chance(copy), FIRST);
            facts.people.extend(more.people);
            if facts.people.len() >= people {
                break;
            }
        }
        facts.people.truncate(people);
        for (person, id) in facts.people.iter_mut().zip(1..) {
            person.id = PersonId(id);
        }
        let (first, made) = best(|| plan(&facts, settings, FIRST, &[]));
        let published = published(&made);
        let (again, _) = best(|| plan(&facts, settings, FIRST, &published));
        if let Some(next) = made.follow_ups.first()
            && let Some(person) = facts.people.iter_mut().find(|person| person.id == next.key.person)
        {
            person.interactions.push(Interaction { day: FIRST, how: How::Called, fresh: false, gift: false });
        }
        let (after, _) = best(|| plan(&facts, settings, FIRST, &published));
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        writeln!(out, "{people:>8}  {:>14}  {:>14}  {:>18}", ms(first), ms(again), ms(after))?;
    }
    Ok(())
}

fn best(make: impl Fn() -> Plan) -> (Duration, Plan) {
    let timed = || {
        let begun = Instant::now();
        let made = make();
        (begun.elapsed(), made)
    };
    (1..TIMES).map(|_| timed()).fold(timed(), |best, next| if next.0 < best.0 { next } else { best })
}

fn published(plan: &Plan) -> Vec<Published> {
    plan.follow_ups.iter().map(FollowUp::published).collect()
}
