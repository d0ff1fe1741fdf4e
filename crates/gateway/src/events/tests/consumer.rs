//! Whoever follows a stream, as the contract of events tells them to.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use futures_util::FutureExt;
use http_body_util::BodyExt;
use hyper::body::Body;
use serde_json::Value;

use crate::events::EventStream;

/// What the events say, applied.
pub(super) struct Consumer {
    stream: EventStream,
    text: String,
    /// The events that came, in order.
    pub(super) events: Vec<(String, Value)>,
    /// The ids that came with them.
    pub(super) ids: Vec<Option<String>>,
    pub(super) last_event_id: Option<String>,
    /// The sessions of each provider by their rooms; `None` while they are unknown.
    pub(super) known: BTreeMap<String, Option<BTreeMap<String, Value>>>,
    pub(super) comments: usize,
    pub(super) retries: Vec<u64>,
    pub(super) ended: bool,
    /// What is known of the room, of the stream of one.
    pub(super) room: Option<RoomKnown>,
    /// A snapshot whose last piece has not come.
    open: Option<String>,
}

/// Whether a reader that waits was woken.
#[derive(Debug, Default)]
pub(super) struct Woken(AtomicBool);

impl Woken {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What is known of a room.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct RoomKnown {
    /// Not known while the provider fails.
    pub(super) is_known: bool,
    pub(super) session: Option<Value>,
    pub(super) people: BTreeMap<String, Value>,
}

impl RoomKnown {
    fn apply(&mut self, kind: &str, data: &Value, has_id: bool) {
        let connection = |person: &Value| person["connection_id"].as_str().unwrap().to_owned();
        match kind {
            "snapshot" => {
                assert_eq!(data["last"], has_id);
                if data["first"] == true {
                    let is_known = data["entry"]["status"] != "failed";
                    *self = Self {
                        is_known,
                        session: data.get("session").filter(|one| !one.is_null()).cloned(),
                        ..Self::default()
                    };
                }
                self.people
                    .extend(data["participants"].as_array().unwrap().iter().map(|one| (connection(one), one.clone())));
            }
            "provider_changed" if data["entry"]["status"] == "failed" => *self = Self::default(),
            "provider_changed" => {}
            _ => {
                assert!(has_id && self.is_known, "{kind} {data}");
                self.change(kind, data);
            }
        }
    }

    fn change(&mut self, kind: &str, data: &Value) {
        let connection = |person: &Value| person["connection_id"].as_str().unwrap().to_owned();
        match kind {
            "session_started" => assert!(self.session.replace(data["session"].clone()).is_none()),
            "session_updated" => {
                let session = self.session.as_mut().unwrap();
                data["changes"].as_object().unwrap().iter().for_each(|(name, value)| session[name] = value.clone());
            }
            "session_ended" => {
                assert!(self.people.is_empty(), "they have left before");
                assert_eq!(self.session.take().unwrap()["session_id"], data["session_id"]);
            }
            "participant_joined" => {
                let person = &data["participant"];
                assert!(self.people.insert(connection(person), person.clone()).is_none());
            }
            "participant_updated" => {
                let person = &data["participant"];
                assert!(self.people.insert(connection(person), person.clone()).is_some_and(|before| before != *person));
            }
            "participant_left" => {
                let person = self.people.remove(&connection(data)).unwrap();
                assert_eq!(person["participant_id"], data["participant_id"]);
            }
            other => panic!("{other}"),
        }
    }
}

impl Consumer {
    pub(super) fn new(stream: EventStream) -> Self {
        Self {
            stream,
            text: String::new(),
            events: Vec::new(),
            ids: Vec::new(),
            last_event_id: None,
            known: BTreeMap::new(),
            comments: 0,
            retries: Vec::new(),
            ended: false,
            room: None,
            open: None,
        }
    }

    /// Of the stream of a room.
    pub(super) fn of_room(stream: EventStream) -> Self {
        Self { room: Some(RoomKnown::default()), ..Self::new(stream) }
    }

    /// Lets time pass and reads what has come.
    pub(super) async fn after(&mut self, time: Duration) -> &mut Self {
        // In steps, so that the reader is not the slow one.
        let step = Duration::from_millis(500);
        let mut left = time;
        while !left.is_zero() {
            tokio::time::sleep(left.min(step)).await;
            left = left.saturating_sub(step);
            self.read();
        }
        self
    }

    /// Reads what is there.
    pub(super) fn read(&mut self) {
        while let Some(frame) = self.stream.frame().now_or_never() {
            let Some(frame) = frame else {
                self.ended = true;
                return;
            };
            self.text.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
            while let Some(at) = self.text.find("\n\n") {
                let block: String = self.text.drain(..at + 2).collect();
                self.take(&block);
            }
        }
    }

