//! What answers is not a store: every step is an error, within its time, and no more is read than a reply may be long.

use std::time::Duration;

use coordination::{Name, Scope, Store};
use coordination_redis::{RedisConfig, RedisStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::server::{PATIENT, config};

/// Answers the first words as a store does, and every step with those bytes.
async fn answering(bytes: Vec<u8>) -> (RedisConfig, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut served = JoinSet::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let bytes = bytes.clone();
            served.spawn(async move {
                greet(&mut stream).await;
                let mut buffer = [0; 65536];
                while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (RedisConfig { timeout: Duration::from_millis(300), ..config(&url) }, tasks)
}

/// The first words are two commands.
async fn greet(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    while seen.windows(7).filter(|part| part == b"SETINFO").count() < 2 || !seen.ends_with(b"\r\n") {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        seen.extend_from_slice(&buffer[..read]);
    }
    let _ = stream.write_all(b"+OK\r\n+OK\r\n").await;
}

async fn step(store: &RedisStore) -> Result<bool, coordination::StoreError> {
    let step = store.remember(Scope(Name::of([])), Name::of([]), Duration::from_secs(1));
    timeout(PATIENT, step).await.expect("no step waits for longer than its time")
}

#[tokio::test]
async fn no_answer_breaks_a_step() {
    let nested = b"*1\r\n".repeat(5000);
    let answers: [&[u8]; 24] = [
        b"$999999999999\r\n",
        b"$9223372036854775807\r\nx",
        b"*999999999999\r\n",
        b"*9223372036854775807\r\n:1\r\n",
        b"%9223372036854775807\r\n",
        b"%-1\r\n",
        b"|9223372036854775807\r\n",
        b"|0\r\n:1\r\n",
        b"~-1\r\n",
        b">0\r\n",
        b"$-7\r\n",
        b"*-1\r\n",
        b"*0\r\n",
        b"_\r\n",
        b"#x\r\n",
        b",nan\r\n",
        b"=3\r\nabc\r\n",
        b"(99999999999999999999\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\0\xff\xfe",
        b"-\r\n",
        b"-NOSCRIPT\r\n",
        b"*2\r\n$1\r\n0\r\n-OOM x\r\n",
        &nested,
    ];
    for answer in answers {
        let (config, _server) = answering(answer.to_vec()).await;
        let store = RedisStore::new(&config).unwrap();
        for _ in 0..2 {
            let outcome = step(&store).await;
            assert!(outcome.is_err(), "{outcome:?} of {:?}", String::from_utf8_lossy(answer));
        }
    }
}

/// A proxy that loses or doubles a reply must not have one step read what another was answered.
#[tokio::test]
async fn the_reply_to_another_call_is_none() {
    let (config, _server) = answering(b"*2\r\n$1\r\n0\r\n$3\r\nnew\r\n".to_vec()).await;
    let store = RedisStore::new(&RedisConfig { timeout: PATIENT, ..config }).unwrap();
    assert!(step(&store).await.unwrap(), "the first call has the number 0");
    let error = step(&store).await.unwrap_err();
    assert_eq!(error.to_string(), "the shared store answers what was not asked");
    assert!(step(&store).await.unwrap(), "on a new connection calls are counted from 0");
}

#[tokio::test]
async fn a_reply_without_end_is_not_read_to_the_end() {
    for first in [b"$99999999999\r\n".as_slice(), b"*99999999999\r\n", b"+", b""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let store = RedisStore::new(&config(&url)).unwrap();
        let first = first.to_vec();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            greet(&mut stream).await;
            let _ = stream.write_all(&first).await;
            // For as long as it is read.
            let chunk = b":1\r\n".repeat(16384);
            while stream.write_all(&chunk).await.is_ok() {}
        });
        assert!(step(&store).await.is_err());
        let ended: Option<Result<(), _>> = timeout(PATIENT, tasks.join_next()).await.expect("it is read for ever");
        ended.unwrap().unwrap();
    }
}
