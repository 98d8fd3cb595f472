//! The service: start-up read from top to bottom, then waiting for the end.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode, Watcher};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use crate::error::{Doing, Error, Result};
use crate::import::Workshop;
use crate::importer::{Host, Importers, OwnBinary};
use crate::inbox::{Entry, Folder};
use crate::keeper::{Event, Keeper, Start, Wake};
use crate::paths::Paths;
use crate::running::Hold;
use crate::store::Store;
use crate::{config, feed_file, token, web};

/// How long an import may go on after the service was told to end.
const LAST_MINUTE: Duration = Duration::from_secs(5);

/// How long a cancelled import may take to give up. What is not committed then
/// is rolled back by SQLite when the database is next opened.
const GIVE_UP: Duration = Duration::from_secs(2);

/// How the service is run.
pub struct Options {
    /// Where to listen, instead of where the configuration says.
    pub listen: Option<SocketAddr>,
    /// Told what the service does.
    pub tell: Box<dyn FnMut(Event) + Send>,
    /// Told where the service listens.
    pub listening: Box<dyn FnOnce(SocketAddr) + Send>,
}

/// Runs the service until `end` is over.
///
/// # Errors
/// If it cannot start: the configuration cannot be used, another service
/// runs, the database cannot be opened, the port is taken.
pub fn run(paths: &Paths, options: Options, end: impl Future<Output = ()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .doing(|| "start the service".to_owned())?;
    runtime.block_on(serve(paths, options, end))
}

async fn serve(paths: &Paths, options: Options, end: impl Future<Output = ()>) -> Result<()> {
    let mut hold = Hold::take(paths)?;
    if let Err(error) = feed_file::tidy(&paths.feed(), SystemTime::now()) {
        tracing::warn!("{error}");
    }
    let mut in_force = config::load_or_last_good(paths)?;
    if let Some(error) = &in_force.refused {
        // What is wrong quotes the file, and that may name people.
        tracing::error!(
            "the configuration cannot be used, the last good one is in force; kith check says why"
        );
        tracing::debug!("{error}");
        hold.refused_config(Some(error.to_string()))?;
    }
    if let Some(listen) = options.listen {
        in_force.settings.serve.listen = listen;
    }
    let store = Store::of(paths)?;
    store.may_be_written()?;
    store.check_integrity()?;
    let token = token::of(paths)?;
    let listener = listen(in_force.settings.serve.listen).await?;
    let address = listener.local_addr().doing(|| "see where the service listens".to_owned())?;
    hold.listening(address)?;
    in_force.settings.serve.listen = address;

    let (wake, wakes) = mpsc::channel();
    let _watcher = watch_files(paths, wake.clone())?;
    let (published, publications) = watch::channel(None);
    let cancel = Arc::new(AtomicBool::new(false));
    let keeper = Keeper::new(Start {
        paths: paths.clone(),
        in_force,
        hold,
        store,
        workshop: Workshop {
            host: Host::new(OwnBinary::open()?, paths.data_folder().to_owned()),
            importers: Importers::discover(&paths.plugins()),
            config_folder: paths.config_folder().to_owned(),
        },
        published,
        tell: options.tell,
        cancel: Arc::clone(&cancel),
    })?;
    let (finished, mut is_finished) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("keeper".to_owned())
        .spawn(move || {
            keeper.run(&wakes);
            // If nobody waits any more, nobody needs to know.
            let _ = finished.send(());
        })
        .doing(|| "start the service's working thread".to_owned())?;
    tracing::info!(%address, "kith is running");
    (options.listening)(address);

    let served = {
        // Should the working thread ever end by itself, a dead service must not look alive.
        let end = async {
            tokio::select! {
                () = end => true,
                _ = &mut is_finished => false,
            }
        };
        let (ended, asked) = oneshot::channel();
        let site = web::Site::new(&token, publications);
        let served = web::serve(listener, site, async {
            let _ = ended.send(end.await);
        })
        .await;
        served.map(|()| asked)
    };
    let asked = served?.await.unwrap_or(true);
    if !asked {
        let _ = thread.join();
        return Err(Error::internal("the service's working thread ended by itself"));
    }
    tracing::info!("kith ends");
    // If the thread is gone it need not be told.
    let _ = wake.send(Wake::Stop);
    if tokio::time::timeout(LAST_MINUTE, &mut is_finished).await.is_err() {
        cancel.store(true, Ordering::Relaxed);
        if tokio::time::timeout(GIVE_UP, &mut is_finished).await.is_err() {
            tracing::warn!("an import was under way; it is rolled back, and its file stays in the inbox");
        }
    }
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::user(format!("could not listen on {address}: another program does")).hint(
            "choose another port: listen = \"127.0.0.1:PORT\" in the section [serve] of kith.toml, or kith serve --listen 127.0.0.1:PORT",
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
