//! Answers that replicas share.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::answer::{AnswerClaim, Found, Kept, PutAnswer, SharedAnswer, Wanted};
use crate::conformance::stage::{LONG, ROOM, Stage, answer};
use crate::conformance::verdict::{Verdict, Violation, ensure, ensure_eq};
use crate::touch::Mark;

fn found_answer(found: Found) -> Result<SharedAnswer, Violation> {
    match found {
        Found::Answer(answer) => Ok(answer),
        other => Err(Violation::new(format!("{other:?} instead of the answer"))),
    }
}

pub(crate) async fn what_was_put_is_found_as_it_was(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let many: Vec<u8> = (0..1_000_003_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let bodies = [Bytes::from_static(b"\0\xff\r\n body "), Bytes::new(), Bytes::from(many)];
    for body in bodies {
        let (question, replica) = (Stage::question(), Stage::replica());
        let claim = stage.claim(scope, question, replica, LONG).await?;
        let about = (0..2500).map(|n| Mark::session(&n.to_string())).collect();
        let put = PutAnswer { about, body: body.clone(), ..answer("") };
        ensure_eq!(stage.store().put(scope, question, replica, claim, put).await?, Kept::Yes, "put");
        for _ in 0..2 {
            let found = found_answer(stage.find(scope, question).await?)?;
            ensure_eq!(found.number, claim.number, "the number of the load");
            ensure!(found.body == body, "{} other bytes were found than the {} put", found.body.len(), body.len());
        }
        stage.touch(scope, &[Mark::session("2499")]).await?;
        ensure!(
            !matches!(stage.find(scope, question).await?, Found::Answer(_)),
            "found though the last mark was touched"
        );
    }
    Ok(())
}

pub(crate) async fn its_age_is_told_by_the_store(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let given = Duration::from_secs(90);
    let claim = stage.claim(scope, question, replica, LONG).await?;
    let before = Instant::now();
    stage.store().put(scope, question, replica, claim, PutAnswer { age: given, ..answer("body") }).await?;
    let after = Instant::now();
    stage.pass(2).await;
    let (least, found) = (after.elapsed(), found_answer(stage.find(scope, question).await?)?);
    // The store's clock and this one's go alike, but for their grain.
    let (grain, most) = (Duration::from_millis(5), before.elapsed());
    ensure!(
        found.age + grain >= given + least && found.age <= given + most + grain,
        "{:?} old, {given:?} when it was put, {least:?} to {most:?} ago",
        found.age
    );
    Ok(())
}

pub(crate) async fn it_must_be_newer_than_asked(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.put(scope, question, replica, claim, "body").await?;
    let wanted = |newer_than| Wanted { alone: false, newer_than };
    let found = stage.store().find(scope, question, Stage::replica(), wanted(claim.number - 1), LONG).await?;
    ensure_eq!(found_answer(found)?.number, claim.number, "the number of the load");
    let found = stage.store().find(scope, question, Stage::replica(), wanted(claim.number), LONG).await?;
    ensure!(matches!(found, Found::Claimed(_)), "{found:?} though it is not newer");
    let found = stage.store().find(scope, question, Stage::replica(), wanted(claim.number), LONG).await?;
    ensure_eq!(found, Found::Held, "found while the newer one is loaded");
    // Whoever is content with the old one still gets it.
    ensure_eq!(stage.body(scope, question).await?, "body", "the old one");
    Ok(())
}

pub(crate) async fn it_ends(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    let put = PutAnswer { keep: stage.unit(), ..answer("body") };
    stage.store().put(scope, question, replica, claim, put).await?;
    let gone = async || Ok((!matches!(stage.find(scope, question).await?, Found::Answer(_))).then_some(()));
    stage.until("the end of an answer", gone).await
}

pub(crate) async fn none_of_another_epoch_is_kept(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    stage.news(scope).await?;
    let claim = stage.claim(scope, question, replica, LONG).await?;
    let other = AnswerClaim { epoch: claim.epoch + 1, ..claim };
    ensure_eq!(stage.put(scope, question, replica, other, "body").await?, Kept::Outdated, "of another epoch");
    ensure!(!matches!(stage.find(scope, question).await?, Found::Answer(_)), "found though it was outdated");
    Ok(())
}

pub(crate) async fn the_later_load_wins(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    for later_first in [true, false] {
        let question = Stage::question();
        let early = stage.claim_alone(scope, question, replica).await?;
        let late = stage.claim_alone(scope, question, replica).await?;
        let early_put = stage.put(scope, question, replica, early, "early");
        let late_put = stage.put(scope, question, replica, late, "late");
        let (early, late) = if later_first {
            let late = late_put.await?;
            (early_put.await?, late)
        } else {
            (early_put.await?, late_put.await?)
        };
        ensure_eq!(late, Kept::Yes, "the later one");
        ensure_eq!(early, if later_first { Kept::Outdated } else { Kept::Yes }, "the earlier one");
        ensure_eq!(stage.body(scope, question).await?, "late", "what is found");
    }
    Ok(())
}

pub(crate) async fn who_lost_the_claim_still_puts_and_ends_no_other(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let early = stage.claim_alone(scope, question, replica).await?;
    stage.claim_alone(scope, question, Stage::replica()).await?;
    ensure_eq!(stage.put(scope, question, replica, early, "early").await?, Kept::Yes, "put by who lost the claim");
    ensure_eq!(stage.body(scope, question).await?, "early", "what is found");
    let wanted = Wanted { alone: false, newer_than: early.number };
    let found = stage.store().find(scope, question, Stage::replica(), wanted, LONG).await?;
    ensure_eq!(found, Found::Held, "found while the other loads");
    Ok(())
}

pub(crate) async fn an_outdated_put_ends_the_claim_too(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.touch(scope, &[Mark::room(ROOM)]).await?;
    stage.put(scope, question, replica, claim, "body").await?;
    stage.claim(scope, question, Stage::replica(), LONG).await?;
    Ok(())
}
