//! `kith sort`

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::keys::{Key, Keys};
use super::screen::{in_one_piece, labelled, out, wrapped};
use super::{Context, Done, Failure, counted, undo};
use crate::core::cadence::Interval;
use crate::core::contact::{Column, Content, List};
use crate::core::date::spoken;
use crate::core::facts::{Comfort, Direction, Person, PersonId, has_happened};
use crate::core::name::fold;
use crate::core::settings::{Circle, OTHERS};
use crate::core::suggest::{Own, Signs, Suggestion, suggest};
use crate::core::text;
use crate::error::{Error, Result};
use crate::store::{Filter, Listed, StepId, Store};

/// Put people into circles, one after the other, with one key each.
///
/// Whoever is in no circle yet is shown, best known first. A number is a
/// circle, 0 is others: they are not asked for again. n leaves them alone for
/// three months, x for ever; e, m and h say how you find talking to them. It
/// may be ended at any time; the next time it goes on with whoever is left,
/// those you skipped among them. Each key is one step of kith undo.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith sort\n  kith sort --suggest\n  kith sort --suggest --json")]
pub(super) struct Args {
    /// Propose a circle, from labels, organisations, and how often you talked; y takes it.
    #[arg(long)]
    suggest: bool,
}

/// Somebody to be sorted.
struct Unsorted {
    person: Person,
    content: Content,
    suggestion: Option<Suggestion>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let unsorted = unsorted(args, context, &store)?;
    if context.json {
        return context.print_json(&unsorted.iter().map(json).collect());
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::user(format!(
            "there is no terminal to ask on; {} in no circle",
            counted(unsorted.len(), "person is", "people are")
        ))
        .hint("put people into a circle with kith circle assign CIRCLE PERSON; kith sort --suggest --json lists them")
        .into());
    }
    ask(context, &mut store, &unsorted)
}

/// Those in no circle whom the user wants to be asked for, best known first.
fn unsorted(args: &Args, context: &Context, store: &Store) -> Result<Vec<Unsorted>> {
    let mut people = store.facts(&context.settings.me, context.today)?.facts.people;
    people.retain(|person| person.circle.is_none() && person.comfort == Comfort::Yes);
    people.sort_by_cached_key(|person| (std::cmp::Reverse(person.known), fold(&person.name), person.id));
    let listed = store.list(Filter::default())?;
    let own = own(context, &listed);
    let mut contents: HashMap<PersonId, Content> =
        listed.into_iter().map(|listed| (listed.id, listed.content)).collect();
    let circles: Vec<&str> = context.settings.circles.keys().map(String::as_str).collect();
    let unsorted = people.into_iter().map(|person| {
        let content = contents.remove(&person.id).unwrap_or_default();
        let suggestion =
            args.suggest.then(|| suggest(&signs(context, &person, &content), &own, &circles)).flatten();
        Unsorted { person, content, suggestion }
    });
    Ok(unsorted.collect())
}

/// What is known of the user: kith.toml, and their own cards.
fn own(context: &Context, listed: &[Listed]) -> Own {
    let me = &context.settings.me;
    let is_own = |content: &Content| {
        let emails = content.list(List::Email).iter();
        let mut emails =
            emails.filter(|email| me.emails.iter().any(|own| own.eq_ignore_ascii_case(&email.value)));
        let name = content.column(Column::Name).unwrap_or_default();
        emails.next().is_some() || (!me.name.trim().is_empty() && fold(name) == fold(&me.name))
    };
    let cards = listed.iter().map(|listed| &listed.content).filter(|content| is_own(content));
    Own {
        organizations: cards
            .filter_map(|content| content.column(Column::Organization).map(str::to_owned))
            .collect(),
        emails: me.emails.clone(),
        name: me.name.clone(),
    }
}

