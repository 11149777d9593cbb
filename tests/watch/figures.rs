//! `/metrics`: what Prometheus reads, read as strictly as its format is defined; the same names whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use ureq::Agent;

use super::canary::at_work;
use crate::runs::world::wait_until;
use crate::support::host::{Host, both};

both!(
    figures_are_told_in_the_format_of_prometheus_and_count_what_happens,
    how_far_audit_logs_are_ahead_of_their_checkpoints_is_told_and_ends_with_the_next_one,
    figures_have_an_address_of_their_own_and_are_off_unless_asked_for,
);

/// As a series is named: with its labels.
type Series = BTreeMap<String, f64>;

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).proxy(None).max_idle_connections(0).build().new_agent()
}

/// Where the host tells its figures, as it said itself.
pub fn address(host: &Host) -> String {
    let said = "it tells its figures at ";
    wait_until("the host says where", || host.output().contains(said));
    let output = host.output();
    let line = output.rsplit(said).next().unwrap();
    line.split(',').next().unwrap().to_owned()
}

pub fn read(url: &str) -> String {
    let mut answer = agent().get(url).call().expect("figures");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    answer.body_mut().read_to_string().unwrap()
}

fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(first) && name.chars().all(|c| first(c) || c.is_ascii_digit())
}

/// A sample: its name, its labels as they stand there, its value.
fn sample(line: &str) -> (String, String, f64) {
    let (series, value) = line.rsplit_once(' ').expect(line);
    let value: f64 = value.parse().expect(line);
    let Some((name, labels)) = series.split_once('{') else { return (series.to_owned(), String::new(), value) };
    let labels = labels.strip_suffix('}').expect(line);
    for label in labels.split(',') {
        let (name, value) = label.split_once('=').expect(line);
        assert!(is_name(name), "{line}");
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).expect(line);
        assert!(value.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c)), "{line}");
    }
    (name.to_owned(), labels.to_owned(), value)
}

/// What the format says of a text; anything it does not allow, and anything `promtool` would complain of, fails the test.
#[track_caller]
pub fn series(text: &str) -> Series {
    let (mut all, mut told, mut family) = (Series::new(), BTreeSet::new(), (String::new(), String::new()));
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').expect(line);
            assert!(is_name(name) && !words.is_empty() && told.insert(name.to_owned()), "{line}");
            family = (name.to_owned(), String::new());
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert_eq!(name, family.0, "{line}");
            assert!(matches!(kind, "counter" | "gauge" | "histogram"), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            family.1 = kind.to_owned();
        } else {
            let (name, labels, value) = sample(line);
            assert!(is_name(&name) && value >= 0.0, "{line}");
            let of = if family.1 == "histogram" {
                ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).expect(line)
            } else {
                &name
            };
            assert_eq!(of, family.0, "{line}");
            assert!(all.insert(format!("{name}{{{labels}}}"), value).is_none(), "twice: {line}");
        }
    }
    for name in &told {
        let bucket = format!("{name}_bucket{{le=\"");
        let mut bounds: Vec<(f64, f64)> = all
            .iter()
            .filter_map(|(series, n)| {
                let bound = series.strip_prefix(&bucket)?.trim_end_matches("\"}");
                Some((bound.parse().unwrap_or(f64::INFINITY), *n))
            })
            .collect();
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(bounds.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{name} goes down");
        if let Some((bound, n)) = bounds.last() {
            assert_eq!((*bound, *n), (f64::INFINITY, all[&format!("{name}_count{{}}")]), "{name}");
        }
    }
    all
}

