use super::connections::{LIMITS, Limits};
use super::*;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

const TOKEN: &str = "0123456789abcdef";

/// A service in a thread of its own, asked by plain sockets.
struct Service {
    address: SocketAddr,
    published: watch::Sender<Feeds>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Service {
    fn start(limits: Limits) -> Self {
        Self::waiting(limits, PATIENCE)
    }

    /// As [`Service::start`], where requests wait so long for the first publication.
    fn waiting(limits: Limits, patience: Duration) -> Self {
        let (published, receiver) = watch::channel(Feeds::new());
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                let router = router(Site { patience, ..Site::new(TOKEN, receiver) });
                connections::serve(listener, router, limits, async { drop(stopped.await) }).await
            })
        });
        Self { address, published, stop: Some(stop), thread: Some(thread) }
    }

    fn with_feeds() -> Self {
        let service = Self::start(LIMITS);
        service.publish("BEGIN:VCALENDAR one");
        service
    }

    fn publish(&self, follow_ups: &str) {
        let document = |text: &str| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            Document::new(file, text.as_bytes(), "2026-11-04T07:00:00Z".parse().unwrap())
        };
        self.published.send_replace(Feeds::from([
            (Name::FollowUps, document(follow_ups)),
            (Name::Birthdays, document("BEGIN:VCALENDAR birthdays")),
        ]));
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes and reads until the service hangs up.
    fn exchange(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer(String::from_utf8(answer).unwrap())
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        self.exchange(request.as_bytes())
    }

    fn stop(&mut self) -> Result<()> {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.stop().unwrap();
        }
    }
}

/// An answer as it came.
struct Answer(String);

impl Answer {
    fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }

    fn header(&self, name: &str) -> Option<&str> {
        let (head, _) = self.0.split_once("\r\n\r\n").unwrap();
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n == &name)
            .map(|(_, value)| value)
    }
}

fn follow_ups() -> String {
    format!("/feed/{TOKEN}/follow-ups.ics")
}

#[test]
fn a_feed_is_sent_with_what_a_calendar_needs() {
    let service = Service::with_feeds();
    let answer = service.ask("GET", &follow_ups(), "");
    assert_eq!((answer.status(), answer.body()), (200, "BEGIN:VCALENDAR one"));
    for (name, value) in [
        ("content-type", "text/calendar; charset=utf-8"),
        ("content-length", "19"),
        ("last-modified", "Wed, 04 Nov 2026 07:00:00 GMT"),
        ("cache-control", "private, no-cache"),
        ("content-disposition", "inline; filename=\"follow-ups.ics\""),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let etag = answer.header("etag").unwrap();
    assert!(etag.starts_with('"') && etag.len() == 34, "{etag}");

    let head = service.ask("HEAD", &follow_ups(), "");
    assert_eq!((head.status(), head.body()), (200, ""));
    assert_eq!((head.header("etag"), head.header("content-length")), (Some(etag), Some("19")));

    let birthdays = service.ask("GET", &format!("/feed/{TOKEN}/birthdays.ics?x=1"), "");
    assert_eq!((birthdays.status(), birthdays.body()), (200, "BEGIN:VCALENDAR birthdays"));
    assert_ne!(birthdays.header("etag"), Some(etag));
}

#[test]
fn what_a_client_has_already_is_not_sent_again() {
    let service = Service::with_feeds();
    let etag = service.ask("GET", &follow_ups(), "").header("etag").unwrap().to_owned();
    let old = "If-Modified-Since: Wed, 04 Nov 2026 06:59:59 GMT\r\n";
    let same = "If-Modified-Since: Wed, 04 Nov 2026 07:00:00 GMT\r\n";
    for (case, headers, status) in [
        ("its tag", format!("If-None-Match: {etag}\r\n"), 304),
        ("its tag, weak", format!("If-None-Match: W/{etag}\r\n"), 304),
        ("its tag in a list", format!("If-None-Match: \"a\", {etag}\r\n"), 304),
        ("its tag in the second header", format!("If-None-Match: \"a\"\r\nIf-None-Match: {etag}\r\n"), 304),
        ("any", "If-None-Match: *\r\n".to_owned(), 304),
        ("another tag", "If-None-Match: \"a\"\r\n".to_owned(), 200),
        ("another tag beside a date", format!("If-None-Match: \"a\"\r\n{same}"), 200),
        ("its tag beside an old date", format!("If-None-Match: {etag}\r\n{old}"), 304),
        ("its date", same.to_owned(), 304),
        ("an older date", old.to_owned(), 200),
        ("no date", "If-Modified-Since: yesterday\r\n".to_owned(), 200),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = service.ask(method, &follow_ups(), &headers);
            assert_eq!(answer.status(), status, "{method} with {case}");
            assert_eq!(answer.header("etag"), Some(etag.as_str()), "{method} with {case}");
            assert_eq!(answer.body().is_empty(), status == 304 || method == "HEAD", "{method} with {case}");
        }
    }
    service.publish("BEGIN:VCALENDAR two");
    let answer = service.ask("GET", &follow_ups(), &format!("If-None-Match: {etag}\r\n"));
    assert_eq!((answer.status(), answer.body()), (200, "BEGIN:VCALENDAR two"));
}

