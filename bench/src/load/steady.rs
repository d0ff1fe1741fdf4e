//! Requests at a steady rate: the next one is sent when it is due, whatever became of those before it.

use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::http::Request;

#[derive(Debug, Clone)]
pub(crate) struct Steady {
    /// One after the other, and again from the first.
    pub(crate) requests: Vec<Request>,
    pub(crate) per_second: u32,
    pub(crate) seconds: u64,
}

/// One answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timed {
    /// When its request was due.
    pub(crate) due: Instant,
    pub(crate) end: Instant,
    /// It was in memory.
    pub(crate) hit: bool,
}

impl Steady {
    /// One request at each of these servers in turn.
    pub(crate) async fn run(&self, origins: &[&str]) -> Result<Vec<Timed>> {
        let client = Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let mut ticks = interval(Duration::from_secs(1) / self.per_second);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut under_way = JoinSet::new();
        let turns = self.requests.iter().cycle().zip(origins.iter().cycle());
        for (request, origin) in turns.take(self.per_second as usize * self.seconds as usize) {
            let due = ticks.tick().await;
            let request = request.on(&client, origin)?;
            under_way.spawn(async move {
                let hit = client_send(request).await?;
                Ok(Timed { due, end: Instant::now(), hit })
            });
        }
        let mut answers = Vec::new();
        while let Some(answer) = under_way.join_next().await {
            let answer: Result<Timed> = answer?;
            answers.push(answer?);
        }
        Ok(answers)
    }
}

async fn client_send(request: reqwest::RequestBuilder) -> Result<bool> {
    let answer = request.send().await?;
    ensure!(answer.status().as_u16() < 400, "{}", answer.status());
    let hit = answer.headers().get("cache-status").is_some_and(|it| it.as_bytes().starts_with(b"rollcall; hit"));
    answer.bytes().await?;
    Ok(hit)
}
