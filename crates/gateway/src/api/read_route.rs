//! The routes of reads, found by their path alone.

use crate::api::params::{RoomPath, SessionPath};

/// A route that is answered from the cache, and what its path names.
#[derive(Debug)]
pub(crate) enum ReadRoute {
    LiveSessions,
    LiveSession(RoomPath),
    LiveParticipants(RoomPath),
    Session(SessionPath),
    SessionParticipants(SessionPath),
}

impl ReadRoute {
    /// The route of a path in which nothing is encoded and every id is well formed. `None` says nothing of a path.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut rest = Some(path.strip_prefix("/v1/")?);
        // By hand: `split` looks for its separator in a way that pays for longer texts.
        let mut next = || {
            let left = rest?;
            let end = left.bytes().position(|byte| byte == b'/');
            rest = end.and_then(|end| left.get(end + 1..));
            left.get(..end.unwrap_or(left.len()))
        };
        match (next()?, next(), next(), next(), next()) {
            ("live-sessions", None, None, None, None) => Some(Self::LiveSessions),
            ("live-sessions", Some(provider), Some(room), None, None) => {
                RoomPath::plain(provider, room).map(Self::LiveSession)
            }
            ("live-sessions", Some(provider), Some(room), Some("participants"), None) => {
                RoomPath::plain(provider, room).map(Self::LiveParticipants)
            }
            ("sessions", Some(provider), Some(session), None, None) => {
                SessionPath::plain(provider, session).map(Self::Session)
            }
            ("sessions", Some(provider), Some(session), Some("participants"), None) => {
                SessionPath::plain(provider, session).map(Self::SessionParticipants)
            }
            _ => None,
        }
    }

    /// The route as the document writes it.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::LiveSessions => "/v1/live-sessions",
            Self::LiveSession(_) => "/v1/live-sessions/{provider}/{room_id}",
            Self::LiveParticipants(_) => "/v1/live-sessions/{provider}/{room_id}/participants",
            Self::Session(_) => "/v1/sessions/{provider}/{session_id}",
            Self::SessionParticipants(_) => "/v1/sessions/{provider}/{session_id}/participants",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_the_route_of_the_paths_that_it_is_the_template_of() {
        let document = crate::api::openapi_json();
        for template in [
            "/v1/live-sessions",
            "/v1/live-sessions/{provider}/{room_id}",
            "/v1/live-sessions/{provider}/{room_id}/participants",
            "/v1/sessions/{provider}/{session_id}",
            "/v1/sessions/{provider}/{session_id}/participants",
        ] {
            let path = template.replace(['{', '}'], "");
            assert_eq!(ReadRoute::of(&path).map(|route| route.template()), Some(template));
            assert!(document.contains(&format!("\"{template}\"")), "{template}");
        }
    }

    #[test]
    fn a_path_that_is_out_of_the_ordinary_is_left_to_the_routes() {
        for path in [
            "",
            "/",
            "/v1",
            "/v1/",
            "/v1/providers",
            "/v1/live-sessions/",
            "/v1/live-sessions/p",
            "/v1/live-sessions/p/",
            "/v1/live-sessions//r",
            "/v1/live-sessions/p/r/",
            "/v1/live-sessions/p/r/participants/",
            "/v1/live-sessions/p/r/kick",
            "/v1/live-sessions/%70/r",
            "/v1/live-sessions/p/%72",
            "/v1/live-sessions/p/r%2Fparticipants",
            "/v1/live-sessions/p/..",
            "/v1/sessions",
            "/v1/sessions/p/s/q",
            "//v1/live-sessions",
        ] {
            assert!(ReadRoute::of(path).is_none(), "{path}");
        }
    }
}
