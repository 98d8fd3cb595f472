//! `kith goal`

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::{Context, Done, choose, counted, snooze};
use crate::core::card;
use crate::core::contact::{Column, Content};
use crate::core::date::spoken;
use crate::core::facts::{Facts, PersonId};
use crate::core::follow_up::FollowUp;
use crate::core::goal::{Among, Counts, Deed, Ending, Fit, Goal, talks, tenths};
use crate::core::plan::Plan;
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::Store;

/// Say what you want to reach: so many conversations, people, asks, introductions or offers by a day.
///
/// One sentence of what you are after. Where it counts conversations or people and
/// names a circle or a text that finds them, the plan has a step with one after the
/// other, spread over the time, half of a week's places at most. Without a sentence it
/// lists goals and how far they are.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith goal \"12 conversations in climate tech\" --query harbour --until 2027-03-31\n  \
                  kith goal \"Meet old friends\" --number 5 --counts people --circle friends --until \"in 3 months\"\n  \
                  kith goal\n  kith goal --note work\n  kith goal --reached work\n  kith goal --let-go work"
)]
pub(super) struct Args {
    /// What, in one sentence; it may begin with the number.
    what: Vec<String>,
    /// How many; if not given, the number that the sentence begins with.
    #[arg(long, requires = "what")]
    number: Option<u32>,
    /// What is counted: conversations, people, asks, introductions or offers; if not given,
    /// what the sentence names, else conversations.
    #[arg(long, requires = "what")]
    counts: Option<Counts>,
    /// With the people of a circle.
    #[arg(long, requires = "what")]
    circle: Option<String>,
    /// With all people whom kith list TEXT shows.
    #[arg(long, value_name = "TEXT", requires = "what")]
    query: Option<String>,
    /// The first day that counts; today if not given.
    #[arg(long, value_name = "DATE", requires = "what")]
    from: Option<String>,
    /// The last day that counts: 2027-03-31, "in 3 months".
    #[arg(long, value_name = "DATE", requires = "what")]
    until: Option<String>,
    /// Why you want it.
    #[arg(long, requires = "what")]
    why: Option<String>,
    /// Who supports you in it: a mentor, a peer.
    #[arg(long, value_name = "PERSON", requires = "what")]
    supporter: Option<String>,
    #[command(flatten)]
    ending: EndingArgs,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct EndingArgs {
    /// You have reached it, whatever was counted: a word of it, or its number.
    #[arg(long, value_name = "GOAL", conflicts_with = "what")]
    reached: Option<String>,
    /// It is over, as far as you came.
    #[arg(long, value_name = "GOAL", conflicts_with = "what")]
    end: Option<String>,
    /// You let it go.
    #[arg(long, value_name = "GOAL", conflicts_with = "what")]
    let_go: Option<String>,
    /// Draft a note on how far you are, for your supporter; it is sent by nobody but you.
    #[arg(long, value_name = "GOAL", conflicts_with = "what")]
    note: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let ending = match &args.ending {
        EndingArgs { reached: Some(word), .. } => Some((word, Ending::Reached)),
        EndingArgs { end: Some(word), .. } => Some((word, Ending::Ended)),
        EndingArgs { let_go: Some(word), .. } => Some((word, Ending::LetGo)),
        EndingArgs { .. } => None,
    };
    match (ending, &args.ending.note) {
        (Some((word, ending)), _) => end(context, word, ending),
        (None, Some(word)) => note(context, word),
        (None, None) if args.what.is_empty() => list(context),
        (None, None) => begin(args, context),
    }
}

fn begin(args: &Args, context: &Context) -> Done {
    let what = text::unended(&args.what.join(" ")).to_owned();
    let words: Vec<String> = what.split_whitespace().map(str::to_lowercase).collect();
    let number =
        args.number.or_else(|| words.first()?.parse().ok()).filter(|number| (1..=10_000).contains(number));
    let Some(number) = number else {
        return Err(Error::usage("goal: say how many: --number, from 1 to 10000")
            .hint("small and realistic is best: kith goal \"12 conversations in climate tech\" --until 2027-03-31")
            .into());
    };
    let Some(until) = &args.until else {
        return Err(Error::usage("goal: say until when: --until DATE").into());
    };
    let read = |option: &str, text: &str| {
        when::parse(text, context.today, Toward::Future).map_err(|e| Error::usage(format!("{option}: {e}")))
    };
    let until = read("--until", until)?;
    snooze::not_for_good("--until", until, context)?;
    let from = args.from.as_deref().map_or(Ok(context.today), |text| read("--from", text))?;
    if until < from.max(context.today) {
        return Err(Error::usage(format!(
            "--until {} has passed by then; it is the last day that counts",
            spoken(until)
        ))
        .into());
    }
    if let Some(circle) = args.circle.as_ref().filter(|name| !context.settings.circles.contains_key(*name)) {
        return Err(Error::user(format!("there is no circle {circle:?} in kith.toml"))
            .hint("kith circle lists them")
            .into());
    }
    let mut store = context.store()?;
    let supporter =
        args.supporter.as_deref().map(|query| choose::person(context, &store, query)).transpose()?;
    if let Some((listed, refused)) =
        supporter.as_ref().and_then(|listed| Some((listed, left_alone(&listed.content)?)))
    {
        let name = listed.name();
        return Err(Error::user(format!("{name} cannot support you in a goal: {name} {refused}"))
            .hint("name somebody else with --supporter, or leave it out")
            .into());
    }
    let named = || words.iter().find_map(|word| Counts::in_word(word));
    let goal = Goal {
        id: 0,
        what,
        why: args.why.as_deref().map(text::unended).filter(|why| !why.is_empty()).map(str::to_owned),
        number,
        counts: args.counts.or_else(named).unwrap_or(Counts::Conversations),
        among: Among { circle: args.circle.clone(), query: args.query.clone(), people: [].into() },
        from,
        until,
        supporter: supporter.map(|listed| listed.id),
        ended: None,
    };
    let id = store.aim_for(&goal)?;
    context.republish(&mut store)?;
    let seen = Seen::new(context, &store)?;
    let Some(goal) = seen.goals().find(|goal| goal.id == id) else {
        return Err(Error::internal("the goal that was noted is not in the database").into());
    };
    if context.json {
        return context.print_json(&seen.json(goal));
    }
    let said = format!("{}.\n{}\n{}\n", text::plain(&goal.sentence()), seen.fit(goal), seen.first_step(goal));
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

fn list(context: &Context) -> Done {
    let store = context.store()?;
    let seen = Seen::new(context, &store)?;
    let open: Vec<&Goal> = seen.goals().filter(|goal| goal.ended.is_none()).collect();
    if context.json {
        return context.print_json(&open.into_iter().map(|goal| seen.json(goal)).collect());
    }
    if open.is_empty() {
        let said = "You have no goal. A small one helps to begin: kith goal --help has examples.\n";
        write!(out(), "{}", wrapped(said, 0))?;
        return Ok(());
    }
    let mut out = out();
    for goal in open {
        write!(out, "{}{}", wrapped(&goal.sentence(), 0), wrapped(&seen.progress(goal), 2))?;
    }
    Ok(())
}

fn end(context: &Context, word: &str, ending: Ending) -> Done {
    let mut store = context.store()?;
    let seen = Seen::new(context, &store)?;
    let goal = seen.open(word)?;
    store.end_goal(goal.id, context.today, ending)?;
    context.republish(&mut store)?;
    if context.json {
        let ended = Goal { ended: Some((context.today, ending)), ..goal.clone() };
        return context.print_json(&seen.json(&ended));
    }
    let done = seen.done(goal);
    let how = match ending {
        Ending::Reached => "reached. Well done!".to_owned(),
        Ending::Ended | Ending::LetGo if done == 0 => {
            "let go. You can take it up again at any time.".to_owned()
        }
        Ending::Ended | Ending::LetGo => {
            format!("ended with {}, which were not there before.", goal.counts.so_many(done))
        }
    };
    write!(out(), "{}", wrapped(&format!("{}: {how}\n", text::plain(&goal.what)), 0))?;
    Ok(())
}

/// A note on how far the user is, for somebody who supports them.
fn note(context: &Context, word: &str) -> Done {
    let store = context.store()?;
    let seen = Seen::new(context, &store)?;
    let goal = seen.open(word)?;
    let supporter = goal.supporter.map(|id| supporter(&store, id)).transpose()?;
    let hello = supporter.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let why = goal.why.as_deref().map_or_else(String::new, |why| format!(" ({why})"));
    let draft = format!(
        "{hello}\n\nI set myself a goal: {}{why}, by {}. So far it is {}.\n\
         What I learned: \u{2026}\nWhat comes next: \u{2026}\n\nThank you for asking about it now and then.\n",
        goal.what,
        spoken(goal.until),
        seen.so_far(goal)
    );
    if context.json {
        return context.print_json(
            &json!({ "goal": goal.id, "supporter": goal.supporter.map(|id| id.to_string()), "note": draft }),
        );
    }
    write!(out(), "{}", wrapped(&draft, 0))?;
    Ok(())
}

/// What to call whoever supports the user; nothing is written to those who are to be left alone.
fn supporter(store: &Store, id: PersonId) -> Result<String> {
    let content = store.contact(id)?;
    let name = content.column(Column::Name).unwrap_or_default();
    if let Some(refused) = left_alone(&content) {
        return Err(Error::user(format!(
            "{}, who supports you in it, {refused}: no note is drafted",
            text::name(name)
        ))
        .hint("a goal may have another supporter: kith goal --help"));
    }
    let is_organization = content.column(Column::Kind) == Some("organization");
    Ok(card::called(content.column(Column::GivenName), name, is_organization))
}

/// Why nothing is written to somebody, if that is so.
fn left_alone(content: &Content) -> Option<&'static str> {
    if choose::has_died(content) {
        return Some("has died");
    }
    (content.column(Column::Comfort) == Some("never")).then_some("is set to never")
}

/// What the user is looking for, before they ask somebody for something or greet many at once:
/// a goal that is running, else what the profile says.
///
/// # Errors
/// If neither says it, with what it is needed for.
pub(super) fn sentence(context: &Context, store: &Store, why: &str) -> Result<String> {
    let goals = store.goals(&[], context.today)?;
    let running = goals.into_iter().find(|goal| goal.is_running(context.today)).map(|goal| goal.sentence());
    let profile = || context.settings.profile.looking_for().map(str::to_owned);
    running.or_else(profile).ok_or_else(|| {
        Error::user(format!("first say what you are looking for: {why}"))
            .hint("kith goal \"12 conversations in climate tech\" --until \"in 3 months\" says it, or looking_for in the section [profile] of kith.toml")
    })
}

/// The goals with what is needed to say how far they are.
pub(super) struct Seen<'a> {
    context: &'a Context,
    facts: Facts,
    plan: Plan,
    deeds: Vec<Deed>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(context: &'a Context, store: &Store) -> Result<Self> {
        let (facts, plan) = rehearse(store, &context.settings, context.today)?;
        Self::of(context, store, facts, plan)
    }

