//! From a record's attributes to what they say about somebody.
//!
//! The names are those of Mozilla's address books, old and new (mozillaAbPerson),
//! of LDAP (RFC 4519, inetOrgPerson of RFC 2798) and of Evolution (evolutionPerson).

use std::collections::BTreeMap;

use kith_plugin::text::{at_service, excerpt, in_one_line, lines, one_line};
use kith_plugin::{
    Address, Contact, Draft, Email, Link, NameComponent, NameComponentKind, OnlineService, Organization,
    Phone, Relation, add, date,
};

use crate::group::name_in;

/// Takes from a record what kith uses; what it cannot understand is said in `warnings`.
/// Attributes of whose meaning nothing is known are counted in `unknown`.
pub(crate) fn read(
    texts: Vec<(&str, String)>,
    warnings: &mut Vec<String>,
    unknown: &mut BTreeMap<String, u64>,
) -> Contact {
    let mut reader = Reader {
        draft: Draft { warnings: std::mem::take(warnings), ..Draft::default() },
        common_name: None,
        birth: [None, None, None],
        home: Place::default(),
        work: Place::default(),
        company: None,
        units: Vec::new(),
        unknown,
    };
    for (name, value) in texts {
        reader.take(name, value);
    }
    let (contact, said) = reader.finish();
    *warnings = said;
    contact
}

struct Reader<'u> {
    draft: Draft,
    /// `cn`, which stands for the shown name where there is no `displayName`.
    common_name: Option<String>,
    /// Year, month and day of birth.
    birth: [Option<String>; 3],
    home: Place,
    work: Place,
    company: Option<String>,
    units: Vec<String>,
    unknown: &'u mut BTreeMap<String, u64>,
}

/// The parts of an address, in the order in which they are shown.
#[derive(Default)]
struct Place([Option<String>; 6]);

impl Place {
    const STREET: usize = 0;
    const STREET_2: usize = 1;
    const CITY: usize = 2;
    const STATE: usize = 3;
    const CODE: usize = 4;
    const COUNTRY: usize = 5;

