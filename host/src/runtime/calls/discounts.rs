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

impl From<Discount> for discounts_view::Discount {
    fn from(d: Discount) -> Self {
        Self {
            enabled: d.is_enabled(),
            id: d.id,
            code: d.code,
            title: d.title,
            value: d.value.into(),
            starts_at: d.starts_at,
            ends_at: d.ends_at,
            created_at: d.created_at,
            updated_at: d.updated_at,
        }
    }
}
pages! { Discount => discounts_view::DiscountPage; }

fn input(given: discounts_edit::DiscountInput) -> Result<DiscountInput> {
    let value = match &given.value {
        types::DiscountValue::Percent(percent) => DiscountValue::Percent(*percent),
        types::DiscountValue::Amount(amount) => DiscountValue::Amount(money(amount)?),
    };
    let input = DiscountInput::new(given.code, given.title, value);
    Ok(DiscountInput { starts_at: given.starts_at, ends_at: given.ends_at, ..input })
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
            |discounts, draft| discounts.update_basics(draft, &id, input(discount)?).await;
        enable(id: String) -> () = |discounts, draft| discounts.enable(draft, &id).await;
        disable(id: String) -> () = |discounts, draft| discounts.disable(draft, &id).await;
    }
    discounts_delete DiscountsDelete {
        delete(id: String) -> () = |discounts, draft| discounts.delete(draft, &id).await;
    }
}
