//! A person's own account: name, language and theme, password, second factor, passkeys, and the browsers they are signed in with.

use super::{new_password, see};
use crate::authz::SessionId;
use crate::db::Db;
use crate::db::accounts::{Device, FactorState, Membership, Passkey, Preferences, Session, SignedIn};
use crate::http::accounts::{Form, Here, recent, wholly_recent};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::words::Language;
use crate::http::pages::wrong::Wrong;
use crate::http::{Problem, State};
use askama::Template;
use axum::http::HeaderMap;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/own.html")]
struct Page {
    frame: Frame,
    who: SignedIn,
    language: String,
    theme: String,
    factor: Option<FactorState>,
    stores: Vec<Membership>,
    sessions: Vec<Session>,
    devices: Vec<Device>,
    passkeys: Vec<Row>,
    /// Whether passkeys work where the browser is.
    is_named: bool,
    wrong_name: Wrong,
    wrong_password: Wrong,
}

/// A passkey in the list.
struct Row {
    credential: String,
    name: String,
    origin: String,
    /// Whether it works where the browser is.
    is_here: bool,
    created_at: String,
    used_at: Option<String>,
}

/// What the form of preferences holds.
#[derive(Deserialize)]
pub(super) struct Chosen {
    name: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    theme: String,
}

/// What the form of the password holds.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// Which session.
#[derive(Deserialize)]
pub(super) struct Which {
    session: String,
}

async fn shown(headers: &HeaderMap, here: &Here, db: &Db, who: SignedIn, wrong: (Wrong, Wrong)) -> Shown {
    let row = |of: Passkey| {
        let is_here = here.0.as_ref().is_some_and(|party| party.origin() == of.origin);
        let Passkey { credential, name, origin, created_at, used_at, .. } = of;
        Row { credential, name, origin, is_here, created_at, used_at }
    };
    let (passkeys, is_named) = (who.passkeys(db).await?.into_iter().map(row).collect(), here.0.is_some());
    let factor = who.factor(db).await?;
    let (stores, sessions, devices) = (who.stores(db).await?, who.sessions(db).await?, who.devices(db).await?);
    let (language, theme) = (who.language.clone().unwrap_or_default(), who.theme.clone().unwrap_or_default());
    let frame = Frame::plain(headers, Some(&who));
    let (wrong_name, wrong_password) = wrong;
    show(&Page {
        frame,
        who,
        language,
        theme,
        factor,
        stores,
        sessions,
        devices,
        passkeys,
        is_named,
        wrong_name,
        wrong_password,
    })
}

/// The account.
pub(super) async fn page(headers: HeaderMap, who: SignedIn, here: Here, db: Db) -> Shown {
    shown(&headers, &here, &db, who, Default::default()).await
}

/// Sets name, language and theme.
pub(super) async fn preferences(
    headers: HeaderMap,
    who: SignedIn,
    here: Here,
    db: Db,
    Form(chosen): Form<Chosen>,
) -> Shown {
    let theme = Some(chosen.theme).filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    let language = Language::by_code(&chosen.language).map(|language| language.code().to_owned());
    match who.set_preferences(&db, Preferences { name: chosen.name, language, theme }).await {
        Ok(()) => Ok(see("/account")),
        Err(crate::db::Error::Invalid(why)) => {
            let wrong = Wrong::new(Frame::plain(&headers, Some(&who)).words, &why);
            shown(&headers, &here, &db, who, (wrong, Wrong::default())).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Sets another password. Every other session ends.
pub(super) async fn password(
    headers: HeaderMap,
    who: SignedIn,
    here: Here,
    state: State,
    Form(new): Form<NewPassword>,
) -> Shown {
    wholly_recent(&who)?;
    let stores = who.stores(&state.db).await?;
    let mut words = vec![who.name.as_str(), who.email.as_str()];
    words.extend(stores.iter().map(|store| store.name.as_str()));
    let language = Frame::plain(&headers, Some(&who)).words;
    if let Some(wrong) = new_password(&state, language, (&new.password, &new.again), who.has_factor, &words).await? {
        return shown(&headers, &here, &state.db, who, (Wrong::default(), wrong)).await;
    }
    let hashed = state.prover.hash(new.password).await?;
    who.set_password(&state.db, hashed).await?;
    Ok(see("/account"))
}

/// Ends one of their sessions.
pub(super) async fn end_session(who: SignedIn, db: Db, Form(which): Form<Which>) -> Shown {
    recent(&who)?;
    let id: SessionId = which.session.parse().map_err(|_| Problem::not_found("such session"))?;
    who.end(&db, id).await?;
    Ok(see("/account"))
}

/// Ends all their sessions but this.
pub(super) async fn end_others(who: SignedIn, db: Db) -> Shown {
    recent(&who)?;
    who.end_others(&db).await?;
    Ok(see("/account"))
}
