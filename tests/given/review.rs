//! What somebody gave and could not give any more is put before somebody who can.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::tables::execute;

both!(
    grants_of_somebody_who_lost_what_they_gave_are_put_before_others,
    what_nobody_looked_at_in_time_is_suspended_until_it_is_granted_again,
);

const MANAGER: [&str; 4] = ["apps:install", "apps:view", "orders:view", "orders:edit"];

fn grants_of_somebody_who_lost_what_they_gave_are_put_before_others(host: Host) {
    let owner = host.owner();
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let place = format!("installations/{app}");
    let added = owner.post("staff", json!({ "name": "Max Manager", "scopes": MANAGER })).ok();
    let (max, id) = (owner.with_token(added["token"]["token"].as_str().unwrap()), added["id"].as_str().unwrap());
    max.delete(&format!("{place}/grants/orders:edit")).ok();
    max.put(&format!("{place}/grants/orders:edit"), json!({})).ok();
    let review = |scope: &str| {
        let detail = owner.get(&place).ok();
        let grants = detail["grants"].as_array().unwrap().clone();
        grants.into_iter().find(|grant| grant["scope"] == scope).unwrap().get("review").cloned()
    };
    let hold = |scopes: &[&str]| drop(owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": scopes })).ok());
    // What he keeps, and what the owner gave, needs no look.
    hold(&["apps:install", "apps:view", "orders:edit"]);
    assert_eq!((review("orders:edit"), review("orders:view")), (None, None));
    // What he lost does, as long as he has not got it back.
    hold(&["apps:install", "apps:view", "orders:view"]);
    let flagged = review("orders:edit").expect("a note");
    assert!(flagged["since"].is_string() && flagged["due"].as_str() > flagged["since"].as_str(), "{flagged}");
    assert_eq!((review("orders:view"), &owner.get("installations").ok()["items"][0]["review"]), (None, &json!(1)));
    hold(&MANAGER);
    assert_eq!(review("orders:edit"), None);
    // So does it when he may not grant any more, and when he goes. The app keeps what it has until somebody decides.
    hold(&["orders:view", "orders:edit"]);
    assert!(review("orders:edit").is_some());
    owner.delete(&format!("staff/{id}")).ok();
    assert!(review("orders:edit").is_some());
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "list"]).answers(&["1 grants to look at"]);
    desk.storehand(&["apps", "show", "tagger"])
        .answers(&["whoever gave it could not any more: allow or revoke it by", "or it is suspended"]);
    let noted = owner.get("audit?act=staff.scopes").ok();
    let noted: Vec<&Value> = noted["items"].as_array().unwrap().iter().map(|one| &one["detail"]["review"]).collect();
    assert_eq!(noted[0], &json!(["orders:edit"]), "{noted:?}");
    // Whoever holds it decides: the grant is theirs from then on.
    owner.put(&format!("{place}/grants/orders:edit"), json!({})).ok();
    assert_eq!(review("orders:edit"), None);
    let grants = owner.get(&place).ok()["grants"].clone();
    assert!(grants.as_array().unwrap().iter().all(|grant| grant["granted_by_name"] == "Olive Owner"), "{grants}");
}

fn what_nobody_looked_at_in_time_is_suspended_until_it_is_granted_again(mut host: Host) {
    let owner = host.owner();
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (place, record) = (format!("installations/{app}"), order(&host.storefront()));
    let press = |owner: &Person| owner.post(&format!("{place}/actions/tag"), json!({ "record": record })).ok();
    let grant = |owner: &Person| {
        let detail = owner.get(&place).ok();
        detail["grants"].as_array().unwrap().iter().find(|grant| grant["scope"] == "orders:edit").unwrap().clone()
    };
    let added = owner.post("staff", json!({ "name": "Max Manager", "scopes": MANAGER })).ok();
    let (max, id) = (owner.with_token(added["token"]["token"].as_str().unwrap()), added["id"].as_str().unwrap());
    max.delete(&format!("{place}/grants/orders:edit")).ok();
    max.put(&format!("{place}/grants/orders:edit"), json!({})).ok();
    // Whoever demotes him is told at once what comes of it, and so is whoever removes him.
    let kept = owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": MANAGER })).ok();
    assert_eq!(kept.get("review"), None, "{kept}");
    let demoted = owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": ["orders:view"] })).ok();
    assert_eq!(demoted["review"]["scopes"], json!(["orders:edit"]), "{demoted}");
    assert_eq!(demoted["review"]["installations"], json!([app]));
    assert_eq!(demoted["review"]["due"], grant(&owner)["review"]["due"]);
    owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": MANAGER })).ok();
    let removed = Desk::of_owner(&host).storehand(&["staff", "remove", "Max Manager", "--yes"]);
    removed.answers(&["they granted orders:edit to apps: whoever holds it should allow it again by"]);
    assert_eq!((&press(&owner)["outcome"], &grant(&owner)["review"]["suspended"]), (&json!("ok"), &json!(false)));
    Desk::of_owner(&host).storehand(&["grants", "show", "tagger"]).answers(&["unless it is allowed again"]);

    execute(&host, "UPDATE grants SET review_at = review_at - 604800000 WHERE review_at IS NOT NULL");
    host.restart();
    let run = press(&owner);
    assert_eq!((&run["outcome"], &run["changes"]), (&json!("failed"), &json!(0)), "{run:#}");
    let error = run["error"].as_str().unwrap();
    for words in ["its review was due on 20", "ask somebody who holds `orders:edit` to renew it", "grants allow "] {
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(grant(&owner)["review"]["suspended"], true);
    Desk::of_owner(&host).storehand(&["apps", "show", "tagger"]).answers(&["suspended, its review was due on"]);

    owner.put(&format!("{place}/grants/orders:edit"), json!({})).ok();
    assert_eq!((&press(&owner)["outcome"], grant(&owner).get("review")), (&json!("ok"), None));
}
