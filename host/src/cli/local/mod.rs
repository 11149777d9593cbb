//! What works on the data of this machine, without a host that answers.

pub(super) mod backup;
pub(super) mod doctor;
pub(super) mod migrate;

use super::Failure;
use crate::db::Error;

/// Waits for what the database is asked.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::failed(format!("cannot start: {error}")))?.block_on(work)
}

/// What the database could not do, with what might help.
fn database(error: &Error) -> Failure {
    Failure::failed(error.to_string()).help(
        "`storehand doctor` looks at every part; data is looked for where --data-dir or STOREHAND_DATABASE_URL say",
    )
}