    pub(super) fn of(context: &'a Context, store: &Store, facts: Facts, plan: Plan) -> Result<Self> {
        let first = facts.goals.iter().chain(&facts.past_goals).map(|goal| goal.from).min();
        let mut deeds: Vec<Deed> = talks(&facts, context.today).collect();
        deeds.extend(store.deeds(first.unwrap_or(context.today))?);
        Ok(Self { context, facts, plan, deeds })
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Every one that is running, or was within the year.
    pub(super) fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.facts.goals.iter().chain(&self.facts.past_goals)
    }

    /// The goal that is not ended and has a word in it, or that number.
    fn open(&self, word: &str) -> Result<&Goal> {
        let folded = word.trim().to_lowercase();
        let mut open = self.goals().filter(|goal| goal.ended.is_none());
        open.find(|goal| goal.id.to_string() == folded || goal.what.to_lowercase().contains(&folded))
            .ok_or_else(|| {
                Error::user(format!("no goal has {word:?} in it")).hint("kith goal lists those there are")
            })
    }

    fn counted(&self, goal: &Goal) -> Vec<Date> {
        goal.counted(self.deeds.iter().copied())
    }

    pub(super) fn done(&self, goal: &Goal) -> u32 {
        u32::try_from(self.counted(goal).len()).unwrap_or(u32::MAX)
    }

