//! Writes vCards, always the same bytes for the same contact.

mod version;

use std::collections::BTreeSet;

use kith_plugin::{Anniversary, Contact, NameComponentKind, OnlineService, Organization};
use kith_plugin_vcard::{Extension, extension};

use super::kept::{Anchor, Kept, LABEL, anchor, organization, single, title};
use super::line::Line;
use super::value::{escape, parameter, unescape};
use super::{Exported, fields};
use crate::core::contact::List;
use crate::core::folding;

pub use self::version::Version;

/// Adds the card of a contact to `out`.
///
/// Circle, comfort and what was talked about are not in it: a card is given to
/// others, and to the people themselves.
pub fn write(out: &mut Vec<u8>, exported: &Exported, version: Version) {
    let contact = fields(exported);
    let mut kept = Kept::of(exported, version);
    kept.keep_noted(&contact.notes);
    let mut writer = Writer { out, scratch: Vec::new(), groups: 0 };
    writer.line(&Line::new("BEGIN", "VCARD".to_owned()));
    writer.line(&Line::new("VERSION", version.number().to_owned()));
    writer.line(&Line::new("PRODID", "-//kith//kith//EN".to_owned()));
    for entry in entries(&contact, &mut kept, version) {
        writer.entry(&entry);
    }
    for lines in &kept.alone {
        writer.together(lines.iter());
    }
    if let Some(updated) = &contact.updated {
        writer.line(&Line::new("REV", escape(updated)));
    }
    writer.line(&Line::new("END", "VCARD".to_owned()));
}

/// Properties that are what the label of their group says.
const LABELLED: [&str; 2] = ["X-ABDATE", "X-ABRELATEDNAMES"];

/// A value with its label, and what belongs to it.
struct Entry {
    line: Line,
    /// A label that is no type.
    label: Option<String>,
    with: BTreeSet<Line>,
}

impl From<Line> for Entry {
    fn from(line: Line) -> Self {
        Self { line, label: None, with: BTreeSet::new() }
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
    scratch: Vec<u8>,
    /// How many groups there are so far.
    groups: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line) {
        let start = self.out.len();
        if line.group.is_some() {
            self.out.extend_from_slice(format!("item{}.", self.groups).as_bytes());
        }
        // As Apple writes it, which is who reads it.
        let text = line.text();
        let text = text.strip_prefix(LABEL).map_or(text.clone(), |rest| format!("X-ABLabel{rest}"));
        self.out.extend_from_slice(text.as_bytes());
        folding::fold(self.out, start, &mut self.scratch);
        self.out.extend_from_slice(b"\r\n");
    }

    /// Lines that are in one group, if there are several.
    fn together<'l>(&mut self, lines: impl Iterator<Item = &'l Line> + Clone) {
        let several = lines.clone().nth(1).is_some();
        self.groups += usize::from(several);
        for line in lines {
            self.line(&Line { group: several.then(String::new), ..line.clone() });
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let label = entry.label.as_ref().map(|label| Line::new(LABEL, escape(label)));
        // The label of a group is said of these, too: of what they never meant.
        let is_apart = |line: &&Line| label.is_some() && LABELLED.contains(&line.name.as_str());
        let with = entry.with.iter().filter(|line| !is_apart(line));
        let lines: Vec<&Line> = [&entry.line].into_iter().chain(with).chain(&label).collect();
        self.together(lines.into_iter());
        entry.with.iter().filter(is_apart).for_each(|line| self.line(line));
    }
}

