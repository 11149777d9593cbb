//! Every call there is, in the order of the contract.

use storehand::{
    ContactDetails, DiscountValue, Page, QuantityOf, Result, Tracking, carts, categories, customers, discounts,
    giftcards, inventory, locations, orders, pages, products, reports, runtime, settings as own_settings, storage,
    store_settings, taxes,
};

use crate::settings::Settings;
use crate::tally::Tally;

const SINCE: &str = "2026-01-01T00:00:00Z";
const UNTIL: &str = "2026-02-01T00:00:00Z";

/// Calls that need no scope.
pub fn neutral(tally: &mut Tally<'_>) {
    let page = Page::default();
    tally.attempt("runtime.now", || Ok(runtime::now()));
    tally.attempt("runtime.random", || Ok(runtime::random(16)));
    tally.attempt("runtime.identity", || Ok(runtime::identity()));
    tally.attempt("runtime.is_dry_run", || Ok(runtime::is_dry_run()));
    tally.attempt("runtime.pending", || runtime::pending("prd_1"));
    tally.attempt("settings.get", own_settings::get::<Settings>);
    tally.attempt("storage.set", || storage::set("reach", "far"));
    tally.attempt("storage.get", || storage::get("reach"));
    tally.attempt("storage.keys", || storage::keys("re", &page));
    tally.attempt("storage.delete", || storage::delete("reach"));
}

/// Orders, carts and customers.
pub fn sales(tally: &mut Tally<'_>, order: &str, settings: &Settings) -> Result {
    let (page, ids) = (Page::default(), &settings.ids);
    let one = [QuantityOf { sku: ids.sku.clone(), quantity: 1 }];
    let cent = settings.money(1)?;
    let tracking = Tracking { carrier: "Nobody".into(), number: "0".into(), url: None };
    let contact = ContactDetails { name: Some("Nobody".into()), ..ContactDetails::default() };
    let new_order = orders::NewOrder {
        draft: true,
        lines: one.to_vec(),
        customer: None,
        contact: None,
        tags: vec!["over-reach".into()],
    };
    let some_orders = orders::OrderFilter::default();
    let some_customers = customers::CustomerFilter::default();

    tally.attempt("orders.get", || orders::get(order));
    tally.attempt("orders.search", || orders::search(&some_orders, &page));
    tally.attempt("orders.count", || orders::count(&some_orders));
    tally.attempt("orders.contact", || orders::contact(order));
    tally.attempt("orders.create", || orders::create(&new_order));
    tally.attempt("orders.tag", || orders::tag(order, "over-reach"));
    tally.attempt("orders.untag", || orders::untag(order, "over-reach"));
    tally.attempt("orders.note", || orders::note(order, "was here"));
    tally.attempt("orders.set_lines", || orders::set_lines(order, &one));
    tally.attempt("orders.fulfill", || orders::fulfill(order, &[], Some(&tracking)));
    tally.attempt("orders.update_tracking", || orders::update_tracking(order, &ids.fulfillment, &tracking));
    tally.attempt("orders.cancel", || orders::cancel(order, "because", false));
    tally.attempt("orders.capture", || orders::capture(order, &cent));
    tally.attempt("orders.refund", || orders::refund(order, &cent, "because"));
    tally.attempt("orders.delete", || orders::delete(order));

    tally.attempt("carts.get", || carts::get(&ids.cart));
    tally.attempt("carts.search", || carts::search(&carts::CartFilter::default(), &page));
    tally.attempt("carts.restore_link", || carts::restore_link(&ids.cart));
    tally.attempt("carts.apply_discount", || carts::apply_discount(&ids.cart, &ids.code));

    tally.attempt("customers.get", || customers::get(&ids.customer));
    tally.attempt("customers.search", || customers::search(&some_customers, &page));
    tally.attempt("customers.count", || customers::count(&some_customers));
    tally.attempt("customers.contact", || customers::contact(&ids.customer));
    tally.attempt("customers.find_by_email", || customers::find_by_email(&ids.email));
    tally.attempt("customers.create", || customers::create(&contact, &[]));
    tally.attempt("customers.update", || customers::update(&ids.customer, &contact));
    tally.attempt("customers.tag", || customers::tag(&ids.customer, "over-reach"));
    tally.attempt("customers.untag", || customers::untag(&ids.customer, "over-reach"));
    tally.attempt("customers.set_consent", || customers::set_consent(&ids.customer, true));
    tally.attempt("customers.delete", || customers::delete(&ids.customer));
    Ok(())
}

