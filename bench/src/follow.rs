//! Follows events on many streams, and notes how much later than the first of them each one has an event.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::arguments::FollowOrder;

/// How many connect at once.
const CONNECTING: usize = 64;

/// What was followed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Followed {
    /// Events, each counted once.
    pub(crate) events: usize,
    /// Events that came, on all streams.
    pub(crate) came: usize,
    /// How much later than on the first stream an event came, in seconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) most: f64,
}

/// When each event came first, by its `id`, and how much later on every stream.
#[derive(Debug, Default)]
struct Arrivals {
    first: HashMap<String, Instant>,
    later: Vec<Duration>,
}

/// What all streams share.
#[derive(Debug)]
struct Common {
    order: FollowOrder,
    connecting: Semaphore,
    arrivals: Mutex<Arrivals>,
    /// Whether all streams have their snapshot.
    is_measured: AtomicBool,
    ready: UnboundedSender<()>,
}

pub(crate) async fn run(order: FollowOrder) -> Result<()> {
    let (streams, seconds) = (order.streams, order.seconds);
    let (ready, mut are_ready) = unbounded_channel();
    let common = Arc::new(Common {
        order,
        connecting: Semaphore::new(CONNECTING),
        arrivals: Mutex::default(),
        is_measured: AtomicBool::new(false),
        ready,
    });
    let mut following: JoinSet<Result<()>> = (0..streams).map(|_| follow(Arc::clone(&common))).collect();
    let measured = async {
        for _ in 0..streams {
            are_ready.recv().await;
        }
        common.is_measured.store(true, Ordering::Relaxed);
        sleep(Duration::from_secs(seconds)).await;
    };
    tokio::select! {
        () = measured => {}
        // None ends by itself.
        ended = following.join_next() => ended.context("no streams")??.context("a stream has ended")?,
    }
    let mut arrivals = common.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{}", serde_json::to_string(&followed(&mut arrivals)?)?);
    Ok(())
}

async fn follow(common: Arc<Common>) -> Result<()> {
    let mut stream = {
        let _place = common.connecting.acquire().await?;
        let mut stream = open(&common.order).await?;
        // Of the snapshot.
        id(&mut stream).await?;
        stream
    };
    common.ready.send(())?;
    loop {
        let id = id(&mut stream).await?;
        if common.is_measured.load(Ordering::Relaxed) {
            note(&common.arrivals, id);
        }
    }
}

fn note(arrivals: &Mutex<Arrivals>, id: String) {
    let now = Instant::now();
    let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    let first = *arrivals.first.entry(id).or_insert(now);
    arrivals.later.push(now - first);
}

fn followed(arrivals: &mut Arrivals) -> Result<Followed> {
    arrivals.later.sort_unstable();
    let at = |percent: usize| {
        let later = arrivals.later.get((arrivals.later.len() * percent / 100).min(arrivals.later.len() - 1));
        later.map(Duration::as_secs_f64).context("no event came")
    };
    ensure!(!arrivals.later.is_empty(), "no event came");
    Ok(Followed {
        events: arrivals.first.len(),
        came: arrivals.later.len(),
        p50: at(50)?,
        p99: at(99)?,
        most: at(100)?,
    })
}

async fn open(FollowOrder { server, token, .. }: &FollowOrder) -> Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(server).await?;
    let head = format!(
        "GET /v1/events HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut stream = BufReader::with_capacity(4096, stream);
    let mut status = String::new();
    (&mut stream).take(64).read_line(&mut status).await?;
    ensure!(status.contains(" 200 "), "a stream was answered with {status:?}");
    Ok(stream)
}

/// The next `id` that comes: the sizes of chunks stand on lines of their own.
async fn id(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    loop {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "a stream has ended");
        if let Some(id) = line.strip_prefix("id: ") {
            return Ok(id.trim_end().to_owned());
        }
    }
}
