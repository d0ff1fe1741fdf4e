//! `rollcall health`
//!
//! By hand over one socket: an image holds no other client, and ours is for providers.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::cli::Failure;
use crate::cli::reachable::reachable;

/// How long the gateway may take to accept, and again to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The status line is within this.
const MAX_HEAD: u64 = 512;

pub(super) fn run(admin: SocketAddr) -> Result<String, Failure> {
    let admin = reachable(admin);
    match status(admin) {
        Ok(Some(200)) => Ok("ready\n".to_owned()),
        Ok(Some(status)) => Err(Failure::running(format!("not ready: http://{admin}/readyz answers {status}"))),
        Ok(None) => {
            Err(Failure::running(format!("not ready: what answers at {admin} is not a gateway's admin listener")))
        }
        Err(error) => Err(Failure::running(format!("not ready: {admin} does not answer: {error}"))),
    }
}

/// The status of `/readyz`; `None` when the answer is not HTTP.
fn status(admin: SocketAddr) -> io::Result<Option<u16>> {
    let mut socket = TcpStream::connect_timeout(&admin, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    write!(socket, "GET /readyz HTTP/1.1\r\nhost: {admin}\r\nconnection: close\r\n\r\n")?;
    let mut head = Vec::new();
    let mut chunk = [0; 128];
    let mut answer = socket.take(MAX_HEAD);
    while !head.contains(&b'\n') {
        match answer.read(&mut chunk)? {
            0 => break,
            read => head.extend_from_slice(&chunk[..read]),
        }
    }
    let line = head.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3));
    Ok(line.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Ok("ready\n"))]
    #[case("HTTP/1.1 503 Service Unavailable\r\n\r\n", Err("answers 503"))]
    #[case("SSH-2.0-OpenSSH_9.2\r\n", Err("not a gateway"))]
    #[case("", Err("not a gateway"))]
    fn the_status_decides(#[case] answer: &'static str, #[case] expected: Result<&str, &str>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let admin = listener.local_addr().unwrap();
        let gateway = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                socket.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            socket.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(asked).unwrap()
        });
        let told = run(admin).map_err(|failure| failure.to_string());
        assert!(gateway.join().unwrap().starts_with("GET /readyz HTTP/1.1\r\n"));
        match (told, expected) {
            (Ok(told), Ok(expected)) => assert_eq!(told, expected),
            (Err(told), Err(expected)) => assert!(told.contains(expected), "{told}"),
            (told, expected) => panic!("{told:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn where_nobody_listens_nothing_is_ready() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(run(free).unwrap_err().to_string().contains("does not answer"));
    }
}
