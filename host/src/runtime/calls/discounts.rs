//! `discounts:*`.

use super::convert::{all, money};
use super::wit::{discounts_delete, discounts_edit, discounts_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{DiscountsDelete, DiscountsEdit, DiscountsView};
use crate::db::discounts::{Discount, DiscountInput, DiscountValue};
use crate::db::{Draft, Result};

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
            id: d.id,
            code: d.code,
            title: d.title,
            value: d.value.into(),
            enabled: d.enabled,
            starts_at: d.starts_at,
            ends_at: d.ends_at,
            created_at: d.created_at,
            updated_at: d.updated_at,
        }
    }
}

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

impl discounts_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<discounts_view::Discount> {
        let call = async |discounts: Permit<DiscountsView>, draft: &mut _| discounts.get(draft, &id).await;
        Ok(self.host_call("discounts-view.get", call).await?.into())
    }

    async fn search(&mut self, enabled: Option<bool>, page: types::Page) -> Answer<discounts_view::DiscountPage> {
        let page = page.into();
        let call =
            async |discounts: Permit<DiscountsView>, draft: &mut _| discounts.search(draft, enabled, &page).await;
        let found = self.host_call("discounts-view.search", call).await?;
        Ok(discounts_view::DiscountPage { items: all(found.items), next: found.next_cursor })
    }
}

impl discounts_edit::Host for Invocation {
    async fn create(&mut self, discount: discounts_edit::DiscountInput) -> Answer<String> {
        let call =
            async |discounts: Permit<DiscountsEdit>, draft: &mut Draft| discounts.create(draft, input(discount)?).await;
        self.host_call("discounts-edit.create", call).await
    }

    async fn update(&mut self, id: String, discount: discounts_edit::DiscountInput) -> Answer<()> {
        let call = async |discounts: Permit<DiscountsEdit>, draft: &mut Draft| {
            discounts.update(draft, &id, input(discount)?).await
        };
        self.host_call("discounts-edit.update", call).await
    }

    async fn enable(&mut self, id: String) -> Answer<()> {
        let call = async |discounts: Permit<DiscountsEdit>, draft: &mut _| discounts.enable(draft, &id).await;
        self.host_call("discounts-edit.enable", call).await
    }

    async fn disable(&mut self, id: String) -> Answer<()> {
        let call = async |discounts: Permit<DiscountsEdit>, draft: &mut _| discounts.disable(draft, &id).await;
        self.host_call("discounts-edit.disable", call).await
    }
}

impl discounts_delete::Host for Invocation {
    async fn delete(&mut self, id: String) -> Answer<()> {
        let call = async |discounts: Permit<DiscountsDelete>, draft: &mut _| discounts.delete(draft, &id).await;
        self.host_call("discounts-delete.delete", call).await
    }
}
