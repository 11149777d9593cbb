//! Customers. Names, e-mails, phones and addresses are behind [`contact`] and [`find_by_email`] alone.

pub use crate::bindings::app::storehand::app::customers_view::{Customer, CustomerFilter, CustomerPage};
use crate::bindings::app::storehand::app::{customers_delete, customers_edit, customers_pii, customers_view};
use crate::{ContactDetails, Page, Result, parts};

calls! {
    customers:
    /// One customer.
    "customers:view" get(id: &str) -> Customer = customers_view::get;
    /// A page of customers, oldest first.
    "customers:view" search(filter: &CustomerFilter, page: &Page) -> CustomerPage = customers_view::search;
    /// How many customers the filter matches. Ignores what this run has changed.
    "customers:view" count(filter: &CustomerFilter) -> u64 = customers_view::count;
    /// The personal data of one customer.
    "customers:pii" contact(customer: &str) -> ContactDetails = customers_pii::contact;
    /// The id of the customer with exactly this e-mail address, upper and lower case alike.
    "customers:pii" find_by_email(email: &str) -> Option<String> = customers_pii::find_by_email;
    /// Makes a customer and returns the id. An e-mail address belongs to one customer at most.
    "customers:edit" create(contact: &ContactDetails, tags: &[String]) -> String = customers_edit::create;
    /// Replaces a customer's personal data.
    "customers:edit" update(customer: &str, contact: &ContactDetails) -> () = customers_edit::update;
    /// Adds a tag, 1 to 64 characters.
    "customers:edit" tag(customer: &str, tag: &str) -> () = customers_edit::tag;
    /// Removes a tag.
    "customers:edit" untag(customer: &str, tag: &str) -> () = customers_edit::untag;
    /// Records whether the customer agreed to marketing.
    "customers:edit" set_consent(customer: &str, marketing: bool) -> () = customers_edit::set_consent;
    /// Deletes a customer and the personal data. Orders stay, without the customer.
    "customers:delete" delete(customer: &str) -> () = customers_delete::delete;
}

/// All customers the filter matches, oldest first, fetched as they are asked for with [`search`].
pub fn all(filter: CustomerFilter) -> impl Iterator<Item = Result<Customer>> {
    parts::walk(move |page| search(&filter, page).map(|found| (found.items, found.next)))
}
