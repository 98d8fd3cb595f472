//! What setup asks on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use super::plan::{Found, There, Wish};
use super::record::{Question, Record};
use crate::cli::screen;
use crate::core::contact::{List, NotAValue};
use crate::core::settings::{Me, Settings};
use crate::error::{Doing, Error, Result};

/// Whether somebody is there to be asked.
pub(super) fn may() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for what neither the options nor the configuration say, and what was
/// not left out before.
///
/// # Errors
/// If the terminal cannot be read, or its input ends (Ctrl-D).
pub(super) fn what_is_missing(wish: &mut Wish, settings: &Settings, found: &Found) -> Result<()> {
    let declined = Record::read(found.record.text.as_deref()).declined;
    let is_open = |question| !declined.contains(&question);
    let Me { name, emails, phones, .. } = &mut wish.change.me;
    let known = &settings.me;
    if name.is_empty() && known.name.is_empty() && is_open(Question::Name) {
        *name = ask("Your name, as on your own card (empty to leave it out): ")?;
        wish.declined.extend(name.is_empty().then_some(Question::Name));
    }
    if emails.is_empty() && known.emails.is_empty() && is_open(Question::Emails) {
        *emails = several("Your email addresses, with commas between (may be empty): ", List::Email)?;
        wish.declined.extend(emails.is_empty().then_some(Question::Emails));
    }
    if phones.is_empty() && known.phones.is_empty() && is_open(Question::Phones) {
        *phones = several("Your telephone numbers, with commas between (may be empty): ", List::Phone)?;
        wish.declined.extend(phones.is_empty().then_some(Question::Phones));
    }
    if !wish.link && found.link.1 == There::Nothing && is_open(Question::Link) {
        wish.link =
            yes(&ask(&format!("A link to the inbox in your home, {}? [y/N] ", found.link.0.display()))?);
        wish.declined.extend((!wish.link).then_some(Question::Link));
    }
    let may_linger = wish.start && found.manager.is_some() && !found.lingers;
    if !wish.linger && may_linger && is_open(Question::Linger) {
        wish.linger = yes(&ask("Keep kith running while you are not logged in? [y/N] ")?);
        wish.declined.extend((!wish.linger).then_some(Question::Linger));
    }
    Ok(())
}

fn ask(question: &str) -> Result<String> {
    let doing = || "ask on the terminal".to_owned();
    let mut err = screen::err();
    let question = screen::wrapped(question.trim_end(), 0);
    write!(err, "{} ", question.trim_end()).and_then(|()| err.flush()).doing(doing)?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer).doing(doing)? == 0 {
        // Ctrl-D leaves the cursor behind the question.
        writeln!(err).doing(doing)?;
        return Err(Error::user("nothing was changed").hint("kith setup --yes asks nothing"));
    }
    Ok(answer.trim().to_owned())
}

/// Asks until every value can be one of the list.
fn several(question: &str, list: List) -> Result<Vec<String>> {
    loop {
        let answer = ask(question)?;
        let values = answer.split(',').map(str::trim).filter(|one| !one.is_empty());
        match values.map(|one| list.typed(one).map(str::to_owned)).collect() {
            Ok(values) => return Ok(values),
            Err(error) => {
                let error: NotAValue = error;
                writeln!(screen::err(), "{error}").doing(|| "ask on the terminal".to_owned())?;
            }
        }
    }
}

fn yes(answer: &str) -> bool {
    ["y", "yes"].iter().any(|yes| answer.eq_ignore_ascii_case(yes))
}
