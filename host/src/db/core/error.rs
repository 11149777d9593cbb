//! What can go wrong with stored data. Nothing here names a status code: `http` maps these.

use super::shares::Whose;
use crate::authz::{BadId, Denied};
use crate::db::core::chain::CutBy;
use crate::text::Said;

/// A result of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such record in this store; also said of another store's records.
    #[error("no {kind} `{id}`")]
    NotFound {
        /// What was looked for, for example "order".
        kind: &'static str,
        /// Its id, as given.
        id: String,
    },
    /// An argument is wrong, or the state of the record does not allow it.
    #[error("{0}")]
    Invalid(Said),
    /// What a buyer agreed to does not hold any more; in words, what changed.
    #[error("{0}")]
    NotAgreed(String),
    /// Somebody changed a row this draft changes. Running again may help.
    #[error("{0} was changed by somebody else meanwhile")]
    Conflict(String),
    /// Another request with this idempotency key was carried out. Asking again meets its answer.
    #[error("another request with the same idempotency key was carried out meanwhile")]
    Repeated(String),
    /// A held change set rests on a record that somebody changed since.
    #[error(
        "{what} was changed since the app proposed this, so it cannot be approved as it is; reject it, or let the app propose it anew: `storehand changes rerun {id}`"
    )]
    Outdated {
        /// Which record.
        what: String,
        /// The held change set.
        id: String,
    },
    /// Something that must be unique is taken.
    #[error("{what}{} is taken", quoted(value))]
    Taken {
        /// What must be unique, for example "sku".
        what: &'static str,
        /// The value; empty if it is personal data, which no text may hold: texts of errors are shown to people who may
        /// not see it, and outlive it.
        value: String,
    },
    /// The id of an upload is that of an app which the operator shows to every store.
    #[error("`{app}` is in this host's catalogue: `storehand apps install {app}` installs it from there")]
    InCatalogue {
        /// The app's id.
        app: String,
    },
    /// Another host, or an earlier attempt, has answered this delivery already; nothing of this run is committed.
    #[error("this delivery was answered already")]
    Superseded,
    /// What the permits rested on has changed. Running again meets the new grants.
    #[error("the permissions this rested on were changed meanwhile")]
    Stale,
    /// The token it was asked for with was revoked, or has expired, before it was committed.
    #[error("the token this was asked for with was revoked, or has expired, before it was done")]
    Ended,
    /// A quota or cap.
    #[error("over the limit: {limit}; {left} left{}", renewed(renews.as_deref()))]
    Limit {
        /// Which, in words.
        limit: String,
        /// What is left, in its own unit.
        left: String,
        /// When it renews, RFC 3339, if it does.
        renews: Option<String>,
    },
    /// Apps that answer each other have come to what one event may lead to; nothing of this run is committed.
    #[error("{0}")]
    Cut(CutBy),
    /// The actor lacks a scope.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Consent was not given.
    #[error(transparent)]
    NoConsent(#[from] crate::authz::NoConsent),
    /// The operator of the host suspended the store.
    #[error("the operator of this host suspended this store: {0}; ask the operator")]
    Suspended(String),
    /// The store is being closed, and will be erased at this moment, RFC 3339.
    #[error("this store is being closed, and will be erased at {0}; until then its owner can keep it")]
    Closing(String),
    /// Whatever is needed for it is taken, or the share of whoever asks is.
    #[error("{}", busy(.0))]
    Busy(Whose),
    /// Text that no list gave as a cursor.
    #[error(
        "`cursor` is none that this list gave; send the `next_cursor` of the part before, or leave it out to begin"
    )]
    NoCursor,
    /// Reading it takes longer than a read may.
    #[error("reading this takes longer than a read may; narrow the time range or the filter")]
    TooLong,
    /// As many long reads of one store are under way, or wait, as may.
    #[error(
        "as many long reads of this store are under way as may be at once; wait until one has ended, or ask for less"
    )]
    TooManyReads,
    /// The database refused.
    #[error("database: {0}")]
    Lite(rusqlite::Error),
    /// The database refused.
    #[error("database: {0}")]
    Pg(sqlx::Error),
    /// A stored value is not what this version wrote.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// The host is shutting down.
    #[error("the host is shutting down")]
    Closed,
}

