//! The service: start-up read from top to bottom, then waiting for the end.

use std::cell::Cell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode, Watcher};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};

use crate::act::Board;
use crate::config::InForce;
use crate::core::feed::Name;
use crate::error::{Doing, Error, Kind, Result};
use crate::heart::Heart;
use crate::import::Workshop;
use crate::importer::{Host, Importers, OwnBinary};
use crate::inbox::{Entry, Folder};
use crate::keeper::{Errand, Event, Keeper, Start, Wake};
use crate::paths::Paths;
use crate::running::Hold;
use crate::store::{LINK, Store};
use crate::{config, feed_file, memory, publish, systemd, token, web};

/// How long an import may go on after the service was told to end.
const LAST_MINUTE: Duration = Duration::from_secs(5);

/// How long a cancelled import may take to give up. What is not committed then
/// is rolled back by SQLite when the database is next opened.
const GIVE_UP: Duration = Duration::from_secs(2);

/// For how long a service that cannot start, and was given a socket, says so
/// to whoever asks. What it waits for (a disk with room, another program's
/// lock) may come, and systemd starts it again after that.
const EXCUSES: Duration = Duration::from_secs(10);

/// The same where waiting does not help: hardly anybody corrects the
/// configuration meanwhile. Connections that wait must be answered all the
/// same: they would start the service again, and again.
const LAST_EXCUSES: Duration = Duration::from_millis(500);

/// The status line meanwhile.
const CANNOT_START: &str = "cannot start, and says so to calendars that ask";

/// How the service is run.
pub struct Options {
    /// Where to listen, instead of where the configuration says.
    pub listen: Option<SocketAddr>,
    /// A socket that listens already, instead of one of the service's own.
    pub socket: Option<std::net::TcpListener>,
    /// Told what the service does.
    pub tell: Box<dyn FnMut(Event) + Send>,
    /// Told where the service listens.
    pub listening: Box<dyn FnOnce(SocketAddr) + Send>,
}

/// Runs the service until `end` is over.
///
/// # Errors
/// If it cannot start: the configuration cannot be used, another service
/// runs, the database cannot be opened, the port is taken. If it cannot go on,
/// as its data folder was deleted or replaced.
pub fn run(paths: &Paths, options: Options, end: impl Future<Output = ()>) -> Result<()> {
    // What it has in memory is for nobody: no other process of the user looks
    // into it, and a crash leaves no copy of it on the disk.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(std::io::Error::from)
        .doing(|| "keep the service's memory private".to_owned())?;
    memory::map_what_is_large();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .doing(|| "start the service".to_owned())?;
    runtime.block_on(async {
        let socket = options.socket.as_ref().map(std::net::TcpListener::try_clone).transpose();
        let socket = socket.doing(|| "take over the socket that systemd listens on".to_owned())?;
        let asked = Cell::new(false);
        let mut end = pin!(async {
            end.await;
            asked.set(true);
        });
        let served = serve(paths, options, end.as_mut()).await;
        if let (Err(error), Some(socket), false) = (&served, socket, asked.get()) {
            // Those of the configuration were made already.
            if error.kind != Kind::Config {
                tracing::error!("{}", error.message());
                if let Err(also) = excuse(socket, end).await {
                    tracing::warn!("{also}");
                }
            }
        }
        served?
    })
}

/// Says to whoever asks that the service cannot start; without the reason,
/// which anybody on this computer could read.
async fn excuse(socket: std::net::TcpListener, end: impl Future<Output = ()>) -> Result<()> {
    systemd::status(CANNOT_START);
    let time_is_up = async {
        tokio::select! {
            () = end => {}
            () = tokio::time::sleep(EXCUSES) => {}
        }
    };
    let sentence = "kith cannot start: journalctl --user -u kith in a terminal says why.\n";
    web::excuse(take_over(socket)?, sentence, time_is_up).await
}

/// The configuration once it was corrected, in the place of the `error` that it
/// was. Who asks before is told that it cannot be used; who asks afterwards
/// waits for the calendar, as the file is read anew before a request is taken.
async fn corrected(
    paths: &Paths,
    socket: &std::net::TcpListener,
    error: Error,
    end: impl Future<Output = ()>,
) -> Result<InForce> {
    systemd::status(CANNOT_START);
    let socket = socket.try_clone().doing(|| "take over the socket that systemd listens on".to_owned())?;
    let mut in_force = None;
    let usable = poll_fn(|_| {
        in_force = config::load_or_last_good(paths).ok();
        if in_force.is_some() { Poll::Ready(()) } else { Poll::Pending }
    });
    let until = async {
        tokio::select! {
            biased;
            () = usable => {}
            () = end => {}
            () = tokio::time::sleep(LAST_EXCUSES) => {}
        }
    };
    let sentence =
        "kith cannot start, as its configuration cannot be used: kith check in a terminal says why.\n";
    web::excuse(take_over(socket)?, sentence, until).await?;
    in_force.ok_or(error)
}

