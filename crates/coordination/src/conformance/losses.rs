//! A store that loses everything.

use std::future::Future;

use crate::answer::{Found, Kept};
use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::feed::After;
use crate::key::KeyState;
use crate::poller::Appended;

/// Fills the store, has it lose everything, and checks that nothing old comes back. Nobody else may use the store.
///
/// # Errors
/// The rule that was broken.
pub async fn survives_a_loss<F: Future<Output = ()>>(stage: &Stage, lose: impl FnOnce() -> F) -> Verdict {
    let (scope, replica, store) = (Stage::scope(), Stage::replica(), stage.store());
    let news = async |propose| store.news(scope, replica, After { number: 0, propose, announce: true }).await;
    let (question, loading) = (Stage::question(), Stage::question());
    ensure_eq!(news(3).await?.epoch, 3, "the first epoch");
    stage.touch(scope, &[]).await?;
    let kept = stage.claim(scope, question, replica, LONG).await?;
    stage.put(scope, question, replica, kept, "old").await?;
    let before = stage.claim(scope, loading, replica, LONG).await?;
    let lease = stage.lease(scope, replica, LONG).await?;
    store.append(scope, replica, lease, vec!["event".into()], 10, LONG).await?;
    let (key, print) = (Stage::name(), Stage::name());
    store.enter_key(key, print, replica, LONG).await?;

    lose().await;

    ensure_eq!(store.append(scope, replica, lease, vec![], 10, LONG).await?, Appended::Lost, "with a lease of before");
    store.renew(scope, loading, replica, before, LONG).await?;
    let claim = stage.claim(scope, loading, Stage::replica(), LONG).await?;
    ensure_eq!(claim.epoch, 0, "the epoch of a claim before anybody proposed one");
    let after = news(4).await?;
    ensure!((after.epoch, after.latest, after.latest_event) == (4, 0, 0), "{after:?} after a loss");
    ensure!(after.entries.is_empty() && after.replicas == 1, "{after:?} after a loss");
    ensure_eq!(stage.put(scope, loading, replica, before, "old").await?, Kept::Outdated, "a load of before");
    let found = stage.find(scope, question).await?;
    ensure!(matches!(found, Found::Claimed(_)), "{found:?} after a loss");
    ensure_eq!(stage.touch(scope, &[]).await?, 1, "the first number after a loss");
    ensure_eq!(store.enter_key(key, print, replica, LONG).await?, KeyState::New, "a key after a loss");
    Ok(())
}
