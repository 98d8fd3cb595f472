//! The messages on the wire. Field names follow JSContact (RFC 9553) where it
//! has them; its maps with made-up ids are plain lists here, so that a plugin
//! can be written in awk.

use serde::{Deserialize, Serialize};

use crate::Interaction;

/// The JSON line before a part's bytes, from kith to the plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartHeader {
    /// What the part is.
    pub kind: PartKind,
    /// The protocol version kith speaks to this plugin.
    pub protocol: u32,
    /// The file's name without its folder: a hint for dialects, never a path.
    pub file_name: String,
    /// How many bytes follow the header's line end.
    pub bytes: u64,
    /// What the user has for this importer: `files`, an array of `{name, text}`, are
    /// the files ending in .toml in the folder of its name beside kith.toml;
    /// `encoding`, a label of the WHATWG Encoding Standard, is that of input
    /// which does not tell its own; `reads`, an array, has the endings of names
    /// that some importer reads; `me`, an object with `name`, `emails` and
    /// `phones`, says who the user is; `today` is the day;
    /// `spans`, an object with `of`, `from` and `until`, asks an importer of calendars for
    /// the time that is taken, or for days, and not for meetings.
    #[serde(default)]
    pub options: serde_json::Map<String, serde_json::Value>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PartKind {
    /// One whole file.
    File,
    /// A kind that this version of the protocol does not have.
    #[serde(other)]
    Unknown,
}

/// A line from the plugin to kith.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Message {
    /// First line of every answer: who speaks, and in which versions.
    Hello {
        /// The plugin's name, as in its manifest.
        name: String,
        /// Protocol versions the plugin understands.
        protocols: Vec<u32>,
    },
    /// One record of an address book.
    Contact(Box<Record>),
    /// Contact between the user and others.
    Interaction(Box<Interaction>),
    /// A piece of a file that was within the input.
    #[serde(rename_all = "camelCase")]
    Part {
        /// Where it stands.
        at: Place,
        /// Its name without folders.
        file_name: String,
        /// The next of its bytes, in base64 (RFC 4648 section 4).
        data: String,
        /// Whether more of it follows in the next message.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        more: bool,
    },
    /// Something in the input that was not taken.
    Skipped {
        /// Where it stands.
        at: Place,
        /// Why it was not taken, for the user.
        reason: String,
    },
    /// How far the plugin has read, so that long imports can show it.
    Progress {
        /// Bytes of the current part read so far.
        bytes: u64,
    },
    /// Last line of a batch that was read to its end.
    Done {
        /// How many lines of each kind were written.
        counts: Counts,
        /// What the user should know of the input as a whole, a sentence each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// Last line of a batch that could not be read; nothing of it is merged.
    Failed {
        /// Why, for the user.
        reason: String,
        /// What the user can do about it, where the plugin knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
        /// A file that would make a difference if the user had it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suggestion: Option<Suggestion>,
    },
}

/// A file that a plugin proposes to the user, for the `files` of its options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// Its name, without a folder.
    pub file_name: String,
    /// What stands in it, over as many lines as it needs.
    pub text: String,
}

/// How many lines of each kind a plugin wrote; kith merges only when they match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines of type `contact`.
    #[serde(default)]
    pub contact: u64,
    /// Lines of type `interaction`.
    #[serde(default, skip_serializing_if = "none")]
    pub interaction: u64,
    /// Files within the input, however many lines of type `part` each took.
    #[serde(default, skip_serializing_if = "none")]
    pub part: u64,
    /// Lines of type `skipped`.
    #[serde(default)]
    pub skipped: u64,
}

/// A place in the input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Index of the part in the batch, from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub part: u32,
    /// Line in the part, from 1; 0 where lines mean nothing.
    #[serde(default)]
    pub line: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn none(n: &u64) -> bool {
    *n == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// One record of an address book with where and how it stood in the input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Where the record begins.
    pub at: Place,
    /// What it says.
    pub contact: Contact,
    /// The original text, decoded to UTF-8, kept for ever.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
    /// What of it could not be understood and stays in the original only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What a record says about somebody (JSContact's Card, RFC 9553 section 2).
///
/// However it is read, its texts have no ends of lines but `\n`, and that in notes alone: no other can
/// be written into every format, and what is exported has to come back as it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, remote = "Self")]
pub struct Contact {
    /// The record's own identifier (vCard UID); the same again in a later export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// What the record describes; absent means unknown, to be judged by its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The name, whole and in parts.
    #[serde(skip_serializing_if = "Name::is_empty")]
    pub name: Name,
    /// Nicknames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nicknames: Vec<String>,
    /// Organisations, the present one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<Organization>,
    /// Job titles and roles, the present one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// Email addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// Telephone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// Postal addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Birthdays and other dates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub anniversaries: Vec<Anniversary>,
    /// Web pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Profiles at services; their addresses identify a person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub online_services: Vec<OnlineService>,
    /// Notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The user's own labels (groups, categories), without those that every record has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Related people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_to: Vec<Relation>,
    /// Of a group: the UIDs of the records that are in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// When the record was last changed where it comes from (vCard REV), as it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
}

/// What a record describes (RFC 9553 section 2.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A single person.
    Individual,
    /// A group of people.
    Group,
    /// An organisation.
    Org,
    /// A named place.
    Location,
    /// A device.
    Device,
    /// A software application.
    Application,
}

