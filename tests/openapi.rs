//! The API's own description as one page: `openapi.txt`. Clients are made from it, so a change of a name, of a path or
//! of what an operation needs must be seen in review.

mod told;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::golden;
use crate::support::host::{Engine, Host};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[test]
fn the_description_names_explains_and_secures_every_operation_as_reviewed() {
    let host = Host::start(Engine::Sqlite);
    let document = host.anonymous().get("/api/v1/openapi.json").ok();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    let (mut text, mut names) = (String::new(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().expect("the description has paths") {
        text += &format!("\n{}\n", path.strip_prefix("/api/v1").expect("every path is below one prefix"));
        for method in METHODS {
            let operation = &operations[method];
            if operation.is_null() {
                continue;
            }
            let said = |field: &str| {
                let text = operation[field].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{method} {path} has no {field}");
                text
            };
            let (name, summary) = (said("operationId"), said("summary"));
            assert!(names.insert(name), "two operations are named {name}");
            assert!(!summary.ends_with('.') && !summary.contains('\n'), "{method} {path}: {summary}");
            declared(&document, path, operation);
            text += &format!("  {:<7}{name:<42}{:<28}{summary}\n", method.to_uppercase(), needs(path, operation));
        }
    }
    golden::compare("openapi.txt", text.trim_start());
}

/// The rules of OpenAPI 3.1 that its validators check and that a description of ours has broken before.
#[test]
fn the_description_is_valid() {
    let host = Host::start(Engine::Sqlite);
    let document = host.anonymous().get("/api/v1/openapi.json").ok();
    let mut wrong = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in METHODS.into_iter().filter(|method| item.get(method).is_some()) {
            let operation = &item[method];
            let place = format!("{method} {path}");
            for (status, response) in operation["responses"].as_object().expect("every operation answers") {
                let response = led(&document, response);
                if response["description"].as_str().is_none_or(str::is_empty) {
                    wrong.push(format!("{place}: {status} has no description"));
                }
                if status != "default" && !(status.len() == 3 && status.chars().all(|c| c.is_ascii_digit())) {
                    wrong.push(format!("{place}: `{status}` is no status"));
                }
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let place = format!("{place}: {}", parameter["name"]);
                if parameter.get("schema").is_none() == parameter.get("content").is_none() {
                    wrong.push(format!("{place} has no schema, or two"));
                }
                if parameter["in"] == "path"
                    && !path.contains(&format!("{{{}}}", parameter["name"].as_str().expect("a name")))
                {
                    wrong.push(format!("{place} is not in the path"));
                }
            }
            let mut names: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
            let all = names.len();
            names.sort_by_key(|one| (one["in"].to_string(), one["name"].to_string()));
            names.dedup_by_key(|one| (one["in"].to_string(), one["name"].to_string()));
            if names.len() != all {
                wrong.push(format!("{place} names a parameter twice"));
            }
            if let Some(body) = operation.get("requestBody") {
                let content = body["content"].as_object().expect("a body has content");
                let binary = content.get("application/wasm").map(|content| &content["schema"]);
                if binary.is_some_and(|schema| schema["type"] != "string" || schema["format"] != "binary") {
                    wrong.push(format!("{place}: an upload is bytes, and is shown as {}", binary.expect("one")));
                }
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas {
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
            wrong.push(format!("`{name}` is no name of a schema"));
        }
        let properties: BTreeSet<&String> =
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !properties.iter().any(|name| *name == required) {
                wrong.push(format!("`{name}` requires `{required}`, which it does not have"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Two types of one name would be one to whoever reads this.
    let cart = |name: &str| schemas[name]["properties"].as_object().expect("fields").contains_key("email");
    assert!(schemas.contains_key("Cart") && schemas.contains_key("CheckoutCart"));
    assert!(!cart("CheckoutCart"), "the cart that apps are shown has no personal data");
}

/// What an operation asks of who calls it: scopes, or a kind of token.
fn needs(path: &str, operation: &Value) -> String {
    let security = operation["security"].as_array().unwrap_or_else(|| panic!("{path} does not say who may"));
    let together = |one: &Value| {
        let names = one["token"].as_array().unwrap_or_else(|| panic!("{path}: {one}"));
        names.iter().map(|name| name.as_str().expect("a name")).collect::<Vec<_>>().join(" and ")
    };
    let words = security.iter().map(together).collect::<Vec<_>>().join(" or ");
    if words.is_empty() { "any token".to_owned() } else { words }
}

/// What a reference leads to, or what stands there itself.
fn led<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    let leads = part["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
    leads.unwrap_or(part)
}

/// Every parameter of the path is declared, and how it fails.
fn declared(document: &Value, path: &str, operation: &Value) {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let is_it = |one: &&Value| one["in"] == "path" && one["name"] == name && one["required"] == true;
        assert_eq!(parameters.iter().filter(is_it).count(), 1, "{path} does not declare `{name}`");
    }
    let responses = operation["responses"].as_object().expect("every operation answers");
    assert!(responses.contains_key("default") && responses.contains_key("401"), "{path} does not say how it fails");
    for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
        let problem = &led(document, response)["content"]["application/problem+json"];
        assert!(problem.is_object(), "{path} does not say what {status} holds");
    }
}
