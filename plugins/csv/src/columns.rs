//! Turns rows into contacts: what each column of a header means, found once,
//! and applied to every row.

use std::collections::HashMap;

use kith_plugin::{
    Address, Anniversary, Contact, Email, Link, NameComponent, NameComponentKind, OnlineService,
    Organization, Phone, Relation,
};

use crate::date;
use crate::dialect::{Column, Dialect, Field, header_key};
use crate::rows::Row;

/// The columns of a file: what its dialect says, tied to where they stand.
pub(crate) struct Columns<'d> {
    dialect: &'d Dialect,
    places: Vec<Placed<'d>>,
    width: usize,
}

/// One column where it stands in the file.
struct Placed<'d> {
    column: &'d Column,
    /// Its name in this file, for messages.
    name: String,
    value: Option<usize>,
    label: Option<usize>,
    unit: Option<usize>,
    parts: Vec<usize>,
}

impl<'d> Columns<'d> {
    /// Ties the columns of `dialect` to those of `header`.
    pub(crate) fn new(dialect: &'d Dialect, header: &Row<'_>) -> Self {
        let mut index = HashMap::new();
        for (place, name) in header.cells().enumerate() {
            index.entry(header_key(name)).or_insert(place);
        }
        let mut places = Vec::new();
        for column in &dialect.columns {
            let last = if column.is_repeated() { header.len() } else { 1 };
            places.extend((1..=last).map_while(|n| Placed::new(column, n, &index)));
        }
        Self { dialect, places, width: header.len() }
    }

    /// What a row says, and what of it was not understood, for the user.
    pub(crate) fn contact(&self, row: &Row<'_>) -> (Contact, Vec<String>) {
        let mut draft = Draft::new(self.dialect);
        for place in &self.places {
            draft.add(place, row);
        }
        let beyond = (self.width..row.len()).filter(|&index| !row.cell(index).is_empty()).count();
        if beyond > 0 {
            draft.warnings.push(format!(
                "the row has more cells than the header, {beyond} with text: perhaps a separator stands in a cell without quotation marks"
            ));
        }
        draft.finish()
    }
}

impl<'d> Placed<'d> {
    /// The column with number `n`; None if the header does not have it.
    fn new(column: &'d Column, n: usize, index: &HashMap<String, usize>) -> Option<Self> {
        let number = n.to_string();
        let find = |names: &[String]| {
            names.iter().map(|name| name.replace("{n}", &number)).find_map(|name| {
                let place = *index.get(&header_key(&name))?;
                Some((name, place))
            })
        };
        let value = find(&column.headers);
        let parts: Vec<usize> =
            column.part_headers.iter().filter_map(|name| Some(find(std::slice::from_ref(name))?.1)).collect();
        if value.is_none() && parts.is_empty() {
            return None;
        }
        let place = |names: &[String]| find(names).map(|(_, place)| place);
        Some(Self {
            column,
            label: place(&column.label_headers),
            unit: place(&column.unit_headers),
            value: value.as_ref().map(|(_, place)| *place),
            name: value.map(|(name, _)| name).unwrap_or_default(),
            parts,
        })
    }
}

/// A contact in the making.
struct Draft<'d> {
    dialect: &'d Dialect,
    contact: Contact,
    file_as: Option<String>,
    warnings: Vec<String>,
}

impl<'d> Draft<'d> {
    fn new(dialect: &'d Dialect) -> Self {
        Self { dialect, contact: Contact::default(), file_as: None, warnings: Vec::new() }
    }

    fn add(&mut self, place: &Placed<'_>, row: &Row<'_>) {
        let cell = place.value.map_or("", |index| row.cell(index));
        if cell.is_empty() && place.parts.is_empty() {
            return;
        }
        let contact = &mut self.contact;
        match place.column.to {
            Field::NameFull => contact.name.full = Some(cell.to_owned()),
            Field::NameFileAs => self.file_as = Some(cell.to_owned()),
            Field::NameTitle => self.name_part(NameComponentKind::Title, cell),
            Field::NameGiven => self.name_part(NameComponentKind::Given, cell),
            Field::NameGiven2 => self.name_part(NameComponentKind::Given2, cell),
            Field::NameSurname => self.name_part(NameComponentKind::Surname, cell),
            Field::NameSuffix => self.name_part(suffix_kind(cell), cell),
            Field::Notes => contact.notes.push(cell.to_owned()),
            Field::Nicknames => contact.nicknames.extend(values(self.dialect, cell).map(str::to_owned)),
            Field::Titles => contact.titles.extend(values(self.dialect, cell).map(str::to_owned)),
            Field::Organizations => self.organizations(cell, place.unit.map_or("", |unit| row.cell(unit))),
            Field::Keywords => self.keywords(cell),
            Field::OnlineServices => {
                let service = &place.column.service;
                contact.online_services.extend(values(self.dialect, cell).map(|uri| OnlineService {
                    service: service.clone(),
                    uri: Some(uri.to_owned()),
                    user: None,
                }));
            }
            Field::Emails
            | Field::Phones
            | Field::Addresses
            | Field::Anniversaries
            | Field::Links
            | Field::RelatedTo => self.labelled(place, row, cell),
        }
    }

