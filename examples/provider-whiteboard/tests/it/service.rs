//! One running Whiteboard, and everything that the suite makes happen there.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use gateway::providers::Provider;
use http::{Method, StatusCode};
use provider_conformance::{Bounds, Change, Misbehaviour, Oddity, SeenRequest, Service, Visit, Visitor};
use provider_simulator::{Fault, Pattern, RunningApi, ScriptedApi, Times};
use provider_whiteboard::{Whiteboard, WhiteboardConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use session_provider::{Clock, NewPoll, ParticipantId, ProviderId, RoomId, SessionId, SessionProvider};
use upstream_http::{BaseUrl, BudgetSettings, Budgets, UpstreamSettings};

use crate::state::State;

/// The only credential that the service takes.
pub(crate) const CREDENTIAL: &str = "canary-credential-0123456789";

/// The members of a row that are, or could stand in for, its id.
const ROW_IDS: [&str; 4] = ["board", "session", "editor", "connection"];

pub(crate) struct RunningWhiteboard {
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) api: ScriptedApi,
    pub(crate) running: RunningApi,
    pub(crate) guarded: bool,
}

impl RunningWhiteboard {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From now on.
    fn always(&self, fault: Fault) {
        self.api.script().always(Pattern::any(), fault);
    }

    fn fault(&self, misbehaviour: Misbehaviour) -> Fault {
        let html = |status: u16| Fault::html(StatusCode::from_u16(status).unwrap());
        let said = |status: u16| {
            Fault::json(StatusCode::from_u16(status).unwrap(), &json!({ "error": { "message": "Sign in" } }))
        };
        match misbehaviour {
            Misbehaviour::HtmlSuccess => html(200),
            Misbehaviour::SuccessFalse => Fault::unsuccessful(),
            Misbehaviour::MissingArray => Fault::missing_array(),
            Misbehaviour::EmptyObject => Fault::body(StatusCode::OK, "{}"),
            Misbehaviour::TruncatedJson => Fault::truncated_json(),
            Misbehaviour::Redirect => {
                Fault::redirect(&format!("{}{}", self.running.origin(), Misbehaviour::REDIRECTED))
            }
            Misbehaviour::HugeBody => Fault::huge(),
            Misbehaviour::GzipBomb => Fault::gzip_bomb(300_000_000),
            Misbehaviour::DeepJson => {
                Fault::body(StatusCode::OK, [r#"{"a":"#.repeat(10_000), "1".to_owned(), "}".repeat(10_000)].concat())
            }
            Misbehaviour::PlainTextNotFound => Fault::text(StatusCode::NOT_FOUND, "404 Not Found"),
            Misbehaviour::HtmlNotFound => html(404),
            Misbehaviour::Unauthorized => said(401),
            Misbehaviour::Forbidden => said(403),
            Misbehaviour::TooManyRequests => Fault::rate_limited(Some(Misbehaviour::RETRY_AFTER_SECONDS)),
            Misbehaviour::ServerError => said(500),
            Misbehaviour::BadGateway => html(502),
            Misbehaviour::EdgeError => html(520),
            Misbehaviour::Reset => Fault::reset(),
            Misbehaviour::ResetMidBody => Fault::reset_mid_body(),
            Misbehaviour::ShortBody => Fault::short_body(),
            Misbehaviour::Hang => Fault::hang(),
            Misbehaviour::Drip => Fault::drip(Duration::from_millis(20)),
            Misbehaviour::RowsWithoutIds => {
                Fault::edited(|body| each_list(body, &|rows| rows.iter_mut().for_each(nameless)))
            }
        }
    }
}

/// Edits every list of an answer.
fn each_list(body: &mut Value, edit: &impl Fn(&mut Vec<Value>)) {
    body.as_object_mut().into_iter().flatten().filter_map(|(_, member)| member.as_array_mut()).for_each(edit);
}

fn nameless(row: &mut Value) {
    row.as_object_mut().unwrap().retain(|name, _| !ROW_IDS.contains(&name.as_str()));
}

/// The body with another first letter of every name that begins as the suite's people do.
fn renamed(body: Vec<u8>, letter: &[u8]) -> Vec<u8> {
    let name = [b"\"", Oddity::PERSON.as_bytes()].concat();
    let mut out = Vec::new();
    for at in 0..body.len() {
        let is_letter = at > 0 && body[at - 1..].starts_with(&name);
        out.extend_from_slice(if is_letter { letter } else { &body[at..=at] });
    }
    out
}

fn make(state: &mut State, change: Change) {
    match change {
        Change::Join(board, visitor) => drop(state.join(board.as_str(), &visitor.name, visitor.custom_id.as_str())),
        Change::Leave(board, visit) => state.leave(board.as_str(), &visit.connection_id),
        Change::End(board) => drop(state.close(board.as_str())),
        Change::Forget(_) | Change::StartRecording(_) | Change::StartLivestream(_) => {}
    }
}

#[async_trait]
impl Service for RunningWhiteboard {
    fn provider(&self, bounds: Bounds) -> Arc<dyn SessionProvider> {
        let base_url = BaseUrl::parse(&format!("{}/v1", self.running.origin()), false).unwrap();
        let config = WhiteboardConfig {
            api_key: SecretString::from(CREDENTIAL),
            max_pages: bounds.max_pages,
            upstream: UpstreamSettings {
                base_url,
                timeout: bounds.exchange_timeout,
                max_concurrency: bounds.max_concurrency,
                max_body_bytes: bounds.max_body_bytes,
            },
            budget: BudgetSettings { requests: 1_000_000, per: Duration::from_secs(1) },
        };
        let (id, clock) = (ProviderId::new("whiteboard").unwrap(), Clock::system());
        let provider = Arc::new(Whiteboard::new(id, config, &Budgets::default(), clock).unwrap());
        if self.guarded { Provider::new(provider, clock).into() } else { provider }
    }

    fn add_room(&self) -> RoomId {
        RoomId::new(&self.state().add_board()).unwrap()
    }

    fn unknown_room(&self) -> RoomId {
        RoomId::new("board-unknown").unwrap()
    }

    fn unknown_session(&self) -> SessionId {
        SessionId::new("session-unknown").unwrap()
    }

    fn join(&self, room: &RoomId, visitor: &Visitor) -> Visit {
        let (session, joined) = self.state().join(room.as_str(), &visitor.name, visitor.custom_id.as_str());
        Visit {
            session_id: SessionId::new(&session).unwrap(),
            participant_id: ParticipantId::new(&joined.editor).unwrap(),
            connection_id: joined.connection,
        }
    }

    fn leave(&self, room: &RoomId, visit: &Visit) {
        self.state().leave(room.as_str(), &visit.connection_id);
    }

    fn end(&self, room: &RoomId) {
        self.state().close(room.as_str()).unwrap();
    }

    fn change_between_answers(&self, changes: Vec<Vec<Change>>) {
        let (state, changes) = (Arc::clone(&self.state), Mutex::new(changes.into_iter()));
        self.always(Fault::none().then(move || {
            let next = changes.lock().unwrap().next();
            next.into_iter().flatten().for_each(|change| make(&mut state.lock().unwrap(), change));
        }));
    }

    fn add_breakout(&self, _room: &RoomId) -> SessionId {
        unreachable!("asked only where sessions are told by their ids")
    }

    // Whiteboard has neither, and a room in which they run is a room all the same.
    fn start_recording(&self, _room: &RoomId) {}

    fn start_livestream(&self, _room: &RoomId) {}

    fn refused_poll(&self) -> Option<NewPoll> {
        None
    }

    fn misbehave(&self, misbehaviour: Misbehaviour, after: u64) {
        self.behave();
        self.api.script().add(Pattern::any(), Times::Next(after), Fault::none());
        self.always(self.fault(misbehaviour));
    }

    fn leave_out_one_id(&self) {
        self.always(Fault::edited(|body| each_list(body, &|rows| rows.first_mut().into_iter().for_each(nameless))));
    }

    fn write_oddly(&self, oddity: Oddity) {
        self.always(match oddity {
            Oddity::ConnectionIds => Fault::edited(|body| {
                each_list(body, &|rows| {
                    for connection in rows.iter_mut().filter_map(|row| row.get_mut("connection")) {
                        *connection = format!("{}{}", connection.as_str().unwrap(), Oddity::ODD_END).into();
                    }
                });
            }),
            Oddity::HalfSurrogates => Fault::rewritten(|body| renamed(body, b"\\ud83d")),
            Oddity::BrokenText => Fault::rewritten(|body| renamed(body, b"\xff")),
            Oddity::AnotherSession => unreachable!("asked only where sessions are told by their ids"),
        });
    }

    fn behave(&self) {
        self.api.script().clear();
    }

    fn requests(&self) -> Vec<SeenRequest> {
        let seen = self.api.log().requests().into_iter();
        let target = |path, query: Option<String>| format!("{path}?{}", query.unwrap_or_default());
        seen.map(|it| SeenRequest { mutates: it.method != Method::GET, target: target(it.path, it.query) }).collect()
    }

    async fn wait_for_requests(&self, count: u64) {
        self.api.log().wait_for_total(count).await;
    }

    fn secrets(&self) -> Vec<String> {
        vec![CREDENTIAL.to_owned(), self.running.addr().to_string()]
    }
}
