//! The one poller.

use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::poller::Lease;

pub(crate) async fn one_replica_has_it(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    stage.lease(scope, Stage::replica(), LONG).await?;
    for _ in 0..2 {
        ensure_eq!(stage.store().lease(scope, Stage::replica(), LONG).await?, None, "the lease of another");
    }
    stage.lease(Stage::scope(), Stage::replica(), LONG).await?;
    Ok(())
}

pub(crate) async fn it_is_renewed_under_its_number(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let lease = stage.lease(scope, replica, stage.unit()).await?;
    let renewed = stage.lease(scope, replica, LONG).await?;
    // It may have ended in between, where a machine is slow.
    ensure!(renewed >= lease, "{renewed:?} after {lease:?}");
    ensure_eq!(stage.lease(scope, replica, LONG).await?, renewed, "the lease that is renewed");
    stage.pass(2).await;
    ensure_eq!(stage.store().lease(scope, Stage::replica(), LONG).await?, None, "the lease of another");
    Ok(())
}

pub(crate) async fn given_back_it_is_free(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let first = stage.lease(scope, replica, LONG).await?;
    stage.store().end_lease(scope, replica, first).await?;
    let second = stage.lease(scope, Stage::replica(), LONG).await?;
    ensure!(second > first, "{second:?} after {first:?}");
    stage.store().end_lease(scope, replica, first).await?;
    ensure_eq!(stage.store().lease(scope, replica, LONG).await?, None, "the lease that another has");
    Ok(())
}

pub(crate) async fn nobody_else_gives_it_back(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let lease = stage.lease(scope, replica, LONG).await?;
    stage.store().end_lease(scope, Stage::replica(), lease).await?;
    stage.store().end_lease(scope, replica, Lease(lease.0 + 1)).await?;
    ensure_eq!(stage.lease(scope, replica, LONG).await?, lease, "the lease that others tried to give back");
    Ok(())
}

pub(crate) async fn it_ends(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let first = stage.lease(scope, replica, stage.unit()).await?;
    let other = Stage::replica();
    let take = async || stage.store().lease(scope, other, LONG).await;
    let second = stage.until("the end of a lease", take).await?;
    ensure!(second > first, "{second:?} after {first:?}");
    ensure_eq!(stage.store().lease(scope, replica, LONG).await?, None, "the lease that another has");
    Ok(())
}
