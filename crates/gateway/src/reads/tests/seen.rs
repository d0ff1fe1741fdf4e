//! What is read of a session by its id after a list has shown it, and an event says so.

use std::time::Duration;

use session_provider::{Operation, ProviderId, SessionId};
use tokio::time::{advance, sleep};
use tokio_util::task::TaskTracker;

use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::testing::*;
use crate::reads::{PageQuery, Reads};
use crate::testing::{Behaviour, Scripted};

const WHILE: Duration = Duration::from_millis(100);

fn is_seen(reads: &Reads, id: &SessionId) {
    reads.changes().seen(reads.changes().tick(), &ProviderId::new("p").unwrap(), [&room("r")], Some(id));
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_such_session_is_not_told_once_it_was_seen() {
    let fake = Scripted::new("p", Behaviour { delay: WHILE, ..Behaviour::idle() });
    let (reads, provider, id) =
        (reads(&[&fake], CacheConfig::default()), provider(&fake), SessionId::new("s").unwrap());
    let read = || {
        let (reads, provider, id) = (reads.clone(), provider.clone(), id.clone());
        TaskTracker::new().spawn(async move { reads.session(call(), &provider, &id, false).await })
    };
    let before = read();
    sleep(WHILE / 2).await;
    fake.set(|it| (it.idle, it.single) = (false, Some(live("s", Some(5)))));
    is_seen(&reads, &id);
    let after = read();
    assert_eq!(before.await.unwrap().unwrap_err().code, Code::SessionNotFound);
    assert_eq!(json(&after.await.unwrap().unwrap().body)["status"], "live");
}

#[tokio::test(start_paused = true)]
async fn who_was_in_a_session_is_not_older_than_what_was_seen_of_it() {
    let fake = Scripted::new("p", Behaviour::default());
    let (reads, provider) = (reads(&[&fake], CacheConfig::default()), provider(&fake));
    let page = PageQuery { limit: 9, cursor: None };
    let asked = async |id: &SessionId| {
        reads.session_participants(call(), &provider, id, &page).await.unwrap();
        fake.calls(Operation::ListSessionParticipants)
    };
    let (one, other) = (SessionId::new("s").unwrap(), SessionId::new("t").unwrap());
    assert_eq!((asked(&one).await, asked(&other).await), (1, 2));
    advance(WHILE).await;
    is_seen(&reads, &one);
    assert_eq!((asked(&one).await, asked(&other).await), (3, 3));
}
