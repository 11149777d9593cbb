//! Documents: what a versioned record of each kind holds, and what is derived from it at commit.
//!
//! INVARIANT: tags and unique keys are computed from the document alone, so whoever writes a document, an app, a
//! person or an undo, leaves the same rows behind.

use super::error::{Error, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::borrow::Cow;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal $prefix:literal;)*) => {
        /// The kinds of record a store has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name,)* }
        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];
            /// As written in rows and messages.
            pub const fn name(self) -> &'static str { match self { $(Kind::$name => $text,)* } }
            /// What its ids begin with.
            pub const fn prefix(self) -> &'static str { match self { $(Kind::$name => $prefix,)* } }
        }
    };
}

kinds! {
    /// An order without personal data.
    Order = "order" "ord";
    /// The personal data of an order; has the order's id.
    OrderContact = "order-contact" "ord";
    /// A cart.
    Cart = "cart" "crt";
    /// A customer without personal data.
    Customer = "customer" "cus";
    /// The personal data of a customer; has the customer's id.
    CustomerContact = "customer-contact" "cus";
    /// A product.
    Product = "product" "prd";
    /// A category.
    Category = "category" "cat";
    /// A gift card.
    GiftCard = "gift-card" "gft";
    /// A discount.
    Discount = "discount" "dsc";
    /// A stock location.
    Location = "location" "loc";
    /// The settings of the store; its one id is `settings`.
    Settings = "settings" "settings";
    /// A stock level; in the journal only, its id is `sku@location`.
    Stock = "stock" "stock";
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// A document of one kind.
pub trait Document: Serialize + DeserializeOwned + Send + Sync {
    /// Its kind.
    const KIND: Kind;
}

/// One record as it is kept.
#[derive(Debug, Clone)]
pub struct Record<T> {
    /// Its id.
    pub id: String,
    /// Goes up by one with every change.
    pub rev: i64,
    /// The document.
    pub doc: T,
}

/// Writes a document as JSON text.
pub(super) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value).map_err(|e| Error::Corrupt(e.to_string()))
}

/// Reads a stored document.
pub(super) fn from_json<T: DeserializeOwned>(json: &RawValue) -> Result<T> {
    serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))
}

/// What is derived from a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Derived {
    pub(super) tags: Vec<String>,
    /// (space, value) pairs that are unique within the store.
    pub(super) keys: Vec<(&'static str, String)>,
}

/// Only what [`derived`] needs of any document.
#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(borrow, default)]
    tags: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    variants: Vec<PeekVariant<'a>>,
    #[serde(borrow)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct PeekVariant<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
}

/// Tags and unique keys of a document. Kinds without any cost nothing.
pub(super) fn derived(kind: Kind, json: Option<&RawValue>) -> Result<Derived> {
    let (Some(json), Kind::Order | Kind::Customer | Kind::Product | Kind::CustomerContact | Kind::Discount) =
        (json, kind)
    else {
        return Ok(Derived::default());
    };
    let peek: Peek<'_> = serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))?;
    let mut derived = Derived::default();
    match kind {
        Kind::CustomerContact => derived.keys.extend(peek.email.map(|email| ("email", email.to_lowercase()))),
        Kind::Discount => derived.keys.extend(peek.code.map(|code| ("code", code.to_lowercase()))),
        _ => {
            derived.tags = peek.tags.into_iter().map(Cow::into_owned).collect();
            derived.keys = peek.variants.into_iter().map(|variant| ("sku", variant.sku.into_owned())).collect();
        }
    }
    Ok(derived)
}

/// The name of a key space in messages.
pub(super) fn key_words(space: &'static str) -> &'static str {
    match space {
        "sku" => "the sku",
        "email" => "the e-mail address",
        _ => "the code",
    }
}

/// Text from outside, checked: so many characters, no control characters but line breaks and tabs. NUL in
/// particular: SQLite keeps it and PostgreSQL refuses it, so neither gets it.
pub(super) fn text(what: &str, text: &str, least: usize, most: usize) -> Result<()> {
    let n = text.chars().count();
    if n < least || n > most {
        return Err(Error::invalid(format!("{what} must have {least} to {most} characters; it has {n}")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(format!("{what} must not contain control characters")));
    }
    Ok(())
}

/// A tag: 1 to 64 characters.
pub(super) fn tag(tag: &str) -> Result<()> {
    text("a tag", tag, 1, 64)
}