fn entries(contact: &Contact, kept: &mut Kept, version: Version) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let text = |name: &str, text: &str| Line::new(name, escape(text));
    let list = |name: &str, values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| escape(value)).collect();
        (!values.is_empty()).then(|| Line::new(name, values.join(",")))
    };
    all.extend(contact.uid.iter().map(|uid| text("UID", uid).into()));
    all.extend(contact.kind.map(|kind| version.kind(kind).into()));
    let full = text("FN", contact.name.full.as_deref().unwrap_or_default());
    let others = kept.other_names(contact, version);
    let is_other = |nickname: &String| others.iter().any(|(name, _)| name == nickname);
    let nicknames: Vec<String> = contact.nicknames.iter().filter(|name| !is_other(name)).cloned().collect();
    all.push(once(full, kept));
    all.extend(others.into_iter().map(|(_, line)| line.into()));
    let names = [name(contact, version), list("NICKNAME", &nicknames)];
    all.extend(names.into_iter().flatten().map(|line| once(line, kept)));
    let dates = dates(contact, kept, version);
    all.extend(dates);
    for email in &contact.emails {
        let line = Line::new("EMAIL", escape(&email.address));
        let at = anchor(List::Email, &email.address);
        all.push(valued(line, email.label.as_deref(), email.pref, &at, kept, version));
    }
    for phone in &contact.phones {
        let line = Line::new("TEL", escape(&phone.number));
        let at = anchor(List::Phone, &phone.number);
        all.push(valued(line, phone.label.as_deref(), phone.pref, &at, kept, version));
    }
    for address in &contact.addresses {
        let at = anchor(List::Address, &address.full);
        // In the parts that a card has of it.
        let parts = kept.known.get(&at).into_iter().flatten().map(|line| &line.value).min().cloned();
        let line = Line::new("ADR", parts.unwrap_or_else(|| format!(";;{};;;;", escape(&address.full))));
        all.push(valued(line, address.label.as_deref(), None, &at, kept, version));
    }
    for link in &contact.links {
        let line = Line::new("URL", escape_uri(&link.uri));
        let at = anchor(List::Link, &link.uri);
        all.push(valued(line, link.label.as_deref(), None, &at, kept, version));
    }
    for service in &contact.online_services {
        all.push(profile(service, kept, version));
    }
    for Organization { name, units } in &contact.organizations {
        let said = name.as_deref().unwrap_or_default();
        let parts = [said].into_iter().chain(units.iter().map(String::as_str));
        let parts: Vec<String> = parts.map(escape).collect();
        all.push(with(Line::new("ORG", parts.join(";")), &organization(said), kept));
    }
    for said in &contact.titles {
        let lines = kept.known.get(&title(said));
        let role = lines.is_some_and(|lines| lines.iter().all(|line| line.name == "ROLE"));
        all.push(with(text(if role { "ROLE" } else { "TITLE" }, said), &title(said), kept));
    }
    all.extend(contact.related_to.iter().map(|relation| version.relation(relation)));
    let last = list("CATEGORIES", &contact.keywords).into_iter();
    let last = last.chain(contact.notes.iter().map(|note| text("NOTE", note)));
    all.extend(last.map(|line| once(line, kept)));
    all
}

/// A line with what cards say of it beside the fields, in its parameters, too.
fn with(mut line: Line, at: &Anchor, kept: &mut Kept) -> Entry {
    // One card's: a name in two languages would be in neither.
    for (name, values) in kept.parameters(&line, at) {
        values.into_iter().for_each(|value| line.add(&name, value));
    }
    Entry { with: kept.with.remove(at).unwrap_or_default(), ..line.into() }
}

/// The same of a property that stands once.
fn once(line: Line, kept: &mut Kept) -> Entry {
    let at = single(&line.name);
    with(line, &at, kept)
}

/// The parts of the name (RFC 6350 section 6.2.2; RFC 9554 section 2.2 where
/// there are parts that the five fields do not tell).
fn name(contact: &Contact, version: Version) -> Option<Line> {
    use NameComponentKind::{Credential, Generation, Given, Given2, Surname, Surname2, Title};
    let parts = |kinds: &[NameComponentKind]| {
        let of = contact.name.components.iter().filter(|part| kinds.contains(&part.kind));
        of.map(|part| escape(&part.value)).collect::<Vec<_>>().join(",")
    };
    let mut fields = vec![
        parts(&[Surname, Surname2]),
        parts(&[Given]),
        parts(&[Given2]),
        parts(&[Title]),
        parts(&[Generation, Credential]),
    ];
    if contact.name.components.iter().any(|part| matches!(part.kind, Surname2 | Generation)) {
        fields.extend([parts(&[Surname2]), parts(&[Generation])]);
    }
    let empty = fields.iter().all(String::is_empty);
    // RFC 2426 section 3.1.2 wants one, whatever is in it.
    (!empty || version == Version::V3).then(|| Line::new("N", fields.join(";")))
}

/// Birthday and the like; what of the cards cannot be read as such where nothing else is known.
fn dates(contact: &Contact, kept: &mut Kept, version: Version) -> Vec<Entry> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut all = Vec::new();
    for Anniversary { kind, date } in &contact.anniversaries {
        let name = match kind.as_str() {
            "birth" => Some("BDAY"),
            "death" => Some("DEATHDATE"),
            "wedding" => Some("ANNIVERSARY"),
            _ => None,
        };
        // vCard 3.0 has none of the last two, but a label of Apple's, which is then no longer free for another.
        let is_known = |name: &&str| {
            let is_labelled = kept.with.get(&single(name)).is_some_and(|label| !label.is_empty());
            *name == "BDAY" || version == Version::V4 || is_labelled
        };
        let name = name.filter(is_known);
        // Each of these at most once (RFC 6350 section 6.2.5).
        if let Some(name) = name.filter(|name| taken.insert(name)) {
            all.push(once(version.date(name, date), kept));
            continue;
        }
        let label = match kind.as_str() {
            "other" => None,
            "wedding" => Some("_$!<Anniversary>!$_".to_owned()),
            kind => Some(kind.to_owned()),
        };
        all.push(Entry { label, ..version.date("X-ABDATE", date).into() });
    }
    kept.alone.retain(|lines| !lines.iter().any(|line| taken.contains(line.name.as_str())));
    // Behind the one that counts, so that it counts for whoever reads it, too.
    for further in &kept.further {
        let mut known = contact.anniversaries.iter().filter(|known| known.kind == further.kind);
        if known.next().is_some_and(|known| !says_all_of(&known.date, &further.date)) {
            all.push(version.date(further.name, &further.date).into());
        }
    }
    all
}

