//! A feed's events as a calendar program reads them, in the few lines that
//! the tests need; feeds are read by independent readers elsewhere.

/// An event of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Event {
    pub(crate) uid: String,
    pub(crate) summary: String,
    /// As `20261130`.
    pub(crate) day: String,
    pub(crate) sequence: u32,
    pub(crate) stamp: String,
    pub(crate) modified: String,
    pub(crate) url: String,
    /// With its lines as they were.
    pub(crate) description: String,
}

impl Event {
    /// Whether it asks to get in touch with somebody, and does not tell of what was done.
    pub(crate) fn is_planned(&self) -> bool {
        ["Call ", "Write to ", "Meet ", "Get in touch with ", "Try "]
            .iter()
            .any(|verb| self.summary.starts_with(verb))
    }
}

/// The events of a feed.
pub(crate) fn events(feed: &str) -> Vec<Event> {
    let unfolded = feed.replace("\r\n ", "");
    let blocks = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    blocks
        .map(|block| {
            let mut event = Event::default();
            for line in block.lines() {
                let Some((name, value)) = line.split_once(':') else { continue };
                let value = value.to_owned();
                match name.split(';').next().unwrap() {
                    "UID" => event.uid = value,
                    "SUMMARY" => event.summary = value.replace("\\,", ","),
                    "DTSTART" => event.day = value,
                    "SEQUENCE" => event.sequence = value.parse().unwrap(),
                    "DTSTAMP" => event.stamp = value,
                    "LAST-MODIFIED" => event.modified = value,
                    "URL" => event.url = value,
                    "DESCRIPTION" => event.description = value.replace("\\n", "\n").replace("\\,", ","),
                    _ => {}
                }
            }
            event
        })
        .collect()
}

/// What asks to get in touch with somebody whose name has these words.
pub(crate) fn planned<'a>(events: &'a [Event], name: &str) -> Option<&'a Event> {
    events.iter().find(|event| event.is_planned() && event.summary.contains(name))
}