/// Serves until `end` is over. An error is that it could not start; the one
/// within, that it had started and could not go on: a new start may help at
/// once, and nobody needs to hear an excuse.
async fn serve(paths: &Paths, options: Options, end: impl Future<Output = ()>) -> Result<Result<()>> {
    paths.make()?;
    let mut hold = Hold::take(paths)?;
    if let Err(error) = feed_file::tidy(&paths.feed(), SystemTime::now()) {
        tracing::warn!("{error}");
    }
    let mut end = pin!(end);
    let mut in_force = match (config::load_or_last_good(paths), &options.socket) {
        (Err(error), Some(socket)) => corrected(paths, socket, error, end.as_mut()).await?,
        (loaded, _) => loaded?,
    };
    if let Some(error) = &in_force.refused {
        // What is wrong quotes the file, and that may name people.
        tracing::error!(
            "the configuration cannot be used, the last good one is in force; kith check says why"
        );
        tracing::debug!("{error}");
        hold.refused_config(Some(error.to_string()))?;
    }
    let configured = options.listen.unwrap_or(in_force.settings.serve.listen);
    let listener = match options.socket {
        Some(socket) => take_over(socket)?,
        None => listen(configured).await?,
    };
    let address = listener.local_addr().doing(|| "see where the service listens".to_owned())?;
    if address != configured && configured.port() != 0 {
        tracing::warn!(%address, %configured, "systemd listens elsewhere than kith.toml says; kith setup brings both together");
    }
    let store = Store::of(paths)?.acting_for(LINK);
    store.may_be_written()?;
    let token = token::of(paths)?;
    hold.listening(address)?;
    in_force.settings.serve.listen = address;

    let (wake, wakes) = mpsc::channel();
    let _watcher = watch_files(paths, wake.clone())?;
    // Calendars are answered at once, with what they know, until there is something newer.
    let (published, publications) = watch::channel(of_last_run(&store, paths, address));
    let (board, boards) = watch::channel(Arc::default());
    let cancel = Arc::new(AtomicBool::new(false));
    let heart = Heart::new();
    let start = Start {
        paths: paths.clone(),
        in_force,
        hold,
        store,
        workshop: Workshop {
            host: Host::new(OwnBinary::open()?, paths.data_folder().to_owned()),
            importers: Importers::of(paths),
            config_folder: paths.config_folder().to_owned(),
        },
        wake: wake.clone(),
        published,
        board,
        tell: options.tell,
        cancel: Arc::clone(&cancel),
        heart: heart.clone(),
    };
    let (started, has_started) = oneshot::channel();
    let (finished, mut is_finished) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("keeper".to_owned())
        .spawn(move || {
            let ended = Keeper::new(start).map(|keeper| {
                // If nobody waits any more, nobody needs to know.
                let _ = started.send(());
                keeper.run(&wakes)
            });
            let _ = finished.send(ended);
        })
        .doing(|| "start the service's working thread".to_owned())?;
    let reloading = wake.clone();
    let supervised = tokio::spawn(async move {
        // Otherwise it did not start, and the working thread says why.
        if has_started.await.is_ok() {
            tracing::info!(%address, "kith is running");
            (options.listening)(address);
            let asked_to_reload = asked_to_reload();
            systemd::ready();
            tokio::join!(systemd::reassure(heart), reload_when_asked(asked_to_reload, &reloading));
        }
    });

    let served = {
        // Should the working thread ever end by itself, a dead service must not look alive.
        let end = async {
            tokio::select! {
                () = &mut end => None,
                ended = &mut is_finished => Some(ended),
            }
        };
        let (ended, by_itself) = oneshot::channel();
        let site = web::Site::new(&token, publications).following(paths.token());
        let site = site.acting(acting(paths, boards, wake.clone()));
        let served = web::serve(listener, site, async {
            let _ = ended.send(end.await);
        })
        .await;
        served.map(|()| by_itself)
    };
    if let Ok(Some(ended)) = served?.await {
        // It may have panicked, which is on standard error.
        let _ = thread.join();
        if let Ok(ended) = ended
            && let Err(error) = ended?
        {
            return Ok(Err(error));
        }
        return Err(Error::internal("the service's working thread ended by itself"));
    }
    tracing::info!("kith ends");
    systemd::stopping();
    // If the thread is gone it need not be told.
    let _ = wake.send(Wake::Stop);
    if tokio::time::timeout(LAST_MINUTE, &mut is_finished).await.is_err() {
        cancel.store(true, Ordering::Relaxed);
        if tokio::time::timeout(GIVE_UP, &mut is_finished).await.is_err() {
            tracing::warn!("an import was under way; it is rolled back, and its file stays in the inbox");
        }
    }
    supervised.abort();
    Ok(Ok(()))
}

