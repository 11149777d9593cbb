//! `storehand logs -f`: what the host streams, over as many connections as it takes, without missing a run.

use std::collections::HashSet;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::row::Printer;
use super::{Filter, Status, id, newest};
use crate::cli::client::{Client, Events};
use crate::cli::{Exit, Failure};

/// Before a second attempt to get through; longer before each further one, up to the last.
const WAITS: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(10)];

/// Follows until nobody reads any more, or the host says that this person may not.
pub(super) fn follow(client: &Client, filter: &Filter, lines: usize, printer: &mut Printer<'_>) -> Result<(), Failure> {
    // The stream first, so that no run falls between what was and what comes.
    let mut events = connect(client, filter, None)?;
    let mut seen = HashSet::new();
    for run in if lines > 0 { newest(client, filter, lines)? } else { Vec::new() } {
        seen.extend(id(&run));
        if !printer.print(&run)? {
            return Ok(());
        }
    }
    let mut last = None;
    loop {
        for message in &mut events {
            last = message.id.or(last);
            if message.event != "invocation" {
                continue;
            }
            let Ok(run) = serde_json::from_str::<Value>(&message.data) else { continue };
            if !filter.fits(&run) || id(&run).is_some_and(|id| seen.remove(&id)) {
                continue;
            }
            if !printer.print(&run)? {
                return Ok(());
            }
        }
        events = again(client, filter, last.as_deref())?;
    }
}

fn connect(client: &Client, filter: &Filter, last: Option<&str>) -> Result<Events, Failure> {
    // The host narrows the stream where one name says it all; the rest is narrowed here.
    let mut query = filter.query();
    if let Some([(name, value)]) = filter.status.map(Status::asks) {
        query.push((*name, Some(*value)));
    }
    client.follow("invocations/stream", &query, last)
}

/// Connects once more, after the last message that came. Gives up only if it is refused, not if nobody answers.
fn again(client: &Client, filter: &Filter, last: Option<&str>) -> Result<Events, Failure> {
    let mut waits = WAITS.iter();
    let mut wait = Duration::ZERO;
    let mut told = false;
    loop {
        wait = waits.next().copied().unwrap_or(wait);
        sleep(wait);
        match connect(client, filter, last) {
            Ok(events) => {
                if told {
                    eprintln!("connected again");
                }
                return Ok(events);
            }
            Err(failure) if failure.exit() != Exit::Failed => return Err(failure),
            Err(failure) if !told => {
                eprintln!("{failure}; trying again until it answers");
                told = true;
            }
            Err(_) => {}
        }
    }
}
