//! Server-sent events, as the HTML standard reads them, of which the host sends `id`, `event` and `data`.

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use ureq::http::Response;
use ureq::{Body, BodyReader};

/// Without a word for so long, the connection counts as lost. The host sends a comment far more often.
pub(super) const SILENCE: Duration = Duration::from_secs(60);
/// Longest line; a run as JSON is far shorter.
const MAX_LINE: u64 = 4 << 20;

/// One message.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where to go on from after it.
    pub id: Option<String>,
    /// What kind of message.
    pub event: String,
    /// What it says.
    pub data: String,
}

/// A stream of messages. It ends when the connection does.
pub struct Events {
    lines: BufReader<BodyReader<'static>>,
}

impl Events {
    pub(super) fn read(response: Response<Body>) -> Events {
        Events { lines: BufReader::new(response.into_body().into_reader()) }
    }
}

impl Iterator for Events {
    type Item = Message;

    /// The next message; nothing once the connection is lost, for whatever reason.
    fn next(&mut self) -> Option<Message> {
        next(&mut self.lines)
    }
}

fn next(lines: &mut impl BufRead) -> Option<Message> {
    let mut message = Message::default();
    loop {
        let mut line = Vec::new();
        let read = lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).ok()?;
        // A line that was cut off is not a line.
        if read == 0 || line.pop() != Some(b'\n') {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\r').unwrap_or(&line);
        if line.is_empty() {
            if !message.data.is_empty() {
                message.data.pop();
                return Some(message);
            }
            message.event.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => message.id = Some(value.to_owned()),
            "event" => message.event = value.to_owned(),
            "data" => message.data += &format!("{value}\n"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_comments_are_not() {
        let text =
            ": hello\n\nid: 0.7\nevent: invocation\ndata: {\"a\":1}\n\ndata: one\r\ndata:two\r\n\r\nid: 9\ndata: cut";
        let mut lines = BufReader::new(text.as_bytes());
        let first = next(&mut lines).unwrap();
        assert_eq!(
            (first.id.as_deref(), first.event.as_str(), first.data.as_str()),
            (Some("0.7"), "invocation", "{\"a\":1}")
        );
        assert_eq!(next(&mut lines).unwrap().data, "one\ntwo");
        assert_eq!(next(&mut lines), None);
    }
}
