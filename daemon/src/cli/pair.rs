//! Two people side by side, with what is equal marked; one above the other
//! where the terminal is narrow.

use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::name::{PersonName, fold};
use crate::core::text::{self, columns, cut};
use crate::error::Result;
use crate::store::Store;

/// Narrower than this, two columns cannot be read.
const SIDE_BY_SIDE: usize = 72;

/// Columns of what a line is about.
const LABEL: usize = 13;

/// Of a long text, such as a note, so many lines are shown.
const MOST_LINES: usize = 4;

/// Somebody, as far as it helps to tell whether they are somebody else.
#[derive(Debug, Clone)]
pub(super) struct Side {
    id: PersonId,
    content: Content,
    sources: Vec<String>,
    /// Why its cards were taken for one person's.
    reasons: Vec<String>,
}

impl Side {
    /// Reads somebody.
    pub(super) fn of(store: &Store, id: PersonId) -> Result<Self> {
        let cards = store.cards(id)?;
        let mut reasons: Vec<String> = cards.iter().filter_map(|card| card.reason.clone()).collect();
        reasons.extend(store.parts(id)?.into_iter().filter_map(|part| part.reason));
        reasons.sort_unstable();
        reasons.dedup();
        let mut sources: Vec<String> = cards.into_iter().map(|card| card.file_name).collect();
        sources.dedup();
        if sources.is_empty() {
            sources.push("you".to_owned());
        }
        Ok(Self { id, content: store.contact(id)?, sources, reasons })
    }

    /// The name with the id, of which nothing is cut.
    fn title(&self, width: usize) -> String {
        let name = text::name(self.content.column(Column::Name).unwrap_or_default());
        let id = format!(" (id {})", self.id);
        format!("{}{id}", cut(&name, width.saturating_sub(columns(&id))))
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
    type Equal = fn(&str, &str) -> bool;
    let folded: Equal = |one, other| fold(one) == fold(other);
    let exact: Equal = |one, other| one == other;
    let fields: [(&'static str, Get, Equal); 11] = [
        (
            "Name",
            |side| side.column(Column::Name),
            |one, other| PersonName::of_text(one) == PersonName::of_text(other),
        ),
        (
            "Email",
            |side| side.list(List::Email),
            |one, other| List::Email.is_same((one, None), (other, None)),
        ),
        (
            "Phone",
            |side| side.list(List::Phone),
            |one, other| List::Phone.is_same((one, None), (other, None)),
        ),
        ("Organisation", |side| side.column(Column::Organization), folded),
        ("Title", |side| side.column(Column::Title), folded),
        ("Birthday", |side| side.column(Column::Birthday), exact),
        ("Address", |side| side.list(List::Address), folded),
        ("Note", |side| side.column(Column::Note), folded),
        ("Circle", |side| side.column(Column::Circle), exact),
        ("From", |side| side.sources.clone(), exact),
        ("Joined by", |side| side.reasons.clone(), exact),
    ];
    for (label, get, equal) in fields {
        let (mut left, mut right) = (get(left), get(right));
        let mut rows = Vec::new();
        // What is equal stands on one line, first.
        left.retain(|value| {
            let twin = right.iter().position(|other| equal(other, value));
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
            text += &format!("{}\n", side.title(width));
            let (mut label, mut said) = ("", "");
            for line in &lines {
                label = if line.label.is_empty() { label } else { line.label };
                let value = if is_left { &line.left } else { &line.right };
                if value.is_empty() {
                    continue;
                }
                let mark = if line.equal { '=' } else { ' ' };
                let (mut mark, mut once) = (mark, if label == said { "" } else { label });
                said = label;
                for value in shown(label, value, width.saturating_sub(LABEL + 3)) {
                    text += &format!(" {mark} {once:<LABEL$}{value}\n");
                    (mark, once) = (' ', "");
                }
            }
        }
        return text;
    }
    let half = (width - LABEL - 3) / 2;
    let mut row = |label: &str, left: &str, mark: &str, right: &str| {
        let gap = " ".repeat(half.saturating_sub(columns(left)));
        let line = format!("{label:<LABEL$}{left}{gap} {mark} {right}");
        text += &format!("{}\n", line.trim_end());
    };
    row("", &left.title(half), " ", &right.title(half));
    let mut about = "";
    for line in &lines {
        about = if line.label.is_empty() { about } else { line.label };
        let [left, right] = [&line.left, &line.right].map(|value| shown(about, value, half));
        for at in 0..left.len().max(right.len()) {
            let (label, mark) = if at == 0 { (line.label, line.equal) } else { ("", false) };
            let side = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
            row(label, &side(&left), if mark { "=" } else { " " }, &side(&right));
        }
    }
    text
}

/// What is shown of a value: its beginning, on one line or, of what is a text, on a few.
fn shown(label: &str, value: &str, width: usize) -> Vec<String> {
    if !matches!(label, "Note" | "Address" | "Joined by") {
        return vec![cut(value, width).into_owned()];
    }
    let mut lines = text::lines(value, width);
    lines.retain(|line| !line.is_empty());
    let more = lines.len() > MOST_LINES;
    lines.truncate(MOST_LINES);
    if more && let Some(last) = lines.last_mut() {
        *last += " …";
    }
    // What is too wide for a line of its own is cut, and so may be the mark that there is more.
    lines.iter().map(|line| cut(line, width).into_owned()).collect()
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
        Side { id: PersonId(1), content, sources: vec!["phone.vcf".into()], reasons: vec![] }
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
    fn notes_are_shown_as_far_as_it_takes_to_decide() {
        let mut left = side("Bert Kern", &[], "", "");
        left.content.set(Column::Note, Some("Met at the harbour.\n\nPlays the tuba, sails.".to_owned()));
        let mut right = side("Bert Kern", &[], "", "");
        right.content.set(Column::Note, Some("My neighbour from the third floor. ".repeat(9)));
        right.content.list_mut(List::Address).push(Item { value: "Kiel".into(), ..Item::default() });
        insta::assert_snapshot!(text(&left, &right, 80), @"
                     Bert Kern (id 1)                   Bert Kern (id 1)
        Name         Bert Kern                        = Bert Kern
        Phone                                         =
        Address                                         Kiel
        Note         Met at the harbour.                My neighbour from the third
                     Plays the tuba, sails.             floor. My neighbour from the
                                                        third floor. My neighbour from
                                                        the third floor. My neighbour …
        From         phone.vcf                        = phone.vcf
        ");
        insta::assert_snapshot!(text(&left, &right, 40), @"
        Bert Kern (id 1)
         = Name         Bert Kern
           Note         Met at the harbour.
                        Plays the tuba, sails.
         = From         phone.vcf
        Bert Kern (id 1)
         = Name         Bert Kern
           Address      Kiel
           Note         My neighbour from the
                        third floor. My
                        neighbour from the third
                        floor. My neighbour fro…
         = From         phone.vcf
        ");
        let same = text(&left, &left, 80);
        assert!(same.contains("= Met at the harbour.\n"), "{same}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = "山田 ".repeat(40);
        let mut side = side(&long, &[&long], &long, &long);
        side.content.set(Column::Note, Some(format!("{long}\nhttps://example.org/{}", "x".repeat(90))));
        for width in [40, 60, 71, 72, 80, 200] {
            for line in text(&side, &side, width).lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}
