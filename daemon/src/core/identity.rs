//! Identity keys: what of a record tells who somebody is, in a form that can
//! be compared.

mod profile;
mod role;

use kith_plugin::{Contact, Kind, NameComponentKind};

use super::contact::{Column, Content, List};
use super::date::Birthday;
use super::name::{PersonName, fold};
use super::phone::{is_same, phone_key};
use super::settings::Me;

pub use self::profile::{link_key, profile_key};
pub use self::role::is_role_address;

/// Changes with every change of what a name or a profile's address gives as a key: cards have these, and
/// those that another version made are made anew.
pub const VERSION: u32 = 1;

/// An email address as a key: without case and surrounding space.
#[must_use]
pub fn email_key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// The name in what a contact is shown as: none where that is an address or a number, which stands
/// there for want of a name.
#[must_use]
pub fn name_in<'a>(shown: &str, mut phones: impl Iterator<Item = &'a str>) -> PersonName {
    let bare = shown.trim_matches(|c: char| c.is_whitespace() || "'\"<>".contains(c));
    let is_address = bare.contains('@') && !bare.contains(char::is_whitespace);
    let is_number =
        phone_key(bare).is_some() && bare.chars().all(|c| c.is_ascii_digit() || " +-/().".contains(c));
    if is_address || is_number || phones.any(|number| number == shown) {
        return PersonName::default();
    }
    PersonName::of_text(shown)
}

/// The name that a record gives, if it is one.
#[must_use]
pub fn name_of(contact: &Contact) -> PersonName {
    let said = PersonName::said_by(contact);
    name_in(&said, contact.phones.iter().map(|phone| phone.number.as_str()))
}

/// The key of the profile that identifies a record.
#[must_use]
pub fn profile_of(contact: &Contact) -> Option<String> {
    contact.online_services.iter().filter_map(|service| service.uri.as_deref()).find_map(profile_key)
}

/// A number with more digits is hardly one that a program counted to.
const MOST_COUNTED: usize = 9;

/// So many letters are no word in front of a number, but were drawn with it.
const FEWEST_DRAWN: usize = 8;

/// Whether a UID is one of a count, as `1` and `contact-17` are: other programs
/// count, too, and have given it to somebody else.
#[must_use]
pub fn is_counted(uid: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let number = uid.trim_start_matches(|c| !is_digit(c)).trim_end_matches(|c| !is_digit(c));
    (1..=MOST_COUNTED).contains(&number.len())
        && number.chars().all(is_digit)
        && uid.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_DRAWN
}

/// Whether somebody is the user: has their name, or an address or number of theirs.
#[must_use]
pub fn is_own(me: &Me, content: &Content) -> bool {
    let values = |list| content.list(list).iter().map(|item| item.value.as_str());
    let email = |address: &str| me.emails.iter().any(|own| email_key(own) == email_key(address));
    let phone = |number: &str| me.has_phone(number);
    let name = PersonName::of_text(&me.name);
    (!name.is_empty() && name == PersonName::of_text(content.column(Column::Name).unwrap_or_default()))
        || values(List::Email).any(email)
        || values(List::Phone).any(phone)
}

/// What of a record, or of a person, tells who it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name.
    pub name: PersonName,
    /// What the record calls somebody whole, where its parts give another name: Bob Smith, who is Robert.
    pub whole: Option<PersonName>,
    /// Keys of personal email addresses; role addresses are left out.
    pub emails: Vec<String>,
    /// Telephone numbers as they are written, of those that may be somebody's own.
    pub phones: Vec<String>,
    /// Keys of profile addresses.
    pub profiles: Vec<String>,
    /// The birthday.
    pub birthday: Option<Birthday>,
}

impl Identity {
    /// The identity that a record gives.
    #[must_use]
    pub fn of_record(contact: &Contact) -> Self {
        let phones = || contact.phones.iter().map(|phone| phone.number.as_str());
        let identity = Self::new(
            name_of(contact),
            contact.emails.iter().map(|email| email.address.as_str()),
            phones(),
            contact.online_services.iter().filter_map(|service| service.uri.as_deref()),
            birthday(contact),
        );
        let whole = contact.name.full.as_deref().map(|full| name_in(full, phones()));
        let whole = whole.filter(|whole| !whole.is_empty() && *whole != identity.name);
        Self { whole, ..identity }
    }

    /// All that somebody is called.
    pub fn names(&self) -> impl Iterator<Item = &PersonName> {
        std::iter::once(&self.name).chain(&self.whole)
    }

