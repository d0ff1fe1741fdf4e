//! Requests of a caller.

use std::time::Duration;

use tokio::time::sleep;

use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::lot::LotRate;

pub(crate) async fn the_quota_is_there_at_once_and_no_more(stage: &Stage) -> Verdict {
    let (limit, rate) = (Stage::name(), LotRate { quota: 10, per: LONG });
    let interval = LONG / 10;
    let lot = stage.store().take_lot(limit, rate, 4).await?;
    ensure!((lot.granted, lot.remaining, lot.wait) == (4, 6, Duration::ZERO), "{lot:?} for 4 of 10");
    ensure!(lot.full_in <= interval * 4 && lot.full_in > interval * 3, "{lot:?} for 4 of 10");
    let lot = stage.store().take_lot(limit, rate, u32::MAX).await?;
    ensure!((lot.granted, lot.remaining, lot.wait) == (6, 0, Duration::ZERO), "{lot:?} for all of the 6 that are left");
    ensure!(lot.full_in <= LONG && lot.full_in > interval * 9, "{lot:?} when all are taken");
    for _ in 0..3 {
        let lot = stage.store().take_lot(limit, rate, 1).await?;
        ensure!((lot.granted, lot.remaining) == (0, 0), "{lot:?} when all are taken");
        ensure!(lot.wait <= interval && lot.wait > interval / 2, "{lot:?} when one comes every {interval:?}");
    }
    let lot = stage.store().take_lot(Stage::name(), rate, 1).await?;
    ensure_eq!(lot.granted, 1, "granted to another caller");
    Ok(())
}

pub(crate) async fn what_is_taken_comes_again(stage: &Stage) -> Verdict {
    let (limit, rate) = (Stage::name(), LotRate { quota: 3, per: stage.unit() * 3 });
    let first = stage.store().take_lot(limit, rate, 3).await?;
    ensure_eq!(first.granted, 3, "granted of 3");
    let mut granted = 0;
    for _ in 0..5 {
        let lot = stage.store().take_lot(limit, rate, 1).await?;
        granted += lot.granted;
        if lot.granted == 0 {
            ensure!(!lot.wait.is_zero() && lot.wait <= stage.unit(), "{lot:?} when one comes every {:?}", stage.unit());
            // A clock that tokio rounds, and one of whole microseconds.
            sleep(lot.wait + Duration::from_millis(2)).await;
            let lot = stage.store().take_lot(limit, rate, 1).await?;
            ensure_eq!(lot.granted, 1, "granted after the wait that was told");
            granted += 1;
        }
    }
    ensure!(granted > 0, "nothing came again");
    sleep(rate.per + Duration::from_millis(2)).await;
    let lot = stage.store().take_lot(limit, rate, 100).await?;
    ensure!((lot.granted, lot.remaining) == (3, 0), "{lot:?} after a whole span of time");
    Ok(())
}

pub(crate) async fn none_wanted_is_none_taken(stage: &Stage) -> Verdict {
    let (limit, rate) = (Stage::name(), LotRate { quota: 2, per: LONG });
    for _ in 0..3 {
        let lot = stage.store().take_lot(limit, rate, 0).await?;
        ensure!((lot.granted, lot.remaining) == (0, 2), "{lot:?} where none is wanted");
        ensure!(lot.full_in.is_zero() && lot.wait.is_zero(), "{lot:?} where all are there");
    }
    Ok(())
}
