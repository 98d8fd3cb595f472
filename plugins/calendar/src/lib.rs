//! Reads the meetings of iCalendar files (RFC 5545) for kith.
//!
//! | step | module |
//! |---|---|
//! | the stream is divided into events: each stands or falls alone | `split` |
//! | an event's lines unfolded and decoded, without those that are not used | `prepare` |
//! | an event, parsed by `calcard`: when, with whom | `event` |
//! | which zone a name stands for; moments | `moment` |
//! | the dates of a series up to today, with what was moved or called off | `series` |
//! | events that are no meeting with anybody | `left_out` |
//! | the time that events take, for whoever asks that instead | `spans` |
//!
//! Events wait for the end of the part: a later revision of one, or what was moved of a
//! series, may stand anywhere in it.

mod event;
mod left_out;
mod moment;
mod prepare;
mod series;
mod spans;
mod split;

use std::io::{Cursor, Read};

use jiff::civil::Date;
use kith_lines::{LineReader, Source, utf16};
use kith_plugin::{Failure, Importer, Interaction, InteractionKind, Output, Part, Place, Tally};

use crate::event::Event;
use crate::left_out::LeftOut;
use crate::moment::{Moment, Zones};
use crate::series::{Dates, SeriesOfPart};
use crate::spans::Spans;
use crate::split::{LARGEST_EVENT, Piece, Splitter};

/// How many events are held. Beyond that single ones are told as they are read, and series are left out.
const MOST_HELD: usize = 50_000;

/// The importer of calendars.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calendar;

/// What is used of a part's options.
#[derive(Debug)]
struct Options {
    /// The user's addresses.
    me: Vec<String>,
    /// Up to when series are followed.
    today: Option<Date>,
    /// Which times are asked for instead of meetings.
    spans: Option<Spans>,
}

impl Options {
    fn of(part: &Part<'_>) -> Self {
        let options = &part.header().options;
        let emails = options.get("me").and_then(|me| me.get("emails")?.as_array());
        Self {
            me: emails
                .into_iter()
                .flatten()
                .filter_map(|address| address.as_str())
                .map(str::to_owned)
                .collect(),
            today: options.get("today").and_then(|today| today.as_str()?.parse().ok()),
            spans: Spans::of(options),
        }
    }
}

impl Importer for Calendar {
    const NAME: &'static str = "calendar";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let options = Options::of(part);
        let head = part.head()?;
        let place = part.place(0);
        let encoding = utf16(&head);
        let bytes = Cursor::new(head).chain(part);
        let mut splitter = Splitter::new(LineReader::new(Source::new(bytes, encoding)));
        let mut reading = Reading {
            place,
            options,
            zones: Zones::default(),
            series: SeriesOfPart::default(),
            tally: Tally::default(),
            any_event: false,
            out,
        };
        while let Some(piece) = splitter.next()? {
            reading.take(piece, &splitter)?;
            let (_, part) = splitter.source().get_ref().get_ref();
            reading.out.progress(part.read_so_far())?;
        }
        if !splitter.any_calendar() {
            return Err(Failure::input("the file holds no calendar: no line of it says BEGIN:VCALENDAR")
                .hint("export the calendar as iCalendar (.ics) and drop that file instead"));
        }
        if splitter.is_open() {
            reading.pass_over_series()?;
        }
        reading.finish()
    }
}

/// A part while it is read.
struct Reading<'a, 'o> {
    place: Place,
    options: Options,
    zones: Zones,
    series: SeriesOfPart,
    tally: Tally<LeftOut>,
    /// Whether there was an event, whatever became of it.
    any_event: bool,
    out: &'a mut Output<'o>,
}

