//! What `rollcall live` looks at: a gateway that can be killed and started again at the same address.

use std::net::TcpListener;
use std::process::{Command, Output};

use provider_simulator::{RunningSimulator, Service, Simulator, World};

use crate::commands::TempFile;
use crate::program::{Running, ask, get};

/// Both simulators, and the gateway as a process of its own. Async only where it starts: what a test does may block.
pub(super) struct Stand {
    pub(super) world: World,
    pub(super) url: String,
    pub(super) token: String,
    _simulators: [RunningSimulator; 2],
    config: TempFile,
    gateway: Option<Running>,
}

impl Stand {
    pub(super) async fn start() -> Self {
        let world = World::empty();
        let huddle01 = Simulator::huddle01(world.clone()).start().await.unwrap();
        let realtimekit = Simulator::realtimekit(world.clone()).start().await.unwrap();
        Self::over(world, huddle01.base_url().to_string(), [huddle01, realtimekit])
    }

    /// With a Huddle01 where nobody listens.
    pub(super) async fn without_huddle01() -> Self {
        let world = World::empty();
        let huddle01 = Simulator::huddle01(world.clone()).start().await.unwrap();
        let realtimekit = Simulator::realtimekit(world.clone()).start().await.unwrap();
        Self::over(world, format!("http://{}", free_address()), [huddle01, realtimekit])
    }

    fn over(world: World, huddle01_url: String, simulators: [RunningSimulator; 2]) -> Self {
        let listen = free_address();
        let config = TempFile::with(&format!(
            r#"
[server]
listen = "{listen}"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "tests"
audience = "rollcall"
hs256_secret = "canary-canary-canary-canary-canary"
[providers.huddle01]
kind = "huddle01"
api_key = "key"
base_url = "{huddle01_url}"
budget = {{ requests = 100000, per = "1s" }}
[providers.realtimekit]
kind = "realtimekit"
account_id = "a"
app_id = "b"
api_token = "token"
base_url = "{}"
budget = {{ requests = 100000, per = "1s" }}
[events]
poll_for = "100ms"
[log]
level = "error"
"#,
            simulators[1].base_url()
        ));
        let scope = "sessions:read sessions:moderate";
        let path = config.0.to_str().unwrap();
        let token = rollcall(&["token", "--config", path, "--sub", "me", "--scope", scope], &[]);
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        let mut stand =
            Self { world, url: format!("http://{listen}"), token, _simulators: simulators, config, gateway: None };
        stand.start_gateway();
        stand
    }

    /// Starts the gateway, and waits until it answers.
    pub(super) fn start_gateway(&mut self) {
        // Whatever it says is an error.
        let script = format!("exec {} serve --config {}", env!("CARGO_BIN_EXE_rollcall"), self.config.0.display());
        self.gateway = Some(Running::of(Command::new("sh").args(["-c", &script])));
        while std::net::TcpStream::connect(self.host()).is_err() {
            std::thread::yield_now();
        }
        assert!(get(&format!("{}/readyz", self.url)).starts_with("HTTP/1.1 200 OK"));
    }

    /// Kills the gateway: nobody is told anything.
    pub(super) fn kill_gateway(&mut self) {
        self.gateway = None;
    }

    fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Makes a live room at RealtimeKit.
    pub(super) fn room(&self, title: &str, people: &[&str]) -> String {
        let room = self.world.add_room(Service::RealtimeKit, title);
        self.world.start_session(&room).unwrap();
        for person in people {
            self.world.join(&room, *person).unwrap();
        }
        room
    }

    pub(super) fn kick_all(&self, room: &str) {
        let (host, token) = (self.host(), &self.token);
        let request = format!(
            "POST /v1/live-sessions/realtimekit/{room}/kick-all HTTP/1.1\r\nhost: {host}\r\n\
             authorization: Bearer {token}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        let answer = ask(host, &request);
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }

    /// `rollcall live` with these arguments, run to its end.
    pub(super) fn live(&self, arguments: &[&str]) -> Output {
        let arguments = [&["live"], arguments].concat();
        rollcall(&arguments, &[("ROLLCALL_URL", &self.url), ("ROLLCALL_TOKEN", &self.token)])
    }
}

/// An address where nobody listens.
pub(super) fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

pub(crate) fn rollcall(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(arguments).env_clear().envs(environment.iter().copied()).output().unwrap()
}

pub(super) fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}
