//! What a hostile answer costs: the real program, its peak of memory over one request.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use http::StatusCode;
use provider_simulator::{Fault, RunningSimulator, Simulator, World};
use serde_json::Value;

/// The largest body that is read. Beside it a request may cost some buffers, not another copy of the body.
const BODY: u64 = 16 << 20;
/// The HTTP client's buffers of up to 400 KiB until the allocator has them back (2.5 MiB were seen), and what other threads
/// do meanwhile. Huge pages, which round what each thread touches up to 2 MiB, were 12 MiB more: they are off.
const SLACK: u64 = 6 << 20;

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(config: &std::path::Path) -> (Self, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["serve", "--config"]).arg(config).env_clear();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let serving = output.by_ref().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let serving = serving.into_iter().find(|line| line["message"] == "serving").expect("it serves");
        // Read on, so that it never waits for us.
        std::thread::spawn(move || output.count());
        (Self(child), format!("http://{}", serving["listen"].as_str().unwrap()))
    }

    fn bytes(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim_matches([':', ' ', '\t', 'k', 'B']).parse::<u64>().unwrap() * 1024
    }

    /// Makes the peak what is resident now, and tells how much that is.
    fn reset_peak(&self) -> u64 {
        std::fs::write(format!("/proc/{}/clear_refs", self.0.id()), "5").unwrap();
        self.bytes("VmRSS")
    }
}

fn million_rows(before: &str, row: &str, after: &str) -> Fault {
    Fault::body(StatusCode::OK, format!("{before}{}{row}{after}", format!("{row},").repeat(999_999)))
}

/// A provider of its own for each of the answers, so that no breaker and no memory of another stands before it.
fn configuration(simulators: &[(&str, &RunningSimulator)]) -> String {
    let head = r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
request_timeout = "60s"
[auth]
issuer = "https://id.example.internal"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"
"#;
    let providers = simulators.iter().enumerate().map(|(n, (kind, simulator))| {
        let account = if *kind == "huddle01" {
            format!("api_key = \"key-{n}\"")
        } else {
            format!("account_id = \"account\"\napp_id = \"app\"\napi_token = \"token-{n}\"")
        };
        let base_url = simulator.base_url();
        format!("[providers.p{n}]\nkind = \"{kind}\"\n{account}\nbase_url = \"{base_url}\"\ntimeout = \"30s\"\n")
    });
    head.to_owned() + &providers.collect::<String>()
}

fn hostile() -> Vec<(&'static str, &'static str, Fault)> {
    let deep = || Fault::body(StatusCode::OK, "[".repeat(10_000));
    let huddle01_rows = million_rows("{\"liveSessions\":[", "{\"roomId\":\"a\"}", "]}");
    let realtimekit_rows = million_rows("{\"data\":{\"sessions\":[", "{\"id\":1}", "]},\"success\":true}");
    vec![
        ("300 MB", "huddle01", Fault::huge()),
        ("300 MB", "realtimekit", Fault::huge()),
        ("a gzip bomb", "huddle01", Fault::gzip_bomb(64 << 20)),
        ("a gzip bomb", "realtimekit", Fault::gzip_bomb(64 << 20)),
        ("deep JSON", "huddle01", deep()),
        ("deep JSON", "realtimekit", deep()),
        ("a million rows", "huddle01", huddle01_rows),
        ("a million rows", "realtimekit", realtimekit_rows),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_answer_costs_little_more_than_the_largest_body() {
    let world = World::empty();
    let huddle01 = Simulator::huddle01(world.clone()).start().await.unwrap();
    let realtimekit = Simulator::realtimekit(world).start().await.unwrap();
    let of_kind = |kind: &str| if kind == "huddle01" { &huddle01 } else { &realtimekit };
    let kinds = hostile().into_iter().map(|(_, kind, _)| kind).chain(["huddle01", "realtimekit"]);
    let simulators: Vec<_> = kinds.map(|kind| (kind, of_kind(kind))).collect();
    let folder = std::env::temp_dir().join(format!("rollcall-memory-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let config = folder.join("rollcall.toml");
    std::fs::write(&config, configuration(&simulators)).unwrap();
    let token = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["token", "--sub", "memory", "--scope", "sessions:read", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    let token = String::from_utf8(token.stdout).unwrap();
    let (program, base) = Program::start(&config);
    #[expect(clippy::disallowed_methods, reason = "the test is a caller, not an upstream client")]
    let client = reqwest::Client::new();
    // What a first request of all makes (threads, TLS, connections) is not the next one's cost: nobody is at p8 and p9.
    for warm in ["p8", "p9", "p8"] {
        let request = client.get(format!("{base}/v1/live-sessions?provider={warm}")).bearer_auth(token.trim());
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    }
    for (n, (what, kind, fault)) in hostile().into_iter().enumerate() {
        let rule = of_kind(kind).script().always("**", fault);
        let before = program.reset_peak();
        let request = client.get(format!("{base}/v1/live-sessions?provider=p{n}")).bearer_auth(token.trim());
        let problem: Value = request.send().await.unwrap().json().await.unwrap();
        let grown = program.bytes("VmHWM").saturating_sub(before);
        of_kind(kind).script().remove(rule);
        assert_eq!(problem["code"], "provider_bad_response", "{what} of {kind}: {problem}");
        assert!(grown <= BODY + SLACK, "{what} of {kind}: {} KiB more", grown >> 10);
    }
    drop(program);
    std::fs::remove_dir_all(folder).unwrap();
}
