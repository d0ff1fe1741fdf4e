//! What a replica does all the time: it reads what others say, says what it has to say, and keeps its claims.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::{join_all, join3};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::cluster::claim::{ClaimDue, HOLD};
use crate::cluster::place::{FeedPlace, ScopePlace};
use crate::cluster::puts::WaitingPut;
use crate::cluster::{Cluster, metric};
use crate::feed::{After, Happening, News};

/// How often the feeds are read: what one replica says is known to all within this, and a round trip.
const READ_EVERY: Duration = Duration::from_millis(25);

/// How often a replica says that it is there.
const ANNOUNCE_EVERY: Duration = Duration::from_secs(1);

/// How long marks are kept: longer than any answer that they are compared with.
const MARKS_KEPT_FOR: Duration = Duration::from_secs(2 * 3600);

impl Cluster {
    /// Reads the feeds, says what is to be said and keeps the claims, until dropped.
    pub async fn run(self) {
        let standing = &self.0.standing;
        loop {
            if let Some(at) = standing.probe_at() {
                self.0.scopes.values().for_each(|place| drop(place.puts.take()));
                sleep_until(at).await;
                let came_back = join_all(self.0.scopes.values().map(|place| self.come_back(place))).await;
                if came_back.iter().all(Option::is_some) {
                    standing.is_back();
                } else {
                    // However many of its steps have failed, it is one probe.
                    standing.failed(Instant::now());
                    self.0.scopes.values().for_each(|place| place.waiters.all_ended());
                }
            } else {
                join_all(self.0.scopes.values().map(|place| self.keep_up(place))).await;
                sleep(READ_EVERY).await;
            }
        }
    }

    /// In one flight, unless there is something to say: what goes with the reading of the feed costs no round trip.
    async fn keep_up(&self, place: &ScopePlace) {
        if !self.0.standing.may_ask() {
            // What is due stays so.
            return;
        }
        let working = async {
            let mut feed = place.feed.lock().await;
            self.say(place).await?;
            self.read(place, &mut feed, false).await
        };
        // What was changed here must count before what was fetched here is given to others.
        let nothing_to_say = place.unsent.is_empty();
        let puts = place.puts.take();
        let (first, afterwards) = if nothing_to_say { (puts, Vec::new()) } else { (Vec::new(), puts) };
        let (said, (), ()) = join3(self.in_time(working), self.put_all(place, first), self.keep_claims(place)).await;
        if said.flatten().is_some() {
            self.put_all(place, afterwards).await;
        }
    }

    /// Renews and releases claims, all in one flight.
    async fn keep_claims(&self, place: &ScopePlace) {
        let (store, replica) = (&self.0.store, self.0.replica);
        let steps = place.claims.due().into_iter().map(async |(question, claim, due)| match due {
            ClaimDue::Renew => self.step("renew", store.renew(place.scope, question, replica, claim, HOLD)).await,
            ClaimDue::Release => self.step("release", store.release(place.scope, question, replica, claim)).await,
        });
        join_all(steps).await;
    }

    /// Puts answers, all in one flight. Those that fail are dropped.
    async fn put_all(&self, place: &ScopePlace, puts: Vec<WaitingPut>) {
        let puts = puts.into_iter().map(async |put| {
            let WaitingPut { question, claim, mut answer, since, done } = put;
            answer.age += since.elapsed();
            let step = self.0.store.put(place.scope, question, self.0.replica, claim, answer);
            if let Some(kept) = self.step("put", step).await {
                // Nobody may wait for it any more.
                let _ = done.send(kept);
            }
        });
        join_all(puts).await;
    }

    /// After the store was away: what others have done meanwhile may not have been said, so nothing that was fetched before
    /// is used any more, here or elsewhere.
    async fn come_back(&self, place: &ScopePlace) -> Option<()> {
        let first = place.feed.lock().await.epoch == 0;
        // Said as one: the way back must not take longer the more there is to say.
        if !first || !place.unsent.is_empty() {
            place.unsent.push_everything();
        }
        let working = async {
            let mut feed = place.feed.lock().await;
            self.say(place).await?;
            self.read(place, &mut feed, true).await
        };
        timeout(self.0.settings.timeout, working).await.ok().flatten()?;
        self.everything_changed(place);
        Some(())
    }

    /// Says what is to be said, in order.
    pub(super) async fn say(&self, place: &ScopePlace) -> Option<()> {
        while let Some(touch) = place.unsent.first() {
            let begun = Instant::now();
            let step = self.0.store.touch(place.scope, self.0.replica, &touch, MARKS_KEPT_FOR);
            self.noted("touch", begun, step.await)?;
            place.unsent.sent(&touch);
        }
        Some(())
    }

    /// Reads what was said and acts on it.
    pub(super) async fn read(&self, place: &ScopePlace, feed: &mut FeedPlace, is_back: bool) -> Option<()> {
        let asked = Instant::now();
        let announce = feed.announced.is_none_or(|at| asked.saturating_duration_since(at) >= ANNOUNCE_EVERY);
        let after = After { number: feed.number, propose: rand::random::<u64>().max(1), announce };
        let news = self.noted("news", asked, self.0.store.news(place.scope, self.0.replica, after).await)?;
        if announce {
            feed.announced = Some(asked);
            self.0.seen.store(news.replicas.max(1), Ordering::Relaxed);
            metrics::gauge!(metric::CLUSTER_REPLICAS).set(news.replicas.max(1));
            place.waiters.prune();
        }
        place.latest_event().store(news.latest_event, Ordering::Release);
        let (before, first) = (feed.number, feed.epoch == 0);
        let lost_data = !first && feed.epoch != news.epoch;
        (feed.epoch, feed.number) = (news.epoch, news.latest);
        if lost_data && !is_back {
            // Nothing is shared before the way back was gone through.
            self.everything_changed(place);
            self.0.standing.lost_data();
            return None;
        }
        let is_whole = news.entries.len() as u64 == news.latest.saturating_sub(before);
        if !first && (lost_data || !is_whole) {
            self.everything_changed(place);
        } else if !first {
            self.act_on(place, &news);
        }
        place.confirm(asked);
        Some(())
    }

    fn act_on(&self, place: &ScopePlace, news: &News) {
        let Some(listener) = self.0.listener.get() else { return };
        for entry in &news.entries {
            let is_ours = entry.replica == self.0.replica;
            match Happening::decode(&entry.said) {
                Some(Happening::LoadEnded { question }) => place.waiters.ended(&question),
                Some(Happening::Seen) => {}
                _ if is_ours => {}
                Some(Happening::Changed { room, session }) => listener.changed(place.scope, &room, session.as_deref()),
                Some(Happening::Answered) => listener.answered(place.scope),
                Some(Happening::Hinted { rooms, session }) => listener.hinted(place.scope, &rooms, session.as_deref()),
                // What a newer version says may be about anything.
                Some(Happening::Everything) | None => listener.everything_changed(place.scope),
            }
        }
    }

    fn everything_changed(&self, place: &ScopePlace) {
        place.waiters.all_ended();
        if let Some(listener) = self.0.listener.get() {
            listener.everything_changed(place.scope);
        }
    }
}
