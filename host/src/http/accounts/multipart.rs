//! A form with a file in it, read as it arrives (RFC 7578). Whoever sends it controls every byte, how many there are, and
//! where one piece of them ends and the next begins.
//!
//! INVARIANT: of a form no more is in memory than one piece of it and the head of one part.

use crate::http::Problem;
use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt as _;

/// What the type of such a form begins with.
pub(super) const KIND: &str = "multipart/form-data";
/// Longest boundary, in bytes (RFC 2046, 5.1.1).
const MAX_BOUNDARY: usize = 70;
/// Longest head of a part, in bytes: browsers write the name of the file into it.
const MAX_HEAD: usize = 4 * 1024;

/// Where reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first part.
    Start,
    /// Within a part.
    Part,
    /// Behind what ends a part.
    Between,
    /// Behind the last part.
    End,
}

/// The form.
pub(super) struct Multipart {
    body: BodyDataStream,
    /// What has arrived and was not handed on.
    held: Vec<u8>,
    /// What ends a part.
    end: Vec<u8>,
    place: Place,
}

fn unreadable() -> Problem {
    Problem::bad_request("bad_body", "the form cannot be read; open its page again")
}

fn cut_off() -> Problem {
    Problem::bad_request("bad_body", "the form did not arrive whole; send it again")
}

impl Multipart {
    /// A form of this type.
    pub(super) fn new(kind: &str, body: Body) -> Result<Multipart, Problem> {
        let boundary =
            kind.split(';').find_map(|part| part.trim().strip_prefix("boundary=")).map(|b| b.trim_matches('"'));
        let fits = |boundary: &&str| {
            (1..=MAX_BOUNDARY).contains(&boundary.len()) && boundary.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let boundary = boundary.filter(fits).ok_or_else(unreadable)?;
        // The first part begins as if another had ended.
        let (held, end) = (b"\r\n".to_vec(), format!("\r\n--{boundary}").into_bytes());
        Ok(Multipart { body: body.into_data_stream(), held, end, place: Place::Start })
    }

    /// The name of the next part; none behind the last.
    pub(super) async fn part(&mut self) -> Result<Option<String>, Problem> {
        while self.piece().await?.is_some() {}
        if self.place == Place::Start {
            while self.held.len() < self.end.len() {
                self.more().await?;
            }
            if !self.held.starts_with(&self.end) {
                return Err(unreadable());
            }
            self.held.drain(..self.end.len());
            self.place = Place::Between;
        }
        loop {
            if self.place == Place::End || self.held.starts_with(b"--") {
                self.place = Place::End;
                return Ok(None);
            }
            if let Some(at) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                let head: Vec<u8> = self.held.drain(..at + 4).collect();
                self.place = Place::Part;
                return name(&head).map(Some).ok_or_else(unreadable);
            }
            if self.held.len() > MAX_HEAD {
                return Err(unreadable());
            }
            self.more().await?;
        }
    }

    /// The next piece of the part; none behind its last.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        while self.place == Place::Part {
            let whole = self.found();
            // The end of the part may have arrived in part.
            let ready = whole.unwrap_or_else(|| self.held.len().saturating_sub(self.end.len() - 1));
            if ready > 0 {
                return Ok(Some(self.held.drain(..ready).collect()));
            }
            match whole {
                Some(_) => {
                    self.held.drain(..self.end.len());
                    self.place = Place::Between;
                }
                None => self.more().await?,
            }
        }
        Ok(None)
    }

    /// All of the part, which is a text of at most so many bytes.
    pub(super) async fn text(&mut self, most: usize) -> Result<String, Problem> {
        let mut text = Vec::new();
        while let Some(piece) = self.piece().await? {
            text.extend_from_slice(&piece);
            if text.len() > most {
                return Err(unreadable());
            }
        }
        String::from_utf8(text).map_err(|_| unreadable())
    }

    /// Reads what is left, so that whoever still sends reads the answer; at most so many bytes of it.
    pub(super) async fn drain(&mut self, most: usize) {
        let mut read = 0usize;
        while read <= most {
            match self.body.next().await {
                Some(Ok(piece)) => read = read.saturating_add(piece.len()),
                Some(Err(_)) | None => return,
            }
        }
    }

    /// Where the part ends, if that has arrived.
    fn found(&self) -> Option<usize> {
        let mut from = 0;
        while let Some(at) = self.held.get(from..)?.iter().position(|byte| *byte == b'\r') {
            if self.held.get(from + at..)?.starts_with(&self.end) {
                return Some(from + at);
            }
            from += at + 1;
        }
        None
    }

    async fn more(&mut self) -> Result<(), Problem> {
        match self.body.next().await {
            Some(Ok(piece)) => self.held.extend_from_slice(&piece),
            Some(Err(_)) | None => return Err(cut_off()),
        }
        Ok(())
    }
}

/// The name of a part, as its head says it.
fn name(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let says = |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition:");
    let line = head.split("\r\n").find(says)?;
    line.split(';').find_map(|word| word.trim().strip_prefix("name=\"")?.strip_suffix('"')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const FORM: &str = "--x-y\r\nContent-Disposition: form-data; name=\"_form\"\r\n\r\nmark\r\n--x-y\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"a.wasm\"\r\nContent-Type: application/wasm\r\n\r\n\
        \0asm\r\n--x-z\r\r\n--x\r\n--x-y--\r\n";

    fn form(text: &str, size: usize) -> Multipart {
        let pieces: Vec<_> = text.as_bytes().chunks(size).map(|piece| Ok::<_, Infallible>(piece.to_vec())).collect();
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        Multipart::new("multipart/form-data; boundary=x-y", body).unwrap()
    }

    #[tokio::test]
    async fn a_form_is_read_the_same_in_whatever_pieces_it_arrives() {
        for size in 1..=FORM.len() {
            let mut form = form(FORM, size);
            assert_eq!(form.part().await.unwrap().as_deref(), Some("_form"));
            assert_eq!(form.text(4).await.unwrap(), "mark");
            assert_eq!(form.part().await.unwrap().as_deref(), Some("file"));
            assert_eq!(form.text(100).await.unwrap(), "\0asm\r\n--x-z\r\r\n--x", "in pieces of {size}");
            assert_eq!(form.part().await.unwrap(), None);
            assert_eq!(form.part().await.unwrap(), None);
        }
    }

    #[tokio::test]
    async fn a_form_that_ends_early_or_has_a_head_without_end_is_refused() {
        for end in 1..FORM.len() - 4 {
            let mut form = form(FORM.get(..end).unwrap(), 16);
            let mut read = async || {
                while form.part().await?.is_some() {}
                Ok::<_, Problem>(())
            };
            assert!(read().await.is_err(), "cut off at {end}");
        }
        assert!(form("--x-y\r\nno name\r\n\r\n", 8).part().await.is_err());
        assert!(form("something --x-y\r\n", 8).part().await.is_err());
        assert!(form(&format!("--x-y\r\n{}", "a".repeat(2 * MAX_HEAD)), 512).part().await.is_err());
        let mut long = form(FORM, 64);
        long.part().await.unwrap();
        assert!(long.text(3).await.is_err());
        for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a b"] {
            assert!(Multipart::new(kind, Body::empty()).is_err(), "{kind}");
        }
    }
}
