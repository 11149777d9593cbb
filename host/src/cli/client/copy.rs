//! Lists written out by the host, as they come.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
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

/// What a line of an archive is, and if it is the last, why.
#[derive(Deserialize)]
struct Last {
    is: String,
    #[serde(default)]
    problem: Option<Value>,
    #[serde(default)]
    after: Option<String>,
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

    /// Writes an archive into a new file that nobody else can read. What breaks off in the middle is a failure, which says
    /// where to go on. How many lines there are.
    pub fn save(&self, path: &str, query: &[(&str, Option<&str>)], file: &Path) -> Result<u64, Failure> {
        use std::os::unix::fs::OpenOptionsExt;
        let shown = file.display();
        if file.exists() {
            return Err(Failure::failed(format!("cannot make `{shown}`: there is such a file")).help("name another"));
        }
        let request = self.request("POST", &format!("{}{}", self.at(path), url::query(query)));
        let request =
            request.header("content-type", "application/json").body(()).map_err(|error| self.unspeakable(&error))?;
        let request = self.agent.configure_request(request).timeout_recv_response(Some(PATIENCE));
        let request = request.timeout_per_read(Some(SILENCE)).build();
        let response = self.agent.run(request).map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return self.read(response).map(|_| 0);
        }
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        let mut to = made.map_err(|error| Failure::failed(format!("cannot make `{shown}`: {error}")))?;
        let (mut from, mut line, mut lines) = (BufReader::new(response.into_body().into_reader()), Vec::new(), 0);
        let failed = |error: io::Error| Failure::failed(format!("cannot write `{shown}`: {error}"));
        loop {
            line.clear();
            let read = from.read_until(b'\n', &mut line);
            let read =
                read.map_err(|error| Failure::failed(format!("the answer of {} broke off: {error}", self.base)))?;
            if read == 0 {
                return Err(Failure::failed(format!("the archive in `{shown}` is not whole: it broke off")));
            }
            match serde_json::from_slice::<Last>(&line) {
                Ok(Last { is, .. }) if is == "end" => {
                    to.write_all(&line).and_then(|()| to.sync_all()).map_err(failed)?;
                    return Ok(lines);
                }
                Ok(Last { is, problem, after }) if is == "problem" => {
                    let why =
                        problem.and_then(|problem| problem.get("detail").and_then(Value::as_str).map(str::to_owned));
                    let failure = Failure::failed(format!("the archive is not whole: {}", why.unwrap_or_default()));
                    return Err(match after {
                        Some(after) => failure.help(format!("go on with --after {after}, into another file")),
                        None => failure,
                    });
                }
                _ => to.write_all(&line).map_err(failed)?,
            }
            lines += 1;
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