/// How links act: the working thread does it.
fn acting(paths: &Paths, board: watch::Receiver<Arc<Board>>, wake: mpsc::Sender<Wake>) -> web::Acting {
    let paths = paths.clone();
    web::Acting {
        // Made anew with the feed's address, while the service runs.
        secret: Box::new(move || token::action_key(&paths).ok()),
        board,
        order: Box::new(move |order| {
            let (reply, answer) = oneshot::channel();
            // If the thread is gone the service ends, and the answer says so.
            let _ = wake.send(Wake::Act(Errand { order, reply }));
            answer
        }),
    }
}

/// The calendars as the last run left them, as far as they still are.
fn of_last_run(store: &Store, paths: &Paths, address: SocketAddr) -> web::Feeds {
    let last = |name| {
        let (file, feed) = publish::last(store, name, &paths.calendar(name), address)?;
        Some((name, web::Document::new(file, &feed.bytes, feed.changed)))
    };
    Name::ALL.into_iter().filter_map(last).collect()
}

/// SIGHUP, which `systemctl --user reload kith` sends. Without systemd it means
/// that the terminal is gone, and ends the service as it ends any program.
fn asked_to_reload() -> Option<Signal> {
    if !systemd::is_listening() {
        return None;
    }
    signal(SignalKind::hangup())
        .inspect_err(|error| tracing::error!(%error, "could not wait for the wish to reload"))
        .ok()
}

async fn reload_when_asked(asked: Option<Signal>, wake: &mpsc::Sender<Wake>) {
    let Some(mut asked) = asked else { return };
    while asked.recv().await.is_some() {
        systemd::reloading();
        // If the thread is gone the service ends.
        let _ = wake.send(Wake::Reload);
    }
}

fn take_over(socket: std::net::TcpListener) -> Result<TcpListener> {
    socket
        .set_nonblocking(true)
        .and_then(|()| TcpListener::from_std(socket))
        .doing(|| "take over the socket that systemd listens on".to_owned())
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::user(format!("could not listen on {address}: another program does")).hint(
            "if that is systemd for kith (kith setup), systemctl --user start kith runs it; else choose another port: listen = \"127.0.0.1:PORT\" in the section [serve] of kith.toml, or kith serve --listen 127.0.0.1:PORT",
        ),
        _ => Error::user(format!("could not listen on {address}: {error}")),
    })
}

/// Watches folders, not files: files are replaced.
fn watch_files(paths: &Paths, wake: mpsc::Sender<Wake>) -> Result<notify::RecommendedWatcher> {
    let doing = |folder: &Path| format!("watch the folder {}", folder.display());
    let known = paths.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        for wake_up in wakes_of(&known, event) {
            // The service ends; nobody needs to be woken.
            let _ = wake.send(wake_up);
        }
    })
    .map_err(|error| watch_error(&error))
    .doing(|| "watch files".to_owned())?;
    for folder in [paths.config_folder(), paths.data_folder(), &paths.inbox(), &paths.done(), &paths.failed()]
    {
        watcher
            .watch(folder, RecursiveMode::NonRecursive)
            .map_err(|error| watch_error(&error))
            .doing(|| doing(folder))?;
    }
    Ok(watcher)
}

fn watch_error(error: &notify::Error) -> Error {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => Error::user("the system's limit of file watches is reached")
            .hint("raise it: sysctl fs.inotify.max_user_watches"),
        _ => Error::user(error.to_string()),
    }
}

fn wakes_of(paths: &Paths, event: notify::Result<notify::Event>) -> Vec<Wake> {
    let Ok(event) = event else { return vec![Wake::Inbox(None), Wake::Config, Wake::Database] };
    if event.need_rescan() {
        return vec![Wake::Inbox(None), Wake::Config, Wake::Database];
    }
    let finished = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => true,
        // Reading a file is no news, and the service itself reads.
        EventKind::Access(_) => return Vec::new(),
        _ => false,
    };
    event.paths.iter().filter_map(|path| wake_of(paths, path, finished)).collect()
}

fn wake_of(paths: &Paths, path: &Path, finished: bool) -> Option<Wake> {
    let folder = path.parent()?;
    if folder == paths.config_folder() {
        return (path == paths.config()).then_some(Wake::Config);
    }
    if folder == paths.data_folder() {
        let name = path.file_name()?.to_str()?;
        return name.starts_with("contacts.db").then_some(Wake::Database);
    }
    let folders =
        [(paths.inbox(), Folder::Inbox), (paths.done(), Folder::Done), (paths.failed(), Folder::Failed)];
    let (_, within) = folders.into_iter().find(|(known, _)| folder == known)?;
    let entry = Entry { folder: within, name: path.file_name()?.to_owned() };
    Some(Wake::Inbox(finished.then_some(entry)))
}
