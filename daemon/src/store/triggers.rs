//! The triggers that log every edit, generated from the list of columns.
//!
//! They are bare: they only append to `change`, and hold nothing that stock
//! SQLite 3.37 lacks. kith's own imports run with triggers switched off, so
//! what is logged is by construction somebody's own edit. The traps they
//! avoid are in docs/database.md.

use std::fmt::Write;

use crate::core::contact::{COLUMNS, LISTS};

/// A trigger: its name and the statement that creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) sql: String,
}

/// A table whose edits are logged.
struct Logged {
    table: &'static str,
    columns: Vec<Logging>,
    /// Whose change an edit of a row is.
    owner: Owner,
}

struct Logging {
    column: &'static str,
    field: String,
    /// What names the row in the log: another column's value.
    item: Option<&'static str>,
}

impl Logging {
    /// What the log says of the column of a row.
    fn value(&self, row: &str) -> String {
        let column = format!("{row}.\"{}\"", self.column);
        if self.column == HASH { format!("nullif(hex({column}), '')") } else { column }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The row is the contact.
    Itself,
    /// The home of the row's card, else the row's contact: a change follows the right person when a merge is split.
    Card,
    /// The row's contact.
    Contact,
    /// Nobody's.
    Nobody,
}

impl Owner {
    fn of(self, row: &str) -> String {
        match self {
            Self::Itself => format!("{row}.id"),
            Self::Card => {
                format!("coalesce((SELECT contact_id FROM card WHERE id = {row}.card_id), {row}.contact_id)")
            }
            Self::Contact => format!("{row}.contact_id"),
            Self::Nobody => "NULL".to_owned(),
        }
    }
}

/// A table beside the contacts whose rows are the user's own and logged whole,
/// so that a row that was deleted can be put back.
pub(super) struct Fact {
    pub(super) table: &'static str,
    /// Its columns that are logged.
    pub(super) columns: &'static [&'static str],
    /// Those of them without which there is no row.
    pub(super) needs: &'static [&'static str],
}

/// The one column of these that is no text: the log has it in hexadecimal digits.
pub(super) const HASH: &str = "hash";

/// The tables that are logged whole.
pub(super) const FACTS: [Fact; 9] = [
    Fact {
        table: "interaction",
        columns: &[
            "contact_id",
            "entered_on",
            "import_id",
            "day",
            "how",
            "what",
            HASH,
            "went",
            "learned",
            "given",
            "asked",
            "received",
        ],
        needs: &["contact_id", "day", "how"],
    },
    Fact {
        table: "pause",
        columns: &["contact_id", "from_day", "until_day", "why"],
        needs: &["from_day", "until_day"],
    },
    Fact {
        table: "review",
        columns: &[
            "contact_id",
            "twin_id",
            "reason",
            "withheld",
            "since",
            "import_id",
            "codes",
            "strength",
            "decided_at",
            "decision",
        ],
        needs: &["contact_id", "twin_id"],
    },
    Fact {
        table: "intention",
        columns: &["contact_id", "kind", "what", "by_day", "entered_on", "ended_on", "outcome"],
        needs: &["contact_id", "kind", "what"],
    },
    Fact {
        table: "introduction",
        columns: &[
            "contact_id",
            "through_id",
            "what",
            "entered_on",
            "asked_on",
            "agreed_on",
            "sent_on",
            "made_on",
            "hello_on",
            "thanked_on",
            "ended_on",
            "outcome",
            "by_me",
            "to_asked_on",
            "to_agreed_on",
            "looked_back_on",
        ],
        needs: &["contact_id", "through_id"],
    },
    Fact {
        table: "memo",
        columns: &["contact_id", "kind", "what", "entered_on"],
        needs: &["contact_id", "kind", "what"],
    },
    Fact {
        table: "goal",
        columns: &[
            "contact_id",
            "what",
            "why",
            "number",
            "counts",
            "circle",
            "query",
            "from_day",
            "until_day",
            "ended_on",
            "outcome",
        ],
        needs: &["what", "number", "counts", "until_day"],
    },
    Fact {
        table: "occasion",
        columns: &["name", "day", "yearly", "days", "people"],
        needs: &["name", "day"],
    },
    Fact { table: "merged", columns: &["winner", "at", "import_id", "reason"], needs: &["winner"] },
];

