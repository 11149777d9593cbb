//! A PostgreSQL that goes away, or stops answering, while a host works: everybody is told, nothing acknowledged is lost,
//! and when it is back everything goes on.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::deliveries::witness::{install, seen, wait_until_told};
use crate::runs::world::{SKU, all, order, runs, stock, wait_until, wait_until_within};
use crate::support::host::Host;
use crate::support::person::{Answer, Person};
use crate::support::postgres;

/// The watcher looks every second and waits two for an answer.
const SOON: Duration = Duration::from_secs(20);
/// No request is kept longer, on a machine that is busy with other tests.
const LONGEST: Duration = Duration::from_secs(40);
/// What PostgreSQL's clients look for in the folder that they are given.
const SOCKET: &str = ".s.PGSQL.5432";

/// Between a host and its database, and cut when a test says so.
struct Wire {
    folder: tempfile::TempDir,
    state: Arc<AtomicU8>,
    open: Arc<Mutex<Vec<UnixStream>>>,
}

const WHOLE: u8 = 0;
const CUT: u8 = 1;
const STUCK: u8 = 2;

impl Wire {
    /// A wire to the server whose socket lies in that folder.
    fn to(server: &Path) -> Wire {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        let wire = Wire { folder, state: Arc::default(), open: Arc::default() };
        let (state, open, server) = (Arc::clone(&wire.state), Arc::clone(&wire.open), server.join(SOCKET));
        spawn(move || {
            for host in listener.incoming().map_while(Result::ok) {
                if state.load(Ordering::SeqCst) == CUT {
                    continue;
                }
                let Ok(database) = UnixStream::connect(&server) else { continue };
                for (mut from, mut to) in [(&host, &database), (&database, &host)].map(|(a, b)| (twin(a), twin(b))) {
                    open.lock().expect("no panic").push(twin(&from));
                    let state = Arc::clone(&state);
                    spawn(move || carry(&mut from, &mut to, &state));
                }
            }
        });
        wire
    }

    /// The same database, at the host's end of the wire.
    fn url(&self, url: &str, server: &Path) -> String {
        url.replace(&*server.to_string_lossy(), &self.folder.path().to_string_lossy())
    }

    fn set(&self, state: u8) {
        self.state.store(state, Ordering::SeqCst);
        if state == CUT {
            self.open.lock().expect("no panic").drain(..).for_each(|one| drop(one.shutdown(Shutdown::Both)));
        }
    }
}

fn twin(stream: &UnixStream) -> UnixStream {
    stream.try_clone().expect("a second handle")
}

/// Carries bytes on, but for those that come while the wire is stuck: they wait.
fn carry(from: &mut UnixStream, to: &mut UnixStream, state: &AtomicU8) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        while state.load(Ordering::SeqCst) == STUCK {
            sleep(Duration::from_millis(20));
        }
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// The folder of the socket that an address names.
fn socket(url: &str) -> PathBuf {
    PathBuf::from(url.split("host=").nth(1).expect("the tests' server is at a socket"))
}

fn try_order(storefront: &Person) -> (Answer, Duration) {
    let since = Instant::now();
    let body = json!({ "lines": [{ "sku": SKU, "quantity": 1 }] });
    (storefront.post("storefront/orders", body), since.elapsed())
}

#[test]
fn a_database_that_goes_away_or_falls_silent_is_told_and_what_was_acknowledged_is_there_when_it_is_back() {
    let url = postgres::database();
    let server = socket(&url);
    let wire = Wire::to(&server);
    let host = Host::start_with(wire.url(&url, &server));
    stock(&host);
    let app = install(&host, &["orders:view"], json!({ "poison": 0 }), str::to_owned);
    let (owner, storefront, anyone) = (host.owner(), host.storefront(), host.anonymous());
    let mut kept: Vec<String> = (0..5).map(|_| order(&storefront)).collect();
    wait_until_told(&owner, &app);

    for fault in [CUT, STUCK] {
        wire.set(fault);
        wait_until_within(SOON, "the host says that its database does not answer", || {
            let ready = anyone.get("/readyz");
            ready.status == 503 && ready.text().contains("the database does not answer")
        });
        assert_eq!(anyone.get("/healthz").status, 200, "it runs");
        for _ in 0..3 {
            let (answer, took) = try_order(&storefront);
            assert_eq!(answer.status, 503, "{answer:?}");
            assert!(answer.text().contains("database"), "{answer:?}");
            assert!(took < LONGEST, "{took:?}");
        }
        assert_eq!(owner.get("orders").status, 503);

        wire.set(WHOLE);
        wait_until_within(SOON, "the host is ready again", || anyone.get("/readyz").status == 200);
        wait_until_within(SOON, "orders are taken again", || {
            let (answer, _) = try_order(&storefront);
            let taken = answer.is_ok();
            if taken {
                kept.push(answer.body["id"].as_str().expect("an id").to_owned());
            }
            taken
        });
        let there: Vec<String> =
            all(&owner, "orders").iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
        assert!(kept.iter().all(|id| there.contains(id)), "what was acknowledged is there");
        wait_until("the app has been told of everything there is", || {
            let told = runs(&owner, &app).iter().filter(|run| run["outcome"] == "ok").count();
            told == all(&owner, "orders").len()
        });
        let state = seen(&owner, &app);
        assert_eq!((&state["state"], &state["parked"]), (&json!("active"), &json!(0)), "{state:#}");
    }
    let output = host.output();
    assert!(!output.contains("panicked"), "{output}");
    let said = output.lines().filter(|line| line.contains("\"ERROR\"")).count();
    assert!(said <= 20, "two faults are told in {said} lines:\n{output}");
}
