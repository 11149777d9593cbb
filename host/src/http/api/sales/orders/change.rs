//! Changing orders, but for their money.

use crate::authz::Permit;
use crate::authz::scope::kind::{OrdersCancel, OrdersCreate, OrdersDelete, OrdersEdit, OrdersFulfill, OrdersView};
use crate::db::Draft;
use crate::db::orders::{NewOrder, Order, QuantityOf, Tracking};
use crate::http::api::changed::{Acknowledged, Changed, acknowledge, commit, commit_part};
use crate::http::{Answer, At, Json};
use serde::Deserialize;
use utoipa::ToSchema;

/// A tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTag {
    /// 1 to 64 characters.
    tag: String,
}

/// A staff note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNote {
    /// Up to 2,000 characters; empty removes the note.
    note: String,
}

/// All lines of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLines {
    /// 1 to 200 lines; prices are the store's own at this moment.
    lines: Vec<QuantityOf>,
}

/// What was sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFulfillment {
    /// What was in it; everything that is left, if not given.
    #[serde(default)]
    lines: Vec<QuantityOf>,
    /// How to follow it.
    tracking: Option<Tracking>,
}

/// Why an order is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancellation {
    /// 1 to 500 characters.
    reason: String,
    /// Whether its goods go back on stock.
    #[serde(default)]
    restock: bool,
}

/// Create an order
///
/// Unpaid, at today's prices.
#[utoipa::path(post, path = "/stores/{store}/orders", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn create(
    create: Permit<OrdersCreate>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    Json(new): Json<NewOrder>,
) -> Answer<Changed<Order>> {
    let id = create.create(&mut draft, new).await?;
    commit(draft, id, view).await
}

/// Tag an order
#[utoipa::path(post, path = "/stores/{store}/orders/{order}/tags", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn tag(
    edit: Permit<OrdersEdit>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewTag>,
) -> Answer<Changed<Order>> {
    edit.tag(&mut draft, &order, &new.tag).await?;
    commit(draft, order, view).await
}

/// Remove a tag from an order
#[utoipa::path(delete, path = "/stores/{store}/orders/{order}/tags/{tag}", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn untag(
    edit: Permit<OrdersEdit>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(at): At<(String, String)>,
) -> Answer<Changed<Order>> {
    let (order, tag) = at;
    edit.untag(&mut draft, &order, &tag).await?;
    commit(draft, order, view).await
}

/// Set the staff note of an order
#[utoipa::path(put, path = "/stores/{store}/orders/{order}/note", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn note(
    edit: Permit<OrdersEdit>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewNote>,
) -> Answer<Changed<Order>> {
    edit.note(&mut draft, &order, &new.note).await?;
    commit(draft, order, view).await
}

/// Replace the lines of an order
///
/// Only before it is paid or sent.
#[utoipa::path(put, path = "/stores/{store}/orders/{order}/lines", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn set_lines(
    edit: Permit<OrdersEdit>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewLines>,
) -> Answer<Changed<Order>> {
    edit.set_lines(&mut draft, &order, &new.lines).await?;
    commit(draft, order, view).await
}

/// Mark an order fulfilled
///
/// All that is not fulfilled yet, or the lines named. `part` in the answer is the fulfilment's id.
#[utoipa::path(post, path = "/stores/{store}/orders/{order}/fulfillments", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn fulfill(
    fulfill: Permit<OrdersFulfill>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewFulfillment>,
) -> Answer<Changed<Order>> {
    let part = fulfill.fulfill(&mut draft, &order, &new.lines, new.tracking).await?;
    commit_part(draft, order, Some(part), view).await
}

/// Replace a fulfilment's tracking
#[utoipa::path(put, path = "/stores/{store}/orders/{order}/fulfillments/{fulfillment}/tracking", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn update_tracking(
    fulfill: Permit<OrdersFulfill>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(at): At<(String, String)>,
    Json(tracking): Json<Tracking>,
) -> Answer<Changed<Order>> {
    let (order, fulfillment) = at;
    fulfill.update_tracking(&mut draft, &order, &fulfillment, tracking).await?;
    commit(draft, order, view).await
}

/// Cancel an order
///
/// Only if nothing of it was sent.
#[utoipa::path(post, path = "/stores/{store}/orders/{order}/cancel", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn cancel(
    cancel: Permit<OrdersCancel>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(why): Json<Cancellation>,
) -> Answer<Changed<Order>> {
    cancel.cancel(&mut draft, &order, &why.reason, why.restock).await?;
    commit(draft, order, view).await
}

/// Delete an order
///
/// Only a draft or a cancelled order; its personal data is deleted with it.
#[utoipa::path(delete, path = "/stores/{store}/orders/{order}", tag = "orders", responses((status = 200, body = Acknowledged)))]
pub(super) async fn delete(delete: Permit<OrdersDelete>, mut draft: Draft, At(order): At) -> Answer<Acknowledged> {
    delete.delete(&mut draft, &order).await?;
    acknowledge(draft, order).await
}
