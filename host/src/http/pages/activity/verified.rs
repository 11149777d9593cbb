//! Whether an audit log is what was written, read anew for whoever asks: a store's, and the host's.

use super::{Tab, tabs};
use crate::authz::scope::kind::AuditView;
use crate::authz::{Permit, Principal};
use crate::db::{Covered, Db, Verified};
use crate::http::Query;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

/// Behind which entry, as the page before led here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http::pages) struct Behind {
    pub(in crate::http::pages) after: Option<i64>,
}

#[derive(Template)]
#[template(path = "activity/verified.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    /// Where the log is.
    log: String,
    intact: bool,
    found: String,
    /// What else there is to know.
    more: Vec<String>,
    /// Where the rest is verified, if there is any.
    next: Option<String>,
}

/// What a page says of the newest checkpoint.
pub(in crate::http::pages) fn checkpoint(frame: &Frame, covered: Option<&Covered>) -> String {
    match covered {
        Some(one) => frame.t("audit-checkpoint").with("seq", one.seq).with("at", frame.at(&one.at)).to_string(),
        None => frame.t("audit-no-checkpoint").to_string(),
    }
}

/// The page of what was found.
pub(in crate::http::pages) fn found(frame: Frame, who: Option<&Principal>, log: String, verified: &Verified) -> Shown {
    let found = match &verified.fault {
        Some(fault) => {
            let id = fault.id.clone().unwrap_or_else(|| "?".to_owned());
            let seq = fault.seq.map_or_else(|| "?".to_owned(), |seq| frame.number(&seq));
            frame.t(fault.kind.key()).with("seq", seq).with("id", id)
        }
        None => frame.t("audit-verified").with("last", verified.last),
    };
    let covered = verified.checkpoint.zip(verified.checkpoint_at.clone()).map(|(seq, at)| Covered { seq, at });
    let mut more = vec![checkpoint(&frame, covered.as_ref())];
    let count = |many: u64| i64::try_from(many).unwrap_or(i64::MAX);
    if verified.chained_later > 0 {
        more.push(frame.t("audit-chained-later").with("n", count(verified.chained_later)).to_string());
    }
    if verified.unchained > 0 {
        more.push(frame.t("audit-unchained").with("n", count(verified.unchained)).to_string());
    }
    let goes_on = verified.intact && !verified.complete;
    let next = goes_on.then(|| format!("{log}/verify?after={}", verified.last));
    let (intact, found) = (verified.intact, found.to_string());
    let tabs = who.map(|who| tabs(&frame, who, "audit")).unwrap_or_default();
    show(&Page { frame, tabs, log, intact, found, more, next })
}

pub(super) async fn page(
    frame: Frame,
    audit: Permit<AuditView>,
    who: Principal,
    db: Db,
    Query(behind): Query<Behind>,
) -> Shown {
    let verified = audit.verify(&db, behind.after).await?;
    let log = format!("{}/activity/audit", frame.base);
    found(frame, Some(&who), log, &verified)
}