    fn full(self) -> Option<String> {
        let parts: Vec<String> = self.0.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl Reader<'_> {
    #[allow(clippy::too_many_lines)] // a table
    fn take(&mut self, name: &str, value: String) {
        let contact = &mut self.draft.contact;
        match name {
            "description" | "notes" | "note" | "comment" | "info" => {
                lines(value).into_iter().for_each(|note| add(&mut contact.notes, note));
                return;
            }
            "homepostaladdress" | "postaladdress" | "registeredaddress" | "otherpostaladdress" => {
                let label = match name {
                    "homepostaladdress" => Some("home"),
                    "postaladdress" => Some("work"),
                    _ => None,
                };
                return self.postal(&value, label);
            }
            _ => {}
        }
        let Some(value) = in_one_line(value) else { return };
        match name {
            "displayname" => set(&mut contact.name.full, value),
            "cn" | "commonname" => set(&mut self.common_name, value),
            "givenname" | "gn" => self.name_part(NameComponentKind::Given, value),
            "sn" | "surname" => self.name_part(NameComponentKind::Surname, value),
            "generationqualifier" => self.name_part(NameComponentKind::Generation, value),
            "mozillanickname" | "xmozillanickname" | "nickname" => add(&mut contact.nicknames, value),
            "o" | "organizationname" | "company" => set(&mut self.company, value),
            "ou" | "orgunit" | "department" | "departmentnumber" => add(&mut self.units, value),
            "title" | "role" | "jobtitle" => add(&mut contact.titles, value),
            "mail" | "rfc822mailbox" | "email" | "mozillasecondemail" | "xmozillasecondemail" => {
                self.draft.email(Email { address: value, ..Email::default() });
            }
            "telephonenumber" | "workphone" | "companyphone" => self.phone(value, Some("work")),
            "homephone" | "hometelephonenumber" => self.phone(value, Some("home")),
            "mobile" | "mobiletelephonenumber" | "cellphone" | "carphone" => {
                self.phone(value, Some("mobile"));
            }
            "facsimiletelephonenumber" | "fax" | "homefacsimiletelephonenumber" => {
                self.phone(value, Some("fax"));
            }
            "pager" | "pagertelephonenumber" | "pagerphone" => self.phone(value, Some("pager")),
            "primaryphone" | "otherphone" => self.phone(value, None),
            "mozillahomestreet" | "homestreet" => set(&mut self.home.0[Place::STREET], value),
            "mozillahomestreet2" | "mozillahomepostaladdress2" => {
                set(&mut self.home.0[Place::STREET_2], value);
            }
            "mozillahomelocalityname" => set(&mut self.home.0[Place::CITY], value),
            "mozillahomestate" => set(&mut self.home.0[Place::STATE], value),
            "mozillahomepostalcode" => set(&mut self.home.0[Place::CODE], value),
            "mozillahomecountryname" => set(&mut self.home.0[Place::COUNTRY], value),
            "street" | "streetaddress" | "postofficebox" => set(&mut self.work.0[Place::STREET], value),
            "mozillaworkstreet2" | "mozillapostaladdress2" => set(&mut self.work.0[Place::STREET_2], value),
            "l" | "locality" | "localityname" => set(&mut self.work.0[Place::CITY], value),
            "st" | "region" | "stateorprovincename" => set(&mut self.work.0[Place::STATE], value),
            "postalcode" | "zip" => set(&mut self.work.0[Place::CODE], value),
            "c" | "countryname" | "co" | "friendlycountryname" => {
                set(&mut self.work.0[Place::COUNTRY], value);
            }
            "mozillahomeurl" | "homeurl" => self.link(value, Some("home")),
            "mozillaworkurl" | "workurl" => self.link(value, Some("work")),
            "labeleduri" | "labeledurl" => self.labelled_link(&value),
            "nsaimid" | "nscpaimscreenname" | "mozilla_aimscreenname" => {
                let service = "AIM";
                let (uri, user) = at_service(service, &value);
                let service = Some(service.to_owned());
                add(&mut contact.online_services, OnlineService { service, uri, user, label: None });
            }
            "birthyear" => set(&mut self.birth[0], value),
            "birthmonth" => set(&mut self.birth[1], value),
            "birthday" => set(&mut self.birth[2], value),
            "birthdate" | "dateofbirth" => self.date("birth", &value),
            "anniversary" => self.date("wedding", &value),
            "category" | "categories" => {
                let keywords = value.split(',').map(str::trim).filter(|keyword| !keyword.is_empty());
                keywords.for_each(|keyword| add(&mut contact.keywords, keyword.to_owned()));
            }
            "spousename" | "spouse" => self.related(value, "spouse"),
            "manager" | "managername" => self.related(value, "manager"),
            "secretary" | "assistantname" => self.related(value, "assistant"),
            // The number that directories give an entry for ever (RFC 4530, and its forerunners).
            "entryuuid" | "nsuniqueid" => set(&mut contact.uid, value),
            // Thunderbird has seconds here, 0 as a rule; only a time that says what it is (RFC 4517) is taken.
            "modifytimestamp" if value.len() >= 14 => set(&mut contact.updated, value),
            _ => {
                let custom = name.strip_prefix("mozilla").unwrap_or(name).strip_prefix("custom");
                if let Some(number @ ("1" | "2" | "3" | "4")) = custom {
                    add(&mut contact.notes, format!("Custom {number}: {value}"));
                } else if !is_technical(name) {
                    self.left_out(name);
                }
            }
        }
    }

    /// Counts an attribute that is not taken.
    fn left_out(&mut self, name: &str) {
        if let Some(count) = self.unknown.get_mut(name) {
            *count += 1;
        } else if self.unknown.len() < MOST_NAMES {
            self.unknown.insert(excerpt(name), 1);
        }
    }

    fn name_part(&mut self, kind: NameComponentKind, value: String) {
        let components = &mut self.draft.contact.name.components;
        if !components.iter().any(|part| part.kind == kind) {
            components.push(NameComponent { kind, value });
        }
    }

    fn phone(&mut self, number: String, label: Option<&str>) {
        self.draft.phone(Phone { number, label: label.map(str::to_owned), pref: None });
    }

    fn link(&mut self, uri: String, label: Option<&str>) {
        self.draft.link(Link { uri, label: label.map(str::to_owned) });
    }

    /// An address and, behind a space, what it is (RFC 2079).
    fn labelled_link(&mut self, value: &str) {
        let (uri, label) = value.split_once(' ').unwrap_or((value, ""));
        self.link(uri.to_owned(), one_line(label.to_owned()).as_deref());
    }

    /// An address whose lines are divided by `$` (RFC 4517 section 3.3.28).
    fn postal(&mut self, value: &str, label: Option<&str>) {
        let text = value.replace('$', "\n").replace("\\24", "$").replace("\\5C", "\\").replace("\\5c", "\\");
        if let Some(full) = in_one_line(text) {
            add(&mut self.draft.contact.addresses, Address { full, label: label.map(str::to_owned) });
        }
    }

    fn date(&mut self, kind: &str, written: &str) {
        // A time of LDAP (RFC 4517 section 3.3.13) begins with its day.
        let day = written.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()));
        self.draft.date(kind.to_owned(), written, date::read(day.unwrap_or(written), None));
    }

    fn related(&mut self, who: String, relation: &str) {
        let name = name_in(&who).unwrap_or(who);
        add(&mut self.draft.contact.related_to, Relation { name, relation: Some(relation.to_owned()) });
    }

    /// The birthday, of which Mozilla has the parts apart; a zero is none.
    fn birthday(&mut self) {
        let [year, month, day] = std::mem::take(&mut self.birth)
            .map(|part| part.filter(|part| !part.trim_matches('0').is_empty()));
        let written = match (&year, &month, &day) {
            (None, None, None) => return,
            (Some(year), None, None) => year.clone(),
            (Some(year), Some(month), None) => format!("{year}-{month:0>2}"),
            (year, month, day) => {
                let year = year.as_deref().unwrap_or("-");
                let [month, day] = [month, day].map(|part| part.as_deref().unwrap_or("?"));
                format!("{year}-{month:0>2}-{day:0>2}")
            }
        };
        self.draft.date("birth".to_owned(), &written, date::read(&written, None));
    }

    fn finish(mut self) -> (Contact, Vec<String>) {
        self.birthday();
        let contact = &mut self.draft.contact;
        if self.company.is_some() || !self.units.is_empty() {
            contact.organizations.push(Organization { name: self.company, units: self.units });
        }
        for (place, label) in [(self.home, "home"), (self.work, "work")] {
            if let Some(full) = place.full() {
                add(&mut contact.addresses, Address { full, label: Some(label.to_owned()) });
            }
        }
        contact.name.components.sort_by_key(|part| part.kind == NameComponentKind::Surname);
        contact.name.components.sort_by_key(|part| part.kind == NameComponentKind::Generation);
        // Thunderbird calls a card without a name by its address.
        let is_address =
            |name: &str| contact.emails.iter().any(|email| email.address.eq_ignore_ascii_case(name));
        if contact.name.full.is_none() {
            contact.name.full = self.common_name.filter(|name| !is_address(name));
        }
        self.draft.finish()
    }
}

