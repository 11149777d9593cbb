//! The first start: one token, printed once, makes everything a store needs; after that it opens nothing.

use serde_json::json;

use crate::support::host::{Host, both};

both!(
    the_setup_token_works_once,
    each_kind_of_token_says_whom_it_stands_for,
    a_host_serves_the_same_store_after_it_was_killed
);

fn the_setup_token_works_once(host: Host) {
    let again = host.person("", Some(&host.setup_token()));
    let store = json!({ "name": "Second", "owner": "Mallory", "currency": "EUR", "country": "DE" });
    again.post("/api/v1/setup", store).is(401);
    assert_eq!(host.operator().get("/api/v1/stores").ok()["items"].as_array().unwrap().len(), 1);
}

fn each_kind_of_token_says_whom_it_stands_for(host: Host) {
    let kinds = [
        (host.owner(), "staff"),
        (host.staff(&["orders:view"]), "staff"),
        (host.storefront(), "storefront"),
        (host.operator(), "operator"),
        (host.publisher("acme"), "publisher"),
    ];
    for (person, kind) in kinds {
        assert_eq!(person.get("/api/v1/me").ok()["kind"], kind);
    }
    assert_eq!(host.staff(&["orders:view"]).get("/api/v1/me").ok()["scopes"], json!(["orders:view"]));
    host.anonymous().get("/api/v1/me").is(401);
    host.anonymous().with_token("sh_pat_nonsense").get("/api/v1/me").is(401);
}

fn a_host_serves_the_same_store_after_it_was_killed(mut host: Host) {
    let staff = host.staff(&["orders:view"]);
    let before = host.owner().get("staff").ok();
    host.restart();
    assert_eq!(host.owner().get("staff").ok(), before);
    staff.get("/api/v1/me").ok();
    // An operator is there, so no second setup token was printed.
    assert_eq!(host.output().matches("This is the first start").count(), 1);
}
