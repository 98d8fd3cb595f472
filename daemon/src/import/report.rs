//! What became of an import, for people and for programs.

mod record;

use std::fmt::Write;

use kith_plugin::Place;
use serde_json::{Value, json};

use super::folder::IMPORTER;
use super::{Mail, Member, archive};
use crate::core::text;
use crate::importer::Skipped;
use crate::store::{Detail, Gone, Outcome, What};

/// A part of a report on a screen has so many lines.
const LINES: usize = 10;

/// What says in kith.toml who the user is.
const WHO_YOU_ARE: &str = "    [me]\n    name = \"Your Name\"\n    emails = [\"you@example.org\"]";

/// How much a report says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// So many lines in each of its parts.
    most: usize,
    /// Whether of what changed not only the fields are told but also their values.
    values: bool,
    /// Whether it is the report of a file in an archive, whose own says what holds of all.
    member: bool,
}

/// What became of a file that was imported.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file's name.
    pub file_name: String,
    /// The importer's name.
    pub importer: String,
    /// What became of its records.
    pub outcome: Outcome,
    /// Of a folder the names of the files that were read; of a Maildir those of which there is something to tell.
    pub files: Vec<String>,
    /// What the importer did not take; the first thousand.
    pub skipped: Vec<Skipped>,
    /// How many things the importer did not take.
    pub skipped_in_all: u64,
    /// What the importer says of the file as a whole.
    pub notes: Vec<String>,
    /// What became of the files in an archive.
    pub members: Vec<Member>,
}

impl Report {
    /// That nothing happened in a followed folder.
    #[must_use]
    pub fn unchanged(folder: &str) -> Self {
        Self {
            file_name: folder.to_owned(),
            importer: IMPORTER.to_owned(),
            outcome: Outcome::default(),
            files: Vec::new(),
            skipped: Vec::new(),
            skipped_in_all: 0,
            notes: Vec::new(),
            members: Vec::new(),
        }
    }

    /// Says of what was skipped of a Maildir in which mail it stands, and not on which line of the
    /// mbox that the mails were made.
    pub fn name_the_mails(&mut self, mails: &[Mail]) {
        for skipped in self.skipped.iter_mut().filter(|skipped| skipped.at.line > 0) {
            let before = mails.partition_point(|mail| mail.line <= skipped.at.line);
            let Some(mail) = before.checked_sub(1).and_then(|at| mails.get(at)) else { continue };
            if self.files.is_empty() {
                // What is said of all mails together.
                self.files.push(self.file_name.clone());
            }
            self.files.push(mail.name.clone());
            let part = u32::try_from(self.files.len()).unwrap_or(u32::MAX) - 1;
            skipped.at = Place { part, line: 0 };
        }
    }

    /// Keeps no more than the counts, once the rest was told.
    pub fn forget_records(&mut self) {
        self.outcome = Outcome::sum([&self.outcome].into_iter());
        self.members.iter_mut().filter_map(|member| member.done.as_mut().ok()).for_each(Self::forget_records);
    }

