//! What replicas promise of event streams, through many random histories in which their ways to the store fail, stand still
//! and lie, the store goes, comes and loses its data, replicas stand still, die and are told to end, and readers go on at
//! others. `ROLLCALL_REPLICA_HISTORIES` says how many, `ROLLCALL_REPLICA_SEED` replays one.
//!
//! Faults planted in the code, and in how many of 100 histories they were found: the log is written without the lease (1), a
//! replica that follows again goes on with what it knew (2), a snapshot is given before all was read that is in the log (2),
//! a gap in the log is not seen (1), what was known before a mutation is told to those who come after it (14), the next
//! poller compares with anything that it knows (13). Not found: what could not be written is told all the same; the lease is
//! known to be lost before.
//!
//! Found by them: a renewal that was given up on its way took the lease anew, for nobody (1 in 200).

mod history;
mod judge;
mod one;
mod reader;
mod world;

use crate::events::tests::replica_histories::history::history;
use crate::testing::seeds;

#[test]
fn replicas_keep_what_they_promise_of_events() {
    seeds::each(12, history);
}
