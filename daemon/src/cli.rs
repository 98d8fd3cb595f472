//! The command line: one file a command, and what they share.

mod add;
mod archive;
mod ask;
mod check;
mod choose;
mod circle;
mod completions;
mod conflicts;
mod demo;
mod done;
mod due;
mod edit;
mod export;
mod feed;
mod goal;
mod help;
mod import;
mod imports;
mod intend;
mod introduce;
mod keys;
mod list;
mod log;
mod man;
mod meant;
mod merge;
mod met;
mod named;
mod note;
mod occasion;
mod offer;
mod pair;
mod path;
mod pause;
mod plan;
mod plugin;
mod prep;
mod progress;
mod promise;
mod recall;
mod review;
mod review_week;
mod screen;
mod serve;
mod setup;
mod show;
mod simulate;
mod skip;
mod snooze;
mod sort;
mod split;
mod status;
mod table;
mod tie;
mod undo;
mod usage;
mod why;
mod wins;

use std::ffi::OsString;
use std::io;
use std::sync::atomic::AtomicBool;

use clap::{CommandFactory, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::signal::unix::SignalKind;

use crate::config::{InForce, local};
use crate::core::cadence::Interval;
use crate::core::feed::{Name, People};
use crate::core::settings::Settings;
use crate::core::when::{self, Toward};
use crate::error::{Doing, Error, Kind, Result};
use crate::import::Workshop;
use crate::importer::{Host, Importers, OwnBinary};
use crate::paths::Paths;
use crate::store::Store;
use crate::{calendars, config, feed_file, importer, logs, publish, running, templates, terminal, token};

#[derive(Debug, Parser)]
#[command(
    name = "kith",
    version,
    max_term_width = 100,
    color = terminal::colors(),
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(about = "kith keeps your ties alive: it plans whom to talk to next, and why, and shows it in the \
                   calendar you already use. Everything stays on this computer.")]
#[command(
    after_help = "Examples:\n  kith import contacts.vcf\n  kith due\n  kith done anna\n  kith log anna \"her new job\"\n  \
                        kith serve\n\nkith COMMAND --help tells more, with examples. kith help TOPIC explains: \
                        circles, clock, comfort, promises, review, budget, people, dates, goals, introductions.\n\n\
                        Exit codes: 0 done, 1 an error of the input or the data, 2 of the command line, \
                        3 of the configuration, 70 a fault of kith itself."
)]
struct Cli {
    /// Try it on another day: what only shows something then changes nothing, what notes something
    /// dates it so. Calendars stay at the real today.
    #[arg(long, global = true, value_name = "DATE", display_order = 900)]
    today: Option<String>,
    /// Print data as JSON.
    #[arg(long, global = true, display_order = 901)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// Each is described by its arguments, in its own file.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Setup(setup::Args),
    Serve(serve::Args),
    Import(import::Args),
    Imports(imports::Args),
    Export(export::Args),
    List(list::Args),
    Show(show::Args),
    Log(log::Args),
    Due(due::Args),
    Done(done::Args),
    Snooze(snooze::Args),
    Skip(skip::Args),
    Pause(pause::Args),
    Promise(promise::Args),
    Ask(ask::Args),
    Offer(offer::Args),
    Prep(prep::Args),
    Note(note::Args),
    Goal(goal::Args),
    Occasion(occasion::Args),
    Wins(wins::Args),
    ReviewWeek(review_week::Args),
    Add(Box<add::Args>),
    Recall(recall::Args),
    Sort(sort::Args),
    Met(met::Args),
    Archive(archive::Args),
    Plan(plan::Args),
    Why(why::Args),
    Simulate(simulate::Args),
    Tie(tie::Args),
    Path(path::Args),
    Introduce(introduce::Args),
    Feed(feed::Args),
    Status(status::Args),
    Check(check::Args),
    Plugin(plugin::Args),
    Circle(circle::Args),
    Edit(Box<edit::Args>),
    Review(review::Args),
    Conflicts(conflicts::Args),
    Merge(merge::Args),
    Split(split::Args),
    Undo(undo::Args),
    Help(help::Args),
    Completions(completions::Args),
    Man(man::Args),
    /// Say what may stand at the cursor; the shells' scripts ask this.
    #[command(hide = true)]
    Complete(completions::Question),
}

