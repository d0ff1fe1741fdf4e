//! Names of metrics.

/// Gauge: 1 while the store takes and gives.
pub const CLUSTER_UP: &str = "rollcall_cluster_up";
/// Gauge: replicas seen lately.
pub const CLUSTER_REPLICAS: &str = "rollcall_cluster_replicas";
/// Counter of steps of the store, by `step` and `outcome`: ok, failed or skipped (it is left alone).
pub const CLUSTER_STEPS: &str = "rollcall_cluster_steps_total";
