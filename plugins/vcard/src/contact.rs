//! From a parsed vCard to what it says about somebody.

use calcard::vcard::{VCard, VCardEntry, VCardKind, VCardProperty, VCardValue};
use kith_plugin::text::{
    at_service, excerpt, in_one_line, is_linkedin_profile, lines, one_line, without_name,
};
use kith_plugin::{
    Address, Contact, Draft, Email, Kind, Link, NameComponent, OnlineService, Organization, Phone, Relation,
    add, date,
};

use crate::extension::{Extension, Row, extension, row};
use crate::name;
use crate::parameter::{
    has_type, is_free_text, own_label, pref, purpose, purposes, service_name, text as parameter, unwrap_label,
};
use crate::value::{phone_number, text, without_scheme};

/// Groups that Google's address book puts people into by itself.
const SYSTEM_GROUPS: &[&str] = &["myContacts", "starred"];

/// The most members that are taken from a group.
const MOST_MEMBERS: usize = 50_000;

/// Takes from a card what kith uses; what it cannot understand is said in `warnings`.
pub(crate) fn read(card: VCard, warnings: &mut Vec<String>) -> Contact {
    let mut reader = Reader {
        draft: Draft { warnings: std::mem::take(warnings), ..Draft::default() },
        name_pref: None,
        other_names: Vec::new(),
        other_parts: Vec::new(),
        labels: Vec::new(),
        postal_labels: Vec::new(),
        unit: None,
        professions: Vec::new(),
        is_list: false,
        listed: Vec::new(),
    };
    let mut commas_separate = true;
    for entry in &card.entries {
        match (&entry.name, entry.values.first(), &entry.group) {
            (VCardProperty::Version, Some(VCardValue::Text(version)), _) => {
                commas_separate = version.trim() != "2.1";
            }
            (VCardProperty::Other(name), Some(VCardValue::Text(label)), Some(group))
                if name.eq_ignore_ascii_case("X-ABLABEL") =>
            {
                if let Some(label) = one_line(unwrap_label(label.trim())) {
                    add(&mut reader.labels, (group.clone(), label));
                }
            }
            _ => {}
        }
    }
    for entry in card.entries {
        reader.take(entry, commas_separate);
    }
    let (contact, said) = reader.finish();
    *warnings = said;
    contact
}

struct Reader {
    draft: Draft,
    /// The preference of the name taken so far: of several the most preferred counts, else the first.
    name_pref: Option<u8>,
    /// Further names: in another language or script, as a rule.
    other_names: Vec<String>,
    /// The parts of such names.
    other_parts: Vec<Vec<NameComponent>>,
    /// Apple's labels: the group they are of, and their text.
    labels: Vec<(String, String)>,
    /// What is to stand on a letter, as `LABEL` says it (a property in vCard 2.1 and 3.0, a parameter in 4.0): what
    /// for, and the address.
    postal_labels: Vec<(Option<String>, String)>,
    /// A department that has a property of its own.
    unit: Option<String>,
    /// Professions, which are no jobs.
    professions: Vec<String>,
    /// Whether it is a contact list of Evolution's.
    is_list: bool,
    /// Who is in it if it is one: by UID, or else by the address.
    listed: Vec<Result<String, String>>,
}

