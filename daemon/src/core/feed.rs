//! What stands in the calendars: follow-ups with what was done, birthdays, and history.
//!
//! Everything here is a function of facts and of the day. The day decides
//! which events there are, never what an event says: a text that changed
//! because a day passed would look like a change to every calendar.

mod dates;
mod history;
mod name;
mod wins;

use std::collections::{BTreeMap, HashMap};

use jiff::{Span, Timestamp, civil::Date};

use super::action::{Action, Links};
use super::card::Cards;
use super::date::{Birthday, is_celebrated, spoken};
use super::draft::dialled;
use super::facts::PersonId;
use super::follow_up::{FollowUp, Kind, uuid};
use super::how::{How, in_touch};
use super::introduction::Step;
use super::settings::{self, Channel, Circle};
use super::text;

pub use self::name::Name;

/// Days ahead of today for which birthdays are shown: each person has one, whatever the day.
const BIRTHDAYS_AHEAD: i32 = 365;

/// How much of what was said stands in an event's title, in characters.
const WORDS_IN_TITLE: usize = 60;

/// An event as the facts give it, before it has a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The event's UID, for ever.
    pub uid: String,
    /// Its day.
    pub day: Date,
    /// From when to when it lasts; none: the whole day.
    pub hours: Option<(Timestamp, Timestamp)>,
    /// Its title.
    pub summary: String,
    /// Its text.
    pub description: String,
    /// Its categories: the circle, or what kind of date it is.
    pub categories: Vec<String>,
    /// The path of its URL; the address before it is that of the running service.
    pub path: String,
}

/// What an event says about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The name shown.
    pub name: String,
    /// The preferred telephone number, as it was written.
    pub phone: Option<String>,
    /// The preferred number that may get a short message: one that is a mobile's, or does not say what it is.
    pub mobile: Option<String>,
    /// The preferred email address.
    pub email: Option<String>,
    /// Where they work.
    pub organization: Option<String>,
    /// What they do there.
    pub title: Option<String>,
    /// Their birthday.
    pub birthday: Option<Birthday>,
    /// How they like to be reached, over what their circle says.
    pub channel: Option<Channel>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// How they were in touch.
    pub how: How,
    /// The words logged; may be empty.
    pub what: String,
}

/// What the log has about a person on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// With whom.
    pub person: PersonId,
    /// When.
    pub day: Date,
    /// What, in the log's order.
    pub entries: Vec<Entry>,
}

/// The people that may stand in a feed, and what is known of them. Whoever is
/// not in it has no event: archived people, and those never to be shown.
pub type People = BTreeMap<PersonId, Details>;

/// The names shown of people that may stand in the history. Whoever is not in
/// it has no event there.
pub type Names = HashMap<PersonId, String>;

/// What the feeds are drawn up with, besides their facts.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Today, where the user is.
    pub today: Date,
    /// How the feed should look.
    pub settings: &'a settings::Feed,
    /// The circles, which say how to be in touch.
    pub circles: &'a BTreeMap<String, Circle>,
    /// The database's own random bytes, from which UIDs follow.
    pub namespace: &'a [u8],
    /// What stands on approach cards, where there are any.
    pub cards: Option<Cards<'a>>,
    /// Where the links lead that do something with a follow-up, where there are any.
    pub links: Option<Links<'a>>,
}

