//! Who may start a process or a thread: a program of somebody else asks the host before each.
//!
//! The kernel has no limit of its own for that: `RLIMIT_NPROC` counts all that the user runs, and nothing of root's;
//! a control group needs rights that kith may not have. seccomp halts whoever starts something until a listener
//! has answered (seccomp_unotify(2)), so nothing is started that was not counted before.
//!
//! The listener is made by the process that confines itself, and heard by the host. It goes there through the socket
//! that is the process' standard input at first, together with the pipe that takes the socket's place:
//! no descriptor has to be inherited beside the standard three.
//!
//! Whoever waits for an answer can be called away by a signal, and is then told that nothing could be started (EINTR),
//! which fork never says otherwise and no program expects. The signal that comes to one that starts processes is that
//! one of them has ended, so whoever has a handler for it is helped to go on behind it ([`go_on_after_children`]). The
//! kernel's own remedy ([`LISTENING`]) begins only when the host has heard, which is too late for a shell.
#![expect(unsafe_code, reason = "system calls; there are no safe wrappers of them")]

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::{self, MaybeUninit};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::FileExt;

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair, sockopt,
};
use seccompiler::BpfProgram;

use crate::error::{Doing, Error, Result};

/// The answer that lets a call go on (`SECCOMP_USER_NOTIF_FLAG_CONTINUE`), as wide as the struct has it.
const CONTINUE: u32 = 1;

/// How the listener is made: where the kernel knows how (Linux 5.19), nobody whose wish was heard is called away before
/// it is answered, but to end.
const LISTENING: [libc::c_ulong; 2] = [
    libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
    libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
];

/// Has this process, and all that comes of it, ask before it starts something, as `program` says when.
/// Its standard input is a pipe from here on.
pub(super) fn ask_before(program: &BpfProgram) -> Result<()> {
    let listener = listen(program)?;
    // Where there is no host nobody answers, and nothing can be started.
    if sockopt::socket_type(io::stdin()) == Err(Errno::NOTSOCK) {
        return Ok(());
    }
    let agree = || -> io::Result<()> {
        let (input, of_host) = rustix::pipe::pipe()?;
        let handed = [listener.as_fd(), of_host.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut message = SendAncillaryBuffer::new(&mut space);
        message.push(SendAncillaryMessage::ScmRights(&handed));
        sendmsg(io::stdin(), &[IoSlice::new(b"!")], &mut message, SendFlags::NOSIGNAL)?;
        Ok(rustix::stdio::dup2_stdin(input)?)
    };
    agree().doing(|| "agree with the host on who starts processes".to_owned())
}

fn listen(program: &BpfProgram) -> Result<OwnedFd> {
    let filter = libc::sock_fprog {
        len: u16::try_from(program.len()).unwrap_or(u16::MAX),
        // It is only read.
        filter: program.as_ptr().cast_mut().cast(),
    };
    let listen = |flags: libc::c_ulong| {
        // SAFETY: the kernel reads the filter, of the length that is said, and keeps nothing of it.
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const filter) }
    };
    let [best, least] = LISTENING;
    let listener = match listen(best) {
        -1 if io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL) => listen(least),
        listener => listener,
    };
    match RawFd::try_from(listener) {
        // SAFETY: the kernel has just made it, for nobody else.
        Ok(listener) if listener >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(listener) }),
        _ => match io::Error::last_os_error() {
            error if error.raw_os_error() == Some(libc::EBUSY) => Err(Error::user(
                "what kith runs in (a container, as a rule) listens already to what programs start, so that kith cannot",
            )
            .hint("run kith outside of it, or switch that off there (security.syscalls.intercept of LXD)")),
            error => Err(super::calls::cannot(&error)),
        },
    }
}

/// What the kernel's seccomp can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seccomp {
    /// There is none.
    Absent,
    /// It refuses calls, and asks nobody.
    Refuses,
    /// It asks, too.
    Asks,
}

impl Seccomp {
    /// That of this kernel.
    pub(super) fn of_this_kernel() -> Self {
        let action = libc::SECCOMP_RET_USER_NOTIF;
        // SAFETY: the kernel reads one number.
        let asked = unsafe {
            libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0_u32, &raw const action)
        };
        match io::Error::last_os_error().raw_os_error() {
            _ if asked == 0 => Self::Asks,
            Some(libc::ENOSYS) => Self::Absent,
            _ => Self::Refuses,
        }
    }
}

/// What an importer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::importer) enum Start {
    /// A further process.
    Process,
    /// A further thread of a process.
    Thread,
}

/// What came of listening.
#[derive(Debug)]
pub(in crate::importer) enum Heard {
    /// Nothing that is still of interest.
    Nothing,
    /// The process is confined: this is its standard input.
    Input(OwnedFd),
    /// Somebody waits for an answer.
    Request(Request),
}

