//! A real Prometheus scrapes a host at work, and its own checker finds nothing to complain of.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::canary::at_work;
use super::figures::{address, read};
use crate::runs::world::wait_until;
use crate::support::host::{Host, both};

both!(a_prometheus_scrapes_the_figures_and_its_checker_finds_no_fault_in_them);

/// Ended with the test.
struct Prometheus(Child);

impl Drop for Prometheus {
    fn drop(&mut self) {
        drop((self.0.kill(), self.0.wait()));
    }
}

fn a_prometheus_scrapes_the_figures_and_its_checker_finds_no_fault_in_them(mut host: Host) {
    const MISSING: &str = "Prometheus is not in the path; `tests/run` puts it there";
    host.restart_with(&[("STOREHAND_METRICS", "0")]);
    let url = address(&host);
    at_work(&host);

    let checked =
        Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut checker = checked.expect(MISSING);
    checker.stdin.take().unwrap().write_all(read(&url).as_bytes()).unwrap();
    let said = checker.wait_with_output().unwrap();
    assert!(said.status.success() && said.stderr.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));

    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("prometheus.yml");
    let target = url.trim_start_matches("http://").trim_end_matches("/metrics").to_owned();
    let scrape = "scrape_configs:\n  - job_name: storehand\n    scrape_interval: 1s\n    scrape_timeout: 1s\n";
    std::fs::write(&config, format!("{scrape}    static_configs:\n      - targets: ['{target}']\n")).unwrap();
    // The port is free again when it is asked for, and nobody else is told of it.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _prometheus = Prometheus(run.expect(MISSING));
    let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent();
    let value = |query: &str| {
        let at = format!("http://127.0.0.1:{port}/api/v1/query");
        let answer: Value = agent.get(&at).query("query", query).call().ok()?.body_mut().read_json().ok()?;
        answer["data"]["result"][0]["value"][1].as_str()?.parse::<f64>().ok()
    };
    wait_until("a scrape", || value("up") == Some(1.0));
    assert!(value(r#"storehand_runs_total{trigger="action",outcome="ok"}"#).unwrap() >= 3.0);
    assert_eq!(value("storehand_database_up"), Some(1.0));
    assert!(value("histogram_quantile(0.5, storehand_run_seconds_bucket)").unwrap() > 0.0);
    assert_eq!(value("scrape_samples_scraped"), value("scrape_samples_post_metric_relabeling"));
    assert!(value("scrape_samples_scraped").unwrap() < 250.0);
}
