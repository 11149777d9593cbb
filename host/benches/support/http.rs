//! Answers of HTTP/1.1 from a connection that stays open, read without allocating once the buffers have grown.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;

/// Reads an answer whose length its head tells, and returns its status. `line` is room for a line of the head.
pub fn answer(stream: &mut BufReader<TcpStream>, line: &mut String, body: &mut Vec<u8>) -> anyhow::Result<u16> {
    let (mut length, mut status) = (0, None);
    loop {
        line.clear();
        anyhow::ensure!(stream.read_line(line)? > 0, "the connection was closed");
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
            status = rest.get(..3).and_then(|code| code.parse().ok());
        }
        if let Some(value) = text.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    body.resize(length, 0);
    stream.read_exact(body)?;
    status.ok_or_else(|| anyhow::anyhow!("an answer without a status"))
}
