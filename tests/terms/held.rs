//! A grant that is held: what the app does with it waits for a person, who decides about all of it.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, order, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::tables::execute;

both!(
    a_held_price_changes_when_a_person_approves_it_and_not_before,
    what_was_changed_since_cannot_be_approved_and_can_be_proposed_anew,
    a_held_refund_reserves_its_cap_and_gives_it_back_when_it_is_rejected,
    what_nobody_decides_on_in_time_lapses_and_the_run_says_so,
);

/// A store with an app that spends.
pub struct Shop {
    pub host: Host,
    pub owner: Person,
    pub desk: Desk,
    pub app: String,
    pub product: String,
}

impl Shop {
    /// Installs the app with these arguments.
    pub fn new(host: Host, arguments: &[&str]) -> Shop {
        stock(&host);
        let (owner, desk) = (host.owner(), Desk::of_owner(&host));
        desk.write("app.wasm", guests::build("spender"));
        let install = ["apps", "install", "app.wasm", "--yes", "--json"];
        let app = desk.storehand(&[&install[..], arguments].concat()).ok().json();
        let product = owner.get(&format!("products/by-sku/{SKU}")).ok()["id"].as_str().unwrap().to_owned();
        Shop { app: app["id"].as_str().unwrap().to_owned(), host, owner, desk, product }
    }

    /// Presses a button of the app on a record, for so much.
    pub fn press(&self, action: &str, record: &str, minor: i64) -> Value {
        self.owner.put(&format!("installations/{}/settings", self.app), json!({ "minor": minor })).ok();
        self.owner.post(&format!("installations/{}/actions/{action}", self.app), json!({ "record": record })).ok()
    }

    /// The price of the store's product.
    pub fn price(&self) -> Value {
        self.owner.get(&format!("products/{}", self.product)).ok()["variants"][0]["price"]["amount"].clone()
    }
}

fn held(run: &Value) -> String {
    assert_eq!(
        (&run["outcome"], &run["changes"], &run["change_set"]),
        (&json!("ok"), &json!(0), &Value::Null),
        "{run:#}"
    );
    run["held"].as_str().unwrap_or_else(|| panic!("nothing is held: {run:#}")).to_owned()
}

/// Prices can be changed, and wait.
pub const PRICE: [&str; 3] = ["--grant", "products:price", "--hold=products:price"];

fn a_held_price_changes_when_a_person_approves_it_and_not_before(host: Host) {
    let shop = Shop::new(host, &PRICE);
    let Shop { owner, desk, .. } = &shop;
    desk.storehand(&["grants", "show", "spender"]).answers(&["only once a person has approved it"]);
    let run = shop.press("reprice", &shop.product, 1_300);
    let first = held(&run);
    assert_eq!(shop.price(), "12.50");
    desk.storehand(&["changes", "held"]).answers(&[&first, "storehand-tests/spender", "products:price"]);
    let shown = desk.storehand(&["changes", "held", &first]);
    shown.answers(&["change product", "12.50", "13.00", &format!("storehand changes approve {first}")]);
    // The app itself knows that it has proposed something.
    let again = shop.press("reprice", &shop.product, 1_350);
    assert!(again["error"].as_str().unwrap().contains("waits for a person already"), "{again:#}");

    // Whoever approves could have done it themselves.
    let clerk = Desk::of(&shop.host, &shop.host.staff(&["changes:approve", "products:view"]));
    clerk.storehand(&["changes", "held"]).answers(&[&first]);
    clerk.storehand(&["changes", "approve", &first]).fails(3, &["products:price"]);
    clerk.storehand(&["changes", "reject", &first]).fails(3, &["products:price"]);
    shop.host.staff(&["products:price"]).post(&format!("held/{first}/approve"), json!({})).is(403);
    assert_eq!(shop.price(), "12.50");
    let manager = Desk::of(&shop.host, &shop.host.staff(&["changes:approve", "products:price"]));
    let done = manager.storehand(&["changes", "approve", &first, "--json"]).ok().json();
    assert_eq!((shop.price(), &done["changes"]), (json!("13.00"), &json!(1)));
    manager.storehand(&["changes", "approve", &first]).fails(5, &["does not wait any more"]);

    // It is the app's change, and its run's; who let it pass stands in the audit log.
    let set = done["change_set"].as_str().unwrap();
    let journal = owner.get(&format!("journal/{set}")).ok();
    assert_eq!(journal["invocation"], run["invocation"]);
    assert!(journal["actor"].as_str().unwrap().starts_with(&format!("app:{}", shop.app)), "{journal:#}");
    let record = owner.get(&format!("invocations/{}", run["invocation"].as_str().unwrap())).ok();
    assert_eq!((&record["changes"], &record["change_set"]), (&json!(1), &json!(set)));
    let acts = |act: &str| owner.get(&format!("audit?act={act}")).ok()["items"].as_array().unwrap().len();
    assert_eq!((acts("changes.hold"), acts("changes.approve")), (1, 1));

    let second = held(&shop.press("reprice", &shop.product, 1_400));
    manager.storehand(&["changes", "reject", &second, "--reason", "too dear"]).answers(&["nothing of it was done"]);
    assert_eq!((shop.price(), acts("changes.reject")), (json!("13.00"), 1));
    desk.storehand(&["changes", "held", "--state", "rejected"]).answers(&[&second]);
    desk.storehand(&["changes", "held", &second]).answers(&["too dear"]);
    desk.storehand(&["changes", "held"]).answers(&["nothing is waiting"]);
    // And it may propose again.
    held(&shop.press("reprice", &shop.product, 1_400));
}

