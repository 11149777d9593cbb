//! Uploads: few of each store at once, gone with whoever sends them, and gone for good when they are deleted.

use std::io::Write;
use std::net::TcpStream;

use serde_json::json;

use crate::cli_operate::desk::Desk;
use crate::runs::world::wait_until;
use crate::support::guests;
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;

both!(
    a_store_has_few_uploads_on_the_way_and_another_ones_goes_through,
    an_unused_upload_is_deleted_and_a_used_one_keeps_its_number,
    a_publisher_deletes_what_no_store_uses,
);

/// An upload that stops half way, as long as the connection is held.
fn half(host: &Host, owner: &Person) -> TcpStream {
    let mut stream = TcpStream::connect(host.url().trim_start_matches("http://")).expect("the host listens");
    let (store, token) = (owner.store(), owner.token().expect("a token"));
    let head = format!(
        "POST /api/v1/stores/{store}/apps HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\n\
         content-type: application/wasm\r\ncontent-length: 1000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the host reads");
    stream.write_all(b"\0asm\x0d\0\x01\0").expect("the host reads");
    stream
}

fn a_store_has_few_uploads_on_the_way_and_another_ones_goes_through(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    let tagger = guests::build("tagger");
    let upload = || owner.upload("apps", tagger.clone());
    let mut held: Vec<TcpStream> = Vec::new();
    // One that arrives while a whole upload is taken in is refused itself, so there is another one each time.
    wait_until("the third upload of one store is too many", || {
        held.push(half(&host, &owner));
        upload().status == 429
    });
    let problem = upload().is(429);
    assert_eq!(problem["code"], "uploads_full", "{problem:#}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("on the way already")), "{problem:#}");
    let theirs = |text: &str| text.replace("storehand-tests/tagger", "other-shop/tagger");
    other.upload("apps", guests::reworded("tagger", theirs)).ok();
    drop(held);
    wait_until("what its sender gave up takes no place", || upload().status == 200);
}

fn an_unused_upload_is_deleted_and_a_used_one_keeps_its_number(host: Host) {
    let owner = host.owner();
    let version = "apps/storehand-tests/tagger/versions/0.1.0";
    let other = || guests::reworded("tagger", |text| text.replace("Tags every order", "Tags all orders"));
    owner.upload("apps", guests::build("tagger")).ok();
    host.other_store_owner().at(host.store()).delete(version).is(404);
    let deleted = owner.delete(version).ok();
    assert_eq!(deleted["free"], json!(true), "{deleted:#}");
    assert_eq!(owner.get("apps").ok()["items"], json!([]));
    owner.delete(version).is(404);

    // Nothing was ever installed under this number, so other content may have it.
    owner.upload("apps", other()).ok();
    let install = json!({ "app": "storehand-tests/tagger", "scopes": ["orders:view", "orders:edit"] });
    let installed = owner.post("installations", install).ok();
    let problem = owner.delete(version).is(422);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("uninstall the app first")), "{problem:#}");
    let installation = format!("installations/{}", installed["id"].as_str().expect("an id"));
    owner.delete(&installation).ok();

    let deleted = owner.delete(version).ok();
    assert_eq!(deleted["free"], json!(false), "{deleted:#}");
    assert_eq!(owner.get("apps").ok()["items"], json!([]));
    let gone = owner.get("installations?uninstalled=true").ok();
    assert_eq!(gone["items"][0]["name"], json!("Tagger"), "what was installed is still known: {gone:#}");
    let problem = owner.upload("apps", guests::build("tagger")).is(422);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("raise the version")), "{problem:#}");
    owner.upload("apps", other()).ok();
    let audit = owner.get("audit").ok();
    let deletions = audit["items"].as_array().expect("entries").iter().filter(|entry| entry["act"] == "apps.delete");
    assert_eq!(deletions.count(), 2, "{audit:#}");
}

fn a_publisher_deletes_what_no_store_uses(host: Host) {
    let (owner, publisher, operator) = (host.owner(), host.publisher("storehand-tests"), host.operator());
    let (of_app, version) = ("/api/v1/apps/storehand-tests/tagger/versions", "storehand-tests/tagger@0.1.0");
    let at = format!("{of_app}/0.1.0");
    publisher.upload("/api/v1/apps", guests::build("tagger")).ok();
    // Nobody else's, and none that stores can see.
    host.publisher("another").delete(&at).is(404);
    owner.delete(&at).is(403);
    operator.post(&format!("{at}/publish"), json!({})).ok();
    let problem = publisher.delete(&at).is(422);
    assert!(
        problem["detail"].as_str().is_some_and(|detail| detail.contains("the operator can withdraw it")),
        "{problem:#}"
    );
    let install = json!({ "app": "storehand-tests/tagger", "scopes": ["orders:view", "orders:edit"] });
    let installed = owner.post("installations", install).ok();
    operator.post(&format!("{at}/withdraw"), json!({})).ok();
    let desk = Desk::of(&host, &publisher);
    let delete = ["apps", "delete", version, "--as-publisher"];
    desk.storehand(&delete).fails(5, &["is installed, or waits to be", "a store uses it until"]);
    owner.delete(&format!("installations/{}", installed["id"].as_str().expect("an id"))).ok();
    desk.storehand(&delete).answers(&["0.1.0 is deleted; it was installed once, so its number stays taken"]);
    publisher.delete(&at).is(404);
    publisher.get(of_app).is(404);
}

#[test]
fn what_was_compiled_of_a_deleted_version_goes_from_other_hosts_too() {
    let one = Host::start(Engine::Postgres);
    let mut other = one.beside();
    let owner = one.owner();
    let compiled = |host: &Host| {
        let files = std::fs::read_dir(host.data().join("artefacts")).expect("a folder").flatten();
        files.filter(|file| file.file_name().len() > 64).count()
    };
    let there = other.person(one.store(), owner.token());
    for app in ["storehand-tests/tagger", "storehand-tests/kept"] {
        there.upload("apps", guests::reworded("tagger", |text| text.replace("storehand-tests/tagger", app))).ok();
    }
    assert_eq!((compiled(&one), compiled(&other)), (0, 2));
    owner.delete("apps/storehand-tests/tagger/versions/0.1.0").ok();
    assert_eq!(compiled(&other), 2, "it was deleted elsewhere");
    other.restart();
    wait_until("its artefact is gone", || compiled(&other) == 1);
}
