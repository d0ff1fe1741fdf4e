//! Who loads.

use crate::answer::{AnswerClaim, Found, Wanted};
use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::feed::After;

pub(crate) async fn one_replica_loads_and_the_others_are_held_off(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    stage.claim(scope, question, replica, LONG).await?;
    for asker in [Stage::replica(), replica] {
        let found = stage.store().find(scope, question, asker, Wanted::default(), LONG).await?;
        ensure_eq!(found, Found::Held, "found while another loads");
    }
    stage.claim(scope, Stage::question(), Stage::replica(), LONG).await?;
    Ok(())
}

pub(crate) async fn a_claim_says_where_its_load_stands(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    stage.store().news(scope, replica, After { number: 0, propose: 77, announce: false }).await?;
    let first = stage.claim(scope, Stage::question(), replica, LONG).await?;
    ensure!((first.began, first.epoch) == (0, 77), "{first:?} before anything was said in the epoch 77");
    stage.touch(scope, &[]).await?;
    stage.touch(scope, &[]).await?;
    let second = stage.claim(scope, Stage::question(), Stage::replica(), LONG).await?;
    ensure!((second.began, second.epoch) == (2, 77), "{second:?} after two entries in the epoch 77");
    ensure!(second.number > first.number, "{second:?} began after {first:?}");
    Ok(())
}

pub(crate) async fn who_loads_alone_gets_the_claim(stage: &Stage) -> Verdict {
    let (scope, question, first) = (Stage::scope(), Stage::question(), Stage::replica());
    let before = stage.claim(scope, question, first, LONG).await?;
    let second = Stage::replica();
    let claim = stage.claim_alone(scope, question, second).await?;
    ensure!(claim.number > before.number, "{claim:?} began after {before:?}");
    stage.store().release(scope, question, first, before).await?;
    ensure_eq!(stage.find(scope, question).await?, Found::Held, "found after the claim was taken over");
    stage.put(scope, question, second, claim, "body").await?;
    let again = stage.claim_alone(scope, question, second).await?;
    ensure!(again.number > claim.number, "{again:?} began after {claim:?}");
    Ok(())
}

pub(crate) async fn a_claim_that_is_not_renewed_is_free(stage: &Stage) -> Verdict {
    let (scope, question) = (Stage::scope(), Stage::question());
    let before = stage.claim(scope, question, Stage::replica(), stage.unit()).await?;
    let claim = stage.until("the end of a claim", async || claimed(stage.find(scope, question).await)).await?;
    ensure!(claim.number > before.number, "{claim:?} began after {before:?}");
    ensure_eq!(stage.find(scope, question).await?, Found::Held, "found after the claim was taken");
    Ok(())
}

fn claimed(found: crate::store::Result<Found>) -> crate::store::Result<Option<AnswerClaim>> {
    Ok(if let Found::Claimed(claim) = found? { Some(claim) } else { None })
}

pub(crate) async fn a_claim_that_is_renewed_is_held(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    // A check that is stopped in between comes too late to renew: then once more.
    for _ in 0..20 {
        let question = Stage::question();
        let claim = stage.claim(scope, question, replica, stage.unit() * 4).await?;
        let began = tokio::time::Instant::now();
        stage.store().renew(scope, question, replica, claim, LONG).await?;
        if began.elapsed() < stage.unit() * 2 {
            stage.pass(8).await;
            ensure_eq!(stage.find(scope, question).await?, Found::Held, "found after the claim was renewed");
            return Ok(());
        }
    }
    Ok(())
}

pub(crate) async fn nobody_else_renews_a_claim(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, stage.unit()).await?;
    stage.store().renew(scope, question, Stage::replica(), claim, LONG).await?;
    let other = AnswerClaim { number: claim.number + 1, ..claim };
    stage.store().renew(scope, question, replica, other, LONG).await?;
    stage.until("the end of a claim", async || claimed(stage.find(scope, question).await)).await?;
    Ok(())
}

pub(crate) async fn a_released_claim_is_free(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.store().release(scope, question, replica, claim).await?;
    stage.claim(scope, question, Stage::replica(), LONG).await?;
    // Twice is once: the one that follows stays.
    stage.store().release(scope, question, replica, claim).await?;
    ensure_eq!(stage.find(scope, question).await?, Found::Held, "found while the next one loads");
    Ok(())
}

pub(crate) async fn nobody_else_releases_a_claim(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.store().release(scope, question, Stage::replica(), claim).await?;
    let other = AnswerClaim { number: claim.number + 1, ..claim };
    stage.store().release(scope, question, replica, other).await?;
    ensure_eq!(stage.find(scope, question).await?, Found::Held, "found while the claim is held");
    Ok(())
}
