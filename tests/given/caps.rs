//! Caps mean what they say: from run to run of a day, after installing anew, and when a person approves.

use serde_json::{Value, json};

use crate::runs::world::{SKU, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    a_price_stays_within_its_cap_of_the_day_however_many_runs_it_takes,
    installing_an_app_anew_renews_nothing_of_its_day,
    an_approval_asks_the_caps_of_today_and_only_an_owner_lets_more_pass,
    many_refunds_of_one_order_at_once_come_one_after_another,
);

const SCOPES: [&str; 4] = ["orders:view", "products:view", "products:price", "orders:refund"];

fn press(owner: &Person, app: &str, action: &str, record: &str, minor: i64) -> Value {
    owner.put(&format!("installations/{app}/settings"), json!({ "minor": minor })).ok();
    owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": record })).ok()
}

fn product(owner: &Person) -> Value {
    owner.get(&format!("products/by-sku/{SKU}")).ok()
}

fn price(owner: &Person) -> String {
    product(owner)["variants"][0]["price"]["amount"].as_str().unwrap().to_owned()
}

fn error(run: &Value) -> &str {
    run["error"].as_str().unwrap_or_default()
}

fn a_price_stays_within_its_cap_of_the_day_however_many_runs_it_takes(host: Host) {
    stock(&host);
    let (owner, app) = (host.owner(), install(&host, "spender", &SCOPES, json!({})));
    let product = product(&owner)["id"].as_str().unwrap().to_owned();
    let mut minor = 1_250;
    for _ in 0..20 {
        minor = minor * 8 / 10 + 1;
        press(&owner, &app, "reprice", &product, minor);
    }
    // 12.50 and 20 %.
    assert_eq!(price(&owner), "10.01");
    let run = press(&owner, &app, "reprice", &product, 999);
    let said = "20 % up or down on a price in a day, a price from 10.00 EUR to 15.00 EUR left until 20";
    assert!(error(&run).contains(said), "{run}");
    assert_eq!(error(&press(&owner, &app, "reprice", &product, 1_500)), "");
    // What a person sets is where it begins from then on.
    let set = json!({ "price": { "amount": "20.00", "currency": "EUR" } });
    owner.put(&format!("products/by-sku/{SKU}/price"), set).ok();
    assert_eq!(error(&press(&owner, &app, "reprice", &product, 2_400)), "");
    assert!(error(&press(&owner, &app, "reprice", &product, 1_599)).contains("from 16.00 EUR to 24.00 EUR"));
}

fn installing_an_app_anew_renews_nothing_of_its_day(host: Host) {
    stock(&host);
    let (owner, app) = (host.owner(), install(&host, "spender", &SCOPES, json!({})));
    let cap = |app: &str| {
        let caps = json!({ "caps": { "sum_per_day": "10.00", "sum_per_order": null } });
        owner.patch(&format!("installations/{app}/grants/orders:refund"), caps).ok();
    };
    cap(&app);
    let placed = order(&host.storefront());
    assert_eq!(error(&press(&owner, &app, "refund", &placed, 900)), "");
    owner.delete(&format!("installations/{app}")).ok();
    let again = install(&host, "spender", &SCOPES, json!({}));
    cap(&again);
    let run = press(&owner, &again, "refund", &placed, 200);
    assert!(error(&run).contains("10.00 EUR a day, 1.00 EUR left"), "{run}");
    assert_eq!(error(&press(&owner, &again, "refund", &placed, 100)), "");
}

fn an_approval_asks_the_caps_of_today_and_only_an_owner_lets_more_pass(host: Host) {
    stock(&host);
    let (owner, app) = (host.owner(), install(&host, "spender", &SCOPES, json!({})));
    let clerk = host.staff(&["changes:approve", "products:price", "orders:refund"]);
    let product = product(&owner)["id"].as_str().unwrap().to_owned();
    let terms = |scope: &str, terms: Value| owner.patch(&format!("installations/{app}/grants/{scope}"), terms).ok();
    terms("products:price", json!({ "held": true }));
    terms("orders:refund", json!({ "held": true, "caps": { "sum_per_day": "10.00" } }));
    let held = |run: Value| run["held"].as_str().unwrap_or_else(|| panic!("{run}")).to_owned();
    let priced = held(press(&owner, &app, "reprice", &product, 1_500));
    let refunded = held(press(&owner, &app, "refund", &order(&host.storefront()), 900));
    // The caps are tighter by the time somebody looks.
    terms("products:price", json!({ "caps": { "max_change_percent": 5 } }));
    terms("orders:refund", json!({ "caps": { "sum_per_day": "5.00" } }));
    for (held, cap) in [(&priced, "5 % up or down on a price in a day"), (&refunded, "5.00 EUR a day")] {
        let over = owner.get(&format!("held/{held}")).ok()["over"][0].as_str().unwrap().to_owned();
        assert!(over.contains(cap) && over.contains("only an owner can let pass"), "{over}");
        let approve = format!("held/{held}/approve");
        let refused = clerk.post(&approve, json!({}));
        assert!(refused.status >= 400 && refused.body["detail"].as_str().unwrap().contains(cap), "{refused:?}");
        let done = owner.post(&approve, json!({})).ok();
        assert!(done["over"][0].as_str().unwrap().contains(cap), "{done}");
    }
    assert_eq!(price(&owner), "15.00");
    let audited = owner.get("audit?act=changes.approve").ok();
    assert_eq!(audited["items"][0]["detail"]["over_caps"], true);
}

fn many_refunds_of_one_order_at_once_come_one_after_another(host: Host) {
    const AT_ONCE: usize = 64;
    stock(&host);
    let (owner, placed) = (host.owner(), order(&host.storefront()));
    let cent = json!({ "amount": { "amount": "0.01", "currency": "EUR" }, "reason": "dented" });
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| owner.post(&format!("orders/{placed}/refund"), cent.clone()).ok());
        }
    });
    assert_eq!(owner.get(&format!("orders/{placed}")).ok()["refunded"]["amount"], "0.64");
}
