//! Reads LDIF (RFC 2849) for kith: address books of Thunderbird and other
//! Mozilla programs, and what LDAP directories export.
//!
//! | step | module |
//! |---|---|
//! | the stream is divided into records: each stands or falls alone | `split` |
//! | lines are unfolded, values decoded | `entry`, `base64` |
//! | mailing lists are told from people | `group` |
//! | attributes become a contact | `contact` |
//!
//! A mailing list may stand behind its members. So the beginning of a file
//! (`LOOK_AHEAD`) is held until its lists are known; the rest goes through
//! record by record.

mod base64;
mod contact;
mod entry;
mod group;
mod split;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, WINDOWS_1252};
use kith_plugin::text::{counted, excerpt, one_line};
use kith_plugin::{Failure, Importer, Output, Part, Place, Record, foreign};

use crate::entry::Entry;
use crate::group::{Class, Lists};
use crate::split::{LARGEST_RECORD, Piece, Splitter};

/// How many bytes of records wait for mailing lists that may follow: some
/// 20,000 people.
const LOOK_AHEAD: usize = 16 << 20;

/// How many of the attributes that are not taken are named.
const MOST_NAMED: usize = 12;

/// The importer of LDIF files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ldif;

impl Importer for Ldif {
    const NAME: &'static str = "ldif";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let head = part.head()?;
        let place = part.place(0);
        let stated =
            part.stated_encoding().and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
        // What older programs wrote in western countries.
        let otherwise = stated.unwrap_or(WINDOWS_1252);
        let mut is_utf8 = true;
        let at = |line| Place { line, ..place };
        let mut splitter = Splitter::new(Cursor::new(head.as_slice()).chain(part));
        let mut people = People::default();
        let mut unknown = BTreeMap::new();
        while let Some(piece) = splitter.next()? {
            match piece {
                Piece::Record { line, cut_off: true } => out.skipped(at(line), CUT_OFF)?,
                Piece::Record { line, cut_off: false } => {
                    match read(splitter.record(), otherwise, &mut unknown) {
                        Ok(Found::Person(mut person)) => {
                            is_utf8 &= entry::is_utf8(splitter.record());
                            person.record.at = at(line);
                            people.found(*person, splitter.record().len(), out)?;
                        }
                        Ok(Found::List { name, members }) => {
                            out.skipped(at(line), people.list(&name, &members))?;
                        }
                        Err(reason) => out.skipped(at(line), reason)?,
                    }
                }
                Piece::TooLarge { line } => {
                    out.skipped(at(line), format!("the record is larger than {} MiB", LARGEST_RECORD >> 20))?;
                }
                Piece::Stray { line } if splitter.any_record() => {
                    out.skipped(at(line), "the text here is no record: a record begins with “dn:”")?;
                }
                // A file of nothing but such text is refused below.
                Piece::Stray { .. } => {}
            }
            let (_, part) = splitter.source().get_ref();
            out.progress(part.read_so_far())?;
        }
        people.release(out)?;
        let mut unknown: Vec<(String, u64)> = unknown.into_iter().collect();
        unknown.sort_by_key(|(_, count)| Reverse(*count));
        if let Some(named) = counted(&unknown, MOST_NAMED) {
            out.note(format!(
                "not taken, as kith has no place for them, and kept in the original records: {named}"
            ));
        }
        if !is_utf8 && stated.is_none() {
            out.note(format!(
                "it is not in UTF-8, as LDIF has to be, and was read as {}, which is a guess",
                otherwise.name()
            ));
        }
        if splitter.any_record() { Ok(()) } else { Err(no_ldif(&head)) }
    }
}

fn no_ldif(head: &[u8]) -> Failure {
    let reason = match foreign::looks_like(head) {
        Some(kind) => format!("the file holds no LDIF: it looks like {kind}"),
        None => "the file holds no LDIF: no line of it begins with “dn:”".to_owned(),
    };
    Failure::input(reason).hint("in Thunderbird: Address Book, Tools, Export, with the format LDIF or vCard")
}

