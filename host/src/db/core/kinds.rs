//! Documents: what a versioned record of each kind holds, and what is derived from it at commit.
//!
//! INVARIANT: tags and unique keys are computed from the document alone, so whoever writes a document, an app, a
//! person or an undo, leaves the same rows behind.

use crate::authz::Scope;
use crate::db::core::error::{Error, Result};
pub(in crate::db) use crate::db::core::texts::text;
use crate::db::core::topic::Topic;
use crate::text::not_a_tag;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What is so of every record of a kind: a row of the table below. No column has a default, so whoever adds a kind says
/// all of it here, and nothing else in the house has a list of kinds to add it to.
#[derive(Debug)]
pub struct Row {
    /// As written in rows and messages.
    pub name: &'static str,
    /// What its ids begin with.
    pub prefix: &'static str,
    /// What its records are found by, beside their ids.
    pub(in crate::db) index: &'static [Index],
    /// The scope without which a record is not shown, if it holds personal data. What a buyer typed into a cart goes
    /// over to the order, so it is shown to those who may see that of orders.
    pub personal: Option<Scope>,
    /// The kind that holds its personal data under the same id.
    pub contact: Option<Kind>,
    /// Whether new ones get the next number of their store.
    pub(in crate::db) numbered: bool,
    /// How much of a record an undo takes back.
    pub(in crate::db) undo: Undo,
    /// What must be so before a record goes.
    pub(in crate::db) removal: Removal,
    /// What apps hear: that one was made, changed, deleted.
    pub(in crate::db) events: [Option<Topic>; 3],
}

/// How records of a kind are found beside their ids: rows of their own, derived from the document.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) enum Index {
    /// By the words in `tags`.
    Tags,
    /// By ids of other records in a field, in a space of links.
    Links(&'static str, &'static str),
    /// By a field that no two records of a store share.
    Key(&'static str, Space),
    /// By several fields that no two records of a store share together.
    Keys(&'static [&'static str], Space),
    /// By such a field of each item of a list.
    KeyOfEach(&'static str, &'static str, Space),
    /// Not by itself: it counts as a use of each discount on it, for its customer, as long as it stands.
    Uses,
}

/// How much of a record an undo takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Undo {
    /// Field by field: changes of different fields stand in nobody's way.
    Fields,
    /// All of it or nothing: personal data, and what buyers and their money rest on.
    Whole,
}

/// What must be so before a record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Removal {
    /// Nothing.
    Free,
    /// No record is linked to it.
    Empty,
    /// Nothing of it was sold or received.
    Unsold,
    /// Its personal data goes with it.
    WithContact,
    /// The record whose personal data it is goes with it.
    WithOwner,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $row:expr;)*) => {
        /// The kinds of record a store has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name,)* }
        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];
            /// What is so of its records.
            pub const fn row(self) -> &'static Row { match self { $(Kind::$name => const { &$row },)* } }
        }
    };
}

/// Nobody hears of these.
const SILENT: [Option<Topic>; 3] = [None, None, None];

