//! The staff's own ways of changing a store, as far as a sample needs them. Everything goes through the API, with the
//! permissions of whoever runs the command.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::authz::record_id;
use crate::cli::Failure;
use crate::cli::client::{Client, segment};
use crate::db::Money;

/// What samples are tagged with, so that people find them.
pub(super) const TAG: &str = "storehand-sample";

/// A store, and what was done in it.
pub(super) struct Store<'a> {
    client: &'a Client,
    /// What was done, in words.
    pub(super) done: Vec<String>,
}

/// A product with one form.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub(super) id: String,
    variants: Vec<Variant>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Variant {
    pub(super) sku: String,
    pub(super) price: Money,
}

impl Product {
    /// The form to act on.
    pub(super) fn variant(&self) -> Result<Variant, Failure> {
        self.variants.first().cloned().ok_or_else(|| Failure::failed(format!("product {} has no variants", self.id)))
    }
}

impl<'a> Store<'a> {
    pub(super) fn new(client: &'a Client) -> Store<'a> {
        Store { client, done: Vec::new() }
    }

    pub(super) fn said(&mut self, what: impl Into<String>) {
        self.done.push(what.into());
    }

    pub(super) fn get(&self, path: &str) -> Result<Value, Failure> {
        self.client.get(path)
    }

    pub(super) fn put(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.client.put(path, body)
    }

    pub(super) fn patch(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.client.patch(path, body)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.client.post(path, body)
    }

    pub(super) fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.client.delete(path)
    }

    /// A new unpaid order of one piece.
    pub(super) fn order(&mut self, draft: bool) -> Result<String, Failure> {
        let known = self.client.list("products", &[], 1)?;
        let product = match known.into_iter().next() {
            Some(product) => read(product)?,
            None => self.product()?,
        };
        let sku = product.variant()?.sku;
        let body = json!({"draft": draft, "lines": [{"sku": sku, "quantity": 1}], "tags": [TAG]});
        let id = made(&self.post("orders", &body)?)?;
        self.said(format!("made the {} {id}: one {sku}", if draft { "draft order" } else { "unpaid order" }));
        Ok(id)
    }

    /// A new product that buyers do not see.
    pub(super) fn product(&mut self) -> Result<Product, Failure> {
        let currency = self.get("settings")?;
        let currency = currency.get("currency").and_then(Value::as_str).unwrap_or_default();
        let body = json!({
            "title": "Sample product",
            "variants": [{"sku": sample("sample"), "title": "one size", "price": {"amount": "10", "currency": currency}}],
            "tags": [TAG],
        });
        let id = made(&self.post("products", &body)?)?;
        let product: Product = read(self.get(&format!("products/{id}"))?)?;
        self.said(format!("made the product {id}, which buyers do not see"));
        Ok(product)
    }

    /// A new customer.
    pub(super) fn customer(&mut self) -> Result<String, Failure> {
        let email = format!("{}@example.com", sample("sample"));
        let contact = json!({"name": "Sample Customer", "email": email});
        let id = made(&self.post("customers", &json!({"contact": contact, "tags": [TAG]}))?)?;
        self.said(format!("made the customer {id}"));
        Ok(id)
    }

    /// A new discount, which starts disabled.
    pub(super) fn discount(&mut self) -> Result<String, Failure> {
        let body = json!({"code": sample("SAMPLE"), "title": "Sample discount", "value": {"percent": 1}});
        let id = made(&self.post("discounts", &body)?)?;
        self.said(format!("made the discount {id}, which buyers cannot use"));
        Ok(id)
    }

    /// Tags a record, or takes the tag off if it has it: either is a change and neither means anything.
    pub(super) fn touch(&mut self, resource: &str, id: &str) -> Result<(), Failure> {
        let path = format!("{resource}/{}/tags", segment(id));
        let tag = "storehand-trigger";
        let tagged = self.post(&path, &json!({"tag": tag}))?;
        if tagged.get("change_set").is_some_and(Value::is_string) {
            self.said(format!("tagged {id} with `{tag}`"));
        } else {
            self.delete(&format!("{path}/{tag}"))?;
            self.said(format!("took the tag `{tag}` off {id}"));
        }
        Ok(())
    }

    /// A product by its id, or by the sku of one of its forms.
    pub(super) fn find(&self, product: &str) -> Result<(Product, Variant), Failure> {
        let place = segment(product);
        let by_sku = || self.get(&format!("products/by-sku/{place}"));
        let found = if product.starts_with("prd_") { self.get(&format!("products/{place}"))? } else { by_sku()? };
        let found: Product = read(found)?;
        let variant = found.variants.iter().find(|variant| variant.sku == product).cloned();
        let variant = variant.map_or_else(|| found.variant(), Ok)?;
        Ok((found, variant))
    }

    /// The default location for stock.
    pub(super) fn location(&self) -> Result<String, Failure> {
        let all = self.client.list("locations", &[], 1_000)?;
        let default = all.iter().find(|one| one.get("is_default").and_then(Value::as_bool) == Some(true));
        let id = default.and_then(|one| one.get("id")).and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| Failure::failed("the store has no default location"))
    }
}

/// The id of what was made.
fn made(answer: &Value) -> Result<String, Failure> {
    let id = answer.get("id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| Failure::failed("the host did not say what it made"))
}

pub(super) fn read<T: for<'de> Deserialize<'de>>(answer: Value) -> Result<T, Failure> {
    T::deserialize(answer).map_err(|error| Failure::failed(format!("the host's answer cannot be read: {error}")))
}

/// A name nothing else has.
fn sample(prefix: &str) -> String {
    let id = record_id(prefix);
    // The end of the id is its random part.
    let end = id.get(id.len().saturating_sub(10)..).unwrap_or_default();
    format!("{prefix}-{end}")
}