impl Frame<'_> {
    /// The events of follow-ups.ics, by day: the plan, the next weekly review
    /// (so that the feed is never empty), and what was done within the days
    /// that the settings look back. Of two events of one UID the first stays.
    #[must_use]
    pub fn follow_ups(&self, people: &People, plan: &[FollowUp], log: &[Done]) -> Vec<Draft> {
        let planned = plan
            .iter()
            .filter_map(|follow_up| Some(self.planned(follow_up, people.get(&follow_up.key.person)?)));
        let first = self.first_day();
        let done = log
            .iter()
            .filter(|done| done.day >= first)
            .filter_map(|done| self.done(done, people.get(&done.person)?));
        in_order(planned.chain(done).chain([self.review()]).collect())
    }

    /// The events of birthdays.ics, by day: every celebration within the days
    /// that the settings look back and the coming year, if it `allows` that day to be brought up. Each is an event of
    /// its own, as programs are at odds about recurring ones. While nobody has
    /// a birthday one event says so, as an empty feed leaves old events behind.
    #[must_use]
    pub fn birthdays(&self, people: &People, allows: impl Fn(PersonId, Date) -> bool) -> Vec<Draft> {
        let days = self.first_day()..=self.today.saturating_add(Span::new().days(BIRTHDAYS_AHEAD));
        let years = days.start().year()..=days.end().year();
        let celebrations = people.iter().flat_map(|(&person, details)| {
            let (days, allows) = (&days, &allows);
            details
                .birthday
                .into_iter()
                .flat_map(|birthday| years.clone().map(move |year| (birthday, year)))
                .filter_map(move |(birthday, year)| {
                    let day =
                        birthday.in_year(year).filter(|day| days.contains(day) && allows(person, *day))?;
                    Some(self.celebration(person, details, birthday, year, day))
                })
        });
        let mut drafts: Vec<Draft> = celebrations.collect();
        if drafts.is_empty() {
            drafts.push(self.no_birthdays());
        }
        in_order(drafts)
    }

    fn first_day(&self) -> Date {
        self.today.saturating_sub(Span::new().days(i32::from(self.settings.back)))
    }

    /// The first day of the weekly review on or after today.
    fn review_day(&self) -> Date {
        let wait = self.today.weekday().until(self.settings.review);
        self.today.saturating_add(Span::new().days(wait))
    }

    fn planned(&self, follow_up: &FollowUp, details: &Details) -> Draft {
        let name = &details.name;
        let mut text = vec![follow_up.reason.clone(), String::new()];
        text.extend(reachable(details));
        if let Some(card) = self.cards.and_then(|cards| cards.of(follow_up, details)) {
            text.push(String::new());
            text.extend(card.lines());
            text.extend(
                card.links.mail.into_iter().chain(card.links.sms).map(|link| format!("A draft: {link}")),
            );
            text.push(String::new());
        }
        text.push(how_to_note(follow_up.key.person, name));
        let id = follow_up.key.uuid(self.namespace);
        if let Some(links) = self.links {
            let actions = Action::of(follow_up.key.kind).iter();
            text.extend(actions.map(|action| format!("{}: {}", action.label(), links.to(*action, &id))));
        }
        Draft {
            uid: uid(&id),
            day: follow_up.day,
            hours: self.cards.and_then(|cards| cards.hours(follow_up)),
            summary: summary(follow_up, details, self.circles),
            description: text.join("\n"),
            categories: vec![follow_up.circle.clone()],
            path: format!("/follow-up/{id}"),
        }
    }

    /// What was done; nothing if the day has no entry.
    fn done(&self, done: &Done, details: &Details) -> Option<Draft> {
        let chief = done.entries.iter().min_by_key(|entry| entry.how)?;
        let words = title_words(&chief.what);
        let colon = if words.is_empty() { "" } else { ": " };
        let id = uuid(self.namespace, &format!("done/{}/{}", done.person, done.day));
        Some(Draft {
            uid: uid(&id),
            day: done.day,
            hours: None,
            summary: format!(
                "{}{colon}{words}",
                capitalised(&in_touch(chief.how, &text::name(&details.name)))
            ),
            description: done.entries.iter().map(told).collect::<Vec<_>>().join("\n"),
            categories: Vec::new(),
            path: format!("/follow-up/{id}"),
        })
    }

    fn review(&self) -> Draft {
        let day = self.review_day();
        let id = uuid(self.namespace, &format!("review/{day}"));
        Draft {
            uid: uid(&id),
            day,
            hours: None,
            summary: "Weekly review".to_owned(),
            description: "Look back at whom you talked with, and ahead at who comes next.\n\
                          The week at a glance: kith review-week\n\
                          The coming weeks: kith plan"
                .to_owned(),
            categories: Vec::new(),
            path: format!("/follow-up/{id}"),
        }
    }

    fn celebration(
        &self,
        person: PersonId,
        details: &Details,
        birthday: Birthday,
        year: i16,
        day: Date,
    ) -> Draft {
        let born = birthday.year().and_then(|year| birthday.in_year(year));
        let mut text: Vec<String> = born.map(|day| format!("Born on {}", spoken(day))).into_iter().collect();
        text.extend(reachable(details));
        let id = uuid(self.namespace, &format!("celebration/{person}/{year}"));
        Draft {
            uid: uid(&id),
            day,
            hours: None,
            summary: format!("Birthday: {}{}", text::name(&details.name), turns(Some(birthday), year)),
            description: text.join("\n"),
            categories: vec!["Birthday".to_owned()],
            path: format!("/follow-up/{id}"),
        }
    }

    fn no_birthdays(&self) -> Draft {
        let day = self.review_day();
        let id = uuid(self.namespace, &format!("no-birthdays/{day}"));
        Draft {
            uid: uid(&id),
            day,
            hours: None,
            summary: "No birthdays known yet".to_owned(),
            description: "Import contacts that have birthdays, or add one yourself: kith edit --help"
                .to_owned(),
            categories: Vec::new(),
            path: format!("/follow-up/{id}"),
        }
    }
}

