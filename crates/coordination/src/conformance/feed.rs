//! What replicas tell each other.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::conformance::stage::{LONG, Stage, touch};
use crate::conformance::verdict::{Verdict, ensure, ensure_eq};
use crate::feed::{After, Entry};
use crate::name::ReplicaId;
use crate::touch::Touch;

pub(crate) async fn entries_are_numbered_from_one_and_read_as_they_were_said(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let news = stage.news(scope).await?;
    ensure!(news.latest == 0 && news.entries.is_empty(), "{news:?} before anything was said");
    let mut expected = Vec::new();
    for (number, said) in [b"one".as_slice(), b"", b"\xff\0 \r\n three "].into_iter().enumerate() {
        // The greatest number of a replica is one, too.
        let (number, replica) = (number as u64 + 1, ReplicaId::of(u64::MAX - number as u64));
        let said = Touch { marks: vec![], said: Bytes::from_static(said) };
        ensure_eq!(stage.store().touch(scope, replica, &said, LONG).await?, number, "the number of an entry");
        expected.push(Entry { number, replica, said: said.said });
    }
    let news = stage.news(scope).await?;
    ensure_eq!(news.entries, expected, "the entries");
    ensure_eq!(news.latest, 3, "the latest number");
    Ok(())
}

pub(crate) async fn only_entries_after_the_number_asked_for_are_read(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    for _ in 0..5 {
        stage.touch(scope, &[]).await?;
    }
    for (after, expected) in [(0, vec![1, 2, 3, 4, 5]), (3, vec![4, 5]), (5, vec![]), (9, vec![]), (u64::MAX, vec![])] {
        let news = stage.news_after(scope, after).await?;
        let numbers: Vec<u64> = news.entries.iter().map(|entry| entry.number).collect();
        ensure_eq!(numbers, expected, "the entries after a number");
        ensure_eq!(news.latest, 5, "the latest number");
    }
    Ok(())
}

pub(crate) async fn the_epoch_is_what_the_first_replica_proposed(stage: &Stage) -> Verdict {
    let (scope, other) = (Stage::scope(), Stage::scope());
    let ask = async |scope, propose| {
        let news = stage.store().news(scope, Stage::replica(), After { number: 0, propose, announce: true }).await?;
        crate::store::Result::Ok(news.epoch)
    };
    ensure_eq!(ask(scope, u64::MAX).await?, u64::MAX, "the first epoch");
    ensure_eq!(ask(scope, 7).await?, u64::MAX, "the epoch, which has begun");
    // What was said before anybody proposed one stays.
    stage.touch(other, &[]).await?;
    ensure_eq!(ask(other, 7).await?, 7, "the epoch of another scope");
    ensure_eq!(stage.news(other).await?.entries.len(), 1, "entries of before the epoch");
    Ok(())
}

pub(crate) async fn the_latest_entries_stay_and_the_first_are_forgotten(stage: &Stage) -> Verdict {
    const SAID: u64 = 4200;
    let scope = Stage::scope();
    for _ in 0..SAID {
        stage.store().touch(scope, Stage::replica(), &touch(&[]), LONG).await?;
    }
    let news = stage.news(scope).await?;
    let numbers: Vec<u64> = news.entries.iter().map(|entry| entry.number).collect();
    let first = numbers.first().copied().unwrap_or_default();
    ensure!(first > 1 && first < SAID - 1000, "entries from {first} on are kept of {SAID}");
    ensure_eq!(numbers, (first..=SAID).collect::<Vec<_>>(), "the entries that are kept");
    Ok(())
}

pub(crate) async fn replicas_that_announce_themselves_count_for_some_seconds(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let ask = async |replica, announce| {
        let news = stage.store().news(scope, replica, After { number: 0, propose: 1, announce }).await?;
        crate::store::Result::Ok(news.replicas)
    };
    let (one, other) = (Stage::replica(), Stage::replica());
    ensure_eq!(ask(one, false).await?, 0, "replicas, of which none has announced itself");
    // In one wait: a check that is stopped for seconds in between counts again.
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        seen = BTreeSet::from([ask(one, true).await?, ask(one, true).await?]);
        seen.insert(ask(other, true).await? + 10);
        if seen == BTreeSet::from([1, 12]) {
            break;
        }
    }
    ensure_eq!(seen, BTreeSet::from([1, 12]), "one replica twice, then two (and ten)");
    stage.until("the end of who announced itself", async || Ok((ask(one, false).await? == 0).then_some(()))).await
}

pub(crate) async fn scopes_do_not_see_each_other(stage: &Stage) -> Verdict {
    let (scope, other, question) = (Stage::scope(), Stage::scope(), Stage::question());
    let claim = stage.claim(scope, question, Stage::replica(), LONG).await?;
    stage.put(scope, question, Stage::replica(), claim, "body").await?;
    stage.touch(scope, &[]).await?;
    stage.lease(scope, Stage::replica(), LONG).await?;
    stage.claim(other, question, Stage::replica(), LONG).await?;
    stage.lease(other, Stage::replica(), LONG).await?;
    ensure_eq!(stage.news(other).await?.latest, 0, "the feed of another scope");
    Ok(())
}
