//! A record for every call, in a state in which the call can succeed; made anew for every run, because calls use them up.

use serde_json::{Value, json};

use crate::support::examples;
use crate::support::person::Person;

/// What `over-reach` names what it creates.
const CREATED: [&str; 2] = ["OVER-REACH", "OVERREACH"];

/// Makes records in one store.
pub struct Records {
    owner: Person,
    front: Person,
    location: String,
    /// Goes into every name, so that no two stores have the same.
    word: &'static str,
    /// Published, with plenty of stock.
    tea: String,
    count: u32,
}

/// What one run works on.
pub struct Made {
    /// The order on which the button is pressed.
    pub order: String,
    /// The setting `ids`.
    pub ids: Value,
}

impl Records {
    /// Makes what can be bought.
    pub fn new(owner: Person, front: Person, word: &'static str) -> Records {
        let location = id(&owner.post("locations", json!({ "name": "Shelf" })).ok());
        let mut records = Records { owner, front, location, word, tea: String::new(), count: 0 };
        let (product, sku) = records.product();
        records.owner.post(&format!("products/{product}/publish"), json!({})).ok();
        records.stock(&sku);
        records.tea = sku;
        records
    }

    /// What the call needs, named as the settings of `over-reach` name it.
    pub fn make(&mut self, attempt: &str) -> Made {
        let (resource, verb) = attempt.split_once('.').expect("a resource and a verb");
        let mut ids = json!({ "sku": self.tea, "location": self.location });
        let mut order = String::new();
        match resource {
            "orders" => {
                order = self.order(verb);
                if verb == "update_tracking" {
                    let sent = self.owner.post(&format!("orders/{order}/fulfillments"), json!({})).ok();
                    ids["fulfillment"] = sent["part"].clone();
                }
            }
            "carts" => {
                let cart = id(&self.front.post("storefront/carts", json!({ "lines": self.lines() })).ok());
                if verb == "restore_link" {
                    self.front.post(&format!("storefront/carts/{cart}/abandon"), json!({})).ok();
                }
                ids["cart"] = json!(cart);
                ids["code"] = json!(self.discount().1);
            }
            "customers" => {
                let email = format!("{}@example.com", self.fresh());
                let new = json!({ "contact": { "email": email }, "tags": ["over-reach"] });
                ids["customer"] = json!(id(&self.owner.post("customers", new).ok()));
                ids["email"] = json!(email);
            }
            "products" | "categories" | "inventory" => {
                self.clear_product();
                let (product, sku) = self.product();
                self.stock(&sku);
                ids["product"] = json!(product);
                ids["sku"] = json!(sku);
                let title = self.fresh();
                ids["category"] = json!(id(&self.owner.post("categories", json!({ "title": title })).ok()));
            }
            "giftcards" => {
                let made = self.owner.post("giftcards", json!({ "amount": money("20.00") })).ok();
                ids["giftcard"] = json!(id(&made));
            }
            "discounts" => {
                self.clear_discount();
                ids["discount"] = json!(self.discount().0);
            }
            "locations" => {
                let name = self.fresh();
                let made = self.owner.post("locations", json!({ "name": name })).ok();
                ids["location"] = json!(id(&made));
            }
            other if let Some(made) = examples::made(&self.owner, other) => ids["simple"] = json!(made),
            // The others are told no record; the button must be pressed on some order all the same.
            _ => {}
        }
        if order.is_empty() {
            order = self.order("get");
        }
        ids["order"] = json!(order);
        Made { order, ids }
    }

    fn order(&self, verb: &str) -> String {
        let new = json!({ "draft": verb == "delete", "lines": self.lines(), "tags": ["over-reach"] });
        let mut paid = new.clone();
        paid.as_object_mut().expect("an object").remove("draft");
        match verb {
            "delete" | "set_lines" | "capture" | "cancel" => id(&self.owner.post("orders", new).ok()),
            _ => id(&self.front.post("storefront/orders", paid).ok()),
        }
    }

    fn lines(&self) -> Value {
        json!([{ "sku": self.tea, "quantity": 1 }])
    }

    fn product(&mut self) -> (String, String) {
        let sku = self.fresh();
        let variants = json!([{ "sku": sku, "title": "50 g", "price": money("10.00") }]);
        (id(&self.owner.post("products", json!({ "title": "Tea", "variants": variants })).ok()), sku)
    }

    fn stock(&self, sku: &str) {
        self.owner.put(&format!("inventory/{sku}/{}", self.location), json!({ "available": 100_000 })).ok();
    }

    fn discount(&mut self) -> (String, String) {
        let code = self.fresh().to_uppercase();
        let new = json!({ "code": code, "title": "Ten off", "value": { "percent": 10 } });
        let made = id(&self.owner.post("discounts", new).ok());
        self.owner.post(&format!("discounts/{made}/enable"), json!({})).ok();
        (made, code)
    }

    /// Removes the product that a run before has created, so that the next can create it again.
    fn clear_product(&self) {
        let found = self.owner.get(&format!("products/by-sku/{}", CREATED[0]));
        if found.status == 200 {
            self.owner.delete(&format!("products/{}", id(&found.body))).ok();
        }
    }

    /// The same for its discount.
    fn clear_discount(&self) {
        let found = self.owner.get("discounts?limit=100").ok();
        for discount in found["items"].as_array().expect("a list") {
            if discount["code"] == CREATED[1] {
                self.owner.delete(&format!("discounts/{}", id(discount))).ok();
            }
        }
    }

    fn fresh(&mut self) -> String {
        self.count += 1;
        format!("{}{}", self.word, self.count)
    }
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or_else(|| panic!("no id in {made:#}")).to_owned()
}

fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}
