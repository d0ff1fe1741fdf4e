//! Any operation, asked of any provider.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll as Polled;
use std::time::Duration;

use session_provider::{
    CallContext, KickTargets, KickedParticipant, LiveMedia, NewPoll, Operation, ParticipantList, Poll, RequestId,
    Result, RoomId, Session, SessionFilter, SessionId, SessionList, SessionPage, SessionProvider, SessionQuery,
    UpstreamPosition,
};
use tokio::time::Instant;

/// A deadline that nothing reaches which is not meant to.
pub(crate) const AMPLE: Duration = Duration::from_secs(120);

/// What the operations are about.
#[derive(Debug, Clone)]
pub(crate) struct Targets {
    pub(crate) room: RoomId,
    pub(crate) session: SessionId,
    pub(crate) people: KickTargets,
}

/// What any of them answers.
#[derive(Debug)]
#[expect(dead_code, reason = "held to be shown when it should have been an error")]
pub(crate) enum Answer {
    Sessions(SessionList),
    Session(Box<Session>),
    Participants(ParticipantList),
    Kicked(Vec<KickedParticipant>),
    KickedCount(Option<u64>),
    Poll(Poll),
    SessionId(Option<SessionId>),
    Media(LiveMedia),
    Page(SessionPage),
}

impl Answer {
    /// How many rows the answer has, or rooms with media.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Sessions(list) => list.sessions.len(),
            Self::Participants(list) => list.participants.len(),
            Self::Kicked(people) => people.len(),
            Self::Media(media) => media.len(),
            Self::Page(page) => page.rows.len(),
            Self::Session(_) | Self::KickedCount(_) | Self::Poll(_) | Self::SessionId(_) => 1,
        }
    }
}

/// Whether the operation changes something upstream.
pub(crate) fn mutates(operation: Operation) -> bool {
    matches!(operation, Operation::KickParticipants | Operation::KickAllParticipants | Operation::CreatePoll)
}

/// The operations that the provider offers.
pub(crate) fn offered(provider: &dyn SessionProvider) -> impl Iterator<Item = Operation> {
    let capabilities = provider.capabilities();
    Operation::ALL.into_iter().filter(move |operation| capabilities.supports(*operation))
}

/// A call of the operation that must be over in `time`.
pub(crate) fn within(operation: Operation, time: Duration) -> CallContext {
    let (id, deadline) = (RequestId::generate(), Instant::now() + time);
    if mutates(operation) { CallContext::mutation(id, deadline) } else { CallContext::read(id, deadline) }
}

/// A read with all the time it may want.
pub(crate) fn reading() -> CallContext {
    CallContext::read(RequestId::generate(), Instant::now() + AMPLE)
}

/// A mutation with all the time it may want.
pub(crate) fn changing() -> CallContext {
    CallContext::mutation(RequestId::generate(), Instant::now() + AMPLE)
}

/// A poll that any service takes.
pub(crate) fn a_poll() -> NewPoll {
    NewPoll {
        question: "Ship on Friday?".to_owned(),
        options: vec!["Yes".to_owned(), "No \"way\" \u{1f937}".to_owned(), "Yes".to_owned()],
        anonymous: true,
        hide_votes: false,
    }
}

/// The first page of all sessions.
pub(crate) fn first_page() -> SessionQuery {
    let (filter, position) = (SessionFilter::default(), UpstreamPosition::default());
    SessionQuery { filter, passed: None, position, limit: 200 }
}

/// Asks for the operation.
pub(crate) async fn ask(
    provider: &dyn SessionProvider,
    operation: Operation,
    call: &CallContext,
    targets: &Targets,
) -> Result<Answer> {
    let Targets { room, session, people } = targets;
    match operation {
        Operation::ListLiveSessions => provider.list_live_sessions(call).await.map(Answer::Sessions),
        Operation::GetLiveSession => {
            provider.get_live_session(call, room).await.map(|session| Answer::Session(Box::new(session)))
        }
        Operation::ListLiveParticipants => provider.list_live_participants(call, room).await.map(Answer::Participants),
        Operation::KickParticipants => provider.kick_participants(call, room, people).await.map(Answer::Kicked),
        Operation::KickAllParticipants => provider.kick_all_participants(call, room).await.map(Answer::KickedCount),
        Operation::CreatePoll => provider.create_poll(call, room, &a_poll()).await.map(Answer::Poll),
        Operation::GetSession => {
            provider.get_session(call, session, true).await.map(|session| Answer::Session(Box::new(session)))
        }
        Operation::ListSessionParticipants => {
            provider.list_session_participants(call, session).await.map(Answer::Participants)
        }
        Operation::ListSessions => provider.list_sessions(call, &first_page()).await.map(Answer::Page),
        Operation::ListRoomSessions => provider.list_room_sessions(call, room).await.map(Answer::Sessions),
        Operation::FindLiveSessionId => provider.find_live_session_id(call, room).await.map(Answer::SessionId),
        Operation::CountLiveMedia => provider.count_live_media(call).await.map(Answer::Media),
    }
}

/// Polls the future, as often as it is woken, up to `times` times and then drops it; `None` if it was not done by then.
pub(crate) async fn polled<T>(future: impl Future<Output = T>, times: u32) -> Option<T> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|context| {
        left = left.saturating_sub(1);
        match future.as_mut().poll(context) {
            Polled::Ready(value) => Polled::Ready(Some(value)),
            Polled::Pending if left == 0 => Polled::Ready(None),
            Polled::Pending => Polled::Pending,
        }
    })
    .await
}
