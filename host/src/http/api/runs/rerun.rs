//! A run made again, dry: what the same cause would come to today, with the version that ran and with another one.

use crate::authz::{
    InvocationId, Permit, Principal, Scope,
    scope::kind::{AppsInstall, AppsRun, AppsView, CustomersPii, OrdersPii, UsageView},
};
use crate::db::Db;
use crate::db::history::{Personal, RanFor};
use crate::db::installations::DryRun;
use crate::http::api::apps::upload::{at_work, received};
use crate::http::{Answer, At, Json, Problem, State};
use crate::runtime::Payer;
use crate::trial::{Again, Other, RerunReport, rerun as run_again};
use axum::extract::Request;

type MayRun = (Permit<AppsRun>, Permit<AppsView>, Permit<UsageView>);
type MaySee = (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>);

/// The run, and the installation as it is now.
async fn found(
    (run, view, usage): &MayRun,
    db: &Db,
    invocation: &str,
    personal: &Personal,
) -> Result<(RanFor, DryRun), Problem> {
    let id: InvocationId = invocation.parse().map_err(|_| Problem::not_found(format_args!("run `{invocation}`")))?;
    let ran = usage.ran_for(db, id, personal).await?;
    let now = run.dry_run(view, db, ran.run.invocation.installation).await?;
    Ok((ran, now))
}

/// Rerun as a dry run
///
/// The same event, schedule or button once more, on today's data: by the version that ran then, and, if another one is
/// installed by now, by that one too. The app holds what it has and you hold, too. Nothing is changed.
#[utoipa::path(post, path = "/stores/{store}/invocations/{invocation}/rerun", tag = "invocations", responses((status = 200, body = RerunReport)))]
pub(super) async fn rerun(
    may: MayRun,
    (orders, customers): MaySee,
    who: Principal,
    state: State,
    At(invocation): At,
) -> Answer<RerunReport> {
    let personal = Personal { orders, customers };
    let (ran, now) = found(&may, &state.db, &invocation, &personal).await?;
    let again = Again { ran, now, with: None };
    Ok(Json(run_again(&state.db, &state.runtime, &who, again, personal).await?))
}

/// Rerun as a dry run with another version
///
/// Like running again, and with this version of the app, one that the store can install, in the place of the one that is
/// installed. It holds what is granted to that one, and nothing that it asks for besides.
#[utoipa::path(post, path = "/stores/{store}/invocations/{invocation}/rerun/{version}", tag = "invocations", responses((status = 200, body = RerunReport)))]
pub(super) async fn at(
    (install, may): (Permit<AppsInstall>, MayRun),
    (orders, customers): MaySee,
    who: Principal,
    state: State,
    At((invocation, version)): At<(String, String)>,
) -> Answer<RerunReport> {
    let personal = Personal { orders, customers };
    let (ran, now) = found(&may, &state.db, &invocation, &personal).await?;
    let other = install.at_version(&state.db, now.clone(), &version).await?;
    let again = Again { ran, now, with: Some(Other::Version(other)) };
    Ok(Json(run_again(&state.db, &state.runtime, &who, again, personal).await?))
}

/// Rerun as a dry run with another component
///
/// Like running again, and with the component in the body in the place of the version that is installed. It is read,
/// checked and compiled like an upload, and not stored.
#[utoipa::path(post, path = "/stores/{store}/invocations/{invocation}/rerun-with", tag = "invocations", request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = RerunReport)))]
pub(super) async fn rerun_with(
    (install, may): (Permit<AppsInstall>, MayRun),
    who: Principal,
    state: State,
    At(invocation): At,
    request: Request,
) -> Answer<RerunReport> {
    found(&may, &state.db, &invocation, &Personal::default()).await?;
    let received = received(&state, Payer::Store(install.store()), request).await?;
    // The component took as long as its sender liked: it is asked again what they may.
    who.holds(Scope::AppsInstall)?;
    let may = (who.permit()?, who.permit()?, who.permit()?);
    let personal = Personal { orders: who.permit().ok(), customers: who.permit().ok() };
    let (ran, now) = found(&may, &state.db, &invocation, &personal).await?;
    let runtime = state.runtime.clone();
    let work = async move { Ok(runtime.ready_once(&received.turn, &received.bytes).await?) };
    let (inspected, ready) = at_work(&state, work).await?;
    let again = Again { ran, now, with: Some(Other::Built(inspected, ready)) };
    Ok(Json(run_again(&state.db, &state.runtime, &who, again, personal).await?))
}
