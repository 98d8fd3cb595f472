//! `kith status`

use std::io::Write;

use serde_json::json;

use super::screen::{labelled, out};
use super::{Context, Done, counted, setup};
use crate::core::contact::Column;
use crate::error::Result;
use crate::importer::Importers;
use crate::inbox::{Inbox, Waiting};
use crate::publish::rehearse;
use crate::running;
use crate::store::Filter;

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

    if context.json {
        let files: Vec<_> = waiting.iter().map(|w| json!({ "file": w.name, "why": w.why })).collect();
        return context.print_json(&json!({
            "running": service.is_some(),
            "pid": service.as_ref().map(|s| s.pid),
            "address": service.as_ref().and_then(|s| s.address).map(|a| a.to_string()),
            "refused_config": refused,
            "trouble": trouble,
            "database": context.paths.database(),
            "inbox": context.paths.inbox(),
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
    match &service {
        Some(service) => {
            let address = service.address.map_or_else(|| "starting".to_owned(), |a| format!("http://{a}"));
            line("Service", &format!("running (process {}), {address}", service.pid))?;
        }
        None => line("Service", &format!("not running; {}", setup::what_starts_it(&context.paths)))?,
    }
    if let Some(refused) = refused {
        line("Warning", &format!("the last good configuration is in force: {refused}"))?;
    }
    if let Some(trouble) = trouble {
        line("Trouble", trouble)?;
    }
    line("Database", &context.paths.database().display().to_string())?;
    line("Inbox", &context.paths.inbox().display().to_string())?;
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

/// The files that lie in the inbox, and why.
fn waiting(context: &Context) -> Result<Vec<Waiting>> {
    let importers = Importers::discover(&context.paths.plugins());
    Inbox::open(context.paths.inbox())?.waiting(context.settings.inbox.max_size, &importers)
}

fn count_failed(context: &Context) -> usize {
    let entries = std::fs::read_dir(context.paths.failed()).into_iter().flatten().flatten();
    entries.filter(|entry| !entry.file_name().to_string_lossy().ends_with(".report.txt")).count()
}
