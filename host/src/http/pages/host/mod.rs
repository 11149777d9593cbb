//! All stores: what the operator of the host sees and does. Stores and their plans, the apps in them, their runs, what is stopped, publishers, tokens, the
//! host's own audit log and its health.
//!
//! INVARIANT: no page here shows anything of a store's data, and every form that changes something needs a recent proof of
//! who sends it (`Operator`, as handlers take it).

mod alerts;
mod app;
mod apps;
mod audit;
mod export;
mod health;
mod plans;
mod publishers;
mod recall;
mod runs;
mod stops;
mod stores;
mod tokens;
mod usage;

pub(super) use app::said;

use super::frame::{Frame, HOST, Place};
use crate::db::Operator;
use crate::db::accounts::SignedIn;
use crate::http::extract::handler::{get, post};
use crate::http::{Problem, State};
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use serde::Deserialize;

/// Every page of this room. A store in a path is `{id}`: whoever acts in `{store}` is a person of it.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/host", get(stores::list))
        .route("/host/stores/new", get(stores::new_page).post(stores::create))
        .route("/host/stores/{id}", get(stores::one))
        .route("/host/stores/{id}/invite", post(stores::invite))
        .route("/host/stores/{id}/suspend", post(stores::suspend))
        .route("/host/stores/{id}/resume", post(stores::resume))
        .route("/host/stores/{id}/name", post(stores::rename))
        .route("/host/stores/{id}/delete", post(stores::delete))
        .route("/host/stores/{id}/keep", post(stores::keep))
        .route("/host/stores/{id}/plan", post(stores::give))
        .route("/host/stores/{id}/plan/decide", post(stores::decide))
        .route("/host/plans", get(plans::list).post(plans::make))
        .route("/host/plans/{plan}", get(plans::one))
        .route("/host/plans/{plan}/change", post(plans::change))
        .route("/host/plans/{plan}/delete", post(plans::delete))
        .route("/host/apps", get(apps::list))
        .route("/host/apps/{publisher}/{name}", get(app::page))
        .route("/host/apps/{publisher}/{name}/publish", post(app::publish))
        .route("/host/apps/{publisher}/{name}/withdraw", post(app::withdraw))
        .route("/host/apps/{publisher}/{name}/stop", post(app::stop))
        .route("/host/apps/{publisher}/{name}/start", post(app::start))
        .route("/host/apps/{publisher}/{name}/recall", post(app::recall))
        .route("/host/recalls/{recall}", get(recall::page))
        .route("/host/runs", get(runs::page))
        .route("/host/runs/export", post(export::runs))
        .route("/host/usage", get(usage::page))
        .route("/host/alerts", get(alerts::page))
        .route("/host/alerts/rules", post(alerts::set_rule))
        .route("/host/alerts/breaker", post(alerts::set_breaker))
        .route("/host/alerts/{alert}/acknowledge", post(alerts::acknowledge))
        .route("/host/alerts/{alert}/snooze", post(alerts::snooze))
        .route("/host/stops", get(stops::list))
        .route("/host/publishers", get(publishers::list).post(publishers::create))
        .route("/host/publishers/revoke", post(publishers::revoke))
        .route("/host/tokens", get(tokens::list).post(tokens::create))
        .route("/host/tokens/revoke", post(tokens::revoke))
        .route("/host/audit", get(audit::page))
        .route("/host/audit/export", post(export::audit))
        .route("/host/audit/verify", get(audit::verify))
        .route("/host/health", get(health::page))
        .route("/host/{*rest}", get(nowhere))
}

/// The page beside which it says how much waits there.
const ALERTS: &str = "/alerts";

/// The pages that the navigation leads to, by what follows [`HOST`].
const PLACES: [(&str, &str); 11] = [
    ("", "host-stores"),
    (ALERTS, "nav-alerts"),
    ("/plans", "host-plans"),
    ("/apps", "nav-apps"),
    ("/runs", "tab-runs"),
    ("/usage", "tab-usage"),
    ("/stops", "host-stops"),
    ("/publishers", "host-publishers"),
    ("/tokens", "host-tokens"),
    ("/audit", "host-audit"),
    ("/health", "host-health"),
];

/// What pages of this room have around them. Take it as a handler's first argument.
pub(super) struct HostFrame(pub(super) Frame);

impl FromRequestParts<State> for HostFrame {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<HostFrame, Problem> {
        let operator = Operator::from_request_parts(parts, state).await?;
        let (mut frame, waiting) = (framed(parts), operator.alerts_waiting(&state.db).await?);
        let alerts = format!("{HOST}{ALERTS}");
        frame.places.iter_mut().filter(|place| place.href == alerts).for_each(|place| place.count = waiting);
        Ok(HostFrame(frame))
    }
}

fn framed(parts: &Parts) -> Frame {
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let here = path.strip_prefix(HOST).unwrap_or_default();
    let first = here.match_indices('/').nth(1).map_or(here, |(end, _)| here.get(..end).unwrap_or(here));
    let first = if first == "/stores" { "" } else { first };
    let place = |(end, key): &(&str, &'static str)| {
        let (href, current) = (format!("{HOST}{end}"), *end == first);
        Place { href, key, count: 0, current }
    };
    Frame { places: PLACES.iter().map(place).collect(), base: HOST.to_owned(), ..Frame::of(parts) }
}

/// The same around a page that says what went wrong here; nothing elsewhere, and for who is not the operator.
pub(super) fn around(parts: &Parts) -> Option<Frame> {
    let here = parts.uri.path() == HOST || parts.uri.path().starts_with("/host/");
    let operates = parts.extensions.get::<SignedIn>().and_then(SignedIn::operator).is_some();
    (here && operates).then(|| framed(parts))
}

/// Which part of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    cursor: Option<String>,
}

/// What a form holds that ends a token.
#[derive(Deserialize)]
struct Which {
    token: String,
}

impl Which {
    fn id(&self) -> Result<crate::authz::TokenId, Problem> {
        self.token.parse().map_err(|_| Problem::not_found("such token"))
    }
}

/// An address that no page has.
async fn nowhere(_: Operator) -> Problem {
    Problem::not_found("such page; the navigation leads to those there are")
}
