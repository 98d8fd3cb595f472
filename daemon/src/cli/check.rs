//! `kith check`

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use kith_plugin::Importer as _;
use kith_plugin_csv::{Csv, check_dialect};
use serde_json::{Value, json};

use super::screen::{self, out, typed, wrapped};
use super::status::{self, FolderSeen};
use super::{Done, counted, setup};
use crate::calendars;
use crate::config;
use crate::core::contact::Column;
use crate::core::date::{Birthday, spoken};
use crate::core::preference;
use crate::core::settings::Settings;
use crate::error::{Error, Kind, Result};
use crate::import::folder_problem;
use crate::importer::{self, Importers, OwnFile, own_files};
use crate::paths::Paths;
use crate::running;
use crate::store::{Filter, Store};
use crate::templates;
use crate::token;

/// Look for anything that is wrong.
///
/// Reads the configuration, the folders that it names, the CSV dialects and templates of your own, the whole
/// database, the secrets of the calendars' addresses and links, the plugin folders and systemd's units, and changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith check\n  kith check --json")]
pub(super) struct Args {}

/// What was looked at, and what is wrong with it.
struct Finding {
    about: &'static str,
    problems: Vec<String>,
    kind: Kind,
    /// What is said where nothing is wrong.
    state: &'static str,
    /// What is no problem, and should be known.
    remarks: Vec<String>,
}

impl Finding {
    fn new(about: &'static str, problems: Vec<String>, kind: Kind) -> Self {
        Self { about, problems, kind, state: "good", remarks: Vec::new() }
    }
}

pub(super) fn run(_: &Args, paths: &Paths, as_json: bool) -> Done {
    let config = config::load(paths);
    let configured = config.is_ok();
    let settings = config.as_ref().ok().cloned().map_or_else(|| Settings::parse("").map_err(internal), Ok)?;
    let mut findings =
        vec![Finding::new("configuration", problems(config.map(drop)), Kind::Config), importers(paths)];
    if paths.templates().is_dir() {
        findings.push(Finding::new("templates", templates::load(paths).problems, Kind::Config));
    }
    let store = Store::of(paths);
    match &store {
        Err(error) => {
            findings.push(Finding::new("database", vec![error.to_string()], Kind::User));
        }
        Ok(store) => {
            let whole = problems(store.check_integrity().and_then(|()| store.may_be_written()));
            findings.push(Finding::new("database", whole, Kind::User));
            findings.push(Finding::new("contacts", odd_values(store, &settings)?, Kind::User));
            if !calendars::wanted(&settings).is_empty() {
                let problems = calendars::problems(store, &settings)?;
                findings.push(Finding::new("calendars", problems, Kind::User));
            }
        }
    }
    if let Some(problems) = token::problems(paths) {
        findings.push(Finding::new("secrets", problems, Kind::User));
    }
    let service = running::service(paths)?;
    let state = if service.is_some() { "good" } else { "not running" };
    let refused = service.iter().filter_map(|service| service.refused_config.clone()).collect();
    findings.push(Finding { state, ..Finding::new("service", refused, Kind::Config) });
    if !settings.vdir.folders.is_empty() {
        let problems = match &store {
            Ok(store) => {
                let folders = status::folders(&settings, store, service.as_ref())?;
                folders.iter().flat_map(FolderSeen::problems).collect()
            }
            Err(_) => {
                let folders = config::followed(&settings).into_iter();
                folders.filter_map(|folder| folder_problem(&folder)).map(|error| error.to_string()).collect()
            }
        };
        findings.push(Finding::new("folders", problems, Kind::User));
    }
    // A configuration that cannot be used cannot be compared with anything.
    if configured && let Some(problems) = setup::unit_problems(paths, &settings) {
        findings.push(Finding::new("systemd", problems, Kind::User));
    }

    let worst = findings
        .iter()
        .filter(|f| !f.problems.is_empty())
        .map(|f| f.kind)
        .max_by_key(|kind| kind.exit_code());
    if as_json {
        let all: Vec<Value> = findings
            .iter()
            .map(|f| json!({ "about": f.about, "problems": f.problems, "remarks": f.remarks }))
            .collect();
        screen::print_json(&Value::Array(all))?;
    } else {
        print(&findings)?;
    }
    match worst {
        None => Ok(()),
        Some(kind) => Err(Error::user("something is not as it should be; see above").of_kind(kind).into()),
    }
}

