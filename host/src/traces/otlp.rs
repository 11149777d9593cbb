//! Runs as OTLP in JSON (opentelemetry-proto, `ExportTraceServiceRequest`).

use crate::metrics::spans::{Call, Run};
use serde::Serialize;
use std::time::Duration;

/// The kinds of span that are told: what happens within a host, and what it does for somebody who calls.
const INTERNAL: u8 = 1;
const SERVER: u8 = 2;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    resource_spans: [OfHost<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfHost<'a> {
    resource: Resource<'a>,
    scope_spans: [OfScope<'a>; 1],
}

#[derive(Serialize)]
struct Resource<'a> {
    attributes: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct OfScope<'a> {
    scope: Scope,
    spans: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct Scope {
    name: &'static str,
}

#[derive(Serialize)]
struct Attribute<'a> {
    key: &'a str,
    value: Value<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Value<'a> {
    string_value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Span<'a> {
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    name: &'a str,
    kind: u8,
    start_time_unix_nano: String,
    end_time_unix_nano: String,
    attributes: Vec<Attribute<'a>>,
    status: Status,
}

/// 1 for what did as it was asked, 2 for what did not.
#[derive(Serialize)]
struct Status {
    code: u8,
}

fn attribute<'a>(key: &'a str, value: &'a str) -> Attribute<'a> {
    Attribute { key, value: Value { string_value: value } }
}

/// The body of a request with these runs.
pub(super) fn request(runs: &[Run]) -> Vec<u8> {
    let attributes =
        vec![attribute("service.name", "storehand"), attribute("service.version", env!("CARGO_PKG_VERSION"))];
    let spans = runs.iter().flat_map(|run| std::iter::once(whole(run)).chain(calls(run))).collect();
    let of_scope = OfScope { scope: Scope { name: "storehand" }, spans };
    let of_host = OfHost { resource: Resource { attributes }, scope_spans: [of_scope] };
    serde_json::to_vec(&Request { resource_spans: [of_host] }).unwrap_or_default()
}

/// The id of a span: the end of the run's, which is made by chance, and of a call the next ones. Never nothing.
fn span_id(run: &Run, n: u64) -> String {
    let low = u64::try_from(run.id & u128::from(u64::MAX)).unwrap_or_default();
    format!("{:016x}", low.wrapping_add(n).max(1))
}

fn nanos(started_at: i64, since: Duration) -> String {
    (i128::from(started_at) * 1_000_000 + i128::try_from(since.as_nanos()).unwrap_or_default()).to_string()
}

fn whole(run: &Run) -> Span<'_> {
    let about = run.about.iter().map(|(key, value)| attribute(key, value));
    Span {
        trace_id: format!("{:032x}", run.id),
        span_id: span_id(run, 0),
        parent_span_id: None,
        name: "run",
        kind: SERVER,
        start_time_unix_nano: nanos(run.started_at, Duration::ZERO),
        end_time_unix_nano: nanos(run.started_at, run.took),
        attributes: about.chain([attribute("storehand.outcome", run.outcome)]).collect(),
        status: Status { code: if run.is_ok { 1 } else { 2 } },
    }
}

fn calls(run: &Run) -> impl Iterator<Item = Span<'_>> {
    (1..).zip(&run.calls).map(move |(n, call)| {
        let Call { call, scope, outcome, at_us, took_us } = call;
        let scope = scope.map(|scope| attribute("storehand.scope", scope));
        Span {
            trace_id: format!("{:032x}", run.id),
            span_id: span_id(run, n),
            parent_span_id: Some(span_id(run, 0)),
            name: call,
            kind: INTERNAL,
            start_time_unix_nano: nanos(run.started_at, Duration::from_micros(*at_us)),
            end_time_unix_nano: nanos(run.started_at, Duration::from_micros(at_us.saturating_add(*took_us))),
            attributes: std::iter::once(attribute("storehand.outcome", outcome)).chain(scope).collect(),
            status: Status { code: if *outcome == "ok" { 1 } else { 2 } },
        }
    })
}
