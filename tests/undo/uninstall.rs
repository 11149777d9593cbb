//! Uninstalling an app and leaving no trace of it but the record.

use serde_json::json;

use super::press;
use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, all, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::tables::orders_like;

both!(an_app_is_uninstalled_clean_or_with_some_of_what_it_did_left);

const SCOPES: [&str; 4] = ["customers:edit", "discounts:edit", "orders:edit", "inventory:adjust"];

fn an_app_is_uninstalled_clean_or_with_some_of_what_it_did_left(host: Host) {
    stock(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let order = order(&host.storefront());
    let level = format!("inventory/{SKU}/{}", host.location());
    orders_like(&host, &order, &["3", &format!("{SKU}@{}", host.location())]);
    let picture = || {
        let lists = ["discounts", "customers", "orders"].map(|list| all(&owner, list));
        (lists, owner.get(&level).ok()["available"].clone())
    };
    let before = picture();
    let work = || {
        let maker = install(&host, "maker", &SCOPES, json!({}));
        press(&owner, &maker, "settle", &format!("{SKU}@{}", host.location()));
        press(&owner, &maker, "many", "3");
        press(&owner, &maker, "tag", &order);
        maker
    };

    let maker = work();
    let words = [
        "3 customers made by it will be removed",
        "1 discount made by it will be removed",
        "1 order will be as before",
        "1 stock level will be shifted back",
        "the tag `made` goes from 1 order",
        "1 stored key would be erased",
        "would pause the app and erase its grants",
        "what it did stays on record",
    ];
    desk.storehand(&["apps", "uninstall", "maker", "--dry-run"]).answers(&words);
    desk.storehand(&["apps", "uninstall", "maker", "--dry-run", "--undo=discount"])
        .answers(&["also takes back 1 change:", "1 discount made by it will be removed"]);
    let some = desk.storehand(&["apps", "uninstall", "maker", "--dry-run", "--undo=discount", "--json"]).ok().json();
    assert_eq!(some["changes"]["undone"], 1, "{some:#}");
    desk.storehand(&["apps", "uninstall", "maker", "--dry-run", "--undo=nope"]).fails(5, &["`nope` is not a kind"]);
    desk.storehand(&["apps", "uninstall", "maker"]).fails(2, &["3 customers made by it", "--undo=all", "--yes"]);
    let left = owner.get(&format!("installations/{maker}/left")).ok();
    assert_eq!((&left["storage_keys"], &left["changes"]["undone"]), (&1.into(), &9.into()), "{left:#}");
    desk.storehand(&["apps", "uninstall", "maker", "--undo=all", "--yes"])
        .answers(&["9 changes of 9 records taken back", "is uninstalled"]);
    assert_eq!(picture(), before);
    let sets = all(&owner, &format!("journal?installation={maker}"));
    assert_eq!((sets.len(), sets.iter().all(|set| set["undone"] == set["changes"])), (3, true));

    // Some kinds only; the rest stays, and can be taken back once the app is gone.
    let maker = work();
    desk.storehand(&["apps", "uninstall", "maker", "--undo=discount,customer,customer-contact", "--yes", "--json"])
        .ok();
    let ([discounts, customers, _], _) = picture();
    let tags = owner.get(&format!("orders/{order}")).ok()["tags"].clone();
    assert_eq!((discounts.len(), customers.len(), tags), (0, 0, json!(["made"])));
    desk.storehand(&["changes", "undo", "--app", &maker, "--yes"]).answers(&["2 changes of 2 records taken back"]);
    assert_eq!(picture(), before);
    // Who it was can still be read.
    desk.storehand(&["changes", "list", "--app", &maker])
        .answers(&["storehand-tests/maker for Olive Owner", "taken back"]);

    // Who may uninstall but not undo is told so, and leaves what it changed.
    work();
    let manager = Desk::of(&host, &host.staff(&["apps:view", "apps:install"]));
    manager.storehand(&["apps", "uninstall", "maker", "--dry-run"]).answers(&["taking it back needs `changes:undo`"]);
    manager.storehand(&["apps", "uninstall", "maker", "--undo=all", "--yes"]).fails(3, &["changes:undo"]);
    manager.storehand(&["apps", "uninstall", "maker", "--yes"]).answers(&["is uninstalled"]);
    assert_eq!(all(&owner, "customers").len(), 3);
}
