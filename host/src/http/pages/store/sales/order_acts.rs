//! What can be done to an order: tags and the note, parcels, its money, cancelling and deleting it.

use super::order::shown;
use super::order_lines::{self, LINE};
use crate::authz::Scope;
use crate::db::orders::{
    Fulfillment, FulfillmentStatus, Order, OrderContact, OrderStatus, PaymentStatus, QuantityOf, Tracking,
};
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::{Act, Asked, Field, acts, amount};

/// What its state allows.
pub(super) fn offers(
    frame: &Frame,
    order: &Order,
    contact: Option<&OrderContact>,
    known: Vec<(String, String)>,
) -> Vec<Act> {
    let act =
        |verb, scope, title: &'static str, means: &'static str| Act::new(verb, scope, frame.t(title), frame.t(means));
    let open = order.status == OrderStatus::Open;
    let mut all = Vec::new();
    if open && order.fulfillment != FulfillmentStatus::Fulfilled {
        let left = order.lines.iter().filter(|line| line.quantity > line.fulfilled).map(|line| {
            let label = frame.t("order-send-line").with("sku", line.sku.clone());
            let left = line.quantity.saturating_sub(line.fulfilled).to_string();
            Field::number(&format!("{LINE}{}", line.sku), label, left)
        });
        let send = act("fulfill", Scope::OrdersFulfill, "order-fulfill", "order-fulfill-means").fields(left);
        all.push(send.fields(tracking(frame, None)));
    }
    if !order.fulfillments.is_empty() {
        let one = |parcel: &Fulfillment| {
            let goods = parcel.lines.iter().map(|line| format!("{} × {}", line.quantity, line.sku));
            let goods = goods.collect::<Vec<_>>().join(", ");
            (parcel.id.clone(), format!("{} · {goods}", frame.moment(&parcel.at)))
        };
        let last = order.fulfillments.last();
        let parcels = order.fulfillments.iter().map(one).collect();
        let of = Field::choice("parcel", frame.t("order-parcel"), parcels, last.map_or("", |last| &last.id));
        let follow = act("tracking_of", Scope::OrdersFulfill, "order-tracking", "order-tracking-means").field(of);
        // With several, whose it is cannot be said before one is chosen.
        let only = last.filter(|_| order.fulfillments.len() == 1).and_then(|last| last.tracking.as_ref());
        all.push(follow.fields(tracking(frame, only)));
    }
    if can_change_lines(order) {
        let change = act("lines", Scope::OrdersEdit, "order-change-lines", "order-change-lines-means").known(known);
        all.push(change.fields(order_lines::there(frame, &order.lines)).fields(order_lines::fields(frame)));
    }
    let tag = Field::line("tag", frame.t("filter-tag"), "").required();
    all.push(act("tag", Scope::OrdersEdit, "act-tag", "order-tag-means").field(tag));
    if !order.tags.is_empty() {
        let options = order.tags.iter().map(|tag| (tag.clone(), tag.clone())).collect();
        let tag = Field::choice("tag", frame.t("filter-tag"), options, "");
        all.push(act("untag", Scope::OrdersEdit, "act-untag", "order-untag-means").field(tag));
    }
    let note = contact.and_then(|contact| contact.note.clone()).unwrap_or_default();
    let means = if contact.is_some() { "order-note-means" } else { "order-note-unseen-means" };
    let note = Field::area("note", frame.t("order-note"), note);
    all.push(act("note", Scope::OrdersEdit, "order-note-set", means).field(note));
    if let Ok(due) = order.total.minus(order.captured)
        && open
        && due.minor > 0
    {
        let due = Field::amount("amount", frame.t("col-amount"), amount(&due, frame)).required();
        all.push(act("capture", Scope::OrdersCapture, "order-capture", "order-capture-means").field(due));
    }
    if let Ok(left) = order.captured.minus(order.refunded)
        && left.minor > 0
    {
        let means = frame.t("order-refund-means").with("left", frame.money(&left));
        let refund = Act::new("refund", Scope::OrdersRefund, frame.t("order-refund"), means);
        let most = Field::amount("amount", frame.t("col-amount"), "").required();
        all.push(refund.field(most).field(Field::line("reason", frame.t("why"), "").required()).grave());
    }
    if order.status != OrderStatus::Cancelled && order.fulfillment == FulfillmentStatus::Unfulfilled {
        let cancel = act("cancel", Scope::OrdersCancel, "order-cancel", "order-cancel-means");
        let cancel = cancel.field(Field::line("reason", frame.t("why"), "").required());
        all.push(cancel.field(Field::tick("restock", frame.t("order-restock"), true)).grave());
    }
    if !open {
        all.push(act("delete", Scope::OrdersDelete, "order-delete", "order-delete-means").grave());
    }
    all
}

