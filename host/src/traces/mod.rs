//! Sends spans of runs to an OpenTelemetry collector (OTLP over HTTP, in JSON), on a thread of its own.
//!
//! INVARIANT: a collector that is slow, or not there, costs spans and nothing else: whoever runs apps never waits for it,
//! and what it does not take in time is dropped and counted.

mod otlp;

use crate::metrics::spans::{self, Run};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{HeaderName, HeaderValue};

/// Runs sent at once.
const BATCH: usize = 128;
/// A run is sent after so long at the latest.
const SOON: Duration = Duration::from_millis(500);
/// How long a collector may take for what it is sent.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the end of the host waits for what is still to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

/// The thread that sends.
#[derive(Debug)]
pub struct Traces {
    ends: Arc<AtomicBool>,
    ended: Receiver<()>,
}

impl Traces {
    /// Begins to send to the collector at `endpoint`, with these headers. None, if this process sends already, or can have no thread for it.
    pub fn begin(endpoint: &str, headers: Vec<(HeaderName, HeaderValue)>) -> Option<Traces> {
        let (runs, ends) = (spans::collect()?, Arc::new(AtomicBool::new(false)));
        let (tell, ended) = channel();
        let config = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).max_idle_connections(1);
        let sender = Collector {
            agent: config.build().new_agent(),
            url: format!("{endpoint}/v1/traces"),
            headers,
            ends: Arc::clone(&ends),
            reached: true,
        };
        let send = move || sender.send_all(&runs, &tell);
        let thread = std::thread::Builder::new().name("traces".to_owned()).spawn(send);
        thread.ok().map(|_| Traces { ends, ended })
    }

    /// Sends what is left, for a moment.
    pub fn end(self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = self.ended.recv_timeout(FAREWELL);
    }
}

/// Whoever takes the spans.
struct Collector {
    agent: Agent,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    ends: Arc<AtomicBool>,
    /// Whether it took what it was sent last: what is said of it is said once.
    reached: bool,
}

impl Collector {
    fn send_all(mut self, runs: &Receiver<Run>, ended: &Sender<()>) {
        loop {
            let batch = gather(runs, SOON);
            if !batch.is_empty() {
                self.send(&batch);
            } else if self.ends.load(Ordering::Relaxed) {
                let _ = ended.send(());
                return;
            }
        }
    }

    fn send(&mut self, batch: &[Run]) {
        let post = self.agent.post(&self.url).content_type("application/json");
        let post = self.headers.iter().fold(post, |post, (name, value)| post.header(name, value));
        let sent = post.send(otlp::request(batch));
        batch.iter().for_each(if sent.is_ok() { spans::sent } else { spans::dropped });
        match &sent {
            Err(cause) if self.reached => tracing::warn!(%cause, "the collector does not take spans; they are dropped"),
            Ok(_) if !self.reached => tracing::info!("the collector takes spans again"),
            _ => {}
        }
        self.reached = sent.is_ok();
    }
}

/// What comes in a while, or as much as is sent at once.
fn gather(runs: &Receiver<Run>, time: Duration) -> Vec<Run> {
    let (end, mut batch) = (Instant::now() + time, Vec::new());
    while batch.len() < BATCH {
        match runs.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(run) => batch.push(run),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    batch
}
