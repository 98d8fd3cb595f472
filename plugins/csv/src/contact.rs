//! A row's contact in the making: what each cell says goes where its column points.

use std::borrow::Cow;
use std::slice;

use kith_plugin::text::{at_service, is_linkedin_profile, lines, without_name};
use kith_plugin::{
    Address, Anniversary, Contact, Email, Link, NameComponent, NameComponentKind, OnlineService,
    Organization, Phone, Relation,
};

use crate::columns::Placed;
use crate::date;
use crate::dialect::{Column, Dialect, Field, Separator};
use crate::order::Reading;
use crate::rows::Row;

/// A contact in the making.
pub(crate) struct Draft<'d> {
    dialect: &'d Dialect,
    contact: Contact,
    file_as: Option<String>,
    warnings: Vec<String>,
}

impl<'d> Draft<'d> {
    pub(crate) fn new(dialect: &'d Dialect) -> Self {
        Self { dialect, contact: Contact::default(), file_as: None, warnings: Vec::new() }
    }

    /// Says something about the row to the user.
    pub(crate) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// Takes what a row says in one column.
    pub(crate) fn add(&mut self, place: &Placed<'_>, row: &Row<'_>) {
        let cell = place.value.map_or("", |index| row.cell(index));
        let column = place.column;
        if cell.is_empty() {
            return self.add_parts(place, row);
        }
        let blanks = if column.to == Field::Notes { Cow::Borrowed(cell) } else { blanks(cell) };
        let cell = &*blanks;
        let contact = &mut self.contact;
        match column.to {
            Field::Uid => contact.uid = Some(cell.to_owned()),
            Field::Kind => match serde_json::from_value(cell.to_lowercase().into()) {
                Ok(kind) => contact.kind = Some(kind),
                Err(_) => self.left_out(place, cell, "is no kind of contact"),
            },
            Field::NameFull if contact.name.full.is_some() => self.left_out(place, cell, "is a second name"),
            Field::NameFull => contact.name.full = Some(cell.to_owned()),
            Field::NameFileAs => self.file_as = Some(cell.to_owned()),
            Field::NameTitle => self.name_part(NameComponentKind::Title, cell),
            Field::NameGiven => self.name_part(NameComponentKind::Given, cell),
            Field::NameGiven2 => self.name_part(NameComponentKind::Given2, cell),
            Field::NameSurname => self.name_part(NameComponentKind::Surname, cell),
            Field::NameSuffix => self.name_part(suffix_kind(cell), cell),
            Field::Nothing => {}
            Field::Notes => self.note(place, row, cell),
            Field::Nicknames => {
                contact.nicknames.extend(values(self.dialect, column, cell).map(str::to_owned));
            }
            Field::Titles => contact.titles.extend(values(self.dialect, column, cell).map(str::to_owned)),
            Field::Organizations => self.organizations(place, row, cell),
            Field::Keywords => self.keywords(column, cell),
            Field::OnlineServices => self.profiles(place, row, cell),
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

    fn organizations(&mut self, place: &Placed<'_>, row: &Row<'_>, names: &str) {
        // Several organisations in one cell have their departments in the same order.
        let units: Vec<String> = place
            .unit
            .map(|unit| {
                values(self.dialect, place.column, &blanks(row.cell(unit))).map(str::to_owned).collect()
            })
            .unwrap_or_default();
        let mut units = units.into_iter();
        let organizations: Vec<Organization> = values(self.dialect, place.column, names)
            .map(|name| Organization {
                name: Some(name.to_owned()),
                units: units.next().into_iter().collect(),
            })
            .collect();
        self.contact.organizations.extend(organizations);
    }

    fn keywords(&mut self, column: &Column, cell: &str) {
        for keyword in values(self.dialect, column, cell).filter_map(|text| self.dialect.keyword(text)) {
            let keywords = &mut self.contact.keywords;
            if !keywords.iter().any(|known| known == keyword) {
                keywords.push(keyword.to_owned());
            }
        }
    }

    /// A note, behind what it is where the file says so.
    fn note(&mut self, place: &Placed<'_>, row: &Row<'_>, cell: &str) {
        let column = place.column;
        let what = if column.named { Some(place.name.clone()) } else { self.label(place, row).0 };
        let Some(what) = what else { return self.contact.notes.extend(lines(cell.to_owned())) };
        let values: Vec<&str> = values(self.dialect, column, cell).collect();
        self.contact.notes.extend(lines(format!("{what}: {}", values.join("; "))));
    }

    fn profiles(&mut self, place: &Placed<'_>, row: &Row<'_>, cell: &str) {
        let service = place.column.service.clone().or_else(|| self.label(place, row).0);
        for value in values(self.dialect, place.column, cell) {
            let (uri, user) = at_service(service.as_deref().unwrap_or_default(), value);
            let profile = OnlineService { service: service.clone(), uri, user, label: None };
            self.contact.online_services.push(profile);
        }
    }

    /// Takes what stands in several columns: an address or a date.
    fn add_parts(&mut self, place: &Placed<'_>, row: &Row<'_>) {
        let parts: Vec<&str> =
            place.parts.iter().map(|&index| row.cell(index)).filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            let (label, _) = self.label(place, row);
            self.contact.addresses.push(Address { full: one_line(&parts.join(", ")), label });
        }
        // A department of an organisation that is not named.
        let unit = place.unit.map(|unit| row.cell(unit)).filter(|unit| !unit.is_empty());
        if let Some(unit) = unit {
            self.contact
                .organizations
                .push(Organization { name: None, units: vec![blanks(unit).into_owned()] });
        }
        let [year, month, day] = place.date.map(|part| part.map_or("", |index| row.cell(index)));
        let text = [year, month, day].join("-");
        if !date::is_none(&text) {
            match date::of_parts(year, month, day, place.years(), &self.dialect.months) {
                Some(date) => self.date(place, row, date),
                None => self.no_date(place, &text),
            }
        }
    }

    /// The label of a value, and whether it is the preferred one.
    fn label(&self, place: &Placed<'_>, row: &Row<'_>) -> (Option<String>, bool) {
        let (label, marked) = match (&place.column.label, place.label) {
            (Some(label), _) => (Some(label.clone()), false),
            (None, Some(index)) => self.dialect.label(row.cell(index)),
            (None, None) => (None, false),
        };
        (label, marked || place.column.preferred)
    }

    /// Adds the values of a column that has a label.
    fn labelled(&mut self, place: &Placed<'_>, row: &Row<'_>, cell: &str) {
        let (label, preferred) = self.label(place, row);
        let values: Vec<&str> = values(self.dialect, place.column, cell).collect();
        for (at, value) in values.into_iter().enumerate() {
            let pref = (preferred && at == 0).then_some(1);
            if place.column.to == Field::Anniversaries {
                self.read_date(place, row, value);
            } else {
                self.labelled_value(place, value, label.clone(), pref);
            }
        }
    }

    fn labelled_value(&mut self, place: &Placed<'_>, value: &str, label: Option<String>, pref: Option<u8>) {
        let contact = &mut self.contact;
        let text = value.to_owned();
        match place.column.to {
            Field::Emails if !value.contains('@') => self.left_out(place, value, "is not an email address"),
            Field::Emails => {
                for (at, address) in addresses(place.column, value).into_iter().enumerate() {
                    let pref = pref.filter(|_| at == 0);
                    contact.emails.push(Email { address: address.to_owned(), label: label.clone(), pref });
                }
            }
            Field::Phones if !value.contains(|c: char| c.is_numeric()) => {
                self.left_out(place, value, "is not a telephone number");
            }
            Field::Phones => contact.phones.push(Phone { number: text, label, pref }),
            Field::Addresses => contact.addresses.push(Address { full: one_line(value), label }),
            Field::Links if is_linkedin_profile(value) => contact.online_services.push(OnlineService {
                service: Some("LinkedIn".to_owned()),
                uri: Some(text),
                ..OnlineService::default()
            }),
            Field::Links => contact.links.push(Link { uri: text, label }),
            Field::RelatedTo => contact.related_to.push(Relation { name: text, relation: label }),
            // The other fields have no label.
            _ => {}
        }
    }

    fn read_date(&mut self, place: &Placed<'_>, row: &Row<'_>, text: &str) {
        match place.order.read(text, place.years(), &self.dialect.months) {
            Reading::Date(date) => self.date(place, row, date),
            Reading::Assumed(date) => {
                self.warn(format!(
                    "{} \"{text}\" was read with the month first, as {date}, for the header is English and no date in the column tells otherwise",
                    place.name
                ));
                self.date(place, row, date);
            }
            Reading::Ambiguous => {
                self.warn(format!(
                    "{} \"{text}\" could be two dates and nothing in the file tells which; it was kept as a note. A dialect file with `date_order` tells it (docs/csv.md)",
                    place.name
                ));
                self.contact.notes.push(format!("{}: {text}", place.name));
            }
            Reading::Nothing => {}
            Reading::NoDate => self.no_date(place, text),
        }
    }

    fn date(&mut self, place: &Placed<'_>, row: &Row<'_>, date: String) {
        let kind = self.label(place, row).0.unwrap_or_else(|| "other".to_owned());
        self.contact.anniversaries.push(Anniversary { kind, date });
    }

    /// Keeps what is no date, or one that cannot be read for sure, such as a wedding on `1.2.85`.
    fn no_date(&mut self, place: &Placed<'_>, text: &str) {
        self.warn(format!("{} \"{text}\" cannot be read as a date; it was kept as a note", place.name));
        self.contact.notes.push(format!("{}: {text}", place.name));
    }

    fn left_out(&mut self, place: &Placed<'_>, value: &str, why: &str) {
        self.warnings.push(format!("{} \"{value}\" {why}; it stays in the original only", place.name));
    }

    /// The contact, and what is to be said of it.
    pub(crate) fn finish(mut self) -> (Contact, Vec<String>) {
        let name = &mut self.contact.name;
        if name.full.is_none() {
            // Nobody is called "Herr Max Mustermann" by those who know him.
            let shown = name.components.iter().filter(|part| part.kind != NameComponentKind::Title);
            let parts: Vec<&str> = shown.map(|part| part.value.as_str()).collect();
            name.full = Some(parts.join(" ")).filter(|full| !full.is_empty()).or(self.file_as);
        }
        (self.contact, self.warnings)
    }
}

/// The values in one cell of a column.
fn values<'c>(dialect: &'c Dialect, column: &'c Column, cell: &'c str) -> impl Iterator<Item = &'c str> {
    let of_all = || dialect.value_separator.as_ref().map(slice::from_ref);
    let marks = column.separator.as_ref().map(Separator::marks).or_else(of_all).unwrap_or_default();
    let mut rest = Some(cell);
    std::iter::from_fn(move || {
        let text = rest?;
        let first = marks.iter().filter_map(|mark| text.split_once(mark.as_str()));
        let (value, after) = match first.min_by_key(|(value, _)| value.len()) {
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
    blanks(&parts.join(", ")).into_owned()
}

/// A text with a space for each tab: from a sheet that was copied out of another one.
fn blanks(text: &str) -> Cow<'_, str> {
    if text.contains('\t') { Cow::Owned(text.replace('\t', " ")) } else { Cow::Borrowed(text) }
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

/// The email addresses of a cell, each without the name that may stand before it. Mail programs write
/// several with a comma or a semicolon between them; a comma may also stand in a name, and in an address
/// that kith itself wrote.
fn addresses<'c>(column: &Column, cell: &'c str) -> Vec<&'c str> {
    if column.separator.as_ref().is_some_and(|separator| separator.marks().is_empty()) {
        return vec![cell];
    }
    let parts: Vec<&str> = cell.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let each = if parts.iter().all(|part| part.contains('@')) { parts } else { vec![cell] };
    each.into_iter().map(|part| without_name(part).unwrap_or(part)).collect()
}
