//! A record for every parameter of a path, in a state in which the request can succeed. What a request has used up is
//! made anew for the next one.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::apps::{self, Apps};
use crate::support::examples;
use crate::support::host::Host;
use crate::support::person::Person;
use crate::support::sessions;

/// Paths of a store's own things begin so.
pub const STORE: &str = "/api/v1/stores/{store}/";

/// What stands in for the parameters of paths.
pub struct Records {
    store: String,
    owner: Person,
    front: Person,
    operator: Person,
    apps: Apps,
    /// The sku of a published product with plenty of stock.
    tea: String,
    /// The product with that sku.
    product: String,
    location: String,
    /// Where the host is.
    base: String,
    /// By method and path, then by parameter: what can still be asked for.
    made: HashMap<(String, String), HashMap<&'static str, String>>,
    /// Makes names that nobody else has.
    count: u32,
}

/// Whether a path asks for a record of a store, and so for something another store does not have.
pub fn names_a_record(path: &str) -> bool {
    path.strip_prefix(STORE).is_some_and(|rest| rest.contains('{'))
}

impl Records {
    /// Makes what all others are made from.
    pub fn new(host: &Host) -> Records {
        let owner = host.owner();
        let mut records = Records {
            store: host.store().to_owned(),
            front: host.storefront(),
            operator: host.operator(),
            location: host.location().to_owned(),
            base: host.url(),
            tea: String::new(),
            product: String::new(),
            apps: Apps::new(host),
            made: HashMap::new(),
            count: 0,
            owner,
        };
        let (product, sku) = records.new_product();
        records.owner.post(&format!("products/{product}/publish"), json!({})).ok();
        records.owner.put(&format!("inventory/{sku}/{}", records.location), json!({ "available": 100_000 })).ok();
        (records.tea, records.product) = (sku, product);
        records.owner.post("discounts", discount("FIND-ME")).ok();
        records
    }

    /// The owner of the store they are in.
    pub fn owner(&self) -> Person {
        self.owner.clone()
    }

    /// The store they are in.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// Something that can be bought.
    pub fn lines(&self) -> Value {
        json!([{ "sku": self.tea, "quantity": 1 }])
    }

    /// A word nobody has used yet.
    pub fn fresh(&mut self) -> String {
        self.count += 1;
        format!("n{}", self.count)
    }

    /// The path with its parameters filled in for somebody who asks.
    pub fn fill(&mut self, path: &str, method: &str, asker: &Person) -> String {
        let key = (method.to_owned(), path.to_owned());
        if !self.made.contains_key(&key) {
            let made = self.make(path, method);
            self.made.insert(key.clone(), made);
        }
        let mut full = path.to_owned();
        for (name, value) in &self.made[&key] {
            full = full.replace(&format!("{{{name}}}"), value);
        }
        let mut full = full.replace("{store}", &self.store);
        // A person's tokens are their own, so everybody needs one of theirs.
        if full.contains("/tokens/{token}") {
            let own = asker.post("tokens", json!({ "name": "spare", "scopes": [] }));
            full = full.replace("{token}", own.body["id"].as_str().unwrap_or("tok_0"));
        }
        assert!(!full.contains('{'), "tests/access/records.rs makes nothing for {full}");
        full + match path.strip_prefix(STORE) {
            Some("staff/dry-run") => "?role=fulfilment-agent",
            Some("discounts/find-by-code") => "?code=find-me",
            Some("reports/sales") => "?by=day&since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z",
            Some("reports/top-products") => "?since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z",
            _ => "",
        }
    }

    /// Forgets what a request has used up.
    pub fn spend(&mut self, path: &str, method: &str) {
        // One installation serves every request about it, so a change of it spends it for all.
        self.made.retain(|(_, other), _| !(path.contains("/installations") && other.contains("/installations")));
        self.made.remove(&(method.to_owned(), path.to_owned()));
    }

