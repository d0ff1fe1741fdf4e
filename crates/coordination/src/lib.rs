//! What several replicas of Rollcall share, so that they act as one.
//!
//! [`Store`] is the port: atomic steps of a store that every replica reaches. [`InProcess`] is a store in this process, which
//! tests use; the `conformance` feature has the suite that every store passes.
#![forbid(unsafe_code)]

mod answer;
mod budget;
mod cluster;
#[cfg(feature = "conformance")]
pub mod conformance;
mod feed;
mod in_process;
mod key;
mod lot;
mod name;
mod poller;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod touch;

pub use answer::{AnswerClaim, Found, Kept, PutAnswer, SharedAnswer, Wanted};
pub use budget::{BudgetEntry, Swapped};
pub use cluster::{
    CLUSTER_REPLICAS, CLUSTER_STEPS, CLUSTER_UP, Cluster, ClusterSettings, Finding, LoadClaim, LoadElsewhere,
    NewsListener,
};
pub use feed::{After, Entry, Happening, News};
pub use in_process::InProcess;
pub use key::KeyState;
pub use lot::{Lot, LotRate};
pub use name::{Name, Question, ReplicaId, Scope};
pub use poller::{Appended, EventPage, Lease};
pub use store::{Result, Store, StoreError};
pub use touch::{Mark, Touch};
