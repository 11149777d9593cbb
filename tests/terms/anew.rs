//! What an app proposed by itself, told of an event or woken by the clock, is proposed anew when somebody asks for it.

use serde_json::{Value, json};

use super::held::{PRICE, Shop};
use crate::runs::world::{order, wait_until};
use crate::support::host::{Host, both};
use crate::support::tables::execute;

both!(
    what_an_event_made_an_app_propose_is_proposed_anew_on_the_order_as_it_is,
    what_a_schedule_made_an_app_propose_is_proposed_anew_and_the_clock_goes_on,
    nothing_is_proposed_anew_by_an_app_that_cannot_run_or_for_an_event_that_is_gone,
);

const REFUND: [&str; 3] = ["--grant", "orders:refund", "--hold=orders:refund"];

impl Shop {
    /// The held change sets that wait, newest first.
    fn waiting(&self) -> Vec<Value> {
        self.owner.get("held").ok()["items"].as_array().unwrap().clone()
    }

    /// The one that waits, as soon as one does.
    fn proposed(&self) -> String {
        wait_until("a proposal", || !self.waiting().is_empty());
        let waiting = self.waiting();
        assert_eq!(waiting.len(), 1, "{waiting:#?}");
        waiting[0]["id"].as_str().unwrap().to_owned()
    }

    /// The run that made a held change set.
    fn run_of(&self, held: &str) -> Value {
        let run = self.owner.get(&format!("held/{held}")).ok()["invocation"].clone();
        self.owner.get(&format!("invocations/{}", run.as_str().unwrap())).ok()
    }

    fn set_up(&self, settings: Value) {
        self.owner.put(&format!("installations/{}/settings", self.app), settings).ok();
    }

    /// Asks for it anew, and waits until it is there.
    fn again(&self, stale: &str) -> String {
        self.desk.storehand(&["changes", "approve", stale]).fails(1, &["was changed since the app proposed this"]);
        self.desk.storehand(&["changes", "rerun", stale]).answers(&["what made it is done again"]);
        self.proposed()
    }
}

fn what_an_event_made_an_app_propose_is_proposed_anew_on_the_order_as_it_is(host: Host) {
    let shop = Shop::new(host, &REFUND);
    let Shop { owner, desk, .. } = &shop;
    shop.set_up(json!({ "minor": 1_200, "on_order": true }));
    let placed = order(&shop.host.storefront());
    let stale = shop.proposed();
    owner.post(&format!("orders/{placed}/tags"), json!({ "tag": "fragile" })).ok();
    let fresh = shop.again(&stale);

    let (first, second) = (shop.run_of(&stale), shop.run_of(&fresh));
    for (run, state) in [(&first, "rejected"), (&second, "waiting")] {
        let told = (&run["trigger"], &run["topic"], &run["record"]);
        assert_eq!(told, (&json!("event"), &json!("orders/created"), &json!(placed)), "{run:#}");
        assert_eq!(run["held"], json!(state), "{run:#}");
        // Which scopes it needs, and who decided why, is for those who may decide.
        let held = owner.get(&format!("held/{}", run["held_set"].as_str().unwrap())).ok();
        assert_eq!((&held["state"], &held["invocation"]), (&json!(state), &run["id"]), "{held:#}");
    }
    let trace = |run: &Value| desk.storehand(&["trace", run["id"].as_str().unwrap()]);
    trace(&first).answers(&["1 change waited for a person; rejected by Olive Owner", "run again; nothing was done"]);
    desk.storehand(&["logs", "spender"]).answers(&["orders/created rejected", "orders/created held"]);

    desk.storehand(&["changes", "approve", &fresh]).ok();
    let now = owner.get(&format!("orders/{placed}")).ok();
    assert_eq!((&now["refunded"]["amount"], &now["tags"]), (&json!("12.00"), &json!(["fragile"])));
    trace(&second).answers(&["waited for a person; approved by Olive Owner", "and done as chg_"]);
    assert_eq!(owner.get(&format!("held/{fresh}")).ok()["change_set"], shop.run_of(&fresh)["change_set"]);
    // Done once and dropped once: there is nothing left to decide or to be told.
    desk.storehand(&["changes", "rerun", &stale]).fails(5, &["does not wait any more"]);
    desk.storehand(&["changes", "rerun", &fresh]).fails(5, &["does not wait any more"]);
    let app = owner.get(&format!("installations/{}", shop.app)).ok();
    assert_eq!((&app["behind"], &app["waiting"], &app["parked"]), (&json!(0), &json!(0), &json!(0)), "{app:#}");
}

fn what_a_schedule_made_an_app_propose_is_proposed_anew_and_the_clock_goes_on(host: Host) {
    let shop = Shop::new(host, &PRICE);
    shop.set_up(json!({ "minor": 1_300, "on_schedule": shop.product }));
    let next = || shop.owner.get(&format!("installations/{}", shop.app)).ok()["schedules"][0]["next"].clone();
    let regular = next();
    let due = format!("UPDATE schedules SET next_at = 1 WHERE installation = '{}'", shop.app);
    execute(&shop.host, &due);
    let stale = shop.proposed();
    shop.owner.post(&format!("products/{}/publish", shop.product), json!({})).ok();
    let fresh = shop.again(&stale);
    let run = shop.run_of(&fresh);
    assert_eq!((&run["trigger"], &run["record"]), (&json!("schedule"), &json!("0 7 * * *")));
    shop.desk.storehand(&["changes", "approve", &fresh]).ok();
    assert_eq!((shop.price(), next()), (json!("13.00"), regular));
}

fn nothing_is_proposed_anew_by_an_app_that_cannot_run_or_for_an_event_that_is_gone(host: Host) {
    let shop = Shop::new(host, &REFUND);
    let Shop { desk, .. } = &shop;
    shop.set_up(json!({ "minor": 1_200, "on_order": true }));
    order(&shop.host.storefront());
    let waits = shop.proposed();
    desk.storehand(&["apps", "pause", "spender"]).ok();
    desk.storehand(&["changes", "rerun", &waits]).fails(5, &["`storehand-tests/spender` is paused", "resume it first"]);
    desk.storehand(&["apps", "resume", "spender", "--skip"]).ok();
    // As retention would, a month later.
    execute(&shop.host, "DELETE FROM events");
    desk.storehand(&["changes", "rerun", &waits]).fails(5, &["is no longer stored", "reject what it proposed"]);
    assert_eq!(shop.proposed(), waits, "it waits as before");
    desk.storehand(&["apps", "uninstall", "spender", "--yes"]).ok();
    let state = || shop.owner.get(&format!("held/{waits}")).ok()["state"].clone();
    wait_until("what it proposed is rejected", || state() == json!("rejected"));
    desk.storehand(&["changes", "held", &waits]).answers(&["rejected", "the app was uninstalled"]);
    desk.storehand(&["changes", "rerun", &waits]).fails(5, &["does not wait any more"]);
    desk.storehand(&["changes", "approve", &waits]).fails(5, &["does not wait any more"]);
}
