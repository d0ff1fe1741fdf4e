//! A replica that is a process of its own, so that it can be killed.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Setup, Stack};

/// Names the configuration to the process.
const CONFIG: &str = "ROLLCALL_TESTS_REPLICA";

/// The whole program, in front of a stack's simulators. Ends when it is dropped.
#[derive(Debug)]
pub struct ReplicaProcess {
    test: &'static str,
    child: Child,
    /// Of the public and of the admin listener.
    addresses: [String; 2],
    client: reqwest::Client,
    folder: TempDir,
}

impl ReplicaProcess {
    /// The process is the running test program itself, of which it runs the ignored test of this name: one that calls
    /// [`serve`](Self::serve).
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(test: &'static str, stack: &Stack, setup: &Setup) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let text = setup.configuration(&stack.huddle01, &stack.realtimekit, &folder.path().join("audit.jsonl"));
        std::fs::write(folder.path().join("rollcall.toml"), text).expect("a file in a new folder");
        let addresses = ["127.0.0.1:0", "127.0.0.1:0"].map(ToOwned::to_owned);
        let client = crate::stack::plain_client();
        let mut replica = Self { test, child: spawn(test, &folder, &addresses), addresses, client, folder };
        replica.serves().await;
        replica
    }

    /// Kills it, as nothing that it could do would stop.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again where it was.
    pub async fn restart(&mut self) {
        self.kill();
        self.child = spawn(self.test, &self.folder, &self.addresses);
        self.serves().await;
    }

    /// The address of the public listener.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.addresses[0]
    }

    /// Waits until it shares what it knows with other replicas, or does not.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn shares(&self, shares: bool) {
        let wanted = format!("rollcall_cluster_up {}", u8::from(shares));
        let waiting = async {
            while !self.metrics().await.lines().any(|line| line == wanted) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap_or_else(|_| panic!("never: {wanted}"));
    }

    /// What it measures.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn metrics(&self) -> String {
        let answer = self.client.get(format!("http://{}/metrics", self.addresses[1])).send().await;
        answer.expect("the admin listener").text().await.expect("a whole answer")
    }

    /// Is the replica: to be called by the test that is named to [`start`](Self::start), and by nothing else.
    ///
    /// # Panics
    /// When it was not started so.
    #[must_use]
    pub fn serve() -> ExitCode {
        let config = std::env::var_os(CONFIG).expect("started by another test");
        let arguments = ["rollcall", "serve", "--config"].map(OsString::from).into_iter().chain([config]);
        let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLLCALL__"));
        gateway::cli::run(arguments, ours)
    }

    /// Waits until it says where it serves.
    async fn serves(&mut self) {
        loop {
            let said = std::fs::read_to_string(log(&self.folder)).expect("a file that was made");
            let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(line) = lines.into_iter().find(|line| line["message"] == "serving") {
                let address = |name: &str| line[name].as_str().expect("an address").to_owned();
                self.addresses = [address("listen"), address("admin_listen")];
                return;
            }
            assert!(self.child.try_wait().expect("a child").is_none(), "it ended at once: {said}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for ReplicaProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

fn log(folder: &TempDir) -> PathBuf {
    folder.path().join("log")
}

fn spawn(test: &str, folder: &TempDir, [listen, admin_listen]: &[String; 2]) -> Child {
    let own = std::env::current_exe().expect("this test's binary");
    let log = File::create(log(folder)).expect("a file in our folder");
    Command::new(own)
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(CONFIG, folder.path().join("rollcall.toml"))
        .env("ROLLCALL__SERVER__LISTEN", listen)
        .env("ROLLCALL__SERVER__ADMIN_LISTEN", admin_listen)
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}
