//! Which system calls an importer can make, by seccomp.
//!
//! What is not named here does not exist for an importer (ENOSYS): so libraries
//! that probe for something newer go on with what there was before it, clone3
//! becomes clone, whose flags can be looked at, and a call that a later kernel
//! brings is not allowed by default.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch,
};

use crate::error::{Error, Result};

/// What the process is going to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A part of kith that reads and writes its pipes.
    BuiltIn,
    /// A program of somebody else.
    Program {
        /// Whether it may start processes.
        processes: bool,
    },
}

/// Reading, writing, memory, time: what any program needs.
const ANY: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_fcntl,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_ppoll,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What a program that is executed needs besides: to be loaded, to open what
/// Landlock allows, to know itself, threads.
const PROGRAM: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mlock,
    libc::SYS_munlock,
    libc::SYS_mincore,
    libc::SYS_membarrier,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_openat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_chdir,
    libc::SYS_fchdir,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_readahead,
    libc::SYS_fadvise64,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_ioctl,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_eventfd2,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
    libc::SYS_timerfd_gettime,
    libc::SYS_timer_create,
    libc::SYS_timer_settime,
    libc::SYS_timer_gettime,
    libc::SYS_timer_delete,
    libc::SYS_setitimer,
    libc::SYS_getitimer,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_rt_sigsuspend,
    libc::SYS_signalfd4,
    libc::SYS_umask,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_times,
    libc::SYS_getrusage,
    libc::SYS_getcpu,
    libc::SYS_getppid,
    libc::SYS_getpgid,
    libc::SYS_getsid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getgroups,
    libc::SYS_getresuid,
    libc::SYS_getresgid,
    libc::SYS_capget,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_sched_get_priority_max,
    libc::SYS_sched_get_priority_min,
    // Of what waits for a child those that have none are told so.
    libc::SYS_wait4,
    libc::SYS_waitid,
];

/// Older forms of these, where the architecture has them.
#[cfg(target_arch = "x86_64")]
const OLDER: &[i64] = &[
    libc::SYS_arch_prctl,
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_getdents,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_create,
    libc::SYS_epoll_wait,
    libc::SYS_eventfd,
    libc::SYS_signalfd,
    libc::SYS_alarm,
    libc::SYS_pause,
    libc::SYS_time,
    libc::SYS_getpgrp,
    libc::SYS_getrlimit,
];

#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[i64] = &[];

/// What starts a process or a thread, but for clone3, which is not allowed at all.
#[cfg(target_arch = "x86_64")]
const STARTS: &[i64] = &[libc::SYS_clone, libc::SYS_fork, libc::SYS_vfork];

#[cfg(not(target_arch = "x86_64"))]
const STARTS: &[i64] = &[libc::SYS_clone];

/// With these flags a process that is started would be none of ours: in
/// namespaces of its own, where it is root, or a child of the service.
const STRAY: libc::c_int = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_PARENT;

/// `prctl` options that are of no use to leave the sandbox: names of threads and of memory.
const PRCTL: [libc::c_int; 3] = [libc::PR_SET_NAME, libc::PR_GET_NAME, libc::PR_SET_VMA];

/// What of calls that are allowed would have the kernel signal somebody else whenever a file can be read: who that is, by
/// which signal, and that it shall (asm-generic/fcntl.h, ioctls.h and sockios.h).
const SIGNALLING: [(i64, [libc::c_int; 3]); 2] = [
    // F_SETOWN, F_SETSIG, F_SETOWN_EX
    (libc::SYS_fcntl, [8, 10, 15]),
    // FIOASYNC, FIOSETOWN, SIOCSPGRP
    (libc::SYS_ioctl, [0x5452, 0x8901, 0x8902]),
];

/// The instruction that ends a filter with an answer (BPF_RET).
const RETURN: u16 = 0x06;

/// Whether the system calls of this kind of computer are known.
pub(super) fn are_known() -> bool {
    TargetArch::try_from(std::env::consts::ARCH).is_ok()
}

/// From here on this process can make no other calls. Where the system calls
/// of this kind of computer are not known an importer that is part of kith goes on.
pub(super) fn allow(purpose: Purpose) -> Result<()> {
    let arch = match TargetArch::try_from(std::env::consts::ARCH) {
        Ok(arch) => arch,
        Err(_) if purpose == Purpose::BuiltIn => return Ok(()),
        Err(error) => return Err(cannot(&error)),
    };
    let absent = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    // Of two filters the stricter counts. Behind the second no other can be set.
    let filters = [
        signalling().and_then(|rules| SeccompFilter::new(rules, SeccompAction::Allow, refused, arch)),
        rules(purpose).and_then(|rules| SeccompFilter::new(rules, absent, SeccompAction::Allow, arch)),
    ];
    rustix::thread::set_no_new_privs(true).map_err(|error| cannot(&error))?;
    for filter in filters {
        let program: BpfProgram = filter.and_then(BpfProgram::try_from).map_err(|error| cannot(&error))?;
        seccompiler::apply_filter(&program).map_err(|error| cannot(&error))?;
    }
    Ok(())
}

