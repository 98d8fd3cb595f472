//! Writes iCalendar (RFC 5545), always the same bytes for the same events.
//!
//! Only what a published feed needs: events in one calendar that last a day, or
//! some time in UTC, which every program understands without a time zone. No text,
//! whatever it holds, can end its line or begin another property. Lines are
//! folded at 75 octets, between characters, and where possible not beside a
//! space: some readers (the `ical` crate among them) trim the ends of lines
//! and would lose it.

use jiff::civil::Date;
use jiff::{Timestamp, tz::Offset};

use super::color::Color;
use super::folding;

/// A calendar's own properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The name that calendar programs show.
    pub name: String,
    /// Its colour; programs choose one where there is none.
    pub color: Option<Color>,
}

/// An event that leaves the user free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// What the event is known by for ever (RFC 5545 section 3.8.4.7).
    pub uid: &'a str,
    /// Its day.
    pub day: Date,
    /// From when to when it lasts, in whole seconds; none: the whole day.
    pub hours: Option<(Timestamp, Timestamp)>,
    /// When it first came to be.
    pub created: Timestamp,
    /// When it last changed, in whole seconds: both DTSTAMP and LAST-MODIFIED.
    pub revised: Timestamp,
    /// How often it has changed (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// Its title.
    pub summary: &'a str,
    /// Its text; left out where empty.
    pub description: &'a str,
    /// A link to more about it (RFC 5545 section 3.8.4.6).
    pub url: &'a str,
    /// Its categories; left out where there are none.
    pub categories: &'a [String],
}

/// Writes a calendar, event by event.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    /// Where the line that is being written begins.
    line: usize,
    /// A line that is too long, while it is folded.
    long: Vec<u8>,
}

impl Writer {
    /// Begins a calendar of about `events` events.
    ///
    /// There is no METHOD: with METHOD:PUBLISH and no ORGANIZER, libical finds
    /// fault with the whole (RFC 5546 section 3.2.1).
    #[must_use]
    pub fn new(calendar: &Calendar, events: usize) -> Self {
        let mut writer = Self { out: Vec::with_capacity(512 + events * 640), line: 0, long: Vec::new() };
        writer.fixed("BEGIN:VCALENDAR");
        writer.fixed("VERSION:2.0");
        writer.fixed("PRODID:-//kith//kith//EN");
        writer.fixed("CALSCALE:GREGORIAN");
        writer.text("NAME:", &calendar.name);
        writer.text("X-WR-CALNAME:", &calendar.name);
        writer.fixed("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        writer.fixed("X-PUBLISHED-TTL:PT1H");
        if let Some(color) = calendar.color {
            writer.fixed(&format!("COLOR:{}", color.name()));
            writer.fixed(&format!("X-APPLE-CALENDAR-COLOR:#{:06X}", color.rgb()));
        }
        writer
    }

    /// Adds an event.
    pub fn event(&mut self, event: &Event<'_>) {
        self.fixed("BEGIN:VEVENT");
        self.text("UID:", event.uid);
        self.moment("DTSTAMP:", event.revised);
        self.moment("CREATED:", event.created);
        self.moment("LAST-MODIFIED:", event.revised);
        self.fixed(&format!("SEQUENCE:{}", event.sequence));
        if let Some((from, until)) = event.hours {
            self.moment("DTSTART:", from);
            self.moment("DTEND:", until);
        } else {
            self.date("DTSTART;VALUE=DATE:", event.day);
            // The day after the last day there is cannot be written; without an
            // end the event lasts that day (RFC 5545 section 3.6.1).
            if let Ok(end) = event.day.tomorrow() {
                self.date("DTEND;VALUE=DATE:", end);
            }
        }
        self.text("SUMMARY:", event.summary);
        if !event.description.is_empty() {
            self.text("DESCRIPTION:", event.description);
        }
        self.uri("URL:", event.url);
        if let Some((first, more)) = event.categories.split_first() {
            self.push("CATEGORIES:");
            escape(&mut self.out, first);
            for category in more {
                self.push(",");
                escape(&mut self.out, category);
            }
            self.end_line();
        }
        self.fixed("TRANSP:TRANSPARENT");
        self.fixed("X-MICROSOFT-CDO-BUSYSTATUS:FREE");
        self.fixed("END:VEVENT");
    }

    /// Ends the calendar.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.fixed("END:VCALENDAR");
        self.out
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn fixed(&mut self, line: &str) {
        self.push(line);
        self.end_line();
    }

    fn text(&mut self, property: &str, text: &str) {
        self.push(property);
        escape(&mut self.out, text);
        self.end_line();
    }

    /// A URI may hold only some of ASCII (RFC 3986 section 2): the rest is percent-encoded.
    fn uri(&mut self, property: &str, uri: &str) {
        self.push(property);
        for &byte in uri.as_bytes() {
            if matches!(byte, b'!'..=b'~') && !b"\"<>\\^`{|}".contains(&byte) {
                self.out.push(byte);
            } else {
                self.push(&format!("%{byte:02X}"));
            }
        }
        self.end_line();
    }

    fn moment(&mut self, property: &str, moment: Timestamp) {
        let at = Offset::UTC.to_datetime(moment);
        self.push(property);
        self.digits(at.date());
        self.push("T");
        for part in [at.hour(), at.minute(), at.second()] {
            self.two_digits(part);
        }
        self.push("Z");
        self.end_line();
    }

    fn date(&mut self, property: &str, date: Date) {
        self.push(property);
        self.digits(date);
        self.end_line();
    }

    /// Years before 0 cannot be written (RFC 5545 section 3.3.4); no clock or log says one.
    fn digits(&mut self, date: Date) {
        let year = date.year().unsigned_abs();
        for place in [1000, 100, 10, 1] {
            self.digit(year / place % 10);
        }
        self.two_digits(date.month());
        self.two_digits(date.day());
    }

    fn two_digits(&mut self, number: i8) {
        let number = u16::from(number.unsigned_abs());
        self.digit(number / 10 % 10);
        self.digit(number % 10);
    }

    fn digit(&mut self, digit: u16) {
        self.out.push(b"0123456789"[usize::from(digit % 10)]);
    }

    /// Ends the line, folded if it is long.
    fn end_line(&mut self) {
        folding::fold(&mut self.out, self.line, &mut self.long);
        self.out.extend_from_slice(b"\r\n");
        self.line = self.out.len();
    }
}

/// The octets that text cannot hold as they are or that may begin what it
/// cannot: C2 and E2 begin control characters and line ends beyond ASCII.
const NOT_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = byte != b'\t' as usize;
        byte += 1;
    }
    let others = [b'\\', b';', b',', 0x7F, 0xC2, 0xE2];
    let mut next = 0;
    while next < others.len() {
        table[others[next] as usize] = true;
        next += 1;
    }
    table
};

