//! When something is, as calendars say it.

use std::collections::HashMap;
use std::str::FromStr;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendarEntry, ICalendarPeriod, ICalendarValue};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use crate::prepare::parsed;

/// The zones that a calendar describes, by the names that it gives them.
#[derive(Debug, Default)]
pub(crate) struct Zones(HashMap<String, Tz>);

impl Zones {
    /// Adds the zone with these lines, if it is one that is known.
    pub(crate) fn add(&mut self, lines: &[u8]) {
        let zone = parsed(lines, "VTIMEZONE");
        let zone = zone.as_ref().and_then(|calendar| calendar.components.get(1)?.timezone());
        self.0.extend(zone.map(|(name, zone)| (name.to_owned(), zone)));
    }

    /// The zone of this name: the calendar's own, of the IANA's, or of Windows;
    /// some programs put a path before it (`/example.org/Europe/Berlin`).
    fn named(&self, name: &str) -> Option<Tz> {
        if let Some(own) = self.0.get(name) {
            return Some(*own);
        }
        let mut rest = name;
        loop {
            if let Ok(zone) = Tz::from_str(rest) {
                return Some(zone);
            }
            rest = rest.split_once('/')?.1;
        }
    }
}

/// A moment or a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// What clock and calendar show; midnight of a day.
    pub(crate) civil: DateTime,
    /// Where; nothing of a day, and of what is wherever the user is.
    pub(crate) zone: Option<Tz>,
    pub(crate) is_day: bool,
}

impl Moment {
    /// The moment that a property tells, if it can be read.
    pub(crate) fn of(entry: &ICalendarEntry, zones: &Zones) -> Option<Self> {
        Self::all_of(entry, zones).next()
    }

    /// The moments of a property that has a list of them.
    pub(crate) fn all_of<'e>(
        entry: &'e ICalendarEntry,
        zones: &'e Zones,
    ) -> impl Iterator<Item = Self> + use<'e> {
        let zone = entry.tz_id().and_then(|name| zones.named(name));
        entry.values.iter().filter_map(move |value| match value {
            ICalendarValue::PartialDateTime(moment) => Self::from_parts(moment, zone),
            ICalendarValue::Period(
                ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. },
            ) => Self::from_parts(start, zone),
            _ => None,
        })
    }

    /// A moment as it was parsed, in `zone` unless it names an offset; nothing if there is none such.
    pub(crate) fn from_parts(parts: &PartialDateTime, zone: Option<Tz>) -> Option<Self> {
        let number = |part: u8| i8::try_from(part).ok();
        let year = i16::try_from(parts.year?).ok()?;
        let date = Date::new(year, number(parts.month?)?, number(parts.day?)?).ok()?;
        let Some(hour) = parts.hour else {
            return Some(Self { civil: date.to_datetime(Time::midnight()), zone: None, is_day: true });
        };
        // A leap second (RFC 5545 section 3.3.12) is the one before it.
        let second = number(parts.second.unwrap_or(0))?.min(59);
        let time = Time::new(number(hour)?, number(parts.minute.unwrap_or(0))?, second, 0).ok()?;
        let zone = if parts.tz_hour.is_some() { Some(Tz::UTC) } else { zone };
        Some(Self { civil: date.to_datetime(time), zone, is_day: false })
    }

    /// The same, with another date and time.
    pub(crate) fn at(self, civil: DateTime) -> Self {
        Self { civil, ..self }
    }

    /// What clock and calendar show in `zone` at this moment.
    pub(crate) fn in_zone(&self, zone: Option<Tz>) -> DateTime {
        let (Some(own), Some(zone)) = (self.zone, zone) else { return self.civil };
        let there = parts(self.civil).to_date_time_with_tz(own).map(|moment| moment.with_timezone(&zone));
        there.and_then(|there| there.naive_local().to_string().parse().ok()).unwrap_or(self.civil)
    }

    /// How long something takes that begins at this moment: until its end, else for so
    /// long; a day if neither is said of one, else no time (RFC 5545 section 3.6.1).
    pub(crate) fn length(&self, end: Option<Self>, duration: Option<SignedDuration>) -> SignedDuration {
        let until = end.map(|end| end.in_zone(self.zone).duration_since(self.civil));
        let least = if self.is_day { SignedDuration::from_hours(24) } else { SignedDuration::ZERO };
        until.or(duration).unwrap_or(least).max(least)
    }

    /// The last moment of a rule that ends with this one: of a day its end.
    pub(crate) fn until(&self, zone: Option<Tz>) -> DateTime {
        if self.is_day { self.civil.date().to_datetime(Time::MAX) } else { self.in_zone(zone) }
    }

    /// As interactions have it. A time that the clock left out is where the user was.
    pub(crate) fn when(&self) -> String {
        if self.is_day {
            return self.civil.date().to_string();
        }
        let moment = self.zone.and_then(|zone| parts(self.civil).to_date_time_with_tz(zone));
        match moment.and_then(|moment| Timestamp::from_second(moment.timestamp()).ok()) {
            Some(moment) => moment.to_string(),
            None => self.civil.to_string(),
        }
    }
}

/// A date and time as the parser has them.
pub(crate) fn parts(civil: DateTime) -> PartialDateTime {
    let number = |part: i8| u8::try_from(part).ok();
    PartialDateTime {
        year: u16::try_from(civil.year()).ok(),
        month: number(civil.month()),
        day: number(civil.day()),
        hour: number(civil.hour()),
        minute: number(civil.minute()),
        second: number(civil.second()),
        ..PartialDateTime::default()
    }
}
