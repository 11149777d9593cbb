//! Spans: a run is one with a child for each host call, and says nothing else; whoever collects them slowly costs nobody.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::canary::at_work;
use super::figures::{address, read, series};
use crate::runs::world::{all, install, order, stock, wait_until};
use crate::support::host::{Host, both};

both!(
    a_run_is_a_span_with_a_child_for_each_host_call_and_says_nothing_else,
    a_collector_that_does_not_answer_costs_spans_and_nothing_else,
);

/// Whoever takes the spans: what it was sent.
struct Collector {
    port: u16,
    bodies: Arc<Mutex<Vec<Value>>>,
    /// Whether it answers.
    answers: Arc<AtomicBool>,
}

impl Collector {
    fn start(answers: bool) -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let collector = Collector { port, bodies: Arc::default(), answers: Arc::new(AtomicBool::new(answers)) };
        let (bodies, answers) = (Arc::clone(&collector.bodies), Arc::clone(&collector.answers));
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let (bodies, answers) = (Arc::clone(&bodies), Arc::clone(&answers));
                std::thread::spawn(move || while take(&socket, &bodies, &answers).is_some() {});
            }
        });
        collector
    }

    /// What the host is told of it.
    fn told(&self) -> &'static [(&'static str, &'static str)] {
        let url: &'static str = Box::leak(format!("http://127.0.0.1:{}", self.port).into_boxed_str());
        let headers = ("STOREHAND_OTLP_HEADERS", "authorization=Bearer canary-collector");
        Box::leak(Box::new([("STOREHAND_OTLP_ENDPOINT", url), ("STOREHAND_METRICS", "0"), headers]))
    }

    fn spans(&self) -> Vec<Value> {
        let bodies = self.bodies.lock().unwrap();
        let scopes = bodies.iter().flat_map(|body| body["resourceSpans"].as_array().unwrap().clone());
        let spans = scopes.flat_map(|of| of["scopeSpans"].as_array().unwrap().clone());
        spans.flat_map(|of| of["spans"].as_array().unwrap().clone()).collect()
    }
}

/// One request of a connection; none, if there is no more.
fn take(socket: &TcpStream, bodies: &Mutex<Vec<Value>>, answers: &AtomicBool) -> Option<()> {
    let mut from = BufReader::new(socket);
    let (mut length, mut head) = (0, String::new());
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((name, value)) =
            line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            assert!(!name.is_empty());
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    if !answers.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_secs(60));
        return None;
    }
    assert!(head.starts_with("POST /v1/traces HTTP/1.1"), "{head}");
    assert!(head.to_ascii_lowercase().contains("content-type: application/json"), "{head}");
    assert!(head.contains("authorization: Bearer canary-collector\r\n"), "{head}");
    bodies.lock().unwrap().push(serde_json::from_slice(&body).expect("JSON"));
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    (&*socket).write_all(answer.as_bytes()).ok()
}

fn attributes(of: &Value) -> Vec<(String, String)> {
    let all = of["attributes"].as_array().unwrap().iter();
    all.map(|one| (one["key"].as_str().unwrap().to_owned(), one["value"]["stringValue"].as_str().unwrap().to_owned()))
        .collect()
}

