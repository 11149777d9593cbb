//! Lists written out by the host, as they come.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use ureq::Body;
use ureq::http::Response;

use super::stream::SILENCE;
use super::{Client, Failure, PATIENCE, problem, url};

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// A JSON object on each line.
    Ndjson,
}

impl Form {
    fn accept(self) -> &'static str {
        match self {
            Form::Csv => "text/csv",
            Form::Ndjson => "application/x-ndjson",
        }
    }
}

impl Client {
    /// Writes a whole list to standard output, as the host writes it. What breaks off in the middle is a failure.
    pub fn copy(&self, path: &str, query: &[(&str, Option<&str>)], form: Form) -> Result<(), Failure> {
        let request = self.request("GET", &format!("{}{}", self.at(path), url::query(query)));
        let request = request.header("accept", form.accept()).body(()).map_err(|error| self.unspeakable(&error))?;
        let request = self.agent.configure_request(request).timeout_recv_response(Some(PATIENCE));
        let request = request.timeout_per_read(Some(SILENCE)).build();
        let response = self.agent.run(request).map_err(|error| self.unreachable(&error))?;
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match response.status().is_success() {
            true if kind.starts_with(form.accept()) => self.write(response, io::stdout().lock()),
            true => Err(Failure::usage(format!("`{path}` is no list that the host writes out"))
                .help("name a list as in the address of the API, for example `orders`, `journal` or `usage/apps`")),
            false => self.read(response).map(drop),
        }
    }

    fn write(&self, response: Response<Body>, mut to: impl Write) -> Result<(), Failure> {
        let mut from = BufReader::new(response.into_body().into_reader());
        let broke_off = |error: io::Error| Failure::failed(format!("the answer of {} broke off: {error}", self.base));
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).map_err(broke_off)? > 0 {
            if let Some(failure) = problem::in_the_middle(&line) {
                return Err(failure);
            }
            match to.write_all(&line) {
                // Whoever reads has enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(|error| Failure::failed(format!("cannot write: {error}")))?,
            }
            line.clear();
        }
        Ok(())
    }
}
