//! Takes connections and keeps them within limits.
//!
//! This is axum's own `serve` with what it leaves out: limits on how long a
//! client may take, how much it may send, how many there may be, and how long
//! a shutdown waits.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::io::Errno;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::error::{Doing, Result};

/// What a client may take up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long a request's header may take, and a connection wait for its next request.
    pub(super) header: Duration,
    /// How long a connection may last; cut off if it then does not end by itself.
    pub(super) connection: Duration,
    /// How many connections there may be; more wait until one ends.
    pub(super) connections: usize,
    /// How long a shutdown waits for the answers under way.
    pub(super) shutdown: Duration,
}

/// Generous for a calendar that asks every half hour.
pub(super) const LIMITS: Limits = Limits {
    header: Duration::from_secs(3),
    connection: Duration::from_secs(120),
    connections: 256,
    shutdown: Duration::from_secs(3),
};

/// The longest request header, in octets; a longer one is answered with 431.
const HEADER_SIZE: usize = 16 * 1024;

/// How long to wait when the system is short of what a connection needs.
const SHORT_OF_SOMETHING: Duration = Duration::from_secs(1);

/// See [`super::serve`].
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let (stop, stopping) = watch::channel(());
    let mut open = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let outcome = loop {
        tokio::select! {
            // Whether to end is asked before each connection: one that is not taken waits for who listens next.
            biased;
            () = &mut shutdown => break Ok(()),
            Some(_) = open.join_next() => {}
            accepted = listener.accept(), if open.len() < limits.connections => match accepted {
                Ok((stream, _)) => {
                    open.spawn(answer(stream, router.clone(), limits, stopping.clone()));
                }
                Err(error) if is_for_good(&error) => break Err(error),
                Err(error) => {
                    tracing::warn!(%error, "could not take a connection; trying again in a second");
                    tokio::time::sleep(SHORT_OF_SOMETHING).await;
                }
            },
        }
    };
    drop((listener, stop));
    let finished = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.shutdown, finished).await.is_err() {
        tracing::debug!("some clients took too long to read their answers and were cut off");
    }
    outcome.doing(|| "take connections for the calendar feed".to_owned())
}

/// Whether accepting will not work later either: the descriptor is no
/// listening socket (`accept(2)`).
fn is_for_good(error: &std::io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::BADF | Errno::INVAL | Errno::NOTSOCK | Errno::OPNOTSUPP)
    )
}

/// Answers the requests of one connection.
async fn answer(stream: TcpStream, router: Router, limits: Limits, mut stopping: watch::Receiver<()>) {
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_buf_size(HEADER_SIZE)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
    );
    let time_is_up = tokio::time::sleep(limits.connection);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = time_is_up => None,
        // Nothing is ever sent: what is waited for is the sender's end.
        _ = stopping.changed() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(limits.header, connection).await {
                Ok(ended) => ended,
                Err(_) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
