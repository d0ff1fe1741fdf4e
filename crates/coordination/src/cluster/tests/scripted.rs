//! Replicas over a store that fails as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use crate::cluster::{Cluster, ClusterSettings, NewsListener};
use crate::testing::FaultyStore;
use crate::{InProcess, Mark, Name, PutAnswer, Question, Scope, Store, Touch};

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

    fn answered(&self, _scope: Scope) {
        self.add("answered".to_owned());
    }

    fn everything_changed(&self, _scope: Scope) {
        self.add("everything".to_owned());
    }
}

/// One replica.
pub(super) struct Replica {
    pub(super) store: Arc<FaultyStore>,
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
    let replica = started(shared);
    replica.cluster.watch().wait_for(|up| *up).await.unwrap();
    replica.heard.take();
    replica
}

/// A replica that has done nothing yet.
pub(super) fn started(shared: &Arc<InProcess>) -> Replica {
    let store = Arc::new(FaultyStore::over(Arc::clone(shared)));
    let settings = ClusterSettings { timeout: TIMEOUT, replicas: 3 };
    let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope()]);
    let heard = Arc::new(Heard::default());
    cluster.listen(Arc::clone(&heard) as Arc<dyn NewsListener>);
    #[expect(clippy::disallowed_methods, reason = "a test's own task, ended with the replica")]
    let running = tokio::spawn(cluster.clone().run());
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
