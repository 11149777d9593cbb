//! What was done with the powers of the host.

use super::HostFrame;
use crate::db::{AuditFilter, Db, HostAuditEntry, Operator, Page as Asked};
use crate::http::Query;
use crate::http::pages::activity::audit::detail;
use crate::http::pages::activity::filter::filled;
use crate::http::pages::activity::verified::{Behind, checkpoint, found};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

/// Which entries, as the form says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    act: Option<String>,
    subject: Option<String>,
    cursor: Option<String>,
}

impl Which {
    /// The same for the list of the API.
    pub(super) fn query(self) -> Vec<(&'static str, String)> {
        let narrowed = [("act", filled(self.act)), ("subject", filled(self.subject))];
        narrowed.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// An entry as a row.
struct Row {
    at: String,
    who: String,
    act: String,
    subject: String,
    detail: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "host/audit.html")]
struct Audit {
    frame: Frame,
    act: String,
    subject: String,
    filtered: bool,
    /// Up to where the log was signed.
    checkpoint: String,
    /// What narrows the list, for whoever has it written out.
    export: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    pager: Pager,
}

fn row(frame: &Frame, entry: HostAuditEntry) -> Row {
    let who = match (entry.actor_name, entry.actor.as_str()) {
        (Some(name), _) => name,
        (None, "host") => frame.t("who-host").to_string(),
        (None, actor) => actor.to_owned(),
    };
    Row { who, detail: detail(entry.detail.get()), at: entry.at, act: entry.act, subject: entry.subject }
}

/// The log.
pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(which): Query<Which>) -> Shown {
    let [act, subject, cursor] = [which.act, which.subject, which.cursor].map(filled);
    let filter = AuditFilter { act: act.clone(), subject: subject.clone() };
    let found = operator.audit(&db, &filter, &Asked { limit: None, cursor: cursor.clone() }).await?;
    let [act, subject] = [act, subject].map(Option::unwrap_or_default);
    let path = frame.page("audit");
    let filters = [("act", act.as_str()), ("subject", subject.as_str())];
    let pager = Pager::new(&path, &filters, cursor.as_deref(), found.next_cursor.as_deref());
    let export = filters.map(|(name, value)| (name, value.to_owned())).to_vec();
    let filtered = !act.is_empty() || !subject.is_empty();
    let rows = found.items.into_iter().map(|entry| row(&frame, entry)).collect();
    let checkpoint = checkpoint(&frame, operator.audit_covered(&db).as_ref());
    show(&Audit { frame, act, subject, filtered, checkpoint, export, rows, pager })
}

/// Whether it is what was written.
pub(super) async fn verify(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    Query(behind): Query<Behind>,
) -> Shown {
    let verified = operator.verify_audit(&db, None, behind.after).await?;
    let log = frame.page("audit");
    found(frame, None, log, &verified)
}
