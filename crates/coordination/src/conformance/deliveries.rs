//! Webhooks that several replicas get.

use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure};

pub(crate) async fn one_is_new_once(stage: &Stage) -> Verdict {
    let (scope, delivery) = (Stage::scope(), Stage::name());
    ensure!(stage.store().remember(scope, delivery, LONG).await?, "a delivery that was never seen is known");
    for _ in 0..2 {
        ensure!(!stage.store().remember(scope, delivery, LONG).await?, "a delivery is new again");
    }
    ensure!(stage.store().remember(scope, Stage::name(), LONG).await?, "another delivery is known");
    ensure!(stage.store().remember(Stage::scope(), delivery, LONG).await?, "a delivery of another scope is known");
    Ok(())
}

pub(crate) async fn it_is_forgotten(stage: &Stage) -> Verdict {
    let (scope, delivery) = (Stage::scope(), Stage::name());
    stage.store().remember(scope, delivery, stage.unit()).await?;
    stage.pass(2).await;
    ensure!(stage.store().remember(scope, delivery, LONG).await?, "a delivery is known for too long");
    Ok(())
}
