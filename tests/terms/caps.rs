//! A grant with caps: said at consent, met at the call with what is left, and never passed.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, install, order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};

both!(
    an_app_refunds_as_much_as_its_grant_allows_in_a_day_and_not_a_cent_more,
    a_look_at_personal_data_counts_even_if_the_run_fails,
    a_dry_run_counts_caps_from_run_to_run_and_is_stopped_where_the_real_runs_are,
    bounds_that_cannot_be_meant_are_refused_and_those_of_the_table_can_be_lifted,
);

/// An order of one mug of 12.50, as the storefront makes them.
const SCOPES: [&str; 2] = ["orders:view", "products:view"];

fn an_app_refunds_as_much_as_its_grant_allows_in_a_day_and_not_a_cent_more(host: Host) {
    stock(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    desk.write("app.wasm", guests::build("spender"));
    let install = ["apps", "install", "app.wasm", "--grant", "orders:refund", "--cap", "orders:refund=50.00/day"];
    // What the table says of one order is still there; the giver sees both before agreeing.
    desk.storehand(&[&install[..], &["--dry-run"]].concat()).answers(&[
        "Refund payments [orders:refund]: Refunds it at most 50.00 EUR a day at most 50.00 EUR on one order",
    ]);
    let app = desk.storehand(&[&install[..], &["--yes", "--json"]].concat()).ok().json();
    let app = app["id"].as_str().unwrap().to_owned();
    let press =
        |order: &str| owner.post(&format!("installations/{app}/actions/refund"), json!({ "record": order })).ok();
    let settings = |minor: i64| {
        owner.put(&format!("installations/{app}/settings"), json!({ "minor": minor })).ok();
    };
    settings(1_200);
    for _ in 0..4 {
        assert_eq!(press(&order(&host.storefront()))["outcome"], "ok");
    }
    let fifth = order(&host.storefront());
    let run = press(&fifth);
    let error = run["error"].as_str().unwrap();
    assert!(error.contains("`orders:refund`: 50.00 EUR a day, 2.00 EUR left until 20"), "{error}");
    assert_eq!((&run["outcome"], &run["changes"]), (&json!("failed"), &json!(0)));
    assert_eq!(owner.get(&format!("orders/{fifth}")).ok()["refunded"]["amount"], "0.00");
    let record = owner.get(&format!("invocations/{}", run["invocation"].as_str().unwrap())).ok();
    let calls = record["calls"].as_array().unwrap();
    assert_eq!(calls.iter().find(|call| call["call"] == "orders-refund.refund").unwrap()["outcome"], "limit");
    // What is left can still be had.
    settings(200);
    assert_eq!(press(&fifth)["outcome"], "ok");
    settings(1);
    assert_eq!(press(&fifth)["outcome"], "failed");
    desk.storehand(&["grants", "show", "spender"]).answers(&["at most 50.00 EUR a day", "50.00 EUR used today"]);

    // More is a consent, and holds at once; people have no caps.
    owner.post(&format!("orders/{fifth}/refund"), json!({ "amount": money("1.00"), "reason": "dented" })).ok();
    let manager = Desk::of(&host, &host.staff(&["apps:view", "apps:install"]));
    let more = ["grants", "limit", "spender", "orders:refund", "--cap", "50.01/day"];
    manager.storehand(&more).fails(3, &["orders:refund"]);
    desk.storehand(&more).answers(&["at most 50.01 EUR a day"]);
    assert_eq!(press(&fifth)["outcome"], "ok");
    assert_eq!(press(&fifth)["outcome"], "failed");
}

fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

fn a_look_at_personal_data_counts_even_if_the_run_fails(host: Host) {
    stock(&host);
    let owner = host.owner();
    let scopes = ["orders:view", "products:view", "orders:pii"];
    let app = install(&host, "spender", &scopes, json!({ "fail": true }));
    let order = order(&host.storefront());
    owner.patch(&format!("installations/{app}/grants/orders:pii"), json!({ "caps": { "per_day": 3 } })).ok();
    let look = || {
        let run = owner.post(&format!("installations/{app}/actions/look"), json!({ "record": order })).ok();
        run["error"].as_str().unwrap_or_default().to_owned()
    };
    for _ in 0..3 {
        assert_eq!(look(), "told to fail");
    }
    let error = look();
    assert!(error.contains("`orders:pii`: 3 times a day, 0 times left until 20"), "{error}");
    let grants = owner.get(&format!("installations/{app}/grants")).ok();
    let grant = grants["items"].as_array().unwrap().iter().find(|grant| grant["scope"] == "orders:pii").unwrap();
    assert_eq!((&grant["used"][0]["used"], &grant["used"][0]["left"]), (&json!("3 times"), &json!("0 times")));
}

fn bounds_that_cannot_be_meant_are_refused_and_those_of_the_table_can_be_lifted(host: Host) {
    stock(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let app = install(&host, "spender", &[&SCOPES[..], &["products:price"]].concat(), json!({ "minor": 1_600 }));
    let product = owner.get(&format!("products/by-sku/{SKU}")).ok();
    let product = product["id"].as_str().unwrap();
    let press = || owner.post(&format!("installations/{app}/actions/reprice"), json!({ "record": product })).ok();
    let run = press();
    assert!(run["error"].as_str().unwrap().contains("20 % up or down on a price"), "{run:#}");
    desk.storehand(&["grants", "limit", "spender", "products:price", "--cap", "5.00/day"])
        .fails(2, &["`5.00/day` is no cap of `products:price`", "20%, 100/run"]);
    let grant = format!("installations/{app}/grants/products:price");
    let refused = owner.patch(&grant, json!({ "caps": { "sum_per_day": "5.00" } })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("it has: max_change_percent, per_run"), "{refused:#}");
    desk.storehand(&["grants", "limit", "spender", "products:price", "--cap", "none"])
        .answers(&["as much as it wants"]);
    assert_eq!(press()["outcome"], "ok");
    assert_eq!(owner.get(&format!("products/{product}")).ok()["variants"][0]["price"], money("16.00"));
    let audited = owner.get("audit?act=grants.limit").ok()["items"][0]["detail"].clone();
    assert_eq!((&audited["widened"], &audited["before"]["caps"]["max_change_percent"]), (&json!(true), &json!(20)));
}

fn a_dry_run_counts_caps_from_run_to_run_and_is_stopped_where_the_real_runs_are(host: Host) {
    const ORDERS: usize = 20;
    stock(&host);
    let (owner, desk, front) = (host.owner(), Desk::of_owner(&host), host.storefront());
    let first = order(&front);
    let place = || (0..ORDERS).for_each(|_| drop(order(&front)));
    place();
    // Before it is installed, on the terms in question: four refunds of 12.00 fit into 50.00.
    desk.write("app.wasm", guests::build("spender"));
    desk.write("settings.json", json!({ "minor": 1_200, "on_order": true }).to_string());
    let terms = ["--grant", "orders:refund", "--cap", "orders:refund=50.00/day"];
    let before = ["apps", "dry-run", "app.wasm", "--settings", "settings.json", "--events", "last:20"];
    desk.storehand(&[&before[..], &terms[..]].concat()).answers(&[
        "IT WOULD MAKE 4 changes in 4 runs",
        "orders-refund.refund 20 times, 16 over a limit",
        "IT WAS STOPPED BY A LIMIT",
        "orders:refund 16 times in 16 runs orders-refund.refund at most 50.00 EUR a day",
        "20 runs: 16 failed, 4 ok",
        "`orders:refund`: 50.00 EUR a day, 2.00 EUR left until 20",
    ]);

    // Installed, with 12.00 of today's 50.00 spent: three fit. Nothing of a dry run counts in the next one.
    let install = ["apps", "install", "app.wasm", "--yes", "--json"];
    let app = desk.storehand(&[&install[..], &terms[..]].concat()).ok().json()["id"].as_str().unwrap().to_owned();
    let set_up = |on_order: bool| {
        owner.put(&format!("installations/{app}/settings"), json!({ "minor": 1_200, "on_order": on_order })).ok()
    };
    set_up(false);
    let pressed = owner.post(&format!("installations/{app}/actions/refund"), json!({ "record": first })).ok();
    assert_eq!(pressed["outcome"], "ok");
    desk.storehand(&["apps", "pause", "spender"]).ok();
    set_up(true);
    place();
    for _ in 0..2 {
        let dry = ["apps", "dry-run", "spender", "--events", "last:20", "--json"];
        let report = desk.storehand(&dry).ok().json();
        assert_eq!(report["outcomes"], json!({ "failed": 17, "ok": 3 }), "{report:#}");
        let capped = &report["capped"][0];
        assert_eq!((&capped["scope"], &capped["times"]), (&json!("orders:refund"), &json!(17)));
        assert_eq!(report["changes"]["total"], 3);
    }
    desk.storehand(&["grants", "show", "spender"]).answers(&["12.00 EUR used today"]);

    // And so it is when they are run in earnest.
    desk.storehand(&["apps", "resume", "spender"]).ok();
    // What fails is tried again later; each order's first attempt is what was foretold.
    let firsts = || {
        let runs = runs(&owner, &app).into_iter();
        runs.filter(|run| run["trigger"] == "event" && run["attempt"] == 1).collect::<Vec<Value>>()
    };
    wait_until("the real runs", || firsts().len() == ORDERS);
    let refunds = |outcome: &str| {
        let of = |run: &Value| {
            let detail = owner.get(&format!("invocations/{}", run["id"].as_str().unwrap())).ok();
            let calls = detail["calls"].as_array().unwrap().clone();
            calls.iter().any(|call| call["call"] == "orders-refund.refund" && call["outcome"] == outcome)
        };
        firsts().iter().filter(|run| of(run)).count()
    };
    assert_eq!((refunds("ok"), refunds("limit")), (3, 17));
    desk.storehand(&["grants", "show", "spender"]).answers(&["48.00 EUR used today"]);
}
