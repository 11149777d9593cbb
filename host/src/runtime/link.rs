//! Which imports a component gets: those its manifest declares, the neutral ones, and nothing else.
//!
//! INVARIANT: the linker of an app knows only the scopes of its manifest, so an import the manifest did not declare
//! has nothing to link to.

use super::bindings::app::storehand::app as wit;
use super::invocation::Invocation;
use crate::authz::{Scope, ScopeSet};
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime_wasi::p2::DynPollable;

type Own = HasSelf<Invocation>;

/// The linker for an app that declares `scopes`; `wasi` if it imports WASI too.
pub fn linker(engine: &Engine, scopes: ScopeSet, wasi: bool) -> wasmtime::Result<Linker<Invocation>> {
    let mut linker = Linker::new(engine);
    let l = &mut linker;
    wit::types::add_to_linker::<_, Own>(l, |i| i)?;
    wit::log::add_to_linker::<_, Own>(l, |i| i)?;
    wit::runtime::add_to_linker::<_, Own>(l, |i| i)?;
    wit::settings::add_to_linker::<_, Own>(l, |i| i)?;
    wit::storage::add_to_linker::<_, Own>(l, |i| i)?;
    for scope in scopes.iter() {
        scope_into(l, scope)?;
    }
    if wasi {
        wasi_into(l)?;
    }
    Ok(linker)
}

/// One arm per scope: the compiler asks for it when a scope is added.
fn scope_into(l: &mut Linker<Invocation>, scope: Scope) -> wasmtime::Result<()> {
    match scope {
        Scope::OrdersView => wit::orders_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersPii => wit::orders_pii::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersCreate => wit::orders_create::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersEdit => wit::orders_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersFulfill => wit::orders_fulfill::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersCancel => wit::orders_cancel::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersCapture => wit::orders_capture::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersRefund => wit::orders_refund::add_to_linker::<_, Own>(l, |i| i),
        Scope::OrdersDelete => wit::orders_delete::add_to_linker::<_, Own>(l, |i| i),
        Scope::ProductsView => wit::products_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::ProductsEdit => wit::products_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::ProductsPrice => wit::products_price::add_to_linker::<_, Own>(l, |i| i),
        Scope::ProductsDelete => wit::products_delete::add_to_linker::<_, Own>(l, |i| i),
        Scope::InventoryView => wit::inventory_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::InventoryAdjust => wit::inventory_adjust::add_to_linker::<_, Own>(l, |i| i),
        Scope::SettingsView => wit::settings_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::LocationsView => wit::locations_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::LocationsEdit => wit::locations_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::CartsView => wit::carts_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::CartsEdit => wit::carts_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::CustomersView => wit::customers_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::CustomersPii => wit::customers_pii::add_to_linker::<_, Own>(l, |i| i),
        Scope::CustomersEdit => wit::customers_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::CustomersDelete => wit::customers_delete::add_to_linker::<_, Own>(l, |i| i),
        Scope::CategoriesView => wit::categories_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::CategoriesEdit => wit::categories_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::GiftcardsView => wit::giftcards_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::GiftcardsIssue => wit::giftcards_issue::add_to_linker::<_, Own>(l, |i| i),
        Scope::DiscountsView => wit::discounts_view::add_to_linker::<_, Own>(l, |i| i),
        Scope::DiscountsEdit => wit::discounts_edit::add_to_linker::<_, Own>(l, |i| i),
        Scope::DiscountsDelete => wit::discounts_delete::add_to_linker::<_, Own>(l, |i| i),
        Scope::ReportsSales => wit::reports_sales::add_to_linker::<_, Own>(l, |i| i),
        // Exported by the app, not imported.
        Scope::CheckoutDiscount => Ok(()),
        // People's scopes: no manifest can declare them, and no interface has their name.
        Scope::AppsView
        | Scope::AppsInstall
        | Scope::AppsPause
        | Scope::AppsRun
        | Scope::UsageView
        | Scope::ChangesView
        | Scope::ChangesUndo
        | Scope::AuditView
        | Scope::TokensManage
        | Scope::StaffView
        | Scope::StaffManage
        | Scope::StorefrontIntake
        | Scope::ChangesApprove
        | Scope::StorefrontCheckout => Ok(()),
    }
}

/// WASI 0.2 over an empty context. Polling is refused: a guest that could wait could hold its place for nothing.
fn wasi_into(l: &mut Linker<Invocation>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(l)?;
    l.allow_shadowing(true);
    let mut poll = l.instance("wasi:io/poll@0.2.12")?;
    poll.func_wrap("poll", |_, (_,): (Vec<Resource<DynPollable>>,)| refuse::<(Vec<u32>,)>())?;
    poll.func_wrap("[method]pollable.block", |_, (_,): (Resource<DynPollable>,)| refuse::<()>())?;
    l.allow_shadowing(false);
    Ok(())
}

fn refuse<T>() -> wasmtime::Result<T> {
    Err(wasmtime::Error::msg("waiting is not available to apps: do the work now, or on a schedule"))
}
