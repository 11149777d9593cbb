//! Power over the host: each change of it is noted in the host's own log, and rests on a token that still stands.

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::{Host, both};

both!(every_change_of_power_over_the_host_is_noted_with_who_made_it);

/// What was done to what, oldest first.
fn noted(host: &Host) -> Vec<(String, String)> {
    let entries = host.operator().get("/api/v1/audit?limit=100").ok();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
    let mut all: Vec<_> =
        entries["items"].as_array().unwrap().iter().map(|entry| (text(entry, "act"), text(entry, "subject"))).collect();
    all.reverse();
    all
}

fn every_change_of_power_over_the_host_is_noted_with_who_made_it(host: Host) {
    let (operator, before) = (host.operator(), noted(&host));
    let acts: Vec<&str> = before.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["tokens.create", "stores.create"], "the first start");

    let app = "storehand-tests/tagger";
    host.publisher("storehand-tests").upload("/api/v1/apps", guests::build("tagger")).ok();
    operator.post(&format!("/api/v1/apps/{app}/versions/0.1.0/publish"), json!({})).ok();
    operator.post(&format!("/api/v1/apps/{app}/stop"), json!({ "reason": "it misbehaves" })).ok();
    operator.post(&format!("/api/v1/apps/{app}/start"), json!({})).ok();
    operator.post(&format!("/api/v1/apps/{app}/versions/0.1.0/withdraw"), json!({})).ok();
    let store = operator
        .post(
            "/api/v1/stores",
            json!({ "name": "Second", "owner": "Bo", "currency": "EUR",
        "time_zone": "Europe/Berlin", "country": "DE" }),
        )
        .ok()["store"]
        .as_str()
        .unwrap()
        .to_owned();
    operator.post(&format!("/api/v1/stores/{store}/suspend"), json!({ "reason": "unpaid" })).is(204);
    operator.post(&format!("/api/v1/stores/{store}/resume"), json!({})).is(204);
    let second = operator.post("/api/v1/tokens", json!({ "name": "second" })).ok();
    let (id, token) = (second["id"].as_str().unwrap().to_owned(), second["token"].as_str().unwrap().to_owned());
    operator.delete(&format!("/api/v1/tokens/{id}")).is(204);

    let after = noted(&host);
    let (publisher_token, expected) =
        (after[before.len() + 1].1.clone(), |act: &str, on: &str| (act.to_owned(), on.to_owned()));
    assert!(publisher_token.starts_with("tok_"), "{publisher_token}");
    assert_eq!(
        after[before.len()..],
        [
            expected("publishers.create", "storehand-tests"),
            expected("tokens.create", &publisher_token),
            expected("apps.publish", app),
            expected("apps.stop", app),
            expected("apps.start", app),
            expected("apps.withdraw", app),
            expected("stores.create", &store),
            expected("stores.suspend", &store),
            expected("stores.resume", &store),
            expected("tokens.create", &id),
            expected("tokens.revoke", &id),
        ]
    );
    let stop = &operator.get(&format!("/api/v1/audit?act=apps.stop&subject={app}")).ok()["items"][0];
    assert_eq!((&stop["detail"]["reason"], &stop["actor_name"]), (&json!("it misbehaves"), &json!("first token")));

    // Nobody else reads it, and a token that has ended changes nothing more.
    host.owner().get("/api/v1/audit").is(403);
    host.publisher("storehand-tests").get("/api/v1/audit").is(403);
    let told = operator.with_token(&token).post("/api/v1/tokens", json!({ "name": "third" })).is(401);
    assert!(told["detail"].as_str().unwrap().starts_with("this token was revoked on "), "{told}");
    assert_eq!(noted(&host).len(), after.len() + 1, "only the publisher's second token came after");
}
