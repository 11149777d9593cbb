//! Accounts that belong to nobody's store.

use crate::authz::AccountId;
use crate::db::{Db, Operator};
use crate::http::{Answer, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An address that is to be free.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToFree {
    /// The e-mail address that the account signs in with.
    email: String,
}

/// An address that is free.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Freed {
    /// The account that was removed.
    #[schema(value_type = String)]
    account: AccountId,
}

/// Free an e-mail address
///
/// Removes the account that signs in with it: for an address that somebody took who is in no store any more, or that was
/// never theirs. Whoever has the address can be invited then. Refused for an account that belongs to a store, also where
/// its person is suspended, or that operates the host.
#[utoipa::path(post, path = "/accounts/free", tag = "operator", responses((status = 200, body = Freed)))]
pub(super) async fn free(operator: Operator, db: Db, Json(address): Json<ToFree>) -> Answer<Freed> {
    Ok(Json(Freed { account: operator.free_address(&db, &address.email).await? }))
}
