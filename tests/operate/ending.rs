//! A host that is asked to stop ends, whatever runs.

use std::io::Write;
use std::net::TcpStream;
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::json;

use crate::runs::world::{install, order, stock, wait_until_within};
use crate::support::host::{Host, both};
use crate::support::person::Body;

both!(
    a_host_ends_within_its_drain_time_beside_a_spinning_app_and_held_connections,
    whoever_asks_twice_does_not_wait_for_the_drain,
);

/// The drain time of one second, the grace, and a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(20);

/// A connection whose request never arrives whole.
fn held(host: &Host) -> TcpStream {
    let mut stream = TcpStream::connect(host.url().trim_start_matches("http://")).expect("the host listens");
    let (store, owner) = (host.store(), host.owner());
    let token = owner.token().expect("a token");
    let head = format!(
        "POST /api/v1/stores/{store}/apps HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\n\
         content-type: application/wasm\r\ncontent-length: 1000000\r\n\r\n\0asm"
    );
    stream.write_all(head.as_bytes()).expect("the host reads");
    stream
}

fn a_host_ends_within_its_drain_time_beside_a_spinning_app_and_held_connections(mut host: Host) {
    stock(&host);
    let placed = order(&host.storefront());
    let runaway = install(&host, "runaway", &["orders:view"], json!({ "kind": "spin" }));
    host.restart_with(&[("STOREHAND_DRAIN_SECONDS", "1")]);
    let (upload, owner) = (held(&host), host.owner());
    let press = format!("installations/{runaway}/actions/run-away");
    scope(|scope| {
        for _ in 0..4 {
            let (owner, press, record) = (owner.clone(), press.clone(), placed.clone());
            // It is answered or cut off: either way it does not keep the host.
            scope.spawn(move || owner.try_send("POST", &press, Body::Json(json!({ "record": record }))).is_ok());
        }
        sleep(Duration::from_millis(300));
        host.ask_to_stop();
        wait_until_within(SOON, "the host has ended", || host.ended().is_some());
    });
    assert!(host.ended().is_some_and(|status| status.success()), "{}", host.output());
    drop(upload);
}

fn whoever_asks_twice_does_not_wait_for_the_drain(mut host: Host) {
    host.restart_with(&[("STOREHAND_DRAIN_SECONDS", "3600")]);
    let upload = held(&host);
    sleep(Duration::from_millis(200));
    host.ask_to_stop();
    wait_until_within(SOON, "the host says that it stops", || host.output().contains("no new runs begin"));
    assert!(host.ended().is_none(), "a request is under way");
    host.ask_to_stop();
    wait_until_within(SOON, "the host has ended", || host.ended().is_some());
    assert!(host.output().contains("asked to stop again"), "{}", host.output());
    drop(upload);
}