#[test]
fn whoever_asks_before_the_first_publication_waits_for_it() {
    let service = Service::start(LIMITS);
    let mut early = service.connect();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", follow_ups());
    early.write_all(request.as_bytes()).unwrap();
    // What needs no feed is answered meanwhile; so the service has seen the request.
    assert_eq!(service.ask("GET", "/feed/wrong/follow-ups.ics", "").status(), 404);
    assert_eq!(service.ask("PUT", &follow_ups(), "").status(), 405);
    service.publish("BEGIN:VCALENDAR one");
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    let answer = Answer(answer);
    assert_eq!((answer.status(), answer.body()), (200, "BEGIN:VCALENDAR one"));
}

#[test]
fn nobody_waits_for_ever() {
    let service = Service::waiting(LIMITS, Duration::from_millis(50));
    for headers in ["", "If-None-Match: *\r\n"] {
        let answer = service.ask("GET", &follow_ups(), headers);
        assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("5")));
        assert!(answer.body().contains("try again"), "{}", answer.body());
    }
}

#[test]
fn what_is_published_does_not_wait_for_what_is_not() {
    let service = Service::waiting(LIMITS, Duration::from_millis(50));
    service.publish("BEGIN:VCALENDAR one");
    assert_eq!(service.ask("GET", &follow_ups(), "").status(), 200);
    assert_eq!(service.ask("GET", &format!("/feed/{TOKEN}/history.ics"), "").status(), 503);
}

