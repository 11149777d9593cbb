//! Asking again for what is no draft: an install, an upgrade, an approval, a press of a button, a person, a token. Each is
//! done once for a key, and answered again only to whoever may have the answer; a secret is never shown again.

use std::io::Write;
use std::net::TcpStream;
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};

use crate::runs::world::{SKU, install, order, runs, stock};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::{Answer, Person};

both!(
    an_app_is_installed_once_for_a_key,
    an_app_is_upgraded_once_for_a_key,
    a_held_change_set_is_approved_once_for_a_key,
    a_button_is_pressed_once_for_a_key_unless_the_run_failed,
    a_run_that_is_held_is_held_once_for_a_key,
    a_person_and_a_token_are_made_once_for_a_key_and_their_secret_is_shown_once,
    whoever_lost_the_connection_gets_the_whole_answer_by_asking_again,
);

/// How many ask at the same time.
const AT_ONCE: usize = 4;

/// What is asked for, and which permission it needs.
struct Asked<'a> {
    scope: &'a str,
    path: &'a str,
    body: Value,
}

impl Asked<'_> {
    fn by(&self, who: &Person, key: &str) -> Answer {
        who.post_once(key, self.path, self.body.clone())
    }

    /// Asked for by many at once with one key: all that they were answered.
    fn by_many(&self, who: &Person, key: &str) -> Vec<Answer> {
        scope(|scope| {
            let asked: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(|| self.by(who, key))).collect();
            asked.into_iter().map(|asked| asked.join().expect("an answer")).collect()
        })
    }

    /// Asked for by many at once, it is done once and answered alike. Gives that answer.
    fn is_done_once(&self, who: &Person, key: &str) -> Value {
        let answers: Vec<Value> = self.by_many(who, key).into_iter().map(Answer::ok).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        answers[0].clone()
    }

    /// Whoever asks again gets the answer, except for something else, or with a token that can do less: its words name
    /// `made`, and nothing of the answer, such as `hidden`.
    fn is_answered_again(&self, owner: &Person, key: &str, (made, hidden): (&Value, &str)) {
        let again = self.by(owner, key);
        assert!(again.replayed, "{} was done twice: {}", self.path, again.body);
        assert!(again.body.to_string().contains(hidden), "{}", again.body);
        self.is_refused_to_others(owner, key, (made, hidden));
    }

    fn is_refused_to_others(&self, owner: &Person, key: &str, (made, hidden): (&Value, &str)) {
        let mut other = self.body.clone();
        other["something"] = json!("else");
        assert_eq!(owner.post_once(key, self.path, other).is(422)["code"], "idempotency_key");
        let denied = self.by(&narrowed(owner, &["orders:view"]), key).is(403);
        assert_eq!(denied["scope"], self.scope);
        told_only(self.by(&narrowed(owner, &[self.scope]), key), (made, hidden));
    }

    /// Somebody who did it and has lost some of what they held is told that it was done; without the permission for it,
    /// not even that.
    fn is_refused_to_who_lost(&self, (owner, who): (&Person, &str), asks: &Person, key: &str, found: (&Value, &str)) {
        let now_holds = |scopes: &[&str]| owner.put(&format!("staff/{who}/scopes"), json!({ "scopes": scopes })).ok();
        now_holds(&[self.scope]);
        told_only(self.by(asks, key), found);
        now_holds(&["locations:view"]);
        assert_eq!(self.by(asks, key).is(403)["scope"], self.scope);
    }
}

#[track_caller]
fn told_only(answer: Answer, (made, hidden): (&Value, &str)) {
    let told = answer.is(409);
    assert_eq!(told["code"], "already_done");
    let text = told["detail"].as_str().unwrap();
    assert!(text.contains(made.as_str().unwrap()) && !told.to_string().contains(hidden), "{told}");
}

/// The same person with a token of these permissions.
fn narrowed(owner: &Person, scopes: &[&str]) -> Person {
    let made = owner.post("tokens", json!({ "name": "narrow", "scopes": scopes })).ok();
    owner.with_token(made["token"].as_str().unwrap())
}

