//! The text that Prometheus reads (exposition format 0.0.4).
//!
//! INVARIANT: each name is said once, with what it means and of which kind it is, before its figures.

use super::count::{Counter, Grid, Histogram, Row};
use super::figures;
use std::fmt::{Display, Write as _};

/// What a text of it is, as HTTP says it.
pub const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How a bound and a sum are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// As they are.
    One,
    /// Microseconds, told as seconds.
    Seconds,
}

impl Unit {
    fn say(self, value: u64) -> String {
        match self {
            Unit::One => value.to_string(),
            Unit::Seconds => (value as f64 / 1e6).to_string(),
        }
    }
}

/// The figures as they are told.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// Everything that is counted in this process.
    pub fn counted() -> Text {
        let mut text = Text::default();
        text.grid("storehand_runs_total", "Runs of apps.", ["trigger", "outcome"], &figures::RUNS);
        text.histogram("storehand_run_seconds", "From slot to record.", Unit::Seconds, &figures::RUN_TIME);
        text.histogram("storehand_run_cpu_seconds", "Processor time of guests.", Unit::Seconds, &figures::RUN_CPU);
        text.row("storehand_host_calls_total", "Calls of apps to the host.", "outcome", &figures::CALLS);
        let outside = "Requests of apps to servers outside.";
        text.row("storehand_outbound_requests_total", outside, "end", &figures::OUTBOUND);
        let until = "From an app's request to the answer, or to there being none.";
        text.histogram("storehand_outbound_seconds", until, Unit::Seconds, &figures::OUTBOUND_TIME);
        text.histogram("storehand_commit_group_writes", "Writes in one transaction.", Unit::One, &figures::GROUPS);
        text.grid("storehand_requests_total", "Requests that were answered.", ["route", "status"], &figures::REQUESTS);
        let until = "Until an answer began.";
        text.histogram("storehand_request_seconds", until, Unit::Seconds, &figures::REQUEST_TIME);
        text.gauge("storehand_connections", "Open connections.", figures::CONNECTIONS.get());
        let away = "Connections for which there was no place.";
        text.counter("storehand_connections_turned_away_total", away, &figures::TURNED_AWAY);
        text.gauge("storehand_hashing", "Passwords being hashed or waiting for it.", figures::HASHING.get());
        text.gauge("storehand_log_waiting_bytes", "Bytes of the log not written yet.", figures::LOG_WAITING.get());
        text.counter("storehand_log_lost_lines_total", "Lines of the log that were lost.", &figures::LOG_LOST);
        text.row("storehand_spans_total", "Spans of runs and their calls.", "end", &figures::SPANS);
        text
    }

    fn begin(&mut self, name: &str, help: &str, kind: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    /// What there is at this moment.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.begin(name, help, "gauge");
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// The same by one label: its values are names of ours.
    pub fn gauges<'v>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'v str, u64)>,
    ) {
        self.begin(name, help, "gauge");
        for (value, n) in values {
            let _ = writeln!(self.0, "{name}{{{label}=\"{value}\"}} {n}");
        }
    }

    fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        self.begin(name, help, "counter");
        let _ = writeln!(self.0, "{name} {}", counter.get());
    }

    fn row<const N: usize>(&mut self, name: &str, help: &str, label: &str, row: &Row<N>) {
        self.begin(name, help, "counter");
        for (value, n) in row.each() {
            let _ = writeln!(self.0, "{name}{{{label}=\"{value}\"}} {n}");
        }
    }

    fn grid<const N: usize, const M: usize>(
        &mut self,
        name: &str,
        help: &str,
        [outer, inner]: [&str; 2],
        grid: &Grid<N, M>,
    ) {
        self.begin(name, help, "counter");
        for (of, value, n) in grid.each() {
            let _ = writeln!(self.0, "{name}{{{outer}=\"{of}\",{inner}=\"{value}\"}} {n}");
        }
    }

    fn histogram<const N: usize>(&mut self, name: &str, help: &str, unit: Unit, histogram: &Histogram<N>) {
        self.begin(name, help, "histogram");
        let (below, all, sum) = histogram.read();
        for (bound, n) in below {
            let _ = writeln!(self.0, "{name}_bucket{{le=\"{}\"}} {n}", unit.say(bound));
        }
        let sum = unit.say(sum);
        let _ = write!(self.0, "{name}_bucket{{le=\"+Inf\"}} {all}\n{name}_sum {sum}\n{name}_count {all}\n");
    }

    /// All of it.
    pub fn end(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_told_by_seconds_and_up_to_everything() {
        let mut text = Text::default();
        let times = Histogram::new([100, 1_000_000]);
        [50, 2_000_000].iter().for_each(|us| times.note(*us));
        text.histogram("x_seconds", "X.", Unit::Seconds, &times);
        let told = "# HELP x_seconds X.\n# TYPE x_seconds histogram\nx_seconds_bucket{le=\"0.0001\"} 1\n\
            x_seconds_bucket{le=\"1\"} 1\nx_seconds_bucket{le=\"+Inf\"} 2\nx_seconds_sum 2.00005\nx_seconds_count 2\n";
        assert_eq!(text.end(), told);
    }
}
