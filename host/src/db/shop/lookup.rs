//! What people look up by what they have in front of them: the number of an order, a piece of a title or of a sku, a
//! piece of a name. Sees what is stored, and nothing that a draft changes.

use crate::authz::Permit;
use crate::authz::scope::kind::{CustomersPii, OrdersView, ProductsView};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::args;
use crate::db::core::error::Result;
use crate::db::shop::catalog::products::Product;
use crate::db::shop::sales::customers::CustomerContact;
use crate::db::shop::sales::orders::{Contact, Order};

/// At most so many of each kind are found; whoever looks for more types more of it.
pub const MAX_FOUND: usize = 20;

/// A pattern for texts that contain these words, as typed and in small letters. SQLite knows small letters of ASCII alone,
/// so it is given both.
fn patterns(words: &str) -> [String; 2] {
    let mut escaped = String::with_capacity(words.len() + 2);
    for c in words.chars() {
        if matches!(c, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    [format!("%{}%", escaped.to_lowercase()), format!("%{escaped}%")]
}

impl Permit<OrdersView> {
    /// The order with this number.
    pub async fn by_number(&self, draft: &mut Draft, number: u64) -> Result<Option<Order>> {
        const SQL: &str = "SELECT id FROM records WHERE store = $1 AND kind = 'order' \
            AND CAST(doc ->> 'number' AS TEXT) = $2 ORDER BY id DESC LIMIT 1";
        draft.accept(self)?;
        let (store, number) = (self.store().to_string(), number.to_string());
        let id: Option<String> = draft.reader().await?.row(SQL, args![&store, &number], |r| r.text(0)).await?;
        match id {
            Some(id) => Ok(Some(self.get(draft, &id).await?)),
            None => Ok(None),
        }
    }
}

impl Permit<ProductsView> {
    /// Products whose title, or a sku of which, contains these words.
    pub async fn named(&self, draft: &mut Draft, words: &str) -> Result<Vec<Product>> {
        const SQL: &str = "SELECT r.doc FROM records r WHERE r.store = $1 AND r.kind = 'product' AND ( \
            LOWER(r.doc ->> 'title') LIKE $2 ESCAPE '\\' OR r.doc ->> 'title' LIKE $3 ESCAPE '\\' \
            OR r.id IN (SELECT k.id FROM keys k WHERE k.store = $1 AND k.space = 'sku' AND (LOWER(k.value) LIKE $2 ESCAPE '\\' OR k.value LIKE $3 ESCAPE '\\'))) \
            ORDER BY r.id LIMIT $4";
        draft.accept(self)?;
        let (store, [small, typed]) = (self.store().to_string(), patterns(words));
        draft.reader().await?.rows(SQL, args![&store, &small, &typed, MAX_FOUND as i64], |r| r.doc(0)).await
    }
}

impl Permit<CustomersPii> {
    /// Customers whose name or e-mail address contains these words, with their personal data. Who shows them to a person
    /// notes it first; see `house::people::looks`.
    pub(in crate::db) async fn named(&self, draft: &mut Draft, words: &str) -> Result<Vec<(String, Contact)>> {
        const SQL: &str = "SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = 'customer-contact' AND ( \
            LOWER(r.doc ->> 'name') LIKE $2 ESCAPE '\\' OR r.doc ->> 'name' LIKE $3 ESCAPE '\\' \
            OR LOWER(r.doc ->> 'email') LIKE $2 ESCAPE '\\' OR r.doc ->> 'email' LIKE $3 ESCAPE '\\') ORDER BY r.id LIMIT $4";
        draft.accept(self)?;
        draft.charge(self).await?;
        let (store, [small, typed]) = (self.store().to_string(), patterns(words));
        let values = args![&store, &small, &typed, MAX_FOUND as i64];
        let found = draft.reader().await?.rows(SQL, values, |r| Ok((r.text(0)?, r.doc::<CustomerContact>(1)?))).await?;
        Ok(found.into_iter().map(|(id, contact)| (id, contact.0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_looked_for_as_it_is() {
        assert_eq!(patterns("50%_Off"), [r"%50\%\_off%", r"%50\%\_Off%"]);
    }
}
