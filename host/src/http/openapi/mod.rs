//! The description of the API, made from the routes themselves and served at `/api/v1/openapi.json`.

mod answers;
mod bounds;
mod choices;
mod told;

use super::{Problem, api};
use crate::db::Kind;
use axum::http::{Method, header::CONTENT_TYPE};
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, KnownFormat, Object, ObjectBuilder, OpenApi, PathItem, RefOr, Required, Schema,
    SchemaFormat, Type,
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

/// What the routes say themselves.
fn bare() -> OpenApi {
    api::routes().merge(api::uploads()).into_openapi()
}

fn make() -> OpenApi {
    let mut document = bare();
    document.info = InfoBuilder::new()
        .title("Storehand")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Store apps as sandboxed components, each treated like a member of staff. Control characters, NUL among \
            them, are refused in every text (422). A list is written out whole, with the same filter, if `accept` names \
            `text/csv` or `application/x-ndjson` before JSON; `limit` is any number of items then.",
        ))
        .build();
    let mut components = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema(Problem::name(), Problem::schema())
        .security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .build();
    components.schemas.iter_mut().for_each(|(name, schema)| tell(name, schema));
    components.schemas.extend(choices::schemas().map(|(name, schema)| (name.to_owned(), schema)));
    answers::components(&mut components);
    document.components = Some(components);
    let paths = std::mem::take(&mut document.paths.paths);
    for (path, mut item) in paths {
        operations(&mut item).for_each(|(reads, operation)| complete(&path, reads, operation));
        document.paths.paths.insert(format!("{}{path}", api::PREFIX), item);
    }
    document
}

/// How an app is uploaded.
const WASM: &str = "application/wasm";

/// Each operation, and whether it only reads.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let get = item.get.iter_mut().map(|get| (true, get));
    let others = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten();
    get.chain(others.map(|other| (false, other)))
}

/// Whether a list of names has this one.
fn lists(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

/// Says in a schema what the host enforces of its fields; of a choice, in each alternative.
fn tell(name: &str, schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => tell_fields(name, object),
        RefOr::T(Schema::OneOf(choice)) if told::CHOICES.contains(&name) => {
            for alternative in &mut choice.items {
                if let RefOr::T(Schema::Object(object)) = alternative {
                    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                    tell_fields(name, object);
                }
            }
        }
        _ => {}
    }
}

fn tell_fields(name: &str, object: &mut Object) {
    for (schemas, fields, bounds) in told::FIELDS {
        if *schemas == told::EVERYWHERE || lists(schemas, name) {
            let named = object.properties.iter_mut().filter(|(field, _)| lists(fields, field));
            named.for_each(|(_, field)| bounds.apply(field));
        }
    }
    let required = told::REQUIRED.iter().filter(|(schema, _)| *schema == name).map(|(_, field)| (*field).to_owned());
    object.required.extend(required);
}

/// Whether a `POST` to this path takes an `Idempotency-Key`: whether its description says so.
pub(super) fn takes_a_key(path: &str) -> bool {
    static PATHS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let keyed = |item: &PathItem| item.post.iter().flat_map(|post| post.parameters.iter().flatten()).any(is_key);
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

/// The header, as a parameter of whatever takes it.
pub(super) fn idempotency_key() -> Parameter {
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

fn in_path(name: &str) -> Parameter {
    let mut schema = ObjectBuilder::new().schema_type(Type::String).build().into();
    let told = told::IN_PATHS.iter().find(|(known, ..)| *known == name);
    let told = told.map(|(_, words, bounds)| ((*words).to_owned(), *bounds)).or_else(|| record_in_path(name));
    if let Some((_, bounds)) = &told {
        bounds.apply(&mut schema);
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(told.map(|(words, _)| words))
        .schema(Some(schema))
        .build()
}

/// A record's id: `{giftcard}` is one of the kind `gift-card`.
fn record_in_path(name: &str) -> Option<(String, bounds::Bounds)> {
    let kind = Kind::ALL.iter().find(|kind| kind.name().replace('-', "") == name)?;
    Some((format!("The {}'s id", kind.name().replace('-', " ")), bounds::id(kind.prefix())))
}

fn is_key(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.name == KEY)
}

/// What every operation has: a name of its own, the parameters of its path, what is enforced of all parameters, and
/// the ways it can end.
fn complete(path: &str, reads: bool, operation: &mut Operation) {
    operation.operation_id = operation.operation_id.take().map(|verb| name(path, &verb));
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<RefOr<Parameter>> =
        names.map(|name| in_path(name).into()).chain(operation.parameters.take().unwrap_or_default()).collect();
    for parameter in &mut parameters {
        if let RefOr::T(parameter) = parameter
            && parameter.parameter_in != ParameterIn::Path
            && let Some(schema) = &mut parameter.schema
        {
            bounds::never_null(schema);
            let told = told::PARAMETERS.iter().filter(|(names, _)| lists(names, &parameter.name));
            told.for_each(|(_, bounds)| bounds.apply(schema));
        }
    }
    let keyed = parameters.iter().any(is_key);
    operation.parameters = Some(parameters).filter(|parameters| !parameters.is_empty());
    answers::complete(operation, reads, keyed);
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
    fn everything_that_is_told_of_a_field_or_a_parameter_is_said_somewhere() {
        let (document, bare) = (json(), serde_json::to_value(bare()).unwrap());
        let schemas = &document["components"]["schemas"];
        for (of, names, _) in told::FIELDS.iter().filter(|(of, ..)| *of != told::EVERYWHERE) {
            for (of, name) in of.split(' ').flat_map(|of| names.split(' ').map(move |name| (of, name))) {
                let (before, now) = (&bare["components"]["schemas"][of], &schemas[of]);
                let alternative = |schema: &serde_json::Value| {
                    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
                    alternatives.chain([schema]).find_map(|one| one["properties"].get(name)).cloned()
                };
                let (before, now) = (alternative(before), alternative(now));
                assert!(now.is_some() && before != now, "{of}.{name} says nothing of it");
            }
        }
        for choice in told::CHOICES {
            assert_eq!(schemas[*choice]["oneOf"][0]["additionalProperties"], false, "{choice}");
        }
        for (of, field) in told::REQUIRED {
            assert!(schemas[*of]["required"].as_array().unwrap().iter().any(|one| one == field), "{of}.{field}");
        }
        let mut names = Vec::new();
        under("name", &document["paths"], &mut names);
        let told = told::PARAMETERS.iter().flat_map(|(names, _)| names.split(' '));
        for name in told.chain(told::IN_PATHS.iter().map(|(name, ..)| *name)) {
            assert!(names.contains(&name), "no operation has a parameter `{name}`");
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
    fn whatever_takes_a_key_asks_for_a_permit_and_answers_with_200() {
        let document = json();
        let posts =
            document["paths"].as_object().unwrap().iter().filter_map(|(path, item)| Some((path, item.get("post")?)));
        let keyed: Vec<(&String, &serde_json::Value)> = posts
            .filter(|(_, post)| post["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == KEY))
            .collect();
        assert!(keyed.len() > 25, "{}", keyed.len());
        for (path, post) in keyed {
            let scope = post["security"][0]["token"][0].as_str().unwrap_or_default();
            assert!(scope.parse::<Scope>().is_ok(), "{path} takes a key and needs `{scope}`");
            let successes = post["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
            assert_eq!(successes.collect::<Vec<_>>(), ["200"], "{path}");
        }
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
