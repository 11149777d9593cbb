//! Discounts: what `discounts:*` permits allow.

use crate::authz::scope::kind::DiscountsEdit;
use crate::authz::{Cap, Grants, Permit};
use crate::db::core::caps::over;
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::drafts::opens::Reads;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Space, text};
use crate::db::core::money::Money;
use crate::db::core::simple::{Checked, simple};
use crate::db::core::time::{opt_ms, rfc3339};
use crate::db::core::topic::Topic;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a discount takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiscountValue {
    /// Percent of the price, 1 to 100.
    Percent(u32),
    /// A fixed amount off the whole cart, in the store's currency.
    Amount(Money),
}

simple! {
    /// A discount of the store.
    document Discount: Discount, view DiscountsView, edit DiscountsEdit, delete DiscountsDelete;
    /// All of a discount that can be chosen.
    input DiscountInput {
        /// What a buyer types in: 1 to 40 characters without spaces, unique within the store, upper and lower case alike.
        code: String,
        /// What it is called: 1 to 200 characters.
        title: String,
        /// What it takes off.
        value: DiscountValue,
        /// RFC 3339, if it begins later.
        starts_at: Option<String>,
        /// RFC 3339, if it ends.
        ends_at: Option<String>,
    }
    state {
        /// Whether buyers can use it. A new one is not enabled.
        enabled: bool = false,
    }
    /// Which discounts.
    filters Discounts {
        /// Whether buyers can use it.
        enabled: bool,
    }
}

/// The discount with this code, if buyers can use it at the moment the draft began.
pub(in crate::db) async fn usable<S: Reads<Discount>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    code: &str,
) -> Result<Discount> {
    draft.accept(permit)?;
    let id =
        draft.by_key(Space::Code, &code.to_lowercase()).await?.ok_or_else(|| Error::not_found("discount", code))?;
    let discount: Discount = draft.get(permit, &id).await?;
    let (starts, ends) = (opt_ms(discount.starts_at.as_deref())?, opt_ms(discount.ends_at.as_deref())?);
    if !discount.enabled {
        return Err(Error::invalid(format!("discount `{}` is not enabled", discount.code)));
    }
    if let Some(at) = starts.filter(|at| draft.now() < *at) {
        return Err(Error::invalid(format!("discount `{}` starts at {}", discount.code, rfc3339(at))));
    }
    if let Some(at) = ends.filter(|at| draft.now() >= *at) {
        return Err(Error::invalid(format!("discount `{}` ended at {}", discount.code, rfc3339(at))));
    }
    Ok(discount)
}

impl Checked for Discount {
    /// Moments come back in the one shape documents have.
    async fn check(
        mut input: DiscountInput,
        permit: &Permit<DiscountsEdit>,
        draft: &mut Draft,
        _: &str,
        _: Option<&Discount>,
    ) -> Result<DiscountInput> {
        text("a code", &input.code, 1, 40)?;
        if input.code.contains(char::is_whitespace) {
            return Err(Error::invalid(format!("`{}` is not a code; leave out spaces", input.code)));
        }
        text("a title", &input.title, 1, 200)?;
        check_off(permit, input.value)?;
        match input.value {
            DiscountValue::Percent(1..=100) => {}
            DiscountValue::Percent(percent) => {
                return Err(Error::invalid(format!("a discount takes off 1 to 100 percent, not {percent}")));
            }
            DiscountValue::Amount(amount) => {
                let currency = draft.settings(permit).await?.currency()?;
                amount
                    .positive()?
                    .same_currency(Money::zero(currency))
                    .map_err(|_| Error::invalid(format!("discounts of this store are in {}", currency.code())))?;
            }
        }
        let (starts, ends) = (opt_ms(input.starts_at.as_deref())?, opt_ms(input.ends_at.as_deref())?);
        if starts.zip(ends).is_some_and(|(starts, ends)| starts >= ends) {
            return Err(Error::invalid("a discount begins before it ends; swap `starts_at` and `ends_at`"));
        }
        (input.starts_at, input.ends_at) = (starts.map(rfc3339), ends.map(rfc3339));
        Ok(input)
    }
}

/// Checks what a discount takes off against the cap on it. What an amount takes off of a cart that nobody knows yet
/// has no percentage, so it is over any.
fn check_off(permit: &Permit<DiscountsEdit>, value: DiscountValue) -> Result<()> {
    let caps = &permit.terms().caps;
    match (caps.get(Cap::MaxOff), value) {
        (None, _) => Ok(()),
        (Some(most), DiscountValue::Percent(percent)) if u64::from(percent) <= most => Ok(()),
        (Some(most), _) => {
            Err(over(DiscountsEdit::SCOPE, caps, Cap::MaxOff, i64::try_from(most).unwrap_or(i64::MAX), None))
        }
    }
}

impl Permit<DiscountsEdit> {
    /// Lets buyers use it. Enabling one twice changes nothing.
    pub async fn enable(&self, draft: &mut Draft, id: &str) -> Result<()> {
        self.set_enabled(draft, id, true).await
    }

    /// Stops buyers from using it. Disabling one twice changes nothing.
    pub async fn disable(&self, draft: &mut Draft, id: &str) -> Result<()> {
        self.set_enabled(draft, id, false).await
    }

    async fn set_enabled(&self, draft: &mut Draft, id: &str, enabled: bool) -> Result<()> {
        let mut edit: Edit<Discount> = draft.edit(self, id).await?;
        if edit.doc.enabled == enabled {
            return Ok(());
        }
        if enabled {
            check_off(self, edit.doc.value)?;
        }
        (edit.doc.enabled, edit.doc.updated_at) = (enabled, draft.at());
        draft.put(self, &edit)?;
        draft.emit(Topic::DiscountsUpdated, id);
        Ok(())
    }
}
