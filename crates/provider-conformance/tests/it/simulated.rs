//! The simulator as the service that the suite asks for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, StatusCode};
use provider_conformance::{Bounds, Change, Misbehaviour, Oddity, SeenRequest, Service, Visit, Visitor};
use provider_simulator::{Fault, Pattern, Person, RunningSimulator, Times, World};
use serde_json::Value;
use session_provider::{NewPoll, ParticipantId, RoomId, SessionId, SessionProvider};
use upstream_http::{BaseUrl, BudgetSettings, UpstreamSettings};

use crate::wrapping::Wrapping;

/// The only credential that the simulators take.
pub(crate) const CREDENTIAL: &str = "canary-credential-0123456789";

/// More than any check asks for.
pub(crate) const BUDGET: BudgetSettings = BudgetSettings { requests: 1_000_000, per: Duration::from_secs(1) };

const BOMB: u64 = 300_000_000;
const DRIP: Duration = Duration::from_millis(20);

/// What differs between the two services.
pub(crate) trait Kind: Send + Sync + 'static {
    /// Its name in a world.
    const SERVICE: provider_simulator::Service;
    /// The members of a row that are, or could stand in for, its id.
    const ROW_IDS: &'static [&'static str];
    /// The member of a person's row that names the connection.
    const CONNECTION_ID: &'static str;

    /// A provider that speaks to it.
    fn provider(upstream: UpstreamSettings, max_pages: u32) -> Arc<dyn SessionProvider>;

    /// A poll that it refuses.
    fn refused_poll() -> Option<NewPoll>;
}

pub(crate) struct Simulated<K> {
    simulator: RunningSimulator,
    wrapping: Wrapping,
    kind: std::marker::PhantomData<K>,
}

impl<K: Kind> Simulated<K> {
    pub(crate) fn new(simulator: RunningSimulator, wrapping: Wrapping) -> Self {
        Self { simulator, wrapping, kind: std::marker::PhantomData }
    }

    fn world(&self) -> &World {
        self.simulator.world()
    }

    fn fault(&self, misbehaviour: Misbehaviour) -> Fault {
        let html = |status: u16| Fault::html(StatusCode::from_u16(status).unwrap());
        let said = |status: u16| Fault::json(StatusCode::from_u16(status).unwrap(), &refusal(status));
        match misbehaviour {
            Misbehaviour::HtmlSuccess => html(200),
            Misbehaviour::SuccessFalse => Fault::unsuccessful(),
            Misbehaviour::MissingArray => Fault::edited(remove_arrays),
            Misbehaviour::EmptyObject => Fault::body(StatusCode::OK, "{}"),
            Misbehaviour::TruncatedJson => Fault::truncated_json(),
            Misbehaviour::Redirect => {
                Fault::redirect(&format!("{}{}", self.simulator.base_url(), Misbehaviour::REDIRECTED))
            }
            Misbehaviour::HugeBody => Fault::huge(),
            Misbehaviour::GzipBomb => Fault::gzip_bomb(BOMB),
            Misbehaviour::DeepJson => {
                let (open, close) = (r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
                Fault::body(StatusCode::OK, format!("{open}{{}}{close}"))
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
            Misbehaviour::Drip => Fault::drip(DRIP),
            Misbehaviour::RowsWithoutIds => Fault::edited(|body| remove_row_ids(body, K::ROW_IDS, false)),
        }
    }
}

/// A product's refusal that is JSON, so that the status alone decides.
fn refusal(status: u16) -> Value {
    serde_json::json!({ "success": false, "ok": false, "error": { "code": status, "message": "Sign in" } })
}

fn remove_arrays(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_array());
            members.values_mut().for_each(remove_arrays);
        }
        Value::Array(elements) => elements.iter_mut().for_each(remove_arrays),
        _ => {}
    }
}

fn each_array(value: &mut Value, edit: &impl Fn(&mut Vec<Value>)) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| each_array(member, edit)),
        Value::Array(elements) => edit(elements),
        _ => {}
    }
}

/// Edits every row of a list of people.
fn people(value: &mut Value, edit: &impl Fn(&mut Value)) {
    let Value::Object(members) = value else { return };
    for (name, member) in members {
        match member {
            Value::Array(rows) if name == "participants" => rows.iter_mut().for_each(edit),
            _ => people(member, edit),
        }
    }
}

