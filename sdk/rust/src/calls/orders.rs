//! Orders: what was bought, paid and sent. Personal data of buyers is behind [`contact`] alone.

use crate::bindings::app::storehand::app::{
    orders_cancel, orders_capture, orders_create, orders_delete, orders_edit, orders_fulfill, orders_pii,
    orders_refund, orders_view,
};
pub use crate::bindings::app::storehand::app::{
    orders_create::NewOrder,
    orders_pii::OrderContact,
    orders_view::{
        Fulfillment, FulfillmentStatus, Order, OrderFilter, OrderLine, OrderPage, OrderStatus, PaymentStatus, Refund,
    },
};
use crate::{Money, Page, QuantityOf, Result, Tracking, parts};

calls! {
    orders:
    /// One order.
    "orders:view" get(id: &str) -> Order = orders_view::get;
    /// A page of orders, oldest first.
    "orders:view" search(filter: &OrderFilter, page: &Page) -> OrderPage = orders_view::search;
    /// How many orders the filter matches. Ignores what this run has changed.
    "orders:view" count(filter: &OrderFilter) -> u64 = orders_view::count;
    /// An order's buyer and delivery address, and the note the buyer wrote.
    "orders:pii" contact(order: &str) -> OrderContact = orders_pii::contact;
    /// Makes an order, unpaid, and returns its id.
    "orders:create" create(order: &NewOrder) -> String = orders_create::create;
    /// Adds a tag, 1 to 64 characters. Adding one twice changes nothing.
    "orders:edit" tag(order: &str, tag: &str) -> () = orders_edit::tag;
    /// Removes a tag. Removing one that is not there changes nothing.
    "orders:edit" untag(order: &str, tag: &str) -> () = orders_edit::untag;
    /// Writes the staff note, replacing the one before. At most 2,000 characters; empty removes it.
    "orders:edit" note(order: &str, text: &str) -> () = orders_edit::note;
    /// Replaces all lines of an order that is not paid or sent yet. 1 to 200 lines, at today's prices.
    "orders:edit" set_lines(order: &str, lines: &[QuantityOf]) -> () = orders_edit::set_lines;
    /// Records that these lines were sent, and returns the fulfilment's id. No lines means all that is left.
    "orders:fulfill" fulfill(order: &str, lines: &[QuantityOf], tracking: Option<&Tracking>) -> String
        = orders_fulfill::fulfill;
    /// Replaces a fulfilment's tracking.
    "orders:fulfill" update_tracking(order: &str, fulfillment: &str, tracking: &Tracking) -> ()
        = orders_fulfill::update_tracking;
    /// Cancels an order nothing of which was sent. `restock` puts back what was taken off the stock for it.
    "orders:cancel" cancel(order: &str, reason: &str, restock: bool) -> () = orders_cancel::cancel;
    /// Takes authorised money, at most what is still open of the total.
    "orders:capture" capture(order: &str, amount: &Money) -> () = orders_capture::capture;
    /// Gives money back, at most what was captured and not refunded yet. Returns the refund's id.
    "orders:refund" refund(order: &str, amount: &Money, reason: &str) -> String = orders_refund::refund;
    /// Deletes a draft or cancelled order and its personal data.
    "orders:delete" delete(order: &str) -> () = orders_delete::delete;
}

/// All orders the filter matches, oldest first, fetched as they are asked for with [`search`].
pub fn all(filter: OrderFilter) -> impl Iterator<Item = Result<Order>> {
    parts::walk(move |page| search(&filter, page).map(|found| (found.items, found.next)))
}
