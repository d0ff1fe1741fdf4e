//! Requests at a steady rate: the next one is sent when it is due, whatever became of those before it.

use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::http::Request;

#[derive(Debug, Clone)]
pub(crate) struct Steady {
    pub(crate) request: Request,
    pub(crate) per_second: u32,
    pub(crate) seconds: u64,
}

/// One answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timed {
    /// When its request was due.
    pub(crate) due: Instant,
    pub(crate) end: Instant,
}

impl Steady {
    pub(crate) async fn run(&self, origin: &str) -> Result<Vec<Timed>> {
        let client = Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let mut ticks = interval(Duration::from_secs(1) / self.per_second);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut under_way = JoinSet::new();
        for _ in 0..u64::from(self.per_second) * self.seconds {
            let due = ticks.tick().await;
            let request = self.request.on(&client, origin)?;
            under_way.spawn(async move {
                let answer = client_send(request).await?;
                ensure!(answer < 400, "{answer}");
                Ok(Timed { due, end: Instant::now() })
            });
        }
        let mut answers = Vec::new();
        while let Some(answer) = under_way.join_next().await {
            answers.push(answer??);
        }
        Ok(answers)
    }
}

async fn client_send(request: reqwest::RequestBuilder) -> Result<u16> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    answer.bytes().await?;
    Ok(status)
}
