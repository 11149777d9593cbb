//! What a buyer agreed to, on both engines: codes, quotes, orders made from them, and what of it comes back.

use super::*;
use crate::authz::scope::kind::{
    CartsView, CustomersEdit, DiscountsDelete, DiscountsEdit, OrdersCancel, OrdersRefund, OrdersView, ProductsPrice,
    ReportsSales, StorefrontCheckout,
};
use crate::db::shop::marketing::discounts::{DiscountInput, DiscountValue};
use crate::db::shop::sales::agreed::{AppDiscount, Quote};
use crate::db::shop::sales::carts::CartStatus;
use crate::db::shop::sales::intake::{CartPatch, NewCart};
use crate::db::shop::sales::orders::{Contact, NewOrder, Order};

const TEN: DiscountValue = DiscountValue::Percent(10);

impl Shop {
    fn checkout(&self) -> Permit<StorefrontCheckout> {
        authz::storefront(&mint(), self.id, front(self.id)).permit().unwrap()
    }

    async fn discount(&self, input: DiscountInput) -> String {
        let edit = self.permit::<DiscountsEdit>();
        self.change(async |draft| edit.create(draft, DiscountInput { enabled: Some(true), ..input }).await).await
    }

    async fn cart(&self, lines: Vec<QuantityOf>, codes: &[&str], customer: Option<&str>) -> String {
        let discounts = codes.iter().map(|code| (*code).to_owned()).collect();
        let new = NewCart { lines, discounts, customer: customer.map(str::to_owned), contact: None };
        self.change(async |draft| self.intake().create_cart(draft, new).await).await
    }

    async fn quote(&self, cart: &str, given: Vec<AppDiscount>) -> Result<Quote> {
        let (checkout, mut draft) = (self.checkout(), self.draft());
        let basis = checkout.rests_on(&mut draft, cart).await?;
        checkout.quote(&self.db, &mut draft, basis, given).await
    }

    async fn place(&self, cart: &str, quote: &str) -> Result<String> {
        let mut draft = self.draft();
        let id = self
            .intake()
            .place_quoted_order(&mut draft, NewOrder::default(), (cart, quote), &["acme/volume".into()])
            .await?;
        draft.commit(Completion::default()).await?;
        Ok(id)
    }

    async fn placed_order(&self, id: &str) -> Order {
        self.permit::<OrdersView>().get(&mut self.draft(), id).await.unwrap()
    }

    async fn uses(&self, discount: &str) -> u64 {
        self.draft().uses(discount, None).await.unwrap().0
    }
}

/// Why an order was refused.
fn not_agreed<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::NotAgreed(why)) => why,
        other => panic!("not refused for what changed: {other:?}"),
    }
}