/// Runs the command that `words` name; gives the exit code.
pub fn run(words: impl IntoIterator<Item = OsString>) -> u8 {
    let words: Vec<OsString> = words.into_iter().collect();
    let done = match importer::Order::among(&words) {
        Some(order) => order.and_then(|order| order.obey()).map_err(Failure::from),
        None => match Cli::try_parse_from(&words) {
            Ok(cli) => dispatch(cli),
            Err(error) if is_help(&error) => {
                // On stdout where it was asked for, else on stderr.
                return if error.print().is_err() || error.use_stderr() {
                    Kind::Usage.exit_code()
                } else {
                    0
                };
            }
            Err(error) => Err(usage::error(&error.to_string(), Cli::command(), &words).into()),
        },
    };
    match done {
        Ok(()) => 0,
        Err(Failure::Told(error)) => {
            // Nobody is left to tell if stderr is gone.
            let _ = screen::tell("Error", &error);
            error.kind.exit_code()
        }
        // Whoever read our output has seen enough (`kith list | head`).
        Err(Failure::BrokenPipe) => 0,
        Err(Failure::Interrupted) => exit_code_of(SignalKind::interrupt()),
    }
}

/// The exit code of a program that a signal ended, as shells give it.
fn exit_code_of(signal: SignalKind) -> u8 {
    u8::try_from(signal.as_raw_value()).map_or(u8::MAX, |number| number.saturating_add(128))
}

/// Whether clap has help to show, or the version, rather than an error.
fn is_help(error: &clap::Error) -> bool {
    use clap::error::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::DisplayHelp | Kind::DisplayHelpOnMissingArgumentOrSubcommand | Kind::DisplayVersion
    )
}

/// Why a command ended early.
enum Failure {
    Told(Error),
    BrokenPipe,
    /// Ctrl-C came as a key.
    Interrupted,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        match Err::<(), _>(error).doing(|| "write the output".to_owned()) {
            Err(error) => Self::Told(
                error.hint("only what the command says could not be written; what it does is done"),
            ),
            Ok(()) => Self::BrokenPipe,
        }
    }
}

type Done = std::result::Result<(), Failure>;

