//! What replicas promise of reads, through many random histories in which their ways to the store fail, stand still and lie,
//! the store goes, comes and loses its data, and replicas stand still and die. `ROLLCALL_REPLICA_HISTORIES` says how many,
//! `ROLLCALL_REPLICA_SEED` replays one.

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
