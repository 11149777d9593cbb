//! What works on the data of this machine, without a host that answers.

pub(super) mod backup;
pub(super) mod doctor;
pub(super) mod files;
pub(super) mod migrate;
pub(super) mod recover;
pub(super) mod restore;

use super::Failure;
use crate::db::{Error, NotLocked};

/// Waits for what the database is asked.
pub(super) fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::failed(format!("cannot start: {error}")))?.block_on(work)
}

/// What the database could not do, with what might help.
pub(super) fn database(error: &Error) -> Failure {
    Failure::failed(error.to_string()).help(
        "`storehand doctor` looks at every part; data is looked for where --data-dir or STOREHAND_DATABASE_URL say",
    )
}

/// Somebody else is at work on the data, or the lock cannot be had.
pub(super) fn locked(error: &NotLocked) -> Failure {
    match error {
        NotLocked::InUse { process, .. } => Failure::in_use(error.to_string()).help(format!(
            "stop it first{}, or name another folder with --data-dir; several hosts share data in PostgreSQL, not in a folder",
            process.map(|process| format!(" (`kill {process}`)")).unwrap_or_default()
        )),
        NotLocked::Failed { .. } => {
            Failure::failed(error.to_string()).help("see who owns the folder, and whether its disk is full")
        }
    }
}

/// What makes principals, for the one database that this process opens.
fn mint() -> Result<std::sync::Arc<crate::authz::Mint>, Failure> {
    crate::authz::Mint::take().ok_or_else(|| Failure::failed("this process opened a database already"))
}
