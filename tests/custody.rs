//! Nothing that is kept is lost or leaks: restore, locks, files, logs, recovery, erasure.

mod erasure;
mod files;
mod lock;
mod logging;
mod recover;
mod restore;
