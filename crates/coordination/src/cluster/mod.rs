//! One replica's part in the cluster: what it knows of the store, and how it behaves while the store is away.

mod claim;
#[expect(clippy::module_inception, reason = "the replica's whole part, beside its pieces")]
mod cluster;
mod config;
mod keep_up;
mod listener;
mod metric;
mod place;
mod puts;
mod standing;
mod unsent;
mod waiters;

#[cfg(test)]
mod tests;

pub use claim::{Finding, LoadClaim, LoadElsewhere};
pub use cluster::Cluster;
pub use config::ClusterSettings;
pub use listener::NewsListener;
pub use metric::{CLUSTER_REPLICAS, CLUSTER_STEPS, CLUSTER_UP};
