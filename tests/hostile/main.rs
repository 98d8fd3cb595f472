//! An importer that tries what an importer must not do.
//!
//! It reads from its file what to try, a line each (`read /etc/passwd`), and
//! answers with a `skipped` for each that says what came of it: `refused: why`
//! or `DONE`. Some attempts never come to an answer.
//!
//! As `hostile without-landlock PROGRAM ARGUMENT…`, and `without-seccomp`, it becomes a program for
//! which the kernel has none.

// System calls that nothing wraps, and a program of its own that may end as it likes.
#![allow(unsafe_code, clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

// Of asm-generic/fcntl.h, ioctls.h and sockios.h.
const F_SETOWN: libc::c_int = 8;
const F_SETSIG: libc::c_int = 10;
const F_SETOWN_EX: libc::c_int = 15;
const F_OWNER_PID: libc::c_int = 1;
const FIOASYNC: libc::Ioctl = 0x5452;
const FIOSETOWN: libc::Ioctl = 0x8901;
const SIOCSPGRP: libc::Ioctl = 0x8902;

/// Nobody, and that something shall not be.
static NO: libc::c_int = 0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [first, program, arguments @ ..] = words.as_slice()
        && let Some(lacking) = first.strip_prefix("without-")
    {
        let absent = SeccompAction::Errno(libc::ENOSYS as u32);
        let call = if lacking == "seccomp" { libc::SYS_seccomp } else { libc::SYS_landlock_create_ruleset };
        let calls = BTreeMap::from([(call, vec![])]);
        let arch = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(calls, SeccompAction::Allow, absent, arch).unwrap();
        rustix::thread::set_no_new_privs(true).unwrap();
        seccompiler::apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
        panic!("{}", Command::new(program).args(arguments).exec());
    }
    println!(r#"{{"type":"hello","name":"hostile","protocols":[1]}}"#);
    let mut input = io::stdin().lock();
    let mut header = String::new();
    input.read_line(&mut header).unwrap();
    let mut wishes = String::new();
    input.read_to_string(&mut wishes).unwrap();
    for wish in wishes.lines() {
        let (what, whom) = wish.split_once(' ').unwrap_or((wish, ""));
        let outcome = match attempt(what, whom) {
            Ok(()) => "DONE".to_owned(),
            Err(error) => format!("refused: {error}"),
        };
        println!(r#"{{"type":"skipped","at":{{"line":0}},"reason":"{what}: {outcome}"}}"#);
    }
    println!(r#"{{"type":"done","counts":{{"skipped":{}}}}}"#, wishes.lines().count());
}

fn attempt(what: &str, whom: &str) -> io::Result<()> {
    match what {
        "read" => File::open(whom)?.read(&mut [0]).map(drop),
        "list" => fs::read_dir(whom).map(drop),
        "write" => fs::write(whom, "hello"),
        "append" => File::options().append(true).open(whom).map(drop),
        "remove" => fs::remove_file(whom),
        "mkdir" => fs::create_dir(whom),
        "link" => std::os::unix::fs::symlink("/", whom),
        "rename" => fs::rename(whom, format!("{whom}.gone")),
        "chmod" => fs::set_permissions(whom, fs::Permissions::from_mode(0o777)),
        "touch" => {
            called(unsafe { libc::utimensat(libc::AT_FDCWD, text(whom).as_ptr(), std::ptr::null(), 0) })
        }
        "memfd" => called(unsafe { libc::memfd_create(c"x".as_ptr(), 0) }),
        "tcp" => TcpStream::connect(whom).map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "udp" => UdpSocket::bind("127.0.0.1:0")?.send_to(b"x", whom).map(drop),
        "unix" => UnixStream::connect(whom).map(drop),
        "pair" => UnixDatagram::pair().map(drop),
        "fork" => forked(|| ()),
        "exec" => Command::new("/bin/sh").args(["-c", "exit 0"]).status().map(drop),
        "allocate" => {
            let mut much: Vec<u8> = Vec::new();
            much.try_reserve_exact(8 << 30).map_err(io::Error::other)?;
            much.resize(8 << 30, 1);
            Ok(())
        }
        "signal" => called(unsafe { libc::kill(whom.parse().unwrap(), libc::SIGKILL) }),
        "trace" => {
            let parent: libc::pid_t = whom.parse().unwrap();
            called(i32::from(unsafe { libc::ptrace(libc::PTRACE_SEIZE, parent, 0, 0) } == 0) - 1)
        }
        "limit" => {
            let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            let parent = whom.parse().unwrap();
            called(unsafe { libc::prlimit(parent, libc::RLIMIT_NOFILE, &none, std::ptr::null_mut()) })
        }
        // The kernel would signal whoever is named, on behalf of nobody. Here it is not told to: that could hit the tests.
        "owner" => called(unsafe { libc::fcntl(1, F_SETOWN, libc::getppid()) }),
        "owner-of-type" => {
            let owner = [F_OWNER_PID, unsafe { libc::getppid() }];
            called(unsafe { libc::fcntl(1, F_SETOWN_EX, owner.as_ptr()) })
        }
        "signal-of-a-file" => called(unsafe { libc::fcntl(1, F_SETSIG, libc::SIGURG) }),
        "asynchronous" => called(unsafe { libc::ioctl(1, FIOASYNC, &raw const NO) }),
        "owner-of-a-socket" => called(unsafe { libc::ioctl(1, FIOSETOWN, &raw const NO) }),
        "group-of-a-socket" => called(unsafe { libc::ioctl(1, SIOCSPGRP, &raw const NO) }),
        "session" => called(unsafe { libc::setsid() }),
        "group" => called(unsafe { libc::setpgid(0, libc::getppid()) }),
        "namespace" => called(unsafe { libc::unshare(libc::CLONE_NEWUSER) }),
        "outlive" => called(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, 0) }),
        "inherited" => {
            let open = (3..1024).find(|&fd| unsafe { libc::fcntl(fd, libc::F_GETFD) } >= 0);
            open.map(drop).ok_or_else(|| io::Error::other("nothing is open"))
        }
        "environment" => std::env::vars().next().map(drop).ok_or_else(|| io::Error::other("it is empty")),
        "thread" => {
            std::thread::Builder::new().spawn(|| ())?.join().map_err(|_| io::Error::other("it failed"))
        }
        // From here on nothing comes back.
        "spin" => loop {
            std::hint::spin_loop();
        },
        // On more than one core it uses more processor time than passes.
        "busy" => {
            std::thread::Builder::new().spawn(|| {
                loop {
                    std::hint::spin_loop();
                }
            })?;
            loop {
                std::hint::spin_loop();
            }
        }
        "sleep" => loop {
            std::thread::sleep(Duration::from_secs(1000));
        },
        "flood" => loop {
            println!(r#"{{"type":"progress","bytes":0}}"#);
        },
        "line" => loop {
            print!("{}", "x".repeat(1 << 20));
        },
        "lie" => {
            println!(r#"{{"type":"contact","at":{{"line":1}},"contact":{{"name":{{"full":"Nobody"}}}}}}"#);
            println!(r#"{{"type":"done","counts":{{"contact":2}}}}"#);
            std::process::exit(0);
        }
        "abort" => std::process::abort(),
        "leave" => forked(|| std::thread::sleep(Duration::from_secs(1000))),
        // Enough to be told from few, and not enough to harm where nothing stops it.
        "bomb" => {
            for _ in 0..300 {
                forked(|| std::thread::sleep(Duration::from_secs(60)))?;
            }
            attempt("sleep", "")
        }
        // Over before anybody has looked.
        "burst" => {
            for _ in 0..20 {
                forked(|| std::thread::sleep(Duration::from_millis(5)))?;
            }
            (0..20).try_for_each(|_| called(unsafe { libc::wait(std::ptr::null_mut()) }))
        }
        // As an interpreter that wants to be told of each child that ends.
        "children" => {
            extern "C" fn told(_: libc::c_int) {}
            let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
            action.sa_sigaction = told as extern "C" fn(libc::c_int) as libc::sighandler_t;
            called(unsafe { libc::sigaction(libc::SIGCHLD, &action, std::ptr::null_mut()) })?;
            for at in 0..300 {
                forked(|| ())?;
                if at >= 3 {
                    called(unsafe { libc::wait(std::ptr::null_mut()) })?;
                }
            }
            (0..3).try_for_each(|_| called(unsafe { libc::wait(std::ptr::null_mut()) }))
        }
        "many" => (0..100).try_for_each(|_| {
            forked(|| ())?;
            called(unsafe { libc::wait(std::ptr::null_mut()) })
        }),
        "threads" => {
            for _ in 0..500 {
                let napping = || std::thread::sleep(Duration::from_secs(10));
                std::thread::Builder::new().stack_size(16 << 10).spawn(napping)?;
            }
            Ok(())
        }
        _ => Err(io::Error::other("this is not known")),
    }
}

/// What a system call says.
fn called(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn text(path: &str) -> std::ffi::CString {
    std::ffi::CString::new(path).unwrap()
}

/// Does `work` in a process of its own, and does not wait for it.
fn forked(work: impl FnOnce()) -> io::Result<()> {
    match unsafe { libc::fork() } {
        0 => {
            work();
            std::process::exit(0);
        }
        pid => called(pid),
    }
}
