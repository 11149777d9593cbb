//! What is read, what is refused, and that settings fit exactly where they should.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn schema(properties: Value, required: &[&str]) -> Schema {
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    Schema::read(&schema.to_string()).expect("it is in the subset")
}

fn refused(field: Value) -> BadSchema {
    let schema = json!({ "type": "object", "properties": { "a": field } });
    Schema::read(&schema.to_string()).expect_err("it is not in the subset")
}

#[test]
fn every_kind_of_field_takes_what_it_should_and_nothing_else() {
    let cases: [(Value, &[Value], &[Value]); 12] = [
        (json!({"type": "string"}), &[json!(""), json!("a")], &[json!(1), json!(null), json!([])]),
        (
            json!({"type": "string", "minLength": 2, "maxLength": 3}),
            &[json!("äö"), json!("abc")],
            &[json!("a"), json!("abcd")],
        ),
        (json!({"type": "string", "enum": ["a", "b"]}), &[json!("a")], &[json!("c"), json!(1)]),
        (
            json!({"type": "string", "format": "email"}),
            &[json!("a@b.example")],
            &[json!("a"), json!("a@"), json!("a b@c.d"), json!("a@b..c")],
        ),
        (
            json!({"type": "string", "format": "uri"}),
            &[json!("https://example.com/?a=b")],
            &[json!("example"), json!("https://a b"), json!(":x")],
        ),
        (
            json!({"type": "string", "format": "date"}),
            &[json!("2026-02-28")],
            &[json!("2026-02-30"), json!("2026-2-1"), json!("today")],
        ),
        (
            json!({"type": "integer", "minimum": 1, "maximum": 3}),
            &[json!(1), json!(3)],
            &[json!(0), json!(4), json!(1.5), json!("1")],
        ),
        (json!({"type": "integer", "enum": [1, 5]}), &[json!(5)], &[json!(2), json!("1")]),
        (json!({"type": "number", "maximum": 1.5}), &[json!(-1e300), json!(1.5), json!(1)], &[json!(1.6), json!("1")]),
        (json!({"type": "boolean"}), &[json!(true)], &[json!(0), json!("true")]),
        (
            json!({"type": "array", "items": {"type": "integer"}, "maxItems": 2, "uniqueItems": true}),
            &[json!([]), json!([1, 2])],
            &[json!([1, 2, 3]), json!([1, 1]), json!(["a"]), json!({})],
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 2}),
            &[json!({}), json!({"any sku": 3})],
            &[json!({"a": "b"}), json!({"a": 1, "b": 1, "c": 1}), json!([])],
        ),
    ];
    for (field, good, bad) in cases {
        let schema = schema(json!({ "a": field }), &[]);
        for value in good {
            assert_eq!(schema.check(&json!({ "a": value })), Ok(()), "{field} {value}");
        }
        for value in bad {
            let unfit = schema.check(&json!({ "a": value })).expect_err(&format!("{field} {value}"));
            assert!(unfit.at.starts_with("/a"), "{unfit}");
        }
    }
}

#[test]
fn the_first_mistake_is_named_with_its_place_and_without_its_value() {
    let tier = json!({"type": "object", "additionalProperties": false, "required": ["percent"],
        "properties": {"percent": {"type": "integer", "minimum": 1, "maximum": 100}}});
    let schema = schema(
        json!({ "tiers": {"type": "array", "items": tier}, "key": {"type": "string", "minLength": 8, "writeOnly": true} }),
        &["tiers"],
    );
    let says = |given: Value| schema.check(&given).unwrap_err().to_string();
    assert_eq!(
        says(json!({"tiers": [{"percent": 5}, {"percent": 500}]})),
        "at `/tiers/1/percent`, 100 or less is needed"
    );
    assert_eq!(says(json!({})), "at `/tiers`, this is needed and is not there");
    assert_eq!(says(json!({"tiers": [{}]})), "at `/tiers/0/percent`, this is needed and is not there");
    assert_eq!(says(json!({"tiers": [], "kye": 1})), "at `/kye`, there is no such setting; there are `key`, `tiers`");
    assert_eq!(says(json!({"tiers": [], "key": "s3cret"})), "at `/key`, at least 8 characters are needed");
    assert_eq!(says(json!({"tiers": [], "\u{202e}": 1})).chars().find(|c| *c == '\u{202e}'), None);
}

