//! What makes an app run at once: the checkout, and a button a person presses.

mod actions;
mod checkout;

use crate::http::State;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default().routes(routes!(checkout::discounts)).routes(routes!(actions::press))
}
