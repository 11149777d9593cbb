//! The hash of an audit entry, over itself and the entry before it, and the salted hash of its detail. Pure.
//!
//! INVARIANT: two entries that differ in anything but how the JSON of their detail is written have different hashes: each part
//! goes in behind its length, and a detail with a name twice has none.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A SHA-256.
pub(in crate::db) type Hash = [u8; 32];

/// What an entry says, whoever wrote it down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Says<'a> {
    /// Its number: from 1 if it was chained when it was written, from 0 down if later.
    pub(super) seq: i64,
    pub(super) id: &'a str,
    pub(super) actor: &'a str,
    pub(super) act: &'a str,
    pub(super) subject: &'a str,
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// Of its detail as it was first written, with its salt.
    pub(super) detail: Hash,
}

/// Takes parts, each behind its length.
struct Parts(Sha256);

impl Parts {
    fn new(what: &str) -> Parts {
        Parts(Sha256::new()).part(what.as_bytes())
    }

    fn part(mut self, bytes: &[u8]) -> Parts {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn hash(self) -> Hash {
        self.0.finalize().into()
    }
}

/// What the first entry of a chain follows.
pub(super) fn beginning(chain: &str) -> Hash {
    Parts::new("storehand audit chain 1").part(chain.as_bytes()).hash()
}

/// The hash of an entry that follows another one. Entries from 0 down follow the one after them in time.
pub(super) fn link(before: &Hash, chain: &str, says: &Says<'_>) -> Hash {
    Parts::new("storehand audit entry 1")
        .part(before)
        .part(chain.as_bytes())
        .part(&says.seq.to_be_bytes())
        .part(says.id.as_bytes())
        .part(says.actor.as_bytes())
        .part(says.act.as_bytes())
        .part(says.subject.as_bytes())
        .part(&says.at.to_be_bytes())
        .part(&says.detail)
        .hash()
}

/// The hash of a detail. The salt goes when personal data is erased from it: without it nobody can try whether the hash is that
/// of a name they guess. Nothing, if the text is not JSON or says a name twice.
pub(super) fn detail(salt: &str, json: &str) -> Option<Hash> {
    let tree: Tree = serde_json::from_str(json).ok()?;
    let mut text = Vec::with_capacity(json.len());
    tree.write(&mut text);
    Some(Parts::new("storehand audit detail 1").part(salt.as_bytes()).part(&text).hash())
}

/// JSON as both databases mean it: PostgreSQL writes names in another order, and numbers its own way.
enum Tree {
    Word(&'static str),
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

impl Tree {
    /// In one way: each part begins with what it is and how long.
    fn write(&self, to: &mut Vec<u8>) {
        let mut put = |kind: u8, length: usize, bytes: &[u8]| {
            to.push(kind);
            to.extend((length as u64).to_be_bytes());
            to.extend(bytes);
        };
        match self {
            Tree::Word(word) => put(b'w', word.len(), word.as_bytes()),
            Tree::Number(number) => put(b'n', number.len(), number.as_bytes()),
            Tree::Text(text) => put(b't', text.len(), text.as_bytes()),
            Tree::Array(items) => {
                put(b'a', items.len(), b"");
                items.iter().for_each(|item| item.write(to));
            }
            Tree::Object(fields) => {
                put(b'o', fields.len(), b"");
                for (name, value) in fields {
                    to.extend((name.len() as u64).to_be_bytes());
                    to.extend(name.as_bytes());
                    value.write(to);
                }
            }
        }
    }
}

impl<'de> serde::Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Tree, D::Error> {
        from.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> serde::de::Visitor<'de> for Visitor {
    type Value = Tree;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Word("null"))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Word(if value { "true" } else { "false" }))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        // A whole number has no point in PostgreSQL's way of writing large ones, and zero no sign.
        Ok(Tree::Number(if value == 0.0 { "0".to_owned() } else { value.to_string() }))
    }
    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = from.next_entry()? {
            if fields.insert(name, value).is_some() {
                return Err(serde::de::Error::custom("a name twice"));
            }
        }
        Ok(Tree::Object(fields))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_the_same_however_a_database_writes_it_and_another_with_any_other_value() {
        let hash = |json| detail("salt", json);
        let one = hash(r#"{"b":[1,2.50,"é",null],"a":{"x":true}}"#);
        assert!(one.is_some());
        assert_eq!(one, hash(r#"{ "a": {"x": true}, "b": [1, 2.5, "\u00e9", null] }"#));
        assert_eq!(hash("[1e16, 0.0]"), hash("[10000000000000000, 0]"));
        for other in [
            r#"{"b":[1,2.51,"é",null],"a":{"x":true}}"#,
            r#"{"b":[1,2.50,"é"],"a":{"x":true}}"#,
            r#"{"b":[1,2.50,"e",null],"a":{"x":true}}"#,
            r#"{"b":["1",2.50,"é",null],"a":{"x":true}}"#,
            r#"{"b":[1,2.50,"é",null],"a":{"y":true}}"#,
            r#"{"b":[1,2.50,"é",null],"a":{"x":true},"c":null}"#,
        ] {
            assert!(hash(other).is_some());
            assert_ne!(one, hash(other), "{other}");
        }
        assert_ne!(one, detail("pepper", r#"{"b":[1,2.50,"é",null],"a":{"x":true}}"#));
        for broken in [r#"{"a":1,"a":1}"#, "{", "", "nul"] {
            assert_eq!(hash(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_moves_from_one_part_to_the_next_is_noticed() {
        let says = |actor, act| Says { seq: 1, id: "aud_1", actor, act, subject: "s", at: 1, detail: [0; 32] };
        let start = beginning("host");
        assert_ne!(link(&start, "host", &says("ab", "c")), link(&start, "host", &says("a", "bc")));
        assert_ne!(link(&start, "host", &says("a", "b")), link(&beginning("sto"), "host", &says("a", "b")));
    }
}
