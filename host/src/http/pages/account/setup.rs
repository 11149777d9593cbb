//! The first start: one form makes the first store and the account of its owner, who operates the host as well.

use super::{enter, new_password, safe};
use crate::db::accounts::NewAccount;
use crate::db::stores::NewStore;
use crate::db::{Db, Identity, Setup};
use crate::http::accounts::{Form, browser};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use crate::http::{Came, Problem, Query, State};
use askama::Template;
use axum::Extension;
use axum::http::HeaderMap;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/setup.html")]
struct Page {
    frame: Frame,
    typed: Typed,
    wrong: Wrong,
}

/// The token that was printed.
#[derive(Debug, Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

/// What the form holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    token: String,
    store: String,
    currency: String,
    country: String,
    time_zone: String,
    name: String,
    email: String,
    password: String,
    again: String,
}

async fn setup(db: &Db, token: &str) -> Result<Setup, Problem> {
    match db.authenticate(token).await? {
        Some(Identity::Setup(setup)) => Ok(setup),
        _ => Err(Problem::forbidden(Words::ENGLISH.t("refused-setup-gone"))),
    }
}

/// The form.
pub(super) async fn page(headers: HeaderMap, db: Db, Query(given): Query<Token>) -> Shown {
    setup(&db, &given.token).await?;
    let none = String::new;
    let (token, store, name, email, password, again) = (given.token, none(), none(), none(), none(), none());
    let (currency, country, time_zone) = ("EUR".to_owned(), "DE".to_owned(), "Europe/Berlin".to_owned());
    let typed = Typed { token, store, currency, country, time_zone, name, email, password, again };
    show(&Page { frame: Frame::plain(&headers, None), typed, wrong: Wrong::default() })
}

/// Makes it all, and signs the owner in: their second factor comes next.
pub(super) async fn submit(
    headers: HeaderMap,
    Extension(came): Extension<Came>,
    state: State,
    Form(typed): Form<Typed>,
) -> Shown {
    safe(came)?;
    let setup = setup(&state.db, &typed.token).await?;
    let again = |mut typed: Typed, wrong: Wrong| {
        (typed.password, typed.again) = (String::new(), String::new());
        show(&Page { frame: Frame::plain(&headers, None), typed, wrong })
    };
    let language = Frame::plain(&headers, None).words;
    let words = [typed.name.as_str(), &typed.email, &typed.store];
    if let Some(wrong) = new_password(&state, language, (&typed.password, &typed.again), false, &words).await? {
        return again(typed, wrong);
    }
    let new = NewStore {
        name: typed.store.clone(),
        currency: typed.currency.trim().to_uppercase(),
        time_zone: typed.time_zone.trim().to_owned(),
        country: typed.country.trim().to_uppercase(),
        low_stock: 5,
        owner: typed.name.clone(),
    };
    let hashed = state.prover.hash(typed.password.clone()).await?;
    let made = match NewAccount::new(&typed.email, &typed.name, hashed, state.prover.keys().fingerprint()) {
        Ok(account) => setup.open(&state.db, new, account, &browser(&headers)).await,
        Err(e) => Err(e),
    };
    match made {
        Ok((store, fresh)) => {
            enter(&state, &headers, &format!("/account/second-factor?next=/stores/{store}"), &fresh).await
        }
        Err(crate::db::Error::Invalid(why)) => again(typed, Wrong::new(language, &why)),
        Err(e) => Err(e.into()),
    }
}
