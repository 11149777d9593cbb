//! What an app can do in its store, one module per resource. Every function needs exactly one scope, named in its
//! documentation; without the grant it returns [`Error::PermissionDenied`](crate::Error::PermissionDenied).

/// Makes façade functions from lines of `"scope" name(arguments) -> result = generated function`.
///
/// In a component the line is the host's function; in native tests it asks `testing::Host`.
macro_rules! calls {
    (
        $resource:ident:
        $($(#[$doc:meta])* $scope:literal $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $answer:ty = $raw:path;)*
    ) => {$(
        $(#[$doc])*
        #[doc = concat!("\n\nNeeds the scope `", $scope, "`.")]
        pub fn $name($($arg: $ty),*) -> crate::Result<$answer> {
            #[cfg(target_arch = "wasm32")]
            return Ok($raw($($arg),*)?);
            #[cfg(not(target_arch = "wasm32"))]
            {
                // Natively the generated function is only looked at, so that both sides have the same types.
                let _ = || $raw($($arg),*);
                let call = concat!(stringify!($resource), ".", stringify!($name));
                crate::testing::call($scope, call, serde_json::json!({ $((stringify!($arg)): $arg),* }))
            }
        }
    )*};
}

/// Makes the modules of simple documents: those that are listed, read, created, changed and deleted whole.
macro_rules! simple {
    ($($(#[$doc:meta])* $resource:ident: $view:ident $view_scope:literal $document:ident $page:ident ($($by:ident: $by_ty:ty),*),
        $edit:ident $edit_scope:literal $input:ident;)*) => {$(
        $(#[$doc])*
        pub mod $resource {
            pub use crate::bindings::app::storehand::app::$edit::$input;
            pub use crate::bindings::app::storehand::app::$view::{$document, $page};
            use crate::bindings::app::storehand::app::{$edit, $view};
            use crate::{Page, Result, parts};

            calls! {
                $resource:
                /// One of them.
                $view_scope get(id: &str) -> $document = $view::get;
                /// A page of them, oldest first; only those that the filter is given for.
                $view_scope search($($by: $by_ty,)* page: &Page) -> $page = $view::search;
                /// Creates one and returns its id.
                $edit_scope create(input: &$input) -> String = $edit::create;
                /// Replaces what can be chosen.
                $edit_scope update(id: &str, input: &$input) -> () = $edit::update;
                /// Deletes one.
                $edit_scope delete(id: &str) -> () = $edit::delete;
            }

            /// All of them, oldest first, fetched as they are asked for with [`search`].
            pub fn all($($by: $by_ty),*) -> impl Iterator<Item = Result<$document>> {
                parts::walk(move |page| search($($by,)* page).map(|found| (found.items, found.next)))
            }
        }
    )*};
}

simple! {
    /// Pages of the website; `published` asks for those that buyers can read, or for those they cannot.
    pages: pages_view "pages:view" WebPage WebPages (published: Option<bool>), pages_edit "pages:edit" WebPageInput;
    /// Tax rates; `zone` asks for those of one country or subdivision.
    taxes: taxes_view "taxes:view" TaxRate TaxRates (zone: Option<&str>), taxes_edit "taxes:edit" TaxRateInput;
}

pub mod carts;
pub mod categories;
pub mod customers;
pub mod discounts;
pub mod giftcards;
pub mod inventory;
pub mod locations;
pub mod orders;
pub mod products;
pub mod reports;
pub mod store_settings;
