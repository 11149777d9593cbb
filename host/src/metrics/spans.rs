//! Runs and their host calls as spans, handed to whoever sends them on, if anybody does.
//!
//! INVARIANT: a span says what was called, when, and how it ended: no argument, no text that an app, a client or a person
//! wrote. To hand one over never waits: what finds the queue full is dropped and counted.

use super::figures::SPANS;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Runs that may wait to be sent. Each has two hundred calls at most.
const WAITING: usize = 1_024;

/// A run that was recorded.
#[derive(Debug)]
pub struct Run {
    /// Its id, as a number: that of its trace.
    pub id: u128,
    /// The store, the installation, the app and its version, and what made it run: names with ids or words of ours.
    pub about: [(&'static str, String); 6],
    /// How it ended; a word of the usage log.
    pub outcome: &'static str,
    /// Whether it did what it was asked.
    pub is_ok: bool,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// How long it took.
    pub took: Duration,
    /// What it called.
    pub calls: Vec<Call>,
}

/// A host call of a run.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// For example `orders-view.get`.
    pub call: &'static str,
    /// The scope it needed, if any.
    pub scope: Option<&'static str>,
    /// How it ended; a word of the usage log.
    pub outcome: &'static str,
    /// Since the run began, in microseconds.
    pub at_us: u64,
    /// In microseconds.
    pub took_us: u64,
}

static QUEUE: OnceLock<SyncSender<Run>> = OnceLock::new();

/// From now on runs are collected for whoever asks first.
pub fn collect() -> Option<Receiver<Run>> {
    let (to, runs) = sync_channel(WAITING);
    QUEUE.set(to).ok().map(|()| runs)
}

/// Hands over a run, if anybody collects them: `run` is made only then.
pub fn hand_over(run: impl FnOnce() -> Run) {
    let Some(queue) = QUEUE.get() else { return };
    if let Err(full) = queue.try_send(run()) {
        use std::sync::mpsc::TrySendError as Not;
        let (Not::Full(run) | Not::Disconnected(run)) = full;
        dropped(&run);
    }
}

/// Counts a run that reaches nobody, with its calls.
pub fn dropped(run: &Run) {
    SPANS.add("dropped", run.calls.len() as u64 + 1);
}

/// Counts a run that was sent, with its calls.
pub fn sent(run: &Run) {
    SPANS.add("sent", run.calls.len() as u64 + 1);
}
