//! Customers: what `customers:*` permits allow.

use super::doc::{Document, Kind};
use super::draft::{Draft, Edit};
use super::error::Result;
use crate::authz::{Grants, Permit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

impl Draft {
    /// Counts an order for a customer, who must exist.
    pub(super) async fn count_order<S: Grants>(&mut self, permit: &Permit<S>, customer: &str) -> Result<()> {
        let mut edit: Edit<Customer> = self.edit(permit, customer).await?;
        edit.doc.orders += 1;
        self.put(permit, &edit)
    }
}
