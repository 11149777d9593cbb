//! Apps in stores: installing, granting, configuring, pausing, upgrading, uninstalling, and what is known of them.
//!
//! INVARIANT: every change of an installation locks its row, checks the giver's authority under lock, raises its
//! revision and is published to the live authority right after the commit. What a person gives is fenced on what
//! that person holds at this very moment. Lock order: the authority counter, installation, staff, cursor.

mod agree;
mod change;
mod configure;
mod dry_run;
mod go_on;
mod grants;
mod install;
mod leftovers;
mod pause;
mod plan;
mod read;
mod running;
mod sealed;
mod settings;
mod shown;
mod terms;
mod uninstall;
mod upgrade;

pub use dry_run::{DryRun, Tried};
pub use install::Install;
pub use pause::Resume;
pub(in crate::db) use pause::pause_within;
pub use plan::{NotGiven, Plan, PlannedSchedule, PlannedScope, PlannedTopic};
pub use read::{Given, Grant, Installation, InstallationDetail, InstalledSchedule, SettingsNow};
pub(in crate::db) use running::Cache;
pub use running::InstallationRow;
pub(in crate::db) use settings::shown as without_secrets;
pub use settings::{GivenSettings, SETTINGS_BYTES};
pub(in crate::db) use terms::read as read_terms;
pub use terms::{CapChange, Limited, TermsChange, TermsChanges, TermsShown};
#[cfg(test)]
pub(in crate::db) use upgrade::lacks;
pub use upgrade::{Agreement, Upgrade, Upgraded};

use crate::authz::{Basis, InstallationId, StoreId};
use crate::db::core::engine::conn::Conn;
use crate::db::core::error::Result;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Active,
    /// It does not run until a person resumes it.
    Paused,
    /// It is gone; its records stay.
    Uninstalled,
}

impl State {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Paused => "paused",
            State::Uninstalled => "uninstalled",
        }
    }

    fn read(text: &str) -> Option<State> {
        [State::Active, State::Paused, State::Uninstalled].into_iter().find(|state| state.name() == text)
    }
}

/// Locks an installation for a decision about its deliveries, and checks who decides.
pub(in crate::db) async fn lock_for_pause(
    conn: &mut Conn,
    store: StoreId,
    id: InstallationId,
    basis: Basis,
) -> Result<()> {
    change::Open::fenced(conn, store, id, basis).await.map(|_| ())
}
