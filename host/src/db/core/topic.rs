//! Topics: what can happen in a store, and which scope the payload needs.

use crate::authz::Scope;
use crate::db::core::kinds::Kind;
use std::fmt;
use std::str::FromStr;

macro_rules! topics {
    ($($name:ident = $text:literal $kind:ident $scope:ident;)*) => {
        /// Something that happens in a store.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Topic { $(#[doc = concat!("`", $text, "`")] $name,)* }
        impl Topic {
            /// Every topic.
            pub const ALL: &'static [Topic] = &[$(Topic::$name,)*];
            /// As written in manifests.
            pub const fn name(self) -> &'static str { match self { $(Topic::$name => $text,)* } }
            /// The kind of record it is about.
            pub const fn kind(self) -> Kind { match self { $(Topic::$name => Kind::$kind,)* } }
            /// The view scope of its payload: needed at install and at each delivery.
            pub const fn scope(self) -> Scope { match self { $(Topic::$name => Scope::$scope,)* } }
        }
    };
}

topics! {
    OrdersCreated = "orders/created" Order OrdersView;
    OrdersUpdated = "orders/updated" Order OrdersView;
    OrdersPaid = "orders/paid" Order OrdersView;
    OrdersFulfilled = "orders/fulfilled" Order OrdersView;
    OrdersCancelled = "orders/cancelled" Order OrdersView;
    OrdersRefunded = "orders/refunded" Order OrdersView;
    OrdersDeleted = "orders/deleted" Order OrdersView;
    CartsCreated = "carts/created" Cart CartsView;
    CartsUpdated = "carts/updated" Cart CartsView;
    CartsAbandoned = "carts/abandoned" Cart CartsView;
    CustomersCreated = "customers/created" Customer CustomersView;
    CustomersUpdated = "customers/updated" Customer CustomersView;
    CustomersDeleted = "customers/deleted" Customer CustomersView;
    ProductsCreated = "products/created" Product ProductsView;
    ProductsUpdated = "products/updated" Product ProductsView;
    ProductsDeleted = "products/deleted" Product ProductsView;
    ProductsPriceChanged = "products/price-changed" Product ProductsView;
    InventoryAdjusted = "inventory/adjusted" Stock InventoryView;
    InventoryLow = "inventory/low" Stock InventoryView;
    DiscountsCreated = "discounts/created" Discount DiscountsView;
    DiscountsUpdated = "discounts/updated" Discount DiscountsView;
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a topic.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a topic; topics look like `orders/created`")]
pub struct UnknownTopic(pub String);

impl FromStr for Topic {
    type Err = UnknownTopic;
    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        Topic::ALL.iter().copied().find(|topic| topic.name() == text).ok_or_else(|| UnknownTopic(text.to_owned()))
    }
}

impl serde::Serialize for Topic {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Topic {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
