//! What a read wants, all of it understood, and the handler that answers it.

use crate::api::answer::CachedAnswer;
use crate::api::guard::Reader;
use crate::api::live_session::{LiveSessionParams, get_live_session};
use crate::api::live_sessions::{LiveSessionsParams, list_live_sessions};
use crate::api::params::{PageParams, RoomPath, SessionPath, read_query};
use crate::api::participants::{list_live_participants, list_session_participants};
use crate::api::read_route::ReadRoute;
use crate::api::sessions::{SessionQueryParams, get_session};
use crate::api::state::Api;
use crate::problem::Problem;

/// A read with its parameters.
#[derive(Debug)]
pub(crate) enum ReadRequest {
    LiveSessions(LiveSessionsParams),
    LiveSession(RoomPath, LiveSessionParams),
    LiveParticipants(RoomPath, PageParams),
    Session(SessionPath, SessionQueryParams),
    SessionParticipants(SessionPath, PageParams),
}

impl ReadRequest {
    /// `None` for parameters that are refused, and for what is bought by further calls: it is not looked for before all of
    /// it is asked for.
    pub(crate) fn of(route: ReadRoute, query: &str) -> Option<Self> {
        match route {
            ReadRoute::LiveSessions => {
                let params = read_query::<LiveSessionsParams>(query).ok().filter(|it| it.include.is_empty())?;
                Some(Self::LiveSessions(params))
            }
            ReadRoute::LiveSession(path) => {
                let params = read_query::<LiveSessionParams>(query).ok().filter(|it| it.include.is_empty())?;
                Some(Self::LiveSession(path, params))
            }
            ReadRoute::LiveParticipants(path) => Some(Self::LiveParticipants(path, read_query(query).ok()?)),
            ReadRoute::Session(path) => Some(Self::Session(path, read_query(query).ok()?)),
            ReadRoute::SessionParticipants(path) => Some(Self::SessionParticipants(path, read_query(query).ok()?)),
        }
    }

    /// What the route's handler answers.
    pub(crate) async fn answer(self, api: Api, reader: Reader) -> Result<CachedAnswer, Box<Problem>> {
        match self {
            Self::LiveSessions(params) => list_live_sessions(api, reader, params).await,
            Self::LiveSession(path, params) => get_live_session(api, reader, path, params).await,
            Self::LiveParticipants(path, params) => list_live_participants(api, reader, path, params).await,
            Self::Session(path, params) => get_session(api, reader, path, params).await,
            Self::SessionParticipants(path, params) => list_session_participants(api, reader, path, params).await,
        }
    }
}