    /// The next step towards it that is planned.
    fn step(&self, goal: &Goal) -> Option<(&FollowUp, &str)> {
        let is_step = |planned: &&FollowUp| goal.has_step(planned, self.deeds.iter().copied());
        let step = self.plan.follow_ups.iter().find(is_step)?;
        Some((step, self.name(step.key.person)))
    }

    fn name(&self, id: PersonId) -> &str {
        self.facts.people.iter().find(|person| person.id == id).map_or("", |person| person.name.as_str())
    }

    /// Whether it fits into the budget, in words.
    fn fit(&self, goal: &Goal) -> String {
        let fit = Fit::of(goal, self.done(goal), &self.facts, &self.context.settings, self.context.today);
        let among = match fit.people {
            Some(0) => " Nobody is among its people yet.".to_owned(),
            Some(people) if goal.counts == Counts::People && (people as u64) < u64::from(goal.number) => {
                format!(" Only {} can be reached so far.", counted(people, "person", "people"))
            }
            _ => String::new(),
        };
        let room = tenths(fit.room);
        if fit.needs == u32::MAX {
            return format!("No day until then is free for it: another day would help.{among}");
        }
        let needs = tenths(fit.needs);
        if fit.is_possible() {
            return format!("It needs {needs} a week; you have room for {room}.{among}");
        }
        format!(
            "It needs {needs} a week, and you have room for {room}: a smaller number, or a later day, is kinder to you.{among}"
        )
    }

