//! Audit logs with evidence: what is written is verified on the host and over the API, what is edited behind its back is found,
//! also by a host that was killed, and nobody is told of a log who may not read it.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::support::command::{Ran, run};
use crate::support::host::{Engine, Host, both};
use crate::support::sessions::run_at;

both!(
    what_was_edited_is_found_on_the_host_and_over_the_api,
    a_host_that_was_killed_verifies_and_its_checkpoints_come_after_the_next_start,
    nobody_verifies_a_log_they_may_not_read,
);

/// `storehand audit …` on the machine of the host.
fn audit(host: &Host, arguments: &[&str]) -> Ran {
    let desk = Desk::at(&host.url(), None);
    let mut command = desk.command(&[&["audit"], arguments].concat());
    command.env("STOREHAND_DATA_DIR", host.data()).stdin(Stdio::null());
    if let Some(database) = host.database() {
        command.env("STOREHAND_DATABASE_URL", database);
    }
    run(&mut command)
}

/// The lines of checkpoints that a host has written.
fn lines(host: &Host) -> Vec<Value> {
    let text = fs::read_to_string(host.data().join("audit-checkpoints.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(all: &'a Value, chain: &str) -> &'a Value {
    all.as_array().unwrap().iter().find(|one| one["chain"] == chain).unwrap_or_else(|| panic!("no {chain} in {all:#}"))
}

fn what_was_edited_is_found_on_the_host_and_over_the_api(mut host: Host) {
    let (owner, store) = (host.owner(), host.store().to_owned());
    host.staff(&["orders:view"]);
    // Stopping signs what no checkpoint covers yet.
    host.stop();
    let signed = lines(&host);
    assert_eq!(signed.len(), 2, "the host's own and the store's: {signed:?}");
    let all = audit(&host, &["verify", "--json"]).ok().json();
    assert!(all.as_array().unwrap().iter().all(|one| one["intact"] == true && one["complete"] == true), "{all:#}");
    let of_store = of(&all, &store);
    assert_eq!(of_store["last"], of_store["checkpoint"], "{of_store}");
    let said = audit(&host, &["verify", "--store", "Corner shop"]).ok().stdout;
    assert!(said.contains("verified up to entry") && said.contains("checkpoint of"), "{said}");
    let key = audit(&host, &["key"]).ok().stdout.trim().to_owned();
    assert_eq!(key.len(), 64);
    audit(&host, &["verify", "--key", &key]).ok();

    host.restart();
    let told = owner.get("audit/verify").ok();
    assert_eq!((&told["intact"], &told["checkpoint"], &told["fault"]), (&json!(true), &of_store["last"], &Value::Null));
    assert_eq!(host.operator().get("/api/v1/audit/verify").ok()["chain"], "host");
    let path = format!("/api/v1/audit/verify?store={store}");
    assert_eq!(host.operator().get(&path).ok()["chain"], json!(store));
    let page = owner.look("activity/audit/verify", "en").is(200);
    page.says(&["Is this log what was written?", "Verified up to entry", "Checkpoint of"]);
    owner.look("activity/audit", "en").is(200).says(&["Checkpoint of", "Verify this log"]);
    owner.look("activity/audit/verify", "fr").is(200).says(&["Vérifié jusqu’à l’entrée"]);

    run_at(&host.url(), &format!("UPDATE audit SET actor = 'host' WHERE store = '{store}' AND act = 'staff.add'"));
    let told = owner.get("audit/verify").ok();
    assert_eq!((&told["intact"], &told["fault"]["kind"]), (&json!(false), &json!("changed")), "{told:#}");
    owner.look("activity/audit/verify", "en").is(200).says(&["Not intact", "is not what was written"]);
    let ran = audit(&host, &["verify"]);
    assert_eq!(ran.code, 1, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("is not as it was written") && ran.stderr.contains("aud_"), "{}", ran.stderr);
    let all = audit(&host, &["verify", "--json"]).json();
    assert_eq!((&of(&all, "host")["intact"], &of(&all, &store)["intact"]), (&json!(true), &json!(false)));

    // The end cut off and everything made to fit it: what was signed says otherwise.
    let cut = format!("DELETE FROM audit WHERE store = '{store}' AND seq > 1");
    let fit = format!(
        "UPDATE audit_chains SET seq = 1, hash = (SELECT hash FROM audit WHERE store = '{store}' AND seq = 1) WHERE chain = '{store}'"
    );
    run_at(&host.url(), &cut);
    run_at(&host.url(), &fit);
    assert_eq!(owner.get("audit/verify").ok()["fault"]["kind"], "cut_off");
    let ran = audit(&host, &["verify", "--store", &store]);
    assert!(ran.code == 1 && ran.stderr.contains("before where a signed checkpoint says"), "{}", ran.stderr);

    // And so do lines that somebody changed, forged or took out.
    let file = host.data().join("audit-checkpoints.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("\"seq\":", "\"seq\":1", 1)).unwrap();
    let ran = audit(&host, &["verify"]);
    assert!(ran.code == 1 && ran.stderr.contains("line 1 of the checkpoints"), "{}", ran.stderr);
    let without = text.lines().next().unwrap().to_owned() + "\n" + text.lines().next().unwrap() + "\n";
    fs::write(&file, without).unwrap();
    let ran = audit(&host, &["verify"]);
    assert!(ran.code == 1 && ran.stderr.contains("does not follow the line before it"), "{}", ran.stderr);
    let ran = audit(&host, &["verify", "--checkpoints", "nowhere.jsonl"]);
    assert!(ran.code == 1 && ran.stderr.contains("nowhere.jsonl"), "{}", ran.stderr);
}

fn a_host_that_was_killed_verifies_and_its_checkpoints_come_after_the_next_start(mut host: Host) {
    let staff = host.staff(&["orders:view"]);
    host.kill9();
    assert_eq!(lines(&host).len(), 0, "killed before its first checkpoint");
    let all = audit(&host, &["verify", "--json"]).ok().json();
    assert!(all.as_array().unwrap().iter().all(|one| one["intact"] == true), "{all:#}");
    host.restart();
    staff.get("/api/v1/me").ok();
    host.stop();
    assert_eq!(lines(&host).len(), 2);
    // Half a line, as of a host that was cut off in it, is taken away by the next.
    let file = host.data().join("audit-checkpoints.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}{{\"n\":3,\"prev")).unwrap();
    host.restart();
    host.staff(&["orders:view"]);
    host.stop();
    let after = lines(&host);
    let numbers: Vec<_> = after.iter().map(|line| line["n"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3]);
    audit(&host, &["verify"]).ok();
}

