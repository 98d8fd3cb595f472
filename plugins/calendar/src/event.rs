//! An event: when it is and with whom.

use calcard::icalendar::{
    ICalendarEntry, ICalendarParameterName as Name, ICalendarParameterValue as Value,
    ICalendarParticipationRole as Role, ICalendarParticipationStatus as Answer, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarStatus, ICalendarTransparency, ICalendarUserTypes as Who,
    ICalendarValue,
};
use kith_plugin::Party;

use jiff::SignedDuration;

use crate::left_out::LeftOut;
use crate::moment::{Moment, Zones};
use crate::prepare::parsed;

/// The most attendees that are told. kith counts a meeting of more than five others for nobody.
const MOST_ATTENDEES: usize = 20;

/// The most dates that are added to a series or taken out of it.
const MOST_EXCEPTIONS: usize = 5000;

/// The most characters of a summary or a name.
const LONGEST: usize = 200;

/// An event as a calendar has it.
#[derive(Debug)]
pub(crate) struct Event {
    /// Where it begins.
    pub(crate) line: u64,
    pub(crate) uid: Option<String>,
    /// Which of several with one UID it is: the later revision counts (RFC 5546 section 2.1.5), by its number, then by
    /// when it was written.
    pub(crate) revision: (i64, Option<String>),
    pub(crate) start: Moment,
    /// How long it takes, on the clock of where it begins; of days the whole of them.
    pub(crate) length: SignedDuration,
    /// Whether it says that it leaves its time free, or that it takes it.
    pub(crate) takes_time: Option<bool>,
    /// How it repeats, besides at its start.
    pub(crate) rule: Option<ICalendarRecurrenceRule>,
    /// Further dates of a series.
    pub(crate) added: Vec<Moment>,
    /// Dates of a series on which it does not take place.
    pub(crate) called_off: Vec<Moment>,
    /// The date of a series in whose place it is.
    pub(crate) replaces: Option<Moment>,
    /// Who invited, unless they declined.
    pub(crate) from: Option<Party>,
    /// Who was invited and did not decline.
    pub(crate) to: Vec<Party>,
    pub(crate) subject: Option<String>,
    pub(crate) cancelled: bool,
    pub(crate) declined: bool,
    pub(crate) group: bool,
    pub(crate) own: bool,
}

impl Event {
    /// Whether it is a series in itself, and no part of one.
    pub(crate) fn is_single(&self) -> bool {
        self.rule.is_none() && self.added.is_empty() && self.replaces.is_none()
    }

    /// Why it is no meeting of the user with somebody, if it is none.
    pub(crate) fn left_out(&self) -> Option<LeftOut> {
        let reasons = [
            (self.own, LeftOut::Own),
            (self.cancelled, LeftOut::Cancelled),
            (self.declined, LeftOut::Declined),
            (self.group, LeftOut::Group),
            (self.to.is_empty(), LeftOut::Alone),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
    }
}

/// Reads an event from its lines, for the user with the addresses `me`.
///
/// # Errors
/// Why it cannot be read, in words.
pub(crate) fn read(lines: &[u8], zones: &Zones, me: &[String]) -> Result<Event, &'static str> {
    let calendar = parsed(lines, "VEVENT").ok_or("the event cannot be read")?;
    let entries = calendar.components.get(1).map_or(&[][..], |event| &event.entries);
    let all = |name: ICalendarProperty| entries.iter().filter(move |entry| entry.name == name);
    let first = |name| all(name).find_map(|entry| entry.values.first());
    let moments =
        |name| all(name).flat_map(|entry| Moment::all_of(entry, zones)).take(MOST_EXCEPTIONS).collect();
    let moment = |name| all(name).find_map(|entry| Moment::of(entry, zones));
    let text = |name| first(name).and_then(ICalendarValue::as_text);

