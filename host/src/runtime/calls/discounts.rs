//! `discounts:*`.

use super::convert::money;
use super::wit::{discounts_edit, discounts_view, types};
use crate::db::Result;
use crate::db::discounts::{Discount, DiscountInput, DiscountValue, Discounts};

impl From<DiscountValue> for types::DiscountValue {
    fn from(value: DiscountValue) -> Self {
        match value {
            DiscountValue::Percent(percent) => types::DiscountValue::Percent(percent),
            DiscountValue::Amount(amount) => types::DiscountValue::Amount(amount.into()),
        }
    }
}

mirrors! {
    Discount => discounts_view::Discount {
        id, code, title, value, enabled, starts_at, ends_at, created_at, updated_at,
    }
}
pages! { Discount => discounts_view::DiscountPage; }

fn input(given: discounts_edit::DiscountInput) -> Result<DiscountInput> {
    let value = match &given.value {
        types::DiscountValue::Percent(percent) => DiscountValue::Percent(*percent),
        types::DiscountValue::Amount(amount) => DiscountValue::Amount(money(amount)?),
    };
    Ok(DiscountInput {
        code: given.code,
        title: given.title,
        value,
        starts_at: given.starts_at,
        ends_at: given.ends_at,
    })
}

host_calls! {
    discounts_view DiscountsView {
        get(id: String) -> discounts_view::Discount = |discounts, draft| discounts.get(draft, &id).await;
        search(enabled: Option<bool>, page: types::Page) -> discounts_view::DiscountPage =
            |discounts, draft| {
                let types::Page { limit, cursor } = page;
                discounts.search(draft, &Discounts { enabled, limit, cursor }).await
            };
    }
    discounts_edit DiscountsEdit {
        create(discount: discounts_edit::DiscountInput) -> String =
            |discounts, draft| discounts.create(draft, input(discount)?).await;
        update(id: String, discount: discounts_edit::DiscountInput) -> () =
            |discounts, draft| discounts.update(draft, &id, input(discount)?).await;
        enable(id: String) -> () = |discounts, draft| discounts.enable(draft, &id).await;
        disable(id: String) -> () = |discounts, draft| discounts.disable(draft, &id).await;
    }
    discounts_delete DiscountsDelete {
        delete(id: String) -> () = |discounts, draft| discounts.delete(draft, &id).await;
    }
}
