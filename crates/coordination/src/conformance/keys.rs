//! Keys of mutations that are done once.

use bytes::Bytes;

use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::key::KeyState;

const OUTCOME: &[u8] = b"\0\xff c s outcome \r\n";

pub(crate) async fn a_key_is_claimed_once(stage: &Stage) -> Verdict {
    let (key, print, replica) = (Stage::name(), Stage::name(), Stage::replica());
    ensure_eq!(stage.store().enter_key(key, print, replica, LONG).await?, KeyState::New, "the first");
    for asker in [Stage::replica(), replica] {
        let state = stage.store().enter_key(key, print, asker, LONG).await?;
        ensure_eq!(state, KeyState::Claimed { same: true }, "the same request again");
    }
    let state = stage.store().enter_key(key, Stage::name(), Stage::replica(), LONG).await?;
    ensure_eq!(state, KeyState::Claimed { same: false }, "another request with the key");
    let state = stage.store().enter_key(Stage::name(), print, replica, LONG).await?;
    ensure_eq!(state, KeyState::New, "another key");
    Ok(())
}

pub(crate) async fn its_outcome_is_told(stage: &Stage) -> Verdict {
    for outcome in [Bytes::from_static(OUTCOME), Bytes::new()] {
        let (key, print, replica) = (Stage::name(), Stage::name(), Stage::replica());
        stage.store().enter_key(key, print, replica, LONG).await?;
        stage.store().settle_key(key, print, replica, Some(outcome.clone()), LONG).await?;
        for (print, same) in [(print, true), (Stage::name(), false)] {
            let state = stage.store().enter_key(key, print, Stage::replica(), LONG).await?;
            ensure_eq!(state, KeyState::Settled { same, outcome: outcome.clone() }, "a settled key");
        }
    }
    Ok(())
}

pub(crate) async fn without_an_outcome_it_is_free_again(stage: &Stage) -> Verdict {
    let (key, print, replica) = (Stage::name(), Stage::name(), Stage::replica());
    stage.store().enter_key(key, print, replica, LONG).await?;
    stage.store().settle_key(key, print, replica, None, LONG).await?;
    let state = stage.store().enter_key(key, Stage::name(), Stage::replica(), LONG).await?;
    ensure_eq!(state, KeyState::New, "a key that was given back");
    Ok(())
}

pub(crate) async fn nobody_else_settles_it(stage: &Stage) -> Verdict {
    let (key, print, replica) = (Stage::name(), Stage::name(), Stage::replica());
    let outcome = Some(Bytes::from_static(OUTCOME));
    stage.store().settle_key(key, print, replica, outcome.clone(), LONG).await?;
    ensure_eq!(stage.store().enter_key(key, print, replica, LONG).await?, KeyState::New, "a key nobody had claimed");
    for (print, replica) in [(print, Stage::replica()), (Stage::name(), replica)] {
        for outcome in [outcome.clone(), None] {
            stage.store().settle_key(key, print, replica, outcome, LONG).await?;
        }
    }
    let state = stage.store().enter_key(key, print, replica, LONG).await?;
    ensure_eq!(state, KeyState::Claimed { same: true }, "a key that others tried to settle");
    Ok(())
}

pub(crate) async fn it_is_settled_once(stage: &Stage) -> Verdict {
    let (key, print, replica) = (Stage::name(), Stage::name(), Stage::replica());
    let outcome = Bytes::from_static(OUTCOME);
    stage.store().enter_key(key, print, replica, LONG).await?;
    stage.store().settle_key(key, print, replica, Some(outcome.clone()), LONG).await?;
    stage.store().settle_key(key, print, replica, Some(Bytes::from_static(b"another")), LONG).await?;
    stage.store().settle_key(key, print, replica, None, LONG).await?;
    let state = stage.store().enter_key(key, print, replica, LONG).await?;
    ensure_eq!(state, KeyState::Settled { same: true, outcome }, "a key that was settled again");
    Ok(())
}

pub(crate) async fn it_ends(stage: &Stage) -> Verdict {
    let (print, replica, unit) = (Stage::name(), Stage::replica(), stage.unit());
    let (claimed, settled) = (Stage::name(), Stage::name());
    stage.store().enter_key(claimed, print, replica, unit).await?;
    stage.store().enter_key(settled, print, replica, LONG).await?;
    stage.store().settle_key(settled, print, replica, Some(Bytes::new()), unit).await?;
    for key in [claimed, settled] {
        let free =
            async || Ok((stage.store().enter_key(key, print, replica, LONG).await? == KeyState::New).then_some(()));
        stage.until("the end of a key", free).await?;
        ensure!(stage.store().enter_key(key, print, replica, LONG).await? != KeyState::New, "a key was free twice");
    }
    Ok(())
}
