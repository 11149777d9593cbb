//! What a person could do and could not, route by route, before they are given a role.

use crate::authz::{Permit, ScopeSet, StaffId, scope::kind::StaffView};
use crate::db::Db;
use crate::db::roles::Role;
use crate::http::routes::{RouteAccess, access};
use crate::http::{Answer, Json, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whom to try. Exactly one of these.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Whom {
    /// Somebody with the permissions of a role, for example `fulfilment-agent`.
    role: Option<String>,
    /// A staff member.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
}

/// What somebody could do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffDryRun {
    /// The role's title, or the person's name.
    name: String,
    /// The role, if it was one.
    role: Option<&'static str>,
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

/// Try a role, or a staff member
///
/// What somebody with these permissions can do and what not, operation by operation, with what is missing. Nothing is
/// changed. A token may be limited to less than its person holds.
#[utoipa::path(get, path = "/stores/{store}/staff/dry-run", tag = "staff", security(("token" = ["staff:view"])), params(Whom), responses((status = 200, body = StaffDryRun)))]
pub(super) async fn dry_run(people: Permit<StaffView>, db: Db, Query(whom): Query<Whom>) -> Answer<StaffDryRun> {
    let (name, role, staff, scopes) = match (whom.role, whom.staff) {
        (Some(role), None) => {
            let role = Role::find(&role).ok_or_else(|| no_role(&role))?;
            (role.title.to_owned(), Some(role.id), None, role.scopes())
        }
        (None, Some(id)) => {
            let person = people.get(&db, id).await?;
            (person.name, None, Some(id), person.scopes.into_iter().collect())
        }
        _ => return Err(Problem::invalid("name either a `role` or a `staff` member")),
    };
    Ok(Json(StaffDryRun { name, role, staff, scopes, routes: access(scopes) }))
}

fn no_role(role: &str) -> Problem {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.id).collect();
    let role: String = role.chars().filter(|c| !c.is_control()).take(80).collect();
    Problem::not_found(format_args!("role `{role}`; there are: {}", known.join(", ")))
}
