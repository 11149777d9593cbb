//! Discounts on both engines.

use super::*;
use crate::authz::scope::kind::{DiscountsDelete, DiscountsEdit, DiscountsView};
use crate::db::shop::marketing::discounts::{DiscountInput, DiscountValue, Discounts};

fn input(code: &str, value: DiscountValue) -> DiscountInput {
    DiscountInput::new(code, "Sale", value)
}

const TEN: DiscountValue = DiscountValue::Percent(10);

#[tokio::test]
async fn a_discount_starts_disabled_and_its_events_say_what_it_takes_off() {
    each_engine(async |shop| {
        let (edit, view) = (shop.permit::<DiscountsEdit>(), shop.permit::<DiscountsView>());
        let one = shop.change(async |draft| edit.create(draft, input("ONE", TEN)).await).await;
        let amount = DiscountValue::Amount(eur("2.50"));
        let two = shop.change(async |draft| edit.create(draft, input("TWO", amount)).await).await;
        shop.change(async |draft| edit.enable(draft, &two).await).await;
        let mut draft = shop.draft();
        for (enabled, ids) in [(Some(true), vec![&two]), (Some(false), vec![&one]), (None, vec![&one, &two])] {
            let found = view.search(&mut draft, &Discounts { enabled, ..Discounts::default() }).await.unwrap();
            assert_eq!(found.items.iter().map(|discount| &discount.id).collect::<Vec<_>>(), ids);
        }
        let events = shop.events().await;
        assert_eq!(events[0].2["value"], serde_json::json!({ "percent": 10 }));
        assert_eq!(events[1].2["value"], serde_json::json!({ "amount": { "amount": "2.50", "currency": "EUR" } }));
        assert_eq!(shop.topics(&two).await, ["discounts/created", "discounts/updated"]);
    })
    .await;
}

#[tokio::test]
async fn codes_are_unique_whatever_their_case_and_can_be_swapped_in_one_draft() {
    each_engine(async |shop| {
        let edit = shop.permit::<DiscountsEdit>();
        let one = shop.change(async |draft| edit.create(draft, input("ONE", TEN)).await).await;
        let two = shop.change(async |draft| edit.create(draft, input("TWO", TEN)).await).await;
        let mut draft = shop.draft();
        let taken = edit.create(&mut draft, input("one", TEN)).await.unwrap_err();
        assert_eq!(taken.to_string(), "the code `one` is taken");
        edit.update(&mut draft, &one, input("one", TEN)).await.unwrap();
        edit.update(&mut draft, &one, input("THREE", TEN)).await.unwrap();
        edit.update(&mut draft, &two, input("ONE", TEN)).await.unwrap();
        edit.update(&mut draft, &one, input("TWO", TEN)).await.unwrap();
        commit(draft).await;
        // A deleted one gives its code free in the same draft.
        let mut draft = shop.draft();
        shop.permit::<DiscountsDelete>().delete(&mut draft, &two).await.unwrap();
        edit.update(&mut draft, &one, input("One", TEN)).await.unwrap();
        commit(draft).await;
        let left = shop.permit::<DiscountsView>().search(&mut shop.draft(), &Discounts::default()).await.unwrap();
        assert_eq!(left.items.iter().map(|d| (&*d.id, &*d.code)).collect::<Vec<_>>(), [(&*one, "One")]);
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_and_deleted_in_one_draft_makes_no_event_about_the_change() {
    each_engine(async |shop| {
        let edit = shop.permit::<DiscountsEdit>();
        let id = shop.change(async |draft| edit.create(draft, input("ONE", TEN)).await).await;
        let mut draft = shop.draft();
        edit.enable(&mut draft, &id).await.unwrap();
        shop.permit::<DiscountsDelete>().delete(&mut draft, &id).await.unwrap();
        commit(draft).await;
        assert_eq!(shop.topics(&id).await, ["discounts/created"]);
    })
    .await;
}

#[tokio::test]
async fn a_discount_nobody_could_use_is_refused_in_words() {
    each_engine(async |shop| {
        let edit = shop.permit::<DiscountsEdit>();
        let mut draft = shop.draft();
        let usd = DiscountValue::Amount(Money::parse("1.00", "USD").unwrap());
        for (code, value, words) in [
            ("A B", TEN, "`A B` is not a code; leave out spaces"),
            ("A", DiscountValue::Percent(0), "a discount takes off 1 to 100 percent, not 0"),
            ("A", DiscountValue::Percent(101), "a discount takes off 1 to 100 percent, not 101"),
            ("A", DiscountValue::Amount(eur("0.00")), "`0.00 EUR` must be more than zero"),
            ("A", usd, "discounts of this store are in EUR"),
        ] {
            assert_eq!(wrong(edit.create(&mut draft, input(code, value)).await), words);
        }
        let (starts, ends) = ("2026-02-01T00:00:00Z".to_owned(), "2026-01-01T00:00:00Z".to_owned());
        let turned = DiscountInput { starts_at: Some(starts), ends_at: Some(ends), ..input("A", TEN) };
        assert!(wrong(edit.create(&mut draft, turned).await).starts_with("a discount begins before it ends"));
    })
    .await;
}
