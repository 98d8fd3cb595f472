//! Who says what is known of a contact: for each value the cards and the
//! user's changes that say so, and what was overruled.

use kith_plugin::Contact;

use super::assemble::{Card, Change, assemble};
use super::contact::{COLUMNS, Column, Content, Item, LISTS, List};
use super::part::{PARTS, Part};

/// Who says a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A card, by its number.
    Card(i64),
    /// One of the user's own changes, by its number in the log.
    Change(i64),
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The value; none: the user emptied the field.
    pub value: Option<String>,
    /// What it is for.
    pub label: Option<String>,
    /// Whether the contact has it.
    pub counts: bool,
    /// Who says it.
    pub by: Vec<Who>,
    /// The change of the user's by which it does not count, if it was one.
    pub overruled_by: Option<i64>,
}

/// A field, with all that is said of it; what counts first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name: a column or a table of the database, or a [`Part`].
    pub name: &'static str,
    /// What is said.
    pub said: Vec<Said>,
}

/// Tells of every field of `content` who says what, and of what the database has no column for and
/// `whole`, which is what an export says, has; `changes` are the user's, in the order they are applied.
#[must_use]
pub fn sources(cards: &[Card], changes: &[Change], content: &Content, whole: &Contact) -> Vec<Field> {
    // One that is gone counts only where nothing else says who somebody is.
    let any_stays = cards.iter().any(|card| card.gone.is_none());
    let alone: Vec<Alone<'_>> = cards
        .iter()
        .filter(|card| card.gone.is_none() || !any_stays)
        .map(|card| Alone {
            card: card.id,
            content: assemble(std::slice::from_ref(card), &[]),
            fields: &card.fields,
        })
        .collect();
    let columns = COLUMNS.into_iter().map(|column| Field {
        name: column.name(),
        said: of_column(column, &alone, changes, (content, whole)),
    });
    let parts = PARTS
        .into_iter()
        .map(|part| Field { name: part.name(), said: of_part(part, &alone, content, whole) });
    let lists = LISTS
        .into_iter()
        .map(|list| Field { name: list.table(), said: of_list(list, &alone, changes, content.list(list)) });
    // That a field is empty says something only where somebody fills it.
    columns
        .chain(parts)
        .chain(lists)
        .filter(|field| field.said.iter().any(|said| said.value.is_some()))
        .collect()
}

/// What one card says.
struct Alone<'a> {
    card: i64,
    content: Content,
    fields: &'a Contact,
}

/// All that a contact says of a column in which only the first is shown.
fn several(column: Column, contact: &Contact) -> Vec<&str> {
    match column {
        Column::Title => contact.titles.iter().map(String::as_str).collect(),
        Column::Organization => {
            contact.organizations.iter().filter_map(|firm| firm.name.as_deref()).collect()
        }
        _ => Vec::new(),
    }
}

