//! The approach card: what to know and to say before one talks to somebody.
//!
//! Everything on it is a function of facts and of the follow-up's day, and its
//! dates are absolute: nothing on it changes because a day passes. Its words
//! are English; what is to be said or sent is in the person's language.

mod address;
mod balance;
mod links;
mod purpose;
mod situation;
mod value;
mod voice;
mod words;

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::situation::{Situation, Stance};
use self::voice::Voice;
use self::words::{advice, did};
use super::cadence::Interval;
use super::date::spoken;
use super::draft::Draft;
use super::facts::{Direction, Facts, PersonId};
use super::feed::Details;
use super::follow_up::FollowUp;
use super::how::How;
use super::intention::{Aim, Intention};
use super::introduction::{By, Introduction};
use super::memo::{self, Memo};
use super::phrases::Phrases;
use super::preference::{Language, Preferences, Setting};
use super::settings::{Channel, Settings};
use super::state::State;
use super::talk::Talk;
use super::text;

pub use self::address::called;
pub use self::links::Links;

/// How wide what the user once noted may be where the card shows it.
const WIDEST: usize = 200;

/// How long a talk is taken to last of which nothing else is known, in minutes.
const LENGTH: u16 = 30;

/// How many of the things that were learned are shown.
const LESSONS: usize = 3;

/// What is known of a person besides what the plan knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acquaintance {
    /// Whether it is an organisation, and not a person.
    pub is_organization: bool,
    /// Their given name.
    pub given_name: Option<String>,
    /// Their family name.
    pub family_name: Option<String>,
    /// Their circle.
    pub circle: Option<String>,
    /// Their own ideal interval.
    pub ideal: Option<Interval>,
    /// Their own at-the-latest interval.
    pub latest: Option<Interval>,
    /// Whether the user added them by hand, and no address book has them.
    pub by_hand: bool,
    /// The labels that they have.
    pub labels: Vec<String>,
    /// How they like to be met.
    pub preferences: Preferences,
    /// Whom they have ties with, and of what kind: `colleague: Clara Diaz`.
    pub ties: Vec<String>,
    /// What was noted of them, in the order it was.
    pub memos: Vec<Memo>,
    /// The last contacts and tries, oldest first.
    pub talks: Vec<Talk>,
}

impl Acquaintance {
    /// The last time that they talked, or the user heard from them.
    fn last(&self) -> Option<&Talk> {
        self.talks.iter().rev().find(|talk| talk.how.direction() != Direction::Outbound)
    }

    /// The last talk of which is noted what it was about.
    fn spoken_of(&self) -> Option<&Talk> {
        let mut talks = self.talks.iter().rev().filter(|talk| talk.how.direction() != Direction::Outbound);
        talks.find(|talk| !talk.what.trim().is_empty())
    }

    /// How the tie stands on a day.
    #[must_use]
    pub fn state(&self, day: Date, settings: &Settings) -> State {
        let circle = settings.cadence(self.circle.as_deref());
        State::on(day, self.last().map(|talk| talk.day), circle.own(self.ideal, self.latest))
    }
}

/// What cards are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Cards<'a> {
    /// What there is to say.
    pub phrases: &'a Phrases,
    /// What the user set.
    pub settings: &'a Settings,
    /// Where the user is.
    pub zone: &'a TimeZone,
    /// What the user means to do, with anybody, and is after.
    pub facts: &'a Facts,
    /// What is known of those who may have a card. Whoever is set to `never` is not among them.
    pub acquaintances: &'a HashMap<PersonId, Acquaintance>,
}

/// A part of the card: what it is about, and what there is to say.
pub type Point = (&'static str, String);

/// The approach card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What it says, in the order in which it is needed.
    pub points: Vec<Point>,
    /// A message that is ready to be sent by hand.
    pub draft: Draft,
    /// What opens it.
    pub links: Links,
}

impl Card {
    /// Its points, one line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.points.iter().map(|(about, said)| format!("{about}: {said}")).collect()
    }
}

