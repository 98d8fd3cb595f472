//! Looking at what there is.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use super::folders::{self, Folders};
use super::manager::{self, Systemd};
use super::plan::{Found, Manager, Program, Strays, Text, There, Wish};
use super::units::Specifiers;
use crate::core::settings::Settings;
use crate::error::{Doing, Error, Result};
use crate::paths::Paths;
use crate::running;

/// The link to the inbox, in the home.
const LINK: &str = "kith-inbox";

/// Among so many ports a free one is looked for.
const PORTS: u16 = 100;

/// What there is, and the variables of the shell and of systemd.
pub(super) struct Surroundings {
    pub(super) found: Found,
    /// Where a service of ours listens now.
    ours: Option<SocketAddr>,
    /// Whether the shell finds programs where setup installs them.
    in_path: bool,
}

impl Surroundings {
    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// If there is no home, systemd means other folders than this shell, or
    /// something that is there cannot be read.
    pub(super) fn look(paths: &Paths) -> Result<Self> {
        let home = home()?;
        let systemd = Systemd::ask(&home);
        let shell = Folders::of_shell(paths, home.clone());
        if let Some(differ) = systemd.as_ref().and_then(|systemd| shell.differ(&systemd.folders)) {
            return Err(differ);
        }
        let specifiers = systemd.as_ref().map_or_else(
            || Specifiers { config: home.join(folders::CONFIG), home: home.clone() },
            |systemd| systemd.specifiers(&home),
        );
        let unit_folder = specifiers.config.join(manager::UNITS);
        let program = std::env::current_exe().doing(|| "find kith's own program".to_owned())?;
        let home_of_programs = home.join(".local/bin/kith");
        let installed = match fs::exists(&home_of_programs) {
            Ok(true) => Some(hash(&home_of_programs)?),
            _ => None,
        };
        let link = home.join(LINK);
        let there = match (fs::read_link(&link), fs::symlink_metadata(&link)) {
            (Ok(to), _) if to == paths.inbox() => There::Ours,
            (Err(_), Err(_)) => There::Nothing,
            _ => There::SomethingElse,
        };
        let search = std::env::var_os("PATH").unwrap_or_default();
        let found = Found {
            missing: paths.folders().into_iter().filter(|folder| !folder.is_dir()).collect(),
            writable: writable(paths, &home),
            config: text(paths.config())?,
            record: text(paths.setup())?,
            program: Program {
                strays: match stray(&program, &home) {
                    Some(folder) => Some(Strays { folder, sha256: hash(&program)? }),
                    None => None,
                },
                path: program,
            },
            installed,
            link: (link, there),
            inbox: paths.inbox(),
            lingers: lingers(),
            namespaces: has_namespaces(),
            manager: systemd.as_ref().map(Systemd::look),
            unit_files: manager::files(&unit_folder),
            unit_folder,
            specifiers,
            home_of_programs,
        };
        let in_path = std::env::split_paths(&search).any(|folder| folder == home.join(".local/bin"));
        Ok(Self { ours: running::service(paths)?.and_then(|service| service.address), found, in_path })
    }

    /// Where the feed is to be: as `configured` or asked for, or at the next
    /// port that is free.
    ///
    /// # Errors
    /// If the port that was asked for is taken, it may not be listened on, or
    /// none is free.
    pub(super) fn free(&self, port: Option<u16>, configured: SocketAddr) -> Result<SocketAddr> {
        let at = |port| SocketAddr::new(configured.ip(), port);
        let first = at(port.unwrap_or(configured.port()));
        if self.is_ours(first) {
            return Ok(first);
        }
        match TcpListener::bind(first) {
            Ok(_) => return Ok(first),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port.is_none() => {}
            Err(error) => return Err(not_free(first, &error)),
        }
        let next = (1..=PORTS).filter_map(|more| first.port().checked_add(more)).map(at);
        let is_free = |address: &SocketAddr| self.is_ours(*address) || TcpListener::bind(address).is_ok();
        next.into_iter().find(is_free).ok_or_else(|| {
            Error::user(format!("{first} is taken by another program, and so are the next {PORTS} ports"))
                .hint("name a port that is free: kith setup --port PORT")
        })
    }

    /// Whether it is kith, or systemd for kith, that listens there.
    fn is_ours(&self, address: SocketAddr) -> bool {
        let listens = |manager: &Manager| {
            manager.socket.active && manager.socket.directives().listens().contains(&address)
        };
        self.ours == Some(address) || self.found.manager.as_ref().is_some_and(listens)
    }