/// What a follow-up asks for, beginning with the verb: `Call Anna Müller`; a
/// name that no title can hold is cut.
#[must_use]
pub fn summary(follow_up: &FollowUp, details: &Details, circles: &BTreeMap<String, Circle>) -> String {
    let name = text::name(&details.name);
    let words = title_words(follow_up.what.as_deref().unwrap_or_default());
    let what = if words.is_empty() { String::new() } else { format!(": {words}") };
    match follow_up.key.kind {
        Kind::Occasion => format!("Say hello to {name}{what}"),
        // The goal is named in the reason: "Call Anna: 500 conversations" would read as 500 calls.
        Kind::KeepInTouch | Kind::Goal => match channel(follow_up, details, circles) {
            Some(Channel::Call) => format!("Call {name}"),
            Some(Channel::Write) => format!("Write to {name}"),
            Some(Channel::Meet) => format!("Meet {name}"),
            None => format!("Get in touch with {name}"),
        },
        Kind::Rekindle => format!("Say hello again to {name}"),
        Kind::SecondTry => format!("Try {name} again"),
        Kind::FirstHello => format!("Say a first hello to {name}"),
        Kind::ThankYou => format!("Thank {name}"),
        Kind::Promise => format!("Keep your promise to {name}{what}"),
        Kind::Nudge => format!("Ask {name} about what they promised{what}"),
        Kind::Ask => format!("Ask {name}{what}"),
        Kind::Congratulate => format!("Congratulate {name}{what}"),
        Kind::Send => format!("Send something to {name}{what}"),
        Kind::Invite => format!("Invite {name}{what}"),
        Kind::Accompany => format!("Go along with {name}{what}"),
        Kind::Introduction => match follow_up.key.introduction().map(|(_, step)| step) {
            Some(Step::Ask) => format!("Ask {name} for {words}"),
            Some(Step::Reminder) | None => format!("Ask {name} about {words}"),
            Some(Step::Forward) => format!("Send {name} {words}"),
            Some(Step::Hello) => format!("Say a first hello to {name}: {words}"),
            Some(Step::Thanks) => format!("Thank {name} for {words}"),
            Some(Step::Consent | Step::ConsentTo) => {
                format!("Ask {name} whether they would like to meet {words}")
            }
            Some(Step::Make) => format!("Introduce {name} to {words}"),
            Some(Step::LookBack) => format!("Ask {name} how it went with {words}"),
        },
        Kind::Date if follow_up.what.as_deref().is_some_and(is_celebrated) => {
            format!("Congratulate {name}{what}")
        }
        Kind::Date => format!("Think of {name}{what}"),
        Kind::Birthday => {
            let year = follow_up.key.cycle.parse().unwrap_or(follow_up.day.year());
            format!("Congratulate {name}{}", turns(details.birthday, year))
        }
    }
}

/// How the user was in touch who did what [`summary`] asks for.
#[must_use]
pub fn how_done(follow_up: &FollowUp, details: &Details, circles: &BTreeMap<String, Circle>) -> How {
    let writes = channel(follow_up, details, circles) == Some(Channel::Write);
    match follow_up.key.kind {
        Kind::Birthday
        | Kind::Date
        | Kind::FirstHello
        | Kind::ThankYou
        | Kind::Promise
        | Kind::Nudge
        | Kind::Ask
        | Kind::Congratulate
        | Kind::Send
        | Kind::Introduction
        | Kind::Invite => How::Wrote,
        Kind::KeepInTouch | Kind::Rekindle | Kind::SecondTry | Kind::Goal | Kind::Occasion if writes => {
            How::Wrote
        }
        Kind::KeepInTouch | Kind::Rekindle | Kind::Goal | Kind::Occasion => How::Talked,
        Kind::SecondTry => How::Tried,
        Kind::Accompany => How::Met,
    }
}

