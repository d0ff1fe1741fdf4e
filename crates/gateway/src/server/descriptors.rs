//! How many file descriptors the process may have, and how many of them connections may take.

use std::num::NonZeroU32;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::server::accept::MAX_NEWCOMERS;
use crate::server::run::MAX_ADMIN_CONNECTIONS;

/// For what is neither a connection of a caller nor one to a provider: files, the log, the key server, the collector.
const KEPT_FOR_THE_REST: u64 = 64;

/// Raises the soft limit of file descriptors to the hard one. Answers the limit that is in force now; `None` is none.
#[must_use]
pub fn raise_descriptor_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of file descriptors cannot be raised");
            limit.current
        }
    }
}

/// The public connections that a limit of file descriptors allows, at most as many as are wanted. Some descriptors are
/// kept: for the admin listener, for connections that wait for a place, for as many exchanges with providers as may run
/// at once; together at most half of the limit.
#[must_use]
pub fn connections_within(limit: Option<u64>, wanted: NonZeroU32, exchanges: usize) -> NonZeroU32 {
    let Some(limit) = limit else { return wanted };
    let exchanges = u64::try_from(exchanges).unwrap_or(u64::MAX);
    let newcomers = u64::try_from(MAX_NEWCOMERS).unwrap_or(u64::MAX);
    let kept = u64::from(MAX_ADMIN_CONNECTIONS.get())
        .saturating_add(newcomers.saturating_mul(2))
        .saturating_add(exchanges)
        .saturating_add(KEPT_FOR_THE_REST);
    let left = limit - kept.min(limit / 2);
    let possible = NonZeroU32::new(u32::try_from(left).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN);
    wanted.min(possible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_raised_to_the_hard_one() {
        let limit = raise_descriptor_limit();
        let now = getrlimit(Resource::Nofile);
        assert_eq!((now.current, limit), (now.maximum, now.maximum));
    }

    #[test]
    fn what_is_kept_is_never_more_than_half() {
        let of =
            |limit, wanted, exchanges| connections_within(limit, NonZeroU32::new(wanted).unwrap(), exchanges).get();
        assert_eq!(of(None, 10_000, 64), 10_000);
        assert_eq!(of(Some(1 << 20), 10_000, 64), 10_000);
        assert_eq!(of(Some(4096), 10_000, 64), 4096 - 64 - 128 - 64 - 64);
        assert_eq!(of(Some(4096), 100, 64), 100);
        assert_eq!(of(Some(4096), 10_000, usize::MAX), 2048);
        assert_eq!(of(Some(100), 10_000, 64), 50);
        assert_eq!(of(Some(0), 10_000, 64), 1);
    }
}
