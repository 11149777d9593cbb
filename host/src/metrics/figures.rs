//! What is counted, and under which names.

use super::count::{Counter, Gauge, Grid, Histogram, Row};
use std::time::Duration;

/// In microseconds: from what a run takes at least to what it may take at most.
const TIMES: [u64; 14] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

/// How runs end; the names of the usage log.
const OUTCOMES: [&str; 11] =
    ["ok", "not_handled", "denied", "failed", "trapped", "timeout", "limit", "conflict", "cut", "busy", "host_error"];

/// Runs by what made them run and how they ended.
pub static RUNS: Grid<4, 11> = Grid::new(["event", "schedule", "action", "checkout"], OUTCOMES);
/// How long runs took from slot to record.
pub static RUN_TIME: Histogram<14> = Histogram::new(TIMES);
/// What guests took of a processor in a run.
pub static RUN_CPU: Histogram<14> = Histogram::new(TIMES);
/// Host calls by how they ended.
pub static CALLS: Row<3> = Row::new(["ok", "denied", "failed"]);
/// Requests of apps to servers outside, by how they ended.
pub static OUTBOUND: Row<5> = Row::new(["answered", "unanswered", "denied", "busy", "limited"]);
/// How long those took that a server answered, or did not.
pub static OUTBOUND_TIME: Histogram<14> = Histogram::new(TIMES);
/// Writes of one transaction: on SQLite whatever was queued, on PostgreSQL one.
pub static GROUPS: Histogram<8> = Histogram::new([1, 2, 4, 8, 16, 64, 256, 1_024]);
/// Answers by the kind of route and the kind of status.
pub static REQUESTS: Grid<4, 5> = Grid::new(["api", "page", "health", "none"], ["1xx", "2xx", "3xx", "4xx", "5xx"]);
/// How long requests took until their answer began.
pub static REQUEST_TIME: Histogram<14> = Histogram::new(TIMES);
/// Connections that are open.
pub static CONNECTIONS: Gauge = Gauge::new();
/// Connections for which there was no place.
pub static TURNED_AWAY: Counter = Counter::new();
/// Passwords that are being hashed, or wait for it.
pub static HASHING: Gauge = Gauge::new();
/// Bytes of the host's own log that are still to be written.
pub static LOG_WAITING: Gauge = Gauge::new();
/// Lines of it that were lost.
pub static LOG_LOST: Counter = Counter::new();
/// Spans of runs that were sent to whoever collects them, and those that were dropped.
pub static SPANS: Row<2> = Row::new(["sent", "dropped"]);

/// A run that was recorded: what made it run, how it ended, what it took, and how its host calls ended.
pub fn run(trigger: &str, outcome: &str, (wall, cpu): (Duration, Duration), calls: [(&str, u64); 3]) {
    RUNS.count(trigger, outcome);
    RUN_TIME.took(wall);
    RUN_CPU.took(cpu);
    for (ended, n) in calls {
        if n > 0 {
            CALLS.add(ended, n);
        }
    }
}

/// A request of an app to a server outside: how it ended, and after what time.
pub fn outbound(end: &'static str, time: Duration) {
    OUTBOUND.add(end, 1);
    if matches!(end, "answered" | "unanswered") {
        OUTBOUND_TIME.took(time);
    }
}

/// A request that was answered.
pub fn request(route: &str, status: u16, time: Duration) {
    let kind = match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    REQUESTS.count(route, kind);
    REQUEST_TIME.took(time);
}
