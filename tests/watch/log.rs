//! The log as JSON lines: one object each, whatever somebody sends; and nothing in it that is not for whoever runs the host.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::canary::at_work;
use crate::support::host::{Host, both};

both!(a_log_of_json_lines_is_objects_alone_and_tells_no_secret, a_log_for_people_has_a_line_for_each_event);

/// What would end a line, forge one or steer whoever reads it.
const HOSTILE: &[&str] = &[
    "\u{1b}[2Jx",
    "\u{1b}]0;t\u{7}",
    "\u{202e}gpj",
    "\u{2028}x",
    "\u{85}x",
    "\"}{\"level\":\"ERROR\"",
    "\\n\\r",
    "=1+1",
    "%0d%0aforged",
    "\u{9b}31m",
    "\u{feff}x",
    "\t=1",
];

/// Sends a request whose path, parameters and headers hold such a text, as they are.
fn send(host: &Host, text: &str) {
    let quoted: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for head in [
        format!(
            "GET /api/v1/stores/{quoted}/orders?tag={quoted} HTTP/1.1\r\nx-request-id: {text}\r\nuser-agent: {text}\r\n"
        ),
        format!(
            "POST /sign-in?next={quoted} HTTP/1.1\r\nx-request-id: a{text}\r\norigin: {text}\r\ncontent-length: 0\r\n"
        ),
        format!("GET /healthz HTTP/1.1\r\nx-request-id: {text}\r\nx-forwarded-for: {text}\r\n"),
    ] {
        let mut socket = TcpStream::connect(("127.0.0.1", host.port())).unwrap();
        let _ = socket.write_all(format!("{head}host: x\r\nconnection: close\r\n\r\n").as_bytes());
        let _ = socket.read_to_end(&mut Vec::new());
    }
}

fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn a_log_of_json_lines_is_objects_alone_and_tells_no_secret(mut host: Host) {
    let before = host.output().len();
    host.restart_with(&[("STOREHAND_LOG_FORMAT", "json"), ("RUST_LOG", "debug,sqlx=info")]);
    let secrets = at_work(&host);
    HOSTILE.iter().for_each(|text| send(&host, text));
    host.stop();
    let output = host.output();
    let log = &output[before..];
    let mut lines = 0;
    for line in log.split_terminator('\n') {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(!line.contains(is_dangerous), "{line:?}");
        assert!(event["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{line}");
        assert!(matches!(event["level"].as_str(), Some("TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR")), "{line}");
        assert!(event["target"].is_string() && event["fields"].is_object(), "{line}");
        assert!(!line.contains("\"level\":\"ERROR\"") || !line.contains("forged"), "{line}");
        lines += 1;
    }
    assert!(lines > 30 && log.contains("\"storehand serves http"), "{log}");
    secrets.are_not_in(log);
}

fn a_log_for_people_has_a_line_for_each_event(mut host: Host) {
    let before = host.output().len();
    host.restart_with(&[("STOREHAND_LOG_FORMAT", "text"), ("RUST_LOG", "debug,sqlx=info")]);
    let secrets = at_work(&host);
    HOSTILE.iter().for_each(|text| send(&host, text));
    host.stop();
    let output = host.output();
    let log = &output[before..];
    for line in log.split_terminator('\n').filter(|line| !line.contains("storehand serves")) {
        assert!(!line.contains(is_dangerous), "{line:?}");
        let level = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].iter().any(|level| line.contains(level));
        assert!(level && line.starts_with("20"), "no event of its own: {line:?}");
    }
    secrets.are_not_in(log);
}