    /// Whether nobody has both names that two records give: whichever of their names are compared.
    #[must_use]
    pub fn is_named_otherwise(&self, other: &Self) -> bool {
        self.names().all(|name| other.names().all(|theirs| theirs.contradicts(name)))
    }

    /// An identity of these values as they are written.
    pub fn new<'a>(
        name: PersonName,
        emails: impl Iterator<Item = &'a str>,
        phones: impl Iterator<Item = &'a str>,
        profiles: impl Iterator<Item = &'a str>,
        birthday: Option<Birthday>,
    ) -> Self {
        let emails = distinct(emails.filter(|address| !role::is_role_beside(address, &name)).map(email_key));
        Self {
            name,
            whole: None,
            emails,
            phones: distinct(phones.filter(|number| phone_key(number).is_some()).map(str::to_owned)),
            profiles: distinct(profiles.filter_map(profile_key)),
            birthday,
        }
    }

    /// Whether there is no address and no number by which somebody could be known.
    #[must_use]
    pub fn has_no_keys(&self) -> bool {
        self.emails.is_empty() && self.phones.is_empty()
    }

    /// Whether nothing but the name, and perhaps the birthday, tells who it is.
    #[must_use]
    pub fn is_name_alone(&self) -> bool {
        self.has_no_keys() && self.profiles.is_empty()
    }

    /// Whether two of one name look like two people: nothing by which they could
    /// be reached is the same, and either the birthdays contradict, or addresses
    /// and numbers both differ. Who only got a new number is still the same.
    #[must_use]
    pub fn is_told_apart(&self, other: &Self) -> bool {
        let shared = |ours: &[String], theirs: &[String]| ours.iter().any(|value| theirs.contains(value));
        let reached = shared(&self.emails, &other.emails)
            || self.has_number_of(other)
            || shared(&self.profiles, &other.profiles);
        !reached && (self.contradicts(other) || self.is_reached_elsewhere(other))
    }

    /// Whether both can be reached, and nothing by which they could be is the same.
    #[must_use]
    pub fn has_nothing_of(&self, other: &Self) -> bool {
        !self.has_no_keys()
            && !other.has_no_keys()
            && !self.emails.iter().any(|email| other.emails.contains(email))
            && !self.has_number_of(other)
    }

    /// Whether addresses and numbers of two both differ, so that one knows of no way to reach both.
    #[must_use]
    pub fn is_reached_elsewhere(&self, other: &Self) -> bool {
        let both = |ours: &[String], theirs: &[String]| !ours.is_empty() && !theirs.is_empty();
        both(&self.emails, &other.emails) && both(&self.phones, &other.phones) && self.has_nothing_of(other)
    }

    fn has_number_of(&self, other: &Self) -> bool {
        self.phones.iter().any(|ours| other.phones.iter().any(|theirs| is_same(ours, theirs, None)))
    }

    /// Whether two identities cannot be one person's.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        self.is_named_otherwise(other)
            || matches!((self.birthday, other.birthday), (Some(a), Some(b)) if a.contradicts(b))
    }
}

/// The birthday that a record gives, if it is a day of the year.
#[must_use]
pub fn birthday(contact: &Contact) -> Option<Birthday> {
    contact.anniversaries.iter().find(|a| a.kind == "birth").and_then(|a| a.date.parse().ok())
}

/// Whether a record describes a person rather than an organisation, a group,
/// a role or a service number. What the record itself says it is, it is; a whole
/// name or a birthday speaks for a person; then addresses and numbers tell.
#[must_use]
pub fn is_person(contact: &Contact) -> bool {
    match contact.kind {
        Some(Kind::Individual) => return true,
        Some(_) => return false,
        None => {}
    }
    let organization = contact.organizations.iter().find_map(|o| o.name.as_deref());
    if let Some(organization) = organization
        && contact.nicknames.is_empty()
        && is_named_as(contact, organization)
    {
        return false;
    }
    // What follows says who is behind a bare name: somebody's office has an
    // extension, and a firm of one person is reached at info@.
    if has_given_and_family_name(contact) || birthday(contact).is_some() {
        return true;
    }
    let has_emails = !contact.emails.is_empty();
    let has_phones = !contact.phones.is_empty();
    let only_roles = has_emails && contact.emails.iter().all(|email| is_role_address(&email.address));
    let only_service = has_phones && contact.phones.iter().all(|phone| phone_key(&phone.number).is_none());
    match (has_emails, has_phones) {
        (true, false) => !only_roles,
        (false, true) => !only_service,
        (true, true) => !(only_roles && only_service),
        (false, false) => true,
    }
}

