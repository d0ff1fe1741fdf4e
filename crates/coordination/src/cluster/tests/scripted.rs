//! A store that fails as it is told, and replicas over it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::cluster::{Cluster, ClusterSettings, NewsListener};
use crate::{
    After, AnswerClaim, Appended, EventPage, Found, InProcess, Kept, KeyState, Lease, Lot, LotRate, Mark, Name, News,
    PutAnswer, Question, ReplicaId, Result, Scope, Store, StoreError, Swapped, Touch, Wanted,
};

/// The store of all, and what is wrong with it for one replica.
#[derive(Debug, Default)]
pub(super) struct Scripted {
    pub(super) shared: Arc<InProcess>,
    pub(super) refuses: AtomicBool,
    pub(super) hangs: AtomicBool,
    pub(super) steps: AtomicU32,
}

impl Scripted {
    async fn pass(&self) -> Result<()> {
        self.steps.fetch_add(1, Ordering::Relaxed);
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.refuses.load(Ordering::Relaxed) { Err(StoreError::plain("refuses")) } else { Ok(()) }
    }
}

macro_rules! passed {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for Scripted {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                self.pass().await?;
                self.shared.$name($($argument),*).await
            })*
        }
    };
}

passed! {
    news(scope: Scope, replica: ReplicaId, after: After) -> News;
    touch(scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> u64;
    find(scope: Scope, question: Question, replica: ReplicaId, wanted: Wanted, hold: Duration) -> Found;
    put(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim, answer: PutAnswer) -> Kept;
    release(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> ();
    renew(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim, hold: Duration) -> ();
    enter_key(key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> KeyState;
    settle_key(key: Name, fingerprint: Name, replica: ReplicaId, outcome: Option<Bytes>, keep: Duration) -> ();
    swap(budget: Name, version: u64, state: Bytes, keep: Duration) -> Swapped;
    take_lot(limit: Name, rate: LotRate, want: u32) -> Lot;
    remember(scope: Scope, delivery: Name, keep: Duration) -> bool;
    lease(scope: Scope, replica: ReplicaId, hold: Duration) -> Option<Lease>;
    end_lease(scope: Scope, replica: ReplicaId, lease: Lease) -> ();
    append(scope: Scope, replica: ReplicaId, lease: Lease, entries: Vec<Bytes>, events: u64, keep: Duration) -> Appended;
    events(scope: Scope, after: u64, most: usize) -> EventPage;
}

/// What a replica has heard.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Vec<String>>);

impl Heard {
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn add(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

impl NewsListener for Heard {
    fn changed(&self, _scope: Scope, room: &str, _session: Option<&str>) {
        self.add(format!("changed {room}"));
    }

    fn hinted(&self, _scope: Scope, rooms: &[String], _session: Option<&str>) {
        self.add(format!("hinted {}", rooms.join(" ")));
    }

    fn everything_changed(&self, _scope: Scope) {
        self.add("everything".to_owned());
    }
}

/// One replica.
pub(super) struct Replica {
    pub(super) store: Arc<Scripted>,
    pub(super) cluster: Cluster,
    pub(super) heard: Arc<Heard>,
    running: tokio::task::JoinHandle<()>,
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.running.abort();
    }
}

pub(super) const TIMEOUT: Duration = Duration::from_millis(50);

pub(super) fn scope() -> Scope {
    Scope(Name::of([&b"account"[..]]))
}

pub(super) fn question(text: &str) -> Question {
    Question(Name::of([text.as_bytes()]))
}

/// A replica that has come up.
pub(super) async fn replica(shared: &Arc<InProcess>) -> Replica {
    let store = Arc::new(Scripted { shared: Arc::clone(shared), ..Scripted::default() });
    let settings = ClusterSettings { timeout: TIMEOUT, replicas: 3 };
    let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope()]);
    let heard = Arc::new(Heard::default());
    cluster.listen(Arc::clone(&heard) as Arc<dyn NewsListener>);
    #[expect(clippy::disallowed_methods, reason = "a test's own task, ended with the replica")]
    let running = tokio::spawn(cluster.clone().run());
    cluster.watch().wait_for(|up| *up).await.unwrap();
    heard.take();
    Replica { store, cluster, heard, running }
}

pub(super) fn kick(room: &str) -> Touch {
    let marks = vec![Mark::account(), Mark::room(room)];
    Touch { marks, said: crate::Happening::Changed { room: room.to_owned(), session: None }.encode() }
}

pub(super) fn answer(about: &[Mark], body: &'static str) -> PutAnswer {
    PutAnswer {
        about: about.iter().cloned().chain([Mark::everything()]).collect(),
        age: Duration::ZERO,
        body: Bytes::from_static(body.as_bytes()),
        keep: Duration::from_secs(60),
    }
}