fn quoted(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" `{value}`") }
}

fn busy(whose: &Whose) -> &'static str {
    match whose {
        Whose::Host => "everything this host can run at once is taken; try again in a moment",
        Whose::Store => {
            "the store's share of what this host runs at once is used up by its own runs; wait until some of them end, \
             or pause the app that runs long: `storehand logs` shows it"
        }
        Whose::App => {
            "the app's share of what its store runs at once is used up by its own runs; wait until some of them end, \
             or pause the app if they run long"
        }
        Whose::Plan => {
            "as many runs of this store are under way as its plan allows at once; wait until one of them ends; the owner \
             can ask for another plan: `storehand plan ask`"
        }
    }
}

fn renewed(at: Option<&str>) -> String {
    at.map(|at| format!(", it renews at {at}")).unwrap_or_default()
}

impl Error {
    /// A wrong argument, in words.
    pub fn invalid(text: impl Into<Said>) -> Error {
        Error::Invalid(text.into())
    }

    /// No such record.
    pub fn not_found(kind: &'static str, id: impl Into<String>) -> Error {
        Error::NotFound { kind, id: id.into().chars().take(80).collect() }
    }

    /// Whether a row of the same key was there already.
    pub(in crate::db) fn is_unique(&self) -> bool {
        match self {
            // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
            Error::Lite(rusqlite::Error::SqliteFailure(e, _)) => matches!(e.extended_code, 1555 | 2067),
            Error::Pg(e) => e.as_database_error().is_some_and(|e| e.is_unique_violation()),
            _ => false,
        }
    }

    /// Whether doing the same again may end otherwise: a row or grant moved, or PostgreSQL broke a deadlock.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Conflict(_) | Error::Stale => true,
            // serialization_failure, deadlock_detected, lock_not_available
            Error::Pg(e) => e
                .as_database_error()
                .and_then(|e| e.code())
                .is_some_and(|code| matches!(&*code, "40001" | "40P01" | "55P03")),
            _ => false,
        }
    }

    /// Whether the database cannot be written: its disk is full, read-only or broken.
    pub fn is_refused_by_disk(&self) -> bool {
        match self {
            Error::Lite(e) => {
                use rusqlite::ErrorCode as Code;
                matches!(e.sqlite_error_code(), Some(Code::DiskFull | Code::ReadOnly | Code::SystemIoFailure))
            }
            // disk_full, read_only_sql_transaction, io_error
            Error::Pg(e) => e
                .as_database_error()
                .and_then(|e| e.code())
                .is_some_and(|code| matches!(&*code, "53100" | "25006" | "58030")),
            _ => false,
        }
    }

    /// Tells the log what could not be done. That a database does not answer or a disk refuses is told once, by whoever
    /// watches them; its many consequences are for those who look closely, and fill no log.
    pub fn tell(&self, what: impl std::fmt::Display) {
        match self.is_silent() || self.is_refused_by_disk() {
            true => tracing::debug!(error = %self, "{what}"),
            false => tracing::error!(error = %self, "{what}"),
        }
    }

    /// Whether the database does not answer at all.
    pub fn is_silent(&self) -> bool {
        match self {
            Error::Pg(
                sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed,
            ) => true,
            // Connections that break, too many of them, and a server that stops or starts.
            Error::Pg(e) => e
                .as_database_error()
                .and_then(|e| e.code())
                .is_some_and(|code| code.starts_with("08") || matches!(&*code, "53300" | "57P01" | "57P02" | "57P03")),
            _ => false,
        }
    }

    /// Whether the fault is the host's own, to be logged and not shown.
    pub fn is_internal(&self) -> bool {
        matches!(self, Error::Lite(_) | Error::Pg(_) | Error::Corrupt(_))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::OperationInterrupted) => Error::TooLong,
            _ => Error::Lite(error),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        // query_canceled: the statement's time was up.
        match error.as_database_error().and_then(|e| e.code()).is_some_and(|code| code == "57014") {
            true => Error::TooLong,
            false => Error::Pg(error),
        }
    }
}

impl From<BadId> for Error {
    fn from(bad: BadId) -> Error {
        Error::invalid(bad.to_string())
    }
}
