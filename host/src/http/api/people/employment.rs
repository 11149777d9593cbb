//! Whether somebody works in the store at the moment, what they are called, and where they are signed in: for its owner.

use super::staff::id;
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Permit, Principal, StaffId};
use crate::db::Db;
use crate::db::staff::RemovedStaff;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewName {
    /// 1 to 80 characters.
    name: String,
}

/// What somebody is called from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RenamedStaff {
    /// The person.
    #[schema(value_type = String)]
    id: StaffId,
    /// Their name.
    name: String,
}

/// Somebody's last day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LastDay {
    /// As in `2026-12-31`: a day of the time zone of the store, at most five years ahead. Not given: they have none.
    day: Option<String>,
}

/// Until when somebody works here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorksUntil {
    /// The person.
    #[schema(value_type = String)]
    id: StaffId,
    /// From then on they hold nothing, RFC 3339; none, if they have no last day.
    ends_at: Option<String>,
}

/// Sessions that were ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignedOut {
    /// The person.
    #[schema(value_type = String)]
    id: StaffId,
    /// How many sessions of theirs ended.
    sessions: u64,
}

/// Suspend a staff member
///
/// They hold nothing in this store from their very next act on, with each token and in each session, until they are
/// reinstated. Account and tokens stay. What they granted apps is put up for review.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/suspend", tag = "staff", responses((status = 200, body = RemovedStaff)))]
pub(super) async fn suspend(staff: Permit<StaffManage>, db: Db, At(person): At) -> Answer<RemovedStaff> {
    let id = id(&person)?;
    Ok(Json(RemovedStaff { id, review: staff.suspend(&db, id).await? }))
}

/// Reinstate a staff member
///
/// With what they held when they were suspended, all of which you have to hold. A last day that is over is forgotten.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/reinstate", tag = "staff", responses((status = 204)))]
pub(super) async fn reinstate(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
) -> Result<StatusCode, Problem> {
    staff.reinstate(&db, &giver, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a staff member's last day
///
/// When it is over where the store is, they hold nothing any more, with each token and in each session: the clock decides.
/// Within a minute it is noted, and what they granted apps is put up for review. Whoever lets them work longer than before
/// holds all that they hold.
#[utoipa::path(put, path = "/stores/{store}/staff/{staff}/last-day", tag = "staff", responses((status = 200, body = WorksUntil)))]
pub(super) async fn set_last_day(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
    Json(last): Json<LastDay>,
) -> Answer<WorksUntil> {
    let id = id(&person)?;
    Ok(Json(WorksUntil { id, ends_at: staff.set_last_day(&db, &giver, id, last.day.as_deref()).await? }))
}

/// Rename a staff member
///
/// In this store; what their account is called is their own. An owner, too.
#[utoipa::path(put, path = "/stores/{store}/staff/{staff}/name", tag = "staff", responses((status = 200, body = RenamedStaff)))]
pub(super) async fn rename(
    staff: Permit<StaffManage>,
    db: Db,
    At(person): At,
    Json(new): Json<NewName>,
) -> Answer<RenamedStaff> {
    let (id, name) = (id(&person)?, new.name.trim().to_owned());
    staff.rename(&db, id, &name).await?;
    Ok(Json(RenamedStaff { id, name }))
}

/// Sign a staff member out everywhere
///
/// Ends their sessions in browsers. Refused for owners, and for whoever works in another store or operates the host as well:
/// suspend them instead. Their tokens stay: `POST …/token` ends those.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/sign-out", tag = "staff", responses((status = 200, body = SignedOut)))]
pub(super) async fn sign_out(staff: Permit<StaffManage>, db: Db, At(person): At) -> Answer<SignedOut> {
    let id = id(&person)?;
    Ok(Json(SignedOut { id, sessions: staff.end_sessions(&db, id).await? }))
}
