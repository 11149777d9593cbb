//! Customers, and apart from them their personal data.

use crate::authz::Permit;
use crate::authz::scope::kind::{CustomersDelete, CustomersEdit, CustomersPii, CustomersView};
use crate::db::customers::{Customer, CustomerFilter};
use crate::db::orders::Contact;
use crate::db::{Db, Draft, Items};
use crate::http::api::changed::{Acknowledged, Changed, acknowledge, commit};
use crate::http::api::lists::{Count, lists};
use crate::http::{Answer, At, Json, Query, Reading};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

lists! {
    /// Which customers. Every parameter given narrows the result.
    Customers, CustomersCounted => CustomerFilter {
        /// A tag.
        tag: String,
        /// Whether the customer agreed to marketing.
        marketing_consent: bool,
        /// Created at or after, RFC 3339.
        since: String,
        /// Created before, RFC 3339.
        until: String,
    }
}

/// A customer to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCustomer {
    /// Name, e-mail, phone and address; an e-mail address belongs to one customer at most.
    contact: Contact,
    /// Words to find it by.
    #[serde(default)]
    tags: Vec<String>,
}

/// An e-mail address to look for. It stands in the body, because addresses of requests end up in logs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    /// Upper and lower case alike.
    email: String,
}

/// Who was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    /// The customer's id, if there is one.
    id: Option<String>,
}

/// A tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCustomerTag {
    /// 1 to 64 characters.
    tag: String,
}

/// What the customer agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarketingConsent {
    /// Whether to be written to about offers.
    marketing: bool,
}

/// List customers
///
/// Oldest first, without personal details.
#[utoipa::path(get, path = "/stores/{store}/customers", tag = "customers", params(Customers), responses((status = 200, body = Items<Customer>)))]
pub(super) async fn list(
    customers: Permit<CustomersView>,
    mut draft: Draft,
    Query(query): Query<Customers>,
) -> Answer<Items<Customer>> {
    let page = query.page();
    Ok(Json(customers.search(&mut draft, &query.into(), &page).await?))
}

/// Count customers
#[utoipa::path(get, path = "/stores/{store}/customers/count", tag = "customers", params(CustomersCounted), responses((status = 200, body = Count)))]
pub(super) async fn count(
    customers: Permit<CustomersView>,
    mut draft: Draft,
    Query(query): Query<CustomersCounted>,
) -> Answer<Count> {
    Ok(Json(Count { count: customers.count(&mut draft, &query.into()).await? }))
}

/// Get a customer
#[utoipa::path(get, path = "/stores/{store}/customers/{customer}", tag = "customers", responses((status = 200, body = Customer)))]
pub(super) async fn get(customers: Permit<CustomersView>, mut draft: Draft, At(customer): At) -> Answer<Customer> {
    Ok(Json(customers.get(&mut draft, &customer).await?))
}

/// Get a customer's personal data
///
/// That somebody looked is noted in the audit log, once an hour for a token and a customer.
#[utoipa::path(get, path = "/stores/{store}/customers/{customer}/contact", tag = "customers", responses((status = 200, body = Contact)))]
pub(super) async fn contact(
    contacts: Permit<CustomersPii>,
    db: Db,
    mut draft: Draft,
    At(customer): At,
) -> Answer<Contact> {
    Ok(Json(contacts.noticed(&db, &mut draft, &customer).await?))
}

/// Find a customer by e-mail address
#[utoipa::path(post, path = "/stores/{store}/customers/find-by-email", tag = "customers", responses((status = 200, body = Found)))]
pub(super) async fn find_by_email(
    contacts: Permit<CustomersPii>,
    Reading(mut draft): Reading,
    Json(ask): Json<Email>,
) -> Answer<Found> {
    Ok(Json(Found { id: contacts.find_by_email(&mut draft, &ask.email).await? }))
}

/// Create a customer
#[utoipa::path(post, path = "/stores/{store}/customers", tag = "customers", responses((status = 200, body = Changed<Customer>)))]
pub(super) async fn create(
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    mut draft: Draft,
    Json(new): Json<NewCustomer>,
) -> Answer<Changed<Customer>> {
    let id = edit.create(&mut draft, new.contact, new.tags).await?;
    commit(draft, id, view).await
}

/// Replace a customer's personal data
#[utoipa::path(put, path = "/stores/{store}/customers/{customer}/contact", tag = "customers", responses((status = 200, body = Changed<Customer>)))]
pub(super) async fn update(
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    mut draft: Draft,
    At(customer): At,
    Json(contact): Json<Contact>,
) -> Answer<Changed<Customer>> {
    edit.update(&mut draft, &customer, contact).await?;
    commit(draft, customer, view).await
}

/// Tag a customer
#[utoipa::path(post, path = "/stores/{store}/customers/{customer}/tags", tag = "customers", responses((status = 200, body = Changed<Customer>)))]
pub(super) async fn tag(
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    mut draft: Draft,
    At(customer): At,
    Json(new): Json<NewCustomerTag>,
) -> Answer<Changed<Customer>> {
    edit.tag(&mut draft, &customer, &new.tag).await?;
    commit(draft, customer, view).await
}

/// Remove a tag from a customer
#[utoipa::path(delete, path = "/stores/{store}/customers/{customer}/tags/{tag}", tag = "customers", responses((status = 200, body = Changed<Customer>)))]
pub(super) async fn untag(
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    mut draft: Draft,
    At(at): At<(String, String)>,
) -> Answer<Changed<Customer>> {
    let (customer, tag) = at;
    edit.untag(&mut draft, &customer, &tag).await?;
    commit(draft, customer, view).await
}

/// Record whether a customer agreed to marketing
#[utoipa::path(put, path = "/stores/{store}/customers/{customer}/consent", tag = "customers", responses((status = 200, body = Changed<Customer>)))]
pub(super) async fn set_consent(
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    mut draft: Draft,
    At(customer): At,
    Json(consent): Json<MarketingConsent>,
) -> Answer<Changed<Customer>> {
    edit.set_consent(&mut draft, &customer, consent.marketing).await?;
    commit(draft, customer, view).await
}

/// Delete a customer
///
/// With the personal data. Orders stay, without the customer.
#[utoipa::path(delete, path = "/stores/{store}/customers/{customer}", tag = "customers", responses((status = 200, body = Acknowledged)))]
pub(super) async fn delete(
    delete: Permit<CustomersDelete>,
    mut draft: Draft,
    At(customer): At,
) -> Answer<Acknowledged> {
    delete.delete(&mut draft, &customer).await?;
    acknowledge(draft, customer).await
}
