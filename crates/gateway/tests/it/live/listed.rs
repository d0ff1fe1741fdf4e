//! The list, once.

use std::io::{Read, Write};

use serde_json::Value;

use crate::live::stand::{Stand, free_address, rollcall, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_or_json_shows_what_is_live_everywhere() {
    let stand = Stand::start().await;
    let room = stand.room("Sync \u{1b}[2J\u{202e}", &["Ada", "Grace"]);
    let other = stand.world.add_room(provider_simulator::Service::Huddle01, "Design");
    stand.world.start_session(&other).unwrap();
    stand.world.join(&other, "Mary").unwrap();

    let (code, shown, errors) = said(&stand.live(&["--provider", "realtimekit"]));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[0].starts_with("PROVIDER") && lines[0].ends_with("STATUS"), "{shown}");
    let row: Vec<_> = lines[1].split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(row[..4], ["realtimekit", room.as_str(), "Sync \\u{1b}[2J\\u{202e}", "2"], "{shown}");
    assert_eq!((row[5], lines[2..].join("|").as_str()), ("live", "|1 session is live."));

    let (code, shown, _) = said(&stand.live(&["--json"]));
    let list: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((code, &list["complete"], &list["page"]["next_cursor"]), (Some(0), &true.into(), &Value::Null));
    let rooms: Vec<_> = list["data"].as_array().unwrap().iter().map(|it| it["room_id"].as_str().unwrap()).collect();
    assert!(rooms.contains(&room.as_str()) && rooms.contains(&other.as_str()), "{shown}");
    assert!(list["data"][0].as_object().unwrap().contains_key("breakout_rooms"), "null is there: {shown}");
    assert_eq!(list["providers"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_named_and_all_failing_is_an_error() {
    let stand = Stand::without_huddle01().await;
    let _ = stand.room("Sync", &["Ada"]);
    let (code, shown, _) = said(&stand.live(&[]));
    assert_eq!(code, Some(0));
    assert!(shown.contains("Sync") && shown.contains("\n1 session is live, as far as is known.\n"), "{shown}");
    assert!(shown.lines().last().unwrap().starts_with("huddle01 failed: what is live there is unknown. "), "{shown}");
    let (code, shown, errors) = said(&stand.live(&["--provider", "huddle01"]));
    assert_eq!((code, shown.as_str()), (Some(1), ""));
    assert!(errors.starts_with(&format!("{}: ", stand.url)) && errors.contains("again"), "{errors}");
    assert!(errors.contains("\nhuddle01 failed: what is live there is unknown. "), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_work_says_what_to_do() {
    let stand = Stand::start().await;
    let (code, _, errors) = said(&rollcall(&["live"], &[]));
    assert!(code == Some(2) && errors.contains("ROLLCALL_TOKEN") && errors.contains("--token-file"), "{errors}");
    let (code, _, errors) = said(&stand.live(&["--url", "nowhere"]));
    assert!(code == Some(2) && errors.contains("nowhere"), "{errors}");
    assert_eq!(said(&stand.live(&[])), (Some(0), "Nothing is live.\n".to_owned(), String::new()));
    for watch in [None, Some("--watch")] {
        let with = |arguments: &[&str]| {
            let arguments: Vec<_> = arguments.iter().copied().chain(watch).collect();
            said(&stand.live(&arguments))
        };
        let (code, shown, errors) = with(&["--provider", "zoom"]);
        assert_eq!((code, shown.as_str()), (Some(1), ""), "{errors}");
        assert!(errors.starts_with(&stand.url) && errors.contains("Without --provider"), "{errors}");
        let expired = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&expired, "a.b.c\n").unwrap();
        let (code, _, errors) = with(&["--token-file", expired.path().to_str().unwrap()]);
        assert!(code == Some(1) && errors.contains("Put a new one into"), "{errors}");
        assert!(!errors.contains("a.b.c"), "{errors}");
    }
    let tls = stand.url.replacen("http:", "https:", 1);
    let (code, _, errors) = said(&stand.live(&["--url", &tls]));
    assert!(code == Some(1) && errors.contains("should the URL begin with http://"), "{errors}");
    for watch in [None, Some("--watch")] {
        let elsewhere = other_server("application/json", "{\"hello\":1}");
        let arguments: Vec<_> = ["--url", &elsewhere].into_iter().chain(watch).collect();
        let (code, shown, errors) = said(&stand.live(&arguments));
        assert!(code == Some(1) && shown.is_empty() && errors.contains("Is it Rollcall that answers"), "{errors}");
    }
    let nobody = format!("http://{}", free_address());
    let (code, _, errors) = said(&stand.live(&["--url", &nobody]));
    assert_eq!(code, Some(1));
    assert!(errors.contains(&nobody) && errors.contains("Is Rollcall running there?"), "{errors}");
}

/// A server that answers every request with this, until the test is over.
fn other_server(content_type: &str, body: &str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close");
    let answer = format!("{head}\r\n\r\n{body}");
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut head = [0; 4096];
            // A client that has gone needs no answer.
            let _ = socket.read(&mut head).and_then(|_| socket.write_all(answer.as_bytes()));
        }
    });
    url
}
