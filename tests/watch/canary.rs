//! A store with secrets and people in it, at work: what none of those who watch a host may learn.

use serde_json::json;

use crate::runs::world::{install, order, stock};
use crate::support::host::Host;
use crate::support::person::Person;

const NAME: &str = "Zebulon Canary";
const EMAIL: &str = "zebulon.canary@example.org";
const SETTING: &str = "canary-setting-4711";
const TAG: &str = "canary-tag-4712";

/// What must be told to nobody, and the installation that knows it.
pub struct Secrets {
    pub words: Vec<String>,
    pub app: String,
}

/// Puts them there and has apps and people at work with them.
pub fn at_work(host: &Host) -> Secrets {
    stock(host);
    let owner = host.owner();
    let scopes = ["customers:view", "customers:edit", "customers:pii"];
    let app = install(host, "confidant", &scopes, json!({ "name": NAME, "email": EMAIL }));
    let contact = json!({ "contact": { "name": NAME, "email": EMAIL }, "tags": [TAG] });
    let made = owner.post("customers", contact).ok();
    let record = made["id"].as_str().unwrap();
    for action in ["register", "tell", "fail", "rename"] {
        owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": record }));
    }
    owner.get(&format!("customers?tag={TAG}&colour={SETTING}"));
    owner.post("customers/find-by-email", json!({ "email": EMAIL }));
    let noop = install(host, "noop", &["orders:view"], json!({}));
    let bought = order(&host.storefront());
    owner.post(&format!("installations/{noop}/actions/nothing"), json!({ "record": bought })).ok();
    owner.post(&format!("orders/{bought}/tags"), json!({ "tag": TAG })).ok();
    let people: Vec<Person> = vec![owner, host.operator(), host.staff(&["orders:view"]), host.storefront()];
    let tokens = people.iter().filter_map(|person| person.token().map(str::to_owned));
    let words = [NAME, EMAIL, SETTING, TAG, "Sam Staff", "Olive Owner"].map(str::to_owned);
    Secrets { words: words.into_iter().chain(tokens).collect(), app }
}

impl Secrets {
    /// Fails if a text tells any of them.
    #[track_caller]
    pub fn are_not_in(&self, text: &str) {
        for word in &self.words {
            assert!(!text.contains(word.as_str()), "`{word}` is told:\n{text}");
        }
    }
}
