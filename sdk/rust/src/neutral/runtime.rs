//! Facts about this run.

use crate::Result;
#[cfg(target_arch = "wasm32")]
use crate::bindings::app::storehand::app::runtime as host;
pub use crate::bindings::app::storehand::app::runtime::RunIdentity;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::run as host;

/// The moment this run began (RFC 3339, UTC). It does not move during the run.
pub fn now() -> String {
    host::now()
}

/// Random bytes, at most 64 KiB a call.
pub fn random(len: u32) -> Vec<u8> {
    host::random(len)
}

/// Which app, version, installation and invocation this is.
pub fn identity() -> RunIdentity {
    host::identity()
}

/// Whether the changes of this run will be dropped.
pub fn is_dry_run() -> bool {
    host::is_dry_run()
}

/// Whether a change that an earlier run of this app proposed for the record with this id still waits for a person's
/// approval. The record itself is as it was.
pub fn pending(record: &str) -> Result<bool> {
    Ok(host::pending(record)?)
}
