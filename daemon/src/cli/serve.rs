//! `kith serve`

use std::net::SocketAddr;

use tokio::signal::unix::{SignalKind, signal};

use super::Done;
use crate::error::{Doing, Error, Kind, Result};
use crate::paths::Paths;
use crate::{logs, service, systemd};

/// Run the service: watch the inbox, the database and the configuration, and serve the feed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith serve\n  kith serve --listen 127.0.0.1:6000\n\nkith feed prints the address to subscribe to."
)]
pub(super) struct Args {
    /// Where to listen, instead of where kith.toml says; this computer only.
    #[arg(long, value_name = "127.0.0.1:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
}

fn address(text: &str) -> std::result::Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "it is not an address with a port; write 127.0.0.1:PORT")
}

pub(super) fn run(args: &Args, paths: &Paths) -> Done {
    logs::for_service();
    if let Some(listen) = args.listen.filter(|listen| !listen.ip().is_loopback()) {
        return Err(Error::usage(format!(
            "--listen {listen}: kith listens on this computer only; write 127.0.0.1:PORT"
        ))
        .into());
    }
    let options = service::Options {
        listen: args.listen,
        // Who says where to listen means it.
        socket: systemd::socket()?.filter(|_| args.listen.is_none()),
        tell: Box::new(|_| {}),
        listening: Box::new(|_| {}),
    };
    let served = service::run(paths, options, async {
        if let Err(error) = asked_to_end().await {
            tracing::error!("{error}");
        }
    });
    Ok(served.map_err(without_quotes)?)
}

/// An error of the configuration quotes the file, which may name people, and
/// the journal is to name nobody.
fn without_quotes(error: Error) -> Error {
    if error.kind == Kind::Config && logs::to_the_journal() {
        return Error::config("kith.toml cannot be used, and there is no last good one to go on with")
            .hint("kith check says what is wrong; the service starts again when a calendar asks, or with systemctl --user start kith");
    }
    error
}

/// Waits for SIGTERM or SIGINT.
pub(super) async fn asked_to_end() -> Result<()> {
    end_signals()?.await;
    Ok(())
}

/// From now on SIGTERM and SIGINT do not end the program, but what is given
/// back, which is the one that came.
pub(super) fn end_signals() -> Result<impl Future<Output = SignalKind>> {
    let doing = || "wait for signals".to_owned();
    let mut terminate = signal(SignalKind::terminate()).doing(doing)?;
    let mut interrupt = signal(SignalKind::interrupt()).doing(doing)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => SignalKind::terminate(),
            _ = interrupt.recv() => SignalKind::interrupt(),
        }
    })
}