#[test]
fn feeds_can_only_be_read() {
    let service = Service::with_feeds();
    let entry = format!("/follow-up/{}", crate::core::follow_up::uuid(b"", ""));
    for method in ["PUT", "POST", "DELETE", "PATCH", "PROPFIND", "OPTIONS", "REPORT", "TRACE"] {
        for path in [follow_ups(), entry.clone()] {
            let answer = service.ask(method, &path, "Content-Length: 5\r\n\r\nhello");
            assert_eq!(
                (answer.status(), answer.header("allow")),
                (405, Some("GET, HEAD")),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn what_is_not_there_is_said_alike() {
    let service = Service::with_feeds();
    let said = service.ask("GET", "/", "").body().to_owned();
    for path in [
        "/feed/wrong/follow-ups.ics",
        "/feed/0123456789abcdeF/follow-ups.ics",
        "/feed/0123456789abcdef/other.ics",
        "/feed/0123456789abcdef/",
        "/feed/%ff/follow-ups.ics",
        "/follow-up/",
        "/follow-up/1",
        "/follow-up/..%2f..%2fetc%2fpasswd-------------",
        "//",
    ] {
        for method in ["GET", "PUT"] {
            let answer = service.ask(method, path, "");
            assert_eq!((answer.status(), answer.body()), (404, said.as_str()), "{method} {path}");
        }
    }
}

#[test]
fn an_events_link_leads_to_a_sentence() {
    let service = Service::with_feeds();
    let id = crate::core::follow_up::uuid(b"namespace", "name");
    let answer = service.ask("GET", &format!("/follow-up/{id}"), "");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(answer.body().contains("kith plan") && !answer.body().contains(&id));
}

#[test]
fn only_requests_for_this_computer_are_answered() {
    let service = Service::with_feeds();
    for (host, status) in [
        ("127.0.0.1", 200),
        ("127.0.0.1:1", 200),
        ("127.0.0.2:5484", 200),
        ("localhost", 200),
        ("LocalHost:5484", 200),
        ("[::1]", 200),
        ("[::1]:5484", 200),
        ("", 421),
        ("evil.example", 421),
        ("evil.example:5484", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("localhost@evil.example", 421),
        ("localhost:5484:5484", 421),
        ("::1", 421),
        ("[::1", 421),
        ("[127.0.0.1]", 421),
        ("192.168.0.1", 421),
        ("0.0.0.0", 421),
        ("ü", 421),
    ] {
        let request = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", follow_ups());
        assert_eq!(service.exchange(request.as_bytes()).status(), status, "{host:?}");
    }
    let path = follow_ups();
    for (case, request, status) in [
        ("no host", format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"), 400),
        ("no host in HTTP/1.0", format!("GET {path} HTTP/1.0\r\n\r\n"), 400),
        (
            "two hosts",
            format!(
                "GET {path} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
            ),
            400,
        ),
        (
            "a whole URL",
            format!("GET http://evil.example{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            421,
        ),
        (
            "a whole URL of ours",
            format!("GET http://localhost{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            200,
        ),
    ] {
        assert_eq!(service.exchange(request.as_bytes()).status(), status, "{case}");
    }
}

#[test]
fn a_client_may_take_only_so_much() {
    let service = Service::start(Limits { header: Duration::from_millis(200), connections: 1, ..LIMITS });
    service.publish("BEGIN:VCALENDAR one");
    // Half a header, and nothing at all: the service hangs up, and the next in the queue is answered.
    let mut half = service.connect();
    half.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
    let silent = service.connect();
    assert_eq!(service.ask("GET", &follow_ups(), "").status(), 200);
    for mut stream in [half, silent] {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(!answer.contains("200"), "{answer}");
    }
}

#[test]
fn a_header_may_be_only_so_long() {
    let service = Service::with_feeds();
    let long = format!("X-Long: {}\r\n", "x".repeat(20_000));
    let mut stream = service.connect();
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\n{long}").as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[test]
fn a_shutdown_ends_idle_connections_and_does_not_wait_for_slow_ones() {
    let mut service = Service::start(Limits { shutdown: Duration::from_millis(50), ..LIMITS });
    service.publish("BEGIN:VCALENDAR one");
    let mut idle = service.connect();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", follow_ups());
    idle.write_all(request.as_bytes()).unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let mut slow = service.connect();
    slow.write_all(b"GET / HT").unwrap();
    service.stop().unwrap();
    for mut stream in [idle, slow] {
        let mut rest = Vec::new();
        // Cut off or ended: either way there is no more to read.
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(TcpStream::connect(service.address).is_err());
}

#[test]
fn what_is_no_listener_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(async {
        // Bound, and never told to listen.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let socket = std::net::TcpListener::from(socket.as_fd().try_clone_to_owned().unwrap());
        let (_sender, receiver) = watch::channel(Feeds::new());
        serve(TcpListener::from_std(socket).unwrap(), Site::new(TOKEN, receiver), std::future::pending())
            .await
    });
    assert!(error.unwrap_err().message().starts_with("could not take connections for the calendar feed"));
}
