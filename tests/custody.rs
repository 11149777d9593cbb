//! Nothing that is kept is lost or leaks: restore, locks, files, logs, recovery, erasure, a disk that is full.

mod backup;
mod blank;
mod cut_off;
mod drill;
mod erasure;
mod evidence;
mod files;
mod full;
mod lock;
mod logging;
mod recover;
mod restore;
mod scheduled;
