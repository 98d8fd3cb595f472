//! `kith recall`

use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::json;

use super::meant::{self, Found, Meant};
use super::screen::{out, wrapped};
use super::{Context, Done, add, counted, joined};
use crate::core::contact::{Item, List};
use crate::core::facts::PersonId;
use crate::core::line::{Fault, Line};
use crate::core::settings::Me;
use crate::core::text;
use crate::error::{Doing, Error, Kind, Result};
use crate::store::{Listed, Newcomer, Store};

/// The areas of a life, each with what helps to remember who is in it. An
/// area's name becomes a label of those who were remembered there.
const AREAS: [(&str, &str); 14] = [
    ("family", "by blood and by marriage, near and far"),
    ("friends", "of today, and those you lost sight of"),
    ("neighbours", "of today, and from where you lived before"),
    ("school", "classmates, and who sat beside you"),
    ("university", "or an apprenticeship: fellow students, teachers"),
    ("work", "colleagues, and those in other departments"),
    ("former colleagues", "from every place where you worked"),
    ("customers and partners", "customers, suppliers, people of your trade"),
    ("music", "choirs, bands, concerts, dancing"),
    ("sport", "teams, courses, the people you run or climb with"),
    ("clubs", "associations, parishes, volunteering, politics"),
    ("children's activities", "other parents, trainers, teachers of your children"),
    ("teachers and mentors", "whoever taught you something, or believed in you"),
    ("everywhere else", "travels, courses, the shop around the corner, online"),
];

/// Go through the areas of your life and add the people in them.
///
/// It asks area by area: family, friends, neighbours, school and so on. Each
/// person is one line, as in kith add: NAME, PLACE, what you share, telephone
/// number or email address. An empty line goes on to the next area, q ends.
/// What is typed is kept at once. Whoever is known is not added again.
///
/// Without a terminal it reads the lines of one area from standard input and
/// adds all or none.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith recall\n  kith recall --area music\n  kith recall --area \"book club\" < names.txt"
)]
pub(super) struct Args {
    /// One area only, whatever its name; it becomes a label of each person.
    #[arg(long, value_name = "NAME")]
    area: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let area = args.area.as_deref().map(str::trim);
    if area == Some("") {
        return Err(Error::usage("--area may not be empty: it becomes a label").into());
    }
    let mut recall = Recall { context, store: context.store()?, added: Vec::new() };
    if io::stdin().is_terminal() && io::stdout().is_terminal() && !context.json {
        let asked = match area {
            Some(area) => recall.ask(&[(area, "")]),
            None => recall.ask(&AREAS),
        };
        // Whatever ended it, what was added is told.
        return recall.end().and(asked);
    }
    match area {
        Some(area) => recall.read(area),
        None => Err(Error::user("there is no terminal to ask on")
            .hint("name an area and give its people on standard input: kith recall --area music < names.txt")
            .into()),
    }
}

/// What was added so far.
struct Recall<'a> {
    context: &'a Context,
    store: Store,
    added: Vec<(String, PersonId)>,
}

