//! `kith add`

use std::io::Write;

use super::meant::{self, Found};
use super::screen::{out, wrapped};
use super::{Context, Done, choose, circle, edit, show};
use crate::core::contact::{Column, List};
use crate::core::date::Birthday;
use crate::core::facts::PersonId;
use crate::core::line::{Fault, Line};
use crate::core::matching::Reason;
use crate::core::name::PersonName;
use crate::core::settings::{Me, OTHERS};
use crate::core::text::cut;
use crate::error::{Error, Result};
use crate::store::{Listed, Newcomer, Store};

/// Add somebody.
///
/// In one line: the name, the place, what you share, a telephone number or an
/// email address, separated by commas; quotation marks keep a part with a
/// comma together. Only the name is needed. What an option says takes the
/// place of what the line says. Somebody who is known is not added again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith add \"Eva Stern\"\n  kith add \"Eva Stern, Berlin, plays the cello, +49 30 1234567\"\n  \
                  kith add \"Eva Stern, eva@example.org\" --circle friends --birthday --04-12\n  \
                  kith add --name \"Tom Berg\" --organization \"Berg & Sons\" --title Baker --note \"Knows everybody\"\n  \
                  kith add \"Eva Stern\" --email eva@example.net --anyway"
)]
pub(super) struct Args {
    /// NAME, PLACE, what you share, telephone number or email address.
    #[arg(value_name = "LINE", required_unless_present = "name")]
    line: Vec<String>,
    /// Their name.
    #[arg(long)]
    name: Option<String>,
    /// An email address.
    #[arg(long, value_name = "ADDRESS")]
    email: Vec<String>,
    /// A telephone number.
    #[arg(long, value_name = "NUMBER")]
    phone: Vec<String>,
    /// Birthday: 1985-04-12, or --04-12.
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    birthday: Option<String>,
    /// The organisation they belong to.
    #[arg(long, value_name = "NAME", visible_alias = "org")]
    organization: Option<String>,
    /// What they do there.
    #[arg(long)]
    title: Option<String>,
    /// Their circle.
    #[arg(long)]
    circle: Option<String>,
    /// Where they live, or where you meet.
    #[arg(long)]
    place: Option<String>,
    /// What you share, or anything else.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Add them as somebody else, though somebody known has the same address, number or name, or a
    /// name for which theirs may be short.
    #[arg(long)]
    anyway: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let line = line(args, &context.settings.me)?;
    let birthday =
        args.birthday.as_deref().map(|text| edit::born(text, context.today)).transpose()?.flatten();
    let mut content = line.content();
    content.set(Column::Birthday, birthday.clone());
    content.set(Column::Organization, given(args.organization.as_ref()));
    content.set(Column::Title, given(args.title.as_ref()));
    if let Some(name) = &args.circle {
        if !name.is_empty() {
            circle::known(context, name)?;
        }
        content.set(Column::Circle, given(Some(name)).filter(|name| name != OTHERS));
    }
    let mut store = context.store()?;
    let birthday = birthday.and_then(|day| day.parse().ok());
    let (added, archived) = meant::add(&mut store, context.entered_at(), |store| {
        let others = if args.anyway { others(context, store, &line, birthday)? } else { Vec::new() };
        let archived = if args.anyway { None } else { unknown(context, store, &line, birthday)? };
        let newcomers = vec![Newcomer { content: content.clone(), others }];
        Ok(Found { newcomers, meeting: None, more: archived })
    })?;
    context.republish(&mut store)?;
    if !context.json {
        writeln!(out(), "Added:")?;
    }
    for id in added {
        show::contact(context, &store, id)?;
    }
    if let Some(archived) = archived.filter(|_| !context.json) {
        let said = format!(
            "\n{} (id {1}), who is archived, has the same name: kith archive --back {1} brings them back.",
            archived.name(),
            archived.id
        );
        write!(out(), "{}", wrapped(&said, 0))?;
    }
    Ok(())
}

/// Those for whom somebody might be taken who is added as somebody else.
fn others(
    context: &Context,
    store: &Store,
    line: &Line,
    birthday: Option<Birthday>,
) -> Result<Vec<PersonId>> {
    let (index, identity) = (store.index(context.settings.me.home())?, line.identity(birthday));
    let mut others: Vec<PersonId> = index.owner(&identity).into_iter().map(|(owner, _)| owner).collect();
    others.extend(index.namesakes(&identity.name));
    others.extend(meant::similar(&line.name, store)?.into_iter().map(|known| known.id));
    others.sort_unstable();
    others.dedup();
    Ok(others)
}

