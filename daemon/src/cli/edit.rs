//! `kith edit`

use std::io::Write;

use clap::ValueEnum;
use jiff::civil::Date;

use super::screen::{out, wrapped};
use super::{Context, Done, choose, circle, show, snooze};
use crate::core::cadence::Interval;
use crate::core::contact::{Column, Content, List};
use crate::core::date::{Birthday, spoken};
use crate::core::facts::Comfort;
use crate::core::preference::{BestTime, canonical};
use crate::core::settings::OTHERS;
use crate::core::tie;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::store::ListEdit;

/// Change what is known of somebody.
///
/// Your changes stay, whatever is imported later. An empty value takes the
/// field away: --title "".
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith edit anna --circle close\n  kith edit bert --comfort not-now --until 2027-03-01\n  \
                        kith edit carla --ideal 30d --latest 60d\n  kith edit anna --birthday --04-12 --add-email anna@new.example\n  \
                        kith edit anna --channel call --best-time \"weekdays 18:30\" --time-limit 30 --language de\n  \
                        kith edit bert --ease hard --hesitation no-time --how-met \"the harbour tour\"\n  \
                        kith edit anna --add-related \"spouse: Jonas Müller\"\n  kith edit \"Acme\" --kind person"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// Whether to be asked to get in touch with them.
    #[arg(long, value_enum)]
    comfort: Option<ComfortArg>,
    /// With --comfort not-now: the day from which they may be planned again.
    #[arg(long, value_name = "DATE", requires = "comfort")]
    until: Option<String>,
    /// Their circle; `others` takes them out of any.
    #[arg(long)]
    circle: Option<String>,
    /// Their own ideal interval (30d, 2w, 2mo, 1y), where it differs from the circle's.
    #[arg(long, value_name = "INTERVAL")]
    ideal: Option<String>,
    /// Their own at-the-latest interval.
    #[arg(long, value_name = "INTERVAL")]
    latest: Option<String>,
    /// The name shown.
    #[arg(long)]
    name: Option<String>,
    /// Given name.
    #[arg(long)]
    given_name: Option<String>,
    /// Family name.
    #[arg(long)]
    family_name: Option<String>,
    /// The organisation they belong to.
    #[arg(long, value_name = "NAME", visible_alias = "org")]
    organization: Option<String>,
    /// Their job title.
    #[arg(long)]
    title: Option<String>,
    /// 1985-04-12, or --04-12 if the year is not known.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    birthday: Option<String>,
    /// A note.
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    preferences: PreferenceArgs,
    /// Organisations are kept, and not planned.
    #[arg(long, value_enum)]
    kind: Option<KindArg>,
    /// An email address to add.
    #[arg(long, value_name = "ADDRESS")]
    add_email: Vec<String>,
    /// An email address to take away.
    #[arg(long, value_name = "ADDRESS")]
    remove_email: Vec<String>,
    /// A telephone number to add.
    #[arg(long, value_name = "NUMBER")]
    add_phone: Vec<String>,
    /// A telephone number to take away.
    #[arg(long, value_name = "NUMBER")]
    remove_phone: Vec<String>,
    /// Somebody related to add, and how they are: "spouse: Jonas Müller".
    #[arg(long, value_name = "RELATION: NAME")]
    add_related: Vec<String>,
    /// Somebody related to take away, by name.
    #[arg(long, value_name = "NAME")]
    remove_related: Vec<String>,
}

/// How they like to be met, and how you find it.
#[derive(Debug, clap::Args)]
struct PreferenceArgs {
    /// How you find talking to them: easy, moderate or hard.
    #[arg(long)]
    ease: Option<String>,
    /// How they like to be reached, whatever their circle says: call, write or meet.
    #[arg(long)]
    channel: Option<String>,
    /// In what company they like to talk: one-to-one or group.
    #[arg(long)]
    setting: Option<String>,
    /// When they are best reached: evening, 18:30, "sat morning", "weekdays 18:00-20:00".
    #[arg(long, value_name = "TIME")]
    best_time: Option<String>,
    /// The language to talk in: de, en, pt-BR; de-x-sie is German to whom you say Sie.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// For how many minutes to talk at most.
    #[arg(long, value_name = "MINUTES")]
    time_limit: Option<String>,
    /// What makes them hesitate: sceptical, no-time, no-interest, afraid or own-reasons.
    #[arg(long)]
    hesitation: Option<String>,
    /// How you met them.
    #[arg(long, value_name = "TEXT")]
    how_met: Option<String>,
}

