//! Apps that are asked for discounts while a buyer waits. They see the cart they are given and nothing else: no call
//! to the store, no log, so a panic's text is lost here. Return an error instead.

use serde::de::DeserializeOwned;

pub use crate::bindings::checkout::exports::storehand::app::discounts::{Cart, CartLine, Discount};
use crate::{Error, Result};

/// An app that discounts carts. Needs the scope `checkout:discount`.
///
/// ```
/// use storehand::checkout::{Cart, Discount, Discounts};
/// use storehand::{Result, register_discounts};
///
/// #[derive(Default)]
/// struct TenPercent;
///
/// impl Discounts for TenPercent {
///     type Settings = serde_json::Value;
///
///     fn run(&self, cart: Cart, _: Self::Settings) -> Result<Vec<Discount>> {
///         cart.lines
///             .iter()
///             .map(|line| {
///                 let amount = line.total()?.percent(10);
///                 Ok(Discount { line: line.id.clone(), amount, label: "10 % off".into() })
///             })
///             .collect()
///     }
/// }
/// register_discounts!(TenPercent);
/// ```
pub trait Discounts: Default {
    /// The app's settings in this store, as its manifest's schema describes them.
    type Settings: DeserializeOwned;

    /// The discounts for a cart, at most one per line that counts: of several the host takes the best. The host gives
    /// this 50 ms of CPU; after an error the checkout goes on without this app.
    fn run(&self, cart: Cart, settings: Self::Settings) -> Result<Vec<Discount>>;
}

impl CartLine {
    /// Price times quantity.
    ///
    /// # Errors
    /// [`Error::Invalid`] when that is too large for `i64` minor units.
    pub fn total(&self) -> Result<crate::Money> {
        self.price.times(self.quantity)
    }
}

pub(crate) fn run<D: Discounts>(cart: Cart, settings: &str) -> Result<Vec<Discount>> {
    let settings = serde_json::from_str(settings)
        .map_err(|error| Error::Invalid(format!("the app's settings do not fit: {error}")))?;
    D::default().run(cart, settings)
}

/// What `register_discounts!` exports.
#[doc(hidden)]
pub fn answer<D: Discounts>(cart: Cart, settings: String) -> Result<Vec<Discount>, String> {
    run::<D>(cart, &settings).map_err(|error| error.to_string())
}

/// Makes a type that implements [`Discounts`] the app of this crate. Once per crate, which is built as a `cdylib`.
#[macro_export]
#[rustfmt::skip]
macro_rules! register_discounts {
    ($app:ty) => {
        const _: () = {
            struct Exported;
            impl $crate::bindings::checkout::exports::storehand::app::discounts::Guest for Exported {
                fn run(
                    cart: $crate::checkout::Cart,
                    settings: ::std::string::String,
                ) -> ::std::result::Result<::std::vec::Vec<$crate::checkout::Discount>, ::std::string::String> {
                    $crate::checkout::answer::<$app>(cart, settings)
                }
            }
            // Native builds export nothing; this keeps the compiler from calling the type unused.
            const _: fn() -> $app = <$app as ::std::default::Default>::default;
            #[cfg(target_arch = "wasm32")]
            const _: () = {
                $crate::bindings::checkout::export!(Exported with_types_in $crate::bindings::checkout);
            };
        };
    };
}