impl Reader {
    fn take(&mut self, mut entry: VCardEntry, commas_separate: bool) {
        let contact = &mut self.draft.contact;
        match &entry.name {
            VCardProperty::Uid => set(&mut contact.uid, first(&mut entry)),
            VCardProperty::Kind => contact.kind = contact.kind.or_else(|| kind(&entry)),
            VCardProperty::Fn => self.full_name(entry),
            VCardProperty::N if contact.name.components.is_empty() => {
                contact.name.components = name::components(entry.values, commas_separate);
            }
            VCardProperty::N => self.other_parts.push(name::components(entry.values, commas_separate)),
            VCardProperty::Nickname => all(entry).for_each(|nickname| add(&mut contact.nicknames, nickname)),
            VCardProperty::Org => {
                let mut parts = entry.values.into_iter().map(|part| text(part, ", ").and_then(one_line));
                let name = parts.next().flatten();
                let units: Vec<String> = parts.flatten().collect();
                if name.is_some() || !units.is_empty() {
                    add(&mut contact.organizations, Organization { name, units });
                }
            }
            VCardProperty::Title | VCardProperty::Role => {
                first(&mut entry).into_iter().for_each(|title| add(&mut contact.titles, title));
            }
            VCardProperty::Email => self.email(entry),
            VCardProperty::Tel => self.phone(entry),
            VCardProperty::Adr => self.address(entry),
            VCardProperty::Bday => self.date("birth".to_owned(), entry),
            VCardProperty::Deathdate => self.date("death".to_owned(), entry),
            VCardProperty::Anniversary => self.date("wedding".to_owned(), entry),
            VCardProperty::Url => self.link(entry),
            VCardProperty::Impp | VCardProperty::Socialprofile => self.service(entry),
            VCardProperty::Note => {
                let note =
                    entry.values.into_iter().next().and_then(|value| text(value, ", ")).and_then(lines);
                note.into_iter().for_each(|note| add(&mut contact.notes, note));
            }
            VCardProperty::Categories => all(entry).for_each(|keyword| {
                let group = keyword.strip_prefix('*').unwrap_or(&keyword).trim();
                if !SYSTEM_GROUPS.iter().any(|system| system.eq_ignore_ascii_case(group)) {
                    add(&mut contact.keywords, keyword);
                }
            }),
            VCardProperty::Related => {
                let mut relations: Vec<String> = purposes(&entry).collect();
                let label = self.group_label(&entry);
                relations.extend(label.filter(|label| !relations.contains(label)));
                let relation = (!relations.is_empty()).then(|| relations.join(", "));
                self.relation(entry, relation);
            }
            VCardProperty::Rev => set(&mut contact.updated, first(&mut entry)),
            VCardProperty::Other(name) => {
                let name = name.to_ascii_uppercase();
                self.take_other(&name, entry);
            }
            name => {
                let name = name.as_str().to_owned();
                self.take_known(&name, entry);
            }
        }
    }

    fn take_other(&mut self, name: &str, mut entry: VCardEntry) {
        match name {
            "LABEL" => {
                if let Some(address) =
                    entry.values.pop().and_then(|value| text(value, ", ")).and_then(in_one_line)
                {
                    let label = self.label(&entry);
                    add(&mut self.postal_labels, (label, address));
                }
            }
            "X-ADDRESSBOOKSERVER-KIND" if says(&entry, "group") => {
                self.draft.contact.kind = Some(Kind::Group);
            }
            "X-ABSHOWAS" if says(&entry, "COMPANY") => self.draft.contact.kind = Some(Kind::Org),
            "X-ABDATE" => {
                let kind = match self.label(&entry) {
                    None => "other".to_owned(),
                    Some(label) if label.eq_ignore_ascii_case("anniversary") => "wedding".to_owned(),
                    Some(label) if label.eq_ignore_ascii_case("birthday") => "birth".to_owned(),
                    Some(label) => label,
                };
                self.date(kind, entry);
            }
            "X-SOCIALPROFILE" => self.service(entry),
            "X-ABRELATEDNAMES" => {
                let relation = self.label(&entry);
                self.relation(entry, relation);
            }
            name => self.take_known(name, entry),
        }
    }

