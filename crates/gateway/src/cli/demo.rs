//! `rollcall demo`

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provider_simulator::{RunningSimulator, Simulator, World, run_demo_life};
use rand::RngCore;
use session_provider::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli::arguments::TokenOrder;
use crate::cli::reachable::reachable;
use crate::cli::runtime::run_to_the_end;
use crate::cli::{Failure, demo_guest, serve, token};
use crate::config::Config;
use crate::server::Listeners;
use crate::telemetry::{Exports, LineWriter, LogTarget, start_logs};

const SUBJECT: &str = "demo";
const SCOPES: &str = "sessions:read sessions:moderate";
const TOKEN_LIFE: Duration = Duration::from_secs(3600);

pub(super) fn run(listen: SocketAddr) -> Result<(), Failure> {
    run_to_the_end(demo(listen), &Exports::default())
}

async fn demo(listen: SocketAddr) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::running(format!("the demo cannot start: {error}"));
    let world = World::demo();
    let guest_room = demo_guest::arrive(&world).map_err(|error| failed(&error))?.unwrap_or_default();
    let huddle01 = Simulator::huddle01(world.clone()).start().await.map_err(|error| failed(&error))?;
    let realtimekit = Simulator::realtimekit(world.clone()).start().await.map_err(|error| failed(&error))?;
    let text = configuration(listen, &huddle01, &realtimekit);
    // Only what is written above: a demo is the same whatever the environment holds.
    let config = Config::parse(&text, Path::new(""), []).map_err(|error| failed(&error))?;
    let access_log = start_logs(&config.log, LogTarget::Stderr).map_err(|error| failed(&error))?;

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(run_demo_life(world.clone(), stop.clone().cancelled_owned()));
    tasks.spawn(demo_guest::keep_coming(world, guest_room.clone(), stop.clone()));
    tasks.close();

    let order = TokenOrder {
        config: "demo".into(),
        sub: SUBJECT.to_owned(),
        scope: SCOPES.to_owned(),
        issuer: None,
        providers: None,
        ttl: TOKEN_LIFE,
        key: None,
        kid: None,
        algorithm: None,
    };
    let token = token::sign(&order, &config, Clock::system())?;
    // Queued, like the audit lines that follow it: whoever does not read it must not keep us from serving and ending.
    let mut webhooks = None;
    let greet = |listeners: &Listeners| {
        let api = format!("http://{}", reachable(listeners.public_addr));
        let send = |simulator: &RunningSimulator, id| simulator.send_webhooks(&format!("{api}/v1/webhooks/{id}"));
        // The URL is one of ours: it can be sent to.
        webhooks = Some([send(&huddle01, "huddle01"), send(&realtimekit, "realtimekit")]);
        LineWriter::stdout().line(welcome(listeners, &token, &guest_room).as_bytes());
    };
    let result = serve::gateway(&config, access_log, &Exports::default(), greet).await.map_err(|failure| {
        let taken = failure.to_string().starts_with("server.listen");
        if taken { Failure::running(format!("{failure}\nTry: rollcall demo --listen 127.0.0.1:0")) } else { failure }
    });
    stop.cancel();
    tasks.wait().await;
    drop(webhooks);
    huddle01.shutdown().await;
    realtimekit.shutdown().await;
    result
}

fn configuration(listen: SocketAddr, huddle01: &RunningSimulator, realtimekit: &RunningSimulator) -> String {
    let mut secret = [0; 48];
    rand::rng().fill_bytes(&mut secret);
    let secret = URL_SAFE_NO_PAD.encode(secret);
    format!(
        "[server]\nlisten = \"{listen}\"\nadmin_listen = \"127.0.0.1:0\"\n\
         [auth]\nissuer = \"rollcall-demo\"\naudience = \"rollcall\"\nhs256_secret = \"{secret}\"\n\
         [providers.huddle01]\nkind = \"huddle01\"\napi_key = \"demo\"\nwebhooks = {{}}\n\
         base_url = \"{}\"\n\
         [providers.realtimekit]\nkind = \"realtimekit\"\naccount_id = \"demo\"\napp_id = \"demo\"\n\
         api_token = \"demo\"\nwebhooks = {{ public_key_url = \"{}/.well-known/webhooks.json\" }}\n\
         base_url = \"{}\"\n\
         [log]\nformat = \"pretty\"\nlevel = \"warn\"\n",
        huddle01.base_url(),
        realtimekit.origin(),
        realtimekit.base_url(),
    )
}

fn welcome(listeners: &Listeners, token: &str, room: &str) -> String {
    let (api, admin) = (format!("http://{}", reachable(listeners.public_addr)), listeners.admin_addr);
    let curl = "curl -sS -H \"Authorization: Bearer $TOKEN\"";
    let guest = demo_guest::CUSTOM_ID;
    // This very program: it need not be on anybody's path.
    let rollcall = std::env::current_exe().ok().and_then(|path| path.to_str().map(|path| format!("'{path}'")));
    let rollcall = rollcall.unwrap_or_else(|| "rollcall".to_owned());
    format!(
        "Rollcall is running with two simulated providers. Paste this first (valid for an hour):\n\n\
         export TOKEN={token}\n\
         export ROLLCALL_URL={api} ROLLCALL_TOKEN=$TOKEN\n\n\
         # what is live, everywhere\n\
         {curl} {api}/v1/live-sessions\n\n\
         # one live session\n\
         {curl} {api}/v1/live-sessions/realtimekit/{room}\n\n\
         # who is in it\n\
         {curl} {api}/v1/live-sessions/realtimekit/{room}/participants\n\n\
         # remove the rowdy guest (who comes back after some seconds)\n\
         {curl} -H 'Content-Type: application/json' -d '{{\"custom_participant_ids\":[\"{guest}\"]}}' \
         {api}/v1/live-sessions/realtimekit/{room}/kick\n\n\
         # what is live, here, as it changes\n\
         ROLLCALL_TOKEN=$TOKEN {rollcall} live --watch --url {api}\n\n\
         The board, signed in:  {api}/#token={token}\n\
         Docs to read and try:  {api}/docs\n\
         Metrics:               http://{admin}/metrics\n\
         Ctrl-C ends it.\n"
    )
}