#[tokio::test]
async fn an_order_is_what_its_quote_says_to_the_cent() {
    each_engine(async |shop| {
        shop.product("TEA", "3.33").await;
        shop.product("CUP", "9.99").await;
        let spring = shop.discount(DiscountInput::new("SPRING", "Spring", TEN)).await;
        let cart = shop.cart(vec![of("TEA", 3), of("CUP", 1)], &["spring"], None).await;
        let given = AppDiscount {
            app: "acme/volume".to_owned(),
            line: Some("TEA".to_owned()),
            amount: eur("1.00"),
            label: "Three of a kind".to_owned(),
        };
        let quote = shop.quote(&cart, vec![given]).await.unwrap();
        // 19.98, less 1.00 of the app, less 1.90 (10 % of 18.98).
        assert_eq!((quote.subtotal, quote.total), (eur("19.98"), eur("17.08")));
        let placed = shop.place(&cart, &quote.id).await.unwrap();
        let order = shop.placed_order(&placed).await;
        assert_eq!((order.subtotal, order.total, order.captured), (eur("19.98"), eur("17.08"), eur("17.08")));
        assert_eq!((order.cart.as_deref(), order.quote.as_deref()), (Some(&*cart), Some(&*quote.id)));
        let [of_app, of_code] = &order.discounts[..] else { panic!("{:?}", order.discounts) };
        assert_eq!((of_app.app.as_deref(), of_app.amount), (Some("acme/volume"), eur("1.00")));
        assert_eq!((of_code.discount.as_deref(), of_code.code.as_deref()), (Some(&*spring), Some("SPRING")));
        assert_eq!(of_code.amount, eur("1.90"));
        let net: i64 = order.lines.iter().map(|line| line.net().unwrap().minor).sum();
        assert_eq!(net, order.total.minor);
        assert_eq!(shop.uses(&spring).await, 1);
        // Reports say what was paid.
        let reports = shop.permit::<ReportsSales>();
        let (since, until) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
        let top = reports.top_products(&mut shop.draft(), since, until, 10).await.unwrap();
        assert_eq!(top.iter().map(|row| row.revenue.minor).sum::<i64>(), order.total.minor);
        // Pieces are refunded for what they cost, and together for no more than was paid.
        let refund = shop.permit::<OrdersRefund>();
        // Three of TEA come to 8.09.
        for (lines, back) in [(vec![of("TEA", 1)], eur("2.69")), (vec![of("TEA", 2), of("CUP", 1)], order.total)] {
            shop.change(async |draft| refund.refund_lines(draft, &placed, &lines, "broken").await).await;
            assert_eq!(shop.placed_order(&placed).await.refunded, back);
        }
        assert!(wrong(refund.refund_lines(&mut shop.draft(), &placed, &[of("TEA", 1)], "x").await).starts_with("0 of"));
        assert!(wrong(refund.refund(&mut shop.draft(), &placed, eur("0.01"), "x").await).starts_with("0.00 EUR"));
    })
    .await;
}

#[tokio::test]
async fn a_cart_without_a_quote_becomes_an_order_with_its_codes() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        shop.discount(DiscountInput::new("SPRING", "Spring", TEN)).await;
        let cart = shop.cart(vec![of("TEA", 5)], &["SPRING"], None).await;
        let intake = shop.intake();
        let placed = shop.change(async |draft| intake.place_order(draft, NewOrder::default(), Some(&cart)).await).await;
        let order = shop.placed_order(&placed).await;
        assert_eq!((order.subtotal, order.total, order.captured), (eur("20.00"), eur("18.00"), eur("18.00")));
        assert_eq!(shop.permit::<CartsView>().get(&mut shop.draft(), &cart).await.unwrap().status, CartStatus::Ordered);
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_the_quote_refuses_the_order_in_words() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let spring = shop.discount(DiscountInput::new("SPRING", "Spring", TEN)).await;
        let (prices, discounts, intake) =
            (shop.permit::<ProductsPrice>(), shop.permit::<DiscountsEdit>(), shop.intake());
        let cart = shop.cart(vec![of("TEA", 2)], &["SPRING"], None).await;
        let other = shop.cart(vec![of("TEA", 2)], &[], None).await;
        let first = shop.quote(&cart, Vec::new()).await.unwrap();
        // A price.
        shop.change(async |draft| prices.set_price(draft, "TEA", eur("5.00"), None).await).await;
        let why = not_agreed(shop.place(&cart, &first.id).await);
        assert!(why.contains("`TEA` costs 5.00 EUR now, not 4.00 EUR"), "{why}");
        assert!(why.ends_with("ask for a new one"), "{why}");
        shop.change(async |draft| prices.set_price(draft, "TEA", eur("4.00"), None).await).await;
        // A code.
        shop.change(async |draft| discounts.disable(draft, &spring).await).await;
        let why = not_agreed(shop.place(&cart, &first.id).await);
        assert!(why.contains("discount `SPRING` is not enabled"), "{why}");
        shop.change(async |draft| discounts.enable(draft, &spring).await).await;
        // What is in the cart, and whose it is.
        let patch = CartPatch { lines: Some(vec![of("TEA", 1)]), ..CartPatch::default() };
        shop.change(async |draft| intake.update_cart(draft, &cart, patch).await).await;
        assert!(not_agreed(shop.place(&cart, &first.id).await).contains("other things are in the cart"));
        let second = shop.quote(&cart, Vec::new()).await.unwrap();
        for (quote, of) in [(&first.id, &cart), (&second.id, &other), (&"quo_made_up".to_owned(), &cart)] {
            assert!(not_agreed(shop.place(of, quote).await).contains("is not the newest one of this cart"));
        }
        // Its time.
        let mut late = shop.draft();
        late.set_now(late.now() + 31 * 60 * 1_000);
        let placed = intake.place_quoted_order(&mut late, NewOrder::default(), (&cart, &second.id), &[]).await;
        assert!(not_agreed(placed).contains("ended at"));
        // What else the order says.
        let lines = NewOrder { lines: vec![of("TEA", 1)], ..NewOrder::default() };
        let why = wrong(intake.place_quoted_order(&mut shop.draft(), lines, (&cart, &second.id), &[]).await);
        assert!(why.ends_with("leave both out"), "{why}");
        // It holds, and only once.
        shop.place(&cart, &second.id).await.unwrap();
        assert!(wrong(shop.place(&cart, &second.id).await).ends_with("it cannot change any more"));
        // Quotes whose time is over are forgotten.
        assert_eq!(shop.db.forget_quotes(crate::db::now_ms()).await.unwrap(), 0);
        assert!(shop.db.forget_quotes(crate::db::now_ms() + 3_600_000).await.unwrap() >= 1);
    })
    .await;
}