/// Whether a date says what another one does, and the year as well.
fn says_all_of(date: &str, other: &str) -> bool {
    date == other || other.strip_prefix('-').is_some_and(|day| date.ends_with(day))
}

/// A value with its label as a type, or as a label of its group, and with what cards say of it.
fn valued(
    mut line: Line,
    label: Option<&str>,
    pref: Option<u8>,
    at: &Anchor,
    kept: &mut Kept,
    version: Version,
) -> Entry {
    let is_phone = line.name == "TEL";
    // In the order in which an importer looks for them.
    let types: &[(&str, &str)] = if is_phone {
        &[("fax", "fax"), ("pager", "pager"), ("mobile", "cell"), ("work", "work"), ("home", "home")]
    } else {
        &[("work", "work"), ("home", "home")]
    };
    let own = label.and_then(|label| types.iter().position(|(known, _)| *known == label));
    let group_label = label.filter(|_| own.is_none());
    let said = kept.known.get(at).map(Vec::as_slice).unwrap_or_default();
    let said = || said.iter().filter(|known| known.name == line.name);
    // Types beside it, if it is still read as it is meant.
    let before = own.and_then(|own| types.get(..own)).unwrap_or_default();
    let mut more: BTreeSet<String> = BTreeSet::new();
    for given in said().flat_map(|known| known.parameter("TYPE")).map(|given| given.to_ascii_lowercase()) {
        let is_read = before.iter().any(|(_, known)| *known == given);
        if label.is_some() && !is_read && given != "internet" || TECHNICAL.contains(&given.as_str()) {
            more.insert(given);
        }
    }
    let mut parameters: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    for known in said() {
        let others =
            known.parameters.iter().filter(|(name, _)| !["TYPE", "PREF", "VALUE"].contains(&&**name));
        parameters.extend(others.cloned());
    }
    let own = own.map(|own| types[own].1.to_owned());
    own.into_iter().chain(more).for_each(|given| line.add("TYPE", given));
    match (pref, version) {
        (Some(1), Version::V3) => line.add("TYPE", "pref".to_owned()),
        (Some(pref), _) => line.add("PREF", pref.to_string()),
        (None, _) => {}
    }
    for (name, values) in parameters {
        values.into_iter().for_each(|value| line.add(&name, value));
    }
    let with = kept.with.remove(at).unwrap_or_default();
    Entry { line, label: group_label.map(str::to_owned), with }
}

/// Types that say nothing of what a value is for.
const TECHNICAL: [&str; 8] = ["voice", "text", "video", "msg", "dom", "intl", "postal", "parcel"];

/// A profile as a card has it, if it still says the same; else as a URL of a service.
fn profile(service: &OnlineService, kept: &mut Kept, version: Version) -> Entry {
    let values = || [&service.uri, &service.user].into_iter().flatten();
    let at: Vec<Anchor> = values().map(|value| anchor(List::Link, value)).collect();
    let with = at.iter().filter_map(|at| kept.with.remove(at)).flatten().collect();
    // Two profiles may have one user: what has an address is known by that.
    let said = at.first().and_then(|at| kept.known.get(at)).into_iter().flatten();
    let name = service.service.as_deref();
    let says = |line: &&Line| {
        let named = ["SERVICE-TYPE", "X-SERVICE-TYPE", "TYPE"].into_iter().flat_map(|p| line.parameter(p));
        let scheme = unescape(&line.value).split(':').next().unwrap_or_default().to_ascii_lowercase();
        let url = ["http", "https"].contains(&scheme.as_str());
        let extension = extension(&line.name);
        line.name != "URL"
            && !matches!(extension, Some(Extension::Link(_)))
            && name.is_none_or(|name| {
                matches!(extension, Some(Extension::Service(own)) if own == name)
                    || named.clone().any(|named| named == name)
                    || scheme == name
                    || url && name == "LinkedIn"
            })
    };
    if let Some(line) = said.filter(says).min() {
        return Entry { line: version.of(line.clone()), label: service.label.clone(), with };
    }
    let mut line = match (&service.uri, &service.user) {
        (Some(uri), _) => Line::new(version.profile(), escape_uri(uri)),
        (None, user) => {
            Line::new(version.profile(), escape(user.as_deref().unwrap_or_default())).with("VALUE", "text")
        }
    };
    if let Some(name) = name {
        line.add(if version == Version::V4 { "SERVICE-TYPE" } else { "X-SERVICE-TYPE" }, parameter(name));
    }
    if let (Some(_), Some(user)) = (&service.uri, &service.user) {
        line.add(if version == Version::V4 { "USERNAME" } else { "X-USER" }, parameter(user));
    }
    Entry { line: version.of(line), label: service.label.clone(), with }
}

/// A URI is no text: commas and semicolons stand in it as they are (RFC 6350 section 4.2).
fn escape_uri(uri: &str) -> String {
    uri.replace('\\', "\\\\").chars().filter(|c| !c.is_control()).collect()
}