impl Reading<'_, '_> {
    fn take<R: std::io::BufRead>(&mut self, piece: Piece, splitter: &Splitter<R>) -> Result<(), Failure> {
        self.any_event |= piece != Piece::Zone;
        match piece {
            Piece::Zone => self.zones.add(splitter.component()),
            Piece::Event { line } => {
                let read = event::read(splitter.component(), &self.zones, &self.options.me);
                let event = match read {
                    Ok(event) => Event { line, cancelled: event.cancelled || splitter.cancels(), ..event },
                    Err(reason) => {
                        self.out.skipped(self.at(line), reason)?;
                        return Ok(());
                    }
                };
                if self.series.len() < MOST_HELD {
                    self.series.add(event);
                } else if event.is_single() {
                    self.tell(&event, event.uid.clone(), &event.start)?;
                } else {
                    let reason = format!(
                        "the calendar has more than {MOST_HELD} events: this one, which repeats, is left out"
                    );
                    self.out.skipped(self.at(line), reason)?;
                }
            }
            Piece::TooLarge { line } => {
                let reason = format!("the event is larger than {} MiB", LARGEST_EVENT >> 20);
                self.out.skipped(self.at(line), reason)?;
            }
            Piece::CutOff { line } => self.out.skipped(
                self.at(line),
                "the event is cut off at the end of the file; \
                 export again, or wait until the copy of the file is complete",
            )?,
        }
        Ok(())
    }

    /// Leaves out the series of a calendar that was cut off: what was moved or
    /// called off of them may be missing.
    fn pass_over_series(&mut self) -> Result<(), Failure> {
        let events = self.series.take_series();
        if events > 0 {
            let reason = format!(
                "the calendar is cut off at the end of the file: events that repeat are left out ({events}); \
                 export again, or wait until the copy of the file is complete"
            );
            self.out.skipped(self.place, reason)?;
        }
        Ok(())
    }

    /// Tells what waited for the end of the part, and how many events were left out.
    fn finish(mut self) -> Result<(), Failure> {
        let series = std::mem::take(&mut self.series);
        for series in series.into_all() {
            let (single, master) = match &series.master {
                Some(event) if event.is_single() => (Some(event), None),
                master => (None, master.as_ref()),
            };
            if let Some(event) = single {
                self.tell(event, event.uid.clone(), &event.start)?;
            }
            if let Some(event) = master
                && self.counts(event)
            {
                let until = self.options.spans.map(|spans| spans.until()).or(self.options.today);
                let Dates { moments, trouble } = series.dates(event, until);
                for moment in moments {
                    let uid = event.uid.as_ref().map(|uid| of_series(uid, moment.civil.date()));
                    self.write(event, uid, &moment)?;
                }
                if let Some(trouble) = trouble {
                    self.out.skipped(self.at(event.line), trouble)?;
                }
            }
            for event in &series.moved {
                let day = event.replaces.as_ref().map(|moment| series.day(moment));
                let uid = event.uid.as_ref().zip(day).map(|(uid, day)| of_series(uid, day));
                self.tell(event, uid, &event.start)?;
            }
        }
        if let Some(said) = self.tally.said("events") {
            self.out.skipped(self.place, said)?;
        }
        if !self.any_event && self.options.spans.is_none() {
            self.out.note("the calendar holds no events");
        }
        Ok(())
    }

    /// Whether an event is a meeting with somebody; counts it if it is none.
    fn counts(&mut self, event: &Event) -> bool {
        if let Some(spans) = self.options.spans {
            return spans.counts(event);
        }
        let why = event.left_out();
        if let Some(why) = why {
            self.tally.count(why);
        }
        why.is_none()
    }

    fn tell(&mut self, event: &Event, uid: Option<String>, when: &Moment) -> Result<(), Failure> {
        if self.counts(event) {
            self.write(event, uid, when)?;
        }
        Ok(())
    }

    fn write(&mut self, event: &Event, uid: Option<String>, when: &Moment) -> Result<(), Failure> {
        if let Some(spans) = self.options.spans {
            // Nothing of what it is about is needed.
            if let Some(when) = spans.span(event, when) {
                let (at, kind) = (self.at(event.line), InteractionKind::Meeting);
                self.out.interaction(Interaction {
                    at,
                    uid: None,
                    kind,
                    when,
                    from: None,
                    to: vec![],
                    subject: None,
                })?;
            }
            return Ok(());
        }
        self.out.interaction(Interaction {
            at: self.at(event.line),
            uid,
            kind: InteractionKind::Meeting,
            when: when.when(),
            from: event.from.clone(),
            to: event.to.clone(),
            subject: event.subject.clone(),
        })?;
        Ok(())
    }

    fn at(&self, line: u64) -> Place {
        Place { line, ..self.place }
    }
}

/// What one date of a series is known by: the day on which it was to be, in the series' own zone.
fn of_series(uid: &str, day: Date) -> String {
    format!("{uid}/{day}")
}
