//! Names of metrics.

/// Gauge: 1 while the store takes and gives.
pub(super) const UP: &str = "rollcall_cluster_up";
/// Gauge: replicas seen lately.
pub(super) const REPLICAS: &str = "rollcall_cluster_replicas";
/// Counter of steps of the store, by `step` and `outcome`: ok, failed or skipped (left alone).
pub(super) const STEPS: &str = "rollcall_cluster_steps_total";
