//! What cannot be in a field is not taken for it, whoever says so. The importers that are part of kith see to that
//! themselves ([`Draft`]); for those of others it is done here, in the same way.

use kith_plugin::{Contact, Draft, Record, date};

/// The record without what its fields cannot be, each told in a warning; none if there is nothing of the kind.
pub(super) fn mended(record: &Record) -> Option<Record> {
    let mut contact = record.contact.clone();
    let mut warnings = record.warnings.clone();
    without_blanks(&mut contact);
    if contact != record.contact {
        warnings.push("what has no text in it was left out".to_owned());
    }
    let (emails, phones) = (std::mem::take(&mut contact.emails), std::mem::take(&mut contact.phones));
    let dates = std::mem::take(&mut contact.anniversaries);
    let mut draft = Draft { contact, warnings, ..Draft::default() };
    emails.into_iter().for_each(|email| draft.email(email));
    phones.into_iter().for_each(|phone| draft.phone(phone));
    for said in dates {
        let read = date::read(&said.date, None);
        draft.date(said.kind, &said.date, read);
    }
    let (contact, warnings) = draft.finish();
    let is_mended = contact != record.contact || warnings != record.warnings;
    is_mended.then(|| Record { at: record.at, contact, raw: record.raw.clone(), warnings })
}

/// Takes out what has no text.
fn without_blanks(contact: &mut Contact) {
    let has_text = |text: &String| !text.trim().is_empty();
    let clear = |text: &mut Option<String>| {
        text.take_if(|text| text.trim().is_empty());
    };
    clear(&mut contact.uid);
    clear(&mut contact.name.full);
    contact.name.components.retain(|part| has_text(&part.value));
    let lists = [
        &mut contact.nicknames,
        &mut contact.titles,
        &mut contact.notes,
        &mut contact.keywords,
        &mut contact.members,
    ];
    lists.into_iter().for_each(|list| list.retain(has_text));
    for organization in &mut contact.organizations {
        clear(&mut organization.name);
        organization.units.retain(has_text);
    }
    contact.organizations.retain(|one| one.name.is_some() || !one.units.is_empty());
    contact.emails.retain(|email| has_text(&email.address));
    contact.phones.retain(|phone| has_text(&phone.number));
    contact.addresses.retain(|address| has_text(&address.full));
    contact.links.retain(|link| has_text(&link.uri));
    for profile in &mut contact.online_services {
        clear(&mut profile.uri);
        clear(&mut profile.user);
    }
    contact.online_services.retain(|profile| profile.uri.is_some() || profile.user.is_some());
    contact.related_to.retain(|relation| has_text(&relation.name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_field_cannot_be_is_left_out_and_told() {
        for (name, said, expected, warnings) in [
            (
                "nothing wrong",
                r#"{"name":{"full":"Ada"},"emails":[{"address":"a@b"}],"anniversaries":[{"kind":"birth","date":"--12-10"}]}"#,
                None,
                &[][..],
            ),
            (
                "dates that are none",
                r#"{"name":{"full":"Ada"},"anniversaries":[{"kind":"birth","date":"2023-02-30"},{"kind":"wedding","date":"99999-01-01"}]}"#,
                Some(
                    r#"{"name":{"full":"Ada"},"notes":["Birthday: 2023-02-30","Anniversary: 99999-01-01"]}"#,
                ),
                &[
                    "the birthday “2023-02-30” names a day that does not exist and is kept as a note",
                    "the anniversary “99999-01-01” is not a date like 1985-04-12 or --04-12 and is kept as a note",
                ],
            ),
            (
                "another form of a date",
                r#"{"name":{"full":"Ada"},"anniversaries":[{"kind":"birth","date":"18151210"}]}"#,
                Some(r#"{"name":{"full":"Ada"},"anniversaries":[{"kind":"birth","date":"1815-12-10"}]}"#),
                &[],
            ),
            (
                "neither number nor address",
                r#"{"name":{"full":"Ada"},"phones":[{"number":"none"}],"emails":[{"address":"ada"}]}"#,
                Some(r#"{"name":{"full":"Ada"}}"#),
                &[
                    "“ada” is no email address and stays in the original only",
                    "“none” is no telephone number and stays in the original only",
                ],
            ),
            (
                "no text",
                r#"{"name":{"full":"Ada"},"phones":[{"number":""}],"organizations":[{"name":" ","units":[""]}],"onlineServices":[{"service":"X","uri":""}]}"#,
                Some(r#"{"name":{"full":"Ada"}}"#),
                &["what has no text in it was left out"],
            ),
        ] {
            let read = |contact: &str| serde_json::from_str::<Contact>(contact).unwrap();
            let record = Record { contact: read(said), raw: "A".to_owned(), ..Record::default() };
            let mended = mended(&record);
            assert_eq!(mended.as_ref().map(|it| it.contact.clone()), expected.map(read), "{name}");
            let mended = mended.unwrap_or(record);
            assert_eq!(mended.warnings, warnings, "{name}");
            assert_eq!(mended.raw, "A", "{name}");
        }
    }
}
