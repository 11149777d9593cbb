//! Compiling: bombs that no estimate finds, uploads that nobody waits for, and an honest upload beside them.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::component::guest;
use crate::runs::world::wait_until;
use crate::support::bombs;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::neighbour::most_memory;
use crate::support::person::Person;

both!(
    three_bombs_end_in_words_and_another_stores_upload_has_its_turn_beside_them,
    sixty_abandoned_uploads_leave_neither_memory_nor_places_nor_workers_behind,
    a_name_of_somebody_else_costs_no_compiling,
);

/// An honest upload waits for no bomb: two are compiled at once, each of another store. The rest is a busy machine.
const TURN: Duration = Duration::from_secs(30);
/// What a host holds at most under abandoned uploads, in bytes: what it needs itself, and two components that are read.
const MEMORY: u64 = 512 << 20;
/// Bytes of an upload that is given up before its end.
const LARGE: usize = 8 << 20;

fn three_bombs_end_in_words_and_another_stores_upload_has_its_turn_beside_them(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    let theirs = guests::reworded("tagger", |text| text.replace("storehand-tests/tagger", "other-shop/tagger"));
    let bombs = bombs::bombs("acme");
    scope(|scope| {
        let sent = scope.spawn(|| {
            for bomb in bombs {
                let problem = owner.upload("apps", bomb);
                let detail = problem.body["detail"].as_str().unwrap_or_default().to_owned();
                // On a machine that is too busy to give it its seconds it has no end, and counts against nobody.
                let late = problem.status == 503 && detail.contains("too busy");
                let costly = problem.status == 422 && detail.contains("too much time or memory to compile");
                assert!(costly || late, "{} {:#}", problem.status, problem.body);
                println!("{detail}");
            }
        });
        sleep(Duration::from_millis(500));
        let since = Instant::now();
        other.upload("apps", theirs).ok();
        let took = since.elapsed();
        assert!(!sent.is_finished(), "the bombs were over before the upload");
        println!("the honest upload took {took:.1?}");
        assert!(took < TURN, "{took:?}");
    });
    let next = owner.upload("apps", guests::build("tagger"));
    let detail = next.body["detail"].as_str().unwrap_or_default();
    assert!(next.status == 200 || detail.contains("took all the time that compiling may take"), "{:#}", next.body);
}

/// The head of an upload of so many bytes.
fn begun(host: &Host, owner: &Person, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(host.url().trim_start_matches("http://")).expect("the host listens");
    let (store, token) = (owner.store(), owner.token().expect("a token"));
    let head = format!(
        "POST /api/v1/stores/{store}/apps HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\n\
         content-type: application/wasm\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the host reads");
    stream
}

/// Children of the host that compile.
fn workers(host: &Host) -> usize {
    let pid = host.pid();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let of_all = std::fs::read_dir(format!("/proc/{pid}/task")).expect("the host runs").flatten();
    let of_all = of_all.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    of_all.chain([children]).flat_map(|pids| pids.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).count()
}

fn sixty_abandoned_uploads_leave_neither_memory_nor_places_nor_workers_behind(host: Host) {
    let owner = host.owner();
    let bomb: Arc<[u8]> = bombs::bombs("acme")[2].clone();
    let large = [b"\0asm\x0d\0\x01\0".to_vec(), vec![0; LARGE]].concat();
    for n in 0..60 {
        // Every other one is given up a byte before its end, the rest once it is being compiled.
        let (bytes, whole) = if n % 2 == 0 { (&large[..], false) } else { (&bomb[..], true) };
        let mut stream = begun(&host, &owner, bytes.len());
        // Refused before its end, if both places of the store are taken.
        let _ = stream.write_all(&bytes[..bytes.len() - usize::from(!whole)]);
        if whole {
            sleep(Duration::from_millis(150));
        }
        let _ = stream.shutdown(Shutdown::Both);
    }
    wait_until("their places are free", || owner.upload("apps", guests::build("tagger")).status == 200);
    wait_until("their workers have ended", || workers(&host) == 0);
    let memory = most_memory(host.pid());
    println!("{} MiB at most", memory >> 20);
    assert!(memory < MEMORY, "{memory} bytes of memory");
}

fn a_name_of_somebody_else_costs_no_compiling(host: Host) {
    host.publisher("acme-tools")
        .upload(
            "/api/v1/apps",
            guests::reworded("noop", |text| text.replace("storehand-tests/noop", "acme-tools/noop")),
        )
        .ok();
    let other = host.other_store_owner();
    for bomb in bombs::bombs("acme-tools").into_iter().cycle().take(6) {
        let refused = other.upload("apps", bomb).is(409);
        assert!(refused["detail"].as_str().unwrap().contains("publisher's name `acme-tools`"), "{refused:#}");
    }
    // None of the six counts as one that cost all it may.
    let manifest = guest::manifest(&["orders:view"]);
    other.upload("apps", bombs::app(&manifest, &[0, 0x0b])).ok();
    assert_eq!(other.get("apps").ok()["items"][0]["app"], json!("acme/notes"));
}
