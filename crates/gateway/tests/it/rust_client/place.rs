//! Where the client calls: a demo, and a gateway whose providers cannot be reached.

use rollcall_client::Client;

use crate::commands::TempFile;
use crate::live::stand::rollcall;
use crate::program::Running;

/// A running gateway, and a token for it.
pub(super) struct Place {
    pub(super) url: String,
    pub(super) token: String,
    _program: Running,
}

impl Place {
    /// Both providers, simulated. The token may do everything.
    pub(super) fn demo() -> Self {
        let mut program = Running::start(&["demo", "--listen", "127.0.0.1:0"]);
        let said = program.until("Ctrl-C");
        let after = |start: &str| said.lines().find_map(|line| line.strip_prefix(start)).unwrap().trim().to_owned();
        let url = after("Docs to read and try:").strip_suffix("/docs").unwrap().to_owned();
        Self { url, token: after("export TOKEN="), _program: program }
    }

    /// Providers at a port where nobody listens. The token may only read.
    pub(super) fn cut_off() -> Self {
        let config = TempFile::with(
            r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "tests"
audience = "rollcall"
hs256_secret = "canary-canary-canary-canary-canary"
[providers.huddle01]
kind = "huddle01"
api_key = "key"
base_url = "http://127.0.0.1:9/"
"#,
        );
        let path = config.0.to_str().unwrap();
        let token = rollcall(&["token", "--config", path, "--sub", "reader", "--scope", "sessions:read"], &[]);
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        let mut program = Running::start(&["serve", "--config", path]);
        let said = program.until(r#""listen":"#);
        let (_, listen) = said.split_once(r#""listen":""#).unwrap();
        let url = format!("http://{}", listen.split('"').next().unwrap());
        Self { url, token, _program: program }
    }

    pub(super) fn client(&self) -> Client {
        rollcall_client::connect(&self.url, &self.token).unwrap()
    }
}
