//! A contact as it is read: with no ends of lines but those that every format can say.

use std::iter;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::end_lines;
use crate::{Address, Anniversary, Contact, Email, Link, Name, OnlineService, Organization, Phone, Relation};

impl Serialize for Contact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Contact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut contact = Self::deserialize(deserializer)?;
        contact.end_lines();
        Ok(contact)
    }
}

impl Contact {
    /// Gives every text the ends of lines that all formats can say; what a record is known by stays.
    fn end_lines(&mut self) {
        let line = |text: &mut String| end_lines(text, " ");
        self.notes.iter_mut().for_each(|note| end_lines(note, "\n"));
        let Name { full, components } = &mut self.name;
        full.iter_mut().for_each(line);
        components.iter_mut().for_each(|part| line(&mut part.value));
        [&mut self.nicknames, &mut self.titles, &mut self.keywords].into_iter().flatten().for_each(line);
        for Organization { name, units } in &mut self.organizations {
            name.iter_mut().chain(units).for_each(line);
        }
        for Email { address, label, .. } in &mut self.emails {
            iter::once(address).chain(label).for_each(line);
        }
        for Phone { number, label, .. } in &mut self.phones {
            iter::once(number).chain(label).for_each(line);
        }
        for Address { full, label } in &mut self.addresses {
            iter::once(full).chain(label).for_each(line);
        }
        for Anniversary { kind, date } in &mut self.anniversaries {
            [kind, date].into_iter().for_each(line);
        }
        for Link { uri, label } in &mut self.links {
            iter::once(uri).chain(label).for_each(line);
        }
        for OnlineService { service, uri, user, label } in &mut self.online_services {
            [service, uri, user, label].into_iter().flatten().for_each(line);
        }
        for Relation { name, relation } in &mut self.related_to {
            iter::once(name).chain(relation).for_each(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_is_read_has_ends_of_lines_that_all_formats_have() {
        let said = r#"{"name":{"full":"a_b","components":[{"kind":"given","value":"a_b"}]},"nicknames":["a_b"],
            "organizations":[{"name":"a_b","units":["a_b"]}],"titles":["a_b"],"emails":[{"address":"a_b","label":"a_b"}],
            "phones":[{"number":"a_b","label":"a_b"}],"addresses":[{"full":"a_b","label":"a_b"}],
            "anniversaries":[{"kind":"a_b","date":"a_b"}],"links":[{"uri":"a_b","label":"a_b"}],
            "onlineServices":[{"service":"a_b","uri":"a_b","user":"a_b","label":"a_b"}],"notes":["a_b"],"keywords":["a_b"],
            "relatedTo":[{"name":"a_b","relation":"a_b"}]}"#;
        let read = |end: &str| serde_json::from_str::<Contact>(&said.replace('_', end)).unwrap();
        for end in ["\u{85}", "\u{2028}", "\u{2029}", r"\u2028"] {
            assert_eq!(read(end), Contact { notes: vec!["a\nb".into()], ..read(" ") }, "{end:?}");
        }
    }
}
