//! A way to a server that can be told what goes wrong on it.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// Every connection is closed, and so is every new one.
    Refuses,
    /// Nothing that is said arrives.
    Hangs,
    /// What the server says arrives so much later.
    Delays(Duration),
    /// What the server says arrives with other bytes in it.
    Corrupts,
}

/// Takes connections and hands them on to a server. Ends when it is dropped.
#[derive(Debug)]
pub struct FaultyLink {
    address: SocketAddr,
    fault: watch::Sender<Option<LinkFault>>,
    _taking: JoinSet<()>,
}

impl FaultyLink {
    /// To the server on this port of this machine. Nothing is wrong with it yet.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (fault, seen) = watch::channel(None);
        let mut taking = JoinSet::new();
        taking.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.expect("a connection");
                connections.spawn(hand_on(client, port, seen.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, fault, _taking: taking }
    }

    /// Where it takes connections.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What goes wrong from now on, on connections that are there too.
    pub fn set(&self, fault: Option<LinkFault>) {
        self.fault.send_replace(fault);
    }
}

async fn hand_on(client: TcpStream, port: u16, mut fault: watch::Receiver<Option<LinkFault>>) {
    let refuses = async {
        // An error says that the link has ended.
        let _ = fault.clone().wait_for(|fault| *fault == Some(LinkFault::Refuses)).await;
    };
    let handing = async {
        let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::select! {
            () = pass(from_client, to_server, fault.clone(), false) => {}
            () = pass(from_server, to_client, fault.clone(), true) => {}
        }
    };
    tokio::select! {
        () = refuses => {}
        () = handing => {}
    }
    fault.mark_unchanged();
}

/// Passes bytes on until either end closes.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut fault: watch::Receiver<Option<LinkFault>>,
    of_server: bool,
) {
    let mut bytes = vec![0; 16 * 1024];
    let mut passed = 0_usize;
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let Some(part) = bytes.get_mut(..read) else { return };
        let now = *fault.borrow_and_update();
        match now {
            Some(LinkFault::Hangs) => {
                // Swallowed; and whoever waits for the rest of it waits in vain.
                let _ = fault.wait_for(|fault| *fault != Some(LinkFault::Hangs)).await;
                return;
            }
            Some(LinkFault::Delays(time)) if of_server => tokio::time::sleep(time).await,
            Some(LinkFault::Corrupts) if of_server => {
                part.iter_mut()
                    .enumerate()
                    .filter(|(at, _)| (at + passed) % 7 == 3)
                    .for_each(|(_, byte)| *byte ^= 0x5a);
            }
            _ => {}
        }
        passed += read;
        if to.write_all(part).await.is_err() {
            return;
        }
    }
}