#[tokio::test]
async fn the_last_piece_that_two_buyers_were_promised_is_sold_once() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await; // 10 of it
        let (one, two) =
            (shop.cart(vec![of("TEA", 6)], &[], None).await, shop.cart(vec![of("TEA", 6)], &[], None).await);
        let (first, second) = (shop.quote(&one, vec![]).await.unwrap(), shop.quote(&two, vec![]).await.unwrap());
        assert!(first.lines[0].in_stock);
        let (intake, mut both) = (shop.intake(), [shop.draft(), shop.draft()]);
        let [a, b] = &mut both;
        intake.place_quoted_order(a, NewOrder::default(), (&one, &first.id), &[]).await.unwrap();
        intake.place_quoted_order(b, NewOrder::default(), (&two, &second.id), &[]).await.unwrap();
        let [a, b] = both;
        commit(a).await;
        let why = not_agreed(b.commit(Completion::default()).await);
        assert_eq!(why, "only 4 of `TEA` are left; ask for a new quote");
        assert!(not_agreed(shop.place(&two, &second.id).await).contains("only 4 of `TEA` are left"));
        // Whoever agrees to wait for it gets it.
        let third = shop.quote(&two, vec![]).await.unwrap();
        assert!(!third.lines[0].in_stock);
        shop.place(&two, &third.id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_buyers_at_once_cannot_both_take_the_last_use_of_a_code() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let once = shop.discount(DiscountInput { max_uses: Some(1), ..DiscountInput::new("ONCE", "Once", TEN) }).await;
        let mut quoted = Vec::new();
        for _ in 0..6 {
            let cart = shop.cart(vec![of("TEA", 1)], &["ONCE"], None).await;
            let quote = shop.quote(&cart, vec![]).await.unwrap();
            quoted.push((cart, quote.id));
        }
        // Each was looked at while the code was still free.
        let (intake, mut drafts) = (shop.intake(), Vec::new());
        for (cart, quote) in &quoted {
            let mut draft = shop.draft();
            intake.place_quoted_order(&mut draft, NewOrder::default(), (cart, quote), &[]).await.unwrap();
            drafts.push(draft);
        }
        let ended = futures_util::future::join_all(drafts.into_iter().map(|draft| draft.commit(Completion::default())));
        let (ok, refused): (Vec<_>, Vec<_>) = ended.await.into_iter().partition(Result::is_ok);
        assert_eq!((ok.len(), refused.len(), shop.uses(&once).await), (1, 5, 1));
        for refused in refused {
            assert_eq!(not_agreed(refused), "discount `ONCE` was used as often as it may be; leave it out");
        }
        let cart = shop.cart(vec![of("TEA", 1)], &["ONCE"], None).await;
        let quote = shop.quote(&cart, vec![]).await.unwrap();
        assert_eq!((quote.total, quote.left_out.len()), (eur("1.00"), 1));
    })
    .await;
}

