//! What each column of a header means: a dialect tied to where its columns stand.

use std::collections::{BTreeMap, HashMap, HashSet};

use kith_plugin::Contact;

use crate::contact::Draft;
use crate::date::Years;
use crate::dialect::{Column, Dialect, Field, Language, header_key};
use crate::order::{Evidence, Order};
use crate::rows::Row;

/// The highest number that `{n}` stands for.
const MOST_REPEATED: usize = 200;

/// The columns of a file: what its dialect says, tied to where they stand.
pub(crate) struct Columns<'d> {
    dialect: &'d Dialect,
    places: Vec<Placed<'d>>,
    width: usize,
    /// Whether every column that has a name is one of the dialect's.
    complete: bool,
    /// The others, in order: where they stand.
    left: Vec<usize>,
}

/// One column where it stands in the file.
pub(crate) struct Placed<'d> {
    pub(crate) column: &'d Column,
    /// Its name in this file, for messages.
    pub(crate) name: String,
    pub(crate) value: Option<usize>,
    pub(crate) label: Option<usize>,
    pub(crate) unit: Option<usize>,
    pub(crate) parts: Vec<usize>,
    /// Year, month and day.
    pub(crate) date: [Option<usize>; 3],
    pub(crate) order: Order,
}

impl<'d> Columns<'d> {
    /// Ties the columns of `dialect` to those of a header with these keys
    /// ([`header_keys`](crate::dialect::header_keys)). A column of the file is
    /// one of the dialect's only: the first that has its name.
    pub(crate) fn new(dialect: &'d Dialect, header: &[String]) -> Self {
        let named = header.iter().enumerate().filter(|(_, key)| !key.is_empty());
        let mut free: HashMap<&str, usize> = named.map(|(place, key)| (key.as_str(), place)).collect();
        let all: HashSet<&str> = free.keys().copied().collect();
        let mut places = Vec::new();
        for column in &dialect.columns {
            let is_meant =
                column.beside.is_empty() || column.beside.iter().any(|name| all.contains(&*header_key(name)));
            if is_meant {
                let last = if column.is_repeated() { header.len().min(MOST_REPEATED) } else { 1 };
                (1..=last).for_each(|n| Placed::add(&mut places, column, n, &mut free));
            }
        }
        let complete = free.is_empty();
        let mut left: Vec<usize> = free.into_values().collect();
        left.sort_unstable();
        Self { dialect, places, width: header.len(), complete, left }
    }

    /// Adds what a row has in columns that are not the dialect's to `counts`, by their places.
    pub(crate) fn count_left(&self, row: &Row<'_>, counts: &mut BTreeMap<usize, u64>) {
        for &place in self.left.iter().filter(|&&place| !row.cell(place).is_empty()) {
            *counts.entry(place).or_default() += 1;
        }
    }

    /// Whether all columns are the dialect's.
    pub(crate) fn are_all_known(&self) -> bool {
        self.complete
    }

    /// Whether one is a name or an email address.
    pub(crate) fn have_somebody(&self) -> bool {
        self.places.iter().any(|place| {
            matches!(place.column.to, Field::NameFull | Field::NameGiven | Field::NameSurname | Field::Emails)
        })
    }

    /// Whether there is nothing but names in them.
    pub(crate) fn are_names_alone(&self) -> bool {
        self.complete
            && self.places.iter().all(|place| {
                matches!(
                    place.column.to,
                    Field::NameFull
                        | Field::NameFileAs
                        | Field::NameTitle
                        | Field::NameGiven
                        | Field::NameGiven2
                        | Field::NameSurname
                        | Field::NameSuffix
                )
            })
    }

    /// The language of most of the columns' names; none if that could be two.
    pub(crate) fn language(&self) -> Option<Language> {
        let mut votes: HashMap<Language, usize> = HashMap::new();
        for place in &self.places {
            for language in place.column.headers.languages(&place.name) {
                *votes.entry(language).or_default() += 1;
            }
        }
        let most = votes.values().copied().max()?;
        let mut first = votes.into_iter().filter(|(_, count)| *count == most).map(|(language, _)| language);
        first.next().filter(|_| first.next().is_none())
    }

    /// Whether the order of a column's dates has to be found in its values.
    pub(crate) fn have_open_dates(&self) -> bool {
        self.places.iter().any(Placed::has_open_dates)
    }

