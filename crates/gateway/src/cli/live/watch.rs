//! What is live, as it changes.

use std::io::{self, Write};
use std::time::Duration;

use rollcall_client::events::{Follow, Followed, Follower, LiveSessions};
use session_provider::Clock;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::cli::Failure;
use crate::cli::live::access::Access;
use crate::cli::live::failing;
use crate::cli::live::line::line;
use crate::cli::live::moment::clock;
use crate::cli::live::order::LiveOrder;
use crate::cli::live::terminal::{Screen, Terminal};
use crate::cli::live::view::{Link, sentence, view};

/// The least time between two drawings: what happens at once is drawn at once.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// Why following ended.
enum WatchEnd {
    Failed(Failure),
    /// Nobody reads what is written, or it cannot be written.
    Output(io::Error),
}

impl From<io::Error> for WatchEnd {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Follows until it is told to stop, or until nobody reads.
pub(super) async fn watch(order: &LiveOrder, access: &Access) -> Result<(), Failure> {
    let follow = Follow::new(&access.url, access.tokens());
    let follower = order.provider.iter().fold(follow, |follow, id| follow.provider(id)).start();
    let ended = match Terminal::stdout().filter(|_| !order.json) {
        Some(terminal) => redraw(terminal, follower, &access.url).await,
        None if order.json => write_events(follower, &access.url).await,
        None => write_changes(follower, &access.url).await,
    };
    match ended {
        Ok(()) => Ok(()),
        Err(WatchEnd::Failed(failure)) => Err(failure),
        Err(WatchEnd::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(WatchEnd::Output(error)) => Err(Failure::running(format!("cannot write to standard output: {error}"))),
    }
}

fn now() -> i64 {
    Clock::system().now().unix_seconds()
}

/// On a terminal: the table, until Ctrl-C.
async fn redraw(terminal: Terminal, mut follower: Follower, url: &str) -> Result<(), WatchEnd> {
    let mut resized = signal(SignalKind::window_change())?;
    let mut stop = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    let mut screen = Screen::new(io::stdout().lock());
    let (mut live, mut link) = (LiveSessions::new(), Link::Connecting);
    // Ages, and the time until the next try.
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut is_old, mut next_drawing) = (true, Instant::now());
    loop {
        tokio::select! {
            followed = follower.next() => {
                match followed.map_err(|error| WatchEnd::Failed(failing::following(url, &error)))? {
                    Followed::Event(received) => is_old |= !live.apply(&received.event).is_empty(),
                    Followed::Connected => (link, is_old) = (Link::Connected, true),
                    Followed::Disconnected { why, wait } => {
                        let now = now();
                        let since = if let Link::Lost { since, .. } = link { since } else { now };
                        let again_at = now.saturating_add_unsigned(wait.as_secs_f64().ceil() as u64);
                        (link, is_old) = (Link::Lost { why, since, again_at }, true);
                    }
                    _ => {}
                }
            }
            _ = ticks.tick() => is_old = true,
            _ = resized.recv() => {
                screen.clear()?;
                is_old = true;
            }
            () = sleep_until(next_drawing), if is_old => {
                screen.draw(&view(url, &link, &live, now(), terminal.size()))?;
                (is_old, next_drawing) = (false, Instant::now() + DRAW_EVERY);
            }
            _ = stop.0.recv() => return Ok(()),
            _ = stop.1.recv() => return Ok(()),
            _ = stop.2.recv() => return Ok(()),
        }
    }
}

/// One line a change.
async fn write_changes(mut follower: Follower, url: &str) -> Result<(), WatchEnd> {
    let mut live = LiveSessions::new();
    let mut was_lost = false;
    loop {
        let lines = match next(&mut follower, url).await? {
            Followed::Event(received) => live.apply(&received.event).iter().filter_map(line).collect(),
            Followed::Connected if was_lost => vec!["connected again".to_owned()],
            Followed::Disconnected { why, wait } => {
                was_lost = true;
                vec![lost(&why, wait)]
            }
            _ => Vec::new(),
        };
        if !lines.is_empty() {
            let at = clock(now());
            let text: String = lines.iter().map(|line| format!("{at}  {line}\n")).collect();
            write(&text)?;
        }
    }
}

/// One event a line, as it came; what is no event goes to standard error.
async fn write_events(mut follower: Follower, url: &str) -> Result<(), WatchEnd> {
    let mut was_lost = false;
    loop {
        match next(&mut follower, url).await? {
            Followed::Event(received) => {
                let name = serde_json::Value::from(received.name);
                write(&format!("{{\"event\":{name},\"data\":{}}}\n", received.json))?;
            }
            // Nobody may be reading it.
            Followed::Connected if was_lost => drop(writeln!(io::stderr(), "connected again")),
            Followed::Disconnected { why, wait } => {
                was_lost = true;
                drop(writeln!(io::stderr(), "{}", lost(&why, wait)));
            }
            _ => {}
        }
    }
}

async fn next(follower: &mut Follower, url: &str) -> Result<Followed, WatchEnd> {
    follower.next().await.map_err(|error| WatchEnd::Failed(failing::following(url, &error)))
}

fn lost(why: &str, wait: Duration) -> String {
    format!("not connected, trying again in {:.1} s: {}", wait.as_secs_f64(), sentence(why))
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
