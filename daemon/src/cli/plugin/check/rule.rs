//! What of PROTOCOL.md a fault is against, in its own words.

use serde_json::Value;

use crate::importer::Fault;

/// A rule of the protocol.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The heading it stands below.
    pub(super) section: &'static str,
    /// The rule as it stands there.
    pub(super) text: &'static str,
}

/// Makes the rules, and the list of all of them for the test that compares them with the document.
macro_rules! rules {
    ($($name:ident: $section:literal, $text:literal;)*) => {
        $(pub(super) static $name: Rule = Rule { section: $section, text: $text };)*
        #[cfg(test)]
        static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    LINES: "Framing", "each one line of JSON in UTF-8 (RFC 8259) that ends in a line feed.";
    LONGEST: "Framing", "A line must not be longer than 16 MiB.";
    BROKEN_OFF: "Framing", "Input that ends within a header or a part is broken off: the plugin must not answer `done`.";
    ALL_PARTS: "Framing", "A plugin that does not need the rest of a part still reads it, as the next header stands behind it.";
    HELLO: "Framing", "The first message is `hello`; the plugin writes it at once, before it reads.";
    LAST: "Framing", "The last one is `done` or `failed`; nothing follows it.";
    NULL: "The importer protocol, version 1", "`null` is not the same as leaving out, and must not be written.";
    OTHER_KIND: "Part header", "A plugin that meets another `kind` answers `failed`.";
    GREETING: "hello", "kith refuses the plugin if the name is not the manifest's, or if the version it speaks (`protocol` in the header) is not among `protocols`.";
    PART: "contact", "Index of the part in the batch, from 0 (optional, 0 if absent).";
    PLACE: "contact", "Line in the part, from 1; 0 where lines mean nothing.";
    RAW: "contact", "`raw` is what makes an import reversible and an export lossless: write all of the record, as it stood";
    WHEN: "interaction", "A moment with Z or an offset; without one it is where the user was; or the day alone.";
    FIELDS: "Messages", "Every field that is not marked *(optional)* must be there, and of the type shown.";
    WHOLE_FILES: "part", "Whether more of it follows, in the next message of this type, with the same `fileName`";
    BASE64: "part", "The next of its bytes, in base64 (RFC 4648 section 4) with padding.";
    READS: "part", "A plugin gives only whole files, and only those whose names end as `reads` in its options says.";
    REASON: "skipped", "tells the user that something in the input was not taken, where, and why";
    SILENCE: "skipped", "Nothing of the input may be passed over in silence.";
    BAD_RECORD: "skipped", "One bad record is `skipped` and its neighbours are taken.";
    WHY: "failed", "Why, for the user; kith keeps 500 characters.";
    UID: "Contact", "Never make one up: kith takes equal uids for the same record.";
    FILE_NAME: "part", "The file's name without folders.";
    READ: "progress", "Bytes of the current part read so far.";
    COUNTS: "done", "kith merges nothing before `done`, and nothing if the counts are not those of the lines it has read";
    PROPOSAL: "failed", "Small letters, digits and hyphens, and .toml; with another name it is not shown.";
    WHOLE: "failed", "`failed` is for the wrong kind of file, not for a bad record in a good one.";
    EMPTY: "Contact", "leave out what the record does not say, and write no empty texts.";
    DATES: "Contact", "or 1985, and only dates that exist; what is none is a warning.";
    PREFERENCE: "Contact", "`pref`: 1 (most preferred) to 100.";
    UNKNOWN_FIELD: "Rules", "Both sides ignore fields that they do not know.";
    UNKNOWN_TYPE: "Rules", "A message of an unknown `type` refuses the batch.";
    ENDS: "Rules", "Behind `done` or `failed` the process must end, and soon: kith kills what goes on.";
    STATUS: "Rules", "Behind `done` its exit status must be 0";
    NO_WORD: "Rules", "A process that ends without either has failed.";
    GONE: "Rules", "When kith is gone writing fails, or the input ends: the plugin must end, too.";
    SAME: "Rules", "The same bytes with the same header give the same answer: no clock, no chance, no state from one batch to the next.";
    SEVERAL: "Rules", "A plugin must be ready for several: records of all of them belong to one answer, with one `done`.";
    LIMITS: "The manifest", "A plugin that exceeds a limit is killed, and its batch refused.";
}

/// The rule that a fault is against; `line` is the one that was heard last.
pub(super) fn broken_by(fault: &Fault, line: &[u8]) -> &'static Rule {
    match fault {
        Fault::NoMessage { .. } => of_line(line),
        Fault::OtherType { .. } => &UNKNOWN_TYPE,
        Fault::AfterTheEnd { .. } => &LAST,
        Fault::FailedAfterDone(_) => &STATUS,
        Fault::HelloAgain { .. } | Fault::NoHello => &HELLO,
        Fault::OtherName(_) | Fault::OtherVersions { .. } => &GREETING,
        Fault::NoSuchPart { .. } => &PART,
        Fault::Miscounted { .. } => &COUNTS,
        Fault::FileWithinAFile { .. } | Fault::DoneWithinAFile { .. } => &WHOLE_FILES,
        Fault::NotBase64 { .. } => &BASE64,
        Fault::LongLine(_) => &LONGEST,
        Fault::MuchOutput(_)
        | Fault::Processes(_)
        | Fault::Threads(_)
        | Fault::Memory(_)
        | Fault::Slow(_)
        | Fault::Idle(_) => &LIMITS,
        Fault::LivedOn(_) | Fault::LeftBehind(_) => &ENDS,
        Fault::ReadTooLittle(_) => &ALL_PARTS,
        Fault::NotDone(_) => &NO_WORD,
        Fault::HalfALine(_) => &LINES,
    }
}

/// The rule against which a line is that is no message.
fn of_line(line: &[u8]) -> &'static Rule {
    const KNOWN: [&str; 8] =
        ["hello", "contact", "interaction", "part", "skipped", "progress", "done", "failed"];
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return &LINES };
    match value["type"].as_str() {
        Some(other) if !KNOWN.contains(&other) => &UNKNOWN_TYPE,
        _ => &FIELDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line, without what marks a comment in an example.
    fn flat(text: &str) -> String {
        let bare = text.lines().map(|line| line.trim_start().trim_start_matches("//"));
        bare.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_rule_stands_in_the_document_below_its_heading() {
        let document = include_str!("../../../../../plugins/protocol/PROTOCOL.md");
        for rule in ALL {
            let heading = format!("# {}\n", rule.section);
            let (_, below) = document.split_once(&heading).unwrap_or_else(|| panic!("no {heading:?}"));
            let section = below.split("\n##").next().unwrap();
            assert!(flat(section).contains(&flat(rule.text)), "{}: {}", rule.section, rule.text);
        }
    }
}