/// Why a record that the end of the file cut off is not taken. Half an address
/// may be somebody else's, and would stay when the whole file came.
const CUT_OFF: &str = "the record is cut off at the end of the file; \
                       export again, or wait until the copy of the file is complete";

/// What a record is.
enum Found {
    /// Somebody.
    Person(Box<Person>),
    /// A mailing list.
    List {
        /// What it is called.
        name: String,
        /// What the members' records are called.
        members: Vec<String>,
    },
}

/// Reads one record; why, if it is neither somebody nor a mailing list.
fn read(
    record: &[u8],
    otherwise: &'static Encoding,
    unknown: &mut BTreeMap<String, u64>,
) -> Result<Found, String> {
    let mut warnings = Vec::new();
    let entry = Entry::read(record, otherwise, &mut warnings);
    let texts = entry.texts(|warning| warnings.push(warning));
    let all = |name: &'static str| {
        texts.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.trim())
    };
    if let Some(change) = all("changetype").find(|change| !change.eq_ignore_ascii_case("add")) {
        let change = excerpt(change);
        return Err(format!("it is a change of a directory ({change}), and no entry of an address book"));
    }
    let name = all("dn").next().unwrap_or_default().to_owned();
    match group::class(&all("objectclass")) {
        Class::Person => {}
        Class::List => {
            let members = all("member").chain(all("uniquemember")).map(str::to_owned).collect();
            let name = all("cn").next().map(str::to_owned).or_else(|| group::name_in(&name)).unwrap_or(name);
            return match one_line(name) {
                Some(name) => Ok(Found::List { name, members }),
                None => Err("it is a mailing list without a name, and nobody to talk to".to_owned()),
            };
        }
        Class::Directory => {
            return Err(format!("“{}” is a part of the directory and nobody to talk to", excerpt(&name)));
        }
    }
    let contact = contact::read(texts, &mut warnings, unknown);
    if !contact.is_somebody() {
        return Err("the record has no name, organisation, email address or phone number".to_owned());
    }
    let record = Record { contact, raw: entry::original(record, otherwise), warnings, ..Record::default() };
    Ok(Found::Person(Box::new(Person { name, record })))
}

/// Somebody who was found.
struct Person {
    /// What the record is called in its directory (`dn`).
    name: String,
    record: Record,
}

/// The people of a file, who wait for its mailing lists for a while.
#[derive(Default)]
struct People {
    waiting: Vec<Person>,
    /// How many bytes of the file wait.
    bytes: usize,
    /// Whether nobody waits any more.
    released: bool,
    lists: Lists,
}

impl People {
    fn found(&mut self, person: Person, bytes: usize, out: &mut Output<'_>) -> io::Result<()> {
        self.waiting.push(person);
        self.bytes += bytes;
        if self.released || self.bytes > LOOK_AHEAD { self.release(out) } else { Ok(()) }
    }

    /// Takes note of a mailing list, and gives what to say about it.
    fn list(&mut self, name: &str, members: &[String]) -> String {
        self.lists.add(name, members.iter().map(String::as_str));
        let shown = excerpt(name);
        if self.released {
            return format!(
                "“{shown}” is a mailing list, and nobody to talk to; of its members only those behind it have it as a label, as the file is large"
            );
        }
        format!("“{shown}” is a mailing list, and nobody to talk to; its members have it as a label")
    }

    /// Writes who waits, with their lists.
    fn release(&mut self, out: &mut Output<'_>) -> io::Result<()> {
        self.released = true;
        for Person { name, mut record } in self.waiting.drain(..) {
            for list in self.lists.of(&name) {
                kith_plugin::add(&mut record.contact.keywords, list.clone());
            }
            out.contact(record)?;
        }
        Ok(())
    }
}
