//! Everyone who belongs to a store, and adding somebody.

use super::{Group, groups, roles_of, standing, ticked};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, Scope, ScopeSet, StaffId};
use crate::db::accounts::StaffAccount;
use crate::db::own_roles::OwnRole;
use crate::db::staff::NewStaff;
use crate::db::{self, Db};
use crate::http::State;
use crate::http::accounts::Form;
use crate::http::pages::apps::field;
use crate::http::pages::frame::Frame;
use crate::http::pages::letters::{self, INVITATION, Posted};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use askama::Template;

#[derive(Template)]
#[template(path = "people/list.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    people: Vec<Listed>,
    may_manage: bool,
    needs_factor: bool,
    confirms_devices: bool,
}

struct Listed {
    id: String,
    name: String,
    standing: String,
    account: StaffAccount,
    is_suspended: bool,
    ends_at: Option<String>,
}

#[derive(Template)]
#[template(path = "people/add.html")]
struct Add {
    frame: Frame,
    name: String,
    email: String,
    chosen_role: String,
    roles: Vec<(&'static str, String, String)>,
    own_roles: Vec<OwnRole>,
    groups: Vec<Group>,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "people/invited.html")]
struct Invited {
    frame: Frame,
    person: String,
    name: String,
    email: String,
    link: String,
    expires_at: String,
    posted: Posted,
}

/// The list.
pub(super) async fn page(frame: Frame, staff: Permit<StaffView>, who: Principal, db: Db) -> Shown {
    let mut accounts = staff.accounts(&db).await?;
    let listed = |person: db::staff::Staff| Listed {
        standing: standing(&frame, person.owner, &person.scopes),
        account: accounts.remove(&person.id).unwrap_or_default(),
        id: person.id.to_string(),
        name: person.name,
        is_suspended: person.suspended_at.is_some(),
        ends_at: person.ends_at,
    };
    let people = staff.list(&db).await?.into_iter().map(listed).collect();
    let may_manage = who.holds(Scope::StaffManage).is_ok();
    let needs_factor = staff.needs_second_factor(&db).await?;
    let confirms_devices = staff.confirms_devices(&db).await?;
    show(&Page { frame, tab: "people", people, may_manage, needs_factor, confirms_devices })
}

/// Whether everybody needs a second factor.
#[derive(serde::Deserialize)]
pub(super) struct Required {
    #[serde(default)]
    required: String,
}

/// Says whether everybody needs a second factor.
pub(super) async fn second_factor(
    frame: Frame,
    manage: Permit<StaffManage>,
    db: Db,
    Form(to): Form<Required>,
) -> Shown {
    manage.require_second_factor(&db, !to.required.is_empty()).await?;
    Ok(crate::http::pages::account::see(&frame.page("people")))
}

async fn add_form(
    frame: Frame,
    (staff, who, db): (&Permit<StaffView>, &Principal, &Db),
    fields: &[(String, String)],
    (ticked, wrong): (ScopeSet, Wrong),
) -> Shown {
    let of = |name| field(fields, name).to_owned();
    let (name, email, chosen_role) = (of("name"), of("email"), of("role"));
    let (own_roles, groups) = (staff.own_roles(db).await?, groups(frame.words, ticked, who.held()));
    let roles = roles_of(&frame);
    show(&Add { frame, name, email, chosen_role, roles, own_roles, groups, wrong })
}

/// The form.
pub(super) async fn add_page(
    frame: Frame,
    (_, staff): (Permit<StaffManage>, Permit<StaffView>),
    who: Principal,
    db: Db,
) -> Shown {
    add_form(frame, (&staff, &who, &db), &[], (ScopeSet::EMPTY, Wrong::default())).await
}

/// Adds somebody, and shows the link that invites them.
pub(super) async fn add(
    frame: Frame,
    (staff, view): (Permit<StaffManage>, Permit<StaffView>),
    who: Principal,
    state: State,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let db = state.db.clone();
    let scopes = ticked(&fields, &view.own_roles(&db).await?)?;
    let (name, email) = (field(&fields, "name").trim().to_owned(), field(&fields, "email"));
    let added = match db::accounts::email(email) {
        Ok(_) => staff.add_without_token(&db, &who, NewStaff { name: name.clone(), scopes }).await,
        Err(e) => Err(e),
    };
    match added {
        Ok(id) => invited(frame, (&staff, &who), &state, (id, name), email).await,
        Err(db::Error::Invalid(why)) => {
            let wrong = Wrong::new(frame.words, &why);
            add_form(frame, (&view, &who, &db), &fields, (scopes, wrong)).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Invites a person, and shows the link.
pub(super) async fn invited(
    frame: Frame,
    (staff, who): (&Permit<StaffManage>, &Principal),
    state: &State,
    (id, name): (StaffId, String),
    email: &str,
) -> Shown {
    // It goes where the link was made for, however that was typed.
    let email = &db::accounts::email(email)?;
    let made = staff.invite(&state.db, who, id, email).await?;
    let (link, expires_at) = (format!("/link?s={}", made.secret.expose()), made.expires_at);
    let posted = letters::link(state, &frame, (INVITATION, email), (&link, &expires_at)).await;
    show(&Invited { frame, person: id.to_string(), name, email: email.to_owned(), link, expires_at, posted })
}
