//! When providers are asked on behalf of those who listen.

use std::time::Duration;

use session_provider::{BudgetState, Operation, ProviderId, RoomId};

use crate::changes::{Cause, Hint, RoomChange};
use crate::config::EventsConfig;
use crate::events::tests::support::{Bench, live};
use crate::testing::{Behaviour, Scripted};

const MOMENT: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn hint() -> Hint {
    Hint { provider: ProviderId::new("p").unwrap(), rooms: vec![RoomId::new("r").unwrap()], session: None }
}

fn kick() -> RoomChange {
    let cause = Cause::Mutation(Operation::KickAllParticipants);
    RoomChange { provider: ProviderId::new("p").unwrap(), room: RoomId::new("r").unwrap(), session: None, cause }
}

fn slow_polls() -> EventsConfig {
    EventsConfig { poll_for: 300 * SECOND, ..EventsConfig::default() }
}

#[tokio::test(start_paused = true)]
async fn what_was_said_while_nobody_listened_has_the_first_who_does_asked_for_at_once() {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("r", "s")], ..Behaviour::default() });
    let bench = Bench::new(&[&fake], slow_polls());
    bench.follow().await.after(10 * SECOND).await;
    tokio::time::sleep(SECOND).await;
    fake.set(|does| does.sessions.push(live("q", "t")));
    bench.changes.hint(hint());
    let mut consumer = bench.follow().await;
    consumer.after(MOMENT).await;
    assert_eq!(consumer.sessions().len(), 2, "{:?}", consumer.events);
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2);
}

#[tokio::test(start_paused = true)]
async fn a_kick_while_nobody_listened_is_seen_by_the_first_who_does() {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("r", "s")], ..Behaviour::default() });
    let bench = Bench::new(&[&fake], slow_polls());
    bench.follow().await.after(SECOND).await;
    tokio::time::sleep(MOMENT).await;
    fake.set(|does| (does.sessions, does.delay) = (vec![], SECOND));
    bench.changes.publish(kick());
    let mut consumer = bench.follow().await;
    consumer.after(3 * SECOND).await;
    assert_eq!(consumer.kinds(), ["snapshot"], "nothing from before the kick");
    assert_eq!(consumer.sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_comes_after_a_kick_is_not_told_of_before() {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("r", "s")], ..Behaviour::default() });
    let bench = Bench::new(&[&fake], slow_polls());
    let mut stays = bench.follow().await;
    stays.after(SECOND).await;
    fake.set(|does| (does.sessions, does.delay) = (vec![], SECOND));
    bench.changes.publish(kick());
    let mut comes = bench.follow().await;
    comes.after(3 * SECOND).await;
    stays.read();
    assert_eq!(stays.kinds(), ["snapshot", "session_ended"]);
    assert_eq!(comes.kinds(), ["snapshot"]);
    assert_eq!(comes.sessions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_readers_refresh_counts_as_the_poll_that_a_hint_asks_for() {
    // A quarter of the budget pays for one call in 8 s.
    let budget = BudgetState { remaining: 10, requests: 10, per: 20 * SECOND };
    let behaviour = Behaviour { budget: Some(budget), exchanges: 1, ..Behaviour::default() };
    let fake = Scripted::new("p", behaviour);
    let bench = Bench::new(&[&fake], slow_polls());
    let asked = || fake.calls(Operation::ListLiveSessions);
    let mut consumer = bench.follow().await;
    consumer.after(SECOND).await;
    bench.changes.hint(hint());
    consumer.after(SECOND).await;
    assert_eq!(asked(), 1, "not before the budget allows");
    fake.set(|does| does.sessions.push(live("r", "s")));
    bench.list().await;
    consumer.after(MOMENT).await;
    assert_eq!((asked(), consumer.sessions().len()), (2, 1), "every new answer makes events");
    consumer.after(7 * SECOND).await;
    assert_eq!(asked(), 2);
    consumer.after(2 * SECOND).await;
    assert_eq!(asked(), 3, "once more for the lag");
    consumer.after(60 * SECOND).await;
    assert_eq!(asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_has_looked_after_a_kick_spares_the_poll() {
    let budget = BudgetState { remaining: 10, requests: 10, per: 20 * SECOND };
    let fake = Scripted::new("p", Behaviour { budget: Some(budget), exchanges: 1, ..Behaviour::default() });
    let bench = Bench::new(&[&fake], slow_polls());
    let mut consumer = bench.follow().await;
    consumer.after(SECOND).await;
    bench.list().await;
    consumer.after(100 * MOMENT).await;
    bench.changes.publish(kick());
    consumer.after(100 * MOMENT).await;
    bench.list().await;
    consumer.after(60 * SECOND).await;
    assert_eq!(fake.calls(Operation::ListLiveSessions), 3);
}
