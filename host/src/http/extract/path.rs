//! The parameters of a path.

use crate::authz::StoreId;
use crate::http::{Problem, State};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

/// The name of the parameter that says which store.
const STORE: &str = "store";
/// No id, sku or tag is longer, in bytes.
const LONGEST: usize = 512;

async fn params(parts: &mut Parts) -> Result<RawPathParams, Problem> {
    let wrong = |_| Problem::bad_request("bad_path", "the path is not valid utf-8");
    RawPathParams::from_request_parts(parts, &()).await.map_err(wrong)
}

/// The store in the path. Text that is no store's id is a store nobody has.
pub(in crate::http) async fn store(parts: &mut Parts) -> Result<StoreId, Problem> {
    let params = params(parts).await?;
    let text = params.iter().find(|(name, _)| *name == STORE).map(|(_, value)| value);
    let text = text.ok_or_else(|| Problem::internal("a route without `{store}` asked for the store"))?;
    text.parse().map_err(|_| no_store(text))
}

/// The one answer for a store that is not there and for one that the asker does not belong to.
pub(super) fn no_store(id: &str) -> Problem {
    Problem::not_found(format_args!("store `{}`", id.chars().filter(|c| !c.is_control()).take(80).collect::<String>()))
}

/// The store in the path, for those who act on stores and not in them.
#[derive(Debug, Clone, Copy)]
pub struct InPath(pub StoreId);

impl FromRequestParts<State> for InPath {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<InPath, Problem> {
        store(parts).await.map(InPath)
    }
}

/// The path's parameters other than the store, in their order: `At(order): At`, or `At(at): At<(String, String)>`.
#[derive(Debug)]
pub struct At<T = String>(pub T);

async fn rest<const N: usize>(parts: &mut Parts) -> Result<[String; N], Problem> {
    let params = params(parts).await?;
    let rest: Vec<String> =
        params.iter().filter(|(name, _)| *name != STORE).map(|(_, value)| value.to_owned()).collect();
    // A NUL never reaches a database; PostgreSQL would refuse it.
    if rest.iter().any(|value| value.len() > LONGEST || value.chars().any(char::is_control)) {
        return Err(Problem::not_found("such thing; the path has control characters or is too long"));
    }
    let count = rest.len();
    rest.try_into().map_err(|_| Problem::internal(format!("a route with {count} parameters asked for {N}")))
}

impl FromRequestParts<State> for At {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<At, Problem> {
        rest(parts).await.map(|[one]| At(one))
    }
}

impl FromRequestParts<State> for At<(String, String)> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<At<(String, String)>, Problem> {
        rest(parts).await.map(|[one, two]| At((one, two)))
    }
}

impl FromRequestParts<State> for At<(String, String, String)> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<At<(String, String, String)>, Problem> {
        rest(parts).await.map(|[one, two, three]| At((one, two, three)))
    }
}
