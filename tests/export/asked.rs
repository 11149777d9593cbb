//! How these stories ask: for a list in some form, at once or as slowly as they like.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use crate::support::host::Host;
use crate::support::person::Person;

pub const CSV: &str = "text/csv";
pub const NDJSON: &str = "application/x-ndjson";

/// What the host answered.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub kind: String,
    /// All of the body that came.
    pub text: String,
    /// Whether it ended as it should.
    pub whole: bool,
}

/// The address of a list in somebody's store.
pub fn path(person: &Person, list: &str) -> String {
    if list.starts_with('/') { list.to_owned() } else { format!("/api/v1/stores/{}/{list}", person.store()) }
}

/// A list in that form.
pub fn ask(host: &Host, person: &Person, list: &str, accept: &str) -> Got {
    let config = Agent::config_builder().http_status_as_error(false).proxy(None).max_idle_connections(0);
    let agent = config.timeout_global(Some(Duration::from_secs(120))).build().new_agent();
    let request = Request::builder().uri(format!("{}{}", host.url(), path(person, list))).header("accept", accept);
    let request = match person.token() {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    let mut response = agent.run(request.body(()).unwrap()).expect("the host answers");
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
    let (status, mut bytes) = (response.status().as_u16(), Vec::new());
    let whole = response.body_mut().as_reader().read_to_end(&mut bytes).is_ok();
    Got { status, kind, text: String::from_utf8(bytes).expect("UTF-8"), whole }
}

impl Got {
    /// The rows of a whole CSV, the header among them, as a strict reader of RFC 4180 finds them.
    #[track_caller]
    pub fn rows(&self) -> Vec<Vec<String>> {
        assert_eq!((self.status, self.whole), (200, true), "{}", self.text);
        assert!(self.kind.starts_with("text/csv"), "{}", self.kind);
        rows(&self.text)
    }

    /// The objects of whole JSON lines.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        assert_eq!((self.status, self.whole), (200, true), "{}", self.text);
        assert_eq!(self.kind, NDJSON);
        assert!(self.text.is_empty() || self.text.ends_with('\n'));
        self.text.split_terminator('\n').map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

/// What RFC 4180 says of a text; anything it does not allow fails the test.
#[track_caller]
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut chars) = (Vec::new(), Vec::new(), text.chars().peekable());
    assert!(text.ends_with("\r\n"), "the last row has an end");
    while chars.peek().is_some() {
        let mut cell = String::new();
        if chars.next_if_eq(&'"').is_some() {
            loop {
                match chars.next().expect("a quoted cell ends") {
                    '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                    '"' => break,
                    c => cell.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '\r' | '\n')) {
                assert_ne!(c, '"', "a quote within a cell that has none around it");
                cell.push(c);
            }
        }
        row.push(cell);
        match chars.next() {
            Some(',') => {}
            Some('\r') => {
                assert_eq!(chars.next(), Some('\n'), "a row ends with CR and LF");
                rows.push(std::mem::take(&mut row));
            }
            other => panic!("{other:?} after a cell"),
        }
    }
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row has as many cells");
    rows
}

/// A list that is read as slowly as somebody likes.
pub struct Slowly(TcpStream);

impl Slowly {
    /// Asks, and reads nothing yet.
    pub fn ask(host: &Host, person: &Person, list: &str, accept: &str) -> Slowly {
        let mut socket = TcpStream::connect(("127.0.0.1", host.port())).expect("the host listens");
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let head = format!(
            "GET {} HTTP/1.1\r\nhost: storehand\r\nauthorization: Bearer {}\r\naccept: {accept}\r\nconnection: close\r\n\r\n",
            path(person, list),
            person.token().expect("a token"),
        );
        socket.write_all(head.as_bytes()).unwrap();
        Slowly(socket)
    }

    /// So many bytes.
    pub fn read(&mut self, bytes: usize) -> Vec<u8> {
        let mut read = vec![0; bytes];
        self.0.read_exact(&mut read).expect("there is so much");
        read
    }

    /// Everything else, until the connection ends.
    pub fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest);
        rest
    }
}

/// Puts so many entries into the audit log of the host's store, each with a detail of some bytes.
pub fn entries(host: &Host, n: usize, bytes: usize) {
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <";
    crate::support::tables::execute(
        host,
        &format!(
            "INSERT INTO audit (store, id, actor, act, subject, detail, at) {rows} {n}) \
             SELECT '{}', 'aud_000000000000000000000' || CAST(10000000000 + i AS TEXT), 'host', 'test.entry', 'n' || CAST(i AS TEXT), \
             '{{\"filler\":\"{}\"}}', 1000 + i FROM n",
            host.store(),
            "x".repeat(bytes),
        ),
    );
}