    /// The parameters of a path; every path that has some is named here.
    fn make(&mut self, path: &str, method: &str) -> HashMap<&'static str, String> {
        let Some(rest) = path.strip_prefix(STORE) else {
            return match path.strip_prefix("/api/v1/") {
                Some("tokens/{token}") => {
                    let token = self.made_by(&self.operator, "/api/v1/tokens", json!({ "name": "spare" }));
                    HashMap::from([("token", token)])
                }
                // Only one that nobody has can be deleted, so that one is made for it.
                Some("plans/{plan}") if method == "DELETE" => {
                    let plan = format!("spare-{}", self.fresh());
                    self.operator.post("/api/v1/plans", json!({ "name": plan, "title": "Spare" })).ok();
                    HashMap::from([("plan", plan)])
                }
                Some("plans/{plan}") => HashMap::from([("plan", self.plan())]),
                Some("apps/{publisher}/{name}/versions/{version}") => {
                    let fresh = self.fresh();
                    let version = self.apps.publish_spare(&fresh);
                    app(apps::OWN_SPARE).into_iter().chain([("version", version)]).collect()
                }
                Some(rest) if rest.starts_with("apps/") => {
                    let at = |verb: &str| format!("/api/v1/apps/{}/{verb}", apps::PUBLISHED);
                    match (method, rest.rsplit('/').next()) {
                        ("POST", Some("start")) => {
                            drop(self.operator.post(&at("stop"), json!({ "reason": "it loops" })))
                        }
                        // Whatever stands, it is not stopped.
                        ("POST", Some("stop")) => drop(self.operator.post(&at("start"), json!({}))),
                        _ => {}
                    }
                    app(apps::PUBLISHED)
                }
                Some(rest) if rest.starts_with("alerts/") => HashMap::from([("alert", self.alert(""))]),
                Some("recalls/{recall}/stores") => {
                    let at = format!("/api/v1/apps/{}/versions/{}/recall", apps::PUBLISHED, apps::VERSION);
                    self.operator.post(&at, json!({ "severity": "info", "reason": "it loops" })).ok();
                    let recalls = self.operator.get("/api/v1/recalls").ok();
                    HashMap::from([("recall", recalls["items"][0]["id"].as_str().unwrap().to_owned())])
                }
                _ => HashMap::new(),
            };
        };
        let one = |name, value| HashMap::from([(name, value)]);
        match rest.split('/').collect::<Vec<_>>()[..] {
            // A store of its own, for the others go on in this one.
            ["suspend" | "resume" | "name" | "delete" | "keep"] | ["plan", "give" | "accept" | "decline"] => {
                let made = self.operator.post("/api/v1/stores", super::asks::new_store()).ok();
                let store = made["store"].as_str().unwrap().to_owned();
                let at = |verb: &str| format!("/api/v1/stores/{store}/{verb}");
                if matches!(rest, "resume" | "delete" | "keep") {
                    self.operator.post(&at("suspend"), json!({ "reason": "unpaid" })).ok();
                }
                if rest == "keep" {
                    self.operator.post(&at("delete"), json!({ "name": "Third shop" })).ok();
                }
                if matches!(rest, "plan/accept" | "plan/decline") {
                    let owner = self.owner.at(&store).with_token(made["owner_token"]["token"].as_str().unwrap());
                    owner.post("plan/request", json!({ "plan": self.plan() })).ok();
                }
                one("store", store)
            }
            ["plan", "request"] => {
                let plan = self.plan();
                self.owner.post("plan/request", json!({ "plan": plan })).ok();
                HashMap::new()
            }
            ["orders", "{order}", ..] => self.order(rest, method),
            ["products", "by-sku", ..] => one("sku", self.new_product().1),
            ["products", "{product}", ..] => one("product", self.new_product().0),
            ["inventory", "{sku}", ..] => {
                HashMap::from([("sku", self.new_product().1), ("location", self.location.clone())])
            }
            ["categories", "{category}"] => one("category", self.category()),
            ["giftcards", "{giftcard}", ..] => {
                one("giftcard", self.made_by(&self.owner, "giftcards", json!({ "amount": money("25.00") })))
            }
            ["discounts", "{discount}", ..] => one("discount", self.discount().0),
            ["locations", "{location}"] => {
                one("location", self.made_by(&self.owner, "locations", json!({ "name": "Attic" })))
            }
            ["customers", "{customer}", ..] => {
                let email = format!("{}@example.com", self.fresh());
                let new = json!({ "contact": { "email": email }, "tags": ["urgent"] });
                HashMap::from([("customer", self.made_by(&self.owner, "customers", new)), ("tag", "urgent".to_owned())])
            }
            ["carts", "{cart}", ..] | ["storefront", "carts", "{cart}", ..] => {
                let cart = self.made_by(&self.front, "storefront/carts", json!({ "lines": self.lines() }));
                if rest.ends_with("restore-link") {
                    self.front.post(&format!("storefront/carts/{cart}/abandon"), json!({})).ok();
                }
                one("cart", cart)
            }
            ["apps", "{publisher}", "{name}", "versions", "{version}"] if method == "DELETE" => {
                let fresh = self.fresh();
                let version = apps::upload_spare(&self.owner, &fresh);
                app(apps::SPARE).into_iter().chain([("version", version)]).collect()
            }
            ["apps", "{publisher}", ..] => app(apps::INSTALLED),
            ["installations", ..] => self.apps.installation(&self.owner, rest, method),
            ["invocations", "{invocation}", "rerun", "{version}"] => {
                [("invocation", self.run()), ("version", apps::VERSION.to_owned())].into()
            }
            ["invocations", "{invocation}", ..] => one("invocation", self.run()),
            ["alerts", "{alert}", ..] => {
                let store = self.store.clone();
                one("alert", self.alert(&store))
            }
            ["held", "{held}", ..] => {
                let product = self.new_product().0;
                one("held", self.apps.propose(&self.owner, &product))
            }
            ["journal", "{change_set}", ..] => one("change_set", self.change_set()),
            ["undos", "{undo}", ..] => {
                let undone = self.change_set();
                one("undo", self.made_by(&self.owner, "undos", json!({ "change_set": undone })))
            }
            ["staff", "{staff}", ..] => {
                let staff = self.person();
                if rest.ends_with("reinstate") {
                    self.owner.post(&format!("staff/{staff}/suspend"), json!({})).ok();
                }
                one("staff", staff)
            }
            // Nobody makes an offer with a token.
            ["owners", "offers", "{staff}"] => {
                let (store, staff) = (&self.store, self.person());
                let sql = format!(
                    "INSERT INTO ownership_offers (store, staff, offered_by, hands_over, created_at, expires_at) \
                     VALUES ('{store}', '{staff}', '{staff}', 0, 0, 9000000000000)"
                );
                sessions::run_at(&self.base, &sql);
                one("staff", staff)
            }
            ["roles", "{role}"] => {
                let new = json!({ "title": self.fresh(), "scopes": ["orders:view"] });
                one("role", self.made_by(&self.owner, "roles", new))
            }
            ["house-rules", "versions", "{version}"] => {
                if self.rules_version() == 0 {
                    self.owner.put("house-rules", json!({ "replaces": 0, "body": "Be kind." })).ok();
                }
                one("version", "1".to_owned())
            }
            ["storefront-tokens", "{token}"] => {
                one("token", self.made_by(&self.owner, "storefront-tokens", json!({ "name": "spare" })))
            }
            [resource, name] if let Some(made) = examples::made(&self.owner, resource) => {
                one(name.trim_matches(['{', '}']).to_owned().leak(), made)
            }
            _ => HashMap::new(),
        }
    }

    /// A plan that can be asked for.
    pub fn plan(&self) -> String {
        let name = "starter".to_owned();
        // It may be there from before.
        drop(self.operator.post("/api/v1/plans", json!({ "name": name, "title": "Starter" })));
        name
    }

    /// An order in the state that the request asks for: a draft, unpaid, or paid at the shop's front.
    fn order(&self, rest: &str, method: &str) -> HashMap<&'static str, String> {
        let unpaid = ["/lines", "/capture", "/cancel"].iter().any(|end| rest.ends_with(end));
        let draft = method == "DELETE" && rest == "orders/{order}";
        let tags = json!(["urgent"]);
        let order = match draft || unpaid {
            true => self.made_by(&self.owner, "orders", json!({ "draft": draft, "lines": self.lines(), "tags": tags })),
            false => self.made_by(&self.front, "storefront/orders", json!({ "lines": self.lines(), "tags": tags })),
        };
        let mut made = HashMap::from([("order", order.clone()), ("tag", "urgent".to_owned())]);
        if rest.contains("{fulfillment}") {
            let sent = self.owner.post(&format!("orders/{order}/fulfillments"), json!({})).ok();
            made.insert("fulfillment", sent["part"].as_str().unwrap().to_owned());
        }
        made
    }

    /// A new product, its id and its sku.
    fn new_product(&mut self) -> (String, String) {
        let sku = self.fresh();
        let variants = json!([{ "sku": sku, "title": "50 g", "price": money("10.00") }]);
        (self.made_by(&self.owner, "products", json!({ "title": "Tea", "variants": variants })), sku)
    }

    /// Something that was changed.
    pub fn change_set(&self) -> String {
        let made = self.owner.post("locations", json!({ "name": "Attic" })).ok();
        made["change_set"].as_str().unwrap().to_owned()
    }

    /// A run of the installed app.
    fn run(&self) -> String {
        let installation = &self.apps.installation(&self.owner, "", "GET")["installation"];
        let pressed = self.owner.post(&format!("installations/{installation}/actions/draft-reorder"), self.pressed());
        pressed.ok()["invocation"].as_str().unwrap().to_owned()
    }

    /// The record on which the button of the installed app is pressed.
    pub fn pressed(&self) -> Value {
        json!({ "record": self.product })
    }

    /// An alert of a store, or of the host with an empty one: nothing that a request does raises one.
    fn alert(&mut self, store: &str) -> String {
        let id = format!("alr_{:032x}", self.fresh().trim_start_matches('n').parse::<u32>().expect("a number"));
        let sql = format!(
            "INSERT INTO alerts (id, store, rule, subject, app, app_version, severity, facts, raised_at, seen_at, times, \
             post_tries, mail_tries) VALUES ('{id}', '{store}', 'failures', '{id}', '', '', 'info', '{{}}', 0, 0, 1, 0, 0)"
        );
        sessions::run_at(&self.base, &sql);
        id
    }

    /// Somebody of the staff who holds nothing.
    fn person(&self) -> String {
        self.made_by(&self.owner, "staff", json!({ "name": "Temporary", "scopes": [] }))
    }

    /// Which version of the house rules there is.
    pub fn rules_version(&self) -> i64 {
        self.owner.get("house-rules").ok()["version"].as_i64().expect("a version")
    }

    /// The address of an account that belongs to no store.
    pub fn stray_address(&mut self) -> String {
        let name = self.fresh();
        sessions::stray_account(&self.base, &name)
    }

    /// A new category.
    pub fn category(&self) -> String {
        self.made_by(&self.owner, "categories", json!({ "title": "Hot drinks" }))
    }

    /// A new discount that buyers can use: its id and its code.
    pub fn discount(&mut self) -> (String, String) {
        let code = self.fresh();
        let id = self.made_by(&self.owner, "discounts", discount(&code));
        self.owner.post(&format!("discounts/{id}/enable"), json!({})).ok();
        (id, code)
    }

    /// A link to a cart of a buyer.
    pub fn cart_link(&self) -> String {
        let cart = self.made_by(&self.front, "storefront/carts", json!({ "lines": self.lines() }));
        let link = self.owner.post(&format!("carts/{cart}/restore-link"), json!({})).ok();
        link["path"].as_str().expect("a path").to_owned()
    }

    fn made_by(&self, maker: &Person, path: &str, new: Value) -> String {
        let made = maker.post(path, new).ok();
        made["id"].as_str().unwrap_or_else(|| panic!("{path} answers no id: {made:#}")).to_owned()
    }
}

/// An amount in the store's currency.
pub fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

/// A discount to be made.
pub fn discount(code: &str) -> Value {
    json!({ "code": code, "title": "Ten off", "value": { "percent": 10 } })
}

fn app(id: &str) -> HashMap<&'static str, String> {
    let (publisher, name) = id.split_once('/').expect("a publisher and a name");
    let texts = [("publisher", publisher), ("name", name), ("version", apps::VERSION)];
    texts.map(|(name, text)| (name, text.to_owned())).into()
}