    /// Reads one frame and holds on to it: a reader that has no more room.
    pub(super) fn hold_one(&mut self) -> Option<bytes::Bytes> {
        Some(self.stream.frame().now_or_never()??.unwrap().into_data().unwrap())
    }

    /// Waits for what comes next; says whether there is reason to look.
    pub(super) fn wait(&mut self) -> Arc<Woken> {
        let woken = Arc::<Woken>::default();
        let polled = Pin::new(&mut self.stream).poll_frame(&mut Context::from_waker(&Waker::from(Arc::clone(&woken))));
        assert!(polled.is_pending(), "{polled:?}");
        woken
    }

    fn take(&mut self, block: &str) {
        let (mut kind, mut data, mut id) = (None, None, None);
        for line in block.lines().filter(|line| !line.is_empty()) {
            match line.split_once(": ") {
                Some(("event", value)) => kind = Some(value.to_owned()),
                Some(("data", value)) => data = Some(serde_json::from_str::<Value>(value).unwrap()),
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("retry", value)) => self.retries.push(value.parse().unwrap()),
                _ => {
                    assert_eq!(line, ":");
                    self.comments += 1;
                }
            }
        }
        let (Some(kind), Some(data)) = (kind, data) else { return };
        self.apply(&kind, &data, id.is_some());
        if let Some(id) = &id {
            self.last_event_id = Some(id.clone());
        }
        self.events.push((kind, data));
        self.ids.push(id);
    }

    fn apply(&mut self, kind: &str, data: &Value, has_id: bool) {
        if kind == "bye" {
            return;
        }
        if let Some(room) = &mut self.room {
            return room.apply(kind, data, has_id);
        }
        let provider = data["provider"].as_str().unwrap().to_owned();
        assert!(self.open.is_none() || kind == "snapshot" && self.open == Some(provider.clone()), "between pieces");
        if kind == "snapshot" {
            assert_eq!(data["first"].as_bool().unwrap(), self.open.is_none());
            let last = data["last"].as_bool().unwrap();
            assert_eq!(has_id, last);
            if data["first"].as_bool().unwrap() {
                let failed = data["entry"]["status"] == "failed";
                self.known.insert(provider.clone(), (!failed).then(BTreeMap::new));
            }
            for session in data["data"].as_array().unwrap() {
                let rooms = self.known.get_mut(&provider).unwrap().as_mut().unwrap();
                rooms.insert(session["room_id"].as_str().unwrap().to_owned(), session.clone());
            }
            self.open = (!last).then_some(provider);
            return;
        }
        assert!(has_id);
        if kind == "provider_changed" {
            if data["entry"]["status"] == "failed" {
                self.known.insert(provider, None);
            }
            return;
        }
        let rooms = self.known.get_mut(&provider).unwrap().as_mut().expect("known");
        match kind {
            "session_started" => {
                let session = &data["session"];
                let before = rooms.insert(session["room_id"].as_str().unwrap().to_owned(), session.clone());
                assert!(before.is_none(), "{before:?} {session}");
            }
            "session_updated" => {
                let session = rooms.get_mut(data["room_id"].as_str().unwrap()).expect("a known room");
                for (name, value) in data["changes"].as_object().unwrap() {
                    assert_ne!(session[name], *value);
                    session[name] = value.clone();
                }
                assert_eq!(session["session_id"], data["session_id"]);
            }
            "session_ended" => {
                let session = rooms.remove(data["room_id"].as_str().unwrap()).expect("a known room");
                assert_eq!(session["session_id"], data["session_id"]);
            }
            other => panic!("{other}"),
        }
    }

    /// The kinds of the events that came.
    pub(super) fn kinds(&self) -> Vec<&str> {
        self.events.iter().map(|(kind, _)| kind.as_str()).collect()
    }

    /// What is known of all providers, as the list has it, but for what makes no event by itself.
    pub(super) fn sessions(&self) -> Vec<Value> {
        let all = self.known.values().flatten().flat_map(BTreeMap::values);
        sorted(all.cloned().collect())
    }
}

/// Sessions in one order, without what makes no event by itself.
pub(super) fn sorted(mut sessions: Vec<Value>) -> Vec<Value> {
    for session in &mut sessions {
        let session = session.as_object_mut().unwrap();
        ["fetched_at", "stale", "updated_at", "minutes_consumed"].iter().for_each(|name| drop(session.remove(*name)));
    }
    sessions.sort_by_key(|session| (session["provider"].to_string(), session["room_id"].to_string()));
    sessions
}
