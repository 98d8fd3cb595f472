//! `kith status`

use std::io::Write;

use serde_json::{Value, json};

use super::screen::{labelled, out};
use super::{Context, Done, counted, setup};
use crate::config;
use crate::core::contact::Column;
use crate::core::settings::Settings;
use crate::error::Result;
use crate::import::{folder_problem, has_news};
use crate::importer::Importers;
use crate::inbox::{Inbox, Waiting};
use crate::publish::rehearse;
use crate::running::{self, Service};
use crate::store::{Filter, FollowedFolder, Store};

/// Show how the service and the data are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith status\n  kith status --json")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let service = running::service(&context.paths)?;
    let listed = store.list(Filter { archived: true, ..Filter::default() })?;
    let (archived, living): (Vec<_>, Vec<_>) =
        listed.iter().partition(|l| l.content.column(Column::ArchivedAt).is_some());
    let organizations =
        living.iter().filter(|l| l.content.column(Column::Kind) == Some("organization")).count();
    let people = living.len() - organizations;
    let reviews = store.reviews()?.len();
    let conflicts: usize = store.at_odds()?.iter().map(|one| one.conflicts.len()).sum();
    let mut waiting = waiting(context)?;
    for file in &mut waiting {
        if let Some(why) = service.as_ref().and_then(|s| s.put_off.get(&file.name)) {
            file.why.clone_from(why);
        }
    }
    let (_, plan) = rehearse(&store, &context.settings, context.today)?;
    let planned = plan.follow_ups.iter().filter(|follow_up| follow_up.day == context.today).count();
    let failed = count_failed(context);
    let refused = context.refused.as_ref().map(ToString::to_string);
    let refused = refused.or_else(|| service.as_ref()?.refused_config.clone());
    let trouble = service.as_ref().and_then(|s| s.trouble.as_deref());
    let folders = folders(&context.settings, &store, service.as_ref())?;
    let starts = service.is_none().then(|| setup::what_starts_it(&context.paths));

    if context.json {
        let files: Vec<_> = waiting.iter().map(|w| json!({ "file": w.name, "why": w.why })).collect();
        return context.print_json(&json!({
            "running": service.is_some(),
            "pid": service.as_ref().map(|s| s.pid),
            "address": service.as_ref().and_then(|s| s.address).map(|a| a.to_string()),
            "fails": starts.as_ref().and_then(|starts| starts.failure()),
            "refused_config": refused,
            "trouble": trouble,
            "database": context.paths.database(),
            "inbox": context.paths.inbox(),
            "folders": folders.iter().map(FolderSeen::json).collect::<Vec<_>>(),
            "people": people,
            "organizations": organizations,
            "archived": archived.len(),
            "in_review": reviews,
            "conflicts": conflicts,
            "planned_today": planned,
            "waiting_files": files,
            "failed_files": failed,
        }));
    }
    let mut out = out();
    let mut line = |label: &str, text: &str| write!(out, "{}", labelled(&format!("{label}:"), 11, text));
    if let Some(service) = &service {
        let address = service.address.map_or_else(|| "starting".to_owned(), |a| format!("http://{a}"));
        line("Service", &format!("running (process {}), {address}", service.pid))?;
    }
    if let Some(starts) = &starts {
        line("Service", &format!("not running; {starts}"))?;
    }
    if let Some(refused) = refused {
        line("Warning", &format!("the last good configuration is in force: {refused}"))?;
    }
    if let Some(trouble) = trouble {
        line("Trouble", trouble)?;
    }
    line("Database", &context.paths.database().display().to_string())?;
    line("Inbox", &context.paths.inbox().display().to_string())?;
    for folder in &folders {
        line("Folder", &folder.said(&context.settings))?;
    }
    let mut known = people.to_string();
    if organizations > 0 {
        known += &format!(", and {}", counted(organizations, "organisation", "organisations"));
    }
    if !archived.is_empty() {
        known += &format!("; {} archived", archived.len());
    }
    line("People", &known)?;
    line("Today", &format!("{planned} planned (kith plan)"))?;
    if reviews > 0 {
        line("In review", &format!("{reviews} may be somebody known (kith review)"))?;
    }
    if conflicts > 0 {
        let fields = counted(conflicts, "contradiction", "contradictions");
        line("Conflicts", &format!("{fields} between address books (kith conflicts)"))?;
    }
    for Waiting { name, why } in &waiting {
        line("Waiting", &format!("{name}: {why}"))?;
    }
    if failed > 0 {
        let files =
            counted(failed, "file, with the reason beside it", "files, each with the reason beside it");
        line("Failed", &format!("{files}, in {}", context.paths.failed().display()))?;
    }
    Ok(())
}