/// Makes sure that nobody known can be meant; gives somebody archived of the same name.
///
/// # Errors
/// If the line has an address, a number or the name of somebody known, or a part of a name.
fn unknown(
    context: &Context,
    store: &Store,
    line: &Line,
    birthday: Option<Birthday>,
) -> Result<Option<Listed>> {
    let listed = |id| Ok::<_, Error>(Listed { id, content: store.contact(id)? });
    let (index, identity) = (store.index(context.settings.me.home())?, line.identity(birthday));
    if let Some((owner, reason)) = index.owner(&identity) {
        return Err(is_known(&listed(owner)?, line, reason));
    }
    let namesakes = index.same_named(&identity).map(listed).collect::<Result<Vec<_>>>()?;
    let (mut archived, namesakes): (Vec<_>, Vec<_>) = namesakes.into_iter().partition(is_archived);
    if !namesakes.is_empty() {
        return Err(may_be(&namesakes, line, "somebody of that name is known"));
    }
    let mut similar = meant::similar(&line.name, store)?;
    similar.retain(|known| {
        // Of one name, and yet no namesake: another birthday keeps them apart.
        known.content.column(Column::Kind) == Some("person")
            && PersonName::of_text(known.content.column(Column::Name).unwrap_or_default()) != identity.name
    });
    if similar.is_empty() {
        Ok((!archived.is_empty()).then(|| archived.swap_remove(0)))
    } else {
        Err(may_be(&similar, line, "that may be short for"))
    }
}

/// The line, with what options say in the place of what it says itself.
fn line(args: &Args, me: &Me) -> Result<Line> {
    // The comma of a part that was kept together by the shell is not known any more.
    if args.line.len() > 1 && args.line.iter().any(|word| word.contains(char::is_whitespace)) {
        return Err(Error::usage("add takes one person in one line, and these are several words and lines")
            .hint("put the whole line in quotation marks: kith add \"Eva Stern, Berlin\"; add others one by one"));
    }
    let text = args.line.join(" ");
    let mut line = Line::parse(&text);
    if let Some(name) = &args.name {
        line.name = given(Some(name)).unwrap_or_default();
    }
    match line.fault(me) {
        None => {}
        Some(Fault::Oneself) if args.anyway => {}
        Some(fault) => return Err(refused(args.name.as_ref().unwrap_or(&text), &fault)),
    }
    for (option, list, values, of_line) in [
        ("--email", List::Email, &args.email, &mut line.emails),
        ("--phone", List::Phone, &args.phone, &mut line.phones),
    ] {
        let typed = |value: &String| match list.typed(value) {
            Ok(value) => Ok(value.to_owned()),
            Err(error) => Err(Error::usage(format!("{option}: {error}"))),
        };
        if !values.is_empty() {
            *of_line = values.iter().map(typed).collect::<Result<_>>()?;
        }
    }
    if args.place.is_some() {
        line.place = given(args.place.as_ref());
    }
    if args.note.is_some() {
        line.note = given(args.note.as_ref());
    }
    Ok(line)
}

/// That a line cannot be meant.
pub(super) fn refused(text: &str, fault: &Fault) -> Error {
    Error::usage(format!("could not take {:?}: {fault}", cut(text, 60))).hint(fault.advice())
}

/// What an option says, without the space around it; nothing if it is empty.
fn given(value: Option<&String>) -> Option<String> {
    value.map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// That somebody who is there already may be meant.
fn may_be(known: &[Listed], line: &Line, why: &str) -> Error {
    let error = Error::user(format!("could not add {}: {why}\n{}", line.name, choose::candidates(known)));
    let id = match known {
        [only] => only.id.to_string(),
        _ => "ID".to_owned(),
    };
    error.hint(format!("kith edit {id} changes what is known of them; --anyway adds somebody else"))
}

/// That somebody with the same address or number is there already.
fn is_known(known: &Listed, line: &Line, reason: Reason) -> Error {
    let (name, id) = (known.name(), known.id);
    let error = Error::user(format!("could not add {}: {name} (id {id}) has {reason}", line.name));
    if is_archived(known) {
        return error.hint(format!(
            "{name} is archived: kith archive --back {id} brings them back; --anyway adds somebody else"
        ));
    }
    error.hint(format!("kith edit {id} changes what is known of them; --anyway adds somebody else"))
}

pub(super) fn is_archived(listed: &Listed) -> bool {
    listed.content.column(Column::ArchivedAt).is_some()
}