impl Cards<'_> {
    /// From when to when a follow-up's event lasts, where their best time, or
    /// their circle's, is one by the clock: for as long as they have time.
    #[must_use]
    pub fn hours(&self, follow_up: &FollowUp) -> Option<(Timestamp, Timestamp)> {
        let wants = &self.acquaintances.get(&follow_up.key.person)?.preferences;
        let circle = || self.settings.circles.get(&follow_up.circle)?.time;
        let best = wants.best_time.or_else(circle).filter(|_| follow_up.key.kind.is_outreach())?;
        let (from, until) = best.hours(follow_up.day)?;
        // A time that a clock leaves out in spring is the one after it.
        let at = |time| Some(follow_up.day.to_datetime(time).to_zoned(self.zone.clone()).ok()?.timestamp());
        let begin = at(from)?;
        let end = match (wants.time_limit, until) {
            (None, Some(until)) => at(until)?,
            (limit, _) => {
                let minutes = limit.map_or(LENGTH, |limit| limit.0);
                begin.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok()?
            }
        };
        (begin < end).then_some((begin, end))
    }

    /// The card for a follow-up; none for whoever may have none.
    #[must_use]
    pub fn of(&self, follow_up: &FollowUp, details: &Details) -> Option<Card> {
        let known = self.acquaintances.get(&follow_up.key.person)?;
        let state = known.state(follow_up.day, self.settings);
        let person = follow_up.key.person;
        let is_introduced = |known: &Introduction| known.by == By::Them && known.between.to == Some(person);
        let is_known = self.settings.is_inner(known.circle.as_deref())
            && !self.facts.introductions.iter().any(is_introduced);
        let is_stranger = state == State::New && !is_known;
        let stance = Stance { state, is_stranger };
        let mut open: Vec<&Intention> = self
            .facts
            .intentions
            .iter()
            .filter(|open| open.person == person && open.ended.is_none() && !open.is_past(follow_up.day))
            .collect();
        open.sort_by_key(|open| (open.by.is_none(), open.by, open.id));
        let sketch = Sketch {
            follow_up,
            details,
            known,
            stance,
            open,
            situation: Situation::of(follow_up, details, stance),
            voice: Voice { phrases: self.phrases, languages: voice::languages(known, self.settings) },
            settings: self.settings,
            facts: self.facts,
        };
        let draft = sketch.draft();
        Some(Card { points: sketch.points(), links: sketch.links(&draft), draft })
    }
}

/// Everything one card is drawn from.
struct Sketch<'a> {
    follow_up: &'a FollowUp,
    details: &'a Details,
    known: &'a Acquaintance,
    stance: Stance,
    open: Vec<&'a Intention>,
    situation: Situation,
    voice: Voice<'a>,
    settings: &'a Settings,
    facts: &'a Facts,
}

/// What somebody noted, on one line that can be read at a glance.
fn noted(text: &str) -> String {
    text::cut(text.trim(), WIDEST).into_owned()
}

