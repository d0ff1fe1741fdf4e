//! No caller ever sees anything of a provider that its token does not name, whatever is in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use session_provider::{
    ConnectionId, Participant, RoomId, Session, SessionId, SessionProvider, SessionStatus, Timestamp,
};

use crate::api::tests::support::{Answer, Gateway, caller, request};
use crate::changes::Changes;
use crate::config::CacheConfig;
use crate::providers::Providers;
use crate::reads::Reads;
use crate::testing::{Behaviour, Scripted, Weather};

const PROVIDERS: [&str; 6] = ["p0", "p1", "p2", "p3", "p4", "p5"];
const CALLERS: usize = 50;
const AT_ONCE: usize = 20;
const SEED: u64 = 4;

/// How many reads: 5,000, or what the environment says (`ROLLCALL_ISOLATION_READS=100000`).
fn reads() -> usize {
    std::env::var("ROLLCALL_ISOLATION_READS").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000)
}

/// Says whose it is in every answer. Rooms and sessions have the same ids everywhere.
fn marked(seed: u64, id: &str) -> Arc<Scripted> {
    let mark = format!("of-{id}");
    let session = |n: i64| Session {
        session_id: SessionId::new(&format!("session-{n}")).ok(),
        title: Some(mark.clone()),
        started_at: Timestamp::from_unix_ms(n * 1000),
        ..Session::of_room(RoomId::new(&format!("room-{n}")).unwrap(), SessionStatus::Live)
    };
    let person = |n: i64| Participant {
        participant_id: None,
        connection_id: ConnectionId::new(&format!("connection-{n}")).unwrap(),
        custom_participant_id: None,
        display_name: Some(mark.clone()),
        role: None,
        joined_at: Timestamp::from_unix_ms(n * 1000),
        left_at: None,
        metadata: None,
    };
    let random = Mutex::new(StdRng::seed_from_u64(seed));
    let weather = move || {
        let mut random = random.lock().unwrap();
        (Duration::from_millis(random.random_range(1..80)), random.random_ratio(1, 6))
    };
    let behaviour = Behaviour {
        weather: Some(Weather(Arc::new(weather))),
        sessions: (0..8).map(session).collect(),
        participants: (0..7).map(person).collect(),
        ..Behaviour::default()
    };
    Scripted::new(id, behaviour)
}

struct Someone {
    authorization: String,
    sees: Vec<&'static str>,
}

fn someone(n: usize, random: &mut StdRng) -> Someone {
    let chosen: Vec<_> = PROVIDERS.into_iter().filter(|_| random.random_bool(0.4)).collect();
    let (sees, claim) = match n {
        0 => (PROVIDERS.to_vec(), None),
        1 => (vec![], Some(vec![])),
        _ => (chosen.clone(), Some(chosen)),
    };
    Someone { authorization: caller("sessions:read", claim.as_deref()), sees }
}

/// What was answered before, to whomever: anybody may send it back.
#[derive(Default)]
struct Loot {
    cursors: Vec<String>,
    /// Entity tags and whose sessions their bodies held.
    etags: HashMap<String, Vec<&'static str>>,
    /// Some of them, which are sent back.
    tags: Vec<String>,
}

fn path(random: &mut StdRng, who: &Someone, loot: &Loot) -> String {
    let own = who.sees.choose(random).filter(|_| random.random_bool(0.6));
    let provider = own.or_else(|| PROVIDERS.choose(random)).unwrap();
    let room = ["room-0", "room-1", "room-2", "empty-0"].choose(random).unwrap();
    let session = room.replace("room-", "session-");
    let mut page = format!("limit={}", [1, 2, 3, 100].choose(random).unwrap());
    if let Some(cursor) = loot.cursors.choose(random).filter(|_| random.random_bool(0.5)) {
        page = format!("{page}&cursor={cursor}");
    }
    match random.random_range(0..8) {
        0 | 1 => format!("/v1/live-sessions?{page}"),
        2 => format!("/v1/live-sessions?{page}&provider={provider}"),
        3 => format!("/v1/live-sessions/{provider}/{room}"),
        4 => format!("/v1/live-sessions/{provider}/{room}/participants?{page}"),
        5 => format!("/v1/sessions/{provider}/{session}"),
        6 => format!("/v1/sessions/{provider}/{session}/participants?{page}"),
        _ => "/v1/providers".to_owned(),
    }
}

