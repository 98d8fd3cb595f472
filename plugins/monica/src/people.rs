//! Who is in the export: how a contact is named elsewhere in it.

use std::collections::HashMap;

use kith_plugin::text::is_linkedin_profile;
use kith_plugin::{Draft, Email, Link, NameComponent, NameComponentKind, OnlineService, Party, Phone, add};
use serde_json::Value;

use crate::export::{Export, FieldType};
use crate::json::{is_true, items, of_kind, one_line, property};

/// What of a contact is needed to speak of them: in others' relationships and
/// wherever they took part.
#[derive(Debug, Default)]
pub(crate) struct Person {
    pub(crate) party: Party,
    /// Known only as somebody's relative, without a page of their own in Monica.
    pub(crate) is_partial: bool,
    /// When they were born, as far as that can be read.
    pub(crate) born: Option<String>,
    /// The activities that they took part in, by their UUIDs.
    pub(crate) activities: Vec<String>,
}

/// Everybody by their UUID.
pub(crate) type People = HashMap<String, Person>;

/// Everybody in an export.
pub(crate) fn people(export: &Export) -> People {
    let contacts =
        export.contacts.iter().filter_map(|held| serde_json::from_str::<Value>(held.text.get()).ok());
    contacts.filter_map(|contact| Some((one_line(&contact["uuid"])?, person(&contact, export)))).collect()
}

/// Who a contact is.
pub(crate) fn person(contact: &Value, export: &Export) -> Person {
    let mut draft = Draft::default();
    name(contact, &mut draft);
    ways(contact, &export.field_types, &mut draft);
    let is_partial = is_true(property(contact, "is_partial"));
    let born = special_date(property(contact, "birthdate")).and_then(|(_, read)| read.ok());
    let uid = one_line(&contact["uuid"]);
    let me = uid.as_ref().is_some_and(|uuid| export.me.contains(uuid));
    let activities = of_kind(contact, "activity").into_iter().filter_map(one_line).collect();
    let (contact, _) = draft.finish();
    let party = Party {
        me,
        uid,
        name: contact.name.full.or_else(|| contact.nicknames.into_iter().next()),
        emails: contact.emails.into_iter().map(|email| email.address).collect(),
        phones: contact.phones.into_iter().map(|phone| phone.number).collect(),
        profiles: contact.online_services.into_iter().filter_map(|service| service.uri).collect(),
    };
    Person { party, is_partial, born, activities }
}

/// Takes the parts of a contact's name.
pub(crate) fn name(contact: &Value, draft: &mut Draft) {
    for (key, kind) in [
        ("first_name", NameComponentKind::Given),
        ("middle_name", NameComponentKind::Given2),
        ("last_name", NameComponentKind::Surname),
    ] {
        if let Some(value) = one_line(property(contact, key)) {
            draft.contact.name.components.push(NameComponent { kind, value });
        }
    }
    if let Some(nickname) = one_line(property(contact, "nickname")) {
        add(&mut draft.contact.nicknames, nickname);
    }
}

/// Takes the ways to reach a contact.
pub(crate) fn ways(contact: &Value, types: &HashMap<String, FieldType>, draft: &mut Draft) {
    let unknown = FieldType::default();
    for field in of_kind(contact, "contact_field") {
        let Some(data) = one_line(property(field, "data")) else { continue };
        let kind = one_line(property(field, "type")).and_then(|uuid| types.get(&uuid)).unwrap_or(&unknown);
        match way(kind, &data) {
            Way::Email => {
                let address = data.strip_prefix("mailto:").unwrap_or(&data).to_owned();
                draft.email(Email { address, ..Email::default() });
            }
            Way::Phone => {
                let number = data.strip_prefix("tel:").unwrap_or(&data).to_owned();
                draft.phone(Phone { number, ..Phone::default() });
            }
            Way::Profile => profile(kind, data, draft),
        }
    }
}

enum Way {
    Email,
    Phone,
    Profile,
}

/// Which way a contact field is: by its kind, else, where the export does not
/// say which kind it is, by what it looks like.
fn way(kind: &FieldType, data: &str) -> Way {
    let is = |name: &str, protocol: &str| {
        kind.kind.as_deref() == Some(name) || kind.protocol.as_deref() == Some(protocol)
    };
    if is("email", "mailto:") {
        return Way::Email;
    }
    if is("phone", "tel:") {
        return Way::Phone;
    }
    let is_named = kind.name.is_some() || kind.protocol.is_some();
    let is_number = || {
        let digits = data.chars().filter(char::is_ascii_digit).count();
        digits >= 5 && !data.contains(|c: char| c.is_alphabetic() || c == ':')
    };
    if !is_named && !data.starts_with('@') && !data.contains("://") && data.contains('@') {
        Way::Email
    } else if !is_named && is_number() {
        Way::Phone
    } else {
        Way::Profile
    }
}

/// Takes a profile at a service: an address, or a name that the service's
/// address comes before.
fn profile(kind: &FieldType, data: String, draft: &mut Draft) {
    let is_address = data.contains("://") || data.to_ascii_lowercase().starts_with("www.");
    let (uri, user) = match &kind.protocol {
        _ if is_address => (Some(data), None),
        Some(protocol) => {
            let user = data.trim_start_matches('@');
            let uri = format!("{protocol}{}", user.strip_prefix(protocol.as_str()).unwrap_or(user));
            (Some(uri), Some(user.to_owned()))
        }
        None => (None, Some(data)),
    };
    match uri {
        Some(uri) if is_linkedin_profile(&uri) || uri.contains("linkedin.com/") || kind.name.is_none() => {
            draft.link(Link { uri, label: kind.name.clone() });
        }
        uri => {
            let profile = OnlineService { service: kind.name.clone(), uri, user, label: None };
            add(&mut draft.contact.online_services, profile);
        }
    }
}