fn signs<'c>(context: &Context, person: &Person, content: &'c Content) -> Signs<'c> {
    let values = |list| content.list(list).iter().map(|item| item.value.as_str()).collect::<Vec<_>>();
    let since = Interval::months(12).before(context.today);
    let talks = person.interactions.iter().filter(|talk| {
        talk.how.direction() != Direction::Outbound
            && talk.day >= since
            && has_happened(talk.day, context.today)
    });
    let labels = values(List::Category);
    let connected =
        content.list(List::Anniversary).iter().any(|item| item.label.as_deref() == Some("connected"));
    let connected_only = connected && labels.is_empty() && content.list(List::Phone).is_empty();
    Signs {
        labels,
        organization: content.column(Column::Organization),
        emails: values(List::Email),
        family_name: content.column(Column::FamilyName),
        talks: talks.count(),
        connected_only,
    }
}

/// The circles with the key that stands for each; more than nine have none.
fn keyed(circles: &std::collections::BTreeMap<String, Circle>) -> Vec<(char, &str)> {
    let mut named: Vec<(&String, &Circle)> = circles.iter().filter(|(name, _)| *name != OTHERS).collect();
    named.sort_by_key(|(name, circle)| (circle.ideal, circle.latest, (*name).clone()));
    let named = ('1'..='9').zip(named.into_iter().map(|(name, _)| name.as_str()));
    named.chain([('0', OTHERS)]).collect()
}

/// What was done with a key: the place of the person, and the step that takes it back.
struct Sorted {
    at: usize,
    step: Option<StepId>,
}

/// Shows one after the other, until all are sorted or skipped or there is no more wish to.
fn ask(context: &Context, store: &mut Store, unsorted: &[Unsorted]) -> Done {
    let circles = keyed(&context.settings.circles);
    let mut done: Vec<Sorted> = Vec::new();
    let (mut at, mut shown) = (0, None);
    let mut ended = Ok(());
    let keys = Keys::take()?;
    while let Some(one) = unsorted.get(at) {
        if shown != Some(at) {
            keys.forget()?;
            show(one, &circles, unsorted.len() - at)?;
            shown = Some(at);
        }
        let name = text::name(&one.person.name);
        let mut set = |store: &mut Store, columns: &[(Column, Option<String>)], said: &str, goes_on: bool| {
            store.change(one.person.id, columns, &[])?;
            let step = store.steps(1)?.pop().map(|step| step.id);
            done.push(Sorted { at, step });
            write!(out(), "{}", wrapped(&format!("{name}: {said}."), 0))?;
            Ok::<_, Failure>(goes_on)
        };
        let into = |circle: &str| [(Column::Circle, Some(circle.to_owned()))];
        let goes_on = match keys.next()? {
            Key::Letter(digit) if let Some((_, circle)) = circles.iter().find(|(key, _)| *key == digit) => {
                set(store, &into(circle), circle, true)?
            }
            Key::Letter('y') if let Some(suggestion) = &one.suggestion => {
                set(store, &into(&suggestion.circle), &suggestion.circle, true)?
            }
            Key::Letter('n') => {
                let until = Comfort::NOT_NOW.after(context.today);
                let columns = [
                    (Column::Comfort, Some("not-now".to_owned())),
                    (Column::ComfortUntil, Some(until.to_string())),
                ];
                set(store, &columns, &format!("not now, back on {}", spoken(until)), true)?
            }
            Key::Letter('x') => set(store, &[(Column::Comfort, Some("never".to_owned()))], "never", true)?,
            Key::Letter(key @ ('e' | 'm' | 'h')) => {
                let ease = match key {
                    'e' => "easy",
                    'm' => "moderate",
                    _ => "hard",
                };
                set(store, &[(Column::Ease, Some(ease.to_owned()))], &format!("{ease} to talk to"), false)?
            }
            Key::Letter('s') => {
                done.push(Sorted { at, step: None });
                write!(out(), "{}", wrapped(&format!("{name}: skipped."), 0))?;
                true
            }
            Key::Letter('u') => {
                match done.pop() {
                    Some(last) => {
                        if let Some(step) = last.step {
                            undo::take_back(context, store, Some(step), false)?;
                        }
                        writeln!(out(), "Taken back; here they are again.\n")?;
                        at = last.at;
                        shown = None;
                    }
                    None => {
                        write!(out(), "{}", wrapped("Nothing was decided yet that could be taken back.", 0))?;
                    }
                }
                false
            }
            Key::Letter('q') | Key::End => break,
            Key::Interrupt => {
                ended = Err(Failure::Interrupted);
                break;
            }
            Key::Letter(_) | Key::Other => {
                write!(out(), "{}", wrapped(KEYS_EXPLAINED, 0))?;
                false
            }
        };
        if goes_on {
            writeln!(out())?;
            at += 1;
        }
    }
    drop(keys);
    if done.iter().any(|sorted| sorted.step.is_some()) {
        context.republish(store)?;
    }
    end(context, store)?;
    ended
}

