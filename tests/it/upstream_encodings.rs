//! An upstream body is read however its encoding is written, and one that cannot be read is never taken for plain.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderValue, StatusCode, header};
use provider_simulator::{Fault, Service};
use rollcall_tests::Stack;

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("into memory");
    encoder.finish().expect("into memory")
}

/// Each half of it a gzip member of its own.
fn two_members(text: &[u8]) -> Vec<u8> {
    let (one, other) = text.split_at(text.len() / 2);
    [gzipped(one), gzipped(other)].concat()
}

fn encoded(name: &'static str, rewrite: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Fault {
    Fault::rewritten(rewrite).header(header::CONTENT_ENCODING, HeaderValue::from_static(name))
}

#[tokio::test]
async fn gzip_in_any_letters_and_any_number_of_members_and_identity_are_read() {
    for (name, members) in [("GZIP", 1), ("x-gzip", 1), ("X-Gzip", 2), ("gzip", 2), ("identity", 0), ("Identity", 0)] {
        let stack = Stack::start().await;
        let rewrite = move |body: Vec<u8>| match members {
            0 => body,
            1 => gzipped(&body),
            _ => two_members(&body),
        };
        for (service, simulator) in [(Service::Huddle01, &stack.huddle01), (Service::RealtimeKit, &stack.realtimekit)] {
            let _ = stack.live_room(service, "Call", &["Ada"]);
            simulator.script().always("**", encoded(name, rewrite));
        }
        let list = stack.get("/v1/live-sessions").await.expect(200);
        assert_eq!(
            (&list["complete"], list["data"].as_array().map(Vec::len)),
            (&true.into(), Some(2)),
            "{name}: {list}"
        );
    }
}

#[tokio::test]
async fn what_its_encoding_does_not_say_cannot_be_trusted() {
    let plain = |name| encoded(name, |body| body);
    for fault in [plain("zstd"), plain("deflate"), plain("gzip"), plain("br"), plain("gzip, gzip")] {
        let stack = Stack::start().await;
        let _ = stack.live_room(Service::Huddle01, "Call", &["Ada"]);
        stack.huddle01.script().always("**", fault);
        let reply = stack.get("/v1/live-sessions?provider=huddle01").await;
        let _ = reply.problem(StatusCode::BAD_GATEWAY.as_u16(), "provider_bad_response");
    }
}
