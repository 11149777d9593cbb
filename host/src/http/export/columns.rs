//! Which lists there are, and the columns of each: read from the description of the API, so from the types of what the
//! lists hold, and the same whatever a list holds at the moment.

use crate::http::openapi;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::schema::{AllOf, ArrayItems, Object, OneOf, SchemaType};
use utoipa::openapi::{Components, OpenApi, RefOr, Schema, Type};

/// Objects in objects become columns down to here; what is deeper is one cell of JSON.
const DEPTH: usize = 5;

/// A list of the API.
#[derive(Debug)]
pub(super) struct List {
    /// What a file of it is called, without its ending: the last fixed part of its path.
    pub(super) name: String,
    /// Whether it comes in parts, with `limit` and `cursor`.
    pub(super) in_parts: bool,
    /// In the order of the type, outer before inner.
    pub(super) columns: Vec<Column>,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The names that lead to its value, from the item inwards.
    pub(super) path: Vec<String>,
}

impl Column {
    /// Its header: the names, with dots between them.
    pub(super) fn name(&self) -> String {
        self.path.join(".")
    }
}

/// The list at that path, as routes are written; none, if what is there is no list.
pub(super) fn list(path: &str) -> Option<&'static List> {
    static LISTS: LazyLock<BTreeMap<String, List>> = LazyLock::new(|| read(openapi::document()));
    LISTS.get(path)
}

fn read(document: &OpenApi) -> BTreeMap<String, List> {
    let Some(components) = &document.components else { return BTreeMap::new() };
    let lists = document.paths.paths.iter().filter_map(|(path, item)| {
        let get = item.get.as_ref()?;
        let RefOr::T(response) = get.responses.responses.get("200")? else { return None };
        let RefOr::T(content) = response.content.get("application/json")? else { return None };
        let RefOr::T(Schema::Object(part)) = resolved(content.schema.as_ref()?, components)? else { return None };
        let RefOr::T(Schema::Array(items)) = part.properties.get("items")? else { return None };
        let ArrayItems::RefOrSchema(item) = &items.items else { return None };
        let mut columns = Vec::new();
        add(item, components, &mut Vec::new(), &mut columns);
        let name = path.rsplit('/').find(|part| !part.starts_with('{')).unwrap_or("list").to_owned();
        let parameters = get.parameters.iter().flatten();
        let in_parts = parameters.clone().any(|one| matches!(one, RefOr::T(one) if one.name == "cursor"));
        (!columns.is_empty()).then(|| (path.clone(), List { name, in_parts, columns }))
    });
    lists.collect()
}

/// What a reference leads to.
fn resolved<'d>(schema: &'d RefOr<Schema>, components: &'d Components) -> Option<&'d RefOr<Schema>> {
    match schema {
        RefOr::T(_) => Some(schema),
        RefOr::Ref(to) => components.schemas.get(to.ref_location.rsplit('/').next()?),
    }
}

/// Adds the columns of what is at `path`: one of its own, unless it is an object whose fields are known.
fn add(schema: &RefOr<Schema>, components: &Components, path: &mut Vec<String>, columns: &mut Vec<Column>) {
    let before = columns.len();
    if path.len() < DEPTH {
        match resolved(schema, components) {
            Some(RefOr::T(Schema::Object(object))) => fields(object, components, path, columns),
            Some(RefOr::T(Schema::AllOf(AllOf { items, .. }) | Schema::OneOf(OneOf { items, .. }))) => {
                // Alternatives share what they share.
                items.iter().filter(|one| !is_null(one)).for_each(|one| add(one, components, path, columns));
                let leaf = columns.iter().skip(before).any(|column| column.path == *path);
                if leaf && columns.len() > before + 1 {
                    // Sometimes a value, sometimes an object: one cell, in which either has room.
                    columns.truncate(before);
                }
            }
            _ => {}
        }
    }
    if columns.len() == before && !path.is_empty() && !columns.iter().any(|column| column.path == *path) {
        columns.push(Column { path: path.clone() });
    }
}

fn fields(object: &Object, components: &Components, path: &mut Vec<String>, columns: &mut Vec<Column>) {
    for (name, field) in &object.properties {
        path.push(name.clone());
        add(field, components, path, columns);
        path.pop();
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Vec<String> {
        list(path).unwrap_or_else(|| panic!("no list at {path}")).columns.iter().map(Column::name).collect()
    }

    #[test]
    fn what_answers_with_items_is_a_list_and_nothing_else_is() {
        let all = read(openapi::document());
        assert!(all.len() > 25, "{:?}", all.keys());
        assert!(list("/api/v1/stores/{store}/orders").is_some_and(|list| list.in_parts && list.name == "orders"));
        assert!(list("/api/v1/stores/{store}/usage/apps").is_some_and(|list| !list.in_parts));
        for other in ["/api/v1/stores/{store}/orders/{order}", "/api/v1/stores/{store}/orders/count", "/healthz", ""] {
            assert!(list(other).is_none(), "{other}");
        }
    }

    #[test]
    fn objects_become_columns_with_dots_and_no_column_is_there_twice() {
        let orders = names("/api/v1/stores/{store}/orders");
        assert!(orders.iter().any(|name| name == "id") && orders.iter().any(|name| name.contains('.')), "{orders:?}");
        for (path, list) in read(openapi::document()) {
            let mut names: Vec<String> = list.columns.iter().map(Column::name).collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "{path}");
            let within = |name: &String| names.iter().any(|other| other.starts_with(&format!("{name}.")));
            assert!(!names.iter().any(within), "{path}: a column lies within another: {names:?}");
        }
    }
}