    /// What comes first.
    fn first_step(&self, goal: &Goal) -> String {
        if let Some((step, name)) = self.step(goal) {
            return format!("The first step: {}, on {}.", text::name(name), spoken(step.day));
        }
        if !goal.counts.has_steps() {
            return "What you note counts by itself: kith ask, kith offer, kith log.".to_owned();
        }
        if goal.among.is_everybody() {
            return "Talks with anybody count. With --circle or --query the plan would have steps."
                .to_owned();
        }
        "No step is among the days that are planned yet.".to_owned()
    }

    /// How many of how many: `3 of 5`.
    fn so_far(&self, goal: &Goal) -> String {
        match (self.done(goal), goal.number) {
            (done, number) if done > number => format!("{done}, with a goal of {number}"),
            (done, number) => format!("{done} of {number}"),
        }
    }

    /// How far it is: kind, and with what to do next.
    pub(super) fn progress(&self, goal: &Goal) -> String {
        let counted = self.counted(goal);
        let done = self.done(goal);
        let so_far = self.so_far(goal);
        if let Some(day) = goal.reached_on(&counted) {
            return format!("{so_far}: reached on {}. Well done!", spoken(day));
        }
        if goal.until < self.context.today {
            let more = if done == 0 { "" } else { ", which were not there before" };
            return format!("{so_far}{more}. Its time is over: kith goal --end {}", goal.id);
        }
        let next =
            self.step(goal).map(|(step, name)| format!("{}, on {}", text::name(name), spoken(step.day)));
        let then = next.as_ref().map_or_else(String::new, |next| format!(" Next: {next}."));
        let fit = Fit::of(goal, done, &self.facts, &self.context.settings, self.context.today);
        if !fit.is_possible() {
            return format!(
                "{so_far}. It is more than there is room for, and that is fine: a smaller number, or a later day, is kinder to you.{then}"
            );
        }
        if done >= goal.expected(self.context.today) {
            return format!("{so_far}, in good time.{then}");
        }
        let smaller = match next {
            Some(next) => format!("a short hello to {next}"),
            None if goal.counts.has_steps() => "one easy talk this week, with somebody you like".to_owned(),
            None => "one this week, however small".to_owned(),
        };
        format!(
            "{so_far}. It goes slower than you meant it to, and that is fine. A smaller next step: {smaller}."
        )
    }

    /// A goal as scripts see it; documented in docs/interface.md, and stays.
    pub(super) fn json(&self, goal: &Goal) -> Value {
        let counted = self.counted(goal);
        let fit = Fit::of(goal, self.done(goal), &self.facts, &self.context.settings, self.context.today);
        let a_week = |tenths: u32| (tenths < u32::MAX).then(|| f64::from(tenths) / 10.0);
        json!({
            "id": goal.id,
            "what": goal.what,
            "why": goal.why,
            "number": goal.number,
            "counts": goal.counts.to_string(),
            "circle": goal.among.circle,
            "query": goal.among.query,
            "people": fit.people,
            "from": goal.from.to_string(),
            "until": goal.until.to_string(),
            "supporter": goal.supporter.map(|id| id.to_string()),
            "done": self.done(goal),
            "expected": goal.expected(self.context.today),
            "reached": goal.reached_on(&counted).map(|day| day.to_string()),
            "needs": a_week(fit.needs),
            "room": a_week(fit.room),
            "ended": goal.ended.map(|(day, _)| day.to_string()),
            "outcome": goal.ended.map(|(_, ending)| ending.to_string()),
        })
    }
}
