//! Customers: what `customers:*` permits allow.
//!
//! INVARIANT: personal data stands in a record of its own, [`CustomerContact`], with the customer's id; what an event
//! about a customer carries has none.

use super::carts::{Cart, CartContact};
use super::orders::{Contact, Order};
use crate::authz::scope::kind::{CustomersDelete, CustomersEdit, CustomersPii, CustomersView};
use crate::authz::{Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::drafts::opens::{Reads, Writes};
use crate::db::core::engine::conn::{Val, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::keys::taken;
use crate::db::core::kinds::tags as check_tags;
use crate::db::core::kinds::{Document, Kind, Space, add_tag};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{opt_ms, parse_ms};
use crate::db::core::topic::Topic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A customer with more orders than this, or more carts, cannot be deleted in one go: each is changed with it.
const MAX_LINKED: usize = 1_000;

/// A customer without personal data.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Customer {
    /// Its id.
    pub id: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whether the customer agreed to marketing.
    pub marketing_consent: bool,
    /// Orders placed so far.
    pub orders: u64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Customer {
    const KIND: Kind = Kind::Customer;
}

/// The personal data of a customer. Its fields stand at the top of the document, where the e-mail address is found
/// and must be unique.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerContact(pub Contact);

impl Document for CustomerContact {
    const KIND: Kind = Kind::CustomerContact;
}

/// Which customers. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    /// A tag.
    pub tag: Option<String>,
    /// Whether the customer agreed to marketing.
    pub marketing_consent: Option<bool>,
    /// Created at or after, RFC 3339.
    pub since: Option<String>,
    /// Created before, RFC 3339.
    pub until: Option<String>,
}

macro_rules! matching {
    ($head:literal, $first:literal, $tail:literal) => {
        concat!(
            $head, " FROM records r WHERE r.store = $1 AND r.kind = 'customer' ", $first,
            " AND (CAST($4 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.store = $1 AND t.kind = 'customer' AND t.tag = $4 AND t.id = r.id))",
            // A truth is `true` as text in PostgreSQL and 1 in SQLite.
            " AND (CAST($5 AS BIGINT) IS NULL OR CASE WHEN CAST(r.doc ->> 'marketing_consent' AS TEXT) IN ('true', '1') THEN 1 ELSE 0 END = $5)",
            " AND (CAST($6 AS BIGINT) IS NULL OR r.created_at >= $6)",
            " AND (CAST($7 AS BIGINT) IS NULL OR r.created_at < $7) ", $tail
        )
    };
}
const SEARCH: &str = matching!("SELECT r.id, r.doc", "AND r.id > $2", "ORDER BY r.id LIMIT $3");
const COUNT: &str = matching!("SELECT COUNT(*)", "AND CAST($2 AS TEXT) IS NULL AND CAST($3 AS BIGINT) IS NULL", "");

/// A filter with its moments read.
struct Read<'a> {
    filter: &'a CustomerFilter,
    since: Option<i64>,
    until: Option<i64>,
}

impl<'a> Read<'a> {
    fn new(filter: &'a CustomerFilter) -> Result<Read<'a>> {
        let (since, until) = (opt_ms(filter.since.as_deref())?, opt_ms(filter.until.as_deref())?);
        Ok(Read { filter, since, until })
    }

    fn values(&self) -> [Val<'_>; 4] {
        let consent = self.filter.marketing_consent.map(i64::from);
        [(&self.filter.tag).into(), consent.into(), self.since.into(), self.until.into()]
    }

    fn fits(&self, customer: &Customer) -> bool {
        let created = parse_ms(&customer.created_at).unwrap_or(0);
        self.filter.tag.as_ref().is_none_or(|tag| customer.tags.contains(tag))
            && self.filter.marketing_consent.is_none_or(|agreed| customer.marketing_consent == agreed)
            && self.since.is_none_or(|since| created >= since)
            && self.until.is_none_or(|until| created < until)
    }
}

impl Draft {
    /// Counts an order for a customer, who must exist.
    pub(in crate::db) async fn count_order<S: Reads<Customer> + Writes<Customer>>(
        &mut self,
        permit: &Permit<S>,
        customer: &str,
    ) -> Result<()> {
        let mut edit: Edit<Customer> = self.edit(permit, customer).await?;
        edit.doc.orders += 1;
        save(permit, self, edit)
    }
}

fn save<S: Writes<Customer>>(permit: &Permit<S>, draft: &mut Draft, mut edit: Edit<Customer>) -> Result<()> {
    edit.doc.updated_at = draft.at();
    draft.put(permit, &edit)?;
    draft.emit(Topic::CustomersUpdated, &edit.id);
    Ok(())
}

impl Permit<CustomersView> {
    /// One customer.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Customer> {
        draft.get(self, id).await
    }