#[tokio::test]
async fn a_customer_uses_a_code_as_often_as_it_says_and_a_guest_does_not() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let input = DiscountInput::new("EACH", "Each", TEN);
        let each = shop.discount(DiscountInput { max_uses_per_customer: Some(1), ..input }).await;
        let edit = shop.permit::<CustomersEdit>();
        let [ada, bob] = [
            shop.change(async |draft| edit.create(draft, Contact::default(), vec![]).await).await,
            shop.change(async |draft| edit.create(draft, Contact::default(), vec![]).await).await,
        ];
        for (customer, off) in [(Some(&*ada), true), (Some(&*ada), false), (Some(&*bob), true), (None, false)] {
            let cart = shop.cart(vec![of("TEA", 10)], &["EACH"], customer).await;
            let quote = shop.quote(&cart, vec![]).await.unwrap();
            assert_eq!(quote.discounts.len(), usize::from(off), "{customer:?}: {:?}", quote.left_out);
            shop.place(&cart, &quote.id).await.unwrap();
        }
        assert_eq!(shop.uses(&each).await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_stands_no_more_gives_its_use_back() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let free = DiscountInput::new("FREE", "Free", DiscountValue::Percent(100));
        let free = shop.discount(DiscountInput { max_uses: Some(1), ..free }).await;
        let cancel = shop.permit::<OrdersCancel>();
        for _ in 0..3 {
            let cart = shop.cart(vec![of("TEA", 1)], &["FREE"], None).await;
            let quote = shop.quote(&cart, vec![]).await.unwrap();
            assert_eq!(quote.total, eur("0.00"), "{:?}", quote.left_out);
            let placed = shop.place(&cart, &quote.id).await.unwrap();
            assert_eq!(shop.uses(&free).await, 1);
            shop.change(async |draft| cancel.cancel(draft, &placed, "wrong", true).await).await;
            assert_eq!(shop.uses(&free).await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn codes_apply_to_what_they_say_and_those_that_stand_alone_stand_alone() {
    each_engine(async |shop| {
        let tea = shop.product("TEA", "10.00").await;
        shop.product("CUP", "10.00").await;
        let of_tea = DiscountInput { products: vec![tea.clone()], ..DiscountInput::new("TEATIME", "Tea", TEN) };
        shop.discount(of_tea).await;
        let much = DiscountInput { minimum: Some(eur("50.00")), ..DiscountInput::new("MUCH", "Much", TEN) };
        shop.discount(much).await;
        let alone =
            DiscountInput { combines: false, ..DiscountInput::new("ALONE", "Alone", DiscountValue::Percent(30)) };
        shop.discount(alone).await;
        let both = || vec![of("TEA", 1), of("CUP", 1)];
        for (codes, total, out) in [
            (&["TEATIME"][..], "19.00", &[][..]),
            (&["MUCH"], "20.00", &["MUCH"]),
            (&["TEATIME", "ALONE"], "14.00", &["TEATIME"]),
            (&["ALONE", "TEATIME", "MUCH"], "14.00", &["MUCH", "TEATIME"]),
        ] {
            let cart = shop.cart(both(), codes, None).await;
            let quote = shop.quote(&cart, vec![]).await.unwrap();
            assert_eq!(quote.total, eur(total), "{codes:?}");
            let mut left: Vec<_> = quote.left_out.iter().map(|out| &*out.code).collect();
            left.sort_unstable();
            assert_eq!(left, out, "{codes:?}");
        }
        let unknown = DiscountInput { products: vec!["prd_nix".to_owned()], ..DiscountInput::new("X", "X", TEN) };
        let edit = shop.permit::<DiscountsEdit>();
        assert!(matches!(edit.create(&mut shop.draft(), unknown).await, Err(Error::NotFound { kind: "product", .. })));
        let never = DiscountInput { max_uses: Some(0), ..DiscountInput::new("X", "X", TEN) };
        assert!(wrong(edit.create(&mut shop.draft(), never).await).starts_with("a discount can be used at least once"));
    })
    .await;
}

#[tokio::test]
async fn a_code_of_another_store_and_one_that_is_gone_take_nothing_off() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let other = shop.neighbour().await;
        other.discount(DiscountInput::new("THEIRS", "Theirs", TEN)).await;
        let typed = NewCart { lines: vec![of("TEA", 1)], discounts: vec!["THEIRS".to_owned()], ..NewCart::default() };
        let refused = shop.intake().create_cart(&mut shop.draft(), typed).await.unwrap_err();
        assert_eq!(refused.to_string(), "no discount `THEIRS`");
        let gone = shop.discount(DiscountInput::new("GONE", "Gone", TEN)).await;
        let cart = shop.cart(vec![of("TEA", 10)], &["GONE"], None).await;
        let quote = shop.quote(&cart, vec![]).await.unwrap();
        shop.change(async |draft| shop.permit::<DiscountsDelete>().delete(draft, &gone).await).await;
        assert!(not_agreed(shop.place(&cart, &quote.id).await).contains("no discount `GONE`"));
        // Their front has no such cart.
        let theirs = other.checkout().rests_on(&mut other.draft(), &cart).await.unwrap_err();
        assert!(matches!(theirs, Error::NotFound { kind: "cart", .. }), "{theirs}");
    })
    .await;
}

