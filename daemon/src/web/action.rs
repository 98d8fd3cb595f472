//! Links that do something with a follow-up.
//!
//! A link shows a page and changes nothing, as mail programs and browsers follow links on their own;
//! the button on it does what the link says.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Form, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use tokio::sync::{oneshot, watch};

use super::{Site, nothing_here, only, page};
use crate::act::{Board, Deed, Open, Order, Outcome};
use crate::core::action::{Action, Secret};
use crate::core::cadence::Interval;
use crate::core::how::How;
use crate::error::{Error, Result};
use crate::store::StepId;

/// How long somebody waits for what they asked for: an import may be under way, or another program
/// may have the database, which is waited for up to 20 seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// How links act.
pub struct Acting {
    /// What they are signed with now.
    pub secret: Box<dyn Fn() -> Option<Secret> + Send + Sync>,
    /// What is open.
    pub board: watch::Receiver<Arc<Board>>,
    /// Has an order carried out, and gives where to wait for what comes of it.
    pub order: Box<dyn Fn(Order) -> oneshot::Receiver<Result<Outcome>> + Send + Sync>,
}

impl std::fmt::Debug for Acting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Acting")
    }
}

impl Acting {
    /// What is open; none if nothing was published in the time that a request may wait.
    async fn board(&self, patience: Duration) -> Option<(Date, Arc<Board>)> {
        let mut board = self.board.clone();
        let first = board.wait_for(|board| board.today.is_some());
        let board = Arc::clone(&*tokio::time::timeout(patience, first).await.ok()?.ok()?);
        Some((board.today?, board))
    }
}

/// What a form says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said {
    /// What it was about.
    #[serde(default)]
    what: String,
    /// How they were in touch.
    how: Option<String>,
    /// A day: on which it was, or on which they come back.
    day: Option<String>,
    /// How long it is put off, where a button says it.
    back: Option<String>,
}

/// What a path says: which action, of what, and the signature.
type Parts = std::result::Result<Path<(String, String, String)>, PathRejection>;

pub(super) async fn action(
    State(site): State<Arc<Site>>,
    parts: Parts,
    method: Method,
    form: std::result::Result<Form<Said>, FormRejection>,
) -> Response {
    let Ok(Path((action, of, signature))) = parts else { return nothing_here() };
    let Some(acting) = &site.acting else { return nothing_here() };
    let Some(secret) = (acting.secret)() else { return nothing_here() };
    if !secret.signed(&action, &of, &signature) {
        return nothing_here();
    }
    let posts = match method {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return only("GET, HEAD, POST"),
    };
    if action == "undo" {
        let step = of.parse::<i64>().map(StepId::Edits);
        return match (step, posts) {
            (Err(_), _) => nothing_here(),
            (Ok(_), false) => page::take_back(),
            (Ok(step), true) => answer(acting, &secret, Order::Undo(step)).await,
        };
    }
    let Ok(action) = action.parse::<Action>() else { return nothing_here() };
    let Some((today, board)) = acting.board(site.patience).await else { return page::not_yet() };
    let Some(open) = board.open.get(&of).filter(|open| Action::of(open.kind).contains(&action)) else {
        return page::closed();
    };
    if !posts {
        return page::ask(action, &of, open, today, &secret);
    }
    let Ok(Form(said)) = form else {
        return page::failed(StatusCode::BAD_REQUEST, &Error::user("the form could not be read"));
    };
    match deed(action, said, open, today) {
        Ok(deed) => answer(acting, &secret, Order::Do(of, deed)).await,
        Err(error) => page::failed(StatusCode::BAD_REQUEST, &error),
    }
}

/// What is to be done, as link and form say.
fn deed(action: Action, said: Said, open: &Open, today: Date) -> Result<Deed> {
    let day = |text: Option<String>| {
        let text = text.unwrap_or_default();
        text.trim()
            .parse::<Date>()
            .map_err(|_| Error::user(format!("{:?} is no day", text.trim())).hint("write it as 2026-11-30"))
    };
    Ok(match action {
        Action::Done => Deed::Done(said.what),
        Action::Log => {
            let how = said.how.map_or(Some(open.how), |how| how.parse::<How>().ok());
            let how = how.ok_or_else(|| Error::user("that is no way to be in touch"))?;
            Deed::Log(said.day.map_or(Ok(today), |text| day(Some(text)))?, how, said.what)
        }
        Action::NoAnswer => Deed::NoAnswer,
        Action::Snooze => Deed::Snooze(match said.back.as_deref() {
            Some("3d") => Interval::days(3).after(today),
            Some("1w") => Interval::days(7).after(today),
            Some("1mo") => Interval::months(1).after(today),
            _ => day(said.day)?,
        }),
        Action::NotNow => Deed::NotNow,
        Action::Never => Deed::Never,
    })
}

/// Has an order carried out, and shows what came of it.
async fn answer(acting: &Acting, secret: &Secret, order: Order) -> Response {
    match tokio::time::timeout(PATIENCE, (acting.order)(order)).await {
        Err(_) => page::busy(),
        Ok(Err(_)) => page::not_yet(),
        Ok(Ok(Err(error))) => page::failed(StatusCode::CONFLICT, &error),
        Ok(Ok(Ok(Outcome::Closed))) => page::closed(),
        Ok(Ok(Ok(Outcome::TakenBack { said }))) => page::acted("Taken back", &said, None),
        Ok(Ok(Ok(Outcome::Acted { said, undo }))) => {
            let undo = undo.and_then(|step| match step {
                StepId::Edits(number) => Some(secret.path("undo", number)),
                StepId::Import(_) => None,
            });
            page::acted("Done", &said, undo.as_deref())
        }
    }
}
