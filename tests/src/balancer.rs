//! HAProxy before replicas, as `deploy/` has it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::program::{find, free_port};

/// A running HAProxy. Ends when it is dropped.
#[derive(Debug)]
pub struct Balancer {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Balancer {
    /// Before these addresses; `None`, which is said on standard error, where there is no `haproxy`. With
    /// `ROLLCALL_REQUIRE_HAPROXY=1` that is a failure.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start<'a>(replicas: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let program = find(&["haproxy"], "ROLLCALL_REQUIRE_HAPROXY")?;
        let port = free_port();
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join("haproxy.cfg");
        let servers = replicas.into_iter().enumerate().map(|(n, address)| format!("  server replica{n} {address}\n"));
        std::fs::write(&file, configuration(port) + &servers.collect::<String>()).expect("a file in a new folder");
        let child = Command::new(program).arg("-f").arg(file).stdout(Stdio::null()).spawn().expect("it starts");
        let mut balancer = Self { child, port, _folder: folder };
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(balancer.child.try_wait().expect("a child").is_none(), "haproxy ended at once");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Some(balancer)
    }

    /// Where callers find it.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is in `deploy/`, on this port and without containers: the replicas are to be added at its end.
fn configuration(port: u16) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/replicas/haproxy.cfg");
    let text = std::fs::read_to_string(file).expect("readable");
    let (before, resolvers) = text.split_once("resolvers containers\n").expect("resolvers");
    let (_, after) = resolvers.split_once("\n\n").expect("what follows them");
    let after = after.replace(" port 9090 resolvers containers init-addr none", "");
    let after = after.replace("bind :8080", &format!("bind 127.0.0.1:{port}"));
    let lines = after.lines().filter(|line| !line.contains("server-template"));
    before.to_owned() + &lines.map(|line| format!("{line}\n")).collect::<String>()
}
