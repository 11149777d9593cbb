//! Taking changes back over HTTP and through the command.

use serde_json::{Value, json};

use super::press;
use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::tables::orders_like;

both!(
    one_change_one_run_and_one_app_are_taken_back_by_command,
    an_undo_needs_what_the_changes_needed_and_says_what_it_leaves,
);

const APP: &str = "storehand-tests/maker";
const SCOPES: [&str; 4] = ["customers:edit", "discounts:edit", "orders:edit", "inventory:adjust"];

fn one_change_one_run_and_one_app_are_taken_back_by_command(host: Host) {
    stock(&host);
    let (owner, front, desk) = (host.owner(), host.storefront(), Desk::of_owner(&host));
    let maker = install(&host, "maker", &SCOPES, json!({}));
    let orders = [order(&front), order(&front)];
    let tags = |order: &str| owner.get(&format!("orders/{order}")).ok()["tags"].clone();
    let resume = || desk.storehand(&["apps", "resume", "maker"]).ok();
    let level = format!("{SKU}@{}", host.location());
    let available = || owner.get(&format!("inventory/{SKU}/{}", host.location())).ok()["available"].as_i64().unwrap();

    orders_like(&host, &orders[0], &[&level]);
    press(&owner, &maker, "tag", &orders[0]);
    let run = press(&owner, &maker, "tag", &orders[1])["invocation"].as_str().unwrap().to_owned();
    let before = available();
    press(&owner, &maker, "settle", &level);
    let sets = desk.storehand(&["changes", "list", "--app", "maker", "--json"]).ok().json();
    assert_eq!(sets.as_array().unwrap().len(), 3);
    // People read the app and for whom it ran; programs have its exact actor as well.
    let (by, actor) = (format!("{APP} for Olive Owner"), sets[2]["actor"].as_str().unwrap());
    assert_eq!((&sets[2]["app"], actor.starts_with(&format!("app:{maker}+stf_"))), (&json!(APP), true), "{sets:#}");
    desk.storehand(&["changes", "list", "--record", &orders[0]]).answers(&["TIME BY CHANGES CHANGE SET", &by]);
    let first = sets[2]["id"].as_str().unwrap().to_owned();
    desk.storehand(&["changes", "show", &first]).answers(&["changed order", "tags: [] → [\"made\"]", &by, &maker]);

    // One change: looked at, then done after a yes.
    let one = format!("{first}/0");
    let words = ["takes back 1 change", "1 order will be as before", "the app is paused", "--yes"];
    desk.storehand(&["changes", "undo", &one]).fails(2, &words);
    desk.storehand(&["changes", "undo", &one, "--dry-run"]).answers(&words[..2]);
    assert_eq!(tags(&orders[0]), json!(["made"]));
    let done = desk.storehand(&["changes", "undo", &one, "--yes", "--json"]).ok().json();
    assert_eq!((&done["state"], &done["undone"]), (&"done".into(), &1.into()));
    assert_eq!(tags(&orders[0]), json!([]));
    desk.storehand(&["apps", "list"]).answers(&["paused: its changes are taken back"]);
    desk.storehand(&["changes", "undo", &one, "--yes"]).answers(&["nothing of it is left to take back"]);
    desk.storehand(&["changes", "list", "--app", "maker"]).answers(&["taken back"]);
    desk.storehand(&["changes", "show", &first]).answers(&["taken back 1 of 1", "taken back by chg_"]);
    resume();

    // One run, the app left running.
    desk.storehand(&["changes", "undo", "--run", &run, "--keep-running", "--yes"]).answers(&["1 change of 1 record"]);
    assert_eq!(tags(&orders[1]), json!([]));
    desk.storehand(&["apps", "list"]).answers(&["active"]);

    // All of an app; what somebody changed since stays and is named.
    press(&owner, &maker, "tag", &orders[0]);
    owner.delete(&format!("orders/{}/tags/made", orders[0])).ok();
    owner.post(&format!("orders/{}/tags", orders[0]), json!({ "tag": "made" })).ok();
    desk.storehand(&["changes", "undo", "--app", "maker", "--dry-run"]).answers(&[
        "takes back 2 changes",
        "1 discount made by it will be removed",
        "1 stock level will be shifted back",
        "the store moved on: 1",
        "changed since by Olive Owner",
    ]);
    let done = desk.storehand(&["changes", "undo", "--app", "maker", "--yes", "--json"]).ok().json();
    assert_eq!((&done["undone"], &done["skipped"], available()), (&2.into(), &1.into(), before));
    assert_eq!(tags(&orders[0]), json!(["made"]));
    assert_eq!(owner.get("discounts").ok()["items"], json!([]));
    let undo = done["id"].as_str().unwrap();
    let skipped = owner.get(&format!("undos/{undo}/skipped")).ok()["items"].clone();
    assert_eq!((&skipped[0]["id"], &skipped[0]["why"]), (&orders[0].as_str().into(), &"changed".into()));

    // And back again.
    desk.storehand(&["changes", "undo", undo, "--yes"]).answers(&["2 changes of 2 records taken back"]);
    assert_eq!((available(), owner.get("discounts").ok()["items"][0]["code"].clone()), (before - 4, "MADE".into()));
    let undos = owner.get("undos").ok()["items"].as_array().unwrap().len();
    assert_eq!(undos, 4, "only what was asked for with a yes");

    desk.storehand(&["changes", "undo"]).fails(2, &["--run", "--app"]);
    desk.storehand(&["changes", "undo", "ord_1"]).fails(2, &["not a change set"]);
    desk.storehand(&["changes", "undo", "chg_0", "--yes"]).fails(5, &["chg_"]);
    desk.storehand(&["changes", "undo", "--app", "nothing"]).fails(4, &["no app `nothing`"]);
}