/// Whose an answer is, by everything in it that tells.
fn owners(text: &str) -> Vec<&'static str> {
    let tells = |id: &&str| text.contains(&format!("of-{id}\"")) || text.contains(&format!("\"provider\":\"{id}\""));
    PROVIDERS.into_iter().filter(tells).collect()
}

fn way(answer: &Answer, path: &str) -> Vec<&'static str> {
    let status = answer.header("cache-status");
    let text = String::from_utf8_lossy(&answer.bytes);
    let mut ways = vec![match answer.status.as_u16() {
        304 => "not modified",
        404 if text.contains("session_not_live") => "negative",
        404 => "not found",
        400 => "bad cursor",
        200 if status.contains("fwd=stale") => "stale",
        200 if status.contains("collapsed") => "coalesced",
        200 if status.contains("ttl=-") => "revalidated",
        200 if status.contains("hit") => "hit",
        200 => "miss",
        _ => "failed",
    }];
    ways.extend((path.contains("cursor=") && answer.status == 200).then_some("cursor"));
    ways
}

#[tokio::test(start_paused = true)]
async fn fifty_callers_see_nothing_of_a_provider_that_is_not_theirs() {
    let gateway = Gateway::changed(|app| {
        let all = (0..).zip(PROVIDERS).map(|(seed, id)| marked(seed, id) as Arc<dyn SessionProvider>);
        app.providers = Providers::new(all, app.clock);
        let changes = Changes::new(app.providers.ids());
        let (config, deadline) = (CacheConfig::default(), Duration::from_secs(5));
        app.reads = Reads::new(app.providers.clone(), changes, &config, deadline, app.clock);
    });
    let mut random = StdRng::seed_from_u64(SEED);
    let callers: Vec<_> = (0..CALLERS).map(|n| someone(n, &mut random)).collect();
    let mut loot = Loot::default();
    let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..reads() / AT_ONCE {
        let asked: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let who = callers.choose(&mut random).unwrap();
                let held = if random.random_bool(0.5) { 40 } else { 0 };
                let etags: Vec<_> = loot.tags.choose_multiple(&mut random, held).cloned().collect();
                (who, path(&mut random, who, &loot), etags.join(", "), random.random_ratio(1, 10))
            })
            .collect();
        let answers = join_all(asked.iter().map(|(who, path, etags, no_cache)| {
            let mut builder = request("GET", path, &who.authorization);
            if !etags.is_empty() {
                builder = builder.header("if-none-match", etags);
            }
            if *no_cache {
                builder = builder.header("cache-control", "no-cache");
            }
            gateway.send(builder.body(Body::empty()).unwrap())
        }))
        .await;
        for ((who, path, ..), answer) in asked.iter().zip(&answers) {
            let text = String::from_utf8_lossy(&answer.bytes);
            let mut whose = owners(&text);
            if answer.status == 304 {
                // "You have it already" tells as much as the body itself.
                whose = loot.etags[answer.header("etag")].clone();
            }
            let foreign: Vec<_> = whose.iter().filter(|id| !who.sees.contains(*id)).collect();
            assert!(foreign.is_empty(), "{path}: {foreign:?} shown to {:?}: {} {text}", who.sees, answer.status);
            for way in way(answer, path) {
                *ways.entry(way).or_default() += 1;
            }
            keep(&mut loot, answer, whose, &mut random);
        }
        tokio::time::advance(Duration::from_millis(random.random_range(0..4000))).await;
    }
    println!("{ways:?}");
    for way in [
        "hit",
        "revalidated",
        "stale",
        "coalesced",
        "miss",
        "negative",
        "not modified",
        "cursor",
        "bad cursor",
        "failed",
    ] {
        assert!(ways.get(way).is_some_and(|times| *times >= 10), "{way}: {ways:?}");
    }
}

fn keep(loot: &mut Loot, answer: &Answer, whose: Vec<&'static str>, random: &mut StdRng) {
    if answer.status != 200 {
        return;
    }
    let etag = answer.header("etag").to_owned();
    if !etag.is_empty() && loot.etags.insert(etag.clone(), whose).is_none() {
        put(&mut loot.tags, etag, random);
    }
    if let Some(cursor) = answer.json()["page"]["next_cursor"].as_str() {
        put(&mut loot.cursors, cursor.to_owned(), random);
    }
}

/// Keeps few, so that each is sent back often.
fn put(kept: &mut Vec<String>, new: String, random: &mut StdRng) {
    if kept.len() < 200 {
        kept.push(new);
    } else {
        let at = random.random_range(0..kept.len());
        kept[at] = new;
    }
}