/// A filter that allows everything, but that whoever starts a process or thread asks for it first, and whoever sets
/// what happens when a process of theirs ends, for that may call them away while they wait. What
/// [`allow`] forbids is forbidden without being asked for: of two filters the stricter counts.
pub(super) fn asking() -> Result<BpfProgram> {
    let mut rules: Rules = STARTS.iter().map(|&call| (call, Vec::new())).collect();
    rules.insert(libc::SYS_rt_sigaction, vec![handling(libc::SIGCHLD).map_err(|error| cannot(&error))?]);
    let filter = TargetArch::try_from(std::env::consts::ARCH)
        .and_then(|arch| SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Trace(0), arch));
    let mut program: BpfProgram = filter.and_then(BpfProgram::try_from).map_err(|error| cannot(&error))?;
    // The crate has no name for the answer "ask", so it stands in for the one "ask a debugger".
    for instruction in &mut program {
        if instruction.code == RETURN && instruction.k == u32::from(SeccompAction::Trace(0)) {
            instruction.k = libc::SECCOMP_RET_USER_NOTIF;
        }
    }
    rustix::thread::set_no_new_privs(true).map_err(|error| cannot(&error))?;
    Ok(program)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn rules(purpose: Purpose) -> std::result::Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = ANY.iter().map(|&call| (call, Vec::new())).collect();
    // A signal to a thread of its own: how a program ends itself with an error.
    let own = when(0, Length::Dword, Compare::Eq, u64::from(std::process::id()))?;
    rules.insert(libc::SYS_tgkill, vec![own]);
    match purpose {
        Purpose::BuiltIn => {
            for call in [libc::SYS_mmap, libc::SYS_mprotect] {
                rules.insert(call, vec![without(2, libc::PROT_EXEC)?]);
            }
        }
        Purpose::Program { processes } => {
            rules.extend(PROGRAM.iter().chain(OLDER).map(|&call| (call, Vec::new())));
            let prctl = PRCTL.iter().map(|&option| is(0, option));
            rules.insert(libc::SYS_prctl, prctl.collect::<std::result::Result<_, _>>()?);
            // Its own limits, to read or to lower.
            rules.insert(libc::SYS_prlimit64, vec![is(0, 0)?]);
            let thread = if processes { without(0, STRAY)? } else { with(0, libc::CLONE_THREAD)? };
            rules.insert(libc::SYS_clone, vec![thread]);
            #[cfg(target_arch = "x86_64")]
            if processes {
                rules.extend([(libc::SYS_fork, Vec::new()), (libc::SYS_vfork, Vec::new())]);
            }
        }
    }
    Ok(rules)
}

/// What is refused of calls that are allowed.
fn signalling() -> std::result::Result<Rules, seccompiler::BackendError> {
    let each = SIGNALLING.into_iter().map(|(call, commands)| {
        let rules = commands.into_iter().map(|command| is(1, command));
        Ok((call, rules.collect::<std::result::Result<_, _>>()?))
    });
    each.collect()
}

type Rule = std::result::Result<SeccompRule, seccompiler::BackendError>;

/// If this argument is `value`.
fn is(argument: u8, value: libc::c_int) -> Rule {
    when(argument, Length::Dword, Compare::Eq, bits(value))
}

/// If what happens at this signal is set, and not only asked for.
fn handling(signal: libc::c_int) -> Rule {
    SeccompRule::new(vec![
        SeccompCondition::new(0, Length::Dword, Compare::Eq, bits(signal))?,
        SeccompCondition::new(1, Length::Qword, Compare::Ne, 0)?,
    ])
}

/// If this argument has these bits.
fn with(argument: u8, mask: libc::c_int) -> Rule {
    when(argument, Length::Dword, Compare::MaskedEq(bits(mask)), bits(mask))
}

/// If this argument has none of these bits.
fn without(argument: u8, mask: libc::c_int) -> Rule {
    when(argument, Length::Dword, Compare::MaskedEq(bits(mask)), 0)
}

fn bits(value: libc::c_int) -> u64 {
    u64::from(value.cast_unsigned())
}

fn when(argument: u8, length: Length, compare: Compare, value: u64) -> Rule {
    SeccompRule::new(vec![SeccompCondition::new(argument, length, compare, value)?])
}

pub(super) fn cannot(error: &dyn std::fmt::Display) -> Error {
    Error::user(format!("the kernel's seccomp refuses: {error}"))
}
