//! `customers:*`.

use super::convert::all;
use super::wit::{customers_delete, customers_edit, customers_pii, customers_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{CustomersDelete, CustomersEdit, CustomersPii, CustomersView};
use crate::db::customers::{Customer, CustomerFilter};
use crate::db::orders::Contact;

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

impl customers_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<customers_view::Customer> {
        let call = async |customers: Permit<CustomersView>, draft: &mut _| customers.get(draft, &id).await;
        Ok(self.host_call("customers-view.get", call).await?.into())
    }

    async fn search(
        &mut self,
        filter: customers_view::CustomerFilter,
        page: types::Page,
    ) -> Answer<customers_view::CustomerPage> {
        let (filter, page) = (filter.into(), page.into());
        let call =
            async |customers: Permit<CustomersView>, draft: &mut _| customers.search(draft, &filter, &page).await;
        let found = self.host_call("customers-view.search", call).await?;
        Ok(customers_view::CustomerPage { items: all(found.items), next: found.next_cursor })
    }

    async fn count(&mut self, filter: customers_view::CustomerFilter) -> Answer<u64> {
        let filter = filter.into();
        let call = async |customers: Permit<CustomersView>, draft: &mut _| customers.count(draft, &filter).await;
        self.host_call("customers-view.count", call).await
    }
}

impl customers_pii::Host for Invocation {
    async fn contact(&mut self, customer: String) -> Answer<types::ContactDetails> {
        let call = async |customers: Permit<CustomersPii>, draft: &mut _| customers.contact(draft, &customer).await;
        Ok(self.host_call("customers-pii.contact", call).await?.into())
    }

    async fn find_by_email(&mut self, email: String) -> Answer<Option<String>> {
        let call = async |customers: Permit<CustomersPii>, draft: &mut _| customers.find_by_email(draft, &email).await;
        self.host_call("customers-pii.find-by-email", call).await
    }
}

impl customers_edit::Host for Invocation {
    async fn create(&mut self, contact: types::ContactDetails, tags: Vec<String>) -> Answer<String> {
        let contact: Contact = contact.into();
        let call = async |customers: Permit<CustomersEdit>, draft: &mut _| customers.create(draft, contact, tags).await;
        self.host_call("customers-edit.create", call).await
    }

    async fn update(&mut self, customer: String, contact: types::ContactDetails) -> Answer<()> {
        let contact: Contact = contact.into();
        let call =
            async |customers: Permit<CustomersEdit>, draft: &mut _| customers.update(draft, &customer, contact).await;
        self.host_call("customers-edit.update", call).await
    }

    async fn tag(&mut self, customer: String, tag: String) -> Answer<()> {
        let call = async |customers: Permit<CustomersEdit>, draft: &mut _| customers.tag(draft, &customer, &tag).await;
        self.host_call("customers-edit.tag", call).await
    }

    async fn untag(&mut self, customer: String, tag: String) -> Answer<()> {
        let call =
            async |customers: Permit<CustomersEdit>, draft: &mut _| customers.untag(draft, &customer, &tag).await;
        self.host_call("customers-edit.untag", call).await
    }

    async fn set_consent(&mut self, customer: String, marketing: bool) -> Answer<()> {
        let call = async |customers: Permit<CustomersEdit>, draft: &mut _| {
            customers.set_consent(draft, &customer, marketing).await
        };
        self.host_call("customers-edit.set-consent", call).await
    }
}

impl customers_delete::Host for Invocation {
    async fn delete(&mut self, customer: String) -> Answer<()> {
        let call = async |customers: Permit<CustomersDelete>, draft: &mut _| customers.delete(draft, &customer).await;
        self.host_call("customers-delete.delete", call).await
    }
}