fn has_given_and_family_name(contact: &Contact) -> bool {
    use NameComponentKind::{Given, Surname};
    let has = |kind| contact.name.components.iter().any(|p| p.kind == kind && !fold(&p.value).is_empty());
    has(Given) && has(Surname)
}

/// Whether a record has no name of its own beside its organisation's.
fn is_named_as(contact: &Contact, organization: &str) -> bool {
    use NameComponentKind::{Credential, Title};
    let mut parts = contact.name.components.iter().filter(|part| !matches!(part.kind, Title | Credential));
    if parts.any(|part| !fold(&part.value).is_empty()) {
        return false;
    }
    let name = PersonName::of_record(contact);
    name.is_empty() || (contact.name.components.is_empty() && name == PersonName::of_text(organization))
}

fn distinct(keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for key in keys {
        if !key.is_empty() && !all.contains(&key) {
            all.push(key);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::{Anniversary, Email, Name, NameComponent, NameComponentKind, Organization, Phone};

    #[test]
    fn a_uid_that_was_counted_to_is_told_from_one_that_was_drawn() {
        for (uid, counted) in [
            ("1", true),
            ("000257", true),
            ("contact-17", true),
            ("7@home", true),
            ("", false),
            ("uid-anna", false),
            ("0b6e6f0a-7f63-4c39-a2f4-4a1f3a55a0de", false),
            ("pas-id-5F3A2B1C00000001", false),
            ("fJ3kd8sKq2", false),
            ("fJkdxsKqa2", false),
            ("20261122101010123", false),
            ("20261122T101010Z-7", false),
        ] {
            assert_eq!(is_counted(uid), counted, "{uid}");
        }
    }

    #[test]
    fn not_everybody_is_a_person() {
        let named = |full: &str| Contact {
            name: Name { full: Some(full.into()), components: vec![] },
            ..Contact::default()
        };
        let email = |address: &str| Email { address: address.into(), label: None, pref: None };
        let phone = |number: &str| Phone { number: number.into(), label: None, pref: None };
        let organization = |name: &str| Organization { name: Some(name.into()), units: vec![] };
        let in_parts = |given: &str, surname: &str| Name {
            full: Some(format!("{given} {surname}")),
            components: vec![
                NameComponent { kind: NameComponentKind::Given, value: given.into() },
                NameComponent { kind: NameComponentKind::Surname, value: surname.into() },
            ],
        };
        let born = Anniversary { kind: "birth".into(), date: "1980-01-01".into() };
        let cases = [
            (
                "a firm of one",
                Contact {
                    name: in_parts("Emily", "Post"),
                    emails: vec![email("info@post.example")],
                    ..Contact::default()
                },
                true,
            ),
            (
                "somebody with an extension",
                Contact { name: in_parts("Anna", "Kern"), phones: vec![phone("4711")], ..Contact::default() },
                true,
            ),
            (
                "somebody who was born",
                Contact { phones: vec![phone("4711")], anniversaries: vec![born], ..named("Mum") },
                true,
            ),
            ("a plain name", named("Ada"), true),
            ("declared", Contact { kind: Some(Kind::Org), ..named("Ada") }, false),
            (
                "only an organisation",
                Contact { organizations: vec![organization("Acme")], ..Contact::default() },
                false,
            ),
            (
                "named as its organisation",
                Contact { organizations: vec![organization("Acme")], ..named("ACME") },
                false,
            ),
            ("a person there", Contact { organizations: vec![organization("Acme")], ..named("Ada") }, true),
            ("a role", Contact { emails: vec![email("info@acme.example")], ..named("Acme") }, false),
            (
                "a person with a role too",
                Contact { emails: vec![email("info@a.example"), email("ada@a.example")], ..named("Ada") },
                true,
            ),
            ("a service number", Contact { phones: vec![phone("112")], ..named("Police") }, false),
            ("a number", Contact { phones: vec![phone("+49 170 1234567")], ..named("Ada") }, true),
            (
                "somebody named like their firm, in parts",
                Contact {
                    name: in_parts("Hugo", "Boss"),
                    organizations: vec![organization("Hugo Boss")],
                    ..Contact::default()
                },
                true,
            ),
        ];
        for (case, contact, person) in cases {
            assert_eq!(is_person(&contact), person, "{case}");
        }
    }
}
