//! Who asks: from a bearer token to a principal, a permit, or one of the proofs of those who are not staff.
//!
//! INVARIANT: whoever asks is asked who they are at `db`, which verifies their token; nobody is made up here.

use super::path::{no_store, store};
use crate::authz::{self, Denied, Grants, Permit, Principal, Scope, Why};
use crate::db::accounts::SignedIn;
use crate::db::tokens::{self, Refused, Shown};
use crate::db::{Db, Identity, Operator, Publisher, Setup};
use crate::http::accounts::{Known, Needs, identify};
use crate::http::{Problem, State};
use crate::text::words::Words;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Says with every answer that the token ends soon, and when (RFC 3339).
const ENDS: &str = "storehand-token-ends";

/// Lets nobody past who has no valid token, and leaves who it is with the request. It stands before every route of the
/// API but its description, so that a route cannot be forgotten.
pub(in crate::http) async fn identified(
    axum::extract::State(state): axum::extract::State<State>,
    mut request: Request,
    next: Next,
) -> Response {
    match ask(&state, request.headers()).await {
        Ok((identity, token)) => {
            let ends = token.expires_at.as_deref().filter(|_| token.ends_soon);
            let ends = ends.and_then(|at| HeaderValue::from_str(at).ok());
            request.extensions_mut().insert(identity);
            request.extensions_mut().insert(token);
            let mut response = next.run(request).await;
            if let Some(ends) = ends {
                response.headers_mut().insert(ENDS, ends);
            }
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// Asks once more who it is: after a body has arrived, which takes as long as its sender likes, and before each attempt.
/// What is asked for then rests on what holds by then.
pub(in crate::http) async fn ask_again(state: &State, parts: &mut Parts) -> Result<(), Problem> {
    if parts.extensions.get::<Known>().is_some() {
        identify(state, parts).await?;
        return principal_in(parts).await.map(drop);
    }
    let (identity, token) = ask(state, &parts.headers).await?;
    parts.extensions.insert(identity);
    parts.extensions.insert(token);
    Ok(())
}

/// Whom the token of a request stands for at this moment.
async fn ask(state: &State, headers: &HeaderMap) -> Result<(Identity, Shown), Problem> {
    authenticate(state, &bearer(headers)?).await
}

/// The token of a request, which can still be anybody's.
pub(in crate::http) fn bearer(headers: &HeaderMap) -> Result<String, Problem> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let header = match (given.next(), given.next()) {
        (Some(header), None) => header.to_str().unwrap_or_default(),
        (None, _) => return Err(Problem::unauthorized("send a token: `Authorization: Bearer sh_pat_…`")),
        (Some(_), Some(_)) => return Err(Problem::unauthorized("send one `Authorization` header, not several")),
    };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim().to_owned()),
        _ => Err(Problem::unauthorized("the scheme must be `Bearer`: `Authorization: Bearer sh_pat_…`")),
    }
}

async fn authenticate(state: &State, token: &str) -> Result<(Identity, Shown), Problem> {
    if !tokens::well_formed(token) {
        return Err(Problem::unauthorized("the token is mistyped: its checksum does not fit"));
    }
    match state.db.identify(token).await? {
        Some(found) => Ok(found),
        None => Err(Problem::unauthorized(refused(&state.db.why_refused(token).await?))),
    }
}

/// It is no secret from whoever holds the token.
fn refused(why: &Refused) -> String {
    let day = |at: &str| at.get(..10).unwrap_or(at).to_owned();
    match why {
        Refused::Unknown => "this host knows no such token; check that it was made here and copied whole".to_owned(),
        Refused::Revoked(at) => {
            format!("this token was revoked on {}; ask whoever gave it to you for a new one", day(at))
        }
        Refused::Ended(at) => format!("this token ended on {}; ask whoever gave it to you for a new one", day(at)),
        Refused::HolderRemoved => {
            "whoever this token was made for does not work in this store at present; ask its owner".to_owned()
        }
    }
}

fn identity(parts: &Parts) -> Result<Identity, Problem> {
    parts.extensions.get::<Identity>().cloned().ok_or_else(|| Problem::unauthorized("send a token"))
}

impl FromRequestParts<State> for Shown {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Shown, Problem> {
        parts.extensions.get::<Shown>().cloned().ok_or_else(|| Problem::unauthorized("send a token"))
    }
}

impl FromRequestParts<State> for Identity {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Identity, Problem> {
        identity(parts)
    }
}

/// The principal of a person or of a shop's front; the others act in no store.
pub(in crate::http) fn principal_of(identity: &Identity) -> Option<Principal> {
    match identity {
        Identity::Staff(person) => Some(authz::staff(person.clone())),
        Identity::Storefront(front) => Some(front.clone()),
        Identity::Operator(_) | Identity::Publisher(_) | Identity::Setup(_) => None,
    }
}

/// Whom a token stands for in its store, for whoever acts with one outside of a request: the demonstration, which
/// does everything as its own owner and its own shop's front. Nobody, if it is not valid or acts in no store.
pub async fn principal(db: &Db, token: &str) -> crate::db::Result<Option<Principal>> {
    Ok(db.authenticate(token).await?.as_ref().and_then(principal_of))
}

