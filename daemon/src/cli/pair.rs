//! Two people side by side, with what is equal marked; one above the other
//! where the terminal is narrow.

use super::choose;
use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::name::{PersonName, fold};
use crate::core::text::{columns, cut};
use crate::error::Result;
use crate::store::{Listed, Store};

/// Narrower than this, two columns cannot be read.
const SIDE_BY_SIDE: usize = 72;

/// Columns of what a line is about.
const LABEL: usize = 13;

/// Somebody, as far as it helps to tell whether they are somebody else.
#[derive(Debug, Clone)]
pub(super) struct Side {
    title: String,
    content: Content,
    sources: Vec<String>,
}

impl Side {
    /// Reads somebody.
    pub(super) fn of(store: &Store, id: PersonId) -> Result<Self> {
        let listed = Listed { id, content: store.contact(id)? };
        let mut sources: Vec<String> = store.cards(id)?.into_iter().map(|card| card.file_name).collect();
        sources.dedup();
        if sources.is_empty() {
            sources.push("you".to_owned());
        }
        Ok(Self { title: format!("{} (id {id})", choose::name(&listed)), content: listed.content, sources })
    }

    fn column(&self, column: Column) -> Vec<String> {
        self.content.column(column).filter(|text| !text.is_empty()).map(str::to_owned).into_iter().collect()
    }

    fn list(&self, list: List) -> Vec<String> {
        self.content.list(list).iter().map(|item| item.value.clone()).collect()
    }
}

/// A line of the comparison.
struct Line {
    label: &'static str,
    left: String,
    right: String,
    equal: bool,
}

fn lines(left: &Side, right: &Side) -> Vec<Line> {
    let mut lines = Vec::new();
    type Get = fn(&Side) -> Vec<String>;
    type Comparable = fn(&str) -> String;
    let fields: [(&'static str, Get, Comparable); 8] = [
        ("Name", |side| side.column(Column::Name), |text| PersonName::of_text(text).key().to_owned()),
        ("Email", |side| side.list(List::Email), |text| List::Email.key(text, None)),
        ("Phone", |side| side.list(List::Phone), |text| List::Phone.key(text, None)),
        ("Organisation", |side| side.column(Column::Organization), fold),
        ("Title", |side| side.column(Column::Title), fold),
        ("Birthday", |side| side.column(Column::Birthday), str::to_owned),
        ("Circle", |side| side.column(Column::Circle), str::to_owned),
        ("From", |side| side.sources.clone(), str::to_owned),
    ];
    for (label, get, comparable) in fields {
        let (mut left, mut right) = (get(left), get(right));
        let mut rows = Vec::new();
        // What is equal stands on one line, first.
        left.retain(|value| {
            let twin = right.iter().position(|other| comparable(other) == comparable(value));
            if let Some(at) = twin {
                rows.push((value.clone(), right.remove(at), true));
            }
            twin.is_none()
        });
        for at in 0..left.len().max(right.len()) {
            let side = |values: &[String]| values.get(at).cloned().unwrap_or_default();
            rows.push((side(&left), side(&right), false));
        }
        for (at, (left, right, equal)) in rows.into_iter().enumerate() {
            lines.push(Line { label: if at == 0 { label } else { "" }, left, right, equal });
        }
    }
    lines
}

/// The comparison as text that is at most `width` columns wide.
pub(super) fn text(left: &Side, right: &Side, width: usize) -> String {
    let lines = lines(left, right);
    let mut text = String::new();
    if width < SIDE_BY_SIDE {
        for (side, is_left) in [(left, true), (right, false)] {
            text += &format!("{}\n", cut(&side.title, width));
            let (mut label, mut said) = ("", "");
            for line in &lines {
                label = if line.label.is_empty() { label } else { line.label };
                let value = if is_left { &line.left } else { &line.right };
                if value.is_empty() {
                    continue;
                }
                let mark = if line.equal { '=' } else { ' ' };
                let value = cut(value, width.saturating_sub(LABEL + 3));
                let once = if label == said { "" } else { label };
                said = label;
                text += &format!(" {mark} {once:<LABEL$}{value}\n");
            }
        }
        return text;
    }
    let half = (width - LABEL - 3) / 2;
    let mut row = |label: &str, left: &str, mark: &str, right: &str| {
        let left = cut(left, half);
        let gap = " ".repeat(half.saturating_sub(columns(&left)));
        let line = format!("{label:<LABEL$}{left}{gap} {mark} {}", cut(right, half));
        text += &format!("{}\n", line.trim_end());
    };
    row("", &left.title, " ", &right.title);
    for line in &lines {
        row(line.label, &line.left, if line.equal { "=" } else { " " }, &line.right);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::contact::Item;

    fn side(title: &str, emails: &[&str], phone: &str, organization: &str) -> Side {
        let mut content = Content::default();
        content.set(Column::Name, Some(title.to_owned()));
        content.set(Column::Organization, Some(organization.to_owned()));
        for email in emails {
            content.list_mut(List::Email).push(Item { value: (*email).into(), ..Item::default() });
        }
        content.list_mut(List::Phone).push(Item { value: phone.into(), ..Item::default() });
        Side { title: format!("{title} (id 1)"), content, sources: vec!["phone.vcf".into()] }
    }

    #[test]
    fn what_is_equal_is_marked_and_stands_on_one_line() {
        let left = side("Bért Kern", &["old@b.example", "bert@b.example"], "+49 170 1234567", "Harbour");
        let right =
            side("Bert Kern", &["BERT@b.example"], "0170 1234567", "The Society of Something Long Indeed");
        insta::assert_snapshot!(text(&left, &right, 80), @"
                     Bért Kern (id 1)                   Bert Kern (id 1)
        Name         Bért Kern                        = Bert Kern
        Email        bert@b.example                   = BERT@b.example
                     old@b.example
        Phone        +49 170 1234567                  = 0170 1234567
        Organisation Harbour                            The Society of Something Long I…
        From         phone.vcf                        = phone.vcf
        ");
        insta::assert_snapshot!(text(&left, &right, 44), @"
        Bért Kern (id 1)
         = Name         Bért Kern
         = Email        bert@b.example
                        old@b.example
         = Phone        +49 170 1234567
           Organisation Harbour
         = From         phone.vcf
        Bert Kern (id 1)
         = Name         Bert Kern
         = Email        BERT@b.example
         = Phone        0170 1234567
           Organisation The Society of Something Lo…
         = From         phone.vcf
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = "山田 ".repeat(40);
        let side = side(&long, &[&long], &long, &long);
        for width in [40, 60, 71, 72, 80, 200] {
            for line in text(&side, &side, width).lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}
