//! The read side as its callers see it, on a paused clock.

mod ages;
mod bounds;
mod concurrency;
mod extras;
mod hints;
mod history;
mod interleavings;
mod lists;
mod no_cache;
mod participants;
mod replica_histories;
mod replicas;
mod seen;