/// Escapes a text value (RFC 5545 section 3.3.11).
///
/// Whatever some reader takes for the end of a line becomes `\n` (Python's
/// `splitlines`, which vobject uses, ends lines at U+0085 and U+2028 too);
/// other control characters have no place in a text and are left out, and so
/// are those that reorder what is around them: a title is to be read as it is
/// written.
fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !NOT_PLAIN[usize::from(*byte)] {
            continue;
        }
        let (instead, length): (&[u8], usize) = match byte {
            b'\\' => (b"\\\\", 1),
            b';' => (b"\\;", 1),
            b',' => (b"\\,", 1),
            b'\n' if bytes[..at].ends_with(b"\r") => (b"", 1),
            b'\n' | b'\r' | 0x0B | 0x0C => (b"\\n", 1),
            ..0x20 | 0x7F => (b"", 1),
            0xC2 if bytes[at..].starts_with("\u{85}".as_bytes()) => (b"\\n", 2),
            0xC2 if bytes.get(at + 1).is_some_and(|next| *next < 0xA0) => (b"", 2),
            0xE2 if ["\u{2028}", "\u{2029}"].iter().any(|end| bytes[at..].starts_with(end.as_bytes())) => {
                (b"\\n", 3)
            }
            // As text::is_reordering: U+202A to U+202E and U+2066 to U+2069.
            0xE2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xAA..=0xAE] | [0x81, 0xA6..=0xA9])) => {
                (b"", 3)
            }
            _ => continue,
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(instead);
        copied = at + length;
    }
    out.extend_from_slice(&bytes[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn event<'a>(summary: &'a str, description: &'a str, categories: &'a [String]) -> Event<'a> {
        Event {
            uid: "1234@kith.local",
            day: date(2027, 2, 28),
            hours: None,
            created: "2026-11-02T08:00:00Z".parse().unwrap(),
            revised: "2026-11-03T09:10:11Z".parse().unwrap(),
            sequence: 3,
            summary,
            description,
            url: "http://127.0.0.1:5484/follow-up/1234",
            categories,
        }
    }

    fn write(events: &[Event<'_>]) -> String {
        let calendar = Calendar { name: "Follow-ups".to_owned(), color: Color::named("seagreen") };
        let mut writer = Writer::new(&calendar, events.len());
        events.iter().for_each(|event| writer.event(event));
        String::from_utf8(writer.finish()).unwrap()
    }

    #[test]
    fn a_calendar_is_written_byte_for_byte() {
        let text = write(&[event("Call Zoë; soon", "one\ntwo, three", &["close".to_owned()])]);
        let expected = "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//kith//kith//EN
CALSCALE:GREGORIAN
NAME:Follow-ups
X-WR-CALNAME:Follow-ups
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
COLOR:seagreen
X-APPLE-CALENDAR-COLOR:#2E8B57
BEGIN:VEVENT
UID:1234@kith.local
DTSTAMP:20261103T091011Z
CREATED:20261102T080000Z
LAST-MODIFIED:20261103T091011Z
SEQUENCE:3
DTSTART;VALUE=DATE:20270228
DTEND;VALUE=DATE:20270301
SUMMARY:Call Zoë\\; soon
DESCRIPTION:one\\ntwo\\, three
URL:http://127.0.0.1:5484/follow-up/1234
CATEGORIES:close
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
END:VEVENT
END:VCALENDAR
";
        assert_eq!(text, expected.replace('\n', "\r\n"));
    }

    #[test]
    fn no_text_can_add_a_line() {
        for (case, text, escaped) in [
            ("a line feed", "a\nATTACH:x", "a\\nATTACH:x"),
            ("a carriage return", "a\rb", "a\\nb"),
            ("both", "a\r\nb", "a\\nb"),
            ("the other way round", "a\n\rb", "a\\n\\nb"),
            ("the line ends of Unicode", "a\u{85}b\u{2028}c\u{2029}d", "a\\nb\\nc\\nd"),
            ("other control characters", "a\0b\u{1b}c\u{7f}d\u{9f}e", "abcde"),
            ("what reorders", "a\u{202a}b\u{202e}c\u{2066}d\u{2069}e\u{200f}", "abcde\u{200f}"),
            ("a tab", "a\tb", "a\tb"),
            ("what looks escaped", "a\\n;b", "a\\\\n\\;b"),
        ] {
            let mut out = Vec::new();
            escape(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), escaped, "{case}");
        }
        let hostile = Event { url: "http://x/\r\nATTACH:ü <y>", ..event("a", "", &[]) };
        assert!(write(&[hostile]).contains("\r\nURL:http://x/%0D%0AATTACH:%C3%BC%20%3Cy%3E\r\n"));
    }

    #[test]
    fn exactly_what_reorders_is_left_out() {
        for c in ('\u{2000}'..='\u{206F}').filter(|&c| !text::is_command(c)) {
            let mut out = Vec::new();
            escape(&mut out, &format!("a{c}b"));
            assert_eq!(out == b"ab", text::is_reordering(c), "{c:?}");
        }
    }

    #[test]
    fn the_last_day_there_is_has_no_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hours = Some((at("2027-02-28T17:30:00Z"), at("2027-02-28T18:15:00Z")));
        let text = write(&[Event { hours, ..event("a", "", &[]) }]);
        assert!(text.contains("\r\nDTSTART:20270228T173000Z\r\nDTEND:20270228T181500Z\r\nSUMMARY"), "{text}");
        let text = write(&[Event { day: Date::MAX, ..event("a", "", &[]) }]);
        assert!(text.contains("DTSTART;VALUE=DATE:99991231\r\nSUMMARY"), "{text}");
    }

    #[test]
    fn a_fold_keeps_away_from_spaces() {
        // The 75th octet of the line would be a space.
        let summary = format!("{} and more", "x".repeat(66));
        let text = write(&[event(&summary, "", &[])]);
        assert!(text.contains(&format!("SUMMARY:{}\r\n x and more\r\n", "x".repeat(65))), "{text}");
    }

    proptest! {
        #[test]
        fn every_line_is_short_and_unfolds_to_what_was_meant(
            summary in "[ a-z,ü😀\\n\\\\]{0,300}", category in any::<String>(), url in any::<String>(),
        ) {
            let categories = [category];
            let text = write(&[Event { url: &url, ..event(&summary, "d", &categories) }]);
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= folding::LINE && !line.contains(['\r', '\n']), "{line:?}");
            }
            let unfolded = text.replace("\r\n ", "");
            prop_assert_eq!(unfolded.split("\r\n").count(), 27, "{}", unfolded);
            let mut line = b"\r\nSUMMARY:".to_vec();
            escape(&mut line, &summary);
            line.extend_from_slice(b"\r\n");
            prop_assert!(unfolded.contains(std::str::from_utf8(&line).unwrap()));
        }
    }
}