fn nobody_verifies_a_log_they_may_not_read(host: Host) {
    let (owner, store) = (host.owner(), host.store().to_owned());
    let other = host.other_store_owner();
    let path = format!("/api/v1/stores/{store}/audit/verify");
    host.anonymous().get(&path).is(401);
    host.anonymous().get("/api/v1/audit/verify").is(401);
    other.get(&path).is(404);
    host.staff(&["orders:view"]).get(&path).is(403);
    host.staff(&["audit:view"]).get(&path).ok();
    owner.get("/api/v1/audit/verify").is(403);
    owner.get(&format!("/api/v1/audit/verify?store={store}")).is(403);
    host.operator().get("/api/v1/audit/verify?store=sto_00000000000000000000000000000000").is(404);
    host.storefront().get(&path).is(403);
    // What is asked wrongly is told, and is no finding.
    owner.get("audit/verify?after=9999999").is(404);
    owner.get("audit/verify?after=x").is(400);
    assert!(owner.get("audit/verify?after=1").ok()["intact"].as_bool().unwrap());
    // Asked again and again, a store gets its share and no more; another one notices nothing.
    let asked: Vec<_> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| owner.get("audit/verify").status);
        let all: Vec<_> = (0..24).map(|_| ask()).collect();
        assert_eq!(other.get("audit/verify").status, 200);
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(asked.iter().all(|status| [200, 429, 503].contains(status)), "{asked:?}");
    let listed = Desk::of_owner(&host).storehand(&["audit", "list", "--act", "staff.add", "--json"]).ok().json();
    assert!(listed.as_array().unwrap().iter().all(|entry| entry["act"] == "staff.add"), "{listed:#}");
}

#[test]
fn checkpoints_go_to_a_syslog_and_a_webhook_and_a_target_that_is_away_stops_nothing() {
    let syslog = UdpSocket::bind("127.0.0.1:0").unwrap();
    syslog.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let webhook = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut host = Host::start(Engine::Sqlite);
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let told = [
        ("STOREHAND_AUDIT_SYSLOG", leak(format!("udp://{}", syslog.local_addr().unwrap()))),
        ("STOREHAND_AUDIT_WEBHOOK", leak(format!("http://{}/audit", webhook.local_addr().unwrap()))),
        ("STOREHAND_AUDIT_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ];
    let told: &'static [(&str, &str)] = Box::leak(Box::new(told));
    host.restart_with(told);
    let posted = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = webhook.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (mut text, mut part) = (String::new(), [0; 4096]);
        let whole = |text: &str| {
            let (head, body) = text.split_once("\r\n\r\n")?;
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            length.map(|length: usize| body.len() >= length)
        };
        while whole(&text) != Some(true) {
            let read = stream.read(&mut part).unwrap();
            assert!(read > 0, "a post that ends in the middle: {text}");
            text += std::str::from_utf8(&part[..read]).unwrap();
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n").unwrap();
        text
    });
    host.stop();
    let mut datagram = [0; 2048];
    let length = syslog.recv(&mut datagram).unwrap();
    let text = std::str::from_utf8(&datagram[..length]).unwrap();
    assert!(text.starts_with("<109>1 20") && text.contains(" audit.checkpoint - {\"n\":1,"), "{text}");
    let post = posted.join().unwrap().to_lowercase();
    for part in ["webhook-id: msg_", "webhook-timestamp: ", "webhook-signature: v1,", "audit.checkpoints"] {
        assert!(post.contains(part), "{part} in {post}");
    }
    // Nobody listens any more: the host starts, works and stops as ever.
    drop(syslog);
    host.restart_with(told);
    host.staff(&["orders:view"]);
    let since = Instant::now();
    host.stop();
    assert!(since.elapsed() < Duration::from_secs(30));
    audit(&host, &["verify"]).ok();
}