    /// What is listed in [`extension`].
    fn take_known(&mut self, name: &str, mut entry: VCardEntry) {
        let contact = &mut self.draft.contact;
        match extension(name) {
            Some(Extension::Date(kind)) => self.date(kind.to_owned(), entry),
            Some(Extension::Related("child")) => {
                let names = first(&mut entry).unwrap_or_default();
                let names = names.split(',').filter_map(|name| one_line(name.to_owned()));
                let relation = || Some("child".to_owned());
                names.for_each(|name| add(&mut contact.related_to, Relation { name, relation: relation() }));
            }
            Some(Extension::Related(relation)) => self.relation(entry, Some(relation.to_owned())),
            Some(Extension::Service(service)) => {
                if let Some(value) = first(&mut entry) {
                    let (uri, user) = at_service(service, &value);
                    let service = (!service.is_empty()).then(|| service.to_owned());
                    let label = self.own_words(&entry, service.as_deref());
                    let profile = OnlineService { service, uri, user, label };
                    add(&mut self.draft.contact.online_services, profile);
                }
            }
            Some(Extension::Link(label)) => {
                if let Some(uri) = first(&mut entry) {
                    let label = self.group_label(&entry).or_else(|| Some(label.to_owned()));
                    self.draft.link(Link { uri, label });
                }
            }
            // The number of somebody else.
            Some(Extension::Phone) if has_type(&entry, "assistant") => {
                first(&mut entry)
                    .into_iter()
                    .for_each(|number| self.draft.noted("Assistant's Phone", &number));
            }
            Some(Extension::Phone) => self.phone(entry),
            Some(Extension::Nickname) => {
                first(&mut entry).into_iter().for_each(|nickname| add(&mut contact.nicknames, nickname));
            }
            Some(Extension::Unit) => self.unit = self.unit.take().or_else(|| first(&mut entry)),
            Some(Extension::Title) => {
                first(&mut entry).into_iter().for_each(|title| add(&mut self.professions, title));
            }
            Some(Extension::Note(what)) => {
                first(&mut entry).into_iter().for_each(|text| self.draft.noted(what, &text));
            }
            Some(Extension::Android) => {
                let text = first(&mut entry).unwrap_or_default();
                match row(&text) {
                    Some(Row::Nickname(nickname)) => add(&mut contact.nicknames, nickname),
                    Some(Row::Date { kind, date: written }) => {
                        self.draft.date(kind, &written, date::read(&written, None));
                    }
                    Some(Row::Related { name, relation }) => {
                        add(&mut contact.related_to, Relation { name, relation });
                    }
                    None => {
                        let kind = text.split(';').next().unwrap_or_default();
                        let shown = excerpt(kind.rsplit('/').next().unwrap_or(kind));
                        let warning = format!("Android's “{shown}” stays in the original only");
                        add(&mut self.draft.warnings, warning);
                    }
                }
            }
            Some(Extension::Member) => {
                if let Some(uid) = first(&mut entry).filter(|_| contact.members.len() < MOST_MEMBERS) {
                    contact.members.push(uid);
                }
            }
            // Evolution's contact lists have the addresses of their members, and say whose they are.
            Some(Extension::List) => self.is_list |= says(&entry, "TRUE"),
            Some(Extension::Technical) | None => {}
        }
    }

    /// What a property is for: as its group is labelled, or in words of the user's own, else by its type.
    fn label(&self, entry: &VCardEntry) -> Option<String> {
        self.group_label(entry).or_else(|| own_label(entry)).or_else(|| {
            let known = ["work", "home"].into_iter().find(|known| has_type(entry, known));
            known.map(str::to_owned).or_else(|| purpose(entry))
        })
    }

    fn group_label(&self, entry: &VCardEntry) -> Option<String> {
        let group = entry.group.as_ref()?;
        self.labels.iter().find(|(of, _)| of.eq_ignore_ascii_case(group)).map(|(_, label)| label.clone())
    }

    /// What a profile is for in the user's own words, unless they only name the service again.
    fn own_words(&self, entry: &VCardEntry, service: Option<&str>) -> Option<String> {
        let label = self.group_label(entry).or_else(|| own_label(entry))?;
        service.is_none_or(|service| !service.eq_ignore_ascii_case(&label)).then_some(label)
    }

    fn full_name(&mut self, mut entry: VCardEntry) {
        let Some(name) = first(&mut entry) else {
            return;
        };
        let pref = pref(&entry);
        let before = |known: Option<u8>| pref.is_some_and(|pref| known.is_none_or(|known| pref < known));
        let known = &mut self.draft.contact.name.full;
        if known.is_none() || before(self.name_pref) {
            self.other_names.extend(known.replace(name));
            self.name_pref = pref;
        } else {
            self.other_names.push(name);
        }
    }

