//! The pages that links show: small, clear, without scripts, for a telephone's screen as well.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};

use crate::act::Open;
use crate::core::action::{Action, Secret};
use crate::core::cadence::Interval;
use crate::core::date::spoken;
use crate::core::facts::Comfort;
use crate::core::follow_up::Kind;
use crate::core::how::{How, in_touch};
use crate::error::Error;

/// How every page looks.
const STYLE: &str = include_str!("style.css");

/// The style sheet.
pub(super) async fn style() -> Response {
    let mut response = Response::new(Body::from(STYLE));
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    response
}

/// Asks whether that is to be done with a follow-up.
pub(super) fn ask(action: Action, uuid: &str, open: &Open, today: Date, secret: &Secret) -> Response {
    let others = Action::of(open.kind).iter().filter(|other| **other != action);
    let planned = match open.day == today {
        true => "Planned for today.".to_owned(),
        false => format!("Planned for {}.", spoken(open.day)),
    };
    shown(
        StatusCode::OK,
        &open.title,
        &html! {
            p.why { (open.reason) " " (planned) }
            form method="post" { (form(action, open, today)) }
            // A form of its own: the key that ends a line presses the first button of a form.
            @if action == Action::Snooze {
                form method="post" {
                    label {
                        "Or on a day of your own"
                        input type="date" name="day" required min=(Interval::days(1).after(today));
                    }
                    button { "On that day" }
                }
            }
            nav {
                h2 { "Something else" }
                ul {
                    @for other in others {
                        li { a href=(secret.path(other, uuid)) { (other.label()) } }
                    }
                }
            }
        },
    )
}

/// What an action asks, and its buttons.
fn form(action: Action, open: &Open, today: Date) -> Markup {
    let name = &open.name;
    let about = html! {
        label { "What was it about?" input type="text" name="what" autocomplete="off" maxlength="500"; }
    };
    match action {
        Action::Done if matches!(open.kind, Kind::Birthday | Kind::Date) && open.day > today => html! {
            p { "It can be noted as done on the day, " (spoken(open.day)) "." }
        },
        Action::Done => html! {
            p { "This notes that today you " (in_touch(open.how, name)) "." }
            (about)
            button { "Done" }
        },
        Action::Log => html! {
            fieldset {
                legend { "How were you in touch?" }
                @for how in [How::Talked, How::Called, How::Met, How::Heard, How::Wrote, How::Tried] {
                    label.choice {
                        input type="radio" name="how" value=(how) checked[how == open.how];
                        "You " (in_touch(how, name))
                    }
                }
            }
            label { "On which day?" input type="date" name="day" value=(today) max=(today); }
            (about)
            button { "Note it" }
        },
        Action::NoAnswer => html! {
            p { "This notes that today you " (in_touch(How::Tried, name)) "; the plan has another try after a while." }
            button { "No answer" }
        },
        Action::Snooze => html! {
            p { (name) " comes back on the day that you choose, or the first one after it that has room." }
            div.buttons {
                button name="back" value="3d" { "In 3 days" }
                button name="back" value="1w" { "In a week" }
                button name="back" value="1mo" { "In a month" }
            }
        },
        Action::NotNow => html! {
            p {
                "Nothing is planned with " (name) " until " (spoken(Comfort::NOT_NOW.after(today)))
                ", but what you promised them."
            }
            button { "Not now" }
        },
        Action::Never => html! {
            p {
                "Nothing is planned with " (name) " again, not even what you promised them, and they are in none "
                "of kith's calendars. What you know of them stays."
            }
            button { "Never" }
        },
    }
}

/// What was done, and how to take it back.
pub(super) fn acted(title: &str, said: &str, undo: Option<&str>) -> Response {
    let plain = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>();
    shown(
        StatusCode::OK,
        title,
        &html! {
            @for line in said.lines() { p { (plain(line)) } }
            @if let Some(undo) = undo {
                form method="post" action=(undo) { button.quiet { "Take it back" } }
            }
            p.why { "Your calendar follows when it next looks. You may close this page." }
        },
    )
}

/// Asks whether something is to be taken back.
pub(super) fn take_back() -> Response {
    shown(
        StatusCode::OK,
        "Take it back",
        &html! {
            p { "This takes back what you did with a link before." }
            form method="post" { button { "Take it back" } }
        },
    )
}

/// The follow-up is not open any more.
pub(super) fn closed() -> Response {
    shown(
        StatusCode::GONE,
        "This is not open any more",
        &html! {
            p { "It is done, or the plan has changed since your calendar last looked. Nothing was changed." }
        },
    )
}

/// Something could not be done.
pub(super) fn failed(status: StatusCode, error: &Error) -> Response {
    shown(
        status,
        "That could not be done",
        &html! {
            p { (error.message()) }
            @if let Some(advice) = error.advice() { p { (advice) } }
            p.why { "Nothing was changed." }
        },
    )
}

/// Something else takes long, and what was asked for is not waited for.
pub(super) fn busy() -> Response {
    shown(
        StatusCode::SERVICE_UNAVAILABLE,
        "kith is busy",
        &html! { p { "Something else takes long, such as a large file. Try again in a moment; what is done is not done twice." } },
    )
}

/// Nothing is published yet, or the service ends.
pub(super) fn not_yet() -> Response {
    let mut response = shown(
        StatusCode::SERVICE_UNAVAILABLE,
        "kith is not ready",
        &html! { p { "It is starting or ending. Try again in a moment; nothing was changed." } },
    );
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// A page; nobody but the reader keeps it.
fn shown(status: StatusCode, title: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) " · kith" }
                link rel="stylesheet" href="/style.css";
            }
            body { main { h1 { (title) } (content) } }
        }
    };
    let mut response = Response::new(Body::from(page.into_string()));
    *response.status_mut() = status;
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
