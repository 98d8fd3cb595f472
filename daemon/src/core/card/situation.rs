//! What a talk is for, as far as what is said depends on it.

use jiff::civil::Date;

use crate::core::date::is_celebrated;
use crate::core::feed::Details;
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::introduction::Step;
use crate::core::state::State;

/// How the user and somebody stand on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stance {
    /// How the tie stands.
    pub(super) state: State,
    /// Whether they never talked, and the user keeps them no closer than people in no circle, or
    /// is introduced to them: the family of whom nothing is noted are no strangers.
    pub(super) is_stranger: bool,
}

/// The section of the templates that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Situation {
    name: String,
    /// Whether nothing may be asked for.
    quiet: bool,
    /// Whether it thanks, or greets somebody just met: nothing else belongs there.
    thanks: bool,
}

impl Situation {
    /// That of a follow-up: an occasion on its day, or else its kind; an ask
    /// of somebody who is not close now is none.
    pub(super) fn of(follow_up: &FollowUp, details: &Details, Stance { state, is_stranger }: Stance) -> Self {
        let day = follow_up.day;
        let born = details.birthday.and_then(|birthday| birthday.in_year(day.year()));
        let step = follow_up.key.introduction().map(|(_, step)| step);
        let is_ask = follow_up.key.kind == Kind::Ask || step == Some(Step::Ask);
        let quiet = is_ask && state != State::Warm;
        let is_greeted = follow_up.occasion.is_some();
        let plain = |state| match state {
            State::New if is_stranger => "new",
            State::New | State::Warm | State::Cooling => "keep-in-touch",
            State::Dormant => "rekindle",
        };
        let name = match follow_up.key.kind {
            Kind::Birthday => "birthday".to_owned(),
            Kind::KeepInTouch | Kind::Rekindle | Kind::SecondTry | Kind::Occasion if born == Some(day) => {
                "birthday".to_owned()
            }
            Kind::KeepInTouch | Kind::Rekindle | Kind::Occasion if is_new_year(day) => "new-year".to_owned(),
            Kind::SecondTry if is_greeted && is_new_year(day) => "new-year".to_owned(),
            Kind::KeepInTouch | Kind::Rekindle | Kind::SecondTry if is_greeted => Kind::Occasion.to_string(),
            Kind::Date if follow_up.what.as_deref().is_some_and(is_celebrated) => "anniversary".to_owned(),
            Kind::KeepInTouch => plain(state).to_owned(),
            // Who is not close now hears of no goal.
            Kind::Goal if state == State::Warm => "goal".to_owned(),
            Kind::Goal => plain(state).to_owned(),
            Kind::Ask | Kind::Introduction if quiet => plain(state).to_owned(),
            Kind::Introduction => match step {
                // Both are asked in the same words.
                Some(Step::ConsentTo) => format!("introduction-{}", Step::Consent),
                Some(step) => format!("introduction-{step}"),
                None => plain(state).to_owned(),
            },
            other => other.to_string(),
        };
        let thanks = matches!(follow_up.key.kind, Kind::ThankYou | Kind::FirstHello)
            || matches!(step, Some(Step::Thanks | Step::Hello));
        Self { name, quiet, thanks }
    }

    /// The section's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it thanks, or greets somebody just met: an ask waits for a word of its own.
    pub(super) fn is_thanks(&self) -> bool {
        self.thanks
    }

    /// Whether it is a hello on an occasion, which it names.
    pub(super) fn is_occasion(&self) -> bool {
        self.name == "occasion"
    }

    /// Whether nothing may be asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }
}

/// Whether a happy new year is wished on that day.
fn is_new_year(day: Date) -> bool {
    match day.month() {
        1 => day.day() <= 15,
        12 => day.day() >= 29,
        _ => false,
    }
}