impl PreferenceArgs {
    /// Each that is given, as it is stored; an empty one is none.
    fn columns(&self) -> Result<Vec<(Column, Option<String>)>> {
        let given = [
            ("--ease", Column::Ease, &self.ease),
            ("--channel", Column::Channel, &self.channel),
            ("--setting", Column::Setting, &self.setting),
            ("--best-time", Column::BestTime, &self.best_time),
            ("--language", Column::Language, &self.language),
            ("--time-limit", Column::TimeLimit, &self.time_limit),
            ("--hesitation", Column::Hesitation, &self.hesitation),
            ("--how-met", Column::HowMet, &self.how_met),
        ];
        let given = given
            .into_iter()
            .filter_map(|(option, column, text)| Some((option, column, text.as_ref()?.trim())));
        given
            .map(|(option, column, text)| match text {
                "" => Ok((column, None)),
                text => canonical(column, text)
                    .map(|value| (column, Some(value)))
                    .map_err(|unfit| Error::usage(format!("{option}: {unfit}"))),
            })
            .collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ComfortArg {
    /// Ask me to get in touch.
    Yes,
    /// Not for now: for three months, or until the day given with --until.
    NotNow,
    /// Never: no follow-up, no feed entry, no suggestion.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// Somebody to be in touch with.
    Person,
    /// A firm, a club, a hotline.
    Organization,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let columns = columns(args, context)?;
    let lists = lists(args)?;
    if columns.is_empty() && lists.is_empty() {
        return Err(Error::usage("nothing to change was given")
            .hint("kith edit --help lists what can be changed")
            .into());
    }
    let mut store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    contradictions(&listed.content, &columns)?;
    store.change(listed.id, &columns, &lists)?;
    context.republish(&mut store)?;
    if !context.json {
        let mut out = out();
        let remarks =
            choose::remarks(&store, &args.person, &listed)? + &unplanned(best_time(&columns), context);
        write!(out, "{}", wrapped(&remarks, 0))?;
        writeln!(out, "Changed:")?;
    }
    show::contact(context, &store, listed.id)
}

/// The columns to set; an empty value is none.
fn columns(args: &Args, context: &Context) -> Result<Vec<(Column, Option<String>)>> {
    let mut columns = Vec::new();
    let mut set = |column, value: Option<String>| {
        let value = value.map(|text| text.trim().to_owned());
        columns.push((column, value.filter(|text| !text.is_empty())));
    };
    for (column, value) in [
        (Column::Name, &args.name),
        (Column::GivenName, &args.given_name),
        (Column::FamilyName, &args.family_name),
        (Column::Organization, &args.organization),
        (Column::Title, &args.title),
        (Column::Note, &args.note),
    ] {
        if let Some(value) = value {
            set(column, Some(value.clone()));
        }
    }
    if args.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::usage("--name may not be empty: everybody is shown by a name"));
    }
    if let Some(birthday) = &args.birthday {
        set(Column::Birthday, born(birthday, context.today)?);
    }
    for (option, column, value) in
        [("--ideal", Column::Ideal, &args.ideal), ("--latest", Column::Latest, &args.latest)]
    {
        if let Some(value) = value {
            set(column, parsed::<Interval>(option, value)?.map(|interval| interval.to_string()));
        }
    }
    if let Some(name) = &args.circle {
        if !name.is_empty() {
            circle::known(context, name)?;
        }
        set(Column::Circle, Some(name.clone()).filter(|name| name != OTHERS));
    }
    if let Some(kind) = args.kind {
        set(Column::Kind, kind.to_possible_value().map(|value| value.get_name().to_owned()));
    }
    if let Some(comfort) = args.comfort {
        let until = match (&args.until, comfort) {
            (None, ComfortArg::NotNow) => Some(Comfort::NOT_NOW.after(context.today)),
            (None, _) => None,
            (Some(text), ComfortArg::NotNow) => Some(still_to_come(text, context)?),
            (Some(_), _) => return Err(Error::usage("--until goes with --comfort not-now")),
        };
        set(Column::Comfort, comfort.to_possible_value().map(|value| value.get_name().to_owned()));
        set(Column::ComfortUntil, until.map(|day| day.to_string()));
    }
    columns.extend(args.preferences.columns()?);
    Ok(columns)
}

