//! What an app can do in its store, one module per resource. Every function needs exactly one scope, named in its
//! documentation; without the grant it returns [`Error::PermissionDenied`](crate::Error::PermissionDenied).

/// Makes façade functions from lines of `"scope" name(arguments) -> result = generated function`.
///
/// In a component the line is the host's function; in native tests it asks `testing::Host`.
macro_rules! calls {
    (
        $resource:ident:
        $($(#[$doc:meta])* $scope:literal $name:ident($($arg:ident: $ty:ty),*) -> $answer:ty = $raw:path;)*
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