#[test]
fn what_is_outside_the_subset_is_refused_by_name() {
    for (field, at, what) in [
        (json!({"$ref": "#/$defs/x"}), "/properties/a", "`$ref`"),
        (json!({"type": "string", "pattern": "(a+)+$"}), "/properties/a", "`pattern`"),
        (json!({"anyOf": [{"type": "string"}]}), "/properties/a", "`anyOf`"),
        (json!({"type": ["string", "null"]}), "/properties/a/type", "`type`"),
        (json!({"type": "string", "format": "regex"}), "/properties/a/format", "not known"),
        (json!({"type": "integer", "minimum": 1.5}), "/properties/a/minimum", "whole number"),
        (json!({"type": "integer", "minimum": 5, "maximum": 1}), "/properties/a", "nothing fits"),
        (json!({"type": "integer", "writeOnly": true}), "/properties/a", "`writeOnly`"),
        (json!({"type": "array"}), "/properties/a", "`items`"),
        (
            json!({"type": "array", "items": {"type": "string", "writeOnly": true}}),
            "/properties/a/items/writeOnly",
            "of its own",
        ),
        (json!({"type": "object", "additionalProperties": true}), "/properties/a/additionalProperties", "no form"),
        (json!({"type": "object", "required": ["b"]}), "/properties/a/required/0", "no field"),
        (json!({"type": "string", "enum": []}), "/properties/a/enum", "choices"),
        (json!({"type": "string", "enum": ["a\u{202e}"]}), "/properties/a/enum/0", "nobody can see"),
        (json!({"type": "string", "title": "a\u{202e}b"}), "/properties/a/title", "nobody can see"),
        (json!({"type": "string", "writeOnly": true, "default": "x"}), "/properties/a/default", "secret"),
        (json!({"type": "integer", "default": "x"}), "/properties/a/default", "does not fit"),
        (json!(true), "/properties/a", "an object"),
    ] {
        let bad = refused(field.clone());
        assert!(bad.at == at && bad.what.contains(what), "{field}: {bad}");
    }
    for (text, what) in [
        ("{", "not JSON"),
        (r#"{"type": "string"}"#, "an object"),
        ("[]", "an object"),
        (r#"{"type": "object", "$schema": "https://example.com/meta.json"}"#, "another language"),
        (r#"{"type": "object", "$defs": {}}"#, "`$defs`"),
        (r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, "as a whole"),
        (r#"{"type": "object", "properties": {"a b": {"type": "string"}}}"#, "begins with a letter"),
    ] {
        let bad = Schema::read(text).unwrap_err();
        assert!(bad.to_string().contains(what), "{text}: {bad}");
    }
}

/// Schemas made to cost: time, memory or stack.
fn hostile() -> Vec<String> {
    let nested = |open: &str, close: &str, levels: usize| {
        let (open, close) = (open.repeat(levels), close.repeat(levels));
        format!(r#"{{"type": "object", "properties": {{"a": {open}{{"type": "string"}}{close}}}}}"#)
    };
    let of = |field: String| format!(r#"{{"type": "object", "properties": {{"a": {field}}}}}"#);
    let doubled = |word: &str, times: usize| {
        let defs: Vec<String> = (0..times)
            .map(|n| {
                format!(r##""d{n}": {{"{word}": [{{"$ref": "#/$defs/d{0}"}}, {{"$ref": "#/$defs/d{0}"}}]}}"##, n + 1)
            })
            .collect();
        format!(r##"{{"type": "object", "$ref": "#/$defs/d0", "$defs": {{{}, "d{times}": {{}}}}}}"##, defs.join(", "))
    };
    let many = |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<Vec<_>>().join(", ");
    let mut all: Vec<String> = ["anyOf", "oneOf", "allOf", "prefixItems"]
        .into_iter()
        .flat_map(|word| [22, 40, 400].map(|times| doubled(word, times)))
        .collect();
    for (open, close) in [
        (r#"{"type": "array", "items": "#, "}"),
        (r#"{"type": "object", "properties": {"a": "#, "}}"),
        (r#"{"type": "object", "additionalProperties": "#, "}"),
        (r#"{"not": "#, "}"),
        (r#"{"anyOf": ["#, "]}"),
        (r#"{"default": "#, "}"),
    ] {
        all.extend([5, 40, 100, 2_000].map(|levels| nested(open, close, levels)));
    }
    let patterns = many(300, &|n| format!(r#""p{n}": {{"type": "string", "pattern": "(a{{1000}}){{1000}}"}}"#));
    all.push(format!(r#"{{"type": "object", "properties": {{{patterns}}}}}"#));
    all.push(r#"{"type": "object", "patternProperties": {"(a+)+$": {}}}"#.to_owned());
    all.push(of(format!(r#"{{"type": "string", "enum": [{}]}}"#, many(6_000, &|n| format!(r#""c{n}""#)))));
    let fields = many(1_500, &|n| format!(r#""f{n}": {{"type": "string"}}"#));
    all.push(format!(r#"{{"type": "object", "properties": {{{fields}}}}}"#));
    let required = many(10_000, &|_| r#""a""#.to_owned());
    all.push(format!(r#"{{"type": "object", "properties": {{"a": {{"type": "string"}}}}, "required": [{required}]}}"#));
    all.push(of(format!(
        r#"{{"type": "array", "items": {{"type": "integer"}}, "default": [{}]}}"#,
        many(20_000, &|_| "1".into())
    )));
    all.push(of(r#"{"type": "array", "items": {"type": "string"}, "minItems": 18446744073709551615}"#.into()));
    all.push(of(r#"{"type": "integer", "minimum": 1e400}"#.into()));
    all.push(of(r#"{"type": "number", "maximum": -1e308}"#.into()));
    all.push(of(r##"{"$ref": "#"}"##.into()));
    all.push(of(r#"{"$ref": "file:///etc/passwd"}"#.into()));
    all.push(format!(r#"{{"type": "object", "title": "{}"}}"#, "\u{336}".repeat(20_000)));
    all.push("[".repeat(60_000));
    all.push(" ".repeat(10_000_000));
    all
}

#[test]
fn hostile_schemas_are_refused_or_read_at_once_and_so_are_settings_against_them() {
    // A run of the debug build on a busy machine; the release takes some hundred times less.
    const LONG: Duration = Duration::from_millis(500);
    let given: Value = json!({ "a": vec![json!("x"); 10_000] });
    let all = hostile();
    assert!(all.len() >= 40, "{}", all.len());
    for text in all {
        let since = Instant::now();
        if let Ok(schema) = Schema::read(&text) {
            let _ = schema.check(&given);
            let _ = schema.restored(given.clone(), &given);
        }
        assert!(since.elapsed() < LONG, "{:?}: {}", since.elapsed(), &text[..text.len().min(300)]);
    }
}

#[test]
fn the_largest_settings_are_checked_at_once() {
    let choices: Vec<String> = (0..MAX_CHOICES).map(|n| format!("choice {n}")).collect();
    let schema = schema(
        json!({ "a": {"type": "array", "uniqueItems": true, "items": {"type": "string", "enum": choices}},
        "b": {"type": "array", "uniqueItems": true, "items": {"type": "integer"}} }),
        &[],
    );
    let since = Instant::now();
    let (all, numbers) = (vec!["choice 199"; 4_000], (0..9_000).collect::<Vec<_>>());
    assert!(schema.check(&json!({ "a": all })).is_err());
    assert!(schema.check(&json!({ "b": numbers })).is_ok());
    assert!(since.elapsed() < Duration::from_millis(500), "{:?}", since.elapsed());
}

#[test]
fn secrets_are_masked_kept_replaced_and_taken_away() {
    let smtp = json!({"type": "object", "properties": {
        "host": {"type": "string"}, "password": {"type": "string", "writeOnly": true}}});
    let schema =
        schema(json!({ "key": {"type": "string", "writeOnly": true}, "n": {"type": "integer"}, "smtp": smtp }), &[]);
    let dotted = self::schema(json!({ "api.key": {"type": "string", "writeOnly": true} }), &[]);
    assert_eq!(dotted.masked(json!({"api.key": "k-1"})), json!({"api.key": MASK}), "a dot in a name is a dot");
    let (mut set, mut named) = (json!({"key": "k-1", "n": 1, "smtp": {"password": "p-1"}}), Vec::new());
    schema.each_secret(&mut set, &mut |name, secret| {
        named.push(format!("{name} {secret}"));
        None
    });
    assert_eq!((named.join(", "), set), (r#"key "k-1", smtp.password "p-1""#.to_owned(), json!({"n": 1, "smtp": {}})));
    let kept = json!({"key": "k-1", "n": 1, "smtp": {"host": "h", "password": "p-1"}});
    let masked = json!({"key": MASK, "n": 1, "smtp": {"host": "h", "password": MASK}});
    assert_eq!(schema.masked(kept.clone()), masked);
    assert_eq!(schema.restored(masked, &kept), kept);
    assert_eq!(
        schema.restored(json!({"n": 2, "smtp": {"host": "x"}}), &kept),
        json!({"key": "k-1", "n": 2, "smtp": {"host": "x", "password": "p-1"}})
    );
    assert_eq!(schema.restored(json!({"key": "k-2"}), &kept), json!({"key": "k-2"}));
    assert_eq!(schema.restored(json!({"key": null, "smtp": {"password": null}}), &kept), json!({"smtp": {}}));
    assert_eq!(schema.restored(json!({"key": MASK}), &json!({})), json!({}), "a mask of nothing is nothing");
    let open = self::schema(json!({ "key": {"type": "string"}, "smtp": {"type": "object"} }), &[]);
    assert_eq!(
        schema.without_secrets_shown_by(&open, kept.clone()),
        json!({"n": 1, "smtp": {"host": "h"}}),
        "another version does not show what this one hid"
    );
    assert_eq!(schema.without_secrets_shown_by(&schema, kept.clone()), kept);
    assert!(schema.has_secrets() && !open.has_secrets());
}

/// A field of the subset, with a value that fits it.
fn field() -> impl Strategy<Value = (Value, Value)> {
    let leaf = prop_oneof![
        "[a-zé]{2,5}".prop_map(|text| (json!({"type": "string", "minLength": 1, "maxLength": 9}), json!(text))),
        (-50i64..50).prop_map(|n| (json!({"type": "integer", "minimum": -50, "maximum": 50}), json!(n))),
        (-1e9f64..1e9).prop_map(|n| (json!({"type": "number", "minimum": -1e9}), json!(n))),
        any::<bool>().prop_map(|on| (json!({"type": "boolean"}), json!(on))),
        (0usize..3).prop_map(|n| (json!({"type": "string", "enum": ["a", "b", "c"]}), json!(["a", "b", "c"][n]))),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), 0usize..4)
                .prop_map(|((of, one), n)| (json!({"type": "array", "items": of, "maxItems": 4}), json!(vec![one; n]))),
            inner.clone().prop_map(|(of, one)| (
                json!({"type": "object", "additionalProperties": of}),
                json!({ "a name": one.clone(), "another": one })
            )),
            (inner.clone(), inner).prop_map(|((x, one), (y, two))| (
                json!({"type": "object", "properties": {"x": x, "y": y}, "required": ["x"]}),
                json!({ "x": one, "y": two })
            )),
        ]
    })
}

proptest! {
    #[test]
    fn what_fits_by_construction_is_accepted_and_as_a_default_too((field, value) in field()) {
        let mut with_default = field.clone();
        with_default["default"] = value.clone();
        for field in [field, with_default] {
            let schema = schema(json!({ "a": field }), &["a"]);
            prop_assert_eq!(schema.check(&json!({ "a": value.clone() })), Ok(()));
            let (nothing, more) = (json!({}), json!({ "a": value.clone(), "b": 1 }));
            prop_assert!(schema.check(&nothing).is_err() && schema.check(&more).is_err());
            prop_assert_eq!(schema.masked(json!({ "a": value.clone() })), json!({ "a": value.clone() }));
        }
    }

    #[test]
    fn any_text_is_read_or_refused_and_never_more(text in "\\PC{0,200}") {
        let _ = Schema::read(&text);
        let wrapped = json!({ "type": "object", "properties": { "a": { "type": "string", "enum": [text.clone()] } } });
        let _ = Schema::read(&wrapped.to_string());
    }
}
