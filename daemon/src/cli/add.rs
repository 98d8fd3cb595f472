//! `kith add`

use std::io::Write;

use super::meant::{self, Found};
use super::screen::{out, wrapped};
use super::{Context, Done, choose, circle, edit, show};
use crate::core::contact::{Column, List};
use crate::core::date::Birthday;
use crate::core::line::{Fault, Line};
use crate::core::matching::{Keys, Reason, Verdict};
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
/// place of what the line says.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith add \"Eva Stern\"\n  kith add \"Eva Stern, Berlin, plays the cello, +49 30 1234567\"\n  \
                  kith add \"Eva Stern, eva@example.org\" --circle friends --birthday --04-12\n  \
                  kith add \"Tom Berg\" --organization \"Berg & Sons\" --title Baker --note \"Knows everybody\"\n  \
                  kith add \"Eva Stern\" --email eva@example.net --anyway"
)]
pub(super) struct Args {
    /// NAME, PLACE, what you share, telephone number or email address.
    #[arg(value_name = "LINE")]
    line: String,
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
        let twin = if args.anyway { None } else { twin(store, &line, birthday)? };
        let (archived, twin) = twin.map_or((None, None), |twin| {
            if is_archived(&twin) { (Some(twin), None) } else { (None, Some(twin.id)) }
        });
        let newcomers = vec![Newcomer { content: content.clone(), twin }];
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
            choose::name(&archived),
            archived.id
        );
        write!(out(), "{}", wrapped(&said, 0))?;
    }
    Ok(())
}

/// Somebody of the same name, of whom a review is to tell whether they are the same person.
///
/// # Errors
/// If the line has an address or a number of somebody known, or a part of somebody's name.
fn twin(store: &Store, line: &Line, birthday: Option<Birthday>) -> Result<Option<Listed>> {
    let listed = |id| Ok::<_, Error>(Listed { id, content: store.contact(id)? });
    let (index, identity) = (store.index()?, line.identity(birthday));
    if let Some((owner, reason)) = index.owner(&identity) {
        return Err(is_known(&listed(owner)?, line, reason));
    }
    if let Verdict::Review { twin } = index.decide(&identity, true, Keys::default()) {
        return listed(twin).map(Some);
    }
    let mut similar = meant::similar(&line.name, store)?;
    similar.retain(|known| {
        // Of one name, and yet not to be reviewed: another birthday keeps them apart.
        known.content.column(Column::Kind) == Some("person")
            && PersonName::of_text(known.content.column(Column::Name).unwrap_or_default()) != identity.name
    });
    if similar.is_empty() { Ok(None) } else { Err(may_be(&similar, line)) }
}

/// The line, with what options say in the place of what it says itself.
fn line(args: &Args, me: &Me) -> Result<Line> {
    let mut line = Line::parse(&args.line);
    match line.fault(me) {
        None => {}
        Some(Fault::Oneself) if args.anyway => {}
        Some(fault) => return Err(refused(&args.line, &fault)),
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

/// That a name may be short for that of somebody who is there already.
fn may_be(similar: &[Listed], line: &Line) -> Error {
    let error = Error::user(format!(
        "could not add {}: that may be short for\n{}",
        line.name,
        choose::candidates(similar)
    ));
    error.hint(
        "kith edit ID changes what is known of them; of somebody else say more of the name, or use --anyway",
    )
}

/// That somebody with the same address or number is there already.
fn is_known(known: &Listed, line: &Line, reason: Reason) -> Error {
    let (name, id) = (choose::name(known), known.id);
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
