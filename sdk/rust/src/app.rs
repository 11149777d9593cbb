//! The trait an app implements, and the way from the host's one call to its methods.
//!
//! Topics, methods and payloads stand in one table below; the trait and the dispatch are made from it, so they cannot
//! disagree.

use crate::bindings::app::exports::storehand::app::handler;
use crate::bindings::app::exports::storehand::app::handler::{Outcome, Trigger};
use crate::{
    Action, Context, Deleted, Error, Event, InventoryAdjusted, InventoryLow, PriceChanged, Result, Schedule, carts,
    customers, discounts, orders, products,
};

/// Makes [`App`] and its dispatch from lines of `"topic" => method(payload)`.
macro_rules! topics {
    ($($(#[$doc:meta])* $topic:literal => $method:ident($payload:ty);)*) => {
        /// An app that reacts to its store: to events, to schedules, to buttons a staff member pressed.
        ///
        /// Write the methods of what the manifest subscribes to. One left out answers [`Error::NotHandled`], and the
        /// host tells the developer of a subscription nobody answers. An error drops every change of the run and,
        /// for events, makes the host try again later.
        ///
        /// Every run makes a new value with [`Default`]: nothing survives a run but what [`storage`](crate::storage)
        /// holds.
        pub trait App: Default {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nTopic `", $topic, "`.")]
                fn $method(&self, context: &Context, event: Event<$payload>) -> Result {
                    let _ = (context, event);
                    Err(Error::NotHandled)
                }
            )*

            /// A schedule of the manifest is due.
            fn scheduled(&self, context: &Context, schedule: Schedule) -> Result {
                let _ = (context, schedule);
                Err(Error::NotHandled)
            }

            /// A staff member pressed one of the app's buttons. The run holds only what both the app and that person
            /// hold.
            fn action(&self, context: &Context, action: Action) -> Result {
                let _ = (context, action);
                Err(Error::NotHandled)
            }
        }

        fn event<A: App>(app: &A, context: &Context, event: handler::Event) -> Result {
            match event.topic.as_str() {
                $($topic => app.$method(context, unread(event)),)*
                _ => Err(Error::NotHandled),
            }
        }
    };
}

topics! {
    /// An order was placed.
    "orders/created" => order_created(orders::Order);
    /// An order was changed in any way.
    "orders/updated" => order_updated(orders::Order);
    /// An order's whole total was paid.
    "orders/paid" => order_paid(orders::Order);
    /// Everything of an order was sent.
    "orders/fulfilled" => order_fulfilled(orders::Order);
    /// An order was cancelled.
    "orders/cancelled" => order_cancelled(orders::Order);
    /// Money was given back.
    "orders/refunded" => order_refunded(orders::Order);
    /// An order was deleted.
    "orders/deleted" => order_deleted(Deleted);
    /// A buyer began a cart.
    "carts/created" => cart_created(carts::Cart);
    /// A cart was changed.
    "carts/updated" => cart_updated(carts::Cart);
    /// A buyer left a cart.
    "carts/abandoned" => cart_abandoned(carts::Cart);
    /// A customer was created.
    "customers/created" => customer_created(customers::Customer);
    /// A customer was changed.
    "customers/updated" => customer_updated(customers::Customer);
    /// A customer was deleted.
    "customers/deleted" => customer_deleted(Deleted);
    /// A product was created.
    "products/created" => product_created(products::Product);
    /// A product was changed.
    "products/updated" => product_updated(products::Product);
    /// A product was deleted.
    "products/deleted" => product_deleted(Deleted);
    /// The price of a sku was changed.
    "products/price-changed" => product_price_changed(PriceChanged);
    /// A stock level was changed.
    "inventory/adjusted" => inventory_adjusted(InventoryAdjusted);
    /// A stock level fell below the store's threshold.
    "inventory/low" => inventory_low(InventoryLow);
    /// A discount was created.
    "discounts/created" => discount_created(discounts::Discount);
    /// A discount was changed.
    "discounts/updated" => discount_updated(discounts::Discount);
}

/// Answers one trigger with a new `A`. [`Error::NotHandled`] is an answer here, every other error goes back as it is.
pub(crate) fn run<A: App>(trigger: Trigger) -> Result<Outcome> {
    let (app, context) = (A::default(), Context::new());
    let answer = match trigger {
        Trigger::Event(happened) => event(&app, &context, happened),
        Trigger::Schedule(schedule) => app.scheduled(&context, schedule),
        Trigger::Action(action) => app.action(&context, action),
    };
    match answer {
        Ok(()) => Ok(Outcome::Handled),
        Err(Error::NotHandled) => Ok(Outcome::NotHandled),
        Err(error) => Err(error),
    }
}

fn unread<T>(event: handler::Event) -> Event<T> {
    Event::new(event.id, event.topic, event.at, event.attempt, event.payload)
}

/// What `register_app!` exports: answers the host, with the text of an error or panic.
#[doc(hidden)]
pub fn answer<A: App>(trigger: Trigger) -> Result<Outcome, String> {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| crate::log::error(panic)));
    run::<A>(trigger).map_err(|error| error.to_string())
}

/// Makes a type that implements [`App`] the app of this crate. Once per crate, which is built as a `cdylib`.
///
/// The text of a panic is written to the app's log before the run ends.
#[macro_export]
#[rustfmt::skip]
macro_rules! register_app {
    ($app:ty) => {
        const _: () = {
            struct Exported;
            impl $crate::bindings::app::exports::storehand::app::handler::Guest for Exported {
                fn handle(
                    trigger: $crate::bindings::app::exports::storehand::app::handler::Trigger,
                ) -> ::std::result::Result<
                    $crate::bindings::app::exports::storehand::app::handler::Outcome,
                    ::std::string::String,
                > {
                    $crate::answer::<$app>(trigger)
                }
            }
            // Native builds export nothing; this keeps the compiler from calling the type unused.
            const _: fn() -> $app = <$app as ::std::default::Default>::default;
            #[cfg(target_arch = "wasm32")]
            const _: () = {
                $crate::bindings::app::export!(Exported with_types_in $crate::bindings::app);
            };
        };
    };
}