    /// Customers, oldest first.
    pub async fn search(&self, draft: &mut Draft, filter: &CustomerFilter, page: &Page) -> Result<Items<Customer>> {
        let read = Read::new(filter)?;
        draft.search(self, SEARCH, &read.values(), page, |customer| read.fits(customer)).await
    }

    /// How many customers the filter matches; ignores the draft.
    pub async fn count(&self, draft: &mut Draft, filter: &CustomerFilter) -> Result<u64> {
        draft.accept(self)?;
        let read = Read::new(filter)?;
        let (store, none) = (self.store().to_string(), None::<&str>);
        let values: Vec<Val<'_>> = args![&store, none, None::<i64>].iter().copied().chain(read.values()).collect();
        draft.reader().await?.count(COUNT, &values).await
    }
}

impl Permit<CustomersPii> {
    /// The personal data of one customer.
    pub async fn contact(&self, draft: &mut Draft, customer: &str) -> Result<Contact> {
        draft.get::<Customer, _>(self, customer).await?;
        let contact: Option<CustomerContact> = draft.find(self, customer).await?;
        draft.charge(self).await?;
        Ok(contact.unwrap_or_default().0)
    }

    /// The id of the customer with exactly this e-mail address, upper and lower case alike.
    pub async fn find_by_email(&self, draft: &mut Draft, email: &str) -> Result<Option<String>> {
        draft.accept(self)?;
        // Nobody found is an answer too.
        draft.charge(self).await?;
        draft.by_key(Space::Email, &email.to_lowercase()).await
    }
}

/// Refuses an e-mail address that another customer has. The answer tells whether somebody is a customer, so it is
/// charged like a look at personal data, whatever it is.
async fn check_email(draft: &mut Draft, edit: &Permit<CustomersEdit>, contact: &Contact, own: &str) -> Result<()> {
    let Some(email) = &contact.email else { return Ok(()) };
    draft.charge(edit).await?;
    match draft.by_key(Space::Email, &email.to_lowercase()).await? {
        Some(id) if id != own => Err(taken(Space::Email, email)),
        _ => Ok(()),
    }
}

