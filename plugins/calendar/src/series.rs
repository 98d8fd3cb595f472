//! Events that happen again and again (RFC 5545 section 3.8.5).

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency,
    ICalendarProperty, ICalendarRecurrenceRule, ICalendarValue,
};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use crate::event::Event;
use crate::moment::{Moment, parts};

/// How many dates of a series are told, the latest ones.
const MOST_DATES: usize = 1000;

/// How many dates a rule is followed for.
const MOST_FOLLOWED: usize = 50_000;

/// A series, as far as a part tells of it.
#[derive(Debug, Default)]
pub(crate) struct Series {
    /// The event that says how it repeats.
    pub(crate) master: Option<Event>,
    /// What takes the place of single dates of it.
    pub(crate) moved: Vec<Event>,
}

/// The series of a part, by their UIDs.
#[derive(Debug, Default)]
pub(crate) struct SeriesOfPart {
    known: BTreeMap<String, Series>,
    without_uid: Vec<Series>,
    events: usize,
}

impl SeriesOfPart {
    /// How many events there are in all.
    pub(crate) fn len(&self) -> usize {
        self.events
    }

    pub(crate) fn add(&mut self, event: Event) {
        self.events += 1;
        let series = match &event.uid {
            Some(uid) => self.known.entry(uid.clone()).or_default(),
            None => {
                self.without_uid.push(Series::default());
                match self.without_uid.last_mut() {
                    Some(series) => series,
                    None => return,
                }
            }
        };
        if event.replaces.is_some() {
            series.moved.push(event);
        } else {
            series.master = Some(event);
        }
    }

    pub(crate) fn into_all(self) -> impl Iterator<Item = Series> {
        self.known.into_values().chain(self.without_uid)
    }
}

/// When a series took place.
#[derive(Debug)]
pub(crate) struct Dates {
    /// In order, those that were moved not among them.
    pub(crate) moments: Vec<Moment>,
    /// What of it is not told, and why.
    pub(crate) trouble: Option<String>,
}

impl Series {
    /// On which day of the series a moment is.
    pub(crate) fn day(&self, moment: &Moment) -> Date {
        moment.in_zone(self.master.as_ref().and_then(|event| event.start.zone)).date()
    }

    /// When the series took place, up to the day after `today`: elsewhere it may be that day already.
    /// Without `today`, its first date alone.
    pub(crate) fn dates(&self, master: &Event, today: Option<Date>) -> Dates {
        let start = master.start;
        let last = today.and_then(|today| today.checked_add(1.day()).ok()).unwrap_or(start.civil.date());
        let mut trouble = None;
        // One a day is enough, and tells which of them was moved or called off.
        let mut days: BTreeMap<Date, DateTime> = BTreeMap::new();
        let ruled = match &master.rule {
            Some(rule) if start.civil.date() <= last => follow(start, rule, last).unwrap_or_else(|| {
                trouble = Some("the rule by which the event repeats cannot be followed".to_owned());
                Vec::new()
            }),
            _ => Vec::new(),
        };
        let added = master.added.iter().map(|moment| moment.in_zone(start.zone));
        for civil in [start.civil].into_iter().chain(ruled).chain(added) {
            if civil.date() <= last {
                days.entry(civil.date()).or_insert(civil);
            }
        }
        let called_off: BTreeSet<Date> = master.called_off.iter().map(|moment| self.day(moment)).collect();
        let moved: BTreeSet<Date> = self
            .moved
            .iter()
            .filter_map(|event| event.replaces.as_ref())
            .map(|moment| self.day(moment))
            .collect();
        days.retain(|day, _| !called_off.contains(day) && !moved.contains(day));
        let more = days.len().saturating_sub(MOST_DATES);
        if more > 0 {
            trouble =
                Some(format!("of the dates of the event the first {more} are left out, of {}", days.len()));
        }
        Dates { moments: days.into_values().skip(more).map(|civil| start.at(civil)).collect(), trouble }
    }
}

/// The dates of a rule up to and with the day `last`; nothing if it is no rule that makes sense.
fn follow(start: Moment, rule: &ICalendarRecurrenceRule, last: Date) -> Option<Vec<DateTime>> {
    let mut rule = rule.clone();
    if rule.freq > ICalendarFrequency::Daily {
        // Its days alone count.
        rule = ICalendarRecurrenceRule { freq: ICalendarFrequency::Daily, ..rule };
    }
    let end = last.to_datetime(Time::MAX);
    let until = rule.until.as_ref().and_then(|until| Moment::from_parts(until, start.zone));
    let until = until.map_or(end, |until| until.until(start.zone).min(end));
    if until < start.civil {
        return Some(Vec::new());
    }
    rule.until = Some(parts(until));
    let entry = |name, value| ICalendarEntry { name, params: Vec::new(), values: vec![value] };
    let event = ICalendarComponent {
        component_type: ICalendarComponentType::VEvent,
        entries: vec![
            entry(ICalendarProperty::Dtstart, ICalendarValue::PartialDateTime(Box::new(parts(start.civil)))),
            entry(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
        ],
        component_ids: Vec::new(),
    };
    let expanded = ICalendar { components: vec![event] }.expand_dates(Tz::Floating, MOST_FOLLOWED);
    let dates = expanded.events.iter().filter_map(|event| event.start.naive_local().to_string().parse().ok());
    expanded.errors.is_empty().then(|| dates.collect())
}
