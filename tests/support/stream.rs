//! Server-sent events, message by message.

use std::io::{BufRead, BufReader, Lines, Read};

use serde_json::Value;

/// One message of a stream.
#[derive(Debug)]
pub struct Message {
    /// What to send as `last-event-id` to go on after it.
    pub id: String,
    /// What kind of message it is.
    pub event: String,
    /// What it says.
    pub data: Value,
}

/// A stream of messages. Comments, which keep the connection open, are left out.
pub struct Stream(Lines<BufReader<Box<dyn Read>>>);

impl Stream {
    /// Messages read from here.
    pub fn new(from: impl Read + 'static) -> Stream {
        let from: Box<dyn Read> = Box::new(from);
        Stream(BufReader::new(from).lines())
    }

    /// Waits for the next message.
    #[track_caller]
    pub fn message(&mut self) -> Message {
        self.next().expect("the stream ended")
    }
}

impl Iterator for Stream {
    type Item = Message;

    fn next(&mut self) -> Option<Message> {
        let (mut id, mut event, mut data) = (String::new(), String::new(), String::new());
        for line in &mut self.0 {
            let line = line.expect("the next line comes in time");
            match line.split_once(':').map(|(name, text)| (name, text.trim_start())) {
                Some(("id", text)) => id = text.to_owned(),
                Some(("event", text)) => event = text.to_owned(),
                Some(("data", text)) => data += text,
                None if line.is_empty() && !event.is_empty() => {
                    // To programs they say JSON, to pages a piece of the page.
                    let data = serde_json::from_str(&data).unwrap_or(Value::String(data));
                    return Some(Message { id, event, data });
                }
                _ => {}
            }
        }
        None
    }
}
