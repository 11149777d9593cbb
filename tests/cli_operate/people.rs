//! An owner runs the people of a store from a terminal: who works at the moment, roles, rules, owners; and the operator frees
//! an address.

use super::desk::Desk;
use crate::access::asks::soon;
use crate::support::host::{Engine, Host};
use crate::support::sessions;

#[test]
fn an_owner_suspends_reinstates_renames_and_ends_people_from_a_terminal() {
    let host = Host::start(Engine::Sqlite);
    let sam = host.staff(&["orders:view"]);
    let desk = Desk::of_owner(&host);
    desk.storehand(&["staff", "suspend", "Sam Staff"]).answers(&["Sam Staff is suspended"]);
    sam.get("orders").is(401);
    desk.storehand(&["staff", "list"]).answers(&["suspended since"]);
    desk.storehand(&["staff", "suspend", "Sam Staff", "--yes"]).fails(5, &["Sam Staff"]);
    desk.storehand(&["staff", "reinstate", "Sam Staff"]).answers(&["with what they held"]);
    sam.get("orders").ok();
    desk.storehand(&["staff", "last-day", "Sam Staff", "soon"]).fails(5, &["`soon` is no day"]);
    desk.storehand(&["staff", "last-day", "Sam Staff"]).fails(2, &["DAY"]);
    let set = desk.storehand(&["staff", "last-day", "Sam Staff", &soon(), "--json"]).ok().json();
    assert!(set["ends_at"].is_string(), "{set}");
    desk.storehand(&["staff", "list"]).answers(&["until "]);
    desk.storehand(&["staff", "last-day", "Sam Staff", "--none"]).answers(&["has no last day"]);
    desk.storehand(&["staff", "rename", "Sam Staff", "Sam Lee"]).answers(&["Sam Staff is called Sam Lee"]);
    desk.storehand(&["staff", "sign-out", "Sam Lee"]).answers(&["sessions ended: 0", "their tokens stay"]);
    desk.storehand(&["staff", "suspend", "Sam Le"]).fails(4, &["did you mean `Sam Lee`?"]);
    Desk::of(&host, &sam).storehand(&["staff", "suspend", "Sam Lee"]).fails(3, &["staff:view"]);
}

#[test]
fn an_owner_looks_after_roles_rules_and_owners_from_a_terminal() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.storehand(&["roles", "create", "Packer", "--scope", "orders:view,inventory:view"])
        .answers(&["Packer", "rol_"]);
    desk.storehand(&["roles", "create", "Packer", "--scope", "orders:view"]).fails(5, &["there is a role `Packer`"]);
    desk.storehand(&["roles", "list"]).answers(&["fulfilment-agent", "Packer", "the store's own: rol_"]);
    desk.storehand(&["staff", "add", "Ada", "--role", "Packer"]).answers(&["Ada is"]);
    desk.storehand(&["staff", "dry-run", "Packer"]).answers(&["Packer can do", "holding orders:view, inventory:view"]);
    desk.storehand(&[
        "roles",
        "change",
        "Packer",
        "--title",
        "Picker",
        "--add",
        "orders:refund",
        "--remove",
        "orders:view",
    ])
    .answers(&["Picker proposes inventory:view, orders:refund"]);
    desk.storehand(&["staff", "change", "Ada", "--role", "Picker"]).answers(&["orders:refund"]);
    desk.storehand(&["roles", "change", "accountant", "--add", "orders:refund"]).fails(2, &["a template"]);
    desk.storehand(&["roles", "delete", "Packer"]).fails(4, &["there is no role `Packer`"]);
    desk.storehand(&["roles", "delete", "Picker"]).answers(&["nobody's permissions were changed"]);

    desk.storehand(&["rules", "show"]).answers(&["there are no house rules"]);
    desk.write("rules.txt", "Call before you refund.\n\u{1b}[2JNever share a login.");
    desk.storehand(&["rules", "set", "rules.txt"]).fails(5, &["control characters"]);
    desk.write("rules.txt", "Call before you refund.\nNever share a login.");
    desk.storehand(&["rules", "set", "rules.txt"]).answers(&["version 1"]);
    desk.storehand(&["rules", "show"]).answers(&["Call before you refund. Never share a login."]);
    desk.storehand(&["rules", "set", "rules.txt", "--replaces", "0"]).fails(5, &["changed the rules meanwhile"]);
    desk.storehand(&["rules", "set", "gone.txt"]).fails(4, &["gone.txt"]);
    desk.storehand(&["rules", "versions"]).answers(&["1", "Olive Owner"]);
    desk.storehand(&["rules", "show", "2"]).fails(4, &["version of the house rules"]);
    desk.storehand(&["owners", "list"]).answers(&["Olive Owner"]);
    desk.storehand(&["owners", "withdraw", "Ada"]).fails(4, &["offer of ownership"]);
}

#[test]
fn the_operator_frees_an_address_from_a_terminal() {
    let host = Host::start(Engine::Sqlite);
    let address = sessions::stray_account(&host.url(), "squatter");
    Desk::of_owner(&host).storehand(&["accounts", "free", &address]).fails(3, &["operator"]);
    let desk = Desk::of(&host, &host.operator());
    let freed = desk.storehand(&["accounts", "free", &address, "--json"]).ok().json();
    assert!(freed["account"].as_str().unwrap().starts_with("acc_"));
    desk.storehand(&["accounts", "free", &address, "--yes"]).fails(5, &["it is free"]);
}