    fn name_part(&mut self, kind: NameComponentKind, value: &str) {
        self.contact.name.components.push(NameComponent { kind, value: value.to_owned() });
    }

    fn organizations(&mut self, names: &str, units: &str) {
        // Several organisations in one cell have their departments in the same order.
        let mut units = values(self.dialect, units);
        let organizations = values(self.dialect, names).map(|name| Organization {
            name: Some(name.to_owned()),
            units: units.next().map(str::to_owned).into_iter().collect(),
        });
        self.contact.organizations.extend(organizations);
    }

    fn keywords(&mut self, cell: &str) {
        for keyword in values(self.dialect, cell) {
            let (keyword, _) = self.dialect.unmarked(keyword);
            let dropped = |drop: &String| drop.eq_ignore_ascii_case(keyword);
            let keywords = &mut self.contact.keywords;
            if !keyword.is_empty()
                && !self.dialect.drop_keywords.iter().any(dropped)
                && !keywords.iter().any(|known| known == keyword)
            {
                keywords.push(keyword.to_owned());
            }
        }
    }

    /// Adds the values of a column that has a label.
    fn labelled(&mut self, place: &Placed<'_>, row: &Row<'_>, cell: &str) {
        let (label, preferred) = match (&place.column.label, place.label) {
            (Some(label), _) => (Some(label.clone()), false),
            (None, Some(index)) => self.dialect.label(row.cell(index)),
            (None, None) => (None, false),
        };
        if cell.is_empty() {
            let parts: Vec<&str> =
                place.parts.iter().map(|&index| row.cell(index)).filter(|part| !part.is_empty()).collect();
            if !parts.is_empty() {
                self.contact.addresses.push(Address { full: one_line(&parts.join(", ")), label });
            }
            return;
        }
        for (at, value) in values(self.dialect, cell).enumerate() {
            let pref = (preferred && at == 0).then_some(1);
            self.labelled_value(place, value, label.clone(), pref);
        }
    }

    fn labelled_value(&mut self, place: &Placed<'_>, value: &str, label: Option<String>, pref: Option<u8>) {
        let contact = &mut self.contact;
        let text = value.to_owned();
        match place.column.to {
            Field::Emails if !value.contains('@') => self.left_out(place, value, "is not an email address"),
            Field::Emails => contact.emails.push(Email { address: text, label, pref }),
            Field::Phones if !value.contains(|c: char| c.is_numeric()) => {
                self.left_out(place, value, "is not a telephone number");
            }
            Field::Phones => contact.phones.push(Phone { number: text, label, pref }),
            Field::Addresses => contact.addresses.push(Address { full: one_line(value), label }),
            Field::Links => match profile_service(value) {
                Some(service) => contact.online_services.push(OnlineService {
                    service: Some(service.to_owned()),
                    uri: Some(text),
                    user: None,
                }),
                None => contact.links.push(Link { uri: text, label }),
            },
            Field::RelatedTo => contact.related_to.push(Relation { name: text, relation: label }),
            Field::Anniversaries => {
                let date =
                    place.column.date.and_then(|order| date::parse(value, order, &self.dialect.months));
                match date {
                    Some(date) => {
                        let kind = label.unwrap_or_else(|| "other".to_owned());
                        contact.anniversaries.push(Anniversary { kind, date });
                    }
                    None => self.left_out(place, value, "is not a date that exists"),
                }
            }
            // The other fields have no label.
            _ => {}
        }
    }

    fn left_out(&mut self, place: &Placed<'_>, value: &str, why: &str) {
        self.warnings.push(format!("{} \"{value}\" {why}; it stays in the original only", place.name));
    }

