//! What the description says of bodies and queries is what the host enforces: whatever goes beyond it is refused.

use serde_json::{Value, json};

use crate::support::host::{Engine, Host};
use crate::support::person::Body;

/// Bodies that are taken, and what they are bodies of: method, path in the store, and path in the description.
fn bodies(location: &str) -> Vec<(&'static str, String, String, Value)> {
    let in_store =
        |method, path: &str, body: Value| (method, path.to_owned(), format!("/api/v1/stores/{{store}}/{path}"), body);
    let address =
        json!({ "street": "Way 1", "city": "Berlin", "postcode": "10115", "region": "Berlin", "country": "DE" });
    let contact = json!({ "name": "Ada", "email": "ada@example.com", "phone": "+49 30 1", "address": address });
    let price = json!({ "amount": "10.00", "currency": "EUR" });
    let tea = json!({
        "title": "Tea", "description": "Green", "tags": ["new"], "pictures": ["https://example.com/tea.png"],
        "variants": [{ "sku": "green-tea", "title": "100 g", "price": price }],
    });
    let code = json!({
        "code": "SPRING", "title": "Spring", "value": { "percent": 10 },
        "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2036-01-01T00:00:00Z",
    });
    let adjust = format!("inventory/tea/{location}");
    let level = "/api/v1/stores/{store}/inventory/{sku}/{location}";
    let cart = json!({ "currency": "EUR", "lines": [{ "id": "1", "sku": "tea", "quantity": 1, "price": price }] });
    let mut bodies = vec![
        in_store("POST", "customers", json!({ "contact": contact, "tags": ["new"] })),
        in_store("POST", "products", tea),
        in_store("POST", "categories", json!({ "title": "Teas" })),
        in_store("POST", "discounts", code),
        in_store("POST", "giftcards", json!({ "amount": price, "expires_at": "2036-01-01T00:00:00Z" })),
        in_store("POST", "locations", json!({ "name": "Shop" })),
        in_store("POST", "orders", json!({ "lines": [{ "sku": "tea", "quantity": 1 }], "tags": ["new"] })),
        in_store("POST", "staff", json!({ "name": "Bo", "roles": ["fulfilment-agent"], "scopes": ["orders:view"] })),
        in_store("POST", "tokens", json!({ "name": "Till", "scopes": ["orders:view"], "days": 7 })),
        in_store("POST", "storefront-tokens", json!({ "name": "Front", "days": 7 })),
        in_store(
            "PUT",
            "retention",
            json!({ "usage_days": 90, "journal_days": 90, "events_days": 90, "hold_days": 7 }),
        ),
    ];
    bodies.push(("PUT", adjust.clone(), level.to_owned(), json!({ "available": 5 })));
    let body = json!({ "delta": 1, "reason": "found" });
    bodies.push(("POST", format!("{adjust}/adjust"), format!("{level}/adjust"), body));
    bodies.push(in_store("POST", "checkout/discounts", cart));
    bodies
}

/// Where a schema leads.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let found = match (schema["$ref"].as_str(), schema["oneOf"].as_array()) {
        (Some(reference), _) => document.pointer(reference.trim_start_matches('#')),
        (None, Some(either)) if either.len() == 2 && either.iter().any(|one| one["type"] == "null") => {
            either.iter().find(|one| one["type"] != "null")
        }
        _ => return schema,
    };
    resolve(document, found.expect("a schema"))
}

