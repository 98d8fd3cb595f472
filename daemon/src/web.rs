//! The service's HTTP side: the feeds, and a sentence behind every event's link.
//!
//! It listens on this computer only, where every program and every web page in
//! a browser can reach it. So a request must name this computer in its Host
//! header (a page whose name was rebound to 127.0.0.1 names itself), a feed
//! answers only under a secret token, nothing changes but by a link that is
//! [signed](crate::core::action), and slow or many connections use up little.

mod action;
mod conditional;
mod connections;
mod document;
mod page;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::any;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use self::action::Acting;
pub use self::document::Document;
use crate::core::feed::Name;
use crate::error::Result;
use crate::token::is_token;

/// How long a request waits for the first publication of all: a calendar that
/// is refused shows its user an error, and asks again in half an hour. Drawing
/// up 10,000 people takes a second, and calendars wait for half a minute.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest form, in octets: what it was about, in 500 characters, and a few words.
const FORM_SIZE: usize = 16 * 1024;

/// The calendars as they are served, as far as they are published.
pub type Feeds = BTreeMap<Name, Document>;

/// What the service answers from.
#[derive(Debug)]
pub struct Site {
    /// The hash of the token.
    token: Mutex<[u8; 32]>,
    /// Where the token stands, which may be changed while the service runs.
    file: Option<PathBuf>,
    published: watch::Receiver<Feeds>,
    /// How long a request waits for what is not published yet.
    patience: Duration,
    /// How links act, if they do.
    acting: Option<Acting>,
}

impl Site {
    /// A site whose feeds stand under `token`, and are what was last sent to
    /// `published`. Requests for one that is not among them wait for it, up to
    /// ten seconds.
    #[must_use]
    pub fn new(token: &str, published: watch::Receiver<Feeds>) -> Self {
        Self {
            token: Mutex::new(Sha256::digest(token).into()),
            file: None,
            published,
            patience: PATIENCE,
            acting: None,
        }
    }

    /// The same site, whose token is at each request what stands in this file.
    #[must_use]
    pub fn following(self, file: PathBuf) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The same site, on which links do something.
    #[must_use]
    pub fn acting(self, acting: Acting) -> Self {
        Self { acting: Some(acting), ..self }
    }

    /// The hash of the token in force; while its file cannot be read, of the last one.
    fn token(&self) -> [u8; 32] {
        let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let read = self.file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        if let Some(token) = read.as_deref().map(str::trim).filter(|token| is_token(token)) {
            *known = Sha256::digest(token).into();
        }
        *known
    }

    /// A feed as it is now; none if it was not published in the time that a
    /// request may wait, or never will be.
    async fn document(&self, name: Name) -> Option<Document> {
        let mut published = self.published.clone();
        let first = published.wait_for(|feeds| feeds.contains_key(&name));
        let feeds = tokio::time::timeout(self.patience, first).await.ok()?.ok()?;
        feeds.get(&name).cloned()
    }

    /// Compares hashes, all of them to the end, so that the time taken says
    /// nothing about how much of a guess was right.
    fn is_token(&self, guess: &str) -> bool {
        let guess: [u8; 32] = Sha256::digest(guess).into();
        self.token().iter().zip(guess).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }
}

/// Answers requests until `shutdown` ends, and then for a few seconds those
/// that were under way.
///
/// # Errors
/// If `listener` cannot take connections at all; being short of something for
/// a while is logged and waited out.
pub async fn serve(listener: TcpListener, site: Site, shutdown: impl Future<Output = ()>) -> Result<()> {
    connections::serve(listener, router(site), connections::LIMITS, shutdown).await
}

