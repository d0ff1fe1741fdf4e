//! Several replicas over one store in this process, on a paused clock.

mod away;
mod scripted;
mod shared;
mod standstill;