fn logged() -> Vec<Logged> {
    let contact = Logged {
        table: "contact",
        columns: COLUMNS
            .iter()
            .map(|c| Logging { column: c.name(), field: c.name().to_owned(), item: None })
            .collect(),
        owner: Owner::Itself,
    };
    let lists = LISTS.iter().map(|list| {
        let attribute = |name: &'static str| Logging {
            column: name,
            field: format!("{}.{name}", list.table()),
            item: Some(list.value_column()),
        };
        let value = Logging { column: list.value_column(), field: list.table().to_owned(), item: None };
        Logged {
            table: list.table(),
            columns: vec![value, attribute("label"), attribute("pref")],
            owner: Owner::Card,
        }
    });
    let facts = FACTS.iter().map(|fact| Logged {
        table: fact.table,
        columns: fact
            .columns
            .iter()
            .map(|&column| Logging {
                column,
                field: format!("{}.{column}", fact.table),
                item: Some(key_of(fact.table)),
            })
            .collect(),
        owner: if fact.columns.contains(&"contact_id") { Owner::Contact } else { Owner::Nobody },
    });
    std::iter::once(contact).chain(lists).chain(facts).collect()
}

/// The column that numbers a table's rows.
pub(super) fn key_of(table: &str) -> &'static str {
    match table {
        "merged" => "loser",
        "change" => "n",
        _ => "id",
    }
}

/// Every trigger there should be.
pub(super) fn all() -> Vec<Trigger> {
    let mut triggers: Vec<Trigger> = logged().iter().flat_map(Logged::triggers).collect();
    triggers.push(Trigger {
        name: "contact_keeps_id".to_owned(),
        // `BEFORE UPDATE OF id` would miss `SET rowid = …`.
        sql: "CREATE TRIGGER contact_keeps_id BEFORE UPDATE ON contact WHEN OLD.id IS NOT NEW.id\nBEGIN\n  \
              SELECT raise(ABORT, 'the id of a contact never changes');\nEND"
            .to_owned(),
    });
    triggers.push(Trigger {
        name: "contact_leaves_ids".to_owned(),
        // Ids are counted on from the highest ever used: after the last one nobody could be added.
        // No program that reads JSON can tell those beyond 2^53 apart anyway.
        sql: "CREATE TRIGGER contact_leaves_ids AFTER INSERT ON contact WHEN NEW.id > 9007199254740991\nBEGIN\n  \
              SELECT raise(ABORT, 'the id of a contact is at most 9007199254740991; leave it out to have the next one');\nEND"
            .to_owned(),
    });
    triggers.push(Trigger {
        name: "contact_archives".to_owned(),
        // Ids are never used again and what belongs to the person stays: undo is archived_at = NULL.
        sql: "CREATE TRIGGER contact_archives BEFORE DELETE ON contact\nBEGIN\n  \
              UPDATE contact SET archived_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = OLD.id AND archived_at IS NULL;\n  \
              SELECT raise(IGNORE);\nEND"
            .to_owned(),
    });
    for when in ["INSERT", "UPDATE"] {
        let name = format!("merged_{}_is_possible", when.to_lowercase());
        let sql = format!(
            "CREATE TRIGGER {name} BEFORE {when} ON merged\n\
             WHEN NEW.winner = NEW.loser OR NEW.winner IN (SELECT loser FROM merged)\n\
             \x20 OR NOT EXISTS (SELECT 1 FROM contact WHERE id = NEW.winner)\nBEGIN\n\
             \x20 SELECT raise(ABORT, 'winner is a contact that is not merged into another');\nEND"
        );
        triggers.push(Trigger { name, sql });
    }
    triggers
}

impl Logged {
    fn triggers(&self) -> Vec<Trigger> {
        let mut all = vec![self.before_insert(), self.after_insert(), self.after_update()];
        if self.table != "contact" {
            all.push(self.after_delete());
        }
        all
    }

    fn trigger(&self, when: &str, guard: &str, body: &str) -> Trigger {
        let table = self.table;
        let name = format!("{table}_{}", when.to_lowercase().replace(' ', "_"));
        let sql = format!("CREATE TRIGGER {name} {when} ON {table}{guard}\nBEGIN\n{body}END");
        Trigger { name, sql }
    }

    /// Fires for OR IGNORE and UPSERT too, so it only puts aside and never logs.
    fn before_insert(&self) -> Trigger {
        let (table, key) = (self.table, key_of(self.table));
        let mut body = String::new();
        for logging in &self.columns {
            let (field, value) = (&logging.field, logging.value(table));
            let _ = writeln!(
                body,
                "  INSERT INTO replaced(\"table\", row_id, field, value) SELECT '{table}', {key}, '{field}', {value} FROM {table} WHERE {key} = NEW.{key};"
            );
        }
        self.trigger(
            "BEFORE INSERT",
            &format!(" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"),
            &body,
        )
    }

