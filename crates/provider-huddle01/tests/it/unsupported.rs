//! What Huddle01 cannot do is refused without a call, and the capabilities say so.

use session_provider::{
    Capability, ErrorKind, KickTargets, NewPoll, Operation, ParticipantId, SessionFilter, SessionProvider,
    SessionQuery, UpstreamPosition,
};
use wiremock::MockServer;

use super::*;

#[tokio::test]
async fn the_six_others_make_no_call() {
    let server = MockServer::start().await;
    let provider = provider(&server, 1);
    let poll =
        NewPoll { question: "?".into(), options: vec!["a".into(), "b".into()], anonymous: false, hide_votes: false };
    let targets = KickTargets::new(vec![ParticipantId::new("p").unwrap()], vec![]).unwrap();
    for (operation, error) in [
        (Operation::KickParticipants, provider.kick_participants(&call(), &room(), &targets).await.err()),
        (Operation::KickAllParticipants, provider.kick_all_participants(&call(), &room()).await.err()),
        (Operation::CreatePoll, provider.create_poll(&call(), &room(), &poll).await.err()),
        (Operation::GetSession, provider.get_session(&call(), &session(), false).await.err()),
        (Operation::CountLiveMedia, provider.count_live_media(&call()).await.err()),
        (Operation::ListSessions, provider.list_sessions(&call(), &every_session()).await.err()),
    ] {
        assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::CapabilityUnsupported), "{operation}");
        assert!(!provider.capabilities().supports(operation), "{operation}");
    }
    let supported = Operation::ALL.into_iter().filter(|operation| provider.capabilities().supports(*operation));
    assert_eq!(supported.count(), 6);
    assert!(!provider.capabilities().has(Capability::ExpectedSessionId));
    assert_eq!(provider.kind(), Huddle01::KIND);
    assert!(server.received_requests().await.unwrap().is_empty());
}

fn every_session() -> SessionQuery {
    let (filter, position) = (SessionFilter::default(), UpstreamPosition::default());
    SessionQuery { filter, passed: None, position, limit: 50 }
}