    fn finish(mut self) -> (Contact, Vec<String>) {
        let name = &mut self.contact.name;
        if name.full.is_none() {
            let parts: Vec<&str> = name.components.iter().map(|part| part.value.as_str()).collect();
            name.full = Some(parts.join(" ")).filter(|full| !full.is_empty()).or(self.file_as);
        }
        (self.contact, self.warnings)
    }
}

/// The values in one cell.
fn values<'c>(dialect: &'c Dialect, cell: &'c str) -> impl Iterator<Item = &'c str> {
    let mut rest = Some(cell);
    std::iter::from_fn(move || {
        let text = rest?;
        let (value, after) = match dialect.value_separator.as_deref().and_then(|mark| text.split_once(mark)) {
            Some((value, after)) => (value, Some(after)),
            None => (text, None),
        };
        rest = after;
        Some(value.trim())
    })
    .filter(|value| !value.is_empty())
}

/// An address over several lines in one, its parts separated by `, `.
fn one_line(address: &str) -> String {
    let parts: Vec<&str> = address
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| !line.is_empty())
        .collect();
    parts.join(", ")
}

/// A generation where the text is one; everything else behind a name is a credential.
fn suffix_kind(suffix: &str) -> NameComponentKind {
    let bare = suffix.trim_end_matches('.');
    let generation = ["Jr", "Sr", "Junior", "Senior", "II", "III", "IV", "V"];
    if generation.iter().any(|known| known.eq_ignore_ascii_case(bare)) {
        NameComponentKind::Generation
    } else {
        NameComponentKind::Credential
    }
}

/// The service if a web page is somebody's profile there: such an address
/// identifies a person, that of a company's page does not.
fn profile_service(uri: &str) -> Option<&'static str> {
    let address = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = address.split_once('/')?;
    let host = host.to_ascii_lowercase();
    let linkedin = host == "linkedin.com" || host.ends_with(".linkedin.com");
    (linkedin && path.strip_prefix("in/").is_some_and(|user| !user.is_empty())).then_some("LinkedIn")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Utf8Reader;
    use crate::rows::{Next, Rows};

    /// What a dialect file can say that no shipped one does.
    const MADE_UP: &str = r#"
        name = "Made up"
        export = "-"
        recognise = [["Who"]]
        column = [
            { to = "name/full", headers = ["Name", "Who"] },
            { to = "phones", headers = ["Office Phone"], label = "work" },
            { to = "addresses", part_headers = ["Street", "Town"], label = "home" },
            { to = "anniversaries", headers = ["Born"], label = "birth", date = "month-day-year" },
        ]
    "#;

    fn read(text: &str) -> Contact {
        let dialect = Dialect::parse("made-up.toml", MADE_UP).unwrap();
        let mut rows = Rows::new(Utf8Reader::new(text.as_bytes()), Vec::new(), b',');
        let Next::Row(header) = rows.next().unwrap() else { panic!("no header") };
        let columns = Columns::new(&dialect, &header);
        let Next::Row(row) = rows.next().unwrap() else { panic!("no row") };
        let (contact, warnings) = columns.contact(&row);
        assert_eq!(warnings, [""; 0]);
        contact
    }

    #[test]
    fn a_dialect_is_data() {
        let contact = read("who ,Town,Street,Office Phone,Born\nAda,London,12 Sq,1234,12/10/1815\n");
        assert_eq!(contact.name.full.as_deref(), Some("Ada"));
        assert_eq!(contact.phones[0].label.as_deref(), Some("work"));
        assert_eq!(
            contact.addresses[0],
            Address { full: "12 Sq, London".into(), label: Some("home".into()) }
        );
        assert_eq!(contact.anniversaries[0].date, "1815-12-10");
    }

    #[test]
    fn columns_that_a_file_lacks_are_no_matter() {
        assert_eq!(read("Who\nAda\n").name.full.as_deref(), Some("Ada"));
    }

    #[test]
    fn profiles_are_told_from_other_pages() {
        for (uri, expected) in [
            ("https://www.linkedin.com/in/ada", Some("LinkedIn")),
            ("http://de.linkedin.com/in/ada/", Some("LinkedIn")),
            ("LinkedIn.com/in/ada", Some("LinkedIn")),
            ("https://www.linkedin.com/in/", None),
            ("https://www.linkedin.com/company/engines", None),
            ("https://example.org/linkedin.com/in/ada", None),
            ("https://notlinkedin.com/in/ada", None),
            ("linkedin.com", None),
            ("", None),
        ] {
            assert_eq!(profile_service(uri), expected, "{uri}");
        }
    }
}
