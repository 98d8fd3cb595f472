//! Finding the person that a word on the command line means.

use std::io::{self, BufRead, IsTerminal, Write};

use super::{Context, screen};
use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::text;
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Filter, Listed, Store};

/// How many candidates are shown.
const SHOWN: usize = 12;

/// The one person that `query` means; of several the user may choose on a terminal.
pub(super) fn person(context: &Context, store: &Store, query: &str) -> Result<Listed> {
    let mut found = store.find(query)?;
    if found.len() > 1 && may_ask(context) {
        return ask(found, query);
    }
    match (found.pop(), found.len()) {
        (None, _) if store.list(Filter::default())?.is_empty() => {
            Err(Error::user(format!("nobody matches {query:?}: there is nobody yet"))
                .hint("import an address book first, or add somebody: kith import FILE, kith add NAME"))
        }
        (None, _) => Err(nobody(store, query)?),
        (Some(only), 0) => Ok(only),
        (Some(last), _) => {
            found.push(last);
            Err(several(&found, query))
        }
    }
}

/// As [`person`], for what is done with the plan: of several the only one who
/// is planned now, with a remark that says so. A whole line, or nothing.
pub(super) fn planned(context: &Context, store: &Store, query: &str) -> Result<(Listed, String)> {
    let mut found = store.find(query)?;
    if found.len() > 1 {
        let (_, plan) = rehearse(store, &context.settings, context.today)?;
        let is_planned = |listed: &Listed| {
            plan.follow_ups.iter().any(|f| f.key.person == listed.id && f.day <= context.today)
        };
        let planned: Vec<usize> = (0..found.len()).filter(|&at| is_planned(&found[at])).collect();
        if let [only] = planned[..] {
            let count = found.len();
            let listed = found.swap_remove(only);
            let said = format!(
                "Of {count} people who match {query:?} only {} (id {}) is planned now.\n",
                listed.name(),
                listed.id
            );
            return Ok((listed, said));
        }
    }
    Ok((person(context, store, query)?, String::new()))
}

/// As [`person`], of several words, with the [`remarks`] on each; whoever two
/// of the words mean is there once.
pub(super) fn people(context: &Context, store: &Store, queries: &[String]) -> Result<(Vec<Listed>, String)> {
    let (mut found, mut said): (Vec<Listed>, String) = (Vec::new(), String::new());
    for query in queries {
        let listed = person(context, store, query)?;
        if found.iter().all(|other| other.id != listed.id) {
            said += &remarks(store, query, &listed)?;
            found.push(listed);
        }
    }
    Ok((found, said))
}

/// That a word means nobody; whether somebody archived could be meant.
fn nobody(store: &Store, query: &str) -> Result<Error> {
    let error = Error::user(format!("nobody matches {query:?}"));
    Ok(match store.find_archived(query)?.first() {
        None => error.hint("kith list shows everybody; part of a name, an email address or an id will do"),
        Some(archived) => error.hint(format!(
            "{} (id {1}) is archived: kith archive --back {1} brings them back",
            archived.name(),
            archived.id
        )),
    })
}

/// That a word means several people.
pub(super) fn several(found: &[Listed], query: &str) -> Error {
    Error::user(format!("{} people match {query:?}:\n{}", found.len(), candidates(found)))
        .hint("say more of the name, or give the id")
}

/// Whether somebody is there to answer.
pub(super) fn may_ask(context: &Context) -> bool {
    !context.json && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// People as they are listed to choose from.
pub(super) fn candidates(found: &[Listed]) -> String {
    let mut lines: Vec<String> =
        found.iter().take(SHOWN).map(|listed| format!("  {}", describe(listed))).collect();
    if found.len() > SHOWN {
        lines.push(format!("  and {} more", found.len() - SHOWN));
    }
    lines.join("\n")
}

/// The id, the name and what tells namesakes apart.
fn describe(listed: &Listed) -> String {
    format!("{:>5}  {}", listed.id, told_apart(&listed.name(), &listed.content))
}

/// A name with what tells it from namesakes.
pub(super) fn told_apart(name: &str, content: &Content) -> String {
    let first = |list| content.list(list).first().map(|item| item.value.as_str());
    let more = [content.column(Column::Organization), first(List::Email).or_else(|| first(List::Phone))];
    let more: Vec<_> = more.into_iter().flatten().filter(|word| *word != name).map(text::name).collect();
    let name = text::name(name);
    if more.is_empty() { name.into_owned() } else { format!("{name} ({})", more.join(", ")) }
}

/// Whether somebody has died: nothing is asked for with them.
pub(super) fn has_died(content: &Content) -> bool {
    content.list(List::Anniversary).iter().any(|item| item.label.as_deref() == Some("death"))
}

/// What somebody may not know who named a person by `query` to change
/// something: that this was somebody else's id once, or that the person is
/// archived. Whole lines.
pub(super) fn remarks(store: &Store, query: &str, listed: &Listed) -> Result<String> {
    let mut remarks = String::new();
    let asked = query.trim().parse().ok().map(PersonId).filter(|asked| *asked != listed.id);
    if let Some(asked) = asked
        && store.stands_for(asked)? == listed.id
    {
        remarks.push_str(&format!("Id {asked} was merged into {} (id {}).\n", listed.name(), listed.id));
    }
    if listed.content.column(Column::ArchivedAt).is_some() {
        remarks.push_str(&format!("{} is archived and stays so: nothing is planned.\n", listed.name()));
    }
    Ok(remarks)
}

/// Asks on the terminal whether to go on.
///
/// # Errors
/// If the answer is anything but yes.
pub(super) fn yes(question: &str) -> Result<()> {
    let answer = answer(&format!("{question} [y/N]"))?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Error::user("nothing was changed"))
    }
}

/// Asks on the terminal for a line.
fn answer(question: &str) -> Result<String> {
    let io_error = |error: io::Error| Error::user(format!("could not ask: {error}"));
    let mut err = screen::err();
    write!(err, "{}", screen::asked(question)).and_then(|()| err.flush()).map_err(io_error)?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer).map_err(io_error)? == 0 {
        // Ctrl-D leaves the cursor behind the question.
        writeln!(err).map_err(io_error)?;
    }
    Ok(answer)
}

/// Asks which of several people is meant.
pub(super) fn ask(mut found: Vec<Listed>, query: &str) -> Result<Listed> {
    let people = format!("{} people match {query:?}:\n{}", found.len(), candidates(&found));
    let at = one_of(&people, "Whose id? (empty for none)", |answer| {
        found.iter().position(|listed| listed.id.to_string() == answer)
    })?;
    at.map(|at| found.swap_remove(at)).ok_or_else(|| Error::user("nobody was chosen; nothing was changed"))
}

/// Shows what there is and asks which is meant, again and again until the
/// answer is one of them; none if it is empty, or at the end of input.
pub(super) fn one_of<T>(
    there_is: &str,
    question: &str,
    chosen: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    let mut asked = format!("{there_is}\n{question}");
    loop {
        let answer = answer(&asked)?;
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(None);
        }
        if let Some(chosen) = chosen(answer) {
            return Ok(Some(chosen));
        }
        asked = format!("{} is none of these. {question}", text::name(answer));
    }
}
