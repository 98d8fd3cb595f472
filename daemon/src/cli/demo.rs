//! `kith demo`

mod home;

use std::io::Write;
use std::path::Path;
use std::sync::mpsc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use tokio::sync::oneshot;

use super::screen::{out, wrapped};
use super::serve::asked_to_end;
use super::{Done, Failure, plan};
use crate::core::feed::Name;
use crate::core::how::{How, in_touch};
use crate::core::settings::Settings;
use crate::core::talk::Talk;
use crate::core::{contact::Column, date::spoken};
use crate::error::{Doing, Error, Result};
use crate::keeper::Event;
use crate::paths::Paths;
use crate::publish::rehearse;
use crate::store::Store;
use crate::{config, logs, service, token};
use home::Home;

/// Show in a throw-away home what kith does.
///
/// Starts the service on a free port, drops three sample exports into its
/// inbox, and shows what becomes of them. Nothing of yours is touched, and
/// everything is removed at the end; what a demo leaves that is killed, by the
/// next one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith demo\n  kith demo --once")]
pub(super) struct Args {
    /// End after the report instead of serving until Ctrl-C.
    #[arg(long)]
    once: bool,
}

/// The exports of somebody's phone, mail program and network, whose people overlap.
const SAMPLES: [(&str, &[u8]); 3] = [
    ("phone.vcf", include_bytes!("../../../config/demo/phone.vcf")),
    ("google.csv", include_bytes!("../../../config/demo/google.csv")),
    ("Connections.csv", include_bytes!("../../../config/demo/Connections.csv")),
];

/// How many days of the plan are shown.
const DAYS: i64 = 14;

pub(super) fn run(args: &Args) -> Done {
    logs::for_commands();
    let among = std::env::temp_dir();
    // What cannot be removed is in nobody's way.
    if let Err(error) = home::tidy(&among) {
        tracing::warn!("{error}");
    }
    let home = Home::make(&among)?;
    let paths = Paths::below(home.path());
    paths.make()?;
    config::write(&paths.config(), "# The demo's own configuration: everything at its default.\n")?;
    say(&format!("A throw-away home: {}\n", home.path().display()))?;

    let (reported, report_ends) = oneshot::channel();
    let mut show = Show {
        paths: paths.clone(),
        once: args.once,
        step: Step::Importing { left: SAMPLES.len() },
        reported: Some(reported),
    };
    let (failed, failure) = mpsc::channel();
    let inbox = paths.clone();
    let told = failed.clone();
    let options = service::Options {
        listen: Some(([127, 0, 0, 1], 0).into()),
        socket: None,
        tell: Box::new(move |event| {
            if let Err(error) = show.see(event) {
                show.end();
                // The demo ends and tells it.
                let _ = told.send(error);
            }
        }),
        listening: Box::new(move |address| {
            let dropped = say(&format!("The service runs on http://{address} and watches the inbox. Dropping three exports into it:\n\n"))
                .and_then(|()| Ok(drop_samples(&inbox)?));
            if let Err(error) = dropped {
                let _ = failed.send(error);
            }
        }),
    };
    let once = args.once;
    let end = async move {
        tokio::select! {
            ended = asked_to_end() => {
                if let Err(error) = ended {
                    tracing::error!("{error}");
                }
            }
            // The sender is dropped without a word if nothing ends the demo early.
            Ok(wants_end) = report_ends => {
                if !once && !wants_end && let Err(error) = asked_to_end().await {
                    tracing::error!("{error}");
                }
            }
        }
    };
    service::run(&paths, options, end)?;
    match failure.try_recv() {
        Ok(error) => Err(error),
        Err(_) => say(&format!("The throw-away home {} is removed.\n", home.path().display())),
    }
}

/// Each sample written aside, then moved in, as a file manager does it.
fn drop_samples(paths: &Paths) -> Result<()> {
    for (name, bytes) in SAMPLES {
        let aside = paths.data_folder().join(name);
        std::fs::write(&aside, bytes)
            .and_then(|()| std::fs::rename(&aside, paths.inbox().join(name)))
            .doing(|| format!("drop {name} into the inbox"))?;
    }
    Ok(())
}

