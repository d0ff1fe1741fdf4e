//! What every case needs: the binaries, the upstream, a folder, and how to start contestants.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::answer::Answer;
use crate::arguments::{PeerKind, RunOrder};
use crate::cases;
use crate::http::Request;
use crate::rollcall::Setup;
use crate::server::{LOAD_CORE, SERVER_CORE, Server, free_port, free_ports};
use crate::tokens::SECRET;
use crate::upstream::Asked;
use crate::{table, upstream};

pub(crate) struct Bench {
    pub(crate) rounds: usize,
    pub(crate) seconds: u64,
    /// The binaries under test, each with the name it has in the table.
    pub(crate) binaries: Vec<(&'static str, PathBuf)>,
    upstream: Server,
    folder: TempDir,
    made: AtomicUsize,
    this: PathBuf,
}

pub(crate) async fn run(order: &RunOrder) -> Result<()> {
    let cases = cases::chosen(&order.cases)?;
    raise_descriptor_limit();
    let bench = Bench::start(order).await?;
    println!("{}", table::HEAD.trim_end());
    for case in cases {
        for line in case(&bench).await? {
            println!("{}", line.markdown());
        }
    }
    Ok(())
}

/// Two for each stream of the case that has most, and some.
const MOST_DESCRIPTORS: u64 = 65_536;

/// Thousands of connections need as many descriptors, here and in what is started from here.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Beyond the maximum for those who may; a lower limit shows as failed requests in the table.
    let most = limit.maximum.map(|maximum| maximum.max(MOST_DESCRIPTORS));
    for most in [most, limit.maximum] {
        if setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).is_ok() {
            break;
        }
    }
}

/// Moves this process, which is load itself in some cases, to these cores.
async fn keep_to(cores: &str) -> Result<()> {
    let mut command = Command::new("taskset");
    command.args(["-a", "-c", "-p", cores, &std::process::id().to_string()]).stdout(Stdio::null());
    let status = command.status().await.context("cannot run taskset")?;
    ensure!(status.success(), "taskset: {status}");
    Ok(())
}

impl Bench {
    /// Starts the upstream, and leaves the servers' core to the servers.
    pub(crate) async fn start(order: &RunOrder) -> Result<Self> {
        keep_to(LOAD_CORE).await?;
        let this = std::env::current_exe()?;
        let mut binaries = vec![("rollcall", order.rollcall.clone())];
        binaries.extend(order.before.clone().map(|before| ("rollcall before", before)));
        for (_, binary) in &binaries {
            ensure!(binary.is_file(), "{} is not there: build it, or say --rollcall", binary.display());
        }
        let port = free_port()?;
        let program = vec![this.clone().into(), "upstream".into(), "--listen".into(), address(port)];
        let mut upstream = Server::spawn(port, LOAD_CORE, 1, program)?;
        upstream.ready().await?;
        let folder = TempDir::new()?;
        let (rounds, seconds) = (order.rounds, order.seconds);
        Ok(Self { rounds, seconds, binaries, upstream, folder, made: AtomicUsize::new(0), this })
    }

    /// A path in the folder of this run that was not given before.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{}-{name}", self.made.fetch_add(1, Ordering::Relaxed)))
    }

    /// Starts a gateway and waits until it is ready.
    pub(crate) async fn rollcall(&self, binary: &Path, setup: &Setup) -> Result<Server> {
        ready(self.start_rollcall(binary, setup)?).await
    }

    /// The same on other cores, with so many worker threads.
    pub(crate) async fn rollcall_on(
        &self,
        binary: &Path,
        setup: &Setup,
        cores: &str,
        workers: usize,
    ) -> Result<Server> {
        ready(self.start_rollcall_on(binary, setup, cores, workers)?).await
    }

    /// Starts a gateway.
    pub(crate) fn start_rollcall(&self, binary: &Path, setup: &Setup) -> Result<Server> {
        self.start_rollcall_on(binary, setup, SERVER_CORE, 1)
    }

    fn start_rollcall_on(&self, binary: &Path, setup: &Setup, cores: &str, workers: usize) -> Result<Server> {
        let [listen, admin] = free_ports()?;
        let file = self.path("rollcall.toml");
        std::fs::write(&file, setup.toml(listen, admin, &self.upstream.origin))?;
        let program = vec![binary.into(), "serve".into(), "--config".into(), file.into()];
        Ok(Server::spawn(listen, cores, workers, program)?.with_admin(admin))
    }

    /// Starts a peer that sends this answer, and waits until it is ready.
    pub(crate) async fn peer(&self, kind: PeerKind, answer: Option<&Answer>) -> Result<Server> {
        ready(self.start_peer(kind, answer)?).await
    }

    /// Starts a peer that sends this answer.
    pub(crate) fn start_peer(&self, kind: PeerKind, answer: Option<&Answer>) -> Result<Server> {
        let port = free_port()?;
        let mut program: Vec<OsString> = vec![self.this.clone().into(), "peer".into()];
        program.push(format!("{kind:?}").to_lowercase().into());
        program.extend(["--listen".into(), address(port), "--secret".into(), SECRET.into()]);
        program.extend(["--upstream".into(), self.upstream.origin.clone().into()]);
        if let Some(answer) = answer {
            let folder = self.path("answer");
            answer.save(&folder)?;
            program.extend(["--answer".into(), folder.into()]);
        }
        Server::spawn(port, SERVER_CORE, 1, program)
    }

    /// What the upstream was asked for so far.
    pub(crate) async fn asked(&self) -> Result<Asked> {
        let answer = Request::get(upstream::ASKED).send(&self.upstream.origin).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

fn address(port: u16) -> OsString {
    format!("127.0.0.1:{port}").into()
}

async fn ready(mut server: Server) -> Result<Server> {
    server.ready().await?;
    Ok(server)
}
