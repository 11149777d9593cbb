//! Nothing that is kept is lost or leaks: restore, locks, files, logs, recovery, erasure.