    fn email(&mut self, mut entry: VCardEntry) {
        let Some(given) = first(&mut entry) else {
            return;
        };
        let address = without_scheme(&given, "mailto").map(|rest| rest.trim().to_owned()).unwrap_or(given);
        let address = without_name(&address).map(str::to_owned).unwrap_or(address);
        if let Some(uid) = parameter(&entry, "X-EVOLUTION-DEST-CONTACT-UID") {
            self.listed.push(Ok(uid.into_owned()));
        } else {
            self.listed.push(Err(address.clone()));
        }
        let email = Email { address, label: self.label(&entry), pref: pref(&entry) };
        self.draft.email(email);
    }

    fn phone(&mut self, mut entry: VCardEntry) {
        let Some(number) = first(&mut entry).map(phone_number) else {
            return;
        };
        let phone = Phone { number, label: self.phone_label(&entry), pref: pref(&entry) };
        self.draft.phone(phone);
    }

    fn phone_label(&self, entry: &VCardEntry) -> Option<String> {
        if let Some(label) = self.group_label(entry) {
            return Some(match label.as_str() {
                "homefax" | "workfax" | "otherfax" => "fax".to_owned(),
                _ => label,
            });
        }
        let known = [
            ("fax", "fax"),
            ("pager", "pager"),
            ("cell", "mobile"),
            ("work", "work"),
            ("home", "home"),
            // Outlook's, as they are called where it writes CSV.
            ("company", "company"),
            ("callback", "callback"),
            ("radio", "radio"),
            ("ttytdd", "tty"),
        ];
        let known = known.into_iter().find(|(given, _)| has_type(entry, given));
        own_label(entry).or_else(|| known.map(|(_, label)| label.to_owned())).or_else(|| purpose(entry))
    }

    fn address(&mut self, mut entry: VCardEntry) {
        let parts: Vec<Option<String>> = std::mem::take(&mut entry.values)
            .into_iter()
            .map(|part| text(part, ", ").and_then(in_one_line))
            .collect();
        let part = |at: usize| parts.get(at).and_then(Option::as_deref);
        // RFC 6350 section 6.3.1: box, extended address, street, locality, region, postcode, country;
        // what belongs to the street stands behind it.
        let known: Vec<&str> = [2, 1, 0, 3, 4, 5, 6].into_iter().filter_map(part).collect();
        let label = self.label(&entry);
        // What is to stand on a letter is the address where the parts are empty.
        let letter = parameter(&entry, "LABEL").and_then(|letter| in_one_line(letter.into_owned()));
        let full = if known.is_empty() {
            letter
        } else {
            if let Some(letter) = letter {
                add(&mut self.postal_labels, (label.clone(), letter));
            }
            Some(known.join(", "))
        };
        if let Some(full) = full {
            add(&mut self.draft.contact.addresses, Address { full, label });
        }
    }

    fn date(&mut self, kind: String, mut entry: VCardEntry) {
        let Some(written) = first(&mut entry) else {
            return;
        };
        let mut read = date::read(&written, parameter(&entry, "X-APPLE-OMIT-YEAR").as_deref());
        if read.is_err() && is_free_text(&entry) {
            read = Err("is written as free text");
        }
        self.draft.date(kind, &written, read);
    }

    fn link(&mut self, mut entry: VCardEntry) {
        let Some(uri) = first(&mut entry) else {
            return;
        };
        let link = Link { uri, label: self.label(&entry) };
        self.draft.link(link);
    }

