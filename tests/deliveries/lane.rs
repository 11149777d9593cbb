//! One delivery fails: later events of the same record wait behind it, and nothing else does.

use serde_json::json;

use super::witness::{history, install, log, order_of, seen, tag, wait_until_told};
use crate::runs::world::{stock, wait_until};
use crate::support::host::{Host, both};

both!(of_a_hundred_orders_one_is_poison_and_holds_up_only_what_happens_to_itself);

const POISON: u32 = 13;

fn of_a_hundred_orders_one_is_poison_and_holds_up_only_what_happens_to_itself(host: Host) {
    stock(&host);
    let app = install(&host, &["orders:view"], json!({ "poison": POISON }), str::to_owned);
    let (owner, storefront) = (host.owner(), host.storefront());
    let orders: Vec<String> = (0..100).map(|n| order_of(&storefront, if n == 49 { POISON } else { 1 })).collect();
    let poison = &orders[49];
    tag(&owner, poison, "later");
    tag(&owner, &orders[99], "last");
    let told = || history(&owner, &app).into_iter().filter(|run| run["outcome"] == json!("ok")).collect::<Vec<_>>();
    wait_until("all but one", || told().len() == 100);
    let records: Vec<String> = told().iter().map(|run| run["record"].as_str().unwrap().to_owned()).collect();
    let healthy = orders.iter().filter(|id| *id != poison).chain([&orders[99]]);
    assert!(records.iter().eq(healthy), "the others were not told in the store's order: {records:?}");
    let state = seen(&owner, &app);
    assert_eq!((&state["behind"], &state["waiting"], &state["parked"]), (&json!(0), &json!(2), &json!(0)), "{state:#}");
    let failed = history(&owner, &app).into_iter().filter(|run| run["record"] == json!(poison));
    for (run, attempt) in failed.zip(1..) {
        assert_eq!((&run["outcome"], &run["attempt"]), (&json!("failed"), &json!(attempt)), "{run:#}");
        assert_eq!((&run["topic"], &run["error"]), (&json!("orders/created"), &json!("told to fail")), "{run:#}");
    }

    owner.put(&format!("installations/{app}/settings"), json!({ "poison": 0 })).ok();
    wait_until_told(&owner, &app);
    let healed =
        history(&owner, &app).into_iter().filter(|run| run["record"] == json!(poison) && run["outcome"] == "ok");
    let lines: Vec<String> = healed.flat_map(|run| log(&owner, &run)).collect();
    assert_eq!(lines, ["orders/created ", "orders/updated later"]);
}