fn dispatch(cli: Cli) -> Done {
    // These need none of the user's folders, and make none.
    match &cli.command {
        Command::Help(args) => return help::run(args, Cli::command()),
        Command::Completions(args) => return completions::run(args),
        Command::Complete(question) => return completions::complete(question, Cli::command()),
        Command::Man(args) => return man::run(args, Cli::command()),
        Command::Demo(args) => {
            if cli.today.is_some() || cli.json {
                return Err(
                    Error::usage("demo takes neither --today nor --json: it shows today, in words").into()
                );
            }
            return demo::run(args);
        }
        _ => {}
    }
    let paths = Paths::from_env()?;
    if let Command::Serve(args) = &cli.command {
        if cli.today.is_some() {
            return Err(Error::usage("serve lives in the present: --today is for commands that end").into());
        }
        if cli.json {
            return Err(Error::usage("serve prints no data: --json is for commands that do").into());
        }
        return serve::run(args, &paths);
    }
    if let Command::Setup(args) = &cli.command {
        return setup::run(args, &paths, cli.json);
    }
    // Where everything is there that is read, what cannot be made now is missed by whoever writes to it.
    if let Err(error) = paths.make()
        && !paths.database().exists()
    {
        return Err(error.into());
    }
    logs::for_commands();
    if let Command::Check(args) = &cli.command {
        return check::run(args, &paths, cli.json);
    }
    if let Command::Plugin(args) = &cli.command {
        return plugin::run(args, &paths, cli.json);
    }
    // What runs goes by the last good configuration, and so do commands beside it.
    let is_status = matches!(cli.command, Command::Status(_));
    let in_force = if is_status || running::service(&paths)?.is_some() {
        config::in_force(&paths)?
    } else {
        InForce::from(config::load(&paths)?)
    };
    let context = Context::new(paths, in_force, cli.today.as_deref(), cli.json)?;
    // kith status says it in its own place.
    if let Some(error) = context.refused.as_ref().filter(|_| !is_status) {
        let error = format!("Warning: the last good configuration is in force: {error}");
        screen::say_aside(&error)?;
    }
    match cli.command {
        Command::Import(args) => import::run(&args, &context),
        Command::Imports(args) => imports::run(&args, &context),
        Command::Export(args) => export::run(&args, &context),
        Command::List(args) => list::run(&args, &context),
        Command::Show(args) => show::run(&args, &context),
        Command::Log(args) => log::run(&args, &context),
        Command::Due(args) => due::run(&args, &context),
        Command::Done(args) => done::run(&args, &context),
        Command::Snooze(args) => snooze::run(&args, &context),
        Command::Skip(args) => skip::run(&args, &context),
        Command::Pause(args) => pause::run(&args, &context),
        Command::Promise(args) => promise::run(&args, &context),
        Command::Ask(args) => ask::run(&args, &context),
        Command::Offer(args) => offer::run(&args, &context),
        Command::Prep(args) => prep::run(&args, &context),
        Command::Note(args) => note::run(&args, &context),
        Command::Goal(args) => goal::run(&args, &context),
        Command::Occasion(args) => occasion::run(&args, &context),
        Command::Wins(args) => wins::run(&args, &context),
        Command::ReviewWeek(args) => review_week::run(&args, &context),
        Command::Add(args) => add::run(&args, &context),
        Command::Recall(args) => recall::run(&args, &context),
        Command::Sort(args) => sort::run(&args, &context),
        Command::Met(args) => met::run(&args, &context),
        Command::Archive(args) => archive::run(&args, &context),
        Command::Plan(args) => plan::run(&args, &context),
        Command::Why(args) => why::run(&args, &context),
        Command::Simulate(args) => simulate::run(&args, &context),
        Command::Tie(args) => tie::run(&args, &context),
        Command::Path(args) => path::run(&args, &context),
        Command::Introduce(args) => introduce::run(&args, &context),
        Command::Feed(args) => feed::run(&args, &context),
        Command::Status(args) => status::run(&args, &context),
        Command::Circle(args) => circle::run(&args, &context),
        Command::Edit(args) => edit::run(&args, &context),
        Command::Review(args) => review::run(&args, &context),
        Command::Conflicts(args) => conflicts::run(&args, &context),
        Command::Merge(args) => merge::run(&args, &context),
        Command::Split(args) => split::run(&args, &context),
        Command::Undo(args) => undo::run(&args, &context),
        Command::Demo(_)
        | Command::Serve(_)
        | Command::Check(_)
        | Command::Plugin(_)
        | Command::Setup(_)
        | Command::Help(_)
        | Command::Completions(_)
        | Command::Complete(_)
        | Command::Man(_) => Ok(()),
    }
}

/// What a command works with.
struct Context {
    paths: Paths,
    settings: Settings,
    /// Why the settings are not those of the file, if they are not.
    refused: Option<Error>,
    now: Timestamp,
    /// Today, or the day that is rehearsed.
    today: Date,
    /// The real day.
    real_today: Date,
    /// Whether a day was named to rehearse, if only today.
    rehearsal: bool,
    json: bool,
}

impl Context {
    fn new(paths: Paths, in_force: InForce, today: Option<&str>, json: bool) -> Result<Self> {
        let InForce { settings, refused, .. } = in_force;
        let now = Timestamp::now();
        let real_today = local(now, &settings).date();
        let rehearsal = today.is_some();
        let today = match today {
            None => real_today,
            Some(text) => when::parse(text, real_today, Toward::Past)
                .map_err(|e| Error::usage(format!("--today: {e}")))?,
        };
        Ok(Self { paths, settings, refused, now, today, real_today, rehearsal, json })
    }

