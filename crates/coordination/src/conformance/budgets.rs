//! The state of a budget.

use bytes::Bytes;
use tokio::time::Instant;

use crate::budget::{BudgetEntry, Swapped};
use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, Violation, ensure, ensure_eq};
use crate::name::Name;
use crate::store::Result as Stored;

const STATE: Bytes = Bytes::from_static(b"7 8 \0\xff state\r\n");

async fn put(stage: &Stage, budget: Name, version: u64, state: Bytes) -> Result<u64, Violation> {
    match stage.store().swap(budget, version, state, LONG).await? {
        Swapped::Yes { version } => Ok(version),
        other => Err(Violation::new(format!("{other:?} though the version was there"))),
    }
}

async fn entry(stage: &Stage, budget: Name, version: u64) -> Result<BudgetEntry, Violation> {
    match stage.store().swap(budget, version, Bytes::from_static(b"lost"), LONG).await? {
        Swapped::No(entry) => Ok(entry),
        other => Err(Violation::new(format!("{other:?} though the version {version} was not there"))),
    }
}

pub(crate) async fn a_state_is_put_where_none_is(stage: &Stage) -> Verdict {
    let budget = Stage::name();
    let none = entry(stage, budget, 7).await?;
    ensure!(none.version == 0 && none.state.is_empty() && none.age.is_zero(), "{none:?} where there is none");
    let version = put(stage, budget, 0, STATE).await?;
    ensure!(version > 0, "a version of {version}");
    ensure_eq!(entry(stage, budget, 0).await?.state, STATE, "the state that is there");
    put(stage, Stage::name(), 0, STATE).await?;
    Ok(())
}

pub(crate) async fn only_the_version_that_was_seen_is_replaced(stage: &Stage) -> Verdict {
    let budget = Stage::name();
    let first = put(stage, budget, 0, STATE).await?;
    let second = put(stage, budget, first, Bytes::new()).await?;
    ensure!(second != first && second > 0, "the version {second} after {first}");
    for version in [0, first, second + 1, u64::MAX] {
        let there = entry(stage, budget, version).await?;
        ensure!(there.version == second && there.state.is_empty(), "{there:?} instead of the version {second}");
    }
    put(stage, budget, second, STATE).await?;
    Ok(())
}

pub(crate) async fn its_age_is_told_by_the_store(stage: &Stage) -> Verdict {
    let (budget, before) = (Stage::name(), Instant::now());
    put(stage, budget, 0, STATE).await?;
    let after = Instant::now();
    stage.pass(2).await;
    let (least, there) = (after.elapsed(), entry(stage, budget, 0).await?);
    let (grain, most) = (std::time::Duration::from_millis(5), before.elapsed());
    ensure!(there.age + grain >= least && there.age <= most + grain, "{:?} old, {least:?} to {most:?} ago", there.age);
    Ok(())
}

pub(crate) async fn it_ends(stage: &Stage) -> Verdict {
    let budget = Stage::name();
    let put = async |version| -> Stored<Swapped> { stage.store().swap(budget, version, STATE, stage.unit()).await };
    put(0).await?;
    let gone = async || Ok(matches!(put(u64::MAX).await?, Swapped::No(BudgetEntry { version: 0, .. })).then_some(()));
    stage.until("the end of a budget's state", gone).await?;
    let again = put(0).await?;
    ensure!(matches!(again, Swapped::Yes { .. }), "{again:?} where there is none any more");
    Ok(())
}
