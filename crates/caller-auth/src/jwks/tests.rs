use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use serde_json::json;
use tokio::task::yield_now;
use tokio_util::task::TaskTracker;

use super::*;
use crate::authenticator::Authenticator;
use crate::key_algorithm::KeyAlgorithm;
use crate::last_caller::LastCaller;
use crate::testing::{NOW, Signer, ask, claims, headers, jwks, served_authenticator};

/// A key server under the test's thumb.
#[derive(Debug, Default)]
struct Server {
    answer: Mutex<Option<Vec<u8>>>,
    takes: Mutex<Duration>,
    fetches: AtomicU32,
}

impl Server {
    fn publish(&self, signers: &[&Signer]) {
        *self.answer.lock().unwrap() = Some(jwks(signers));
    }

    fn answer(&self, body: &str) {
        *self.answer.lock().unwrap() = Some(body.into());
    }

    fn fail(&self) {
        *self.answer.lock().unwrap() = None;
    }

    fn take(&self, delay: Duration) {
        *self.takes.lock().unwrap() = delay;
    }

    fn fetches(&self) -> u32 {
        self.fetches.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Connection(Arc<Server>);

#[async_trait]
impl KeyFetcher for Connection {
    async fn fetch(&self) -> Result<Bytes, String> {
        self.0.fetches.fetch_add(1, Ordering::Relaxed);
        let delay = *self.0.takes.lock().unwrap();
        sleep(delay).await;
        self.0.answer.lock().unwrap().clone().map(Bytes::from).ok_or_else(|| "refused".into())
    }
}

/// An authenticator whose keys come from the server; the first fetch is over.
async fn start(server: &Arc<Server>) -> (Authenticator, CancellationToken, TaskTracker) {
    let authenticator = served_authenticator(Box::new(Connection(Arc::clone(server))));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    authenticator.start(&tasks, &stop);
    settle().await;
    (authenticator, stop, tasks)
}

/// Lets the background loop do what is due now.
async fn settle() {
    for _ in 0..20 {
        yield_now().await;
    }
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
    settle().await;
}

const SECOND: Duration = Duration::from_secs(1);

fn es(kid: &'static str) -> Signer {
    Signer::new(kid, KeyAlgorithm::ES256)
}

/// Claims for tests that last longer than a usual token.
fn token_for(signer: &Signer, at: i64) -> String {
    let mut claims = claims();
    claims["iat"] = json!(NOW + at);
    claims["exp"] = json!(NOW + at + 600);
    signer.token(&claims)
}

#[tokio::test(start_paused = true)]
async fn without_any_key_it_is_not_ready_and_tries_hard() {
    let server = Arc::new(Server::default());
    let (authenticator, _stop, _tasks) = start(&server).await;
    let old = es("old");
    assert!(!authenticator.is_ready());
    assert!(ask(&authenticator, &old.token(&claims())).await.is_err());
    assert_eq!(server.fetches(), 1, "a request causes no fetch where one is due anyway");
    for (after, fetches) in [(1, 2), (2, 3), (4, 4), (5, 5), (5, 6)] {
        pass(SECOND * after).await;
        assert_eq!(server.fetches(), fetches, "after {after} s more");
    }
    server.publish(&[&old]);
    pass(SECOND * 5).await;
    assert!(authenticator.is_ready());
    assert!(ask(&authenticator, &old.token(&claims())).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn rotation_with_overlap_loses_no_valid_request() {
    let server = Arc::new(Server::default());
    let (old, new) = (es("old"), es("new"));
    server.publish(&[&old]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    assert!(ask(&authenticator, &old.token(&claims())).await.is_ok());

    server.publish(&[&old, &new]);
    server.take(SECOND);
    assert!(ask(&authenticator, &new.token(&claims())).await.is_ok(), "the request waits for the refetch");
    assert!(ask(&authenticator, &old.token(&claims())).await.is_ok());
    assert_eq!(server.fetches(), 2);

    server.publish(&[&new]);
    server.take(Duration::ZERO);
    pass(SECOND * 600).await;
    assert!(ask(&authenticator, &token_for(&new, 600)).await.is_ok());
    assert!(ask(&authenticator, &token_for(&old, 600)).await.is_err(), "a removed key is refused");
}

#[tokio::test(start_paused = true)]
async fn a_remembered_token_is_refused_once_its_key_is_removed() {
    let server = Arc::new(Server::default());
    let (old, new) = (es("old"), es("new"));
    server.publish(&[&old, &new]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    let token = token_for(&old, 0);
    assert!(ask(&authenticator, &token).await.is_ok());
    assert!(ask(&authenticator, &token).await.is_ok());
    assert_eq!(authenticator.signature_checks(), 1);
    server.publish(&[&new]);
    server.take(Duration::ZERO);
    assert!(ask(&authenticator, &token_for(&es("unknown"), 0)).await.is_err(), "causes the refetch");
    assert!(ask(&authenticator, &token).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_last_caller_of_a_connection_is_refused_once_its_key_is_removed_and_known_again_when_it_is_back() {
    let server = Arc::new(Server::default());
    let (old, new) = (es("old"), es("new"));
    server.publish(&[&old, &new]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    let mut claims = claims();
    claims["exp"] = json!(NOW + 3000);
    let (token, last) = (headers(&old.token(&claims)), LastCaller::default());
    assert!(authenticator.authenticate(&token).await.is_ok());
    assert!(
        authenticator.recognize_now(&token, &last).is_some() && authenticator.recognize_now(&token, &last).is_some()
    );
    server.publish(&[&new]);
    pass(SECOND * 600).await;
    assert_eq!(authenticator.recognize_now(&token, &last), None);
    assert!(authenticator.authenticate(&token).await.is_err());
    server.publish(&[&old, &new]);
    pass(SECOND * 600).await;
    assert_eq!(authenticator.recognize_now(&token, &last), None, "it has to be verified again");
    assert!(authenticator.authenticate(&token).await.is_ok());
    assert!(authenticator.recognize_now(&token, &last).is_some());
}

#[tokio::test(start_paused = true)]
async fn the_same_keys_again_forget_nothing() {
    let server = Arc::new(Server::default());
    let (one, other) = (es("one"), es("other"));
    server.publish(&[&one, &other]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    let token = token_for(&one, 0);
    assert!(ask(&authenticator, &token).await.is_ok());
    server.publish(&[&other, &one]);
    pass(SECOND * 600).await;
    assert_eq!(server.fetches(), 2);
    assert!(ask(&authenticator, &token).await.is_ok());
    assert_eq!(authenticator.signature_checks(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unknown_kids_causes_one_fetch_in_30_seconds_and_disturbs_nobody() {
    let server = Arc::new(Server::default());
    let known = es("known");
    server.publish(&[&known]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    server.take(Duration::from_millis(100));
    let stranger = es("stranger");
    let payload = claims().to_string();
    for round in 0..100_u32 {
        let floods = (0..100).map(|n| {
            let header = json!({"alg": "ES256", "typ": "JWT", "kid": format!("{round}-{n}")}).to_string();
            let token = stranger.sign(&header, &payload);
            let authenticator = &authenticator;
            async move { ask(authenticator, &token).await }
        });
        assert!(join_all(floods).await.iter().all(Result::is_err));
        let before = Instant::now();
        assert!(ask(&authenticator, &known.token(&claims())).await.is_ok());
        assert_eq!(before.elapsed(), Duration::ZERO, "a valid caller does not wait");
        pass(Duration::from_millis(100)).await;
    }
    assert_eq!(server.fetches(), 2, "the first at the start, one for 10,000 strangers in 10 s");
    pass(SECOND * 20).await;
    assert!(ask(&authenticator, &stranger.token(&claims())).await.is_err());
    assert_eq!(server.fetches(), 3, "30 s later another");
}

#[tokio::test(start_paused = true)]
async fn many_requests_share_the_one_refetch_and_all_profit() {
    let server = Arc::new(Server::default());
    let (old, new) = (es("old"), es("new"));
    server.publish(&[&old]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    server.publish(&[&old, &new]);
    server.take(SECOND);
    let token = new.token(&claims());
    let answers = join_all((0..200).map(|_| ask(&authenticator, &token))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(server.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refetch_goes_on_when_the_request_that_asked_hangs_up() {
    let server = Arc::new(Server::default());
    let (old, new) = (es("old"), es("new"));
    server.publish(&[&old]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    server.publish(&[&old, &new]);
    server.take(SECOND);
    let token = new.token(&claims());
    assert!(timeout(Duration::from_millis(10), ask(&authenticator, &token)).await.is_err(), "hangs up");
    assert!(ask(&authenticator, &token).await.is_ok());
    assert_eq!(server.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_server_that_fails_in_any_way_leaves_the_good_keys_for_a_day() {
    let server = Arc::new(Server::default());
    let key = es("key");
    server.publish(&[&key]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    for body in ["", "<html>", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#] {
        server.answer(body);
        pass(SECOND * 600).await;
        assert!(authenticator.is_ready(), "{body}");
    }
    server.publish(&[&key]);
    pass(SECOND * 600).await;
    server.fail();
    pass(KEEP_FOR - SECOND).await;
    assert!(authenticator.is_ready());
    let remembered = token_for(&key, 5 * 600 + 24 * 3600 - 10);
    assert!(ask(&authenticator, &remembered).await.is_ok());
    pass(SECOND).await;
    assert!(!authenticator.is_ready(), "a day without a good answer");
    assert!(ask(&authenticator, &remembered).await.is_err(), "not even from memory");
}

#[tokio::test(start_paused = true)]
async fn failed_refreshes_are_retried_no_faster_than_every_30_seconds() {
    let server = Arc::new(Server::default());
    server.publish(&[&es("key")]);
    let (_authenticator, _stop, _tasks) = start(&server).await;
    server.fail();
    for (after, fetches) in [(599, 1), (1, 2), (30, 3), (60, 4), (120, 5), (240, 6), (480, 7), (600, 8), (600, 9)] {
        pass(SECOND * after).await;
        assert_eq!(server.fetches(), fetches, "after {after} s more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_server_that_hangs_is_given_up_after_two_seconds() {
    let server = Arc::new(Server::default());
    let key = es("key");
    server.publish(&[&key]);
    let (authenticator, _stop, _tasks) = start(&server).await;
    server.take(SECOND * 3600);
    let before = Instant::now();
    assert!(ask(&authenticator, &es("unknown").token(&claims())).await.is_err());
    assert_eq!(before.elapsed(), FETCH_TIMEOUT);
    assert!(ask(&authenticator, &key.token(&claims())).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_the_loop_and_frees_whoever_waits() {
    let server = Arc::new(Server::default());
    server.publish(&[&es("key")]);
    let (authenticator, stop, tasks) = start(&server).await;
    server.take(SECOND * 3600);
    let token = es("unknown").token(&claims());
    let before = Instant::now();
    let (answer, ()) = tokio::join!(ask(&authenticator, &token), async {
        settle().await;
        stop.cancel();
    });
    assert!(answer.is_err());
    tasks.close();
    tasks.wait().await;
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert!(ask(&authenticator, &token).await.is_err());
}