fn what_was_changed_since_cannot_be_approved_and_can_be_proposed_anew(host: Host) {
    let shop = Shop::new(host, &PRICE);
    let Shop { owner, desk, .. } = &shop;
    let stale = held(&shop.press("reprice", &shop.product, 1_300));
    owner.post(&format!("products/{}/publish", shop.product), json!({})).ok();
    desk.storehand(&["changes", "held", &stale])
        .answers(&["changed since", &format!("storehand changes rerun {stale}")]);
    desk.storehand(&["changes", "approve", &stale]).fails(1, &["was changed since the app proposed this"]);
    assert_eq!(shop.price(), "12.50");
    let rerun = desk.storehand(&["changes", "rerun", &stale, "--json"]).ok().json();
    let fresh = rerun["held"].as_str().unwrap();
    desk.storehand(&["changes", "approve", fresh]).ok();
    let product = owner.get(&format!("products/{}", shop.product)).ok();
    assert_eq!((shop.price(), &product["status"]), (json!("13.00"), &json!("published")));

    // What the app may not do any more cannot be approved either, nor what a paused one proposed.
    let late = held(&shop.press("reprice", &shop.product, 1_350));
    desk.storehand(&["apps", "pause", "spender"]).ok();
    desk.storehand(&["changes", "approve", &late]).fails(5, &["paused"]);
    desk.storehand(&["apps", "resume", "spender", "--skip"]).ok();
    desk.storehand(&["grants", "revoke", "spender", "products:price"]).ok();
    desk.storehand(&["changes", "approve", &late]).fails(5, &["does not hold `products:price` any more"]);
    assert_eq!(shop.price(), "13.00");
}

fn a_held_refund_reserves_its_cap_and_gives_it_back_when_it_is_rejected(host: Host) {
    let terms = ["--grant", "orders:refund", "--hold=orders:refund", "--cap", "orders:refund=20.00/day"];
    let shop = Shop::new(host, &terms);
    let front = shop.host.storefront();
    let (first, second) = (order(&front), order(&front));
    let waits = held(&shop.press("refund", &first, 1_200));
    let refused = shop.press("refund", &second, 1_200);
    assert!(refused["error"].as_str().unwrap().contains("8.00 EUR left"), "{refused:#}");
    shop.desk.storehand(&["changes", "reject", &waits]).ok();
    let refunded = |order: &str| shop.owner.get(&format!("orders/{order}")).ok()["refunded"]["amount"].clone();
    let waits = held(&shop.press("refund", &second, 1_200));
    assert_eq!(refunded(&second), "0.00");
    shop.desk.storehand(&["changes", "approve", &waits]).ok();
    assert_eq!((refunded(&first), refunded(&second)), (json!("0.00"), json!("12.00")));
    // Approved, it is spent: once, not twice.
    shop.desk.storehand(&["grants", "show", "spender"]).answers(&["12.00 EUR used today"]);
}

fn what_nobody_decides_on_in_time_lapses_and_the_run_says_so(host: Host) {
    let terms = ["--grant", "orders:refund", "--hold=orders:refund", "--cap", "orders:refund=20.00/day"];
    let shop = Shop::new(host, &terms);
    let placed = order(&shop.host.storefront());
    let run = shop.press("refund", &placed, 1_200);
    let (waits, run) = (held(&run), run["invocation"].as_str().unwrap().to_owned());
    shop.desk.storehand(&["trace", &run]).answers(&[
        "1 change made with orders:refund: waiting for a person until 20",
        &format!("`storehand changes approve {waits}` does it"),
    ]);
    // Who may see runs, and decide about nothing, learns that they wait, and no more.
    let looks_on = Desk::of(&shop.host, &shop.host.staff(&["usage:view"]));
    looks_on.storehand(&["trace", &run]).answers(&["its changes wait for a person; `changes:approve` shows which"]);
    looks_on.storehand(&["changes", "held", &waits]).fails(3, &["changes:approve"]);
    execute(&shop.host, &format!("UPDATE held SET lapses_at = 1 WHERE id = '{waits}'"));
    let state = || shop.owner.get(&format!("held/{waits}")).ok()["state"].clone();
    wait_until("the end of the wait", || state() == "lapsed");
    shop.desk.storehand(&["trace", &run]).answers(&["nobody decided by ", "and nothing was done"]);
    shop.desk.storehand(&["logs", "spender"]).answers(&["lapsed"]);
    shop.desk.storehand(&["changes", "approve", &waits]).fails(5, &["has lapsed"]);
    // What it reserved is there again.
    held(&shop.press("refund", &placed, 1_200));
}