kinds! {
    /// An order without personal data.
    Order = Row { name: "order", prefix: "ord", index: &[Index::Tags, Index::Uses],
        personal: None, contact: Some(Kind::OrderContact), numbered: true, undo: Undo::Fields, removal: Removal::WithContact,
        events: [Some(Topic::OrdersCreated), Some(Topic::OrdersUpdated), Some(Topic::OrdersDeleted)] };
    /// The personal data of an order; has the order's id.
    OrderContact = Row { name: "order-contact", prefix: "ord", index: &[],
        personal: Some(Scope::OrdersPii), contact: None, numbered: false, undo: Undo::Whole, removal: Removal::WithOwner, events: SILENT };
    /// A cart.
    Cart = Row { name: "cart", prefix: "crt", index: &[],
        personal: None, contact: Some(Kind::CartContact), numbered: false, undo: Undo::Whole, removal: Removal::WithContact,
        events: [Some(Topic::CartsCreated), Some(Topic::CartsUpdated), None] };
    /// The personal data of a cart; has the cart's id and goes over to the order made from it.
    CartContact = Row { name: "cart-contact", prefix: "crt", index: &[],
        personal: Some(Scope::OrdersPii), contact: None, numbered: false, undo: Undo::Whole, removal: Removal::WithOwner, events: SILENT };
    /// What the links are checked against with which a buyer finds a cart again; has the cart's id.
    CartLinks = Row { name: "cart-links", prefix: "crt", index: &[Index::Key("links", Space::CartLink)],
        personal: None, contact: None, numbered: false, undo: Undo::Whole, removal: Removal::Free, events: SILENT };
    /// A customer without personal data.
    Customer = Row { name: "customer", prefix: "cus", index: &[Index::Tags],
        personal: None, contact: Some(Kind::CustomerContact), numbered: false, undo: Undo::Fields, removal: Removal::WithContact,
        events: [Some(Topic::CustomersCreated), Some(Topic::CustomersUpdated), Some(Topic::CustomersDeleted)] };
    /// The personal data of a customer; has the customer's id.
    CustomerContact = Row { name: "customer-contact", prefix: "cus", index: &[Index::Key("email", Space::Email)],
        personal: Some(Scope::CustomersPii), contact: None, numbered: false, undo: Undo::Whole, removal: Removal::WithOwner, events: SILENT };
    /// A product.
    Product = Row { name: "product", prefix: "prd",
        index: &[Index::Tags, Index::Links("categories", IN_CATEGORY), Index::KeyOfEach("variants", "sku", Space::Sku)],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Unsold,
        events: [Some(Topic::ProductsCreated), Some(Topic::ProductsUpdated), Some(Topic::ProductsDeleted)] };
    /// A category.
    Category = Row { name: "category", prefix: "cat", index: &[Index::Links("parent", CHILD_OF)],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Empty, events: SILENT };
    /// A gift card.
    GiftCard = Row { name: "gift-card", prefix: "gft", index: &[],
        personal: None, contact: None, numbered: false, undo: Undo::Whole, removal: Removal::Free, events: SILENT };
    /// A discount.
    Discount = Row { name: "discount", prefix: "dsc", index: &[Index::Key("code", Space::Code)],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Free,
        events: [Some(Topic::DiscountsCreated), Some(Topic::DiscountsUpdated), None] };
    /// A stock location.
    Location = Row { name: "location", prefix: "loc", index: &[],
        personal: None, contact: None, numbered: false, undo: Undo::Whole, removal: Removal::Free, events: SILENT };
    /// A tax rate.
    TaxRate = Row { name: "tax-rate", prefix: "tax", index: &[Index::Keys(&["zone", "class"], Space::TaxClass)],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Free, events: SILENT };
    /// A page of the website.
    Page = Row { name: "page", prefix: "pag", index: &[Index::Key("path", Space::PagePath)],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Free, events: SILENT };
    /// The settings of the store; its one id is `settings`.
    Settings = Row { name: "settings", prefix: "settings", index: &[],
        personal: None, contact: None, numbered: false, undo: Undo::Fields, removal: Removal::Free, events: SILENT };
    /// A stock level; in the journal only, its id is `sku@location`.
    Stock = Row { name: "stock", prefix: "stock", index: &[],
        personal: None, contact: None, numbered: false, undo: Undo::Whole, removal: Removal::Free, events: SILENT };
}

impl Kind {
    /// As written in rows and messages.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// What its ids begin with.
    pub const fn prefix(self) -> &'static str {
        self.row().prefix
    }

    /// The kind of a name, if this version knows it.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The scope without which a record of this kind is not shown, if it holds personal data.
    pub const fn personal(self) -> Option<Scope> {
        self.row().personal
    }

    /// The kind whose personal data this kind holds.
    pub fn owner(self) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.row().contact == Some(self))
    }
}

/// A record by its id, for example `order/ord_…`, if its id begins as those of a kind do.
pub fn record_of(id: &str) -> Option<Box<str>> {
    let (prefix, _) = id.split_once('_')?;
    let kind = Kind::ALL.iter().find(|kind| kind.prefix() == prefix && kind.owner().is_none())?;
    Some(format!("{}/{id}", kind.name()).into())
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

/// One record as it is stored.
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

/// Stands between the parts of a key of several fields. No checked text has it.
pub(in crate::db) const BETWEEN: &str = "\u{1f}";

/// What is derived from a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::db) struct Derived {
    /// (space, word) pairs to search by: a record's tags under the name of its kind, its links under [`IN_CATEGORY`]
    /// and [`CHILD_OF`].
    pub(in crate::db) tags: Vec<(&'static str, String)>,
    /// Values that are unique within the store.
    pub(in crate::db) keys: Vec<(Space, String)>,
    /// Discounts that it uses, each once, and the customer whose use it is.
    pub(in crate::db) uses: Vec<(String, Option<String>)>,
}

/// A field's words: it may have none, one, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

/// Some of a document's fields, unread.
type Fields<'a> = BTreeMap<&'a str, &'a RawValue>;

fn fields(json: &RawValue) -> Result<Fields<'_>> {
    serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))
}