/// Somebody with these permissions, and their id.
fn staff(host: &Host, scopes: &[&str]) -> (Person, String) {
    let person = host.staff(scopes);
    let all = host.owner().get("staff").ok();
    (person, all["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned())
}

fn count(owner: &Person, path: &str) -> usize {
    owner.get(path).ok()["items"].as_array().unwrap().len()
}

fn an_app_is_installed_once_for_a_key(host: Host) {
    let owner = host.owner();
    let uploaded = owner.upload("apps", guests::build("tagger")).ok();
    let body = json!({ "app": uploaded["app"], "scopes": ["orders:view", "orders:edit"] });
    let asked = Asked { scope: "apps:install", path: "installations", body };
    let made = asked.is_done_once(&owner, "k1");
    let found = (&made["id"], "storehand-tests/tagger");
    asked.is_answered_again(&owner, "k1", found);
    assert_eq!(count(&owner, "installations"), 1);
    // What failed used up no key.
    asked.by(&owner, "k2").is(422);
    owner.delete(&format!("installations/{}", made["id"].as_str().unwrap())).ok();
    asked.by(&owner, "k2").ok();
    // The first key still answers as the first time, and installs nothing.
    assert_eq!(asked.by(&owner, "k1").ok()["id"], made["id"]);
    assert_eq!(count(&owner, "installations"), 1);

    owner.delete(&format!("installations/{}", asked.by(&owner, "k2").ok()["id"].as_str().unwrap())).ok();
    let (manager, id) = staff(&host, &["apps:install", "orders:view", "orders:edit"]);
    let made = asked.by(&manager, "k1").ok();
    asked.is_refused_to_who_lost((&owner, &id), &manager, "k1", (&made["id"], "storehand-tests/tagger"));
}

fn an_app_is_upgraded_once_for_a_key(host: Host) {
    let scopes = ["orders:view", "orders:edit"];
    let (owner, app) = (host.owner(), install(&host, "tagger", &scopes, json!({})));
    let upload = |number: &str| {
        owner.upload("apps", guests::reworded("tagger", |text| text.replace("0.1.0", number))).ok();
    };
    upload("0.2.0");
    let (path, id) = (format!("installations/{app}/upgrade"), json!(app));
    let asked = Asked { scope: "apps:install", path: &path, body: json!({ "version": "0.2.0" }) };
    let done = asked.is_done_once(&owner, "k1");
    assert_eq!(done["version"], "0.2.0");
    asked.is_answered_again(&owner, "k1", (&id, "0.2.0"));
    assert_eq!(count(&owner, "audit?act=apps.upgrade"), 1);
    // It went back since: asking again says what was answered then, and does not upgrade.
    owner.post(&path, json!({ "version": "0.1.0" })).ok();
    assert_eq!(asked.by(&owner, "k1").ok()["version"], "0.2.0");
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["version"], "0.1.0");

    let (manager, who) = staff(&host, &["apps:install", "orders:view", "orders:edit"]);
    asked.by(&manager, "k1").ok();
    asked.is_refused_to_who_lost((&owner, &who), &manager, "k1", (&id, "0.2.0"));
}

/// An app whose prices wait, and the product it reprices.
fn repricing(host: &Host) -> (Person, String, String) {
    stock(host);
    let owner = host.owner();
    let app = install(host, "spender", &["orders:view", "products:view", "products:price"], json!({ "minor": 1_300 }));
    owner.patch(&format!("installations/{app}/grants/products:price"), json!({ "held": true })).ok();
    let product = owner.get(&format!("products/by-sku/{SKU}")).ok()["id"].as_str().unwrap().to_owned();
    (owner, format!("installations/{app}/actions/reprice"), product)
}

fn a_held_change_set_is_approved_once_for_a_key(host: Host) {
    let (owner, press, product) = repricing(&host);
    let propose = || owner.post(&press, json!({ "record": product })).ok()["held"].as_str().unwrap().to_owned();
    let held = propose();
    let path = format!("held/{held}/approve");
    let asked = Asked { scope: "changes:approve", path: &path, body: json!({}) };
    let done = asked.is_done_once(&owner, "k1");
    assert_eq!(done["changes"], 1);
    asked.is_answered_again(&owner, "k1", (&json!(held), "\"over\""));
    assert_eq!(count(&owner, "audit?act=changes.approve"), 1);
    // With another key it is another request, and too late.
    asked.by(&owner, "k2").is(422);

    owner
        .put(&format!("products/by-sku/{SKU}/price"), json!({ "price": { "amount": "12.00", "currency": "EUR" } }))
        .ok();
    let held = propose();
    let path = format!("held/{held}/approve");
    let asked = Asked { path: &path, ..asked };
    let (clerk, who) = staff(&host, &["changes:approve", "products:price"]);
    asked.by(&clerk, "k1").ok();
    asked.is_refused_to_who_lost((&owner, &who), &clerk, "k1", (&json!(held), "\"over\""));
}

fn a_button_is_pressed_once_for_a_key_unless_the_run_failed(host: Host) {
    stock(&host);
    let scopes = ["orders:view", "products:view", "orders:refund"];
    let (owner, app) = (host.owner(), install(&host, "spender", &scopes, json!({ "minor": 100 })));
    let placed = order(&host.storefront());
    let (press, settings) = (format!("installations/{app}/actions/refund"), format!("installations/{app}/settings"));
    let asked = Asked { scope: "apps:run", path: &press, body: json!({ "record": placed }) };
    let refunded = || owner.get(&format!("orders/{placed}")).ok()["refunded"]["amount"].clone();
    let ran = asked.is_done_once(&owner, "k1");
    assert_eq!((&ran["outcome"], refunded()), (&json!("ok"), json!("1.00")), "{ran:#}");
    asked.is_answered_again(&owner, "k1", (&ran["invocation"], "\"outcome\""));
    assert_eq!(refunded(), json!("1.00"));
    let of_app = runs(&owner, &app);
    assert_eq!(of_app.iter().filter(|run| run["changes"] == 1).count(), 1, "{of_app:#?}");

    // A run that failed changed nothing, so the same request may be made again.
    owner.put(&settings, json!({ "minor": 1_000_000 })).ok();
    let failed = asked.by(&owner, "k2").ok();
    assert_ne!(failed["outcome"], "ok");
    owner.put(&settings, json!({ "minor": 200 })).ok();
    let ran = asked.by(&owner, "k2");
    assert!(!ran.replayed && ran.body["outcome"] == "ok", "{}", ran.body);
    assert!(asked.by(&owner, "k2").replayed);
    assert_eq!(refunded(), json!("3.00"));

    let (clerk, who) = staff(&host, &["apps:run", "orders:view", "orders:refund"]);
    let ran = asked.by(&clerk, "k1").ok();
    assert_eq!(ran["outcome"], "ok", "{ran:#}");
    asked.is_refused_to_who_lost((&owner, &who), &clerk, "k1", (&ran["invocation"], "\"outcome\""));
}

fn a_run_that_is_held_is_held_once_for_a_key(host: Host) {
    let (owner, press, product) = repricing(&host);
    let asked = Asked { scope: "apps:run", path: &press, body: json!({ "record": product }) };
    let ran = asked.is_done_once(&owner, "k1");
    let held = &ran["held"];
    assert!(held.is_string(), "{ran:#}");
    owner.post(&format!("held/{}/reject", held.as_str().unwrap()), json!({})).ok();
    // Nothing waits any more, so the app would propose it anew if it ran.
    asked.is_answered_again(&owner, "k1", (&ran["invocation"], "\"outcome\""));
    assert_eq!((count(&owner, "held"), count(&owner, "audit?act=changes.hold")), (0, 1));
}

fn a_person_and_a_token_are_made_once_for_a_key_and_their_secret_is_shown_once(host: Host) {
    let owner = host.owner();
    let (people, tokens) = (count(&owner, "staff"), count(&owner, "tokens"));
    let sam = Asked { scope: "staff:manage", path: "staff", body: json!({ "name": "Sam", "scopes": ["orders:view"] }) };
    let script = Asked { scope: "tokens:manage", path: "tokens", body: json!({ "name": "script", "scopes": [] }) };
    for (asked, secret) in [(&sam, "/token/token"), (&script, "/token")] {
        let answers = asked.by_many(&owner, asked.path);
        let (made, told): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(made.len(), 1, "{told:#?}");
        let made = &made[0].body;
        let secret = made.pointer(secret).and_then(Value::as_str).expect("a secret");
        for answer in told.into_iter().chain([asked.by(&owner, asked.path)]) {
            told_only(answer, (&made["id"], secret));
        }
        asked.is_refused_to_others(&owner, asked.path, (&made["id"], secret));
    }
    assert_eq!(count(&owner, "staff"), people + 1);
    assert_eq!(count(&owner, "audit?act=staff.add"), 1);
    // One more for the script, and two narrow ones for each of the two.
    assert_eq!(count(&owner, "tokens"), tokens + 1 + 4);

    let (clerk, who) = staff(&host, &["tokens:manage", "orders:view"]);
    let made = script.by(&clerk, "k1").ok();
    script.is_refused_to_who_lost((&owner, &who), &clerk, "k1", (&made["id"], made["token"].as_str().unwrap()));
}

/// Sends a request with a key and hangs up after so many milliseconds, without having read anything.
fn hang_up(host: &Host, owner: &Person, (key, path, body): (&str, &str, &Value), after: u64) {
    let body = body.to_string();
    let head = format!(
        "POST /api/v1/stores/{}/{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: {key}\r\n\
        content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        host.store(),
        owner.token().expect("a token"),
        body.len(),
    );
    let mut stream = TcpStream::connect(("127.0.0.1", host.port())).expect("the host listens");
    stream.write_all(head.as_bytes()).expect("it is sent");
    sleep(Duration::from_millis(after));
}

fn whoever_lost_the_connection_gets_the_whole_answer_by_asking_again(host: Host) {
    let owner = host.owner();
    let mut before = 0;
    for n in 0..24 {
        let (key, path) = (format!("lost-{n}"), format!("page-{n}"));
        let page = json!({ "path": path, "title": "Lost", "body": "", "published": false });
        hang_up(&host, &owner, (&key, "pages", &page), n % 12);
        let again = owner.post_once(&key, "pages", page);
        before += usize::from(again.replayed);
        assert_eq!(again.ok()["record"]["path"], json!(path), "the whole answer, not only that it was done");
    }
    assert!(before > 0, "none was carried out before it was asked for again");
}
