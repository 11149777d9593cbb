//! A run made again, dry: by the version that ran and by another one, side by side, with where they differ.

use super::MaySee;
use super::apps::Apps;
use super::beside::{Line, Record, facts, records};
use super::row::cause;
use super::trace::subject;
use crate::authz::scope::kind::{AppsInstall, AppsRun, AppsView, UsageView};
use crate::authz::{InvocationId, Permit, Principal};
use crate::db::Db;
use crate::db::history::{Invocation, Personal, RanFor};
use crate::db::installations::{DryRun, InstallationDetail, State};
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem, State as Host};
use crate::trial::{Again, Other, RerunReport, rerun};
use askama::Template;
use serde::Deserialize;

/// What a trace offers: the same cause once more.
pub(super) struct Offer {
    /// What it would come to, as a sentence.
    pub(super) means: String,
    /// The versions it can be compared with, for whoever may install them.
    pub(super) versions: Vec<(String, String)>,
    /// The first that is chosen.
    pub(super) chosen: String,
}

impl Offer {
    /// For whoever may run apps; nothing for a run whose app is gone.
    pub(super) async fn of(
        frame: &Frame,
        db: &Db,
        apps: &Permit<AppsView>,
        run: &Invocation,
        installed: &InstallationDetail,
    ) -> Result<Option<Offer>, Problem> {
        let now = &installed.installation;
        if !frame.may("apps:run") || now.state == State::Uninstalled {
            return Ok(None);
        }
        let means = match run.version == now.version {
            true => frame.t("rerun-means").with("ran", &*run.version),
            false => frame.t("rerun-means-both").with("ran", &*run.version).with("now", &*now.version),
        };
        let mut versions = Vec::new();
        if frame.may("apps:install") {
            let found = apps.version_numbers(db, &run.app).await?;
            let others = found.into_iter().filter(|version| *version != run.version);
            versions = others.map(|version| (version.clone(), words(frame, version, &now.version))).collect();
        }
        let chosen = versions.first().map(|(version, _)| version.clone()).unwrap_or_default();
        Ok(Some(Offer { means: means.to_string(), versions, chosen }))
    }
}

fn words(frame: &Frame, version: String, installed: &str) -> String {
    match version == installed {
        true => frame.t("rerun-installed").with("version", version).to_string(),
        false => version,
    }
}

#[derive(Template)]
#[template(path = "activity/compare.html")]
struct Compare {
    frame: Frame,
    run: String,
    title: String,
    /// What made it run.
    lead: String,
    /// How many lines differ, in words; that none does, if so.
    verdict: String,
    differ: bool,
    /// What stands above each column: when, and which version.
    heads: Vec<(String, String)>,
    facts: Vec<Line>,
    calls: Vec<(String, Line)>,
    records: Vec<Record>,
    /// How many records more would be changed than are shown.
    more: u64,
}

type MayRun = (Permit<AppsRun>, Permit<AppsView>, Permit<UsageView>);

/// The run, and the installation as it is now.
async fn found(
    (run, view, usage): &MayRun,
    db: &Db,
    id: &str,
    personal: &Personal,
) -> Result<(RanFor, DryRun), Problem> {
    let id: InvocationId = id.parse().map_err(|_| Problem::not_found(format_args!("run `{id}`")))?;
    let ran = usage.ran_for(db, id, personal).await?;
    let now = run.dry_run(view, db, ran.run.invocation.installation).await?;
    Ok((ran, now))
}

/// By the version that ran, and by the one that is installed now.
pub(super) async fn again(
    frame: Frame,
    may: MayRun,
    (orders, customers): MaySee,
    who: Principal,
    state: Host,
    At(invocation): At,
) -> Shown {
    let personal = Personal { orders, customers };
    let (ran, now) = found(&may, &state.db, &invocation, &personal).await?;
    shown(frame, &may.1, &state, &who, (Again { ran, now, with: None }, personal)).await
}

/// Which version.
#[derive(Debug, Deserialize)]
pub(super) struct With {
    version: String,
}

/// By the version that ran, and by one that is chosen.
pub(super) async fn with(
    frame: Frame,
    (install, may): (Permit<AppsInstall>, MayRun),
    (orders, customers): MaySee,
    who: Principal,
    state: Host,
    At(invocation): At,
    Form(with): Form<With>,
) -> Shown {
    let personal = Personal { orders, customers };
    let (ran, now) = found(&may, &state.db, &invocation, &personal).await?;
    let other = install.at_version(&state.db, now.clone(), &with.version).await?;
    shown(frame, &may.1, &state, &who, (Again { ran, now, with: Some(Other::Version(other)) }, personal)).await
}

async fn shown(
    frame: Frame,
    apps: &Permit<AppsView>,
    state: &Host,
    who: &Principal,
    (again, personal): (Again, Personal),
) -> Shown {
    let run = again.ran.run.invocation.clone();
    let report = rerun(&state.db, &state.runtime, who, again, personal).await?;
    let apps = Apps::read(&state.db, Some(apps)).await?;
    let RerunReport { recorded, old, new, .. } = &report;
    let (then, today) = (frame.t("rerun-then").to_string(), frame.t("rerun-today").to_string());
    let sides: Vec<_> = [recorded, old].into_iter().chain(new).collect();
    let heads = sides.iter().enumerate();
    let heads = heads.map(|(n, side)| (if n == 0 { &then } else { &today }.clone(), side.version.clone())).collect();
    let (facts, calls) = facts(&frame, &sides);
    let (records, more) = records(&frame, old, new.as_ref());
    let lines = facts.iter().chain(calls.iter().map(|(_, line)| line)).filter(|line| line.differs).count();
    let differ = lines + records.iter().filter(|record| record.differs).count();
    let verdict = match (differ, new) {
        (0, None) => frame.t("rerun-same-as-then"),
        (0, Some(_)) => frame.t("rerun-same"),
        (n, None) => frame.t("rerun-differ-from-then").with("n", n as i64),
        (n, Some(_)) => frame.t("rerun-differ").with("n", n as i64),
    };
    let subject = subject(&frame, &state.db, who.permit().ok(), &run).await?;
    let for_what: Vec<String> = std::iter::once(cause(&frame, &run)).chain(subject).collect();
    let lead = frame.t("rerun-lead").with("cause", for_what.join(" · ")).to_string();
    show(&Compare {
        run: run.id.to_string(),
        title: frame.t("rerun-title").with("app", apps.name(&run.app)).to_string(),
        lead,
        verdict: verdict.to_string(),
        differ: differ > 0,
        heads,
        facts,
        calls,
        records,
        more,
        frame,
    })
}