    fn after_insert(&self) -> Trigger {
        let (table, key) = (self.table, key_of(self.table));
        let mut body = String::new();
        for logging in &self.columns {
            let old = format!(
                "(SELECT value FROM replaced WHERE row_id = NEW.{key} AND \"table\" = '{table}' AND field = '{}' ORDER BY n DESC LIMIT 1)",
                logging.field
            );
            let new = logging.value("NEW");
            let changed = format!("{old} IS NOT {new}");
            body += &self.log(logging, "NEW", "NEW", &old, &new, &changed);
        }
        if self.owner == Owner::Card {
            let value = self.columns[0].column;
            let _ = writeln!(
                body,
                "  INSERT INTO former(contact_id, \"table\", row_id, value) SELECT NEW.contact_id, '{table}', NEW.id, value FROM replaced WHERE row_id = NEW.id AND \"table\" = '{table}' AND field = '{table}' AND value IS NOT NEW.\"{value}\";"
            );
        }
        let _ = writeln!(body, "  DELETE FROM replaced WHERE row_id = NEW.{key} AND \"table\" = '{table}';");
        self.trigger("AFTER INSERT", "", &body)
    }

    fn after_update(&self) -> Trigger {
        let mut body = String::new();
        for (at, logging) in self.columns.iter().enumerate() {
            let (old, new) = (logging.value("OLD"), logging.value("NEW"));
            let changed = format!("{old} IS NOT {new}");
            if self.owner != Owner::Card {
                body += &self.log(logging, "NEW", "NEW", &old, &new, &changed);
                continue;
            }
            // Given to another contact, a row leaves one and comes to the other.
            let moved = "OLD.contact_id IS NOT NEW.contact_id";
            let stays = "OLD.contact_id IS NEW.contact_id";
            if at == 0 {
                body += &self.log(logging, "OLD", "OLD", &old, &new, &format!("{stays} AND {changed}"));
                body += &self.log(logging, "OLD", "OLD", &old, "NULL", moved);
                body += &self.log_for("NEW.contact_id", logging, "NEW", "NULL", &new, moved);
            } else {
                // With another value the label is said again, for the card's may be gone by then.
                let value = self.columns[0].column;
                let said = format!("(OLD.\"{value}\" IS NOT NEW.\"{value}\" AND {new} IS NOT NULL)");
                body += &self.log(
                    logging,
                    "OLD",
                    "NEW",
                    &old,
                    &new,
                    &format!("{stays} AND ({changed} OR {said})"),
                );
                body += &self.log_for(
                    "NEW.contact_id",
                    logging,
                    "NEW",
                    "NULL",
                    &new,
                    &format!("{moved} AND {new} IS NOT NULL"),
                );
            }
        }
        let key = key_of(self.table);
        let _ = writeln!(
            body,
            "  DELETE FROM replaced WHERE row_id = NEW.{key} AND \"table\" = '{}';",
            self.table
        );
        let value = self.columns[0].column;
        body += &self.note_former(&format!(
            " WHERE OLD.contact_id IS NOT NEW.contact_id OR OLD.\"{value}\" IS NOT NEW.\"{value}\""
        ));
        self.trigger("AFTER UPDATE", "", &body)
    }

    fn after_delete(&self) -> Trigger {
        let mut body = String::new();
        for logging in self.columns.iter().take(if self.owner == Owner::Card { 1 } else { usize::MAX }) {
            let old = logging.value("OLD");
            body += &self.log(logging, "OLD", "OLD", &old, "NULL", &format!("{old} IS NOT NULL"));
        }
        body += &self.note_former("");
        self.trigger("AFTER DELETE", "", &body)
    }

    /// One statement that notes which row had a list's value, if `condition` holds.
    fn note_former(&self, condition: &str) -> String {
        if self.owner != Owner::Card {
            return String::new();
        }
        let (table, value) = (self.table, self.columns[0].column);
        format!(
            "  INSERT INTO former(contact_id, \"table\", row_id, value) SELECT OLD.contact_id, '{table}', OLD.id, OLD.\"{value}\"{condition};\n"
        )
    }

    /// One statement that appends to the log if `condition` holds.
    fn log(
        &self,
        logging: &Logging,
        owner: &str,
        row: &str,
        old: &str,
        new: &str,
        condition: &str,
    ) -> String {
        let contact = match self.table {
            "merged" => format!("{owner}.winner"),
            _ => self.owner.of(owner),
        };
        self.log_for(&contact, logging, row, old, new, condition)
    }

    fn log_for(
        &self,
        contact: &str,
        logging: &Logging,
        row: &str,
        old: &str,
        new: &str,
        condition: &str,
    ) -> String {
        let card = if self.owner == Owner::Card { format!("{row}.card_id") } else { "NULL".to_owned() };
        let item = logging.item.map_or_else(|| "NULL".to_owned(), |column| format!("{row}.\"{column}\""));
        format!(
            "  INSERT INTO change(contact_id, card_id, field, item, old, new) SELECT {contact}, {card}, '{}', {item}, {old}, {new} WHERE {condition};\n",
            logging.field
        )
    }
}
