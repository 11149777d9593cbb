//! What is one of a list: schemas with names of their own, made from the lists themselves.

use crate::authz::{Cap, Scope};
use crate::db::roles::Role;
use crate::db::{Kind, Topic, currency};
use utoipa::Number;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::{Object, ObjectBuilder, OneOfBuilder, Ref, RefOr, Type};

pub(super) const SCOPE: &str = "Scope";
pub(super) const TOPIC: &str = "Topic";
pub(super) const ROLE: &str = "Role";
pub(super) const KIND: &str = "RecordKind";
pub(super) const CURRENCY: &str = "Currency";
pub(super) const TERMS: &str = "TermsChanges";
pub(super) const CAPS: &str = "CapChanges";

/// All of them, by name.
pub(super) fn schemas() -> [(&'static str, RefOr<Schema>); 7] {
    let one_of = |words, names: Vec<String>| text(words).enum_values(Some(names)).build().into();
    let scopes = || Scope::ALL.iter().map(|scope| scope.name().to_owned()).collect();
    let terms = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Changes of terms, by permission."))
        .property_names(Some(text("A permission.").enum_values::<Vec<String>, _>(Some(scopes())).build()))
        .additional_properties(Some(Ref::from_schema_name("TermsChange")));
    [
        (SCOPE, one_of("A permission.", scopes())),
        (TOPIC, one_of("What an event is about.", Topic::ALL.iter().map(|topic| topic.name().to_owned()).collect())),
        (ROLE, one_of("A role.", Role::ALL.iter().map(|role| role.id.to_owned()).collect())),
        (KIND, one_of("A kind of record.", Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect())),
        (CURRENCY, one_of("An ISO 4217 currency.", currencies())),
        (TERMS, terms.build().into()),
        (CAPS, caps().into()),
    ]
}

fn text(words: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(words))
}

/// Every three letters that are one.
fn currencies() -> Vec<String> {
    let letters = || 'A'..='Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c]))));
    codes.filter(|code| currency(code).is_ok()).collect()
}

/// Bounds on the use of a permission: each permission has some of these.
fn caps() -> Object {
    let null = || ObjectBuilder::new().schema_type(Type::Null);
    let caps = ObjectBuilder::new().schema_type(Type::Object).description(Some(
        "Bounds, by name; null lifts one. Which a permission has is said where it is refused. Amounts are in the store's \
        currency.",
    ));
    let caps = Cap::ALL.into_iter().fold(caps, |caps, cap| {
        let bound = OneOfBuilder::new();
        let bound = match cap.is_money() {
            true => bound
                .item(ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^\d+(\.\d+)?$")))
                .item(Ref::from_schema_name("Money")),
            false => bound.item(
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(Number::Int(1)))
                    .maximum(Some(Number::UInt(usize::try_from(cap.most()).unwrap_or(usize::MAX)))),
            ),
        };
        caps.property(cap.name(), bound.item(null()))
    });
    caps.additional_properties(Some(AdditionalProperties::FreeForm(false))).build()
}
