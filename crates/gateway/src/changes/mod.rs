//! What happens to rooms, whoever says so: one port that mutations and the providers' notices publish to, and what knows of
//! rooms listens to.
//!
//! A change is first *marked*, so that no answer fetched before it is served after it, and then handed to whoever
//! listens. A [`Hint`] is the softer kind: what was fetched before it is no longer fresh. Order is kept by [`Tick`]s: reads,
//! loads, changes and hints take one each from one counter.

mod cause;
mod hint;
mod marks;
mod port;
mod since;
mod subject;
mod tick;
mod told;

pub use cause::{Cause, RoomChange};
pub use hint::Hint;
#[cfg(test)]
pub(crate) use hint::LAG;
pub use port::{Changes, UnderWay};
pub use since::Since;
pub use subject::Subject;
pub use tick::Tick;
pub(crate) use told::OtherReplicas;
