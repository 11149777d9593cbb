//! What a cart comes to rests on: its goods at today's prices, and the codes on it that hold at this moment.

use super::{Agreed, AppDiscount, Good, LeftOut, agree};
use crate::authz::Permit;
use crate::authz::scope::kind::{StorefrontCheckout, StorefrontIntake};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::opens::Reads;
use crate::db::core::drafts::staged::Bound;
use crate::db::core::error::{Error, Result};
use crate::db::core::money::{Currency, Money};
use crate::db::core::time::rfc3339;
use crate::db::shop::catalog::products::Product;
use crate::db::shop::marketing::discounts::{Discount, usable};
use crate::db::shop::sales::carts::{Cart, CartContact, CartLine};
use crate::db::shop::sales::customers::Customer;
use crate::db::shop::sales::orders::{QuantityOf, Sold, priced};

/// A line of a cart, as apps at checkout see it.
#[derive(Debug, Clone)]
pub struct BasisLine {
    /// What is in the cart.
    pub sku: String,
    /// The product's id.
    pub product: String,
    /// Ids of the categories it is in.
    pub categories: Vec<String>,
    /// The product's tags.
    pub tags: Vec<String>,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub price: Money,
}

/// What apps at checkout see of a buyer who is signed in: no personal data.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// The customer's id.
    pub customer: String,
    /// The customer's tags.
    pub tags: Vec<String>,
    /// Orders placed so far.
    pub orders: u64,
}

/// What a cart comes to rests on.
#[derive(Debug)]
pub struct Basis {
    pub(super) cart: Cart,
    pub(super) customer: Option<String>,
    pub(super) goods: Vec<Good>,
    pub(super) codes: Vec<Discount>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) currency: Currency,
    buyer: Option<Buyer>,
    country: Option<String>,
    at: i64,
}

/// Looks up what these lines rest on, for a cart with its codes.
pub(in crate::db::shop::sales) async fn basis_of<S: Reads<Product> + Reads<Discount>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    cart: &Cart,
    lines: &[QuantityOf],
    customer: Option<&str>,
) -> Result<Basis> {
    let good = |(line, product): (_, Product)| Good { line, categories: product.categories, tags: product.tags };
    let goods = priced(permit, draft, lines).await?.into_iter().map(good).collect();
    let (mut codes, mut left_out): (Vec<Discount>, Vec<LeftOut>) = (Vec::new(), Vec::new());
    for code in &cart.discounts {
        let why = match usable(permit, draft, code).await {
            Ok(discount) => match used_up(draft, &discount, customer).await? {
                None => {
                    codes.push(discount);
                    continue;
                }
                Some(why) => why,
            },
            Err(Error::Invalid(said)) => said.to_string(),
            Err(e @ Error::NotFound { .. }) => e.to_string(),
            Err(e) => return Err(e),
        };
        left_out.push(LeftOut { code: code.clone(), why });
    }
    let (cart, customer) = (cart.clone(), customer.map(str::to_owned));
    let currency = draft.settings(permit).await?.currency()?;
    let at = draft.now();
    Ok(Basis { cart, customer, goods, codes, left_out, currency, buyer: None, country: None, at })
}

fn bound(discount: &Discount) -> Bound {
    let Discount { code, max_uses: in_all, max_uses_per_customer: per_customer, .. } = discount;
    Bound { code: code.clone(), in_all: *in_all, per_customer: *per_customer }
}

/// Why a discount cannot be used once more by this customer, if so. The commit asks again.
async fn used_up(draft: &Draft, discount: &Discount, customer: Option<&str>) -> Result<Option<String>> {
    let bound = bound(discount);
    if bound.per_customer.is_some() && customer.is_none() {
        return Ok(Some(format!("discount `{}` is for customers who are signed in", discount.code)));
    }
    if bound.in_all.is_none() && bound.per_customer.is_none() {
        return Ok(None);
    }
    let (all, mine) = draft.uses(&discount.id, customer).await?;
    let over = |most: Option<u32>, uses: u64| most.is_some_and(|most| uses >= u64::from(most));
    Ok(match customer {
        _ if over(bound.in_all, all) => Some(bound.used_up("")),
        Some(customer) if over(bound.per_customer, mine) => Some(bound.used_up(customer)),
        _ => None,
    })
}

impl Basis {
    /// What it comes to with what apps gave.
    pub(super) fn agree(&self, given: &[AppDiscount]) -> Result<Agreed> {
        agree(&self.goods, &self.codes, given, self.currency)
    }

    /// What an order is made of. The commit is refused if a code was used up meanwhile, and is a conflict if one changed.
    pub(in crate::db::shop::sales) async fn hold_to(
        &self,
        permit: &Permit<StorefrontIntake>,
        draft: &mut Draft,
        given: &[AppDiscount],
    ) -> Result<Sold> {
        let Agreed { lines, subtotal, discounts, total, .. } = self.agree(given)?;
        for discount in &self.codes {
            if discounts.iter().any(|used| used.discount.as_ref() == Some(&discount.id)) {
                draft.rely::<Discount, _>(permit, &discount.id).await?;
                draft.bound_uses(&discount.id, bound(discount));
            }
        }
        Ok(Sold { lines, subtotal, discounts, total, cart: Some(self.cart.id.clone()), quote: None })
    }

    /// The store's currency.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The lines of the cart.
    pub fn lines(&self) -> impl Iterator<Item = BasisLine> + '_ {
        self.goods.iter().map(|Good { line, categories, tags }| BasisLine {
            sku: line.sku.clone(),
            product: line.product.clone(),
            categories: categories.clone(),
            tags: tags.clone(),
            quantity: line.quantity,
            price: line.price,
        })
    }

    /// Codes on the cart that hold.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|discount| &*discount.code)
    }

    /// Who buys, if they are signed in.
    pub fn buyer(&self) -> Option<&Buyer> {
        self.buyer.as_ref()
    }

    /// Where it is sent, if the buyer said so already: ISO 3166, two letters.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// When it was looked up, RFC 3339.
    pub fn at(&self) -> String {
        rfc3339(self.at)
    }
}

impl Permit<StorefrontCheckout> {
    /// What a cart rests on at this moment.
    pub async fn rests_on(&self, draft: &mut Draft, cart: &str) -> Result<Basis> {
        let cart: Cart = draft.get(self, cart).await?;
        cart.refuse_ordered()?;
        let lines: Vec<QuantityOf> = cart.lines.iter().map(CartLine::quantity_of).collect();
        let customer = match &cart.customer {
            Some(id) => draft.find::<Customer, _>(self, id).await?,
            None => None,
        };
        let contact = draft.find::<CartContact, _>(self, &cart.id).await?;
        let customer_id = customer.as_ref().map(|customer| customer.id.clone());
        let basis = basis_of(self, draft, &cart, &lines, customer_id.as_deref()).await?;
        let buyer = customer.map(|Customer { id, tags, orders, .. }| Buyer { customer: id, tags, orders });
        let country = contact.and_then(|contact| contact.0.address).map(|address| address.country);
        Ok(Basis { buyer, country, ..basis })
    }
}
