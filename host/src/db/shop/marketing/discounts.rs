//! Discounts: what `discounts:*` permits allow.

use crate::authz::scope::kind::{DiscountsEdit, DiscountsView};
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
use crate::db::shop::catalog::categories::Category;
use crate::db::shop::catalog::products::Product;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A discount names at most so many products, and so many categories.
const MAX_GOODS: usize = 100;

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
        /// How many orders may use it, if not any number: at least 1.
        #[serde(default)]
        max_uses: Option<u32>,
        /// How many orders of one customer may use it, if not any number: at least 1. Then a cart needs a customer for it.
        #[serde(default)]
        max_uses_per_customer: Option<u32>,
        /// What the goods it applies to must cost together, before discounts, in the store's currency.
        #[serde(default)]
        minimum: Option<Money>,
        /// Ids of the products it applies to, up to 100. With `categories` empty, too, it applies to all.
        #[serde(default)]
        products: Vec<String>,
        /// Ids of the categories it applies to, up to 100.
        #[serde(default)]
        categories: Vec<String>,
        /// Whether it goes together with other discounts, of codes and of apps. It does, if not said otherwise.
        #[serde(default = "combined")]
        combines: bool,
        /// Whether buyers can use it. A new one is not enabled, and another stays as it is, if not said otherwise.
        #[serde(default)]
        #[schema(value_type = bool)]
        enabled: Option<bool>,
    }
    /// Which discounts.
    filters Discounts {
        /// Whether buyers can use it.
        enabled: bool,
    }
}

/// What was written before discounts said it goes together.
fn combined() -> bool {
    true
}

impl DiscountInput {
    /// One that takes off so much, of everything and as often as somebody likes.
    pub fn new(code: impl Into<String>, title: impl Into<String>, value: DiscountValue) -> DiscountInput {
        DiscountInput {
            code: code.into(),
            title: title.into(),
            value,
            starts_at: None,
            ends_at: None,
            max_uses: None,
            max_uses_per_customer: None,
            minimum: None,
            products: Vec::new(),
            categories: Vec::new(),
            combines: true,
            enabled: None,
        }
    }
}

impl Discount {
    /// Whether buyers can use it.
    pub fn is_enabled(&self) -> bool {
        self.enabled == Some(true)
    }
}

/// The id of the discount with this code, upper and lower case alike.
async fn by_code(draft: &Draft, code: &str) -> Result<String> {
    let found = draft.by_key(Space::Code, &code.to_lowercase()).await?;
    found.ok_or_else(|| Error::not_found("discount", code))
}

/// The discount with this code, if buyers can use it at the moment the draft began.
pub(in crate::db) async fn usable<S: Reads<Discount>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    code: &str,
) -> Result<Discount> {
    draft.accept(permit)?;
    let id = by_code(draft, code).await?;
    let discount: Discount = draft.get(permit, &id).await?;
    let (starts, ends) = (opt_ms(discount.starts_at.as_deref())?, opt_ms(discount.ends_at.as_deref())?);
    if !discount.is_enabled() {
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
        before: Option<&Discount>,
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
        input.enabled = Some(input.enabled.unwrap_or_else(|| before.is_some_and(Discount::is_enabled)));
        check_rules(&mut input, permit, draft, before).await?;
        Ok(input)
    }
}

/// Checks when and to what it applies.
async fn check_rules(
    input: &mut DiscountInput,
    permit: &Permit<DiscountsEdit>,
    draft: &mut Draft,
    before: Option<&Discount>,
) -> Result<()> {
    if input.max_uses == Some(0) || input.max_uses_per_customer == Some(0) {
        return Err(Error::invalid(
            "a discount can be used at least once; leave the bound out, or disable the discount",
        ));
    }
    if let Some(minimum) = input.minimum {
        let currency = draft.settings(permit).await?.currency()?;
        minimum
            .positive()?
            .same_currency(Money::zero(currency))
            .map_err(|_| Error::invalid(format!("discounts of this store are in {}", currency.code())))?;
    }
    for ids in [&mut input.products, &mut input.categories] {
        ids.sort();
        ids.dedup();
        if ids.len() > MAX_GOODS {
            return Err(Error::invalid(format!(
                "a discount names at most {MAX_GOODS} products and {MAX_GOODS} categories"
            )));
        }
    }
    // What went since does not stand in the way of other changes.
    let named = |ids: fn(&Discount) -> &Vec<String>| before.map_or(&[][..], |before| ids(before));
    for id in input.products.iter().filter(|id| !named(|of| &of.products).contains(id)) {
        draft.get::<Product, _>(permit, id).await?;
    }
    for id in input.categories.iter().filter(|id| !named(|of| &of.categories).contains(id)) {
        draft.get::<Category, _>(permit, id).await?;
    }
    Ok(())
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

    /// Replaces code, title, what it takes off and its time; when and to what it applies stays.
    pub async fn update_basics(&self, draft: &mut Draft, id: &str, basics: DiscountInput) -> Result<()> {
        let Discount { max_uses, max_uses_per_customer, minimum, products, categories, combines, enabled, .. } =
            draft.get(self, id).await?;
        let DiscountInput { code, title, value, starts_at, ends_at, .. } = basics;
        let input = DiscountInput {
            code,
            title,
            value,
            starts_at,
            ends_at,
            max_uses,
            max_uses_per_customer,
            minimum,
            products,
            categories,
            combines,
            enabled,
        };
        self.update(draft, id, input).await
    }

    async fn set_enabled(&self, draft: &mut Draft, id: &str, enabled: bool) -> Result<()> {
        let mut edit: Edit<Discount> = draft.edit(self, id).await?;
        if edit.doc.is_enabled() == enabled {
            return Ok(());
        }
        if enabled {
            check_off(self, edit.doc.value)?;
        }
        (edit.doc.enabled, edit.doc.updated_at) = (Some(enabled), draft.at());
        draft.put(self, &edit)?;
        draft.emit(Topic::DiscountsUpdated, id);
        Ok(())
    }
}

/// How often a discount was used by orders that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiscountUses {
    /// By all of them.
    pub uses: u64,
}

impl Permit<DiscountsView> {
    /// The discount with this code, upper and lower case alike.
    pub async fn find_by_code(&self, draft: &mut Draft, code: &str) -> Result<Discount> {
        draft.accept(self)?;
        let id = by_code(draft, code).await?;
        self.get(draft, &id).await
    }

    /// How often one was used; ignores the draft.
    pub async fn uses(&self, draft: &mut Draft, id: &str) -> Result<DiscountUses> {
        self.get(draft, id).await?;
        Ok(DiscountUses { uses: draft.uses(id, None).await?.0 })
    }
}