    fn service(&mut self, mut entry: VCardEntry) {
        let value = first(&mut entry);
        let mut user = parameter(&entry, "USERNAME")
            .or_else(|| parameter(&entry, "X-USER"))
            .and_then(|user| one_line(user.into_owned()));
        let (uri, other) = match value {
            // Apple's way to give a name where the service has no addresses.
            Some(value) if without_scheme(&value, "x-apple").is_some() => {
                (None, without_scheme(&value, "x-apple").map(str::to_owned))
            }
            Some(value) if value.contains(':') || value.contains('/') => (Some(value), None),
            value => (None, value),
        };
        user = user.or(other.and_then(one_line));
        if uri.is_none() && user.is_none() {
            return;
        }
        let profile = uri.as_deref().is_some_and(is_linkedin_profile);
        let service =
            if profile { Some("LinkedIn".to_owned()) } else { service_name(&entry, uri.as_deref()) };
        let label = self.own_words(&entry, service.as_deref());
        add(&mut self.draft.contact.online_services, OnlineService { service, uri, user, label });
    }

    fn relation(&mut self, mut entry: VCardEntry, relation: Option<String>) {
        if let Some(name) = first(&mut entry) {
            add(&mut self.draft.contact.related_to, Relation { name, relation });
        }
    }

    fn finish(mut self) -> (Contact, Vec<String>) {
        for (label, full) in self.postal_labels {
            let addresses = &mut self.draft.contact.addresses;
            if addresses.iter().all(|known| known.label != label) {
                add(addresses, Address { full, label });
            } else if says_more(&full, &self.draft.contact) {
                self.draft.noted("Address label", &full);
            }
        }
        if self.is_list {
            self.draft.contact.kind = Some(Kind::Group);
            self.draft.contact.emails.clear();
            for member in self.listed.into_iter().take(MOST_MEMBERS) {
                match member {
                    Ok(uid) => self.draft.contact.members.push(uid),
                    Err(address) => self.draft.noted("Member", &address),
                }
            }
        }
        let contact = &mut self.draft.contact;
        name::keep_others(contact, self.other_names, &self.other_parts);
        if let Some(unit) = self.unit {
            match contact.organizations.first_mut() {
                Some(organization) => add(&mut organization.units, unit),
                None => contact.organizations.push(Organization { name: None, units: vec![unit] }),
            }
        }
        // What somebody is by profession stands behind what they do.
        self.professions.into_iter().for_each(|title| add(&mut contact.titles, title));
        self.draft.finish()
    }
}

/// Whether what is written on a letter to somebody has a word that neither their addresses nor their name has.
fn says_more(label: &str, contact: &Contact) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let name = contact.name.components.iter().map(|part| &part.value).chain(&contact.name.full);
    let organizations = contact.organizations.iter().flat_map(|known| known.name.iter().chain(&known.units));
    let addresses = contact.addresses.iter().map(|address| &address.full);
    let known: Vec<String> =
        name.chain(organizations).chain(addresses).flat_map(|known| words(known)).collect();
    words(label).iter().any(|word| !known.contains(word))
}

fn kind(entry: &VCardEntry) -> Option<Kind> {
    match entry.values.first()? {
        VCardValue::Kind(VCardKind::Individual) => Some(Kind::Individual),
        VCardValue::Kind(VCardKind::Group) => Some(Kind::Group),
        VCardValue::Kind(VCardKind::Org) => Some(Kind::Org),
        VCardValue::Kind(VCardKind::Location) => Some(Kind::Location),
        VCardValue::Kind(VCardKind::Application) => Some(Kind::Application),
        VCardValue::Kind(VCardKind::Device) => Some(Kind::Device),
        _ => None,
    }
}

/// Whether a property's value is this word.
fn says(entry: &VCardEntry, word: &str) -> bool {
    matches!(entry.values.first(), Some(VCardValue::Text(text)) if text.trim().eq_ignore_ascii_case(word))
}

/// The clean text of a property with one value.
fn first(entry: &mut VCardEntry) -> Option<String> {
    std::mem::take(&mut entry.values)
        .into_iter()
        .next()
        .and_then(|value| text(value, ", "))
        .and_then(one_line)
}

/// The clean texts of a property with several values.
fn all(entry: VCardEntry) -> impl Iterator<Item = String> {
    entry.values.into_iter().filter_map(|value| text(value, ", ").and_then(one_line))
}

/// Keeps the first of several values.
fn set(kept: &mut Option<String>, given: Option<String>) {
    if kept.is_none() {
        *kept = given;
    }
}
