//! Connections: two thousand of them that do nothing, in each way one can, and nobody notices.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::support::crowd::{Crowd, Kind};
use crate::support::host::{Engine, Host};
use crate::support::neighbour::beside;
use crate::support::person::Person;

const MANY: usize = 2_000;
/// Bytes of answers that wait in the kernel for one of them, at most.
const UNREAD: u64 = 256 << 10;

/// Health is told, and a store is served, while so many connections of one kind are held.
fn nobody_notices(kind: Kind) {
    let host = Host::start(Engine::Sqlite);
    let (owner, anyone) = (host.other_store_owner(), host.anonymous());
    // From eight addresses none is over its share, and all together take every place there is.
    let crowd = Crowd::new(kind, host.port(), 11, 8);
    let (begun, full, most) = (AtomicBool::new(false), AtomicBool::new(false), AtomicU64::new(0));
    let port = host.port();
    let served = || {
        // What is measured is how it is while they are held; making them costs this machine as much as taking them.
        while begun.load(Ordering::Relaxed) && !full.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        most.fetch_max(unread(port), Ordering::Relaxed);
        well(&anyone) && owner.get("products").status == 200
    };
    let attack = |stop: &AtomicBool| {
        begun.store(true, Ordering::Relaxed);
        crowd.hold(MANY, &full, stop);
    };
    beside(served, attack).is_unharmed();
    let most = most.into_inner();
    assert!(most <= UNREAD, "{most} bytes wait in the kernel for one connection");
    assert!(kind != Kind::Unread || most > 0, "the answers are taken, which is no attack");
}

/// Bytes that the host wrote and nobody took yet, of the connection with the most of them.
fn unread(port: u16) -> u64 {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table of connections");
    let of_host = format!(":{port:04X}");
    let waits = table.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, queues) = (fields.next()?, fields.nth(2)?);
        let sent = queues.split(':').next().filter(|_| local.ends_with(&of_host))?;
        u64::from_str_radix(sent, 16).ok()
    });
    waits.max().unwrap_or(0)
}

fn well(anyone: &Person) -> bool {
    ["/healthz", "/readyz"].into_iter().all(|path| anyone.get(path).status == 200)
}

#[test]
fn two_thousand_connections_that_say_nothing_stop_nobody() {
    nobody_notices(Kind::Silent);
}

#[test]
fn two_thousand_connections_that_never_read_their_answer_stop_nobody() {
    nobody_notices(Kind::Unread);
}

#[test]
fn two_thousand_idle_http2_connections_stop_nobody() {
    nobody_notices(Kind::IdleHttp2);
}

#[test]
fn one_address_has_its_share_and_is_told_so_and_health_is_told_on_top() {
    let host = Host::start(Engine::Sqlite);
    let (owner, anyone) = (host.owner(), host.anonymous());
    // From the very address that the owner has.
    let mut crowd = Crowd::new(Kind::IdleHttp2, host.port(), 1, 1);
    let held: Vec<_> = (0..300).filter_map(|_| crowd.one()).collect();
    assert_eq!(held.len(), 300, "nobody waits outside");
    let told = owner.get("products").is(503);
    assert_eq!(told["code"], "full");
    assert!(
        told["detail"].as_str().expect("words").starts_with("256 connections are open from this address"),
        "{told}"
    );
    assert!(well(&anyone));
    drop(held);
    while owner.get("products").status != 200 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn whom_a_proxy_forwards_for_is_believed_only_of_a_proxy_of_ours() {
    let host = Host::start_told(Engine::Sqlite, &[("STOREHAND_TRUSTED_PROXIES", "127.0.0.77,10.0.0.0/8")]);
    // A proxy's connections are those of many.
    let mut proxy = Crowd::new(Kind::Silent, host.port(), 77, 1);
    let held: Vec<_> = (0..400).filter_map(|_| proxy.one()).collect();
    let mut last = proxy.one().expect("one more");
    last.write_all(b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.9\r\n\r\n")
        .expect("asked");
    let mut answer = [0; 15];
    last.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    drop(held);
    // A stranger's are their own.
    let mut stranger = Crowd::new(Kind::Silent, host.port(), 78, 1);
    let held: Vec<_> = (0..256).filter_map(|_| stranger.one()).collect();
    let mut last = stranger.one().expect("one more");
    last.write_all(b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.9\r\n\r\n")
        .expect("asked");
    last.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 503 Se");
    drop(held);
}