    /// The program that is to run kith, for those who start it themselves.
    pub(super) fn installed_program(&self) -> PathBuf {
        let Program { path, strays } = &self.found.program;
        if strays.is_some() { self.found.home_of_programs.clone() } else { path.clone() }
    }

    /// What should be known besides the steps.
    pub(super) fn notes(&self, settings: &Settings, wish: &Wish) -> Vec<String> {
        let mut notes = Vec::new();
        let before = settings.serve.listen;
        if wish.listen != before {
            let taken = !self.is_ours(before) && is_taken(before);
            let why = if taken {
                format!(", as another program has port {}", before.port())
            } else {
                String::new()
            };
            let then = match self.found.config.text {
                Some(_) => "; subscribe calendars anew that have the old address",
                None => "",
            };
            notes.push(format!("the feed is at {} from now on{why}{then}.", wish.listen));
        }
        if self.found.program.strays.is_some() && !self.in_path {
            let folder = self.found.home_of_programs.parent().unwrap_or(Path::new("~/.local/bin"));
            notes.push(format!(
                "your shell does not look for programs in {}: add it to PATH, in ~/.profile, and log in anew.",
                folder.display()
            ));
        }
        notes
    }
}

/// The folders that have to be named for the service to be able to write to all
/// of [`own`]: those that lie in no other of them.
pub(super) fn writable(paths: &Paths, home: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for folder in own(paths, home) {
        if !all.iter().any(|above| folder.starts_with(above)) {
            all.push(folder);
        }
    }
    all
}

/// Every folder that the service has to be able to write to, where it really
/// is: an inbox may be a link to elsewhere.
pub(super) fn own(paths: &Paths, home: &Path) -> Vec<PathBuf> {
    let real_home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    let real = |folder: PathBuf| {
        let real = folder.canonicalize().unwrap_or(folder);
        // As the unit names it, where the home itself is a link.
        real.strip_prefix(&real_home).map(|rest| home.join(rest)).unwrap_or(real)
    };
    paths.folders().into_iter().map(real).collect()
}

/// The user's home.
///
/// # Errors
/// If HOME does not name one.
pub(super) fn home() -> Result<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute()).ok_or_else(|| {
        Error::user("could not find your home folder: HOME names none by an absolute path")
            .hint("set HOME to your home folder, from the root on: HOME=/home/NAME")
    })
}

/// What kind of folder a program lies in, if it cannot stay there.
fn stray(program: &Path, home: &Path) -> Option<&'static str> {
    // The unit has folders of its own for temporary files, and nobody keeps such for long.
    const PASSING: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/run/user"];
    if is_built(program) {
        return Some("a build folder");
    }
    // In a home that lies there itself, no other place would be better.
    let passes = PASSING.iter().any(|above| program.starts_with(above)) && !program.starts_with(home);
    passes.then_some("a folder for what is temporary")
}

/// Whether a program lies where builds put it: in cargo's usual folders, or
/// where it left a lock or a tag.
fn is_built(program: &Path) -> bool {
    let mut above = program.ancestors().skip(1);
    let usual = above.any(|folder| folder.ends_with("target/debug") || folder.ends_with("target/release"));
    let marked = |folder: &Path| folder.join(".cargo-lock").exists() || folder.join("CACHEDIR.TAG").exists();
    usual || program.ancestors().skip(1).take(3).any(marked)
}

fn hash(path: &Path) -> Result<String> {
    let doing = || format!("read {}", path.display());
    let mut hash = Sha256::new();
    io::copy(&mut fs::File::open(path).doing(doing)?, &mut Hashing(&mut hash)).doing(doing)?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A hash as something to write to.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn text(path: PathBuf) -> Result<Text> {
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Text { path, text: Some(text) }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Text { path, text: None }),
        Err(error) => Err(error).doing(|| format!("read {}", path.display())),
    }
}

fn is_taken(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}

/// Why the feed cannot be at an address that was asked for.
fn not_free(address: SocketAddr, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::user(format!("{address} is taken by another program"))
            .hint("choose another port, or leave --port away: setup finds a free one"),
        io::ErrorKind::PermissionDenied => {
            Error::user(format!("{address} may not be listened on: ports this low are for the administrator"))
                .hint("choose a port from 1024 on: kith setup --port PORT")
        }
        _ => Error::user(format!("{address} cannot be listened on: {error}"))
            .hint("choose another port: kith setup --port PORT"),
    }
}

