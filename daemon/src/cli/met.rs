//! `kith met`

use std::collections::HashMap;
use std::io::Write;

use jiff::civil::Date;
use serde_json::json;

use super::meant::{self, Found, Meant};
use super::screen::{out, wrapped};
use super::{Context, Done, add, choose, log};
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::PersonId;
use crate::core::line::Line;
use crate::core::text;
use crate::error::{Error, Result};
use crate::store::{Listed, Meeting, Newcomer, Store};

/// Log whom you met at an event, and add those who are new.
///
/// Somebody is known who is called so, each word being one of their name's, or
/// has that id, address or number. Everybody else is added, with where you
/// met; of a new person you may say more, as in kith add. If one name is not
/// clear nothing is written.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith met \"Rust meetup\" anna \"Eva Stern\" \"Tom Berg, Leipzig, tom@example.org\"\n  \
                  kith met \"Bert's birthday\" \"Eva Stern\" --on saturday"
)]
pub(super) struct Args {
    /// What it was.
    event: String,
    /// Whom you met: names, addresses, ids, or lines as in kith add.
    #[arg(required = true, value_name = "PERSON")]
    people: Vec<String>,
    /// When: 2026-11-30, yesterday, friday, "3 days ago".
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Those who were there, each once.
#[derive(Default)]
struct Company {
    known: Vec<Listed>,
    new: Vec<Line>,
    /// Those known of whom a line said more than that they were there.
    said_more: Vec<PersonId>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let day = log::day(args.on.as_deref(), context)?;
    let event = args.event.trim();
    if event.is_empty() {
        return Err(Error::usage("met: say what it was, such as \"Rust meetup\"").into());
    }
    let mut store = context.store()?;
    let mut answers = HashMap::new();
    let (added, company) = meant::add(&mut store, context.entered_at(), |store| {
        let company = Company::of(context, store, &args.people, &mut answers)?;
        let newcomers = company.new.iter().map(|line| newcomer(line, event, day)).collect();
        let known = company.known.iter().map(|listed| listed.id).collect();
        let meeting = Some(Meeting { known, day, event, entered_on: context.today });
        Ok(Found { newcomers, meeting, more: company })
    })?;
    context.republish(&mut store)?;
    let new = company.new.iter().zip(&added);
    if context.json {
        let known = company.known.iter().map(|listed| {
            json!({ "person": listed.id.to_string(), "name": listed.content.column(Column::Name), "new": false })
        });
        let new = new.map(|(line, id)| json!({ "person": id.to_string(), "name": line.name, "new": true }));
        let people: Vec<_> = known.chain(new).collect();
        return context.print_json(&json!({ "event": event, "day": day.to_string(), "people": people }));
    }
    let mut said = wrapped(&format!("Met at {event} on {}:", spoken(day)), 0);
    for listed in &company.known {
        said += &wrapped(&format!("{} (id {}), known before", listed.name(), listed.id), 2);
        if company.said_more.contains(&listed.id) {
            said += &wrapped(&format!("what else the line says was not noted: kith edit {}", listed.id), 4);
        }
    }
    for (line, id) in new {
        said += &wrapped(&format!("{} (id {id}), new", text::name(&line.name)), 2);
        said += &wrapped(&line.taken(), 4);
    }
    write!(out(), "{said}")?;
    Ok(())
}

/// Somebody new, with where they were met in the note.
fn newcomer(line: &Line, event: &str, day: Date) -> Newcomer {
    let mut content = line.content();
    let met = format!("Met at {event} on {}.", spoken(day));
    let notes: Vec<String> = line.note.iter().cloned().chain([met]).collect();
    content.set(Column::Note, Some(notes.join("\n\n")));
    Newcomer { content, others: Vec::new() }
}

impl Company {
    /// Finds out who is known and who is new, before anything is written. What
    /// was asked and answered in an earlier look is not asked again.
    fn of(
        context: &Context,
        store: &Store,
        words: &[String],
        answers: &mut HashMap<String, PersonId>,
    ) -> Result<Self> {
        let index = store.index(context.settings.me.home())?;
        let mut company = Self::default();
        for word in words {
            match Meant::of(word, store, &index)? {
                Meant::Known(mut found, line) => {
                    let answered = found.iter().position(|listed| answers.get(word) == Some(&listed.id));
                    let listed = match (found.len(), answered) {
                        (1, _) => found.swap_remove(0),
                        (_, Some(at)) => found.swap_remove(at),
                        _ if choose::may_ask(context) => choose::ask(found, word)?,
                        _ => return Err(choose::several(&found, word)),
                    };
                    answers.insert(word.clone(), listed.id);
                    if add::is_archived(&listed) {
                        let (name, id) = (listed.name(), listed.id);
                        return Err(Error::user(format!(
                            "{name} (id {id}), whom {word:?} means, is archived"
                        ))
                        .hint(format!("kith archive --back {id} brings them back")));
                    }
                    if line.is_some_and(|line| line.adds_to(&listed.content)) {
                        company.said_more.push(listed.id);
                    }
                    if company.known.iter().all(|other| other.id != listed.id) {
                        company.known.push(listed);
                    }
                }
                Meant::Similar(found, _) => {
                    return Err(Error::user(format!(
                        "{word:?} is nobody's whole name, and may be short for\n{}",
                        choose::candidates(&found)
                    ))
                    .hint("give the id if one of them is meant; of somebody new say more of the name"));
                }
                Meant::New(line) => {
                    if let Some(fault) = line.fault(&context.settings.me) {
                        return Err(add::refused(word, &fault));
                    }
                    let twice = |other: &&Line| other.identity(None).name == line.identity(None).name;
                    if let Some(other) = company.new.iter().find(twice) {
                        return Err(Error::user(format!("{word:?} and {:?} have one name", other.name))
                            .hint("name each person once; kith add adds a namesake"));
                    }
                    company.new.push(line);
                }
            }
        }
        Ok(company)
    }
}