    /// The time for what is entered: now, on the day that is rehearsed.
    fn entered_at(&self) -> Timestamp {
        let here = local(self.now, &self.settings);
        here.with().date(self.today).build().map_or(self.now, |there| there.timestamp())
    }

    /// The database; while there is no service, with what the user's calendars say now.
    fn store(&self) -> Result<Store> {
        let mut store = Store::of(&self.paths)?;
        if let Err(error) = self.follow_calendars(&mut store) {
            // What they said before holds.
            let _ = screen::tell("Warning", &error.while_doing("look at your calendars"));
        }
        Ok(store)
    }

    fn follow_calendars(&self, store: &mut Store) -> Result<()> {
        let no_calendars = calendars::wanted(&self.settings).is_empty() && store.calendars()?.is_empty();
        if no_calendars || running::service(&self.paths)?.is_some() {
            return Ok(());
        }
        let (settings, cancel) = (&self.settings, &AtomicBool::new(false));
        let look = calendars::Look { settings, now: self.now, today: self.today, cancel };
        calendars::follow(store, &look, |work| {
            work(&Workshop {
                host: Host::new(OwnBinary::open()?, self.paths.data_folder().to_owned()),
                importers: Importers::of(&self.paths),
                config_folder: self.paths.config_folder().to_owned(),
            })
        })
        .map(drop)
    }

    /// The same, with the settings that kith.toml has now.
    fn reloaded(&self) -> Result<Self> {
        let InForce { settings, refused, .. } = config::in_force(&self.paths)?;
        Ok(Self { settings, refused, paths: self.paths.clone(), ..*self })
    }

    /// Says where something that was done beside the database could not be
    /// noted in it: repeated, it would be done twice.
    fn noted(&self, noted: Result<()>) -> io::Result<()> {
        match noted {
            Ok(()) => Ok(()),
            Err(error) => screen::tell("Warning", &error.while_doing("note for kith undo what was done")),
        }
    }

    /// Brings the published calendars up to date, unless a service is running,
    /// which does it itself. Where they cannot be written, on a full disk or
    /// one that is read-only, that is said, and the command goes on: what it
    /// was to change is changed, and what it shows can be shown.
    fn republish(&self, store: &mut Store) -> io::Result<()> {
        match self.published(store) {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = error.while_doing("bring the calendars up to date");
                screen::tell("Warning", &error)
            }
        }
    }

    fn published(&self, store: &mut Store) -> Result<()> {
        if running::service(&self.paths)?.is_some() {
            return Ok(());
        }
        let phrases = templates::load(&self.paths).phrases;
        let secret = token::action_key(&self.paths)?;
        let occasion = publish::Occasion {
            settings: &self.settings,
            today: self.real_today,
            now: self.now,
            phrases: &phrases,
            secret: &secret,
        };
        let facts = store.facts(&self.settings.me, self.real_today)?.facts;
        let put = |name, feed: publish::Feed| feed_file::publish(&self.paths.calendar(name), &feed.bytes);
        put(Name::FollowUps, publish::follow_ups(store, &facts, &mut People::new(), occasion)?.0)?;
        put(Name::Birthdays, publish::birthdays(store, &facts, occasion)?)?;
        put(Name::History, publish::history(store, occasion)?)?;
        Ok(())
    }

    fn print_json(&self, value: &serde_json::Value) -> Done {
        Ok(screen::print_json(value)?)
    }
}

/// An interval as how often it is: `every 2 weeks`, `every day`.
fn every(interval: Interval) -> String {
    let shown = interval.to_string();
    format!("every {}", shown.strip_prefix("1 ").unwrap_or(&shown))
}

/// `1 person`, `2 people`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `Anna`, `Anna and Bert`, `Anna, Bert and Carla`.
pub(crate) fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}
