//! What a value must be, said in its schema.

use utoipa::Number;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, OneOfBuilder, Ref, RefOr, SchemaFormat, Type};

/// What a value must be. Of a list, `items` bounds the list itself and all else each item of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Least and most characters.
    length: (usize, Option<usize>),
    pattern: Option<Pattern>,
    format: Option<Format>,
    /// Least and most.
    range: Option<(isize, Option<isize>)>,
    /// Least and most items.
    items: Option<(usize, usize)>,
    /// The schema that says it all.
    named: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
enum Pattern {
    Text(&'static str),
    /// An id with this prefix.
    Id(&'static str),
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Moment,
    Email,
}

const ANY: Bounds = Bounds { length: (0, None), pattern: None, format: None, range: None, items: None, named: None };

/// So many characters.
pub(super) const fn chars(least: usize, most: usize) -> Bounds {
    Bounds { length: (least, Some(most)), ..ANY }
}

/// Some text.
pub(super) const fn some() -> Bounds {
    Bounds { length: (1, None), ..ANY }
}

/// Text that matches.
pub(super) const fn shaped(pattern: &'static str) -> Bounds {
    ANY.shaped(pattern)
}

/// An id that begins with this prefix.
pub(super) const fn id(prefix: &'static str) -> Bounds {
    Bounds { pattern: Some(Pattern::Id(prefix)), ..ANY }
}

/// A moment, RFC 3339.
pub(super) const fn moment() -> Bounds {
    Bounds { format: Some(Format::Moment), ..ANY }
}

/// A whole number.
pub(super) const fn whole(least: isize, most: isize) -> Bounds {
    Bounds { range: Some((least, Some(most))), ..ANY }
}

/// A whole number of at least this.
pub(super) const fn at_least(least: isize) -> Bounds {
    Bounds { range: Some((least, None)), ..ANY }
}

/// A list of so many items.
pub(super) const fn items(least: usize, most: usize) -> Bounds {
    Bounds { items: Some((least, most)), ..ANY }
}

/// What the schema of this name says.
pub(super) const fn named(schema: &'static str) -> Bounds {
    Bounds { named: Some(schema), ..ANY }
}

impl Bounds {
    /// And it matches.
    pub(super) const fn shaped(self, pattern: &'static str) -> Bounds {
        Bounds { pattern: Some(Pattern::Text(pattern)), ..self }
    }

    /// And it is an e-mail address.
    pub(super) const fn email(self) -> Bounds {
        Bounds { format: Some(Format::Email), ..self }
    }

    /// A list of these, so many at most.
    pub(super) const fn at_most(self, most: usize) -> Bounds {
        Bounds { items: Some((0, most)), ..self }
    }

    /// Says it in a schema. What is a reference already says it itself.
    pub(super) fn apply(self, schema: &mut RefOr<Schema>) {
        match (schema, self.named) {
            (RefOr::T(Schema::Array(array)), _) => {
                if let Some((least, most)) = self.items {
                    (array.min_items, array.max_items) = (Some(least).filter(|least| *least > 0), Some(most));
                }
                if let ArrayItems::RefOrSchema(item) = &mut array.items {
                    self.apply(item);
                }
            }
            (schema @ RefOr::T(Schema::Object(_)), Some(name)) => refer(schema, name),
            (RefOr::T(Schema::Object(object)), None) => self.bound(object),
            _ => {}
        }
    }

    fn bound(self, object: &mut Object) {
        let (least, most) = self.length;
        object.min_length = Some(least).filter(|least| *least > 0).or(object.min_length);
        object.max_length = most.or(object.max_length);
        if let Some((least, most)) = self.range {
            (object.minimum, object.maximum) = (Some(Number::Int(least)), most.map(Number::Int));
        }
        object.pattern = match self.pattern {
            Some(Pattern::Text(pattern)) => Some(pattern.to_owned()),
            Some(Pattern::Id(prefix)) => Some(format!("^{prefix}_[0-9a-f]{{32}}$")),
            None => object.pattern.take(),
        };
        let format = self.format.map(|format| match format {
            Format::Moment => SchemaFormat::KnownFormat(KnownFormat::DateTime),
            Format::Email => SchemaFormat::Custom("email".to_owned()),
        });
        object.format = format.or(object.format.take());
    }
}

/// Puts a reference in the place of a schema, with its description; one that may be null stays so.
fn refer(schema: &mut RefOr<Schema>, name: &str) {
    let RefOr::T(Schema::Object(object)) = &*schema else { return };
    let description = object.description.clone();
    let nullable = matches!(&object.schema_type, SchemaType::Array(types) if types.contains(&Type::Null));
    let mut reference = Ref::from_schema_name(name);
    *schema = if nullable {
        let null = ObjectBuilder::new().schema_type(Type::Null);
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(reference).item(null).description(description).build()))
    } else {
        reference.description = description.unwrap_or_default();
        reference.into()
    };
}

/// Takes null from what a parameter can be: it is left out instead.
pub(super) fn never_null(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && let SchemaType::Array(types) = &mut object.schema_type
    {
        types.retain(|one| *one != Type::Null);
        if let [one] = types.as_slice() {
            object.schema_type = SchemaType::Type(one.clone());
        }
    }
}
