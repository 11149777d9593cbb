//! The stores of the host: all of them, one with its apps and its plan, making one, suspending, renaming and deleting one.

use super::{HostFrame, Part};
use crate::authz::StoreId;
use crate::db::accounts::{Awaited, Invitation};
use crate::db::history::InstalledAt;
use crate::db::plans::{Decision, PlanRequest};
use crate::db::stores::{NewStore, Store};
use crate::db::{self, Db, Operator, Page as Asked};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::letters::{For, INVITATION, Posted, link_for};
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem, Query, State};
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "host/stores.html")]
struct List {
    frame: Frame,
    stores: Vec<Store>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "host/new_store.html")]
struct New {
    frame: Frame,
    typed: Typed,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "host/invited.html")]
struct Invited {
    frame: Frame,
    store: StoreId,
    title: String,
    email: String,
    link: String,
    expires_at: String,
    posted: Posted,
}

/// In whose share of letters those of the operator are.
const CAUSE: &str = "operator";

/// Shows the link that invites the owner of a store, and sends it if anything sends e-mail.
async fn invited(
    frame: Frame,
    state: &State,
    (store, store_name): (StoreId, String),
    (title, email): (String, String),
    made: Invitation,
) -> Shown {
    let email = db::accounts::email(&email)?;
    let (link, expires_at) = (format!("/link?s={}", made.secret.expose()), made.expires_at);
    let whose = For { store: store_name, by: frame.me.clone().unwrap_or_default(), cause: CAUSE.to_owned() };
    let posted = link_for(state, &frame, whose, (INVITATION, &email), (&link, &expires_at)).await;
    show(&Invited { frame, store, title, email, link, expires_at, posted })
}

#[derive(Template)]
#[template(path = "host/store.html")]
struct One {
    frame: Frame,
    store: Store,
    /// Its owner, if they never came in.
    awaited: Option<Awaited>,
    apps: Vec<InstalledAt>,
    pager: Pager,
    reason: String,
    /// The plans there are, with an empty name for the standard one.
    plans: Vec<(String, String)>,
    given: String,
    /// What its owner asked for, if that waits.
    request: Option<PlanRequest>,
    wrong: Wrong,
}

/// What the form of a new store holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    store: String,
    currency: String,
    country: String,
    time_zone: String,
    owner: String,
    email: String,
}

/// To whom an invitation goes.
#[derive(Deserialize)]
pub(super) struct ToInvite {
    email: String,
}

/// Why a store is suspended.
#[derive(Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// What a store is called from now on.
#[derive(Deserialize)]
pub(super) struct Renamed {
    name: String,
}

/// What is typed to delete a store.
#[derive(Deserialize)]
pub(super) struct Doomed {
    name: String,
    #[serde(default)]
    now: String,
}

/// Which plan a store has from now on.
#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    plan: String,
}

/// What the operator says to what an owner asks for.
#[derive(Deserialize)]
pub(super) struct Decided {
    #[serde(default)]
    word: String,
    /// From the button that accepts; the other one has another name.
    #[serde(default)]
    accept: String,
}

fn id(text: &str) -> Result<StoreId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("store `{text}`")))
}

/// All of them.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(part): Query<Part>) -> Shown {
    let found = operator.stores(&db, &Asked { limit: None, cursor: part.cursor.clone() }).await?;
    let pager = Pager::new(&frame.base, &[], part.cursor.as_deref(), found.next_cursor.as_deref());
    show(&List { frame, stores: found.items, pager })
}

/// The form of a new one.
pub(super) async fn new_page(HostFrame(frame): HostFrame, _: Operator) -> Shown {
    let none = String::new;
    let (currency, country, time_zone) = ("EUR".to_owned(), "DE".to_owned(), "Europe/Berlin".to_owned());
    let typed = Typed { store: none(), currency, country, time_zone, owner: none(), email: none() };
    show(&New { frame, typed, wrong: Wrong::default() })
}

/// Makes one, and shows the link that invites its owner.
pub(super) async fn create(
    HostFrame(frame): HostFrame,
    operator: Operator,
    state: State,
    Form(typed): Form<Typed>,
) -> Shown {
    let new = NewStore {
        name: typed.store.trim().to_owned(),
        currency: typed.currency.trim().to_uppercase(),
        time_zone: typed.time_zone.trim().to_owned(),
        country: typed.country.trim().to_uppercase(),
        low_stock: 5,
        owner: typed.owner.trim().to_owned(),
    };
    match operator.create_store_for(&state.db, new, &typed.email).await {
        Ok((store, made)) => {
            let title = frame.t("host-made").with("store", &typed.store).to_string();
            invited(frame, &state, (store, typed.store), (title, typed.email), made).await
        }
        Err(db::Error::Invalid(why)) => {
            let wrong = Wrong::new(frame.words, &why);
            show(&New { frame, typed, wrong })
        }
        Err(e) => Err(e.into()),
    }
}