/// Answers one request a connection with 503 and `sentence`, until `shutdown`
/// ends, which is polled before each connection is taken. That is better than
/// no answer: calendars keep what they have and ask again.
///
/// # Errors
/// If `listener` cannot take connections at all.
pub async fn excuse(
    listener: TcpListener,
    sentence: &'static str,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let router = Router::new()
        .fallback(move || async move {
            let mut response = not_now(sentence, "60");
            // The next may be for a service that has started.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        })
        .layer(middleware::from_fn(guard));
    connections::serve(listener, router, connections::LIMITS, shutdown).await
}

fn router(site: Site) -> Router {
    Router::new()
        .route("/feed/{token}/{file}", any(feed))
        .route("/follow-up/{id}", any(entry))
        .route("/do/{action}/{of}/{signature}", any(action::action))
        .route("/style.css", any(page::style))
        .fallback(|| async { nothing_here() })
        .with_state(Arc::new(site))
        .layer(DefaultBodyLimit::max(FORM_SIZE))
        .layer(middleware::from_fn(guard))
}

/// Refuses requests that are not for this computer, and sends every answer
/// with the headers that keep it out of other sites' hands.
async fn guard(request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut response = match misdirected(&request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The path holds the token: never above debug.
    tracing::debug!(%method, path = uri.path(), status = response.status().as_u16(), "answered");
    response
}

/// The refusal of a request that does not name this computer (RFC 9110 section 7.2).
fn misdirected(request: &Request) -> Option<Response> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Some(plain(StatusCode::BAD_REQUEST, "The request has to have one Host header.\n"));
    };
    // A request line with a whole URL overrides the header (RFC 9112 section 3.2.2).
    let named = request.uri().authority().map_or(host.as_bytes(), |authority| authority.as_str().as_bytes());
    let ours = |name: &[u8]| std::str::from_utf8(name).is_ok_and(is_this_computer);
    (!ours(host.as_bytes()) || !ours(named)).then(|| {
        plain(
            StatusCode::MISDIRECTED_REQUEST,
            "kith answers only to this computer's own names: 127.0.0.1, localhost and [::1].\n",
        )
    })
}

/// Whether a host and port are this computer's: `localhost` or a loopback
/// address, with any port or none.
fn is_this_computer(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') && is_port(port) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match address {
        Some(address) => address.parse().is_ok_and(|ip: std::net::Ipv6Addr| ip.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse().is_ok_and(|ip: IpAddr| ip.is_ipv4() && ip.is_loopback())
        }
    }
}

type Parts = std::result::Result<Path<(String, String)>, axum::extract::rejection::PathRejection>;

async fn feed(State(site): State<Arc<Site>>, parts: Parts, method: Method, headers: HeaderMap) -> Response {
    let Ok(Path((token, file))) = parts else { return nothing_here() };
    // A wrong token and a wrong name look alike.
    let known = site.is_token(&token);
    let Some(name) = Name::of_file(&file).filter(|_| known) else { return nothing_here() };
    if let Some(refusal) = only_reading(&method) {
        return refusal;
    }
    let Some(document) = site.document(name).await else {
        return not_now(
            "kith is still drawing up the feed; try again in a moment. kith status in a terminal says how it is.\n",
            "5",
        );
    };
    let unchanged = conditional::is_unchanged(&headers, &document);
    let mut response = Response::new(if unchanged { Body::empty() } else { document.body() });
    let sent = response.headers_mut();
    sent.insert(header::ETAG, document.etag);
    if let Some(date) = document.last_modified {
        sent.insert(header::LAST_MODIFIED, date);
    }
    // Kept by whoever asked, and asked for again each time (RFC 9111 section 5.2.2).
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        let inline = format!("inline; filename=\"{file}\"");
        sent.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        sent.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(inline).unwrap_or(HeaderValue::from_static("inline")),
        );
    }
    response
}

/// Where the link of an event leads. Anybody on this computer can ask, so it
/// says nothing of anybody, and not even whether there is such an event.
async fn entry(uri: Uri, method: Method) -> Response {
    let id = uri.path().rsplit('/').next().unwrap_or_default();
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !is_uuid {
        return nothing_here();
    }
    only_reading(&method).unwrap_or_else(|| {
        plain(
            StatusCode::OK,
            "This is an entry of the calendar that kith keeps on this computer: `kith plan` in a terminal shows \
             what is planned, and `kith log` notes whom you talked with.\n",
        )
    })
}

fn only_reading(method: &Method) -> Option<Response> {
    (!matches!(*method, Method::GET | Method::HEAD)).then(|| only("GET, HEAD"))
}

/// The refusal of a method that is none of these (RFC 9110 section 15.5.6).
fn only(methods: &'static str) -> Response {
    let mut response = plain(
        StatusCode::METHOD_NOT_ALLOWED,
        "kith takes no such request here; its calendars can only be read: subscribe to them as read-only.\n",
    );
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    response
}

/// An answer for later, in seconds (RFC 9110 section 15.6.4).
fn not_now(sentence: &'static str, retry_after: &'static str) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, sentence);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(retry_after));
    response
}

fn nothing_here() -> Response {
    plain(
        StatusCode::NOT_FOUND,
        "There is nothing at this address; `kith feed` says the calendar's address.\n",
    )
}

fn plain(status: StatusCode, sentence: &'static str) -> Response {
    let mut response = Response::new(Body::from(sentence));
    *response.status_mut() = status;
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
