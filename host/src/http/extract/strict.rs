//! Reading a body strictly: objects where objects are meant, each field once, and what is wrong in a sentence that says
//! where.
//!
//! INVARIANT: a list never stands for an object. Left to itself, serde takes `["A-1", 2]` for `{"sku": "A-1", "quantity": 2}`.

use super::mistake::{Wrong, cut, found};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Unexpected, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A document in which no object names a field twice.
struct Document(Value);

impl<'de> de::Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Document, D::Error> {
        from.deserialize_any(Read).map(Document)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Document(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Document(value))) = fields.next_entry::<String, Document>()? {
            if object.contains_key(&name) {
                return Err(de::Error::custom(format_args!("`{}` is given twice", cut(&name))));
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

/// Why a body cannot be read.
#[derive(Debug)]
pub(super) enum NotRead {
    /// It is not JSON.
    NotJson(String),
    /// It is not what is meant here.
    Wrong(String),
}

/// Reads a body: an object, and nothing that is not meant.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, NotRead> {
    use serde_json::error::Category;
    let document: Document = serde_json::from_slice(bytes).map_err(|e| match e.classify() {
        Category::Data => {
            let text = e.to_string();
            NotRead::Wrong(text.split(" at line ").next().unwrap_or_default().to_owned())
        }
        Category::Eof if bytes.is_empty() => NotRead::NotJson("the body is empty; send a JSON object".to_owned()),
        Category::Eof => NotRead::NotJson("the body is not JSON: it ends too early".to_owned()),
        _ => NotRead::NotJson(format!(
            "the body is not JSON: it cannot be read from line {}, column {} on",
            e.line(),
            e.column()
        )),
    })?;
    let wrong = |e: Wrong| NotRead::Wrong(e.to_string());
    if !document.0.is_object() {
        return Err(wrong(Wrong::new(format!("must be a JSON object, not {}", found(unexpected(&document.0))))));
    }
    T::deserialize(Strict(document.0)).map_err(wrong)
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(n) => match (n.as_u64(), n.as_i64(), n.as_f64()) {
            (Some(n), _, _) => Unexpected::Unsigned(n),
            (None, Some(n), _) => Unexpected::Signed(n),
            (None, None, n) => Unexpected::Float(n.unwrap_or_default()),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

/// Hands out a value as it is, and an object only where there is one.
struct Strict(Value);

impl<'de> Deserializer<'de> for Strict {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(n) => match (n.as_u64(), n.as_i64()) {
                (Some(n), _) => visitor.visit_u64(n),
                (None, Some(n)) => visitor.visit_i64(n),
                (None, None) => visitor.visit_f64(n.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items { items: items.into_iter(), n: 0 }),
            Value::Object(fields) => visitor.visit_map(Fields { fields: fields.into_iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match &self.0 {
            Value::Object(_) => self.deserialize_any(visitor),
            other => Err(Wrong::new(format!("must be an object, not {}", found(unexpected(other))))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Object(fields) if fields.len() != 1 => {
                Err(Wrong::new(format!("must have exactly one of its fields, not {}", fields.len())))
            }
            Value::Object(fields) => {
                visitor.visit_enum(MapAccessDeserializer::new(Fields { fields: fields.into_iter(), value: None }))
            }
            other => Err(Wrong::new(format!("must be one of its names, not {}", found(unexpected(&other))))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        match name {
            // A document that is stored as it is: how that is asked for is between serde_json and itself.
            "$serde_json::private::RawValue" => {
                self.0.deserialize_newtype_struct(name, visitor).map_err(|e| Wrong::new(e.to_string()))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items {
    items: std::vec::IntoIter<Value>,
    n: usize,
}

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Wrong;
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let step = format!("[{}]", self.n);
        self.n += 1;
        seed.deserialize(Strict(item)).map(Some).map_err(|wrong| wrong.below(&step))
    }
}

struct Fields {
    fields: serde_json::map::IntoIter,
    value: Option<(String, Value)>,
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Wrong;
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some((name.clone(), value));
        seed.deserialize(name.into_deserializer()).map(Some)
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        let (name, value) = self.value.take().unwrap_or_default();
        seed.deserialize(Strict(value)).map_err(|wrong| wrong.below(&cut(&name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::value::RawValue;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        lines: Vec<Line>,
        #[serde(default)]
        how: Option<How>,
        #[serde(default)]
        settings: Option<Box<RawValue>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        sku: String,
        quantity: u32,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum How {
        Quickly,
        Slowly,
    }

    fn wrong(body: &str) -> String {
        match read::<Order>(body.as_bytes()) {
            Err(NotRead::Wrong(text) | NotRead::NotJson(text)) => text,
            Ok(order) => panic!("{body} was taken: {order:?}"),
        }
    }

    #[test]
    fn a_body_is_read_as_it_is() {
        let body = r#"{"lines":[{"sku":"A-1","quantity":2}],"how":"slowly","settings":{"b":[1,-2,2.5,null,true]}}"#;
        let order: Order = read(body.as_bytes()).unwrap();
        assert_eq!((order.lines[0].sku.as_str(), order.lines[0].quantity, order.how), ("A-1", 2, Some(How::Slowly)));
        assert_eq!(order.settings.unwrap().get(), r#"{"b":[1,-2,2.5,null,true]}"#);
    }

    #[test]
    fn a_list_never_stands_for_an_object() {
        assert_eq!(wrong("[[]]"), "the body must be a JSON object, not a list");
        assert_eq!(wrong(r#"{"lines":[["A-1",2]]}"#), "`lines[0]` must be an object, not a list");
        assert_eq!(wrong("true"), "the body must be a JSON object, not `true`");
    }

    #[test]
    fn each_mistake_is_told_in_a_sentence_with_its_place() {
        let line = |line: &str| wrong(&format!(r#"{{"lines":[{line}]}}"#));
        assert_eq!(line(r#"{"sku":"A-1"}"#), "in `lines[0]`: `quantity` is missing");
        assert_eq!(
            line(r#"{"sku":"A-1","quantity":"two"}"#),
            "`lines[0].quantity` must be a whole number, 0 or more, not the text `two`"
        );
        assert_eq!(line(r#"{"sku":"A-1","quantity":-2}"#), "`lines[0].quantity` must be 0 or more, not -2");
        assert_eq!(
            line(r#"{"sku":"A-1","quantity":2,"colour":"red"}"#),
            "in `lines[0]`: `colour` is not known; there are `sku`, `quantity`"
        );
        assert_eq!(line(r#"{"sku":"A-1","sku":"B-2","quantity":2}"#), "`sku` is given twice");
        assert_eq!(wrong(r#"{"lines":{}}"#), "`lines` must be a list, not an object");
        assert_eq!(wrong("{}"), "`lines` is missing");
        assert_eq!(wrong(r#"{"lines":[],"how":"never"}"#), "`how` must be one of `quickly`, `slowly`, not `never`");
        assert_eq!(wrong(""), "the body is empty; send a JSON object");
        assert_eq!(wrong("{"), "the body is not JSON: it ends too early");
        assert_eq!(wrong("{]"), "the body is not JSON: it cannot be read from line 1, column 2 on");
        assert!(wrong(&format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000))).starts_with("the body is not JSON"));
    }
}
