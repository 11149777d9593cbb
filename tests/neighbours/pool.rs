//! PostgreSQL's connections: an app that keeps all of its store's busy leaves those of others alone.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::scope;

use serde_json::json;

use super::slots::Neighbour;
use crate::runs::world::install;
use crate::support::host::{Engine, Host};
use crate::support::neighbour::beside;
use crate::support::tables::{execute, orders_named};

const PRESSERS: usize = 64;
/// Orders of the attacker's store, all of which a count looks at.
const ORDERS: usize = 20_000;
/// As few connections as a host is started with: four of them for changes and runs, three of these for runs.
const TOLD: &[(&str, &str)] = &[("STOREHAND_DATABASE_CONNECTIONS", "8")];

#[test]
fn runs_that_search_all_the_time_leave_another_stores_buttons_and_checkout_their_connections() {
    let host = Host::start_told(Engine::Postgres, TOLD);
    let counter = install(&host, "calls", &["orders:view", "orders:edit"], json!({}));
    let kept = format!(
        "INSERT INTO records (store, kind, id, rev, created_at, updated_at, doc) \
        SELECT '{}', 'order', 'ord_' || lpad(to_hex(n), 12, '0') || '70008000000000000000', 1, n, n, \
        '{{\"status\": \"open\"}}' FROM generate_series(1, {ORDERS}) AS c(n)",
        host.store()
    );
    execute(&host, &kept);
    orders_named(&host, ["100".to_owned()].into_iter());
    let (owner, neighbour) = (host.owner(), Neighbour::new(&host));
    let (press, counted) = (format!("installations/{counter}/actions/count"), AtomicUsize::new(0));
    let attack = |stop: &AtomicBool| {
        scope(|scope| {
            for _ in 0..PRESSERS {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let answer = owner.post(&press, json!({ "record": "100" }));
                        assert!(matches!(answer.status, 200 | 429 | 503), "{} {:#}", answer.status, answer.body);
                        counted.fetch_add(usize::from(answer.status == 200), Ordering::Relaxed);
                    }
                });
            }
        });
    };
    let fared = beside(|| neighbour.is_served(), attack);
    println!("{fared}");
    // How long it takes is the database server's, which is on the same two cores here.
    assert_eq!(fared.attacked.errors, 0, "{fared}");
    assert!(counted.into_inner() > 0, "no run of the attacker came to its end");
    // What people of the attacker's own store change was never in the way either, nor in theirs.
    owner.post("locations", json!({ "name": "Cellar" })).ok();
}