/// What a value of this schema must not be, said of the value at `pointer` of the body.
fn beyond(document: &Value, schema: &Value, at: String, value: &Value, found: &mut Vec<(String, Value)>) {
    let schema = resolve(document, schema);
    let number = |name: &str| schema[name].as_i64();
    let most = |name: &str| number(name).map(|n| usize::try_from(n).expect("a length"));
    let mut wrong = |value: Value| found.push((at.clone(), value));
    match value {
        Value::String(text) => {
            if let Some(most) = most("maxLength") {
                wrong(format!("{text}{}", "a".repeat(most + 1 - text.chars().count())).into());
            }
            if most("minLength").is_some() {
                wrong("".into());
            }
            if schema.get("pattern").or(schema.get("enum")).or(schema.get("format")).is_some() {
                wrong(" ?".into());
            }
        }
        Value::Number(_) => {
            number("maximum").into_iter().for_each(|most| wrong((most + 1).into()));
            number("minimum").into_iter().for_each(|least| wrong((least - 1).into()));
        }
        Value::Array(items) => {
            if let Some(most) = most("maxItems") {
                wrong((0..=most).map(|_| items[0].clone()).collect());
            }
            if most("minItems").is_some() {
                wrong(json!([]));
            }
            beyond(document, &schema["items"], format!("{at}/0"), &items[0], found);
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let part = schema["oneOf"].as_array().into_iter().flatten().find(|one| one["required"][0] == **name);
                let part = &part.unwrap_or(schema)["properties"][name];
                assert!(part.is_object(), "{at}/{name} is not described");
                beyond(document, part, format!("{at}/{name}"), value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn whatever_goes_beyond_what_is_said_of_a_body_is_refused() {
    let host = Host::start(Engine::Sqlite);
    let (owner, front) = (host.owner(), host.storefront());
    let document = owner.get("/api/v1/openapi.json").ok();
    let tea = json!([{ "sku": "tea", "title": "100 g", "price": { "amount": "10.00", "currency": "EUR" } }]);
    owner.post("products", json!({ "title": "Tea", "variants": tea })).ok();
    let (mut tried, mut taken) = (0, Vec::new());
    for (method, path, described, body) in bodies(host.location()) {
        let who = if path.starts_with("checkout") { &front } else { &owner };
        let operation = &document["paths"][&described][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let mut wrong = Vec::new();
        beyond(&document, schema, String::new(), &body, &mut wrong);
        tried += wrong.len();
        for (at, value) in wrong {
            let mut body = body.clone();
            *body.pointer_mut(&at).expect("a place in the body") = value.clone();
            let answer = who.send(method, &path, Body::Json(body));
            if !matches!(answer.status, 404 | 422) {
                let value: String = value.to_string().chars().take(60).collect();
                taken.push(format!("{method} {path}: {at} = {value}: {}", answer.status));
            }
        }
        // Nothing but what was changed was wrong with it.
        who.send(method, &path, Body::Json(body)).ok();
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
    assert!(tried > 80, "{tried} were tried");
}

#[test]
fn whatever_goes_beyond_what_is_said_of_a_query_is_refused() {
    let host = Host::start(Engine::Sqlite);
    let owner = host.owner();
    let document = owner.get("/api/v1/openapi.json").ok();
    let (mut tried, mut taken) = (0, Vec::new());
    for (path, item) in document["paths"].as_object().expect("paths") {
        // Reports need more than one parameter; what has another in its path needs a record.
        let Some(rest) = path.strip_prefix("/api/v1/stores/{store}/") else { continue };
        if rest.contains('{') || rest.starts_with("reports/") || rest.ends_with("/stream") {
            continue;
        }
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            let (name, schema) = (&parameter["name"], resolve(&document, &parameter["schema"]));
            let mut wrong = Vec::new();
            wrong.extend(schema["maximum"].as_i64().map(|most| (most + 1).to_string()));
            wrong.extend(schema["minimum"].as_i64().map(|least| (least - 1).to_string()));
            wrong.extend(schema["minLength"].as_i64().map(|_| String::new()));
            wrong.extend(schema["maxLength"].as_u64().map(|most| "a".repeat(most as usize + 1)));
            if schema.get("pattern").or(schema.get("enum")).or(schema.get("format")).is_some()
                && parameter["in"] == "query"
            {
                wrong.push("_".to_owned());
            }
            for value in wrong.iter().filter(|_| parameter["in"] == "query") {
                tried += 1;
                let asked = format!("{rest}?{}={value}", name.as_str().expect("a name"));
                let answer = owner.get(&asked);
                if !matches!(answer.status, 400 | 404 | 422) {
                    taken.push(format!("{asked}: {}", answer.status));
                }
            }
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
    assert!(tried > 60, "{tried} were tried");
}