fn words(fields: &Fields<'_>, field: &str) -> Result<Vec<String>> {
    let Some(json) = fields.get(field) else { return Ok(Vec::new()) };
    Ok(match from_json::<Option<Words>>(json)? {
        None => Vec::new(),
        Some(Words::One(word)) => vec![word],
        Some(Words::Many(words)) => words,
    })
}

/// Tags and unique keys of a document. Kinds without any cost nothing.
pub(in crate::db) fn derived(kind: Kind, json: Option<&RawValue>) -> Result<Derived> {
    let (mut derived, index) = (Derived::default(), kind.row().index);
    let Some(json) = json.filter(|_| !index.is_empty()) else { return Ok(derived) };
    let doc = fields(json)?;
    for by in index {
        match *by {
            Index::Tags => derived.tags.extend(words(&doc, "tags")?.into_iter().map(|tag| (kind.name(), tag))),
            Index::Links(field, space) => derived.tags.extend(words(&doc, field)?.into_iter().map(|id| (space, id))),
            Index::Key(field, space) => {
                derived.keys.extend(words(&doc, field)?.into_iter().map(|value| (space, space.folded(value))));
            }
            Index::Keys(together, space) => {
                let mut parts = Vec::with_capacity(together.len());
                for field in together {
                    parts.push(words(&doc, field)?.concat());
                }
                derived.keys.push((space, space.folded(parts.join(BETWEEN))));
            }
            Index::KeyOfEach(list, field, space) => {
                let Some(items) = doc.get(list) else { continue };
                for item in from_json::<Vec<Box<RawValue>>>(items)? {
                    let values = words(&fields(&item)?, field)?;
                    derived.keys.extend(values.into_iter().map(|value| (space, space.folded(value))));
                }
            }
            Index::Uses => derived.uses = uses(&doc)?,
        }
    }
    Ok(derived)
}

/// What an order uses of discounts: nothing once it is cancelled.
fn uses(doc: &Fields<'_>) -> Result<Vec<(String, Option<String>)>> {
    let Some(items) = doc.get("discounts") else { return Ok(Vec::new()) };
    if words(doc, "status")?.first().is_some_and(|status| status == "cancelled") {
        return Ok(Vec::new());
    }
    let (customer, mut used) = (words(doc, "customer")?.pop(), Vec::new());
    for item in from_json::<Vec<Box<RawValue>>>(items)? {
        for discount in words(&fields(&item)?, "discount")? {
            used.push((discount, customer.clone()));
        }
    }
    used.sort();
    used.dedup();
    Ok(used)
}

macro_rules! spaces {
    ($($(#[$doc:meta])* $name:ident = $text:literal $words:literal $kind:ident $folds:literal;)*) => {
        /// What no two records of a store share.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(in crate::db) enum Space { $($(#[$doc])* $name,)* }
        impl Space {
            /// As written in rows.
            pub(in crate::db) const fn name(self) -> &'static str { match self { $(Space::$name => $text,)* } }
            /// What people call it.
            pub(in crate::db) const fn words(self) -> &'static str { match self { $(Space::$name => $words,)* } }
            /// The kind of record whose documents have such values.
            pub(in crate::db) const fn kind(self) -> Kind { match self { $(Space::$name => Kind::$kind,)* } }
            /// Whether upper and lower case are alike.
            const fn folds(self) -> bool { match self { $(Space::$name => $folds,)* } }
        }
    };
}

spaces! {
    /// Skus.
    Sku = "sku" "the sku" Product false;
    /// Customers' e-mail addresses.
    Email = "email" "the e-mail address" CustomerContact true;
    /// Discount codes.
    Code = "code" "the code" Discount true;
    /// Zones and classes of tax rates.
    TaxClass = "tax-class" "the zone and class" TaxRate true;
    /// Paths of pages.
    PagePath = "page-path" "the path" Page true;
    /// Links to carts, as what is stored of them.
    CartLink = "cart-link" "the link" CartLinks false;
}

impl Space {
    /// A value as it is compared.
    pub(in crate::db) fn folded(self, value: String) -> String {
        if self.folds() { value.to_lowercase() } else { value }
    }
}

/// At most so many tags on one record.
pub(in crate::db) const MAX_TAGS: usize = 100;

/// Tags from outside, checked, each once.
pub(in crate::db) fn tags(given: Vec<String>) -> Result<Vec<String>> {
    if given.len() > MAX_TAGS {
        return Err(Error::invalid(format!("a record has at most {MAX_TAGS} tags; {} were given", given.len())));
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
    if tags.len() >= MAX_TAGS {
        return Err(Error::invalid(format!("a record has at most {MAX_TAGS} tags; remove one first")));
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
