//! Those who wait for another's load.

use crate::answer::Found;
use crate::conformance::stage::{LONG, ROOM, Stage};
use crate::conformance::verdict::{Verdict, ensure_eq};
use crate::feed::{Entry, Happening};
use crate::name::{Question, Scope};
use crate::touch::Mark;

/// Which loads the feed says have ended.
async fn ended(stage: &Stage, scope: Scope) -> crate::store::Result<Vec<String>> {
    let question = |entry: Entry| match Happening::decode(&entry.said) {
        Some(Happening::LoadEnded { question }) => Some(question),
        _ => None,
    };
    Ok(stage.news(scope).await?.entries.into_iter().filter_map(question).collect())
}

async fn wait(stage: &Stage, scope: Scope, question: Question) -> Verdict {
    ensure_eq!(stage.find(scope, question).await?, Found::Held, "found by one who waits");
    Ok(())
}

pub(crate) async fn the_end_of_a_load_is_said_where_somebody_waits(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let (kept, outdated) = (Stage::question(), Stage::question());
    let claim = stage.claim(scope, kept, replica, LONG).await?;
    let other = stage.claim(scope, outdated, replica, LONG).await?;
    wait(stage, scope, kept).await?;
    wait(stage, scope, kept).await?;
    wait(stage, scope, outdated).await?;
    stage.put(scope, kept, replica, claim, "body").await?;
    ensure_eq!(ended(stage, scope).await?, [kept.0.to_string()], "what is said to have ended");
    stage.touch(scope, &[Mark::room(ROOM)]).await?;
    stage.put(scope, outdated, replica, other, "body").await?;
    ensure_eq!(ended(stage, scope).await?, [kept, outdated].map(|question| question.0.to_string()), "what has ended");
    // Said once.
    stage.put(scope, kept, replica, claim, "body").await?;
    ensure_eq!(ended(stage, scope).await?.len(), 2, "ends that were said");
    Ok(())
}

pub(crate) async fn nothing_is_said_where_nobody_waits(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.put(scope, question, replica, claim, "body").await?;
    let claim = stage.claim_alone(scope, question, replica).await?;
    // Whoever finds an answer does not wait.
    stage.body(scope, question).await?;
    stage.store().release(scope, question, replica, claim).await?;
    ensure_eq!(stage.news(scope).await?.latest, 0, "entries of the feed");
    Ok(())
}

pub(crate) async fn a_release_is_said_too(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    wait(stage, scope, question).await?;
    stage.store().release(scope, question, replica, claim).await?;
    ensure_eq!(ended(stage, scope).await?, [question.0.to_string()], "what is said to have ended");
    Ok(())
}

pub(crate) async fn who_waits_is_known_to_the_next_holder(stage: &Stage) -> Verdict {
    let (scope, question, first) = (Stage::scope(), Stage::question(), Stage::replica());
    let early = stage.claim(scope, question, first, LONG).await?;
    wait(stage, scope, question).await?;
    let second = Stage::replica();
    let late = stage.claim_alone(scope, question, second).await?;
    stage.store().release(scope, question, first, early).await?;
    ensure_eq!(ended(stage, scope).await?.len(), 0, "ends of a claim that was taken over");
    stage.store().release(scope, question, second, late).await?;
    ensure_eq!(ended(stage, scope).await?, [question.0.to_string()], "what is said to have ended");
    // The next load has nobody who waits.
    let claim = stage.claim(scope, question, first, LONG).await?;
    stage.store().release(scope, question, first, claim).await?;
    ensure_eq!(ended(stage, scope).await?.len(), 1, "ends that were said");
    Ok(())
}