    let attendees: Vec<Attendee> = all(ICalendarProperty::Attendee).filter_map(Attendee::of).collect();
    let organizer = all(ICalendarProperty::Organizer).find_map(Attendee::of);
    let is_me = |attendee: &Attendee| attendee.is_any_of(me);
    let declined = attendees.iter().any(|attendee| attendee.declined && is_me(attendee));
    let from = organizer.filter(|organizer| {
        !attendees.iter().any(|attendee| attendee.declined && attendee.is_same(organizer))
    });
    let to = attendees.iter().filter(|attendee| {
        attendee.takes_part() && from.as_ref().is_none_or(|organizer| !attendee.is_same(organizer))
    });
    let to: Vec<Party> = to.take(MOST_ATTENDEES).map(|attendee| attendee.party.clone()).collect();
    let start = moment(ICalendarProperty::Dtstart)
        .or_else(|| moment(ICalendarProperty::RecurrenceId))
        .ok_or("the event has no date, or one that cannot be read")?;
    let end = moment(ICalendarProperty::Dtend);
    let duration = first(ICalendarProperty::Duration).and_then(|value| match value {
        ICalendarValue::Duration(duration) if !duration.neg => duration_of(duration),
        _ => None,
    });
    let outlooks = all(ICalendarProperty::Other("X-MICROSOFT-CDO-BUSYSTATUS".to_owned()));
    let status = outlooks.filter_map(|entry| entry.values.first()?.as_text()).next();
    let sequence = match first(ICalendarProperty::Sequence) {
        Some(ICalendarValue::Integer(number)) => *number,
        _ => 0,
    };
    Ok(Event {
        line: 0,
        revision: (sequence, moment(ICalendarProperty::Dtstamp).map(|moment| moment.when())),
        uid: text(ICalendarProperty::Uid).map(str::trim).filter(|uid| !uid.is_empty()).map(str::to_owned),
        start,
        length: start.length(end, duration),
        takes_time: match (first(ICalendarProperty::Transp), status) {
            (Some(ICalendarValue::Transparency(ICalendarTransparency::Transparent)), _) => Some(false),
            (_, Some(status)) if status.trim().eq_ignore_ascii_case("FREE") => Some(false),
            (Some(ICalendarValue::Transparency(ICalendarTransparency::Opaque)), _) | (_, Some(_)) => {
                Some(true)
            }
            _ => None,
        },
        rule: all(ICalendarProperty::Rrule).find_map(|entry| match entry.values.first() {
            Some(ICalendarValue::RecurrenceRule(rule)) => Some((**rule).clone()),
            _ => None,
        }),
        added: moments(ICalendarProperty::Rdate),
        called_off: moments(ICalendarProperty::Exdate),
        replaces: moment(ICalendarProperty::RecurrenceId),
        from: from.map(|organizer| organizer.party),
        to,
        subject: text(ICalendarProperty::Summary).and_then(one_line),
        cancelled: matches!(
            first(ICalendarProperty::Status),
            Some(ICalendarValue::Status(ICalendarStatus::Cancelled))
        ),
        declined,
        group: attendees.iter().any(|attendee| attendee.who == Some(Who::Group)),
        own: text(ICalendarProperty::Url).is_some_and(is_own),
    })
}

/// A duration; nothing if it is longer than one can be.
fn duration_of(duration: &calcard::icalendar::ICalendarDuration) -> Option<SignedDuration> {
    let days = i64::from(duration.weeks).checked_mul(7)?.checked_add(i64::from(duration.days))?;
    let hours = days.checked_mul(24)?.checked_add(i64::from(duration.hours))?;
    let minutes = hours.checked_mul(60)?.checked_add(i64::from(duration.minutes))?;
    let seconds = minutes.checked_mul(60)?.checked_add(i64::from(duration.seconds))?;
    Some(SignedDuration::from_secs(seconds))
}

/// Somebody who is invited, or invites.
#[derive(Debug)]
struct Attendee {
    party: Party,
    declined: bool,
    who: Option<Who>,
    role: Option<Role>,
}

impl Attendee {
    /// Nothing if it is nobody whom one could know.
    fn of(entry: &ICalendarEntry) -> Option<Self> {
        let text = |name| entry.parameter(name).and_then(Value::as_text);
        if entry.calendar_address().is_some_and(is_of_a_thing) {
            return None;
        }
        let address = [entry.calendar_address(), text(&Name::Email)].into_iter().flatten();
        // Some writers leave a space where they folded the line.
        let whole = |address: &str| address.split_whitespace().collect::<String>();
        let address = address.map(whole).find(|address| is_address(address));
        let name = text(&Name::Cn).filter(|name| !name.contains('@')).and_then(one_line);
        if address.is_none() && name.is_none() {
            return None;
        }
        let party = Party { name, emails: address.into_iter().collect(), ..Party::default() };
        Some(Self {
            party,
            declined: entry.parameter(&Name::Partstat) == Some(&Value::Partstat(Answer::Declined)),
            who: entry.parameter(&Name::Cutype).and_then(|value| match value {
                Value::Cutype(who) => Some(who.clone()),
                _ => None,
            }),
            role: entry.parameter(&Name::Role).and_then(|value| match value {
                Value::Role(role) => Some(role.clone()),
                _ => None,
            }),
        })
    }

    /// Whether it is a person who is expected to come.
    fn takes_part(&self) -> bool {
        !self.declined
            && !matches!(self.who, Some(Who::Group | Who::Resource | Who::Room))
            && self.role != Some(Role::NonParticipant)
    }

    fn is_same(&self, other: &Self) -> bool {
        if self.party.emails.is_empty() && other.party.emails.is_empty() {
            return self.party.name == other.party.name;
        }
        self.is_any_of(&other.party.emails)
    }

    fn is_any_of(&self, addresses: &[String]) -> bool {
        let is =
            |address: &String| self.party.emails.iter().any(|own| own.eq_ignore_ascii_case(address.trim()));
        addresses.iter().any(is)
    }
}

/// Whether it is the address of a mailbox; calendars have other URIs, too.
fn is_address(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

/// Whether it is the address that Google gives a calendar or a room.
fn is_of_a_thing(address: &str) -> bool {
    address.trim().to_ascii_lowercase().ends_with("calendar.google.com")
}

/// Whether a URL is that of an event in kith's own calendars, wherever kith was: `/follow-up/` and a UUID.
fn is_own(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("/follow-up/") else { return false };
    let id = rest.trim().split(['?', '#']).next().unwrap_or_default();
    id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// A text in one line, and no longer than is shown.
fn one_line(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    (!line.is_empty()).then_some(line)
}
