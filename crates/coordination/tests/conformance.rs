//! The store in this process passes the suite that every store passes.

use std::sync::Arc;
use std::time::Duration;

use coordination::InProcess;
use coordination::conformance::{CHECKS, Stage, run_all, survives_a_loss};

fn stage() -> Stage {
    Stage::new(Arc::new(InProcess::default()), Duration::from_secs(1))
}

#[tokio::test(start_paused = true)]
async fn on_a_paused_clock() {
    let report = run_all(&stage()).await;
    assert!(report.failed.is_empty(), "{report}");
    assert_eq!(report.passed.len(), CHECKS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn races_on_real_threads() {
    for check in CHECKS.iter().filter(|check| check.name.starts_with("races::")) {
        for _ in 0..20 {
            check.run(&stage()).await.unwrap_or_else(|violation| panic!("{check:?}: {violation}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_loss() {
    let store = Arc::new(InProcess::default());
    let stage = Stage::new(store.clone(), Duration::from_secs(1));
    survives_a_loss(&stage, async || store.lose_data()).await.unwrap();
}