    /// How many things were not taken, in the files of an archive as well.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        let members = self.members.iter().filter_map(|member| member.done.as_ref().ok());
        self.skipped_in_all + members.map(Self::left_out).sum::<u64>()
    }

    /// One line: the counts.
    #[must_use]
    pub fn summary(&self) -> String {
        let all = self.left_out();
        // Of an archive the reader would take them for files.
        let within = match all - self.skipped_in_all {
            0 => "",
            some if some == all => " (within its files)",
            some => &format!(" ({some} of them within its files)"),
        };
        format!("{}: {}{within}", text::plain(&self.file_name), self.outcome.counts(all))
    }

    /// The whole report, for people.
    #[must_use]
    pub fn text(&self) -> String {
        self.written(Extent { most: usize::MAX, values: true, member: false })
    }

    /// The report for a screen: the counts, and of each part the beginning;
    /// of a rehearsal with what would change in each field.
    #[must_use]
    pub fn brief(&self, rehearsal: bool) -> String {
        self.written(Extent { most: LINES, values: rehearsal, member: false })
    }

    /// The report to that extent.
    pub(super) fn written(&self, extent: Extent) -> String {
        let most = extent.most;
        let mut text = format!("{}\n", self.summary());
        for note in &self.notes {
            let _ = writeln!(text, "  {note}");
        }
        let (others, members): (Vec<&Member>, Vec<&Member>) =
            self.members.iter().partition(|member| member.is_other);
        let others: Vec<&str> = others.iter().map(|member| member.name.as_str()).collect();
        if let Some(said) = archive::without_people(&others, most) {
            let _ = writeln!(text, "  {said}");
        }
        match self.outcome.organizations {
            0 => {}
            1 => text.push_str(
                "  one of the new is an organisation: kept, and not planned (kith edit NAME --kind person, if that is wrong)\n",
            ),
            many => {
                let _ = writeln!(
                    text,
                    "  {many} of the new are organisations: kept, and not planned (kith edit NAME --kind person, where that is wrong)"
                );
            }
        }
        match self.outcome.contradicting {
            0 => {}
            1 => text.push_str(
                "  one record contradicts what is known: kith conflicts shows it, and how to decide\n",
            ),
            many => {
                let _ = writeln!(
                    text,
                    "  {many} records contradict what is known: kith conflicts shows them, and how to decide"
                );
            }
        }
        self.write_gone(&mut text);
        self.write_history(&mut text, extent);
        self.write_skipped(&mut text, most);
        let same = self.outcome.same.iter().filter(|_| self.outcome.unchanged <= LINES as u64);
        for title in ["In review: is this the same person? (kith review)", "Updated", "New", "Unchanged"] {
            let all = self.outcome.details.iter().chain(same.clone());
            let mut details: Vec<&Detail> =
                all.filter(|detail| title.starts_with(detail.what.title())).collect();
            if details.is_empty() {
                continue;
            }
            // Where not all are listed, those come first of which there is something to tell.
            if details.len() > most {
                details.sort_by_key(|detail| detail.warnings.is_empty() && detail.contradicts.is_empty());
            }
            let _ = writeln!(text, "\n{title}");
            for detail in details.iter().take(most) {
                let name = text::name(&detail.name);
                let place = self.place(detail.at);
                let (said, changes) = record::explained(&detail.what, extent.values);
                let _ = writeln!(text, "  {place}{name}{said}");
                for change in changes {
                    let _ = writeln!(text, "    {change}");
                }
                for contradiction in record::contradictions(detail) {
                    let _ = writeln!(text, "    {contradiction}");
                }
                for warning in &detail.warnings {
                    let _ = writeln!(text, "    note: {warning}");
                }
            }
            write_rest(&mut text, details.len().saturating_sub(most));
        }
        let said = u64::try_from(self.outcome.details.len()).unwrap_or(u64::MAX);
        let unchanged = self.outcome.details.iter().filter(|detail| detail.what == What::Unchanged).count();
        let all = self.outcome.new + self.outcome.updated + self.outcome.review + unchanged as u64;
        // Of an archive each file has its own.
        if said < all && self.members.is_empty() {
            let _ = writeln!(text, "\nand {} more, which are not listed here", all - said);
        }
        for member in members {
            text.push('\n');
            text.push_str(&member.written(Extent { member: true, ..extent }));
        }
        // It lies beside the file as well, where a pager may show it.
        text::plain(&text).into_owned()
    }

    /// What became of cards whose files went.
    fn write_gone(&self, text: &mut String) {
        let Gone { cards, archived, kept } = self.outcome.gone;
        for (count, one, many) in [
            (cards, "card is gone from the folder", "cards are gone from the folder"),
            (archived, "person had nothing else and is archived", "people had nothing else and are archived"),
            (kept, "person stays, of whom you noted something", "people stay, of whom you noted something"),
        ] {
            if count > 0 {
                let _ = writeln!(text, "  {count} {}", if count == 1 { one } else { many });
            }
        }
    }

    /// What was told of contact with people.
    fn write_history(&self, text: &mut String, Extent { most, member, .. }: Extent) {
        let told = &self.outcome.history;
        if told.all() == 0 {
            return;
        }
        let _ = writeln!(
            text,
            "\nHistory: {} new, {} told before, {} with nobody known",
            told.new,
            told.unchanged,
            told.unknown.saturating_sub(told.of_several.values().sum())
        );
        for (who, times) in told.of_several.iter().take(most) {
            let _ = writeln!(
                text,
                "  {times} left out: several are called {} (kith review; when they are one, import this again)",
                text::name(who)
            );
        }
        for (why, times) in &told.no_contact {
            let _ = writeln!(text, "  {times} left out: {why}");
        }
        if told.guessed > 0 && !member {
            let back = if told.new > 0 { ", take this import back (kith undo)" } else { "" };
            let _ = writeln!(
                text,
                "  {} guessed: kith.toml does not say who you are, so neither what you wrote nor whether you took \
                 part can be told. Put it there{back} and import again:\n{WHO_YOU_ARE}",
                told.guessed
            );
        }
        if told.strangers.is_empty() {
            return;
        }
        let _ = writeln!(
            text,
            "\nLeft out until they are known (kith add, or import their contacts; then import this again)"
        );
        for (who, times) in told.strangers.iter().take(most) {
            let _ = writeln!(text, "  {} ({times})", text::name(who));
        }
        write_rest(text, told.strangers.len().saturating_sub(most));
    }

    fn write_skipped(&self, text: &mut String, most: usize) {
        if self.skipped.is_empty() {
            return;
        }
        let _ = writeln!(text, "\nSkipped (the file itself is kept)");
        for skipped in self.skipped.iter().take(most) {
            let place = self.place(skipped.at);
            let _ = writeln!(text, "  {place}{}", skipped.reason);
        }
        let in_all = usize::try_from(self.skipped_in_all).unwrap_or(usize::MAX);
        write_rest(text, in_all.saturating_sub(self.skipped.len().min(most)));
    }

    /// Where something stands, with a colon behind it. What is about the file as a whole has no line.
    fn place(&self, Place { part, line }: Place) -> String {
        let file = usize::try_from(part).ok().and_then(|part| self.files.get(part));
        match (file, line) {
            (None, 0) => String::new(),
            (None, line) => format!("line {line}: "),
            // Of a folder of one card a file the name says it all.
            (Some(file), 0 | 1) => format!("{file}: "),
            (Some(file), line) => format!("{file}, line {line}: "),
        }
    }

    /// Says in which file of a folder something stands.
    fn within(&self, part: u32, mut said: Value) -> Value {
        let file = usize::try_from(part).ok().and_then(|part| self.files.get(part));
        if let (Some(file), Some(said)) = (file, said.as_object_mut()) {
            said.insert("in".to_owned(), file.as_str().into());
        }
        said
    }

    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let all = self.outcome.details.iter().chain(&self.outcome.same);
        let records: Vec<Value> =
            all.map(|detail| self.within(detail.at.part, record::json(detail))).collect();
        let places: Vec<Value> = self
            .skipped
            .iter()
            .map(|s| self.within(s.at.part, json!({ "line": s.at.line, "reason": s.reason })))
            .collect();
        json!({
            "file": self.file_name,
            "importer": self.importer,
            "new": self.outcome.new,
            "updated": self.outcome.updated,
            "unchanged": self.outcome.unchanged,
            "review": self.outcome.review,
            "skipped": self.left_out(),
            "organizations": self.outcome.organizations,
            "contradicting": self.outcome.contradicting,
            "gone": self.outcome.gone.cards,
            "archived": self.outcome.gone.archived,
            "notes": self.notes,
            "history": {
                "new": self.outcome.history.new,
                "unchanged": self.outcome.history.unchanged,
                "unknown": self.outcome.history.unknown,
                "left_out": self.outcome.history.no_contact.values().sum::<u64>(),
                "strangers": self.outcome.history.strangers,
                "of_several": self.outcome.history.of_several,
                "guessed": self.outcome.history.guessed,
            },
            "records": records,
            "skipped_places": places,
            "members": self.members.iter().map(Member::json).collect::<Vec<_>>(),
        })
    }
}

impl What {
    /// How the part of a report begins that names such records.
    fn title(&self) -> &'static str {
        match self {
            Self::Review { .. } => "In review",
            Self::Updated { .. } => "Updated",
            Self::New { .. } => "New",
            Self::Unchanged => "Unchanged",
        }
    }
}

fn write_rest(text: &mut String, more: usize) {
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
}
