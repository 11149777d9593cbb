//! An owner asks what somebody could do before making them staff.

use super::desk::Desk;
use crate::support::host::{Engine, Host};

#[test]
fn an_owner_reads_what_a_role_or_a_person_can_do_and_what_is_missing() {
    let host = Host::start(Engine::Sqlite);
    host.staff(&["orders:view", "orders:refund"]);
    let desk = Desk::of_owner(&host);
    let page = desk.storehand(&["staff", "dry-run", "fulfilment-agent"]).answers(&[
        "Fulfilment agent can do",
        "holding orders:view, orders:pii, orders:fulfill, products:view, inventory:view, locations:view",
        "GET orders/{order}",
        "orders:refund orders",
        "POST orders/{order}/refund",
    ]);
    let (can, cannot) = page.stdout.split_once("CANNOT").expect("both");
    assert!(can.contains("GET orders/{order}/contact") && cannot.contains("POST orders/{order}/cancel"));
    assert!(cannot.contains("apps:run and apps:view"), "{cannot}");

    desk.storehand(&["staff", "list"]).answers(&["Olive Owner", "everything: the owner", "orders:view, orders:refund"]);
    let sam = desk.storehand(&["staff", "dry-run", "Sam Staff", "--json"]).ok().json();
    let refund = sam["routes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|route| route["path"].as_str().is_some_and(|path| path.ends_with("/refund")));
    assert_eq!(refund.unwrap()["allowed"], true);
    desk.storehand(&["staff", "dry-run", "fulfillment-agent"]).fails(4, &["did you mean `fulfilment-agent`?"]);
    let looker = Desk::of(&host, &host.staff(&["apps:view"]));
    looker.storehand(&["staff", "dry-run", "designer"]).fails(3, &["staff:view"]);
}
