//! One question put to a provider.

use session_provider::{CallContext, Clock, Error, ErrorKind, Result, SessionProvider, Timestamp};
use tokio::time::Instant;

use crate::reads::cache::{Answer, Key, ParticipantRows, Query, SessionDocument, SessionRows};

/// An answer and when it came.
pub(crate) struct Fetched {
    /// The answer.
    pub(crate) answer: Answer,
    /// When it came.
    pub(crate) answered: Instant,
    /// The same as wall time.
    pub(crate) fetched_at: Timestamp,
}

/// Asks, and renders the answer. Over by the call's deadline, whatever the provider does.
pub(crate) async fn fetch(
    provider: &dyn SessionProvider,
    key: &Key,
    call: &CallContext,
    clock: Clock,
) -> Result<Fetched> {
    let asked = tokio::time::timeout_at(call.deadline(), ask(provider, key, call, clock)).await;
    let error = match asked.unwrap_or_else(|_| Err(Error::new(ErrorKind::ProviderTimeout))) {
        Ok(fetched) => return Ok(fetched),
        Err(error) => error,
    };
    let error = if error.provider().is_none() { error.at_provider(&key.provider) } else { error };
    Err(if error.operation().is_none() { error.in_operation(key.query.operation()) } else { error })
}

async fn ask(provider: &dyn SessionProvider, key: &Key, call: &CallContext, clock: Clock) -> Result<Fetched> {
    let came = || (Instant::now(), clock.now());
    let (id, kind) = (|| key.provider.clone(), provider.kind());
    let ((answered, fetched_at), answer) = match &key.query {
        Query::LiveSessions => {
            let list = provider.list_live_sessions(call).await?;
            let came = came();
            count_dropped(key, list.dropped);
            (came, Answer::Sessions(SessionRows::new(id(), kind, list, came.1)))
        }
        Query::LiveSession(room) => match provider.get_live_session(call, room).await {
            Err(error) if error.kind() == ErrorKind::SessionNotLive => (came(), not_live(key, error)),
            session => {
                let came = came();
                (came, Answer::Session(Box::new(SessionDocument::new(id(), kind, session?, came.1))))
            }
        },
        Query::LiveParticipants(room) => match provider.list_live_participants(call, room).await {
            Err(error) if error.kind() == ErrorKind::SessionNotLive => (came(), not_live(key, error)),
            list => participants(key, list?, came()),
        },
        Query::SessionParticipants(session) => {
            let list = provider.list_session_participants(call, session).await?;
            participants(key, list, came())
        }
        Query::Session { id: session, breakout_rooms } => {
            let session = provider.get_session(call, session, *breakout_rooms).await?;
            let came = came();
            (came, Answer::Session(Box::new(SessionDocument::new(id(), kind, session, came.1))))
        }
        Query::LiveSessionId(room) => {
            let found = provider.find_live_session_id(call, room).await?;
            (came(), Answer::LiveSessionId(found))
        }
        Query::LiveMedia => {
            let media = provider.count_live_media(call).await?;
            (came(), Answer::LiveMedia(media))
        }
    };
    Ok(Fetched { answer, answered, fetched_at })
}

fn not_live(key: &Key, error: Error) -> Answer {
    Answer::NotLive(if error.provider().is_none() { error.at_provider(&key.provider) } else { error })
}

fn participants(
    key: &Key,
    list: session_provider::ParticipantList,
    came: (Instant, Timestamp),
) -> ((Instant, Timestamp), Answer) {
    count_dropped(key, list.dropped);
    (came, Answer::Participants(ParticipantRows::new(list)))
}

fn count_dropped(key: &Key, rows: u64) {
    if rows > 0 {
        metrics::counter!("rollcall_rows_dropped_total", "provider" => key.provider.to_string()).increment(rows);
    }
}
