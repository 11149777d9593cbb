//! One person: what they can and cannot do in words, the form that decides it, and their way in and out.

use super::list::invited;
use super::{Group, groups, roles_of, standing, ticked};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, Scope, ScopeSet, StaffId};
use crate::db::accounts::{Device, SignedIn, StaffAccount};
use crate::db::own_roles::OwnRole;
use crate::db::owners::Offer;
use crate::db::staff::Staff;
use crate::db::{self, Db, parse_ms};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::letters::{self, Posted, RESET};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem, State};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "people/person.html")]
struct Page {
    frame: Frame,
    person: Staff,
    standing: String,
    account: StaffAccount,
    can: Vec<Scope>,
    cannot: Vec<Scope>,
    chosen_role: &'static str,
    roles: Vec<(&'static str, String, String)>,
    own_roles: Vec<OwnRole>,
    groups: Vec<Group>,
    may_manage: bool,
    is_me: bool,
    devices: Vec<Device>,
    /// Whether the store lets its people in only with devices that were confirmed.
    confirms_devices: bool,
    offer: Option<Offer>,
    /// Their last day, as a field for a day has it.
    last_day: String,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "people/reset.html")]
struct Reset {
    frame: Frame,
    person: String,
    name: String,
    link: String,
    expires_at: String,
    posted: Posted,
}

/// To whom an invitation goes.
#[derive(Deserialize)]
pub(super) struct ToInvite {
    email: String,
}

pub(super) fn id(text: &str) -> Result<StaffId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("person `{text}`")))
}

async fn shown(
    frame: Frame,
    staff: &Permit<StaffView>,
    who: &Principal,
    db: &Db,
    id: StaffId,
    (ticked, wrong): (Option<ScopeSet>, Wrong),
) -> Shown {
    let person = staff.get(db, id).await?;
    let account = staff.accounts(db).await?.remove(&id).unwrap_or_default();
    let held: ScopeSet = person.scopes.iter().copied().collect();
    let (can, cannot) = ScopeSet::staff().iter().partition(|scope| held.contains(*scope));
    let manage = who.permit::<StaffManage>().ok();
    let offer = match &manage {
        Some(manage) => manage.ownership_offered(db, id).await?,
        None => None,
    };
    show(&Page {
        standing: standing(&frame, person.owner, &person.scopes),
        groups: groups(frame.words, ticked.unwrap_or(held), who.held()),
        is_me: who.as_staff() == Some(id),
        chosen_role: "",
        roles: roles_of(&frame),
        own_roles: staff.own_roles(db).await?,
        last_day: person.ends_at.as_deref().map(|at| last_day(&frame, at)).unwrap_or_default(),
        devices: if manage.is_some() { staff.devices(db, id).await? } else { Vec::new() },
        confirms_devices: staff.confirms_devices(db).await?,
        offer,
        frame,
        person,
        account,
        can,
        cannot,
        may_manage: manage.is_some(),
        wrong,
    })
}

/// The last whole day before a moment, where the store is.
fn last_day(frame: &Frame, at: &str) -> String {
    let before = parse_ms(at).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms - 1).ok());
    before.map(|at| at.to_zoned(frame.zone.clone()).date().to_string()).unwrap_or_default()
}

/// Back to their page.
pub(super) fn back(frame: &Frame, person: &str) -> Shown {
    Ok(see(&format!("{}/people/{person}", frame.base)))
}

/// Back to their page, which says what was wrong with what was asked for, if anything.
pub(super) async fn told(
    frame: Frame,
    (staff, who, db): (&Permit<StaffView>, &Principal, &Db),
    person: &str,
    done: db::Result<()>,
) -> Shown {
    match done {
        Ok(()) => back(&frame, person),
        Err(db::Error::Invalid(why)) => {
            let wrong = Wrong::new(frame.words, &why);
            shown(frame, staff, who, db, id(person)?, (None, wrong)).await
        }
        Err(e) => Err(e.into()),
    }
}

/// The page.
pub(super) async fn page(frame: Frame, staff: Permit<StaffView>, who: Principal, db: Db, At(person): At) -> Shown {
    shown(frame, &staff, &who, &db, id(&person)?, (None, Wrong::default())).await
}

/// Sets what they may do, from their very next act on.
pub(super) async fn scopes(
    frame: Frame,
    (manage, staff): (Permit<StaffManage>, Permit<StaffView>),
    who: Principal,
    db: Db,
    At(person): At,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let (staff_id, scopes) = (id(&person)?, ticked(&fields, &staff.own_roles(&db).await?)?);
    match manage.set_scopes(&db, &who, staff_id, scopes).await {
        Ok(_) => back(&frame, &person),
        Err(db::Error::Invalid(why)) => {
            let wrong = Wrong::new(frame.words, &why);
            shown(frame, &staff, &who, &db, staff_id, (Some(scopes), wrong)).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Invites them to have an account.
pub(super) async fn invite(
    frame: Frame,
    (manage, staff): (Permit<StaffManage>, Permit<StaffView>),
    who: Principal,
    state: State,
    At(person): At,
    Form(to): Form<ToInvite>,
) -> Shown {
    let found = staff.get(&state.db, id(&person)?).await?;
    invited(frame, (&manage, &who), &state, (found.id, found.name), &to.email).await
}

/// Looks at the store as they would, until it is stopped.
pub(super) async fn see_as(frame: Frame, manage: Permit<StaffManage>, me: SignedIn, db: Db, At(person): At) -> Shown {
    manage.see_as(&db, &me, id(&person)?).await?;
    Ok(see(&frame.base))
}

/// Starts a new password for them.
pub(super) async fn reset(
    frame: Frame,
    (manage, staff): (Permit<StaffManage>, Permit<StaffView>),
    state: State,
    At(person): At,
) -> Shown {
    let db = &state.db;
    let found = staff.get(db, id(&person)?).await?;
    let made = manage.reset_password(db, found.id).await?;
    let email = staff.accounts(db).await?.remove(&found.id).and_then(|account| account.email).unwrap_or_default();
    let (link, expires_at) = (format!("/link?s={}", made.secret.expose()), made.expires_at);
    let posted = letters::link(&state, &frame, (RESET, &email), (&link, &expires_at)).await;
    show(&Reset { frame, person, name: found.name, link, expires_at, posted })
}

/// Removes them: their sessions and tokens end, and whatever acts for them stops.
pub(super) async fn remove(frame: Frame, manage: Permit<StaffManage>, db: Db, At(person): At) -> Shown {
    manage.remove(&db, id(&person)?).await?;
    Ok(see(&format!("{}/people", frame.base)))
}
