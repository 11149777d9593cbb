//! Documents: what a versioned record of each kind holds, and what is derived from it at commit.
//!
//! INVARIANT: tags and unique keys are computed from the document alone, so whoever writes a document, an app, a
//! person or an undo, leaves the same rows behind.

use crate::authz::Scope;
use crate::db::core::error::{Error, Result};
use crate::text::{misleading, not_a_tag};
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
    /// The personal data of a cart; has the cart's id and goes over to the order made from it.
    CartContact = "cart-contact" "crt";
    /// What the links are checked against with which a buyer finds a cart again; has the cart's id.
    CartLinks = "cart-links" "crt";
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

impl Kind {
    /// The kind of a name, if this version knows it.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The scope without which a record of this kind is not shown, if it holds personal data. What a buyer typed into
    /// a cart goes over to the order, so it is shown to those who may see that of orders.
    pub const fn personal(self) -> Option<Scope> {
        match self {
            Kind::OrderContact | Kind::CartContact => Some(Scope::OrdersPii),
            Kind::CustomerContact => Some(Scope::CustomersPii),
            Kind::Order
            | Kind::Cart
            | Kind::CartLinks
            | Kind::Customer
            | Kind::Product
            | Kind::Category
            | Kind::GiftCard => None,
            Kind::Discount | Kind::Location | Kind::Settings | Kind::Stock => None,
        }
    }
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
pub(in crate::db) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value).map_err(|e| Error::Corrupt(e.to_string()))
}

/// Reads a stored document.
pub(in crate::db) fn from_json<T: DeserializeOwned>(json: &RawValue) -> Result<T> {
    serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))
}

/// The space of links from products to their categories.
pub(in crate::db) const IN_CATEGORY: &str = "in-category";
/// The space of links from categories to the category above.
pub(in crate::db) const CHILD_OF: &str = "child-of";

/// What is derived from a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::db) struct Derived {
    /// (space, word) pairs to search by: a record's tags under the name of its kind, its links under [`IN_CATEGORY`]
    /// and [`CHILD_OF`].
    pub(in crate::db) tags: Vec<(&'static str, String)>,
    /// (space, value) pairs that are unique within the store.
    pub(in crate::db) keys: Vec<(&'static str, String)>,
}

/// Only what [`derived`] needs of any document.
#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(borrow, default)]
    tags: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    variants: Vec<PeekVariant<'a>>,
    #[serde(borrow, default)]
    categories: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    parent: Option<Cow<'a, str>>,
    #[serde(borrow)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    links: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct PeekVariant<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
}

/// Tags and unique keys of a document. Kinds without any cost nothing.
pub(in crate::db) fn derived(kind: Kind, json: Option<&RawValue>) -> Result<Derived> {
    let mut derived = Derived::default();
    let Some(json) = json else { return Ok(derived) };
    if !matches!(
        kind,
        Kind::Order
            | Kind::CartLinks
            | Kind::Customer
            | Kind::CustomerContact
            | Kind::Product
            | Kind::Category
            | Kind::Discount
    ) {
        return Ok(derived);
    }
    let peek: Peek<'_> = serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))?;
    match kind {
        Kind::CustomerContact => derived.keys.extend(peek.email.map(|email| (EMAIL, email.to_lowercase()))),
        Kind::CartLinks => derived.keys.extend(peek.links.into_iter().map(|link| (LINK, link.into_owned()))),
        Kind::Discount => derived.keys.extend(peek.code.map(|code| (CODE, code.to_lowercase()))),
        Kind::Category => derived.tags.extend(peek.parent.map(|parent| (CHILD_OF, parent.into_owned()))),
        _ => {
            derived.tags.extend(peek.tags.into_iter().map(|tag| (kind.name(), tag.into_owned())));
            derived.tags.extend(peek.categories.into_iter().map(|id| (IN_CATEGORY, id.into_owned())));
            derived.keys.extend(peek.variants.into_iter().map(|variant| (SKU, variant.sku.into_owned())));
        }
    }
    Ok(derived)
}

/// The space of skus.
pub(in crate::db) const SKU: &str = "sku";
/// The space of customers' e-mail addresses, in lower case.
pub(in crate::db) const EMAIL: &str = "email";
/// The space of discount codes, in lower case.
pub(in crate::db) const CODE: &str = "code";

/// The space of links to carts, as what is kept of them.
pub(in crate::db) const LINK: &str = "cart-link";

/// The kind of record whose documents have keys of a space.
pub(in crate::db) fn key_kind(space: &str) -> Kind {
    match space {
        SKU => Kind::Product,
        EMAIL => Kind::CustomerContact,
        LINK => Kind::CartLinks,
        _ => Kind::Discount,
    }
}

/// The name of a key space in messages.
pub(in crate::db) fn key_words(space: &'static str) -> &'static str {
    match space {
        SKU => "the sku",
        EMAIL => "the e-mail address",
        LINK => "the link",
        _ => "the code",
    }
}

/// Text from outside, checked: so many characters, no control characters but line breaks and tabs, nothing that hides or
/// turns what is read. NUL in particular: SQLite keeps it and PostgreSQL refuses it, so neither gets it.
pub(in crate::db) fn text(what: &str, text: &str, least: usize, most: usize) -> Result<()> {
    let n = text.chars().count();
    if n < least || n > most {
        return Err(Error::invalid(format!("{what} must have {least} to {most} characters; it has {n}")));
    }
    if least > 0 && text.chars().all(char::is_whitespace) {
        return Err(Error::invalid(format!("{what} must have something to read, not only space")));
    }
    misleading(text).map_or(Ok(()), |why| Err(Error::invalid(format!("{what} {why}"))))
}

/// At most so many tags on one record.
pub(in crate::db) const MOST_TAGS: usize = 100;

/// Tags from outside, checked, each once.
pub(in crate::db) fn tags(given: Vec<String>) -> Result<Vec<String>> {
    if given.len() > MOST_TAGS {
        return Err(Error::invalid(format!("a record has at most {MOST_TAGS} tags; {} were given", given.len())));
    }
    let mut tags: Vec<String> = Vec::with_capacity(given.len());
    for word in given {
        tag(&word)?;
        if !tags.contains(&word) {
            tags.push(word);
        }
    }
    Ok(tags)
}

/// Adds a tag to a record's own. Whether anything changed.
pub(in crate::db) fn add_tag(tags: &mut Vec<String>, word: &str) -> Result<bool> {
    tag(word)?;
    if tags.iter().any(|mine| mine == word) {
        return Ok(false);
    }
    if tags.len() >= MOST_TAGS {
        return Err(Error::invalid(format!("a record has at most {MOST_TAGS} tags; remove one first")));
    }
    tags.push(word.to_owned());
    Ok(true)
}

/// Longest tag, in characters.
const TAG_CHARS: usize = 64;

/// A tag: 1 to 64 characters on one line, each word in letters of one script.
pub(in crate::db) fn tag(tag: &str) -> Result<()> {
    text("a tag", tag, 1, TAG_CHARS)?;
    not_a_tag(tag, TAG_CHARS)
        .map_or(Ok(()), |why| Err(Error::invalid(format!("this tag cannot be read for what it is: it {why}"))))
}
