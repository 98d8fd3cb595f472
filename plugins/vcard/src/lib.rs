//! Reads vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) for kith.
//!
//! Real vCards break the rules in known ways, so the bytes are put right before
//! [`calcard`] parses them, in one pass and with one card in memory at a time:
//!
//! | step | module |
//! |---|---|
//! | UTF-16 becomes UTF-8; line ends, folds, soft breaks, charsets | `kith_lines` |
//! | the stream is divided into cards: each stands or falls alone | `split` |
//! | where cards, and those of agents in them, begin and end | `boundary` |
//! | quoted-printable; what is not used goes no further | `prepare` |
//! | a parsed card becomes a contact | `contact`, `name`, `parameter`, `value` |
//! | what programs' own properties say | `extension` |
//!
//! The original text of every card goes along as it stood, so that nothing that
//! is not understood today is lost.

mod boundary;
mod contact;
mod extension;
mod name;
mod parameter;
mod prepare;
mod split;
mod value;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use kith_lines::{Charset, Source, named, utf16};
use kith_plugin::text::counted;
use kith_plugin::{Contact, Failure, Importer, Output, Part, Record};

pub use crate::extension::{Extension, Row, extension, row};
use crate::prepare::Preparer;
use crate::split::{Ending, LARGEST_CARD, Piece, Splitter};

/// The importer of vCard files.
#[derive(Debug, Clone, Default)]
pub struct VCard {
    /// Properties of whose meaning nothing is known, and how often a batch has them.
    unknown: BTreeMap<String, u64>,
    /// As what cards were read that do not say what they are, and how many of a batch.
    guessed: BTreeMap<&'static str, u64>,
}

impl Importer for VCard {
    const NAME: &'static str = "vcard";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let head = part.head()?;
        let place = part.place(0);
        let stated = part.stated_encoding().and_then(|label| named(label.as_bytes()));
        let bytes = Cursor::new(head.as_slice()).chain(part);
        let mut splitter = Splitter::new(Source::new(bytes, utf16(&head)));
        let mut preparer = Preparer::default();
        preparer.stated = stated;
        while let Some(piece) = splitter.next()? {
            let at = |line| kith_plugin::Place { line, ..place };
            match piece {
                Piece::Card { line, ending } => match read(splitter.card(), ending, &mut preparer) {
                    Ok(record) => out.contact(Record { at: at(line), ..record })?,
                    Err(reason) => out.skipped(at(line), reason)?,
                },
                Piece::TooLarge { line } => {
                    out.skipped(at(line), format!("the card is larger than {} MiB", LARGEST_CARD >> 20))?;
                }
                Piece::Stray { line } if splitter.any_begin() => {
                    out.skipped(at(line), "the text here is outside of any card")?;
                }
                // A file of nothing but such text is refused below.
                Piece::Stray { .. } => {}
            }
            let (_, part) = splitter.source().get_ref().get_ref();
            out.progress(part.read_so_far())?;
        }
        for (name, count) in preparer.unknown {
            *self.unknown.entry(name).or_default() += count;
        }
        for (encoding, count) in preparer.guessed {
            *self.guessed.entry(encoding).or_default() += count;
        }
        if splitter.any_begin() { Ok(()) } else { Err(no_vcard(&head)) }
    }

    fn end(&mut self, out: &mut Output<'_>) {
        if let Some(note) = not_taken(std::mem::take(&mut self.unknown)) {
            out.note(note);
        }
        for (encoding, count) in std::mem::take(&mut self.guessed) {
            let cards = if count == 1 { "1 card was".to_owned() } else { format!("{count} cards were") };
            out.note(format!(
                "{cards} read as {encoding}, which is a guess, as nothing says what the text is: if names look \
                 wrong, state it with --encoding NAME"
            ));
        }
    }
}

/// Which properties were passed over, the most frequent first.
fn not_taken(unknown: BTreeMap<String, u64>) -> Option<String> {
    /// As many are named.
    const MOST: usize = 12;
    let mut all: Vec<(String, u64)> = unknown.into_iter().collect();
    all.sort_by_key(|(_, count)| Reverse(*count));
    let named = counted(&all, MOST)?;
    Some(format!("not taken, as kith has no place for them, and kept in the original cards: {named}"))
}

fn no_vcard(head: &[u8]) -> Failure {
    if is_indented(head) {
        return Failure::input("the file holds no vCard: its lines are indented, and none begins with BEGIN:VCARD")
            .hint("take the blanks away that stand before its lines, as copying from a mail or a page adds, or export the contacts again");
    }
    let reason = match kith_plugin::foreign::looks_like(head) {
        Some(kind) => format!("the file holds no vCard: it looks like {kind}"),
        None => "the file holds no vCard: no line of it says BEGIN:VCARD".to_owned(),
    };
    Failure::input(reason).hint("export the contacts as vCard (.vcf) and drop that file instead")
}

/// Whether the first line of a card stands behind blanks: then it goes on the line before it.
fn is_indented(head: &[u8]) -> bool {
    const BEGIN: &[u8] = b"BEGIN:VCARD";
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start);
    lines.any(|line| line.get(..BEGIN.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEGIN)))
}

/// Why a card that the end of the file cut off is not taken. Half a name or
/// number may be somebody else's, and would stay when the whole file came.
const CUT_OFF: &str = "the card is cut off at the end of the file; \
                       export again, or wait until the copy of the file is complete";

/// Reads one card; the reason if it is not whole, or nothing in it names or reaches anybody.
fn read(card: &[u8], ending: Ending, preparer: &mut Preparer) -> Result<Record, &'static str> {
    let mut warnings = Vec::new();
    match ending {
        Ending::End => {}
        Ending::NextBegin => {
            warnings.push("its END:VCARD is missing; the card ends where the next one begins".to_owned());
        }
        Ending::CutOff => return Err(CUT_OFF),
    }
    let contact = parse(card, preparer, &mut warnings)
        .filter(Contact::is_somebody)
        .ok_or("the card has no name, organisation, email address or phone number")?;
    Ok(Record {
        contact,
        raw: Charset::of(card, preparer.stated).decode_card(),
        warnings,
        ..Record::default()
    })
}

fn parse(card: &[u8], preparer: &mut Preparer, warnings: &mut Vec<String>) -> Option<Contact> {
    let parsed = calcard::vcard::VCard::parse(preparer.prepare(card, warnings)).ok()?;
    Some(contact::read(parsed, warnings))
}