/// What the demo shows of the service's work, step by step.
struct Show {
    paths: Paths,
    once: bool,
    step: Step,
    reported: Option<oneshot::Sender<bool>>,
}

enum Step {
    Importing { left: usize },
    Living,
    Over,
}

impl Show {
    fn see(&mut self, event: Event) -> std::result::Result<(), Failure> {
        match (&mut self.step, event) {
            (Step::Importing { left }, Event::Imported(report)) => {
                *left = left.saturating_sub(1);
                say(&format!("{}\n", report.text()))
            }
            (Step::Importing { left }, Event::Failed { file_name, error }) => {
                *left = left.saturating_sub(1);
                say(&format!("{file_name} was not imported: {error}\n\n"))
            }
            (Step::Importing { left: 0 }, Event::Published) => {
                self.step = Step::Living;
                self.live()
            }
            (Step::Living, Event::Published) => {
                self.step = Step::Over;
                self.report()?;
                if let Some(reported) = self.reported.take() {
                    // Nobody waits for it if the demo is ending already.
                    let _ = reported.send(false);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self) {
        if let Some(reported) = self.reported.take() {
            let _ = reported.send(true);
        }
    }

    fn settings(&self) -> Result<(Settings, Date)> {
        let settings = config::load(&self.paths)?;
        let today = config::local(Timestamp::now(), &settings).date();
        Ok((settings, today))
    }

    /// A little of what its user would tell it; the service follows on its own.
    fn live(&self) -> std::result::Result<(), Failure> {
        let (_, today) = self.settings()?;
        let mut store = Store::open(&self.paths.database())?;
        say("Then its user tells it a little (kith circle assign, kith log):\n")?;
        for (query, circle, how, months, what) in [
            ("ingrid berg", "family", How::Called, 1, "the garden"),
            ("sara lindqvist", "close", How::Met, 2, "walk by the lake"),
            ("tom o'brien", "friends", How::Wrote, 1, "asked how Dublin is"),
        ] {
            let Some(person) = store.find(query)?.into_iter().next() else { continue };
            let day = today.checked_sub(months.months()).unwrap_or(today);
            store.change(person.id, &[(Column::Circle, Some(circle.to_owned()))], &[])?;
            store.log(&[person.id], &Talk::new(day, how, what), today)?;
            let name = person.content.column(Column::Name).unwrap_or_default();
            say(&format!(
                "  {name} is in the circle {circle}; on {} you {}: {what}\n",
                spoken(day),
                in_touch(how, name)
            ))?;
        }
        Ok(())
    }

    fn report(&self) -> std::result::Result<(), Failure> {
        let (settings, today) = self.settings()?;
        let store = Store::open(&self.paths.database())?;
        let (facts, planned) = rehearse(&store, &settings, today)?;
        let end = today.checked_add((DAYS - 1).days()).unwrap_or(today);
        let shown: Vec<_> = planned.follow_ups.iter().filter(|f| f.day <= end).collect();
        say("\nWhom to talk to in the next two weeks, and why:\n\n")?;
        plan::write_plan(&mut out(), &store, &facts, &shown, &settings.circles)?;
        let address = crate::running::service(&self.paths)?
            .and_then(|service| service.address)
            .ok_or_else(|| Error::internal("the demo's service does not say where it listens"))?;
        let token = token::of(&self.paths)?;
        let urls = Name::ALL.map(|name| format!("  http://{address}/feed/{token}/{}\n", name.file()));
        say(&format!("\nSubscribe to it in your calendar program:\n{}", urls.concat()))?;
        if self.once { Ok(()) } else { say(&command_hint(self.paths.data_folder())) }
    }
}

fn command_hint(data: &Path) -> String {
    let home = data.ancestors().nth(3).unwrap_or(data);
    format!(
        "\nUntil Ctrl-C you can try every command on it: HOME={0} kith list (and unset XDG_CONFIG_HOME, XDG_DATA_HOME),\n\
         or drop an export of your own into {1}/inbox. Nothing of it stays.\n",
        home.display(),
        data.display()
    )
}

fn say(text: &str) -> Done {
    let mut out = out();
    out.write_all(wrapped(text, 0).as_bytes())?;
    out.flush()?;
    Ok(())
}
