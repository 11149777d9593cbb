//! The checkout asks the store's discount apps while a buyer waits.

use crate::authz::{Permit, scope::kind::StorefrontCheckout};
use crate::checkout as answered;
use crate::db::agreed::Quote;
use crate::db::{self, Db, Money, Outcome};
use crate::http::{Answer, At, Json, Reading};
use crate::runtime::{Runtime, checkout as asking};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One line of the cart.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CheckoutCartLine)]
#[serde(deny_unknown_fields)]
pub(super) struct CartLine {
    /// Names the line in the answer: 1 to 64 bytes, unique in the cart.
    id: String,
    /// What is in it.
    sku: String,
    /// How many; at least one.
    quantity: u32,
    /// Price of one.
    price: Money,
}

/// The cart, without the buyer's personal data.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CheckoutCart)]
#[serde(deny_unknown_fields)]
pub(super) struct Cart {
    /// ISO 4217 code, the same in every price.
    currency: String,
    /// 1 to 200 lines.
    lines: Vec<CartLine>,
    /// The customer's id, if the buyer is signed in.
    customer: Option<String>,
}

/// The best discount of one line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineDiscount {
    /// The line's id; empty: the whole cart.
    line: String,
    /// Off the whole line or cart; never more than it costs.
    amount: Money,
    /// What the buyer reads.
    label: String,
    /// The app that gave it.
    app: String,
}

/// What became of one app's answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Asked {
    /// The app.
    app: String,
    /// The run in which it was asked; none if every place was taken.
    invocation: Option<String>,
    /// How it ended.
    outcome: Outcome,
    /// Why it was left out, if it was.
    error: Option<String>,
}

/// The discounts of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Discounts {
    /// At most one for each line and one for the whole cart, the best.
    lines: Vec<LineDiscount>,
    /// Their sum.
    total: Money,
    /// Every app that was asked.
    apps: Vec<Asked>,
}

/// Ask for discounts
///
/// Runs every installed discount app side by side. An app that fails, is too slow or answers nonsense is left out
/// and recorded; the answer comes all the same.
#[utoipa::path(post, path = "/stores/{store}/checkout/discounts", tag = "checkout", responses((status = 200, body = Discounts)))]
pub(super) async fn discounts(
    checkout: Permit<StorefrontCheckout>,
    db: Db,
    runtime: Runtime,
    Json(cart): Json<Cart>,
) -> Answer<Discounts> {
    let currency = db::currency(&cart.currency)?;
    let line = |l: CartLine| asking::CartLine { id: l.id, sku: l.sku, quantity: l.quantity, price: l.price };
    let cart = asking::Cart { currency, lines: cart.lines.into_iter().map(line).collect(), customer: cart.customer };
    let found = answered::discounts(&db, &runtime, &checkout, cart).await?;
    let total = found.lines.iter().try_fold(Money::zero(currency), |sum, line| sum.plus(line.amount))?;
    let line = |l: asking::LineDiscount| LineDiscount {
        line: l.line,
        amount: l.amount,
        label: l.label,
        app: l.app.to_string(),
    };
    let lines = found.lines.into_iter().map(line).collect();
    Ok(Json(Discounts { lines, total, apps: found.apps.into_iter().map(Asked::from).collect() }))
}

impl From<answered::Asked> for Asked {
    fn from(a: answered::Asked) -> Asked {
        let invocation = a.invocation.map(|id| id.to_string());
        Asked { app: a.app.to_string(), invocation, outcome: a.outcome, error: a.error }
    }
}

/// The quote of a cart, and what became of the apps that were asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Quoted {
    /// What the buyer is told, and agrees to by ordering.
    quote: Quote,
    /// Every app that was asked.
    apps: Vec<Asked>,
}

/// Quote a cart
///
/// Prices the cart at this moment, with its codes and with what the checkout's apps take off, and stores that for 30
/// minutes; a newer quote of the cart takes its place. An order that names the quote is what the quote says.
#[utoipa::path(post, path = "/stores/{store}/storefront/carts/{cart}/quote", tag = "checkout", responses((status = 200, body = Quoted)))]
pub(super) async fn quote(
    checkout: Permit<StorefrontCheckout>,
    db: Db,
    runtime: Runtime,
    Reading(mut draft): Reading,
    At(cart): At,
) -> Answer<Quoted> {
    let (quote, apps) = answered::quote(&db, &runtime, &checkout, &mut draft, &cart).await?;
    Ok(Json(Quoted { quote, apps: apps.into_iter().map(Asked::from).collect() }))
}
