//! Setting the second factor up: a secret to scan, a code that shows it arrived, and the codes to write down.

use super::sign_in::local;
use crate::authn::recovery::{self, RecoveryCode};
use crate::authn::totp::TotpSecret;
use crate::db::accounts::SignedIn;
use crate::http::accounts::{Form, step_now, wholly_recent};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{Problem, Query, State};
use askama::Template;
use axum::http::HeaderMap;
use serde::Deserialize;

/// What an authenticator app calls this host.
const ISSUER: &str = "Storehand";

#[derive(Template)]
#[template(path = "account/factor.html")]
struct Page {
    frame: Frame,
    has_factor: bool,
    has_app: bool,
    svg: String,
    key: String,
    sealed: String,
    next: String,
    wrong: &'static str,
}

#[derive(Template)]
#[template(path = "account/codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<String>,
    next: String,
}

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// What the form holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    sealed: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// A secret that is not theirs yet is sealed for the session that it was shown in.
fn pending(who: &SignedIn) -> String {
    format!("pending {}", who.session())
}

fn page_of(
    state: &State,
    headers: &HeaderMap,
    who: &SignedIn,
    secret: &TotpSecret,
    next: String,
    wrong: &'static str,
) -> Shown {
    let sealed = secret.seal(state.prover.keys(), &pending(who)).map_err(Problem::internal)?;
    let uri = secret.uri(ISSUER, &who.email);
    let frame = Frame::plain(headers, Some(who));
    let svg = TotpSecret::qr_svg(&uri).map(|svg| picture(&svg)).unwrap_or_default();
    let (has_factor, has_app, key) = (who.has_factor, who.has_app, secret.base32());
    show(&Page { frame, has_factor, has_app, svg, key, sealed, next, wrong })
}

/// A drawing as an address that holds it, so that no text of ours stands in a page unescaped.
fn picture(svg: &str) -> String {
    let escape = |c: char| match c {
        '%' | '#' | '<' | '>' | '"' | ' ' => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("data:image/svg+xml,{}", svg.chars().map(escape).collect::<String>())
}

/// A fresh secret to scan.
pub(super) async fn page(headers: HeaderMap, who: SignedIn, state: State, Query(next): Query<Next>) -> Shown {
    let secret = TotpSecret::random().map_err(Problem::internal)?;
    page_of(&state, &headers, &who, &secret, next.next, "")
}

/// Sets it, once a code shows that it arrived; and shows the codes to write down, this once.
pub(super) async fn submit(headers: HeaderMap, who: SignedIn, state: State, Form(typed): Form<Typed>) -> Shown {
    wholly_recent(&who)?;
    let secret = TotpSecret::open(state.prover.keys(), &typed.sealed, &pending(&who));
    let Some(secret) = secret else {
        let secret = TotpSecret::random().map_err(Problem::internal)?;
        return page_of(&state, &headers, &who, &secret, typed.next, "factor-other-session");
    };
    let Some(step) = step_now(&secret, &typed.code) else {
        return page_of(&state, &headers, &who, &secret, typed.next, "factor-wrong-code");
    };
    let sealed = secret.seal(state.prover.keys(), &who.account().to_string()).map_err(Problem::internal)?;
    let (codes, hashes) = codes()?;
    who.set_factor(&state.db, sealed, step, hashes).await?;
    codes_page(&headers, &who, &codes, local(&typed.next))
}

/// Codes to write down, and their hashes.
pub(super) fn codes() -> Result<(Vec<RecoveryCode>, Vec<String>), Problem> {
    let codes = (0..recovery::CODES).map(|_| RecoveryCode::random()).collect::<Result<Vec<_>, _>>();
    let codes = codes.map_err(Problem::internal)?;
    let hashes = codes.iter().filter_map(|code| recovery::hash(code.text())).collect();
    Ok((codes, hashes))
}

/// Shows them, this once.
pub(super) fn codes_page(headers: &HeaderMap, who: &SignedIn, codes: &[RecoveryCode], next: &str) -> Shown {
    let codes = codes.iter().map(|code| code.text().to_owned()).collect();
    show(&Codes { frame: Frame::plain(headers, Some(who)), codes, next: next.to_owned() })
}
