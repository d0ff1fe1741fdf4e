//! What the system keeps of a connection.

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// How many bytes the system holds for a client that gives no room for them, on a connection with an answer that goes on
/// by design. What is on its way is not among them: that is as much as the network takes.
const MAX_UNSENT: u32 = 16 * 1024;

/// A connection, plain or not.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The bare connection below.
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// From now on there is room for a write only while less than [`MAX_UNSENT`] wait to be sent. By default the system
/// keeps megabytes for whoever reads slowly.
pub(super) fn hold_little_back(socket: &TcpStream) {
    let socket = SockRef::from(socket);
    // One that refuses the option still works.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_notsent_lowat(MAX_UNSENT);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = socket.set_send_buffer_size(4 * MAX_UNSENT as usize);
}
