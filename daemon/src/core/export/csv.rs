//! A sheet (RFC 4180), a row a contact, with as many columns as the contact
//! that has most needs. config/csv/kith.toml says how it is read back.
//!
//! A cell is what it holds: `+49 30 1234567` and `=1+1` stand as they are, since
//! a sign before them, against spreadsheets that take them for formulas, would
//! come back as part of the number.

use kith_plugin::text::is_linkedin_profile;
use kith_plugin::{Contact, NameComponentKind};

use super::{Exported, fields};

/// A row: each cell under the name of its column, several of one kind in turn.
type Row = Vec<(Column, String)>;

/// A column: its kind, and which one of the kind it is, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    /// Its kind's place in [`KINDS`].
    kind: usize,
    number: usize,
    /// Of the columns for one value its place in the kind: the label stands behind the value.
    part: usize,
}

/// The kinds of columns, in order: the names of their parts, `{n}` where there may be several.
const KINDS: [&[&str]; 21] = [
    &["kith UID"],
    &["Kind"],
    &["Name"],
    &["Name prefix"],
    &["Given name"],
    &["Middle name"],
    &["Family name"],
    &["Name suffix"],
    &["Nickname {n}"],
    &["Organization {n}", "Department {n}"],
    &["Job title {n}"],
    &["Preferred email {n}", "Preferred email {n} label"],
    &["Email {n}", "Email {n} label"],
    &["Preferred phone {n}", "Preferred phone {n} label"],
    &["Phone {n}", "Phone {n} label"],
    &["Address {n}", "Address {n} label"],
    &["Link {n}", "Link {n} label"],
    &["Date {n}", "Date {n} label"],
    &["Related person {n}", "Related person {n} label"],
    &["Category {n}"],
    &["Note"],
];

/// Writes a sheet of these contacts.
#[must_use]
pub fn write(all: &[Exported]) -> String {
    let rows: Vec<Row> = all.iter().map(|exported| row(&fields(exported))).collect();
    let mut columns: Vec<Column> = rows.iter().flatten().map(|(column, _)| *column).collect();
    // By these a sheet is recognised.
    columns.extend([0, 2].map(|kind| Column { kind, number: 1, part: 0 }));
    columns.sort();
    columns.dedup();
    let mut sheet = String::new();
    let names = columns.iter().map(|column| {
        let name = KINDS.get(column.kind).and_then(|parts| parts.get(column.part)).unwrap_or(&"");
        name.replace("{n}", &column.number.to_string())
    });
    line(&mut sheet, names);
    for row in rows {
        let cell = |column: &Column| row.iter().find(|(at, _)| at == column).map(|(_, text)| text.clone());
        line(&mut sheet, columns.iter().map(|column| cell(column).unwrap_or_default()));
    }
    sheet
}

fn line(sheet: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            sheet.push(',');
        }
        let spaced = cell.starts_with(char::is_whitespace) || cell.ends_with(char::is_whitespace);
        if spaced || cell.contains([',', '"', '\r', '\n', ';', '\t']) {
            sheet.push('"');
            sheet.push_str(&cell.replace('"', "\"\""));
            sheet.push('"');
        } else {
            sheet.push_str(&cell);
        }
    }
    sheet.push_str("\r\n");
}

/// The cells of a contact that are not empty.
fn row(contact: &Contact) -> Row {
    use NameComponentKind::{Credential, Generation, Given, Given2, Surname, Surname2, Title};
    let mut row = Cells { row: Vec::new(), counts: [0; KINDS.len()] };
    let parts = |kinds: &[NameComponentKind]| {
        let of = contact.name.components.iter().filter(|part| kinds.contains(&part.kind));
        of.map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ")
    };
    row.add("kith UID", &[contact.uid.as_deref().unwrap_or_default()]);
    let kind = contact.kind.and_then(|kind| serde_json::to_value(kind).ok());
    row.add("Kind", &[kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default()]);
    row.add("Name", &[contact.name.full.as_deref().unwrap_or_default()]);
    row.add("Name prefix", &[&parts(&[Title])]);
    row.add("Given name", &[&parts(&[Given])]);
    row.add("Middle name", &[&parts(&[Given2])]);
    row.add("Family name", &[&parts(&[Surname, Surname2])]);
    row.add("Name suffix", &[&parts(&[Generation, Credential])]);
    contact.nicknames.iter().for_each(|name| row.add("Nickname {n}", &[name]));
    for organization in &contact.organizations {
        let name = organization.name.as_deref().unwrap_or_default();
        row.add("Organization {n}", &[name, &organization.units.join(", ")]);
    }
    contact.titles.iter().for_each(|title| row.add("Job title {n}", &[title]));
    let label = |label: &Option<String>| label.clone().unwrap_or_default();
    for email in &contact.emails {
        let kind = if email.pref == Some(1) { "Preferred email {n}" } else { "Email {n}" };
        row.add(kind, &[&email.address, &label(&email.label)]);
    }
    for phone in &contact.phones {
        let kind = if phone.pref == Some(1) { "Preferred phone {n}" } else { "Phone {n}" };
        row.add(kind, &[&phone.number, &label(&phone.label)]);
    }
    for address in &contact.addresses {
        // A comma at its end is none of the address, for whoever reads sheets.
        let full = address.full.trim_end_matches([',', ' ']);
        row.add("Address {n}", &[full, &label(&address.label)]);
    }
    for (uri, label) in links(contact) {
        row.add("Link {n}", &[&uri, &label]);
    }
    contact.anniversaries.iter().for_each(|date| row.add("Date {n}", &[&date.date, &date.kind]));
    for relation in &contact.related_to {
        row.add("Related person {n}", &[&relation.name, &label(&relation.relation)]);
    }
    contact.keywords.iter().for_each(|keyword| row.add("Category {n}", &[keyword]));
    row.add("Note", &[&contact.notes.join("\n\n")]);
    row.row
}

/// Pages and profiles; those at LinkedIn last, where an importer has them.
fn links(contact: &Contact) -> Vec<(String, String)> {
    let pages = contact.links.iter().map(|link| (link.uri.clone(), link.label.clone()));
    let profiles = contact.online_services.iter();
    let profiles = profiles.filter_map(|s| Some((s.uri.clone().or_else(|| s.user.clone())?, s.called())));
    let mut all: Vec<(String, String)> = pages
        .chain(profiles)
        .map(|(uri, label)| {
            let label = if is_linkedin_profile(&uri) { Some("LinkedIn".to_owned()) } else { label };
            (uri, label.unwrap_or_default())
        })
        .collect();
    all.sort_by_key(|(uri, _)| is_linkedin_profile(uri));
    all
}

struct Cells {
    row: Row,
    /// How many values of each kind there are.
    counts: [usize; KINDS.len()],
}

impl Cells {
    /// Adds a value of a kind, called by its first part, with what goes with it.
    fn add(&mut self, kind: &str, parts: &[&str]) {
        let Some(kind) = KINDS.iter().position(|names| names.first() == Some(&kind)) else { return };
        // A value that is not there has no label either.
        if parts.first().is_none_or(|value| value.is_empty()) {
            return;
        }
        self.counts[kind] += 1;
        let number = self.counts[kind];
        let cells = parts.iter().enumerate().filter(|(_, text)| !text.is_empty());
        self.row.extend(cells.map(|(part, text)| (Column { kind, number, part }, (*text).to_owned())));
    }
}