/// Whether the kernel lets users have namespaces; where it does not say, it does.
fn has_namespaces() -> bool {
    let is_off = |setting: &str| {
        fs::read_to_string(Path::new("/proc/sys").join(setting)).is_ok_and(|value| value.trim() == "0")
    };
    !is_off("user/max_user_namespaces") && !is_off("kernel/unprivileged_userns_clone")
}

/// Whether the user's services run without a login. logind says it of users it
/// has something to do with, and keeps a file for each who lingers.
fn lingers() -> bool {
    let user = rustix::process::getuid().as_raw().to_string();
    let shown = Command::new("loginctl")
        .args(["show-user", &user, "--property=Linger", "--value"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    match shown {
        Ok(shown) if shown.status.success() => shown.stdout.trim_ascii() == b"yes",
        _ => {
            let user = ["USER", "LOGNAME"].iter().find_map(std::env::var_os);
            user.is_some_and(|user| Path::new("/var/lib/systemd/linger").join(user).exists())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_program_is_told_from_an_installed_one() {
        let folder = tempfile::tempdir().unwrap();
        let release = folder.path().join("target/x86_64-unknown-linux-gnu/release");
        let bin = folder.path().join("bin");
        for made in [&release, &bin] {
            fs::create_dir_all(made).unwrap();
        }
        fs::write(folder.path().join("target/CACHEDIR.TAG"), "").unwrap();
        assert!(is_built(&release.join("kith")));
        assert!(!is_built(&bin.join("kith")));
        fs::write(bin.join(".cargo-lock"), "").unwrap();
        assert!(is_built(&bin.join("kith")));
        for (program, is) in [
            ("/nowhere/target/release/kith", true),
            ("/nowhere/target/debug/deps/kith", true),
            ("/nowhere/release/target/kith", false),
            ("/nowhere/my-target/release/kith", false),
        ] {
            assert_eq!(is_built(Path::new(program)), is, "{program}");
        }
    }

    #[test]
    fn a_program_stays_nowhere_that_the_service_does_not_see_it() {
        for (program, home, folder) in [
            ("/tmp/kith", "/home/a", Some("a folder for what is temporary")),
            ("/var/tmp/new/kith", "/home/a", Some("a folder for what is temporary")),
            ("/run/user/1000/kith", "/home/a", Some("a folder for what is temporary")),
            ("/tmp/src/target/release/kith", "/home/a", Some("a build folder")),
            ("/tmp/a/bin/kith", "/tmp/a", None),
            ("/tmpfiles/kith", "/home/a", None),
            ("/home/a/.cargo/bin/kith", "/home/a", None),
        ] {
            assert_eq!(stray(Path::new(program), Path::new(home)), folder, "{program}");
        }
    }

    #[test]
    fn it_is_said_why_a_port_cannot_be_had() {
        for (kind, says) in [
            (io::ErrorKind::AddrInUse, "127.0.0.1:80 is taken by another program"),
            (io::ErrorKind::PermissionDenied, "127.0.0.1:80 may not be listened on"),
            (io::ErrorKind::AddrNotAvailable, "127.0.0.1:80 cannot be listened on: "),
        ] {
            let error = not_free(SocketAddr::from(([127, 0, 0, 1], 80)), &kind.into());
            assert!(error.message().starts_with(says), "{error}");
        }
    }

    #[test]
    fn what_has_to_be_writable_is_named_where_it_really_is() {
        let folder = tempfile::tempdir().unwrap();
        let (home, cloud) = (folder.path().join("home"), folder.path().join("cloud"));
        fs::create_dir(&home).unwrap();
        fs::create_dir(&cloud).unwrap();
        let paths = Paths::below(&home);
        assert_eq!(writable(&paths, &home), [paths.config_folder(), paths.data_folder()], "not made yet");
        paths.make().unwrap();
        assert_eq!(writable(&paths, &home), [paths.config_folder(), paths.data_folder()]);
        fs::remove_dir_all(paths.inbox()).unwrap();
        std::os::unix::fs::symlink(&cloud, paths.inbox()).unwrap();
        assert_eq!(writable(&paths, &home), [paths.config_folder(), paths.data_folder(), &cloud]);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&home, &link).unwrap();
        let paths = Paths::below(&link);
        let expected = [paths.config_folder(), paths.data_folder(), &cloud];
        assert_eq!(writable(&paths, &link), expected, "a home that is a link");
    }
}