impl FromRequestParts<State> for Principal {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Principal, Problem> {
        principal_in(parts).await
    }
}

/// Who asks, in the store of the path.
pub(super) async fn principal_in(parts: &mut Parts) -> Result<Principal, Problem> {
    let asked = store(parts).await?;
    // Somebody who is signed in, and belongs to another store.
    if parts.extensions.get::<SignedIn>().is_some_and(|who| who.is_whole) && parts.extensions.get::<Needs>().is_none() {
        identity(parts).map_err(|_| no_store(&asked.to_string()))?;
    }
    let identity = identity(parts)?;
    match principal_of(&identity) {
        Some(principal) if principal.store() == asked => Ok(principal),
        None if matches!(identity, Identity::Operator(_)) => {
            Err(Problem::forbidden("the operator does not act in stores; use a staff member's token"))
        }
        _ => Err(no_store(&asked.to_string())),
    }
}

/// Marks a request that a permit was given to.
#[derive(Debug, Clone, Copy)]
pub(super) struct LetIn;

impl<S: Grants> FromRequestParts<State> for Permit<S> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Permit<S>, Problem> {
        let principal = Principal::from_request_parts(parts, state).await?;
        let permit = match principal.permit() {
            Ok(permit) => permit,
            Err(denied) => return Err(denial(&state.db, &principal, denied).await),
        };
        proved(parts, S::SCOPE)?;
        state.db.notice_use(&principal, S::SCOPE);
        parts.extensions.insert(LetIn);
        Ok(permit)
    }
}

/// Marks an answer to somebody who must first prove anew who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum NeedsProof {
    /// By whatever they have.
    Any,
    /// By all that signing in asks for.
    All,
}

/// The code of a problem that a proof lifts.
pub(in crate::http) const NEEDS_PROOF: &str = "proof_required";

/// The code of a problem that a proof by password and second factor lifts.
pub(in crate::http) const NEEDS_WHOLE_PROOF: &str = "whole_proof_required";

/// What is said where the proof of password or second factor is too old.
pub(in crate::http) fn needs_whole_proof() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, NEEDS_WHOLE_PROOF, Words::ENGLISH.t("refused-whole-proof-required"))
}

/// What is said where a proof is too old.
pub(in crate::http) fn needs_proof() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, NEEDS_PROOF, Words::ENGLISH.t("refused-proof-required"))
}

/// Refuses an act of weight in a session whose person proved who they are too long ago (T60): the cookie may be stolen.
/// Whoever acts with a token has shown all there is.
fn proved(parts: &Parts, scope: Scope) -> Result<(), Problem> {
    let who = parts.extensions.get::<SignedIn>().filter(|who| !who.is_recent());
    match who.filter(|_| !parts.method.is_safe() && scope.needs_proof()) {
        Some(_) => Err(needs_proof()),
        None => Ok(()),
    }
}

/// A denial with what would lift it. Of a token that lacks what its person holds, whether it was limited or is older.
async fn denial(db: &Db, principal: &Principal, mut denied: Denied) -> Problem {
    tracing::info!(actor = %principal.actor(), scope = %denied.scope, why = ?denied.why, "denied");
    if let (Why::TokenLacks, Some(staff), Some(token)) = (denied.why, principal.as_staff(), principal.token())
        && db.is_older(principal.store(), staff, token, denied.scope).await.unwrap_or(false)
    {
        denied.why = Why::TokenOlder;
    }
    denied.into()
}

/// Nothing, where the scope is not held: for what is shown on top, such as the record after a change.
impl<S: Grants> OptionalFromRequestParts<State> for Permit<S> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Option<Permit<S>>, Problem> {
        let principal = <Principal as FromRequestParts<State>>::from_request_parts(parts, state).await?;
        Ok(principal.permit().ok())
    }
}

impl FromRequestParts<State> for Operator {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Operator, Problem> {
        let signed_in = parts.extensions.get::<SignedIn>();
        let whole = signed_in.is_some_and(|who| who.is_whole) && parts.extensions.get::<Needs>().is_none();
        match identity(parts) {
            // Whatever the operator changes has weight: the cookie may be stolen (T60).
            Ok(Identity::Operator(_)) if !parts.method.is_safe() && signed_in.is_some_and(|who| !who.is_recent()) => {
                Err(needs_proof())
            }
            Ok(Identity::Operator(operator)) => Ok(operator),
            // Somebody who is signed in, and operates nothing.
            Err(_) if whole => {
                Err(Problem::forbidden("only the operator of the host can do this, and your account is not theirs"))
            }
            Err(nobody) => Err(nobody),
            Ok(_) => Err(Problem::forbidden("only the operator of the host can do this; use an operator's token")),
        }
    }
}

impl FromRequestParts<State> for Publisher {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Publisher, Problem> {
        match identity(parts)? {
            Identity::Publisher(publisher) => Ok(publisher),
            _ => Err(Problem::forbidden("only a publisher of apps can do this; use a publisher's token")),
        }
    }
}

impl FromRequestParts<State> for Setup {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Setup, Problem> {
        match identity(parts)? {
            Identity::Setup(setup) => Ok(setup),
            _ => Err(Problem::forbidden(
                "this host was set up already; only the token printed at a first start can do this",
            )),
        }
    }
}
