//! `kith why`

use std::borrow::Cow;
use std::fmt;
use std::io::Write;

use serde_json::json;

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, choose};
use crate::core::contact::Column;
use crate::core::plan;
use crate::core::text;
use crate::error::Result;
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// Tell the whole reasoning about one person today.
///
/// Their cadence, how the tie stands, what was considered, what is planned, and
/// why on that day and no other.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith why anna\n  kith why \"Bert Kern\" --today 2027-01-01")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    let (facts, plan) = rehearse(&store, &context.settings, context.today)?;
    let points = plan::why(&facts, &context.settings, context.today, &plan, listed.id);
    let points = match points {
        Some(points) => points,
        None => vec![("Planned", left_out(&store, &listed)?.to_string())],
    };
    if context.json {
        let points = points.iter().map(|(about, said)| json!({ "about": about, "said": said }));
        return context.print_json(&json!({
            "person": listed.id.to_string(),
            "name": listed.content.column(Column::Name),
            "why": points.collect::<Vec<_>>(),
        }));
    }
    let mut out = out();
    write!(out, "{}", wrapped(&format!("{} (id {})", listed.name(), listed.id), 0))?;
    for (about, said) in points {
        write!(out, "{}", labelled(&format!("  {about}"), 15, &said))?;
    }
    Ok(())
}

/// Why somebody is not among those who may be planned.
pub(super) struct LeftOut {
    /// Whether that may change.
    when: &'static str,
    /// The reason: `they have died`.
    pub(super) why: Cow<'static, str>,
    /// What there is to do, in a sentence without its end.
    then: Cow<'static, str>,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { when, why, then } = self;
        write!(f, "{when}: {why}. {then}")
    }
}

/// Why somebody is not among those who may be planned.
pub(super) fn left_out(store: &Store, listed: &Listed) -> Result<LeftOut> {
    let never = |why: &'static str, then: &'static str| LeftOut {
        when: "never",
        why: Cow::Borrowed(why),
        then: Cow::Borrowed(then),
    };
    let content = &listed.content;
    if content.column(Column::Kind) == Some("organization") {
        return Ok(never("an organisation", "If it is a person: kith edit PERSON --kind person"));
    }
    if content.column(Column::ArchivedAt).is_some() {
        return Ok(never("archived", "kith archive --back PERSON brings them back"));
    }
    if choose::has_died(content) {
        return Ok(never("they have died", "What you noted of them stays: kith show PERSON"));
    }
    let maybe = |name: &str, who: &str, review: i64| LeftOut {
        when: "not now",
        why: Cow::Owned(format!("they may be {}, {who}", text::name(name))),
        then: Cow::Owned(format!("Decide: kith review {review}")),
    };
    let reviews = store.reviews()?;
    for review in &reviews {
        let [newer, twin] = [&review.newer, &review.twin];
        let other = if newer.0 == listed.id { twin } else { newer };
        let is_theirs = newer.0 == listed.id || twin.0 == listed.id;
        if is_theirs && choose::has_died(&store.contact(other.0)?) {
            return Ok(maybe(&other.1, "who has died", review.id));
        }
    }
    Ok(match reviews.iter().find(|review| review.newer.0 == listed.id) {
        Some(review) => maybe(&review.twin.1, "who is planned already", review.id),
        None => never("your own card", "The section [me] of kith.toml names you"),
    })
}