/// Says how many are left.
fn end(context: &Context, store: &Store) -> Done {
    let left = unsorted(&Args { suggest: false }, context, store)?.len();
    let said = match left {
        0 => "Everybody is sorted.".to_owned(),
        left => format!("{} left; kith sort goes on with them.", counted(left, "person is", "people are")),
    };
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

/// What each key does, for who pressed another.
const KEYS_EXPLAINED: &str = "Press s to skip them this time, u to take back the last key, q to quit; a number for their \
                              circle, n to leave them alone for three months, x never to be asked for them; e, m or h \
                              for how you find talking to them (easy, moderate, hard).";

fn show(one: &Unsorted, circles: &[(char, &str)], left: usize) -> Done {
    let mut out = out();
    let Unsorted { person, content, suggestion } = one;
    let more = if left > 1 { format!(", and {} more after them", left - 1) } else { String::new() };
    write!(out, "{}", wrapped(&format!("{} (id {}){more}", text::name(&person.name), person.id), 0))?;
    let values = |list| {
        let values = content.list(list).iter().take(3).map(|item| item.value.clone());
        Some(values.collect::<Vec<_>>().join(", ")).filter(|values| !values.is_empty())
    };
    let work = [content.column(Column::Title), content.column(Column::Organization)];
    let work = work.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let last = person
        .interactions
        .iter()
        .filter(|talk| talk.how.direction() != Direction::Outbound)
        .map(|talk| talk.day)
        .max();
    for (label, said) in [
        ("Work", Some(work).filter(|work| !work.is_empty())),
        ("Labels", values(List::Category)),
        ("Email", values(List::Email)),
        ("Phone", values(List::Phone)),
        ("Note", content.column(Column::Note).map(|note| text::cut(note, 160).into_owned())),
        ("Last contact", last.map(spoken)),
        ("Ease", content.column(Column::Ease).map(str::to_owned)),
        (
            "Suggested",
            suggestion.as_ref().map(|suggestion| format!("{} ({})", suggestion.circle, suggestion.why)),
        ),
    ] {
        if let Some(said) = said {
            write!(out, "{}", labelled(&format!("  {label}"), 16, &said))?;
        }
    }
    let yes = suggestion.as_ref().map(|suggestion| format!("y {}", suggestion.circle));
    let circles = circles.iter().map(|(key, circle)| format!("{key} {circle}"));
    let others = ["n not now", "x never", "e easy", "m moderate", "h hard", "s skip", "u undo", "q quit"]
        .map(str::to_owned);
    let keys: Vec<String> =
        yes.into_iter().chain(circles).chain(others).map(|key| in_one_piece(&key)).collect();
    write!(out, "{}", wrapped(&keys.join(" · "), 0))?;
    out.flush()?;
    Ok(())
}

/// Somebody in no circle as scripts see them; documented in docs/interface.md, and stays.
fn json(one: &Unsorted) -> Value {
    json!({
        "person": one.person.id.to_string(),
        "name": one.person.name,
        "suggested": one.suggestion.as_ref().map(|suggestion| &suggestion.circle),
        "why": one.suggestion.as_ref().map(|suggestion| &suggestion.why),
    })
}
