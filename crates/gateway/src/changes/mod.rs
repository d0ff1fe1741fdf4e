//! What happens to rooms, whoever says so: one port that mutations publish to today, and what knows of rooms listens to.
//!
//! A change is first *marked*, so that no answer fetched before it is served after it, and then handed to whoever
//! listens. Order is kept by [`Tick`]s: reads, loads and changes take one each from one counter.

mod cause;
mod marks;
mod port;
mod subject;
mod tick;

pub use cause::{Cause, RoomChange};
pub use port::{Changes, UnderWay};
pub use subject::Subject;
pub use tick::Tick;