/// Their own channel, or the circle's, where the person has the means, else one that they have.
fn channel(follow_up: &FollowUp, details: &Details, circles: &BTreeMap<String, Circle>) -> Option<Channel> {
    let (phone, email) = (details.phone.is_some(), details.email.is_some());
    match details.channel.or_else(|| circles.get(&follow_up.circle)?.channel) {
        Some(Channel::Meet) => Some(Channel::Meet),
        Some(Channel::Write) if email => Some(Channel::Write),
        _ if phone => Some(Channel::Call),
        _ if email => Some(Channel::Write),
        _ => None,
    }
}

/// An entry of the log: how they were in touch, and what it was about.
fn told(Entry { how, what }: &Entry) -> String {
    match what.trim() {
        "" => capitalised(&how.to_string()),
        what => format!("{}: {what}", capitalised(&how.to_string())),
    }
}

/// With a capital letter, for a title.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The UID of the event with that UUID. The part after `@` is fixed: it says
/// whose event it is, and is no host's name.
#[must_use]
pub fn uid(uuid: &str) -> String {
    format!("{uuid}@kith.local")
}

fn in_order(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.sort_by(|a, b| (a.day, &a.uid).cmp(&(b.day, &b.uid)));
    // Equal UIDs on two days are not neighbours: the set finds them.
    let mut seen = std::collections::HashSet::new();
    drafts.retain(|draft| seen.insert(draft.uid.clone()));
    drafts
}

fn turns(birthday: Option<Birthday>, year: i16) -> String {
    birthday.and_then(|b| b.age_in(year)).map_or_else(String::new, |age| format!(" (turns {age})"))
}

/// How to reach somebody and what they do, one line each.
fn reachable(details: &Details) -> Vec<String> {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let work: Vec<String> =
        [said(&details.title), said(&details.organization)].into_iter().flatten().collect();
    let work = (!work.is_empty()).then(|| work.join(", "));
    [said(&details.phone).map(|phone| telephone(&phone)), said(&details.email).map(|e| mail(&e)), work]
        .into_iter()
        .flatten()
        .collect()
}

/// A number as a link that programs can dial (RFC 3966), or as it stands if it is more than a number.
fn telephone(number: &str) -> String {
    dialled(number).map_or_else(|| format!("Phone: {number}"), |dialled| format!("tel:{dialled}"))
}

/// An address as a link (RFC 6068), or as it stands if it would need encoding there.
fn mail(address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@.+-_~!$'*=".contains(&byte);
    if address.bytes().all(plain) { format!("mailto:{address}") } else { format!("Email: {address}") }
}

/// The command that notes what the title asks for: a mail is no talk, and an
/// answer to it is still to come. A name that a shell would not take as it
/// stands, that is not shown as it stands, or that looks like an option, could
/// do harm when it is pasted into one: the person's number names them as well.
fn how_to_note(person: PersonId, name: &str) -> String {
    let special = |c: char| matches!(c, '"' | '$' | '`' | '\\' | '!');
    let harmless = !name.starts_with('-')
        && !name.trim().is_empty()
        && text::name(name) == name
        && !name.chars().any(|c| special(c) || text::is_command(c) || text::is_reordering(c));
    let who = if harmless { format!("\"{name}\"") } else { person.to_string() };
    format!("Then: kith done {who} \"what it was about\"")
}

/// The first line of what was said, cut to what a title can hold.
fn title_words(what: &str) -> String {
    let line = what.trim().lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(WORDS_IN_TITLE) {
        None => line.to_owned(),
        Some((end, _)) => {
            let (head, _) = line.split_at(end);
            let words = head.rsplit_once(char::is_whitespace).map_or(head, |(words, _)| words);
            format!("{}…", words.trim_end())
        }
    }
}

#[cfg(test)]
mod tests;