fn a_run_is_a_span_with_a_child_for_each_host_call_and_says_nothing_else(mut host: Host) {
    let collector = Collector::start(true);
    host.restart_with(collector.told());
    let secrets = at_work(&host);
    let owner = host.owner();
    let runs = all(&owner, "invocations");
    assert!(runs.len() >= 4);
    let of = |spans: &[Value], run: &Value| -> Vec<Value> {
        let id = run["id"].as_str().unwrap().trim_start_matches("inv_").to_owned();
        spans.iter().filter(|span| span["traceId"] == json!(id)).cloned().collect()
    };
    wait_until("every run is told", || runs.iter().all(|run| !of(&collector.spans(), run).is_empty()));
    let (spans, mut told) = (collector.spans(), 0);
    for run in &runs {
        let spans = of(&spans, run);
        let (roots, calls): (Vec<_>, Vec<_>) = spans.iter().partition(|span| span["parentSpanId"].is_null());
        assert_eq!((roots.len(), calls.len() as i64), (1, run["host_calls"].as_i64().unwrap()), "{run}");
        let named = attributes(roots[0]);
        let says = |key: &str| named.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        assert_eq!(says("storehand.run"), run["id"].as_str());
        assert_eq!(says("storehand.app"), run["app"].as_str());
        assert_eq!(says("storehand.outcome"), run["outcome"].as_str());
        assert_eq!(says("storehand.store"), Some(host.store()));
        let detail = owner.get(&format!("invocations/{}", run["id"].as_str().unwrap())).ok();
        let time = |span: &Value, key: &str| span[key].as_str().unwrap().parse::<u128>().unwrap();
        for (call, recorded) in calls.iter().zip(detail["calls"].as_array().unwrap()) {
            told += 1;
            assert_eq!((&call["name"], &call["parentSpanId"]), (&recorded["call"], &roots[0]["spanId"]));
            assert_eq!((call["kind"].as_i64(), call["traceId"].as_str().map(str::len)), (Some(1), Some(32)));
            let mut named = attributes(call);
            named.sort();
            let scope = recorded["scope"].as_str().map(|scope| ("storehand.scope".to_owned(), scope.to_owned()));
            let mut meant = vec![("storehand.outcome".to_owned(), recorded["outcome"].as_str().unwrap().to_owned())];
            meant.extend(scope);
            assert_eq!(named, meant, "{recorded}");
            assert!(time(call, "startTimeUnixNano") >= time(roots[0], "startTimeUnixNano"));
            assert!(time(call, "endTimeUnixNano") <= time(roots[0], "endTimeUnixNano") + 1_000_000);
        }
    }
    assert!(told >= 4, "{told}");
    let ids: std::collections::BTreeSet<String> =
        spans.iter().map(|span| format!("{}{}", span["traceId"], span["spanId"])).collect();
    assert_eq!(ids.len(), spans.len(), "each span has an id of its own");
    secrets.are_not_in(&json!(*collector.bodies.lock().unwrap()).to_string());
    let figures = series(&read(&address(&host)));
    wait_until("they are counted", || {
        series(&read(&address(&host)))["storehand_spans_total{end=\"sent\"}"] >= spans.len() as f64
    });
    assert_eq!(figures["storehand_spans_total{end=\"dropped\"}"], 0.0);
    // What was done a moment before the end is told as well.
    let noop = runs.iter().find(|run| run["app"].as_str().unwrap().ends_with("noop")).unwrap();
    let (app, record) =
        (noop["installation"].as_str().unwrap(), noop["record"].as_str().unwrap().rsplit(' ').next().unwrap());
    let last = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": record })).ok();
    host.stop();
    assert!(!of(&collector.spans(), &json!({ "id": last["invocation"] })).is_empty());
}

fn a_collector_that_does_not_answer_costs_spans_and_nothing_else(mut host: Host) {
    let collector = Collector::start(false);
    host.restart_with(collector.told());
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    let press = || owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    let mut times: Vec<Duration> = (0..60)
        .map(|_| {
            let since = std::time::Instant::now();
            press();
            since.elapsed()
        })
        .collect();
    times.sort();
    // Nobody waits for the five seconds that it is given.
    assert!(times[54] < Duration::from_secs(2), "{:?}", times[54]);
    wait_until("what it does not take is dropped and counted", || {
        series(&read(&address(&host)))["storehand_spans_total{end=\"dropped\"}"] >= 1.0
    });
    assert!(host.output().contains("does not take spans"));
    // When it answers again, it is told of what happens from then on.
    collector.answers.store(true, Ordering::SeqCst);
    wait_until("it is told again", || {
        press();
        !collector.spans().is_empty()
    });
    let since = std::time::Instant::now();
    host.stop();
    assert!(since.elapsed() < Duration::from_secs(30));
}