fn odd_end(row: &mut Value, id: &str) {
    if let Some(Value::String(id)) = row.get_mut(id) {
        id.push_str(Oddity::ODD_END);
    }
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fn remove_row_ids(value: &mut Value, ids: &[&str], in_row: bool) {
    match value {
        Value::Object(members) => {
            if in_row {
                members.retain(|name, _| !ids.contains(&name.as_str()));
            }
            members.values_mut().for_each(|member| remove_row_ids(member, ids, in_row));
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| remove_row_ids(row, ids, true)),
        _ => {}
    }
}

fn person(visitor: &Visitor) -> Person {
    Person::named(&visitor.name).custom_id(visitor.custom_id.as_str())
}

fn make(world: &World, change: Change) {
    match change {
        Change::Join(room, visitor) => drop(world.join(room.as_str(), person(&visitor)).unwrap()),
        Change::Leave(room, visit) => world.leave(room.as_str(), &visit.connection_id).unwrap(),
        Change::End(room) => drop(world.end_session(room.as_str()).unwrap()),
        Change::Forget(session) => world.forget_session(session.as_str()).unwrap(),
        Change::StartRecording(room) => drop(world.start_recording(room.as_str()).unwrap()),
        Change::StartLivestream(room) => drop(world.start_livestream(room.as_str()).unwrap()),
    }
}

#[async_trait]
impl<K: Kind> Service for Simulated<K> {
    fn provider(&self, bounds: Bounds) -> Arc<dyn SessionProvider> {
        let upstream = UpstreamSettings {
            base_url: BaseUrl::parse(&self.simulator.base_url(), false).unwrap(),
            timeout: bounds.exchange_timeout,
            max_concurrency: bounds.max_concurrency,
            max_body_bytes: bounds.max_body_bytes,
        };
        (self.wrapping.0)(K::provider(upstream, bounds.max_pages))
    }

    fn add_room(&self) -> RoomId {
        RoomId::new(&self.world().add_room(K::SERVICE, "Room")).unwrap()
    }

    fn unknown_room(&self) -> RoomId {
        RoomId::new("qqq-qqqq-qqq").unwrap()
    }

    fn unknown_session(&self) -> SessionId {
        SessionId::new("00000000-0000-4000-8000-000000000000").unwrap()
    }

    fn join(&self, room: &RoomId, visitor: &Visitor) -> Visit {
        let joined = self.world().join(room.as_str(), person(visitor)).unwrap();
        Visit {
            session_id: SessionId::new(&joined.session_id).unwrap(),
            participant_id: ParticipantId::new(&joined.participant_id).unwrap(),
            connection_id: joined.connection_id,
        }
    }

    fn leave(&self, room: &RoomId, visit: &Visit) {
        self.world().leave(room.as_str(), &visit.connection_id).unwrap();
    }

    fn end(&self, room: &RoomId) {
        self.world().end_session(room.as_str()).unwrap();
    }

    fn change_between_answers(&self, changes: Vec<Vec<Change>>) {
        let (world, changes) = (self.world().clone(), Mutex::new(changes.into_iter()));
        let change = Fault::none().then(move || {
            let next = changes.lock().unwrap().next();
            next.into_iter().flatten().for_each(|change| make(&world, change));
        });
        self.simulator.script().always(Pattern::any(), change);
    }

    fn add_breakout(&self, room: &RoomId) -> SessionId {
        SessionId::new(&self.world().add_breakout(room.as_str(), "Breakout").unwrap().1).unwrap()
    }

    fn start_recording(&self, room: &RoomId) {
        self.world().start_recording(room.as_str()).unwrap();
    }

    fn start_livestream(&self, room: &RoomId) {
        self.world().start_livestream(room.as_str()).unwrap();
    }

    fn refused_poll(&self) -> Option<NewPoll> {
        K::refused_poll()
    }

    fn misbehave(&self, misbehaviour: Misbehaviour, after: u64) {
        let script = self.simulator.script();
        script.clear();
        script.add(Pattern::any(), Times::Next(after), Fault::none());
        script.always(Pattern::any(), self.fault(misbehaviour));
    }

    fn leave_out_one_id(&self) {
        let first_row =
            |rows: &mut Vec<Value>| rows.first_mut().map_or((), |row| remove_row_ids(row, K::ROW_IDS, true));
        let fault = Fault::edited(move |body| each_array(body, &first_row));
        self.simulator.script().always(Pattern::any(), fault);
    }

    fn write_oddly(&self, oddity: Oddity) {
        let name_begins_with = |letter: &'static [u8]| {
            let (was, is) = (Oddity::PERSON.as_bytes(), [letter, &Oddity::PERSON.as_bytes()[1..]].concat());
            Fault::rewritten(move |body| replaced(&body, &[b"\"", was].concat(), &[b"\"", &*is].concat()))
        };
        let fault = match oddity {
            Oddity::ConnectionIds => Fault::edited(|body| people(body, &|row| odd_end(row, K::CONNECTION_ID))),
            Oddity::HalfSurrogates => name_begins_with(b"\\ud83d"),
            Oddity::BrokenText => name_begins_with(b"\xff"),
            Oddity::AnotherSession => Fault::edited(|body| {
                for id in ["/data/id", "/data/session/id"] {
                    if let Some(id) = body.pointer_mut(id) {
                        *id = "7b0c6a1e-5a0f-4a51-9d0e-2f4f3f4b8a10".into();
                    }
                }
            }),
        };
        self.simulator.script().always(Pattern::any(), fault);
    }

    fn behave(&self) {
        self.simulator.script().clear();
    }

    fn requests(&self) -> Vec<SeenRequest> {
        let seen = self.simulator.log().requests().into_iter();
        seen.map(|request| SeenRequest {
            mutates: request.method != Method::GET,
            target: format!("{}?{}", request.path, request.query.unwrap_or_default()),
        })
        .collect()
    }

    async fn wait_for_requests(&self, count: u64) {
        self.simulator.log().wait_for_total(count).await;
    }

    fn secrets(&self) -> Vec<String> {
        vec![CREDENTIAL.to_owned(), self.simulator.addr().to_string()]
    }
}
