//! A gateway's read side in front of scripted providers.

use std::sync::Arc;
use std::time::Duration;

use caller_auth::{Caller, VisibleProviders};
use coordination::{Cluster, ClusterSettings, Name, Scope, Store};
use session_provider::{
    Clock, Operation, Payer, ProviderId, RequestId, RoomId, Session, SessionId, SessionProvider, SessionStatus,
    Timestamp,
};
use tokio_util::task::TaskTracker;

use crate::changes::{Cause, Changes, RoomChange};
use crate::config::CacheConfig;
use crate::providers::{Provider, Providers};
use crate::reads::{ListQuery, PageQuery, ReadCall, Reads};
use crate::sharing::{Sharing, tell_each_other};
use crate::testing::Scripted;

/// What one provider may take in these tests.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// A read side in front of these fakes.
pub(super) fn reads(fakes: &[&Arc<Scripted>], config: CacheConfig) -> Reads {
    let clock = clock();
    let providers = Providers::new(fakes.iter().map(|fake| Arc::clone(fake) as Arc<dyn SessionProvider>), clock);
    let changes = Changes::new(providers.ids());
    Reads::new(providers, changes, &config, DEADLINE, clock)
}

/// A replica in front of this fake, over this store, which it has reached.
pub(super) async fn replica(fake: &Arc<Scripted>, store: &Arc<dyn Store>) -> Replica {
    let replica = stopped_replica(fake, store, clock());
    let cluster = replica.sharing.cluster();
    TaskTracker::new().spawn(cluster.clone().run());
    cluster.watch().wait_for(|up| *up).await.unwrap();
    replica
}

/// The same that does not take part yet.
pub(super) fn stopped_replica(fake: &Arc<Scripted>, store: &Arc<dyn Store>, clock: Clock) -> Replica {
    let providers = Providers::new([Arc::clone(fake) as Arc<dyn SessionProvider>], clock);
    let changes = Changes::new(providers.ids());
    let scope = Scope(Name::of([&b"account"[..]]));
    let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 3 };
    let cluster = Cluster::new(Arc::clone(store), settings, [scope]);
    let sharing = Sharing::of(cluster, providers.ids().map(|id| (id, scope)));
    tell_each_other(&sharing, &changes);
    let reads =
        Reads::among_replicas(providers, changes, &CacheConfig::default(), DEADLINE, clock, Some(sharing.clone()));
    Replica { reads, sharing }
}

/// One of several.
pub(super) struct Replica {
    pub(super) reads: Reads,
    pub(super) sharing: Sharing,
}

/// A kick in this room of the provider `p` that is over.
pub(super) fn kicked(reads: &Reads, room: &RoomId, session: Option<&SessionId>) {
    let cause = Cause::Mutation(Operation::KickParticipants);
    let provider = ProviderId::new("p").unwrap();
    reads.changes().publish(RoomChange { provider, room: room.clone(), session: session.cloned(), cause });
}

pub(super) fn provider(fake: &Arc<Scripted>) -> Provider {
    Provider::new(Arc::clone(fake) as Arc<dyn SessionProvider>, clock())
}

fn clock() -> Clock {
    Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap())
}

pub(super) fn call() -> ReadCall {
    call_of(1)
}

pub(super) fn call_of(payer: u64) -> ReadCall {
    ReadCall {
        request_id: RequestId::generate(),
        arrival: tokio::time::Instant::now(),
        payer: Payer(payer),
        no_cache: false,
        at_hand: false,
    }
}

pub(super) fn no_cache() -> ReadCall {
    ReadCall { no_cache: true, ..call() }
}

pub(super) fn room(text: &str) -> RoomId {
    RoomId::new(text).unwrap()
}

pub(super) fn at(ms: i64) -> Option<Timestamp> {
    Timestamp::from_unix_ms(ms)
}

pub(super) fn live(text: &str, started_ms: Option<i64>) -> Session {
    Session { started_at: started_ms.and_then(at), ..Session::of_room(room(text), SessionStatus::Live) }
}

pub(super) fn page(limit: u16, cursor: Option<String>) -> PageQuery {
    PageQuery { limit, cursor }
}

pub(super) fn list() -> ListQuery {
    ListQuery { providers: None, page: page(100, None), forbid_partial: false, include: Default::default() }
}

pub(super) fn everyone() -> Caller {
    Caller::new("iss".into(), "sub".into(), Default::default(), VisibleProviders::All)
}

pub(super) fn json(body: &[u8]) -> serde_json::Value {
    serde_json::from_slice(body).unwrap()
}
