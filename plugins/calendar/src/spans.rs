//! Which time events take, for whoever asks that instead of with whom they were.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Map, Value};

use crate::event::Event;
use crate::moment::Moment;

/// The longest that one event is told to take: longer ones are slips, or say nothing of a day.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// What is asked: the option `spans`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    /// Whether days are asked for, such as holidays, and not what takes the user's time.
    days: bool,
    from: Date,
    until: Date,
}

impl Spans {
    pub(crate) fn of(options: &Map<String, Value>) -> Option<Self> {
        let asked = options.get("spans")?.as_object()?;
        let text = |key| asked.get(key).and_then(Value::as_str);
        let day = |key| text(key)?.parse().ok();
        Some(Self { days: text("of")? == "days", from: day("from")?, until: day("until")? })
    }

    /// Up to when series are followed.
    pub(crate) fn until(&self) -> Date {
        self.until
    }

    /// Whether an event counts. What is called off, declined, or one of kith's own
    /// takes no time, nor what says that it does not; of whole days only what says
    /// that it does: most are there to be read. Of days every one counts.
    pub(crate) fn counts(&self, event: &Event) -> bool {
        let takes_time = match (self.days, event.start.is_day) {
            (true, is_day) => is_day,
            (false, true) => event.takes_time == Some(true),
            (false, false) => event.takes_time != Some(false) && event.length > SignedDuration::ZERO,
        };
        takes_time && !event.cancelled && !event.declined && !event.own
    }

    /// The time that an event takes which begins at this moment, from and until, as
    /// interactions have moments; nothing if it is not within what is asked.
    pub(crate) fn span(&self, event: &Event, start: &Moment) -> Option<String> {
        let end = start.civil.checked_add(event.length.min(LONGEST)).ok()?;
        // Elsewhere it may be another day.
        let (from, until) = (self.from.checked_sub(1.day()).ok()?, self.until.checked_add(1.day()).ok()?);
        let within = start.civil.date() <= until && end.date() >= from;
        within.then(|| format!("{}/{}", start.when(), start.at(end).when()))
    }
}
