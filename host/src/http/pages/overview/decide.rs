//! What needs a decision: proposals, recalls, upgrades, apps that stand still or fail, permissions that end, deliveries that were
//! given up.

use super::Known;
use crate::authz::Permit;
use crate::authz::scope::kind::{AppsView, ChangesApprove, ChangesUndo};
use crate::db::installations::{Installation, State};
use crate::db::{Db, Page};
use crate::http::Problem;
use crate::http::pages::frame::Frame;

/// An app fails if so many of its runs did within 24 hours, and at least half of them.
const FAILING: i64 = 5;
/// So many proposals are listed here; all of them stand on a page of their own.
const MAX_HELD: u32 = 10;

/// Something that waits for a decision.
pub(super) struct Decision {
    /// Of which sort, as a word in a tag.
    pub(super) tag: String,
    /// How the tag looks.
    pub(super) look: &'static str,
    /// Whose it is.
    pub(super) name: String,
    /// What waits, after the name.
    pub(super) what: String,
    /// What else is worth knowing.
    pub(super) more: String,
    /// Where it is decided, and what the way there is called.
    pub(super) go: Option<(String, String)>,
}

pub(super) async fn decisions(
    frame: &Frame,
    db: &Db,
    apps: Option<&Permit<AppsView>>,
    (approve, undo): (Option<&Permit<ChangesApprove>>, Option<&Permit<ChangesUndo>>),
    known: &Known,
) -> Result<Vec<Decision>, Problem> {
    let mut all = Vec::new();
    if let Some(approve) = approve {
        for held in approve.held(db, None, &Page { limit: Some(MAX_HELD), cursor: None }).await?.items {
            all.push(Decision {
                tag: frame.t("tag-proposal").to_string(),
                look: "warn",
                name: known.name(held.installation, &held.app).to_owned(),
                what: frame.t("decide-proposal").with("n", held.changes).to_string(),
                more: frame.t("decide-proposal-more").with("when", frame.ago(&held.lapses_at)).to_string(),
                go: Some((format!("{}/activity/held/{}", frame.base, held.id), frame.t("decide-review").to_string())),
            });
        }
    }
    let Some(apps) = apps else { return Ok(all) };
    all.extend(recalls(frame, db, undo, known).await?);
    all.extend(known.installed.iter().flat_map(|one| of_app(frame, one, known)));
    for grant in apps.ending_grants(db).await? {
        let id = grant.installation.to_string();
        all.push(Decision {
            tag: frame.t("tag-ending").to_string(),
            look: "",
            name: known.name(grant.installation, &id).to_owned(),
            what: frame.t("decide-ending").with("scope", grant.scope.name()).to_string(),
            more: frame.t("decide-ending-more").with("when", frame.moment(&grant.expires_at)).to_string(),
            go: Some(of_page(frame, &id)),
        });
    }
    for parked in apps.parked_by_app(db).await? {
        let id = parked.installation.to_string();
        all.push(Decision {
            tag: frame.t("tag-parked").to_string(),
            look: "warn",
            name: known.name(parked.installation, &id).to_owned(),
            what: frame.t("decide-parked").with("n", parked.deliveries).to_string(),
            more: frame.t("decide-parked-more").to_string(),
            go: Some(of_page(frame, &id)),
        });
    }
    Ok(all)
}

/// Of so many recalled apps the changes are counted here; of the others on their own pages.
const MAX_COUNTED: usize = 5;

/// Whether a version that runs was recalled, and nobody decided to go on with it.
fn is_recalled(one: &Installation) -> bool {
    one.recalled.as_ref().is_some_and(|recalled| recalled.goes_on.is_none())
}

/// Recalls that nobody of the store decided on, with how much the version changed here, for whoever may take that back.
async fn recalls(
    frame: &Frame,
    db: &Db,
    undo: Option<&Permit<ChangesUndo>>,
    known: &Known,
) -> Result<Vec<Decision>, Problem> {
    let mut all = Vec::new();
    for one in known.installed.iter().filter(|one| is_recalled(one)) {
        let Some(recalled) = &one.recalled else { continue };
        let mut more = match &recalled.mended_by {
            Some(version) => format!("{} {}", recalled.reason, frame.t("recall-mended-by").with("version", version)),
            None => recalled.reason.clone(),
        };
        if let Some(undo) = undo.filter(|_| all.len() < MAX_COUNTED) {
            let (changes, is_more, since) = undo.made(db, one.id, &one.digest).await?;
            let made = if is_more { frame.t("recall-made-more") } else { frame.t("recall-made") };
            more.push_str(&format!(" {}", made.with("n", changes).with("when", frame.moment(&since))));
        }
        all.push(Decision {
            tag: frame.t(crate::http::pages::host::said(recalled.severity.name())).to_string(),
            look: "bad",
            name: one.name.clone(),
            what: frame.t("decide-recalled").with("version", &one.version).to_string(),
            more,
            go: Some(of_page(frame, &one.id)),
        });
    }
    Ok(all)
}

/// The page of an app, where it is decided what may go on.
fn of_page(frame: &Frame, id: &impl std::fmt::Display) -> (String, String) {
    (format!("{}/apps/{id}", frame.base), frame.t("decide-look").to_string())
}

/// What of an installation itself needs a decision.
fn of_app(frame: &Frame, one: &Installation, known: &Known) -> Vec<Decision> {
    let say = |tag: &str, look: &'static str, what: String, more: String| Decision {
        tag: frame.t(tag).to_string(),
        look,
        name: one.name.clone(),
        what,
        more,
        go: Some(of_page(frame, &one.id)),
    };
    let mut all = Vec::new();
    if let Some(pending) = &one.pending {
        let what = frame.t("decide-upgrade").with("version", pending).to_string();
        let more = frame.t("decide-upgrade-more").with("version", &one.version).to_string();
        let go = Some((frame.url("apps", &one.id, "upgrade"), frame.t("decide-review").to_string()));
        all.push(Decision { go, ..say("tag-upgrade", "warn", what, more) });
    }
    if is_recalled(one) {
        // Said before everything else.
    } else if let Some(breaker) = one.paused_by_breaker() {
        let more = frame.t("decide-breaker-more").with("failed", breaker.failed).with("runs", breaker.runs);
        all.push(say("tag-paused", "bad", frame.t("decide-breaker").to_string(), more.to_string()));
    } else if let Some(why) = &one.stopped {
        all.push(say("tag-stopped", "bad", frame.t("decide-stopped").to_string(), why.clone()));
    } else if one.state == State::Paused {
        all.push(say(
            "tag-paused",
            "bad",
            frame.t("decide-paused").to_string(),
            one.state_reason.clone().unwrap_or_default(),
        ));
    } else if let Some(totals) =
        known.totals.get(&one.app).filter(|of| of.failed >= FAILING && of.failed * 2 >= of.runs)
    {
        let what = frame.t("decide-failing").with("failed", totals.failed).with("runs", totals.runs).to_string();
        let go = Some((frame.runs_of(&one.app), frame.t("decide-look").to_string()));
        all.push(Decision { go, ..say("tag-failing", "bad", what, frame.t("decide-failing-more").to_string()) });
    }
    all
}
