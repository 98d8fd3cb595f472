//! Events that happen again and again (RFC 5545 section 3.8.5).

use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// The events of a part, by their UIDs: a single one is a series of one date.
#[derive(Debug, Default)]
pub(crate) struct SeriesOfPart {
    all: Vec<Series>,
    /// Where in it those with a UID are.
    known: HashMap<String, usize>,
    events: usize,
}

impl SeriesOfPart {
    /// How many events there are in all.
    pub(crate) fn len(&self) -> usize {
        self.events
    }

    /// Adds an event, or puts it in the place of its earlier revision.
    pub(crate) fn add(&mut self, event: Event) {
        self.events += 1;
        let next = self.all.len();
        let at = event.uid.as_ref().map_or(next, |uid| *self.known.entry(uid.clone()).or_insert(next));
        if at == next {
            self.all.push(Series::default());
        }
        let Some(Series { master, moved }) = self.all.get_mut(at) else { return };
        let replaced = event.replaces.map(|date| date.when());
        let is_it = |known: &&mut Event| known.replaces.map(|date| date.when()) == replaced;
        match master.iter_mut().chain(moved.iter_mut()).find(is_it) {
            Some(known) if known.revision > event.revision => {}
            Some(known) => *known = event,
            None if replaced.is_some() => moved.push(event),
            None => *master = Some(event),
        }
    }

    /// Takes out what repeats, and says how many events that are.
    pub(crate) fn take_series(&mut self) -> usize {
        let before = std::mem::take(&mut self.all);
        let (single, series) = before.into_iter().partition(Series::is_single);
        self.all = single;
        series.iter().map(|series: &Series| series.moved.len() + usize::from(series.master.is_some())).sum()
    }

    pub(crate) fn into_all(self) -> impl Iterator<Item = Series> {
        self.all.into_iter()
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
    /// Whether it is one event, and none that repeats.
    fn is_single(&self) -> bool {
        self.moved.is_empty() && self.master.as_ref().is_some_and(Event::is_single)
    }

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
