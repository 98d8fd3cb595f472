//! What the service and the user's systemd say to each other: the socket that
//! is handed over, readiness, the status line, the watchdog (`sd_notify(3)`,
//! `sd_listen_fds(3)`). Without systemd all of it is nothing.

use std::net::TcpListener;
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;

use crate::error::{Doing, Error, Result};
use crate::heart::Heart;

/// The socket that systemd listens on for kith (kith.socket), if it does.
///
/// To be called once, while the process has one thread: it takes the
/// variables that tell of the socket out of the environment.
///
/// # Errors
/// If what was handed over is not a socket that takes connections from this
/// computer only.
pub fn socket() -> Result<Option<TcpListener>> {
    let doing = || "take over the socket that systemd listens on".to_owned();
    let Some(socket) = ListenFd::from_env().take_tcp_listener(0).doing(doing)? else { return Ok(None) };
    let address = socket.local_addr().doing(doing)?;
    if !address.ip().is_loopback() {
        return Err(Error::config(format!(
            "kith.socket listens on {address}, where other computers reach it"
        ))
        .hint("write ListenStream=127.0.0.1:PORT there; kith setup does that"));
    }
    Ok(Some(socket))
}

/// Whether a service manager started this process and wants to be told how it is.
pub(crate) fn is_listening() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some()
}

/// Tells that the service has started, or that it has reread its configuration.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Tells that the service rereads its configuration; [`ready`] is to follow.
pub(crate) fn reloading() {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        tell(&[NotifyState::Reloading, now]);
    }
}

/// Tells that the service ends.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("ending")]);
}

/// Sets the line that `systemctl --user status kith` shows. It names nobody.
pub(crate) fn status(line: &'static str) {
    tell(&[NotifyState::Status(line)]);
}

/// Tells the watchdog that all is well, as often as it wants, for as long as
/// `heart` beats; returns at once where there is no watchdog.
pub(crate) async fn reassure(heart: Heart) {
    let Some(interval) = sd_notify::watchdog_enabled() else { return };
    let mut tick = tokio::time::interval(often_enough(interval));
    loop {
        tick.tick().await;
        if heart.silent_for() < interval {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

/// Half the interval is what `sd_watchdog_enabled(3)` recommends; a third lets
/// a busy computer be late once.
fn often_enough(interval: Duration) -> Duration {
    (interval / 3).max(Duration::from_millis(1))
}

fn tell(what: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(what) {
        tracing::warn!(%error, "could not tell systemd how the service is");
    }
}
