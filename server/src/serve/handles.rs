//! File handles: as many as the system gives, and how many connections that allows.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Handles that no connection takes away: those of the database, the guard, keys and
/// witnesses.
const RESERVED: u64 = 128;

/// Asks for all handles that the system would give. Says how many connections there may
/// be: as many as are wanted, or fewer where there are not so many handles.
pub(super) fn connections(wanted: usize) -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: maximum,
        maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, all) {
        tracing::warn!(%error, "the limit of file handles stays as it is");
    }
    let allowed = allowed(wanted, getrlimit(Resource::Nofile).current);
    if allowed < wanted {
        tracing::warn!(
            connections = allowed,
            "fewer connections than connections_max: raise the limit of file handles"
        );
    }
    allowed
}

/// How many connections so many handles allow; `None`: there is no limit.
fn allowed(wanted: usize, handles: Option<u64>) -> usize {
    let Some(handles) = handles else {
        return wanted;
    };
    let left = handles.saturating_sub(RESERVED).max(1);
    wanted.min(usize::try_from(left).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_keeps_its_handles() {
        for (wanted, handles, expected) in [
            (4_096, None, 4_096),
            (4_096, Some(1_048_576), 4_096),
            (4_096, Some(1_024), 896),
            (4_096, Some(64), 1),
            (10, Some(1_024), 10),
        ] {
            assert_eq!(
                allowed(wanted, handles),
                expected,
                "{wanted} of {handles:?}"
            );
        }
    }
}
