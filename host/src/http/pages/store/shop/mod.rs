//! The rest of a store: discounts, stock locations, tax rates and pages of the website.

mod discounts;
mod locations;
mod taxes;
mod webpages;

use super::parts;
use crate::db::discounts::Discount;
use crate::db::pages::WebPage;
use crate::db::taxes::TaxRate;
use crate::http::State;
use crate::http::extract::handler::{get, post};
use axum::Router;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/store/discounts", get(parts::list::<Discount>).post(parts::create::<Discount>))
        .route("/stores/{store}/store/discounts/{discount}", get(parts::page::<Discount>))
        .route("/stores/{store}/store/discounts/{discount}/update", post(parts::update::<Discount>))
        .route("/stores/{store}/store/discounts/{discount}/delete", post(parts::delete::<Discount>))
        .route("/stores/{store}/store/discounts/{discount}/enable", post(discounts::enable))
        .route("/stores/{store}/store/discounts/{discount}/disable", post(discounts::disable))
        .route("/stores/{store}/store/taxes", get(parts::list::<TaxRate>).post(parts::create::<TaxRate>))
        .route("/stores/{store}/store/taxes/{taxrate}", get(parts::page::<TaxRate>))
        .route("/stores/{store}/store/taxes/{taxrate}/update", post(parts::update::<TaxRate>))
        .route("/stores/{store}/store/taxes/{taxrate}/delete", post(parts::delete::<TaxRate>))
        .route("/stores/{store}/store/pages", get(parts::list::<WebPage>).post(parts::create::<WebPage>))
        .route("/stores/{store}/store/pages/{page}", get(parts::page::<WebPage>))
        .route("/stores/{store}/store/pages/{page}/update", post(parts::update::<WebPage>))
        .route("/stores/{store}/store/pages/{page}/delete", post(parts::delete::<WebPage>))
        .route("/stores/{store}/store/locations", get(locations::list).post(locations::create))
        .route("/stores/{store}/store/locations/{location}", get(locations::page))
        .route("/stores/{store}/store/locations/{location}/update", post(locations::update))
}
