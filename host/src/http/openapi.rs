//! The description of the API, made from the routes themselves and served at `/api/v1/openapi.json`.

use super::{Problem, api};
use axum::http::{Method, header::CONTENT_TYPE};
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, KnownFormat, ObjectBuilder, OpenApi, PathItem, Ref, RefOr,
    Required, ResponseBuilder, SchemaFormat, Type,
};
use utoipa::{PartialSchema, ToSchema};

/// The description, made once.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(make);
    &DOCUMENT
}

/// Serves it.
pub(super) async fn served() -> impl IntoResponse {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}

fn make() -> OpenApi {
    let mut document = api::routes().merge(api::uploads()).into_openapi();
    document.info = InfoBuilder::new()
        .title("Storehand")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Store apps as sandboxed components, each treated like a member of staff."))
        .build();
    let components = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema(Problem::name(), Problem::schema())
        .security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    document.components = Some(components.build());
    let paths = std::mem::take(&mut document.paths.paths);
    for (path, mut item) in paths {
        if let Some(post) = item.post.as_mut().filter(|post| keyed(&path, post)) {
            post.parameters.get_or_insert_default().push(idempotency_key().into());
        }
        operations(&mut item).for_each(|operation| complete(&path, operation));
        document.paths.paths.insert(format!("{}{path}", api::PREFIX), item);
    }
    document
}

/// Tags of routes that change store data by one draft: what they make, they make once for each `Idempotency-Key`.
const KEYED: [&str; 10] = [
    "orders",
    "carts",
    "customers",
    "products",
    "categories",
    "inventory",
    "giftcards",
    "discounts",
    "locations",
    "storefront",
];

/// How an app is uploaded.
const WASM: &str = "application/wasm";

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// Among them, what only looks something up.
const LOOKS_UP: &str = "/stores/{store}/customers/find-by-email";
/// Not among them, and kept like a draft.
const UNDO: &str = "/stores/{store}/undos";

fn keyed(path: &str, operation: &Operation) -> bool {
    let drafts = operation.tags.iter().flatten().any(|tag| KEYED.contains(&tag.as_str()));
    path == UNDO || drafts && path != LOOKS_UP
}

/// Whether a `POST` to this path takes an `Idempotency-Key`: whether its description says so.
pub(super) fn takes_a_key(path: &str) -> bool {
    static PATHS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let of_key = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.name == KEY);
        let keyed = |item: &PathItem| item.post.iter().flat_map(|post| post.parameters.iter().flatten()).any(of_key);
        document().paths.paths.iter().filter(|(_, item)| keyed(item)).map(|(path, _)| path.as_str()).collect()
    });
    PATHS.contains(path)
}

/// Whether a path takes that method.
pub(super) fn has(path: &str, method: &Method) -> bool {
    let Some(item) = document().paths.paths.get(path) else { return false };
    match *method {
        Method::GET | Method::HEAD => item.get.is_some(),
        Method::POST => item.post.is_some(),
        Method::PUT => item.put.is_some(),
        Method::PATCH => item.patch.is_some(),
        Method::DELETE => item.delete.is_some(),
        _ => false,
    }
}

/// The header.
const KEY: &str = "Idempotency-Key";

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name(KEY)
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "Asked again with the same key within a day, it answers as the first time and changes nothing. Where this is not listed, the header is refused",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// `orders.refund`, `installations.grants.list`, `host.stores.create`: the fixed parts of the path, and the verb.
fn name(path: &str, verb: &str) -> String {
    let in_store = path.strip_prefix("/stores/{store}");
    let fixed = in_store.unwrap_or(path).split('/').filter(|part| !part.is_empty() && !part.starts_with('{'));
    let mut parts: Vec<String> = fixed.map(|part| part.replace('-', "_")).collect();
    if in_store.is_none() {
        parts.insert(0, "host".to_owned());
    }
    if parts.last().is_none_or(|last| last != verb) {
        parts.push(verb.to_owned());
    }
    parts.join(".")
}

/// What every operation has: a name of its own, the parameters of its path, and problems.
fn complete(path: &str, operation: &mut Operation) {
    operation.operation_id = operation.operation_id.take().map(|verb| name(path, &verb));
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<RefOr<Parameter>> = names
        .map(|name| {
            let text = ObjectBuilder::new().schema_type(Type::String);
            let path = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
            path.schema(Some(text)).build().into()
        })
        .chain(operation.parameters.take().unwrap_or_default())
        .collect();
    operation.parameters = Some(parameters).filter(|parameters| !parameters.is_empty());
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description("Why it was not carried out; 401, 403 and 404 before anything is read")
        .content("application/problem+json", problem);
    operation.responses.responses.insert("default".to_owned(), response.build().into());
    // A description is not optional (OpenAPI 3.1, 4.8.17), and what a success holds is said by its schema.
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = "It was carried out".to_owned();
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(RefOr::T(content)) = body.content.get_mut(WASM)
    {
        let bytes =
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        content.schema = Some(bytes.description(Some("The component")).build().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Scope;

    fn json() -> serde_json::Value {
        serde_json::to_value(document()).unwrap()
    }

    /// Every text under a key, anywhere.
    fn under<'a>(key: &str, value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        serde_json::Value::String(text) if name == key => found.push(text),
                        value => under(key, value, found),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| under(key, item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let (document, mut references) = (json(), Vec::new());
        under("$ref", &document, &mut references);
        assert!(references.len() > 50);
        for reference in references {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let (document, mut names) = (json(), Vec::new());
        under("operationId", &document, &mut names);
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }

    #[test]
    fn every_scope_a_person_can_hold_opens_a_route() {
        let text = json().to_string();
        let without = [Scope::CheckoutDiscount]; // apps hold it, no person uses it
        let missing: Vec<&Scope> = Scope::ALL
            .iter()
            .filter(|scope| !without.contains(scope) && !text.contains(&format!("[\"{scope}\"]")))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
