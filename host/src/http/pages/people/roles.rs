//! Who can do what, in one table, and the roles that a store made for itself.

use super::{Group, groups};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, RoleId, Scope, ScopeSet};
use crate::db::own_roles::OwnRole;
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::apps::field;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem};
use askama::Template;

/// A person as a column of the table.
struct Column {
    name: String,
    href: String,
}

/// A permission as a row of the table, with whether each person holds it.
struct Row {
    scope: Scope,
    holds: Vec<bool>,
}

/// One of the seven groups.
struct Rows {
    name: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "people/roles.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    may_manage: bool,
    people: Vec<Column>,
    table: Vec<Rows>,
    own: Vec<OwnRole>,
    title: String,
    groups: Vec<Group>,
    wrong: Wrong,
}

/// So many people the table has columns for; of a larger store those who came first.
const MAX_COLUMNS: usize = 12;

async fn shown(
    frame: Frame,
    (staff, who, db): (&Permit<StaffView>, &Principal, &Db),
    (title, ticked, wrong): (String, ScopeSet, Wrong),
) -> Shown {
    let mut people = staff.list(db).await?;
    people.truncate(MAX_COLUMNS);
    let held: Vec<ScopeSet> = people.iter().map(|person| person.scopes.iter().copied().collect()).collect();
    let mut table: Vec<Rows> = Vec::new();
    for scope in ScopeSet::staff().iter() {
        let row = Row { scope, holds: held.iter().map(|held| held.contains(scope)).collect() };
        match table.iter_mut().find(|rows| rows.name == scope.group()) {
            Some(rows) => rows.rows.push(row),
            None => table.push(Rows { name: scope.group(), rows: vec![row] }),
        }
    }
    let columns = people
        .into_iter()
        .map(|person| Column { href: format!("{}/people/{}", frame.base, person.id), name: person.name });
    show(&Page {
        tab: "roles",
        may_manage: who.holds(Scope::StaffManage).is_ok(),
        people: columns.collect(),
        table,
        own: staff.own_roles(db).await?,
        title,
        groups: groups(frame.words, ticked, who.held()),
        wrong,
        frame,
    })
}

/// The table, the roles, and the form for another one.
pub(super) async fn page(frame: Frame, staff: Permit<StaffView>, who: Principal, db: Db) -> Shown {
    shown(frame, (&staff, &who, &db), (String::new(), ScopeSet::EMPTY, Wrong::default())).await
}

/// Makes a role, or replaces what one proposes.
pub(super) async fn submit(
    frame: Frame,
    (manage, staff): (Permit<StaffManage>, Permit<StaffView>),
    who: Principal,
    db: Db,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let (title, scopes) = (field(&fields, "title").to_owned(), super::ticked(&fields, &[])?);
    match manage.set_role(&db, &who, &title, scopes).await {
        Ok(()) => Ok(see(&frame.page("people/roles"))),
        Err(db::Error::Invalid(why)) => {
            let wrong = Wrong::new(frame.words, &why);
            shown(frame, (&staff, &who, &db), (title, scopes, wrong)).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Deletes a role.
pub(super) async fn delete(frame: Frame, manage: Permit<StaffManage>, db: Db, At(role): At) -> Shown {
    let id: RoleId = role.parse().map_err(|_| Problem::not_found(format_args!("role `{role}`")))?;
    manage.delete_role(&db, id).await?;
    Ok(see(&frame.page("people/roles")))
}
