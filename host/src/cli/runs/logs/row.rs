//! One line per run: a row of the table, or a line of JSON.

use std::io::{self, Write};

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{Colour, coloured, line, moment, took};
use crate::cli::client::{Client, segment};
use crate::cli::{Failure, json};

/// What a row tells of a run.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    id: String,
    app: String,
    trigger: String,
    topic: Option<String>,
    record: Option<String>,
    outcome: String,
    held: Option<String>,
    started_at: String,
    wall_us: i64,
    host_calls: i64,
    denied_calls: i64,
}

/// One host call, of which a row tells the one that matters.
#[derive(Debug, Clone, Default, Deserialize)]
struct Call {
    call: String,
    scope: Option<String>,
    took_us: i64,
}

#[derive(Debug, Default, Deserialize)]
struct Detail {
    calls: Vec<Call>,
    denials: Vec<Call>,
}

/// Prints runs as they come.
pub(super) struct Printer<'a> {
    client: &'a Client,
    json: bool,
    /// Whether a column says which app it was.
    apps: bool,
    /// The call that was asked for, which is the one a row tells of.
    call: Option<String>,
    headed: bool,
}

impl<'a> Printer<'a> {
    pub(super) fn new(client: &'a Client, json: bool, apps: bool, call: Option<String>) -> Printer<'a> {
        Printer { client, json, apps, call, headed: false }
    }

    /// Prints a run. False: nobody reads any more.
    pub(super) fn print(&mut self, run: &Value) -> Result<bool, Failure> {
        if self.json {
            return written(&json(&run.to_string()));
        }
        let read = Run::deserialize(run);
        let read = read.map_err(|error| Failure::failed(format!("a run of the host cannot be read: {error}")))?;
        if !self.headed {
            self.headed = true;
            let head = self.row("TIME", "APP", "TRIGGER", ("STATUS", None), "CALL", "SCOPE", "TOOK", "INVOCATION");
            if !written(&head)? {
                return Ok(false);
            }
        }
        let row = self.tell(&read);
        written(&row)
    }

    /// Says that there was nothing, if there was nothing.
    pub(super) fn end(&self) -> Result<(), Failure> {
        if !self.headed && !self.json {
            eprintln!("no runs");
        }
        Ok(())
    }

    fn tell(&self, run: &Run) -> String {
        let denied = run.denied_calls > 0;
        let call = match denied || self.call.is_some() {
            true => self.call_of(run),
            false => None,
        };
        let calls = match (&call, run.host_calls) {
            (Some(call), _) if denied && run.denied_calls > 1 => {
                format!("{} and {} more", call.call, run.denied_calls - 1)
            }
            (Some(call), _) => call.call.clone(),
            (None, 0) => "-".to_owned(),
            (None, 1) => "1 call".to_owned(),
            (None, n) => format!("{n} calls"),
        };
        let scope = call.as_ref().and_then(|call| call.scope.clone()).unwrap_or_else(|| "-".to_owned());
        let told = matches!(run.outcome.as_str(), "ok" | "not_handled" | "failed");
        // Of what waited for a person only what was approved was done.
        let held = run.held.as_deref().filter(|held| *held != "approved");
        let status = match held {
            _ if denied && told => "denied",
            Some("waiting") => "held",
            Some(ended) => ended,
            None => run.outcome.as_str(),
        };
        let colour = match status {
            "ok" => Colour::Green,
            "denied" | "not_handled" | "held" | "rejected" | "lapsed" => Colour::Yellow,
            _ => Colour::Red,
        };
        let trigger = run.topic.clone().unwrap_or_else(|| match &run.record {
            Some(record) if run.trigger == "schedule" => format!("schedule {record}"),
            _ => run.trigger.clone(),
        });
        let time = took(call.as_ref().map_or(run.wall_us, |call| call.took_us));
        let at = moment(&run.started_at);
        self.row(&at, &run.app, &trigger, (status, Some(colour)), &calls, &scope, &time, &run.id)
    }

    /// The first call that was denied, or the one that was asked for. A row does without it if it cannot be had.
    fn call_of(&self, run: &Run) -> Option<Call> {
        let detail = self.client.get(&format!("invocations/{}", segment(&run.id))).ok()?;
        let Detail { calls, denials } = Detail::deserialize(&detail).ok()?;
        match &self.call {
            Some(name) => denials.into_iter().chain(calls).find(|call| call.call == *name),
            None => denials.into_iter().next(),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one per column")]
    fn row(
        &self,
        at: &str,
        app: &str,
        trigger: &str,
        (status, colour): (&str, Option<Colour>),
        call: &str,
        scope: &str,
        took: &str,
        id: &str,
    ) -> String {
        let app = if self.apps { format!("{:<26}  ", line(app)) } else { String::new() };
        let padded = format!("{:<11}", line(status));
        let status = colour.map_or(padded.clone(), |colour| coloured(&padded, colour));
        let [at, trigger, call, scope, id] = [at, trigger, call, scope, id].map(line);
        format!("{at:<8}  {app}{trigger:<22}  {status}  {call:<26}  {scope:<18}  {took:>8}  {id}")
    }
}

/// Writes a line. False: nobody reads any more, which is no failure.
fn written(text: &str) -> Result<bool, Failure> {
    match writeln!(io::stdout(), "{text}") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::failed(format!("cannot write: {error}"))),
    }
}