/// The best time among what is edited.
fn best_time(columns: &[(Column, Option<String>)]) -> Option<BestTime> {
    let best = columns.iter().find(|(column, _)| *column == Column::BestTime);
    best.and_then(|(_, value)| value.as_deref()?.parse().ok())
}

/// That the plan has no day on which people are best reached, if so. A whole line, or nothing.
pub(super) fn unplanned(best: Option<BestTime>, context: &Context) -> String {
    let weekdays = &context.settings.budget.weekdays;
    let Some(best) = best.filter(|best| !weekdays.iter().any(|&day| best.is_on(day))) else {
        return String::new();
    };
    let days: Vec<String> = weekdays.iter().map(|day| format!("{day:?}")).collect();
    format!(
        "Only what is owed on such a day, as a promise is, comes at {best}: kith plans for {} (weekdays in the \
         section [budget] of kith.toml).\n",
        days.join(", ")
    )
}

/// A birthday in its usual form, or none if it is empty; who is known was born.
pub(super) fn born(text: &str, today: Date) -> Result<Option<String>> {
    let birthday = parsed::<Birthday>("--birthday", text)?;
    match birthday.and_then(|birthday| birthday.still_to_come(today)) {
        Some(day) => Err(Error::usage(format!("--birthday: {} has not come yet", spoken(day)))
            .hint("write --04-12 if the year is not known")),
        None => Ok(birthday.map(|birthday| birthday.to_string())),
    }
}

/// The day until which somebody is left alone.
fn still_to_come(text: &str, context: &Context) -> Result<Date> {
    let today = context.today;
    let day = when::parse(text, today, Toward::Future)
        .map_err(|error| Error::usage(format!("--until: {error}")))?;
    if day > today {
        return snooze::not_for_good("--until", day, context).map(|()| day);
    }
    Err(Error::usage(format!("--until: {} has come already", spoken(day)))
        .hint("name a later day, or use --comfort yes"))
}

/// That the intervals somebody would have then go together.
fn contradictions(content: &Content, columns: &[(Column, Option<String>)]) -> Result<()> {
    let will_be = |column| {
        let changed = columns.iter().rev().find(|(changed, _)| *changed == column);
        let value = changed.map_or_else(|| content.column(column), |(_, value)| value.as_deref());
        value.and_then(|text| text.parse::<Interval>().ok())
    };
    match (will_be(Column::Ideal), will_be(Column::Latest)) {
        (Some(ideal), Some(latest)) if latest < ideal => Err(circle::contradicting(ideal, latest)),
        _ => Ok(()),
    }
}

/// A value, or none if it is empty.
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(option: &str, text: &str) -> Result<Option<T>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| Error::usage(format!("{option}: {error}")))
}

/// What is to be added to lists and taken from them. What is added is checked;
/// whatever is there may be taken away.
fn lists(args: &Args) -> Result<Vec<ListEdit>> {
    let mut edits = Vec::new();
    for (list, values) in [
        (List::Email, &args.remove_email),
        (List::Phone, &args.remove_phone),
        (List::Tie, &args.remove_related),
    ] {
        let edit = |value: &String| ListEdit { list, value: value.clone(), label: None, add: false };
        edits.extend(values.iter().map(edit));
    }
    for (option, list, values) in
        [("--add-email", List::Email, &args.add_email), ("--add-phone", List::Phone, &args.add_phone)]
    {
        for value in values {
            let value = list.typed(value).map_err(|error| Error::usage(format!("{option}: {error}")))?;
            edits.push(ListEdit { list, value: value.to_owned(), label: None, add: true });
        }
    }
    for text in &args.add_related {
        let (relation, name) =
            tie::typed(text).map_err(|error| Error::usage(format!("--add-related: {error}")))?;
        let label = relation.map(str::to_owned);
        edits.push(ListEdit { list: List::Tie, value: name.to_owned(), label, add: true });
    }
    Ok(edits)
}