fn figures_are_told_in_the_format_of_prometheus_and_count_what_happens(mut host: Host) {
    host.restart_with(&[("STOREHAND_METRICS", "0")]);
    let url = address(&host);
    let before = series(&read(&url));
    let secrets = at_work(&host);
    for _ in 0..3 {
        host.anonymous().get("orders").is(401);
        host.anonymous().get("/nowhere/canary-path").is(404);
    }
    let text = read(&url);
    let after = series(&text);
    let grown = |name: &str| after[name] - before[name];
    assert!(grown("storehand_runs_total{trigger=\"action\",outcome=\"ok\"}") >= 3.0, "{text}");
    assert!(grown("storehand_runs_total{trigger=\"action\",outcome=\"failed\"}") >= 1.0, "{text}");
    assert!(grown("storehand_host_calls_total{outcome=\"ok\"}") >= 3.0);
    assert!(grown("storehand_run_seconds_count{}") >= 4.0 && grown("storehand_run_cpu_seconds_sum{}") > 0.0);
    assert!(grown("storehand_commit_group_writes_count{}") >= 5.0);
    assert!(grown("storehand_requests_total{route=\"api\",status=\"4xx\"}") >= 3.0);
    assert!(grown("storehand_requests_total{route=\"none\",status=\"4xx\"}") >= 3.0);
    assert!(grown("storehand_request_seconds_count{}") >= 20.0);
    for there in
        ["process_open_fds{}", "process_resident_memory_bytes{}", "storehand_database_bytes{}", "storehand_slots{}"]
    {
        assert!(after[there] > 0.0, "{there}");
    }
    assert_eq!((after["storehand_database_up{}"], after["storehand_log_lost_lines_total{}"]), (1.0, 0.0));
    assert_eq!(
        after["storehand_runs_total{trigger=\"other\",outcome=\"other\"}"], 0.0,
        "a word of the usage log is missing"
    );
    assert_eq!(after["storehand_host_calls_total{outcome=\"other\"}"], 0.0);
    assert_eq!(after["storehand_requests_total{route=\"other\",status=\"other\"}"], 0.0);
    assert_eq!(after["storehand_outbound_requests_total{end=\"other\"}"], 0.0);
    // As many series as before, by the same names: nothing that happens makes more of them.
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(after.len() < 250, "{}", after.len());
    secrets.are_not_in(&text);
    assert!(!text.contains(host.store()) && !text.contains(&secrets.app) && !text.contains("confidant"));
    // What Prometheus itself says of it, where it is installed.
    if let Ok(mut promtool) = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
    {
        std::io::Write::write_all(&mut promtool.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let said = promtool.wait_with_output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
}

fn how_far_audit_logs_are_ahead_of_their_checkpoints_is_told_and_ends_with_the_next_one(mut host: Host) {
    host.restart_with(&[("STOREHAND_METRICS", "0")]);
    let (owner, operator) = (host.owner(), host.operator());
    let told = |host: &Host| {
        let all = series(&read(&address(host)));
        let of = |what: &str, log: &str| all[&format!("storehand_audit_uncovered_{what}{{log=\"{log}\"}}")];
        [of("entries", "stores"), of("seconds", "stores"), of("entries", "host"), of("seconds", "host")]
    };
    // A checkpoint may be written in between, so entries are made until one of each log is seen that has waited.
    let mut seen = [0.0; 4];
    wait_until("entries that no checkpoint covers", || {
        owner.post("staff", json!({ "name": "Kim", "scopes": [] })).ok();
        operator.post("/api/v1/tokens", json!({ "name": "spare" })).ok();
        seen = told(&host);
        seen.iter().all(|figure| *figure >= 1.0)
    });
    assert!(seen[1] < 120.0 && seen[3] < 120.0, "{seen:?}");
    // A host that stops writes checkpoints first.
    host.stop();
    host.restart_with(&[("STOREHAND_METRICS", "0")]);
    wait_until("it says where again", || host.output().matches("it tells its figures at ").count() == 2);
    wait_until("the checkpoints", || told(&host) == [0.0; 4]);
}

fn figures_have_an_address_of_their_own_and_are_off_unless_asked_for(mut host: Host) {
    for person in [host.owner(), host.operator(), host.anonymous()] {
        person.get("/metrics").is(404);
    }
    host.owner().get("/api/v1/metrics").is(404);
    host.anonymous().get("/api/v1/metrics").is(401);
    assert!(!host.output().contains("it tells its figures"));
    host.restart_with(&[("STOREHAND_METRICS", "0")]);
    let url = address(&host);
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    host.owner().get("/metrics").is(404);
    // Nothing else is there, and nothing is taken there.
    let home = url.trim_end_matches("/metrics");
    for path in ["/", "/healthz", "/api/v1/stores", "/sign-in", "/metrics/", "/metrics?x=1/../.."] {
        let status = agent().get(format!("{home}{path}")).call().unwrap().status().as_u16();
        assert_eq!(status, if path.starts_with("/metrics?") { 200 } else { 404 }, "{path}");
    }
    let posted = agent().post(&url).send(&vec![b'x'; 1_000_000][..]);
    assert!(posted.map_or(true, |answer| answer.status().as_u16() == 405));
    // Whoever holds it open takes nothing from those who are served.
    let held: Vec<_> =
        (0..40).map(|_| std::net::TcpStream::connect(home.trim_start_matches("http://")).unwrap()).collect();
    host.owner().get("orders").ok();
    drop(held);
    wait_until("figures are told again", || agent().get(&url).call().is_ok_and(|answer| answer.status() == 200));
    assert_eq!(json!(host.owner().get("orders").ok()["items"]), json!([]));
}
