//! The pass over a component's bytes before they are parsed: what is used goes
//! on, unfolded and in UTF-8.

use calcard::icalendar::ICalendar;
use kith_lines::{Charset, Property, Unfold, without_mark};

/// The most text that goes on from one event, in bytes. With hundreds of attendees it is a tenth of this.
const LARGEST_TEXT: usize = 1 << 20;

/// The properties that are used.
const USED: [&str; 20] = [
    "ATTENDEE",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DURATION",
    "EXDATE",
    "ORGANIZER",
    "RDATE",
    "RECURRENCE-ID",
    "RRULE",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "TZID",
    "UID",
    "URL",
    "X-LIC-LOCATION",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-CDO-TZID",
];

/// Parses the lines of a component of this name; nothing if they are none.
pub(crate) fn parsed(lines: &[u8], name: &str) -> Option<ICalendar> {
    let mut text = format!("BEGIN:VCALENDAR\nBEGIN:{name}\n");
    let mut charset = Charset::of(lines, None);
    let (mut unfold, mut scratch) = (Unfold::new(lines), Vec::new());
    while let Some(line) = unfold.next(&mut scratch, is_used) {
        let Some(property) = Property::split(line.text).filter(|property| is_used(property.name)) else {
            continue;
        };
        let own = property.charset().and_then(kith_lines::named);
        let decoded = charset.decode(without_mark(line.text), own);
        if text.len() + decoded.len() <= LARGEST_TEXT {
            // What another charset turned into a line break must not begin a property.
            text.extend(decoded.chars().map(|c| if matches!(c, '\r' | '\n') { ' ' } else { c }));
            text.push('\n');
        }
    }
    text.push_str("END:");
    text.push_str(name);
    text.push_str("\nEND:VCALENDAR\n");
    ICalendar::parse(&text).ok()
}

fn is_used(name: &[u8]) -> bool {
    USED.iter().any(|used| name.eq_ignore_ascii_case(used.as_bytes()))
}