impl Permit<CustomersEdit> {
    /// Makes a customer and returns the id. An e-mail address belongs to one customer at most; whether it does is a
    /// look at personal data, and counted for apps as one.
    pub async fn create(&self, draft: &mut Draft, contact: Contact, tags: Vec<String>) -> Result<String> {
        draft.accept(self)?;
        contact.check()?;
        let tags = check_tags(tags)?;
        let (id, at) = (record_id(Kind::Customer.prefix()), draft.at());
        check_email(draft, self, &contact, &id).await?;
        let customer = Customer {
            id: id.clone(),
            tags,
            marketing_consent: false,
            orders: 0,
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert(self, &id, &customer)?;
        draft.insert(self, &id, &CustomerContact(contact))?;
        draft.emit(Topic::CustomersCreated, &id);
        Ok(id)
    }

    /// Replaces a customer's personal data.
    pub async fn update(&self, draft: &mut Draft, customer: &str, contact: Contact) -> Result<()> {
        contact.check()?;
        let edit: Edit<Customer> = draft.edit(self, customer).await?;
        check_email(draft, self, &contact, customer).await?;
        match draft.open::<CustomerContact, _>(self, customer).await? {
            Some(mut stored) => {
                stored.doc = CustomerContact(contact);
                draft.put(self, &stored)?;
            }
            None => draft.insert(self, customer, &CustomerContact(contact))?,
        }
        save(self, draft, edit)
    }

    /// Adds a tag. Adding one twice changes nothing.
    pub async fn tag(&self, draft: &mut Draft, customer: &str, tag: &str) -> Result<()> {
        let mut edit: Edit<Customer> = draft.edit(self, customer).await?;
        if add_tag(&mut edit.doc.tags, tag)? { save(self, draft, edit) } else { Ok(()) }
    }

    /// Removes a tag. Removing one that is not there changes nothing.
    pub async fn untag(&self, draft: &mut Draft, customer: &str, tag: &str) -> Result<()> {
        let mut edit: Edit<Customer> = draft.edit(self, customer).await?;
        let had = edit.doc.tags.len();
        edit.doc.tags.retain(|mine| mine != tag);
        if edit.doc.tags.len() == had { Ok(()) } else { save(self, draft, edit) }
    }

    /// Records whether the customer agreed to marketing.
    pub async fn set_consent(&self, draft: &mut Draft, customer: &str, marketing: bool) -> Result<()> {
        let mut edit: Edit<Customer> = draft.edit(self, customer).await?;
        if edit.doc.marketing_consent == marketing {
            return Ok(());
        }
        edit.doc.marketing_consent = marketing;
        save(self, draft, edit)
    }
}

impl Permit<CustomersDelete> {
    /// Deletes a customer and the personal data. Orders stay, and carts too, without the customer: at most 1,000 of
    /// each in one go.
    pub async fn delete(&self, draft: &mut Draft, customer: &str) -> Result<()> {
        let edit: Edit<Customer> = draft.edit(self, customer).await?;
        draft.check_one(self).await?;
        for id in draft.linked(Kind::Order, "orders", customer).await? {
            let Some(mut order) = draft.open::<Order, _>(self, &id).await? else { continue };
            if order.doc.customer.take_if(|mine| mine == customer).is_some() {
                order.doc.updated_at = draft.at();
                draft.put(self, &order)?;
                draft.emit(Topic::OrdersUpdated, &id);
            }
        }
        for id in draft.linked(Kind::Cart, "carts", customer).await? {
            let Some(mut cart) = draft.open::<Cart, _>(self, &id).await? else { continue };
            if cart.doc.customer.take_if(|mine| mine == customer).is_none() {
                continue;
            }
            cart.doc.updated_at = draft.at();
            draft.put(self, &cart)?;
            draft.emit(Topic::CartsUpdated, &id);
            if let Some(contact) = draft.open::<CartContact, _>(self, &id).await? {
                draft.remove(self, contact)?;
            }
        }
        if let Some(contact) = draft.open::<CustomerContact, _>(self, customer).await? {
            draft.remove(self, contact)?;
        }
        let seen = !edit.is_new();
        draft.remove(self, edit)?;
        if seen {
            draft.emit(Topic::CustomersDeleted, customer);
        }
        draft.count_one(self).await
    }
}

impl Draft {
    /// Ids of records that may name a customer: those that do in the database, and all that are staged here.
    async fn linked(&self, kind: Kind, words: &str, customer: &str) -> Result<BTreeSet<String>> {
        const SQL: &str = "SELECT id FROM records WHERE store = $1 AND kind = $2 AND customer = $3 LIMIT $4";
        let (store, most) = (self.store().to_string(), (MAX_LINKED + 1) as i64);
        let values = args![&store, kind.name(), customer, most];
        let stored = self.reader().await?.rows(SQL, values, |r| r.text(0)).await?;
        if stored.len() > MAX_LINKED {
            return Err(Error::invalid(format!(
                "customer `{customer}` has more than {MAX_LINKED} {words}; delete some of them first"
            )));
        }
        let staged = self.staged(kind).map(|(id, _)| id.to_owned());
        Ok(stored.into_iter().chain(staged).collect())
    }
}