impl Recall<'_> {
    /// Asks area by area on a terminal.
    fn ask(&mut self, areas: &[(&str, &str)]) -> Done {
        let intro = "Who is in your life? One person a line: NAME, PLACE, what you share, telephone number or \
                     email address. The name is enough. An empty line goes on, q ends.";
        write!(out(), "{}", wrapped(intro, 0))?;
        for (number, (area, help)) in (1..).zip(areas) {
            let place = if help.is_empty() {
                String::new()
            } else {
                format!(" ({number} of {}): {help}", areas.len())
            };
            write!(out(), "\n{}", wrapped(&format!("{area}{place}"), 0))?;
            loop {
                write!(out(), "> ")?;
                out().flush()?;
                let mut line = String::new();
                let read = io::stdin().lock().read_line(&mut line).doing(|| "read your answer".to_owned())?;
                match line.trim() {
                    _ if read == 0 => {
                        writeln!(out())?;
                        return Ok(());
                    }
                    "q" | "Q" => return Ok(()),
                    "" => break,
                    line => self.answer(line, area)?,
                }
            }
        }
        Ok(())
    }

    /// Takes one answer in; where it is of no use that is said, and the next may be typed.
    fn answer(&mut self, line: &str, area: &str) -> Done {
        let taken = self.take(&[(1, line.to_owned())], area)?;
        let mut said: Vec<String> = taken.known.iter().map(|known| known_already(known)).collect();
        said.extend(
            taken.fault.map(|(_, _, fault)| format!("Not added: {fault}. Hint: {}.", fault.advice())),
        );
        said.extend(taken.new.iter().map(|line| {
            let more = Some(line.taken()).filter(|taken| !taken.is_empty());
            let more = more.map_or_else(String::new, |taken| format!(" ({taken})"));
            format!("Added: {}{more}.", text::name(&line.name))
        }));
        write!(out(), "{}", wrapped(&said.join("\n"), 2))?;
        Ok(())
    }

    /// Adds those of numbered lines who are new, all or none.
    fn take(&mut self, lines: &[(usize, String)], area: &str) -> Result<Taken> {
        let me = &self.context.settings.me;
        let (ids, taken) = meant::add(&mut self.store, self.context.entered_at(), |store| {
            let taken = Taken::of(store, lines, me)?;
            let newcomers = taken.new.iter().map(|line| newcomer(line, area)).collect();
            Ok(Found { newcomers, meeting: None, more: taken })
        })?;
        self.added.extend(taken.new.iter().map(|line| line.name.clone()).zip(ids));
        Ok(taken)
    }

    /// Brings the plan up to date and says what was added.
    fn end(mut self) -> Done {
        if !self.added.is_empty() {
            self.context.republish(&mut self.store)?;
        }
        let names: Vec<String> = self.added.iter().map(|(name, _)| text::name(name).into_owned()).collect();
        let said = if names.is_empty() {
            "Nobody was added.".to_owned()
        } else {
            format!("Added {}: {}.", counted(names.len(), "person", "people"), joined(&names))
        };
        write!(out(), "{}", wrapped(&said, 0))?;
        Ok(())
    }

    /// Reads the people of one area from standard input, and adds all or none.
    fn read(mut self, area: &str) -> Done {
        let mut lines = Vec::new();
        for (number, text) in (1..).zip(io::stdin().lock().lines()) {
            let text = text.doing(|| format!("read line {number} of standard input"))?;
            if !text.trim().is_empty() {
                lines.push((number, text));
            }
        }
        let Taken { known, fault, .. } = self.take(&lines, area)?;
        if let Some((number, text, fault)) = fault {
            let doing = format!("add anybody: line {number}");
            return Err(add::refused(&text, &fault).of_kind(Kind::User).while_doing(&doing).into());
        }
        if !self.context.json {
            let said: String = known.iter().map(|known| known_already(known) + "\n").collect();
            write!(out(), "{}", wrapped(&said, 0))?;
            return self.end();
        }
        self.context.republish(&mut self.store)?;
        self.context.print_json(&json!({
            "area": area,
            "added": self.added.iter().map(|(_, id)| id.to_string()).collect::<Vec<_>>(),
            "known": known.iter().flatten().map(|listed| listed.id.to_string()).collect::<Vec<_>>(),
        }))
    }
}

/// What became of lines.
#[derive(Default)]
struct Taken {
    new: Vec<Line>,
    /// Those known, line by line.
    known: Vec<Vec<Listed>>,
    /// The first line that nobody can have meant, with its number and why; nobody is new then.
    fault: Option<(usize, String, Fault)>,
}

impl Taken {
    /// Finds out who is known and who is new.
    fn of(store: &Store, lines: &[(usize, String)], me: &Me) -> Result<Self> {
        let index = store.index(me.home())?;
        let mut taken = Self::default();
        for (number, text) in lines {
            match Meant::of(text, store, &index)? {
                Meant::Known(found, _) => taken.known.push(found),
                Meant::New(line) | Meant::Similar(_, line) => {
                    if let Some(fault) = line.fault(me) {
                        let fault = Some((*number, text.clone(), fault));
                        return Ok(Self { fault, ..Self::default() });
                    }
                    let name = line.identity(None).name;
                    if taken.new.iter().all(|other| other.identity(None).name != name) {
                        taken.new.push(line);
                    }
                }
            }
        }
        Ok(taken)
    }
}

/// Somebody new, with the area as their label.
fn newcomer(line: &Line, area: &str) -> Newcomer {
    let mut content = line.content();
    content.list_mut(List::Category).push(Item { value: area.to_owned(), ..Item::default() });
    Newcomer { content, others: vec![] }
}

/// That somebody is not added again.
fn known_already(known: &[Listed]) -> String {
    let names: Vec<String> =
        known.iter().map(|listed| format!("{} (id {})", listed.name(), listed.id)).collect();
    match names.as_slice() {
        [only] => format!("Known already: {only}."),
        _ => format!("Known already, by that name: {}. Of somebody else say the whole name.", joined(&names)),
    }
}
