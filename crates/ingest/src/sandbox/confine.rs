//! What a worker gives up before it looks at a file, and the limits it sets itself for each.
//!
//! What a system does not know it cannot take away; the others hold then.

use crate::sandbox::allowance::Allowance;
#[cfg(unix)]
use crate::sandbox::allowance::MOST_MEMORY;

/// Gives up files, network, new processes and threads, for good.
pub(crate) fn give_up() {
    #[cfg(unix)]
    limits::forbid_files(MOST_MEMORY);
    #[cfg(target_os = "linux")]
    {
        linux::forbid_paths();
        linux::forbid_calls();
    }
}

/// Sets the limits for the next file.
pub(crate) fn allow(allowance: &Allowance) {
    #[cfg(unix)]
    limits::allow(allowance);
    #[cfg(not(unix))]
    let _ = allowance;
}

#[cfg(unix)]
mod limits {
    use crate::sandbox::allowance::Allowance;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    pub(super) fn forbid_files(memory: u64) {
        // Standard input, output and error are open, and nothing else can be; nothing is left behind if it goes down.
        lower(Resource::Nofile, 3);
        lower(Resource::Fsize, 0);
        lower(Resource::Core, 0);
        lower(Resource::Data, memory);
    }

    pub(super) fn allow(allowance: &Allowance) {
        soften(Resource::Data, allowance.memory);
        // Counted from the beginning of the process, which has served others.
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let used = u64::try_from(used).unwrap_or_default();
        soften(Resource::Cpu, used + allowance.seconds);
    }

    /// Sets a limit that cannot be raised again.
    fn lower(resource: Resource, most: u64) {
        let most = getrlimit(resource)
            .maximum
            .map_or(most, |before| before.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let _ = setrlimit(resource, limit);
    }

    /// Sets a limit for now, within the one that cannot be raised.
    fn soften(resource: Resource, most: u64) {
        let maximum = getrlimit(resource).maximum;
        let limit = Rlimit {
            current: Some(maximum.map_or(most, |before| before.min(most))),
            maximum,
        };
        let _ = setrlimit(resource, limit);
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, Scope};
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// No path can be opened, made, run or removed, and no address reached.
    pub(super) fn forbid_paths() {
        let abi = ABI::V6;
        // A kernel that knows only a part of it forbids that part.
        let _ = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
            .and_then(|rules| rules.scope(Scope::from_all(abi)))
            .and_then(|rules| rules.create())
            .map(|rules| rules.restrict_self());
    }

    /// Every call of the system fails but for those that reading, answering and memory need.
    pub(super) fn forbid_calls() {
        const NEEDED: [i64; 27] = [
            libc::SYS_read,
            libc::SYS_readv,
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_close,
            libc::SYS_fstat,
            libc::SYS_lseek,
            libc::SYS_mmap,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_mprotect,
            libc::SYS_madvise,
            libc::SYS_brk,
            libc::SYS_futex,
            libc::SYS_sched_yield,
            libc::SYS_clock_gettime,
            libc::SYS_getrandom,
            libc::SYS_prlimit64,
            libc::SYS_getpid,
            libc::SYS_gettid,
            libc::SYS_tgkill,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            libc::SYS_exit,
            libc::SYS_exit_group,
        ];
        let Ok(architecture) = std::env::consts::ARCH.try_into() else {
            return;
        };
        let rules = NEEDED.into_iter().map(|call| (call, Vec::new())).collect();
        let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, architecture);
        let program = filter.and_then(BpfProgram::try_from);
        if let Ok(program) = program {
            let _ = seccompiler::apply_filter(&program);
        }
    }
}
