//! A request whose body comes late: the host has let its head in, and waits.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Longer than the host gives any request.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request that was let in and whose body is not here yet.
pub struct Slow {
    socket: TcpStream,
    body: Vec<u8>,
}

impl Slow {
    /// Sends the head. None if it was answered without waiting for the body: what it was answered with.
    pub fn begin(url: &str, token: &str, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Slow, u16> {
        let address = url.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).expect("the host listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).expect("the head is sent");
        // Asked for the body only once somebody has looked at who asks.
        match status(&mut socket) {
            100 => Ok(Slow { socket, body: body.to_owned() }),
            other => Err(other),
        }
    }

    /// Sends the body, and returns what the host answers: the status and the JSON.
    pub fn end(mut self) -> (u16, Value) {
        self.socket.write_all(&self.body).expect("the body is sent");
        let status = status(&mut self.socket);
        let mut rest = String::new();
        let _ = self.socket.read_to_string(&mut rest);
        let body = rest.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let json = body.find('{').zip(body.rfind('}')).and_then(|(from, to)| body.get(from..=to));
        (status, json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default())
    }
}

/// The status of the next answer; of `100 Continue`, all of it is read.
fn status(socket: &mut TcpStream) -> u16 {
    let mut line = Vec::new();
    let until = |line: &[u8], end: &[u8]| line.ends_with(end);
    while !until(&line, b"\r\n") {
        let mut byte = [0];
        assert_eq!(socket.read(&mut byte).expect("an answer"), 1, "closed after {:?}", String::from_utf8_lossy(&line));
        line.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&line);
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{text}"));
    if status == 100 {
        let mut end = [0; 2];
        socket.read_exact(&mut end).expect("the end of `100 Continue`");
    }
    status
}