/// Somebody who waits for an answer; without one for as long as the process is there.
#[derive(Debug)]
pub(in crate::importer) struct Request {
    id: u64,
    /// What it would start.
    pub(in crate::importer) start: Start,
}

/// The host's end.
#[derive(Debug)]
pub(in crate::importer) enum Forks {
    /// The process has not confined itself yet.
    Awaited(OwnedFd),
    /// It asks here.
    Asked(OwnedFd),
}

impl Forks {
    /// The host's end, and what has to be the standard input of the process.
    pub(super) fn pair() -> io::Result<(Self, OwnedFd)> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let (host, process) = socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        Ok((Self::Awaited(host), process))
    }

    /// Takes what came. Call it only where there is something to be read, else it waits.
    pub(in crate::importer) fn hear(&mut self) -> io::Result<Heard> {
        match self {
            Self::Awaited(socket) => {
                let Some([listener, input]) = receive(socket.as_fd())? else { return Ok(Heard::Nothing) };
                *self = Self::Asked(listener);
                Ok(Heard::Input(input))
            }
            Self::Asked(listener) => request(listener.as_fd()),
        }
    }

    /// Lets somebody start what they asked for.
    pub(in crate::importer) fn allow(&self, request: &Request) -> io::Result<()> {
        go_on(self.as_fd(), request.id)
    }
}

impl AsFd for Forks {
    fn as_fd(&self) -> BorrowedFd<'_> {
        let (Self::Awaited(fd) | Self::Asked(fd)) = self;
        fd.as_fd()
    }
}

/// A struct of the kernel's, with room for what a later one adds to it.
#[repr(C)]
struct Roomy<T> {
    is: T,
    room: [u64; 32],
}

fn receive(socket: BorrowedFd<'_>) -> io::Result<Option<[OwnedFd; 2]>> {
    let mut byte = [0];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    recvmsg(socket, &mut [IoSliceMut::new(&mut byte)], &mut message, RecvFlags::CMSG_CLOEXEC)?;
    let handed = message.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(fds) => fds.collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    Ok(handed.collect::<Vec<_>>().try_into().ok())
}

fn request(listener: BorrowedFd<'_>) -> io::Result<Heard> {
    // SAFETY: plain numbers, for which zero is a value.
    let mut asked: Roomy<libc::seccomp_notif> = unsafe { mem::zeroed() };
    // SAFETY: the kernel writes its own idea of the struct, for which there is room.
    let came = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut asked) };
    if came != 0 {
        return gone().map(|()| Heard::Nothing);
    }
    let data = asked.is.data;
    if i64::from(data.nr) == libc::SYS_rt_sigaction {
        // Where kith may not write there, a fork can be interrupted, and no more than that.
        let _ = go_on_after_children(listener, &asked.is);
        return go_on(listener, asked.is.id).map(|()| Heard::Nothing);
    }
    let is_thread = i64::from(data.nr) == libc::SYS_clone && data.args[0] & libc::CLONE_THREAD as u64 != 0;
    let start = if is_thread { Start::Thread } else { Start::Process };
    Ok(Heard::Request(Request { id: asked.is.id, start }))
}

/// Has somebody who is about to say what happens when one of its processes ends say also that a call which that
/// interrupts goes on behind it (SA_RESTART), a fork among them. What it waits for with a limit of time is interrupted
/// all the same.
fn go_on_after_children(listener: BorrowedFd<'_>, asked: &libc::seccomp_notif) -> io::Result<()> {
    /// Where the flags are in the kernel's struct: behind the handler.
    const FLAGS: u64 = size_of::<usize>() as u64;
    let memory = File::options().read(true).write(true).open(format!("/proc/{}/mem", asked.pid))?;
    // From here on it is known whose memory that is: they still wait.
    // SAFETY: the kernel reads one number.
    let waits = unsafe {
        libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const asked.id) == 0
    };
    if !waits {
        return Ok(());
    }
    let at = asked.data.args[1].saturating_add(FLAGS);
    let mut flags = [0; size_of::<libc::c_ulong>()];
    memory.read_exact_at(&mut flags, at)?;
    let restarting = libc::c_ulong::from_ne_bytes(flags) | libc::SA_RESTART as libc::c_ulong;
    memory.write_all_at(&restarting.to_ne_bytes(), at)
}

/// Lets the call of whoever asked go on.
fn go_on(listener: BorrowedFd<'_>, id: u64) -> io::Result<()> {
    // SAFETY: plain numbers, for which zero is a value.
    let mut answer: Roomy<libc::seccomp_notif_resp> = unsafe { mem::zeroed() };
    answer.is.id = id;
    answer.is.flags = CONTINUE;
    // SAFETY: the kernel reads its own idea of the struct, for which there is room.
    let sent = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer) };
    if sent == 0 { Ok(()) } else { gone() }
}

/// Whoever asked may have ended, or been called away by a signal; then it is nothing.
fn gone() -> io::Result<()> {
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::EINTR) => Ok(()),
        _ => Err(error),
    }
}