fn an_undo_needs_what_the_changes_needed_and_says_what_it_leaves(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let maker = install(&host, "maker", &SCOPES, json!({}));
    let order = order(&front);
    press(&owner, &maker, "tag", &order);
    orders_like(&host, &order, &["2"]);
    press(&owner, &maker, "many", "2");
    let body = json!({ "installation": maker });

    let watcher = host.staff(&["changes:view"]);
    assert_eq!(watcher.post("undos/preview", body.clone()).is(403)["scope"], "changes:undo");
    let helper = host.staff(&["changes:undo", "changes:view", "orders:edit"]);
    assert_eq!(helper.post("undos", body.clone()).is(403)["scope"], "apps:pause");
    let preview = helper.post("undos/preview", body.clone()).ok();
    assert_eq!((&preview["undone"], &preview["impossible"]), (&1.into(), &4.into()), "{preview:#}");
    let mut kept = body.clone();
    kept["keep_running"] = true.into();
    let undo = helper.post("undos", kept).ok();
    assert_eq!((&undo["undone"], &undo["skipped"]), (&1.into(), &4.into()));
    let skipped = helper.get(&format!("undos/{}/skipped", undo["id"].as_str().unwrap())).ok();
    let missing: Vec<&Value> = skipped["items"].as_array().unwrap().iter().map(|one| &one["scope"]).collect();
    assert_eq!(missing, ["customers:edit", "customers:edit", "customers:pii", "customers:pii"]);
    assert_eq!(owner.get("customers/count").ok()["count"], 2);

    // The owner holds it all. A change of the shop's front is nobody's to take back.
    assert_eq!(owner.post("undos", body).ok()["undone"], 4);
    assert_eq!(owner.get("customers/count").ok()["count"], 0);
    let placed = owner.get(&format!("journal?record={order}&kind=order")).ok();
    let placed = placed["items"].as_array().unwrap().last().unwrap()["id"].clone();
    let preview = owner.post("undos/preview", json!({ "change_set": placed })).ok();
    assert_eq!(preview["undone"], 0, "{preview:#}");
    for wrong in [json!({}), json!({ "change_set": placed, "installation": maker }), json!({ "change": 1 })] {
        owner.post("undos/preview", wrong).is(422);
    }
    let other = host.other_store_owner();
    other.post("undos", json!({ "installation": maker })).is(404);
    other.post("undos", json!({ "change_set": placed })).is(404);
}
