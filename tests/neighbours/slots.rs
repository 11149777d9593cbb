//! A hundred people of one store press the button of an app that only computes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use serde_json::{Value, json};

use crate::runs::world::{SKU, install, order, stock};
use crate::support::guests;
use crate::support::host::{Engine, Host};
use crate::support::neighbour::beside;
use crate::support::person::Person;

const PRESSERS: usize = 100;

/// An app of the other store, under the name of a publisher of its own.
pub(super) fn install_at(owner: &Person, guest: &str, scopes: &[&str], more: impl Fn(&str) -> String) -> String {
    let rename =
        |manifest: &str| more(&manifest.replace("storehand-tests/", "neighbour/").replace("examples/", "neighbour/"));
    let uploaded = owner.upload("apps", guests::reworded(guest, rename)).ok();
    let install = json!({ "app": uploaded["app"], "version": uploaded["version"], "scopes": scopes });
    owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned()
}

/// A store with an order to press buttons on, an app with a button, and one at checkout.
pub(super) struct Neighbour {
    owner: Person,
    front: Person,
    press: String,
    order: String,
}

impl Neighbour {
    pub(super) fn new(host: &Host) -> Neighbour {
        let owner = host.other_store_owner();
        let price = json!({ "amount": "12.50", "currency": "EUR" });
        let mug = json!({ "title": "Mug", "variants": [{ "sku": SKU, "title": "blue", "price": price }] });
        owner.post("products", mug).ok();
        let made = owner.post("storefront-tokens", json!({ "name": "the shop" })).ok();
        let front = owner.with_token(made["token"].as_str().expect("a token"));
        let draft = json!({ "draft": true, "lines": [{ "sku": SKU, "quantity": 1 }] });
        let order = owner.post("orders", draft).ok()["id"].as_str().expect("an id").to_owned();
        let tagger = install_at(&owner, "tagger", &["orders:view", "orders:edit"], str::to_owned);
        install_at(&owner, "volume-discount", &["checkout:discount"], str::to_owned);
        Neighbour { owner, front, press: format!("installations/{tagger}/actions/tag"), order }
    }

    /// Presses the button, and asks for the discounts of a cart. Whether both were answered well.
    pub(super) fn is_served(&self) -> bool {
        let ran = self.owner.post(&self.press, json!({ "record": self.order }));
        let line = json!({ "id": "1", "sku": SKU, "quantity": 10, "price": { "amount": "12.50", "currency": "EUR" } });
        let asked = self.front.post("checkout/discounts", json!({ "currency": "EUR", "lines": [line] }));
        let well = ran.body["outcome"] == "ok" && asked.body["apps"][0]["outcome"] == "ok";
        if !well {
            println!("{} {:#}, {} {:#}", ran.status, ran.body, asked.status, asked.body);
        }
        well
    }
}

#[test]
fn a_hundred_presses_of_a_spinning_button_leave_another_stores_buttons_and_checkout_alone() {
    let host = Host::start(Engine::Sqlite);
    stock(&host);
    let runaway = install(&host, "runaway", &["orders:view"], json!({ "kind": "spin" }));
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let (press, pressed) = (format!("installations/{runaway}/actions/run-away"), json!({ "record": order }));
    let neighbour = Neighbour::new(&host);
    let answers: Mutex<Vec<(u16, Value)>> = Mutex::default();
    let attack = |stop: &AtomicBool| {
        scope(|scope| {
            for _ in 0..PRESSERS {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let answer = owner.post(&press, pressed.clone());
                        answers.lock().expect("no presser panics").push((answer.status, answer.body));
                    }
                });
            }
        });
    };
    beside(|| neighbour.is_served(), attack).is_unharmed();

    // The attackers are told whose share it is, and what to do.
    let answers = answers.into_inner().expect("no presser panics");
    let refused: Vec<_> = answers.iter().filter(|(status, _)| *status == 429).collect();
    assert!(!refused.is_empty(), "nobody was refused: {:#?}", answers.iter().map(|(status, _)| status).max());
    for (status, body) in &answers {
        match status {
            200 => assert!(body["outcome"] == "timeout" || body["outcome"] == "busy", "{body:#}"),
            status => {
                let detail = body["detail"].as_str().unwrap_or_default();
                assert!(*status == 429 && detail.contains("share") && detail.contains("wait"), "{status} {body:#}");
            }
        }
    }
}