/// Products, categories, stock and gift cards.
pub fn catalog(tally: &mut Tally<'_>, settings: &Settings) -> Result {
    let (page, ids) = (Page::default(), &settings.ids);
    let cent = settings.money(1)?;
    let some_products = products::ProductFilter::default();
    let new_product = products::NewProduct {
        title: "Over-reach".into(),
        description: String::new(),
        variants: vec![products::NewVariant { sku: "OVER-REACH".into(), title: "One".into(), price: cent.clone() }],
        tags: vec![],
        pictures: vec![],
    };
    let patch = products::ProductPatch { title: Some("Over-reach".into()), ..products::ProductPatch::default() };

    tally.attempt("products.get", || products::get(&ids.product));
    tally.attempt("products.search", || products::search(&some_products, &page));
    tally.attempt("products.count", || products::count(&some_products));
    tally.attempt("products.by_sku", || products::by_sku(&ids.sku));
    tally.attempt("products.create", || products::create(&new_product));
    tally.attempt("products.update", || products::update(&ids.product, &patch));
    tally.attempt("products.publish", || products::publish(&ids.product));
    tally.attempt("products.unpublish", || products::unpublish(&ids.product));
    tally.attempt("products.set_price", || products::set_price(&ids.sku, &cent, None));

    tally.attempt("categories.get", || categories::get(&ids.category));
    tally.attempt("categories.search", || categories::search(None, &page));
    tally.attempt("categories.create", || categories::create("Over-reach", None));
    tally.attempt("categories.update", || categories::update(&ids.category, "Over-reach", None));
    tally.attempt("categories.assign", || categories::assign(&ids.product, &[]));
    tally.attempt("categories.delete", || categories::delete(&ids.category));

    tally.attempt("inventory.level", || inventory::level(&ids.sku, &ids.location));
    tally.attempt("inventory.search", || inventory::search(&inventory::LevelFilter::default(), &page));
    tally.attempt("inventory.adjust", || inventory::adjust(&ids.sku, &ids.location, 1, "because"));
    tally.attempt("inventory.set", || inventory::set(&ids.sku, &ids.location, 0));

    tally.attempt("giftcards.get", || giftcards::get(&ids.giftcard));
    tally.attempt("giftcards.search", || giftcards::search(None, &page));
    tally.attempt("giftcards.issue", || giftcards::issue(&cent, None));
    tally.attempt("giftcards.deactivate", || giftcards::deactivate(&ids.giftcard));

    tally.attempt("products.delete", || products::delete(&ids.product));
    Ok(())
}

/// Every call on one kind of simple document.
macro_rules! simple {
    ($resource:ident by ($($by:expr),*), $tally:ident, $settings:ident, $input:expr) => {{
        let (page, id, input) = (Page::default(), &$settings.ids.simple, $input);
        $tally.attempt(concat!(stringify!($resource), ".get"), || $resource::get(id));
        $tally.attempt(concat!(stringify!($resource), ".search"), || $resource::search($($by,)* &page));
        $tally.attempt(concat!(stringify!($resource), ".create"), || $resource::create(&input));
        $tally.attempt(concat!(stringify!($resource), ".update"), || $resource::update(id, &input));
        $tally.attempt(concat!(stringify!($resource), ".delete"), || $resource::delete(id));
    }};
}

/// Simple documents.
pub fn simple(tally: &mut Tally<'_>, settings: &Settings) -> Result {
    let word = settings.ids.simple.to_lowercase().replace('_', "-");
    let page = pages::WebPageInput { path: word.clone(), title: "Over".into(), body: "reach".into(), published: true };
    simple!(pages by (None), tally, settings, page);
    let rate = taxes::TaxRateInput { zone: "DE".into(), class: word, name: "Over".into(), rate: 1 };
    simple!(taxes by (None), tally, settings, rate);
    Ok(())
}

/// Discounts, reports, settings and locations.
pub fn rest(tally: &mut Tally<'_>, settings: &Settings) -> Result {
    let (page, ids) = (Page::default(), &settings.ids);
    let discount = discounts::DiscountInput {
        code: "OVERREACH".into(),
        title: "Over-reach".into(),
        value: DiscountValue::Percent(100),
        starts_at: None,
        ends_at: None,
    };

    tally.attempt("discounts.get", || discounts::get(&ids.discount));
    tally.attempt("discounts.search", || discounts::search(None, &page));
    tally.attempt("discounts.create", || discounts::create(&discount));
    tally.attempt("discounts.update", || discounts::update(&ids.discount, &discount));
    tally.attempt("discounts.enable", || discounts::enable(&ids.discount));
    tally.attempt("discounts.disable", || discounts::disable(&ids.discount));
    tally.attempt("discounts.delete", || discounts::delete(&ids.discount));

    tally.attempt("reports.sales", || reports::sales(reports::Period::Day, SINCE, UNTIL));
    tally.attempt("reports.top_products", || reports::top_products(SINCE, UNTIL, 10));

    tally.attempt("store_settings.get", store_settings::get);

    tally.attempt("locations.get", || locations::get(&ids.location));
    tally.attempt("locations.search", || locations::search(&page));
    tally.attempt("locations.create", || locations::create("Over-reach"));
    tally.attempt("locations.update", || locations::update(&ids.location, "Over-reach", true));
    Ok(())
}
