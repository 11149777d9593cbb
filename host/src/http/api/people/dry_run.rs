//! What a person could do and could not, route by route, before they are given a role.

use super::roles::{find, no_role};
use crate::authz::{Permit, ScopeSet, StaffId, TokenId, scope::kind::StaffView};
use crate::db::Db;
use crate::http::routes::{RouteAccess, access};
use crate::http::{Answer, Json, Problem, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whom to try. Exactly one of these.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Whom {
    /// Somebody with the permissions of a role, for example `fulfilment-agent`; one of the store's own by its id.
    role: Option<String>,
    /// A staff member.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// With `staff`: with this token of theirs, which may be limited to less than they hold.
    #[param(value_type = Option<String>)]
    token: Option<TokenId>,
}

/// What somebody could do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffDryRun {
    /// The role's title, or the person's name.
    name: String,
    /// The role, if it was one.
    role: Option<String>,
    /// The person, if it was one.
    #[schema(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// What they hold.
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
    /// Every operation of the API, and whether they may. Beyond this, nobody gives an app or a person what they do not
    /// hold themselves.
    routes: Vec<RouteAccess>,
}

/// Dry-run a role or a staff member
///
/// What somebody with these permissions can do and what not, operation by operation, with what is missing. Nothing is
/// changed. A token that was limited to less than its person holds is tried by its id.
#[utoipa::path(get, path = "/stores/{store}/staff/dry-run", tag = "staff", params(Whom), responses((status = 200, body = StaffDryRun)))]
pub(super) async fn dry_run(people: Permit<StaffView>, db: Db, Query(whom): Query<Whom>) -> Answer<StaffDryRun> {
    let (name, role, staff, scopes) = match (whom.role, whom.staff, whom.token) {
        (Some(role), None, None) => {
            let own = people.own_roles(&db).await?;
            let unknown = || Problem::new(StatusCode::NOT_FOUND, "not_found", no_role(&role, &own));
            let (title, scopes) = find(&role, &own).ok_or_else(unknown)?;
            (title, Some(role), None, scopes)
        }
        (None, Some(id), Some(token)) => {
            let (person, scopes) = people.with_token(&db, id, token).await?;
            (person.name, None, Some(id), scopes)
        }
        (None, Some(id), None) => {
            let person = people.get(&db, id).await?;
            (person.name, None, Some(id), person.scopes.into_iter().collect())
        }
        _ => return Err(Problem::invalid("name either a `role` or a `staff` member; a `token` goes with its person")),
    };
    Ok(Json(StaffDryRun { name, role, staff, scopes, routes: access(scopes) }))
}