/// As many attributes are counted.
const MOST_NAMES: usize = 200;

/// What programs and directories write for themselves, and pictures.
fn is_technical(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "allowremotecontent",
        "audio",
        "changetype",
        "controls",
        "createtimestamp",
        "creatorsname",
        "dn",
        "entrycsn",
        "entrydn",
        "evolutionarbitrary",
        "fileas",
        "gidnumber",
        "haschildren",
        "hassubordinates",
        "homedirectory",
        "initials",
        "jpegphoto",
        "lastmodifieddate",
        "loginshell",
        "modifiersname",
        "modifytimestamp",
        "mozilla_usehtmlmail",
        "mozillausehtmlmail",
        "nsuniqueid",
        "objectclass",
        "photo",
        "photoname",
        "phototype",
        "photouri",
        "popularityindex",
        "preferdisplayname",
        "prefermailformat",
        "structuralobjectclass",
        "subschemasubentry",
        "thumbnailphoto",
        "uid",
        "uidnumber",
        "usercertificate",
        "userpassword",
        "usersmimecertificate",
        "version",
        "xmozillausehtmlmail",
    ];
    NAMES.contains(&name)
}

/// Keeps the first of several values.
fn set(kept: &mut Option<String>, given: String) {
    if kept.is_none() {
        *kept = Some(given);
    }
}
