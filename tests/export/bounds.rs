//! What writing lists out may cost: a share for each, a part at a time, and no longer than its token stands.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::asked::{CSV, NDJSON, Slowly, ask, entries};
use crate::runs::world::wait_until;
use crate::support::host::{Host, both};
use crate::support::neighbour::beside;
use crate::support::person::Person;

both!(
    an_export_ends_with_its_token_and_says_so,
    a_token_a_person_and_a_store_have_their_shares_of_exports,
    exports_that_nobody_reads_cost_no_neighbour,
);

/// Of some kilobytes each, so that no buffer between holds much of the list.
const ENTRIES: usize = 6_000;
const BYTES: usize = 2_000;

fn somebody(host: &Host) -> (Person, String) {
    let added = host.owner().post("staff", json!({ "name": "Sam", "scopes": ["audit:view", "tokens:manage"] })).ok();
    let person = host.person(host.store(), added["token"]["token"].as_str());
    (person, added["id"].as_str().unwrap().to_owned())
}

fn an_export_ends_with_its_token_and_says_so(host: Host) {
    entries(&host, ENTRIES, BYTES);
    for (form, how) in [(NDJSON, "revoked"), (CSV, "revoked"), (NDJSON, "permission"), (NDJSON, "suspended")] {
        let (person, staff) = somebody(&host);
        let mut export = Slowly::ask(&host, &person, "audit", form);
        let mut read = export.read(200_000);
        let owner = host.owner();
        match how {
            "revoked" => {
                let tokens = person.get("tokens").ok();
                let token = tokens["items"][0]["id"].as_str().expect("a token").to_owned();
                let gone = person.delete(&format!("tokens/{token}"));
                assert!(gone.is_ok(), "{gone:?}");
            }
            "permission" => {
                drop(owner.put(&format!("staff/{staff}/scopes"), json!({ "scopes": ["orders:view"] })).ok())
            }
            _ => drop(owner.post(&format!("staff/{staff}/suspend"), json!({})).ok()),
        }
        let since = Instant::now();
        read.extend(export.rest());
        assert!(since.elapsed() < Duration::from_secs(5), "{how}: it went on for {:?}", since.elapsed());
        assert!(read.len() < ENTRIES * BYTES / 2, "{how}: {} bytes were read", read.len());
        let text = String::from_utf8_lossy(&read);
        if form == NDJSON {
            let last = text.lines().rev().find(|line| line.starts_with("{\"problem\":")).expect("it says so");
            let told: Value = serde_json::from_str(last).unwrap();
            let status = told["problem"]["status"].as_i64().unwrap();
            assert!(matches!(status, 401 | 403), "{how}: {told}");
            assert!(told["next_cursor"].is_string());
        } else {
            // Without its last chunk, which every client takes for an answer that broke off.
            assert!(!text.ends_with("\r\n0\r\n\r\n"));
        }
    }
}

fn a_token_a_person_and_a_store_have_their_shares_of_exports(host: Host) {
    entries(&host, ENTRIES, BYTES);
    let (person, _) = somebody(&host);
    let open: Vec<Slowly> = (0..2)
        .map(|_| {
            let mut export = Slowly::ask(&host, &person, "audit", NDJSON);
            export.read(1_000);
            export
        })
        .collect();
    let third = ask(&host, &person, "audit?limit=1", CSV);
    assert_eq!(third.status, 429, "{}", third.text);
    assert!(third.text.contains("2 exports open"), "{}", third.text);
    // The list itself, and somebody else's export, are not theirs to take.
    person.get("audit?limit=1").ok();
    let (other, _) = somebody(&host);
    assert_eq!(ask(&host, &other, "audit?limit=150", NDJSON).lines().len(), 150);
    drop(open);
    wait_until("the places are given back", || ask(&host, &person, "audit?limit=1", CSV).status == 200);
}

fn exports_that_nobody_reads_cost_no_neighbour(host: Host) {
    entries(&host, ENTRIES, BYTES);
    let people: Vec<Person> = (0..4).map(|_| somebody(&host).0).collect();
    let owner = host.owner();
    let memory = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", host.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    owner.get("audit?limit=100").ok();
    let before = memory();
    let reads = beside(
        || owner.get("audit?limit=20").is_ok(),
        |stop| {
            let open: Vec<Slowly> = people
                .iter()
                .flat_map(|person| (0..2).map(|_| Slowly::ask(&host, person, "audit", NDJSON)).collect::<Vec<_>>())
                .collect();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(20));
            }
            drop(open);
        },
    );
    reads.is_unharmed();
    // Eight lists of twelve megabytes each that nobody reads: a part of each at most, and what allocators hold on to.
    let grown = memory().saturating_sub(before);
    println!("eight exports that nobody reads: {grown} KiB more, neighbours {:.2} times as long", reads.ratio());
    assert!(grown < 48 * 1_024, "{grown} KiB");
}
