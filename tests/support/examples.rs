//! Simple documents, made from the examples that the description of the API has for them: a new one needs no line here.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::person::Person;

/// Makes every example another, so that what is unique in a store can be made again.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The description, which is the same at every host: it is large, and a matrix asks for an example at every route.
static DESCRIPTION: OnceLock<Value> = OnceLock::new();

/// What to send to create one of a resource; `None` if the description has no example for it.
pub fn of(person: &Person, resource: &str) -> Option<Value> {
    let document = DESCRIPTION.get_or_init(|| person.get("/api/v1/openapi.json").ok());
    let created = &document["paths"][format!("/api/v1/stores/{{store}}/{resource}")]["post"];
    let body = created["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
    let mut example = document.pointer(body.strip_prefix('#')?)?.get("example")?.clone();
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    for (_, value) in example.as_object_mut().expect("an object") {
        // A name in small letters, as paths and classes are.
        let renamed = value.as_str().filter(|text| text.chars().all(|c| c.is_ascii_lowercase()));
        if let Some(renamed) = renamed.map(|text| json!(format!("{text}-{n}"))) {
            *value = renamed;
        }
    }
    Some(example)
}

/// Creates one, and returns its id.
pub fn made(owner: &Person, resource: &str) -> Option<String> {
    let made = owner.post(resource, of(owner, resource)?).ok();
    Some(made["id"].as_str().unwrap_or_else(|| panic!("no id in {made:#}")).to_owned())
}