/// A folder that is followed.
pub(super) struct FolderSeen {
    path: String,
    known: FollowedFolder,
    /// Whether something in it is not taken in yet.
    is_behind: bool,
    trouble: Option<String>,
}

impl FolderSeen {
    fn said(&self, settings: &Settings) -> String {
        let Self { path, known, is_behind, trouble } = self;
        let cards = usize::try_from(known.cards).unwrap_or(usize::MAX);
        let taken = known.taken_at.as_ref().and_then(|at| at.parse().ok()).map_or_else(
            || "nothing taken in yet".to_owned(),
            |at| format!("last change taken in {}", config::local(at, settings).strftime("%Y-%m-%d %H:%M")),
        );
        let mut said = format!("{path}: {}, {taken}", counted(cards, "card", "cards"));
        if *is_behind && known.taken_at.is_some() {
            said += "; what changed in it since then is still to be taken in";
        }
        for (file, why) in known.problems.iter().take(3) {
            said += &format!("; {file} is not taken in, or not wholly: {why}");
        }
        if known.problems.len() > 3 {
            said += &format!("; so it is with {} more files", known.problems.len() - 3);
        }
        if let Some(trouble) = trouble {
            said += &format!("; {trouble}");
        }
        said
    }

    /// What is wrong with it, each by itself.
    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        let Self { path, known, trouble, .. } = self;
        let files = known.problems.iter();
        let files =
            files.map(move |(file, why)| format!("{path}: {file} is not taken in, or not wholly: {why}"));
        files.chain(trouble.clone())
    }

    fn json(&self) -> Value {
        let Self { path, known, trouble, .. } = self;
        json!({
            "path": path,
            "cards": known.cards,
            "taken_at": known.taken_at,
            "problems": known.problems,
            "trouble": trouble,
        })
    }
}

/// The folders that are followed; what is wrong with one the running service says, else a look.
///
/// # Errors
/// If the database cannot be read.
pub(super) fn folders(
    settings: &Settings,
    store: &Store,
    service: Option<&Service>,
) -> Result<Vec<FolderSeen>> {
    let mut all = Vec::new();
    for folder in config::followed(settings) {
        let path = folder.display().to_string();
        let trouble = match service {
            Some(service) => service.folders.get(&path).cloned(),
            None => folder_problem(&folder).map(|error| error.to_string()),
        };
        let known = store.followed(&path)?.unwrap_or_default();
        // What is wrong with it may be what keeps it from being taken in.
        let is_behind = trouble.is_none() && has_news(store, &folder)?;
        all.push(FolderSeen { path, known, is_behind, trouble });
    }
    Ok(all)
}

/// The files that lie in the inbox, and why.
fn waiting(context: &Context) -> Result<Vec<Waiting>> {
    let importers = Importers::of(&context.paths);
    Inbox::open(context.paths.inbox())?.waiting(context.settings.inbox.max_size, &importers)
}

fn count_failed(context: &Context) -> usize {
    let entries = std::fs::read_dir(context.paths.failed()).into_iter().flatten().flatten();
    entries.filter(|entry| !entry.file_name().to_string_lossy().ends_with(".report.txt")).count()
}
