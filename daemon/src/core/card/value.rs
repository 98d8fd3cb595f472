//! What stands for the placeholders of templates.

use super::address::{addressed, called, surname};
use super::{Sketch, noted};
use crate::core::follow_up::Kind;
use crate::core::introduction::Step;
use crate::core::memo;
use crate::core::preference::Setting;
use crate::core::state::State;
use crate::core::text;

/// What somebody noted, to go on with in a sentence: the template ends that.
fn clause(text: &str) -> Option<String> {
    some(text::unended(text))
}

fn some(text: &str) -> Option<String> {
    Some(noted(text)).filter(|text| !text.is_empty())
}

impl Sketch<'_> {
    /// What stands for a placeholder.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let said = |text: &str| self.voice.to_them(&clause(text)?);
        let memo = |kind| {
            self.known.memos.iter().rev().find(|memo| memo.kind == kind).and_then(|memo| said(&memo.what))
        };
        let (wants, profile) = (&self.known.preferences, &self.settings.profile);
        let (whole, family) = (&self.details.name, self.known.family_name.as_deref());
        match name {
            "name" => {
                let given = self.known.given_name.as_deref();
                some(&called(given, whole, self.known.is_organization))
            }
            "address" => some(&addressed(family, whole)),
            "surname" => some(&surname(family, whole)?),
            "me" => some(&self.settings.me.name).map(|name| called(None, &name, false)),
            "my_name" => some(&self.settings.me.name),
            "field" => clause(&profile.field),
            // Who is not close now is not told what for.
            "looking_for" => {
                profile.looking_for().filter(|_| self.stance.state == State::Warm).and_then(clause)
            }
            "other" => self.introduced().and_then(|(.., name)| some(&name)),
            "other_name" => self.introduced().and_then(|(.., name)| some(&called(None, &name, false))),
            "because" => {
                let (known, step, _) = self.introduced()?;
                // Whoever is asked for it hears of somebody else: "his choir" is right there.
                // To the two of them it may be either's.
                clause(known.what.as_deref()?)
                    .filter(|what| step == Step::Ask || !self.voice.is_of_others(what))
            }
            "last" => self.known.last().and_then(|talk| said(talk.topic()?)),
            "month" => self.known.last().and_then(|talk| self.voice.month(talk.day)),
            // A cold tie is asked for nothing, whatever the template says.
            "what" | "to" if self.situation.is_quiet() => None,
            "what" if self.follow_up.key.kind == Kind::Date => {
                let label = clause(self.follow_up.what.as_deref()?)?;
                self.voice.day_name(&label).or_else(|| self.voice.to_them(&label))
            }
            "what" if self.situation.is_occasion() => {
                let name = self.follow_up.occasion.as_ref().map(|occasion| occasion.name.as_str());
                let name = said(name.or(self.follow_up.what.as_deref())?)?;
                self.voice.day_name(&name).or(Some(name))
            }
            "what" => {
                let all = self.follow_up.what.iter().chain(&self.follow_up.with);
                let all: Vec<String> = all.filter_map(|what| said(what)).collect();
                some(&all.join("; "))
            }
            "to" => self.voice.going_on(&self.follow_up.what.as_deref().and_then(said)?),
            "met" => wants.how_met.as_deref().and_then(some),
            "interest" => memo(memo::Kind::Interest),
            "family" => memo(memo::Kind::Family),
            "need" => memo(memo::Kind::Need),
            "knows" => memo(memo::Kind::Knows),
            "offer" => memo(memo::Kind::Offer),
            "learn" => memo(memo::Kind::Learn),
            "title" => self.details.title.as_deref().and_then(some),
            "organization" => self.details.organization.as_deref().and_then(some),
            "limit" => wants.time_limit.map(|limit| limit.to_string()),
            "ways" => {
                let circle = || self.settings.circles.get(&self.follow_up.circle)?.channel;
                let key = match (wants.setting, wants.channel.or_else(circle)) {
                    (Some(Setting::Group), _) => "group",
                    (_, Some(channel)) => channel.name(),
                    (_, None) => "any",
                };
                self.sentence("ways", key)
            }
            "reassurance" => self.sentence("hesitation", &wants.hesitation?.to_string()),
            _ => None,
        }
    }

    /// A line to say that is part of a message; of placeholders it may have {limit} alone.
    fn sentence(&self, section: &str, key: &str) -> Option<String> {
        let limit = |name: &str| if name == "limit" { self.value(name) } else { None };
        Some(self.voice.say(section, key, &limit)).filter(|said| !said.is_empty())
    }
}
