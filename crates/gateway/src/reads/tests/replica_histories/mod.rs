//! What replicas promise of reads, through many random histories in which their ways to the store fail, stand still and lie,
//! the store goes, comes and loses its data, and replicas stand still and die. `ROLLCALL_REPLICA_HISTORIES` says how many,
//! `ROLLCALL_REPLICA_SEED` replays one.
//!
//! Faults planted in the code, and in how many of 100 histories they were found: what was confirmed 5 s ago counts (33), a
//! change that is told is not acted on (98), the store's new epoch is not noticed
//! (9), ages by the other replica's clock (25), memory of any age is served unasked (22), answers are not given to others
//! (28), marks are not compared with (100).

mod history;
mod judge;
mod one;
mod world;

use crate::reads::tests::replica_histories::history::history;
use crate::testing::seeds;

#[test]
fn replicas_keep_what_they_promise_of_reads() {
    seeds::each(24, history);
}