fn print(findings: &[Finding]) -> io::Result<()> {
    let mut out = out();
    for Finding { about, problems, state, remarks, .. } in findings {
        if problems.is_empty() {
            writeln!(out, "{about}: {state}")?;
        } else {
            writeln!(out, "{about}:")?;
        }
        for said in problems.iter().chain(remarks) {
            write!(out, "{}", wrapped(said, 2))?;
        }
    }
    Ok(())
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("the default configuration cannot be used: {error}"))
}

fn problems(result: Result<()>) -> Vec<String> {
    result.err().map(|error| error.to_string()).into_iter().collect()
}

fn importers(paths: &Paths) -> Finding {
    let importers = Importers::of(paths);
    let mut problems: Vec<String> = importers.problems().iter().map(ToString::to_string).collect();
    problems.extend(importer::lack().map(|importer::Lack { what, stops_all }| {
        let runs = if stops_all {
            "no importer runs without it"
        } else {
            "importers that are part of kith run without that protection, and others do not run"
        };
        format!("{what}; {runs}")
    }));
    for importer in importers.iter() {
        if importer::lack().is_none() {
            problems.extend(importer::becomes(importer).err().map(|error| error.to_string()));
        }
        let folder = paths.config_folder().join(&importer.manifest.name);
        match own_files(&folder) {
            Ok(files) if importer.manifest.name == Csv::NAME => {
                let path = |name: &str| folder.join(name).display().to_string();
                let wrong = |file: &OwnFile| check_dialect(&path(&file.name), &file.text).err();
                problems.extend(files.iter().filter_map(wrong));
            }
            Ok(_) => {}
            Err(error) => problems.push(error.to_string()),
        }
    }
    let grants =
        importers.iter().filter_map(|it| Some(format!("{} {}", it.manifest.name, it.manifest.grants()?)));
    Finding { remarks: grants.collect(), ..Finding::new("importers", problems, Kind::User) }
}

/// Values in the database that are not of the form they should have.
fn odd_values(store: &Store, settings: &Settings) -> Result<Vec<String>> {
    let today = config::local(Timestamp::now(), settings).date();
    let mut odd = store.facts(&settings.me, today)?.odd;
    odd.extend(store.odd_cards()?);
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for listed in store.list(Filter::default())? {
        if let Some(circle) =
            listed.content.column(Column::Circle).filter(|c| !settings.circles.contains_key(*c))
        {
            *unknown.entry(circle.to_owned()).or_default() += 1;
        }
        for column in preference::COLUMNS {
            let said = listed.content.column(column).filter(|said| !said.trim().is_empty());
            if let Some(Err(unfit)) = said.map(|said| preference::canonical(column, said)) {
                odd.push(format!("contact {}: {}: {unfit}", listed.id, column.name()));
            }
        }
        let birthday = listed.content.column(Column::Birthday).and_then(|text| text.parse::<Birthday>().ok());
        if let Some(day) = birthday.and_then(|birthday| birthday.still_to_come(today)) {
            odd.push(format!(
                "contact {0}: birthday: {1} has not come yet (kith edit {0} --birthday changes it)",
                listed.id,
                spoken(day)
            ));
        }
    }
    odd.extend(unknown.into_iter().map(|(circle, people)| {
        format!(
            "{} in the circle {circle:?}, which the configuration does not name, and {} as others (kith circle set {} --ideal 30d --latest 60d makes it)",
            counted(people, "person is", "people are"),
            if people == 1 { "counts" } else { "count" },
            typed(&circle)
        )
    }));
    Ok(odd)
}