/// A date of somebody's life: how it was written, and the date or why it is none.
/// Of somebody whose age alone is known, Monica writes the first of January.
pub(crate) fn special_date(value: &Value) -> Option<(String, Result<String, &'static str>)> {
    let written = one_line(value).or_else(|| one_line(&value["date"]))?;
    let day = written.get(..10).unwrap_or(&written);
    let meant = match day.split_once('-') {
        Some((_, rest)) if is_true(&value["is_year_unknown"]) && !day.starts_with('-') => format!("--{rest}"),
        Some((year, _)) if is_true(&value["is_age_based"]) => year.to_owned(),
        _ => day.to_owned(),
    };
    let read = kith_plugin::date::read(&meant, None);
    Some((written, read))
}

/// The user's own labels of a contact.
pub(crate) fn tags(contact: &Value) -> impl Iterator<Item = String> {
    items(property(contact, "tags")).into_iter().filter_map(one_line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn special_dates_say_how_much_is_known() {
        for (value, expected) in [
            (
                json!({"date": "1985-04-12T00:00:00.000000Z", "is_age_based": false, "is_year_unknown": false}),
                Some(Ok("1985-04-12")),
            ),
            (json!({"date": "2024-04-12T00:00:00.000000Z", "is_year_unknown": true}), Some(Ok("--04-12"))),
            (json!({"date": "2024-02-29T00:00:00.000000Z", "is_year_unknown": 1}), Some(Ok("--02-29"))),
            (json!({"date": "1985-01-01T00:00:00.000000Z", "is_age_based": true}), Some(Ok("1985"))),
            (json!("1985-04-12"), Some(Ok("1985-04-12"))),
            (json!("--04-12"), Some(Ok("--04-12"))),
            (json!({"date": "1985-02-30"}), Some(Err(()))),
            (json!({"date": "é-é-é"}), Some(Err(()))),
            (json!({"date": null}), None),
            (json!(null), None),
            (json!([]), None),
        ] {
            let read = special_date(&value).map(|(_, read)| read.map_err(drop));
            assert_eq!(read, expected.map(|read| read.map(str::to_owned)), "{value}");
        }
    }

    #[test]
    fn contact_fields_are_what_their_kind_says_or_what_they_look_like() {
        let kind = |name: &str, protocol: &str, kind: &str| FieldType {
            name: Some(name.to_owned()).filter(|text| !text.is_empty()),
            protocol: Some(protocol.to_owned()).filter(|text| !text.is_empty()),
            kind: Some(kind.to_owned()).filter(|text| !text.is_empty()),
        };
        for (kind, data, expected) in [
            (
                kind("Email", "mailto:", "email"),
                "ada@example.org",
                json!({"emails": [{"address": "ada@example.org"}]}),
            ),
            (kind("Phone", "tel:", "phone"), "tel:+44 1", json!({"phones": [{"number": "+44 1"}]})),
            (kind("E-Mail", "mailto:", ""), "mailto:a@b", json!({"emails": [{"address": "a@b"}]})),
            (
                kind("Facebook", "https://facebook.com/", ""),
                "ada",
                json!({"onlineServices": [{"service": "Facebook", "uri": "https://facebook.com/ada", "user": "ada"}]}),
            ),
            (
                kind("Facebook", "https://facebook.com/", ""),
                "https://facebook.com/ada",
                json!({"onlineServices": [{"service": "Facebook", "uri": "https://facebook.com/ada"}]}),
            ),
            (
                kind("Twitter", "", ""),
                "@ada",
                json!({"onlineServices": [{"service": "Twitter", "user": "@ada"}]}),
            ),
            (
                kind("LinkedIn", "", ""),
                "https://www.linkedin.com/in/ada",
                json!({"onlineServices": [{"service": "LinkedIn", "uri": "https://www.linkedin.com/in/ada"}]}),
            ),
            (
                kind("LinkedIn", "", ""),
                "https://www.linkedin.com/company/engines",
                json!({"links": [{"uri": "https://www.linkedin.com/company/engines", "label": "LinkedIn"}]}),
            ),
            (kind("", "", ""), "ada@example.org", json!({"emails": [{"address": "ada@example.org"}]})),
            (kind("", "", ""), "+44 20 7946-0000", json!({"phones": [{"number": "+44 20 7946-0000"}]})),
            (kind("", "", ""), "https://example.org", json!({"links": [{"uri": "https://example.org"}]})),
            (kind("", "", ""), "ada", json!({"onlineServices": [{"user": "ada"}]})),
        ] {
            let contact = json!({"data": [{"type": "contact_field", "values": [{"properties": {"data": data, "type": "t"}}]}]});
            let mut draft = Draft::default();
            ways(&contact, &HashMap::from([("t".to_owned(), kind)]), &mut draft);
            assert_eq!(serde_json::to_value(draft.contact).unwrap(), expected, "{data}");
        }
    }
}
