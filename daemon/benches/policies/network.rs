//! Generated networks: people in the layers that are known from how many ties
//! one has (5, 15, 50, 150, 500, 1,500), with a past and habits.

use jiff::civil::Date;
use kith::core::cadence::Interval;
use kith::core::facts::{Comfort, Facts, Interaction, Person, PersonId};
use kith::core::how::How;
use kith::core::simulate::{Chance, Habits};

/// A circle of a generated network.
struct Layer {
    circle: &'static str,
    /// How many of 150, 1,500 and 15,000.
    people: [u64; 3],
    /// How many of a hundred were never spoken to.
    new: u64,
    /// The days of the at-the-latest interval.
    latest: u64,
    /// How much likelier than others they answer.
    answers: f64,
    /// After how many days they come by themselves, on average.
    comes: f64,
    /// How often they are met beside the others: a share of the meetings.
    meets: f64,
}

const LAYERS: [Layer; 7] = [
    Layer { circle: "family", people: [6, 8, 10], new: 0, latest: 28, answers: 0.3, comes: 45.0, meets: 0.0 },
    Layer {
        circle: "close",
        people: [10, 14, 20],
        new: 0,
        latest: 56,
        answers: 0.2,
        comes: 90.0,
        meets: 0.1,
    },
    Layer {
        circle: "friends",
        people: [30, 60, 120],
        new: 3,
        latest: 122,
        answers: 0.1,
        comes: 240.0,
        meets: 0.2,
    },
    Layer {
        circle: "mentors",
        people: [4, 8, 20],
        new: 0,
        latest: 122,
        answers: 0.1,
        comes: 365.0,
        meets: 0.05,
    },
    Layer {
        circle: "colleagues",
        people: [40, 250, 2500],
        new: 20,
        latest: 183,
        answers: 0.0,
        comes: 400.0,
        meets: 0.4,
    },
    Layer {
        circle: "weak-ties",
        people: [40, 660, 5000],
        new: 35,
        latest: 365,
        answers: -0.05,
        comes: 1200.0,
        meets: 0.15,
    },
    Layer {
        circle: "others",
        people: [20, 500, 7330],
        new: 70,
        latest: 365,
        answers: -0.1,
        comes: 2000.0,
        meets: 0.1,
    },
];

/// The sizes that there are.
pub(crate) const SIZES: [usize; 3] = [150, 1500, 15_000];

/// How many people one meets on a day besides those one means to meet.
const MEETINGS: f64 = 0.25;
/// How many come by themselves is known of networks up to this size; one knows
/// the others of a larger one less well.
const KNOWN: f64 = 1500.0;

/// A network of the size at that place of [`SIZES`].
pub(crate) fn network(size: usize, rate: f64, chance: Chance, today: Date) -> (Facts, Vec<Habits>) {
    let mut facts = Facts::default();
    let mut habits = Vec::new();
    let all: f64 = to_f64(LAYERS.iter().map(|layer| layer.people[size]).sum());
    for layer in &LAYERS {
        let people = layer.people[size];
        for _ in 0..people {
            let id = facts.people.len() as u64 + 1;
            let roll = |purpose: u64| chance.share(100 + purpose, id, 0);
            facts.people.push(person(layer, id, chance, today));
            // Exponential: most come seldom, and some often.
            let often = -(1.0 - roll(1)).ln();
            habits.push(Habits {
                answers: ((rate + layer.answers) * (0.4 + 1.2 * roll(2))).clamp(0.02, 0.95),
                comes: often / layer.comes * (KNOWN / all).min(1.0),
                meets: MEETINGS * layer.meets / to_f64(people),
            });
        }
    }
    (facts, habits)
}

fn person(layer: &Layer, id: u64, chance: Chance, today: Date) -> Person {
    let below = |end: u64, purpose: u64| chance.below(end, 100 + purpose, id, 0);
    let mut interactions = Vec::new();
    if below(100, 3) >= layer.new {
        // Most were spoken to lately, some not for long.
        let since = match below(100, 4) {
            0..15 => layer.latest * 2 + below(layer.latest * 2, 5),
            _ => 1 + below(layer.latest * 3 / 2, 6),
        };
        let mut day = since;
        for round in 0..1 + below(4, 7) {
            let how = if below(2, 8 + round) == 0 { How::Heard } else { How::Talked };
            let on = Interval::days(u16::try_from(day).unwrap_or(u16::MAX)).before(today);
            interactions.push(Interaction { day: on, how, fresh: false, gift: false });
            day += layer.latest / 2 + below(layer.latest, 20 + round);
        }
    }
    Person {
        id: PersonId(i64::try_from(id).unwrap_or(i64::MAX)),
        name: format!("Person {id}"),
        circle: (layer.circle != "others").then(|| layer.circle.to_owned()),
        ideal: None,
        latest: None,
        comfort: Comfort::Yes,
        birthday: None,
        dates: Vec::new(),
        interactions,
        ease: None,
        by_hand: false,
        known: u32::try_from(below(8, 30)).unwrap_or(0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "thousands fit")]
pub(crate) fn to_f64(count: u64) -> f64 {
    count as f64
}
