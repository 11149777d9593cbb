//! Whether the host is well: what `storehand doctor` finds of what a host at work can see, and what its watcher saw last.

use super::HostFrame;
use crate::db::{
    BackupSchedule, DatabaseStatus, HostSeen, Operator, Page as Asked, Unwell, newest_step, now_ms, rfc3339,
};
use crate::http::State;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;

#[derive(Template)]
#[template(path = "host/health.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    hosts: Vec<HostSeen>,
    /// The version of this one.
    version: &'static str,
    /// Whether there are more than are listed.
    more: bool,
}

/// One thing that was looked at.
struct Row {
    about: String,
    well: bool,
    found: String,
    help: String,
}

fn work(frame: &Frame, unwell: Option<Unwell>) -> Row {
    let (found, help) = match unwell {
        None => (frame.t("health-well"), String::new()),
        Some(Unwell::Silent(cause)) => {
            (frame.t("health-silent").with("cause", cause), frame.t("health-silent-help").to_string())
        }
        Some(Unwell::Full(room)) => {
            let left = (room / (1024 * 1024)).to_string();
            (frame.t("health-full").with("left", left), frame.t("health-full-help").to_string())
        }
        Some(Unwell::Unwritable(cause)) => {
            (frame.t("health-unwritable").with("cause", cause), frame.t("health-unwritable-help").to_string())
        }
    };
    Row { about: frame.t("health-work").to_string(), well: help.is_empty(), found: found.to_string(), help }
}

fn database(frame: &Frame, status: &DatabaseStatus) -> Row {
    let (newest, engine) = (newest_step(), status.engine.clone());
    let (found, help) = match &status.unsafe_setting {
        Some(setting) => {
            let found = frame.t("health-unsafe").with("engine", engine).with("setting", setting.clone());
            (found, frame.t("health-unsafe-help").to_string())
        }
        None if status.step == newest => {
            (frame.t("health-database").with("engine", engine).with("step", status.step), String::new())
        }
        None => {
            let found = frame.t("health-step").with("engine", engine).with("step", status.step).with("newest", newest);
            (found, frame.t("health-step-help").to_string())
        }
    };
    Row { about: frame.t("health-about-database").to_string(), well: help.is_empty(), found: found.to_string(), help }
}

/// Whether the database itself separates the rows of each store: PostgreSQL alone can.
fn apart(frame: &Frame, status: &DatabaseStatus) -> Row {
    let (found, help) = match &status.unbound_role {
        None => (frame.t("health-apart"), String::new()),
        Some(role) => {
            (frame.t("health-unbound").with("role", role.clone()), frame.t("health-unbound-help").to_string())
        }
    };
    Row { about: frame.t("host-stores").to_string(), well: help.is_empty(), found: found.to_string(), help }
}

/// How the backups stand that this host takes by itself. One that is late by as much again as lies between two is missing.
fn backups(frame: &Frame, schedule: &BackupSchedule) -> Row {
    let now = schedule.now();
    let newest = match &now.newest {
        Some(file) => frame.t("health-backup").with("at", rfc3339(file.at)).to_string(),
        None => frame.t("health-backup-none").to_string(),
    };
    let (found, help) = match (now.failed, now.newest) {
        (Some(cause), _) => {
            let failed = frame.t("health-backup-failed").with("cause", cause);
            (format!("{failed} {newest}"), frame.t("health-backup-help").to_string())
        }
        (None, Some(_)) if schedule.is_late(now_ms()) => (newest, frame.t("health-backup-late").to_string()),
        (None, _) => (newest, String::new()),
    };
    Row { about: frame.t("health-backups").to_string(), well: help.is_empty(), found, help }
}

/// The page.
pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, state: State) -> Shown {
    let status = state.db.status().await?;
    let hosts = operator.hosts(&state.db, &Asked { limit: Some(100), cursor: None }).await?;
    let version = Row {
        about: frame.t("version").to_string(),
        well: true,
        found: env!("CARGO_PKG_VERSION").to_owned(),
        help: String::new(),
    };
    let mail = Row {
        about: frame.t("email-title").to_string(),
        well: true,
        found: frame.t(if state.mailer.is_some() { "email-on" } else { "email-off" }).to_string(),
        help: String::new(),
    };
    let mut rows = vec![version, mail, work(&frame, state.health.found()), database(&frame, &status)];
    rows.extend(state.db.is_pg().then(|| apart(&frame, &status)));
    rows.extend(state.health.backups().map(|schedule| backups(&frame, schedule)));
    let more = hosts.next_cursor.is_some();
    show(&Page { frame, rows, hosts: hosts.items, version: env!("CARGO_PKG_VERSION"), more })
}
