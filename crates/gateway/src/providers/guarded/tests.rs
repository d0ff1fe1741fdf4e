use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use session_provider::{Effect, Payer, RequestId};
use tokio::time::Instant;

use super::*;
use crate::testing::{Behaviour, Scripted};

fn guarded(behaviour: Behaviour) -> Guarded {
    let capabilities = Capabilities::none()
        .with(Operation::ListLiveSessions)
        .with(Operation::GetSession)
        .with(Operation::KickAllParticipants);
    Guarded::new(Scripted::with_capabilities("rtk-eu", behaviour, capabilities), Clock::system())
}

fn hanging() -> Guarded {
    guarded(Behaviour { hang: true, ..Behaviour::default() })
}

fn mutation(deadline: Instant) -> CallContext {
    CallContext::mutation(RequestId::generate(), deadline).paid_by(Payer(1))
}

fn in_two_seconds() -> Instant {
    Instant::now() + Duration::from_secs(2)
}

fn room() -> RoomId {
    RoomId::new("room").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_mutation_ends_at_its_deadline_with_an_unknown_outcome() {
    let began = Instant::now();
    let call = mutation(in_two_seconds());
    let error = hanging().kick_all_participants(&call, &room()).await.unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(2));
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderTimeout, Effect::Unknown));
    assert!(!error.is_retryable());
    assert_eq!(error.provider().unwrap().as_str(), "rtk-eu");
    assert_eq!(error.operation(), Some(Operation::KickAllParticipants));
}

#[tokio::test(start_paused = true)]
async fn a_read_ends_at_its_deadline_and_may_be_repeated() {
    let call = CallContext::read(RequestId::generate(), in_two_seconds());
    let session = SessionId::new("s").unwrap();
    let error = hanging().get_session(&call, &session, false).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderTimeout);
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn without_time_nothing_is_sent() {
    let call = mutation(Instant::now());
    let error = hanging().kick_all_participants(&call, &room()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderTimeout, Effect::None));
}

#[tokio::test(start_paused = true)]
async fn errors_learn_where_they_happened_and_keep_their_cause() {
    let failure = Error::new(ErrorKind::ProviderError).with_source("connection reset");
    let provider = guarded(Behaviour { mutations_fail: Some(failure), ..Behaviour::default() });
    let error = provider.kick_all_participants(&mutation(in_two_seconds()), &room()).await.unwrap_err();
    assert_eq!(error.to_string(), "provider_error at rtk-eu in kick_all_participants: The provider failed to answer.");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection reset");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_offered_stays_not_offered_even_without_time() {
    let call = CallContext::read(RequestId::generate(), Instant::now());
    let error = hanging().count_live_media(&call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CapabilityUnsupported);
}

#[test]
fn every_outcome_is_counted_the_abandoned_one_too() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let call = CallContext::read(RequestId::generate(), in_two_seconds());
            guarded(Behaviour::default()).list_live_sessions(&call).await.unwrap();
            let failing = guarded(Behaviour { fail: Some(ErrorKind::ProviderError), ..Behaviour::default() });
            failing.get_session(&call, &SessionId::new("s").unwrap(), false).await.unwrap_err();
            let (call, room, provider) = (mutation(in_two_seconds()), room(), hanging());
            let hung = provider.kick_all_participants(&call, &room);
            assert!(tokio::time::timeout(Duration::from_secs(1), hung).await.is_err());
        });
    });
    let shown = handle.render();
    for (operation, outcome) in
        [("list_live_sessions", "ok"), ("get_session", "provider_error"), ("kick_all_participants", "abandoned")]
    {
        let line = format!(
            "rollcall_provider_operations_total{{provider=\"rtk-eu\",operation=\"{operation}\",outcome=\"{outcome}\"}} 1"
        );
        assert!(shown.contains(&line), "{line}\n{shown}");
    }
    assert!(shown.contains("rollcall_provider_operation_duration_seconds"), "{shown}");
}
