//! What makes answers old.

use crate::answer::{Found, Kept};
use crate::conformance::stage::{LONG, ROOM, Stage, touch};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::touch::Mark;

pub(crate) async fn what_is_touched_is_not_found_again(stage: &Stage) -> Verdict {
    for mark in [Mark::account(), Mark::room(ROOM)] {
        let (scope, question) = (Stage::scope(), Stage::question());
        let replica = Stage::replica();
        let claim = stage.claim(scope, question, replica, LONG).await?;
        ensure_eq!(stage.put(scope, question, replica, claim, "body").await?, Kept::Yes, "untouched");
        stage.body(scope, question).await?;
        stage.touch(scope, &[Mark::session("another"), mark]).await?;
        let found = stage.find(scope, question).await?;
        ensure!(matches!(found, Found::Claimed(_)), "{found:?} though it was touched");
    }
    Ok(())
}

pub(crate) async fn what_else_there_is_stays(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.put(scope, question, replica, claim, "body").await?;
    stage.touch(scope, &[Mark::room("another"), Mark::session(ROOM), Mark::room(""), Mark::room("room é,1")]).await?;
    stage.touch(Stage::scope(), &[Mark::room(ROOM), Mark::account()]).await?;
    ensure_eq!(stage.body(scope, question).await?, "body", "an answer about another room");
    Ok(())
}

pub(crate) async fn an_answer_of_a_load_that_began_before_is_not_kept(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.touch(scope, &[Mark::room(ROOM)]).await?;
    ensure_eq!(
        stage.put(scope, question, replica, claim, "old").await?,
        Kept::Outdated,
        "touched since its load began"
    );
    let found = stage.find(scope, question).await?;
    ensure!(matches!(found, Found::Claimed(_)), "{found:?} though nothing was kept");
    Ok(())
}

pub(crate) async fn an_answer_of_a_load_that_began_after_is_kept(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    stage.touch(scope, &[Mark::room(ROOM), Mark::account()]).await?;
    let claim = stage.claim(scope, question, replica, LONG).await?;
    ensure_eq!(stage.put(scope, question, replica, claim, "new").await?, Kept::Yes, "touched before its load began");
    ensure_eq!(stage.body(scope, question).await?, "new", "the answer");
    Ok(())
}

pub(crate) async fn marks_end(stage: &Stage) -> Verdict {
    let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
    let claim = stage.claim(scope, question, replica, LONG).await?;
    stage.store().touch(scope, replica, &touch(&[Mark::room(ROOM)]), stage.unit()).await?;
    let put = async || Ok((stage.put(scope, question, replica, claim, "body").await? == Kept::Yes).then_some(()));
    stage.until("the end of a mark", put).await
}