    /// Finds the order of dates from what was seen of each column ([`Columns::see_dates`]).
    pub(crate) fn settle_dates(&mut self, seen: &[Evidence], header: Option<Language>) {
        for (place, evidence) in self.places.iter_mut().zip(seen).filter(|(place, _)| place.has_open_dates())
        {
            place.order = evidence.order(self.dialect.date_order, header);
        }
    }

    /// Takes the dates of a row into account, one entry of `seen` a column.
    pub(crate) fn see_dates(&self, seen: &mut Vec<Evidence>, row: &Row<'_>) {
        seen.resize(self.places.len(), Evidence::default());
        for (place, evidence) in self.places.iter().zip(seen).filter(|(place, _)| place.has_open_dates()) {
            if let Some(value) = place.value {
                evidence.see(row.cell(value));
            }
        }
    }

    /// What a row says, and what of it was not understood, for the user.
    pub(crate) fn contact(&self, row: &Row<'_>) -> (Contact, Vec<String>) {
        let mut draft = Draft::new(self.dialect);
        for place in &self.places {
            draft.add(place, row);
        }
        let beyond = (self.width..row.len()).filter(|&index| !row.cell(index).is_empty()).count();
        if beyond > 0 {
            draft.warn(format!(
                "the row has more cells than the header, {beyond} with text: perhaps a separator stands in a cell without quotation marks"
            ));
        }
        draft.finish()
    }
}

impl<'d> Placed<'d> {
    /// Adds the column with number `n` as often as the header has it under one
    /// of its names, and takes what it uses from the columns that are `free`.
    fn add(places: &mut Vec<Self>, column: &'d Column, n: usize, free: &mut HashMap<&str, usize>) {
        let number = n.to_string();
        let mut take = |name: &str| {
            let name = name.replace("{n}", &number);
            free.remove(header_key(&name).as_str()).map(|place| (place, name))
        };
        let mut values = column.headers.iter().filter_map(&mut take).collect::<Vec<_>>().into_iter();
        let first = values.next();
        let mut all = |names: &[String]| -> Vec<usize> {
            names.iter().filter_map(|name| Some(take(name)?.0)).collect()
        };
        let parts = all(&column.part_headers);
        let date = [&column.year_headers, &column.month_headers, &column.day_headers]
            .map(|names| all(names).first().copied());
        if first.is_none() && parts.is_empty() && date.iter().all(Option::is_none) {
            return;
        }
        let order = column.date.map_or(Order::Open, Order::Fixed);
        let (value, name) = first.map_or_else(
            || (None, column.day_headers.first().cloned().unwrap_or_default()),
            |(place, name)| (Some(place), name),
        );
        places.push(Self {
            column,
            name,
            value,
            label: all(&column.label_headers).first().copied(),
            unit: all(&column.unit_headers).first().copied(),
            parts,
            date,
            order,
        });
        places.extend(values.map(|(place, name)| Self {
            column,
            name,
            value: Some(place),
            label: None,
            unit: None,
            parts: Vec::new(),
            date: [None; 3],
            order,
        }));
    }

    /// What two digits of a year mean in it.
    pub(crate) fn years(&self) -> Years {
        if self.column.label.as_deref() == Some("birth") { Years::OfBirth } else { Years::Whole }
    }

    fn has_open_dates(&self) -> bool {
        self.column.to == Field::Anniversaries && self.column.date.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::header_keys;
    use crate::rows::{Next, Rows};

    /// What a dialect file can say that no shipped one does.
    const MADE_UP: &str = r#"
        name = "Made up"
        recognise = [{ headers = ["Who"] }]
        column = [
            { to = "name/full", headers = ["Name", "Who"] },
            { to = "phones", headers = ["Office Phone"], label = "work" },
            { to = "addresses", part_headers = ["Street", "Town"], label = "home" },
            { to = "anniversaries", headers = ["Born"], label = "birth", date = "month-day-year" },
        ]
    "#;

    fn read(text: &str) -> Contact {
        let dialect = Dialect::parse("made-up.toml", MADE_UP).unwrap();
        let mut rows = Rows::of_text(text.into(), b',');
        let Next::Row(header) = rows.next().unwrap() else { panic!("no header") };
        let columns = Columns::new(&dialect, &header_keys(header.cells()));
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
            kith_plugin::Address { full: "12 Sq, London".into(), label: Some("home".into()) }
        );
        assert_eq!(contact.anniversaries[0].date, "1815-12-10");
    }

    #[test]
    fn columns_that_a_file_lacks_are_no_matter() {
        assert_eq!(read("Who\nAda\n").name.full.as_deref(), Some("Ada"));
    }
}
