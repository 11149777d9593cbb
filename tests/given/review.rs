//! What somebody gave and could not give any more is put before somebody who can.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, stock};
use crate::support::host::{Host, both};

both!(grants_of_somebody_who_lost_what_they_gave_are_put_before_others);

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
    desk.storehand(&["apps", "show", "tagger"]).answers(&["whoever gave it could not any more: allow or revoke it by"]);
    let noted = owner.get("audit?act=staff.scopes").ok();
    let noted: Vec<&Value> = noted["items"].as_array().unwrap().iter().map(|one| &one["detail"]["review"]).collect();
    assert_eq!(noted[0], &json!(["orders:edit"]), "{noted:?}");
    // Whoever holds it decides: the grant is theirs from then on.
    owner.put(&format!("{place}/grants/orders:edit"), json!({})).ok();
    assert_eq!(review("orders:edit"), None);
    let grants = owner.get(&place).ok()["grants"].clone();
    assert!(grants.as_array().unwrap().iter().all(|grant| grant["granted_by_name"] == "Olive Owner"), "{grants}");
}