impl Sketch<'_> {
    fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        points.extend(self.who());
        points.extend(self.met());
        points.push(("Tie", self.tie()));
        points.extend(self.history());
        points.extend(
            [memo::Kind::Interest, memo::Kind::Family, memo::Kind::Need, memo::Kind::Knows]
                .iter()
                .filter_map(|&kind| self.memos(kind, Vec::new())),
        );
        points.extend(self.ties());
        points.extend(self.aims());
        points.extend(self.occasion());
        points.extend(self.meant());
        points.extend(self.introductions());
        points.extend(self.memos(memo::Kind::Offer, self.offers()));
        points.extend(self.memos(memo::Kind::Learn, Vec::new()));
        points.extend(balance::told(self.known).map(|told| ("Balance", told)));
        points.extend(self.manner());
        points.extend(
            self.known.preferences.hesitation.map(|hesitation| ("Mind", advice(hesitation).to_owned())),
        );
        points.extend(self.to_say());
        points
    }

    /// What they do, and where; whose they are.
    fn who(&self) -> Option<Point> {
        let labels = self.known.labels.iter().map(String::as_str);
        let mut whose: Vec<String> = Vec::new();
        for word in self.known.circle.as_deref().into_iter().chain(labels).map(noted) {
            if whose.iter().all(|known| known.to_lowercase() != word.to_lowercase()) {
                whose.push(word);
            }
        }
        let whose = whose.join(", ");
        let said = [&self.details.title, &self.details.organization];
        let said: Vec<String> =
            said.into_iter().flatten().map(|text| noted(text)).filter(|text| !text.is_empty()).collect();
        let all: Vec<String> = [said.join(", "), whose].into_iter().filter(|part| !part.is_empty()).collect();
        (!all.is_empty()).then(|| ("Who", all.join("; ")))
    }

    /// How the user met them: what they said of it, else the meeting with which a new acquaintance began.
    fn met(&self) -> Option<Point> {
        let how = self.known.preferences.how_met.as_deref().map(noted);
        let how = how.or_else(|| {
            // Of somebody from an address book it is only the first that was noted.
            let first = self.known.talks.first().filter(|talk| self.known.by_hand && talk.how == How::Met)?;
            let what = noted(&first.what);
            (!what.is_empty()).then(|| format!("{what}, on {}", spoken(first.day)))
        });
        how.map(|how| ("Met", how))
    }

    fn tie(&self) -> String {
        match self.stance.state {
            State::New if !self.stance.is_stranger => {
                "no talk is noted yet; you know them, so a plain hello is enough."
            }
            State::New => "new; no talk is noted yet. Ask, and be prepared to be surprised.",
            State::Warm => "warm; you may pick up where you left off.",
            State::Cooling => "cooling; a word without a request keeps it.",
            State::Dormant => "dormant; say hello first, and ask for nothing until it is warm again.",
        }
        .to_owned()
    }

    /// The last talk, what went unanswered since, and what was learned before.
    fn history(&self) -> Vec<Point> {
        let mut points = Vec::new();
        let talks = &self.known.talks;
        let told = |talk: &Talk| {
            let did = format!("{} on {}", did(talk.how), spoken(talk.day));
            let what = noted(&talk.what);
            let came = talk.notes.told().into_iter().map(|note| noted(&note));
            let said: Vec<String> =
                std::iter::once(what).filter(|what| !what.is_empty()).chain(came).collect();
            if said.is_empty() { did } else { format!("{did}: {}", said.join("; ")) }
        };
        let last = talks.iter().rposition(|talk| talk.how.direction() != Direction::Outbound);
        if let Some(talk) = last.and_then(|at| talks.get(at)) {
            points.push(("Last", told(talk)));
        }
        if let Some(about) = self.known.spoken_of().filter(|about| {
            self.known.last().is_some_and(|last| last.what.trim().is_empty() && *about != last)
        }) {
            points.push(("Before", told(about)));
        }
        let since = talks.get(last.map_or(0, |at| at + 1)..).unwrap_or_default();
        if let Some(tried) = since.last() {
            // Nobody owes an answer to a gift, nor to a congratulation.
            let asks = |talk: &Talk| {
                let is_gift = talk.notes.given.is_some() || talk.notes.received.is_some();
                let born = self.details.birthday.and_then(|birthday| birthday.in_year(talk.day.year()));
                !is_gift && born != Some(talk.day)
            };
            let answer = if since.iter().any(asks) { "; no answer is noted" } else { "" };
            points.push(("Since", format!("{}{answer}", told(tried))));
        }
        let lessons: Vec<String> = talks
            .iter()
            .enumerate()
            .rev()
            .filter(|(at, _)| Some(*at) != last)
            .filter_map(|(_, talk)| talk.notes.learned.as_deref().map(noted))
            .take(LESSONS)
            .collect();
        if !lessons.is_empty() {
            points.push(("Learned", lessons.join("; ")));
        }
        points
    }

    /// What was noted of them of that kind, with what else belongs there.
    fn memos(&self, kind: memo::Kind, more: Vec<String>) -> Option<Point> {
        let noted = self.known.memos.iter().filter(|memo| memo.kind == kind).map(|memo| noted(&memo.what));
        let all: Vec<String> = more.into_iter().chain(noted).collect();
        (!all.is_empty()).then(|| (kind.label(), all.join("; ")))
    }

    /// The occasion whose days it falls into.
    fn occasion(&self) -> Option<Point> {
        let occasion = self.follow_up.occasion.as_ref()?;
        Some(("Occasion", format!("{}, on {}", noted(&occasion.name), spoken(occasion.day))))
    }

    /// Promises and asks that are open.
    fn meant(&self) -> Vec<Point> {
        let mut points = Vec::new();
        for open in &self.open {
            let by = open.by.map_or_else(String::new, |by| format!(" (by {})", spoken(by)));
            let what = format!("{}{by}", noted(&open.what));
            match open.aim {
                Aim::Promise => points.push(("You promised", what)),
                Aim::TheirPromise => points.push(("They promised", what)),
                Aim::Ask if self.situation.is_thanks() => points.push((
                    "Not yet",
                    format!("what you want to ask comes after this word, in one of its own: {what}"),
                )),
                Aim::Ask if self.stance.state == State::Warm => points.push(("To ask", what)),
                Aim::Ask => points
                    .push(("Not yet", format!("what you want to ask waits until the tie is warm: {what}"))),
                Aim::Congratulate | Aim::Send | Aim::Invite | Aim::Accompany | Aim::Introduction(_) => {}
            }
        }
        points
    }

    /// What the user means to offer, as it stands on the card.
    fn offers(&self) -> Vec<String> {
        let offer = |open: &&Intention| {
            let verb = match open.aim {
                Aim::Congratulate => "congratulate",
                Aim::Send => "send",
                Aim::Invite => "invite",
                Aim::Accompany => "go along",
                Aim::Promise | Aim::TheirPromise | Aim::Ask | Aim::Introduction(_) => return None,
            };
            // What is noted may be "the party", "to the party" or "zum Fest".
            Some(format!("{verb} ({})", noted(&open.what)))
        };
        self.open.iter().filter_map(offer).collect()
    }

    /// How, when, in which language and for how long to talk.
    fn manner(&self) -> Vec<Point> {
        let wants = &self.known.preferences;
        let circle = self.settings.circles.get(&self.follow_up.circle);
        let channel = wants.channel.map(|channel| match channel {
            Channel::Call => "by phone",
            Channel::Write => "in writing",
            Channel::Meet => "in person",
        });
        let setting = wants.setting.map(|setting| match setting {
            Setting::OneToOne => "one to one",
            Setting::Group => "in a group",
        });
        let time = wants.best_time.as_ref().or_else(|| circle.and_then(|circle| circle.time.as_ref()));
        let language = wants.language.as_ref().map(Language::in_words);
        let how: Vec<String> = [channel, setting]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .chain(time.map(|time| format!("best time {time}")))
            .chain(language)
            .collect();
        let mut points = Vec::new();
        if !how.is_empty() {
            points.push(("How", how.join(", ")));
        }
        if let Some(limit) = wants.time_limit {
            points.push(("Time", format!("{limit} minutes; say so when you begin, and end in time")));
        }
        points
    }

    /// What to begin with, to fall back on, and to end with.
    fn to_say(&self) -> Vec<Point> {
        let say = |section, key| self.voice.say(section, key, &|name| self.value(name));
        let [first, second] =
            self.voice.questions(self.stance.is_stranger, &self.seed(), &|name| self.value(name));
        [
            ("Begin", say("open", self.situation.name())),
            ("If it goes quiet", first),
            ("Or", second),
            ("If you do not know", say("unsure", "any")),
            ("To end", say("end", "any")),
        ]
        .into_iter()
        .filter(|(_, said)| !said.is_empty())
        .collect()
    }

    /// What makes one follow-up's questions other than the next one's.
    fn seed(&self) -> String {
        format!("{}/{}", self.follow_up.key.person, self.follow_up.key.cycle)
    }

    /// The message.
    fn draft(&self) -> Draft {
        let part = |key| self.voice.draft(self.situation.name(), key, &|name| self.value(name));
        Draft {
            subject: part("subject"),
            body: part("body"),
            sms: part("sms").replace('\n', " ").trim().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
