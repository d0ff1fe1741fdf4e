//! What is asked for: everything, by callers, on connections and for rooms that come and go.

use std::time::Duration;

use anyhow::Result;
use reqwest::{Client, RequestBuilder};

use crate::http::Request;
use crate::tokens;

const CLIENTS: usize = 8;
/// After so many requests one client is replaced by a new one, and its connections are closed.
const CLIENT_LIFE: usize = 125;
/// After so many requests all tokens are new, of callers that were not there before.
const TOKEN_LIFE: usize = 2500;
/// So often a caller hangs up before the answer is there.
const HANGS_UP: usize = 53;

pub(super) struct Mix {
    origin: String,
    sent: usize,
    clients: Vec<Client>,
    tokens: Vec<String>,
}

/// A request, and what may come of it.
pub(super) struct Order {
    request: RequestBuilder,
    statuses: &'static [u16],
    hangs_up: bool,
}

impl Order {
    /// Whether the answer was what it should be; `None` if nobody waited for it.
    pub(super) async fn send(self) -> Option<bool> {
        let exchange = async {
            let answer = self.request.send().await?;
            let status = answer.status().as_u16();
            answer.bytes().await.map(|_| status)
        };
        if self.hangs_up {
            return tokio::time::timeout(Duration::from_micros(300), exchange).await.ok()?.ok().map(|_| true);
        }
        Some(exchange.await.is_ok_and(|status| self.statuses.contains(&status)))
    }
}

impl Mix {
    pub(super) fn new(origin: &str) -> Result<Self> {
        let clients = (0..CLIENTS).map(|_| client()).collect::<Result<_>>()?;
        Ok(Self { origin: origin.to_owned(), sent: 0, clients, tokens: Vec::new() })
    }

    pub(super) fn next(&mut self) -> Result<Order> {
        let n = self.sent;
        self.sent += 1;
        if n.is_multiple_of(CLIENT_LIFE) {
            self.clients[n / CLIENT_LIFE % CLIENTS] = client()?;
        }
        if n.is_multiple_of(TOKEN_LIFE) {
            let token = |caller| tokens::short(&format!("soak-{}-{caller}", n / TOKEN_LIFE));
            self.tokens = (0..CLIENTS).map(token).collect::<Result<_>>()?;
        }
        let (request, statuses) = asked(n);
        let request = if statuses == [401] { request } else { request.bearer(&self.tokens[n % CLIENTS]) };
        let request = request.on(&self.clients[n % CLIENTS], &self.origin)?;
        Ok(Order { request, statuses, hangs_up: n.is_multiple_of(HANGS_UP) })
    }
}

fn asked(n: usize) -> (Request, &'static [u16]) {
    let provider = if n.is_multiple_of(2) { "huddle01" } else { "realtimekit" };
    let of_room = |room: String| Request::get(format!("/v1/live-sessions/{provider}/{room}"));
    let list = |query: &str| Request::get(format!("/v1/live-sessions?{query}"));
    match n % 20 {
        0..9 => (of_room(format!("hot-{}", n % 50)), &[200]),
        9..12 => (of_room(format!("new-{n}")), &[200]),
        12 | 13 => (list("limit=100"), &[200]),
        14 => (list("limit=1000&provider=huddle01"), &[200]),
        15 => (Request::get(format!("/v1/live-sessions/{provider}/hot-{}/participants", n % 50)), &[200]),
        16 => (of_room(format!("hot-{}", n % 50)).header("If-None-Match", "*"), &[200, 304]),
        17 => (list("limit=10").header("Cache-Control", "no-cache"), &[200]),
        18 => (list("limit=0"), &[400]),
        _ if n.is_multiple_of(3) => (Request::get("/nowhere"), &[404]),
        _ => (list("limit=1"), &[401]),
    }
}

fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().tcp_nodelay(true).build()?)
}