/// A name, whole and in parts (RFC 9553 section 2.2.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// The name as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<String>,
    /// Its parts, in the order they are written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<NameComponent>,
}

impl Name {
    fn is_empty(&self) -> bool {
        self.full.is_none() && self.components.is_empty()
    }
}

/// One part of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameComponent {
    /// Which part.
    pub kind: NameComponentKind,
    /// Its text.
    pub value: String,
}

/// Which part of a name a component is (RFC 9553 section 2.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameComponentKind {
    /// Honorific before the name: Dr., Prof.
    Title,
    /// Given name.
    Given,
    /// Middle or further given names.
    Given2,
    /// Family name.
    Surname,
    /// Second family name.
    Surname2,
    /// Letters after the name: PhD.
    Credential,
    /// Jr., III.
    Generation,
}

/// An organisation somebody belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Organization {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Departments, the larger first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// An email address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The address.
    pub address: String,
    /// What it is for: `work`, `home`, or the user's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Preference, 1 (most) to 100 (least).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pref: Option<u8>,
}

/// A telephone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as it was written.
    pub number: String,
    /// What it is for: `mobile`, `work`, `home`, `fax`, `pager`, or the user's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Preference, 1 (most) to 100 (least).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pref: Option<u8>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The whole address, its parts separated by `, `.
    pub full: String,
    /// What it is: `work`, `home`, or the user's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A date of somebody's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anniversary {
    /// `birth`, `death`, `wedding`, `connected` (since when two people are
    /// connected at a service), or the user's own word.
    pub kind: String,
    /// `2026-04-12`, `--04-12` (no year), `2026-04` or `2026`; always a date that exists.
    pub date: String,
}

/// A web page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its address.
    pub uri: String,
    /// What it is: `work`, `blog`, or the user's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A profile at a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnlineService {
    /// The service's name: `LinkedIn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The profile's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The user's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What it is for, in the user's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl OnlineService {
    /// The service and what the profile is for, as both are shown.
    #[must_use]
    pub fn called(&self) -> Option<String> {
        let said: Vec<&str> =
            [&self.service, &self.label].into_iter().flatten().map(String::as_str).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// Somebody related to the contact (RFC 9553 section 2.1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Their name, or the UID of their record.
    pub name: String,
    /// What they are to the contact: `spouse`, `child`, `assistant`, or the user's
    /// own word; several are separated by `, `.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_of_a_contact_is_as_specified() {
        let record = Record {
            at: Place { part: 0, line: 12 },
            contact: Contact {
                uid: Some("a-1".into()),
                name: Name {
                    full: Some("Ada Lovelace".into()),
                    components: vec![NameComponent { kind: NameComponentKind::Given, value: "Ada".into() }],
                },
                emails: vec![Email {
                    address: "ada@example.org".into(),
                    label: Some("work".into()),
                    pref: None,
                }],
                ..Contact::default()
            },
            raw: "BEGIN:VCARD".into(),
            warnings: vec![],
        };
        let line = serde_json::to_string(&Message::Contact(Box::new(record.clone()))).unwrap();
        assert_eq!(
            line,
            r#"{"type":"contact","at":{"line":12},"contact":{"uid":"a-1","name":{"full":"Ada Lovelace","components":[{"kind":"given","value":"Ada"}]},"emails":[{"address":"ada@example.org","label":"work"}]},"raw":"BEGIN:VCARD"}"#
        );
        assert_eq!(serde_json::from_str::<Message>(&line).unwrap(), Message::Contact(Box::new(record)));
    }

    #[test]
    fn unknown_fields_are_tolerated_and_unknown_types_are_not() {
        let skipped = r#"{"type":"skipped","at":{"line":3,"column":9},"reason":"no name","new":1}"#;
        assert_eq!(
            serde_json::from_str::<Message>(skipped).unwrap(),
            Message::Skipped { at: Place { part: 0, line: 3 }, reason: "no name".into() }
        );
        assert!(serde_json::from_str::<Message>(r#"{"type":"poem"}"#).is_err());
    }
}
