//! The API's own description as one page: `openapi.txt`. Clients are made from it, so a change of a name, of a path or
//! of what an operation needs must be seen in review.

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
            declared(path, operation);
            text += &format!("  {:<7}{name:<42}{:<28}{summary}\n", method.to_uppercase(), needs(path, operation));
        }
    }
    golden::compare("openapi.txt", text.trim_start());
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

/// Every parameter of the path is declared, and how it fails.
fn declared(path: &str, operation: &Value) {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let is_it = |one: &&Value| one["in"] == "path" && one["name"] == name && one["required"] == true;
        assert_eq!(parameters.iter().filter(is_it).count(), 1, "{path} does not declare `{name}`");
    }
    let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
    assert!(problem.is_object(), "{path} does not say how it fails");
}