/// Whether its lines can still change.
pub(super) fn can_change_lines(order: &Order) -> bool {
    order.status != OrderStatus::Cancelled
        && order.payment == PaymentStatus::Pending
        && order.captured.minor == 0
        && order.fulfillment == FulfillmentStatus::Unfulfilled
        && order.lines.iter().all(|line| line.taken.is_none())
}

/// Fields that say how a parcel is followed.
fn tracking(frame: &Frame, now: Option<&Tracking>) -> [Field; 3] {
    let of = |of: fn(&Tracking) -> &str| now.map(of).unwrap_or_default();
    [
        Field::line("carrier", frame.t("col-carrier"), of(|now| &now.carrier)),
        Field::line("number", frame.t("col-tracking"), of(|now| &now.number)),
        Field::line("url", frame.t("tracking-url"), of(|now| now.url.as_deref().unwrap_or_default())),
    ]
}

/// What they were filled in with.
fn tracked(sent: &Asked) -> Tracking {
    Tracking {
        carrier: sent.text("carrier").to_owned(),
        number: sent.text("number").to_owned(),
        url: sent.filled("url"),
    }
}

acts! { OrdersView, "orders", shown;
    tag(edit: OrdersEdit, desk, id, sent) {
        edit.tag(&mut desk.draft, &id, sent.text("tag")).await
    }
    untag(edit: OrdersEdit, desk, id, sent) {
        edit.untag(&mut desk.draft, &id, sent.text("tag")).await
    }
    note(edit: OrdersEdit, desk, id, sent) {
        edit.note(&mut desk.draft, &id, sent.text("note")).await
    }
    fulfill(fulfill: OrdersFulfill, desk, id, sent) {
        let mut lines = Vec::new();
        for (sku, _) in sent.each(LINE) {
            let quantity = sent.number(&format!("{LINE}{sku}"))?;
            if quantity > 0 {
                lines.push(QuantityOf { sku: sku.to_owned(), quantity });
            }
        }
        // Without any lines it would be all that is left.
        if lines.is_empty() {
            return Err(crate::db::Error::invalid("nothing is to be sent; say how many of at least one line"));
        }
        let is_tracked = ["carrier", "number", "url"].iter().any(|name| !sent.text(name).is_empty());
        let tracking = is_tracked.then(|| tracked(&sent));
        fulfill.fulfill(&mut desk.draft, &id, &lines, tracking).await
    }
    tracking_of(fulfill: OrdersFulfill, desk, id, sent) {
        fulfill.update_tracking(&mut desk.draft, &id, sent.text("parcel"), tracked(&sent)).await
    }
    lines(edit: OrdersEdit, desk, id, sent) {
        edit.set_lines(&mut desk.draft, &id, &order_lines::read(&sent)?).await
    }
    capture(capture: OrdersCapture, desk, id, sent) {
        let amount = sent.money("amount", &desk.frame)?;
        capture.capture(&mut desk.draft, &id, amount).await
    }
    refund(refund: OrdersRefund, desk, id, sent) {
        let amount = sent.money("amount", &desk.frame)?;
        refund.refund(&mut desk.draft, &id, amount, sent.text("reason")).await
    }
    cancel(cancel: OrdersCancel, desk, id, sent) {
        cancel.cancel(&mut desk.draft, &id, sent.text("reason"), sent.ticked("restock")).await
    }
    delete(delete: OrdersDelete, desk, id, sent) to "orders" {
        delete.delete(&mut desk.draft, &id).await
    }
}