#[tokio::test]
async fn an_app_that_gives_more_than_a_line_costs_makes_it_free_and_no_cheaper() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let cart = shop.cart(vec![of("TEA", 2)], &[], None).await;
        let given = |line: Option<&str>, amount: &str| AppDiscount {
            app: "acme/wild".to_owned(),
            line: line.map(str::to_owned),
            amount: eur(amount),
            label: "Wild".to_owned(),
        };
        let wild = vec![given(Some("TEA"), "20.00"), given(None, "1000000.00"), given(Some("NIX"), "1.00")];
        let quote = shop.quote(&cart, wild).await.unwrap();
        assert_eq!((quote.total, quote.discounts.len()), (eur("0.00"), 1));
        // What it gave before it was taken from it is nobody's to keep.
        assert!(not_agreed(shop.place(&cart, &quote.id).await).contains("`acme/wild` gives no discounts any more"));
        let less = shop.quote(&cart, vec![given(Some("TEA"), "-5.00")]).await.unwrap();
        assert_eq!((less.total, less.discounts.len()), (eur("2.00"), 0));
    })
    .await;
}

#[tokio::test]
async fn an_order_written_before_orders_said_what_they_consist_of_is_still_read() {
    let old = serde_json::json!({
        "id": "ord_1", "number": 1001, "status": "open", "payment": "paid", "fulfillment": "unfulfilled",
        "customer": null, "total": { "amount": "4.00", "currency": "EUR" },
        "lines": [{ "sku": "TEA", "product": "prd_1", "title": "Tea", "quantity": 1, "fulfilled": 0,
            "price": { "amount": "4.00", "currency": "EUR" } }],
        "captured": { "amount": "4.00", "currency": "EUR" }, "refunded": { "amount": "0.00", "currency": "EUR" },
        "tags": [], "fulfillments": [], "refunds": [], "cancel_reason": null,
        "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
    });
    let order: Order = serde_json::from_value(old).unwrap();
    assert_eq!((order.subtotal, order.total, order.shipping), (eur("4.00"), eur("4.00"), eur("0.00")));
    assert!(order.discounts.is_empty() && order.cart.is_none());
}
