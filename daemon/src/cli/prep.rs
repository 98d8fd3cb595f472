//! `kith prep`

use std::collections::HashSet;
use std::io::Write;

use serde_json::{Value, json};

use super::screen::{labelled, out, say_aside, wrapped};
use super::{Context, Done, choose};
use crate::config::zone;
use crate::core::card::{Card, Cards};
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::feed::{Details, summary, uid};
use crate::core::follow_up::{FollowUp, Key, Kind};
use crate::core::settings::OTHERS;
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Store};
use crate::templates;

/// Prepare a talk: who they are, what to say, and a message that is ready.
///
/// It fits the next thing that is planned with them, and how they like to be
/// met (kith edit). The same stands in its event in the calendar. The links
/// open the message in a mail program or on a telephone; nothing is sent. The
/// words of messages, and lines to say, are templates:
/// ~/.config/kith/templates, as config/templates/drafts.en.toml explains.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith prep anna\n  kith prep \"Bert Kern\" --draft\n  kith prep anna --json"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// Print the message alone.
    #[arg(long)]
    draft: bool,
}

/// A card, and what it is for.
struct Prepared {
    listed: Listed,
    details: Details,
    /// What is planned; none if nothing is.
    planned: Option<FollowUp>,
    card: Card,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    let remarks = choose::remarks(&store, &args.person, &listed)?;
    let prepared = prepared(context, &store, listed)?;
    if context.json {
        let namespace = store.namespace()?;
        return context.print_json(&json(&prepared, &namespace));
    }
    let mut out = out();
    write!(out, "{}", wrapped(&remarks, 0))?;
    if !args.draft {
        print_card(context, &prepared)?;
    }
    print_draft(&prepared)
}

fn prepared(context: &Context, store: &Store, listed: Listed) -> Result<Prepared> {
    let id = listed.id;
    if listed.content.column(Column::Comfort) == Some("never") {
        return Err(Error::user(format!("{} is set to never: nothing is prepared", listed.name()))
            .hint(format!("kith edit {id} --comfort yes changes that")));
    }
    if choose::has_died(&listed.content) {
        return Err(Error::user(format!("{} has died: nothing is prepared", listed.name()))
            .hint(format!("kith show {id} has what you noted of them")));
    }
    let templates = templates::load(&context.paths);
    for problem in &templates.problems {
        let _ = say_aside(&format!("Warning: {problem}"));
    }
    let (facts, plan) = rehearse(store, &context.settings, context.today)?;
    let own = |follow_up: &&FollowUp| follow_up.key.person == id;
    let planned =
        plan.follow_ups.iter().filter(own).min_by_key(|f| (f.day, !f.key.kind.is_outreach())).cloned();
    let wanted = HashSet::from([id]);
    let details = store.details(&wanted)?.remove(&id).unwrap_or_default();
    let acquaintances = store.acquaintances(&wanted, context.today)?;
    let cards = Cards {
        phrases: &templates.phrases,
        settings: &context.settings,
        zone: &zone(&context.settings),
        facts: &facts,
        acquaintances: &acquaintances,
    };
    // Whoever is not planned can be talked to all the same.
    let just_so = || FollowUp {
        key: Key { person: id, kind: Kind::KeepInTouch, cycle: context.today.to_string() },
        day: context.today,
        due: None,
        circle: listed.content.column(Column::Circle).unwrap_or(OTHERS).to_owned(),
        shared: false,
        what: None,
        with: Vec::new(),
        occasion: None,
        reason: String::new(),
    };
    let card = cards.of(planned.as_ref().unwrap_or(&just_so()), &details);
    let card = card.ok_or_else(|| Error::internal("somebody who is not set to never has no card"))?;
    Ok(Prepared { listed, details, planned, card })
}

fn print_card(context: &Context, prepared: &Prepared) -> Done {
    let mut out = out();
    let Prepared { listed, details, planned, card } = prepared;
    write!(out, "{}", wrapped(&format!("{} (id {})", listed.name(), listed.id), 0))?;
    let told = match planned {
        Some(planned) => format!(
            "{}, on {}. {}",
            summary(planned, details, &context.settings.circles),
            spoken(planned.day),
            planned.reason
        ),
        None => "nothing now; you may be in touch all the same".to_owned(),
    };
    let reach =
        [&details.phone, &details.email].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    let reach = (!reach.is_empty()).then_some(("Reach", reach));
    let points = std::iter::once(("Planned", told)).chain(reach).chain(card.points.iter().cloned());
    for (about, said) in points {
        write!(out, "{}", labelled(&format!("  {about}"), 22, &said))?;
    }
    Ok(writeln!(out)?)
}

fn print_draft(prepared: &Prepared) -> Done {
    let mut out = out();
    let Card { draft, links, .. } = &prepared.card;
    write!(out, "{}", wrapped(&format!("Draft of a mail: {}", draft.subject), 0))?;
    write!(out, "{}", wrapped(&draft.body, 2))?;
    // To be copied, so in one line.
    links.mail.iter().try_for_each(|link| writeln!(out, "{link}"))?;
    write!(out, "\n{}", wrapped(&format!("For a telephone: {}", draft.sms), 0))?;
    links.sms.iter().try_for_each(|link| writeln!(out, "{link}"))?;
    Ok(())
}

/// The card as scripts see it; documented in docs/interface.md, and stays.
fn json(prepared: &Prepared, namespace: &[u8]) -> Value {
    let Prepared { listed, planned, card, .. } = prepared;
    let planned = planned.as_ref().map(|planned| {
        json!({
            "day": planned.day.to_string(),
            "kind": planned.key.kind.to_string(),
            "what": planned.what,
            "reason": planned.reason,
            "uid": uid(&planned.key.uuid(namespace)),
        })
    });
    json!({
        "person": listed.id.to_string(),
        "name": listed.content.column(Column::Name),
        "planned": planned,
        "card": card.points.iter().map(|(about, said)| json!({ "about": about, "said": said })).collect::<Vec<_>>(),
        "draft": {
            "subject": card.draft.subject,
            "body": card.draft.body,
            "sms": card.draft.sms,
            "mail_link": card.links.mail,
            "sms_link": card.links.sms,
        },
    })
}