fn of_column(
    column: Column,
    alone: &[Alone<'_>],
    changes: &[Change],
    (content, whole): (&Content, &Contact),
) -> Vec<Said> {
    let set = changes.iter().rfind(|change| change.field == column.name()).map(|change| change.n);
    let is = content.column(column).filter(|value| Some(*value) != column.default());
    let mut said: Vec<Said> = Vec::new();
    let mut say = |value: Option<&str>, counts: bool, who: Who| match said
        .iter_mut()
        .find(|known| known.value.as_deref() == value)
    {
        Some(known) => known.by.push(who),
        None => said.push(Said {
            value: value.map(str::to_owned),
            label: None,
            counts,
            by: vec![who],
            overruled_by: set.filter(|_| !counts),
        }),
    };
    if let Some(n) = set {
        say(is, true, Who::Change(n));
    }
    let also = several(column, whole);
    for Alone { card, content, fields } in alone {
        let value = content.column(column).filter(|value| Some(*value) != column.default());
        // One card of a person is enough to be one.
        let value = value.filter(|_| column != Column::Kind || is.is_some() || set.is_some());
        let more = several(column, fields).into_iter().filter(|more| Some(*more) != value);
        for value in value.into_iter().chain(more) {
            let is_part = column == Column::Note && set.is_none();
            let counts = is == Some(value)
                || also.contains(&value)
                || is_part && is.is_some_and(|all| all.contains(value));
            say(Some(value), counts, Who::Card(*card));
        }
    }
    said.sort_by_key(|said| (!said.counts, said.value.as_deref() != is));
    said
}

/// Who says a part; of departments it is told whose they are, where they are not those of the organisation shown.
fn of_part(part: Part, alone: &[Alone<'_>], content: &Content, whole: &Contact) -> Vec<Said> {
    let counting = part.of(whole);
    let mut said: Vec<Said> = Vec::new();
    for Alone { card, fields, .. } in alone {
        for one in part.of(fields) {
            let counts = counting.contains(&one);
            let (value, of) = one;
            let label = of.filter(|of| content.column(Column::Organization) != Some(of));
            match said.iter_mut().find(|known| known.value.as_ref() == Some(&value) && known.label == label) {
                Some(known) => known.by.push(Who::Card(*card)),
                None => said.push(Said {
                    value: Some(value),
                    label,
                    counts,
                    by: vec![Who::Card(*card)],
                    overruled_by: None,
                }),
            }
        }
    }
    said.sort_by_key(|said| (!said.counts, said.label.is_some()));
    said
}

fn of_list(list: List, alone: &[Alone<'_>], changes: &[Change], items: &[Item]) -> Vec<Said> {
    // The change names the value alone.
    let is_named = |item: &Item, value: &str| list.is_same((&item.value, None), (value, None));
    let change = |of: &dyn Fn(&Change) -> bool| {
        changes.iter().rfind(|change| change.field == list.table() && of(change)).map(|change| change.n)
    };
    let mut said: Vec<(Item, Said)> = items
        .iter()
        .map(|item| {
            let added = change(&|change| change.new.as_deref().is_some_and(|new| is_named(item, new)));
            let by = added.map(Who::Change).into_iter().collect();
            (item.clone(), one(item, true, by, None))
        })
        .collect();
    for Alone { card, content, .. } in alone {
        for item in content.list(list) {
            let spelled =
                said.iter().position(|(known, _)| known.value == item.value && known.is_same(item, list));
            let same = spelled.or_else(|| said.iter().position(|(known, _)| known.is_same(item, list)));
            match same.map(|at| &mut said[at]) {
                Some((_, said)) => said.by.push(Who::Card(*card)),
                None => {
                    let taken =
                        change(&|change| change.old.as_deref().is_some_and(|old| is_named(item, old)));
                    said.push((item.clone(), one(item, false, vec![Who::Card(*card)], taken)));
                }
            }
        }
    }
    said.into_iter().map(|(_, said)| said).collect()
}

fn one(item: &Item, counts: bool, by: Vec<Who>, overruled_by: Option<i64>) -> Said {
    Said { value: Some(item.value.clone()), label: item.label.clone(), counts, by, overruled_by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::export::{Exported, Original, fields};
    use kith_plugin::{Anniversary, Contact, Email, Name, NameComponent, NameComponentKind, Organization};

    fn card(id: i64, name: &str, born: &str, emails: &[&str], note: &str) -> Card {
        let fields = Contact {
            name: Name { full: Some(name.into()), components: vec![] },
            anniversaries: vec![Anniversary { kind: "birth".into(), date: born.into() }],
            emails: emails.iter().map(|a| Email { address: (*a).into(), ..Email::default() }).collect(),
            notes: vec![note.into()],
            ..Contact::default()
        };
        Card { id, kept: false, behind: 0, gone: None, fields }
    }

    fn change(field: &str, old: Option<&str>, new: Option<&str>) -> Change {
        Change { n: 0, field: field.into(), item: None, old: old.map(Into::into), new: new.map(Into::into) }
    }

    /// Each value as `+ value [who; who]`, with a minus where it does not count.
    fn told(cards: &[Card], changes: &[Change], field: &str) -> Vec<String> {
        let content = assemble(cards, changes);
        let own = COLUMNS.into_iter().filter(|c| changes.iter().any(|change| change.field == c.name()));
        let originals = cards.iter().map(|card| Original { card: card.clone(), vcard: String::new() });
        let (own, originals) = (own.collect(), originals.collect());
        let whole = fields(&Exported { uid: String::new(), content: content.clone(), own, originals });
        let fields = sources(cards, changes, &content, &whole);
        let said = fields.into_iter().find(|known| known.name == field).map_or(vec![], |field| field.said);
        said.iter()
            .map(|said| {
                let mark = if said.counts { '+' } else { '-' };
                let over = said.overruled_by.map_or_else(String::new, |at| format!(" not by change {at}"));
                format!("{mark} {} {:?}{over}", said.value.as_deref().unwrap_or("nothing"), said.by)
            })
            .collect()
    }

    #[test]
    fn every_value_has_who_says_it_and_what_was_overruled() {
        let cards = [
            card(1, "Anna Müller", "1985-04-12", &["anna@a.example", "old@a.example"], "one"),
            card(2, "A. Müller", "--04-12", &["ANNA@a.example"], "two"),
        ];
        let changes = [
            change("title", None, Some("Baker")),
            change("email", Some("old@a.example"), None),
            change("email", None, Some("own@a.example")),
            change("title", Some("Baker"), None),
            change("circle", None, Some("close")),
            change("name", Some("Anna Müller"), Some("Anna Berg")),
        ];
        let changes: Vec<Change> = changes.into_iter().zip(0..).map(|(c, n)| Change { n, ..c }).collect();
        for (field, expected) in [
            (
                "name",
                &[
                    "+ Anna Berg [Change(5)]",
                    "- Anna Müller [Card(1)] not by change 5",
                    "- A. Müller [Card(2)] not by change 5",
                ][..],
            ),
            ("birthday", &["+ 1985-04-12 [Card(1)]", "- --04-12 [Card(2)]"]),
            // Set and emptied again, and nobody else says anything.
            ("title", &[]),
            ("note", &["+ one [Card(1)]", "+ two [Card(2)]"]),
            ("circle", &["+ close [Change(4)]"]),
            ("kind", &[]),
            (
                "email",
                &[
                    "+ anna@a.example [Card(1), Card(2)]",
                    "+ own@a.example [Change(2)]",
                    "- old@a.example [Card(1)] not by change 1",
                ],
            ),
        ] {
            assert_eq!(told(&cards, &changes, field), expected, "{field}");
        }
    }

    #[test]
    fn what_has_no_column_has_its_sources_too() {
        let firm =
            |name: &str, unit: &str| Organization { name: Some(name.into()), units: vec![unit.into()] };
        let mut one = card(1, "Dr. Anna Müller", "1985-04-12", &[], "one");
        one.fields.organizations = vec![firm("Eins", "A"), firm("Zwei", "B")];
        one.fields.titles = vec!["T1".into(), "T2".into()];
        one.fields.name.components =
            vec![NameComponent { kind: NameComponentKind::Title, value: "Dr.".into() }];
        let mut two = card(2, "Anna Müller", "1985-04-12", &[], "");
        two.fields.titles = vec!["R1".into(), "T2".into()];
        let titles = ["+ T1 [Card(1)]", "+ T2 [Card(1), Card(2)]", "+ R1 [Card(2)]"];
        for (field, expected) in [
            ("organization", &["+ Eins [Card(1)]", "+ Zwei [Card(1)]"][..]),
            ("department", &["+ A [Card(1)]", "+ B [Card(1)]"]),
            ("title", &titles),
            ("name_prefix", &["+ Dr. [Card(1)]"]),
            ("middle_name", &[]),
        ] {
            assert_eq!(told(&[one.clone(), two.clone()], &[], field), expected, "{field}");
        }
        // What the user set counts alone.
        let own = [change("title", None, Some("T2"))];
        let told = told(&[one, two], &own, "title");
        let overruled = ["- T1 [Card(1)] not by change 0", "- R1 [Card(2)] not by change 0"];
        assert_eq!(told, [&["+ T2 [Change(0), Card(1), Card(2)]"][..], &overruled].concat());
    }
}
