//! `customers:*`.

use super::wit::{customers_view, types};
use crate::db::customers::{Customer, CustomerFilter};

impl From<Customer> for customers_view::Customer {
    fn from(c: Customer) -> Self {
        let Customer { id, tags, marketing_consent, orders, created_at, updated_at } = c;
        Self { id, tags, marketing_consent, orders, created_at, updated_at }
    }
}

impl From<customers_view::CustomerFilter> for CustomerFilter {
    fn from(f: customers_view::CustomerFilter) -> Self {
        Self { tag: f.tag, marketing_consent: f.marketing_consent, since: f.since, until: f.until }
    }
}

pages! { Customer => customers_view::CustomerPage; }

host_calls! {
    customers_view CustomersView {
        get(id: String) -> customers_view::Customer = |customers, draft| customers.get(draft, &id).await;
        search(filter: customers_view::CustomerFilter, page: types::Page) -> customers_view::CustomerPage =
            |customers, draft| customers.search(draft, &filter.into(), &page.into()).await;
        count(filter: customers_view::CustomerFilter) -> u64 =
            |customers, draft| customers.count(draft, &filter.into()).await;
    }
    customers_pii CustomersPii {
        contact(customer: String) -> types::ContactDetails =
            |customers, draft| customers.contact(draft, &customer).await;
        find_by_email(email: String) -> Option<String> =
            |customers, draft| customers.find_by_email(draft, &email).await;
    }
    customers_edit CustomersEdit {
        create(contact: types::ContactDetails, tags: Vec<String>) -> String =
            |customers, draft| customers.create(draft, contact.into(), tags).await;
        update(customer: String, contact: types::ContactDetails) -> () =
            |customers, draft| customers.update(draft, &customer, contact.into()).await;
        tag(customer: String, tag: String) -> () = |customers, draft| customers.tag(draft, &customer, &tag).await;
        untag(customer: String, tag: String) -> () = |customers, draft| customers.untag(draft, &customer, &tag).await;
        set_consent(customer: String, marketing: bool) -> () =
            |customers, draft| customers.set_consent(draft, &customer, marketing).await;
    }
    customers_delete CustomersDelete {
        delete(customer: String) -> () = |customers, draft| customers.delete(draft, &customer).await;
    }
}
