//! Discounts: what `discounts:*` permits allow.

use crate::authz::scope::kind::{DiscountsDelete, DiscountsEdit, DiscountsView};
use crate::authz::{Cap, Grants, Permit, record_id};
use crate::db::core::caps::over;
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, Space, text};
use crate::db::core::money::Money;
use crate::db::core::page::{Items, Page};
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

/// A discount of the store.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Discount {
    /// Its id.
    pub id: String,
    /// What a buyer types in; unique within the store, upper and lower case alike.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What it takes off.
    pub value: DiscountValue,
    /// Whether buyers can use it.
    pub enabled: bool,
    /// RFC 3339, if it begins later.
    pub starts_at: Option<String>,
    /// RFC 3339, if it ends.
    pub ends_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Discount {
    const KIND: Kind = Kind::Discount;
}

/// All of a discount that can be chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountInput {
    /// What a buyer types in: 1 to 40 characters without spaces.
    pub code: String,
    /// What it is called: 1 to 200 characters.
    pub title: String,
    /// What it takes off.
    pub value: DiscountValue,
    /// RFC 3339, if it begins later.
    pub starts_at: Option<String>,
    /// RFC 3339, if it ends.
    pub ends_at: Option<String>,
}

// A truth is `true` as text in PostgreSQL and 1 in SQLite.
const SEARCH: &str = "SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = 'discount' AND r.id > $2 \
    AND (CAST($4 AS BIGINT) IS NULL OR CASE WHEN CAST(r.doc ->> 'enabled' AS TEXT) IN ('true', '1') THEN 1 ELSE 0 END = $4) \
    ORDER BY r.id LIMIT $3";

/// The discount with this code, if buyers can use it at the moment the draft began.
pub(in crate::db) async fn usable<S: Grants>(permit: &Permit<S>, draft: &mut Draft, code: &str) -> Result<Discount> {
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

impl Permit<DiscountsView> {
    /// One discount.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Discount> {
        draft.get(self, id).await
    }

    /// Discounts, oldest first.
    pub async fn search(&self, draft: &mut Draft, enabled: Option<bool>, page: &Page) -> Result<Items<Discount>> {
        let fits = |discount: &Discount| enabled.is_none_or(|enabled| discount.enabled == enabled);
        draft.search(self, SEARCH, args![enabled.map(i64::from)], page, fits).await
    }
}

impl DiscountInput {
    /// Checks every field; whoever sent it controls it. Moments come back in the one shape documents have.
    async fn check(mut self, permit: &Permit<DiscountsEdit>, draft: &mut Draft, own: &str) -> Result<DiscountInput> {
        text("a code", &self.code, 1, 40)?;
        if self.code.contains(char::is_whitespace) {
            return Err(Error::invalid(format!("`{}` is not a code; leave out spaces", self.code)));
        }
        text("a title", &self.title, 1, 200)?;
        check_off(permit, self.value)?;
        match self.value {
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
        let (starts, ends) = (opt_ms(self.starts_at.as_deref())?, opt_ms(self.ends_at.as_deref())?);
        if starts.zip(ends).is_some_and(|(starts, ends)| starts >= ends) {
            return Err(Error::invalid("a discount begins before it ends; swap `starts_at` and `ends_at`"));
        }
        (self.starts_at, self.ends_at) = (starts.map(rfc3339), ends.map(rfc3339));
        match draft.by_key(Space::Code, &self.code.to_lowercase()).await? {
            Some(id) if id != own => Err(Error::Taken { what: "the code", value: self.code }),
            _ => Ok(self),
        }
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

fn save(permit: &Permit<DiscountsEdit>, draft: &mut Draft, mut edit: Edit<Discount>) -> Result<()> {
    edit.doc.updated_at = draft.at();
    draft.put(permit, &edit)?;
    draft.emit(Topic::DiscountsUpdated, &edit.id);
    Ok(())
}

impl Permit<DiscountsEdit> {
    /// Makes a discount and returns its id. It starts disabled.
    pub async fn create(&self, draft: &mut Draft, discount: DiscountInput) -> Result<String> {
        draft.accept(self)?;
        let (id, at) = (record_id(Kind::Discount.prefix()), draft.at());
        let DiscountInput { code, title, value, starts_at, ends_at } = discount.check(self, draft, &id).await?;
        let discount = Discount {
            id: id.clone(),
            code,
            title,
            value,
            enabled: false,
            starts_at,
            ends_at,
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert(self, &id, &discount)?;
        draft.emit(Topic::DiscountsCreated, &id);
        Ok(id)
    }

    /// Replaces what can be chosen.
    pub async fn update(&self, draft: &mut Draft, id: &str, discount: DiscountInput) -> Result<()> {
        let mut edit: Edit<Discount> = draft.edit(self, id).await?;
        let DiscountInput { code, title, value, starts_at, ends_at } = discount.check(self, draft, id).await?;
        edit.doc = Discount { code, title, value, starts_at, ends_at, ..edit.doc };
        save(self, draft, edit)
    }

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
        edit.doc.enabled = enabled;
        save(self, draft, edit)
    }
}

impl Permit<DiscountsDelete> {
    /// Deletes a discount. Carts that have its code keep it.
    pub async fn delete(&self, draft: &mut Draft, id: &str) -> Result<()> {
        let edit: Edit<Discount> = draft.edit(self, id).await?;
        draft.spend_one(self).await?;
        draft.remove(self, edit)
    }
}
