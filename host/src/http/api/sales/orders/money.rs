//! The money of orders: taking it, and giving it back.

use crate::authz::Permit;
use crate::authz::scope::kind::{OrdersCapture, OrdersRefund, OrdersView};
use crate::db::orders::{Order, QuantityOf};
use crate::db::{Draft, Money};
use crate::http::api::changed::{Changed, commit, commit_part};
use crate::http::{Answer, At, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// How much to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCapture {
    /// At most what is still open of the total.
    amount: Money,
}

/// How much to give back, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRefund {
    /// At most what was captured and not refunded yet. Leave it out to refund `lines`.
    amount: Option<Money>,
    /// Pieces to refund, for what they cost after discounts.
    #[serde(default)]
    lines: Vec<QuantityOf>,
    /// 1 to 500 characters.
    reason: String,
}

/// Capture a payment
#[utoipa::path(post, path = "/stores/{store}/orders/{order}/capture", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn capture(
    capture: Permit<OrdersCapture>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewCapture>,
) -> Answer<Changed<Order>> {
    capture.capture(&mut draft, &order, new.amount).await?;
    commit(draft, order, view).await
}

/// Refund a payment
///
/// In full or in part: an amount, or pieces of lines for what they cost after discounts. `part` in the answer is the refund's id.
#[utoipa::path(post, path = "/stores/{store}/orders/{order}/refund", tag = "orders", responses((status = 200, body = Changed<Order>)))]
pub(super) async fn refund(
    refund: Permit<OrdersRefund>,
    view: Option<Permit<OrdersView>>,
    mut draft: Draft,
    At(order): At,
    Json(new): Json<NewRefund>,
) -> Answer<Changed<Order>> {
    let part = match (new.amount, &new.lines[..]) {
        (Some(amount), []) => refund.refund(&mut draft, &order, amount, &new.reason).await?,
        (None, lines) => refund.refund_lines(&mut draft, &order, lines, &new.reason).await?,
        _ => return Err(Problem::invalid("a refund is of an amount or of lines; leave one of the two out")),
    };
    commit_part(draft, order, Some(part), view).await
}
