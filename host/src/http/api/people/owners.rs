//! Who owns a store, and to whom ownership is offered.
//!
//! Offering, accepting and ending ownership ask for a person who has just shown who they are, in a browser. A token shows
//! that for nobody: one that was stolen could make its thief an owner for good, long after it was revoked.

use super::staff::id;
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Permit, StaffId};
use crate::db::Db;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// An owner of a store.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Owner {
    /// Their id, as among the staff.
    #[schema(value_type = String)]
    id: StaffId,
    /// What they are called.
    name: String,
}

/// An offer of ownership that was not accepted yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnershipOffer {
    /// To whom.
    #[schema(value_type = String)]
    staff: StaffId,
    /// What they are called.
    name: String,
    /// What the owner is called who offers it.
    offered_by: String,
    /// Whether that owner stops being one when it is accepted.
    hands_over: bool,
    /// Until when it can be accepted, RFC 3339.
    expires_at: String,
}

/// Who owns a store.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ownership {
    /// At least one, oldest first.
    owners: Vec<Owner>,
    /// Offers that stand, oldest first.
    offers: Vec<OwnershipOffer>,
}

/// List owners and offers of ownership
///
/// Offering ownership, accepting it and ending it ask for a person who has just shown who they are, and so are done in the
/// browser, on the page of the person, and with no token.
#[utoipa::path(get, path = "/stores/{store}/owners", tag = "staff", responses((status = 200, body = Ownership)))]
pub(super) async fn list(staff: Permit<StaffManage>, db: Db) -> Answer<Ownership> {
    let owners = staff.owners(&db).await?.into_iter().map(|(id, name)| Owner { id, name }).collect();
    let offers = staff.ownership_offers(&db).await?.into_iter().map(|offer| OwnershipOffer {
        staff: offer.staff,
        name: offer.staff_name,
        offered_by: offer.offered_by,
        hands_over: offer.hands_over,
        expires_at: offer.expires_at,
    });
    Ok(Json(Ownership { owners, offers: offers.collect() }))
}

/// Withdraw an offer of ownership
///
/// Whoever made it. It can be made anew in the browser.
#[utoipa::path(delete, path = "/stores/{store}/owners/offers/{staff}", tag = "staff", responses((status = 204)))]
pub(super) async fn withdraw(staff: Permit<StaffManage>, db: Db, At(person): At) -> Result<StatusCode, Problem> {
    staff.withdraw_ownership(&db, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