async fn shown(
    frame: Frame,
    operator: Operator,
    db: &Db,
    id: StoreId,
    cursor: Option<String>,
    (reason, wrong): (String, Said),
) -> Shown {
    let (store, awaited) = (operator.store(db, id).await?, operator.awaited_owner(db, id).await?);
    let found = operator.apps_of(db, id, &Asked { limit: None, cursor: cursor.clone() }).await?;
    let path = format!("{}/stores/{id}", frame.base);
    let pager = Pager::new(&path, &[], cursor.as_deref(), found.next_cursor.as_deref());
    let mut plans = vec![(String::new(), frame.t("plan-standard-choice").to_string())];
    plans.extend(super::plans::all(operator, db).await?.into_iter().map(|plan| (plan.name, plan.title)));
    let request = operator.plan_request_of(db, id).await?.filter(|request| request.state == "waiting");
    let (given, wrong) = (store.plan.clone().unwrap_or_default(), Wrong::new(frame.words, &wrong));
    show(&One { frame, store, awaited, apps: found.items, pager, reason, plans, given, request, wrong })
}

/// One, with its apps.
pub(super) async fn one(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Query(part): Query<Part>,
) -> Shown {
    shown(frame, operator, &db, id(&store)?, part.cursor, Default::default()).await
}

/// Invites its owner anew, who never came in.
pub(super) async fn invite(
    HostFrame(frame): HostFrame,
    operator: Operator,
    state: State,
    At(store): At,
    Form(to): Form<ToInvite>,
) -> Shown {
    let store = id(&store)?;
    match operator.invite_owner(&state.db, store, &to.email).await {
        Ok((name, made)) => {
            let of = operator.store(&state.db, store).await?.name;
            let title = frame.t("invited-title").with("name", name).to_string();
            invited(frame, &state, (store, of), (title, to.email), made).await
        }
        Err(db::Error::Invalid(said)) => shown(frame, operator, &state.db, store, None, (String::new(), said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Suspends it.
pub(super) async fn suspend(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Form(why): Form<Why>,
) -> Shown {
    let id = id(&store)?;
    match operator.suspend_store(&db, id, why.reason.trim()).await {
        Ok(()) => Ok(see(&format!("{}/stores/{store}", frame.base))),
        Err(db::Error::Invalid(said)) => shown(frame, operator, &db, id, None, (why.reason, said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Resumes it.
pub(super) async fn resume(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(store): At) -> Shown {
    let id = id(&store)?;
    match operator.resume_store(&db, id).await {
        Ok(()) => Ok(see(&format!("{}/stores/{store}", frame.base))),
        Err(db::Error::Invalid(said)) => shown(frame, operator, &db, id, None, (String::new(), said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Where an act on a store leads: back to its page, or to what was wrong with it.
async fn done(frame: Frame, operator: Operator, db: &Db, id: StoreId, end: db::Result<()>) -> Shown {
    match end {
        Ok(()) => Ok(see(&format!("{}/stores/{id}", frame.base))),
        Err(db::Error::Invalid(said)) => shown(frame, operator, db, id, None, (String::new(), said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Calls it by another name in lists of the host.
pub(super) async fn rename(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Form(to): Form<Renamed>,
) -> Shown {
    let id = id(&store)?;
    let end = operator.rename_store(&db, id, to.name.trim()).await;
    done(frame, operator, &db, id, end).await
}

/// Deletes it.
pub(super) async fn delete(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Form(doomed): Form<Doomed>,
) -> Shown {
    let id = id(&store)?;
    let end = operator.delete_store(&db, id, &doomed.name, !doomed.now.is_empty()).await.map(drop);
    done(frame, operator, &db, id, end).await
}

/// Keeps what was deleted.
pub(super) async fn keep(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(store): At) -> Shown {
    let id = id(&store)?;
    let end = operator.keep_store(&db, id).await;
    done(frame, operator, &db, id, end).await
}

/// Gives it a plan.
pub(super) async fn give(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Form(given): Form<Given>,
) -> Shown {
    let id = id(&store)?;
    let plan = Some(given.plan).filter(|plan| !plan.is_empty());
    let end = operator.give_plan(&db, id, plan).await;
    done(frame, operator, &db, id, end).await
}

/// Decides on what its owner asks for.
pub(super) async fn decide(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(store): At,
    Form(decided): Form<Decided>,
) -> Shown {
    let id = id(&store)?;
    let decision = if decided.accept.is_empty() { Decision::Declined } else { Decision::Accepted };
    let word = Some(decided.word.trim().to_owned()).filter(|word| !word.is_empty());
    let end = operator.decide_plan(&db, id, decision, word).await;
    done(frame, operator, &db, id, end).await
}
