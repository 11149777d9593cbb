//! Bytes: an app that writes as much as it can meets the end of its day, and another store notices nothing.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::install;
use crate::support::host::{Host, Told, both};
use crate::support::neighbour::{beside, most_memory};
use crate::support::person::{Body, Person};
use crate::support::tables::orders_named;

both!(
    fifty_runs_that_stage_all_they_can_end_with_the_day_of_their_app,
    a_run_stages_two_mebibytes_and_is_told_what_is_left,
    what_waits_for_a_person_is_bounded,
);

/// Presses at once, how many of each are kept at most, and how long they go on where the machine serves others as well.
const PRESSERS: usize = 50;
const PRESSES: usize = 40;
const PATIENCE: Duration = Duration::from_secs(240);
/// What the operator lets an app write in a day of its store, in bytes: a quarter of the default, so that it is used up
/// soon.
const DAY: u64 = 64 << 20;
const TOLD: Told = &[("STOREHAND_APP_MIB_PER_DAY", "64")];
/// What the log of a database may hold before it is brought into the file, in bytes.
const LOG: u64 = 64 << 20;
/// How long one that had no turn waits before it tries again, at first and at most.
const BACKOFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];
/// What a host with 64 places holds at most in these tests, in bytes: 16 MiB for each place, and what it needs itself.
const MEMORY: u64 = 1_280 << 20;

fn press(owner: &Person, app: &str, action: &str, record: &str) -> Option<Value> {
    let path = format!("installations/{app}/actions/{action}");
    let answer = owner.try_send("POST", &path, Body::Json(json!({ "record": record }))).ok()?;
    (answer.status == 200).then_some(answer.body)
}

/// The same, until it had its turn: the machine has others to serve.
fn served(owner: &Person, app: &str, action: &str, record: &str) -> Value {
    let since = Instant::now();
    loop {
        match press(owner, app, action, record) {
            Some(run) if run["outcome"] != "busy" => return run,
            last => assert!(since.elapsed() < PATIENCE, "it had no turn: {last:?}"),
        }
    }
}

fn error(run: &Value) -> &str {
    run["error"].as_str().unwrap_or_default()
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder").flatten();
    files.map(|file| file.metadata().map_or(0, |of| if of.is_dir() { size(&file.path()) } else { of.len() })).sum()
}

fn fifty_runs_that_stage_all_they_can_end_with_the_day_of_their_app(mut host: Host) {
    host.restart_with(TOLD);
    let app = install(&host, "filler", &["products:edit"], json!({}));
    let (owner, other) = (host.owner(), host.other_store_owner());
    orders_named(&host, (0..PRESSERS).flat_map(|n| (0..PRESSES).map(move |turn| format!("24-{n}-{turn}"))));
    let (kept, over, before) = (AtomicUsize::new(0), AtomicUsize::new(0), size(&host.data()));
    // Each goes on until the day of the app is used up.
    let attack = |_: &AtomicBool| {
        let since = Instant::now();
        scope(|scope| {
            for presser in 0..PRESSERS {
                let (owner, app, kept, over) = (&owner, &app, &kept, &over);
                scope.spawn(move || {
                    let (mut turn, mut wait) = (0, BACKOFF[0]);
                    while turn < PRESSES && since.elapsed() < PATIENCE {
                        let run = press(owner, app, "fill", &format!("24-{presser}-{turn}"));
                        match run.as_ref().map(error) {
                            Some("") => {
                                kept.fetch_add(1, Ordering::Relaxed);
                                (turn, wait) = (turn + 1, BACKOFF[0]);
                            }
                            Some(why) if why.contains("an app may write in a day") => {
                                over.fetch_add(1, Ordering::Relaxed);
                                break;
                            }
                            // All places are taken, or all memory: it is told so, and tries again. Where all came
                            // back at once on a busy machine, none would have its time.
                            _ => {
                                sleep(wait + Duration::from_millis(7) * presser as u32);
                                wait = (wait * 2).min(BACKOFF[1]);
                            }
                        }
                    }
                });
            }
        });
    };
    let customer = json!({ "contact": { "name": "Nina" } });
    let request = || other.send("POST", "customers", Body::Json(customer.clone())).status == 200;
    let fared = beside(request, attack);
    match host.database() {
        None => fared.is_unharmed(),
        // What the server of the database has to do for the attack is not the host's to bound.
        Some(_) => assert_eq!(fared.attacked.errors, 0, "{fared}"),
    }

    let (kept, over) = (kept.into_inner() as u64, over.into_inner());
    assert!(kept > 4 && over > 0, "{kept} kept, {over} over");
    let today = owner.get(&format!("installations/{app}")).ok()["written_today"].clone();
    let (bytes, budget) = (today["bytes"].as_u64().unwrap(), today["budget"].as_u64().unwrap());
    assert_eq!(budget, DAY);
    // The records of runs that were refused are kept all the same.
    assert!(bytes > DAY / 2 && bytes < DAY + DAY / 16, "{bytes}");
    if host.database().is_none() {
        let grown = size(&host.data()) - before;
        assert!(grown < DAY + DAY / 2 + LOG, "{grown} bytes on disk");
    }
    let memory = most_memory(host.pid());
    assert!(memory < MEMORY, "{memory} bytes of memory");
    println!("{kept} kept, {over} over the day; {bytes} bytes written, {memory} of memory at most");
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "show", "filler"]).answers(&["wrote today", "of 64.0 MiB, counted anew from"]);
}

fn a_run_stages_two_mebibytes_and_is_told_what_is_left(host: Host) {
    let app = install(&host, "filler", &["products:edit"], json!({}));
    let owner = host.owner();
    orders_named(&host, ["60-a", "80-a", "3-a", "150-a"].map(str::to_owned).into_iter());
    let run = served(&owner, &app, "fill", "60-a");
    assert!(error(&run).contains("the limit of 2 MiB of changes a run"), "{run}");
    assert!(error(&run).contains("bytes left"), "{run}");
    assert_eq!(run["changes"], 0);
    let run = served(&owner, &app, "store", "80-a");
    assert!(error(&run).contains("the limit of 2 MiB of changes a run"), "{run}");
    assert_eq!(served(&owner, &app, "store", "3-a")["outcome"], "ok");
    assert_eq!(served(&owner, &app, "log", "150-a")["outcome"], "ok");
    // A log counts: a hundred lines of a thousand characters.
    let today = owner.get(&format!("installations/{app}")).ok()["written_today"].clone();
    let bytes = today["bytes"].as_u64().unwrap();
    assert!((250_000..400_000).contains(&bytes), "{today}");
}

fn what_waits_for_a_person_is_bounded(host: Host) {
    let app = install(&host, "filler", &["products:edit"], json!({}));
    let owner = host.owner();
    orders_named(&host, (0..12).map(|n| format!("24-{n}")).chain(["24-z".to_owned()]));
    owner.patch(&format!("installations/{app}/grants/products:edit"), json!({ "held": true })).ok();
    let mut waits = 0;
    let why = loop {
        let run = served(&owner, &app, "fill", &format!("24-{waits}"));
        match error(&run) {
            "" => waits += 1,
            why => break why.to_owned(),
        }
        assert!(waits < 12, "{run}");
    };
    assert!(why.contains("200 change sets of an app that wait for a person, of 16 MiB"), "{why}");
    assert!(waits >= 3, "{waits}");
    // Whoever decides makes room.
    let held = owner.get("held").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    owner.post(&format!("held/{held}/reject"), json!({})).ok();
    assert_eq!(error(&served(&owner, &app, "fill", "24-z")), "");
}
